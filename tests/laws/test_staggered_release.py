"""Who stays at a fire that is held: the fewer go home at once and the more mop up and watch, the less breaks out anew.

On the mean over the same 30 replications of the small fire that comes with the program, run for 60 h in air and fuel in
which fire breaks out of line twice as often as by default (the high end of the range); seed and numbers fixed before
the first run. Single replications may go the other way.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from simrescue import load
from simrescue.events import EventKind as Kind
from simrescue.simulation.run import simulate
from simrescue.simulation.world import compile_world

TINY = Path(__file__).parents[2] / "scenarios" / "tiny-fire"
REPLICATIONS = 30
OFTEN = {"duration": "60 h", "parameters.rekindle_per_km_h": "0.05 1/km/h"}


@cache
def break_outs_and_ha(stay_share: float, per_km: float) -> tuple[float, float]:
    """Mean number of times that fire breaks out of line, and mean hectares.

    Args:
        stay_share: of those who held the fire.
        per_km: people, at least, who mop up each km.
    """
    people = {
        "parameters.contained_stay_share": stay_share, "parameters.mop_up_persons_per_km": f"{per_km} persons/km"
    }  # fmt: skip
    world = compile_world(load(TINY, sets=OFTEN | people))
    logs = [simulate(world, 1, number) for number in range(REPLICATIONS)]
    rows = {kind: sum(len(log.where(kind)) for log in logs) / REPLICATIONS for kind in (Kind.REKINDLES, Kind.BURNS)}
    return rows[Kind.REKINDLES], rows[Kind.BURNS] * world.facts.cell_ha


@pytest.mark.slow
def test_the_earlier_people_go_the_more_breaks_out_and_no_less_burns() -> None:
    all_stay, half, few = (break_outs_and_ha(share, 20.0) for share in (1.0, 0.5, 0.0))
    assert all_stay[0] <= half[0] <= few[0]
    assert all_stay[0] < few[0]
    assert all_stay[1] <= half[1] <= few[1]


@pytest.mark.slow
def test_more_who_mop_up_never_a_larger_mean_area() -> None:
    many, few = break_outs_and_ha(0.0, 40.0), break_outs_and_ha(0.0, 10.0)
    assert many[0] < few[0]
    assert many[1] <= few[1]
