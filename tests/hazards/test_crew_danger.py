"""What leaders know of danger, and what befalls crews that stay: foreseen, cut off, entrapped, burned over."""

from __future__ import annotations

import math
from functools import partial

import numpy as np
import pytest

from simrescue.hazards.base import Effort
from simrescue.hazards.wildfire.behaviour.rothermel import Moisture, Spread
from simrescue.hazards.wildfire.landscape.terrain import DEGREE_M, Landscape
from simrescue.hazards.wildfire.settings import Wildfire
from simrescue.hazards.wildfire.spread.front import Front
from simrescue.hazards.wildfire.suppression.crew_danger import Foreseen, around, cell_at, cells_at, margin_h, where
from simrescue.hazards.wildfire.suppression.fireline import Fireline, LineDraws, Worked
from simrescue.hazards.wildfire.suppression.line.line_posts import LineCrew
from simrescue.hazards.wildfire.suppression.line.line_rates import area_rates
from simrescue.parameters import Parameters

DEFAULT = Parameters()
CELL_M, SIZE, STEP_H, BURN_OUT_H = 30.0, 61, 1 / 12, 0.5
MIDDLE = SIZE // 2
LITTER, BRUSH = 8, 4
COOL_KW_M, HOT_KW_M = 200.0, 6000.0
"""Flames of 0.9 m, which hand tools master, and of 4.2 m."""
STRONG_MS = 12.0
"""Wind of the hot fire, 10 m above open ground."""


class Story:
    """A fire in the middle of a level square of one fuel that spreads at 30 m/h all round, and crew 0 by it."""

    def __init__(self, fuel: int = LITTER, foreseen: tuple[float, Spread] | None = None, **rules: object) -> None:
        still, degrees = np.zeros((SIZE, SIZE)), CELL_M / DEGREE_M
        fuels = np.full((SIZE, SIZE), fuel, np.int16)
        self.land = Landscape(0.0, degrees * SIZE / 2, degrees, degrees, fuels, still, still, still)
        self.front = Front(SIZE, SIZE, CELL_M, CELL_M, self.land.burns)
        self.front.turn(even(self.land.n_cells, 0.5))
        n = self.land.n_cells
        settings = Wildfire(kind="wildfire", burn_out_h=BURN_OUT_H, walk_kmh=2.0, **rules)  # type: ignore[arg-type]

        def forecast(_: float, within_h: float) -> list[Foreseen]:
            if foreseen is None or foreseen[0] >= within_h:
                return []
            return [Foreseen(foreseen[0], self.coming_ms, partial(over, foreseen[1]))]

        draws = LineDraws(np.full(n, np.inf), np.ones(n))
        self.line = Fireline(self.front, self.land, area_rates(self.land, DEFAULT), draws, settings, DEFAULT, forecast)
        self.front.ignite([cell(0, 0)], 0, 0.0)
        self.now, self.coming_ms = 0.0, STRONG_MS
        self.wind_ms, self.temperature_c, self.humidity = 2.0, 20.0, 0.4
        self.moisture = Moisture(0.06, 0.06, 0.06, 0.6, 0.9)

    def step(self) -> Worked:
        self.now += STEP_H
        self.front.advance(self.now)
        return self.line.work(self.now, Effort(), self)

    def run(self, hours: float) -> None:
        for _ in range(round(hours / STEP_H)):
            self.step()

    def crew(self, north: int, east: int, limit_m: float = 1.5) -> None:
        self.line.crews[0] = LineCrew(0, limit_m, True, cell(north, east))

    def edge(self) -> int:
        """Cells from the middle east to the first unburnt one."""
        return int(np.argmin((self.front.fire_of >= 0).reshape(SIZE, SIZE)[MIDDLE, MIDDLE:]))

    def turns(self, spread: Spread) -> None:
        self.front.turn(spread)
        self.step()


def over(spread: Spread, cells: np.ndarray) -> Spread:
    return Spread(*(layer[cells] for layer in spread[:4]))


def cell(north: int, east: int) -> int:
    return (MIDDLE - north) * SIZE + MIDDLE + east


