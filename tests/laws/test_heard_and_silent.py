"""Neither silence nor a channel brings a place forward: who is heard waits no longer than if he were silent."""

from __future__ import annotations

import numpy as np
import pytest

from simrescue.hazards.flood.settings import Flood
from simrescue.metrics.people.relief import late_person_h
from simrescue.places import Village
from simrescue.responders import Helicopter
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
