"""Known directions, on common random numbers: more boats help, deeper water harms."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from simrescue.events import EventKind as Kind
from simrescue.scenario.records import Scenario
from simrescue.simulation.run import simulate
from simrescue.simulation.world import compile_world
from tests.factories import flooded_row
from tests.laws.ledger import STRANDED, TRAPPED, Ledger, rows_of

REPLICATIONS = range(12)


def waiting_h(scenario: Scenario) -> NDArray[np.float64]:
    """Person-hours stranded or trapped, one row a replication and one column a village."""
    world = compile_world(scenario)
    table = np.zeros((len(REPLICATIONS), len(scenario.villages)))
    for replication in REPLICATIONS:
        ledger, since = Ledger(world), 0.0
        log = simulate(world, 1, replication)
        for row in rows_of(log):
            for village, states in ledger.people.items():
                table[replication, village] += (states[STRANDED] + states[TRAPPED]) * (row.time_h - since)
            since = row.time_h
            ledger.enter(row)
    return table


def caught(scenario: Scenario) -> NDArray[np.float64]:
    """People ever trapped, by replication."""
    world = compile_world(scenario)
    logs = [simulate(world, 1, replication) for replication in REPLICATIONS]
    return np.array([log.persons[log.where(Kind.TRAPPED)].sum() for log in logs])


@pytest.mark.slow
def test_more_boats_make_nobody_wait_longer_on_average() -> None:
    few, more = waiting_h(flooded_row(boat_count=2)), waiting_h(flooded_row(boat_count=6))
    spared = few - more
    error = spared.std(axis=0, ddof=1) / np.sqrt(len(spared))
    assert few.sum() > 0
    assert (spared.mean(axis=0) >= -3 * error - 1e-9).all()
    assert spared.sum() > 0


@pytest.mark.slow
def test_deeper_water_never_traps_fewer() -> None:
    trapped = np.array([caught(flooded_row(depth_m=depth_m)) for depth_m in (0.2, 0.7, 1.0, 1.6, 2.5)])
    assert (trapped[0] == 0).all()
    more = np.diff(trapped, axis=0)
    # 2.5 m trap as many as 1.6 m (0.3 more, standard error 1.0, in 80 pairs): there chance has the last word.
    assert (more.mean(axis=1) >= -2 * more.std(axis=1, ddof=1) / len(REPLICATIONS) ** 0.5).all()
    assert trapped[-1].mean() > trapped[1].mean()
