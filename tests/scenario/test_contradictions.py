"""Contradictions by kind: whatever row and size, each is found by its check, by file, row and column, and graded."""

from __future__ import annotations

import random
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from simrescue.places import NEEDS
from simrescue.scenario.load import load
from simrescue.scenario.plans.static_measures import static_measures
from simrescue.scenario.preflight.check import check, doubts
from simrescue.scenario.records import Scenario

FLOOD = Path(__file__).parents[2] / "scenarios/tiny-flood"


class Contradiction(NamedTuple):
    """One drawn instance of a kind."""

    changes: dict[str, Any]
    name: str
    """Of the finding that must come."""
    severity: str
    says: str
    """What its sentence has to name: the column, or the other fact."""


@cache
def plain() -> Scenario:
    return load(FLOOD)


def _any(rng: random.Random, table: str, which: Callable[[Any], Any] = lambda row: True) -> str:
    return str(rng.choice([row.id for row in plain().table(table) if which(row)]))


def short_road(rng: random.Random) -> Contradiction:
    road = rng.choice([row for row in plain().roads if row.length_km and row.length_km > 1])
    length = road.length_km * rng.uniform(0.001, 0.3)
    return Contradiction({f"roads.{road.id}.length": f"{length:.4f} km"}, f"road_lengths {road.id}", "fault", "length")


def twin_village(rng: random.Random) -> Contradiction:
    """Another name, the same people on the same spot."""
    row = rng.choice(plain().villages)
    twin = {"name": "Twin", "name_zh": "双村", "lon": row.lon, "lat": row.lat, "population": row.population,
            "county": "Yunhe", "township": "X",
            "elevation": f"{row.elevation_m} m", **({"zone": row.zone} if row.zone else {})}  # fmt: skip
    return Contradiction({"villages.twin": twin}, "same_place_twice twin", "doubtful", row.id)


def far_shelter(rng: random.Random) -> Contradiction:
    """Shelters and landing sites lie among the villages, whatever way they are moved."""
    table = rng.choice(["shelters", "landing_sites", "villages"])
    row, way = _any(rng, table), rng.choice([-1, 1])
    lat = 38.1 + way * rng.uniform(0.8, 8)
    return Contradiction(
        {f"{table}.{row}.lat": lat}, f"far_places {row}", "doubtful", "from the middle of the villages"
    )


def high_road(rng: random.Random) -> Contradiction:
    road = _any(rng, "roads", lambda row: row.zone)
    off = rng.choice([rng.uniform(100, 3000), rng.uniform(-400, -20)])
    return Contradiction(
        {f"roads.{road}.elevation": f"{off:.0f} m"}, f"roads_of_another_unit {road}", "doubtful", "zone"
    )


def order_before_forecast(rng: random.Random) -> Contradiction:
    village = _any(rng, "villages", lambda row: row.ordered)
    forecast = rng.uniform(2, 6)
    changes = {"warning.forecast": f"{forecast} h", f"villages.{village}.order": f"{forecast - rng.uniform(0.1, 2)} h"}
    return Contradiction(changes, f"warning_in_order {village}", "doubtful", "order")


def late_forecast(rng: random.Random) -> Contradiction:
    changes = {"warning.forecast": f"{rng.uniform(20, 40)} h"}
    return Contradiction(changes, "warned_too_late warning.forecast", "doubtful", "after the first water")


def long_delay(rng: random.Random) -> Contradiction:
    """Hours for minutes: the order comes after the water to most."""
    changes = {"warning.order_delay": f"{rng.uniform(20, 60):.1f} h"}
    return Contradiction(changes, "warned_too_late warning.order_delay", "doubtful", "after the water")


def small_jurisdiction(rng: random.Random) -> Contradiction:
    changes = {"jurisdiction.population": rng.randint(1, sum(one.population for one in plain().villages) - 1)}
    return Contradiction(changes, "people_of_the_jurisdiction jurisdiction", "fault", "jurisdiction.population")


