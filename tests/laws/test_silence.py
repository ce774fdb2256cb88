"""Silence is no merit: places that cannot report never make a response look quicker, by either clock."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from simrescue.events import EventKind as Kind
from simrescue.events import EventLog
from simrescue.hazards.flood.settings import Flood
from simrescue.metrics import MEASURES, Facts, measure, responses_table, summarise
from simrescue.metrics.requests.response import requests, unheard
from simrescue.responders import RECONNAISSANCE
from simrescue.scenario.records import Command
from simrescue.simulation.run import simulate
from simrescue.simulation.world import compile_world
from tests.factories import CERTAIN, flooded_row, settings
from tests.simulation.story import NEVER_H

REPLICATIONS = range(16)
RESPONSES = {"share_responded": (1.0, 3.0), "share_air_arrivals": (1.0,), "share_supplied": (3.0, 12.0)}


def logs(contact_loss: float) -> tuple[Facts, list[EventLog]]:
    command = Command(contact_loss=contact_loss, contact_restore_h=NEVER_H)
    flood = Flood(uncertainty=CERTAIN)
    world = compile_world(flooded_row(settings=settings(48.0, hazard=flood, command=command)))
    return world.facts, [simulate(world, 1, number) for number in REPLICATIONS]


def values(facts: Facts, runs: list[EventLog], name: str, given: dict[str, Any]) -> NDArray[np.float64]:
    return np.nan_to_num(np.array([measure(log, facts, name, given) for log in runs]))


def test_silent_villages_never_improve_a_response() -> None:
    facts, heard = logs(0.0)
    _, silent = logs(1.0)
    for name, limits in RESPONSES.items():
        assert MEASURES[name].has_two_clocks({})
        for limit_h in limits:
            for clock in ("need", "report"):
                given = {"limit_h": limit_h, "clock": clock}
                change = values(facts, silent, name, given) - values(facts, heard, name, given)
                error = change.std(ddof=1) / np.sqrt(len(change))
                assert change.mean() <= 2 * error + 1e-9, (name, given, change)


@pytest.mark.parametrize("contact_loss", [0.0, 0.6, 1.0])
def test_the_true_need_is_never_later_than_what_command_knows(contact_loss: float) -> None:
    facts, runs = logs(contact_loss)
    for log in runs:
        asked, table = requests(log), responses_table(log, facts)
        assert (asked.need_h <= asked.reported_h + 1e-9).all()
        assert (asked.reported_h <= asked.opened_h + 1e-9).all()
        missed = table["request"] < 0
        assert missed.sum() == len(unheard(log).task) == summarise(log, facts)["never_reported"]
        assert np.isinf(table["reported_h"][missed]).all()
        assert np.isinf(table["arrived_h"][missed]).all()
        assert (unheard(log).need_h <= unheard(log).ended_h).all()
        assert RECONNAISSANCE not in unheard(log).task
        for name, limits in RESPONSES.items():
            late, soon = (measure(log, facts, name, {"limit_h": limits[0], "clock": one}) for one in ("need", "report"))
            assert np.isnan(soon) or late <= soon + 1e-9, name


def test_nobody_hears_of_people_whom_the_water_lets_go_again() -> None:
    """Without anybody to look, the silent are trapped and freed unheard of: each fails by both clocks."""
    command = Command(contact_loss=1.0, contact_restore_h=NEVER_H)
    forces: dict[str, Any] = {"teams": (), "boats": (), "helicopters": ()}
    alone = settings(48.0, hazard=Flood(uncertainty=CERTAIN), command=command)
    world = compile_world(flooded_row(settings=alone, **forces))
    log = simulate(world)
    trapped = set(log.subject[log.where(Kind.TRAPPED)].tolist())
    assert trapped
    assert trapped <= set(unheard(log).place.tolist())
    for clock in ("need", "report"):
        given = {"limit_h": 80_000.0, "clock": clock, "tasks": ("rescue",)}
        assert measure(log, world.facts, "share_responded", given) == 0.0
