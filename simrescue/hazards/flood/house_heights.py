"""The ground of a village: its houses lie at different heights above its lowest street. Pure functions.

Heights are spread evenly from the lowest street to `spread_m` above it (the distribution that says least where only its
ends are known), and stand for it in a few equal parts.
"""

from __future__ import annotations

from collections.abc import Sequence

PARTS = 5
"""Parts with equally many houses, each as high as its middle."""


def heights_m(spread_m: float) -> tuple[float, ...]:
    """Heights of equal parts of the houses of a village above its lowest street, m, the lowest first.

    Args:
        spread_m: height of the highest house; 0: all lie at the lowest street, and are one part.
    """
    if spread_m <= 0:
        return (0.0,)
    return tuple(spread_m * (part + 0.5) / PARTS for part in range(PARTS))


def shared(persons: int, among: Sequence[int]) -> list[int]:
    """Persons shared in proportion, whole and without remainder; no part gets more than it is there for.

    Args:
        persons: at most the sum of `among`.
        among: for how many each part is there.
    """
    total, before, parts, counted = sum(among), 0, [], 0
    for part in among:
        counted += part
        until = (2 * persons * counted + total) // (2 * total) if total else 0
        parts.append(until - before)
        before = until
    return parts
