"""Lines that crews are ordered to hold, breaks that stand, and places that are protected."""

from __future__ import annotations

import math

import numpy as np
import pytest

from simrescue.hazards.base import INDIRECT, Hands, Order, Refusal, Tactic, Tools, Work
from simrescue.hazards.wildfire.orders import FireLinePoint
from simrescue.hazards.wildfire.settings import Wildfire
from simrescue.hazards.wildfire.spread.front import Front
from simrescue.hazards.wildfire.suppression.fireline import Fireline, LineDraws
from simrescue.hazards.wildfire.suppression.line.held_lines import HeldLine, LinesOnGround, ring_around, straight_line
from simrescue.hazards.wildfire.suppression.line.line_rates import area_rates
from simrescue.hazards.wildfire.suppression.line_building import labour
from simrescue.hazards.wildfire.suppression.standing_breaks import StandingBreaks
from tests.hazards.test_fireline import CELL_M, DEFAULT, STEP_H, Story, even, ground

EAST = math.pi / 2
LAND = ground()
SIZE = LAND.shape[0]


def points(name: str, *cells: tuple[int, int], width_m: float = 0.0) -> tuple[FireLinePoint, ...]:
    """A line through the middles of cells (row, column)."""
    made = []
    for number, (row, column) in enumerate(cells):
        lon, lat = LAND.centre(row * SIZE + column)
        made.append(FireLinePoint(line=name, point=number, lon=float(lon), lat=float(lat), width_m=width_m))
    return tuple(made)


def story(*lines: FireLinePoint, head: float = 3.0, intensity: float = 300.0, breach: float = 1.0) -> Story:
    """A fire in the middle that runs east, on ground with lines."""
    told = Story(even(LAND.n_cells, head=head, ratio=3.0, towards=EAST, intensity=intensity), LAND)
    n = LAND.n_cells
    told.front = Front(*LAND.shape, LAND.cell_x_m, LAND.cell_y_m, LAND.burns)
    told.front.turn(even(n, head=head, ratio=3.0, towards=EAST, intensity=intensity))
    on_ground = LinesOnGround(LAND, lines, None)
    told.front.block(on_ground.standing)
    draws = LineDraws(np.full(n, 1e9), np.full(n, breach))
    rules = Wildfire(kind="wildfire", burn_out_h=0.5)
    told.line = Fireline(told.front, LAND, area_rates(LAND, DEFAULT), draws, rules, DEFAULT, lines=on_ground)
    told.front.ignite([told.middle], 0, 0.0)
    told.now = 0.0
    told.step()
    return told


def at_line(
    told: Story, crew: int, order: Order, row: int, column: int, together: tuple[Hands, ...] = ()
) -> Refusal | None:
    """A crew that stands in a cell is ordered to a line."""
    lon, lat = LAND.centre(row * SIZE + column)
    tools = Tools(1.5, True, False, hands=20.0, together=together)
    post = told.line.take_post(crew, 0, float(lon), float(lat), tools, order)
    assert post is not None
    return post.refused


# ---- where lines lie


def test_a_line_is_as_long_as_its_way_and_its_cells_touch() -> None:
    line = straight_line(LAND, points("a", (10, 10), (10, 40), (40, 61)))
    way_m = 30 * CELL_M + math.hypot(30, 21) * CELL_M
    assert line.length_m.sum() == pytest.approx(way_m, rel=1e-6)
    rows, columns = np.divmod(line.cells, SIZE)
    assert (np.maximum(abs(np.diff(rows)), abs(np.diff(columns))) == 1).all()
    assert len(set(line.cells.tolist())) == len(line.cells)


def test_points_count_by_their_number_and_not_by_their_row() -> None:
    ends = points("a", (10, 10), (10, 40), (40, 40))
    assert (straight_line(LAND, ends[::-1]).cells == straight_line(LAND, ends).cells).all()


def test_what_lies_off_the_landscape_or_cannot_burn_has_no_cells() -> None:
    off = FireLinePoint(line="a", point=1, lon=-0.01, lat=0.0)
    line = straight_line(LAND, (*points("a", (50, 5))[:1], off))
    assert 0 < len(line.cells) <= 6
    bare = ground(fuel=98)
    assert not len(straight_line(bare, points("a", (10, 10), (10, 40))).cells)


def test_a_ring_goes_all_round_and_lies_outside() -> None:
    rows, columns = np.mgrid[20:24, 30:33]
    inside = (rows * SIZE + columns).ravel()
    ring = ring_around(LAND, inside)
    assert not set(ring.cells.tolist()) & set(inside.tolist())
    told = Story(land=LAND)
    told.front.block(ring.cells)
    told.front.ignite([int(inside[0])], 0, told.now)
    told.run(12)
    outside = np.setdiff1d(np.arange(LAND.n_cells), inside)
    first = told.front.fire_of[outside] >= 0
    assert told.front.fire_of[inside].max() == 0
    assert told.front.fire_of[ring.cells].max() < 0
    assert first.any()


