"""A folder becomes a scenario, or one error that names everything wrong with it."""

import shutil

import pytest

from simrescue.scenario.load import load
from simrescue.scenario.records import TABLES
from tests.work import calls


def test_the_tiny_flood_loads(folder):
    scenario = load(folder)
    assert len(scenario.villages) == 12
    assert sum(village.population for village in scenario.villages) == scenario.settings.jurisdiction.population
    assert scenario.villages[0].name_zh == "东渡村"
    assert scenario.teams[0].turnout_h == pytest.approx(1 / 6)
    assert scenario.settings.warning.forecast == 3.0
    assert scenario.levels[1].time_h == 4.0
    assert load(folder / "scenario.yaml") == scenario.model_copy(update={"folder": str(folder / "scenario.yaml")})


def test_the_checksum_follows_every_file_and_every_change(folder, edit):
    before = load(folder).checksum
    assert len(before) == 64
    assert load(folder).checksum == before
    changed = {load(folder, sets={"command.report": "5 min"}).checksum, load(folder, "prepared").checksum}
    edit("weather.csv", "0,12,2", "0,13,2")
    assert len({before, load(folder).checksum, *changed}) == 4


ONE_FAULT = [
    ("scenario.yaml", "policy: priority", "policy: priorty", 'command.policy: "priorty" - expected a known policy'),
    ("scenario.yaml", "  report: 30 min", "  report: 30", "a duration with its unit: write a unit, e.g. 45 min"),
    ("scenario.yaml", "  report: 30 min", "  reprt: 30 min", 'expected a known key; did you mean "report"?'),
    ("scenario.yaml", "  report: 30 min", "  report_h: 30 min", 'expected a known key; did you mean "report"?'),
    ("scenario.yaml", "evacuation:", "response: {level_3: {}}\nevacuation:", "expected one of watch, approved_later,"),
    ("scenario.yaml", "simrescue: 1", "simrescue: 2", 'simrescue: "2" - expected 1'),
    ("scenario.yaml", "plan: hebei", "plan: ../hebei", 'expected the name of a plan in the plan library, not a path'),
    ("scenario.yaml", "duration: 48 h", "duration: 0 h", 'duration: "0 h" - expected more than 0'),
    ("scenario.yaml", "T06:00+08:00", "T06:00", 'start: "2024-07-10T06:00" - expected a date and time with its offset'),
    ("scenario.yaml", "2024-07-10T06:00+08:00", "20240710", 'start: "20240710" - expected a date and time with its'),
    ("scenario.yaml", "2024-07-10T06:00+08:00", "9999-12-31T23:00+08:00", "expected a year from 1000 to 3000"),
    ("scenario.yaml", "refuse: 10 %", "refuse: 110 %", '"110 %" - expected a share from 0 to 1'),
    ("scenario.yaml", "level: III,", "level: V,", "expected 'I', 'II', 'III' or 'IV'"),
    ("boats.csv", ",II,city", ",II,citty", "expected empty, 'village', 'township'"),
    ("scenario.yaml", "prepared: [more-boats", "prepared: [mor-boats", 'a known override; did you mean "more-boats"?'),
    ("scenario.yaml", "time: 6 h", "time: 1 h", "expected a time after the level before"),
    ("scenario.yaml", "source: levels", "source: depths", "depths.csv: expected at least one row"),
    ("villages.csv", ",420,", ",-5,", 'row 2, column population: "-5" - expected a whole number of people, 0 or more'),
    ("villages.csv", ",420,", ",,", "row 2, column population: expected a value: it is required"),
    ("villages.csv", "115.2912", "215.2912", "row 2, column lon"),
    ("villages.csv", "river,420", "rivr,420", 'expected a zone of levels.csv; did you mean "river"?'),
    ("villages.csv", "school,yes", "schol,yes", '"schol" - expected a known shelter; did you mean "school"?'),
    ("villages.csv", "pine-slope", "school", '"school" - expected an id used once; villages.csv row 13 has it too'),
    ("villages.csv", "pine-slope", "command", "the command post has it too"),
    ("depots.csv", ",city-depot,", ",ciy-depot,", 'expected a known depot; did you mean "city-depot"?'),
    ("depots.csv", ",3,60,,", ",3,60,county-depot,", "expected a depot that is not restocked from this one"),
    ("roads.csv", "west-cross,31", "west-crss,31", 'expected a known place; did you mean "west-cross"?'),
    ("roads.csv", "city-station,west-cross", "west-cross,west-cross", "another place than the road comes from"),
    ("roads.csv", "highway,", "high way,", "expected an id of 1 to 64 letters"),
    ("roads.csv", "class1", "clas1", 'did you mean "class1"?'),
    ("teams.csv", "town-station,fire", "town-staton,fire", 'column base: "town-staton" - expected a known place'),
    ("teams.csv", "rescue;evacuate,10", "resque;evacuate,10", 'expected a known task: evacuate'),
    ("teams.csv", ",45,II,", ",45,IV,", "expected a response level of command.levels or triggers.csv (III, II, I)"),
    ("boats.csv", "boats-city", "boats-town-1", '"boats-town-1" - expected an id used once'),
    ("levels.csv", "river,8,", "river,3,", "expected a time after the row before of zone river"),
    ("weather.csv", "8,16,2", "0,16,2", "expected a time after the row before"),
]  # fmt: skip


