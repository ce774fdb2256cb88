"""The flood's ensemble means what it says: arrival, level and duration, for any gauge series and both sources.

Law: the realised standard deviation of first water and of the crest is the stated one, whatever dry readings stand
before the flood, and no hour depends on how often the depth is looked at.
"""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simrescue.hazards.base import WaterDepth
from simrescue.hazards.flood.flood_course import FloodCourse, FloodField
from simrescue.hazards.flood.series import AS_RECORDED, Draw
from simrescue.hazards.flood.settings import Flood, Uncertainty
from simrescue.parameters import Parameters
from simrescue.places import Village
from simrescue.scenario.records import Depth, Jurisdiction, Level, Scenario, Settings

Points = list[tuple[float, float]]
COURSES = 250
STATED = Uncertainty(arrival_h=1.5, level_m=0.25, duration=0.2, common=0.5)
GROUND_M = 20.0
WET_M = Parameters().depth_wet_m
FEW = settings(max_examples=25, deadline=None)


def made(points: Points, source: str, spread: Uncertainty = STATED, step_h: float = 0.25, *heights: float) -> Scenario:
    """Villages at heights above the lowest ground, under a series of levels or (the same) depths, in one zone."""
    heights = heights or (0.0,)
    names = [f"v{i}" for i in range(len(heights))]
    villages = tuple(
        Village(id=name, lon=116, lat=39, elevation_m=GROUND_M + height, zone="z", population=100)
        for name, height in zip(names, heights, strict=True)
    )
    levels = tuple(Level(zone="z", time_h=t, level_m=GROUND_M + d) for t, d in points)
    depths = tuple(
        Depth(subject=name, time_h=t, depth_m=max(0.0, d - height))
        for name, height in zip(names, heights, strict=True)
        for t, d in points
    )
    return Scenario(
        settings=Settings(
            simrescue=1,
            name="test",
            start=datetime(2023, 7, 31, tzinfo=UTC),
            duration_h=400,
            jurisdiction=Jurisdiction(name="Test"),
            hazard=Flood(step_h=step_h, uncertainty=spread, source=source),
        ),
        villages=villages,
        levels=levels if source == "levels" else (),
        depths=depths if source == "depths" else (),
    )


def told(scenario: Scenario, replication: int) -> tuple[float, float]:
    """First water and greatest depth of the first village, as the simulation is told of them."""
    flood, first, crest = FloodCourse(FloodField(scenario), 1, replication), np.inf, 0.0
    while (now := flood.next_time()) < np.inf:
        for water in flood.advance(now):
            if isinstance(water, WaterDepth) and water.site == 0:
                crest = max(crest, water.depth_m)
                first = min(first, now if water.depth_m > WET_M else np.inf)
    return first, crest


@st.composite
def gauge_series(draw: st.DrawFn) -> Points:
    """Dry readings of any kind, a rise through the ground to a crest, what follows, and perhaps a second wave."""
    kind = draw(st.sampled_from(["none", "constant", "climbing", "falling", "waves"]))
    n, gap = draw(st.integers(2, 8)), draw(st.floats(0.5, 12))
    dry = {
        "none": [-1.0],
        "constant": [-2.0] * n,
        "climbing": np.linspace(-6, -0.3, n).tolist(),
        "falling": np.linspace(-0.2, -4, n).tolist(),
        "waves": [-3.0 + 2.5 * (i % 2) for i in range(n)],
    }[kind]
    points = [(i * gap, d) for i, d in enumerate(dry)]
    limb, crest = draw(st.floats(1, 12)), draw(st.floats(1.2, 5))
    begin = max(points[-1][0], 8.0)
    points = [*points, (begin + 0.01, points[-1][1]), (begin + limb, crest)]
    points += [(points[-1][0] + draw(st.floats(1, 30)), draw(st.floats(-1, 1)))]
    if draw(st.booleans()):
        points += [(points[-1][0] + 20, crest * draw(st.floats(0.2, 0.9))), (points[-1][0] + 60, -2.0)]
    return points


@FEW
@given(gauge_series(), st.sampled_from(["levels", "depths"]))
def test_realised_spread_is_the_stated_one(points: Points, source: str) -> None:
    found = np.array([told(made(points, source), replication) for replication in range(COURSES)])
    assert np.isfinite(found).all()
    assert found.std(axis=0, ddof=1) == pytest.approx([STATED.arrival_h, STATED.level_m], rel=0.2)


@FEW
@given(gauge_series(), st.sampled_from(["levels", "depths"]), st.integers(0, 50))
def test_hours_do_not_depend_on_the_step(points: Points, source: str, replication: int) -> None:
    exact = FloodField(made(points, source))
    water = exact.water(exact.draws(1, replication))
    for step_h in (1.0, 0.5, 0.05):
        first, crest = told(made(points, source, STATED, step_h), replication)
        assert 0 <= first - water.arrival_h[0] <= step_h + 1e-9
        assert crest == pytest.approx(water.crest_m[0])