# ---- breaks that stand


@pytest.mark.parametrize(("draw", "crosses"), [(1.0, False), (0.0, True)])
def test_a_break_that_stands_holds_by_its_width_whether_anybody_fights_or_not(draw: float, crosses: bool) -> None:
    wall = points("a", (0, 70), (SIZE - 1, 70), width_m=20.0)
    told = story(*wall, head=10.0, intensity=3000.0, breach=draw)
    told.run(3)
    beyond = told.front.fire_of.reshape(LAND.shape)[:, 71:]
    assert (beyond >= 0).any() == crosses
    free = Front(*LAND.shape, LAND.cell_x_m, LAND.cell_y_m, LAND.burns)
    lines = LinesOnGround(LAND, wall, None)
    free.turn(even(LAND.n_cells, head=10.0, ratio=3.0, towards=EAST, intensity=3000.0))
    free.block(lines.standing)
    free.ignite([told.middle], 0, 0.0)
    breaks = StandingBreaks(LAND, lines, draw, DEFAULT)
    for step in range(1, round(3 / STEP_H)):
        free.advance(step * STEP_H)
        breaks.let_through(free, step * STEP_H)
    assert (free.fire_of.reshape(LAND.shape)[:, 71:] >= 0).any() == crosses


# ---- lines that are ordered


def test_crews_build_the_line_that_is_ordered_before_the_fire_comes_as_wide_as_ordered() -> None:
    told = story(*points("ridge", (45, 90), (55, 90)), head=1.0)
    order = Order(Tactic.HOLD, line="ridge", width_m=6.0)
    assert at_line(told, 0, order, 50, 92) is None
    done = [told.step(Work(0, 40 * STEP_H)) for _ in range(round(9 / STEP_H))]
    lines = [line for one in done for line in one.lines]
    ridge = told.line.lines.named["ridge"].cells
    assert sorted(cell for _, _, cell, _ in lines) == sorted(ridge.tolist())
    assert {width for *_, width in lines} == {6.0}
    built_m = sum(metres for one in done for _, metres, _ in one.built)
    assert built_m == pytest.approx(10 * CELL_M, rel=1e-6)
    assert told.line.post(0) is not None  # it waits for the fire


def test_two_crews_share_a_line_and_build_it_once() -> None:
    told = story(*points("ridge", (40, 90), (60, 90)), head=0.5)
    order = Order(Tactic.HOLD, line="ridge", width_m=3.0)
    assert [at_line(told, crew, order, row, 92) for crew, row in ((0, 40), (1, 60))] == [None, None]
    cells = []
    for _ in range(round(9 / STEP_H)):
        cells += [cell for _, _, cell, _ in told.step(Work(0, 20 * STEP_H), Work(1, 20 * STEP_H)).lines]
    assert len(cells) == len(set(cells)) == 21


def test_they_burn_out_from_it_on_the_side_of_the_fire_and_only_as_it_comes() -> None:
    told = story(*points("ridge", (30, 80), (70, 80)), head=3.0)
    assert at_line(told, 0, Order(Tactic.HOLD, line="ridge", width_m=3.0), 50, 82) is None
    lit: list[int] = []
    for _ in range(round(5 / STEP_H)):
        now = told.step(Work(0, 400 * STEP_H)).lit
        if now and not lit:
            row, column = 50, 80
            x_m, y_m = told.line.scene.xy_m(row * SIZE + column)
            assert told.front.least_way_h(x_m, y_m) <= DEFAULT.hold_burn_out_h + STEP_H
        lit += [cell for _, _, cell in now]
    assert lit
    assert {cell % SIZE for cell in lit} == {79}


def test_a_line_that_the_fire_reaches_first_is_refused() -> None:
    told = story(*points("ridge", (45, 60), (55, 60)), head=10.0)
    assert at_line(told, 0, Order(Tactic.HOLD, line="ridge", width_m=30.0), 50, 95) == Refusal.TOO_LATE


def test_crews_that_are_ordered_together_judge_by_the_hands_of_all() -> None:
    ridge, order = points("ridge", (45, 75), (55, 75)), Order(Tactic.HOLD, line="ridge", width_m=65.0)
    assert at_line(story(*ridge, head=1.0), 0, order, 50, 77) == Refusal.TOO_LATE
    assert at_line(story(*ridge, head=1.0), 0, order, 50, 77, (Hands(1000.0, trained=True),)) is None
    machines = Hands(20.0, trained=False, machines=(0.0, 1.0))
    assert at_line(story(*ridge, head=1.0), 0, order, 50, 77, (Hands(20.0, trained=True), machines)) is None


