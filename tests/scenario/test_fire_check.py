"""The pre-flight of fires: each finding appears where its cause is put in, and not without it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from simrescue.scenario.load import load
from simrescue.scenario.preflight.check import check
from simrescue.scenario.preflight.findings import Finding
from simrescue.scenario.travel_times import crest

TINY = Path(__file__).parents[2] / "scenarios/tiny-fire"


def found(subject: str, **changes: Any) -> list[Finding]:
    """Findings on the fire about one subject, after changes to the tiny fire."""
    return [one for one in check(load(TINY, sets=changes)) if one.topic == "fire" and one.subject == subject]


def test_the_tiny_fire_has_no_errors_or_warnings_on_the_fire() -> None:
    assert {one.severity for one in check(load(TINY)) if one.topic == "fire"} == {"note"}


def test_who_the_fire_comes_to_if_nobody_fights_it() -> None:
    made = load(TINY)
    arrival = crest(made).arrival_h[: len(made.villages)]
    [note] = [one for one in found("") if "villages" in one.numbers]
    assert note.numbers["villages"] == np.isfinite(arrival).sum() > 0
    assert note.numbers["first_h"] == arrival.min() > made.ignitions[0].time_h
    assert "Stone Ford" in {village.name for village, h in zip(made.villages, arrival, strict=True) if np.isfinite(h)}


def test_flames_after_the_end_do_not_count() -> None:
    made = load(TINY, sets={"duration": "3 h"})
    assert np.isinf(crest(made).arrival_h[: len(made.villages)]).all()
    assert "comes to no village" in found("", duration="3 h")[0].message


def test_an_ignition_on_water_is_a_fault() -> None:
    [fault] = found("grave-field", **{"ignitions.grave-field.lon": 114.03661, "ignitions.grave-field.lat": 38.17257})
    assert fault.severity == "fault"
    assert fault.numbers == {"fuel": 98}


def test_an_ignition_after_the_end() -> None:
    [warning] = found("grave-field", **{"ignitions.grave-field.time": "40 h"})
    assert "after the end" in warning.message


def rates(**columns: Any) -> dict[str, Any]:
    return {"ignition_rates.people": {f"grade_{grade}": 1.0 for grade in range(1, 6)} | columns}


def test_how_many_fires_are_expected() -> None:
    [note] = found("ignition_rates", **rates(**{"from": "10 h", "to": "18 h"}))
    # 36 h from 08:00: the hours from 10 to 18 of one day whole, and of the second
    assert note.numbers == pytest.approx({"fires": 2.0, "per_day": 2 / 36 * 24})
    assert found("people", **rates()) == []


@pytest.mark.parametrize(
    ("columns", "says"),
    [
        ({"spots": 1}, "fires are left out"),
        ({"grade_5": 0.5}, "fewer fires a day"),
    ],
)
def test_odd_rates_of_fires(columns: dict[str, Any], says: str) -> None:
    assert any(says in one.message for one in found("people", **rates(**columns)))


def test_spots_that_nobody_sees() -> None:
    gone = {f"detectors.{name}": None for name in ("satellite", "residents", "hill-tower")}
    [warning] = found("people", **gone, **rates(), **{"detectors.valley-camera.range": "2 km"})
    assert 0 < warning.numbers["unseen"] < 40
    assert found("people", **rates()) == []


def test_how_many_false_alarms_are_expected() -> None:
    [note] = found("detectors", **{"detectors.satellite.false_per_day": 2})
    assert note.numbers == {"alarms": 3.0, "per_day": 2.0}
    assert found("detectors") == []


def test_nobody_looks() -> None:
    gone = {f"detectors.{name}": None for name in ("satellite", "hill-tower", "valley-camera", "residents")}
    [warning] = found("grave-field", **gone)
    assert "never found" in warning.message
    near = {
        **gone,
        "detectors.post": {"kind": "lookout", "lon": 114.0, "lat": 38.17, "range": "1 km", "revisit": "1 h"},
    }
    near["detectors.post"] |= {"delay": "5 min"}
    assert found("grave-field", **near), "the post sees 1 km, the fire is 1.5 km away"
    near["detectors.post"]["range"] = "2 km"
    assert not found("grave-field", **near)


def test_nobody_fights() -> None:
    assert not [one for one in found("") if "suppression" in one.message]
    [short] = [one for one in found("", **{"teams.*.tasks": "evacuate"}) if one.severity == "shortfall"]
    assert "nobody fights" in short.message


def test_the_circle_of_crews_on_the_ground() -> None:
    assert not found("grave-field")
    [note] = found("grave-field", **{"teams.*.turnout": "50 min"})
    assert (note.severity, note.numbers["limit_h"]) == ("note", 0.5)
    assert note.numbers["soonest_h"] > 50 / 60
    [short] = found("grave-field", **{"teams.*.turnout": "3 h"})
    assert (short.severity, short.numbers["limit_h"]) == ("shortfall", 2.0)


def test_stages_that_want_more_than_there_is() -> None:
    [warning] = found("stage 3", **{"teams.detachment.count": 1})
    assert warning.numbers == {"persons": 130, "helicopters": 1}
    assert not found("stage 2", **{"teams.detachment.count": 1})


def test_aircraft_that_no_stage_asks_for() -> None:
    assert not found("hazard.stages")
    [note] = found("hazard.stages", **{"helicopters.heli-city.count": 3})
    assert (note.severity, note.numbers) == ("note", {"wanted": 1, "helicopters": 3})


def test_aircraft_that_come_late() -> None:
    [warning] = found("grave-field", **{"helicopters.heli-city.turnout": "2 h"})
    assert warning.numbers["soonest_h"] == pytest.approx(2.14, abs=0.02)


@pytest.mark.parametrize("depth", ["2 m", "3 m"])
def test_water_deep_enough_for_buckets(depth: str) -> None:
    warnings = found("grave-field", **{"water_sources.*.depth": depth})
    assert [one.numbers["nearest_km"] for one in warnings] == ([np.inf] if depth == "2 m" else [])


def test_sources_that_no_aircraft_fills_at() -> None:
    """Pine Hollow Pond is 1.5 m deep; the only bucket takes 3 t."""
    [note] = found("water_sources")
    assert "Pine Hollow Pond" in note.message
    assert not found("water_sources", **{"helicopters.heli-city.dip_depth": "1 m"})
    small = {"water_sources.*.holds": "2.9 t"}
    assert [one.numbers for one in found("water_sources", **small)] == [{"sources": 2}]
    assert [one.numbers["nearest_km"] for one in found("grave-field", **small)] == [np.inf]
    assert not found("water_sources", **{"helicopters.heli-city.tasks": "rescue"})


def test_pumps_to_which_water_never_comes() -> None:
    dry = {"teams.villagers.tank": "0 t", "water_sources.*.holds": "0 t"}
    [odd] = found("villagers", **dry)
    assert odd.severity == "doubtful"
    assert odd.numbers == {"hose_km": 1.5}
    assert not found("villagers", **{"teams.villagers.tank": "0 t"})
    assert not found("villagers", **{"water_sources.*.holds": "0 t"})
    assert not found("villagers", **dry, **{"teams.villagers.pumps": 0})


def test_villages_off_the_landscape_are_told() -> None:
    assert {"outside": 1} in [one.numbers for one in found("", **{"villages.high-terrace.lon": 114.2})]
    assert not [one for one in found("") if "outside" in one.numbers]


def test_a_fire_that_comes_to_the_border_is_told() -> None:
    """In a storm from the south; the same fire in the given wind stays on the landscape."""
    storm = {"weather.*.wind": "20 m/s", "weather.*.wind_from_deg": 180}
    [note] = [one for one in found("", **storm) if "border_h" in one.numbers]
    assert load(TINY).ignitions[0].time_h < note.numbers["border_h"] < 36
    assert not [one for one in found("") if "border_h" in one.numbers]


LEVELS = {"area_ha": 9999, "persons": 180, "level": "III"}
"""A stage that sets all free in the end."""


def test_stages_are_held_against_the_tiers_that_they_call() -> None:
    """20 villagers, 60 people of the county, 100 of the city."""
    stages = [
        {"persons": 20, "tiers": ["township"], "level": "IV"},
        {"area_ha": 3, "persons": 100, "tiers": ["county"]},
        LEVELS,
    ]
    assert not found("stage 1", **{"hazard.stages": stages})
    [warning] = found("stage 2", **{"hazard.stages": stages})
    assert warning.numbers["persons"] == 80


def test_stages_that_count_untrained_people_as_trained_ones_are_told() -> None:
    """20 villagers of 180 people: the first two stages want fewer, and none who wants all or trained ones alone."""
    [note] = found("hazard.stages kinds")
    assert note.numbers == {"untrained": 20}
    assert "stages 1, 2, 3" in note.message
    kinds = {"kinds": ["forest_fire"]}
    trained = [{"persons": 40, "level": "IV"} | kinds, LEVELS | kinds]
    everybody = [{"persons": 180, "level": "IV"}, LEVELS]
    for stages in (trained, everybody):
        assert not found("hazard.stages kinds", **{"hazard.stages": stages})


def test_a_reserve_that_no_crew_fits_into() -> None:
    """10 % of 180 people are 18; the smallest crew has 20."""
    [warning] = found("hazard.reserve", **{"hazard.reserve": [{"danger": 3, "persons": "10 %"}]})
    assert (warning.numbers["persons"], warning.numbers["smallest_crew"]) == (18, 20)
    assert not found("hazard.reserve", **{"hazard.reserve": [{"danger": 3, "persons": "12 %"}]})


def test_relief_that_nobody_is_left_for() -> None:
    stages = [{"persons": 180, "level": "IV"}, LEVELS]
    assert found("hazard.relief_stay", **{"hazard.relief_stay": "2 h", "hazard.stages": stages})
    assert not found("hazard.relief_stay", **{"hazard.relief_stay": "2 h"})
    assert not found("hazard.relief_stay", **{"hazard.stages": stages})


def test_a_crew_of_hundreds_is_told() -> None:
    [note] = found("detachment", **{"teams.detachment.size": 200, "teams.detachment.count": 1})
    assert note.severity == "note"
    assert "at one place" in note.message
    assert not found("detachment", **{"teams.detachment.size": 100})
