"""What can keep a promise from being kept, and how each such cause is taken out of a scenario.

A cause is lifted by changes that `--set` takes, so that what was tried can be tried by anyone. Lifted is far more than
could be bought: ten times the boats, there from the start; roads above any water. What is then still broken is broken
for another reason. Of every registered kind of responders there is "enough of them" and, for those that drive or float,
"some in every village": the first asks whether they are too few, the second whether they stand on the wrong side of a
cut. Nothing is drawn otherwise in the lifted scenario: every draw has its own stream.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from simrescue.communication.channels import CHANNEL_KINDS, NetworkName
from simrescue.communication.posts import POST_LEVELS
from simrescue.experiment.studies.changes import Change, hours_text
from simrescue.explain.critical_path.bins import free_bin
from simrescue.hazards.kinds import extend, hazard_named
from simrescue.kinds import kind_of, of_role
from simrescue.places import NEEDS
from simrescue.records import Kind, key_in_file
from simrescue.responders import Responder
from simrescue.scenario.preflight.without_effect.idle import CONDITIONS
from simrescue.scenario.records import Scenario
from simrescue.wording import Words, bilingual

Sets = dict[str, Any]
"""Path -> value, as `--set` takes them; nothing where a scenario has nothing to lift."""

MANY = 10
"""So many times the crews of a row are enough of them."""
TIMES = (2, 5)
"""Lesser multiples of all crews of a kind, of which one may be enough."""
MOST_CREWS = 5000
"""Most crews of a row that a scenario may have."""
PEOPLE_PER_CREW = 200
"""A crew at hand in a village for so many people: what a boat of eight seats carries off in half a day."""
AT_HAND = 10
"""Most crews put into one village."""
PLENTY = 1e7
"""Rations of a need in a depot, and places in a shelter, that nothing uses up."""
DRY_M = 8000
"""Height that no water reaches, metres."""
EARLIER_H = 6.0
"""Hours by which forecast, order and call-out come earlier."""
AT_ONCE = "0 h"
SLOWER = 2
"""Times as long as a post takes for each message, where it is asked what would be if posts were slower."""

_UNITS = (
    ("_t_per_h", "t/h"), ("_kmh", "km/h"), ("_ms", "m/s"), ("_km", "km"), ("_kg", "kg"), ("_h", "h"), ("_m", "m"),
    ("_t", "t"),
)  # fmt: skip
"""Ending of a field's Python name -> the unit of its number; longest first."""


@dataclass(frozen=True, eq=False)
class PossibleCause:
    """Something that may keep a promise from being kept."""

    id: str
    words: Words
    """What is so when it is lifted, to follow "with": "enough boats"."""
    bins: frozenset[str]
    """Bins of the account of waiting in which it would show; `free`: those of all kinds of responders."""
    sets: Callable[[Scenario], Sets]
    """The changes that lift it; nothing where the scenario gives nothing to lift."""

    def shows_in(self, bin_key: str) -> bool:
        """Whether it would show in a bin of the account, by the key of the bin."""
        return bin_key in self.bins or (_FREE in self.bins and bin_key.startswith(free_bin("")))


def causes_of(scenario: Scenario) -> dict[PossibleCause, Sets]:
    """All causes that a scenario may suffer from, with what lifts each, in a fixed order.

    Args:
        scenario: as it is run.
    """
    of_hazards = dict.fromkeys(cause for name in scenario.settings.hazards for cause in hazard_named(name).lifted)
    lifts = {cause: cause.sets(scenario) for cause in (*_of_kinds(), *CAUSES, *of_hazards)}
    return {cause: sets for cause, sets in lifts.items() if sets}


def what_ifs_of(scenario: Scenario) -> dict[PossibleCause, Sets]:
    """What a scenario is tried with though it is worse than things are, in a fixed order.

    Args:
        scenario: as it is run.
    """
    tried = {cause: cause.sets(scenario) for cause in WHAT_IFS}
    return {cause: sets for cause, sets in tried.items() if sets}