def even(n: int, head_m_min: float, heat_kw_m: float = COOL_KW_M, ratio: float = 1.0) -> Spread:
    """Everywhere the same; the head runs east."""
    one, e = np.ones(n), math.sqrt(1 - 1 / ratio**2)
    return Spread(one * head_m_min, one * math.pi / 2, one * e, one * heat_kw_m)


HOT = even(SIZE * SIZE, 10.0, HOT_KW_M, 3.0)


# ---- what leaders know


def test_a_forecast_turn_is_danger_before_it_comes_and_only_when_it_is_near() -> None:
    """At the eastern edge in brush a head of 10 m/min comes with the turn: half a cell, 1.5 min, after it."""
    story = Story(BRUSH, foreseen=(0.2, HOT))
    story.run(3)
    story.crew(0, story.edge())
    danger = story.line.danger(0)
    assert danger.foreseen
    assert danger.hours == pytest.approx(0.2 + 1.5 / 60, abs=0.01)
    far = Story(BRUSH, foreseen=(0.9, HOT))
    far.run(3)
    far.crew(0, far.edge())
    assert far.line.danger(0).hours == math.inf


def test_without_a_forecast_the_turn_is_danger_when_it_is_there() -> None:
    story = Story(BRUSH)
    story.run(3)
    story.crew(0, story.edge())
    assert story.line.danger(0).hours == math.inf
    story.front.turn(HOT)
    story.line.work(story.now, Effort(), story)
    danger = story.line.danger(0)
    assert not danger.foreseen
    assert danger.hours < 0.05


def test_who_has_no_lookout_does_not_see_a_run_from_beyond_its_sight() -> None:
    """Five cells, 150 m, east of the edge when the front begins to run there."""
    hours = {}
    for lookouts in (True, False):
        story = Story(BRUSH, lookouts=lookouts)
        story.run(3)
        story.crew(0, story.edge() + 4)
        story.front.turn(HOT)
        story.line.work(story.now, Effort(), story)
        hours[lookouts] = story.line.danger(0).hours
    assert hours[True] == pytest.approx(120 / 600, rel=0.05)
    assert hours[False] == math.inf


def test_a_crew_on_its_way_is_where_it_is() -> None:
    story = Story()
    story.run(1)
    crew = LineCrew(0, 1.5, True, cell(0, 10), walk_m=150.0, came_from_m=story.line.scene.xy_m(cell(0, 20)))
    assert where(story.line.scene, crew) == cell(0, 15)
    crew.walk_m = 0.0
    assert where(story.line.scene, crew) == cell(0, 10)


def test_black_beside_a_crew_saves_it_where_it_is_large_enough() -> None:
    """Deep black is a zone in brush too, where the fuel that is left lies two cells off; one cell in it is none."""
    deep, narrow = Story(BRUSH, foreseen=(0.1, HOT)), Story(BRUSH, foreseen=(0.1, HOT))
    for story, black in ((deep, True), (narrow, False)):
        story.run(3)
        story.crew(0, story.edge())
        story.front.arrival_h[story.front.fire_of >= 0] = story.now - 2 * BURN_OUT_H * black
    narrow.front.arrival_h[cell(0, narrow.edge() - 1)] = narrow.now - 2 * BURN_OUT_H
    assert deep.line.danger(0).hours < math.inf, "no zone any more in the wind that is coming"
    deep.coming_ms = deep.wind_ms
    deep.step()
    assert deep.line.danger(0).hours == math.inf
    assert narrow.line.danger(0).hours < 0.2


# ---- what befalls them


def test_who_is_surprised_with_one_black_cell_beside_it_is_entrapped_and_without_it_burned_over() -> None:
    done = {}
    for black in (True, False):
        story = Story(BRUSH)
        story.run(3)
        story.crew(0, story.edge())
        story.front.arrival_h[story.front.fire_of >= 0] = story.now
        if black:
            story.front.arrival_h[cell(0, story.edge() - 1)] = story.now - 2 * BURN_OUT_H
        story.front.turn(even(SIZE * SIZE, 60.0, HOT_KW_M, 3.0))
        done[black] = story.step()
    assert done[True].entrapped == ((0, False),)
    assert not done[True].overrun
    assert done[False].overrun == (0,)
    assert not done[False].entrapped


