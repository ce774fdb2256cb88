"""Whom of a village the danger has been told, so that a later order or call-out goes to those who are left."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from simrescue.events import EventKind as Kind

CAR, FOOT, TRANSPORT = "car", "foot", ""
"""How people leave: by their own means, or when somebody comes for them."""


@dataclass(slots=True)
class WarningState:
    """The people of one village by what they have been told; nobody is counted twice."""

    warned: int = 0
    """Who know of the danger, from others or by their own eyes."""
    reached: int = 0
    """To whom an order, a call-out or smoke has brought the word to leave; each of them has made up his mind."""
    held: Counter[str] = field(default_factory=Counter)
    """Of them those who would leave and could not, or came back, by their means: they go with the next who leave."""
    by_smoke: bool = False
    """Whether smoke has told them already."""
    to_come: set[Kind] = field(default_factory=set)
    """Steps of the warning that have not come yet."""
    may_hasten: set[Kind] = field(default_factory=set)
    """Steps that come at once when water is seen: planned by the forecast, and not at a moment that is stated."""

    def warn(self, persons: int, population: int) -> int:
        """Some people know now; answers how many of them are new."""
        new = max(0, min(persons, population - self.warned))
        self.warned += new
        return new
