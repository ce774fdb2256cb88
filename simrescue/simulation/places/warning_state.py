"""What the people of a village have been told and have decided: each later telling goes to those who are left."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from simrescue.events import EventKind as Kind

if TYPE_CHECKING:
    from simrescue.simulation.places.officers import Officers

CAR, TWO_WHEELER, FOOT, TRANSPORT = "car", "two_wheeler", "foot", ""
"""How people leave: by their own means, or when somebody comes for them."""


@dataclass(slots=True, eq=False)
class WarningCall:
    """One step of the warning on its way to a village."""

    kind: Kind
    cause: int
    """Row of the log that tells of it."""
    is_answered: bool = False
    by_messenger: bool = False
    """Whether somebody has brought it on foot: then no telephone need bring it again."""


@dataclass(slots=True)
class WarningState:
    """The people of one village by what they have been told; nobody is counted twice."""

    warned: int = 0
    """Who know of the danger, from others or by their own eyes."""
    knowing: float = 0.0
    """The same exactly, in parts of persons."""
    noticed: float = 0.0
    """Of those whom no telling has reached the share who know from a short-term warning, and have stayed."""
    reached: int = 0
    """To whom some telling has brought the word to leave."""
    refused: int = 0
    """Of them those who will not leave."""
    leaving: int = 0
    """Who have decided to go and are getting ready."""
    departures: dict[float, list[tuple[int, int]]] = field(default_factory=dict)
    """Hour -> those of them who leave then: persons of each group, and the row that tells of it."""
    unreached: float = 1.0
    """Share of the people whom no telling has reached, exactly; `reached` counts whole persons."""
    unaddressed: float = 0.0
    """Of these the share whom no order is meant for."""
    unaware: float = 0.0
    """Of these in turn the share who have not heard one either."""
    unwilling: float = 0.0
    """Share of the people who have been reached and will not leave, exactly, as `refused` in whole persons."""
    refuse: float | None = None
    """Share who refuse the first word, as drawn; None before any has come."""
    is_ordered: bool = False
    """Whether the order to leave has been heard there."""
    called_h: float = -math.inf
    """Hour of the last order or call-out."""
    is_back: bool = False
    """Whether people have come home since the last order, when the danger was over."""
    by_neighbours: bool = False
    """Whether so many have left that the others have noticed."""
    held: Counter[str] = field(default_factory=Counter)
    """Of them those who would leave and could not, or came back, by their means: they go with the next who leave."""
    seen: defaultdict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    """Vehicle -> closed links that those who went in it have met and command has not heard of."""
    set_out: dict[str, int] = field(default_factory=dict)
    """Who were ready so far, by means, so that their shares hold however small the groups are."""
    on_wheels: int = 0
    """Who are away that left in vehicles of their own, less those who came back in them."""
    by_smoke: bool = False
    """Whether smoke has told them already."""
    officers: Officers | None = None
    """Who is called in turn; None: somebody always answers."""
    on_its_own: tuple[int, float] | None = None
    """The silence (`contact.Silence`) in which it goes by its own page of rules."""
    to_come: set[Kind] = field(default_factory=set)
    """Steps of the warning that have not come yet."""
    calls: dict[Kind, WarningCall] = field(default_factory=dict)
    """The last call of each step that has gone out."""
    is_called_on: bool = False
    """Whether somebody is on his way to the village with what nobody has answered."""
    may_hasten: set[Kind] = field(default_factory=set)
    """Steps that come at once when water is seen: planned by the forecast, and not at a moment that is stated."""

    def resist(self, persons: int, population: int) -> None:
        """People who had left are back and count among those who have refused: only a further telling moves them."""
        self.refused += persons
        self.unwilling += persons / population

    def renew(self, persons: int, population: int) -> None:
        """People who had left are back for good: a further order finds them as the first one did."""
        self.reached = max(0, self.reached - persons)
        self.unreached = min(1.0, self.unreached + persons / population)
        self.by_neighbours = self.is_ordered = False
        self.is_back = True

    def warn(self, persons: float, population: int) -> int:
        """So many more people know now (parts of persons add up); answers how many are new."""
        self.knowing = min(self.knowing + persons, float(population))
        new = max(0, round(self.knowing) - self.warned)
        self.warned += new
        return new
