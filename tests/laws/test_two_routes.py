"""A measure's value and its places are two routes to one figure, and its limits are where the value turns."""

from __future__ import annotations

import math
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from simrescue import load
from simrescue.events import EventLog
from simrescue.metrics import MEASURES, Facts, measure
from simrescue.metrics.base import SCALES
from simrescue.metrics.people.relief import share_relieved
from simrescue.metrics.tallies import tally
from simrescue.scenario.plans import static_measures
from simrescue.scenario.records import Scenario
from simrescue.simulation.run import replicate
from simrescue.simulation.world import compile_world
from tests.metrics.logs import log as hand_log
from tests.metrics.test_relief import FLOOD, facts

SCENARIOS = Path(__file__).parents[2] / "scenarios"
WRITTEN = {
    "share_relieved": [{"who": "trapped"}, {"who": "isolated"}, {"clock": "scenario_onset"}, {"needs": ("food",)}],
    "share_responded": [{"tasks": ("rescue",), "kinds": ("boat",)}, {"levels": ("township",)}, {"clock": "need"}],
    "share_moved_before_impact": [{"who": "impact"}, {"who": "institutions"}],
    "order_to_out_h": [{"out": 0.5, "villages": 0.5}],
    "relief_last_h": [{"clock": "report"}],
    "share_areas_with_team": [{"levels": ["county"], "minimum": 10}],
    "share_teams_staffed": [{"level": "county"}, {"level": "township", "minimum": 10}],
}
"""Settings that are tried besides the required ones."""
REQUIRED: dict[str, Any] = {
    "limit_h": 6.0, "area_ha": 5.0, "person_h_yuan": 50.0, "flight_h_yuan": 9000.0, "level": "township",
    "limit_km": 3.0, "area": "township",
}  # fmt: skip
LONGEST_H = 87_600.0
TOLD = [name for name, one in MEASURES.items() if one.of_cases or one.of_places]
ADDED = [
    name for name in TOLD if not MEASURES[name].is_static and (MEASURES[name].of_places or MEASURES[name].has_limit)
]
"""Shares and sums: all but times and sizes of the worst case."""


@cache
def course(scenario: str, number: int) -> tuple[EventLog, Facts]:
    world = compile_world(load(SCENARIOS / scenario))
    return replicate(world, 1, number).log, world.facts


def settings_of(name: str) -> Iterator[dict[str, Any]]:
    fields = MEASURES[name].settings.model_fields
    needed = {field: REQUIRED[field] for field, info in fields.items() if info.is_required()}
    yield needed
    yield from ({**needed, **more} for more in WRITTEN.get(name, []))


def part_over_whole(name: str, places: Any) -> float:
    whole, part = float(places.counted.sum()), float(places.kept.sum())
    if MEASURES[name].unit not in SCALES:
        return part
    return part / whole * SCALES[MEASURES[name].unit] if whole > 0 else math.nan


def test_every_share_tells_its_places() -> None:
    shares = {name for name, one in MEASURES.items() if one.unit in SCALES}
    assert shares == {name for name in TOLD if MEASURES[name].unit in SCALES}


@pytest.mark.parametrize("name", ADDED)
@pytest.mark.parametrize(("scenario", "number"), [("tiny-flood", 0), ("tiny-flood", 3), ("tiny-fire", 0)])
def test_value_is_part_over_whole(name: str, scenario: str, number: int) -> None:
    log, facts_of = course(scenario, number)
    for given in settings_of(name):
        told = tally(log, facts_of, name, given, 0.9)
        value = measure(log, facts_of, name, given)
        if told is None:
            assert math.isnan(value)
            continue
        assert part_over_whole(name, told.places) == pytest.approx(value, rel=1e-12, nan_ok=True)
        assert (told.places.counted >= 0).all()
        assert len(np.unique(told.places.place)) == len(told.places.place)
        assert (told.places.place < len(facts_of.kinds)).all()


