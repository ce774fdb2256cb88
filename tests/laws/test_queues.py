"""Calls that come at random to c equal crews wait as Erlang computed, and are lost as Erlang computed.

One village where the crews stand: calls reach command at once, nobody drives, each call takes its own exponential
time on scene. What is left is the product's own queue: command, dispatch, responders.
"""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from simrescue.events import EventKind as Kind
from simrescue.events import EventLog
from simrescue.places import Village
from simrescue.responders import Team
from simrescue.scenario.records import Call, Command, Scenario
from simrescue.simulation.run import simulate
from simrescue.simulation.world import compile_world
from tests.factories import at, flooded_row, settings

SERVICE_H = 0.25
HOURS, WARM_UP_H = 500.0, 50.0
REPLICATIONS = 8


def reference(model: str, servers: int, utilisation: float, metric: str) -> float:
    """A figure of the table beside this file."""
    with Path(__file__).with_name("queue_reference.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            if (row["model"], int(row["servers"]), float(row["utilisation"]), row["metric"]) == (
                model, servers, utilisation, metric,
            ):  # fmt: skip
                return float(row["value"])
    raise KeyError(metric)


def calls(servers: int, utilisation: float, patience_h: float | None, seed: int) -> tuple[Call, ...]:
    """Poisson calls with exponential work."""
    rng = np.random.default_rng(seed)
    rate = servers * utilisation / SERVICE_H
    times = np.cumsum(rng.exponential(1 / rate, int(rate * HOURS * 1.2)))
    work = rng.exponential(SERVICE_H, len(times))
    return tuple(
        Call(id=f"call-{i}", time_h=time_h, place="village", on_site_h=work_h, patience_h=patience_h)
        for i, (time_h, work_h) in enumerate(zip(times[times < HOURS].tolist(), work.tolist(), strict=False))
    )


def one_village(servers: int, policy: str, ringing: tuple[Call, ...]) -> Scenario:
    """Crews at the door, ready at once, never tired, never broken down."""
    team = Team(
        id="crew",
        base="village",
        count=servers,
        tasks=("rescue",),
        turnout_h=0,
        shift_h=9999,
        breakdown=0,
        night_factor=1,
    )
    return flooded_row(
        settings=settings(HOURS, command=Command(policy=policy, decision_h=0)),
        villages=(Village(id="village", population=0, **at(0, 0)), Village(id="far", population=0, **at(5, 0))),
        shelters=(), depots=(), bases=(), landing_sites=(), boats=(), trucks=(), helicopters=(), levels=(), roads=(),
        teams=(team,),
        calls=ringing,
    )  # fmt: skip


def run(servers: int, utilisation: float, policy: str, patience_h: float | None = None) -> list[EventLog]:
    """The logs of independent replications."""
    return [
        simulate(compile_world(one_village(servers, policy, calls(servers, utilisation, patience_h, seed))), seed, 0)
        for seed in range(REPLICATIONS)
    ]


def waits(log: EventLog) -> NDArray[np.float64]:
    """Hours from each call to the crew sent, for calls after the warm-up and not in the last hours."""
    opened = {int(log.request[i]): float(log.time_h[i]) for i in log.where(Kind.REQUEST_OPENED)}
    sent = [(opened[int(log.request[i])], float(log.time_h[i])) for i in log.where(Kind.ASSIGNED)]
    return np.array([then - rang for rang, then in sent if WARM_UP_H <= rang < HOURS - WARM_UP_H])


def close(estimates: list[float], truth: float) -> None:
    """Within three standard errors of the mean over replications."""
    error = np.std(estimates, ddof=1) / np.sqrt(len(estimates))
    assert error < 0.1 * truth, "too few calls to say anything"
    assert abs(np.mean(estimates) - truth) <= 3 * error


@pytest.mark.slow
@pytest.mark.parametrize(
    ("servers", "utilisation", "policy"), [(1, 0.5, "priority"), (3, 0.8, "nearest"), (3, 0.8, "optimal")]
)
def test_mean_wait_of_calls_that_queue(servers: int, utilisation: float, policy: str) -> None:
    logs = run(servers, utilisation, policy)
    truth = reference("M/M/c", servers, utilisation, "wait_in_service_times")
    close([float(waits(log).mean()) / SERVICE_H for log in logs], truth)


@pytest.mark.slow
def test_share_of_calls_that_wait() -> None:
    logs = run(3, 0.8, "priority")
    close([float((waits(log) > 1e-9).mean()) for log in logs], reference("M/M/c", 3, 0.8, "share_who_wait"))


@pytest.mark.slow
@pytest.mark.parametrize(("servers", "utilisation", "policy"), [(2, 0.75, "nearest"), (5, 0.8, "priority")])
def test_share_of_calls_lost_when_nobody_waits(servers: int, utilisation: float, policy: str) -> None:
    logs = run(servers, utilisation, policy, patience_h=0.0)
    lost = [len(log.where(Kind.CALL_LOST)) / len(log.where(Kind.CALL)) for log in logs]
    close(lost, reference("M/M/c/c", servers, utilisation, "share_lost"))
