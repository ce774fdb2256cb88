from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simrescue.hazards.flood import flood_course
from simrescue.hazards.flood.depth_effects import hazard_class
from simrescue.hazards.flood.flood_course import FloodCourse, FloodField
from simrescue.hazards.flood.series import Draw
from simrescue.hazards.flood.settings import Flood, Uncertainty
from simrescue.parameters import Parameters
from simrescue.places import Junction, Road, Village
from simrescue.responders import Boat
from simrescue.scenario.records import Depth, Jurisdiction, Level, Scenario, Settings

WET_M = Parameters().depth_wet_m

STILL = Uncertainty(arrival_h=0, level_m=0, duration=0)


def scenario(spread: Uncertainty = STILL, **tables: Any) -> Scenario:
    hazard = Flood(step_h=0.25, uncertainty=spread, source="depths" if "depths" in tables else "levels")
    settings = Settings(
        simrescue=1,
        name="test",
        start=datetime(2023, 7, 31, tzinfo=UTC),
        duration_h=72,
        jurisdiction=Jurisdiction(name="Test"),
        hazard=hazard,
    )
    return Scenario(settings=settings, **tables)


def village(name: str, elevation_m: float = 20.0, zone: str = "z", spread_m: float = 0.0) -> Village:
    return Village(
        id=name, lon=116, lat=39, elevation_m=elevation_m, zone=zone, population=100, ground_spread_m=spread_m
    )


def levels(*points: tuple[float, float], zone: str = "z") -> tuple[Level, ...]:
    return tuple(Level(zone=zone, time_h=time, level_m=level) for time, level in points)


RISE = levels((0, 19), (10, 19), (14, 23), (30, 23), (50, 19))
"""Dry until 10 h, 1 m/h up to 3 m above the ground at 20 m, down again from 30 h by 0.2 m/h."""


def course(made: Scenario, seed: int = 1, replication: int = 0) -> FloodCourse:
    return FloodCourse(FloodField(made), seed, replication)


def depths(made: Scenario, times_h: list[float]) -> np.ndarray:
    """Depth (T, S) of a flood without draws."""
    one = course(made)
    return np.array([one.depth_at(range(len(one.field.ruled_by)), time) for time in times_h])


def events(one: FloodCourse) -> list[tuple[float, int, float]]:
    """(time, site, depth) of all changes."""
    found = []
    while (now := one.next_time()) < float("inf"):
        effects = one.advance(now)
        found += [(now, water.site, water.depth_m) for water in effects]
        assert effects
        assert one.next_time() > now
    return found


