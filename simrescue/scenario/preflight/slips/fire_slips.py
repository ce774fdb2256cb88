"""Slips of a forest fire: heights off the ground that burns, fires in the rain, fires too late to be heard of."""

from __future__ import annotations

from collections.abc import Callable

from simrescue.kinds import tables
from simrescue.scenario.preflight.findings import duration, shown
from simrescue.scenario.preflight.slips.slip import Slip, Slips, where
from simrescue.scenario.records import Scenario
from simrescue.units import write_metres, write_moment
from simrescue.wording import bilingual

APART_M = 30.0
"""A height so far outside those of the cells around belongs to another spot or another unit; systems of heights differ
by less (assumed)."""

RAIN_MM, DAMP = 1.0, 0.9
"""Rain of an hour, and humidity of the air, in which a fire in the open hardly starts (assumed)."""


def heights_off_the_ground(scenario: Scenario) -> Slips:
    """Places whose height is neither that of their cell of the landscape nor of the cells around it."""
    landscape = scenario.landscape
    for table in tables("place"):
        for number, place in enumerate(scenario.table(table)):
            cell = landscape.cell_of(place.lon, place.lat)
            if cell < 0 or "elevation_m" not in place.model_fields_set:
                continue
            row, column = divmod(cell, landscape.shape[1])
            around = landscape.elevation_m[max(row - 1, 0) : row + 2, max(column - 1, 0) : column + 2]
            apart = max(float(around.min()) - place.elevation_m, place.elevation_m - float(around.max()))
            if apart > APART_M:
                ground = float(landscape.elevation_m.flat[cell])
                says = bilingual(
                    "the ground of the landscape at {place} is {ground:,.0f} m high ({apart:+,.0f} m): another spot,"
                    " unit or datum?",
                    place=shown(place),
                    ground=ground,
                    apart=ground - place.elevation_m,
                )
                yield Slip(table, number, "elevation_m", write_metres(place.elevation_m), says)


def fires_in_rain(scenario: Scenario) -> Slips:
    """Fires that start while it rains, or in air so damp that fuels do not catch."""
    for row, fire in enumerate(scenario.ignitions):
        at = max((number for number, point in enumerate(scenario.weather) if point.time_h <= fire.time_h), default=-1)
        if at < 0:
            continue
        point, spot = scenario.weather[at], where(scenario, "weather", at, "time_h")
        if point.rain_mm >= RAIN_MM:
            says = bilingual("{fire} starts while it rains {rain:g} mm an hour ({spot})", fire=shown(fire),
                             rain=point.rain_mm, spot=spot)  # fmt: skip
        elif (point.humidity or 0) >= DAMP:
            says = bilingual("{fire} starts at a humidity of {humidity:.0%} ({spot})", fire=shown(fire),
                             humidity=point.humidity, spot=spot)  # fmt: skip
        else:
            continue
        yield Slip("ignitions", row, "time_h", write_moment(fire.time_h, scenario.settings.start), says)


def fires_heard_of_after_the_end(scenario: Scenario) -> Slips:
    """Fires of which no detector can bring word before the run ends, were they seen at its first look."""
    end = scenario.settings.duration_h
    soonest = min((detector.delay_h + detector.revisit_h for detector in scenario.detectors), default=0.0)
    for row, fire in enumerate(scenario.ignitions):
        left = end - fire.time_h
        if 0 < left <= soonest:
            says = bilingual("the run ends {left} after it, and a look with its report takes {soonest}: nobody hears of"
                             " it", left=duration(left, f"{left:.3g}"),
                             soonest=duration(soonest, f"{soonest:.3g}"))  # fmt: skip
            yield Slip("ignitions", row, "time_h", write_moment(fire.time_h, scenario.settings.start), says)


FIRE_SLIPS: tuple[Callable[[Scenario], Slips], ...] = (
    heights_off_the_ground,
    fires_in_rain,
    fires_heard_of_after_the_end,
)
"""Asked of forest fires."""
