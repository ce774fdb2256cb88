import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simrescue.hazards.wildfire.spread.contour import outer_edge_m
from simrescue.hazards.wildfire.spread.front import Front
from simrescue.hazards.wildfire.spread.travel_time import metric, slowness
from tests.hazards.fronts import CELL_M, contour, ellipse_perimeter, front, middle, run, uneven, uniform

HOURS = 10.0


def _free_ellipse(size: int, length_to_width: float, towards_deg: float, turns: int = 1) -> tuple[Front, float, float]:
    """A fire whose ellipse is as long as 0.9 of the raster after HOURS, laid so that it lies in the middle."""
    e = math.sqrt(length_to_width**2 - 1) / length_to_width
    a = 0.45 * size
    head_m_min = a * CELL_M * (1 + e) / (HOURS * 60)
    towards = math.radians(towards_deg)
    row, column = round(size / 2 + a * e * math.cos(towards)), round(size / 2 - a * e * math.sin(towards))
    fire = front(size)
    for turn in range(turns):
        fire.turn(uniform(size * size, head_m_min, towards_deg, length_to_width))
        if turn == 0:
            fire.ignite([row * size + column], 0, 0.0)
        fire.advance(HOURS * (turn + 1) / turns)
    return fire, a * CELL_M, a / length_to_width * CELL_M


# ---- free growth against geometry


@pytest.mark.parametrize("length_to_width", [1.0, 2.0, 3.0])
@pytest.mark.parametrize("towards_deg", [0.0, 22.5, 45.0, 130.0, 290.0])
@pytest.mark.parametrize("turns", [1, 10])
def test_free_ellipse(length_to_width, towards_deg, turns):
    fire, a, b = _free_ellipse(200, length_to_width, towards_deg, turns)
    area, length = contour(fire, HOURS)
    assert area == pytest.approx(math.pi * a * b, rel=0.003)
    assert length == pytest.approx(ellipse_perimeter(a, b), rel=0.003)
    assert (fire.arrival_h <= HOURS).sum() * CELL_M**2 == pytest.approx(math.pi * a * b, rel=0.006)


def test_error_falls_with_finer_cells():
    errors = []
    for size in (50, 100, 200):
        fire, a, b = _free_ellipse(size, 3.0, 22.5)
        area, _ = contour(fire, HOURS)
        errors.append(abs(area / (math.pi * a * b) - 1))
    assert errors[0] < 0.015
    assert errors[0] > 2 * errors[1] > 4 * errors[2]


def test_cells_need_not_be_square():
    fire = front(150, cell_x_m=40.0, cell_y_m=55.0)
    fire.turn(uniform(150 * 150, 6.0, 30.0, 2.0))
    fire.ignite([middle(150)], 0, 0.0)
    fire.advance(6.0)
    e = math.sqrt(3) / 2
    a = 6.0 * 60 * 6 / (1 + e)
    area, length = contour(fire, 6.0)
    assert area == pytest.approx(math.pi * a * a / 2, rel=0.005)
    assert length == pytest.approx(ellipse_perimeter(a, a / 2), rel=0.005)


def test_rates_at_head_flank_and_back():
    head, ratio = 10.0, 2.0
    e = math.sqrt(ratio**2 - 1) / ratio
    travel = metric(uniform(1, head, 90.0, ratio))
    cell = np.zeros(1, dtype=np.intp)
    hours_per_m = {angle: slowness(travel, cell, *_normal(angle))[0] for angle in (90, 270, 0, 180)}
    assert 1 / hours_per_m[90] / 60 == pytest.approx(head)
    assert 1 / hours_per_m[270] / 60 == pytest.approx(head * (1 - e) / (1 + e))
    assert 1 / hours_per_m[0] / 60 == pytest.approx(head / (1 + e) / ratio)
    assert hours_per_m[0] == pytest.approx(hours_per_m[180])


def _normal(angle_deg):
    return np.array([math.sin(math.radians(angle_deg))]), np.array([math.cos(math.radians(angle_deg))])


