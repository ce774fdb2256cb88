"""The open requests of command, one type for each kind: what is needed where, and how much of it is on its way."""

from __future__ import annotations

import math
from collections.abc import Callable
from collections.abc import Set as AbstractSet
from functools import partial
from math import fsum
from typing import Any, ClassVar

from simrescue.responders import (
    EVACUATE,
    MEDICAL,
    RECONNAISSANCE,
    RELIEF,
    REPAIR,
    RESCUE,
    SUPPRESSION,
    TASKS,
    WATER_DROP,
)
from simrescue.scenario.records import Call

SMALL = 1e-6
"""Less than this is nothing: persons or tonnes."""


Key = tuple[int | str, int] | tuple[str, int, int]
"""What a need is about: (task, place), ("call", its number), ("fire", its number, task), ("lift", the
crew), ("transfer", place), ("road", place) or ("repair", thing)."""


def call_key(number: int) -> Key:
    """Of an emergency call, by its number in the scenario."""
    return "call", number


def fire_key(fire: int, task: int = SUPPRESSION) -> Key:
    """Of a task at a fire; that it must be fought is what is true of it, the rest is what command wants there."""
    return "fire", fire, task


def transfer_key(place: int) -> Key:
    """Of the people who wait at a transfer point, by its place."""
    return "transfer", place


def roadside_key(place: int) -> Key:
    """Of the people who are caught on the road at a place."""
    return "road", place


def repair_key(thing: int) -> Key:
    """Of the repair of a road, a station or a power area, by its index."""
    return "repair", thing


class OpenRequest:
    """One request as command keeps it: what is needed where, and how much of that is on its way.

    `head_start_h`: its own priority, the hours of waiting that it is taken to have behind it, whatever the policy.

    `place` is where crews are sent to. Number, hour, row and mission are given when it is opened
    (`CommandPost._open`).
    """

    __slots__ = (
        "amount", "coming", "entry", "head_start_h", "is_expected", "key", "mission", "moments_h", "number", "opened_h",
        "per_hour", "persons", "place", "quota", "refused", "row", "task", "unable_told", "vulnerable",
    )  # fmt: skip
    of_tasks: ClassVar[tuple[str, ...]] = ()
    """Tasks that such a request can be for, beside calls, which are for every task that is `by_call`."""
    skill = ""
    """What a crew must be trained for; empty: nothing."""
    goes_whole = False
    """Whether all that a crew has counts, even where less is left to do."""
    is_unasked = False
    """Whether buses are sent there before anybody asks, and nobody else is."""
    is_ahead = False
    """Whether goods are sent there before anybody asks, by lorries that bring nothing else."""
    # For all others too: who reckons since when somebody waits need not ask for what (`decision.as_seen`).
    sent_h = came_h = -math.inf
    """When the last load was ordered, and when the last one came, hours since the start; of goods alone."""
    planned = False
    """Whether it is transport that command plans itself: lorries that bring nothing but goods, behind all people."""
    ends_with_request = True
    """Whether command holds the need itself to be over with its request; of a fire it goes on hearing."""

    def __init__(self, task: int, place: int, key: Key | None = None) -> None:
        self.task, self.place = task, place
        self.key: Key = (task, place) if key is None else key
        self.number = self.row = -1
        self.amount = self.coming = self.persons = self.vulnerable = self.opened_h = self.head_start_h = 0.0
        self.per_hour = 0.0
        """Persons an hour whom boats that are at work there take off, trip after trip."""
        self.quota = math.inf
        """What of it command lets it have, where others want the same and there is not enough for all."""
        self.refused: AbstractSet[int] = frozenset()
        """Crews (indexes of things) that are not sent to it."""
        self.is_expected = False
        """Whether command only expects the need, where nothing is heard; who comes may find nobody."""
        self.unable_told = False
        self.mission: Any = None
        """The type of mission that serves it (`missions.mission_of`)."""
        self.moments_h: set[float] = set()
        self.entry: tuple[Any, int, OpenRequest] | None = None
        """Its place in line (`command.decision.Entry`), while it is not covered."""


class RescueRequest(OpenRequest):
    """People of a village are to be carried off: trapped or stranded; `skill` is what that takes there."""

    __slots__ = ("skill",)
    of_tasks = ("rescue",)

    def __init__(self, task: int, place: int, skill: str = "") -> None:
        super().__init__(task, place)
        self.skill = skill


