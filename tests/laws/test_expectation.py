"""Command acts on what it can know: what it cannot see changes no decision, and to expect never makes things worse."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from simrescue.events import EventKind as Kind
from simrescue.events import EventLog
from simrescue.hazards.flood.flood_course import FloodField
from simrescue.hazards.flood.series import Draw
from simrescue.hazards.flood.settings import Flood
from simrescue.places import Base
from simrescue.responders import Boat, Helicopter, Team
from simrescue.scenario.records import Command
from simrescue.simulation.run import simulate
from simrescue.simulation.world import compile_world
from tests.factories import CERTAIN, at, chain, flooded_row, settings
from tests.laws.ledger import rows_of
from tests.simulation.story import NEVER_H, by_hand, so_far
from tests.simulation.test_expected_need import cut, row

REPLICATIONS = range(6)
DECISIONS = (Kind.EXPECTED, Kind.REPORTED, Kind.REQUEST_OPENED, Kind.REQUEST_CLOSED, Kind.ASSIGNED, Kind.NO_RESPONDER)
UNSEEN: dict[str, tuple[float, dict[str, Any]]] = {
    "as foreseen": (0.0, {}),
    "two metres higher": (2.0, {}),
    "no water at all": (-9.0, {}),
    "nobody has an upper floor": (0.0, {"upper_floor": 0.0}),
}
"""What is so in villages that have gone silent before the water came: metres of water, and the houses."""


BOATS = Boat(id="boat", base="station", count=2, tasks=("rescue", "relief"))
RESCUERS: dict[str, dict[str, Any]] = {
    "boats": {"boats": (BOATS,)},
    "an aircraft that could land and not stay to hoist": {
        "boats": (BOATS.model_copy(update={"available": 15.0}),),
        "helicopters": (Helicopter(id="helicopter", base="station", serviceable=1, hoist_h=2, tasks=("rescue",)),),
    },
    "a boat, sooner than a team if it need not be launched": {
        "boats": (BOATS.model_copy(update={"launch_h": 3.0}),),
        "teams": (Team(id="team", base="far", tasks=("rescue",)),),
        "bases": (*flooded_row().bases, Base(id="far", elevation_m=30, **at(2, 9))),
        "roads": (*row().roads, *chain(["station", "far"], elevation_m=30)),
    },
}
Told = tuple[float | int, ...]


def decisions(
    fleet: str, raised_m: float, houses: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> tuple[list[Told], float]:
    """What command does, and the hour at which the first crew comes to one of the villages, or sees it in passing."""
    monkeypatch.setattr(FloodField, "draws", lambda self, *_: {one: Draw(0.0, raised_m, 1.0) for one in self.zones})
    nobody: dict[str, Any] = {"teams": (), "helicopters": (), "landing_sites": ()}
    plain = row(**(nobody | RESCUERS[fleet]))  # who would look has come before the water
    villages = tuple(one.model_copy(update=houses) for one in plain.villages)
    at_midnight = plain.settings.model_copy(
        update={"start": plain.settings.start.replace(hour=0)}
    )  # the water comes by day
    sim = by_hand(plain.model_copy(update={"villages": villages, "settings": at_midnight}))
    for place in range(len(villages)):
        cut(sim, place, 5.0)
    sim.env.run(until=30.0)
    story = so_far(sim)
    told = [one.time_h for one in story.rows(Kind.ARRIVES, Kind.SEES) if one.place < len(villages)]
    did = [
        (one.time_h, one.kind, one.subject, one.place, one.request, one.item, one.persons)
        for one in story.rows(*DECISIONS)
    ]
    return did, min(told)


@pytest.mark.parametrize("fleet", RESCUERS)
def test_what_command_cannot_see_changes_no_decision(fleet: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Worlds that differ in silent villages alone are one to command, until somebody has been there."""
    worlds = {name: decisions(fleet, *unseen, monkeypatch) for name, unseen in UNSEEN.items()}
    first_h = min(told_h for _, told_h in worlds.values())
    before = {name: [one for one in did if one[0] < first_h] for name, (did, _) in worlds.items()}
    assert all(did == before["as foreseen"] for did in before.values())
    assert {Kind.EXPECTED, Kind.ASSIGNED} <= {one[1] for one in before["as foreseen"]}
    assert worlds["no water at all"][0] != worlds["as foreseen"][0], "what it is told is another matter"


