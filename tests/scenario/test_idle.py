"""What check calls without effect changes nothing, and what it does not call so changes something: by trying it out."""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any
from zlib import crc32

import numpy as np
import pytest

from simrescue.errors import FaultsError
from simrescue.parameters import table
from simrescue.records import Record
from simrescue.scenario.files.faults import keys
from simrescue.scenario.load import load
from simrescue.scenario.preflight.check import check
from simrescue.scenario.preflight.without_effect.idle import sections, without_effect
from simrescue.scenario.preflight.without_effect.unread import readers, reading
from simrescue.scenario.records import Scenario
from simrescue.simulation.run import simulate
from simrescue.simulation.world import compile_world

SCENARIOS = Path(__file__).parents[2] / "scenarios"
UNITS = {"_t_per_h": " t/h", "_kmh": " km/h", "_km": " km", "_kg": " kg", "_h": " h", "_m": " m", "_t": " t"}
PURE = ("share", "factor", "ratio", "1")
"""Units of the table of parameters that are not written."""
STILL = {"hazard.uncertainty.arrival": "0 h", "hazard.uncertainty.level": "0 m", "hazard.uncertainty.duration": 0}
VARIANTS: dict[str, tuple[str, dict[str, Any]]] = {
    "flood": ("tiny-flood", {}),
    "flood without boats and helicopters": ("tiny-flood", {"boats.*": None, "helicopters.*": None}),
    "flood without teams and trucks": ("tiny-flood", {"teams.*": None, "trucks.*": None, "relief.tracked": ["food"]}),
    "flood with everything stated": (
        "tiny-flood",
        {"warning.order": "4 h", "warning.call_out": "5 h", "command.contact_loss": 0, "villages.*.cars": 0,
         "hazard.road_damage": 0, "hazard.bridge_damage": 0, "health.injured": 0, **STILL},
    ),
    "flood, nobody ordered": ("tiny-flood", {"villages.*.ordered": False}),
    "fire": ("tiny-fire", {"duration": "8 h"}),
    "busy fire": (
        "tiny-fire",
        {"duration": "13 h", "weather.*.wind": "11 m/s", "weather.*.humidity": "18 %", "weather.*.visibility": "4 km",
         "ignitions.power-line": {"name": "Power Line", "lon": 114.0330, "lat": 38.1845, "time": "3.5 h"},
         "hazard.embers": "flames", "hazard.spotting": 0.05, "parameters.spotting_flame_m": "1.5 m",
         "villages.*.radius": "0.4 km",
         "health.injured": 0.5, "command.contact_loss": 0.7, "relief.household_days": 0.05,
         "teams.*.shift": "3 h", "teams.*.breakdown": 0.5,
         "helicopters.*.tasks": "water_drop;reconnaissance;rescue;evacuate;relief;medical"},
    ),
    "fire without flyers and pumps": (
        "tiny-fire",
        {"duration": "4 h", "helicopters.*": None, "teams.*.pumps": 0, "hazard.spotting": 0, "warning.order": "5 h"},
    ),
    "fire without crews": ("tiny-fire", {"duration": "3 h", "teams.*": None, "helicopters.*": None, "trucks.*": None}),
}  # fmt: skip
WATCHED = {"flood": ("flood",), "fire": ("fire", "busy fire")}
"""Hazard -> variants in one of which a setting must count that is not called without effect."""
SEEN_ONLY_WHEN: dict[str, dict[str, str]] = {"flood": {
    "warning.alone_after": "a village falls silent before it has its order",
    "parameters.heavy_vehicle_cars": "lorries and buses fill a road",
    "hazard.road_repair": "a road is damaged early enough to be mended before the end",
    "parameters.road_repair_h": "the same",
    "hazard.road_rebuild": "the same",
    "parameters.road_rebuild_h": "the same",
    "hazard.bridges_lost_per_km": "the same",
    "parameters.bridges_lost_per_km": "the same",
    "trucks.*.drivers": "a lorry works longer than its first shift",
    "parameters.lorry_drivers": "the same",
    "relief.replenishment_fleet": "a depot is restocked by more than one lorry",
    "parameters.replenishment_fleet_share": "the same",
    "parameters.fetch_load_t": "as relief.fetch_load",
    "relief.fetch_load": "people next door to a depot run short while it is dry",
    "parameters.carried_per_member": "a crew is small for its seats",
    "parameters.reconnaissance_radius_km": "a look from the air finds a road that nobody had reported",
    "parameters.fatality_depth_max_m": "only check reads it",
    "parameters.high_danger_fatality": "water comes over a refuge",
    "parameters.rapid_rise_full_m_per_h": "deep water rises rapidly",
    **{f"parameters.{name}": "somebody is injured and a crew comes, or is long in coming" for name in (
        "worsening_share", "worsening_h", "severe_aided_h", "ambulance_h", "hospital_stay_h",
    )},
    "parameters.boat_lost_share": "a boat is holed",
    **{f"parameters.transfer_{name}": "many boats and vehicles meet at one point" for name in (
        "room", "boats", "vehicles",
    )},
    **{f"parameters.neighbour_{name}": "a village has a craft" for name in (
        "craft", "trip_persons", "trip_h", "depth_m",
    )},
    **{f"parameters.{name}": "water comes over an upper floor" for name in (
        "upper_floor_height_m", "upper_floor_submergence_m", "roof_height_m", "roof_submergence_m", "roof_share",
    )},
}, "fire": {
    "warning.alone_after": "a village falls silent before it has its order",
    **dict.fromkeys(("hazard.danger.ffmc", "hazard.danger.dmc", "hazard.danger.dc"), "only check reads it"),
    "parameters.heavy_vehicle_cars": "lorries and buses fill a road",
    **dict.fromkeys(
        ("hazard.retreat", "hazard.leaders", "parameters.escape_margin_h", "parameters.way_out_h"),
        "the front comes near a crew",
    ),
    **dict.fromkeys(
        ("parameters.hand_line_width_m", "parameters.line_width_flames"), "a crew works against long flames"
    ),
    **{f"parameters.{name}": "a fire grows large while crews work on it" for name in (
        "line_small_fire_ha", "line_large_fire_ha", "large_fire_line_factor",
    )},
    **{f"parameters.{name}": "a front comes to line" for name in ("breach_length_m", "breach_least_kw_m")},
    "parameters.burning_out_wind_ms": "a crew builds line far in front of a fire",
    **dict.fromkeys(("parameters.post_retry_h", "parameters.post_patience_h"), "a crew finds no post on the edge"),
    **dict.fromkeys(
        ("parameters.line_fatigue_per_h", "parameters.line_fatigue_least"), "a crew stays on the line for long"
    ),
    **dict.fromkeys(
        ("parameters.crew_flame_limit_m", "parameters.pump_flame_limit_m", "parameters.indirect_flame_limit_m"),
        "flames at a crew are about as long as it can master",
    ),
    **dict.fromkeys(("parameters.insertion_walk_h", "parameters.insertion_wait_h"), "a crew would walk for long"),
    "parameters.pump_hose_km": "the edge is far from roads and water",
    "parameters.fire_watch_h": "a fire is watched to the end",
    **dict.fromkeys(
        ("command.driver_report", "command.road_report", "parameters.driver_report_h", "parameters.road_report_h"),
        "flames close a road that command holds open",
    ),
    **dict.fromkeys(
        ("relief.household_days", "parameters.household_days"), "a village is cut off and does not burn"
    ),
    "parameters.contact_loss_share": "a village is cut off, and the scenario does not say the share itself",
    **dict.fromkeys(
        ("hazard.foliar_moisture", "parameters.foliar_moisture", "parameters.canopy_base_share",
         "parameters.canopy_density_kg_m3", "parameters.crown_cover_least"), "flames reach the crowns"
    ),
    **dict.fromkeys(
        ("parameters.ember_per_kj", "parameters.ember_range_share", "parameters.ember_gust_factor",
         "parameters.torching_dbh_m", "parameters.torching_trees"), "crowns burn and throw the embers"
    ),
    "parameters.spotting_chance": "flames are long, and the scenario does not say the chance itself",
    "parameters.reconnaissance_radius_km": "a look from the air finds a road that nobody had reported",
    "parameters.carried_per_member": "a crew is small for its seats",
    **dict.fromkeys(("relief.fetch_load", "parameters.fetch_load_t"), "people next door to a depot run short"),
    "relief.fetch_within": "people next door to a depot run short",
    "parameters.fetch_within_km": "the same",
    "parameters.heli_payload_t": "a helicopter carries goods",
    **dict.fromkeys(
        ("relief.replenishment_fleet", "parameters.replenishment_fleet_share"),
        "a depot is restocked by more than one lorry",
    ),
}}  # fmt: skip
"""Settings that count in the small flood and the small fires, but not for anything that happens in them."""
SKIPPED = ("jurisdiction", "history", "command.levels", "hazard.stages", "hazard.layers")
"""Sections of names and lists."""


