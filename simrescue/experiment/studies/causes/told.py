"""Tested causes in words: one sentence a cause, the same on the screen, in the report and wherever a run is shown."""

from __future__ import annotations

import math
from collections.abc import Sequence

from simrescue.experiment.studies.causes.kept import KeptEffect
from simrescue.experiment.studies.causes.tested import ALL, CONFIDENCE, CONFIRMED
from simrescue.metrics import MEASURES
from simrescue.metrics.amounts import amount_text
from simrescue.units import write_share
from simrescue.wording import Words, bilingual, bilingual_counted

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
    return bilingual(
        "With {cause}: {after} instead of {before} ({gained}; {pairs}).",
        cause=row.told, after=_value(metric, row.after), before=_value(metric, row.before),
        gained=_gained(row, metric), pairs=_pairs(row),
    )  # fmt: skip


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
        after=_value(metric, row.after), before=_value(metric, row.before), pairs=_pairs(row),
    )  # fmt: skip


def _value(metric: str, value: float) -> Words:
    return amount_text(MEASURES[metric].unit if metric in MEASURES else "", value)


def _pairs(row: KeptEffect) -> Words:
    return _most_pairs([row])


def _most_pairs(rows: Sequence[KeptEffect]) -> Words:
    return bilingual_counted("1 pair", "{number} pairs", max(row.pairs for row in rows))


def _gained(row: KeptEffect, metric: str) -> Words:
    """What is gained or lost with its interval: in what the clause counts (people, requests), else in its unit."""
    measure, is_lost = MEASURES.get(metric), row.gained < 0
    in_unit = measure is None or math.isnan(row.counted)
    numbers = (row.gained, row.gained_low, row.gained_high) if in_unit else tuple(map(_near, row.more))
    middle, low, high = (-numbers[0], -numbers[2], -numbers[1]) if is_lost else numbers
    if measure is None or in_unit:
        ends = [_value(metric, number) for number in (low, high)]
        more = _value(metric, middle)
        gained = bilingual("worse by {more}", more=more) if is_lost else bilingual("better by {more}", more=more)
    else:
        ends = [Words(text, text) for text in (f"{low:,.0f}", f"{high:,.0f}")]
        more, fewer = amount_text(measure.counts, middle), row.after < row.before
        gained = bilingual("{more} fewer", more=more) if fewer else bilingual("{more} more", more=more)
    if not (math.isfinite(row.gained_low) and math.isfinite(row.gained_high)):
        return bilingual("{gained}, too few pairs for an interval", gained=gained)
    return bilingual("{gained}, {low} to {high}", gained=gained, low=ends[0], high=ends[1])


def _near(number: float) -> float:
    """In three digits, as many as such a test can know."""
    return 0.0 if abs(number) < LEAST_MORE else float(f"{number:.3g}")