def short_flight(rng: random.Random) -> Contradiction:
    field = rng.choice(["endurance", "crew_day"])
    changes = {f"helicopters.heli-city.{field}": f"{rng.uniform(1, 15):.0f} min"}
    return Contradiction(changes, "endurance heli-city", "fault", field)


def grounded(rng: random.Random) -> Contradiction:
    changes = rng.choice([{"max_wind": "0.5 m/s"}, {"min_visibility": f"{rng.uniform(30, 90):.0f} km"}])
    [(field, value)] = changes.items()
    return Contradiction({f"helicopters.heli-city.{field}": value}, "grounded_by_weather heli-city", "doubtful", field)


def no_room(rng: random.Random) -> Contradiction:
    table, field = rng.choice([("teams", "seats"), ("boats", "seats"), ("helicopters", "seats")])
    row = _any(rng, table, lambda one: {"rescue", "evacuate"} & set(one.tasks))
    return Contradiction({f"{table}.{row}.{field}": 0}, f"rooms {row}", "fault", field)


def twin_crew(rng: random.Random) -> Contradiction:
    row = next(one for one in plain().boats)
    twin = {"name": row.name, "name_zh": row.name_zh, "base": row.base, "count": row.count, "county": row.county,
            "seats": row.seats, "size": row.size, "turnout": f"{row.turnout_h} h", "level": row.level,
            "release": row.release, "assumed": row.assumed}  # fmt: skip
    twin = {key: value for key, value in twin.items() if key in _written("boats") and value != ""}
    return Contradiction({"boats.twin": twin}, "same_crew_twice twin", "doubtful", row.id)


def _written(table: str) -> set[str]:
    return set(plain().written[table].titles)


def unknown_skill(rng: random.Random) -> Contradiction:
    call = {"time": "5 h", "place": _any(rng, "villages"), "skill": f"skill-{rng.randint(1, 99)}"}
    return Contradiction({"calls.c1": call}, "calls_nobody_can_serve c1", "doubtful", "c1.skill")


def too_many_callers(rng: random.Random) -> Contradiction:
    row = rng.choice(plain().villages)
    call = {"time": "5 h", "place": row.id, "persons": row.population + rng.randint(1, 5000)}
    return Contradiction({"calls.c1": call}, "calls_nobody_can_serve c1", "doubtful", "c1.persons")


def magnitude(rng: random.Random) -> Contradiction:
    """A value of another unit, with a digit too many or too few."""
    path, value = rng.choice([
        ("boats.boats-town.speed", "95 km/h"), ("boats.boats-town.speed", "0.5 km/h"),
        ("trucks.trucks-county.payload", "5000 t"), ("helicopters.heli-city.cruise", "20 km/h"),
        ("shelters.school.capacity", 1_200_000), ("teams.fire-town.turnout", "30 h"),
        ("villages.high-bank.population", 260_000),
    ])  # fmt: skip
    return Contradiction({path: value}, f"unusual_values {path.split('.')[1]}", "doubtful", path.split(".")[2])


FIRE, CHANNELS = FLOOD.with_name("tiny-fire"), FLOOD.with_name("weihui-2021")
HOME = {"name": "Home", "lon": 115.29, "lat": 38.127, "kind": "care_home", "persons": 50, "staff_day": 10,
        "elevation": "23 m", "zone": "river"}  # fmt: skip
