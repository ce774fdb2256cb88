"""Changes by path: who wins over whom, what a path can reach, and what is said when it reaches nothing."""

import pytest

from simrescue.parameters import Parameters
from simrescue.scenario.load import load
from simrescue.scenario.preflight.check import check
from simrescue.scenario.unused import faults_elsewhere
from simrescue.simulation.run import replicate
from simrescue.simulation.world import compile_world

DEFAULT = Parameters()


@pytest.fixture
def layered(edit):
    """Two overrides and a variant that lists both, all about one setting."""
    edit(
        "scenario.yaml",
        "overrides:\n",
        "overrides:\n  first: {command.report: 11 min}\n  second: {command: {report: 12 min}}\n",
    )
    edit("scenario.yaml", "variants:\n", "variants:\n  both: [first, second]\n  turned: [second, first]\n")


def minutes(scenario):
    return round(scenario.settings.command.report_h * 60)


def test_the_order_of_priority(folder, edit, layered):
    assert minutes(load(folder)) == 30
    assert minutes(load(folder, "both")) == 12
    assert minutes(load(folder, "turned")) == 11
    assert minutes(load(folder, "both", ["command.report=13 min"])) == 13
    assert minutes(load(folder, "both", ["command.report=13 min", "command.report=14 min"])) == 14
    edit("scenario.yaml", "  report: 30 min", "  # report")
    assert minutes(load(folder)) == 30, "the package's default"
    assert minutes(load(folder, sets={"command": {"report": "9 min"}})) == 9


def test_what_was_applied_is_kept_in_order(folder, layered):
    scenario = load(folder, "both", {"boats.*.count": 3})
    assert list(scenario.applied.items()) == [
        ("command.report", "11 min"), ("command", {"report": "12 min"}), ("boats.*.count", 3),
    ]  # fmt: skip
    assert scenario.variant == "both"


def test_rows_by_id_and_all_rows(folder):
    boats = load(folder, sets=["boats.boats-town.count=6", "boats.*.launch=3 min"]).boats
    assert [boat.count for boat in boats] == [6, 4]
    assert {round(boat.launch_h * 60) for boat in boats} == {3}


def test_null_goes_back_to_the_default(folder):
    scenario = load(folder, sets=["boats.boats-town.turnout=null", "command.decision=null", "warning.forecast=null"])
    assert scenario.boats[0].turnout_h == DEFAULT.turnout_h
    assert scenario.settings.command.decision_h == DEFAULT.decision_h
    assert scenario.settings.warning.forecast is None


def test_rows_are_added_and_taken_out(folder):
    sets = {"boats.new": {"base": "town-station", "count": 2}, "teams.bus-town": None, "helicopters.*": None}
    scenario = load(folder, sets=sets)
    assert [boat.id for boat in scenario.boats] == ["boats-town", "boats-city", "new"]
    assert "bus-town" not in {team.id for team in scenario.teams}
    assert scenario.helicopters == ()


def test_a_variant_can_add_a_depot_with_its_road(folder):
    scenario = load(folder, "prepared")
    assert scenario.depots[-1].name_zh == "南岔口前置库"
    assert scenario.depots[-1].elevation_m == 25
    assert scenario.roads[-1].length_km == 0.2


def test_series_by_zone_and_whole_sections(folder):
    scenario = load(folder, sets={"levels.basin.velocity": "0.7 m/s", "hazard": {"uncertainty": {"level": "1 m"}}})
    assert {level.velocity_ms for level in scenario.levels if level.zone == "basin"} == {0.7}
    assert scenario.settings.hazard.uncertainty.level_m == 1
    assert scenario.settings.hazard.uncertainty.arrival_h == 0.75


