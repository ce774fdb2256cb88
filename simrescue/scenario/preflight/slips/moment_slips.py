"""Slips of moments and series: outside the run, after what they are needed for, ended long before the run."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Literal, NamedTuple

from simrescue.kinds import of_role
from simrescue.scenario.preflight.findings import duration
from simrescue.scenario.preflight.slips.slip import Slip, Slips
from simrescue.scenario.records import Scenario
from simrescue.units import write_moment
from simrescue.wording import bilingual

LONG_BEFORE_H = 240.0
"""Earlier than this before the start, a moment is taken for a slip of the date."""
UNCOVERED_H = 24.0
"""A series that holds its last value for longer than this is remarked (a day: assumed)."""
STILL_HIGH = 0.5
"""Water that has not fallen by this share of its rise when its series ends would stand so until the end of the run."""


class Moments(NamedTuple):
    """Moments of one column, and which of them are odd."""

    table: str
    field: str
    earliest_h: float = -LONG_BEFORE_H
    late: Literal["odd", "right", "first"] = "odd"
    """Whether one after the end of the run is odd; of a series only its first row."""


MOMENTS = (  # ignitions have a check of their own
    *(Moments(table, field) for table in ("villages", "institutions") for field in ("order", "call_out")),
    *(Moments(table, "time_h", late="first") for table in ("levels", "depths", "weather", "readings")),
    Moments("readings", "known_h"),
    Moments("calls", "time_h", 0.0),
    Moments("partners", "asked_after_h"),
    # What is cut off or closed may have been so for years, and stay so after the run.
    Moments("power", "cut"),
    Moments("power", "restored", late="right"),
    Moments("roads", "closed", -math.inf),
    Moments("roads", "reopened", late="right"),
)


def moments(scenario: Scenario) -> Slips:
    """Moments outside the run: long before its start or after its end."""
    start, end = scenario.settings.start, scenario.settings.duration_h
    for table, field, earliest, late in MOMENTS:
        for row, record in enumerate(scenario.table(table)):
            at = getattr(record, field)
            if at is None:
                continue
            if at >= end and (late == "odd" or (late == "first" and row == 0)):
                says = bilingual("{late} after the end of the run", late=duration(at - end, f"{at - end:.4g}"))
            elif at < earliest:
                says = bilingual("{early} before the start of the run", early=duration(-at, f"{-at:.4g}"))
            else:
                continue
            yield Slip(table, row, field, write_moment(at, start), says)


def first_weather(scenario: Scenario) -> Slips:
    """Weather that begins after what it is needed for."""
    if not scenario.weather:
        return
    first = scenario.weather[0].time_h
    starts = (scenario.table(kind.table) for kind in of_role("place") if kind.of_hazard)
    burning = [start.time_h for rows in starts for start in rows]
    earliest = min(burning, default=0.0)
    # A fire that was lit some hours before the start burns in the weather of the start; one lit days before does not.
    needed = earliest if first - earliest > UNCOVERED_H else max(0.0, earliest)
    if needed < first < scenario.settings.duration_h:
        late = duration(first - needed, f"{first - needed:.3g}")
        if burning:
            says = bilingual(
                "the weather begins {late} after the first ignition: before, it is fair or the same", late=late
            )
        else:
            says = bilingual("the weather begins {late} after the start: before, it is fair or the same", late=late)
        yield Slip("weather", 0, "time_h", write_moment(first, scenario.settings.start), says)


def series_that_end_early(scenario: Scenario) -> Slips:
    """Series that end a day or more before the run: of water while it still stands high, and of weather (a note)."""
    end, start = scenario.settings.duration_h, scenario.settings.start
    for table, of, field in (("levels", "zone", "level_m"), ("depths", "subject", "depth_m"), ("weather", "", "")):
        of_series: dict[str, list[int]] = {}
        for row, point in enumerate(scenario.table(table)):
            of_series.setdefault(getattr(point, of) if of else "", []).append(row)
        for rows in of_series.values():
            at = scenario.table(table)[rows[-1]].time_h
            heights = [getattr(scenario.table(table)[row], field) for row in rows] if field else []
            is_down = bool(heights) and heights[-1] - min(heights) <= STILL_HIGH * (max(heights) - min(heights))
            if end - at > UNCOVERED_H and not is_down:
                left = duration(end - at, f"{end - at:.4g}")
                says = bilingual("the series ends {left} before the run: its last value holds until then", left=left)
                yield Slip(table, rows[-1], "time_h", write_moment(at, start), says, "doubtful" if field else "note")


MOMENT_SLIPS: tuple[Callable[[Scenario], Slips], ...] = (moments, first_weather, series_that_end_early)
