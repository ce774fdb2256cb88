"""The folder of Mentougou and Fangshan: townships and recorded villages, lines along roads, one switch for phones."""

from __future__ import annotations

from pathlib import Path

import pytest

from simrescue.metrics import recorded_value
from simrescue.network.road_network import great_circle_km
from simrescue.scenario.communication.coverage import is_covered
from simrescue.scenario.load import load
from simrescue.scenario.records import Scenario
from simrescue.simulation.run import simulate
from simrescue.simulation.world import compile_world
from tests.scenarios.county import HOME, LOCATED, Spots, build_again, depth_m, facts, places_and_networks, rows

FOLDER = HOME / "fangshan-mentougou-2023"
BUILT = ("villages", "shelters", "depots", "bases", "landing_sites", "roads", "levels", "stations", "power")
CREST_H = {"mentougou": 19.0, "fangshan": 17.0}
"""31 July 15:00 and 13:00, hours after the start."""


@pytest.fixture(scope="module")
def mountains() -> Scenario:
    return load(FOLDER)


def towns() -> dict[str, dict[str, str]]:
    return {row["name_zh"]: row for row in facts(FOLDER, "towns")}


def test_every_township_has_its_people_and_villages(mountains: Scenario) -> None:
    train = sum(int(row["people"] or 0) for row in facts(FOLDER, "recorded_villages"))
    assert sum(village.population for village in mountains.villages) == train + sum(
        int(town["people"]) for town in towns().values()
    )
    for name, town in towns().items():
        places = [village for village in mountains.villages if village.township == name]
        assert len(places) == -(-int(town["villages"]) // int(town["together"]))
    assert len(mountains.villages) <= 150


def test_recorded_villages_stand_where_they_are_recorded(mountains: Scenario) -> None:
    at = {village.id: village for village in mountains.villages}
    for row in facts(FOLDER, "recorded_villages"):
        assert (at[row["id"]].lon, at[row["id"]].lat) == (float(row["lon"]), float(row["lat"]))
    assert at["wangping-luopoling"].population == 100 + 1_008


def test_nobody_is_wet_before_the_rise_and_as_many_as_stated_at_the_crest(mountains: Scenario) -> None:
    assert all(depth_m(mountains, village, 0.0) <= 0 for village in mountains.villages)
    for name, town in towns().items():
        places = [village for village in mountains.villages if village.township == name]
        depths = [depth_m(mountains, village, CREST_H[town["district"]]) for village in places]
        wet = [depth for depth in depths if depth > 0]
        assert len(wet) == round(0.3 * len(places))
        assert max(wet, default=0) <= 2.0


def test_who_gets_wet_is_under_the_order(mountains: Scenario) -> None:
    for village in mountains.villages:
        wet = depth_m(mountains, village, CREST_H[village.zone.partition("-")[0]]) > 0
        assert village.ordered == wet


def test_one_village_of_each_township_has_the_satellite_phone_of_its_post(mountains: Scenario) -> None:
    with_phone = [village for village in mountains.villages if village.satellite_phones]
    assert sorted(village.township for village in with_phone) == sorted(towns())
    assert all(village.trained == 1 for village in with_phone)


def test_while_all_stations_work_every_place_is_covered(mountains: Scenario) -> None:
    staffed = (*mountains.villages, *mountains.shelters, *mountains.depots, *mountains.bases)
    assert not [place.id for place in staffed if not is_covered(mountains, place, "public")]


def test_masts_and_rooms_of_the_valleys_hang_on_roads_under_the_stream(mountains: Scenario) -> None:
    roads = {road.id: road for road in mountains.roads}
    inside = [works for works in (*mountains.stations, *mountains.power) if works.zone]
    assert len(inside) > 80
    for works in inside:
        assert works.line
        assert all(roads[name].zone for name in works.line)


def test_roads_join_every_place(mountains: Scenario) -> None:
    assert places_and_networks(mountains)[1] == 1


def test_no_help_is_given_an_hour_by_the_record(mountains: Scenario) -> None:
    rows_of = (*mountains.teams, *mountains.boats, *mountains.trucks, *mountains.helicopters)
    assert not [row.id for row in rows_of if row.available is not None]


def test_the_variant_with_phones_is_one_switch(mountains: Scenario) -> None:
    other = load(FOLDER, "satellite-phones")
    assert all(village.satellite_phones == 1 for village in other.villages)
    changed = {name for name in Scenario.model_fields if getattr(other, name) != getattr(mountains, name)}
    assert changed == {"villages", "variant", "applied", "checksum"}


@pytest.mark.parametrize("variant", ["no-helicopters", "no-helicopters-satellite-phones"])
def test_variants_without_aircraft_load(variant: str) -> None:
    assert not load(FOLDER, variant).helicopters


def test_pads_lie_beside_the_seats(mountains: Scenario) -> None:
    seats = {base.id.removeprefix("office-"): base for base in mountains.bases}
    for pad in mountains.landing_sites:
        seat = seats[pad.id.removeprefix("pad-")]
        assert great_circle_km(pad.lon, pad.lat, seat.lon, seat.lat) < 0.5


def test_attributions_are_kept() -> None:
    for name in ("SOURCES.md", "scenario.yaml"):
        text = (FOLDER / name).read_text(encoding="utf-8")
        assert all(word in text for word in ("GeoNames", "CC BY 4.0", "OpenStreetMap contributors", "ODbL"))


def points(folder: Path) -> Spots:
    """Longitude and latitude of the points that the facts name, from the kept tables."""
    kept = {row["id"]: row for table in LOCATED for row in rows(folder / f"{table}.csv")}
    named = [(row["at"], f"office-{row['id']}") for row in facts(folder, "towns")]
    for table in ("depots", "bases", "shelters"):
        named += [(row["at"], row["id"]) for row in facts(folder, table) if row["at"]]
    return {point: (float(kept[name]["lon"]), float(kept[name]["lat"])) for point, name in named}


@pytest.mark.slow
def test_one_switch_keeps_most_villages_in_contact(mountains: Scenario) -> None:
    silent, heard = (_silent_on_the_evening(scenario) for scenario in (mountains, load(FOLDER, "satellite-phones")))
    assert silent > 0.65 * len(mountains.villages)
    assert heard < 0.4 * silent


def _silent_on_the_evening(scenario: Scenario) -> float:
    """Villages that nobody can reach on 31 July at 20:00."""
    world = compile_world(scenario)
    return recorded_value(simulate(world, 1, 0), world.facts, "villages_silent_at", 24.0, "")


@pytest.mark.slow
def test_tables_are_those_of_the_build(tmp_path: Path) -> None:
    assert build_again(FOLDER, tmp_path, BUILT, points) == []