class TestLevels:
    def test_crossings_come_at_the_first_step_after_them(self) -> None:
        water = levels((0, 19), (10, 19), (14, 23), (30, 23), (51, 19))
        found = events(course(scenario(villages=(village("a"),), levels=water)))
        rising = [(time, depth) for time, _, depth in found if time <= 14]
        # ground at 20 m: above 0.05 m from 11.05 h, 0.3 m from 11.3 h, 0.5 m from 11.5 h, 1.2 m from 12.2 h, ...
        # and the crest of 3 m from 14 h on
        assert [time for time, _ in rising] == [11.25, 11.5, 11.75, 12.25, 12.75, 13.25, 13.75, 14]
        assert [depth for _, depth in rising] == pytest.approx([0.25, 0.5, 0.75, 1.25, 1.75, 2.25, 2.75, 3])
        falling = [time for time, _, depth in found if time > 30]
        # down to 0.05 m at 30 + 2.95 * 21 / 4 = 45.49 h
        assert falling[-1] == 45.5
        assert found[-1][2] == pytest.approx(3 - 15.5 * 4 / 21)

    def test_depth_of_the_record_between_and_outside_points(self) -> None:
        made = scenario(villages=(village("a"), village("dry", zone=""), village("high", 40)), levels=RISE)
        depth = depths(made, [0, 12, 20, 40, 90])
        assert depth[:, 0] == pytest.approx([0, 1, 3, 1, 0])
        assert not depth[:, 1:].any()

    def test_site_already_wet_is_told_at_the_start(self) -> None:
        one = course(scenario(villages=(village("a"), village("b", 30)), levels=levels((5, 21), (9, 21))))
        assert one.next_time() == 0
        assert [water.site for water in one.advance(0)] == [0]
        assert one.next_time() == float("inf")
        assert one.advance(50) == []

    def test_roads_take_zone_and_height_from_their_ends(self) -> None:
        places = (village("a", 20), village("b", 22), village("c", 21, zone="other"))
        roads = (
            Road(id="low_end", start="b", end="a"),
            Road(id="raised", start="a", end="b", elevation_m=22.5),
            Road(id="between_zones", start="a", end="c"),
            Road(id="own_zone", start="a", end="c", zone="z"),
        )
        made = scenario(villages=places, roads=roads, levels=RISE)
        assert depths(made, [20])[0] == pytest.approx([3, 1, 0, 3, 0.5, 0, 3])

    def test_roads_are_told_at_every_limit_of_a_vehicle(self) -> None:
        made = scenario(
            junctions=tuple(Junction(id=i, lon=116, lat=39, elevation_m=20, zone="z") for i in "ab"),
            roads=(Road(id="r", start="a", end="b"),),
            levels=levels((0, 19), (100, 24)),
        )
        over_bed, *depths = [depth for _, site, depth in events(course(made)) if site == 2]
        assert over_bed == 0, "before: when the stream under it is too deep to be waded"
        assert len(depths) == 6
        assert all(
            limit < depth + 1e-9 < limit + 0.0126
            for limit, depth in zip([0.05, 0.15, 0.2, 0.3, 0.6, 0.61], depths, strict=True)
        )

    def test_fast_water_is_a_higher_class(self) -> None:
        flow = tuple(Level(zone="z", time_h=t, level_m=20.4, velocity_ms=v) for t, v in [(0, 0.0), (10, 3.0)])
        one = course(scenario(villages=(village("a"),), levels=flow))
        classes = []
        while (now := one.next_time()) < float("inf"):
            classes += [water.danger for water in one.advance(now)]
        assert classes == [2, 4, 5]

    def test_no_water_at_all(self) -> None:
        assert course(scenario(villages=(village("a"),))).next_time() == float("inf")
        assert not depths(scenario(villages=(village("a"),)), [1, 2]).any()

    def test_a_late_caller_gets_each_site_once_as_it_is(self) -> None:
        one = course(scenario(villages=(village("a"),), levels=RISE))
        [late] = one.advance(20)
        assert late.site == 0
        assert late.depth_m == pytest.approx(3)

    def test_all_at_once_or_in_blocks(self, monkeypatch: pytest.MonkeyPatch) -> None:
        made = scenario(villages=tuple(village(f"v{i}", 19 + i / 10) for i in range(30)), levels=RISE)
        whole = events(course(made))
        monkeypatch.setattr(flood_course, "BLOCK", 500)
        assert events(course(made)) == whole


class TestDepths:
    def test_by_place_and_road(self) -> None:
        rows = [Depth(subject="a", time_h=t, depth_m=d) for t, d in [(12, 2.0), (10, 0.0), (20, 0.0)]]
        rows += [Depth(subject="r", time_h=t, depth_m=d) for t, d in [(0, 0.0), (1, 1.0)]]
        made = scenario(
            villages=(village("a"), village("b")), roads=(Road(id="r", start="a", end="b"),), depths=tuple(rows)
        )
        depth = depths(made, [0, 11, 16])
        assert depth.tolist() == [[0, 0, 0], [1, 0, 1], [1, 0, 1]]
        assert {site for _, site, _ in events(course(made))} == {0, 2}


