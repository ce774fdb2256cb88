"""Beds regained: the one door by which people without a bed hear that there may be one for them in another shelter."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from simrescue.simulation.clock import DECISIONS, after

if TYPE_CHECKING:
    from simpy import Environment

    from simrescue.simulation.protocols import ShelterState


def look_for_beds(env: Environment, shelters: Mapping[int, ShelterState], cause: int) -> None:
    """At the end of the moment all who are without a bed look again, shelter by shelter in the order of the table."""
    if any(shelter.persons and shelter.persons > shelter.beds for shelter in shelters.values()):
        after(env, 0, lambda _: _look(shelters, cause), DECISIONS)


def _look(shelters: Mapping[int, ShelterState], cause: int) -> None:
    for shelter in shelters.values():
        if shelter.persons and shelter.persons > shelter.beds:
            shelter.look_elsewhere(cause)
