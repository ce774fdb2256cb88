"""A village that does not answer is called on: somebody walks there with what nobody has answered.

Where no answer to a step of the warning has come after a while (`warning.feedback`), somebody sets out from the
nearest place that can be reached, by roads that are open on foot, and tells whoever is there. So the word comes round
an officer who is away or asleep, and round dead telephones.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import TYPE_CHECKING, Any

from simrescue.events import EventKind as Kind
from simrescue.simulation.channels.walking import walk
from simrescue.simulation.clock import LAST, after

if TYPE_CHECKING:
    from simrescue.simulation.places.warning_state import WarningCall
    from simrescue.simulation.protocols import VillageState
    from simrescue.simulation.state import Simulation

Answer = Callable[["Simulation", "VillageState", Kind, int], None]
"""What people of a village do who have been told a step of the warning, by the row that tells of it."""


def await_answer(sim: Simulation, village: VillageState, call: WarningCall, answer: Answer) -> None:
    """Have somebody sent to a village if a call is not answered in time.

    Args:
        sim: the replication.
        village: which is called.
        call: what has gone out.
        answer: called when somebody has come with it.
    """
    hours = sim.settings.warning.feedback_h
    if hours is not None:
        # Last of the moment: an answer that comes at this very time is in time.
        after(sim.env, hours, lambda _: _send(sim, village, call, answer), LAST)


def _send(sim: Simulation, village: VillageState, call: WarningCall, answer: Answer) -> None:
    state = village.warning_state
    if not call.is_answered and not state.is_called_on:
        state.is_called_on = True
        sim.env.process(_call_on(sim, village, call, answer))


def _open_calls(village: VillageState) -> list[WarningCall]:
    return [call for call in village.warning_state.calls.values() if not call.is_answered]


def _call_on(sim: Simulation, village: VillageState, call: WarningCall, answer: Answer) -> Generator[Any, Any, None]:
    """The way there; what is answered meanwhile needs nobody any more, and he turns round."""
    contact, state, place = sim.contact, village.warning_state, village.index
    row = sim.log(Kind.MESSENGER_LEAVES, place, place, call.cause)
    begun_h = sim.env.now
    near = {other for other in contact.places if other != place}
    # The way is looked for from the village, and is the same in both directions.
    start = yield from walk(
        sim, place, lambda other: other in near and other not in contact.dark, lambda: bool(_open_calls(village))
    )
    state.is_called_on = False
    if start is None or not _open_calls(village):
        return
    walked_h = sim.env.now - begun_h
    row = sim.log(Kind.MESSENGER_COMES, place, start, row, amount=walked_h)
    if state.officers:
        state.officers.is_told()
    for waiting in _open_calls(village):
        waiting.by_messenger = True
        answer(sim, village, waiting.kind, row)
    contact.bring_answer(place, walked_h, row)
