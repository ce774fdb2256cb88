"""Every default number is in the table, with a range that holds it and a source; nothing is in it that nobody uses."""

from pathlib import Path

import pytest

import simrescue
from simrescue import parameters
from simrescue.scenario.plans_file import load_plan, plan_files


@pytest.mark.parametrize("parameter", parameters.table().values(), ids=lambda parameter: parameter.name)
def test_a_parameter_has_a_range_a_unit_and_a_source(parameter):
    assert parameter.believes(parameter.value)
    assert parameter.least <= (parameter.value if parameter.low is None else parameter.low)
    assert (parameter.value if parameter.high is None else parameter.high) <= parameter.most
    assert parameter.unit
    assert parameter.used_for
    assert len(parameter.source) > 15


def test_what_is_assumed_or_from_memory_is_not_called_verified():
    for parameter in parameters.table().values():
        if parameter.source.startswith(("assumed", "from memory")):
            assert not parameter.verified, parameter.name


def test_names_are_unique_and_sources_are_marked_yes_or_no():
    rows = (Path(simrescue.__file__).parent / "data/parameters.csv").read_text(encoding="utf-8").splitlines()
    assert len(rows) - 1 == len(parameters.table())
    assert all(row.endswith((",yes", ",no")) for row in rows[1:])


def test_a_default_is_the_value_of_the_table():
    assert parameters.default("turnout_h").default_factory() == parameters.Parameters().turnout_h == 0.5


def test_an_unknown_name_is_a_fault_of_the_program():
    with pytest.raises(KeyError):
        parameters.default("no_such_number")
    with pytest.raises(AttributeError):
        _ = parameters.Parameters().no_such_number


DECIDES = {
    "share_warned_before_impact": {"warning_reach": "threshold"},
    "share_warned_in_steps": {"forecast_lead_h": "forecast_h", "call_out_lead_h": "answered_h"},
}
"""Measure -> the numbers that alone decide it where nothing goes wrong, and the limit of a clause that each meets."""


def test_no_target_is_its_own_input():
    """A clause that is tested with the default taken from the very target says nothing: 0.90 reached of 90 % wanted."""
    tested = 0
    for name in plan_files():
        for clause in load_plan(name).clauses:
            for parameter, limit in DECIDES.get(clause.measure, {}).items():
                wanted = clause.threshold if limit == "threshold" else getattr(clause.settings, limit)
                assert parameters.table()[parameter].value != pytest.approx(wanted), f"{name} {clause.id}: {parameter}"
                tested += 1
    assert tested >= 3


def test_no_number_has_the_target_of_a_plan_for_its_source():
    for parameter in parameters.table().values():
        words = parameter.source.lower()
        assert not any(word in words for word in ("target", "five-year", "mechanism", "speech")), parameter.name
