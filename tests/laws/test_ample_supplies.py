"""A flood that never comes, dry roads and full depots: whoever has left home is relieved, and stays so to the end."""

from __future__ import annotations

from pathlib import Path

import pytest

from simrescue import load, simulate
from simrescue.events import EventKind as Kind
from simrescue.events import EventLog
from simrescue.metrics import curves
from simrescue.places import NEEDS
from simrescue.simulation.world import compile_world

TINY = Path(__file__).parents[2] / "scenarios" / "tiny-flood"


@pytest.mark.parametrize("replication", range(4))
def test_whoever_left_home_is_relieved_and_stays_so(replication: int) -> None:
    scenario = load(TINY)
    dry = tuple(level.model_copy(update={"level_m": 0.0}) for level in scenario.levels)
    world = compile_world(scenario.model_copy(update={"levels": dry}))
    log = simulate(world, 1, replication)
    assert log.persons[log.where(Kind.ARRIVE_SHELTER, Kind.LODGES)].sum() > 500
    assert log.persons[log.where(Kind.ARRIVE_SHELTER)].sum() > 200
    assert curves(log, world.facts)["share_relieved"][-1] == 1.0
    assert out_of_stock(log) == {}


def out_of_stock(log: EventLog) -> dict[tuple[int, str], float]:
    """Places and needs that had run out when the clock stopped, with the hour since when."""
    out: dict[tuple[int, str], float] = {}
    for row in log.where(Kind.MET, Kind.LAPSES):
        place, need = int(log.place[row]), NEEDS[log.item[row]]
        if log.kind[row] == Kind.LAPSES:
            out[place, need] = float(log.time_h[row])
        else:
            out.pop((place, need), None)
    return out