class EvacuationRequest(RescueRequest):
    """People of a village wait for transport, or buses are sent ahead of their asking.

    `asked`: who wait, as last told; `ahead`: for how many seats are sent besides, until they have come or nobody does.
    `first_h`: head start of those who ask there. Where nobody asks it stands behind all who ask.
    """

    __slots__ = ("ahead", "asked", "first_h", "is_unasked")
    of_tasks = ("evacuate",)

    def __init__(self, place: int) -> None:
        super().__init__(EVACUATE, place)
        self.ahead = self.asked = self.first_h = 0.0
        self.is_unasked = True

    def count(self) -> None:
        """Seats are wanted for those who ask or those who are expected, whoever are more."""
        self.is_unasked = self.asked <= SMALL
        # Not both together: who asks is one of those who were expected.
        self.amount = self.persons = max(self.asked, self.ahead)
        self.head_start_h = self.first_h if self.asked else BEHIND_PEOPLE_H


class TransferRequest(OpenRequest):
    """People at a transfer point are to be taken on to a shelter; a vehicle has room for those who are yet to come."""

    __slots__ = ()
    goes_whole = True
    ends_with_request = False

    def __init__(self, place: int) -> None:
        super().__init__(EVACUATE, place, transfer_key(place))


class RoadsideRequest(OpenRequest):
    """People caught on the road with their vehicles are to be fetched."""

    __slots__ = ()

    def __init__(self, place: int) -> None:
        super().__init__(RESCUE, place, roadside_key(place))


class MedicalRequest(OpenRequest):
    """The injured of a village are to be cared for."""

    __slots__ = ()
    of_tasks = ("medical",)


class ReliefRequest(OpenRequest):
    """Goods are to be brought to a village, a shelter or a depot.

    By item: `items` are needed, `coming_items` loaded and on their way, `outstanding` the rest; `wanted` are the items
    of which anything is outstanding (what rounding leaves is nothing), and `outstanding_t` is the mass of it.
    `is_ahead`: sent before anybody asks, by lorries alone, behind all people; it is put down where nobody is yet.

    A load ends the wait: what is still wanted waits anew from then on, so that a place that has had nothing comes
    before the second load of another.
    """

    __slots__ = (
        "came_h", "coming_items", "is_ahead", "items", "kg", "outstanding", "outstanding_t", "sent_h", "wanted",
    )  # fmt: skip
    of_tasks = ("relief",)

    def __init__(self, place: int, kg: tuple[float, ...]) -> None:
        """`kg`: as of `tonnes`."""
        super().__init__(RELIEF, place)
        self.kg, self.is_ahead = kg, False
        self.coming_items = [0.0] * len(kg)
        self.sent_h = self.came_h = -math.inf
        self.want([0.0] * len(kg))

    def is_asked_for(self, head_start_h: float) -> None:
        """Somebody asks for it, or must need it by now: it is sent ahead no longer."""
        self.is_ahead, self.head_start_h = False, head_start_h

    def want(self, items: list[float], loaded: list[float] | None = None) -> None:
        """These goods are needed, and these of them are on their way.

        Args:
            items: needed by need, in person-days or sets.
            loaded: on their way, the same; None: as before.
        """
        self.items = items
        if loaded is not None:
            self.coming_items = loaded
        self.outstanding = [max(0.0, want - coming) for want, coming in zip(items, self.coming_items, strict=True)]
        self.wanted = tuple(item for item, amount in enumerate(self.outstanding) if amount > SMALL)
        self.amount, self.outstanding_t = tonnes(items, self.kg), tonnes(self.outstanding, self.kg)


def tonnes(amounts: list[float], kg: tuple[float, ...]) -> float:
    """Mass of goods, tonnes.

    Args:
        amounts: by need, in person-days or sets.
        kg: mass of a person-day or a set, by need.
    """
    # Not `sum`, which adds floats otherwise on another Python: event logs have to be the same bytes on each.
    return fsum(amount * each for amount, each in zip(amounts, kg, strict=True)) / 1000


# Finite, so that those who stand behind still stand by their hours among themselves.
BEHIND_PEOPLE_H = -10_000.0
"""Head start of a request that stands behind every request of people, by any policy."""


