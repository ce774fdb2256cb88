"""The door: a table of places registered from outside takes part in everything, and is no part of the hazard."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from simrescue import load, read_results
from simrescue.charts.run import relief_map
from simrescue.charts.wildfire import fire_map
from simrescue.kinds import registered
from simrescue.places import Place
from simrescue.records import Kind
from simrescue.simulation.run import build
from simrescue.simulation.world import compile_world
from simrescue.units import Whole
from simrescue.wording import Noun
from tests.extension.door import call, legend, replayed, reported, run, swept, with_table


class Hospital(Place):
    """医院: takes the injured."""

    beds: Whole


def no_beds(row: Hospital) -> Iterator[tuple[str, str]]:
    if not row.beds:
        yield "beds", "a hospital with a bed"


HOSPITAL = Kind(
    "hospital", "hospitals", Hospital, "place", Noun("hospital", "hospitals", "医院", "所"), "#aa1155", "hexagon",
    area=80.0, staffed=True, checks=(no_beds,),
)  # fmt: skip
FLOOD_TABLE = """id,name,name_zh,lon,lat,elevation_m,zone,beds
county-hospital,County Hospital,县医院,115.2034,38.0964,19,basin,60
"""
ROAD = "hospital-street,county-hospital,market-town,0.5,class2,29,,\n"


def joined(folder: Path) -> Path:
    """A road to the hospital."""
    with (folder / "roads.csv").open("a", encoding="utf-8") as file:
        file.write(ROAD)
    return folder


@pytest.fixture(scope="module", autouse=True)
def known() -> Iterator[None]:
    with registered(HOSPITAL):
        yield


@pytest.fixture(scope="module")
def flood(tmp_path_factory: pytest.TempPathFactory, known: None) -> Path:
    return joined(with_table("tiny-flood", tmp_path_factory.mktemp("hospital") / "scenario", "hospitals", FLOOD_TABLE))


@pytest.fixture(scope="module")
def results(flood: Path) -> Path:
    return run(flood)


@pytest.fixture(scope="module")
def fire(tmp_path_factory: pytest.TempPathFactory, known: None) -> Path:
    """With the hospital where the fire begins, so that flames must come to it."""
    ignition = load(Path(__file__).parents[2] / "scenarios" / "tiny-fire").ignitions[0]
    spot = f"{ignition.lon + 0.003},{ignition.lat + 0.003}"
    table = f"id,name,name_zh,lon,lat,beds\ncounty-hospital,County Hospital,县医院,{spot},60\n"
    return with_table("tiny-fire", tmp_path_factory.mktemp("hospital-fire") / "scenario", "hospitals", table)


def test_run_stores_it(results: Path) -> None:
    things = read_results(results).things
    mine = things[things["kind"] == "hospital"]
    assert mine["id"].tolist() == ["county-hospital"]
    assert mine["name_zh"].tolist() == ["县医院"]


def test_it_is_a_place_of_the_network_and_can_be_a_base_and_call(flood: Path, tmp_path: Path) -> None:
    text = (flood / "teams.csv").read_text("utf-8").replace("town-station", "county-hospital")
    with_table("tiny-flood", tmp_path / "based", "hospitals", FLOOD_TABLE)
    (joined(tmp_path / "based") / "teams.csv").write_text(text, "utf-8")
    world = compile_world(load(tmp_path / "based"))
    home = world.ids.index("county-hospital")
    assert home < world.n_places
    assert any(member.base == home for member in world.members)
    assert home in build(world, 1, 0).contact.places, "staffed, so it can be telephoned"


def test_flames_reach_it_since_it_is_no_fire(fire: Path) -> None:
    world = compile_world(load(fire))
    mine = world.ids.index("county-hospital")
    assert mine not in world.of_hazard
    assert [world.ids[i] for i in range(world.n_places) if i in world.of_hazard] == [
        one.id for one in world.scenario.ignitions
    ]
    assert "hospital County Hospital is in the way of the fire" in " ".join(call("check", fire).output.split())
    assert "hospital" in dict(legend(fire_map.draw, run(fire), "en"))


def test_check_has_its_faults_its_own_check_and_its_flood(flood: Path, tmp_path: Path) -> None:
    output = " ".join(call("check", flood).output.split())
    assert "hospital County Hospital floods" in output
    wrong = with_table("tiny-flood", tmp_path / "wrong", "hospitals", FLOOD_TABLE.replace(",60\n", ",0\n"))
    output = call("check", wrong, code=2).output
    assert "hospitals.csv row 2" in output
    assert "a hospital with a bed" in output
    named = with_table("tiny-flood", tmp_path / "named", "医院", FLOOD_TABLE)
    assert "hospitals.csv" in call("check", named).output


def test_explain_tells_its_story(results: Path) -> None:
    assert "County Hospital" in call("explain", results, "--place", "county-hospital").output


def test_report_and_map_name_it(results: Path) -> None:
    assert "hospitals" in reported(results, "en")
    assert "医院" in reported(results, "zh")
    for lang, name in (("en", "hospital"), ("zh", "医院")):
        shown = dict(legend(relief_map.draw, results, lang))
        assert (shown[name].get_marker(), shown[name].get_markerfacecolor()) == ("h", "#aa1155")


def test_replay_shows_it_by_its_own_symbol(results: Path) -> None:
    page = replayed(results)
    assert page["things"]["hospital"]["look"] == ["#aa1155", "hexagon"]
    assert page["kinds"].index("hospital") < page["places"]


def test_sweep_sets_its_columns(flood: Path) -> None:
    assert "number" in swept(flood, "hospitals.county-hospital.beds", [20, 60])


def test_schema_has_its_table() -> None:
    assert "beds" in call("schema", "--table", "hospitals").output
