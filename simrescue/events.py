"""The event log: one row an event, kinds that read as a story; everything later is computed from it alone.

Columns of a row, in order: time_h, kind, subject, place, cause, request, item, persons, amount.
`subject` and `place` are indexes into the table of things stored with the log; `cause` is the row number
of the event that led to this one (-1: none); `request` numbers requests within a run (-1: none);
what `item` (-1: none) and `amount` mean is told by the kind (`EventKind.item`, `.amount`, `.unit`).
"""

from __future__ import annotations

from enum import IntEnum, unique
from itertools import chain
from typing import Any, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

COLUMNS = ("time_h", "kind", "subject", "place", "cause", "request", "item", "persons", "amount")
NONE = -1
"""Where a column has nothing to say."""


@unique
class EventKind(IntEnum):
    """What happened, as the verb of a sentence whose subject is `subject`; each with what its columns mean."""

    says: str
    """What happened; columns that it speaks of stand in backquotes."""
    item: str
    """What `item` is the index of: a key of `ITEMS`; empty: it says nothing (and is -1)."""
    amount: str
    """What `amount` is; empty: it says nothing (and is 0)."""
    unit: str
    """Unit of `amount`; a key of `UNITS`."""

    def __new__(cls, number: int, says: str = "", item: str = "", amount: str = "", unit: str = "") -> Self:
        """A kind by its number in logs."""
        kind = int.__new__(cls, number)
        kind._value_ = number
        kind.says, kind.item, kind.amount, kind.unit = says, item, amount, unit
        return kind

    # how things stand at the start (time 0)
    LIVES = 0, "Village `subject`: `persons` live there."
    STOCKED = 1, "Depot or shelter `subject` has goods (at the start, or from above).", "need", "goods", "by need"
    STANDS = 2, "Responder `subject` stands at its base `place` with `persons` of crew."
    # hazard
    WATER_ARRIVES = 10, "Water comes to `place`.", "class", "depth", "m"
    WATER_RISES = 11, "`place` reaches a higher class of danger.", "class", "depth", "m"
    WATER_FALLS = 12, "`place` falls to a lower class of danger.", "class", "depth", "m"
    WATER_LEAVES = 13, "`place` is dry again."
    ROAD_FLOODS = 14, "Road `subject` is no longer passable for trucks.", "", "depth", "m"
    ROAD_CLEARS = 15, "Road `subject` is dry enough for trucks.", "", "depth", "m"
    ROAD_DAMAGED = 16, "Road `subject` stays closed after the water, for its repair.", "", "time of repair", "h"
    ROAD_REPAIRED = 17, "Road `subject` is repaired."
    ISOLATED = 18, "Village `subject`: no open road for a truck leads out."
    REACHABLE = 19, "Village `subject`: a road is open again."
    CONTACT_LOST = 20, "Nobody at `subject` can be reached."
    CONTACT_RESTORED = 21, "`subject` can be reached again."
    WATER_DEEPENS = 22, "`place` is deeper than ever, in the same class of danger.", "", "depth", "m"
    ROAD_CLOSES = 23, "Road `subject` is closed by a cause of its hazard, or by order.", "cause"
    ROAD_OPENS = 24, "That cause is gone from road `subject`; there may be others.", "cause"
    PLACE_LOST = 25, "`place` is buried or torn away: unsafe to the end."
    # warning and evacuation
    LEVEL_RAISED = 30, "Command declares a response level.", "level"
    LEVEL_LOWERED = 300, "Command lowers the response level.", "level"
    TRIGGER_MET = 301, "Trigger `place` of a response level has come to hold.", "level", "the reading", "by trigger"
    TRIGGER_OVER = 302, "Trigger `place` of a response level holds no longer.", "level", "the reading", "by trigger"
    LEVEL_DUE = 303, "A response level is due: one of its rules is met. It is to be decided on.", "level"
    LEVEL_ASKED = 304, "Command asks the post above to agree to a response level.", "level"
    MADE_READY = (
        305,
        "By order of a response level a crew (`persons`) at `place` begins its turnout, or staff come to a depot.",
        "level",
    )
    # partners outside; only with partners.csv
    PARTNER_ASKED = 310, "Partner `place` is asked for its crews, with `persons` in all.", "", "crews", "count"
    AID_GRANTED = 311, "Partner `place` grants its crews, with `persons` in all.", "", "crews", "count"
    AID_REFUSED = 312, "Partner `place` refuses its crews, with `persons` in all.", "", "crews", "count"
    AID_SETS_OUT = (
        313,
        "The crews of partner `place`, with `persons` in all, have gathered and set out.",
        "",
        "crews",
        "count",
    )
    AID_HANDED_OVER = 314, "The crews of partner `place`, with `persons` in all, are handed over.", "", "crews", "count"
    # posts; only with posts.csv
    POST_TAKES = (
        315,
        "Post `subject` begins to handle a message of, or to, `place`.",
        "post level",
        "time in its queue",
        "h",
    )
    POST_PASSES = 316, "Post `subject` passes on that message.", "post level", "kind of message", "message"
    POST_DOWN = 317, "Post `subject`, in the building of `place`, can handle nothing any more.", "outage"
    POST_UP = 318, "Post `subject` handles messages again, with its mains or elsewhere.", "outage"
    FORECAST = 31, "The forecast warns of the hazard at village `subject`."
    ORDERED = 32, "The order to leave village `subject` is given."
    CALLED_OUT = 33, "The officers of village `subject` are called."
    ANSWERED = (
        34,
        "The officers of village `subject` answer; where they are called in turn: who, or who else is told.",
        "officer",
        "round of calls in which somebody answers",
        "count",
    )
    UNREACHED = (
        46,
        "An officer of village `subject` does not answer, for the first time since the call-out.",
        "officer",
        "round of calls",
        "count",
    )
    PUBLIC_CALLS = 47, "People of village `subject`, whose officers nobody has reached, tell how things stand there."
    ACTS_ALONE = (
        48,
        "Officers of village `subject`, which is silent, order people to leave by their own page of rules.",
        "sign",
        "time since it fell silent",
        "h",
    )
    FORECAST_TOLD = 330, "The officers of village `subject` are to be told of the forecast."
    NOWCAST = 331, "The officers of village `subject` are to be told of a short-term warning."
    NOTED = (
        332,
        "The officers of village `subject` answer that they have had the forecast or the short-term warning.",
        "notice",
        "round of calls in which somebody answers",
        "count",
    )
    MESSENGER_LEAVES = 333, "Nobody in village `subject` has answered: somebody sets out for it on foot."
    MESSENGER_COMES = 334, "He comes to village `subject`, from `place`, and tells all that waits.", "", "walked", "h"
    GUIDES_FETCH = 335, "Guides in village `subject` stand at the doors of households.", "", "households", "count"
    WARNED = 35, "`persons` more in village `subject` have the warning."
    REFUSE = 36, "`persons` in village `subject` will not leave."
    LEAVE = 37, "`persons` of village `subject` set out by own means for shelter `place`.", "from"
    ARRIVE_SHELTER = 38, "`persons` of village `subject` enter shelter `place`.", "with"
    TURNED_AWAY = 39, "`persons` of village `subject` find shelter `place` full."
    TURN_BACK = 40, "`persons` of village `subject` find no way and go home.", "with"
    SHELTER_OPENS = 41, "Shelter `subject` opens."
    SHELTER_CLOSES = 42, "Shelter `subject` is no longer safe, with `persons` inside."
    PERSUADED = 44, "`persons` in village `subject` who would not leave will leave now."
    KNOCKS = 45, "Officers go from door to door in village `subject`.", "", "number of the round", "count"
    LOUDSPEAKERS = 188, "Loudspeakers in village `subject` call on people to leave.", "", "number of the round", "count"
    SENT_ON = 43, "`persons` of village `subject` without a bed in shelter `place` hear of beds elsewhere."
    SLOWED = (
        172,
        "`subject` (a responder, or `persons` of a village) has lost time in traffic on the way to `place`.",
        "",
        "time lost",
        "h",
    )
    CAUGHT = 173, "`persons` of village `subject` are caught on the road at `place`: no way on or back.", "caught"
    REACHED_ON_ROAD = (
        250,
        "Water in which nobody stands safely has come to `persons` of village `subject` caught at `place`.",
        "class",
        "depth",
        "m",
    )
    GOES_ON = 174, "`persons` of village `subject` who were caught at `place` go on: a way is known."
    TAKEN_FROM_ROAD = (
        175,
        "Responder `subject` takes `persons` aboard who were caught on the road at `place`.",
        "village",
    )
    # people in the water
    STRANDED = 50, "`persons` of village `subject` are cut off at home, safe for now."
    TRAPPED = 51, "`persons` of village `subject` need rescue."
    FREED = 52, "`persons` of village `subject` are let go by the hazard.", "people"
    INJURED = 53, "`persons` of village `subject` are hurt."
    TREATED = 54, "`persons` of the injured of village `subject` have medical care, at `place`."
    DIED = 55, "`persons` of village `subject` die.", "people"
    LODGES = (
        176,
        "`persons` of village `subject` go from shelter `place` to relatives, friends or a hotel.",
        "with",
    )
    RETURN_HOME = 56, "`persons` of village `subject` set out for home from `place`, too early or safely.", "away"
    COMES_HOME = 185, "`persons` of village `subject` who had left are at home again."
    # command
    REPORTED = (
        60,
        "Command learns what `place` needs, for `persons`; without a request: of a fire.",
        "task",
        "area of the fire (with a request: nothing)",
        "ha",
    )
    ROAD_KNOWN_CLOSED = 61, "Command learns that road `place` is closed.", "", "depth", "m"
    ROAD_KNOWN_OPEN = 62, "Command learns that road `place` is open.", "", "depth", "m"
    REQUEST_OPENED = (
        63,
        "A request of `place` for `persons` is open.",
        "task",
        "hour since which the need was true",
        "hour",
    )
    REQUEST_CLOSED = 64, "The request of `place` is closed.", "task"
    NEVER_REPORTED = (
        68,
        "A need of `place` for `persons` is over, or the clock stops, unheard of.",
        "task",
        "hour since which the need was true",
        "hour",
    )
    ASSIGNED = (
        65,
        "Responder `subject` is sent to `place`.",
        "task",
        "what it takes on of the request: persons, goods (t), one look, or hands",
        "by task",
    )
    NO_RESPONDER = 66, "For the first time nobody idle can serve the request of `place`.", "task"
    CALLED_OFF = 69, "The mission of responder `subject` to `place` is to end.", "task"
    EXPECTED = (
        59,
        "Command, which hears nothing from `place`, expects `persons` in need there.",
        "task",
    )
    BUSES_ORDERED = (
        189,
        "Command sends buses to `place` for `persons` with the order to leave, before anybody asks.",
        "task",
    )
    RATIONS_ORDERED = (
        251,
        "Command sends first rations to `place` for `persons` with the forecast, before anybody asks.",
        "task",
    )
    CALL = 57, "Somebody at `place` rings for help for `persons`.", "task"
    CALL_LOST = 58, "The caller at `place` rings off before anybody is sent.", "task"
    NO_STOCK = 67, "Responder `subject` finds no goods for `place` in any depot."
    # responders
    TURNS_OUT = 70, "Responder `subject` leaves `place`."
    SETS_OFF = (
        71,
        "Responder `subject` starts a leg to `place`.",
        "",
        "planned time in the air (on the ground: nothing)",
        "h",
    )
    ARRIVES = 72, "Responder `subject` is at `place`."
    TURNS_ROUND = 73, "Responder `subject` meets a closed road, `place`.", "", "depth", "m"
    GIVES_UP = 74, "`subject` knows no way to `place`."
    WAITS_DOCK = 75, "Responder `subject` waits at depot `place` to load."
    LOADED = 76, "Responder `subject` has loaded at depot `place`.", "need", "goods", "by need"
    PICKS_UP = (
        77,
        "Responder `subject` (or neighbours: the village itself) takes `persons` of village `place` aboard.",
        "people",
    )
    WAITS_FOR_MORE = 190, "Bus `subject` waits at `place` for more people: seats are free."
    SETS_DOWN = 78, "Responder `subject` sets `persons` down at shelter `place`."
    DELIVERS = (
        79,
        "`subject` (a responder, or people who fetched) hands over goods at `place`.",
        "need",
        "goods",
        "by need",
    )
    FREE = 80, "Responder `subject` is ready for the next mission, at `place`."
    RETURNS = 81, "Responder `subject` sets off home, to `place`."
    RESTS = 82, "Responder `subject` rests at `place`.", "", "time of rest", "h"
    BREAKS_DOWN = 83, "Responder `subject` breaks down."
    REPAIRED = 84, "Responder `subject` is repaired."
    REFUELS = 85, "Responder `subject` refuels at `place`."
    HELD = 86, "Responder `subject` may not go yet.", "held", "time", "h"
    SEES = 87, "Responder `subject` has looked at `place`; without a request: in passing."
    FINDS_NOBODY = 98, "Responder `subject` finds nobody in need at `place`, where command only expected some.", "task"
    RELEASED = 88, "Responder `subject` is set free by the response level or its hour."
    UNSERVICEABLE = 89, "Responder `subject` is in maintenance throughout."
    LEAVES = 336, "Responder `subject` is there no longer: its hour has come, and its last mission is over."
    # relief
    NEEDS = 90, "`place` asks for goods for `persons`.", "need", "goods", "by need"
    MET = (
        91,
        "`place`: a need is from now on met for `persons` more, and so for all among the first `amount` to come.",
        "need",
        "number of arrival",
        "count",
    )
    RELIEVED = 92, "`place`: all tracked needs that apply there are met for all `persons` there."
    LAPSES = (
        93,
        "`place`: a need is from now on unmet for `persons`; met only for those among the first `amount` to come.",
        "need",
        "number of arrival",
        "count",
    )
    SERVED = 94, "Responder `subject` has worked off the call of `place`.", "task"
    FETCHED = (
        95,
        "People of `subject` take goods from store `place` home, on foot or with a boat or loader of their own.",
        "need",
        "goods",
        "by need",
    )
    OWN_STOCK = (
        96,
        "Village `subject`: `persons` cut off in dry houses begin to live on what they have.",
        "",
        "time that it lasts",
        "h",
    )
    OWN_STOCK_ENDS = 97, "Village `subject`: what people had at home is gone.", "stock"
    # losses; deaths by other curves and damage are reckoned at the end
    HOUSES_COLLAPSE = 160, "Houses of village `subject` fall in the water.", "", "houses", "count"
    EXPECTED_DEATHS = (
        161,
        "Village `subject`: what a curve of deaths gives for the people who were trapped in its water.",
        "curve",
        "deaths",
        "expected",
    )
    HOUSES_DAMAGED = 162, "Village `subject`: direct loss of houses and what was in them.", "", "loss", "yuan"
    CROPS_DAMAGED = 194, "Village `subject`: direct loss of crops on its fields.", "", "loss", "yuan"
    HOUSES_FLOODED = 181, "Half of the houses of village `subject` have been in water of this class.", "class"
    TO_NEIGHBOURS = 196, "`persons` of village `subject` go to neighbours on higher ground as the water comes in."
    ASKS_OUT = 197, "`persons` who stay above the water in village `subject` ask to be taken off."
    WORSENS = 163, "`persons` of the injured of village `subject` are badly hurt now."
    ADMITTED = 164, "`persons` of the badly hurt of village `subject`, brought from `place`, have a hospital bed."
    NO_BED = 165, "`persons` of the badly hurt of village `subject`, brought from `place`, find no hospital bed free."
    # institutions
    CARRIED_UP = 192, "Staff of institution `subject` have carried `persons` who cannot walk to an upper floor."
    PUPILS_FETCHED = 193, "Parents fetch `persons` from school `subject`; they are with their families from now on."
    AMBULANCE_SENT = 195, "Ambulances of hospital `subject` set off for `persons` badly hurt at `place`."
    # at the water's edge
    TOO_DEEP = 145, "The water at `place` is too deep for the vehicle of responder `subject`.", "", "depth", "m"
    LANDED = (
        146,
        "Responder `subject` (or the village itself, or the point before) sets `persons` ashore at `place`.",
        "village",
    )
    WAITS_AT_POINT = 147, "Responder `subject` waits for its turn or for room at transfer point `place`."
    TAKEN_ON = 148, "Vehicles of responder `subject` take `persons` on from transfer point `place`.", "village"
    POINT_MOVES = 149, "`persons` go on from transfer point `subject` to `place`: no vehicle can come any more."
    PUNCTURED = 150, "Boat `subject` is holed."
    BOAT_LOST = 151, "Boat `subject` is lost for good."
    # forest fire; a fire is the place where it began
    IGNITES = 110, "A fire begins at `subject`."
    BURNS = (
        111,
        "A cell of the landscape burns by fire `subject`.",
        "crown",
        "cell (flat index, row 0 in the north)",
        "cell",
    )
    SPOTS = 112, "An ember of fire `subject` starts a new front.", "", "cell", "cell"
    DETECTED = 113, "Fire `subject` is seen.", "means", "area burned by now", "ha"
    AREA = 114, "Fire `subject` has burned so much.", "fire", "area", "ha"
    PERIMETER = 115, "The edge of fire `subject` is so long.", "fire", "length", "km"
    CONTAINED = 116, "Fire `subject` has no open edge left.", "", "area", "ha"
    CONTROLLED = 117, "The whole edge of fire `subject` is mopped up.", "", "area", "ha"
    FIRE_OUT = 118, "Nothing of fire `subject` burns.", "", "area", "ha"
    ESCAPED = 119, "Fire `subject` ran off the map.", "", "area", "ha"
    REKINDLES = 120, "Fire `subject` breaks out across its line.", "", "cell", "cell"
    FIRE_ARRIVES = 121, "Flames come to `place`."
    FIRE_LEAVES = 122, "`place` is burnt out."
    SMOKE_ARRIVES = 123, "Smoke lies over `place`, so thick that nobody lands."
    SMOKE_LEAVES = 124, "The smoke over `place` is gone."
    ROAD_BURNS = 125, "Road `subject` is closed by flames or smoke."
    ROAD_BURNT_OUT = 126, "Road `subject` is free of flames and smoke."
    EXPOSED = 127, "`persons` have not left village `subject` when flames or thick smoke come.", "by"
    HOUSES_EXPOSED = 128, "Houses of village `subject` when flames come.", "", "houses", "count"
    FRONT_NEARS = (
        129,
        "Command expects the front of fire `place` at village `subject`.",
        "nears",
        "time until the front is expected there",
        "h",
    )
    WALKS_IN = 130, "Crew `subject` walks from the road's end to the line of fire `place`.", "", "time", "h"
    TAKES_POST = 131, "Crew `subject` (`persons`) begins to build line at fire `place`.", "method"
    LINE = 132, "The line of crew `subject` at fire `place` has closed a cell.", "width", "cell", "cell"
    LINE_BUILT = (
        133,
        "Crew `subject` has built line at fire `place`, told at the end of its assignment.",
        "tactic",
        "length",
        "m",
    )
    WITHDRAWS = 134, "Crew `subject` (`persons`) leaves the line of fire `place`.", "why"
    OVERRUN = 135, "The front of fire `place` has burned over crew `subject` (`persons`).", "where"
    FILLS = 136, "Aircraft `subject` takes water at source `place`.", "", "water", "t"
    DROPS = 137, "Aircraft `subject` drops water on fire `place`.", "", "water", "t"
    WETS = 138, "A drop of aircraft `subject` on fire `place` has wetted a cell.", "", "cell", "cell"
    MOPS_UP = 139, "Crew `subject` mops up the edge of fire `place`.", "per cent"
    SMOKED_OUT = 140, "Aircraft `subject` drops nothing on fire `place`: smoke over the front."
    REINFORCES = 141, "Command wants forces at fire `place`, in all.", "more", "people or aircraft", "count"
    STAGES = 142, "Command has crews for fire `place` gather anew.", "", "index of the place where", "place"
    INSERTED = 143, "Aircraft `subject` sets down `persons` of a crew near the line of fire `place`."
    FALSE_ALARM = 236, "Something near `place` is taken for a fire.", "means"
    FINDS_NO_FIRE = 237, "Crew `subject` finds no fire near `place`.", "task"
    DIVIDES = (
        230,
        "Command divides people or aircraft among fires: so many for fire `place`, less than it wants or did.",
        "more",
        "people or aircraft",
        "count",
    )
    HELD_BACK = 231, "Command keeps a crew (`persons`) at `place` in reserve for the next fire.", "more"
    FREED_BACK = 232, "Command no longer keeps a crew (`persons`) at `place` in reserve for the next fire.", "more"
    RELIEF_ASKED = 233, "Command asks for relief of a crew (`persons`) on the line of fire `place`."
    RELIEF_COMES = 234, "Relief of a crew (`persons`) is at work on the line of fire `place`."
    AID_ASKED = 235, "Command asks for a crew (`persons`) at `place` that comes by request.", "", "until granted", "h"
    CROWNS = 200, "Fire `subject` takes hold of the crowns, where none had burned for a while.", "crown", "cell", "cell"
    LINE_BREACHED = 210, "Fire `subject` crosses line that it has come to.", "", "cell", "cell"
    LINE_TAKEN = 211, "Fire `place` takes line that crew `subject` had begun and not closed.", "", "length", "m"
    BURNS_OUT = 212, "Crew `subject` lights the ground between its line and fire `place`.", "", "cell", "cell"
    STANDS_DOWN = 222, "Crew `subject` (`persons`) does no work at fire `place` while a rule holds.", "rule"
    CUT_OFF = 220, "Flames of fire `place` stand on every way out of crew `subject` (`persons`)."
    ENTRAPPED = (
        221,
        "Flames of fire `place` come too near to crew `subject` (`persons`), which has ground to stand on.",
        "where",
    )
    SEEKS_SAFETY = 223, "Crew `subject` (`persons`) gets away from fire `place`.", "refuge", "cell", "cell"
    DRIVEN_OFF = 224, "Crew `subject` (`persons`), on foot near fire `place`, gets out of the way of flames.", "why"
    PUMPS = (
        225,
        "Crew `subject` has pumped water at the line of fire `place` from now on.",
        "relay",
        "most that its hoses bring in an hour",
        "t",
    )
    WATER_FAILS = 226, "Crew `subject`, which has pumps, is without water at the line of fire `place`.", "dry"
    SOURCE_EMPTY = 227, "Water source `subject` is empty."
    WATER_USED = (
        228,
        "Crew `subject` has used pumped water on fire `place`, told at the end of its assignment.",
        "",
        "water",
        "t",
    )
    WAITS_FOR_WATER = (
        229,
        "Crew `subject` at fire `place` has stood until now before flames that take more water than came.",
        "",
        "time lost",
        "h",
    )
    CREW_ORDERED = (
        240,
        "Command orders crew `subject` (`persons`) what to do at fire `place`.",
        "tactic",
        "distance from the edge to the line that is ordered; 0: as it suits",
        "m",
    )
    ORDER_REFUSED = 241, "Crew `subject` does not do as ordered at fire `place`, but as it sees fit.", "refusal"
    PROTECTS = 242, "Crew `subject` (`persons`) is to keep the flames from `place`."
    # channels, stations and power; only with channels.csv
    SENT = 270, "`subject` sends a message to `place`.", "channel", "kind of message", "message"
    RECEIVED = 271, "`subject` has a message from `place`.", "channel", "kind of message", "message"
    UNHEARD = 272, "A message of `subject` to `place` does not get through.", "", "kind of message", "message"
    ACKNOWLEDGED = 273, "`subject` answers `place` that the message has come.", "channel", "kind of message", "message"
    RUNNER_LEAVES = 274, "Somebody sets out on foot from `subject` with word for `place`."
    NETWORK_LOST = 275, "`subject` has no public network any more."
    NETWORK_BACK = 276, "`subject` has public network again."
    POWER_LOST = 277, "`subject` has no mains any more; `place`: the power area.", "outage"
    POWER_BACK = 278, "`subject` has mains again; `place`: the power area."
    STATION_DOWN = 279, "Base station `subject` no longer works.", "outage"
    STATION_UP = 280, "Base station `subject` works again."
    REPAIR_BEGINS = 290, "Crew `subject` begins to work at the repair of `place`.", "", "work left", "person-h"
    REPAIR_ENDS = 291, "Crew `subject` leaves the repair of `place`, done or for its rest.", "", "work left", "person-h"
    RELAY_SETS_OUT = 292, "UAV relay `subject` takes off for `place`.", "", "time of flight", "h"
    RELAY_UP = 293, "UAV relay `subject` holds over `place`.", "", "how long it can", "h"
    RELAY_DOWN = 294, "UAV relay `subject` leaves `place`."
    # how things stand at the end
    UNMET = (
        100,
        "At the end the request of `place` for `persons` is open.",
        "task",
        "what nobody is on the way for, as of ASSIGNED",
        "by task",
    )
    CLOCK_STOPS = 102, "The scenario ends."
    ENDS = 101, "At the end `persons` of village `subject` are so.", "state"


