"""The verdicts of a run as a report tells them: clause by clause with a plain sentence, and the answer over all."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from simrescue.plans import Verdict, second_clock, sentence, sentence_zh
from simrescue.report.figures import Pair, pair, share
from simrescue.report.words import told

if TYPE_CHECKING:
    from simrescue.experiment.store.stored_results import Results

WORST_FIRST = ("not met", "undecided", "met", "not measured")


class Judged(NamedTuple):
    """One clause of one run."""

    key: str
    """`plan/clause`."""
    title: Pair
    kind: str
    """obligation or comparison."""
    verdict: str
    sentence: Pair
    estimate: Pair
    interval: Pair
    required: Pair


def judged(results: Results) -> list[Judged]:
    """All clauses of a run in the order of its verdicts. Raises ResultsError where the run has none."""
    return [_judged(row) for row in results.verdicts.to_dict("records")]


def _judged(row: dict[Any, Any]) -> Judged:
    verdict = _verdict(row)
    write = _plain if verdict.static else share
    measured = verdict.verdict != "not measured"
    low, high = share(verdict.low), share(verdict.high)
    between = (f"{low[0]} to {high[0]}", f"{low[1]}至{high[1]}") if verdict.n and not verdict.static else ("", "")
    return Judged(
        f"{row['plan']}/{row['clause']}", pair(row["title"], row["title_zh"]), row["kind"], row["verdict"],
        _with_best(_with_second((sentence(verdict), sentence_zh(verdict)), row), row),
        write(verdict.estimate) if measured else ("", ""),
        between,
        write(verdict.required) if measured else ("", ""),
    )  # fmt: skip


def _plain(value: float) -> Pair:
    """The value of a clause that is answered from the scenario alone."""
    return ("-", "-") if np.isnan(value) else (f"{value:.3g}", f"{value:.3g}")


def _with_second(sentences: Pair, row: dict[Any, Any]) -> Pair:
    """A verdict with its reading by the second clock, where it has one."""
    second = second_clock(row)
    return _joined(sentences, second) if second[0] else sentences


def _with_best(sentences: Pair, row: dict[Any, Any]) -> Pair:
    """A verdict with the best that any dispatch could have done, where the run has that bound."""
    best = row.get("best", float("nan"))
    return sentences if np.isnan(best) else _joined(sentences, told("best", share(best)))


def _verdict(row: dict[Any, Any]) -> Verdict:
    static = row["verdict"] != "not measured" and bool(np.isnan(row["low"])) and bool(row["reason"])
    return Verdict(
        row["verdict"], row["estimate"], row["low"], row["high"], _count(row["replications"]), row["required"],
        row.get("confidence", np.nan), _count(row.get("untested", 0)), static, row["reason"], row["reason_zh"],
    )  # fmt: skip


def _count(number: float) -> int:
    return 0 if np.isnan(number) else int(number)


def duties(clauses: Sequence[Judged]) -> list[Judged]:
    """The obligations that were measured, worst verdict first."""
    mine = [one for one in clauses if one.kind == "obligation" and one.verdict != "not measured"]
    return sorted(mine, key=lambda one: WORST_FIRST.index(one.verdict))


def overall(clauses: Sequence[Judged]) -> str:
    """The verdict on the plan: the worst of its measured obligations; `not measured` where there is none."""
    mine = duties(clauses)
    return mine[0].verdict if mine else "not measured"


def answer(clauses: Sequence[Judged]) -> Pair:
    """Whether the plan holds, in one sentence."""
    mine = duties(clauses)
    counts = {word: sum(one.verdict == word for one in mine) for word in WORST_FIRST}
    open_ = sum(one.kind == "obligation" and one.verdict == "not measured" for one in clauses)
    word = overall(clauses)
    first = told(f"answer {word}", len(mine), counts[word])
    return _joined(first, told("answer open", open_)) if open_ else first


def _joined(first: Pair, second: Pair) -> Pair:
    return f"{first[0]} {second[0]}", first[1] + second[1]
