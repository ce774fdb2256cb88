"""The injured of a flood who may die of it, and the hospital beds that they need.

Who is badly hurt lives for a while, longer once a crew has given first aid; in a bed he is out of danger. An ambulance
takes him there from where the crew has treated him or set him down. Beds are few: first come, first served.

Where the scenario names its hospitals (institutions with free beds), ambulances drive from them over the roads, each
from the nearest with a free bed and a known way, and meet closed roads like all drivers. Else beds are "around", and
the ride takes the time that is drawn.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator, Sequence
from functools import cached_property
from itertools import accumulate, pairwise
from random import Random
from typing import TYPE_CHECKING, Any, NamedTuple

from simrescue.events import EventKind as Kind
from simrescue.network.routing import INFINITE
from simrescue.places import Institution
from simrescue.streams import delay_h, exponential, stream

if TYPE_CHECKING:
    from simrescue.simulation.protocols import Places, Roads, VillageState
    from simrescue.simulation.state import Replication

SLIGHT, SEVERE, IN_CARE, AIDED, IN_BED, OVER = range(6)
"""What patients are: injured so that it will get worse, badly hurt with nobody there, in the hands of a crew (where
nobody dies), with first aid, in a bed; dead, or treated before it got worse."""
AGAIN_H = 1.0
"""When nobody of the village is where somebody could die, because all are on their way, that is looked at again."""
AMBULANCE = "truck"
"""Ambulances get through the same water as a lorry, at its speed on each class of road."""
MOST_GROUPS = 100
"""Up to so many people who are hurt at one place and moment are followed one by one, more in so many groups."""


class Prognosis(NamedTuple):
    """How patients fare whatever is done for them, drawn when they are injured; hours."""

    worse_h: float
    """From the injury until they are badly hurt, where they were not so at once."""
    untreated_h: float
    """That they live then if nobody comes."""
    aided_h: float
    """That they live from first aid on without a bed."""
    ambulance_h: float
    """From first aid to the door of the hospital."""
    stay_h: float
    """That they keep their beds."""


class Patients:
    """Some of the injured of a village who may die of it and fare alike: one person, or one group of many."""

    __slots__ = ("cause", "dies_h", "persons", "place", "prognosis", "spot", "state", "village")

    def __init__(self, village: VillageState, persons: int, prognosis: Prognosis, cause: int) -> None:
        """`cause`: row that tells of the injury."""
        self.village, self.persons, self.prognosis, self.cause = village, persons, prognosis, cause
        self.state, self.place, self.dies_h = SLIGHT, village.index, INFINITE  # dies_h: until when first aid helps
        self.spot = village.index
        """Where an ambulance finds them: where they had first aid, else how far another has brought them."""

    def part(self, persons: int) -> Patients:
        """So many of them, for whom something else begins at this moment: no timer of the others knows them."""
        one = Patients(self.village, persons, self.prognosis, self.cause)
        one.state, one.place, one.dies_h, one.spot = self.state, self.place, self.dies_h, self.spot
        self.persons -= persons
        return one


def newly_hurt(sim: Replication, village: VillageState, persons: int, before: int, cause: int) -> list[Patients]:
    """People who are hurt at one moment and may die of it, each with his own fate; many of them in groups.

    Args:
        sim: the replication.
        village: where they are.
        persons: how many.
        before: how many patients the village had before them.
        cause: row that tells of the injury.

    Of more than `MOST_GROUPS` people each time is the quantile of the exponential law at order statistics of as many
    uniform draws, by sums of gamma spacings (Devroye 1986, Non-Uniform Random Variate Generation, ch. V.3), and the
    order of each time is drawn by itself: the number to whom something has happened has the mean and the spread that
    it has with one draw for each, to within a group. So the work hangs on the groups.
    """
    means = (
        sim.parameters.worsening_h, sim.parameters.severe_untreated_h, sim.parameters.severe_aided_h,
        sim.parameters.ambulance_h, sim.parameters.hospital_stay_h,
    )  # fmt: skip
    thing = village.record.id
    if persons <= MOST_GROUPS:
        rngs = (stream(sim.seed, sim.replication, f"patient {before + i}", thing) for i in range(persons))
        return [Patients(village, 1, Prognosis(*(delay_h(rng, mean) for mean in means)), cause) for rng in rngs]
    rng = stream(sim.seed, sim.replication, f"patients {before}", thing)
    sizes = [persons // MOST_GROUPS + (i < persons % MOST_GROUPS) for i in range(MOST_GROUPS)]
    times = zip(*([exponential(u) * mean for u in _order_statistics(rng, sizes)] for mean in means), strict=True)
    return [Patients(village, size, Prognosis(*hours), cause) for size, hours in zip(sizes, times, strict=True)]


def _order_statistics(rng: Random, sizes: list[int]) -> list[float]:
    """One of each so many neighbours among the uniform draws of all, in an order drawn by chance."""
    edges = [0.0, *accumulate(rng.gammavariate(size, 1.0) for size in sizes)]
    whole = edges[-1] + rng.gammavariate(1.0, 1.0)
    draws = [rng.uniform(low, high) / whole for low, high in pairwise(edges)]
    rng.shuffle(draws)
    return draws


def first_of(patients: Sequence[Patients], persons: int) -> tuple[list[Patients], list[Patients]]:
    """The first so many of them, and the others; a group that is in both is parted."""
    first = list[Patients]()
    for at, group in enumerate(patients):
        if group.persons > persons:
            return ([*first, group.part(persons)] if persons else first), list(patients[at:])
        first.append(group)
        persons -= group.persons
    return first, []


def in_good_hands(patients: list[Patients], hurt: int) -> tuple[list[Patients], list[Patients]]:
    """So many injured people are with a crew, those first who are badly hurt.

    Answers who of them needs a hospital bed, and the patients for whom nobody has come yet.
    """
    cared, others = first_of(sorted(patients, key=lambda group: group.state != SEVERE), hurt)
    badly = [group for group in cared if group.state == SEVERE]
    for group in cared:
        group.state = OVER  # treated before it got worse
    for group in badly:
        group.state = IN_CARE
    return badly, others


class Hospital:
    """The beds of the hospitals around that are free when the scenario begins, and who waits for one."""

    def __init__(self, sim: Replication, places: Places, roads: Roads) -> None:
        self.sim, self.places, self.roads = sim, places, roads
        self.waiting: deque[Patients] = deque()
        self.free = {
            village: row.free_beds
            for village, row in enumerate(sim.world.scenario.settlements)
            if isinstance(row, Institution) and row.free_beds
        }
        """Index of each hospital that the scenario names -> its free beds that are promised to nobody."""
        self.is_named = bool(self.free)
        self.lose_on_road: Callable[[Patients], None] = lambda _: None  # who is caught on the road brings it

    @cached_property
    def beds(self) -> int:
        """Free now in hospitals that the scenario does not name; counted when the first patient comes."""
        stated = self.sim.settings.health.beds
        if stated is not None:
            return stated
        residents = sum(village.population for village in self.sim.world.scenario.villages)
        return round(residents / 1000 * self.sim.parameters.free_beds_per_thousand)

    def injure(self, patients: Patients, severe: bool) -> None:
        """People are injured: badly from now on, or so that it will get worse."""
        if severe:
            patients.state = SEVERE
            self._after(patients.prognosis.untreated_h, lambda: self._die(patients, SEVERE))
        else:
            self._after(patients.prognosis.worse_h, lambda: self._worsen(patients))

    def aid(self, patients: Patients, place: int, cause: int) -> None:
        """A crew has given first aid; ambulances fetch them from that place."""
        patients.state, patients.place, patients.spot = AIDED, place, place
        patients.dies_h = self.sim.env.now + patients.prognosis.aided_h
        self._after(patients.prognosis.aided_h, lambda: self._die(patients, AIDED))
        if self.is_named:
            if rest := self._send_ambulances(patients, cause):
                self.sim.log(Kind.NO_BED, patients.village.index, place, cause, persons=rest)
        else:
            self._after(patients.prognosis.ambulance_h, lambda: self._at_door(patients, cause))

    def _after(self, hours: float, then: Callable[[], None]) -> None:
        self.sim.env.timeout(hours).callbacks.append(lambda _: then())

    def _worsen(self, patients: Patients) -> None:
        if patients.state == SLIGHT:
            index = patients.village.index
            patients.cause = self.sim.log(Kind.WORSENS, index, patients.place, patients.cause, persons=patients.persons)
            self.injure(patients, severe=True)

    # ---- by road

    def _nearest(self, place: int) -> int | None:
        """The nearest hospital that works, with a free bed and a way known from it to a place; None: none."""
        hours = {
            one: self.roads.router.hours(AMBULANCE, one, place)
            for one, free in self.free.items()
            if free > 0 and one not in self.sim.unsafe
        }
        nearest = min(hours, key=lambda one: (hours[one], one), default=None)
        return nearest if nearest is not None and hours[nearest] < INFINITE else None

    def _send_ambulances(self, patients: Patients, cause: int) -> int:
        """Beds are kept for as many as there are, hospital after hospital; the others wait: answers how many."""
        while (hospital := self._nearest(patients.spot)) is not None:
            persons = min(self.free[hospital], patients.persons)
            part = patients.part(persons) if persons < patients.persons else patients
            self.free[hospital] -= persons
            row = self.sim.log(Kind.AMBULANCE_SENT, hospital, part.spot, cause, persons=persons)
            self.sim.env.process(self._ride(hospital, part, row))
            if part is patients:
                return 0
            # Parted from the others, whose timer does not know them (`Patients.part`).
            self._after(part.dies_h - self.sim.env.now, lambda part=part: self._die(part, AIDED))  # type: ignore[misc]
        self._wait(patients)
        return patients.persons

    def _wait(self, patients: Patients) -> None:
        if not self.waiting:
            self._after(AGAIN_H, self._look_again)
        self.waiting.append(patients)

    def _look_again(self) -> None:
        """Beds or roads may have become free since: who waits first is looked at first."""
        # Emptied first: who finds nothing again lines up anew, and the first to do so sets the next look.
        waiting, self.waiting = self.waiting, deque()
        for patients in waiting:
            if patients.state == AIDED:
                self._send_ambulances(patients, patients.cause)

    def _ride(self, hospital: int, patients: Patients, row: int) -> Generator[Any, Any, None]:
        """Turned out and there, loaded, and back; where the roads are cut the bed is free again and they wait.

        Who is aboard waits where the ambulance has come to, which may be the door of a hospital in the water.
        """
        spot, persons = patients.spot, patients.persons
        yield self.sim.env.timeout(self.sim.parameters.ambulance_ready_h)
        reached, row = yield from self.roads.travel(AMBULANCE, hospital, spot, hospital, row)
        is_back = False
        if reached == spot and patients.state == AIDED:
            reached, row = yield from self.roads.travel(AMBULANCE, spot, hospital, hospital, row)
            is_back, patients.spot = reached == hospital, reached
        # They may have died on the ride, and the hospital may have come to stand in water.
        if is_back and patients.state == AIDED and hospital not in self.sim.unsafe:
            patients.state = IN_BED
            row = self.sim.log(Kind.ADMITTED, patients.village.index, patients.place, row, persons=persons)
            yield self.sim.env.timeout(patients.prognosis.stay_h)
        # As many as were promised, however many lived: the bed was kept for them, or lain in, until now.
        self.free[hospital] += persons
        if patients.state == AIDED:
            self._wait(patients)

    # ---- without named hospitals

    def _at_door(self, patients: Patients, cause: int) -> None:
        if patients.state != AIDED:
            return
        if self._admit(patients, cause) < patients.persons:
            index = patients.village.index
            self.sim.log(Kind.NO_BED, index, patients.place, cause, persons=patients.persons)
            self.waiting.append(patients)

    def _admit(self, patients: Patients, cause: int) -> int:
        """As many of them as there are beds are out of danger; answers how many."""
        if persons := min(self.beds, patients.persons):
            rest = patients.persons - persons
            admitted = patients.part(persons) if rest else patients
            admitted.state = IN_BED
            self.beds -= persons
            row = self.sim.log(Kind.ADMITTED, patients.village.index, patients.place, cause, persons=persons)
            self._after(patients.prognosis.stay_h, lambda: self._discharge(persons, row))
        return persons

    def _discharge(self, persons: int, cause: int) -> None:
        self.beds += persons
        while self.waiting and self.beds > 0:
            patients = self.waiting[0]
            if patients.state == AIDED:
                self._admit(patients, cause)
            if patients.state != AIDED:
                self.waiting.popleft()

    def _die(self, patients: Patients, in_state: int) -> None:
        """They have not lived to the next state: so many fewer of their village where they are, or wherever any are."""
        # Every state has a timer of its own, which nobody calls off when they get to the next.
        if patients.state != in_state:
            return
        village, cause = patients.village, patients.cause
        at_home = patients.place == village.index
        # The shelter where they were set down before the others: they may have moved on, or gone home, since.
        shelters = sorted(self.places.shelters.values(), key=lambda shelter: shelter.index != patients.place)
        if at_home:
            village.loses(patients)
        self.lose_on_road(patients)
        for shelter in shelters:
            if patients.persons:
                patients.persons -= shelter.loses(village, patients.persons, cause)
        if not at_home:
            village.loses(patients)
        patients.persons -= village.loses_lodged(patients.persons, cause)
        # On their way they are in nobody's count that could lose them.
        if patients.persons and (village.moving or village.caught or village.aboard):
            self._after(AGAIN_H, lambda: self._die(patients, in_state))
        else:
            patients.state = OVER