def forces_of(scenario: Scenario) -> list[Change]:
    """Forces however absurd: each cause as a change that lifts it, "priced" by how absurd it is.

    Of each kind of responders there are lesser multiples beside `MANY` times; a cause lifted whole costs 1.

    Args:
        scenario: as it is run.
    """
    few = [
        Change(
            f"enough-{kind.name}-{times}",
            *bilingual(
                "{times} times as many {responders}, there from the start", times=times,
                responders=(kind.noun.many, kind.noun.zh),
            ),
            _enough(kind, times)(scenario), times / MANY,
        )
        for kind in of_role("responder") for times in TIMES
    ]  # fmt: skip
    whole = [Change(cause.id, *cause.words, sets, 1.0) for cause, sets in causes_of(scenario).items()]
    return [one for one in few if one.sets] + whole


# ---- forces


def _of_kinds() -> Iterator[PossibleCause]:
    """For each registered kind of responders: enough of them, and some in every village."""
    for kind in of_role("responder"):
        name, bins = kind.noun, frozenset({free_bin(kind.name)})
        many = (name.many, name.zh)
        yield PossibleCause(
            f"enough-{kind.name}", bilingual("enough {responders}", responders=many), bins, _enough(kind)
        )
        if kind.moves != "air" and not kind.based:
            words = bilingual("{responders} in every village", responders=many)
            yield PossibleCause(f"near-{kind.name}", words, bins | {"travel", "closed", "turnout"}, _at_hand(kind))


def _enough(kind: Kind, times: int = MANY) -> Callable[[Scenario], Sets]:
    def sets(scenario: Scenario) -> Sets:
        found: Sets = {}
        for row in scenario.table(kind.table):
            if row.count:
                path = f"{kind.table}.{row.id}"
                found[f"{path}.count"] = max(row.count, min(MOST_CREWS, times * row.count))
                found |= _from_the_start(path, row)
                found |= {f"{path}.serviceable": 1} if "serviceable" in type(row).model_fields else {}
        return found

    return sets


def _from_the_start(path: str, row: Responder) -> Sets:
    """A crew that waits for nothing before it can be sent."""
    waits = {"release": row.release, "available": row.available, "partner": row.partner, "until": row.until}
    return {f"{path}.{name}": None for name, value in waits.items() if value or name not in ("partner", "until")}


def _at_hand(kind: Kind) -> Callable[[Scenario], Sets]:
    """A crew like the largest row's for every so many people of each place, ready to go."""

    def sets(scenario: Scenario) -> Sets:
        rows = [row for row in scenario.table(kind.table) if row.count]
        if not rows:
            return {}
        # One row of each set of tasks: buses do not do what doctors do.
        models: dict[tuple[str, ...], Responder] = {}
        for row in sorted(rows, key=lambda row: (-row.room()[0], row.id)):
            models.setdefault(tuple(sorted(row.tasks)), row)
        placed = [
            _placed(row, place.id, place.population)
            for row in models.values()
            for place in scenario.settlements
            if place.population
        ]
        return {f"{kind.table}.{kind.name}-near-{number}": row for number, row in enumerate(placed, 1)}

    return sets


def _placed(row: Responder, place: str, people: float) -> dict[str, Any]:
    """A row as a scenario file has it: a crew's, at a place, free from the start and out at once."""
    own = {name: getattr(row, name) for name in type(row).model_fields if name in row.model_fields_set}
    for name in ("id", "name", "name_zh", "release", "available", "until", "partner", "turnout_night_h", "request_h"):
        own.pop(name, None)
    count = min(AT_HAND, math.ceil(people / PEOPLE_PER_CREW))
    own |= {"base": place, "count": count, "turnout_h": 0.0, "assumed": True}
    return {key_in_file(name): _as_in_file(name, value) for name, value in own.items() if value is not None}


def _as_in_file(name: str, value: Any) -> Any:
    if isinstance(value, tuple):
        return list(value)
    unit = next((unit for ending, unit in _UNITS if name.endswith(ending)), "")
    return f"{value:.9g} {unit}" if unit and isinstance(value, float | int) else value