def test_who_is_still_on_the_road_counts_from_when_he_can_begin() -> None:
    ridge, order = points("ridge", (45, 75), (55, 75)), Order(Tactic.HOLD, line="ridge", width_m=65.0)
    own = Hands(20.0, trained=True)
    for in_h, refused in ((0.5, None), (20.0, Refusal.TOO_LATE)):
        coming = Hands(1000.0, trained=True, in_h=in_h)
        assert at_line(story(*ridge, head=1.0), 0, order, 50, 77, (own, coming)) == refused


@pytest.mark.parametrize("in_h", [0.0, 5.0, math.inf])
def test_who_comes_later_or_never_takes_no_room_from_those_who_are_there(in_h: float) -> None:
    scene, cell = story(head=1.0).line.scene, 50 * SIZE + 75
    own, late = Hands(20.0, trained=True), Hands(500.0, trained=False, in_h=in_h)
    alone, both = (labour(scene, 0, hands, INDIRECT, cell, 30.0) for hands in ((own,), (late, own)))
    for hours in (0.0, 4.0, 12.0, math.inf):
        assert both(hours) >= alone(hours)
    assert (both(12.0) > alone(12.0)) == (in_h < 12.0)
    assert labour(scene, 0, (own, own), INDIRECT, cell, 20.0)(4.0) == alone(4.0) > 0, "no more than there is room for"


def test_a_ring_that_cannot_be_closed_in_time_is_not_begun() -> None:
    """Of an open line as much as can be done keeps the fire out there; through a gap in a ring it comes in."""
    inside = np.array([(50 + row) * SIZE + 75 + column for row in range(-2, 3) for column in range(-2, 3)])
    order = Order(Tactic.PROTECT, place=0, width_m=20.0)
    for persons, refused in ((20.0, Refusal.TOO_LATE), (300.0, None)):
        told = story(head=1.0)
        ring = told.line.held[order] = HeldLine(ring_around(LAND, inside), order.width_m)
        assert at_line(told, 0, order, 50, 77, (Hands(persons, trained=True),)) == refused
        told.line.held[order] = HeldLine(ring.ground._replace(inside=frozenset()), order.width_m)
        told.line.leave(0)
        assert at_line(told, 1, order, 50, 77, (Hands(persons, trained=True),)) is None


def test_nobody_builds_where_the_fire_has_been() -> None:
    told = story(*points("ridge", (45, 62), (55, 62)), head=2.0)
    order = Order(Tactic.HOLD, line="ridge", width_m=60.0)
    assert at_line(told, 0, order, 50, 64, (Hands(1000.0, trained=True),)) is None
    for _ in range(round(6 / STEP_H)):
        done = told.step(Work(0, 20 * STEP_H))
        post = told.line.crews.get(0)
        held = post is not None and post.held is not None
        if held and told.front.fire_of[told.line.lines.named["ridge"].cells].min() >= 0:
            assert not done.built
    assert (told.front.fire_of[told.line.lines.named["ridge"].cells] >= 0).any()


def test_a_break_that_stands_is_wide_enough_or_is_only_widened() -> None:
    told = story(*points("ridge", (45, 90), (55, 90), width_m=4.0), head=1.0)
    assert at_line(told, 0, Order(Tactic.HOLD, line="ridge", width_m=4.0), 50, 92) is None  # to burn out from it
    done = [told.step(Work(0, 40 * STEP_H)) for _ in range(12)]
    assert not [line for one in done for line in one.lines]

    def hours(standing_m: float) -> int:
        other = story(*points("ridge", (45, 90), (55, 90), width_m=standing_m), head=1.0)
        assert at_line(other, 0, Order(Tactic.HOLD, line="ridge", width_m=8.0), 50, 92) is None
        for step in range(999):
            other.step(Work(0, 40 * STEP_H))
            if other.line.held[Order(Tactic.HOLD, line="ridge", width_m=8.0)].done.all():
                return step
        return 999

    assert hours(4.0) == pytest.approx(hours(0.0) / 2, abs=2)


def test_a_wider_line_never_lets_a_front_through_that_a_narrower_one_holds() -> None:
    crossed = []
    for width_m in (2.0, 6.0, 12.0, 24.0):
        told = story(*points("a", (0, 70), (SIZE - 1, 70), width_m=width_m), head=10.0, intensity=3000.0, breach=0.3)
        crossed.append({cell for _ in range(round(3 / STEP_H)) for _, cell in told.step().breaches})
    assert crossed[0]
    assert not crossed[-1]
    assert [len(one) for one in crossed] == sorted((len(one) for one in crossed), reverse=True)