ALONE = [
    (FLOOD, {"villages.east-ferry.ordered": "no", "villages.east-ferry.order": "5 h"}, "pairs_that_do_not_fit"),
    (FLOOD, {"institutions.home": {**HOME, "staff_night": 300}}, "pairs_that_do_not_fit"),
    (FLOOD, {"institutions.home": {**HOME, "staff_day": 0}}, "pairs_that_do_not_fit"),
    (FLOOD, {"institutions.home": {**HOME, "persons": 9000}}, "more_than_the_county"),
    (FLOOD, {"teams.fire-town.size": 4000, "teams.fire-town.count": 2}, "more_than_the_county"),
    (FLOOD, {"teams.fire-town.turnout_night": "1 min"}, "pairs_that_do_not_fit"),
    (FLOOD, {"landing_sites.*.serves": "0 km"}, "pairs_that_do_not_fit"),
    (FLOOD, {"villages.east-ferry.call_out": "1 h", "warning.forecast": "5 h"}, "warning_in_order"),
    (FLOOD, {"calls.a": {"time": "-5 h", "place": "east-ferry", "persons": 3}}, "moments"),
    (FLOOD, {"command.report": "60 h"}, "settings_beyond_the_run command.report"),
    (FLOOD, {"depots.city-depot.tier": "township"}, "levels_upside_down"),
    (FLOOD, {f"depots.city-depot.{need}": 0 for need in NEEDS}, "levels_upside_down"),
    (FLOOD, {"villages.west-hill.elevation": "8900 m"}, "heights_off_their_neighbours"),
    (FLOOD, {"roads.*.speed": "180 km/h"}, "unusual_values"),
    (FLOOD, {"roads.*.capacity": 3}, "unusual_values"),
    (FLOOD, {"villages.east-ferry.vulnerable": 1}, "unusual_values"),
    (CHANNELS, {"power.switch-room-jishui.lon": 114.6}, "areas_that_feed_nothing switch-room-jishui"),
    (CHANNELS, {"partners.hebei.grant": 0}, "pairs_that_do_not_fit"),
    (CHANNELS, {"partners.hebei.asked_at": None, "partners.hebei.asked_after": "900 h"}, "moments"),
    (CHANNELS, {"posts.post-jishui.level": "province"}, "levels_upside_down"),
    (CHANNELS, {"stations.mast-jishui.lon": 120.0}, "far_networks"),
    (CHANNELS, {"power.switch-room-jishui.cut": "500 h"}, "moments"),
    (CHANNELS, {"triggers.rain-extreme.ahead": "900 h"}, "unusual_values"),
    (CHANNELS, {"response.I.approval": "400 h"}, "settings_beyond_the_run response.I.approval"),
    (FIRE, {"detectors.hill-tower.lon": 111.4}, "far_places"),
    (FIRE, {"detectors.*.chance": 0}, "pairs_that_do_not_fit"),
    (FIRE, {"water_sources.pine-pond.holds": "0 t"}, "pairs_that_do_not_fit"),
    (FIRE, {"water_sources.pine-pond.lon": 112.0}, "far_places"),
    (FIRE, {"teams.coaches.pumps": 3}, "pairs_that_do_not_fit"),
    (FIRE, {"helicopters.heli-city.bucket": "15 t"}, "pairs_that_do_not_fit"),
    (FIRE, {"villages.pine-hollow.elevation": "372 m"}, "heights_off_the_ground"),
]  # fmt: skip
"""A scenario, what is changed in it, and the name of the finding that must come."""


@pytest.mark.parametrize(("folder", "changes", "name"), ALONE, ids=lambda part: str(part)[:60])
def test_a_value_that_cannot_be_beside_another_is_told_by_its_column_and_can_be_accepted(
    folder: Path, changes: dict[str, Any], name: str
) -> None:
    new = [one for one in doubts(load(folder, sets=changes)) if one.name.startswith(name)]
    assert new, name
    assert all(":" in one.message and any("\u4e00" <= sign <= "\u9fff" for sign in one.message_zh) for one in new)
    accepted = load(folder, sets={**changes, "accepted": {name: "known"}})
    assert not [one for one in check(accepted) if one.name.startswith(name) and one.severity in ("fault", "doubtful")]


KINDS: tuple[Callable[[random.Random], Contradiction], ...] = (
    short_road, twin_village, far_shelter, high_road, order_before_forecast, late_forecast, long_delay,
    small_jurisdiction,
    short_flight, grounded, no_room, twin_crew, unknown_skill, too_many_callers, magnitude,
)  # fmt: skip


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_a_contradiction_is_found_whatever_row_it_is_in(kind: Callable[..., Contradiction], seed: int) -> None:
    made = kind(random.Random(f"{kind.__name__} {seed}"))
    findings = {one.name: one for one in check(load(FLOOD, sets=made.changes))}
    assert made.name in findings, (made, sorted(findings))
    found = findings[made.name]
    assert (found.severity, made.says in found.message) == (made.severity, True), found
    assert any("\u4e00" <= sign <= "\u9fff" for sign in found.message_zh)


