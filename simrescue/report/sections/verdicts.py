"""The verdicts of a run as a report tells them: clause by clause with a plain sentence, and the answer over all."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from simrescue.experiment.analysis.death_curves import clause_by_curves
from simrescue.experiment.analysis.verdict_words import (
    chance_text,
    place_names,
    plain_value,
    promise_text,
    short_text,
    value_and_need,
    value_text,
)
from simrescue.plans import Verdict, by_nature, moving_numbers, second_clock, sentence, with_nature
from simrescue.report.figures import NOTHING, Pair, between, pair, sentences, share
from simrescue.wording import bilingual, bilingual_counted

if TYPE_CHECKING:
    from simrescue.experiment.store.stored_results import Results

WORST_FIRST = ("not met", "undecided", "met", "not measured")
EMPTY: Pair = ("", "")
VERDICTS = {
    "not met": bilingual("not met"), "undecided": bilingual("undecided"), "met": bilingual("met"),
    "not measured": bilingual("not measured"),
}  # fmt: skip


class Judged(NamedTuple):
    """One clause of one run."""

    key: str
    """`plan/clause`."""
    title: Pair
    """With its nature, where the document says one."""
    kind: str
    """obligation or comparison."""
    nature: str
    """binding, indicative or empty."""
    verdict: str
    sentence: Pair
    held: float
    """Share of the replications in which it holds; nan where none tested it."""
    estimate: Pair
    interval: Pair
    value: Pair
    """What was measured and what is needed; empty for results of earlier versions."""
    short: Pair
    """What is short, and where."""
    chance: Pair
    """The chance that it holds, with its interval; that there is none in it, where the scenario alone answers it."""
    promise: Pair
    """What could be promised with these forces."""
    drawn: Pair
    """The chance with unverified numbers drawn; empty without such a run."""


def judged(results: Results) -> list[Judged]:
    """All clauses of a run in the order of its verdicts. Raises ResultsError where the run has none."""
    drawn = {_key(row): row for row in results.drawn_verdicts.to_dict("records")}
    moving, names = results.assumptions.to_dict("records"), place_names(results.things)
    return [
        _judged(row, drawn.get(_key(row)), moving, clause_by_curves(results, row), names)
        for row in results.verdicts.to_dict("records")
    ]


def _key(row: dict[Any, Any]) -> str:
    return f"{row['plan']}/{row['clause']}"


def _judged(
    row: dict[Any, Any], drawn: dict[Any, Any] | None, moving: Sequence[dict[Any, Any]], by_curves: Pair,
    names: Mapping[str, tuple[str, str]],
) -> Judged:  # fmt: skip
    verdict, nature = _verdict(row), row.get("nature", "")
    measured = verdict.verdict != "not measured"
    return Judged(
        _key(row), with_nature(pair(row["title"], row["title_zh"]), nature), row["kind"], nature, row["verdict"],
        sentences(sentence(verdict), by_curves, second_clock(row), _at_best(row), _as_drawn(drawn, moving)),
        verdict.estimate if measured else math.nan, _estimate(row, verdict) if measured else EMPTY,
        between(share(verdict.low), share(verdict.high)) if verdict.n and not verdict.static else EMPTY,
        _value(row), short_text(row, names), _chance(row, verdict), promise_text(row),
        chance_text(drawn) if drawn else EMPTY,
    )  # fmt: skip


def _value(row: dict[Any, Any]) -> Pair:
    """Value with its band, and what is needed; without a value the reason why, or nothing in older results."""
    if value_text(row).en:
        return value_and_need(row)
    return pair(row["reason"], row["reason_zh"]) if row["reason"] else EMPTY


def _chance(row: Mapping[str, Any], verdict: Verdict) -> Pair:
    if verdict.static:
        return bilingual("certain: the scenario alone answers it")
    return chance_text(row)


def _estimate(row: Mapping[str, Any], verdict: Verdict) -> Pair:
    """The chance that a clause holds; of one that is answered from the scenario alone its value."""
    if not verdict.static:
        return share(verdict.estimate)
    return NOTHING if np.isnan(verdict.estimate) else plain_value({**row, "value": verdict.estimate})


def _at_best(row: dict[Any, Any]) -> Pair:
    """The best that any dispatch could have done, where the run has that bound."""
    best = row.get("best", float("nan"))
    if np.isnan(best):
        return EMPTY
    return bilingual("With the best dispatch of the same forces it could hold in {share} at most.", share=share(best))


def _as_drawn(row: dict[Any, Any] | None, moving: Sequence[dict[Any, Any]]) -> Pair:
    """The second verdict, with unverified numbers drawn, and the assumptions that move it; empty without one."""
    if row is None or not row["replications"]:
        return EMPTY
    told = bilingual(
        "With every unverified number drawn from its range it is {verdict}: it holds in {share}.",
        verdict=VERDICTS[row["verdict"]], share=share(row["estimate"]),
    )  # fmt: skip
    names = moving_numbers(moving, _key(row))
    if not names.en:
        return told
    turned = bilingual("Its value moves with {names}.", names=names)
    return sentences(told, turned)


def _verdict(row: dict[Any, Any]) -> Verdict:
    static = row["verdict"] != "not measured" and bool(np.isnan(row["low"])) and bool(row["reason"])
    return Verdict(
        row["verdict"], row["estimate"], row["low"], row["high"], _count(row["replications"]), row["required"],
        row.get("confidence", np.nan), _count(row.get("untested", 0)), static, row["reason"], row["reason_zh"],
    )  # fmt: skip


def _count(number: float) -> int:
    return 0 if np.isnan(number) else int(number)


def duties(clauses: Sequence[Judged]) -> list[Judged]:
    """The obligations that were measured, worst verdict first, then the one that holds least often."""
    measured = [one for one in clauses if one.kind == "obligation" and one.verdict != "not measured"]
    return sorted(measured, key=lambda one: worst_first(one.verdict, one.held))


def worst_first(verdict: str, held: float) -> tuple[int, float]:
    """Sorts clauses by verdict, then by the share of replications in which they hold (`held`; nan last)."""
    return WORST_FIRST.index(verdict), math.inf if math.isnan(held) else held


def overall(clauses: Sequence[Judged]) -> str:
    """The verdict on the plan: the worst of its measured obligations; `not measured` where there is none."""
    measured = duties(clauses)
    return measured[0].verdict if measured else "not measured"


def answer(clauses: Sequence[Judged]) -> Pair:
    """Whether the plan holds, in one sentence; in a second one how many of its obligations were not measured."""
    measured = duties(clauses)
    left_out = sum(one.kind == "obligation" and one.verdict == "not measured" for one in clauses)
    more = bilingual("Not measured: {count} more.", count=left_out) if left_out else EMPTY
    return sentences(_holds(overall(clauses), measured), by_nature((one.nature, one.verdict) for one in measured), more)


def _holds(verdict: str, measured: Sequence[Judged]) -> Pair:
    """The worst verdict in words, with how many obligations have it."""
    same_verdict = sum(one.verdict == verdict for one in measured)
    if verdict == "met":
        return bilingual_counted(
            "Yes. The one promise of the plan that can be measured here is kept.",
            "Yes. All {number} promises of the plan that can be measured here are kept.",
            len(measured),
        )
    if verdict == "not met":
        return bilingual_counted(
            "No. The one promise of the plan that can be measured here is not kept.",
            "No. Of the {number} promises of the plan that can be measured here, not kept: {broken}.",
            len(measured), broken=same_verdict,
        )  # fmt: skip
    if verdict == "undecided":
        return bilingual_counted(
            "Not sure yet. The one promise of the plan that can be measured here is undecided. Run more replications.",
            "Not sure yet. Of the {number} promises of the plan that can be measured here none is broken for sure; "
            "undecided: {open}. Run more replications.",
            len(measured), open=same_verdict,
        )  # fmt: skip
    return bilingual("It cannot be said: no promise of the plan could be measured here.")