def test_flames_on_all_ways_out_cut_a_crew_off() -> None:
    story = Story(BRUSH)
    story.run(3)
    story.crew(0, 12)
    # A ring of flames around where it stands
    rows, columns = np.divmod(np.arange(story.land.n_cells), SIZE)
    away = np.hypot(rows - MIDDLE, columns - MIDDLE - 12)
    ring = (away >= 2) & (away <= 4)
    story.front.arrival_h[ring], story.front.fire_of[ring] = story.now, 0
    story.line.work(story.now, Effort(), story)
    assert story.line.flee(0, 1.0).cut_off
    free = Story(BRUSH)
    free.run(3)
    free.crew(0, 12)
    assert not free.line.flee(0, 1.0).cut_off


def test_word_of_danger_takes_its_time_where_there_are_lookouts() -> None:
    hours = {}
    for lookouts in (True, False):
        story = Story(lookouts=lookouts)
        story.run(1)
        story.crew(0, 12)
        hours[lookouts] = story.line.flee(0, 1.0).hours
    assert hours[True] - hours[False] == pytest.approx(DEFAULT.warning_h)


def test_bolder_leaders_keep_less_in_hand() -> None:
    margins = [
        margin_h(Wildfire(kind="wildfire", leaders=leaders), DEFAULT)
        for leaders in ("cautious", "standard", "bold")  # type: ignore[arg-type]
    ]
    assert margins == sorted(margins, reverse=True)
    assert margins[-1] < margins[0]


@pytest.mark.parametrize(("rate_m_min", "over"), [(10.0, False), (60.0, True)])
def test_who_walks_faster_than_the_front_gives_way_to_it(rate_m_min: float, over: bool) -> None:
    """On foot 26 m/min."""
    story = Story(BRUSH)
    story.run(3)
    story.crew(0, story.edge())
    story.front.arrival_h[story.front.fire_of >= 0] = story.now
    story.front.turn(even(SIZE * SIZE, rate_m_min, HOT_KW_M, 3.0))
    assert bool(story.step().overrun) is over


def test_single_cells_are_reckoned_as_many_are():
    story = Story()
    story.run(1.0)
    scene, land = story.line.scene, story.land
    for at in (0, SIZE - 1, cell(0, 0), cell(3, -7), SIZE * SIZE - 1):
        assert scene.xy_m(at) == land.xy_m(at)
        assert scene.centre(at) == land.centre(at)
    for x_m, y_m in np.random.default_rng(1).uniform(-CELL_M, (SIZE + 1) * CELL_M, (50, 2)).tolist():
        assert cell_at(land, x_m, y_m) == cells_at(land, np.array([x_m]), np.array([y_m]))[0]


@pytest.mark.parametrize("reach", [1, 2, 15])
@pytest.mark.parametrize("at", [(0, 0), (MIDDLE, 0), (MIDDLE - 1, MIDDLE - 2), (-MIDDLE, -MIDDLE)])
def test_cells_around_one_are_those_within_reach(at: tuple[int, int], reach: int):
    rows, columns = np.divmod(np.arange(SIZE * SIZE), SIZE)
    row, column = divmod(cell(*at), SIZE)
    far = np.maximum(abs(rows - row), abs(columns - column))
    assert around(cell(*at), reach, Story().land).tolist() == np.flatnonzero((far <= reach) & (far > 0)).tolist()


def test_ground_near_the_fire_is_burnt_or_beside_burnt_cells():
    story = Story()
    story.front.ignite([0, cell(5, MIDDLE)], 1, 0.0)
    story.run(3.0)
    burnt = set(np.flatnonzero(story.line.scene.burnt).tolist())
    beside = {other for at in burnt for other in around(at, 1, story.land).tolist()}
    assert set(np.flatnonzero(story.line.scene.near_burnt).tolist()) == burnt | beside
