"""What command takes to be so at villages that it hears nothing from: who is still there, and in which danger.

It knows the register of residents, how many were there by the last count that came, and the forecast; nothing of what
is truly so enters here but by `count`, the door for what has been told.
"""

from __future__ import annotations

from math import inf
from typing import NamedTuple

from simrescue.communication.messages import VillageWord
from simrescue.simulation.state import ALL_CLASS, WADING_CLASS
from simrescue.simulation.world import World


class ExpectedNeed(NamedTuple):
    """People whom command expects in danger at a place."""

    persons: int
    vulnerable: int
    """Of them those who cannot help themselves, by the share of the register."""


NONE_EXPECTED = ExpectedNeed(0, 0)


class Estimates:
    """Of all villages of one replication."""

    def __init__(self, world: World) -> None:
        settings = world.scenario.settings
        self.villages, self.forecast, self.weight = (
            world.scenario.settlements,
            world.forecast,
            settings.command.unconfirmed,
        )
        self.world, self.buses_ahead = world, settings.command.buses_ahead
        self.reorder_h, self.report_h = settings.relief.reorder_h, settings.command.report_h
        self.larder_h = max(0.0, settings.relief.household_days * 24 - settings.relief.reorder_h)
        """How long people live on what they have at home before goods should be on their way to them."""
        self.fed_until_h = [inf] * len(self.villages)
        """Until when those in each village live on what they have, as last told; infinite: nobody had to then."""
        self.above = [
            village.population * (high + upstairs)
            for village, high, upstairs in zip(self.villages, world.high_share, world.upstairs_share, strict=True)
        ]
        """People of each village who stay above the water."""
        self.there = [int(village.population) for village in self.villages]
        """People in each village, as last told; at first those of the register."""

    def count(self, place: int, persons: int, fed_until_h: float) -> None:
        """So many people are still in a village, by a report or by what a crew has seen.

        Args:
            place: index of the village.
            persons: how many.
            fed_until_h: as of `VillageWord`.
        """
        self.there[place], self.fed_until_h[place] = persons, fed_until_h

    def _asks_h(self, place: int, since_h: float) -> float:
        """When a silent village would ask for goods; arguments as of `next_change_h`.

        By what it last told of what it has; where it told nothing of that, as if cut off when it fell silent.
        """
        until_h = self.fed_until_h[place]
        return since_h + self.larder_h if until_h == inf else until_h - self.reorder_h

    def word_due_in_h(self, place: int, now: float) -> float:
        """Hours from `now` until the word of a village that falls silent now would come, if it could ask for goods."""
        return max(0.0, self._asks_h(place, now) + self.report_h - now)

    # ---- the forecast

    def _passed(self, place: int, now: float) -> list[int]:
        """Classes of danger that the forecast has given a village until an hour, in order."""
        return [danger for hour, danger in self.forecast[place] if hour <= now]

    def is_wet(self, place: int, now: float) -> bool:
        """Whether by the forecast people in a village cannot walk out at an hour `now`."""
        # As lists, so that a village to which the forecast has brought nothing yet is dry.
        return self._passed(place, now)[-1:] >= [WADING_CLASS]

    def is_worse_than_told(self, place: int, word: VillageWord, now: float) -> bool:
        """Whether by the forecast the water of a village has been worse from its last `word` to `now` than it told."""
        # With the class in force at the hour of the word: even that may be worse than the village told.
        before, until = self._passed(place, word.time_h), self._passed(place, now)
        return max(until[max(0, len(before) - 1) :], default=0) > word.danger

    def next_change_h(self, place: int, now: float, since_h: float) -> float:
        """The next hour at which something else is to be expected of a village; infinite: none.

        Args:
            place: index of the village.
            now: hours since the start.
            since_h: the hour since which it is silent.
        """
        hours = (*(hour for hour, _ in self.forecast[place]), self._asks_h(place, since_h) + self.report_h)
        return min((hour for hour in hours if hour > now), default=inf)

    def wet_from_h(self, place: int, now: float, since_h: float) -> float:
        """Since when people in a silent village cannot walk out by the forecast; arguments as of `next_change_h`."""
        wet_h = now
        for hour, danger in reversed(self.forecast[place]):
            if hour <= now:
                if danger < WADING_CLASS:
                    break
                wet_h = hour
        return max(since_h, wet_h)

    def hungry_from_h(self, place: int, now: float, since_h: float) -> float:
        """Since when people in a silent village must be taken to have no food; arguments as of `next_change_h`."""
        first_wet_h = min((hour for hour, danger in self.forecast[place] if danger >= WADING_CLASS), default=inf)
        return min(now, self._asks_h(place, since_h), max(since_h, first_wet_h))

    # ---- what must be needed

    def to_carry(self, place: int) -> int:
        """For how many of an ordered village seats are sent before anybody asks.

        Those of the register who have no vehicle and will not refuse: who cannot leave without help, but for those who
        are taken along, and where no shelter is near enough to walk those without wheels too.
        """
        village, going = self.villages[place], self.world.scenario.settings.evacuation
        order = self.world.shelter_order[place]
        walks = bool(order) and self.world.distance_km(place, order[0]) <= going.max_walk_km
        without_wheels = (1 - village.cars) * (1 - village.two_wheelers)
        is_cared_for = self.world.kinds[place] == "institution"
        taken_along = 0.0 if is_cared_for else self.world.parameters.taken_along_share * (1 - without_wheels)
        share = village.vulnerable * (1 - taken_along) + (0.0 if walks else (1 - village.vulnerable) * without_wheels)
        persons = self.there[place] * self.world.told_share[place]
        return round(persons * share * (1 - going.refuse) * self.buses_ahead)

    def to_rescue(self, place: int, now: float) -> ExpectedNeed:
        """Whom command expects in need of rescue: all who are still there, while nobody can walk out by the forecast.

        But for those whose home is high above the water or who have gone upstairs, of whom ever more ask out.

        Args:
            place: index of the village.
            now: hours since the start.
        """
        if not self.is_wet(place, now):
            return NONE_EXPECTED
        village = self.villages[place]
        # Whenever the village fell silent: power and food run short from the water on.
        up_h = now - self.wet_from_h(place, now, -inf)
        staying = self.above[place] * 0.5 ** (up_h / self.world.parameters.ask_out_t50_h)
        persons = round(max(0.0, self.there[place] - staying) * self.weight)
        return ExpectedNeed(persons, round(persons * village.vulnerable))

    def to_feed(self, place: int, now: float, since_h: float) -> int:
        """How many people command expects to go hungry: all who are still there and can be reached with goods.

        In a village that was in the water by the forecast nothing is left at home; elsewhere people who are cut off
        have something for a while.

        Args:
            place: index of the village.
            now: hours since the start.
            since_h: the hour since which it is silent.
        """
        dangers = self._passed(place, now)
        if dangers and dangers[-1] >= ALL_CLASS:
            return 0
        was_wet = max(dangers, default=0) >= WADING_CLASS
        is_short = was_wet or now >= self._asks_h(place, since_h) + self.report_h
        return round(self.there[place] * self.weight) if is_short else 0