class TestDraws:
    spread = Uncertainty(arrival_h=2, level_m=0.5, duration=0.3, common=0.5)

    def two_zones(self, **more: Any) -> Scenario:
        water = (*RISE, *levels((0, 19), (10, 19), (14, 23), (60, 19), zone="y"))
        return scenario(self.spread, villages=(village("a"), village("b", zone="y")), levels=water, **more)

    def test_same_seed_and_replication_same_flood_whoever_responds(self) -> None:
        plain = self.two_zones()
        more = self.two_zones(boats=(Boat(id="boat", base="a"),))
        assert events(course(plain, 7, 3)) == events(course(more, 7, 3))
        assert events(course(plain, 7, 3)) != events(course(plain, 7, 4))
        assert events(course(plain, 7, 3)) != events(course(plain, 8, 3))

    def test_a_new_zone_leaves_the_others_as_they_were(self) -> None:
        one = scenario(self.spread, villages=(village("a"),), levels=RISE)
        assert FloodField(one).draws(1, 2)["z"] == FloodField(self.two_zones()).draws(1, 2)["z"]

    def test_spread_and_common_share(self) -> None:
        field = FloodField(self.two_zones())
        drawn = [field.draws(1, replication) for replication in range(800)]
        z, y = (np.array([(d[k].shift_h, d[k].level_m, np.log(d[k].stretch)) for d in drawn]) for k in "zy")
        assert z.std(axis=0) == pytest.approx([2, 0.5, 0.3], rel=0.1)
        assert abs(z.mean(axis=0) / [2, 0.5, 0.3]).max() < 0.12
        for column in range(3):
            assert np.corrcoef(z[:, column], y[:, column])[0, 1] == pytest.approx(0.5, abs=0.1)

    def moved(self, draw: Draw) -> FloodCourse:
        field = FloodField(scenario(villages=(village("a"),), levels=RISE))
        field.draws = lambda seed, replication: {"z": draw}  # type: ignore[method-assign]
        return FloodCourse(field, 1, 0)

    def test_shift_and_stretch_move_points_as_defined(self) -> None:
        one = self.moved(Draw(shift_h=3, level_m=0, stretch=2))
        # the water is at 20.05 m at 11.05 h, so it arrives at 14.05; the point at 14 comes at 14.05 + 2.95 * 2 = 19.95,
        # that at 30 at 14.05 + 18.95 * 2 = 51.95
        assert one.depth_at([0], 13.0) == 0
        assert one.depth_at([0], 14.05) == pytest.approx(0.05)
        assert one.depth_at([0], 19.95) == pytest.approx(3)
        assert one.depth_at([0], 51.95) == pytest.approx(3)
        assert one.depth_at([0], 14.05 + 2 * 0.95) == pytest.approx(1)

    def test_level_counts_in_full_at_the_crest_only(self) -> None:
        one = self.moved(Draw(shift_h=0, level_m=0.4, stretch=1))
        assert one.depth_at([0], 20.0) == pytest.approx(3.4)
        assert one.depth_at([0], 12.0) == pytest.approx(1 + 0.4 * 0.95 / 2.95)
        assert one.depth_at([0], 11.05) == pytest.approx(0.05)

    @given(st.floats(-6, 6), st.floats(0, 2), st.floats(-3, 3), st.floats(0.4, 2.5), st.floats(0, 72))
    def test_higher_level_is_never_less_deep(
        self, level: float, more: float, shift: float, stretch: float, time: float
    ) -> None:
        low = self.moved(Draw(shift, level, stretch)).depth_at([0], time)
        assert self.moved(Draw(shift, level + more, stretch)).depth_at([0], time) >= low - 1e-9

    @given(st.integers(0, 300))
    def test_dry_start_stays_dry(self, replication: int) -> None:
        wild = Uncertainty(arrival_h=0, level_m=5, duration=1, common=0)
        one = course(scenario(wild, villages=(village("a", 19.2),), levels=RISE), 1, replication)
        assert one.depth_at([0], 9.9) == 0
        assert one.next_time() > 9.9

    @given(st.integers(0, 300))
    def test_steps_cover_the_course(self, replication: int) -> None:
        """What has been told agrees with the course at every step, to within the bands in which nothing is told."""
        made = scenario(self.spread, villages=(village("a"), village("low", 17)), levels=RISE)
        one, known = course(made, 3, replication), {0: 0.0, 1: 0.0}
        for step in range(72 * 4 + 1):
            now = step / 4
            if one.next_time() <= now:
                known.update({water.site: water.depth_m for water in one.advance(now)})
            truth = one.depth_at([0, 1], now)
            assert hazard_class([known[0], known[1]], wet_m=WET_M).tolist() == hazard_class(truth, wet_m=WET_M).tolist()
            assert np.abs(truth - [known[0], known[1]]).max() < 2