def first_help_h(log: EventLog, places: set[int], end_h: float = 48.0) -> float:
    """Mean hour of the first rescuer who takes people aboard, over some villages; never: at the end."""
    first = dict.fromkeys(places, end_h)
    for kept in rows_of(log):
        if kept.kind is Kind.PICKS_UP and kept.item < 2 and kept.place in first:
            first[kept.place] = min(first[kept.place], kept.time_h)
    return float(np.mean(list(first.values())))


def trapped_h(unconfirmed: float, contact_loss: float) -> NDArray[np.float64]:
    """Hours to the first rescuer at each village of some replications, of 48."""
    command = Command(contact_loss=contact_loss, contact_restore_h=NEVER_H, unconfirmed=unconfirmed)
    world = compile_world(flooded_row(settings=settings(48.0, hazard=Flood(uncertainty=CERTAIN), command=command)))
    everywhere = set(range(len(world.scenario.villages)))
    return np.array([first_help_h(simulate(world, 1, number), everywhere) for number in REPLICATIONS])


def not_later(after: NDArray[np.float64], before: NDArray[np.float64]) -> None:
    """On paired means, beyond what chance explains."""
    change = after - before
    assert change.mean() <= 3 * change.std(ddof=1) / np.sqrt(len(change)) + 1e-9, change


def test_to_expect_brings_help_sooner_and_to_be_told_sooner_still() -> None:
    untold, expected, told = trapped_h(0.0, 1.0), trapped_h(1.0, 1.0), trapped_h(1.0, 0.0)
    not_later(expected, untold)
    not_later(told, expected)
    assert expected.mean() < untold.mean() - 0.5


def test_who_falls_silent_among_others_is_helped_no_later() -> None:
    """Half the villages fall silent in a flood that is not as foreseen: to expect helps them and harms not all."""
    logs, silent = dict[float, list[EventLog]](), list[set[int]]()
    for weight in (0.0, 1.0):
        command = Command(contact_loss=0.5, contact_restore_h=NEVER_H, unconfirmed=weight)
        world = compile_world(flooded_row(6, settings=settings(48.0, command=command)))
        logs[weight] = [simulate(world, 1, number) for number in range(12)]
    for log in logs[0.0]:
        silent.append({one.place for one in rows_of(log) if one.kind is Kind.CONTACT_LOST and one.place < 6})
    assert all(0 < len(places) <= 6 for places in silent)
    by_silent = {
        weight: np.array([first_help_h(*one) for one in zip(kept, silent, strict=True)])
        for weight, kept in logs.items()
    }
    by_all = {weight: np.array([first_help_h(log, set(range(6))) for log in kept]) for weight, kept in logs.items()}
    not_later(by_silent[1.0], by_silent[0.0])
    not_later(by_all[1.0], by_all[0.0])


def test_the_more_an_unconfirmed_person_counts_the_sooner_the_silent_are_helped() -> None:
    rungs = [trapped_h(weight, 1.0) for weight in (0.0, 0.2, 1.0)]
    for less, more in pairwise(rungs):
        not_later(more, less)


def test_where_nobody_falls_silent_nothing_is_expected() -> None:
    """The same log, whatever an unconfirmed need would count for."""
    logs = []
    for weight in (0.0, 1.0):
        command = Command(contact_loss=0, unconfirmed=weight)
        scenario = flooded_row(settings=settings(48.0, hazard=Flood(uncertainty=CERTAIN), command=command))
        logs.append(list(rows_of(simulate(compile_world(scenario)))))
    assert logs[0] == logs[1]
    assert not [one for one in logs[1] if one.kind in (Kind.EXPECTED, Kind.FINDS_NOBODY)]
