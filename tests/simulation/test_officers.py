"""Officers of a village are called in turn, missed, called again, replaced; where all are away the people ring."""

from __future__ import annotations

import pytest

from simrescue.communication.channels import Channel
from simrescue.events import EventKind as Kind
from simrescue.metrics import measure
from simrescue.parameters import Parameters
from simrescue.places import Village
from simrescue.scenario.records import Scenario, Warning
from simrescue.simulation.people import evacuation
from simrescue.simulation.places.officers import SOMEBODY_ELSE, Officers
from simrescue.simulation.run import simulate
from simrescue.simulation.state import Simulation
from simrescue.simulation.world import compile_world
from tests.factories import at
from tests.laws.ledger import rows_of
from tests.simulation.story import NOBODY, Story, by_hand, dry_row, so_far, water_at

HEARS, MISSES = 1.0, 0.0
"""Draws of an officer who hears any call, and of one who hears none."""


class Scripted:
    """Draws that a test states, the last for ever."""

    def __init__(self, *draws: float) -> None:
        self.draws = list(draws)

    def random(self) -> float:
        return self.draws.pop(0) if len(self.draws) > 1 else self.draws[0]


def a_village(officers: int | None, channels: tuple[Channel, ...] = (), **numbers: float) -> Scenario:
    """One dry village of 100 people; calls 0.1 h and rounds 0.5 h apart."""
    village = Village(id="village-0", population=100, officers=officers, zone="river", **at(0, 0))
    parameters = Parameters(**{"officer_next_h": 0.1, "officer_again_h": 0.5, "public_call_h": 0.0} | numbers)
    sections = {"parameters": parameters, "warning": Warning(answer_h=0, speaker_rounds=0, door_rounds=0)}
    return dry_row(length=1, villages=(village,), sections=sections, **NOBODY, channels=channels)


def with_officers(sim: Simulation, *draws: tuple[float, ...], away: tuple[int, ...] = ()) -> Officers:
    """Officers of the first village who draw so, and of whom some are away."""
    officers = sim.villages[0].warning_state.officers
    assert officers is not None
    officers.streams = [Scripted(*own) for own in draws]  # type: ignore[misc]
    officers.is_away = [number in away for number in range(len(draws))]
    return officers


def order_at(sim: Simulation, hour: float) -> None:
    sim.env.run(until=hour)
    evacuation.call_out(sim, sim.villages[0], Kind.ORDERED)


def calls(story: Story) -> list[tuple[Kind, float, int, float]]:
    """Who was called and answered: kind, hour, who, in which round."""
    return [(row.kind, round(row.time_h, 6), row.item, row.amount) for row in story.rows(Kind.UNREACHED, Kind.ANSWERED)]


def test_the_first_officer_answers_the_first_call() -> None:
    sim = by_hand(a_village(2))
    with_officers(sim, (HEARS,), (HEARS,))
    order_at(sim, 1.0)
    sim.env.run(until=5.0)
    assert calls(so_far(sim)) == [(Kind.ANSWERED, 1.0, 0, 1)]


def test_the_second_is_called_when_the_first_is_away() -> None:
    sim = by_hand(a_village(2))
    with_officers(sim, (HEARS,), (HEARS,), away=(0,))
    order_at(sim, 1.0)
    sim.env.run(until=5.0)
    story = so_far(sim)
    assert calls(story) == [(Kind.UNREACHED, 1.0, 0, 1), (Kind.ANSWERED, 1.1, 1, 1)]
    rows = list(rows_of(story.log))
    assert rows[story.one(Kind.UNREACHED).cause].kind is Kind.ORDERED


def test_all_are_called_again_and_each_is_told_once_in_the_log() -> None:
    sim = by_hand(a_village(2))
    with_officers(sim, (MISSES, MISSES, MISSES, HEARS), (MISSES,))
    order_at(sim, 1.0)
    sim.env.run(until=5.0)
    assert calls(so_far(sim)) == [
        (Kind.UNREACHED, 1.0, 0, 1), (Kind.UNREACHED, 1.1, 1, 1), (Kind.ANSWERED, 2.5, 0, 4),
    ]  # fmt: skip


def test_who_answers_is_told_all_steps_that_wait() -> None:
    sim = by_hand(a_village(1))
    with_officers(sim, (MISSES, HEARS))
    order_at(sim, 1.0)
    sim.env.run(until=1.2)
    evacuation.call_out(sim, sim.villages[0], Kind.CALLED_OUT)
    sim.env.run(until=5.0)
    answers = so_far(sim).rows(Kind.ANSWERED)
    assert [row.time_h for row in answers] == [1.5, 1.5]
    assert len({row.cause for row in answers}) == 2


def test_a_further_step_begins_calls_anew() -> None:
    sim = by_hand(a_village(1))
    with_officers(sim, (HEARS,))
    order_at(sim, 1.0)
    sim.env.run(until=1.2)
    evacuation.call_out(sim, sim.villages[0], Kind.CALLED_OUT)
    sim.env.run(until=5.0)
    assert so_far(sim).times(Kind.ANSWERED) == [1.0, 1.2]


