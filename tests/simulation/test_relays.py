"""UAV relays: they fly to silent places when called, hold, relieve one another, and never harm."""

from __future__ import annotations

from typing import Any

import pytest

from simrescue.communication.channels import CHANNEL_NUMBER, UavRelay
from simrescue.events import EventKind as Kind
from simrescue.events import EventLog
from simrescue.hazards.flood.settings import Flood
from simrescue.metrics import summarise
from simrescue.scenario.records import Command, Scenario, Warning, Weather
from simrescue.simulation.run import simulate
from simrescue.simulation.world import compile_world
from tests.factories import CERTAIN, at, settings
from tests.simulation.test_channels import ALL, county, room, times_of


def relay(**fields: Any) -> UavRelay:
    plain = {"radius_km": 6, "call_up_h": 1, "cruise_kmh": 100, "endurance_h": 4, "turnround_h": 1}
    return UavRelay(id="relay", elevation_m=30, **at(1, 5), **(plain | fields))


def dark(*relays: UavRelay, **changes: Any) -> Scenario:
    """Three villages whose only mast stands still from 6 h on, and command that misses word after an hour."""
    rules = settings(
        48.0, hazard=Flood(uncertainty=CERTAIN), warning=Warning(answer_h=0.1),
        command=Command(report_h=0.5, contact_loss=0, silence_h=1),
    )  # fmt: skip
    scenario = county(*ALL, power=room(cut=2.0, restored=1000.0), settings=rules, **changes)
    return scenario.model_copy(update={"relays": relays})


def silent_h(scenario: Scenario) -> float:
    return summarise(simulate(scenario), compile_world(scenario).facts)["silent_village_h"]


def test_a_relay_is_called_flies_and_brings_word() -> None:
    log = simulate(dark(relay(aircraft=2)))
    (first, *_), over = times_of(log, Kind.RELAY_UP), log.place[log.where(Kind.RELAY_UP)]
    assert times_of(log, Kind.RELAY_SETS_OUT)[0] == 8.0, "silent from 6 h, missed an hour later, an hour's call-up"
    assert 8.2 < first < 8.4
    assert set(over.tolist()) == {1}, "from over the middle village it reaches most people"
    restored = log.where(Kind.CONTACT_RESTORED)
    assert [round(h, 3) for h in log.time_h[restored][:3].tolist()] == [first] * 3
    assert CHANNEL_NUMBER["uav_relay"] in log.item[log.where(Kind.RECEIVED)].tolist()


def times_lost(log: EventLog) -> list[float]:
    return [time_h for time_h in times_of(log, Kind.CONTACT_LOST) if time_h > 6]


def test_two_relieve_one_another_until_the_phones_are_empty() -> None:
    """A single one has to come down; without mains since 2 h, or vehicles to charge them, the phones last a day."""
    alone, paired = simulate(dark(relay())), simulate(dark(relay(aircraft=2)))
    assert min(times_lost(alone)) < 12
    wet_h = 10.5  # when the water comes to the last vehicles of a village
    assert set(times_lost(paired)) == {2 + 24.0, wet_h + 24.0}
    up, down = times_of(paired, Kind.RELAY_UP), times_of(paired, Kind.RELAY_DOWN)
    assert all(begun < ended for begun, ended in zip(up[1:], down, strict=False))


def test_what_is_out_of_reach_or_blown_about_is_not_served() -> None:
    assert not len(simulate(dark(relay(endurance_h=0.8))).where(Kind.RELAY_SETS_OUT))
    gale = tuple(Weather(time_h=time_h, wind_ms=wind, visibility_km=9) for time_h, wind in ((0, 25), (12, 5), (14, 25)))
    log = simulate(dark(relay(), weather=gale))
    assert times_of(log, Kind.RELAY_SETS_OUT) == [12.0]
    assert times_of(log, Kind.RELAY_DOWN) == [14.0]


def test_two_rows_share_the_places_and_nobody_flies_where_all_is_heard() -> None:
    near = relay(radius_km=1)
    log = simulate(dark(near, near.model_copy(update={"id": "other"})))
    first = log.place[log.where(Kind.RELAY_UP)[:2]].tolist()
    assert len(set(first)) == 2
    assert not len(simulate(county(*ALL).model_copy(update={"relays": (relay(),)})).where(Kind.RELAY_SETS_OUT))


@pytest.mark.parametrize("fields", [{"aircraft": 2}, {"radius_km": 12}, {"call_up_h": 0}, {"endurance_h": 9}])
def test_more_of_it_never_makes_silence_longer(fields: dict[str, Any]) -> None:
    assert silent_h(dark(relay(**fields))) <= silent_h(dark(relay())) < silent_h(dark())
