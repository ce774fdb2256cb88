"""Slips of the response system: channels that carry nothing, posts that pass nothing on, levels that never come."""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations

import numpy as np

from simrescue.communication.channels import CHANNEL_KINDS
from simrescue.communication.posts import ways_up
from simrescue.hazards.base import Flames, WaterDepth
from simrescue.hazards.kinds import brings
from simrescue.kinds import kind_of
from simrescue.network import great_circle_km
from simrescue.responders import RESPONSE_LEVELS
from simrescue.scenario.communication.channel_layout import layout_of
from simrescue.scenario.preflight.findings import duration, shown
from simrescue.scenario.preflight.slips.slip import Slip, Slips, where
from simrescue.scenario.records import Scenario
from simrescue.scenario.response_records import OF_KINDS, Measured, Trigger
from simrescue.units import write_hours
from simrescue.wording import bilingual

USUAL_READINGS = {"mm": (0, 2000), "m": (-160, 9000), "m3/s": (0, 150_000), "ha": (0, 1_000_000), "h": (0, 8760)}
"""Unit -> readings that are to be had (assumed, wide): rain of China's worst days is below 2,000 mm, the Yangtze's
highest known flow 105,000 m3/s, the lowest ground 154 m below the sea."""


def channels_without_stations(scenario: Scenario) -> Slips:
    """Networks of channels.csv that no station carries, stations of networks that it leaves out, channels twice."""
    kinds, carried = {str(row.kind) for row in scenario.channels}, {str(row.kind) for row in scenario.stations}
    seen: dict[str, int] = {}
    for number, row in enumerate(scenario.channels):
        if row.kind == "mhz370" and row.kind not in carried:
            yield Slip("channels", number, "kind", row.kind, bilingual("no base station of it: it reaches nobody"))
        first = seen.setdefault(repr(row.model_copy(update={"id": "", "order": None})), number)
        if first != number:
            spot = where(scenario, "channels", first, "kind")
            says = bilingual("the same channel as {other} ({spot})?", other=scenario.channels[first].id, spot=spot)
            yield Slip("channels", number, "kind", row.kind, says)
    for number, station in enumerate(scenario.stations):
        if kinds and station.kind not in kinds:
            says = bilingual("no channel of {file} uses this network", file="channels.csv")
            yield Slip("stations", number, "kind", station.kind, says)
    words = {kind.name: kind.words for kind in CHANNEL_KINDS}
    phones = any(village.satellite_phones and village.trained for village in scenario.villages)
    for number, row in enumerate(scenario.channels):
        if row.kind == "satellite" and not phones:
            says = bilingual("no village has one that somebody can use ({phones}): {channel} carries nothing",
                             phones="satellite_phones", channel=words["satellite"])  # fmt: skip
            yield Slip("channels", number, "kind", row.kind, says, "note")


def areas_that_feed_nothing(scenario: Scenario) -> Slips:
    """Switch rooms on which nothing hangs: nothing is named, and others are nearer to all."""
    index = {place.id: number for number, place in enumerate(scenario.places)}
    staffed = [number for number, place in enumerate(scenario.places) if kind_of(place).staffed]
    layout = layout_of(scenario, index, staffed)
    feeding = set(layout.feeder.values()) if layout else set()
    for number, area in enumerate(scenario.power if layout else ()):
        if area.id in area.feeds:
            yield Slip("power", number, "feeds", area.id, bilingual("it feeds itself"), "fault")
        elif index[area.id] not in feeding:
            says = bilingual("nothing hangs on it: no place is named, and to all another is nearer or feeds them")
            yield Slip("power", number, "feeds", ", ".join(area.feeds), says)


def posts_off_the_way(scenario: Scenario) -> Slips:
    """Posts that serve places and have no way up to command, and posts through which nothing ever goes."""
    posts, ways = scenario.posts, ways_up(scenario.posts)
    own = next((post for post in posts if post.command), None)
    if own is None:
        return
    on_the_way = {post.id for post in ways[own.id]} | {partner.registered_by for partner in scenario.partners}
    for post in posts:
        if post.serves and own in ways[post.id]:
            on_the_way |= {above.id for above in ways[post.id]}
    for number, post in enumerate(posts):
        if post.serves and own not in ways[post.id]:
            says = bilingual("none of those above it is {post}, where command sits", post=shown(own))
            yield Slip("posts", number, "upper", post.upper, says)
        elif post.id not in on_the_way:
            says = bilingual("it serves no place, and nothing goes through it to command or to those above")
            yield Slip("posts", number, "serves", "", says)


def relays_that_never_hold(scenario: Scenario) -> Slips:
    """UAV relays that come too late, or whose fuel does not last to the nearest village and home."""
    lon = np.array([village.lon for village in scenario.villages])
    lat = np.array([village.lat for village in scenario.villages])
    for number, relay in enumerate(scenario.relays):
        away_km = float(great_circle_km(relay.lon, relay.lat, lon, lat).min())
        turn_h = 2 * max(0.0, away_km - relay.radius_km) / relay.cruise_kmh
        if turn_h >= relay.endurance_h:
            says = bilingual("shorter than the flight to the nearest village and home, {turn}: it never holds anywhere",
                             turn=duration(turn_h, f"{turn_h:.2g}"))  # fmt: skip
            yield Slip("relays", number, "endurance_h", write_hours(relay.endurance_h), says, "fault")
        if relay.call_up_h >= scenario.settings.duration_h:
            says = bilingual("longer than the whole run ({run}): it never takes off",
                             run=duration(scenario.settings.duration_h))  # fmt: skip
            yield Slip("relays", number, "call_up_h", write_hours(relay.call_up_h), says)


