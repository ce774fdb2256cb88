"""How far a clause is from its promise: its value with a band, what is short and where, and what could be promised.

A verdict says in how many replications a clause holds. That share stands still at 0 % while the value moves a long way,
so the value and its distance come first. Values are those of the median replication, bands order statistics of all that
put the clause to the test: "never" (infinite) stays whole, and no two replications are mixed.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from simrescue.experiment.analysis.statistics import fewest_met, quantile_interval
from simrescue.metrics.base import MEASURES, PLAIN, SCALES, Measure, Tally
from simrescue.metrics.reading import BAND, quantile
from simrescue.plans import Clause

if TYPE_CHECKING:
    import pandas as pd

Floats = NDArray[np.float64]
MOST_PLACES = 12
"""Places that are named where something is short."""


class Reached(NamedTuple):
    """What a clause came to in some replications; columns of shape (n,), nan for what is not known."""

    value: Floats
    """In the unit of the measure; nan: nobody was concerned."""
    counted: Floats
    """How many the measure counted, in what it counts (`Measure.counts`)."""
    limit_needed: Floats
    """Least time limit, hours, at which the share asked for would just have been kept; infinite: none."""
    limit_all: Floats
    """Least time limit, hours, at which all would have been in time; infinite: none."""
    replication: Floats
    """Their numbers."""

    @classmethod
    def of(cls, columns: Mapping[str, Any] | pd.DataFrame) -> Self:
        """From the columns of a table of clauses; older results have `value` alone."""
        value = np.asarray(columns["value"], dtype=float)
        gap = np.full(len(value), np.nan)
        return cls(value, *(np.asarray(columns.get(name, gap), float) for name in cls._fields[1:]))

    @classmethod
    def of_values(cls, values: ArrayLike) -> Self:
        """From values alone, shape (n,)."""
        return cls.of({"value": values})

    @property
    def tested(self) -> Self:
        """Those replications in which somebody was concerned."""
        known = ~np.isnan(self.value)
        return type(self)(*(column[known] for column in self))


class HonestPromise(NamedTuple):
    """What could be promised of a clause instead, with its reliability at its confidence; nan: nothing can be said."""

    share: float = math.nan
    """The best value at the clause's limit: the greatest share, or the least of what must not be exceeded; in the unit
    of the measure; nan for a measure that is a time."""
    limit_h: float = math.nan
    """The least time limit, hours, at the clause's share; infinite: none would hold."""
    all_limit_h: float = math.nan
    """The least time limit, hours, at which all are in time; infinite: none would hold."""


class Distance(NamedTuple):
    """How far a clause is from its promise: the middle of the tested replications with a band of 5 to 95 % of them.

    Value, `counted`, `short` and `where` are those of one replication, the middle one by its value, so that they agree.
    """

    value: float = math.nan
    """In the unit of the measure."""
    value_low: float = math.nan
    value_high: float = math.nan
    needed: float = math.nan
    """The clause's threshold, in the unit of the measure."""
    comparison: str = ""
    """How the value must stand to it: at_least, at_most or below."""
    counted: float = math.nan
    """How many are counted; nan: not known."""
    short: float = math.nan
    """What lacks to the promise, or is too much for it, in `short_unit`; 0 where it is kept, nan: not known."""
    short_low: float = math.nan
    short_high: float = math.nan
    short_unit: str = ""
    """What is counted (`metrics.base.Counted`) of a part of a whole, else the unit of the measure."""
    where: tuple[tuple[str, float], ...] = ()
    """Places where most is short in that replication, each with its part of `short`; of a time, each with how many of
    those counted wait too long. Only the first `MOST_PLACES`."""
    promise: HonestPromise = HonestPromise()

    def columns(self) -> dict[str, Any]:
        """As the columns of verdicts.csv."""
        plain = self._asdict()
        promise: HonestPromise = plain.pop("promise")
        return plain | {
            "where": written_places(self.where), "promise_share": promise.share, "promise_limit_h": promise.limit_h,
            "promise_all_limit_h": promise.all_limit_h,
        }  # fmt: skip


def distance_of(clause: Clause, reached: Reached, where: Sequence[tuple[str, float]] = ()) -> Distance:
    """The distance of a clause that is measured in each replication.

    Args:
        clause: with its measure, threshold, reliability and confidence.
        reached: what it came to in each replication.
        where: all places with what is not as it should be there in the median replication (`places_short`).
    """
    measure, tested = MEASURES[clause.measure], reached.tested
    threshold = math.nan if clause.threshold is None else clause.threshold
    short = shortfall(clause, tested.value, tested.counted)
    middle = _middle(clause, tested, short)
    value, counted, lacks = (
        float(one[middle]) if len(one) else math.nan for one in (tested.value, tested.counted, short)
    )
    return Distance(
        value, *_band(tested.value), threshold, clause.comparison, counted,
        lacks, *_band(short), unit_of_shortfall(measure), _parts_of(lacks, where, measure),
        promise_of(clause, tested),
    )  # fmt: skip


