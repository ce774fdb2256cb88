"""One crew's share of a step on the line: it walks, builds cell after cell, goes out in front, or mops up."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterator, Sequence
from typing import NamedTuple

import numpy as np

from simrescue.hazards.base import AS_FOUND, DIRECT, INDIRECT, PARALLEL, WATER, Hands
from simrescue.hazards.wildfire.suppression.crew_danger import around, where
from simrescue.hazards.wildfire.suppression.line.edge import Cells
from simrescue.hazards.wildfire.suppression.line.hose import Hose
from simrescue.hazards.wildfire.suppression.line.line_breach import needed_width_m
from simrescue.hazards.wildfire.suppression.line.line_posts import LineCrew, choose_start
from simrescue.hazards.wildfire.suppression.line.line_scene import Scene
from simrescue.hazards.wildfire.suppression.line.open_edge import OpenEdge
from simrescue.hazards.wildfire.suppression.mop_up import MopUp
from simrescue.parameters import Parameters

GAPS = (2, 3, 5, 8, 12)
"""Distances, in cells, of a line in front of the edge; 2: parallel, more: indirect."""
STRETCH = 3
"""Cells of line that a crew in front of the fire must finish before the front comes, and that it keeps between itself
and the ground that it burns out."""
IN_HAND = 1.5
"""How many times the time that this takes must be left."""
LEAST_H = 1e-9
"""Person-hours that count as none."""
CHORD = 5
"""Cells over which the length of line is measured."""
NEAR = 1.6
"""Distance, in cells, up to which the next cell is no walk."""
FAR = 4.0
"""Distance, in cells, from which a crew looks for the best place rather than for the next one along the edge."""


def settle(scene: Scene, crew: LineCrew, x_m: float, y_m: float, others: Collection[LineCrew]) -> bool:
    """Give a crew at a point its place on the edge, or in front of it; False where there is none for it.

    At the edge it attacks directly where flames are within its limit; where all are too long it goes in front
    (parallel, then indirect attack), by the distances `GAPS`, the nearest that leaves time to finish.

    Args:
        scene: the fire's edge and the ground now.
        crew: changed in place: cell, way, gap, method, metres to walk.
        x_m: where it stands, metres east of the south-west corner.
        y_m: the same, metres north.
        others: crews that already have a place, kept apart from.
    """
    edge = scene.edge
    open_edge = scene.may_stand(crew, edge) & (edge.fire == crew.fire)
    start = choose_start(
        edge, open_edge & (edge.flame_m <= crew.flame_limit_m), x_m, y_m, list(others), scene.parameters
    )
    if start is not None:
        crew.gap, crew.way, crew.method = 1, start.way, WATER if crew.water else DIRECT
        go_to(scene, crew, int(edge.outline.cells[start.place]), x_m, y_m)
        return True
    place = edge.nearest(x_m, y_m, open_edge)
    return place >= 0 and go_ahead(scene, crew, place, x_m, y_m)


def settle_mopping(scene: Scene, mop: MopUp, crew: LineCrew, x_m: float, y_m: float, taken: Collection[int]) -> bool:
    """Give a crew at a point the nearest stretch to mop up that no other crew stands in.

    Args:
        scene: the fires now.
        mop: what is mopped up.
        crew: changed in place: cell, method, metres to walk.
        x_m: where it stands, metres east of the south-west corner.
        y_m: the same, metres north.
        taken: cells of other crews that mop up; shared where no other is left.

    Returns:
        False where nothing is left to mop up.
    """
    places = mop.left(scene.edge, crew.fire)
    cells = scene.edge.outline.cells[places]
    free = ~np.isin(cells, list(taken))
    if not len(places):
        return False
    # Rather two crews in one stretch than one that stands idle: their hours add up.
    places = places[free] if free.any() else places
    nearest = places[np.argmin(np.hypot(scene.edge.x_m[places] - x_m, scene.edge.y_m[places] - y_m))]
    crew.mopping, crew.gap, crew.method = True, 1, WATER if crew.water else DIRECT
    go_to(scene, crew, int(scene.edge.outline.cells[nearest]), x_m, y_m)
    return True


def settle_watch(scene: Scene, crew: LineCrew, x_m: float, y_m: float, taken: Collection[int]) -> bool:
    """Give a crew at a point line of a fire that is all mopped up to watch, as far from the others as there is.

    Args:
        scene: the fires now.
        crew: changed in place: cell, method, metres to walk.
        x_m: where it stands, metres east of the south-west corner.
        y_m: the same, metres north.
        taken: cells of other crews that watch.

    Returns:
        False where there is no line.
    """
    edge = scene.edge
    places = np.flatnonzero(edge.line & (edge.fire == crew.fire))
    if not len(places):
        return False
    way_m = np.hypot(edge.x_m[places] - x_m, edge.y_m[places] - y_m)
    others = np.flatnonzero(np.isin(edge.outline.cells, list(taken)))
    apart_m = np.array(
        [
            np.hypot(edge.x_m[others] - edge.x_m[at], edge.y_m[others] - edge.y_m[at]).min(initial=np.inf)
            for at in places
        ]
    )
    # Of places as far from the others the nearest to walk to.
    best = places[np.lexsort((way_m, -apart_m))[0]]
    crew.mopping, crew.gap, crew.method = True, 1, DIRECT
    go_to(scene, crew, int(edge.outline.cells[best]), x_m, y_m)
    return True


def go_to(scene: Scene, crew: LineCrew, cell: int, x_m: float, y_m: float) -> None:
    """Turn to a cell from a point; what has been built counts on only if it is the next one."""
    # On its way there already: what it has walked and built must count on.
    if cell == crew.cell:
        return
    if crew.walk_m > 0:
        # Under way to another place: it goes on from where it is, not from there.
        x_m, y_m = scene.xy_m(where(scene, crew))
    to_x_m, to_y_m = scene.xy_m(cell)
    apart_m = math.hypot(to_x_m - x_m, to_y_m - y_m)
    # Where it has begun, hands of it are already.
    near = cell in crew.begun_m2 or apart_m <= NEAR * max(scene.landscape.cell_x_m, scene.landscape.cell_y_m)
    crew.cell, crew.walk_m, crew.came_from_m = cell, 0.0 if near else apart_m, (x_m, y_m)
    # A gap in the line holds nothing: what was built elsewhere does not count for the new place.
    if not near:
        crew.carried_m2 = 0.0
        crew.begun_m2.clear()
        crew.line.clear()
        crew.unlit.clear()


def go_ahead(
    scene: Scene,
    crew: LineCrew,
    place: int,
    x_m: float,
    y_m: float,
    gaps: Sequence[int] = GAPS,
    together: Collection[Hands] = (),
) -> bool:
    """Take the crew out in front of a place of the edge, as near as time allows; False: it cannot.

    Args:
        scene: the fires now.
        crew: changed in place where it goes: cell, gap, method, metres to walk.
        place: of the edge.
        x_m: where it stands, metres east of the south-west corner.
        y_m: the same, metres north.
        gaps: distances from burnt ground that it may choose from, in cells, the nearest first.
        together: all who begin there with it, itself among them; empty: it is alone.
    """
    edge = scene.edge
    if edge.flame_m[place] > scene.parameters.indirect_flame_limit_m:
        return False
    rate_m_h = max(60 * float(edge.rate_m_min[place]), 1e-9)
    for gap in gaps:
        method = PARALLEL if gap == GAPS[0] else INDIRECT
        # the front must still be `gap - 1` cells off when `STRETCH` cells of line are done, with time in hand
        # against the flames of the edge: those in front are not known before it has chosen where
        width_m = needed_width_m(float(scene.to_hold_m(1)[place]), method, scene.parameters)
        room, cell = STRETCH * room_hands(scene.cell_m, width_m, scene.parameters), int(edge.outline.cells[place])
        pace_m_h = min(crew.hands, room) * scene.pace_m2(crew, method, cell) / width_m
        if (gap - 1) * pace_m_h < IN_HAND * STRETCH * rate_m_h:
            left_h = (gap - 1) * scene.cell_m / rate_m_h / IN_HAND
            laid_m2 = labour(scene, crew.fire, together, method, cell, room)(left_h)
            if laid_m2 < STRETCH * scene.cell_m * width_m:
                continue
        target = _next_ahead(scene, crew, gap, place)
        if target >= 0:
            crew.gap, crew.method = gap, method
            go_to(scene, crew, int(scene.ahead(gap).outline.cells[target]), x_m, y_m)
        return target >= 0
    return False


def _next_ahead(scene: Scene, crew: LineCrew, gap: int, place: int) -> int:
    """The place on the rings in front where the crew goes on: what it has begun, after its line, near to the edge."""
    ahead = scene.ahead(gap)
    own = ahead.place_of.get(crew.cell, -1)
    if own >= 0 and crew.cell in crew.begun_m2 and ahead.open[own]:
        return own
    for cell in reversed(crew.line):
        if cell in ahead.place_of:
            return ahead.next_open(ahead.place_of[cell], crew.way)
    return ahead.nearest(float(scene.edge.x_m[place]), float(scene.edge.y_m[place]), ahead.open)


Means = tuple[int, float, float]
"""How a crew builds, metres of edge for which its water lasts, share of its people at the edge."""


class LineSpot(NamedTuple):
    """Where hands can build."""

    cell: int
    fire: int
    flame_m: float
    """As they are."""
    to_hold_m: float
    """Longest flames that the line is built for."""
    length_m: float
    """Of the line in the cell."""


def room_hands(length_m: float, width_m: float, parameters: Parameters) -> float:
    """People who can work at once on a piece of line, at least one; all that come where no spacing is asked.

    They stand `hand_spacing_m` apart, side by side along the line, and on wide line in rows.

    Args:
        length_m: of the piece.
        width_m: of the line.
        parameters: of the scenario.
    """
    apart_m = parameters.hand_spacing_m
    return max(1.0, length_m / apart_m * max(1.0, width_m / apart_m)) if apart_m > 0 else math.inf


def labour(
    scene: Scene, fire: int, together: Collection[Hands], method: int, cell: int, room: float
) -> Callable[[float], float]:
    """Line, m2, that people at a fire lay together in so many hours from now, each from when he can begin.

    Who can begin first has the room: others who come later, or never, take none of it from him.

    Args:
        scene: the fires now.
        fire: at which they are.
        together: the people.
        method: by which they work.
        cell: on ground as in this one.
        room: for so many at once.
    """
    come = [(some.in_h, scene.pace_of(fire, some, method, cell), some.number) for some in together]
    paces = list[tuple[float, float]]()
    # Of those who come together the fastest has the room.
    for in_h, pace_m2_h, number in sorted(come, key=lambda crew: (crew[0], -crew[1])):
        hands = min(number, room)
        room -= hands
        # Without a known way nobody begins, be it before a fire that never comes: infinite less infinite is no number.
        if hands * pace_m2_h > 0 and in_h < math.inf:
            paces.append((hands * pace_m2_h, in_h))

    def laid_m2(hours: float) -> float:
        return math.fsum(pace_m2_h * max(hours - in_h, 0.0) for pace_m2_h, in_h in paces)

    return laid_m2


class Turn:
    """What one crew does with its person-hours in a step.

    It walks, then builds or mops up cell by cell until they are used.
    """

    def __init__(
        self,
        scene: Scene,
        mop: MopUp,
        crew: LineCrew,
        others: Collection[LineCrew],
        walk_kmh: float,
        wind_ms: float,
        hose: Hose,
    ) -> None:
        self.scene, self.mop, self.crew, self.others, self.hose = scene, mop, crew, others, hose
        self.walk_kmh = walk_kmh
        self.hours = self.hours_left = 0.0
        self.bodies = 1.0
        self.may_light = wind_ms <= scene.parameters.burning_out_wind_ms
        self.closed: list[tuple[int, int, float]] = []
        """(fire, cell, width in m) of line."""
        self.built_m: dict[int, float] = {}
        """By method."""
        self.burn_out: list[tuple[int, int]] = []
        """(fire, cell) that the crew lights behind its line."""
        self.taken_m = 0.0
        """Of line in front of the fire that was not closed when the fire came."""
        self.lost = False
        """Nothing left that it can do here."""

    def work(self, person_h: float, hours: float, persons: float = 0.0) -> None:
        """Use `person_h` person-hours that the crew has put in over `hours` hours.

        What it did stands in the fields after. `persons`: its people, who take up room however weary they are; 0: as
        many as the person-hours are at full strength.
        """
        crew = self.crew
        crew.hands = person_h / hours
        self.hours = self.hours_left = hours
        self.bodies = max(persons / crew.hands, 1.0)
        left_h = person_h
        self._give_up_taken()
        self._burn_out()
        while left_h > LEAST_H and not self.lost:
            if not (self._mops_on() if crew.mopping else self._goes_on()):
                self.lost = True
                break
            left_h = self._walk(left_h)
            left_h = self._mop(left_h) if crew.mopping else self._build(left_h)

    def _walk(self, left_h: float) -> float:
        crew = self.crew
        speed_m_h = 1000 * self.walk_kmh
        walked_m = min(crew.walk_m, left_h / crew.hands * speed_m_h)
        crew.walk_m -= walked_m
        # All hands walk side by side: the way costs hours of the clock, and with them room at the edge.
        self.hours_left = max(self.hours_left - walked_m / speed_m_h, 0.0)
        return left_h - walked_m / speed_m_h * crew.hands

    def _partners(self) -> list[LineCrew]:
        """Crews that work on the same cell."""
        return [other for other in self.others if other.cell == self.crew.cell and other.mopping == self.crew.mopping]

    # ---- line

    def _goes_on(self) -> bool:
        """See to it that the crew stands where there is line to build; False: nowhere."""
        scene, crew = self.scene, self.crew
        if not scene.edge.open.any():
            return False
        place = self._place()
        ahead = scene.ahead(crew.gap)
        x_m, y_m = scene.xy_m(crew.cell)
        if place >= 0:
            apart_m = math.hypot(ahead.x_m[place] - x_m, ahead.y_m[place] - y_m)
            if crew.gap == 1 and apart_m <= FAR * scene.cell_m and ahead.flame_m[place] <= crew.flame_limit_m:
                go_to(scene, crew, int(ahead.outline.cells[place]), x_m, y_m)
                return True
            hot = scene.edge.nearest(x_m, y_m, scene.edge.open)
            if apart_m <= FAR * scene.cell_m and hot >= 0 and go_ahead(scene, crew, hot, x_m, y_m):
                return True
        # Who was ordered here asks anew what to do now, all others look for themselves.
        return crew.order == AS_FOUND and settle(scene, crew, x_m, y_m, self.others)

    def _place(self) -> int:
        """Where the crew goes on along the edge, or the rings in front of it; -1: nowhere."""
        crew, scene = self.crew, self.scene
        # The fire has come to the line in front of it: from now on the line is the edge, and the crew works along that.
        if crew.gap > 1 and any(cell in scene.edge.place_of for cell in crew.line[-STRETCH:]):
            crew.gap, crew.method = 1, WATER if crew.water else DIRECT
        edge = scene.ahead(crew.gap)
        at = edge.place_of.get(crew.cell, -1)
        if at >= 0 and edge.open[at]:
            return at
        for cell in reversed(crew.line):
            if cell in edge.place_of:
                return edge.next_open(edge.place_of[cell], crew.way)
        return edge.next_open(at, crew.way) if at >= 0 else self._close_by(edge)

    def _close_by(self, edge: OpenEdge) -> int:
        """An open place near the crew, best one with line, bare ground or another crew behind it; -1: none."""
        crew = self.crew
        x_m, y_m = self.scene.xy_m(crew.cell)
        near = edge.open & (np.hypot(edge.x_m - x_m, edge.y_m - y_m) <= FAR * self.scene.cell_m)
        held = ~edge.open
        # Who works towards the crew closes the other side of the gap, as a road would.
        opposite = (other.cell for other in self.others if other.way != crew.way)
        held[[edge.place_of[cell] for cell in opposite if cell in edge.place_of]] = True
        anchored = near & held[edge.outline.before if crew.way > 0 else edge.outline.after]
        return edge.nearest(x_m, y_m, anchored if anchored.any() else near)

    def _build(self, left_h: float) -> float:
        """Build at the crew's cell and, with those who find no room there, at the next ones along its way.

        Person-hours left when its own cell is closed; else the rest finds no room at all.
        """
        for following, spot in enumerate(self._spots()):
            had_water = not self.hose.is_dry
            left_h, closed = self._build_at(spot, left_h)
            # Out of water before out of time: the rest of it is work by hand.
            if not closed and had_water and self.hose.is_dry:
                left_h, closed = self._build_at(spot, left_h)
            if left_h <= LEAST_H:
                return 0.0
            if closed and not following:
                return left_h
        return 0.0

    def _spots(self) -> Iterator[LineSpot]:
        """The crew's cell, then those where its hands go on as far as there is one beside the other, and they can."""
        scene, crew = self.scene, self.crew
        edge = scene.ahead(crew.gap)
        own = at = edge.place_of[crew.cell]
        passed = {own}  # own may have been closed by others: then a way round the ring does not come back to it
        chord_m = self._chord_m(edge, own)
        to_hold_m = scene.to_hold_m(crew.gap)
        follow = edge.outline.after if crew.way > 0 else edge.outline.before
        while True:
            length_m = edge.length_m(at, crew.way) if chord_m is None else chord_m
            flames_m = float(edge.flame_m[at]), float(to_hold_m[at])
            yield LineSpot(int(edge.outline.cells[at]), int(edge.fire[at]), *flames_m, length_m)
            before, at = at, edge.next_open(int(follow[at]), crew.way)
            if (
                at == -1
                or at in passed
                or scene.is_too_steep(crew, int(edge.outline.cells[at]))
                or (crew.gap == 1 and edge.flame_m[at] > crew.flame_limit_m)
            ):
                return
            passed.add(at)
            apart_m = math.hypot(edge.x_m[at] - edge.x_m[before], edge.y_m[at] - edge.y_m[before])
            if apart_m > FAR * scene.cell_m:
                return

    def _build_at(self, spot: LineSpot, left_h: float) -> tuple[float, bool]:
        """Build at one spot while hands, time, room and water last; person-hours left, whether it is closed."""
        if left_h <= LEAST_H:
            return 0.0, False
        means = self._means(spot)
        if means[0] == DIRECT and spot.flame_m > self.crew.hand_limit_m and self.crew.water:
            self.hose.waited_h += left_h / self.crew.hands
            return 0.0, False
        return self._lay(left_h, spot, *self._asked(spot, means[0]), means)

    def _asked(self, spot: LineSpot, method: int) -> tuple[float, float]:
        """Width (m) and area (m2) of the line that a spot asks for, built in one way."""
        width_m = needed_width_m(spot.to_hold_m, method, self.scene.parameters)
        return width_m, spot.length_m * width_m

    def _lay(self, left_h: float, spot: LineSpot, width_m: float, needed_m2: float, means: Means) -> tuple[float, bool]:
        """Lay line at a spot, on top of what it and others have begun there; as `_build_at`."""
        crew = self.crew
        method, most_m, at_edge = means
        crew.width_m = width_m
        rate = self.scene.pace_m2(crew, method, spot.cell) * at_edge
        # Bodies, not strength, take up room.
        abreast = self.bodies * at_edge
        usable_h = min(left_h, self._room_h(spot, width_m) / abreast) if abreast > 0 else left_h
        together = [crew, *(other for other in self.others if spot.cell in other.begun_m2)]
        carried_m2 = math.fsum([crew.carried_m2, *(worker.begun_m2.get(spot.cell, 0.0) for worker in together)])
        missing_m2 = max(needed_m2 - carried_m2, 0.0)
        laid_m2 = min(missing_m2, usable_h * rate, most_m * width_m)
        used_h = laid_m2 / rate if rate > 0 else usable_h
        self.scene.worked_h[spot.cell] = self.scene.worked_h.get(spot.cell, 0.0) + used_h * abreast
        self.built_m[method] = self.built_m.get(method, 0.0) + laid_m2 / width_m
        if method == WATER:
            self.hose.put_out(laid_m2 / width_m)
        closed = laid_m2 >= missing_m2
        if closed:
            for worker in together:
                worker.begun_m2.pop(spot.cell, None)
            # Only what it brought itself: what partners had begun here is used up with the cell.
            crew.carried_m2 = min(crew.carried_m2, max(carried_m2 - needed_m2, 0.0))
            self._close(spot.cell, spot.fire, width_m)
        else:
            crew.begun_m2[spot.cell] = crew.begun_m2.get(spot.cell, 0.0) + crew.carried_m2 + laid_m2
            crew.carried_m2 = 0.0
        return left_h - used_h, closed

    def _room_h(self, spot: LineSpot, width_m: float) -> float:
        """Person-hours of bodies for which there is still room at a spot in this step."""
        hands = room_hands(spot.length_m, width_m, self.scene.parameters)
        if hands == math.inf:
            return math.inf
        # What is left of its own time, and of the room of the step that others have taken up already.
        return max(0.0, min(hands * self.hours_left, hands * self.hours - self.scene.worked_h.get(spot.cell, 0.0)))

    def _means(self, spot: LineSpot) -> Means:
        """How the crew works now: method, metres of edge for which its water lasts, share of its people at the edge.

        Who masters the flames without water and is quicker with all hands, pumps left alone, works by hand.
        """
        crew, hose = self.crew, self.hose
        if crew.method != WATER:
            return crew.method, math.inf, 1.0
        if hose.is_dry:
            return DIRECT, math.inf, 1.0
        wet, by_hand = self._pace_m(WATER, spot) * hose.at_edge, self._pace_m(DIRECT, spot)
        if spot.flame_m <= crew.hand_limit_m and by_hand > wet:
            return DIRECT, math.inf, 1.0
        return WATER, hose.edge_m(), hose.at_edge

    def _pace_m(self, method: int, spot: LineSpot) -> float:
        """Metres of edge that a person-hour closes at the crew's cell."""
        width_m = needed_width_m(spot.to_hold_m, method, self.scene.parameters)
        return self.scene.pace_m2(self.crew, method, self.crew.cell) / width_m

    def _chord_m(self, edge: OpenEdge, place: int) -> float | None:
        """Metres of line that a cell costs, the same for all ways: its part of the chord from some cells back.

        None in the first cells of a line, which cost the edge between them and their neighbours.
        """
        crew = self.crew
        # Steps from cell to cell are right on the average of directions only (`STEP_LENGTH`), a chord in each.
        if len(crew.line) < CHORD:
            return None
        from_x_m, from_y_m = self.scene.xy_m(crew.line[-CHORD])
        return math.hypot(edge.x_m[place] - from_x_m, edge.y_m[place] - from_y_m) / CHORD

    def _close(self, cell: int, fire: int, width_m: float) -> None:
        crew = self.crew
        self.scene.close(cell)
        self.closed.append((fire, cell, width_m))
        crew.line.append(cell)
        if crew.gap > 1:
            crew.unlit.append(cell)
            self._burn_out()

    @property
    def _in_front(self) -> bool:
        """Whether it works in front of the fire, and not at its edge."""
        return self.crew.gap > 1

    def _give_up_taken(self) -> None:
        """What was begun in front of the fire is lost when the fire takes it; at the edge it moves on with it.

        In front it moves on as well where the crew keeps its distance from a fire that comes.
        """
        crew, burnt = self.crew, self.scene.burnt
        for cell in list(crew.begun_m2):
            if burnt[cell] and self._in_front:
                self.taken_m += crew.begun_m2.pop(cell) / crew.width_m
            elif burnt[cell] or (crew.gap > 1 and cell not in self.scene.ahead(crew.gap).place_of):
                crew.carried_m2 += crew.begun_m2.pop(cell)

    def _burn_out(self) -> None:
        """Burn out behind all line in front of the fire but the last cells, where wind allows; else it waits."""
        crew = self.crew
        if not self.may_light or len(crew.unlit) <= STRETCH:
            return
        ready = [cell for cell in crew.unlit[:-STRETCH] if not self._begun_near(cell)]
        crew.unlit = [cell for cell in crew.unlit if cell not in ready]
        for cell in ready:
            self._light(crew.fire, cell)

    def _begun_near(self, cell: int) -> bool:
        """Whether line beside one of its cells is begun and not closed."""
        begun = [other for other in self.crew.begun_m2 if not self.scene.blocked[other]]
        return bool(begun) and bool(np.isin(around(cell, STRETCH - 1, self.scene.landscape), begun).any())

    def _light(self, fire: int, cell: int) -> None:
        """Burn out the ground between a cell of the line and the fire, unless it burns near by."""
        scene = self.scene
        near = around(cell, STRETCH - 1, scene.landscape)
        # One fire is enough to burn out the ground between.
        if scene.burnt[near].any() or any(lit in near for _, lit in self.burn_out):
            return
        beside = around(cell, 1, scene.landscape)
        # Never beside itself: where it goes on, the line is not built yet.
        keep_off = around(self.crew.cell, STRETCH - 1, scene.landscape)
        inside = self._before_line(cell, beside[~np.isin(beside, keep_off)])
        self.burn_out += [(fire, int(lit)) for lit in inside[:1]]

    def _before_line(self, cell: int, beside: Cells) -> Cells:  # noqa: ARG002 - who holds a line looks from there
        """Those of the cells beside one of the line that lie between it and the fire."""
        return beside[self.scene.between(self.crew.gap)[beside]]

    # ---- mopping up

    def _mops_on(self) -> bool:
        scene, crew = self.scene, self.crew
        at = scene.edge.place_of.get(crew.cell, -1)
        if at >= 0 and scene.edge.line[at] and not self.mop.done[crew.cell]:
            return True
        x_m, y_m = scene.xy_m(crew.cell)
        taken = {other.cell for other in self.others if other.mopping}
        # Who is on the way to line to be watched goes on; who is there stays.
        return settle_mopping(scene, self.mop, crew, x_m, y_m, taken) or bool(
            crew.walk_m > 0 and self.mop.done[crew.cell]
        )

    def _mop(self, left_h: float) -> float:
        """Mop up the crew's cell, with water while it lasts, then by hand; person-hours left when it is done."""
        edge, crew = self.scene.edge, self.crew
        if left_h <= LEAST_H or self.mop.done[crew.cell]:
            return 0.0
        length_m = float(edge.share_m[edge.place_of[crew.cell]])
        needed_h = length_m * self.mop.person_h_m
        together = [crew, *self._partners()]
        missing_h = max(needed_h - math.fsum(partner.carried_mop_h for partner in together), 0.0)
        # With pumps that take more hands than the water saves it is done by hand.
        wet = crew.water and not self.hose.is_dry and self.mop.water_factor < self.hose.at_edge
        factor = self.mop.water_factor / self.hose.at_edge if wet else 1.0
        lasts_h = self.hose.mop_up_m() * self.mop.person_h_m if wet else math.inf
        done_h = min(missing_h, left_h / factor, lasts_h)
        if wet and needed_h:
            self.hose.mop_up(length_m * done_h / needed_h)
        if done_h < missing_h:
            crew.carried_mop_h += done_h
            return left_h - done_h * factor if done_h < left_h / factor else 0.0
        for partner in together:
            partner.carried_mop_h = 0.0
        self.mop.done[crew.cell] = True
        return left_h - done_h * factor