def triggers_of_nothing(scenario: Scenario) -> Slips:
    """Conditions of response levels that cannot come true here: of another hazard, of more than there is (a note).

    A plan's thresholds are right for its whole county or province, of which a scenario may hold a part.
    """
    people = sum(village.population for village in scenario.villages)
    people += sum(place.persons for place in scenario.institutions)
    most = dict.fromkeys(("moved", "affected", "trapped", "dead"), (people, bilingual("people live here")))
    places = len(scenario.settlements), bilingual("villages and institutions are here")
    most |= dict.fromkeys(("flooded", "cut_off", "silent"), places)
    burns, floods = (brings(effect, scenario.settings.hazards) for effect in (Flames, WaterDepth))
    for number, trigger in enumerate(scenario.triggers):
        of, least = trigger.of, trigger.at_least.value if trigger.at_least else 0.0
        if (trigger.kind != "reading" or of in OF_KINDS["reading"]) and (
            (of in ("fire", "fires", *OF_KINDS["reading"]) and not burns) or (of == "flooded" and not floods)
        ):
            yield Slip("triggers", number, "of", of, bilingual("no hazard of this scenario brings it"))
        elif trigger.kind in ("loss", "count") and of in most and least > most[of][0]:
            says = bilingual("it never holds: {number:,} {what}", number=most[of][0], what=most[of][1])
            yield Slip("triggers", number, "at_least", str(trigger.at_least), says, "note")
        elif trigger.kind == "age" and least >= scenario.settings.duration_h:
            run = duration(scenario.settings.duration_h)
            says = bilingual("it never holds: longer than the whole run ({run})", run=run)
            yield Slip("triggers", number, "at_least", str(trigger.at_least), says, "note")


def thresholds_in_the_wrong_order(scenario: Scenario) -> Slips:
    """Higher response levels that need less than lower ones of the same: the lower would never be declared alone."""
    alone = [
        (row, trigger) for row, trigger in enumerate(scenario.triggers) if trigger.at_least and not trigger.together
    ]
    for pair in combinations(sorted(alone, key=lambda numbered: RESPONSE_LEVELS[numbered[1].level]), 2):
        (row, high), (low_row, low) = pair
        if _of(high) != _of(low) or high.level == low.level:
            continue
        if _least(high).value < _least(low).value and low.below is None:
            spot = where(scenario, "triggers", low_row, "at_least")
            says = bilingual(
                "level {high} is due from less on than level {low} ({value}, {spot})",
                high=high.level, low=low.level, value=str(low.at_least), spot=spot,
            )  # fmt: skip
            yield Slip("triggers", row, "at_least", str(high.at_least), says)


def _of(trigger: Trigger) -> tuple[str, str, str, float]:
    return trigger.kind, trigger.of, _least(trigger).unit, trigger.ahead_h


def _least(trigger: Trigger) -> Measured:
    assert trigger.at_least is not None
    return trigger.at_least


def readings_of_another_unit(scenario: Scenario) -> Slips:
    """Readings and thresholds that no gauge shows: of another unit, or with a digit too many."""
    for table, field in (("readings", "value"), ("triggers", "at_least")):
        for number, row in enumerate(scenario.table(table)):
            value: Measured | None = getattr(row, field)
            low, high = USUAL_READINGS.get(value.unit, (-np.inf, np.inf)) if value else (-np.inf, np.inf)
            if value and not low <= value.value <= high:
                says = bilingual("usual is {low:g} to {high}: another unit, or a digit too many?", low=low,
                                 high=f"{high:,g} {value.unit}")  # fmt: skip
                yield Slip(table, number, field, str(value), says)


def repair_of_nothing(scenario: Scenario) -> Slips:
    """Crews that only repair where nothing that they mend can break."""
    flood = scenario.settings.hazards.get("flood")
    breaks = getattr(flood, "road_damage", 0) or getattr(flood, "bridge_damage", 0)
    if breaks or (scenario.channels and (scenario.stations or scenario.power)):
        return
    for number, team in enumerate(scenario.teams):
        if team.count and set(team.tasks) == {"repair"}:
            says = bilingual("no road, base station or power area is ever damaged here: {crew} has nothing to do",
                             crew=shown(team))  # fmt: skip
            yield Slip("teams", number, "tasks", "repair", says)


RESPONSE_SLIPS: tuple[Callable[[Scenario], Slips], ...] = (
    channels_without_stations,
    areas_that_feed_nothing,
    posts_off_the_way,
    relays_that_never_hold,
    triggers_of_nothing,
    thresholds_in_the_wrong_order,
    readings_of_another_unit,
    repair_of_nothing,
)
"""Asked of every scenario."""
