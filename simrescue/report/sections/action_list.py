"""Who does what, where and by when, in one course of the event: by village and by force, for a page and as tables."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime
from math import inf
from typing import TYPE_CHECKING, NamedTuple

from simrescue.explain import Names, start_of, things_of
from simrescue.explain.missions import Errand, MissionDone, errands, missions, warned_h
from simrescue.explain.stories.naming import clock, people, span
from simrescue.places import CONSUMABLE, NEED_WORDS
from simrescue.report.figures import NEVER, NOTHING, Pair, exact, pair
from simrescue.responders import TASK_WORDS, TASKS
from simrescue.wording import AND, LANGUAGES, PARTS, bilingual, bilingual_as, bilingual_counted, listed
from simrescue.wording.unit_words import measure

if TYPE_CHECKING:
    import pandas as pd

    from simrescue.experiment.store.stored_results import Results
    from simrescue.explain import Things
    from simrescue.wording import Language

PASSENGERS = (TASKS.index("evacuate"), TASKS.index("rescue"))
"""Tasks for which people are taken aboard."""


class Action(NamedTuple):
    """One line of the list: responders of one unit on one task at one place."""

    who: Pair
    where: Pair
    task: Pair
    sent: Pair
    there: Pair
    """When the first and the last came; never."""
    done: Pair
    sent_h: float


class PlaceActions(NamedTuple):
    """What is done for one village, or at another place that somebody is sent to."""

    thing: int
    """Its index in the table of things."""
    name: Pair
    persons: Pair
    ordered: Pair
    warned: Pair
    """When 95 % of the residents had the warning."""
    reached: Pair
    """When water or flames come, or the last road is cut."""
    actions: tuple[Action, ...]

    @property
    def is_village(self) -> bool:
        """Whether people live there, who are warned and leave: not so at a fire or a store."""
        return self.persons != NOTHING


class ForceActions(NamedTuple):
    """What one unit does: equal responders together."""

    name: Pair
    number: Pair
    actions: tuple[Action, ...]


class ActionList(NamedTuple):
    """What is done in one replication."""

    replication: int
    places: tuple[PlaceActions, ...]
    """In the order in which something has to be done there."""
    forces: tuple[ForceActions, ...]
    """In the order in which they are sent."""
    missions: tuple[tuple[Pair, ...], ...]
    """Each mission of each responder: who, task, where, sent, left, there, free, done."""

    def worst(self, things: Sequence[int], most: int) -> tuple[PlaceActions, ...]:
        """The places of some indexes, filled up with the first others; in the order of the list, at most so many."""
        others = [place.thing for place in self.places if place.thing not in things]
        chosen = set([*things, *others][:most])
        return tuple(place for place in self.places if place.thing in chosen)


class _Units:
    """Equal responders, which bear one name, are one unit."""

    def __init__(self, things: Things) -> None:
        self.names = Names(things)
        texts = zip(things.kinds, things.names, things.names_zh, things.ids, strict=True)
        self.of = [(kind, english or chinese or thing) for kind, english, chinese, thing in texts]
        self.size = Counter(self.of)
        self.own = [pair(*both) for both in zip(things.names, things.names_zh, strict=True)]

    def title(self, responder: int) -> Pair:
        """What the unit of a responder is called."""
        return self.own[responder] if self.size[self.of[responder]] > 1 else self.names.of(responder)

    def crowd(self, responders: Sequence[int]) -> Pair:
        """Some responders of one unit: one by its own name, several by their number."""
        if len(responders) == 1:
            return self.names.of(responders[0])
        unit = self.title(responders[0])
        return bilingual_as("responders of a unit", "{unit} ({count})", unit=unit, count=len(responders))


def action_list(results: Results, replication: int) -> ActionList:
    """The list of one replication from its event log. Raises ResultsError where that was not kept."""
    log, things, start = results.log(replication), things_of(results.things), start_of(results)
    units, ordered = _Units(things), missions(log)
    by_place: dict[int, list[Action]] = {}
    by_unit: dict[int, list[Action]] = {}
    first: dict[tuple[str, str], int] = {}
    for errand in errands(ordered, lambda mission: units.of[mission.responder]):
        action = _action(errand, units, start)
        by_place.setdefault(errand.place, []).append(action)
        lead = first.setdefault(units.of[errand.responders[0]], errand.responders[0])
        by_unit.setdefault(lead, []).append(action)
    forces = (
        ForceActions(units.title(lead), exact(units.size[units.of[lead]]), tuple(rows))
        for lead, rows in by_unit.items()
    )
    table = results.places[results.places["replication"] == replication]
    places = _places(table, by_place, warned_h(log), units.names, start)
    rows = (_row(mission, units.names, start) for mission in ordered)
    return ActionList(replication, tuple(places), tuple(forces), tuple(rows))


def _action(errand: Errand, units: _Units, start: datetime) -> Action:
    there: Pair = span(errand.there_h, errand.last_there_h, start) if errand.there_h < inf else NEVER
    return Action(
        units.crowd(errand.responders), units.names.of(errand.place), _task(errand.task),
        clock(errand.assigned_h, start), there, _done(errand), errand.assigned_h,
    )  # fmt: skip


def _row(mission: MissionDone, names: Names, start: datetime) -> tuple[Pair, ...]:
    moments = (mission.assigned_h, mission.left_h, mission.there_h, mission.free_h)
    (errand,) = errands([mission], lambda _: ())
    return (names.of(mission.responder), _task(mission.task), names.of(mission.place),
            *(clock(hours, start) if hours < inf else NEVER for hours in moments), _done(errand))  # fmt: skip


def _task(task: int) -> Pair:
    return TASK_WORDS[task] if 0 <= task < len(TASK_WORDS) else NOTHING


def _done(errand: Errand) -> Pair:
    """What came of it: people taken aboard, goods, water, line; missions that did not get there."""
    parts: list[Pair] = []
    if errand.missions > 1:
        parts.append(bilingual_counted("{number} mission", "{number} missions", errand.missions))
    if errand.persons:
        parts.append(bilingual("{people} taken aboard", people=people(errand.persons)))
    elif errand.task in PASSENGERS and errand.missions > errand.never_there:
        parts.append(bilingual("nobody taken aboard"))
    parts += _goods(errand.goods)
    if errand.drops:
        parts.append(bilingual_counted("{number} load of water", "{number} loads of water", errand.drops))
    if errand.line_m:
        parts.append(bilingual("{length} of line", length=measure(f"{errand.line_m:,.0f} m")))
    if errand.never_there:
        parts.append(bilingual("{number} not there", number=errand.never_there))
    return listed(parts, PARTS) if parts else NOTHING


def _goods(amounts: Sequence[float]) -> list[Pair]:
    """Goods by how long they last or how many they equip; needs with the same amount together."""
    alike: dict[tuple[bool, str], list[Pair]] = {}
    for need, amount in enumerate(amounts):
        if amount >= 0.5:
            alike.setdefault((CONSUMABLE[need], f"{amount:,.0f}"), []).append(NEED_WORDS[need])
    return [
        bilingual("{needs} for {amount} person-days", needs=listed(needs, last=AND), amount=amount)
        if used_up
        else bilingual("{needs} for {amount} people", needs=listed(needs, last=AND), amount=amount)
        for (used_up, amount), needs in alike.items()
    ]


def _places(
    table: pd.DataFrame, by_place: dict[int, list[Action]], warned: dict[int, float], names: Names, start: datetime
) -> Iterator[PlaceActions]:
    """Villages where anything is done or should be, by the first moment that they must be ready by."""

    def at(hours: float) -> Pair:
        return clock(hours, start) if hours < inf else NOTHING

    rows = {int(row["village"]): row for row in table.to_dict("records")}
    hours = {place: min(float(row["order_h"]), float(row["impact_h"])) for place, row in rows.items()}
    for place, rows_there in by_place.items():  # fires too, and whatever else somebody was sent to
        hours[place] = min(hours.get(place, inf), rows_there[0].sent_h)
    for place in sorted((place for place, first in hours.items() if first < inf), key=lambda place: hours[place]):
        row = rows.get(place)
        ordered = warned_by = reached = persons = NOTHING
        if row is not None:
            ordered, reached = at(float(row["order_h"])), at(float(row["impact_h"]))
            warned_by, persons = at(warned.get(place, inf)), exact(float(row["population"]))
        actions = tuple(by_place.get(place, ()))
        yield PlaceActions(place, names.of(place), persons, ordered, warned_by, reached, actions)


# ---- as tables


def village_rows(listing: ActionList, lang: Language) -> list[list[str]]:
    """The list by village as rows of a table, the heading first."""
    pairs: list[list[Pair]] = [
        [bilingual("Village"), bilingual("Residents"), bilingual("Order to leave"), bilingual("95 % warned"),
         bilingual("Water, flames, or cut off"), bilingual("Force"), bilingual("Task"), bilingual("Sent"),
         bilingual("There"), bilingual("Done")]
    ]  # fmt: skip
    for place in listing.places:
        of_place: list[Pair] = [place.name, place.persons, place.ordered, place.warned, place.reached]
        pairs += [[*of_place, row.who, row.task, row.sent, row.there, row.done] for row in place.actions]
        if not place.actions:
            pairs.append([*of_place, *[NOTHING] * 5])
    return _in_language(pairs, lang)


def force_rows(listing: ActionList, lang: Language) -> list[list[str]]:
    """Each mission of each responder as rows of a table, the heading first."""
    heading: tuple[Pair, ...] = (
        bilingual("Force"), bilingual("Task"), bilingual("Where"), bilingual("Sent"), bilingual("Leaves"),
        bilingual("There"), bilingual("Ready again"), bilingual("Done"),
    )  # fmt: skip
    return _in_language([heading, *listing.missions], lang)


def _in_language(rows: Sequence[Sequence[Pair]], lang: Language) -> list[list[str]]:
    return [[cell[LANGUAGES.index(lang)] for cell in row] for row in rows]
