"""Which of several ways leaves a clause least short, as far as pairs of replications tell it from chance, in words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from simrescue.experiment.analysis.ranking import select
from simrescue.wording import ITEMS, Words, bilingual, bilingual_counted, listed

NAMED = 6
"""Ways named in one sentence."""


class LeastShort(NamedTuple):
    """The ways that may leave least short."""

    first: int
    """The one with the least mean."""
    kept: tuple[int, ...]
    """All that may leave least short, `first` among them."""
    pairs: int
    """Replications that all ways have."""
    told: bool
    """Whether chance leaves any way out: else nothing can be said of which leaves least short."""


def least_short(shorts: Sequence[ArrayLike], confidence: float) -> LeastShort | None:
    """Find the ways that may leave least short, by comparisons with the best (`ranking.select`).

    Args:
        shorts: of each way what is short in replications 0, 1, 2 ..., shape (n,) each; longer ones are cut. A
            replication in which a way was not put to the test (nan) is left out for all of them.
        confidence: that none of those left out leaves least short, however often one looks; 0.5..1.

    Returns:
        None where there is nothing to choose: fewer than two ways, fewer than two replications that all have, a
        shortfall without end, or nothing short with one of them.
    """
    common = min(map(np.size, shorts), default=0)
    data = np.array([np.asarray(short, dtype=float)[:common] for short in shorts]).reshape(len(shorts), common)
    # For all of them or for none: pairs share their random numbers, and a way must not be compared by other floods.
    data = data[:, ~np.isnan(data).any(axis=0)]
    if len(shorts) < 2 or data.shape[1] < 2 or not np.isfinite(data).all() or not data.any(axis=1).all():
        return None
    found = select(data, confidence, largest=False)
    return LeastShort(found.best, found.kept, found.n, len(found.kept) < len(shorts))


def least_short_text(least: LeastShort, names: Sequence[tuple[str, str]], standing: tuple[str, str]) -> Words:
    """The sentence.

    Args:
        least: what was found.
        names: of all ways, in the order in which they were compared.
        standing: how the clause stands with `least.first` (`verdict_words.standing`).
    """
    pairs = bilingual_counted("{number} pair of replications", "{number} pairs of replications", least.pairs)
    if not least.told:
        return bilingual("Which leaves least short cannot be told from chance ({pairs}).", pairs=pairs)
    if len(least.kept) == 1:
        return bilingual(
            "Least is short with {name} ({pairs}): {standing}.",
            name=names[least.first], pairs=pairs, standing=standing,
        )  # fmt: skip
    others = [names[way] for way in least.kept if way != least.first]
    listing = listed(others[:NAMED], ITEMS)
    if len(others) > NAMED:
        listing = bilingual("{shown} and {count} more", shown=listing, count=len(others) - NAMED)
    return bilingual(
        "Ahead is {name}: {standing}. As little may be short with {others}; the rest leave more ({pairs}).",
        name=names[least.first], pairs=pairs, standing=standing, others=listing,
    )  # fmt: skip
