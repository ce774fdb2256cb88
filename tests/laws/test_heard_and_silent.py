"""Neither silence nor a channel brings a place forward: who is heard waits no longer than if he were silent."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from simrescue.events import EventKind as Kind
from simrescue.hazards.flood.settings import Flood
from simrescue.metrics.people.relief import late_person_h
from simrescue.places import Road, Village
from simrescue.responders import RELIEF, Helicopter
from simrescue.scenario.records import Command, Scenario
from simrescue.simulation.run import finish
from tests.factories import CERTAIN, at, chain, flooded_row, settings
from tests.simulation.story import NEVER_H, by_hand, so_far

CUT_H = 12.5
SEEDS = range(1, 9)


def islands() -> Scenario:
    """Twelve dry villages alike in people, their roads under water from the tenth hour; one aircraft brings goods."""
    villages = tuple(
        Village(
            id=f"village-{i}", population=1500, zone="river", elevation_m=30.0, ordered=False, **at(i % 4, 2 + i // 4)
        )
        for i in range(12)
    )
    flyer = Helicopter(id="helicopter", base="station", serviceable=1, breakdown=0, tasks=("relief",))
    quiet = Command(contact_loss=0, contact_restore_h=NEVER_H)
    hazard = Flood(uncertainty=CERTAIN)
    course = tuple(
        one.model_copy(update={"time_h": 90.0}) if one.time_h > 20 else one for one in flooded_row().levels[:4]
    )
    names = [village.id for village in villages]
    roads = (*chain(["school", "depot", "station"], elevation_m=30), *chain(["station", *names], elevation_m=-0.5))
    return flooded_row(
        villages=villages, roads=roads, levels=course, settings=settings(72.0, hazard=hazard, command=quiet),
        helicopters=(flyer,), teams=(), boats=(), trucks=(),
    )  # fmt: skip


@pytest.mark.parametrize("place", [5, 11])
def test_who_is_heard_waits_no_longer_than_if_he_were_silent(place: int) -> None:
    scenario, change = islands(), []
    for seed in SEEDS:
        late = []
        for is_silent in (False, True):
            sim = by_hand(scenario, seed)
            if is_silent:
                sim.env.run(until=CUT_H)
                sim.contact.fail(place, -1, NEVER_H)
            sim.env.run(until=sim.world.duration_h)
            finish(sim)
            late.append(late_person_h(so_far(sim).log, sim.world.facts, 10.0)[place])
        change.append(late[0] - late[1])
    error = np.std(change, ddof=1) / np.sqrt(len(change))
    assert np.mean(change) <= 2 * error + 1e-9, change


def cut_one_by_one() -> Scenario:
    """The same, each at the end of its own road, which goes under at its own hour."""
    scenario = islands()
    ways = (
        Road(id=f"way-{i}", start=village.id, end="station", zone="river", elevation_m=-0.8 + 0.05 * i)
        for i, village in enumerate(scenario.villages)
    )
    return scenario.model_copy(update={"roads": (*chain(["school", "depot", "station"], elevation_m=30), *ways)})


def late_by_silence(scenario: Scenario, seed: int, silent_h: dict[int, float]) -> NDArray[np.float64]:
    """Late person-hours of each village, where some fall silent at an hour until a crew comes."""
    sim = by_hand(scenario, seed)
    for place, hour in sorted(silent_h.items(), key=lambda one: one[1]):
        if hour > sim.env.now:
            sim.env.run(until=hour)
        sim.contact.fail(place, -1, NEVER_H)
    sim.env.run(until=sim.world.duration_h)
    finish(sim)
    return late_person_h(so_far(sim).log, sim.world.facts, 10.0)


@pytest.mark.parametrize("heard_h", [2.0, 4.0, 8.0, 11.0])
def test_who_was_heard_after_the_cut_waits_no_longer_than_if_silent_from_it(heard_h: float) -> None:
    """A channel whose battery lasts some hours: what was told while it worked counts, not when it fell silent."""
    scenario = cut_one_by_one()
    sim = by_hand(scenario)
    sim.env.run(until=CUT_H)
    cut_h = {row.place: row.time_h for row in so_far(sim).rows(Kind.ISOLATED)}
    assert len(set(cut_h.values())) > 6, "one after the other"
    at_once, later = ({place: hour + more for place, hour in cut_h.items()} for more in (0.01, heard_h))
    for seed in (1, 2, 3):
        assert late_by_silence(scenario, seed, later).sum() <= late_by_silence(scenario, seed, at_once).sum() + 1e-6
    for place in (0, 5, 11):  # alone among others who are heard
        late = [late_by_silence(scenario, 1, {place: hours[place]})[place] for hours in (later, at_once)]
        assert late[0] <= late[1] + 1e-6, place


def test_a_word_that_should_come_is_missed_at_once() -> None:
    """Falling silent just before goods would be asked for costs no `silence_h`: command waits for that word."""
    scenario = cut_one_by_one()
    sim = by_hand(scenario)
    sim.env.run(until=CUT_H)
    cut_h = so_far(sim).one(Kind.ISOLATED, place="village-5").time_h
    relief, command = scenario.settings.relief, scenario.settings.command
    asks_h = cut_h + 24 * relief.household_days - relief.reorder_h
    sim.env.run(until=asks_h - 0.1)
    sim.contact.fail(sim.world.ids.index("village-5"), -1, NEVER_H)
    sim.env.run(until=asks_h + 6)
    opened = [row for row in so_far(sim).rows(Kind.EXPECTED, place="village-5") if row.item == RELIEF]
    assert [row.time_h for row in opened] == [pytest.approx(asks_h + command.report_h, abs=0.01)]
    assert command.silence_h > command.report_h + 0.1
