"""Comparisons: what a change does to each clause's value and chance and to each number, pair by pair, in plain words.

A side is one way of doing things with its replications: a results folder, a point of a sweep, or a scenario that is run
for the comparison. The first side is the base; every other is compared with it. All statements of one comparison hold
together with the stated confidence, values, chances and numbers each as a family of their own: see `paired`.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from simrescue.errors import ResultsError, nearest
from simrescue.experiment.analysis.death_curves import span_of_deaths
from simrescue.experiment.analysis.paired import (
    Difference,
    clause_difference,
    holm,
    number_difference,
    of_parts,
    together,
)
from simrescue.experiment.analysis.ranking import Selection, select
from simrescue.experiment.studies.arms import Arm
from simrescue.metrics import MEASURES
from simrescue.units import NO_UNIT
from simrescue.wording import Words, bilingual, listed
from simrescue.wording.unit_words import unit_words

COMPARED_METRICS = ("affected", "trapped", "rescued", "deaths", "share_relieved_10h", "relief_p95_h", "late_person_h")
"""Numbers compared where none are named."""
Of = Literal["value", "left", "chance", "number"]
"""What of a clause is compared (its value, who is left out, its chance), or that it is a number."""
MOST_TOLD = 8
"""Names told where one is unknown."""


def told_as_share(of: Of, unit: str, what: str) -> bool:
    """Whether a value, chance or number is told in per cent.

    Args:
        of: what it is.
        unit: of a value: that of its measure.
        what: of a number: its name.
    """
    return of == "chance" or unit == "share" or (of == "number" and what.startswith("share_"))


def is_part(of: Of, measure: str, what: str) -> bool:
    """Whether a value, chance or number is a part of a whole, 0..1. A loss against a year's GDP may be more.

    Args:
        of: what it is.
        measure: of a value: name of its measure.
        what: of a number: its name.
    """
    if of == "value":
        return measure in MEASURES and MEASURES[measure].unit == "share" and not MEASURES[measure].against
    return of == "chance" or (of == "number" and what.startswith("share_"))


class Comparison(NamedTuple):
    """The value or the chance of a clause, or a number, of one side against the base."""

    what: str
    """plan/clause, or name of the metric."""
    of: Of
    """The value of the clause, how many are left out, the share of replications in which it holds, or the number."""
    base: str
    changed: str
    base_value: float
    """Share of the pairs in which it held, or mean of the value or number; nan for a mean that is infinite."""
    changed_value: float
    difference: Difference
    p: float
    """Adjusted for all comparisons of its family."""
    confidence: float
    unit: str = ""
    """Of a value: that of its measure; empty where that is not known here."""

    @property
    def is_share(self) -> bool:
        """Whether it is told in per cent."""
        return told_as_share(self.of, self.unit, self.what)

    @property
    def word(self) -> str:
        """higher, lower, or no clear difference."""
        if self.p > 1 - self.confidence:
            return "no clear difference"
        ahead = self.difference.interval.estimate or self.difference.better - self.difference.worse
        return "higher" if ahead > 0 else "lower"


def compare(
    arms: Sequence[Arm],
    clauses: Sequence[str] = (),
    metrics: Sequence[str] = COMPARED_METRICS,
    confidence: float = 0.95,
) -> list[Comparison]:
    """All sides against the first one: values of the clauses, who is left out, how often each holds, then the numbers.

    Args:
        arms: the sides, the base first.
        clauses: `plan/clause` or `clause`; empty: the obligations that all have, failing any all clauses that all have.
        metrics: names of numbers.
        confidence: of the intervals, and for calling a difference real after Holm's adjustment, 0.5..1.

    Raises:
        ResultsError: for fewer than two sides, for a clause or metric that a side does not have, and where two sides
            have no replication in common.
    """
    if len(arms) < 2:
        raise ResultsError(bilingual("a comparison needs two sides"))
    base = arms[0]
    shared = [key for key in base.holds if all(key in arm.holds for arm in arms)]
    duties = [key for key in shared if key in base.obligations]
    wanted = [_full_name(base, clause) for clause in clauses] or duties or shared
    rows = []
    of_people = [key for key in wanted if all(key in arm.left for arm in arms)]
    families: list[tuple[list[str], Of]] = [
        (wanted, "value"), (of_people, "left"), (wanted, "chance"), (list(metrics), "number"),
    ]  # fmt: skip
    for chosen, of in families:
        pairs = [(what, arm) for what in chosen for arm in arms[1:]]
        level = together(confidence, len(pairs))
        found = [_one(base, arm, what, of, level) for what, arm in pairs]
        adjusted = holm([row.difference.p for row in found])
        rows += [row._replace(p=p, confidence=confidence) for row, p in zip(found, adjusted, strict=True)]
    return rows


def _one(base: Arm, arm: Arm, what: str, of: Of, level: float) -> Comparison:
    unit = ""
    if of == "number":
        after, before = _pairs(arm.label, arm.numbers, base.numbers, what)
    elif of == "left":
        after, before = _pairs(arm.label, arm.left, base.left, what)
        unit = MEASURES[base.measures[what]].counts
    else:
        after, before = _pairs(arm.label, arm.clauses, base.clauses, what)
        tested = ~(np.isnan(after) | np.isnan(before))
        unit = MEASURES[base.measures[what]].unit if base.measures.get(what) in MEASURES else ""
        if of == "chance":
            after, before = _pairs(arm.label, arm.holds, base.holds, what)
        after, before = after[tested], before[tested]
    difference = (clause_difference if of == "chance" else number_difference)(after, before, level)
    if is_part(of, base.measures.get(what, ""), what):
        difference = of_parts(difference)
    return Comparison(what, of, base.label, arm.label, _mean(before), _mean(after), difference, 1.0, level, unit)


def _mean(values: NDArray[np.float64]) -> float:
    known = values[~np.isnan(values)]
    return float(known.mean()) if len(known) and np.isfinite(known).all() else math.nan


def _pairs(
    label: str, changed: Mapping[str, Mapping[int, Any]], base: Mapping[str, Mapping[int, Any]], what: str
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    for arm in (changed, base):
        if what not in arm:
            told = bilingual("{label} knows no {what!r}", label=label, what=what)
            if hint := nearest(what, arm):
                told = bilingual('{told}; did you mean "{nearest}"?', told=told, nearest=hint)
            raise ResultsError(told)
    common = sorted(changed[what].keys() & base[what].keys())
    if not common:
        raise ResultsError(bilingual("{label} and the base have no replication in common", label=label))
    after, before = ([arm[what][number] for number in common] for arm in (changed, base))
    return np.array(after, dtype=float), np.array(before, dtype=float)


def _full_name(arm: Arm, clause: str) -> str:
    """plan/clause from what was typed: the clause alone will do where only one plan has it."""
    found = [key for key in arm.holds if clause in (key, key.partition("/")[2])]
    if len(found) != 1:
        known = found or list(arm.holds)
        more = ", ..." if len(known) > MOST_TOLD else ""
        raise ResultsError(
            bilingual(
                "{clause!r}: expected a clause that is measured: {known}{more}",
                clause=clause,
                known=", ".join(known[:MOST_TOLD]),
                more=more,
            )
        )
    return found[0]


def warnings(arms: Sequence[Arm]) -> list[Words]:
    """What makes the comparison less sharp than it looks, in English and Chinese."""
    found, base = list[Words](), arms[0]
    for arm in arms[1:]:
        if arm.event != base.event:
            found.append(bilingual(
                "{changed} and {base} do not meet the same events (other scenario, hazard or seed): "
                "the differences hold the chance of the draws as well as the change",
                changed=arm.label, base=base.label,
            ))  # fmt: skip
        own, other = ({number for row in one.holds.values() for number in row} for one in (arm, base))
        if own != other:
            found.append(bilingual(
                "{changed} and {base} have {n} replications in common; others are left out",
                changed=arm.label, base=base.label, n=len(own & other),
            ))  # fmt: skip
        found += _of_other_making(base, arm)
    return found


def _of_other_making(base: Arm, arm: Arm) -> list[Words]:
    """What differs between two sides besides the change: the program, and what they are judged by."""
    found = list[Words]()
    if base.code and arm.code and base.code != arm.code:
        found.append(bilingual(
            "{changed} and {base} were run by two versions of the program: the differences hold those of the versions "
            "as well as the change",
            changed=arm.label, base=base.label,
        ))  # fmt: skip
    if alone := sorted((base.obligations & base.holds.keys()) ^ (arm.obligations & arm.holds.keys())):
        found.append(bilingual(
            "{changed} and {base} are not judged by the same plan: obligations of one alone are not compared "
            "({clauses}); --plan judges anew what is run for the comparison",
            changed=arm.label, base=base.label, clauses=listed([(key, key) for key in alone[:MOST_TOLD]]),
        ))  # fmt: skip
    both = [key for key in base.verdicts if key in arm.verdicts]
    if other := [key for key in both if _asks_otherwise(base.verdicts[key], arm.verdicts[key])]:
        found.append(bilingual(
            "{clauses} asks for something else in {changed} than in {base} (the plan was changed between the runs)",
            clauses=listed([(key, key) for key in other[:MOST_TOLD]]), changed=arm.label, base=base.label,
        ))  # fmt: skip
    return found


def _asks_otherwise(one: Mapping[Any, Any], other: Mapping[Any, Any]) -> bool:
    """Whether two rows of verdicts ask for something else; what one does not tell, untested, is no difference."""
    pairs = [(one.get(name), other.get(name)) for name in ("metric", "limit", "comparison", "needed")]
    # Not a number differs from itself.
    known = [pair for pair in pairs if all(value not in (None, "") and value == value for value in pair)]
    return any(before != after for before, after in known)


def spans_of_deaths(arms: Sequence[Arm], rows: Sequence[Comparison]) -> list[Words]:
    """What the published curves of deaths give for each side; nothing where deaths are not compared."""
    if not any(row.what in ("deaths", "deaths_per_million") for row in rows):
        return []
    spans = {arm.label: span_of_deaths({name: [*of.values()] for name, of in arm.numbers.items()}) for arm in arms}
    return [bilingual("Deaths in {side}: {span}.", side=side, span=span) for side, span in spans.items() if span.en]


def best_of(arms: Sequence[Arm], what: str, confidence: float = 0.95, largest: bool = True) -> Selection:
    """Which side is best in a clause (how often it holds) or a number (its mean), in the replications that all have.

    A replication that does not test the clause on some side, since nobody was concerned, is left out.

    Args:
        arms: the sides.
        what: `plan/clause`, `clause` or a metric.
        confidence: of the choice, 0.5..1; see `ranking.select`.
        largest: whether more is better.

    Raises:
        ResultsError: for a name that a side does not have, fewer than two replications in common, and where a number is
            infinite.
    """
    of = [arm.numbers.get(what) or _tested(arm, _full_name(arm, what)) for arm in arms]
    common = sorted(set.intersection(*(set(values) for values in of)))
    try:
        return select([[float(values[number]) for number in common] for values in of], confidence, largest)
    except ValueError:
        raise ResultsError(
            bilingual("{what}: a choice needs at least two replications in common, and finite values", what=what)
        ) from None


def _tested(arm: Arm, clause: str) -> dict[int, bool]:
    """Whether the clause held, in the replications that put it to the test."""
    values = arm.clauses[clause]
    return {number: held for number, held in arm.holds[clause].items() if not math.isnan(values[number])}


# ---- in words


def subject(row: Comparison, title: tuple[str, str]) -> Words:
    """What a row compares: of a clause its title with "value" or "chance", else the title of the number alone."""
    if row.of == "number":
        return Words(*title)
    if row.of == "chance":
        return bilingual("{clause}: chance", clause=title)
    if row.of == "left":
        return bilingual("{clause}: left out, {unit}", clause=title, unit=unit_words(row.unit))
    if row.unit in NO_UNIT:
        return bilingual("{clause}: value", clause=title)
    return bilingual("{clause}: value, {unit}", clause=title, unit=unit_words(row.unit))


def sentence(row: Comparison, title: tuple[str, str] | None = None) -> Words:
    """A comparison as a plain sentence, in English and Chinese; `title` names the clause or number in both."""
    interval = row.difference.interval
    names = {"name": title or (row.what, row.what), "changed": row.changed, "base": row.base}
    told = {
        "no clear difference": bilingual("{name}: no clear difference between {changed} and {base}", **names),
        "higher": bilingual("{name} is higher with {changed} than with {base}", **names),
        "lower": bilingual("{name} is lower with {changed} than with {base}", **names),
    }[row.word]
    if row.word != "no clear difference" and not math.isnan(row.base_value + row.changed_value):
        after, before = plain(row.changed_value, row), plain(row.base_value, row)
        told = bilingual("{told}: {after} against {before}", told=told, after=after, before=before)
    return bilingual(
        "{told} (difference {difference}, interval {low} to {high}, {n} pairs).",
        told=told, difference=difference_text(row), low=signed(interval.low, row), high=signed(interval.high, row),
        n=interval.n,
    )  # fmt: skip


def plain(value: float, row: Comparison) -> str:
    """A value of one side, as tables write it."""
    if math.isnan(value):
        return "-"
    return amount(value, share=row.is_share)


def difference_text(row: Comparison) -> Words:
    """The difference of a row with its sign; of shares in percentage points, and it says so."""
    number = signed(row.difference.interval.estimate, row)
    return in_points(number) if row.is_share else Words(number, number)


def in_points(number: str) -> Words:
    """A difference of two shares (`number`), with its unit."""
    return bilingual("{number} percentage points", number=number)


def signed(value: float, row: Comparison) -> str:
    """A difference (`value`) of a row with its sign, of shares in percentage points; "?" where it is not a number."""
    if math.isinf(value):
        return "+∞" if value > 0 else "-∞"
    if math.isnan(value):
        return "?"
    sign = "+" if value > 0 else ""
    return sign + amount(value * 100 if row.is_share else value, share=False)


def amount(value: float, *, share: bool) -> str:
    """A number (`value`) as people write it: a share (0..1) in per cent, large numbers whole."""
    if share:
        return f"{value * 100:.3g} %"
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"