@FEW
@given(gauge_series(), st.sampled_from(["levels", "depths"]), st.integers(0, 50))
def test_readings_of_the_dry_days_before_change_nothing(points: Points, source: str, replication: int) -> None:
    """The same flood with its readings begun later, or with more of them, is the same flood."""
    rise = max(i for i, (_, d) in enumerate(points) if d <= 0 and all(e <= 0 for _, e in points[: i + 1]))
    fewer = [(0.0, points[rise][1]), *points[rise:]] if points[rise][0] else points
    more = sorted({*points, *((float(t), d) for t, d in points if t), (300.0, points[-1][1])})
    told_so = told(made(points, source), replication)
    assert told(made(fewer, source), replication) == pytest.approx(told_so)
    assert told(made(more, source), replication) == pytest.approx(told_so)


ODD: dict[str, Points] = {
    "constant and dry": [(0, -1), (50, -1)],
    "constant and wet": [(0, 1), (50, 1)],
    "one point, dry": [(5, -1)],
    "one point, wet": [(5, 2)],
    "wet from the start": [(0, 0.5), (10, 2), (40, -1)],
    "falling only": [(0, 2), (30, -1)],
    "wet, dry, wet": [(0, 1), (10, -1), (40, -1), (44, 2), (80, -1)],
    "never above the ground": [(0, -5), (40, -0.2), (80, -5)],
    "just above the ground": [(0, -5), (40, 0.06), (80, -5)],
}


@pytest.mark.parametrize("name", ODD)
def test_odd_series_have_a_flood_too(name: str) -> None:
    field = FloodField(made(ODD[name], "levels"))
    courses = [field.water(field.draws(1, replication)) for replication in range(200)]
    first = np.array([course.arrival_h[0] for course in courses])
    crest = np.array([course.crest_m[0] for course in courses])
    record = field.water()
    assert record.crest_m[0] == pytest.approx(max(0.0, *(d for _, d in ODD[name])))
    if name in ("constant and dry", "one point, dry"):
        assert np.isinf(first).all()
        assert not crest.any()
    elif name == "never above the ground":  # a higher crest reaches it, and then about when the crest comes
        assert 0.1 < np.isfinite(first).mean() < 0.4
        assert abs(first[np.isfinite(first)] - 40).max() < 12
    elif name == "just above the ground":
        assert 0.3 < np.isfinite(first).mean() < 0.7
        assert first[np.isfinite(first)].std() == pytest.approx(STATED.arrival_h, rel=0.2)
    else:
        assert (first == 0).mean() > 0.95  # a course may come so early that what stood there has run off
        assert crest.std() == pytest.approx(STATED.level_m, rel=0.2)


def test_a_zone_that_begins_wet_keeps_its_flood() -> None:
    """A second village that gets wet later is not stretched from the first reading on."""
    points = [(0.0, 0.3), (60.0, 0.3), (64.0, 3.0), (90.0, 0.0)]
    field = FloodField(made(points, "levels", STATED, 0.25, 0.0, 1.0))
    first = np.array([field.water(field.draws(1, k)).arrival_h[1] for k in range(200)])
    assert first.std() == pytest.approx(STATED.arrival_h, rel=0.2)


@FEW
@given(gauge_series(), st.floats(-3, 3), st.floats(-2, 2), st.floats(0.4, 2.5), st.floats(0.05, 2))
def test_a_higher_level_comes_no_later_and_no_lower(
    points: Points, shift_h: float, level_m: float, stretch: float, more_m: float
) -> None:
    field = FloodField(made(points, "levels", STATED, 0.25, 0.0, 0.4, 1.1, 2.0))
    low = field.water({"z": Draw(shift_h, level_m, stretch)})
    high = field.water({"z": Draw(shift_h, level_m + more_m, stretch)})
    assert (high.arrival_h <= low.arrival_h + 1e-9).all()
    assert (high.crest_m >= low.crest_m - 1e-9).all()


@FEW
@given(gauge_series(), st.floats(-3, 3), st.floats(-2, 2), st.floats(0.4, 2.5))
def test_draws_can_be_undone(points: Points, shift_h: float, level_m: float, stretch: float) -> None:
    (series,) = FloodField(made(points, "levels")).series
    draw, times = Draw(shift_h, max(level_m, 0.01 - series.rise_m), stretch), np.linspace(-5, 200, 83)
    assert draw.course_time(draw.record_time(times, series), series) == pytest.approx(times)
    heights = np.linspace(GROUND_M - 5, series.level_m.max(), 50)
    assert draw.lowered(draw.raised(heights, series), series) == pytest.approx(heights)
    assert AS_RECORDED.raised(heights, series) == pytest.approx(heights)


def test_places_of_one_zone_move_together() -> None:
    """Depths of several villages in one zone: all come earlier or later by the hours of the first."""
    rows = [Depth(subject="v0", time_h=t, depth_m=d) for t, d in ((0, 0), (30, 0), (32, 2), (60, 0))]
    rows += [Depth(subject="v1", time_h=t, depth_m=d) for t, d in ((0, 0), (35, 0), (36, 1), (60, 0))]
    plain = made([(0.0, 0.0)], "depths", Uncertainty(arrival_h=2, level_m=0, duration=0), 0.25, 0.0, 0.0)
    field = FloodField(plain.model_copy(update={"depths": tuple(rows)}))
    first = np.array([field.water(field.draws(1, k)).arrival_h for k in range(100)])
    assert (first[:, 1] - first[:, 0]) == pytest.approx(np.ptp(field.water().arrival_h))
    assert first.std() > 1