def test_rate_and_heat_as_the_front_enters():
    size = 81
    fire = front(size)
    fire.turn(uniform(size * size, 5.0, 90.0, 2.0))
    fire.ignite([middle(size)], 0, 0.0)
    fire.advance(4.0)
    rates, heat = fire.rate_into(fire.fringe.cells), fire.intensity_into(fire.fringe.cells)
    e = math.sqrt(3) / 2
    assert rates.max() == pytest.approx(5.0, rel=0.02)
    assert rates.min() == pytest.approx(5.0 * (1 - e) / (1 + e), rel=0.05)
    assert heat == pytest.approx(1000 * rates / 5.0)


# ---- turning wind


@pytest.mark.parametrize("length_to_width", [1.0, 2.0, 3.0])
@pytest.mark.parametrize("towards_deg", [0.0, 22.5, 45.0])
def test_reversed_wind_is_symmetric_and_right(length_to_width, towards_deg):
    size, half_h = 200, 4.0
    head = 0.225 * size * CELL_M / (half_h * 60)
    fire = front(size)
    fire.turn(uniform(size * size, head, towards_deg, length_to_width))
    fire.ignite([middle(size)], 0, 0.0)
    fire.advance(half_h)
    fire.turn(uniform(size * size, head, towards_deg + 180, length_to_width))
    fire.advance(2 * half_h)
    # Huygens: the sum of the two ellipses, by its support function
    e = math.sqrt(length_to_width**2 - 1) / length_to_width
    a = head * 60 / (1 + e) * half_h
    t = np.linspace(0, 2 * np.pi, 20_001)
    u, v = np.cos(t), np.sin(t) / length_to_width
    support = 2 * a * np.hypot(u, v)
    expected = float(np.trapezoid((support**2 - np.gradient(support, t) ** 2) / 2, t))
    area, length = contour(fire, 2 * half_h)
    assert area == pytest.approx(expected, rel=0.01)
    assert length == pytest.approx(float(np.trapezoid(support, t)), rel=0.01)
    burnt = (fire.arrival_h <= 2 * half_h).reshape(size, size)[1:, 1:]
    assert (burnt != burnt[::-1, ::-1]).sum() <= 0.03 * burnt.sum()


def test_way_made_in_calm_air_counts():
    """Half a cell at one pace and half at double the pace take three quarters of the time."""
    size = 41
    fire = front(size)
    cell, east = middle(size), middle(size) + 1
    fire.turn(uniform(size * size, 1.0, 90.0, 1.0))
    fire.ignite([cell], 0, 0.0)
    fire.advance(0.5)
    fire.turn(uniform(size * size, 2.0, 90.0, 1.0))
    fire.advance(0.7)
    assert fire.forecast_h(np.array([east]))[0] == pytest.approx(0.75)


def test_all_rates_doubled_is_time_run_faster():
    size = 61
    slow, turned = front(size), front(size)
    for fire in (slow, turned):
        fire.turn(uneven(size * size, 3.0, 70.0, 2.5))
        fire.ignite([middle(size)], 0, 0.0)
    run(slow, 6.0)
    spread = turned.spread
    hour, clock = 0.0, 0.0
    for factor in (1.0, 2.0, 0.5, 3.0, 1.5):
        turned.turn(spread._replace(head_m_min=spread.head_m_min * factor))
        lasts = min(1.0, (6.0 - hour) / factor)
        turned.advance(clock + lasts)
        hour, clock = hour + lasts * factor, clock + lasts
    assert hour == pytest.approx(6.0)
    burnt = slow.arrival_h <= 6.0
    assert burnt.sum() > 150
    assert (burnt != (turned.arrival_h <= clock)).sum() <= 0.02 * burnt.sum()


