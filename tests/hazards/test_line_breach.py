"""Line by width and area, what large fires leave of it, and fronts that cross it: published rows and sums by hand."""

from __future__ import annotations

import csv
import math
from itertools import islice
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simrescue.hazards.base import DIRECT, WATER, Effort, Tools, Work
from simrescue.hazards.wildfire.behaviour.fuels import models
from simrescue.hazards.wildfire.behaviour.rothermel import Moisture, Spread
from simrescue.hazards.wildfire.landscape.terrain import DEGREE_M, Landscape
from simrescue.hazards.wildfire.settings import Wildfire
from simrescue.hazards.wildfire.spread.front import Front
from simrescue.hazards.wildfire.suppression.fireline import Fireline, LineDraws
from simrescue.hazards.wildfire.suppression.line.held_lines import LinesOnGround
from simrescue.hazards.wildfire.suppression.line.hose import Hose
from simrescue.hazards.wildfire.suppression.line.line_breach import (
    AROUND,
    LineWidth,
    bare_strips,
    breach_chance,
    breach_draws,
    near_trees,
    needed_width_m,
)
from simrescue.hazards.wildfire.suppression.line.line_posts import LineCrew
from simrescue.hazards.wildfire.suppression.line.line_rates import DOZER, EXCAVATOR, area_rates, dozers, scale_factor
from simrescue.hazards.wildfire.suppression.line.line_scene import fires_joined
from simrescue.hazards.wildfire.suppression.line_building import Turn
from simrescue.hazards.wildfire.suppression.standing_breaks import StandingBreaks
from simrescue.parameters import Parameters

DEFAULT = Parameters()
PUBLISHED = Path(__file__).parents[1] / "published" / "line_breach_reference.csv"
CELL_M = 30.0
SIZE = 41
LINE_COLUMN = 30
STEP_H = 1 / 12


# ---- the formula


def test_the_chance_is_that_of_every_published_row() -> None:
    rows = list(csv.DictReader(PUBLISHED.read_text().splitlines()))
    assert len(rows) == 144
    heat, width = (
        np.array([float(row[name]) for row in rows]) for name in ("fireline_intensity_kW_m", "break_width_m")
    )
    trees = np.array([row["trees"] == "within_20_m" for row in rows])
    printed = np.array([float(row["probability_of_breach"]) for row in rows])
    assert breach_chance(heat, width, trees) == pytest.approx(printed, abs=5.1e-7)


@given(st.floats(0, 1e5), st.floats(0, 1e5), st.floats(0, 500), st.floats(0, 500), st.booleans())
def test_a_wider_line_a_cooler_front_and_fewer_trees_never_make_it_likelier(
    heat: float, more: float, width: float, wider: float, trees: bool
) -> None:
    def chance(kw_m: float, width_m: float, near: bool) -> float:
        return float(breach_chance(np.array([kw_m]), np.array([width_m]), np.array([near]))[0])

    here = chance(heat, width, trees)
    assert 0 <= chance(heat, width + wider, trees) <= here <= chance(heat + more, width, trees) <= 1
    assert here <= chance(heat, width, True)


# ---- how wide, and how much in an hour


def test_line_is_as_wide_as_the_flames_ask_and_never_narrower_than_hand_tools_make_it() -> None:
    assert needed_width_m(0.5, DIRECT, DEFAULT) == DEFAULT.hand_line_width_m == 1.5
    assert needed_width_m(4.0, DIRECT, DEFAULT) == pytest.approx(6.0)
    assert needed_width_m(4.0, WATER, DEFAULT) == 1.5
    assert needed_width_m(4.0, DIRECT, Parameters(line_width_flames=0)) == 1.5


def test_large_fires_leave_less_of_the_standard_rates() -> None:
    assert scale_factor(0, DEFAULT) == scale_factor(50, DEFAULT) == 1.0
    assert scale_factor(math.sqrt(50 * 120), DEFAULT) == pytest.approx(0.75)
    assert scale_factor(120, DEFAULT) == scale_factor(1e6, DEFAULT) == 0.5
    # limits the wrong way round: the lower one counts, and nothing is divided by nothing
    assert scale_factor(60, Parameters(line_small_fire_ha=100, line_large_fire_ha=50)) == 1.0
    assert scale_factor(101, Parameters(line_small_fire_ha=100, line_large_fire_ha=100)) == 0.5


