"""What the local pages say: the list, one run, two runs side by side. Templates escape all of the store."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from simrescue.errors import ResultsError
from simrescue.experiment.store.stored_results import read_results
from simrescue.report.local.shelf import VERDICTS, Stored
from simrescue.report.templating import rendered
from simrescue.wording import LANGUAGES, Language, bilingual, translated

if TYPE_CHECKING:
    from simrescue.experiment.store.stored_results import Results

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
MEASURES = {
    "affected": bilingual("people affected"),
    "moved_before_impact": bilingual("moved before impact"),
    "trapped": bilingual("trapped"),
    "rescued": bilingual("people rescued"),
    "died": bilingual("people who died"),
    "share_relieved_10h": bilingual("relieved within 10 h"),
    "relief_p95_h": bilingual("relief of 95 %, hours"),
    "late_person_h": bilingual("late person-hours"),
    "burned_ha": bilingual("burned, ha"),
}
"""Metrics set side by side, where a run has them."""
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
    rows = _verdicts(results)
    return _page("run.html.j2", lang, run=run, rows=rows, numbers=_numbers(results))


def compare_page(first: Stored, second: Stored, lang: Language) -> str:
    """Two runs: the verdict of each clause and the medians of the main measures beside each other."""
    pair = [read_results(run.path) for run in (first, second)]
    verdicts = [{(row["plan"], row["clause"]): row for row in _verdicts(results)} for results in pair]
    keys = list(dict.fromkeys([*verdicts[0], *verdicts[1]]))
    rows = [(verdicts[0].get(key) or verdicts[1][key], verdicts[0].get(key), verdicts[1].get(key)) for key in keys]
    numbers = [_numbers(results) for results in pair]
    return _page("compare.html.j2", lang, runs=(first, second), rows=rows, numbers=numbers)


def problem_page(text: str, lang: Language) -> str:
    """Why something cannot be shown."""
    return _page("problem.html.j2", lang, problem=text)


def _verdicts(results: Results) -> list[Mapping[str, Any]]:
    try:
        rows = results.verdicts.to_dict("records")
    except ResultsError:
        return []
    return [{str(name): value for name, value in row.items()} for row in rows]


def _numbers(results: Results) -> dict[str, float]:
    """Medians over the replications; infinite where more than half never came to it."""
    table = results.replications
    return {name: float(table[name].median()) for name in MEASURES if name in table and table[name].notna().any()}


# ---- templates


def _page(template: str, lang: Language, **content: Any) -> str:
    other = next(one for one in LANGUAGES if one != lang)
    return rendered(
        "simrescue.report.local", template, lang, other=other, other_name=translated("English", other), number=_number,
        estimate=_estimate, required=_required, marks=MARKS, verdicts=VERDICTS, measures=MEASURES, kinds=KINDS,
        filters=FILTERS, **content,
    )  # fmt: skip


def _estimate(row: Mapping[str, Any]) -> str:
    """Share of the replications in which a clause held, with its interval; without one, what was found on paper."""
    if row["low"] != row["low"]:
        return _number(row["estimate"])
    return f"{_number(row['estimate'], 'share')} ({row['low'] * 100:.0f}–{row['high'] * 100:.0f} %)"


def _required(row: Mapping[str, Any]) -> str:
    return _number(row["required"], "share" if row["low"] == row["low"] else "")


def _number(value: float | None, measure: str = "") -> str:
    if value is None or value != value:
        return ""
    if value == float("inf"):
        return "∞"
    if measure.startswith("share"):
        return f"{value * 100:.0f} %"
    return f"{value:,.1f}" if abs(value) < 10 and value != round(value) else f"{value:,.0f}"
