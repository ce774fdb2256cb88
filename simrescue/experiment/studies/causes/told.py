"""Tested causes in words: one sentence a cause, the same on the screen, in the report and wherever a run is shown."""

from __future__ import annotations

import math
from collections.abc import Sequence

from simrescue.experiment.studies.causes.evidence import ALL, CONFIDENCE, CONFIRMED
from simrescue.experiment.studies.causes.kept import KeptEffect
from simrescue.metrics import MEASURES
from simrescue.metrics.amounts import amount_text
from simrescue.units import write_share
from simrescue.wording import Words, bilingual, bilingual_counted

NAMED = 3
"""Causes told for each clause."""
MORE_TOGETHER = 0.1
"""Two causes are told beside the strongest single one where together they do so much more, as a share."""
SAME_WHOLE = 0.02
"""Of what a value is a part is told where lifting a cause changes it by more than this share."""
LEAST_MORE = 0.5
"""Fewer people, requests or fires than this are none."""


def causes_told(rows: Sequence[KeptEffect], metric: str, most: int = NAMED) -> list[Words]:
    """What was found for one clause, the strongest cause first, as sentences.

    Args:
        rows: of one clause, as `tested_causes` gives them.
        metric: name of its measure.
        most: causes that are told.
    """
    tried = _lifted(rows)
    found = [effect_told(row, metric) for row in worth_telling(tried)[:most]]
    if not found and tried:
        # Cut short before any cause had its pairs: what they showed so far, with how few they are.
        early = [row for row in tried if row.gained > 0 and row.causes == 1]
        few = bool(early) and max(row.pairs for row in tried) < CONFIRMED
        found = [effect_told(row, metric) for row in early[:most]] if few else [_none_shown(tried)]
    return found + [_all_together(row, metric) for row in rows if row.cause == ALL and row.broken]


def worth_telling(rows: Sequence[KeptEffect]) -> list[KeptEffect]:
    """Causes that were shown to move a clause, single ones first; of several together only those that do more.

    Args:
        rows: of one clause, the strongest first.
    """
    shown = [row for row in _lifted(rows) if row.is_shown]
    single = [row for row in shown if row.causes == 1]
    best = single[0].gained if single else 0.0
    return single + [row for row in shown if row.causes > 1 and row.gained > (1 + MORE_TOGETHER) * best]


def what_ifs_told(rows: Sequence[KeptEffect], metric: str) -> list[Words]:
    """What would become of one clause if things were worse, as sentences.

    Args:
        rows: of one clause, as `tested_causes` gives them.
        metric: name of its measure.
    """
    return [effect_told(row, metric) for row in rows if not row.causes and row.pairs]


def _lifted(rows: Sequence[KeptEffect]) -> list[KeptEffect]:
    """The rows of causes that were lifted, alone or a few together."""
    return [row for row in rows if row.causes and row.cause != ALL]


def strongest_cause(rows: Sequence[KeptEffect], metric: str) -> Words:
    """The one sentence for a first page: the strongest cause that was shown, or that none was; empty: none tested."""
    tried = _lifted(rows)
    shown = worth_telling(tried)
    return effect_told(shown[0], metric) if shown else _none_shown(tried) if tried else Words("", "")


def effect_told(row: KeptEffect, metric: str) -> Words:
    """What lifting one cause, or several together, does.

    Args:
        row: of causes.csv.
        metric: name of the measure of its clause.
    """
    told = bilingual(
        "With {cause}: {after} instead of {before} ({gained}; {pairs}).",
        cause=row.told, after=_value(row, metric, row.after, row.counted_after),
        before=_value(row, metric, row.before, row.counted_before), gained=_gained(row), pairs=_pairs(row),
    )  # fmt: skip
    if not _is_turned(row):
        return told
    if row.gained > 0:
        return bilingual(
            "{told} Fewer are concerned then: the value moves away although fewer are left out.", told=told
        )
    return bilingual("{told} More are concerned then: the value moves nearer although more are left out.", told=told)


def _is_turned(row: KeptEffect) -> bool:
    """Whether the value moves one way and those who are left out the other, since not as many are counted."""
    if math.isnan(row.counted_before):
        return False
    moved = row.after - row.before if row.comparison == "at_least" else row.before - row.after
    return moved * row.gained < 0