def test_a_dozer_clears_the_mean_of_the_table_three_metres_wide_and_nothing_on_steep_ground() -> None:
    rates = area_rates(ground(), DEFAULT)
    # 905 to 1408 m up and 1408 to 1609 m down, fuel model 8 up to 25 % slope
    flat_m2_h = (905 + 1408 + 1408 + 1609) / 4 * 3
    assert rates.machines[DOZER, 0] == pytest.approx(flat_m2_h)
    assert rates.machines[EXCAVATOR, 0] == pytest.approx(500)
    assert rates.hands[1, DIRECT, 0] == pytest.approx(10.6 * 1.5)
    slope = area_rates(ground(rise=0.5), DEFAULT)
    assert slope.machines[DOZER, SIZE + 1] == pytest.approx((40 + 503 + 0 + 1308) / 4 * 3)
    assert slope.machines[EXCAVATOR, SIZE + 1] == pytest.approx(500 * (40 + 503 + 1308) / (905 + 1408 + 1408 + 1609))
    assert not area_rates(ground(rise=0.8), DEFAULT).machines[:, SIZE + 1].any()
    listed = {number for row in dozers() for number in row.models}
    assert listed == {number for number, model in models().items() if model.burns}


# ---- on the ground


def ground(fuel: int = 8, rise: float = 0.0) -> Landscape:
    still = np.zeros((SIZE, SIZE))
    degrees = CELL_M / DEGREE_M
    fuels = np.full((SIZE, SIZE), fuel, np.int16)
    height = np.mgrid[:SIZE, :SIZE][1] * CELL_M * rise
    return Landscape(0.0, degrees * SIZE / 2, degrees, degrees, fuels, height, still, still)


RULES = Wildfire(kind="wildfire", burn_out_h=0.5, walk_kmh=2.0)


class Story:
    """A fire that runs east from the middle of a square of cells, before people with tools or a line across its way."""

    def __init__(
        self,
        intensity: float,
        draw: float = 0.5,
        fuel: int = 1,
        head: float = 5.0,
        parameters: Parameters = DEFAULT,
        land: Landscape | None = None,
    ) -> None:
        self.land = land or ground(fuel)
        n = self.land.n_cells
        self.front = Front(*self.land.shape, self.land.cell_x_m, self.land.cell_y_m, self.land.burns)
        one = np.ones(n)
        self.front.turn(Spread(one * head, one * math.pi / 2, one * math.sqrt(1 - 1 / 9), one * intensity))
        draws = LineDraws(np.full(n, np.inf), np.full(n, draw))
        self.line = Fireline(self.front, self.land, area_rates(self.land, parameters), draws, RULES, parameters)
        self.middle = SIZE // 2 * SIZE + SIZE // 2
        self.front.ignite([self.middle], 0, 0.0)
        self.now = 0.0
        self.wind_ms, self.temperature_c, self.humidity = 0.0, 20.0, 0.4
        self.moisture = Moisture(0.06, 0.06, 0.06, 0.6, 0.9)
        self.breaches: list[int] = []
        self.lit: list[int] = []
        self.built_m = 0.0

    def close(self, column: int, width_m: float) -> None:
        """Line from north to south all across the square."""
        cells = np.arange(SIZE) * SIZE + column
        self.front.block(cells)
        self.line.width.width_m[cells] = width_m

    def run(self, hours: float, *crews: int, person_h: float = 0.0, step_h: float = STEP_H) -> None:
        for _ in range(round(hours / step_h)):
            self.now += step_h
            self.front.advance(self.now)
            done = self.line.work(self.now, Effort(tuple(Work(crew, person_h) for crew in crews)), self)
            self.breaches += [cell for _, cell in done.breaches]
            self.lit += [cell for _, _, cell in done.lit]
            self.built_m += sum(metres for _, metres, _ in done.built)

    def burnt_beyond(self, column: int) -> int:
        return int((self.front.fire_of >= 0).reshape(SIZE, SIZE)[:, column + 1 :].sum())


def test_a_hot_front_crosses_a_narrow_line_where_it_runs_at_it_and_no_wide_one() -> None:
    """10 MW/m against 1.5 m: 97 % in 100 m, so 1 - 0.03^0.3 = 65 % in a cell of 30 m, more than the draw of 0.5."""
    narrow = Story(10_000)
    narrow.close(LINE_COLUMN, 1.5)
    narrow.run(3)
    assert narrow.breaches
    assert SIZE // 2 * SIZE + LINE_COLUMN in narrow.breaches
    assert {cell % SIZE for cell in narrow.breaches} == {LINE_COLUMN}
    assert narrow.burnt_beyond(LINE_COLUMN) > 0
    # against 10 m 0.7 %
    wide = Story(10_000)
    wide.close(LINE_COLUMN, 10.0)
    wide.run(3)
    assert not wide.breaches
    assert not wide.burnt_beyond(LINE_COLUMN)
    assert (wide.front.fire_of >= 0).reshape(SIZE, SIZE)[:, LINE_COLUMN - 1].any()