def made(variant: str, **more: Any) -> Scenario:
    name, sets = VARIANTS[variant]
    return load(SCENARIOS / name, sets={**sets, **more})


def log_of(scenario: Scenario, replication: int = 0) -> tuple[bytes, ...]:
    """The event log of one replication."""
    log = simulate(compile_world(scenario), 1, replication)
    return tuple(column.tobytes() for column in log if hasattr(column, "tobytes"))


@cache
def plain_log(variant: str, replication: int) -> tuple[bytes, ...]:
    return log_of(made(variant), replication)


def settable(scenario: Scenario) -> Iterator[tuple[str, list[str]]]:
    """Path and other values of each number of the settings and each parameter that is for this hazard."""
    here = reading(scenario)
    for path, section in sections(scenario.settings):
        for key, name in keys(type(section)).items():
            who, value = readers(type(section), name), getattr(section, name)
            read = not who or here & set(who)
            if read and not path.startswith(SKIPPED) and not isinstance(value, str | tuple | Record):
                unit = next((unit for suffix, unit in UNITS.items() if name.endswith(suffix)), "")
                yield f"{path}.{key}", ["3 h", "9 h", "13 h"] if value is None else others(value, unit)
    for row in table().values():
        if row.hazard in ("all", scenario.settings.hazard.kind):
            ends = [] if row.low is None or row.high is None else [row.low, row.high]
            yield f"parameters.{row.name}", others(row.value, "" if row.unit in PURE else f" {row.unit}", *ends)


