"""Water from the air: where it falls, how much edge it holds, and for how long.

A tonne wets a belt of `drop_belt_m_t` along the edge. A cell is held, for a time, when the belt covers its whole share
of the edge; less is kept until it dries and adds up with the next drop. In held cells fire does not enter and crews see
no flames; the edge is not closed there: what dries burns on, unless crews have built line.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

import numpy as np

from simrescue.hazards.wildfire.suppression.line.line_posts import LineCrew
from simrescue.hazards.wildfire.suppression.line.open_edge import OpenEdge
from simrescue.parameters import Parameters

DRY_AIR_KPA = 1.4
"""Vapour pressure deficit at 20 C and 40 % humidity, for which `drop_holds_h` stands."""
LEAST, MOST = 0.25, 4.0
"""Limits of how much longer or shorter than that water holds in other air."""


class WaterDrops:
    """Water on N cells that does not hold them yet: metres covered, and until when they count."""

    def __init__(self, n_cells: int, parameters: Parameters) -> None:
        self.belt_m_t = parameters.drop_belt_m_t
        self.covered_m = np.zeros(n_cells)
        self.until_h = np.full(n_cells, -np.inf)

    def spread_out(self, edge: OpenEdge, start: int, tonnes: float, now: float, holds_h: float) -> list[int]:
        """Lay a drop along the edge around a place, by turns one place further each way.

        Args:
            edge: of all fires, now; places held by it lose their flames.
            start: the place that it is dropped on.
            tonnes: of water.
            now: hour of the simulation.
            holds_h: hours for which it stays wet.

        Returns:
            Cells made wet all along, nearest first; what is left over on the last one waits for the next drop.
        """
        left_m = tonnes * self.belt_m_t
        share_m = edge.share_m
        held = []
        for place in _both_ways(edge, start):
            if left_m <= 0:
                break
            cell = int(edge.outline.cells[place])
            # What has dried does not count any more.
            before_m = self.covered_m[cell] if self.until_h[cell] > now else 0.0
            laid_m = min(left_m, max(float(share_m[place]) - before_m, 0.0))
            left_m -= laid_m
            self.covered_m[cell], self.until_h[cell] = before_m + laid_m, now + holds_h
            # Laid is the share less what was there: added up again, rounding may miss the share.
            if before_m + laid_m >= share_m[place] - 1e-9:
                edge.wet(place)
                held.append(cell)
        return held


def _both_ways(edge: OpenEdge, start: int) -> Iterator[int]:
    """Open places around one that are not held: itself, then by turns one further each way, to the end of the run."""
    yield start
    ends = {1: start, -1: start}
    while ends:
        for way in tuple(ends):
            step = edge.outline.after if way > 0 else edge.outline.before
            place = int(step[ends[way]])
            # On a ring open all round the two ends meet on the far side, and stop.
            if not edge.open[place] or place in (start, ends.get(-way)):
                del ends[way]
                continue
            ends[way] = place
            # What is held wet already is passed over: the drop goes on behind it.
            if edge.flame_m[place] > 0:
                yield place


def holds_h(temperature_c: float, humidity: float, parameters: Parameters) -> float:
    """Hours for which a drop holds: in inverse proportion to the vapour pressure deficit (Tetens 1930), within limits.

    Args:
        temperature_c: of the air.
        humidity: relative, 0..1.
        parameters: `drop_holds_h` is what it holds at `DRY_AIR_KPA`.
    """
    deficit_kpa = 0.6108 * math.exp(17.27 * temperature_c / (temperature_c + 237.3)) * (1 - humidity)
    return parameters.drop_holds_h * min(max(DRY_AIR_KPA / max(deficit_kpa, 1e-9), LEAST), MOST)


def choose_drop(edge: OpenEdge, fire: int, crews: Sequence[LineCrew], parameters: Parameters) -> int:
    """The place where water does most good now.

    Water holds an edge only until it dries, and fire goes round a few held cells at the head. So it goes first to
    crews: ahead of one that finds the edge within `line_crew_spacing_m` too hot, the nearest such edge; then right
    ahead of the crew at the fastest edge. Without crews it goes to the head.

    Args:
        edge: of all fires, now.
        fire: number of the fire that the drop is for.
        crews: all on the line.
        parameters: of the scenario.

    Returns:
        A place of the edge; -1: none that aircraft can work on.
    """
    fit = edge.open & (edge.fire == fire) & (edge.flame_m > 0) & (edge.flame_m <= parameters.air_flame_limit_m)
    if not fit.any():
        return -1
    places = np.flatnonzero(fit)
    along_m, round_m = edge.along_m[places], np.maximum(edge.ring_m[places], 1e-9)
    ring, flames_m = edge.outline.ring[places], edge.flame_m[places]
    too_hot: list[tuple[float, int]] = []
    next_to: list[tuple[float, int]] = []
    for crew in crews:
        at = edge.place_of.get(crew.cell, -1)
        if at < 0 or crew.mopping:
            continue
        # Along the ring in the crew's own way, once round at most.
        ahead_m = ((along_m - edge.along_m[at]) * crew.way) % round_m
        ahead_m[ring != edge.outline.ring[at]] = np.inf
        first = int(np.argmin(ahead_m))
        if ahead_m[first] > parameters.line_crew_spacing_m:
            continue
        next_to.append((-float(edge.rate_m_min[places[first]]), int(places[first])))
        hot_m = np.where(flames_m > crew.flame_limit_m, ahead_m, np.inf)
        nearest = int(np.argmin(hot_m))
        if hot_m[nearest] <= parameters.line_crew_spacing_m:
            too_hot.append((float(hot_m[nearest]), int(places[nearest])))
    head = (0.0, int(places[np.argmax(edge.rate_m_min[places])]))
    return min(too_hot or next_to or [head])[1]
