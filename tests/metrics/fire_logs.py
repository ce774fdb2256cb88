"""A short log of a fire written by hand: two fires on a landscape of cells of 2 ha, two crews, one aircraft."""

from __future__ import annotations

import numpy as np

from simrescue.events import EventKind as Kind
from simrescue.events import EventLog, log_from_rows
from simrescue.kinds import NUMBER
from simrescue.metrics.facts import Facts
from tests.metrics.logs import row

HAMLET, TOWN, SCHOOL, POND, NORTH, SOUTH, ROAD, TEAM, MILITIA, HELICOPTER, COMMAND = range(11)
THINGS = (
    "village", "village", "shelter", "water_source", "ignition", "ignition", "road", "team", "team", "helicopter",
    "command",
)  # fmt: skip
DURATION_H = 30.0
CELL_HA = 2.0


def facts(**changes: object) -> Facts:
    """The fixed side of the log."""
    settings: dict[str, object] = {
        "villages": np.array([HAMLET, TOWN]),
        "ids": ("hamlet", "town"),
        "zones": ("", ""),
        "population": np.array([100.0, 1000.0]),
        "kinds": np.array([NUMBER[kind] for kind in THINGS], dtype=np.int8),
        "levels": np.zeros(len(THINGS), dtype=np.int8),
        "duration_h": DURATION_H,
        "hazards": ("wildfire",),
        "fires": ("north", "south"),
        "cell_ha": CELL_HA,
    }
    return Facts(**(settings | changes))  # type: ignore[arg-type]


START = (
    row(0, Kind.LIVES, HAMLET, HAMLET, persons=100),
    row(0, Kind.LIVES, TOWN, TOWN, persons=1000),
    row(0, Kind.STANDS, TEAM, TOWN, persons=20),
    row(0, Kind.STANDS, MILITIA, TOWN, persons=50),
    row(0, Kind.STANDS, HELICOPTER, TOWN, persons=4),
)

NORTH_ROWS = (
    row(1, Kind.IGNITES, NORTH, NORTH),  # row 5
    row(1, Kind.BURNS, NORTH, NORTH, amount=10),
    row(1.5, Kind.DETECTED, NORTH, NORTH, item=5, amount=2),  # row 7
    row(2, Kind.REPORTED, COMMAND, NORTH, cause=7, item=5, persons=70),
    row(2, Kind.REPORTED, COMMAND, NORTH, cause=7, item=6, persons=1),
    row(2.5, Kind.BURNS, NORTH, NORTH, amount=11),
    row(3, Kind.ORDERED, HAMLET),
    row(3, Kind.WALKS_IN, TEAM, NORTH, amount=0.5),
    row(3, Kind.LEAVE, HAMLET, SCHOOL, item=0, persons=80),
    row(3.2, Kind.SETS_OFF, HELICOPTER, NORTH, amount=0.3),
    row(3.5, Kind.TAKES_POST, TEAM, NORTH, item=0),
    row(3.5, Kind.ARRIVES, HELICOPTER, NORTH, request=1),
    row(4, Kind.DROPS, HELICOPTER, NORTH, amount=3),
    row(4, Kind.PERIMETER, NORTH, NORTH, item=0, amount=0.8),
    row(4, Kind.BURNS, NORTH, NORTH, amount=12),
    row(4, Kind.FIRE_ARRIVES, HAMLET, HAMLET),
    row(4, Kind.EXPOSED, HAMLET, HAMLET, item=0, persons=20),
    row(4, Kind.HOUSES_EXPOSED, HAMLET, HAMLET, amount=30),
    row(4, Kind.ROAD_BURNS, ROAD, ROAD),
    row(4.1, Kind.SETS_OFF, HELICOPTER, POND, amount=0.2),
    row(4.3, Kind.SETS_OFF, HELICOPTER, NORTH, amount=0.2),
    row(4.5, Kind.DROPS, HELICOPTER, NORTH, amount=3),
    row(5, Kind.TAKES_POST, TEAM, NORTH, item=0),
    row(5, Kind.SETS_OFF, HELICOPTER, TOWN, amount=0.3),
    row(5.3, Kind.REFUELS, HELICOPTER, TOWN),
    row(6, Kind.CONTAINED, NORTH, NORTH, amount=6),
    row(6, Kind.ROAD_BURNT_OUT, ROAD, ROAD),
    row(6, Kind.LINE_BUILT, TEAM, NORTH, cause=27, amount=600),
    row(6.5, Kind.EXPOSED, HAMLET, HAMLET, item=0, persons=15),
    row(6.5, Kind.HOUSES_EXPOSED, HAMLET, HAMLET, amount=30),
    row(7, Kind.REKINDLES, NORTH, NORTH, amount=13),
    row(7, Kind.BURNS, NORTH, NORTH, amount=13),
    row(7.5, Kind.WITHDRAWS, TEAM, NORTH, item=0),
    row(8, Kind.CONTAINED, NORTH, NORTH, amount=8),
    row(9, Kind.CONTROLLED, NORTH, NORTH, amount=8),
    row(11, Kind.FIRE_OUT, NORTH, NORTH, amount=8),
)

SOUTH_ROWS = (
    row(12, Kind.IGNITES, SOUTH, SOUTH),
    row(12, Kind.BURNS, SOUTH, SOUTH, amount=500),
    row(13, Kind.SMOKE_ARRIVES, TOWN, TOWN),
    row(13, Kind.EXPOSED, TOWN, TOWN, item=1, persons=400),
    row(14, Kind.WALKS_IN, MILITIA, SOUTH, amount=1),
    row(15, Kind.TAKES_POST, MILITIA, SOUTH, item=2),
    row(16, Kind.OVERRUN, MILITIA, SOUTH, persons=50),
    row(20, Kind.BURNS, SOUTH, SOUTH, amount=501),
    row(21, Kind.ESCAPED, SOUTH, SOUTH, item=0, amount=4),
)


def north() -> EventLog:
    """The fire in the north alone: found, fought, out; it broke out once."""
    return log_from_rows([*START, *NORTH_ROWS])


def both() -> EventLog:
    """And a second one that nobody reports, that overruns a crew and leaves the map."""
    return log_from_rows([*START, *NORTH_ROWS, *SOUTH_ROWS])


def quiet() -> EventLog:
    """Nothing burns."""
    return log_from_rows(list(START))