def _of_all_crews(scenario: Scenario, **fields: Any) -> Sets:
    """Fields of every row of responders that has them."""
    found = {}
    for kind in of_role("responder"):
        for row in scenario.table(kind.table):
            for name, value in fields.items():
                if row.count and name in type(row).model_fields and getattr(row, name) not in (value, "", None):
                    found[f"{kind.table}.{row.id}.{key_in_file(name)}"] = value
    return found


def _there(scenario: Scenario) -> Sets:
    rows = [(kind_of(row).table, row) for row in scenario.responders if row.count]
    released = {f"{table}.{row.id}.release": None for table, row in rows if row.release}
    released |= {f"{table}.{row.id}.partner": None for table, row in rows if row.partner}
    released |= {f"{table}.{row.id}.until": None for table, row in rows if row.until}
    return released | {f"{table}.{row.id}.available": None for table, row in rows if row.available}


def _aid(scenario: Scenario) -> Sets:
    """Every partner asked with the first level or at the first request, and grants."""
    if not scenario.partners:
        return {}
    return {"partners.*.asked_after": AT_ONCE, "partners.*.grant": 1, "partners.*.decision": AT_ONCE}


def _staffed_posts(scenario: Scenario) -> Sets:
    lifted = {"posts.*.staff": 1000, "posts.*.from": AT_ONCE, "posts.*.to": "24 h", "posts.*.place": None}
    return lifted if scenario.posts else {}


def _quick_posts(scenario: Scenario) -> Sets:
    times = ("report", "order", "request")
    return _staffed_posts(scenario) | {f"posts.*.{name}": AT_ONCE for name in times if scenario.posts}


def _slow_posts(scenario: Scenario) -> Sets:
    return {
        f"posts.{post.id}.{name}": hours_text(SLOWER * getattr(post, f"{name}_h"))
        for post in scenario.posts for name in ("report", "order", "request")
    }  # fmt: skip


def _near_partners(scenario: Scenario) -> Sets:
    if not scenario.partners:
        return {}
    return {"partners.*.gathering": AT_ONCE, "partners.*.distance": "0 km", "partners.*.handover": AT_ONCE}


def _ready(scenario: Scenario) -> Sets:
    return _of_all_crews(scenario, turnout_h=AT_ONCE, turnout_night_h=AT_ONCE, request_h=AT_ONCE, changeover_h=AT_ONCE)


def _tireless(scenario: Scenario) -> Sets:
    return _of_all_crews(scenario, shift_h="1000 h", crew_day_h="24 h", breakdown=0)


def _any_weather(scenario: Scenario) -> Sets:
    return _of_all_crews(scenario, max_wind_ms="100 m/s", min_visibility_km="0 km")


def _daylight(scenario: Scenario) -> Sets:
    return {"air.sunrise": "0 h", "air.sunset": "24 h"} if scenario.responders else {}


# ---- goods


def _stock(scenario: Scenario) -> Sets:
    return {f"depots.*.{need}": PLENTY for need in NEEDS} if scenario.depots else {}


def _stocked_shelters(scenario: Scenario) -> Sets:
    return {f"shelters.*.{need}": PLENTY for need in NEEDS} if scenario.shelters else {}


def _docks(scenario: Scenario) -> Sets:
    return {"depots.*.docks": 1000, "depots.*.opening": AT_ONCE} if scenario.depots else {}


def _room(scenario: Scenario) -> Sets:
    return {"shelters.*.capacity": int(PLENTY), "shelters.*.opening": AT_ONCE} if scenario.shelters else {}


def _unasked(scenario: Scenario) -> Sets:
    return {"relief.pushed": 1, "relief.reorder": "48 h"} if scenario.depots else {}


def _unloading(scenario: Scenario) -> Sets:
    return {"relief.unload": "100000 t/h"} if scenario.depots else {}


def _edge(scenario: Scenario) -> Sets:
    if not any(kind_of(row).moves == "water" for row in scenario.responders):
        return {}
    return {"parameters.transfer_room": 100_000, "parameters.transfer_boats": 1000,
            "parameters.transfer_vehicles": 1000}  # fmt: skip


