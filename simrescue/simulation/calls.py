"""Emergency calls (110, 119, 120): people ring for help at a place, and may ring off before anybody is free."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simrescue.events import EventKind as Kind
from simrescue.responders import TASKS
from simrescue.scenario.records import Call
from simrescue.simulation.clock import LAST, after
from simrescue.simulation.requests import Need

if TYPE_CHECKING:
    from simrescue.simulation.state import Simulation


def start(sim: Simulation) -> None:
    """Set all calls of the scenario going."""
    index = {thing: i for i, thing in enumerate(sim.world.ids[: sim.world.n_places])}
    for number, call in enumerate(sim.world.scenario.calls):
        after(sim.env, max(0.0, call.time_h), lambda _, n=number, c=call: _ring(sim, n, c, index[c.place]))  # type: ignore[misc]


def _ring(sim: Simulation, number: int, call: Call, place: int) -> None:
    task = TASKS.index(call.task)
    row = sim.log(Kind.CALL, place, place, item=task, persons=call.persons)
    need = sim.command.call(task, place, call.persons, number, row)
    if call.patience_h is not None:
        after(sim.env, call.patience_h, lambda _: _ring_off(sim, need, row), LAST)


def _ring_off(sim: Simulation, need: Need, row: int) -> None:
    """Nobody has been sent: the call is lost."""
    if need.number in sim.command.needs and need.coming <= 0:
        row = sim.log(Kind.CALL_LOST, need.place, need.place, row, need.number, need.task, need.persons)
        need.amount = 0.0
        sim.command.close(need, row)
