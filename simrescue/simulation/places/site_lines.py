"""Who is at a place, in which order they came, and who among them has been given what.

People stand in lines that they leave first in, first out, as `metrics.queues` reads the log: in a shelter one line
for each village, in a village one at home and one stranded. Served they are in the order of their arrival at the
place: everybody who ever came has a number, and a reach of n means that those with numbers below n are provided.
"""

from __future__ import annotations

from collections.abc import Iterator


class Cohort:
    """People who came together, with the numbers from `first` on."""

    __slots__ = ("clothed", "first", "persons")

    def __init__(self, first: int, persons: int, clothed: bool) -> None:
        self.first = first
        self.persons = persons
        self.clothed = clothed  # they brought clothing that they had been given elsewhere

    def within(self, reach: int) -> int:
        """How many of them a reach takes in."""
        return min(self.persons, max(0, reach - self.first))


class SiteLines:
    """The people at one place."""

    __slots__ = ("arrived", "lines", "persons")

    def __init__(self) -> None:
        self.lines: dict[int, list[Cohort]] = {}
        self.persons = 0
        self.arrived = 0
        """Persons who ever came: the number of the next one."""

    def join(self, line: int, persons: int, clothed: bool) -> None:
        """People have come."""
        self.lines.setdefault(line, []).append(Cohort(self.arrived, persons, clothed))
        self.persons += persons
        self.arrived += persons

    def shift(self, line: int, other: int) -> None:
        """All of one line go to the end of another; they have been here all the time."""
        self.lines.setdefault(other, []).extend(self.lines.pop(line, ()))

    def leave(self, line: int, persons: int) -> list[Cohort]:
        """The first of a line go; answers who they are."""
        gone, queue = [], self.lines.get(line, [])
        self.persons -= persons
        while persons > 0:
            first = queue[0]
            part = Cohort(first.first, min(persons, first.persons), first.clothed)
            first.first += part.persons
            first.persons -= part.persons
            persons -= part.persons
            if not first.persons:
                del queue[0]
            gone.append(part)
        return gone

    def by_arrival(self) -> Iterator[Cohort]:
        """All who are here in the order in which they came."""
        return iter(sorted((one for line in self.lines.values() for one in line), key=lambda one: one.first))

    def beyond(self, persons: int) -> dict[int, int]:
        """Of those who came after the first so many who are here: how many stand in each line, in order of arrival."""
        found: dict[int, int] = {}
        here = ((one.first, name, one.persons) for name, line in self.lines.items() for one in line)
        for _, name, there in sorted(here):
            over = max(0, there - persons)
            persons = max(0, persons - there)
            if over:
                found[name] = found.get(name, 0) + over
        return found

    def reach_of(self, persons: int) -> int:
        """The reach that takes in so many of those who are here."""
        if persons >= self.persons:
            return self.arrived
        for one in self.by_arrival():
            if one.persons > persons:
                return one.first + persons
            persons -= one.persons
        return self.arrived

    def hand_out(self, reach: int, sets: int) -> tuple[int, int]:
        """Give sets of clothing to those beyond a reach who have none; answers the new reach and the sets given."""
        given = 0
        for one in self.by_arrival():
            beyond = one.persons - one.within(reach)
            if one.clothed or not beyond:
                continue
            part = min(beyond, sets - given)
            given += part
            if part < beyond:
                return one.first + one.persons - beyond + part, given
        return self.arrived, given

    def without_clothing(self, reach: int) -> int:
        """How many of those beyond a reach have no clothing of their own."""
        if reach >= self.arrived:
            return 0
        return sum(one.persons - one.within(reach) for line in self.lines.values() for one in line if not one.clothed)
