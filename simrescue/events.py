"""The event log: one row an event, kinds that read as a story; everything later is computed from it alone.

Columns of a row, in order: time_h, kind, subject, place, cause, request, item, persons, amount.
`subject` and `place` are indexes into the table of things stored with the log; `cause` is the row number
of the event that led to this one (-1: none); `request` numbers requests within a run (-1: none);
`item` is an index whose meaning depends on the kind (need, task, response level; -1: none).
"""

from __future__ import annotations

from enum import IntEnum
from itertools import chain
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

COLUMNS = ("time_h", "kind", "subject", "place", "cause", "request", "item", "persons", "amount")
NONE = -1
"""Where a column has nothing to say."""


class EventKind(IntEnum):
    """What happened, as the verb of a sentence whose subject is `subject`."""

    # how things stand at the start (time 0)
    LIVES = 0  # village: persons
    STOCKED = 1  # depot or shelter: item, amount (person-days or persons)
    STANDS = 2  # responder at place (base)
    # hazard
    WATER_ARRIVES = 10  # place: amount = depth m
    WATER_RISES = 11  # place reaches a higher hazard class: item = class, amount = depth m
    WATER_FALLS = 12  # place falls to a lower class: item = class, amount = depth m
    WATER_LEAVES = 13  # place is dry again
    ROAD_FLOODS = 14  # road no longer passable for trucks: amount = depth m
    ROAD_CLEARS = 15  # road dry enough for trucks
    ROAD_DAMAGED = 16  # stays closed after the water: amount = hours of repair
    ROAD_REPAIRED = 17
    ISOLATED = 18  # village: no open road for a truck leads out
    REACHABLE = 19  # village: a road is open again
    CONTACT_LOST = 20
    CONTACT_RESTORED = 21
    WATER_DEEPENS = 22  # place: deeper than ever, in the same hazard class: amount = depth m
    ROAD_CLOSES = 23  # road closed by a cause of its hazard: item = place in network.closures.CAUSES
    ROAD_OPENS = 24  # that cause is gone; the road may have others: item as above
    PLACE_LOST = 25  # place buried or torn away: unsafe to the end
    # warning and evacuation
    LEVEL_RAISED = 30  # command: item = response level 1..4 (I..IV)
    FORECAST = 31  # village
    ORDERED = 32  # village: evacuation order given
    CALLED_OUT = 33  # village officer called
    ANSWERED = 34  # village officer answers
    WARNED = 35  # village: persons who now have the warning (a group)
    REFUSE = 36  # village: persons who will not leave
    # village: persons leave for shelter `place`; item = 0 from home by own means, 2 from the shelter, or its door
    # (TURNED_AWAY), that is the place of the causing row
    LEAVE = 37
    ARRIVE_SHELTER = 38  # village's persons enter shelter `place`
    TURNED_AWAY = 39  # village's persons find shelter `place` full
    TURN_BACK = 40  # village's persons find the road closed and go home; item = 0 own means, 1 with their crew
    SHELTER_OPENS = 41
    SHELTER_CLOSES = 42  # water in it; persons inside
    SENT_ON = 43  # village's persons without a bed in shelter `place` hear of beds elsewhere
    # people in the water
    STRANDED = 50  # village: persons at home with water or cut roads round them, safe for now
    TRAPPED = 51  # village: persons who need rescue
    FREED = 52  # village: persons no longer trapped since the water fell
    INJURED = 53  # village: persons
    TREATED = 54  # village: injured persons who got medical care
    DIED = 55  # village: persons; item = 0 trapped, 1 stranded
    RETURN_HOME = 56
    # command
    REPORTED = 60  # command learns of place: item = task asked for, persons
    ROAD_KNOWN_CLOSED = 61  # command learns that a road is closed: amount = depth m
    ROAD_KNOWN_OPEN = 62
    REQUEST_OPENED = 63  # place: item = task, persons; amount = hour since which the need was true
    REQUEST_CLOSED = 64
    NEVER_REPORTED = 68  # place: a need is over, or the clock stops, unheard of: item = task, persons; amount as above
    ASSIGNED = 65  # responder -> place
    NO_RESPONDER = 66  # first time that a request found nobody able
    CALLED_OFF = 69  # responder, from place: its mission there is to end
    CALL = 57  # somebody rings for help from place: item = task, persons
    CALL_LOST = 58  # rings off before anybody is sent
    NO_STOCK = 67  # request: item short in every depot
    # responders
    TURNS_OUT = 70  # leaves its base
    SETS_OFF = 71  # starts a leg to place: amount = planned hours
    ARRIVES = 72  # at place
    TURNS_ROUND = 73  # meets water at road `place`: amount = depth m
    GIVES_UP = 74  # no way known to place
    WAITS_DOCK = 75
    LOADED = 76  # at depot: item, amount
    PICKS_UP = 77  # persons of village `place`
    SETS_DOWN = 78  # persons at shelter `place`
    DELIVERS = 79  # at place: item, amount
    FREE = 80  # ready for the next mission at place
    RETURNS = 81  # sets off home
    RESTS = 82
    BREAKS_DOWN = 83
    REPAIRED = 84
    REFUELS = 85
    HELD = 86  # by darkness or weather: item = 0 night, 1 weather, 2 crew hours; amount = hours
    SEES = 87  # reconnaissance of place
    RELEASED = 88  # set free by response level or arrival time
    UNSERVICEABLE = 89
    # relief
    NEEDS = 90  # place: item, persons, amount asked for
    MET = 91  # place: item from now on provided to `persons` more, and so to all there among the first `amount` to come
    RELIEVED = 92  # place: all tracked needs that apply there are met for all persons there
    LAPSES = (
        93  # place: item from now on not provided to `persons`; only to those there among the first `amount` to come
    )
    SERVED = 94  # a call has been worked off: item = task, persons
    FETCHED = 95  # place's people take goods from depot `place` to carry them home on foot: item, amount
    OWN_STOCK = 96  # village: persons cut off in dry houses begin to live on what they have: amount = hours it lasts
    OWN_STOCK_ENDS = 97  # village: it is used up (item = 0) or lost to the water or the flames (item = 1)
    # forest fire; a fire is the place where it began
    IGNITES = 110  # fire
    BURNS = 111  # fire: amount = cell of the landscape that catches fire (flat index, row 0 in the north)
    SPOTS = 112  # fire: an ember starts a new front: amount = cell
    DETECTED = 113  # fire: item = index in hazards.detection.MEANS, amount = hectares burned by now
    AREA = 114  # fire: amount = hectares burned, item = state (0 burning, 1 contained, 2 controlled, 3 out, 4 escaped)
    PERIMETER = 115  # fire: amount = kilometres of its edge, item as in AREA
    CONTAINED = 116  # fire: no open edge left; amount = hectares
    CONTROLLED = 117  # fire: its whole edge is mopped up; amount = hectares
    FIRE_OUT = 118  # fire: nothing burns; amount = hectares
    ESCAPED = 119  # fire: ran off the map, or was lost after being contained (item = 0, 1)
    REKINDLES = 120  # fire: breaks out across its line: amount = cell
    FIRE_ARRIVES = 121  # place: flames in it
    FIRE_LEAVES = 122  # place: burnt out
    SMOKE_ARRIVES = 123  # place: smoke so thick that nobody lands
    SMOKE_LEAVES = 124
    ROAD_BURNS = 125  # road closed by flames or smoke
    ROAD_BURNT_OUT = 126  # road open again
    EXPOSED = 127  # village: persons who have not left when flames or thick smoke arrive; item = 0 flames, 1 smoke
    HOUSES_EXPOSED = 128  # village: amount = houses when flames arrive
    FRONT_NEARS = 129  # village: command expects the front: amount = hours, item = 0 by time, 1 by distance
    WALKS_IN = 130  # crew -> fire: from the road end to the line: amount = hours
    TAKES_POST = 131  # crew -> fire: begins to build line; item = method (0 direct, 1 parallel, 2 indirect, 3 water)
    LINE = 132  # crew -> fire: amount = cell that its line has closed
    LINE_BUILT = 133  # crew -> fire, at the end of a spell: amount = metres
    WITHDRAWS = 134  # crew -> fire: item = 0 danger, 1 end of shift, 2 released, 3 nothing it can do, 4 relieved
    OVERRUN = 135  # crew -> fire: the front has reached its post: persons
    FILLS = 136  # helicopter at water source `place`: amount = tonnes
    DROPS = 137  # helicopter -> fire: amount = tonnes
    WETS = 138  # helicopter -> fire: amount = cell that the drop has wetted
    MOPS_UP = 139  # crew -> fire: item = per cent of the edge that is mopped up now
    SMOKED_OUT = 140  # helicopter -> fire: no drop, smoke over the front
    REINFORCES = 141  # command -> fire: wants persons (item 0) or aircraft (item 1) there in all
    STAGES = 142  # command -> fire: `cause` news; amount = index of the place where crews assemble
    INSERTED = 143  # helicopter -> fire: persons of a crew set down near the line
    # how things stand at the end
    UNMET = 100  # request still open: persons, amount (item = task or need)
    CLOCK_STOPS = 102  # the scenario ends
    ENDS = 101  # village: persons by state, item = index in metrics.people.STATES


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
