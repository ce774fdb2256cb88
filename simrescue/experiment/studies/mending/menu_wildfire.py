"""What can be changed before a forest fire: eyes, readiness, first dispatch, water, the order to leave.

For every scenario with a fire: each detector twice as quick, one more lookout on the highest ground near where fires
begin; crews and aircraft that fight fires ready in half the time; the second stage of the response sent with the
report; two more pumps for each row of crews; villages ordered out earlier; a water tank and a landing site at the
village nearest to where fires begin.

Where fires begin is what the scenario says, in ignitions and in the spots of its rates: a planner who prepares for any
fire gives rates, and the menu follows.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from simrescue.experiment.studies.changes import Change, hours_text, name_of
from simrescue.hazards.wildfire.ignition_rates import spots
from simrescue.hazards.wildfire.settings import Stage
from simrescue.kinds import of_role
from simrescue.network import great_circle_km
from simrescue.parameters import Parameters
from simrescue.places import Ignition, Village
from simrescue.scenario.records import Detector, Scenario
from simrescue.wording import bilingual

EARLIER_H = (1, 2)
"""Hours by which villages are ordered out earlier, against the front."""
PUMPS = 2
"""More pumps for each team of a row."""
TANK_T = 200
"""What a new water tank holds: that for which `price_tank_yuan` stands."""
NEAR_KM = 3.0
"""A lookout is put on the highest ground within so many kilometres of where fires begin on average."""
_NO_EYES = ("residents", "satellite")
"""Detectors whose looks are not ours to hasten; only what is done with their reports is."""
FIGHTING = frozenset({"suppression", "water_drop"})


def fire_changes(scenario: Scenario) -> Iterator[Change]:
    """The changes that make sense for a forest fire, priced by assumption."""
    yield from _quicker_eyes(scenario)
    begins = fire_places(scenario)
    if begins and scenario.landscape is not None:
        yield _lookout(scenario)
    yield from _ready_sooner(scenario)
    yield from _second_stage_at_once(scenario)
    yield from _more_pumps(scenario)
    yield from _ordered_earlier(scenario)
    if begins and scenario.villages:
        village = _nearest_village(scenario)
        yield _tank(village, scenario.parameters)
        if scenario.helicopters:
            yield _landing_site(village, scenario.parameters)


def _quicker_eyes(scenario: Scenario) -> Iterator[Change]:
    for row in scenario.detectors:
        sets = {f"detectors.{row.id}.delay": hours_text(row.delay_h / 2)}
        if row.kind not in _NO_EYES:
            sets[f"detectors.{row.id}.revisit"] = hours_text(row.revisit_h / 2)
        yield Change(
            f"quicker-{row.id}",
            *(bilingual("{detector}: looks and reports in half the time", detector=name_of(row)) if len(sets) > 1
              else bilingual("{detector}: reports in half the time", detector=name_of(row))),
            sets, scenario.parameters.price_quicker_detector_yuan,
        )  # fmt: skip


def _lookout(scenario: Scenario) -> Change:
    lon, lat = _highest_near_fires(scenario)
    known = next((row for row in scenario.detectors if row.kind == "lookout"), None)
    name = bilingual("New lookout")
    row: dict[str, Any] = {
        "kind": "lookout", "name": name.en, "name_zh": name.zh, "lon": lon, "lat": lat, "assumed": True,
        **_eyes(known, scenario.parameters),
    }  # fmt: skip
    return Change(
        "new-lookout", *bilingual("one more lookout near where fires begin"),
        {"detectors.lookout-new": row}, scenario.parameters.price_lookout_yuan,
    )  # fmt: skip


def _eyes(like: Detector | None, parameters: Parameters) -> dict[str, Any]:
    """How a new lookout sees: as the one there is, or by the defaults."""
    if like is None:
        return {
            "range": f"{parameters.lookout_range_km:g} km", "revisit": hours_text(parameters.lookout_revisit_h),
            "delay": hours_text(parameters.lookout_delay_h), "night_factor": parameters.lookout_night_factor,
            "haze_factor": parameters.lookout_haze_factor, "smallest_ha": parameters.lookout_smallest_ha,
        }  # fmt: skip
    return {
        **({"range": f"{like.range_km:g} km"} if like.range_km is not None else {}),
        "revisit": hours_text(like.revisit_h), "delay": hours_text(like.delay_h), "chance": like.chance,
        "night_factor": like.night_factor, "haze_factor": like.haze_factor, "smallest_ha": like.smallest_ha,
    }  # fmt: skip


def fire_places(scenario: Scenario) -> tuple[Ignition, ...]:
    """Where fires begin, for sure or by chance."""
    if scenario.landscape is None:
        return scenario.ignitions
    return (*scenario.ignitions, *spots(scenario, scenario.ignition_rates))


def _middle(scenario: Scenario) -> tuple[float, float]:
    """Where fires begin on average, degrees."""
    begins = fire_places(scenario)
    return float(np.mean([one.lon for one in begins])), float(np.mean([one.lat for one in begins]))


def _highest_near_fires(scenario: Scenario) -> tuple[float, float]:
    """The middle of the highest cell near where fires begin, degrees."""
    ground, (lon, lat) = scenario.landscape, _middle(scenario)
    rows, columns = ground.shape
    lons = ground.west + (np.arange(columns) + 0.5) * ground.dlon
    lats = ground.north - (np.arange(rows) + 0.5) * ground.dlat
    away = great_circle_km(lon, lat, *np.meshgrid(lons, lats))
    height = np.where(away <= max(NEAR_KM, float(away.min())), ground.elevation_m, -np.inf)
    row, column = divmod(int(height.argmax()), columns)
    return round(float(lons[column]), 5), round(float(lats[row]), 5)


def _nearest_village(scenario: Scenario) -> Village:
    lons, lats = np.array([(one.lon, one.lat) for one in scenario.villages]).T
    return scenario.villages[int(np.argmin(great_circle_km(*_middle(scenario), lons, lats)))]


def _tank(village: Village, parameters: Parameters) -> Change:
    name = bilingual("Tank at {village}", village=name_of(village))
    row = {
        "name": name.en, "name_zh": name.zh, "kind": "tank",
        **_at(village), "depth": f"{parameters.bucket_depth_m:g} m", "holds": f"{TANK_T} t",
    }  # fmt: skip
    return Change(
        f"tank-{village.id}", *bilingual("water tank at {village}", village=name_of(village)),
        {f"water_sources.tank-new-{village.id}": row}, parameters.price_tank_yuan,
    )  # fmt: skip


def _landing_site(village: Village, parameters: Parameters) -> Change:
    return Change(
        f"pad-{village.id}", *bilingual("new landing site: {village}", village=name_of(village)),
        {f"landing_sites.pad-new-{village.id}": {**_at(village), "serves": "2 km"}}, parameters.price_landing_site_yuan,
    )  # fmt: skip


def _at(village: Village) -> dict[str, Any]:
    height = f"{village.elevation_m:.6g} m"
    return {"lon": village.lon, "lat": village.lat, "elevation": height, "assumed": True}


def _ready_sooner(scenario: Scenario) -> Iterator[Change]:
    offered = [kind for kind in of_role("responder") if kind.ready_yuan is not None]
    for kind in offered:
        for row in scenario.table(kind.table):
            if FIGHTING & set(row.tasks) and row.turnout_h > 0:
                yield Change(
                    f"ready-{row.id}", *bilingual("{crew} out in half the time", crew=name_of(row)),
                    {f"{kind.table}.{row.id}.turnout": hours_text(row.turnout_h / 2)},
                    row.count * scenario.parameters.yuan(kind.ready_yuan or 0.0),
                )  # fmt: skip


def _second_stage_at_once(scenario: Scenario) -> Iterator[Change]:
    stages = scenario.settings.wildfire.stages
    if len(stages) < 2:
        return
    first = stages[1].model_copy(update={"area_ha": 0.0, "after_h": 0.0, "danger": 0})
    yield Change(
        "second-stage-at-once", *bilingual("second stage of the response with the report"),
        {"hazard.stages": [_written(stage) for stage in (first, *stages[2:])]},
        scenario.parameters.price_second_stage_yuan,
    )  # fmt: skip


def _written(stage: Stage) -> dict[str, Any]:
    """A stage as scenario.yaml has it."""
    given = {
        "area_ha": stage.area_ha, "after": hours_text(stage.after_h), "danger": stage.danger,
        "persons": stage.persons, "helicopters": stage.helicopters, "level": stage.level,
    }  # fmt: skip
    return {name: one for name, one in given.items() if one not in (0, "", "0 h")}


def _more_pumps(scenario: Scenario) -> Iterator[Change]:
    for row in scenario.teams:
        if "suppression" in row.tasks:
            yield Change(
                f"pumps-{row.id}",
                *bilingual("{count} more pumps for each team of {name}", count=PUMPS, name=name_of(row)),
                {f"teams.{row.id}.pumps": row.pumps + PUMPS},
                PUMPS * row.count * scenario.parameters.price_pump_yuan,
            )  # fmt: skip


def _ordered_earlier(scenario: Scenario) -> Iterator[Change]:
    lead = scenario.settings.wildfire.order_lead_h
    for hours in EARLIER_H:
        yield Change(
            f"order-{hours}-h", *bilingual("villages ordered out {hours} h earlier", hours=hours),
            {"hazard.order_lead": hours_text(lead + hours)}, hours * scenario.parameters.price_earlier_yuan_per_h,
        )  # fmt: skip
