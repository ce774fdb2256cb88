"""Hours before word of a silent place, in their bins: power, network, and somebody who walks."""

from __future__ import annotations

import pytest

from simrescue.communication.channels import Station
from simrescue.events import EventKind as Kind
from simrescue.explain.critical_path.bins import BINS
from simrescue.explain.critical_path.chains import Chains
from simrescue.explain.critical_path.log_rows import rows_of_log
from simrescue.scenario.records import Scenario
from tests.factories import at
from tests.simulation.story import tell
from tests.simulation.test_channels import ALL, county, mast, room
from tests.simulation.test_orders_to_crews import silent_base


def hours_before(scenario: Scenario, *kinds: Kind, after_h: float = 0.0) -> dict[str, float]:
    """Hours by bin on the path to the first row of some kinds after a time."""
    story = tell(scenario)
    row = next(row for row in story.log.where(*kinds).tolist() if story.log.time_h[row] > after_h)
    pieces, _ = Chains(rows_of_log(story.log, story.world.facts, 0.0)).walk(row, 0.0)
    hours: dict[str, float] = {}
    for piece in pieces:
        key = list(BINS)[piece.bin]
        hours[key] = hours.get(key, 0.0) + piece.end_h - piece.start_h
    return {key: took for key, took in hours.items() if took > 1e-9}


def test_a_place_that_is_silent_until_power_is_back_waits_for_power() -> None:
    dark = county(*ALL, power=room(cut=5.0, restored=20.0), stations=(mast(backup_h=1.0),))
    hours = hours_before(dark, Kind.CONTACT_RESTORED)
    assert hours["power"] == 15.0


def test_a_place_that_is_silent_until_its_station_works_waits_for_the_network() -> None:
    torn = county(*ALL, stations=(mast(elevation_m=0.0, zone="river", repair_h=2.0),))
    hours = hours_before(torn, Kind.CONTACT_RESTORED)
    assert hours["network"] > 20.0
    assert "power" not in hours


def test_an_order_that_somebody_walks_with_is_no_turnout() -> None:
    scenario = silent_base("runner")
    hours = hours_before(scenario, Kind.TURNS_OUT)
    assert hours["ordering"] > scenario.parameters.runner_after_h
    assert hours["turnout"] < 0.2


@pytest.mark.parametrize(("phones", "key"), [(0, "by_public"), (1, "by_satellite")])
def test_word_is_told_by_what_carried_it(phones: int, key: str) -> None:
    """The network is up, or cut from the start and a satellite phone stands in for it."""
    power = room(cut=0.0, restored=40.0) if phones else ()
    stations = (mast(backup_h=0.0),) if phones else None
    hours = hours_before(county(*ALL, "satellite", phones=phones, power=power, stations=stations), Kind.REPORTED)
    assert hours[key] > 0
    assert {name for name in hours if name.startswith("by_") or name == "report"} == {key}


def test_word_on_foot_is_of_no_channel() -> None:
    masts = (mast(backup_h=0.0), Station(id="town", elevation_m=30, radius_km=1, backup_h=1000.0, **at(2, 1)))
    hours = hours_before(
        county(*ALL, "runner", power=room(cut=0.0, restored=45.0), stations=masts), Kind.REPORTED, after_h=20
    )
    assert hours["runner"] > 0
    assert not [name for name in hours if name.startswith("by_")]
