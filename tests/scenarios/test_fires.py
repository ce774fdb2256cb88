"""The fire scenarios that come with the program read without faults, burn, and are what their sources say."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from simrescue.hazards.wildfire.fire_course import FireField
from simrescue.metrics.recorded import figures
from simrescue.scenario.load import load
from simrescue.scenario.preflight.check import check
from tests.scenarios.county import HOME, PLACES, Spots, build_again, facts, rows

FIRES = ("tiny-fire", "taihang-fire", "muli-2019", "xichang-2020", "beibei-2022")
RECORDED = ("muli-2019", "xichang-2020", "beibei-2022")


@pytest.mark.parametrize("name", FIRES)
def test_it_reads_and_every_ignition_is_on_ground_that_burns(name: str) -> None:
    made = load(HOME / name)
    for ignition in made.ignitions:
        assert made.landscape.burns.flat[made.landscape.cell_of(ignition.lon, ignition.lat)]
    assert not check(made).of("fault")
    for variant in made.settings.variants:
        load(HOME / name, variant)


@pytest.mark.parametrize("name", FIRES)
def test_figures_on_record_name_a_metric_that_is_there(name: str) -> None:
    settings = load(HOME / name).settings
    assert {figure.metric for figure in settings.history} <= set(figures(settings.hazards))


@pytest.mark.parametrize(
    ("name", "at", "people"),
    [
        ("beibei-2022", "2022-08-21T22:30+08:00", 502),  # more than 500 in the first night
        ("beibei-2022", "2022-08-22T06:00+08:00", 1500),
        ("beibei-2022", "2022-08-25T12:00+08:00", 1500 + 736),
        ("xichang-2020", "2020-03-30T15:51+08:00", 1000),
        ("xichang-2020", "2020-03-31T00:00+08:00", 2044),
        ("muli-2019", "2019-03-30T20:00+08:00", 60),
        ("muli-2019", "2019-03-31T04:00+08:00", 600),
    ],
)
def test_forces_of_recorded_fires_are_those_on_record(name: str, at: str, people: int) -> None:
    made = load(HOME / name)
    at_h = (datetime.fromisoformat(at) - made.settings.start).total_seconds() / 3600
    fighting = [team for team in made.teams if "suppression" in team.tasks and (team.available or 0.0) <= at_h + 1e-9]
    assert sum(team.size * team.count for team in fighting) == people


@pytest.mark.parametrize("name", RECORDED)
def test_doubtful_figures_are_marked_and_some_are_scored(name: str) -> None:
    history = load(HOME / name).settings.history
    assert any(not figure.doubt for figure in history)
    assert any(figure.doubt for figure in history)


def test_the_teams_of_the_taihang_fire_add_up_to_what_its_sources_say() -> None:
    teams = load(HOME / "taihang-fire").teams
    people = {level: [t.size * t.count for t in teams if t.level == level and t.kind == "forest_fire"]
              for level in ("county", "city", "province")}  # fmt: skip
    assert set(people["county"]) == {75}
    assert set(people["city"]) == {130}
    assert people["province"] == [230]
    assert 92 * 75 + 9 * 130 + 230 == 8300
    assert sum(t.size * t.count for t in teams if t.kind == "mobile") == 3 * 190


def test_towns_of_the_taihang_fire_lie_at_their_own_height() -> None:
    made = load(HOME / "taihang-fire")
    ground = made.landscape
    for name, height in (("pingyang", 225), ("wanglinkou", 228), ("taiyu", 362), ("datai", 499), ("shijiazhai", 325)):
        [town] = [village for village in made.villages if village.id == name]
        assert ground.elevation_m.flat[ground.cell_of(town.lon, town.lat)] == pytest.approx(height, abs=25)


def test_the_fire_of_xichang_grows_in_the_order_of_the_record() -> None:
    made = load(HOME / "xichang-2020")
    field = FireField(made)
    midnight = made.settings.history[0].at
    assert midnight == 12
    areas = []
    for replication in range(6):
        burned = (field.free_arrival_h(1, replication) <= midnight).sum() * made.landscape.cell_ha
        areas.append(float(burned))
    assert min(areas) < made.settings.history[0].value < 2 * max(areas)


def points_of_the_taihang_fire(folder: Path) -> Spots:
    """The points of public packages that its facts name, as its kept tables have them."""
    kept = {row["id"]: row for table in PLACES for row in rows(folder / f"{table}.csv")}
    # Depots stand east of the seat of their county; the bases there stand at the point itself, and come last.
    named = [(row, 0.004) for row in facts(folder, "depots")]
    named += [(row, 0.0) for table in ("towns", "bases", "shelters", "junctions") for row in facts(folder, table)]
    return {
        row["at"]: (round(float(kept[row["id"]]["lon"]) - east, 5), float(kept[row["id"]]["lat"]))
        for row, east in named
        if row["at"]
    }


@pytest.mark.slow
def test_tables_and_ground_of_the_taihang_fire_are_those_of_its_build(tmp_path: Path) -> None:
    ground = ("elevation", "fuel", "fuel_ungrazed", "canopy_cover")
    built = (*PLACES, *ground, "roads", "water_sources", "teams")
    assert build_again(HOME / "taihang-fire", tmp_path, built, points_of_the_taihang_fire) == []