def static_distance(clause: Clause, value: float, tally: Tally | None) -> Distance:
    """The distance of a clause that the scenario alone answers: one value, no band and no promise.

    Args:
        clause: with its measure and threshold.
        value: of its measure; nan where there is nothing to measure.
        tally: the part and the whole of it by place, whose `place` are ids; None: it is not told by place.
    """
    threshold = math.nan if clause.threshold is None else clause.threshold
    counted = math.nan if tally is None else float(tally.counted.sum())
    short = float(shortfall(clause, np.array([value]), np.array([counted]))[0])
    lacking = [] if tally is None else zip(tally.place.tolist(), _lacking(clause, tally).tolist(), strict=True)
    return Distance(
        value, math.nan, math.nan, threshold, clause.comparison, counted, short, math.nan, math.nan,
        unit_of_shortfall(MEASURES[clause.measure]), _parts_of(short, list(lacking), MEASURES[clause.measure]),
    )  # fmt: skip


def _middle(clause: Clause, tested: Reached, short: Floats) -> int:
    """The replication in the middle by its value, of equals by what is short: what is told of it goes together.

    Of two in the middle the first, as `quantile` takes it.
    """
    falls = -short if clause.comparison == "at_least" else short  # what is short falls as the value rises
    # The last key counts first: by value, of equals by what is short, then by how many are counted.
    order = np.lexsort((tested.counted, falls, tested.value))
    return int(order[(len(order) - 1) // 2]) if len(order) else 0


def median_replication(clause: Clause, reached: Reached) -> float:
    """The number of the replication that value, `counted`, `short` and `where` of a `Distance` are of; nan: not known.

    Args:
        clause: as of `distance_of`.
        reached: as of `distance_of`.
    """
    tested = reached.tested
    if not len(tested.value):
        return math.nan
    return float(tested.replication[_middle(clause, tested, shortfall(clause, tested.value, tested.counted))])


def _band(values: Floats) -> tuple[float, float]:
    low, high = (quantile(values, q) for q in BAND)
    return low, high


# ---- what is short


def shortfall(clause: Clause, value: Floats, counted: Floats) -> Floats:
    """What lacks to the promise of a clause in each replication, or is too much for it.

    Args:
        clause: with its measure and threshold.
        value: of its measure, in the unit of the measure, shape (n,).
        counted: how many the measure counted, shape (n,); used where it is a part of a whole.

    Returns:
        Of a part of a whole how many of those counted, else in the unit of the measure; 0 where the clause holds,
        infinite for never, nan where the value or the count is not known. Shape (n,).
    """
    measure, threshold = MEASURES[clause.measure], clause.threshold
    if threshold is None:
        return np.full(len(value), np.nan)
    away = threshold - value if clause.comparison == "at_least" else value - threshold
    # What rounding takes breaks no clause, and so is not short either.
    held = np.array([clause.holds(one) for one in value.tolist()], dtype=bool)
    short: Floats = np.where(held, 0.0, np.maximum(away, 0.0))
    return np.where(held, 0.0, short * counted / SCALES[measure.unit]) if measure.is_part else short


def left_out(measure: Measure[Any], comparison: str, value: Floats, counted: Floats) -> Floats:
    """Who is not as a clause asks for in each replication, whether or not it allows for some of them.

    A share can fall while fewer people wait in vain: with open roads two thirds are not cut off any more, and of those
    who still are fewer are reached. What is done for people shows in those who are left out.

    Args:
        measure: of the clause, a part of a whole.
        comparison: of the clause: at_least, at_most or below.
        value: in the unit of the measure, shape (n,); nan: nobody was concerned.
        counted: how many the measure counted, shape (n,).

    Returns:
        How many of those counted, shape (n,); 0 where nobody was concerned, nan where the count is not known.
    """
    part = value / SCALES[measure.unit]
    lacking = 1 - part if comparison == "at_least" else part
    return np.where(np.isnan(value), 0.0, lacking * counted)


def kept_where_untested(clause: Clause, values: Floats, others: Floats) -> Floats:
    """Values of one side of pairs; where nobody was concerned on it alone, the clause counts as kept.

    Args:
        clause: with its comparison and threshold.
        values: of one side, shape (n,); nan: nobody was concerned.
        others: of the other side in the same replications, shape (n,).

    Returns:
        The values; for nan what is needed, or the other value if that is better; nan where both are. Shape (n,).
    """
    needed = math.nan if clause.threshold is None else clause.threshold
    # Just below what must be stayed below.
    needed = np.nextafter(needed, -np.inf) if clause.comparison == "below" else needed
    best = np.fmax(needed, others) if clause.comparison == "at_least" else np.fmin(needed, others)
    kept: Floats = np.where(np.isnan(values) & ~np.isnan(others), best, values)
    return kept


def unit_of_shortfall(measure: Measure[Any]) -> str:
    """What a shortfall is told in: what is counted, or the unit of the measure (of a plain number what is counted)."""
    return measure.counts if measure.is_part or measure.unit in PLAIN else measure.unit


def _lacking(clause: Clause, tally: Tally) -> Floats:
    """By place what is not as the clause asks for: those left out of a share, or what there is of what must not be."""
    measure = MEASURES[clause.measure]
    # Of a time those are counted who waited longer, whichever way the clause is written.
    wanted = clause.comparison == "at_least" or measure.of_cases is not None
    lacking: Floats = tally.counted - tally.kept if wanted else tally.kept
    return lacking


def places_short(clause: Clause, rows: pd.DataFrame, reached: Reached, ids: Sequence[str]) -> list[tuple[str, float]]:
    """The places that are short in the replication that a clause's value is told of.

    Args:
        clause: whose rows they are.
        rows: of the table of shortfalls, those of the clause: `replication`, `place`, `counted`, `kept`.
        reached: what the clause came to.
        ids: of all things, by index.

    Returns:
        Pairs of id and number, of places where it is above 0; what lies at no place is left out.
    """
    rows = rows[rows["replication"] == median_replication(clause, reached)]
    place, counted, kept = (rows[name].to_numpy(dtype=float) for name in ("place", "counted", "kept"))
    lacking = _lacking(clause, Tally(place, counted, kept)).tolist()
    return [
        (ids[int(thing)], number) for thing, number in zip(place.tolist(), lacking, strict=True)
        if thing >= 0 and number > 0
    ]  # fmt: skip


def _parts_of(short: float, where: Sequence[tuple[str, float]], measure: Measure[Any]) -> tuple[tuple[str, float], ...]:
    """The places with the largest numbers, the largest first, then by name, each with its part of what is short.

    Of a time the numbers stay as they are: hours are not divided among places.
    """
    if not short > 0:
        return ()
    whole = sum(number for _, number in where)
    # A clause may allow for some: what is short is less than all who are left out, and each place has its part of it.
    part = 1.0 if measure.unit == "h" or not math.isfinite(short) or not whole > 0 else short / whole
    some = [(str(place), number * part) for place, number in where if place and number > 0]
    return tuple(sorted(some, key=lambda pair: (-pair[1], pair[0]))[:MOST_PLACES])


def written_places(where: Sequence[tuple[str, float]]) -> str:
    """Places with their numbers (`where` of a `Distance`) as a cell of verdicts.csv: "id 120; id 80.5"."""
    # A semicolon in a name would be read as two places (`read_places`).
    return "; ".join(f"{place.replace(';', ',')} {number:.6g}" for place, number in where)


def read_places(cell: object) -> list[tuple[str, float]]:
    """What `written_places` wrote; empty for an empty cell and for no text."""
    if not isinstance(cell, str) or not cell:
        return []
    pairs = (part.rpartition(" ") for part in cell.split("; "))
    return [(place, float(number)) for place, _, number in pairs]


# ---- what could be promised


def promise_of(clause: Clause, reached: Reached) -> HonestPromise:
    """The promise that this run would call "met": the best one with which the verdict on the clause would be that word.

    Args:
        clause: with its measure, comparison, reliability and confidence.
        reached: what it came to in the replications that tested it.
    """
    at_least, sure = clause.comparison == "at_least", (clause.reliability, clause.confidence)
    value = surely_kept(reached.value, *sure, upper=not at_least)
    all_limit_h = surely_kept(reached.limit_all, *sure, upper=True)
    if MEASURES[clause.measure].unit == "h":
        return HonestPromise(limit_h=value, all_limit_h=all_limit_h)
    limit_h = surely_kept(reached.limit_needed, *sure, upper=True) if at_least else math.nan
    return HonestPromise(value, limit_h, all_limit_h)


def surely_kept(values: ArrayLike, reliability: float, confidence: float, *, upper: bool) -> float:
    """The bound that a verdict would call kept: the outer end of the anytime interval of the quantile behind it.

    At least the reliability of all values that could come up lie at or above it (`upper`: at or below), whenever one
    looks (`statistics.quantile_interval`; Howard and Ramdas 2022). The interval is that of the verdicts, so that a
    threshold is called "met" exactly where the bound reaches it, and no promise contradicts the word beside it.

    Args:
        values: shape (n,), in any order; infinite ones stay whole.
        reliability: share of all values, above 0 and below 1.
        confidence: above 0 and below 1.
        upper: whether it bounds from above.

    Returns:
        One of the values; nan where there are fewer than `statistics.fewest_met`, or one is not known.
    """
    data = np.asarray(values, dtype=float)
    if np.isnan(data).any() or not 0 < reliability < 1 or len(data) < fewest_met(reliability, confidence):
        return math.nan
    if upper:
        return quantile_interval(data, reliability, confidence).high
    return quantile_interval(data, 1 - reliability, confidence).low