def test_a_list_is_replaced_as_a_whole(folder):
    sets = ["command.levels=[{level: II, time: 1 h}, {level: III, time: 2 h}]"]
    assert [change.level for change in load(folder, sets=sets).settings.command.levels] == ["II", "III"]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ("command.reprt=5 min", '--set, command.reprt: expected a known path; did you mean "command.report"?'),
        ("comand.report=5 min", 'did you mean "command.report"?'),
        ("name=other", "expected a known path"),
        ("boats.boats-twn.count=2", 'expected a row of boats.csv; did you mean "boats-town"?'),
        ("boats.boats-town.cout=2", 'expected a field of boats.csv; did you mean "count"?'),
        ("boats.boats-town.id=x", "expected a field of boats.csv"),
        ("boats.boats-town=2", "expected the fields of a row, or null"),
        ("boats=2", "expected a field of a row, as table.id.field"),
        ("boats.boats-town.count.x=2", "expected a field of a row, as table.id.field"),
        ("depths.nobody=null", "expected a row of depths.csv"),
        ("command.report=5", '--set, command.report: "5" - expected a duration with its unit: write a unit'),
        ("boats.boats-town.count=-3", '--set, boats.boats-town.count: "-3" - expected 0 or more'),
        ("boats.new={count: 2}", "--set, boats.new.base: expected a value: it is required"),
        ("boats.new={base: town-station, cont: 2}", 'boats.new.cont: expected a known key; did you mean "count"?'),
        ("boats.new={base: nowhere}", '--set, boats.new.base: "nowhere" - expected a known place'),
        ("command.report", '--set: "command.report" - expected path=value'),
        ("command.report=[1", "expected path=value"),
        ("command.report=&a 5 min", "expected path=value"),
    ],
)
def test_a_change_to_nothing_or_to_nonsense_is_refused(faults, change, expected):
    found = faults(sets=[change])
    assert len(found) == 1
    assert expected in found[0]


def test_a_fault_in_an_override_is_told_at_its_line(edit, faults, line_of):
    edit("scenario.yaml", "boats.boats-town.count: 6", "boats.boats-town.count: six")
    place = f"scenario.yaml {line_of('boats.boats-town.count')}, overrides.more-boats.boats.boats-town.count"
    assert faults("prepared") == [f'{place}: "six" - expected a whole number']


def test_an_unknown_variant(faults, line_of):
    place = f"scenario.yaml {line_of('variants:')}, variants"
    assert faults("prepred") == [f'{place}: "prepred" - expected a known variant; did you mean "prepared"?']


def test_an_override_that_no_variant_names_is_tried_too(folder, edit, line_of):
    edit("scenario.yaml", "overrides:\n", "overrides:\n  idle:\n    boats.boats-twn.count: 6\n    command.report: 5\n")
    place, line = "overrides.idle", [line_of("boats.boats-twn"), line_of("command.report: 5")]
    found = [str(fault) for fault in faults_elsewhere(load(folder))]
    unknown = 'expected a row of boats.csv; did you mean "boats-town"?'
    unread = '"5" - expected a duration with its unit: write a unit, e.g. 45 min'
    assert found == [
        f"scenario.yaml {line[0]}, {place}.boats.boats-twn.count: {unknown}",
        f"scenario.yaml {line[1]}, {place}.command.report: {unread}",
    ]


def test_a_count_of_none_takes_all_of_a_row_away(folder):
    scenario = load(folder, sets=["boats.*.count=0", "helicopters.*.count=0", "teams.bus-town.count=0"])
    assert [boat.count for boat in scenario.boats] == [0, 0]
    world = compile_world(scenario)
    assert {member.kind for member in world.members} == {"team", "truck"}
    assert "bus-town" not in world.ids
    taken_out = load(folder, sets={"boats.*": None, "helicopters.*": None, "teams.bus-town": None})
    assert world.ids == compile_world(taken_out).ids
    assert list(check(scenario)) == list(check(taken_out))
    log, without = (replicate(compile_world(one), 1, 0).log for one in (scenario, taken_out))
    assert (log.time_h.tolist(), log.subject.tolist()) == (without.time_h.tolist(), without.subject.tolist())


def test_nobody_at_all_still_runs(folder):
    everybody = ("teams", "boats", "trucks", "helicopters")
    scenario = load(folder, sets=[f"{table}.*.count=0" for table in everybody])
    world = compile_world(scenario)
    assert not world.members
    assert len(replicate(world, 1, 0).log.time_h) > 0
    assert check(scenario).of("doubtful")
