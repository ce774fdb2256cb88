"""The way out of crews: to a refuge in sight or away from the fire, and whether the front catches them on it."""

from __future__ import annotations

import math

import numpy as np
import pytest

from simrescue.hazards.base import Effort
from simrescue.hazards.wildfire.behaviour.rothermel import Moisture, Spread
from simrescue.hazards.wildfire.landscape.terrain import DEGREE_M, Landscape
from simrescue.hazards.wildfire.settings import Wildfire
from simrescue.hazards.wildfire.spread.front import Front
from simrescue.hazards.wildfire.suppression.crew_danger import cells_at, reached_h
from simrescue.hazards.wildfire.suppression.fireline import Fireline, LineDraws
from simrescue.hazards.wildfire.suppression.line.line_posts import LineCrew
from simrescue.hazards.wildfire.suppression.line.line_rates import area_rates
from simrescue.hazards.wildfire.suppression.way_out import way_out
from simrescue.parameters import Parameters

DEFAULT = Parameters()
CELL_M = 30.0
SIZE = 41
MIDDLE = SIZE // 2
STEP_H = 1 / 12
WALK_KMH = 2.0
PACE_M_H = 1000 * WALK_KMH / DEFAULT.walk_in_detour
RULES = Wildfire(kind="wildfire", burn_out_h=0.5, walk_kmh=2.0)


class Story:
    """A round fire in the middle of a square at 30 m/h, and one crew somewhere by it."""

    def __init__(self, bare: tuple[int, int] | None = None) -> None:
        still = np.zeros((SIZE, SIZE))
        degrees = CELL_M / DEGREE_M
        fuel = np.full((SIZE, SIZE), 8, np.int16)
        if bare is not None:
            fuel[bare] = 99
        self.land = Landscape(0.0, degrees * SIZE / 2, degrees, degrees, fuel, still, still, still)
        self.front = Front(SIZE, SIZE, CELL_M, CELL_M, self.land.burns)
        self.turn(0.5)
        n = self.land.n_cells
        draws = LineDraws(np.full(n, np.inf), np.ones(n))
        self.line = Fireline(self.front, self.land, area_rates(self.land, DEFAULT), draws, RULES, DEFAULT)
        self.front.ignite([MIDDLE * SIZE + MIDDLE], 0, 0.0)
        self.now = 0.0
        self.wind_ms, self.temperature_c, self.humidity = 0.0, 20.0, 0.4
        self.moisture = Moisture(0.06, 0.06, 0.06, 0.6, 0.9)

    def turn(self, rate_m_min: float, towards_rad: float = 0.0, ratio: float = 1.0) -> None:
        one = np.ones(SIZE * SIZE)
        e = math.sqrt(1 - 1 / ratio**2)
        self.front.turn(Spread(one * rate_m_min, one * towards_rad, one * e, one * 2000.0))

    def step(self) -> tuple[int, ...]:
        self.now += STEP_H
        self.front.advance(self.now)
        return self.line.work(self.now, Effort(), self).overrun

    def run(self, hours: float) -> None:
        for _ in range(round(hours / STEP_H)):
            assert not self.step()

    def crew(self, north: int, east: int, limit_m: float = 1.5) -> None:
        """Crew 0 stands that many cells from the middle."""
        self.line.crews[0] = LineCrew(0, limit_m, True, (MIDDLE - north) * SIZE + MIDDLE + east, gap=8)

    def edge(self) -> int:
        """The first unburnt cell east of the middle."""
        return int(np.argmin((self.front.fire_of >= 0).reshape(SIZE, SIZE)[MIDDLE, MIDDLE:]))


def test_a_refuge_in_sight_is_as_far_as_the_straight_way_with_its_detour() -> None:
    story = Story(bare=(MIDDLE - 10, MIDDLE + 4))
    story.run(2)
    story.crew(10, 1)
    assert story.line.way_out_h(0) == pytest.approx(3 * CELL_M / PACE_M_H)
    # the bare cell is farther than the ground that every crew knows of
    story.crew(10, -10)
    assert story.line.way_out_h(0) == DEFAULT.way_out_h


def test_burned_out_ground_is_a_refuge_once_no_flames_stand_before_it() -> None:
    story = Story()
    story.run(4)
    story.crew(0, story.edge())
    # 30 m/h: the cell beside it has burned for less than the half hour that flames stand in one place
    beside = MIDDLE * SIZE + MIDDLE + story.edge() - 1
    story.front.arrival_h[beside] = story.now - 0.25
    assert story.line.way_out_h(0) == DEFAULT.way_out_h
    story.front.arrival_h[beside] = story.now - 0.75
    assert story.line.way_out_h(0) == pytest.approx(CELL_M / PACE_M_H)


@pytest.mark.parametrize(("rate_m_min", "caught"), [(5.0, False), (60.0, True)])
def test_a_front_that_runs_faster_than_people_catches_them_on_their_way_out(rate_m_min: float, caught: bool) -> None:
    """They walk 26 m/min straight away from the edge, three cells ahead of it, when the wind turns towards them."""
    story = Story()
    story.run(4)
    story.crew(0, story.edge() + 3)
    story.front.arrival_h[story.front.fire_of >= 0] = story.now
    story.turn(rate_m_min, math.pi / 2, 3.0)
    assert story.line.flee(0, 1.0).hours == pytest.approx(DEFAULT.way_out_h + DEFAULT.warning_h)
    assert story.line.post(0) is None
    overrun = [story.step() for _ in range(3)]
    assert any(0 in one for one in overrun) is caught
    assert not story.line.ways_out


def test_who_masters_the_flames_is_not_caught_and_darkness_makes_the_way_longer() -> None:
    story = Story()
    story.run(4)
    story.crew(0, story.edge() + 3, limit_m=99.0)
    story.front.arrival_h[story.front.fire_of >= 0] = story.now
    story.turn(60.0, math.pi / 2, 3.0)
    assert story.line.flee(0, 0.5).hours == pytest.approx(2 * DEFAULT.way_out_h + DEFAULT.warning_h)
    story.run(0.5)
    assert not story.line.ways_out
    # who has no post has no way out
    assert story.line.flee(0, 1.0).hours == story.line.way_out_h(0) == 0.0


def test_who_stands_before_a_head_goes_out_of_its_way() -> None:
    """The fire runs east at 15 m/min: east of it nobody who walks at 26 m/min for ten minutes is out of its way."""
    story = Story()
    story.run(1)
    story.turn(15.0, math.pi / 2, 4.0)
    story.step()
    story.crew(0, story.edge() + 3)
    scene, way = story.line.scene, way_out(story.line.outlook, story.line.crews[0])
    east_m, north_m = way.end_m[0] - way.start_m[0], way.end_m[1] - way.start_m[1]
    assert abs(north_m) > 0.9 * abs(east_m)
    straight_on = scene.landscape.shape[1] - 1 + MIDDLE * SIZE
    ends = [int(cells_at(scene.landscape, np.array([way.end_m[0]]), np.array([way.end_m[1]]))[0]), straight_on]
    at_its_end_h, ahead_h = (reached_h(story.line.outlook, story.line.crews[0], cell) for cell in ends)
    assert at_its_end_h > ahead_h