@pytest.mark.parametrize("name", [name for name in TOLD if MEASURES[name].of_cases])
@pytest.mark.parametrize("scenario", ["tiny-flood", "tiny-fire"])
def test_a_time_is_kept_at_itself_and_missed_just_below(name: str, scenario: str) -> None:
    """Of a value that is a time (or a size): at the value all asked for are within it, just below it some are not."""
    log, facts_of = course(scenario, 1)
    if MEASURES[name].has_limit:
        return
    for given in settings_of(name):
        value = measure(log, facts_of, name, given)
        if not math.isfinite(value) or not value:
            continue
        at, below = (tally(log, facts_of, name, given, limit) for limit in (value, value * (1 - 1e-3) - 1e-3))
        assert at is not None
        assert below is not None
        assert at.places.kept.sum() > below.places.kept.sum()
        assert at.places.counted.sum() == below.places.counted.sum()


@pytest.mark.parametrize("name", [name for name in TOLD if MEASURES[name].of_cases and MEASURES[name].has_limit])
@pytest.mark.parametrize("scenario", ["tiny-flood", "tiny-fire"])
@pytest.mark.parametrize("asked", [0.2, 0.5, 0.9, 1.0])
def test_at_the_limit_needed_the_share_is_kept_and_just_below_it_is_not(name: str, scenario: str, asked: float) -> None:
    log, facts_of = course(scenario, 1)
    for given in settings_of(name):
        told = tally(log, facts_of, name, given, asked)
        if told is None or math.isnan(told.limit_needed):
            continue
        assert told.limit_needed <= told.limit_all
        last = tally(log, facts_of, name, {**given, "limit_h": LONGEST_H}, asked)
        assert last is not None
        if not math.isfinite(told.limit_needed):
            assert measure(log, facts_of, name, {**given, "limit_h": LONGEST_H}) < asked
            continue
        assert measure(log, facts_of, name, {**given, "limit_h": told.limit_needed}) >= asked - 1e-9
        if told.limit_needed > 1e-3:
            assert measure(log, facts_of, name, {**given, "limit_h": told.limit_needed - 1e-3}) < asked
        # What would have been enough hangs on the course of events, never on the limit that the clause sets.
        assert (last.limit_needed, last.limit_all) == (told.limit_needed, told.limit_all)


def test_a_later_limit_keeps_no_less_at_any_place() -> None:
    log, facts_of = course("tiny-flood", 0)
    kept: dict[int, float] = {}
    for limit_h in (1.0, 3.0, 6.0, 12.0, 100.0):
        told = tally(log, facts_of, "share_relieved", {"limit_h": limit_h}, 1.0)
        assert told is not None
        there = dict(zip(told.places.place.tolist(), told.places.kept.tolist(), strict=True))
        assert all(there[place] >= number for place, number in kept.items())
        kept = there


@pytest.mark.parametrize("name", [name for name in TOLD if MEASURES[name].is_static])
def test_on_paper_too(name: str) -> None:
    scenario: Scenario = load(SCENARIOS / "tiny-flood")
    for given in settings_of(name):
        places = static_measures.measured_by_place(scenario, name, given)
        assert places is not None
        value = static_measures.measured(scenario, name, given)
        assert part_over_whole(name, places) == pytest.approx(value, rel=1e-12, nan_ok=True)


def test_by_hand() -> None:
    """Lower (200 people): 60 relieved at once, 10 after 3 h, 127 after 11 h, three die; upper (100): 30 in a hall."""
    told = tally(hand_log(*FLOOD), facts(), "share_relieved", {"limit_h": 3.0}, 0.8)
    assert told is not None
    assert dict(zip(told.places.place.tolist(), told.places.counted.tolist(), strict=True)) == {0: 30, 1: 200}
    assert dict(zip(told.places.place.tolist(), told.places.kept.tolist(), strict=True)) == {0: 0, 1: 70}
    # 184 of 230 are asked for: the 127 are needed, and they waited 11 h; the dead are never relieved.
    assert (told.limit_needed, told.limit_all) == (11.0, math.inf)
    assert share_relieved(hand_log(*FLOOD), facts(), 11.0) >= 0.8