# ---- news, orders and people


def _news(scenario: Scenario) -> Sets:
    carried = {"channels.*.delay": AT_ONCE} if scenario.channels else {}
    return {"command.report": AT_ONCE, "command.driver_report": AT_ONCE, "command.road_report": AT_ONCE, **carried}


def _contact(scenario: Scenario) -> Sets:
    if scenario.channels:  # a phone in every village that hangs on nothing
        phone = {"kind": "satellite", "order": 0, "delay": AT_ONCE, "battery": f"{scenario.settings.duration_h:g} h"}
        return {"channels.lifted": phone, "villages.*.satellite_phones": 1, "villages.*.trained": 1}
    return {"command.contact_loss": 0} if scenario.settings.command.contact_loss else {}


def _never_failing(network: NetworkName) -> Callable[[Scenario], Sets]:
    """Base stations of a network that nothing stops."""

    def sets(scenario: Scenario) -> Sets:
        found: Sets = {}
        for station in scenario.stations:
            if station.kind == network:
                held = f"{scenario.settings.duration_h:g} h"
                limits = {"elevation": f"{DRY_M} m", "wind_limit": None, "line": None, "line_backup": None}
                found |= {f"stations.{station.id}.{name}": value for name, value in {**limits, "backup": held}.items()}
        return found

    return sets


def _mended(scenario: Scenario) -> Sets:
    """Power and base stations work again as soon as what had stopped them is over."""
    sets: Sets = {"stations.*.repair": AT_ONCE} if scenario.stations else {}
    if scenario.power:
        sets |= {"power.*.line_repair": AT_ONCE, "power.*.room_repair": AT_ONCE}
    return sets


def _mended_roads(scenario: Scenario) -> Sets:
    """Roads that water has damaged, and bridges that it took, are open again as soon as it has gone."""
    if not (scenario.roads and CONDITIONS["damaged_roads"].holds(scenario)):
        return {}
    above = "hazard.flood" if isinstance(scenario.settings.hazard, tuple) else "hazard"
    return {f"{above}.road_repair": AT_ONCE, f"{above}.road_rebuild": AT_ONCE}


def _officers(scenario: Scenario) -> Sets:
    return {"villages.*.officers": None} if any(row.officers is not None for row in scenario.villages) else {}


def _alone(scenario: Scenario) -> Sets:
    return {"warning.alone_after": AT_ONCE} if scenario.settings.warning.alone_after_h else {}


def _decisions(scenario: Scenario) -> Sets:
    return {"command.decision": AT_ONCE} if scenario.settings.command.decision_h else {}


def _order(scenario: Scenario) -> Sets:
    """Forecast, order and call-out earlier, those of single places with them; never before the start."""
    warning = scenario.settings.warning
    found: Sets = {}
    if warning.forecast is not None:
        found["warning.forecast"] = hours_text(warning.forecast - EARLIER_H)
    else:
        found["warning.forecast_lead"] = hours_text(warning.forecast_lead_h + EARLIER_H)
    if warning.order is not None:
        found["warning.order"] = hours_text(warning.order - EARLIER_H)
    if warning.call_out is not None:
        found["warning.call_out"] = hours_text(warning.call_out - EARLIER_H)
    else:
        found["warning.call_out_lead"] = hours_text(warning.call_out_lead_h + EARLIER_H)
    for place in scenario.settlements:
        table = kind_of(place).table
        for name in ("order", "call_out"):
            if (moment := getattr(place, name)) is not None:
                found[f"{table}.{place.id}.{name}"] = hours_text(moment - EARLIER_H)
    return found


def _told(_: Scenario) -> Sets:
    return {"warning.reach": 1, "warning.answer": AT_ONCE, "warning.diffusion_t50": "1 min"}


def _leaving(_: Scenario) -> Sets:
    return {"evacuation.act_t50": "1 min", "evacuation.act_t50_day": "1 min", "evacuation.night_rate": 1}