def how_tested(rows: Sequence[KeptEffect]) -> Words:
    """How the causes of a run were tested: replications spent, seed, and what a larger budget could still tell."""
    if not rows:
        return Words("", "")
    told = bilingual(
        "Tested on the same events with one cause lifted at a time: means of the pairs, each interval for itself at "
        "{sure} (seed {seed}; {spent} replications, {minutes} min of CPU).",
        sure=write_share(CONFIDENCE), seed=rows[0].seed, spent=max(row.spent for row in rows),
        minutes=f"{max(row.cpu_s for row in rows) / 60:.1f}",
    )  # fmt: skip
    if all(row.whole for row in rows):
        return told
    return bilingual("{told} The budget ended before all were tested: --budget and --minutes.", told=told)


def _none_shown(rows: Sequence[KeptEffect]) -> Words:
    if not any(row.pairs for row in rows):
        return bilingual("Nobody was concerned in the replications that were tested: what breaks it is not known.")
    moved = any(row.better > row.worse for row in rows)
    if not moved and not any(row.broken for row in rows):
        return bilingual(
            "It holds in the replications that were tested ({pairs}): what breaks it in others is not known.",
            pairs=_most_pairs(rows),
        )  # fmt: skip
    if not moved:
        return bilingual_counted(
            "The cause that was lifted does not move it.",
            "None of {number} causes, lifted alone or in pairs, moves it.", len(rows),
        )  # fmt: skip
    pairs = _most_pairs(rows)
    return bilingual("No single cause moves it so much that it can be told from chance ({pairs} at most).", pairs=pairs)


def _all_together(row: KeptEffect, metric: str) -> Words:
    return bilingual(
        "With all causes lifted together: {after} instead of {before} ({pairs}).",
        after=_value(row, metric, row.after, row.counted_after),
        before=_value(row, metric, row.before, row.counted_before), pairs=_pairs(row),
    )  # fmt: skip


def _value(row: KeptEffect, metric: str, value: float, counted: float) -> Words:
    """A value of the clause; of what it is a part where lifting the cause changes that."""
    text = amount_text(MEASURES[metric].told_unit if metric in MEASURES else "", value)
    if math.isnan(counted) or abs(row.counted_after - row.counted_before) <= SAME_WHOLE * row.counted_before:
        return text
    return bilingual("{share} of {whole}", share=text, whole=amount_text(row.unit, _near(counted)))


def _pairs(row: KeptEffect) -> Words:
    return _most_pairs([row])


def _most_pairs(rows: Sequence[KeptEffect]) -> Words:
    return bilingual_counted("1 pair", "{number} pairs", max(row.pairs for row in rows))


def _gained(row: KeptEffect) -> Words:
    """What is gained or lost with its interval: in what the clause counts (people, requests), else in its unit."""
    is_lost, in_unit = row.gained < 0, math.isnan(row.counted_before)
    numbers = [row.gained, row.gained_low, row.gained_high]
    middle, low, high = numbers if in_unit else map(_near, numbers)
    middle, low, high = (-middle, -high, -low) if is_lost else (middle, low, high)
    ends, more = [amount_text(row.unit, number) for number in (low, high)], amount_text(row.unit, middle)
    if in_unit:
        gained = bilingual("worse by {more}", more=more) if is_lost else bilingual("better by {more}", more=more)
    else:
        ends = ends if row.unit == "yuan" else [Words(text, text) for text in (f"{low:,.0f}", f"{high:,.0f}")]
        if row.comparison == "at_least":
            told = bilingual("{more} more left out", more=more), bilingual("{more} fewer left out", more=more)
        else:
            told = bilingual("{more} more", more=more), bilingual("{more} fewer", more=more)
        gained = told[not is_lost]
    if not (math.isfinite(row.gained_low) and math.isfinite(row.gained_high)):
        return bilingual("{gained}, too few pairs for an interval", gained=gained)
    return bilingual("{gained}, {low} to {high}", gained=gained, low=ends[0], high=ends[1])


def _near(number: float) -> float:
    """In three digits, as many as such a test can know."""
    return 0.0 if abs(number) < LEAST_MORE else float(f"{number:.3g}")
