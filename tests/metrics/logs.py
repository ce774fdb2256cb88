"""Short logs written by hand: two villages (0, 1), two shelters (2, 3), a depot, a road, four responders, command."""

from __future__ import annotations

import numpy as np

from simrescue.events import EventKind, EventLog, log_from_rows
from simrescue.kinds import NUMBER
from simrescue.metrics.facts import GOVERNMENT_LEVELS, Facts

UPPER, LOWER, SCHOOL, HALL, DEPOT, ROAD, TEAM, BOAT, TRUCK, HELICOPTER, COMMAND = range(11)
THINGS = ("village", "village", "shelter", "shelter", "depot", "road", "team", "boat", "truck", "helicopter", "command")


def facts(**changes: object) -> Facts:
    """The fixed side of the small logs."""
    settings: dict[str, object] = {
        "villages": np.array([UPPER, LOWER]),
        "ids": ("upper", "lower"),
        "zones": ("", "basin"),
        "population": np.array([100.0, 200.0]),
        "kinds": np.array([NUMBER[kind] for kind in THINGS], dtype=np.int8),
        "levels": np.array([GOVERNMENT_LEVELS.index("township") if i == TEAM else 0 for i in range(11)], dtype=np.int8),
        "duration_h": 48.0,
        "jurisdiction_population": 2_000_000.0,
    }
    return Facts(**(settings | changes))  # type: ignore[arg-type]


def row(
    time_h: float,
    kind: EventKind,
    subject: int,
    place: int = -1,
    *,
    cause: int = -1,
    request: int = -1,
    item: int = -1,
    persons: float = 0,
    amount: float = 0,
) -> tuple[float, ...]:
    """One row of a log."""
    return (time_h, kind, subject, place, cause, request, item, persons, amount)


def log(*rows: tuple[float, ...]) -> EventLog:
    """A log in which both villages live before anything else happens (rows 0 and 1)."""
    lives = (
        row(0, EventKind.LIVES, UPPER, UPPER, persons=100),
        row(0, EventKind.LIVES, LOWER, LOWER, persons=200),
    )
    return log_from_rows([*lives, *rows])
