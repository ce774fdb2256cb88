"""People who have left go home before it is safe: to see to the house, the animals, or since nothing has happened.

Of those who are in shelters, with relatives or in hotels the same share goes home each day, as long as nobody can see
that it is dangerous there: while the village is not in the water and a road to it is known. At home they are exposed
like those who never left, and only a further telling moves them again.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Generator
from typing import TYPE_CHECKING, Any

from simrescue.events import EventKind as Kind
from simrescue.simulation.people.journey import journey, knows_way
from simrescue.simulation.places.caught import Stopped
from simrescue.simulation.places.shelter import WITH_RELATIVES
from simrescue.simulation.places.warning_state import CAR, FOOT, TWO_WHEELER
from simrescue.simulation.state import WADING_CLASS

if TYPE_CHECKING:
    from simrescue.simulation.protocols import VillageState
    from simrescue.simulation.state import Simulation

STEP_H = 6.0
"""How often it is looked who goes home."""


def start(sim: Simulation) -> None:
    """Set it going, where anybody does."""
    if sim.settings.evacuation.early_return > 0:
        sim.env.process(_go_on(sim))


def _go_on(sim: Simulation) -> Generator[Any, Any, None]:
    """Parts of persons are kept until they make up one, so that small villages have returns as well."""
    goes = 1 - (1 - sim.settings.evacuation.early_return) ** (STEP_H / 24)
    due: dict[tuple[int, int], float] = defaultdict(float)
    while True:
        yield sim.env.timeout(STEP_H)
        for village in sim.villages:
            order = sim.world.shelter_order[village.index]
            if village.care or not order or village.danger >= WADING_CLASS or village.isolated:
                continue
            for place, there in _away(sim, village, order):
                due[village.index, place] += there * goes
                persons = min(there, int(due[village.index, place]))
                start_at = order[0] if place < 0 else place
                if persons and knows_way(sim, village, _vehicle(village), village.index, start_at):
                    due[village.index, place] -= persons
                    _set_out(sim, village, place, start_at, persons)


def _away(sim: Simulation, village: VillageState, order: tuple[int, ...]) -> list[tuple[int, int]]:
    """People of a village by shelter; -1: those with relatives or in hotels."""
    inside = [(place, sim.sites[place].people.count(village.index)) for place in order]
    return [(place, persons) for place, persons in (*inside, (-1, village.lodged)) if persons]


def _vehicle(village: VillageState) -> str:
    """As most of them go who can; who came by bus is taken along."""
    record = village.record
    return CAR if record.cars else TWO_WHEELER if record.two_wheelers else FOOT


def _set_out(sim: Simulation, village: VillageState, place: int, start_at: int, persons: int) -> None:
    if place >= 0:
        row = sim.shelters[place].send_home(village, persons)
    else:
        village.lodged -= persons
        village.moving += persons
        row = sim.log(Kind.RETURN_HOME, village.index, start_at, item=WITH_RELATIVES, persons=persons)
    group = Stopped(village, _vehicle(village), start_at, persons, row, returns=True)
    sim.env.process(journey(sim, group, village.index))
