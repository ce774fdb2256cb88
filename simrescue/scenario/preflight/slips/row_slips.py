"""Slips within one row: a value that speaks against another of the same thing, or that leaves it without any use."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple, get_args

from simrescue.communication.posts import POST_LEVELS
from simrescue.places import Depot
from simrescue.responders import LevelOfGovernment
from simrescue.scenario.preflight.findings import shown, task_called
from simrescue.scenario.preflight.slips.slip import Slip, Slips
from simrescue.scenario.records import Scenario
from simrescue.units import write_moment
from simrescue.wording import Words, bilingual

NO_FIREFIGHTERS = ("medical", "repair", "transport")
COACH_SEATS = 60
"""Of a large coach, to one driver (assumed)."""
BOAT_SEATS, LARGE_BOAT_SEATS = 15, 40
"""Seats of a boat for each of its crew, and of one that a few hands still handle (assumed)."""
STAFF_FOR_EACH = 10
"""Staff for each person of an institution: none has so many (assumed)."""
SEATS_FOR_EACH, HECTARES_FOR_EACH = 2.0, 20.0
"""Seats in own vehicles for each of an institution; fields for each villager: large farms of the north (assumed)."""
PLACES_FOR_EACH = 5.0
"""Places in one shelter for each person of a county: guests and neighbours have room too (assumed)."""
POND_M = 30.0
"""No pond or tank is deeper (assumed)."""
CARED_FOR, STANDING = ("care_home", "hospital"), ("lookout", "camera")
"""Institutions with people in beds; detectors that stand at one spot."""
TIERS = get_args(LevelOfGovernment)
"""Levels of government, lowest first."""


class Pair(NamedTuple):
    """Two values of a row that hardly go together."""

    table: str
    field: str
    """Python name of the one that is told."""
    holds: Callable[[Any], bool]
    """Whether they do not go together, of the record."""
    says: Words


PAIRS = (
    *(
        Pair(table, "order", lambda row: row.order is not None and not row.ordered,
             bilingual("an hour of its evacuation order, and it is not under the order (`ordered`)"))
        for table in ("villages", "institutions")
    ),
    Pair("institutions", "staff_night", lambda row: (row.staff_night or 0) > max(row.staff_day, row.persons),
         bilingual("more staff at night than by day and than people in its care")),
    Pair("institutions", "staff_day", lambda row: bool(row.persons) and not row.staff_day,
         bilingual("people in its care, and nobody who cares for them")),
    Pair("teams", "turnout_night_h", lambda row: (row.turnout_night_h or row.turnout_h) < row.turnout_h,
         bilingual("sooner out by night than by day")),
    Pair("helicopters", "bucket_t", lambda row: bool(row.count) and row.bucket_t > row.payload_t > 0,
         bilingual("a bucket that holds more than it can lift (`payload`)")),
    Pair("teams", "pumps", lambda row: row.pumps > row.size,
         bilingual("more pumps than people in the crew (`size`)")),
    Pair("teams", "pumps", lambda row: bool(row.pumps) and "suppression" not in row.tasks,
         bilingual("pumps, and not the task {task}: they stay in the station", task=task_called("suppression"))),
    Pair("teams", "tank_t", lambda row: row.tank_t > 0 and not row.pumps,
         bilingual("water in a tank, and no pumps (`pumps`) that bring it to the fire")),
    Pair("teams", "tasks", lambda row: row.kind in NO_FIREFIGHTERS and "suppression" in row.tasks,
         bilingual("by its kind it does not work on the fire line, and has the task {task}",
                   task=task_called("suppression"))),
    Pair("teams", "seats", lambda row: row.seats > COACH_SEATS * max(row.size, 1),
         bilingual("more seats than its people (`size`) can drive, one of them to a coach")),
    Pair("boats", "seats", lambda row: row.seats > max(LARGE_BOAT_SEATS, BOAT_SEATS * row.size),
         bilingual("more seats than a boat with so few hands (`size`) has")),
    Pair("water_sources", "holds_t", lambda row: row.holds_t == 0 and not row.inflow_t_h,
         bilingual("it holds no water and nothing flows in")),
    Pair("water_sources", "depth_m", lambda row: row.kind in ("pond", "tank") and row.depth_m > POND_M,
         bilingual("deeper than any pond or tank")),
    Pair("water_sources", "depth_m", lambda row: row.depth_m == 0, bilingual("it has no depth: nobody draws water")),
    Pair("detectors", "chance", lambda row: row.chance == 0, bilingual("it never finds a fire")),
    Pair("landing_sites", "serves_km", lambda row: row.serves_km == 0,
         bilingual("it serves no village but one that stands on it")),
    Pair("ignition_rates", "id", lambda row: not any(row.per_day),
         bilingual("it starts no fire on a day of any grade")),
    Pair("posts", "from_h", lambda row: row.command and not row.mans_whole_day,
         bilingual("command sits here, and by its hours (`from`, `to`) nobody is in it for a part of the day")),
    Pair("posts", "withheld", lambda row: row.withheld == 1, bilingual("it tells those above of no death")),
    *(
        Pair("posts", field, lambda row: not row.place,
             bilingual("it has no building (`place`) that water or a power cut comes to: this is never looked at"))
        for field in ("depth_limit_m", "move_h", "battery_h")
    ),
    Pair("villages", "trained", lambda row: bool(row.satellite_phones) and row.trained == 0,
         bilingual("nobody can use its satellite phones (`satellite_phones`)")),
    Pair("villages", "guides", lambda row: bool(row.guides) and not row.ordered,
         bilingual("they go from door to door under an order, and it is not under one (`ordered`)")),
    Pair("villages", "guides", lambda row: (row.guides or 0) > row.population > 0,
         bilingual("more than people live there (`population`)")),
    Pair("institutions", "staff_day", lambda row: row.staff_day > STAFF_FOR_EACH * max(row.persons, row.free_beds, 1),
         bilingual("more than {times:g} for each person and free bed", times=STAFF_FOR_EACH)),
    Pair("institutions", "staff_night",
         lambda row: row.kind in CARED_FOR and bool(row.persons) and row.staff_night == 0,
         bilingual("people in its care day and night, and nobody with them by night")),
    Pair("detectors", "kind", lambda row: row.kind in STANDING and row.lon is None and row.range_km is None,
         bilingual("it stands somewhere: without a spot (`lon`, `lat`) and a `range` it sees the whole landscape")),
    Pair("triggers", "chance", lambda row: row.kind == "judgement" and row.chance == 0,
         bilingual("nobody ever finds it so: the level never comes by it")),
    Pair("partners", "asked_through", lambda row: bool(row.unasked and row.asked_through),
         bilingual("it comes by itself (`unasked`): no request goes through any post")),
    Pair("institutions", "seats", lambda row: row.seats > SEATS_FOR_EACH * max(row.persons + row.staff_day, 1),
         bilingual("more than {times:g} for each person and each of the staff", times=SEATS_FOR_EACH)),
    Pair("villages", "houses", lambda row: (row.houses or 0) > row.population > 0,
         bilingual("more houses than people (`population`)")),
    Pair("villages", "craft", lambda row: (row.craft or 0) > row.population > 0,
         bilingual("more loaders and boats than people (`population`)")),
    Pair("villages", "crop_ha", lambda row: (row.crop_ha or 0) > HECTARES_FOR_EACH * row.population > 0,
         bilingual("more than {hectares:g} ha for each who lives there: another unit (15 mu are 1 ha)?",
                   hectares=HECTARES_FOR_EACH)),
    Pair("partners", "grant", lambda row: row.grant == 0, bilingual("it never grants what it is asked for")),
)  # fmt: skip


def pairs_that_do_not_fit(scenario: Scenario) -> Slips:
    """Rows of which one value speaks against another."""
    for pair in PAIRS:
        for row, record in enumerate(scenario.table(pair.table)):
            if pair.field in record.model_fields_set and pair.holds(record):
                value = getattr(record, pair.field)
                written = write_moment(value, scenario.settings.start) if pair.field == "order" else _written(value)
                yield Slip(pair.table, row, pair.field, written, pair.says)


def _written(value: Any) -> str:
    if isinstance(value, str):
        return value
    return ", ".join(value) if isinstance(value, tuple) else f"{value:g}"


def levels_upside_down(scenario: Scenario) -> Slips:
    """Posts that report to one below them, and stores that a smaller one restocks."""
    posts = {post.id: post for post in scenario.posts}
    for row, post in enumerate(scenario.posts):
        upper = posts.get(post.upper)
        if upper and POST_LEVELS.index(upper.level) < POST_LEVELS.index(post.level):
            yield Slip("posts", row, "level", post.level, _below(upper, upper.level))
    depots = {depot.id: depot for depot in scenario.depots}
    for row, depot in enumerate(scenario.depots):
        source = depots.get(depot.upper)
        if source and 0 <= _rank(source) < _rank(depot):
            yield Slip("depots", row, "upper", depot.upper, _below(source, source.tier))
        elif source and any(depot.amounts()) and all(
            below <= held for below, held in zip(source.amounts(), depot.amounts(), strict=True)
        ):  # fmt: skip
            says = bilingual("{place} restocks it and holds no more of anything", place=shown(source))
            yield Slip("depots", row, "upper", depot.upper, says)


def _rank(depot: Depot) -> int:
    """How high a store of a level of government stands; -1: that of a hospital or a firm."""
    return TIERS.index(depot.tier) if depot.tier in TIERS else -1


def _below(upper: Any, level: str) -> Words:
    return bilingual("the one above it, {upper}, is of a lower level ({level})", upper=shown(upper), level=level)


def more_than_the_county(scenario: Scenario) -> Slips:
    """Crews and institutions of the county with more people than all of it."""
    people = scenario.settings.jurisdiction.population
    if not people:
        return
    says = bilingual("more people than the whole jurisdiction has ({people:,})", people=people)
    for row, team in enumerate(scenario.teams):
        if team.level in ("county", "township") and team.size * team.count > people:
            yield Slip("teams", row, "size", f"{team.count} x {team.size}", says, "fault")
    for row, place in enumerate(scenario.institutions):
        if place.persons > people:
            yield Slip("institutions", row, "persons", f"{place.persons}", says, "fault")
        if (place.free_beds or 0) > people:
            yield Slip("institutions", row, "free_beds", f"{place.free_beds}", says)
    most = max(people, sum(village.population for village in scenario.villages))
    for row, shelter in enumerate(scenario.shelters):
        if shelter.capacity > PLACES_FOR_EACH * most:
            says = bilingual("more than {times:g} places for each person of the whole jurisdiction ({people:,})",
                             times=PLACES_FOR_EACH, people=most)  # fmt: skip
            yield Slip("shelters", row, "capacity", f"{shelter.capacity}", says)


ROW_SLIPS: tuple[Callable[[Scenario], Iterator[Slip]], ...] = (
    pairs_that_do_not_fit,
    levels_upside_down,
    more_than_the_county,
)