def test_where_all_are_away_nobody_hears_until_the_people_ring() -> None:
    sim = by_hand(a_village(2))
    with_officers(sim, (HEARS,), (HEARS,), away=(0, 1))
    order_at(sim, 1.0)
    sim.env.run(until=6.0)
    assert not so_far(sim).rows(Kind.ANSWERED, Kind.WARNED)
    water_at(sim, 0, 0.2, 1)
    sim.env.run(until=7.0)
    story = so_far(sim)
    ring = story.first(Kind.PUBLIC_CALLS)
    assert ring.time_h == pytest.approx(6.0)
    answer = story.one(Kind.ANSWERED)
    assert (answer.item, answer.time_h) == (SOMEBODY_ELSE, pytest.approx(6.0))


def test_news_by_the_people_takes_longer() -> None:
    first: dict[bool, float] = {}
    for is_away in (False, True):
        sim = by_hand(a_village(1, public_call_h=2.0))
        with_officers(sim, (HEARS,), away=(0,) if is_away else ())
        sim.env.run(until=1.0)
        water_at(sim, 0, 2.0, 4)
        sim.env.run(until=40.0)
        first[is_away] = so_far(sim).first(Kind.REPORTED).time_h
    assert first[False] == pytest.approx(1.0)
    assert first[True] > 1.0


@pytest.mark.parametrize("first_call", [MISSES, HEARS], ids=["asleep", "reached"])
def test_people_ring_round_an_officer_whom_no_call_has_reached(first_call: float) -> None:
    sim = by_hand(a_village(1))
    with_officers(sim, (first_call,))
    order_at(sim, 1.0)
    sim.env.run(until=1.2)
    water_at(sim, 0, 0.2, 1)
    sim.env.run(until=1.3)
    story = so_far(sim)
    if first_call == HEARS:
        assert calls(story) == [(Kind.ANSWERED, 1.0, 0, 1)]
        assert not story.rows(Kind.PUBLIC_CALLS)
        return
    assert calls(story) == [(Kind.UNREACHED, 1.0, 0, 1), (Kind.ANSWERED, 1.2, SOMEBODY_ELSE, 0)]
    assert story.one(Kind.PUBLIC_CALLS).time_h == pytest.approx(1.2)


def test_in_a_silent_village_no_telephone_rings() -> None:
    sim = by_hand(a_village(1))
    with_officers(sim, (HEARS,))
    sim.contact.fall_silent(0, -1)
    order_at(sim, 1.0)
    sim.env.run(until=3.0)
    assert not so_far(sim).rows(Kind.UNREACHED, Kind.ANSWERED)
    sim.contact.restore(0, -1)
    sim.env.run(until=4.0)
    assert calls(so_far(sim)) == [(Kind.ANSWERED, 3.0, 0, 1)]


def test_broadcast_comes_into_a_silent_village_without_its_officers() -> None:
    channels = tuple(Channel(id=kind, kind=kind) for kind in ("public", "broadcast"))
    sim = by_hand(a_village(1, channels=channels))
    with_officers(sim, (HEARS,), away=(0,))
    sim.env.run(until=0.5)
    sim.contact.fail(0, -1, 100.0)
    order_at(sim, 1.0)
    sim.env.run(until=3.0)
    assert calls(so_far(sim)) == [(Kind.ANSWERED, 1.0, -1, 0)]


def test_officers_who_never_miss_answer_as_somebody_did_before() -> None:
    def answers(officers: int | None) -> list[tuple[float, int]]:
        sure = {"officer_away_share": 0.0, "officer_missed_share": 0.0, "officer_missed_night_share": 0.0}
        sim = by_hand(a_village(officers, **sure))
        order_at(sim, 1.0)
        sim.env.run(until=30.0)
        story = so_far(sim)
        return [(row.time_h, row.subject) for row in story.rows(Kind.ANSWERED, Kind.WARNED, Kind.LEAVE)]

    assert answers(2) == answers(None)


@pytest.mark.parametrize(("limit_h", "share"), [(1 / 60, 0.0), (1 / 6, 1.0)])
def test_villages_that_answer_in_time_are_counted(limit_h: float, share: float) -> None:
    sim = by_hand(a_village(2))
    with_officers(sim, (MISSES,), (HEARS,))
    order_at(sim, 1.0)
    sim.env.run(until=5.0)
    log = so_far(sim).log
    assert measure(log, sim.world.facts, "share_villages_answered", {"limit_h": limit_h}) == share


def test_nothing_is_measured_where_nobody_is_called() -> None:
    world = compile_world(a_village(2))
    assert str(measure(simulate(world), world.facts, "share_villages_answered", {"limit_h": 1.0})) == "nan"
