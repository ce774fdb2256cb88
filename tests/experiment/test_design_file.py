"""Experiment files: all faults at once and at their place, and factors written into the scenario as it is written."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from simrescue.errors import ExperimentError
from simrescue.experiment.design.experiment_file import Designed, read_experiment
from tests.experiment.experiments import BOATS, LEAD, TINY, written

STEPS = {"path": "boats.boats-town.count"}


def read(folder: Path, **changes: Any) -> Designed:
    return read_experiment(written(folder, **changes))


def sets(folder: Path, factor: dict[str, Any], **changes: Any) -> list[dict[str, Any]]:
    return [dict(one.sets) for one in read(folder, factors={"x": factor}, **changes).points]


def faults(folder: Path, **changes: Any) -> list[str]:
    with pytest.raises(ExperimentError) as caught:
        read(folder, **changes)
    return [str(fault) for fault in caught.value.faults]


def test_a_design_is_a_table(tmp_path: Path) -> None:
    found = read(tmp_path, variants=["", "prepared"])
    assert {name: len(column) for name, column in found.columns.items()} == dict.fromkeys(
        ("point", "key", "variant", "boats", "cost"), 4
    )
    assert len(set(found.columns["key"])) == 4
    assert found.columns["variant"] == ["", "", "prepared", "prepared"]
    assert [line.clause.id for line in found.watched] == ["T01a", "T02a"]


def test_numbers_are_written_as_files_have_them(tmp_path: Path) -> None:
    assert sets(tmp_path, {"path": "boats.boats-town.count", "values": [2, 3]}) == [
        {"boats.boats-town.count": 2}, {"boats.boats-town.count": 3},
    ]  # fmt: skip
    assert sets(tmp_path, {"path": "command.report", "unit": "min", "values": [45.5]}) == [
        {"command.report": "45.5 min"}
    ]
    assert sets(tmp_path, {"path": "evacuation.refuse", "unit": "%", "values": [5]}) == [{"evacuation.refuse": "5 %"}]
    assert sets(tmp_path, {"path": "command.policy", "values": ["nearest"]}) == [{"command.policy": "nearest"}]


def test_what_the_scenario_says_is_multiplied_and_added_to(tmp_path: Path) -> None:
    twice = {"paths": ["depots.*.food", "depots.county-depot.water"], "change": "times", "values": [1.5]}
    assert sets(tmp_path, twice) == [
        {"depots.county-depot.food": 3000, "depots.city-depot.food": 90000, "depots.county-depot.water": 3000}
    ]
    assert sets(tmp_path, LEAD) == [{"warning.call_out_lead": "1.5 h"}]
    earlier = {"path": "warning.forecast", "change": "add", "unit": "min", "values": [-40]}
    (change,) = sets(tmp_path, earlier)
    assert change["warning.forecast"].endswith(" h")
    assert read(tmp_path, factors={"x": earlier}).points[0].load().settings.warning.forecast == pytest.approx(
        3 - 40 / 60
    )
    count = {"path": "boats.*.count", "change": "add", "values": [1]}
    assert sets(tmp_path, count) == [{"boats.boats-town.count": 3, "boats.boats-city.count": 5}]
    reach = {"path": "evacuation.refuse", "change": "add", "unit": "%", "values": [5]}
    assert read(tmp_path, factors={"x": reach}).points[0].load().settings.evacuation.refuse == pytest.approx(0.15)


def test_levels_bring_their_changes_and_costs(tmp_path: Path) -> None:
    place = {"levels": {"town": {}, "south": {"set": {"boats.boats-town.base": "school"}, "cost": 2e5}}}
    found = read(tmp_path, factors={"place": place, "boats": BOATS})
    assert found.columns["cost"] == [0.0, 600_000.0, 200_000.0, 800_000.0]
    assert [len(one.sets) for one in found.points] == [1, 1, 2, 2]
    assert found.columns["place"] == ["town", "town", "south", "south"]


def test_times_is_on_top_of_the_variant(tmp_path: Path) -> None:
    twice = {"path": "boats.boats-town.count", "change": "times", "values": [2]}
    assert sets(tmp_path, twice, variants=["", "prepared"]) == [
        {"boats.boats-town.count": 4}, {"boats.boats-town.count": 12},
    ]  # fmt: skip


def test_metrics_that_are_known_are_taken(tmp_path: Path) -> None:
    assert read(tmp_path, watch={"metrics": ["deaths", "late_person_h"]}).experiment.watch.metrics[0] == "deaths"


def test_all_faults_at_once_with_their_lines(tmp_path: Path) -> None:
    wrong = {
        "boats": {"path": "boats.boats-twn.count", "values": [2, 6]},
        "policy": {"path": "command.policy", "values": ["neerest"]},
        "report": {"path": "command.report", "unit": "t", "values": [5]},
        "place": {"levels": {"a": {}, "b": {"set": {"boats.boats-town.base": "skool"}}}},
        "row": {"path": "levels.river.level", "change": "times", "values": [2]},
        "order": {"path": "warning.order", "change": "add", "unit": "min", "values": [5]},
    }
    found = faults(tmp_path, factors=wrong, watch={"clauses": ["T01b", "T01z"]})
    assert [fault.removeprefix("experiment.yaml line ").replace(" - expected", ":") for fault in found] == [
        '6, factors.boats.path: "boats.boats-twn.count": a row of boats.csv; did you mean "boats-town"?',
        ('11, factors.policy.path: "neerest at command.policy": a known policy: nearest, priority, optimal;'
         ' did you mean "nearest"?'),
        '15, factors.report.path: "5 t at command.report": a duration with its unit, e.g. 45 min',
        '23, factors.place.levels.b.set: "skool at boats.boats-town.base": a known place; did you mean "school"?',
        '25, factors.row: "2.0": a path as table.id.field, of a table whose rows have ids',
        '30, factors.order: "5.0": a number at warning.order to change: nothing is written there',
        '40, watch.clauses.1: "T01z": a clause that is measured in a run, as plan/id or id; did you mean "T01b"?',
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"colour": 1}, ", colour: expected a known key"),
        ({"scenario": "nowhere"}, 'line 3, scenario: "nowhere" - expected a folder with scenario.yaml'),
        ({"variants": ["prepard"]}, 'variants: "prepard" - expected a known variant; did you mean "prepared"?'),
        ({"variants": []}, "expected at least one variant"),
        ({"design": {"kind": "gird"}}, "did you mean"),
        ({"design": {"kind": "sobol", "points": 6}}, "expected a power of two as number of points"),
        ({"design": {"kind": "grid", "points": 6}}, "expected no points"),
        ({"design": {"kind": "latin-hypercube"}}, "expected points: how many are drawn"),
        ({"design": {"kind": "list"}}, "expected points: a list"),
        ({"design": {"kind": "list", "points": [{"boat": 2}]}}, 'did you mean "boats"?'),
        ({"replications": {"min": 9, "max": 5}}, "expected min at most max"),
        ({"events": "worst 0"}, "expected none, failures, all, or the worst few"),
        ({"watch": {"metrics": ["dead"]}}, 'watch.metrics.0: "dead" - expected a scalar metric'),
        ({"watch": {"metrics": ["late_persons_h"]}}, 'did you mean "late_person_h"?'),
        ({"tables": ["clauses"]}, "expected a table: places"),
        ({"factors": {"Boats": BOATS}}, "factors.Boats"),
        ({"factors": {"cost": BOATS}}, "expected another name than cost"),
        ({"factors": {"x": {**BOATS, "range": {"low": 1, "high": 2}}}}, "expected exactly one of values, range"),
        ({"factors": {"x": {"values": [1]}}}, "expected either `path` or `paths`"),
        ({"factors": {"x": {"path": "a", "range": {"low": 2, "high": 1}}}}, "expected low below high"),
        ({"factors": {"x": {"path": "a", "distribution": {"kind": "normal", "mean": 1}}}}, "expected mean, sd for"),
        ({"factors": {"x": {"path": "a", "distribution": {"kind": "triangular", "low": 0, "mode": 3, "high": 2}}}},
         "the mode between them"),
        ({"factors": {"x": {"levels": {"a": {}}, "base": "b"}}}, "expected a base among the levels a"),
        ({"factors": {"x": {"path": "a", "values": ["n"], "cost": {"yuan": 2}}}}, "expected numbers with a least one"),
        ({"replications": 0}, 'replications: "0" - expected 1 or more'),
        ({"replications": {"min": 0}}, 'replications.min: "0" - expected 1 or more'),
        ({"replications": {"mim": 5}}, 'replications.mim: expected a known key; did you mean "min"?'),
        ({"design": {"kind": "sobol", "points": 10_000_000}}, 'design.points: "10000000" - expected 1e+06 or less'),
        ({"design": {"kind": "sobol", "points": 2**18}}, 'design: "262144 points" - expected at most 100000'),
        ({"factors": {"x": {**STEPS, "range": {"low": 2, "high": 5000, "step": 0.0001}}}}, 'design: "49980001 points"'),
        ({"factors": {"x": {**STEPS, "range": {"low": 2, "high": 5, "step": 2}}}}, "2 leads to 4, not to 5"),
        ({"factors": {"x": {**STEPS, "range": {"low": 2, "high": 5, "step": 9}}}}, "9 leads to 2, not to 5"),
        ({"factors": {"x": {**STEPS, "range": {"low": 2, "high": 8, "step": 1.5}}}}, '"3.5 at boats.boats-town.count"'),
        ({"factors": {"x": {**STEPS, "range": {"low": 2, "high": 8}}}}, "expected a whole number"),
        ({"factors": {"x": {**STEPS, "values": [2, 3, 2]}}}, 'x.values: "2.0, 3.0, 2.0" - expected each value once'),
        ({"factors": {"boats": BOATS, "more": {**STEPS, "values": [3]}}}, "another path than that of the factor boats"),
        ({"factors": {"x": {"path": "warning.call_out_lead", "values": [True]}}}, '"true at warning.call_out_lead"'),
        ({"plans": ["hebei"]}, 'plans: "hebei" - expected a plan: china-forest-fire'),
        ({"factors": {"Early-Bird": BOATS}}, "expected a name of 1 to 40 letters a-z, digits or _"),
    ],
)  # fmt: skip
def test_faults_of_the_file(tmp_path: Path, changes: dict[str, Any], told: str) -> None:
    assert any(told in fault for fault in faults(tmp_path, **changes)), faults(tmp_path, **changes)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(ExperimentError, match="this file"):
        read_experiment(tmp_path / "no.yaml")
    (tmp_path / "bad.yaml").write_text("a: [", encoding="utf-8")
    with pytest.raises(ExperimentError, match="YAML"):
        read_experiment(tmp_path / "bad.yaml")


def test_the_scenario_is_found_from_the_file(tmp_path: Path) -> None:
    home = tmp_path / "experiments"
    home.mkdir()
    (tmp_path / "place").symlink_to(TINY, target_is_directory=True)
    assert read(home, scenario="../place").points[0].load().settings.name == "tiny-flood"


def test_keys_follow_what_is_simulated(tmp_path: Path) -> None:
    first = read(tmp_path).columns["key"]
    again = read(tmp_path, title="Other words", replications=7, factors={"renamed": BOATS}).columns["key"]
    assert first == again
    assert not set(first) & set(read(tmp_path, factors={"boats": {**BOATS, "values": [3, 4]}}).columns["key"])