def test_a_key_of_an_earlier_version_is_told_with_what_to_write_instead(edit, faults, folder):
    """In the file, and as a change on the command line; and what is told to be written can be."""
    told = "parameters.upper_floor_share: expected single_storey_share and flat_roof_share; or"
    assert [told in line for line in faults(sets=["parameters.upper_floor_share=0.9"])] == [True]
    edit("scenario.yaml", "hazard:", "parameters:\n  upper_floor_share: 0.9\n  turnout: 3\nhazard:")
    found = faults()
    assert [told in line for line in found] == [True, False]
    assert not any("did you mean" in line for line in found[:1])
    edit("scenario.yaml", "  upper_floor_share: 0.9\n  turnout: 3\n", "  flat_roof_share: 0.9\n")
    assert {village.upper_floor for village in load(folder, sets=["villages.*.upper_floor=0.9"]).villages} == {0.9}


@pytest.mark.parametrize(("file", "old", "new", "expected"), ONE_FAULT, ids=[fault[2] for fault in ONE_FAULT])
def test_one_kind_of_fault(edit, faults, file, old, new, expected):
    edit(file, old, new)
    found = faults()
    assert any(expected in line for line in found), found
    assert len(found) <= 3, found


def test_all_faults_come_at_once(folder, edit, faults, line_of):
    edit("scenario.yaml", "report: 30 min", "reprt: 30 min")
    edit("scenario.yaml", "policy: priority", "policy: 7")
    edit("villages.csv", ",420,", ",-5,")
    edit("villages.csv", "school,yes", "schol,yes")
    edit("roads.csv", "west-cross,31", "west-crss,31")
    edit("boats.csv", "15 min", "15")
    (folder / "weather.csv").unlink()
    (folder / "weathr.csv").write_text("time_h\n")
    assert {line.split(":")[0] for line in faults(sets=["nothing=1"])} == {
        f"scenario.yaml {line_of('policy:')}, command.policy",
        f"scenario.yaml {line_of('reprt:')}, command.reprt",
        "villages.csv row 2, column population",
        "villages.csv row 2, column shelter",
        "roads.csv row 2, column to",
        "boats.csv row 2, column turnout",
        "weathr.csv",
        "--set, nothing",
    }


@pytest.mark.parametrize("name", ["villages", "roads"])
def test_villages_and_roads_are_required(folder, faults, name):
    (folder / f"{name}.csv").unlink()
    assert any(line.startswith(f"{name}.csv: expected this file") for line in faults())


def test_at_least_one_village(folder, faults):
    path = folder / "villages.csv"
    path.write_text(path.read_text().splitlines()[0] + "\n")
    assert "villages.csv: expected at least one village" in faults()


def test_a_missing_column_is_told_once(folder, faults):
    path = folder / "villages.csv"
    path.write_text(path.read_text().replace(",population,", ",populaton,"))
    assert faults() == [
        'villages.csv row 1, column populaton: expected a known column; did you mean "population"?',
        "villages.csv row 1, column population: expected this column: it is required",
    ]


