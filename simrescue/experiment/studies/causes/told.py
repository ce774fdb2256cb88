"""Tested causes in words: one sentence a cause, the same on the screen, in the report and wherever a run is shown."""

from __future__ import annotations

import math
from collections.abc import Sequence

from simrescue.experiment.studies.causes.kept import KeptEffect
from simrescue.experiment.studies.causes.tested import ALL
from simrescue.metrics import MEASURES
from simrescue.units import write_share
from simrescue.wording import Words, bilingual, bilingual_counted, listed
from simrescue.wording.unit_words import measure as in_both

NAMED = 3
"""Causes told for each clause."""
MORE_TOGETHER = 0.1
"""Two causes are told beside the strongest single one where together they do so much more, as a share."""
LEAST_MORE = 0.5
"""Fewer people, requests or fires than this are none."""


def causes_told(rows: Sequence[KeptEffect], metric: str, most: int = NAMED) -> list[Words]:
    """What was found for one clause, the strongest cause first, as sentences.

    Args:
        rows: of one clause, as `tested_causes` gives them.
        metric: name of its measure.
        most: causes that are told.
    """
    tried = [row for row in rows if row.cause != ALL]
    found = [effect_told(row, metric) for row in worth_telling(tried)[:most]]
    if not found and tried:
        found = [_none_shown(tried)]
    return found + [_all_together(row, metric) for row in rows if row.cause == ALL]


def worth_telling(rows: Sequence[KeptEffect]) -> list[KeptEffect]:
    """Causes that were shown to move a clause, single ones first; of several together only those that do more.

    Args:
        rows: of one clause, the strongest first.
    """
    shown = [row for row in rows if row.is_shown and row.cause != ALL]
    single = [row for row in shown if row.causes == 1]
    best = single[0].gained if single else 0.0
    return single + [row for row in shown if row.causes > 1 and row.gained > (1 + MORE_TOGETHER) * best]


def strongest_cause(rows: Sequence[KeptEffect], metric: str) -> Words:
    """The one sentence for a first page: the strongest cause that was shown, or that none was; empty: none tested."""
    return next(iter(causes_told(rows, metric, 1)), Words("", ""))


def effect_told(row: KeptEffect, metric: str) -> Words:
    """What lifting one cause, or several together, does.

    Args:
        row: of causes.csv.
        metric: name of the measure of its clause.
    """
    return bilingual(
        "With {cause}: {after} instead of {before} ({gained}; {pairs} pairs).",
        cause=row.told, after=_value(metric, row.after), before=_value(metric, row.before),
        gained=_gained(row, metric), pairs=row.pairs,
    )  # fmt: skip


def how_tested(rows: Sequence[KeptEffect]) -> Words:
    """How the causes of a run were tested: replications spent, seed, and what a larger budget could still tell."""
    if not rows:
        return Words("", "")
    told = bilingual(
        "Tested on the same events with one cause lifted at a time (seed {seed}; {spent} replications); each interval "
        "holds for itself at 95 %.",
        seed=rows[0].seed, spent=max(row.spent for row in rows),
    )  # fmt: skip
    if all(row.whole for row in rows):
        return told
    return bilingual("{told} The budget ended before all were tested: --budget and --minutes.", told=told)


def _none_shown(rows: Sequence[KeptEffect]) -> Words:
    best = [row for row in rows if row.better > row.worse][:NAMED]
    if not best:
        return bilingual_counted(
            "The cause that was lifted does not move it.",
            "None of {number} causes, lifted alone or in pairs, moves it.", len(rows),
        )  # fmt: skip
    names = listed([
        bilingual("{cause} (better in {better} of {pairs} pairs)", cause=row.told, better=row.better, pairs=row.pairs)
        for row in best
    ])  # fmt: skip
    return bilingual("No single cause was shown to move it; at most: with {names}.", names=names)


def _all_together(row: KeptEffect, metric: str) -> Words:
    return bilingual(
        "With all causes lifted together: {after} instead of {before} ({pairs} pairs).",
        after=_value(metric, row.after), before=_value(metric, row.before), pairs=row.pairs,
    )  # fmt: skip


def _value(metric: str, value: float) -> Words:
    known = MEASURES.get(metric)
    if math.isinf(value):
        return bilingual("never")
    return in_both(known.written(value) if known and known.unit in ("share", "h") else f"{value:,.4g}")


def _gained(row: KeptEffect, metric: str) -> Words:
    """The gain with its interval: of people or requests where the clause counts some, else in its own unit."""
    amounts = (row.gained, row.gained_low, row.gained_high)
    if not math.isnan(row.counted) and all(map(math.isfinite, row.more)):
        return bilingual("{more} more, {low} to {high}", **dict(zip(("more", "low", "high"), map(_whole, row.more),
                                                                     strict=True)))  # fmt: skip
    known = MEASURES.get(metric)
    written = _points if known and known.unit == "share" else lambda value: _value(metric, value)
    more, low, high = (written(amount) for amount in amounts)
    if not math.isfinite(row.gained_low) or not math.isfinite(row.gained_high):
        return bilingual("better by {more}", more=more)
    return bilingual("better by {more}, {low} to {high}", more=more, low=low, high=high)


def _points(value: float) -> Words:
    sign = "-" if value < 0 else ""
    return in_both(sign + write_share(abs(value)))


def _whole(number: float) -> str:
    """A number of people in two digits, as such a test knows them; thousands apart."""
    if abs(number) < LEAST_MORE:
        return "0"
    return f"{float(f'{number:.3g}'):,.0f}"
