"""A silent village acts by its one page of rules: after hours without word its officers order people to leave.

They do so as soon as the hours are up, where the page says "silence" and the order is meant for the village; or when
there is water (or flames) in it, where the page says "water". Word that comes before, or an order, leaves the page
shut.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from simrescue.events import EventKind as Kind
from simrescue.simulation.clock import LAST, after

if TYPE_CHECKING:
    from simrescue.simulation.contact import Silence
    from simrescue.simulation.protocols import VillageState
    from simrescue.simulation.state import Simulation

SIGNS = ("silence", "water")
"""Signs that a page of rules can name; the place is the number in logs."""
Order = Callable[["Simulation", "VillageState", int], None]
"""Orders the people of a village to leave, by the row that tells of it."""


def start(sim: Simulation, order: Order) -> None:
    """Watch for villages that fall silent, where they have such a page (`warning.alone_after`)."""
    if sim.settings.warning.alone_after_h is not None:
        sim.contact.on_silence.append(partial(_begin_to_wait, sim, order))


def _begin_to_wait(sim: Simulation, order: Order, place: int, silence: Silence) -> None:
    hours = sim.settings.warning.alone_after_h
    if place < len(sim.villages) and hours is not None:
        # Last of the moment: word that comes at this very time leaves the page shut.
        after(sim.env, hours, lambda _: _look(sim, order, sim.villages[place], silence), LAST)


def _look(sim: Simulation, order: Order, village: VillageState, silence: Silence) -> None:
    """The hours are up: the page counts from now on, unless word has come."""
    # By identity: it may have been heard meanwhile and have fallen silent anew, for which the hours begin anew.
    if sim.contact.dark.get(village.index) is not silence:
        return
    village.warning_state.on_its_own = silence
    if "silence" in sim.settings.warning.alone_on and village.record.ordered:
        _act(sim, order, village, "silence", silence[0])
    elif village.danger:
        see_danger(sim, order, village, silence[0])


def see_danger(sim: Simulation, order: Order, village: VillageState, cause: int) -> None:
    """There is water or flames in a village (`cause`: the row that tells of it): it acts where it is on its own.

    `order` orders its people to leave.
    """
    if "water" in sim.settings.warning.alone_on:
        _act(sim, order, village, "water", cause)


def _act(sim: Simulation, order: Order, village: VillageState, sign: str, cause: int) -> None:
    state, silence = village.warning_state, sim.contact.dark.get(village.index)
    is_led = state.officers is None or not all(state.officers.is_away)
    if silence is None or state.on_its_own is not silence or state.is_ordered or not is_led:
        return
    hours = sim.env.now - silence[1]
    order(
        sim,
        village,
        sim.log(Kind.ACTS_ALONE, village.index, village.index, cause, item=SIGNS.index(sign), amount=hours),
    )