ITEMS = {
    "post level": (
        "place in `communication.posts.POST_LEVELS`: village, township, on scene, county, city, province, national"
    ),
    "notice": "0 the forecast, 1 a short-term warning",
    "need": "index in `places.NEEDS`: food, clothing, water, shelter, medical supplies",
    "task": (
        "index in `responders.TASKS`: evacuate, rescue, relief, medical, reconnaissance, suppression, water drop, "
        "repair"
    ),
    "state": (
        "index in `metrics.people.whereabouts.PERSON_STATES`: home, moving, sheltered, stranded, trapped, aboard, "
        "dead, lodged, caught on the road"
    ),
    "caught": "0 on their own way, 1 set down again by a crew",
    "away": "0 from the shelter, 1 from relatives, friends or a hotel, by way of the shelter",
    "people": (
        "0 trapped, 1 stranded, 2 at home (waiting for transport, if taken off), 3 in a shelter, 4 lodged, "
        "5 caught on the road"
    ),
    "class": "class of danger, index in `hazards.flood.depth_effects.CLASSES`: dry, H1 to H6",
    "cause": "place in `network.closures.CAUSES`",
    "level": "response level, 1 (I) to 4 (IV), 5 none",
    "from": "0 from home, 2 from a shelter or its door, which is the place of the causing row",
    "with": (
        "0 by own means with a bag, 1 taken off by a responder, 2 from another shelter (LODGES: from this one), "
        "3 brought by a responder from home with a bag"
    ),
    "held": "0 by darkness, 1 by weather, 2 by the hours of its crew",
    "stock": "0 used up, 1 lost to the hazard",
    "means": "0 satellite, 1 lookout, 2 camera, 3 patrol, 4 UAV, 5 residents",
    "fire": "0 burning, 1 contained, 2 controlled, 3 out, 4 escaped",
    "crown": "0 some crowns burn, 1 all of them (9 of 10); -1: a surface fire",
    "by": "0 flames, 1 smoke",
    "nears": "0 by time, 1 by distance",
    "rule": "place in `hazard.rules`, from 0",
    "where": "0 at its post, 1 on its way out, 2 on foot without a post",
    "refuge": "0 to a safety zone, 1 away from the fire, 2 to bare ground that is no safety zone, 3 nowhere: it stays",
    "dry": "0 no water within its hose, 1 its pumps do not bring it up there, 2 source or tanks are empty",
    "relay": "pumps in series",
    "width": "width of the line, tenths of a metre",
    "method": "0 direct, 1 parallel, 2 indirect, 3 with water",
    "tactic": "0 anchor, 1 rear, 2 flank, 3 head, 4 parallel, 5 indirect, 6 hold a line, 7 protect a place",
    "refusal": "0 flames too long, 1 no time, 2 nothing left to do there, 3 no way out in time",
    "why": (
        "0 danger, 1 end of shift, 2 no longer wanted, 3 nothing it can do, 4 relieved, 5 a rule, 6 danger once the "
        "wind turns as forecast"
    ),
    "per cent": "per cent of the edge that is mopped up now",
    "more": "0 people, 1 aircraft",
    "curve": "curve of deaths, place in `hazards.flood.mortality.CURVE_NAMES`: lifesim, jonkman, boyd, screening",
    "village": "index of the village that they are of",
    "sign": "0 hours without word, 1 water or flames in the village",
    "officer": "officer of a village, 0 for A, 1 for B, ... 4 for E; 5: somebody else of the village",
    "channel": (
        "place in `communication.channels.CHANNEL_KINDS`: public network, 370 MHz, satellite phone, broadcast, "
        "loudspeaker, whistle, runner, radio that a crew has brought, UAV relay"
    ),
    "outage": (
        "place in `communication.channels.OUTAGES`: water, flames, wind, torn line, order, empty battery, "
        "line that the hazard cut"
    ),
}
"""What `item` can be the index of."""