@pytest.mark.parametrize(
    ("table", "spoilt", "expected"),
    [
        ("bases", b"\xff\xfe\xff", "line 1: expected text saved as UTF-8"),
        ("bases", b"ids,name\n", "row 1, column id: expected this column"),
        (
            "levels",
            b'zone,time_h,level_m\nriver,"3,22\n',
            "row 2: expected CSV that can be read (a quotation mark is opened and not closed)",
        ),
        ("shelters", b"x" * 70_000_000, ": expected a file of at most 64 MB"),
    ],
    ids=["encoding", "column", "csv", "size"],
)
def test_a_table_that_cannot_be_read_breeds_no_faults_in_others(folder, faults, table, spoilt, expected):
    (folder / f"{table}.csv").write_bytes(spoilt)
    found = faults(sets=[f"{table}.anything=null"])
    assert any(expected in line for line in found), found
    assert {line.split()[0].rstrip(":") for line in found} == {f"{table}.csv"}


def test_a_table_cut_off_at_the_most_rows_breeds_no_faults_in_others(folder, faults, monkeypatch):
    monkeypatch.setattr("simrescue.scenario.files.tables.MAX_ROWS", 30)
    (folder / "junctions.csv").write_text("id,lon,lat\n" + "".join(f"j{n},115,38\n" for n in range(40)))
    assert faults() == ["junctions.csv row 32: expected at most 30 rows"]


def test_no_folder_and_no_yaml(tmp_path, folder, faults):
    (folder / "scenario.yaml").write_text("- a list\n")
    assert faults()[0] == "scenario.yaml line 1: expected keys and values"
    (folder / "scenario.yaml").unlink()
    assert faults()[0].startswith("scenario.yaml: expected this file in ")


def test_a_link_out_of_the_folder_and_a_bomb_are_refused_together(tmp_path, folder, faults):
    (tmp_path / "roads.csv").write_text("id,from,to\n")
    (folder / "roads.csv").unlink()
    (folder / "roads.csv").symlink_to(tmp_path / "roads.csv")
    (folder / "scenario.yaml").write_text("a: &a [1]\nb: *a\n")
    found = faults()
    assert 'scenario.yaml line 1: "a" - expected the value itself, not an anchor (&) or alias (*)' in found
    assert "roads.csv: expected a file inside the scenario folder, not a link out of it" in found


def test_depth_tables_load_and_know_their_subjects(folder, edit, faults):
    edit("scenario.yaml", "source: levels", "source: depths")
    (folder / "depths.csv").write_text("subject,time_h,depth_m\neast-ferry,1,0\neast-ferry,2,1.5\nbend-road,2,0.4\n")
    assert [depth.depth_m for depth in load(folder).depths] == [0, 1.5, 0.4]
    edit("depths.csv", "bend-road", "bend-rod")
    assert 'expected a known place or road; did you mean "bend-road"?' in faults()[0]


def test_loading_is_no_more_work_than_there_are_rows(folder):
    def with_more(first: int, last: int) -> int:
        """Calls that it takes to load the folder with a village and five roads more for each of these numbers."""
        with (folder / "villages.csv").open("a") as stream:
            for n in range(first, last):
                stream.write(f"v{n},N{n},村{n},115.3,38.1,22.5,river,{100 + n},Y,T,school,yes,yes\n")
        with (folder / "roads.csv").open("a") as stream:
            for n in range(5 * first, 5 * last):
                stream.write(f"r{n},v{n % last},v{(n + 7) % last},1.5,class3,22.5,river,\n")
        return calls(load, folder)

    load(folder)  # what is imported and remembered once
    few = with_more(0, 60)
    assert with_more(60, 120) < 2.5 * few
    assert len(load(folder).roads) > 600


def test_without_its_optional_tables_a_scenario_still_loads(folder):
    for name in TABLES.keys() - {"villages", "roads", "levels", "shelters", "bases", "junctions", "depots"}:
        (folder / f"{name}.csv").unlink(missing_ok=True)
    assert load(folder).helicopters == ()


def test_the_folder_may_be_anywhere(folder, tmp_path):
    moved = shutil.move(folder, tmp_path / "云禾")
    assert load(moved).checksum == load(str(moved)).checksum