def others(value: float, unit: str, *ends: float) -> list[str]:
    """Values unlike one, as a file has them; not all of them are possible."""
    tried = (*ends, value * 0.4, value * 1.9, value + 1, max(1, int(value) - 2), 0.5)
    return [f"{one:g}{unit}" for one in dict.fromkeys(tried) if one != value]


def counts(variant: str, path: str, values: list[str], most: int = 9, replications: int = 2) -> bool | None:
    """Whether another value of a setting (up to so many tried) makes another log; None: it has no other value."""
    possible = 0
    for value in values:
        try:
            scenario = made(variant, **{path: value})
        except FaultsError:
            continue
        possible += 1
        if any(log_of(scenario, i) != plain_log(variant, i) for i in range(replications)):
            return True
        if possible == most:
            break
    return False if possible else None


@pytest.mark.parametrize("variant", [
    pytest.param(variant, marks=[] if variant == "flood" else [pytest.mark.slow]) for variant in VARIANTS
])  # fmt: skip
def test_what_is_called_without_effect_changes_nothing(variant: str) -> None:
    scenario = made(variant)
    named, known = without_effect(scenario), dict(settable(scenario))
    assert len(named) > 5
    for path in named.keys() & known.keys():
        assert not counts(variant, path, known[path], 1, 1), f"{path}: {named[path].en}"


EVERY = 1 if os.environ.get("SIMRESCUE_IDLE") == "all" else 4
"""One in so many settings is looked at, always the same; fires take minutes. SIMRESCUE_IDLE=all: each."""


def is_looked_at(path: str) -> bool:
    """Whether a setting is among those of an ordinary run of the tests."""
    return crc32(path.encode()) % EVERY == 0


@pytest.mark.slow
@pytest.mark.parametrize("hazard", WATCHED)
def test_what_changes_nothing_is_called_so(hazard: str) -> None:
    tried, seen = set[str](), set[str]()
    for variant in WATCHED[hazard]:
        scenario = made(variant)
        named = without_effect(scenario)
        for path, values in settable(scenario):
            wanted = is_looked_at(path) and path not in named and path not in SEEN_ONLY_WHEN[hazard]
            if wanted and path not in seen:
                tried.add(path)
                if counts(variant, path, values) is not False:
                    seen.add(path)
    assert tried == seen, "the others change nothing and check does not say so"


@pytest.mark.parametrize(
    ("name", "changes", "told"),
    [
        ("tiny-flood", {"warning.order": "5 h"}, "warning.order_delay changes nothing here"),
        ("tiny-flood", {"warning.forecast": None, "parameters.forecast_lead_h": "9 h"}, ""),
        ("tiny-flood", {"parameters.forecast_lead_h": "9 h"}, "parameters.forecast_lead_h changes nothing here"),
        ("tiny-flood", {"boats.*": None, "parameters.boat_launch_h": "1 h"}, "boats.csv has no rows"),
        ("tiny-flood", {"boats.*": None, "parameters.boat_speed_kmh": "9 km/h"}, "parameters.boat_speed_kmh changes"),
        ("tiny-flood", {"parameters.boat_launch_h": "1 h"}, ""),
        ("tiny-flood", {"parameters.speed_track_kmh": "9 km/h"}, "no road is of kind track"),
        ("tiny-fire", {"hazard.spotting": 0, "parameters.ember_delay_h": "0.1 h"}, "parameters.ember_delay_h changes"),
        ("tiny-fire", {"helicopters.*": None, "parameters.bucket_kmh": "90 km/h"}, "no helicopter drops water"),
        ("tiny-fire", {"warning.call_out": "4 h"}, "warning.call_out changes nothing here"),
    ],
)
def test_check_names_what_is_set_in_vain(name: str, changes: dict[str, Any], told: str) -> None:
    found = [one.message for one in check(load(SCENARIOS / name, sets=changes)) if "nothing here" in one.message]
    assert (told in " ".join(found)) if told else not found, found


def test_a_front_from_another_model_leaves_growth_without_effect() -> None:
    flames = {"hazard.embers": "flames", "hazard.spotting": 0.01, "duration": "12 h"}
    scenario = load(SCENARIOS / "tiny-fire", sets=flames)
    landscape: Any = scenario.landscape
    given = np.add.outer(np.arange(landscape.shape[0]), np.arange(landscape.shape[1])) / 4.0
    given[0, 0] = 0.0
    plain = log_of(scenario.model_copy(update={"arrival_h": given}))
    found = without_effect(scenario.model_copy(update={"arrival_h": given}))
    for path, value in {
        "hazard.spotting": 0.2,
        "parameters.ember_delay_h": "0.3 h",
        "parameters.spotting_flame_m": "0.5 m",
    }.items():
        assert path in found
        other = load(SCENARIOS / "tiny-fire", sets={**flames, path: value})
        assert log_of(other.model_copy(update={"arrival_h": given})) == plain, path
