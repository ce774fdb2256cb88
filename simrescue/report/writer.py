"""The report: one self-contained page for a director, made from stored results and templates.

write_report([Path("results/zhuozhou-2023")])                 one run, both languages
write_report([first, second], "zh", Path("compare.html"))     several runs side by side
write_report([Path("results/my-sweep")], "en")                an experiment
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Callable, Sequence
from hashlib import sha256
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from simrescue.errors import ResultsError
from simrescue.experiment.store.csv_cells import as_csv
from simrescue.experiment.store.manifest import read_manifest
from simrescue.experiment.store.stored_results import read_results
from simrescue.experiment.store.whole_files import make_folder, write_whole
from simrescue.report.fonts import face
from simrescue.report.pages import batch_page, run_page
from simrescue.report.pictures import map_pictures, pictures, sweep_pictures
from simrescue.report.sections.action_list import force_rows, village_rows
from simrescue.report.templating import rendered
from simrescue.wording import bilingual, translated

if TYPE_CHECKING:
    from simrescue.experiment.store.stored_results import Results
    from simrescue.experiment.store.sweep_results import SweepResults
    from simrescue.report.figures import Pair
    from simrescue.report.sections.action_list import ActionList
    from simrescue.wording import Language

Languages = Literal["en", "zh", "both"]
FILE = "report.html"

Article = Callable[["Language"], str]
"""The body of a page in one language."""
MOST_DUTIES = 4
"""Obligations on page one, the worst first."""
_PER_CENT, UNBROKEN = re.compile(r"(?<=[0-9]) (?=%)"), "\N{NO-BREAK SPACE}"
"""Where a line must not end: between a number and its per cent."""
MOST_SURE = 3
"""Sentences on how sure the answer is on page one, beside its chance."""
MOST_PLACES, MOST_PLACE_LINES, MOST_FORCES, MOST_FORCE_LINES = 5, 3, 4, 2
"""Villages and forces on the page of actions, and lines of each: what fits a page; the whole list stands behind it."""


class Content(NamedTuple):
    """What a report tells."""

    title: Pair
    article: Article
    actions: ActionList | None = None


def write_report(folders: Sequence[Path], lang: Languages = "both", out: Path | None = None) -> Path:
    """Write the report on one run, several runs, or one experiment; gives the file.

    Beside the report on a run with event logs lie its action lists as tables, one by village and one by force.

    Without `out` it is `report.html` in the (first) results folder; with one language `report-zh.html` or
    `report-en.html`. Raises ResultsError where a folder holds no results or the file cannot be written.
    """
    path = out or folders[0] / (FILE if lang == "both" else f"report-{lang}.html")
    content = content_of(folders, path.stem)
    make_folder(path.parent)
    write_whole(path, _page(content, lang).encode("utf-8"))
    if content.actions:
        _write_tables(content.actions, path, languages_of(lang))
    return path


def write_word(folder: Path, lang: Language, page: Path) -> Path:
    """Write the pages of the report on one run as a Word file beside its page; gives the file.

    Args:
        folder: the results of one run.
        lang: language of the file.
        page: the report as HTML, beside which the file lies.

    Raises:
        ResultsError: where python-docx is missing, or the folder holds an experiment.
    """
    from simrescue.report.word import word_file

    results = read_results(folder)
    target = page.with_suffix(".docx")
    article = _of_run(results, page.stem).article(lang)
    write_whole(target, word_file(article, map_pictures(results, lang)))
    return target


def languages_of(lang: Languages) -> list[Language]:
    """The languages of a page, in the order of its articles."""
    return ["zh", "en"] if lang == "both" else [lang]


def table_names(stem: str, lang: Language) -> tuple[str, str]:
    """Names of the tables beside a report: actions by village and by force."""
    stem = stem.removesuffix(f"-{lang}")
    return f"{stem}-villages-{lang}.csv", f"{stem}-forces-{lang}.csv"


def _write_tables(actions: ActionList, path: Path, languages: Sequence[Language]) -> None:
    for lang in languages:
        for name, rows in zip(
            table_names(path.stem, lang), (village_rows(actions, lang), force_rows(actions, lang)), strict=True
        ):
            heading, *lines = rows
            cells = (dict(zip(heading, line, strict=True)) for line in lines)
            write_whole(path.with_name(name), as_csv(tuple(heading), cells))


def content_of(folders: Sequence[Path], stem: str) -> Content:
    """What a report tells: the title, and the body in any language.

    Args:
        folders: of runs, or of one experiment.
        stem: name of the file without its ending, by which the page names the tables beside it.

    Raises:
        ResultsError: where a folder holds no results, or an experiment stands beside others.
    """
    sweeps = [folder for folder in folders if read_manifest(folder).get("kind") == "sweep"]
    if sweeps and len(folders) > 1:
        raise ResultsError(
            bilingual("{folder} holds an experiment: a report on an experiment stands alone", folder=sweeps[0])
        )
    if sweeps:
        from simrescue.experiment.store.sweep_results import read_sweep

        return _of_sweep(read_sweep(sweeps[0]))
    found = [read_results(folder) for folder in folders]
    return _of_run(found[0], stem) if len(found) == 1 else _of_batch(found)


def _of_run(results: Results, stem: str) -> Content:
    page = run_page(results)
    title = bilingual("{title}: does the plan hold?", title=page.title)

    def article(lang: Language) -> str:
        return _article(
            "run.html.j2", lang, page=page, pictures=pictures(results, lang), tables=table_names(stem, lang),
            most_places=MOST_PLACES, most_place_lines=MOST_PLACE_LINES, most_forces=MOST_FORCES,
            most_force_lines=MOST_FORCE_LINES, most_sure=MOST_SURE, most_duties=MOST_DUTIES,
        )  # fmt: skip

    return Content(title, article, page.actions)


def _of_batch(found: Sequence[Results]) -> Content:
    page = batch_page(found)
    limits = list(dict.fromkeys(one for run in page.runs for one in run.limits))
    told_page = {**page._asdict(), "limits": limits}
    return Content(page.title, lambda lang: _article(
        "batch.html.j2", lang, page=told_page, pictures=[pictures(one, lang, side_by_side=True) for one in found]
    ))  # fmt: skip


def _of_sweep(results: SweepResults) -> Content:
    from simrescue.report.sweep_page import sweep_page

    page = sweep_page(results)
    return Content(
        page.title, lambda lang: _article("sweep.html.j2", lang, page=page, pictures=sweep_pictures(results, lang))
    )


# ---- templates


def _page(content: Content, lang: Languages) -> str:
    languages = languages_of(lang)
    return page_around(content.title, [content.article(one) for one in languages], languages)


def page_around(title: Pair, articles: Sequence[str], languages: Sequence[Language]) -> str:
    """A whole page that opens anywhere, from its articles.

    Args:
        title: of the window.
        articles: one in each language, as HTML that is safe.
        languages: of the articles.
    """
    switches = [(one, translated("English", one)) for one in languages]
    script, unfold = _packaged("switch.js"), [(one, translated("Unfold everything", one)) for one in languages]
    texts = [text for _, text in (*switches, *unfold)]
    return rendered(
        "simrescue.report", "page.html.j2", languages[0], heading=title, switches=switches, articles=articles,
        style=_packaged("style.css"), face=face("".join([*articles, *title, *texts])),
        script=script, unfold=unfold if "<details" in articles[0] else [],
        script_hash=b64encode(sha256(script.encode()).digest()).decode(),
    )  # fmt: skip


def _article(template: str, lang: Language, **content: Any) -> str:
    page = rendered("simrescue.report", template, lang, prefix=f"{lang}-", **content)
    return _PER_CENT.sub(UNBROKEN, page)


def _packaged(name: str) -> str:
    return files("simrescue").joinpath(f"report/templates/{name}").read_text(encoding="utf-8")
