"""What the local pages say: the list, one run, two runs side by side. Templates escape all of the store."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from simrescue.errors import ResultsError
from simrescue.experiment.analysis.verdict_words import (
    band_text,
    chance_text,
    needed_text,
    place_names,
    promise_text,
    short_text,
    value_text,
)
from simrescue.experiment.store.stored_results import read_results
from simrescue.report.figures import Pair, pair, same
from simrescue.report.local.shelf import VERDICTS, Stored
from simrescue.report.sections.numbers import key_numbers
from simrescue.report.templating import rendered
from simrescue.wording import LANGUAGES, Language, bilingual, translated

if TYPE_CHECKING:
    from simrescue.experiment.store.stored_results import Results

_T = TypeVar("_T")


class ToldClause(NamedTuple):
    """One clause of one run, as a row of a page."""

    key: str
    """`plan/clause`."""
    title: Pair
    kind: str
    verdict: str
    value: Pair
    band: Pair
    needed: Pair
    short: Pair
    chance: Pair
    promise: Pair
    """What could be promised instead; empty where it is met."""


FILTERS = {
    "all": bilingual("all"),
    "any_not_met": bilingual("some not met"),
    "any_undecided": bilingual("some undecided"),
    "all_met": bilingual("all met"),
    "cut_short": bilingual("cut short"),
    "damaged": bilingual("damaged"),
}
"""Which runs are listed, by what stands in the address."""
KINDS = {"obligation": bilingual("obligation"), "comparison": bilingual("comparison")}
MARKS = {"met": "✓", "not met": "✗", "undecided": "?", "not measured": "–"}
"""Beside the word, so that no colour is needed to read a verdict."""


def list_page(runs: Sequence[Stored], lang: Language, text: str, wanted: str) -> str:
    """All stored runs whose name or title has the text and that pass the filter."""
    shown = [run for run in runs if _has(run, text) and _passes(run, wanted)]
    good = [run.name for run in runs if run.kind == "run"]
    return _page("list.html.j2", lang, runs=shown, good=good, text=text, wanted=wanted)


def _has(run: Stored, text: str) -> bool:
    return text.lower() in "\n".join([run.name, *run.title]).lower()


def _passes(run: Stored, wanted: str) -> bool:
    met, not_met, undecided, _ = run.verdicts
    return {
        "any_not_met": not_met > 0,
        "any_undecided": undecided > 0,
        "all_met": met > 0 and not not_met and not undecided,
        "cut_short": run.cut_short,
        "damaged": run.kind == "damaged" or bool(run.fault),
    }.get(wanted, True)


def run_page(run: Stored, lang: Language) -> str:
    """One run: its verdicts, and ways to its report and replay."""
    results = read_results(run.path)
    return _page("run.html.j2", lang, run=run, rows=_verdicts(results), numbers=key_numbers(results))


def compare_page(first: Stored, second: Stored, lang: Language) -> str:
    """Two runs: the verdict of each clause and the medians of the key numbers beside each other."""
    both = [read_results(run.path) for run in (first, second)]
    verdicts = [{one.key: one for one in _verdicts(results)} for results in both]
    numbers = [{one.metric: one for one in key_numbers(results)} for results in both]
    return _page(
        "compare.html.j2", lang, runs=(first, second), rows=_side_by_side(*verdicts), numbers=_side_by_side(*numbers)
    )


def _side_by_side(one: Mapping[str, _T], other: Mapping[str, _T]) -> list[tuple[_T, _T | None, _T | None]]:
    """For each key what it is, in either, and what each has there."""
    return [(one.get(key) or other[key], one.get(key), other.get(key)) for key in dict.fromkeys([*one, *other])]


def problem_page(text: str, lang: Language) -> str:
    """Why something cannot be shown."""
    return _page("problem.html.j2", lang, problem=text)


def _verdicts(results: Results) -> list[ToldClause]:
    """The verdicts of a run; none of one that was cut short before them."""
    try:
        rows = results.verdicts.to_dict("records")
    except ResultsError:
        if results.manifest.get("complete"):
            raise
        return []
    names = place_names(results.things)
    return [
        ToldClause(
            f"{row['plan']}/{row['clause']}", pair(row["title"], row["title_zh"]), row["kind"], row["verdict"],
            value_text(row), band_text(row), needed_text(row), short_text(row, names), chance_text(row),
            promise_text(row) if row["verdict"] != "met" else same(""),
        )
        for row in rows
    ]  # fmt: skip


# ---- templates


def _page(template: str, lang: Language, **content: Any) -> str:
    other = next(one for one in LANGUAGES if one != lang)
    return rendered(
        "simrescue.report.local", template, lang, other=other, other_name=translated("English", other), marks=MARKS,
        verdicts=VERDICTS, kinds=KINDS, filters=FILTERS, **content,
    )  # fmt: skip
