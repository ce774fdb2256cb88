"""The injured of a flood who may die of it, and the hospital beds that they need.

Who is badly hurt lives for a while, longer once a crew has given first aid; in a bed he is out of danger. An ambulance
takes him there from where the crew has treated him or set him down. Beds are few: first come, first served.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from simrescue.events import EventKind as Kind
from simrescue.streams import delay_h, stream

if TYPE_CHECKING:
    from simrescue.simulation.protocols import Places, VillageState
    from simrescue.simulation.state import Replication

SLIGHT, SEVERE, ABOARD, AIDED, IN_BED, OVER = range(6)
"""What a patient is: injured so that it will get worse, badly hurt with nobody there, aboard of a crew (where nobody
dies), with first aid, in a bed; dead, or treated before it got worse."""
AGAIN_H = 1.0
"""When nobody of the village is where somebody could die, because all are on their way, that is looked at again."""


class Prognosis(NamedTuple):
    """How one patient fares whatever is done for him, drawn when he is injured; hours."""

    worse_h: float
    """From the injury until he is badly hurt, where he was not so at once."""
    untreated_h: float
    """That he lives then if nobody comes."""
    aided_h: float
    """That he lives from first aid on without a bed."""
    ambulance_h: float
    """From first aid to the door of the hospital."""
    stay_h: float
    """That he keeps his bed."""


class Patient:
    """One of the injured of a village who may die of it."""

    __slots__ = ("cause", "place", "prognosis", "state", "village")

    def __init__(self, sim: Replication, village: VillageState, number: int, cause: int) -> None:
        """`number`: how many patients the village had before him; `cause`: row that tells of the injury."""
        parameters = sim.parameters
        rng = stream(sim.seed, sim.replication, f"patient {number}", village.record.id)
        self.village, self.cause, self.state, self.place = village, cause, SLIGHT, village.index
        self.prognosis = Prognosis(
            delay_h(rng, parameters.worsening_h), delay_h(rng, parameters.severe_untreated_h),
            delay_h(rng, parameters.severe_aided_h), delay_h(rng, parameters.ambulance_h),
            delay_h(rng, parameters.hospital_stay_h),
        )  # fmt: skip


class Hospital:
    """The beds of the hospitals around that are free when the scenario begins, and who waits for one."""

    def __init__(self, sim: Replication, places: Places) -> None:
        self.sim, self.places = sim, places
        self.waiting: deque[Patient] = deque()

    @cached_property
    def beds(self) -> int:
        """Free now; counted when the first patient comes."""
        stated = self.sim.settings.health.beds
        if stated is not None:
            return stated
        residents = sum(village.population for village in self.sim.world.scenario.villages)
        return round(residents / 1000 * self.sim.parameters.free_beds_per_thousand)

    def injure(self, patient: Patient, severe: bool) -> None:
        """Somebody is injured: badly from now on, or so that it will get worse."""
        if severe:
            patient.state = SEVERE
            self._after(patient.prognosis.untreated_h, lambda: self._dies(patient, SEVERE))
        else:
            self._after(patient.prognosis.worse_h, lambda: self._worsens(patient))

    def aid(self, patient: Patient, place: int, cause: int) -> None:
        """A crew has given first aid; an ambulance fetches him from that place."""
        patient.state, patient.place = AIDED, place
        self._after(patient.prognosis.aided_h, lambda: self._dies(patient, AIDED))
        self._after(patient.prognosis.ambulance_h, lambda: self._at_door(patient, cause))

    def _after(self, hours: float, then: Callable[[], None]) -> None:
        self.sim.env.timeout(hours).callbacks.append(lambda _: then())

    def _worsens(self, patient: Patient) -> None:
        if patient.state == SLIGHT:
            index = patient.village.index
            patient.cause = self.sim.log(Kind.WORSENS, index, index, patient.cause, persons=1)
            self.injure(patient, severe=True)

    def _at_door(self, patient: Patient, cause: int) -> None:
        if patient.state != AIDED:
            return
        if self.beds > 0:
            self._admit(patient, cause)
        else:
            self.sim.log(Kind.NO_BED, patient.village.index, patient.place, cause, persons=1)
            self.waiting.append(patient)

    def _admit(self, patient: Patient, cause: int) -> None:
        self.beds -= 1
        patient.state = IN_BED
        row = self.sim.log(Kind.ADMITTED, patient.village.index, patient.place, cause, persons=1)
        self._after(patient.prognosis.stay_h, lambda: self._discharge(row))

    def _discharge(self, cause: int) -> None:
        self.beds += 1
        while self.waiting and self.beds > 0:
            patient = self.waiting.popleft()
            if patient.state == AIDED:
                self._admit(patient, cause)

    def _dies(self, patient: Patient, in_state: int) -> None:
        """He has not lived to the next state: one fewer of his village where he is, or wherever any of them are."""
        if patient.state != in_state:
            return
        shelters = sorted(self.places.shelters.values(), key=lambda shelter: shelter.index != patient.place)
        at_home = patient.place == patient.village.index
        lost = at_home and patient.village.loses(patient)
        lost = lost or any(shelter.loses(patient.village, patient.cause) for shelter in shelters)
        lost = lost or (not at_home and patient.village.loses(patient)) or patient.village.loses_lodged(patient.cause)
        if lost or not (patient.village.moving or patient.village.aboard):
            patient.state = OVER
        else:
            self._after(AGAIN_H, lambda: self._dies(patient, in_state))
