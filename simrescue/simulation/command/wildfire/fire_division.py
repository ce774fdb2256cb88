"""How command divides people and aircraft among the fires that want them.

Where there are enough for all, each fire gets what it wants. Else people are divided in proportion to the edge that
needs hands (weighted filling up to what each wants), aircraft by the method of Webster (1832; Sainte-Lague 1910): one
after another to the fire with the largest edge for 2 k - 1, k counting those it would have. An edge before which
villages have been ordered out counts `fire_threat_weight` times.

The division is made anew with each report, and when a crew comes free. An aircraft stays where it is unless the other
fire's claim is larger by more than `fire_division_slack`; people are taken off a line only where a fire has so much
more than its part, and only crews that will work longer at the other fire than their way there takes.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

LEAST_KM = 0.01
"""A fire whose edge is shorter counts as so long: one that has just begun."""


class Claim(NamedTuple):
    """What one fire wants of what there is."""

    id: str
    """Of the ignition; decides between equals."""
    wanted: float
    """People or aircraft, in all."""
    held: float
    """Of these, at the fire or on their way."""
    edge_km: float
    """Edge that needs hands, weighted by what lies before it."""

    @property
    def weight(self) -> float:
        """Edge, km, that the division counts."""
        return max(self.edge_km, LEAST_KM)


def people(claims: Sequence[Claim], pool: float) -> dict[str, float]:
    """People for each fire by its id, in proportion to the edges and never more than wanted.

    Args:
        claims: of the fires, in any order.
        pool: people that there are.
    """
    shares: dict[str, float] = {}
    rest = sorted(claims, key=lambda claim: (claim.wanted / claim.weight, claim.id))
    edge_km = math.fsum(claim.weight for claim in rest)
    # Whoever wants least for its edge is filled first: what it leaves is for the others.
    for claim in rest:
        # Taking parts off one after another may leave a digit less than nothing.
        shares[claim.id] = min(claim.wanted, max(0.0, pool) * claim.weight / edge_km)
        pool -= shares[claim.id]
        edge_km -= claim.weight
    return shares


def aircraft(claims: Sequence[Claim], pool: int, slack: float) -> dict[str, float]:
    """Aircraft for each fire by its id, whole ones.

    Args:
        claims: of the fires, in any order.
        pool: aircraft that there are.
        slack: share by which a fire's claim to an aircraft that it has counts for more.
    """
    has = dict.fromkeys((claim.id for claim in claims), 0)

    def priority(claim: Claim) -> tuple[float, str]:
        number = has[claim.id] + 1
        stays = 1 + slack if number <= claim.held else 1.0
        return -claim.weight * stays / (2 * number - 1), claim.id

    for _ in range(pool):
        wanting = [claim for claim in claims if has[claim.id] + 1 <= claim.wanted]
        if not wanting:
            break
        has[min(wanting, key=priority).id] += 1
    return {fire: float(number) for fire, number in has.items()}