def _willing(scenario: Scenario) -> Sets:
    if not scenario.settings.evacuation.refuse:
        return {}
    return {"evacuation.refuse": 0, "warning.false_alarms": 0, "villages.*.false_alarms": None}


# ---- roads


def _no_orders(scenario: Scenario) -> Sets:
    """No road is closed by order."""
    closed = [road.id for road in scenario.roads if road.closed is not None]
    return {f"roads.{road}.{name}": None for road in closed for name in ("reopened", "closed")}


def _open_roads(scenario: Scenario) -> Sets:
    """Neither water nor an order on any road."""
    if scenario.settings.flood.source == "levels":
        dry: Sets = {"roads.*.elevation": f"{DRY_M} m"} if scenario.roads else {}
    else:
        roads = {road.id for road in scenario.roads}
        wet = sorted({row.subject for row in scenario.depths} & roads)
        dry = {f"depths.{one}.depth": "0 m" for one in wet}
    return dry | _no_orders(scenario)


def _free_roads(scenario: Scenario) -> Sets:
    return {"roads.*.lanes": 20, "roads.*.capacity": None} if scenario.roads else {}


# ---- fires


def _of_fire(scenario: Scenario, **fields: Any) -> Sets:
    above = "hazard.wildfire" if isinstance(scenario.settings.hazard, tuple) else "hazard"
    return {f"{above}.{name}": value for name, value in fields.items()}


def _found(scenario: Scenario) -> Sets:
    if not scenario.detectors:
        return {}
    return {"detectors.found-at-once": {
        "kind": "satellite", "revisit": "1 min", "delay": AT_ONCE, "chance": 1, "assumed": True,
    }}  # fmt: skip


def _all_sent(scenario: Scenario) -> Sets:
    fire = scenario.settings.wildfire
    if not fire.stages and not fire.reserve:
        return {}
    # Without stages nobody may wait for the level that one would have declared.
    return _of_fire(scenario, stages=[], reserve=[]) | _there(scenario)


def _no_rules(scenario: Scenario) -> Sets:
    return _of_fire(scenario, rules=[]) if scenario.settings.wildfire.rules else {}


def _water(scenario: Scenario) -> Sets:
    if not scenario.water_sources and not any(getattr(row, "pumps", 0) for row in scenario.responders):
        return {}
    sources = {"water_sources.*.depth": "30 m", "water_sources.*.holds": None} if scenario.water_sources else {}
    return sources | _of_all_crews(scenario, tank_t="100 t")


def _pumps(scenario: Scenario) -> Sets:
    return {f"teams.{row.id}.pumps": MANY * max(1, row.pumps)
            for row in scenario.teams if row.count and "suppression" in row.tasks}  # fmt: skip


def _walk_in(scenario: Scenario) -> Sets:
    return _of_fire(scenario, walk="100 km/h")


def _fire_order(scenario: Scenario) -> Sets:
    if not scenario.villages:
        return {}
    fire = scenario.settings.wildfire
    return _of_fire(
        scenario, order_lead=hours_text(fire.order_lead_h + EARLIER_H),
        order_within=f"{fire.order_within_km + 10:g} km",
    )  # fmt: skip


_QUEUES = " ".join(f"queue_{level}" for level in POST_LEVELS)
_CARRIED = " ".join(f"by_{kind.name}" for kind in CHANNEL_KINDS if kind.both_ways)
_FREE = "free"
"""Stands for the bins of all kinds of responders."""


def _cause(name: str, words: Words, bins: str, sets: Callable[[Scenario], Sets]) -> PossibleCause:
    return PossibleCause(name, words, frozenset(bins.split()), sets)