def test_a_fire_that_backs_into_a_line_or_runs_along_it_does_not_cross_it() -> None:
    """Draws of 0: whatever has a chance at all happens."""
    behind = Story(3_000, draw=0.0)
    behind.close(SIZE // 2 - 2, 1.5)
    behind.run(4)
    assert not behind.breaches
    assert (behind.front.fire_of >= 0).reshape(SIZE, SIZE)[:, SIZE // 2 - 1].any()
    # a head of 150 kW/m stays below the least heat of the formula
    weak = Story(150, draw=0.0)
    weak.close(LINE_COLUMN, 1.5)
    weak.run(3)
    assert not weak.breaches
    off = Story(50_000, draw=0.0, parameters=Parameters(breach_least_kw_m=1e9))
    off.close(LINE_COLUMN, 1.5)
    off.run(3)
    assert not off.breaches


def test_what_crosses_opens_the_edge_again_and_the_fire_is_held_no_more() -> None:
    story = Story(10_000, draw=0.0)
    story.run(STEP_H)
    ring = [cell for cell in range(story.land.n_cells) if 6 <= max(abs(r) for r in _from_middle(cell)) <= 6]
    story.front.block(ring)
    story.line.width.width_m[ring] = 1.5
    story.run(2)
    assert story.breaches
    assert not set(story.breaches) - set(ring)
    assert (story.front.fire_of[story.breaches] == 0).all()
    assert not story.front.blocked[story.breaches].any()


def _from_middle(cell: int) -> tuple[int, int]:
    row, column = divmod(cell, SIZE)
    return row - SIZE // 2, column - SIZE // 2


@pytest.mark.parametrize("crosses", [True, False])
def test_water_on_the_line_holds_what_would_cross_it(crosses: bool) -> None:
    story = Story(10_000)
    story.close(LINE_COLUMN, 1.5)
    if not crosses:
        story.front.wet(np.arange(SIZE) * SIZE + LINE_COLUMN, 1e6)
        story.line.scene.front.wet_until[np.arange(SIZE) * SIZE + LINE_COLUMN] = 1e6
    story.run(3)
    assert bool(story.breaches) is crosses


@pytest.mark.parametrize("intensity", [200.0, 4000.0])
def test_line_against_long_flames_takes_as_many_times_longer_as_it_is_wider(intensity: float) -> None:
    """A person-hour of trained people in needle litter is 10.6 m of line of 1.5 m."""
    story = Story(intensity, fuel=8, head=0.5)
    story.run(2)
    edge = story.line.scene.edge
    story.line.crews[0] = LineCrew(0, 9.0, True, int(edge.outline.cells[np.argmax(edge.flame_m)]))
    story.run(STEP_H, 0, person_h=0.2)
    width_m = story.line.crews[0].width_m
    flames_m = story.line.scene.edge.flame_m
    assert width_m in [max(1.5, 1.5 * float(flame)) for flame in flames_m]
    assert (width_m > 1.6) is (intensity > 1000)
    assert story.built_m == pytest.approx(0.2 * 10.6 * 1.5 / width_m)


def test_a_dozer_beside_ten_people_builds_the_sum_of_both() -> None:
    story = Story(100, fuel=8, head=0.5)
    story.run(2)
    edge = story.line.scene.edge
    crew = LineCrew(0, 5.0, True, int(edge.outline.cells[0]), machines=(0.1, 0.0))
    dozer_m2_h = (905 + 1408 + 1408 + 1609) / 4 * 3
    pace = story.line.scene.pace_m2(crew, DIRECT, crew.cell)
    assert pace == pytest.approx(10.6 * 1.5 + dozer_m2_h / 10)


@pytest.mark.parametrize(("wind_ms", "lights"), [(5.4, True), (5.5, False)])
def test_crews_burn_out_in_front_of_a_fire_only_in_little_wind_and_make_up_for_it_later(
    wind_ms: float, lights: bool
) -> None:
    """A round fire at 90 m/h, flames of 1.5 m, a crew for 0.5 m: 20 people build 94 m/h of indirect line, 2.2 m wide.

    That is enough eight cells off (58 m/h) and too little five cells off (101 m/h). Then 40 come.
    """
    story = Story(2_000, fuel=8, parameters=Parameters(hand_spacing_m=0))
    one = np.ones(story.land.n_cells)
    story.front.turn(Spread(one * 1.5, one, one * 0.0, one * 600.0))
    story.run(1)
    story.wind_ms = wind_ms
    lon, lat = story.land.centre(story.middle)
    assert story.line.take_post(0, 0, float(lon), float(lat), Tools(0.5, True, False, hands=20.0)) is not None
    assert story.line.crews[0].gap == 8
    while len(story.line.crews[0].line) < 14:
        story.run(STEP_H, 0, person_h=40 * STEP_H)
    assert bool(story.lit) is lights
    if not lights:
        assert story.line.crews[0].unlit == story.line.crews[0].line
        story.wind_ms = 1.0
        story.run(0.01, 0, person_h=0.2, step_h=0.01)
        assert story.lit


def test_draws_hang_on_the_replication_and_the_cell_alone() -> None:
    assert (breach_draws((20, 25), 1, 2) == breach_draws((20, 25), 1, 2)).all()
    assert (breach_draws((20, 25), 1, 2) != breach_draws((20, 25), 1, 3)).all()
    assert (breach_draws((20, 25), 1, 2).reshape(20, 25)[:10] == breach_draws((10, 25), 1, 2).reshape(10, 25)).all()


def test_there_are_trees_by_the_fuel_or_by_the_cover() -> None:
    assert near_trees(ground(8)).all()
    assert not near_trees(ground(1)).any()
    land = ground(1)
    cover = np.zeros((SIZE, SIZE))
    cover[0, 0] = 0.4
    under = Landscape(*land.grid[:4], land.fuel, land.elevation_m, cover, land.canopy_height_m)
    assert near_trees(under).sum() == 1


def test_the_ends_of_the_range_keep_every_piece_of_line_or_none() -> None:
    for length_m, draw in ((DEFAULT.breach_length_m, 0.0), (1.0, 0.5)):
        story = Story(10_000, draw=draw, parameters=Parameters(breach_length_m=length_m))
        story.close(LINE_COLUMN, 1.5)
        story.run(3)
        assert story.breaches
    never = Story(10_000, draw=1.0)
    never.close(LINE_COLUMN, 0.1)
    never.run(3)
    assert not never.breaches


def test_without_line_nothing_is_asked_of_the_front() -> None:
    land = ground()
    width = LineWidth(land, np.zeros(land.n_cells), DEFAULT)
    front = Front(*land.shape, CELL_M, CELL_M, land.burns)
    assert not width.breaches(front, 0.0, 1.0).size


# ---- bare ground


def strip_story(cells: int, intensity: float, draw: float = 0.5, fuel: int = 1) -> Story:
    """A fire that runs east at bare ground of so many cells of 10 m, after three hours."""
    land = ground(fuel)
    land.fuel[:, LINE_COLUMN : LINE_COLUMN + cells] = 99
    narrow = Landscape(*land.grid[:2], 10 / DEGREE_M, 10 / DEGREE_M, land.fuel, *(land.elevation_m,) * 3)
    story = Story(intensity, draw=draw, fuel=fuel, land=narrow)
    story.run(3)
    return story


@pytest.mark.parametrize(("cells", "intensity", "crosses"), [(1, 30_000, True), (1, 500, False), (5, 30_000, False)])
def test_a_hot_front_crosses_a_narrow_road_of_the_raster_and_no_wide_one(
    cells: int, intensity: float, crosses: bool
) -> None:
    """10 m without trees: 89 % in 100 m at 30 MW/m, so 20 % in a cell of 10 m; 0.1 % at 500 kW/m. 50 m: none."""
    story = strip_story(cells, intensity, draw=0.1)
    beyond = (story.front.fire_of >= 0).reshape(SIZE, SIZE)[:, LINE_COLUMN + cells :]
    assert bool(beyond.any()) is crosses
    assert not story.breaches


def test_bare_strips_are_the_first_ground_that_burns_beyond_and_as_wide_as_the_bare_cells() -> None:
    land = ground()
    land.fuel[:, 20] = land.fuel[:, 30:32] = 99
    strips = dict(zip(AROUND, bare_strips(land), strict=True))
    east = strips[0, 1]
    row = 5 * SIZE
    assert (east.to[row + 19], east.width_m[row + 19]) == (row + 21, pytest.approx(CELL_M))
    assert east.to[row + 29] == -1  # two cells of 30 m are 60 m
    assert east.to[row + 10] == east.to[row + 20] == -1
    assert strips[1, 0].to.max() == -1
    assert not LineWidth(ground(), np.ones(SIZE * SIZE), DEFAULT).strips


def test_what_crosses_narrow_bare_ground_crosses_it_whether_anybody_fights_or_not() -> None:
    story = strip_story(1, 30_000, draw=0.1)
    free = Front(*story.land.shape, story.land.cell_x_m, story.land.cell_y_m, story.land.burns)
    free.turn(story.front.spread)
    free.ignite([story.middle], 0, 0.0)
    breaks = StandingBreaks(story.land, LinesOnGround(story.land, (), None), 0.1, DEFAULT)
    for step in range(1, round(3 / STEP_H) + 1):
        free.advance(step * STEP_H)
        breaks.let_through(free, step * STEP_H)
    assert breaks.any
    assert (free.fire_of == story.front.fire_of).all()


class RunsEast(NamedTuple):
    """A front that has entered one cell, running east."""

    heat_kw_m: float

    def intensity_into(self, cells: np.ndarray) -> np.ndarray:
        return np.full(len(cells), self.heat_kw_m)

    def way_into(self, cells: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        return np.ones(len(cells)), np.zeros(len(cells))


def test_the_heat_that_comes_to_a_line_is_that_of_the_front_as_far_as_it_runs_towards_it() -> None:
    land = ground()
    width = LineWidth(land, np.ones(land.n_cells), DEFAULT)
    middle = SIZE // 2 * SIZE + SIZE // 2
    heat = width._heat(RunsEast(1000.0), np.array([middle]), np.ones(land.n_cells, dtype=bool))  # type: ignore[arg-type]
    around = heat.reshape(SIZE, SIZE)[SIZE // 2 - 1 : SIZE // 2 + 2, SIZE // 2 - 1 : SIZE // 2 + 2]
    slant = 1000 / math.sqrt(2)
    assert around == pytest.approx(np.array([[0, 0, slant], [0, 0, 1000], [0, 0, slant]]))
    assert np.count_nonzero(heat) == 3
    # at the border of the landscape there is nothing beyond
    corner = width._heat(RunsEast(1000.0), np.array([SIZE - 1]), np.ones(land.n_cells, dtype=bool))  # type: ignore[arg-type]
    assert not corner.any()


@pytest.mark.parametrize(("length_m", "crosses"), [(100.0, False), (30.0, True)])
def test_a_cell_is_crossed_by_its_share_of_the_length_that_the_chance_is_for(length_m: float, crosses: bool) -> None:
    """97 % in a piece: 65 % in a cell of 30 m when a piece is 100 m long, 97 % when it is 30 m; the draw is 0.8."""
    story = Story(10_000, draw=0.8, parameters=Parameters(breach_length_m=length_m))
    story.close(LINE_COLUMN, 1.5)
    story.run(3)
    assert bool(story.breaches) is crosses


def test_line_that_the_fire_takes_before_it_is_closed_is_lost_in_front_and_moves_on_at_the_edge() -> None:
    story = Story(300, fuel=8)
    story.run(2)
    burnt = int(np.flatnonzero(story.front.fire_of >= 0)[0])
    for gap, taken_m in ((3, 4.0), (1, 0.0)):
        crew = LineCrew(0, 5.0, True, burnt, gap=gap, begun_m2={burnt: 12.0}, width_m=3.0)
        turn = Turn(story.line.scene, story.line.mop, crew, [], 2.0, 0.0, Hose(None, DEFAULT))
        turn.work(0.001, STEP_H)
        assert turn.taken_m == pytest.approx(taken_m)


def test_hands_who_find_no_room_go_round_a_ring_once_though_their_own_cell_was_closed_by_others() -> None:
    story = Story(300, fuel=8)
    story.run(2)
    scene = story.line.scene
    own = int(np.flatnonzero(scene.edge.open)[0])
    crew = LineCrew(0, 100.0, True, int(scene.edge.outline.cells[own]))
    turn = Turn(scene, story.line.mop, crew, [], 2.0, 0.0, Hose(None, DEFAULT))
    scene.edge.open[own] = False
    spots = [spot.cell for spot in islice(turn._spots(), 10 * len(scene.edge.open))]
    assert len(spots) > 2
    assert len(spots) == len(set(spots))


def test_fires_that_have_grown_together_count_as_one_to_the_rate_of_their_crews() -> None:
    """Three in a row, the first two and the last two side by side or at a corner; a fourth apart from all."""
    fire_of = np.full((5, 9), -1)
    fire_of[0:2, 0:2], fire_of[0:2, 2:4], fire_of[2:4, 4:6], fire_of[4, 8] = 0, 1, 2, 3
    assert [fires_joined(fire_of, fire) for fire in range(4)] == [{0, 1, 2}, {0, 1, 2}, {0, 1, 2}, {3}]
    assert fires_joined(np.full((3, 3), -1), 5) == {5}