UNITS = {
    "": "nothing", "m": "metres", "km": "kilometres", "h": "hours", "hour": "hours since the start", "ha": "hectares",
    "t": "tonnes", "count": "a number", "expected": "an expected number", "yuan": "yuan",
    "cell": "a cell of the landscape", "place": "index of a thing",
    "message": "index in `communication.messages.MessageKind`",
    "person-h": "person-hours by daylight",
    "by trigger": "metres, millimetres, m3/s, hours, hectares, persons or a number; a place in their order, from 1",
    "by need": "person-days (food, water, medical) or persons equipped",
    "by task": "persons, tonnes, 1 or hands, by the task",
}  # fmt: skip
"""Units of `amount`."""


class EventLog(NamedTuple):
    """A whole log as columns; all arrays have one entry a row.

    `things` is the table of what subject and place point to: dict of columns id, kind, name, name_zh, lon, lat.
    """

    time_h: NDArray[np.float64]
    kind: NDArray[np.int16]
    subject: NDArray[np.int32]
    place: NDArray[np.int32]
    cause: NDArray[np.int32]
    request: NDArray[np.int32]
    item: NDArray[np.int16]
    persons: NDArray[np.float64]
    amount: NDArray[np.float64]

    def where(self, *kinds: EventKind) -> NDArray[np.intp]:
        """Row numbers of the given kinds, in time order."""
        return np.flatnonzero(np.isin(self.kind, kinds))


def log_from_rows(rows: list[tuple[Any, ...]]) -> EventLog:
    """The columns of a log written row by row."""
    types = (np.float64, np.int16, np.int32, np.int32, np.int32, np.int32, np.int16, np.float64, np.float64)
    # One pass over all cells; doubles hold every index exactly.
    cells = np.fromiter(chain.from_iterable(rows), dtype=np.float64, count=len(rows) * len(COLUMNS))
    columns = cells.reshape(-1, len(COLUMNS)).T
    return EventLog(*(column.astype(kind) for column, kind in zip(columns, types, strict=True)))