CAUSES = (
    _cause("there", bilingual("all forces there from the start"), _FREE, _there),
    _cause("aid", bilingual("aid asked for and granted at once"), "aid_unasked granting", _aid),
    _cause("near-aid", bilingual("partners who stand ready next door"), "aid_coming", _near_partners),
    _cause("ready", bilingual("crews out at once"), "turnout", _ready),
    _cause("tireless", bilingual("crews that need no rest and break down never"), "rest", _tireless),
    _cause("any-weather", bilingual("aircraft that fly in any weather"), "held", _any_weather),
    _cause("daylight", bilingual("daylight all the time"), "held travel leaving", _daylight),
    _cause("stock", bilingual("enough goods in all depots"), "stock", _stock),
    _cause("shelter-stock", bilingual("goods for all stored in the shelters"), f"stock travel loading {_FREE}",
           _stocked_shelters),
    _cause("docks", bilingual("depots open at once, with enough docks"), "loading", _docks),
    _cause("room", bilingual("shelters open at once, with room for all"), "travel report never", _room),
    _cause("unloading", bilingual("goods unloaded at once"), "unloading", _unloading),
    _cause("news", bilingual("news at once"), f"report {_CARRIED}", _news),
    _cause("contact", bilingual("contact kept with all places"), f"report runner power network ordering {_CARRIED}",
           _contact),
    _cause("public-network", bilingual("public network that never fails"), "runner power network report",
           _never_failing("public")),
    _cause("radio-network", bilingual("370 MHz radio that never fails"), "runner power network report",
           _never_failing("mhz370")),
    _cause("mended", bilingual("power and base stations repaired at once"), "power network report", _mended),
    _cause("officers", bilingual("officers who answer the first call"), "warning report", _officers),
    _cause("post-staff", bilingual("posts at which nothing waits"), f"{_QUEUES} report warning", _staffed_posts),
    _cause("quick-posts", bilingual("posts that pass everything on at once"), f"{_QUEUES} post_work report warning",
           _quick_posts),
    _cause("alone", bilingual("silent villages that act by themselves at once"), "warning", _alone),
    _cause("decisions", bilingual("decisions at once"), "decision", _decisions),
    _cause("told", bilingual("everybody told at once"), "warning", _told),
    _cause("leaving", bilingual("people who leave as soon as they are told"), "leaving", _leaving),
    _cause("willing", bilingual("nobody who refuses to leave"), "refused", _willing),
    _cause("road-orders", bilingual("no road closed by order"), "closed travel", _no_orders),
    _cause("traffic", bilingual("roads wide enough for all traffic"), "traffic", _free_roads),
)  # fmt: skip
"""The causes that are of no kind of responders and of no hazard, each declared once."""

extend("flood", lifted=(
    _cause("unasked", bilingual("goods sent before anybody asks"), "report decision loading travel", _unasked),
    _cause("edge", bilingual("room at the water's edge for all boats and vehicles"), "working closed", _edge),
    _cause("order", bilingual("forecast, order and call-out {hours:g} h earlier", hours=EARLIER_H),
           "warning hazard decision", _order),
    _cause("mended-roads", bilingual("damaged roads repaired at once"), "closed travel", _mended_roads),
    _cause("roads", bilingual("all roads open"), "closed travel never", _open_roads),
))  # fmt: skip
extend("wildfire", lifted=(
    _cause("found", bilingual("fires found at once"), "found", _found),
    _cause("all-sent", bilingual("everybody sent with the report of a fire"), f"{_FREE} decision", _all_sent),
    _cause("no-rules", bilingual("crews that no rule keeps from the line"), "stood_down", _no_rules),
    _cause("water", bilingual("enough water for pumps and aircraft"), "water", _water),
    _cause("pumps", bilingual("enough pumps for every team"), "working water", _pumps),
    _cause("walk-in", bilingual("no walk from road to line"), "walking", _walk_in),
    _cause("fire-order", bilingual("villages ordered out {hours:g} h earlier", hours=EARLIER_H), "warning",
           _fire_order),
))  # fmt: skip


WHAT_IFS = (_cause("slow-posts", bilingual("every post twice as slow"), "", _slow_posts),)
"""What lifts nothing: worse than things are, tried in the same way, to tell how much hangs on it."""


def together(*several: Sets) -> Sets:
    """What lifts several causes at once; where two set the same path the larger number counts."""
    found: Sets = {}
    for sets in several:
        for path, value in sets.items():
            before = found.get(path)
            both = isinstance(before, int | float) and isinstance(value, int | float)
            found[path] = max(before, value) if both else value
    return found
