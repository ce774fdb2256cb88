"""People who have left go home: too early by themselves, or all of them when the danger is over.

Too early, to see to the house, the animals, or since nothing has happened: of those who are in shelters, with relatives
or in hotels the same share goes each day, as long as nobody can see that it is dangerous there: while the village is
not in the water and a road to it is known. At home they are exposed like those who never left, and only a further
telling moves them again. When the danger is over, by what is seen and by the forecast, the others go too, and a further
order finds them as the first one did.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Generator
from itertools import pairwise
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
Span = tuple[float, float]
"""Hours from when to when."""


def start(sim: Simulation) -> None:
    """Set it going, where anybody does."""
    if sim.settings.evacuation.early_return > 0:
        sim.env.process(_go_early(sim))
    # Of fires nobody foresees when the danger is over.
    if "flood" in sim.settings.hazards and sim.settings.evacuation.return_after_h is not None:
        sim.env.process(_go_when_safe(sim, sim.settings.evacuation.return_after_h))


def _go_when_safe(sim: Simulation, after_h: float) -> Generator[Any, Any, None]:
    """All who are out go home to villages where nothing has been dangerous for so long, and nothing is foreseen.

    Those whose houses have fallen stay where they are.
    """
    foreseen, last_h = _foreseen(sim), dict[int, float]()
    while True:
        yield sim.env.timeout(STEP_H)
        now = sim.env.now
        for village in sim.villages:
            place, order = village.index, sim.world.shelter_order[village.index]
            if village.danger or village.isolated:
                last_h[place] = now
            quiet_h = now - max(last_h.get(place, -math.inf), village.warning_state.called_h)
            if village.care or not order or quiet_h < after_h or _is_foreseen(sim, village, foreseen[place], after_h):
                continue
            homeless = round(village.record.population * village.fallen)
            for where, persons in _away(sim, village, order):
                stay = min(homeless, persons)
                homeless -= stay
                start_at = order[0] if where < 0 else where
                if persons > stay and knows_way(sim, village, _vehicle(village), place, start_at):
                    _set_out(sim, village, where, start_at, persons - stay, is_safe=True)


def _foreseen(sim: Simulation) -> list[list[Span]]:
    """When there is danger by the forecast, by village: in its zone, or anywhere where its zone has none."""
    by_zone: dict[str, list[Span]] = defaultdict(list)
    for village in sim.villages:
        # With a last change at infinity, so that danger without an end in the forecast has one.
        course = (*sim.world.forecast[village.index], (math.inf, 0))
        by_zone[village.record.zone] += [(from_h, to_h) for (from_h, danger), (to_h, _) in pairwise(course) if danger]
    anywhere = [span for spans in by_zone.values() for span in spans]
    return [by_zone[village.record.zone] or anywhere for village in sim.villages]


def _is_foreseen(sim: Simulation, village: VillageState, spans: list[Span], after_h: float) -> bool:
    """Whether there is danger by the forecast now, was less than `after_h` ago, or comes within its lead.

    What they were called out for has to come first, however long before it that was.
    """
    now, lead_h = sim.env.now, sim.settings.warning.forecast_lead_h
    ends_h = min((to_h for _, to_h in spans if to_h > village.warning_state.called_h), default=-math.inf)
    return now < ends_h + after_h or any(from_h - lead_h <= now < to_h + after_h for from_h, to_h in spans)


def _go_early(sim: Simulation) -> Generator[Any, Any, None]:
    """Parts of persons are kept until they make up one, so that small villages have returns as well."""
    # The share is one of a day, and so many steps in a row must come to it.
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
                # Where no way is known what is due is kept: they go as soon as one is.
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


def _set_out(
    sim: Simulation, village: VillageState, place: int, start_at: int, persons: int, is_safe: bool = False
) -> None:
    if place >= 0:
        row = sim.shelters[place].send_home(village, persons)
    else:
        village.lodged -= persons
        village.moving += persons
        row = sim.log(Kind.RETURN_HOME, village.index, start_at, item=WITH_RELATIVES, persons=persons)
    group = Stopped(village, _vehicle(village), start_at, persons, row, returns=True, is_safe=is_safe)
    sim.env.process(journey(sim, group, village.index))