class ReplenishmentRequest(ReliefRequest):
    """A depot is to be restocked from its upper depot: planned transport by a share of the lorries, after people."""

    __slots__ = ()
    planned = True

    def __init__(self, place: int, kg: tuple[float, ...]) -> None:
        """`kg`: as of `tonnes`."""
        super().__init__(place, kg)
        self.head_start_h = BEHIND_PEOPLE_H


class ReconnaissanceRequest(OpenRequest):
    """Somebody is to look how things stand at a place."""

    __slots__ = ()
    of_tasks = ("reconnaissance",)

    def __init__(self, place: int) -> None:
        super().__init__(RECONNAISSANCE, place)


class CallRequest(OpenRequest):
    """Somebody has rung for help (110, 119, 120): one job with a place, a time it takes, and perhaps a skill."""

    __slots__ = ("call", "skill")

    def __init__(self, number: int, call: Call, place: int) -> None:
        super().__init__(TASKS.index(call.task), place, call_key(number))
        self.call, self.skill = call, call.skill


class FalseAlarmRequest(CallRequest):
    """A crew is to look at what was taken for a fire, and finds none."""

    __slots__ = ()


class FireRequest(OpenRequest):
    """Command wants something at a fire; `place` is where those who are sent gather, or the fire itself."""

    __slots__ = ("fire",)
    TASK: int
    ends_with_request = False

    def __init__(self, fire: int, place: int) -> None:
        super().__init__(self.TASK, place, fire_key(fire, self.TASK))
        self.fire = fire


class SuppressionRequest(FireRequest):
    """People are wanted on the line."""

    __slots__ = ()
    of_tasks = ("suppression",)
    TASK = SUPPRESSION
    goes_whole = True


class WaterDropRequest(FireRequest):
    """Aircraft that drop water are wanted."""

    __slots__ = ()
    of_tasks = ("water_drop",)
    TASK = WATER_DROP


class FireReconnaissanceRequest(FireRequest):
    """An aircraft is wanted to look at the fire."""

    __slots__ = ()
    TASK = RECONNAISSANCE


class RepairRequest(OpenRequest):
    """A road, a base station or a power area is to be repaired, by several crews at once and one after the other.

    `thing` is what has failed, `place` where crews leave the road for it, `walk_km` how far it is from there, `work_h`
    the person-hours that were left by daylight at `settled_h`; `at_work`: crew -> person-hours that it does in an hour,
    `news` the event of its next change. `repaired` is told when all is done. `is_over`: it works again, or cannot be
    worked at any more; `is_done`: by crews.
    """

    __slots__ = ("at_work", "is_done", "is_over", "news", "repaired", "settled_h", "thing", "walk_km", "work_h")
    of_tasks = ("repair",)
    ends_with_request = False

    def __init__(self, thing: int, place: int, walk_km: float, work_h: float, repaired: Callable[[int], Any]) -> None:
        super().__init__(REPAIR, place, repair_key(thing))
        self.thing, self.walk_km, self.work_h, self.repaired = thing, walk_km, work_h, repaired
        self.at_work: dict[int, float] = {}
        self.settled_h = 0.0
        self.news: Any = None
        self.is_over = self.is_done = False
        self.head_start_h = BEHIND_PEOPLE_H

    def settle(self, now_h: float) -> None:
        """Take off what those at work have done until now."""
        left_h = self.work_h - math.fsum(self.at_work.values()) * (now_h - self.settled_h)
        # What rounding leaves is no work: else somebody would be sent for it.
        self.work_h = left_h if left_h > SMALL else 0.0
        self.settled_h = now_h

    def left_h(self) -> float:
        """Hours until all is done, with those who are at work."""
        return self.work_h / math.fsum(self.at_work.values())


class LiftRequest(OpenRequest):
    """A crew at a road end is to be flown to the line of a fire."""

    __slots__ = ("fire",)
    ends_with_request = False

    def __init__(self, fire: int, place: int, crew: int) -> None:
        super().__init__(EVACUATE, place, ("lift", crew))
        self.fire = fire


VILLAGE_REQUESTS: dict[int, Callable[[int], OpenRequest]] = {
    EVACUATE: EvacuationRequest,
    MEDICAL: partial(MedicalRequest, MEDICAL),
}
"""Task -> what makes the request of a village, by its place; that of a rescue asks for a skill besides."""
FIRE_REQUESTS = {kind.TASK: kind for kind in (SuppressionRequest, WaterDropRequest, FireReconnaissanceRequest)}
"""Task -> type of the request for a fire."""
