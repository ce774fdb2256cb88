"""The numbers that nobody has verified can be drawn from their ranges, by one word in an experiment file."""

from __future__ import annotations

from pathlib import Path

import pytest

from simrescue.experiment.design.experiment_file import read_experiment
from simrescue.experiment.design.experiment_records import Factor
from simrescue.experiment.design.factors import changes
from simrescue.experiment.design.unverified import unverified
from simrescue.parameters import STEPS, table
from simrescue.scenario.load import load
from simrescue.units import WHOLE
from tests.experiment.experiments import written

SCENARIOS = Path(__file__).parents[2] / "scenarios"


@pytest.mark.parametrize(("name", "other"), [("tiny-flood", "wildfire"), ("tiny-fire", "flood")])
def test_all_unverified_numbers_of_the_hazard_and_no_others(name: str, other: str) -> None:
    scenario = load(SCENARIOS / name, sets={"parameters.shift_h": "10 h"})
    expected = {row.name for row in table().values() if not row.verified and row.hazard not in (other, "menu")}
    assert set(unverified(scenario)) == expected - STEPS - {"shift_h"}


def test_each_is_drawn_within_its_range_around_the_default(tmp_path: Path) -> None:
    design = {"kind": "latin-hypercube", "points": 8}
    drawn = read_experiment(written(tmp_path, unverified=True, factors={}, design=design))
    numbers = [point.load().parameters for point in drawn.points]
    for name in drawn.experiment.factors:
        row, found = table()[name], {getattr(one, name) for one in numbers}
        assert all(row.believes(number) for number in found), name
        assert len(found) > 1 or row.unit in WHOLE, name
    verified = next(row for row in table().values() if row.verified)
    assert {getattr(one, verified.name) for one in numbers} == {verified.value}


def test_factors_of_the_file_and_numbers_of_the_scenario_win(tmp_path: Path) -> None:
    factor = {"path": "parameters.boarding_h_per_person", "unit": "s", "values": [30, 90]}
    design = {"kind": "latin-hypercube", "points": 4}
    read = read_experiment(written(tmp_path, unverified=True, factors={"boarding": factor}, design=design))
    assert "boarding_h_per_person" not in read.experiment.factors
    assert {point.load().parameters.boarding_h_per_person for point in read.points} == {30 / 3600, 90 / 3600}


@pytest.mark.parametrize(
    ("name", "change", "unit", "value", "number"),
    [
        ("boarding_h_per_person", "times", "", 2.0, 0.0334),
        ("boarding_h_per_person", "add", "s", 36.0, 0.0267),
        ("boarding_h_per_person", "set", "", 0.02, 0.02),
        ("mop_up_persons_per_km", "times", "", 0.5, 10.0),
        ("mop_up_persons_per_km", "set", "persons/km", 12.0, 12.0),
        ("team_seats", "times", "", 1.11, 33.0),
        ("car_share", "add", "%", 10.0, 0.35),
        ("walk_kmh", "add", "m/s", 0.1, 4.21),
        ("price_team_yuan", "set", "", 1e6, 1e6),
    ],
)
def test_a_number_can_be_a_factor(name: str, change: str, unit: str, value: float, number: float) -> None:
    scenario = load(SCENARIOS / "tiny-flood")
    factor = Factor(path=f"parameters.{name}", change=change, unit=unit, values=(value,))  # type: ignore[arg-type]
    sets = changes(factor, value, scenario)
    assert getattr(load(SCENARIOS / "tiny-flood", sets=sets).parameters, name) == pytest.approx(number)
