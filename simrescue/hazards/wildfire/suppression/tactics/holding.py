"""Crews on a line that they are ordered to hold: they build it where it lies, then burn out from it as the fire comes.

Whether the line keeps the fire out is a matter of its width, as of all line.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Sequence

import numpy as np

from simrescue.hazards.base import INDIRECT, Hands, Refusal
from simrescue.hazards.wildfire.suppression.line.edge import Cells, Floats
from simrescue.hazards.wildfire.suppression.line.held_lines import HeldLine
from simrescue.hazards.wildfire.suppression.line.line_breach import needed_width_m
from simrescue.hazards.wildfire.suppression.line.line_posts import LineCrew
from simrescue.hazards.wildfire.suppression.line.line_scene import Scene
from simrescue.hazards.wildfire.suppression.line_building import (
    IN_HAND,
    STRETCH,
    LineSpot,
    Turn,
    go_to,
    labour,
    room_hands,
)


def settle_on_line(
    scene: Scene,
    crew: LineCrew,
    held: HeldLine,
    x_m: float,
    y_m: float,
    others: Collection[LineCrew],
    walk_kmh: float,
    together: Collection[Hands] = (),
) -> Refusal | None:
    """Give a crew its place on a line that it is to hold; None: it has it, else why it cannot.

    There is time where all who are ordered to the line together, those on the road from when they come, can finish
    each place that is left of it before the fire comes there; or, on a line that does not close round what it protects,
    where the crew alone can finish `STRETCH` places: an open ring keeps nothing out.

    Args:
        scene: the fires and the ground now.
        crew: changed in place where it can do as ordered: cell, method, metres to walk.
        held: the line.
        x_m: where it stands, metres east of the south-west corner.
        y_m: the same, metres north.
        others: crews that already have a place.
        walk_kmh: of crews on flat ground.
        together: all who are ordered there, the crew among them, on the road too; empty: it is alone.
    """
    place = _next_place(scene, held, x_m, y_m, others)
    if place < 0:
        return Refusal.NOTHING_TO_DO
    cell = int(held.ground.cells[place])
    to_x_m, to_y_m = scene.xy_m(cell)
    if not held.done[place]:
        walk_h = math.hypot(to_x_m - x_m, to_y_m - y_m) / (1000 * walk_kmh)
        alone = [Hands(crew.hands, crew.trained, crew.machines, walk_h)]
        stretch = not held.ground.inside and _in_time(scene, crew.fire, held, [place] * STRETCH, alone)
        if not stretch and not _in_time(scene, crew.fire, held, held.left(scene.burnt).tolist(), together or alone):
            return Refusal.TOO_LATE
    crew.gap, crew.method = 1, INDIRECT
    go_to(scene, crew, cell, x_m, y_m)
    return None


def _in_time(scene: Scene, fire: int, held: HeldLine, places: Sequence[int], hands: Collection[Hands]) -> bool:
    """Whether people finish places of a line, those first that the fire comes to first, each before it comes there."""
    room = math.fsum(room_hands(scene.cell_m, _width_m(scene, held, at), scene.parameters) for at in places)
    laid_m2 = labour(scene, fire, hands, INDIRECT, int(held.ground.cells[places[0]]), room)
    left_h = np.array([scene.front.least_way_h(*scene.xy_m(int(held.ground.cells[at]))) for at in places]) / IN_HAND
    missing_m2 = np.array([_missing_m2(scene, held, at) for at in places])
    order = np.argsort(left_h, kind="stable")
    due = zip(left_h[order].tolist(), np.cumsum(missing_m2[order]).tolist(), strict=True)
    return all(laid_m2(hours) >= needed_m2 for hours, needed_m2 in due)


def _next_place(scene: Scene, held: HeldLine, x_m: float, y_m: float, others: Collection[LineCrew]) -> int:
    """Where along the line there is most to do for a crew at a point: the nearest place to be built that nobody has.

    Then one to be built that others have, then one from which the ground is still to be burned out; -1: none.
    """
    left = held.left(scene.burnt)
    taken = {other.cell for other in others if other.held is held}
    free = left[~np.isin(held.ground.cells[left], list(taken))]
    places = next((some for some in (free, left, held.unlit(scene.burnt, STRETCH)) if len(some)), left)
    if not len(places):
        return -1
    at_x_m, at_y_m = scene.landscape.xy_m(held.ground.cells[places])
    return int(places[np.argmin(np.hypot(at_x_m - x_m, at_y_m - y_m))])


def _width_m(scene: Scene, held: HeldLine, place: int) -> float:
    """How wide the line is to be at a place: as ordered, or for the flames of a head there."""
    if held.width_m:
        return held.width_m
    return needed_width_m(scene.head_to_hold_m(int(held.ground.cells[place])), INDIRECT, scene.parameters)


def _missing_m2(scene: Scene, held: HeldLine, place: int) -> float:
    """Line to be laid at a place besides what stands there, m2."""
    wider_m = max(0.0, _width_m(scene, held, place) - float(held.ground.width_m[place]))
    return float(held.ground.length_m[place]) * wider_m


class HoldingTurn(Turn):
    """What one crew that holds a line does with its person-hours in a step."""

    @property
    def _held(self) -> HeldLine:
        assert self.crew.held is not None
        return self.crew.held

    @property
    def _in_front(self) -> bool:
        return True

    def _goes_on(self) -> bool:
        """Stay, go to the next place of the line, or wait there for the fire; False: all is done, or lost."""
        scene, crew, held = self.scene, self.crew, self._held
        place = held.place_of.get(crew.cell, -1)
        if place >= 0 and not held.done[place] and not scene.burnt[crew.cell] and len(held.left(scene.burnt)):
            return True
        x_m, y_m = scene.xy_m(crew.cell)
        following = _next_place(scene, held, x_m, y_m, self.others)
        if following < 0:
            return False
        # Where all is built and only to be burned out it waits where it stands.
        if not held.done[following] or place < 0:
            go_to(scene, crew, int(held.ground.cells[following]), x_m, y_m)
        return True

    def _spots(self) -> Iterator[LineSpot]:
        """The crew's place and all others that are left, the nearest first; none where it waits for the fire."""
        held, place = self._held, self._held.place_of[self.crew.cell]
        left = held.left(self.scene.burnt)
        if place not in left:
            return
        x_m, y_m = self.scene.landscape.xy_m(held.ground.cells)
        by_distance = left[np.argsort(np.hypot(x_m[left] - x_m[place], y_m[left] - y_m[place]), kind="stable")]
        for at in (place, *by_distance[by_distance != place].tolist()):
            # Without flames: on line that is built before the fire comes nobody works at its edge.
            yield LineSpot(int(held.ground.cells[at]), self.crew.fire, 0.0, 0.0, float(held.ground.length_m[at]))

    def _asked(self, spot: LineSpot, method: int) -> tuple[float, float]:  # noqa: ARG002 - held line is as wide in any way
        held, place = self._held, self._held.place_of[spot.cell]
        # A break that stands wider than is asked for stays as wide as it is.
        width_m = max(_width_m(self.scene, held, place), float(held.ground.width_m[place]))
        return width_m, _missing_m2(self.scene, held, place)

    def _close(self, cell: int, fire: int, width_m: float) -> None:
        super()._close(cell, fire, width_m)
        self._held.done[self._held.place_of[cell]] = True

    def _burn_out(self) -> None:
        """Burn out before all that stands of the line when the front is expected there soon, where wind allows."""
        held, scene = self._held, self.scene
        places = held.unlit(scene.burnt, STRETCH)
        edge = scene.edge
        open_x_m, open_y_m = edge.x_m[edge.open], edge.y_m[edge.open]
        if not self.may_light or not len(places) or not len(open_x_m):
            return
        cells = held.ground.cells[places]
        x_m, y_m = scene.landscape.xy_m(cells)
        apart_m = _nearest_m(x_m, y_m, open_x_m, open_y_m)
        first = int(np.argmin(apart_m))
        if scene.front.least_way_h(float(x_m[first]), float(y_m[first])) > scene.parameters.hold_burn_out_h:
            return
        for cell in cells.tolist():
            self._light(self.crew.fire, cell)
        # All of it: what lies beside the crew burns from the side.
        held.lit[places] = True

    def _before_line(self, cell: int, beside: Cells) -> Cells:
        scene, edge = self.scene, self.scene.edge
        burns = scene.landscape.burns.ravel()[beside] & ~scene.burnt[beside] & ~scene.blocked[beside]
        free = beside[burns & ~np.isin(beside, list(self._held.ground.inside))]
        at = np.append(free, cell)
        apart_m = _nearest_m(*scene.landscape.xy_m(at), edge.x_m[edge.open], edge.y_m[edge.open])
        nearer: Cells = free[apart_m[:-1] < apart_m[-1]]
        return nearer


def _nearest_m(x_m: Floats, y_m: Floats, to_x_m: Floats, to_y_m: Floats) -> Floats:
    """Metres (n,) from points (n,) to the nearest of others (m,)."""
    least: Floats = np.hypot(x_m[:, None] - to_x_m, y_m[:, None] - to_y_m).min(axis=1, initial=np.inf)
    return least
