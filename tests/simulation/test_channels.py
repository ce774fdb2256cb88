"""Channels: the first that stands carries a message; mains, battery and line of a station die each by itself."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from simrescue.communication.channels import CHANNEL_NUMBER, Channel, PowerArea, Station
from simrescue.events import EventKind as Kind
from simrescue.events import EventLog
from simrescue.hazards.base import Flames
from simrescue.hazards.flood.settings import Flood
from simrescue.metrics import measure, summarise
from simrescue.network.closures import DAMAGE, FLAMES, ORDER, SMOKE
from simrescue.places import Village
from simrescue.scenario.records import Command, Scenario, Warning, Weather
from simrescue.simulation.hazards import effects
from simrescue.simulation.run import build, simulate
from simrescue.simulation.world import compile_world
from tests.factories import CERTAIN, at, flooded_row, settings

ALL = ("public", "broadcast", "loudspeaker", "whistle")
NEVER_H = 1000.0


def channels(*kinds: str, **fields: Any) -> tuple[Channel, ...]:
    return tuple(Channel(id=f"by-{kind}", kind=kind, **fields) for kind in kinds)


def mast(**fields: Any) -> Station:
    return Station(
        id="mast", **({"elevation_m": 30.0, "radius_km": 50, "backup_h": 4, "repair_h": 5} | fields), **at(1, 0)
    )


def county(*kinds: str, phones: int = 0, stations: tuple[Station, ...] | None = None, **changes: Any) -> Scenario:
    """Three villages in the flood; mast and switch room stand on high ground beside them unless a test says else."""
    villages = tuple(
        Village(id=f"village-{i}", population=300, zone="river", satellite_phones=phones, trained=1.0, **at(i, 0))
        for i in range(3)
    )
    tables: dict[str, Any] = {
        "villages": villages,
        "channels": channels(*kinds),
        "stations": (mast(),) if stations is None else stations,
        "settings": settings(
            48.0,
            hazard=Flood(uncertainty=CERTAIN),
            command=Command(report_h=0.5, contact_loss=0, silence_h=NEVER_H),
            warning=Warning(answer_h=0.1),
        ),
        "boats": (), "teams": (), "helicopters": (), "trucks": (),
    }  # fmt: skip
    return flooded_row(**(tables | changes))


def times_of(log: EventLog, kind: Kind) -> list[float]:
    return [round(float(time_h), 3) for time_h in log.time_h[log.where(kind)]]


def room(**fields: Any) -> tuple[PowerArea, ...]:
    return (PowerArea(id="room", **({"elevation_m": 30.0, "line_repair_h": 0.0} | fields), **at(1, 0)),)


def test_a_station_runs_on_its_battery_and_comes_back_with_the_mains() -> None:
    log = simulate(county(*ALL, power=room(cut=2.0, restored=20.0)))
    assert times_of(log, Kind.STATION_DOWN) == [6.0]
    assert times_of(log, Kind.STATION_UP) == [20.0]
    assert set(times_of(log, Kind.CONTACT_LOST)) == {6.0}
    assert set(times_of(log, Kind.CONTACT_RESTORED)) == {20.0}
    down, lost = log.where(Kind.STATION_DOWN)[0], log.where(Kind.NETWORK_LOST)
    assert set(log.cause[lost].tolist()) == {down}
    assert set(log.cause[log.where(Kind.CONTACT_LOST)].tolist()) == set(lost.tolist())


def test_short_cuts_leave_the_station_up() -> None:
    log = simulate(county(*ALL, power=room(cut=2.0, restored=5.9)))
    assert not len(log.where(Kind.STATION_DOWN, Kind.CONTACT_LOST))


def test_an_empty_battery_of_the_line_cuts_off_a_living_station() -> None:
    log = simulate(county(*ALL, stations=(mast(backup_h=8, line_backup_h=2),), power=room(cut=2.0, restored=20.0)))
    assert times_of(log, Kind.STATION_DOWN) == [4.0]


def test_a_flooded_room_waits_for_the_water_to_go() -> None:
    flooded = room(elevation_m=0.0, zone="river", room_repair_h=0.0)
    log = simulate(county(*ALL, power=flooded))
    lost, back = times_of(log, Kind.POWER_LOST), times_of(log, Kind.POWER_BACK)
    assert 10 < lost[0] < 12
    assert 36 < back[0] < 44


def test_wind_stops_a_station() -> None:
    gale = tuple(
        Weather(time_h=time_h, wind_ms=wind_ms, visibility_km=9) for time_h, wind_ms in ((0, 5), (3, 26), (7, 5))
    )
    log = simulate(county(*ALL, stations=(mast(wind_limit_ms=25, repair_h=0),), weather=gale))
    assert times_of(log, Kind.STATION_DOWN) == [3.0]
    assert times_of(log, Kind.STATION_UP) == [7.0]


def test_a_satellite_phone_carries_what_the_network_does_not() -> None:
    cut = room(cut=0.0, restored=40.0)
    with_phones = simulate(county(*ALL, "satellite", phones=1, power=cut))
    without = simulate(county(*ALL, "satellite", phones=0, power=cut))
    assert not {0, 1, 2} & set(with_phones.subject[with_phones.where(Kind.CONTACT_LOST)].tolist())
    by = with_phones.item[with_phones.where(Kind.RECEIVED)]
    assert CHANNEL_NUMBER["satellite"] in by.tolist()
    silent = compile_world(county(*ALL, power=cut)).facts
    assert summarise(without, silent)["villages_silent"] == 3
    assert summarise(without, silent)["first_word_last_h"] > 30


@pytest.mark.parametrize(
    ("spread_m", "cars", "silent_from_h"), [(3.0, 0.25, None), (3.0, 0.0, 6.0), (0.0, 0.25, 14.5)],
    ids=["cars stand dry at the highest houses", "it has none", "all are drowned"],
)  # fmt: skip
def test_phones_are_charged_from_vehicles_that_stand_dry(
    spread_m: float, cars: float, silent_from_h: float | None
) -> None:
    """Without mains from 2 h to 40 h, with batteries of four hours; the water comes from 10 h on."""
    made = county(*ALL, power=room(cut=2.0, restored=40.0))
    fields = {"satellite_phones": 1, "cars": cars, "ground_spread_m": spread_m}
    villages = tuple(village.model_copy(update=fields) for village in made.villages)
    held = (*made.channels, *channels("satellite", battery_h=4.0))
    log = simulate(made.model_copy(update={"villages": villages, "channels": held}))
    lost = log.where(Kind.CONTACT_LOST)
    of_villages = log.time_h[lost][log.subject[lost] < 3].tolist()
    assert of_villages == ([] if silent_from_h is None else [pytest.approx(silent_from_h)] * 3)


def test_a_runner_brings_the_first_word() -> None:
    cut = room(cut=0.0, restored=NEVER_H)
    masts = (mast(), Station(id="town", elevation_m=30, radius_km=1, backup_h=NEVER_H, **at(2, 1)))
    log = simulate(county(*ALL, "runner", power=cut, stations=masts))
    rows = [row for row in log.where(Kind.RECEIVED) if log.item[row] == CHANNEL_NUMBER["runner"]]
    assert rows
    left = log.where(Kind.RUNNER_LEAVES)
    assert log.time_h[rows[0]] > log.time_h[left[0]]
    facts = compile_world(county(*ALL, "runner", power=cut, stations=masts)).facts
    assert measure(log, facts, "share_heard_again", {"limit_h": 48.0}) > 0
    nobody = simulate(county(*ALL, power=cut, stations=masts))
    assert measure(nobody, facts, "share_heard_again", {"limit_h": 48.0}) == 0


def test_every_message_is_sent_and_then_received_or_unheard() -> None:
    log = simulate(county(*ALL, "runner", power=room(cut=5.0, restored=30.0)))
    received = log.where(Kind.RECEIVED)
    assert {Kind(kind) for kind in log.kind[log.cause[received]]} <= {Kind.SENT, Kind.RUNNER_LEAVES}
    assert len(received)
    sent = log.where(Kind.SENT)
    ends = [log.cause[row] for row in log.where(Kind.RECEIVED, Kind.UNHEARD)]
    assert all(ends.count(row) <= 1 for row in sent)


def test_call_outs_are_acknowledged_where_somebody_can_answer() -> None:
    facts = compile_world(county(*ALL)).facts
    log = simulate(county(*ALL))
    assert measure(log, facts, "share_call_outs_acknowledged", {"limit_h": 2.0}) == 1.0
    assert np.isnan(measure(simulate(county()), facts, "share_call_outs_acknowledged", {"limit_h": 2.0}))
    dark = room(cut=0.0, restored=47.0)
    deaf = simulate(county("public", power=dark, stations=(mast(backup_h=0.0),)))
    assert measure(deaf, facts, "share_call_outs_acknowledged", {"limit_h": 2.0}) < 1.0


def test_loudspeakers_die_with_the_power() -> None:
    world = compile_world(county("public", "loudspeaker", "whistle", power=room(cut=0.0, restored=47.0)))
    sim = build(world, 1, 0)
    sim.env.run(until=0.5)
    dead = sim.contact.reach(0)
    assert not sim.contact.speaks(0)
    lit = build(compile_world(county("public", "loudspeaker", "whistle")), 1, 0)
    assert lit.contact.speaks(0)
    assert dead < lit.contact.reach(0)


def test_without_channels_nothing_of_it_happens() -> None:
    plain = simulate(county())
    named = simulate(county(stations=(), power=()))
    kinds = {kind for kind in plain.kind.tolist() if 270 <= kind <= 280}
    assert not kinds
    assert len(plain.kind) == len(named.kind)


@pytest.mark.parametrize("seed", [1, 2])
def test_order_of_rows_means_nothing(seed: int) -> None:
    masts = tuple(Station(id=f"mast-{i}", elevation_m=i, zone="river", radius_km=7, **at(i, 0)) for i in range(3))
    one = county(*ALL, "satellite", "runner", phones=1, stations=masts, power=room(cut=3.0, restored=30.0))
    other = one.model_copy(update={"channels": one.channels[::-1], "stations": one.stations[::-1]})
    for a, b in zip(simulate(one, seed), simulate(other, seed), strict=True):
        assert np.array_equal(a, b)


def test_a_torn_bridge_tears_the_line_and_flames_stop_the_mast() -> None:
    masts = (mast(line=("school-depot",), repair_h=0.0),)
    sim = build(compile_world(county(*ALL, stations=masts)), 1, 0)
    sim.env.run(until=1.0)
    link = [road.id for road in sim.world.scenario.roads].index("school-depot")
    station = sim.world.first["stations"]
    for cause in (DAMAGE, FLAMES):
        sim.roads.close(link, cause, closed=True)
        assert sim.villages[0].index in sim.contact.dark
        sim.roads.close(link, cause, closed=False)
        assert sim.villages[0].index not in sim.contact.dark
    for cause in (SMOKE, ORDER):
        sim.roads.close(link, cause, closed=True)
        assert sim.villages[0].index not in sim.contact.dark
    effects.apply(sim, Flames(station, arrive=True))
    assert sim.villages[0].index in sim.contact.dark
    effects.apply(sim, Flames(station, arrive=False))
    assert sim.villages[0].index not in sim.contact.dark