def test_fire_too_wet_to_spread_goes_on_later():
    size = 31
    fire = front(size)
    wet = uniform(size * size, 0.0, 0.0, 1.0)
    fire.turn(uniform(size * size, 2.0, 0.0, 1.0))
    fire.ignite([middle(size)], 0, 0.0)
    before = fire.advance(1.0)
    fire.turn(wet)
    assert fire.advance(5.0) == []
    fire.turn(uniform(size * size, 2.0, 0.0, 1.0))
    run(fire, 7.0)
    straight = front(size)
    straight.turn(uniform(size * size, 2.0, 0.0, 1.0))
    straight.ignite([middle(size)], 0, 0.0)
    run(straight, 3.0)
    assert before
    assert (np.isfinite(fire.arrival_h) != np.isfinite(straight.arrival_h)).sum() <= 4


# ---- line, water, ignitions


def _ring(size: int, radius: int) -> np.ndarray:
    """Cells of a circle that touch at corners only where it runs diagonally."""
    rows, columns = np.divmod(np.arange(size * size), size)
    inside = np.hypot(rows - size // 2, columns - size // 2) <= radius
    grid = inside.reshape(size, size)
    beside = np.zeros_like(grid)
    beside[1:] |= grid[:-1]
    beside[:-1] |= grid[1:]
    beside[:, 1:] |= grid[:, :-1]
    beside[:, :-1] |= grid[:, 1:]
    return np.flatnonzero((beside & ~grid).ravel())


def test_closed_ring_holds_the_fire():
    size = 51
    fire = front(size)
    fire.turn(uneven(size * size, 5.0, 40.0, 2.0))
    fire.ignite([middle(size)], 0, 0.0)
    run(fire, 0.5)
    line = _ring(size, 12)
    fire.block(line)
    run(fire, 20.0)
    rows, columns = np.divmod(np.flatnonzero(np.isfinite(fire.arrival_h)), size)
    assert np.hypot(rows - size // 2, columns - size // 2).max() <= 12
    assert fire.next_time() == math.inf
    assert fire.fringe.cells.size == 0
    assert fire.blocked[line].all()


def test_wind_turns_do_not_help_it_across_the_ring():
    size = 51
    fire = front(size)
    for hour in range(12):
        fire.turn(uneven(size * size, 5.0, 90.0 * hour, 2.0, seed=hour))
        if hour == 0:
            fire.ignite([middle(size)], 0, 0.0)
            fire.block(_ring(size, 12))
        fire.advance(hour + 1.0)
    rows, columns = np.divmod(np.flatnonzero(np.isfinite(fire.arrival_h)), size)
    assert np.hypot(rows - size // 2, columns - size // 2).max() <= 12


def test_two_closed_cells_that_touch_at_a_corner_hold_between_them():
    size = 9
    open_ = np.zeros((size, size), dtype=bool)
    open_[:4, :4] = open_[4:, 4:] = True
    fire = front(size, open_)
    fire.turn(uniform(size * size, 5.0, 135.0, 1.0))
    fire.ignite([0], 0, 0.0)
    run(fire, 10.0)
    assert np.isfinite(fire.arrival_h.reshape(size, size)[:4, :4]).all()
    assert not np.isfinite(fire.arrival_h.reshape(size, size)[4:, 4:]).any()


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10_000), towards_deg=st.sampled_from([0, 45, 70, 200]))
def test_line_never_lets_a_cell_burn_earlier(seed, towards_deg):
    """To within half the time in which the head crosses a cell: a bent front is met to second order, not exactly."""
    size, draws = 31, np.random.default_rng(seed)
    spread = uneven(size * size, 3.0, towards_deg, 2.0, seed)
    free, held = front(size), front(size)
    for fire in (free, held):
        fire.turn(spread)
        fire.ignite([middle(size)], 0, 0.0)
    for hour in range(3):
        held.block(draws.integers(0, size * size, draws.integers(1, 150)))
        for fire in (free, held):
            fire.advance(hour + 1.0)
    burnt = np.isfinite(held.arrival_h)
    free_h = np.where(np.isfinite(free.arrival_h), free.arrival_h, free.forecast_h(np.arange(size * size)))
    crossing_h = CELL_M / (60 * spread.head_m_min)
    assert burnt.sum() > 1
    assert (held.arrival_h[burnt] >= free_h[burnt] - crossing_h[burnt] / 2).all()
    assert not burnt[held.blocked].any()


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_line_never_lets_more_burn_when_the_wind_turns(seed):
    """To within two cells, and to within two crossings of a cell each."""
    size, draws = 31, np.random.default_rng(seed)
    free, held = front(size), front(size)
    crossing_h = np.zeros(size * size)
    for hour, towards_deg in enumerate(draws.uniform(0, 360) + np.cumsum(draws.normal(0, 25, 3))):
        spread = uneven(size * size, 3.0, towards_deg, 2.0, seed)
        crossing_h = np.maximum(crossing_h, CELL_M / (60 * spread.head_m_min))
        for fire in (free, held):
            fire.turn(spread)
            fire.ignite([middle(size)] if hour == 0 else [], 0, 0.0)
            fire.advance(hour + 0.4)
        held.block(draws.integers(0, size * size, draws.integers(1, 150)))
        for fire in (free, held):
            fire.advance(hour + 1.0)
    burnt, freely = np.isfinite(held.arrival_h), np.isfinite(free.arrival_h)
    both = burnt & freely
    assert (burnt & ~freely).sum() <= 2
    assert (held.arrival_h[both] >= free.arrival_h[both] - 2 * crossing_h[both]).all()


def test_line_closed_under_way_is_as_line_closed_before():
    size = 41
    draws = np.random.default_rng(3)
    early, late = front(size), front(size)
    spread = uneven(size * size, 3.0, 70.0, 2.5)
    for fire in (early, late):
        fire.turn(spread)
        fire.ignite([middle(size)], 0, 0.0)
        fire.advance(1.0)
    line = draws.integers(0, size * size, 250)
    early.block(line)
    late.next_time()
    for cell in line:
        late.block([int(cell)])
        late.fringe  # noqa: B018
    run(early, 6.0)
    run(late, 6.0)
    assert np.isfinite(late.arrival_h).sum() > 100
    both = np.isfinite(early.arrival_h) & np.isfinite(late.arrival_h)
    assert (np.isfinite(early.arrival_h) == np.isfinite(late.arrival_h)).mean() > 0.999
    assert np.allclose(early.arrival_h[both], late.arrival_h[both], atol=2e-3)


def test_wet_cells_hold_until_they_dry():
    size = 31
    wetted, fire = front(size), front(size)
    belt = np.arange(size) * size + middle(size) % size + 3
    for one in (wetted, fire):
        one.turn(uniform(size * size, 4.0, 90.0, 1.5))
        one.ignite([middle(size)], 0, 0.0)
    wetted.wet(belt, 3.0)
    run(wetted, 6.0)
    run(fire, 6.0)
    beyond = np.arange(size * size) % size > belt[0] % size
    assert fire.arrival_h[belt].min() < 1.0
    assert wetted.arrival_h[belt].min() == pytest.approx(3.0)
    assert wetted.arrival_h[beyond].min() > 3.0
    assert (wetted.wet_until[belt] == 3.0).all()


def test_wet_cells_that_dry_after_a_turn_of_the_wind():
    size = 31
    fire = front(size)
    belt = np.arange(size) * size + middle(size) % size + 3
    for hour in range(5):
        fire.turn(uniform(size * size, 4.0 - 0.5 * hour, 90.0 + 10 * hour, 1.5))
        if hour == 0:
            fire.ignite([middle(size)], 0, 0.0)
            fire.wet(belt, 3.4)
        fire.advance(hour + 1.0)
    assert fire.arrival_h[belt].min() == pytest.approx(3.4)


def test_opened_line_lets_the_fire_through():
    size = 31
    fire = front(size)
    line = np.arange(size) * size + middle(size) % size + 3
    for hour in range(6):
        fire.turn(uniform(size * size, 4.0, 90.0, 1.5))
        if hour == 0:
            fire.ignite([middle(size)], 0, 0.0)
            fire.block(line)
        if hour == 4:
            fire.unblock(line[10:20])
        fire.advance(hour + 1.0)
    assert fire.arrival_h[line].min() >= 4.0
    assert np.isfinite(fire.arrival_h[line]).sum() == 10
    assert fire.arrival_h[line + 1].min() > 4.0


def test_new_fires_ahead_bring_the_front_forward():
    size = 61
    alone, helped = front(size), front(size)
    for fire in (alone, helped):
        fire.turn(uniform(size * size, 3.0, 90.0, 2.0))
        fire.ignite([middle(size)], 0, 0.0)
    helped.ignite([middle(size) + 20], 1, 1.3)
    run(alone, 6.0)
    burns = run(helped, 6.0)
    assert (helped.arrival_h <= alone.arrival_h + 1e-4).all()
    assert (1.3, 1, middle(size) + 20) in burns
    assert {burn.fire for burn in burns} == {0, 1}
    numbers = helped.fire_of
    assert (numbers[np.isfinite(helped.arrival_h)] >= 0).all()
    assert (numbers[~np.isfinite(helped.arrival_h)] == -1).all()


def test_no_fire_starts_where_nothing_burns():
    size = 11
    fuel = np.ones(size * size, dtype=bool)
    fuel[5] = False
    fire = front(size, fuel)
    fire.turn(uniform(size * size, 3.0, 90.0, 2.0))
    fire.block([7])
    fire.wet([9], 2.0)
    for cell in (5, 7, 9):
        fire.ignite([cell], 0, 1.0)
    assert fire.advance(5.0) == []


def test_cells_come_in_order_and_once_whatever_the_steps():
    size = 41
    courses = []
    for step_h in (0.05, 0.7, 6.0):
        fire = front(size)
        fire.turn(uneven(size * size, 3.0, 200.0, 2.0))
        fire.ignite([middle(size)], 0, 0.2)
        fire.ignite([3], 1, 1.1)
        burns = run(fire, 6.0, step_h)
        assert burns == sorted(burns, key=lambda burn: (burn.time_h, burn.cell))
        assert len({burn.cell for burn in burns}) == len(burns) == np.isfinite(fire.arrival_h).sum()
        courses.append({burn.cell: burn.time_h for burn in burns})
    for other in courses[1:]:
        assert other.keys() == courses[0].keys()
        assert all(abs(other[cell] - hour) < 1e-3 for cell, hour in courses[0].items())


def test_next_time_is_that_of_the_next_cell():
    fire = front(21)
    fire.turn(uneven(21 * 21, 3.0, 200.0, 2.0))
    fire.ignite([middle(21)], 0, 0.5)
    assert fire.next_time() == 0.5
    for _ in range(60):
        due = fire.next_time()
        assert fire.advance(due - 1e-6) == []
        assert fire.advance(due + 1e-6)


# ---- its edge


@pytest.mark.parametrize(("a", "b", "turned"), [(80, 80, 0.0), (90, 30, 0.4), (60, 20, 0.785)])
def test_length_of_the_edge(a, b, turned):
    y, x = np.mgrid[0:200, 0:200] - 100.0
    u, v = x * math.cos(turned) + y * math.sin(turned), y * math.cos(turned) - x * math.sin(turned)
    hours = np.hypot(u / a, v / b)
    length = outer_edge_m(hours <= 1, hours, 1.0, 30.0, 30.0)
    assert length == pytest.approx(30 * ellipse_perimeter(a, b), rel=0.001)


def test_islands_have_no_part_in_the_edge():
    burnt = np.zeros((12, 12), dtype=bool)
    burnt[2:9, 2:9] = True
    whole = outer_edge_m(burnt, np.where(burnt, 0.0, np.inf), 1.0, 10.0, 10.0)
    burnt[4:6, 4:7] = False
    with_island = outer_edge_m(burnt, np.where(burnt, 0.0, np.inf), 1.0, 10.0, 10.0)
    assert with_island == whole == outer_edge_m(burnt, np.where(burnt, 0.0, np.inf), 1.0, 10.0, 10.0, patches=1)
