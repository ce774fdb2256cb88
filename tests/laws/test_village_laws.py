"""Laws of the village as an actor, on paired means: whatever tells people sooner, or by more ways, never harms."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from simrescue.events import EventKind as Kind
from simrescue.hazards.flood.settings import Flood
from simrescue.metrics import summarise
from simrescue.metrics.reading import village_times
from simrescue.parameters import Parameters
from simrescue.places import Village
from simrescue.scenario.records import Command, Evacuation, Warning
from simrescue.simulation.run import simulate
from simrescue.simulation.world import World, compile_world
from tests.factories import CERTAIN, at, flooded_row, settings
from tests.simulation.story import NOBODY

REPLICATIONS = 10


def world(warning: dict[str, Any], parameters: dict[str, float] | None = None, guides: int | None = None) -> World:
    """Three villages under an order two hours before deep water, each with two officers who may miss it."""
    villages = tuple(
        Village(id=f"village-{i}", population=300, officers=2, guides=guides, zone="river", ground_spread_m=3.0,
                **at(i, 0))
        for i in range(3)
    )  # fmt: skip
    away = {"officer_away_share": 0.4, "officer_missed_night_share": 0.5, "officer_missed_share": 0.4}
    made = flooded_row(
        depth_m=2.5,
        villages=villages,
        settings=settings(
            40.0,
            hazard=Flood(uncertainty=CERTAIN),
            command=Command(report_h=0.5, contact_loss=0),
            warning=Warning(**{"order": 8.0, "call_out_lead_h": 1.0} | warning),
            evacuation=Evacuation(),
            parameters=Parameters(**away | (parameters or {})),
        ),
        **NOBODY,
    )
    return compile_world(made)


def mean(made: World, name: str) -> float:
    logs = (simulate(made, 1, number) for number in range(REPLICATIONS))
    return float(np.mean([summarise(log, made.facts)[name] for log in logs]))


def answered_h(made: World) -> NDArray[np.float64]:
    """Hour of the first answer of each village in each replication; 100 for never."""
    rows = [village_times(simulate(made, 1, number), made.facts, Kind.ANSWERED) for number in range(REPLICATIONS)]
    return np.minimum(np.array(rows), 100.0)


@pytest.mark.parametrize(
    "worlds",
    [
        [({"feedback_h": hours, "order": 2.0},) for hours in (0.25, 2.0, None)],
        [({"forecast_told_h": 6.0, "nowcast_lead_h": hours},) for hours in (6.0, 3.0, None)],
        [({}, {}, guides) for guides in (60, 20, None)],
    ],
    ids=["feedback", "nowcast", "guides"],
)
def test_sooner_and_more_never_harms(worlds: list[tuple[Any, ...]]) -> None:
    """By the people trapped: who dies of them hangs on few, and more on who it is than on how many."""
    means = [mean(world(*arguments), "trapped") for arguments in worlds]
    assert means == sorted(means)
    assert means[0] < means[-1]


def test_feedback_never_makes_an_answer_later() -> None:
    looked_after, plain = answered_h(world({"feedback_h": 0.5})), answered_h(world({}))
    assert (looked_after <= plain + 1e-9).all()
    assert looked_after.sum() < plain.sum()


def test_an_officer_told_of_the_forecast_never_answers_later() -> None:
    alert = {"officer_alert_factor": 0.1}
    told, plain = answered_h(world({"forecast_told_h": 6.0}, alert)), answered_h(world({}, alert))
    # Each call has a draw of its own, and an earlier call takes one: only means can be compared.
    assert told.mean() < plain.mean()
