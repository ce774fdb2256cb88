"""partners.csv: every fault at once, what the check says of partners, and the tables that `new --response` writes."""

from __future__ import annotations

from pathlib import Path

import pytest

from simrescue.communication.posts import Partner
from simrescue.errors import ScenarioError
from simrescue.scenario.load import load
from simrescue.scenario.new import create
from simrescue.scenario.preflight.check import check
from tests.scenario.conftest import TINY

HEAD = "id,asked_at,asked_after,grant,decision,gathering,distance,speed,handover\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A first scenario with the tables of the response system."""
    return create(tmp_path / "county", response=True)


def test_a_first_scenario_has_partners_with_crews(folder: Path) -> None:
    scenario = load(folder)
    assert {partner.id for partner in scenario.partners} == {"neighbour", "garrison"}
    assert {row.partner for row in (*scenario.boats, *scenario.teams)} == {"", "neighbour", "garrison"}
    assert not [finding for finding in check(scenario) if "partner" in finding.message]


def test_all_faults_are_named_at_once(folder: Path) -> None:
    rows = "city,V,,,,,,,\ncounty,,,,,,,,\narmy,II,-1 h,1.5,soon,5 km,3 h,0 km/h,\n"
    (folder / "partners.csv").write_text(HEAD + rows, encoding="utf-8")
    with pytest.raises(ScenarioError) as caught:
        load(folder)
    spots = {(fault.where, fault.field) for fault in caught.value.faults if fault.file == "partners.csv"}
    columns = {field for _, field in spots}
    assert columns == {"asked_at", "asked_after", "grant", "decision", "gathering", "distance", "speed"}
    crews = [fault for fault in caught.value.faults if fault.field == "partner"]
    assert {fault.value for fault in crews} == {"neighbour", "garrison"}


def test_a_partner_waits_for_a_level_that_is_declared() -> None:
    made = {"partners.z": {"asked_at": "IV"}, "teams.mobile-city.partner": "z"}
    with pytest.raises(ScenarioError) as caught:
        load(TINY, sets=made)
    assert "a response level of command.levels or triggers.csv (III, II, I)" in str(caught.value)


def test_the_check_names_partners_without_crews_and_crews_of_the_record() -> None:
    sets = {"partners.z": {"asked_at": "II"}}
    said = " ".join(finding.message for finding in check(load(TINY, sets=sets)))
    assert "has no crews to send" in said
    sets |= {"boats.boats-city.partner": "z", "boats.boats-city.available": "9 h"}
    said = " ".join(finding.message for finding in check(load(TINY, sets=sets)))
    assert "its partner is not asked for it" in said


def test_hours_on_the_way_add_up() -> None:
    partner = Partner(id="z", gathering_h=1.0, distance_km=100.0, speed_kmh=50.0, handover_h=0.5)
    assert (partner.drive_h, partner.coming_h) == (2.0, 3.5)
