"""Slips of moments and series: outside the run, after what they are needed for, ended long before the run."""

from __future__ import annotations

from collections.abc import Callable

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


def moments(scenario: Scenario) -> Slips:
    """Moments outside the run: long before its start or after its end."""
    start, end = scenario.settings.start, scenario.settings.duration_h
    columns = (  # ignitions have a check of their own
        ("villages", ("order", "call_out")),
        ("institutions", ("order", "call_out")),
        *((table, ("time_h",)) for table in ("levels", "depths", "weather", "calls")),
        ("readings", ("time_h", "known_h")),
        ("power", ("cut", "restored")),
        ("partners", ("asked_after_h",)),
    )
    for table, fields in columns:
        is_series = table in ("levels", "depths", "weather", "readings")
        earliest = 0.0 if table == "calls" else -LONG_BEFORE_H
        for row, record in enumerate(scenario.table(table)):
            for field in fields:
                at = getattr(record, field)
                if at is None:
                    continue
                # The end of a series may well lie after the run: only a series that begins there is odd.
                if at >= end and not (is_series and row and field == "time_h"):
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