def test_a_digit_that_is_wrong_within_a_series(folder: Path) -> None:
    path = folder / "levels.csv"
    rows = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join([*rows[:4], "river,12,42.5,1.0", *rows[5:]]), encoding="utf-8")
    [found] = [one for one in check(load(folder)) if one.name == "spikes river"]
    assert (found.severity, found.message.split(":")[0]) == ("doubtful", "levels.csv row 5, column level_m")


def test_water_that_stands_high_when_its_series_ends(folder: Path) -> None:
    path = folder / "levels.csv"
    kept = [row for row in path.read_text(encoding="utf-8").splitlines() if row.split(",")[0] != "river" or
            float(row.split(",")[1]) <= 15]  # fmt: skip
    path.write_text("\n".join(kept), encoding="utf-8")
    [found] = [one for one in check(load(folder)) if one.name == "series_that_end_early river"]
    assert found.severity == "doubtful"


def test_a_fire_lit_days_before_the_weather_begins() -> None:
    def found(time: str) -> list[str]:
        fire = load(FLOOD.with_name("tiny-fire"), sets={"ignitions.grave-field.time": time})
        return [one.severity for one in check(fire) if one.name.startswith("first_weather")]

    assert found("2024-04-01T10:30+08:00") == ["doubtful"]
    assert not found("2024-04-04T06:00+08:00"), "some hours before the start the weather is that of the start"


def test_a_lookout_that_sees_metres() -> None:
    fire = load(FLOOD.with_name("tiny-fire"), sets={"detectors.hill-tower.range": "8 m"})
    assert "unusual_values hill-tower" in {one.name for one in check(fire) if one.severity == "doubtful"}


def test_what_is_accepted_by_name_is_a_note_with_its_reason(folder: Path) -> None:
    wrong = {"roads.highway.length": "31 m", "boats.boats-town.speed": "95 km/h"}
    open_doubts = {one.name for one in doubts(load(folder, sets=wrong))}
    assert open_doubts == {"road_lengths highway", "unusual_values boats-town"}
    named = {**wrong, "accepted": {"road_lengths highway": "a tunnel", "unusual_values": "hovercraft"}}
    findings = {one.name: one for one in check(load(folder, sets=named))}
    assert not {one.severity for one in findings.values()} & {"fault", "doubtful"}
    assert findings["road_lengths highway"].message.endswith("(accepted: a tunnel)")
    assert findings["road_lengths highway"].message_zh.endswith("（已确认：a tunnel）")
    assert {one.name for one in doubts(load(folder, sets=named))} == open_doubts, "the report shows them all the same"


def test_an_acceptance_of_nothing_is_told(folder: Path) -> None:
    found = check(load(folder, sets={"accepted": {"road_lengths highway": "a tunnel"}}))
    assert [one.subject for one in found if one.name == "accepted"] == ["road_lengths highway"]


@pytest.mark.parametrize(
    ("changes", "measure"),
    [
        ({"helicopters.*.seats": 0, "helicopters.*.payload": "0 t", "helicopters.*.tasks": "rescue"},
         "share_reached_by_air_1_h"),
        ({"trucks.*.count": 0, "boats.*.count": 0, "teams.*.tasks": "rescue"}, "share_supplied_by_road_5_h"),
        ({**{f"depots.*.{need}": 0 for need in NEEDS}, "depots.*.upper": ""}, "share_tiers_present"),
        ({"shelters.*.capacity": 0}, "share_townships_with_shelter"),
        ({"teams.*.seats": 0, "teams.*.tasks": "rescue"}, "share_counties_with_team"),
    ],
)  # fmt: skip
def test_what_is_listed_and_can_do_nothing_meets_no_static_clause(changes: dict[str, Any], measure: str) -> None:
    assert static_measures(plain())[measure] > 0
    assert static_measures(load(FLOOD, sets=changes))[measure] == 0
