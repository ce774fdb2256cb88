"""The report: one self-contained page for a director, made from stored results and templates.

write_report([Path("results/zhuozhou-2023")])                 one run, both languages
write_report([first, second], "zh", Path("compare.html"))     several runs side by side
write_report([Path("results/my-sweep")], "en")                an experiment
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Sequence
from hashlib import sha256
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from simrescue.errors import ResultsError
from simrescue.experiment.store.manifest import read_manifest
from simrescue.experiment.store.stored_results import read_results
from simrescue.experiment.store.whole_files import make_folder, write_whole
from simrescue.report.fonts import face
from simrescue.report.pages import batch_page, run_page
from simrescue.report.pictures import pictures, sweep_pictures
from simrescue.report.templating import rendered
from simrescue.wording import bilingual, translated

if TYPE_CHECKING:
    from simrescue.experiment.store.stored_results import Results
    from simrescue.experiment.store.sweep_results import SweepResults
    from simrescue.report.figures import Pair
    from simrescue.wording import Language

Languages = Literal["en", "zh", "both"]
FILE = "report.html"

Article = Callable[["Language"], str]
"""The body of a page in one language."""


def write_report(folders: Sequence[Path], lang: Languages = "both", out: Path | None = None) -> Path:
    """Write the report on one run, several runs, or one experiment; gives the file.

    Without `out` it is `report.html` in the (first) results folder; with one language `report-zh.html` or
    `report-en.html`. Raises ResultsError where a folder holds no results or the file cannot be written.
    """
    title, article = _content(folders)
    name = FILE if lang == "both" else f"report-{lang}.html"
    path = out or folders[0] / name
    make_folder(path.parent)
    write_whole(path, _page(title, article, lang).encode("utf-8"))
    return path


def _content(folders: Sequence[Path]) -> tuple[Pair, Article]:
    sweeps = [folder for folder in folders if read_manifest(folder).get("kind") == "sweep"]
    if sweeps and len(folders) > 1:
        raise ResultsError(
            bilingual("{folder} holds an experiment: a report on an experiment stands alone", folder=sweeps[0])
        )
    if sweeps:
        from simrescue.experiment.store.sweep_results import read_sweep

        return _of_sweep(read_sweep(sweeps[0]))
    found = [read_results(folder) for folder in folders]
    return _of_run(found[0]) if len(found) == 1 else _of_batch(found)


def _of_run(results: Results) -> tuple[Pair, Article]:
    page = run_page(results)
    return bilingual("{title}: does the plan hold?", title=page.title), lambda lang: _article(
        "run.html.j2", lang, page=page, pictures=pictures(results, lang)
    )


def _of_batch(found: Sequence[Results]) -> tuple[Pair, Article]:
    page = batch_page(found)
    limits = list(dict.fromkeys(one for run in page.runs for one in run.limits))
    told_page = {**page._asdict(), "limits": limits}
    return page.title, lambda lang: _article(
        "batch.html.j2", lang, page=told_page, pictures=[pictures(one, lang, side_by_side=True) for one in found]
    )


def _of_sweep(results: SweepResults) -> tuple[Pair, Article]:
    from simrescue.report.sweep_page import sweep_page

    page = sweep_page(results)
    return page.title, lambda lang: _article("sweep.html.j2", lang, page=page, pictures=sweep_pictures(results, lang))


# ---- templates


def _page(title: Pair, article: Article, lang: Languages) -> str:
    languages: list[Language] = ["zh", "en"] if lang == "both" else [lang]
    switches = [(one, translated("English", one)) for one in languages]
    articles = [article(one) for one in languages]
    script = _packaged("switch.js")
    return rendered(
        "simrescue.report", "page.html.j2", languages[0], heading=title, switches=switches, articles=articles,
        style=_packaged("style.css"), face=face("".join([*articles, *title, *(name for _, name in switches)])),
        script=script, script_hash=b64encode(sha256(script.encode()).digest()).decode(),
    )  # fmt: skip


def _article(template: str, lang: Language, **content: Any) -> str:
    return rendered("simrescue.report", template, lang, prefix=f"{lang}-", **content)


def _packaged(name: str) -> str:
    return files("simrescue").joinpath(f"report/templates/{name}").read_text(encoding="utf-8")
