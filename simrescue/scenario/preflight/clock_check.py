"""Moments of scenario.yaml against the run, one another, the water and the sun; offsets from UTC that are not one."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median

from simrescue.scenario.preflight.findings import NAMED, Finding, Severity, duration
from simrescue.scenario.preflight.look import Look
from simrescue.scenario.preflight.setting_check import spot
from simrescue.scenario.preflight.slips.moment_slips import LONG_BEFORE_H
from simrescue.sun import clock_of, light
from simrescue.units import write_hours, write_moment
from simrescue.wording import bilingual

SUN_H, CLOCK_H = 2.0, 3.6
"""The sun rises and sets within so much of its hour by date and place; clocks of one land differ from the sun by less
than this, also in the far west of China (Kashgar: 2 h 55 min)."""
FEW = 3
"""Villages from which on it tells something when most of them are wet."""
STAMP = re.compile(r"\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d)?(Z|[+-]\d\d:?\d\d)")
"""A date and time with its offset from UTC."""


def late_settings(look: Look) -> Iterator[Finding]:
    """Response levels and steps of the warning long before the start or after the end of the run, with their lines."""
    settings, lines = look.scenario.settings, look.scenario.lines
    moments: list[tuple[tuple[str | int, ...], float | None]] = [
        (("command", "levels", i, "time"), step.time_h) for i, step in enumerate(settings.command.levels)
    ]
    moments += [(("warning", name), getattr(settings.warning, name)) for name in ("forecast", "order", "call_out")]
    for path, at in moments:
        if at is None or -LONG_BEFORE_H <= at < settings.duration_h:
            continue
        if at < 0:
            apart = bilingual("{early} before the start of the run", early=duration(-at))
        else:
            apart = bilingual("{late} after the end of the run", late=duration(at - settings.duration_h))
        line, key = lines.get(path), ".".join(str(part) for part in path)
        yield Finding(
            "doubtful",
            "input",
            key,
            *bilingual(
                '{spot}, {setting}: "{moment}": {apart}',
                spot=spot(line),
                setting=key,
                moment=write_moment(at, settings.start),
                apart=apart,
            ),
            {"time_h": at},
        )


def sun_of_another_place(look: Look) -> Iterator[Finding]:
    """Stated hours of sunrise and sunset that are far off those of the villages by date and place."""
    settings = look.scenario.settings
    air, (lon, lat) = settings.air, _middle(look)
    for begins, ends in light(settings.start, 24.0, lon, lat)[:1]:
        for key, stated, real in (("sunrise", air.sunrise_h, begins), ("sunset", air.sunset_h, ends)):
            clock_h = (real + clock_of(settings.start)) % 24
            is_day_long = stated in (0.0, 24.0)  # light, or darkness, throughout: a question that is asked
            if stated is None or is_day_long or abs((stated - clock_h + 12) % 24 - 12) <= SUN_H:
                continue
            message = bilingual(
                '{spot}, {setting}: "{value}": by date and place it is at {clock}: another clock or offset?',
                spot=spot(look.scenario.lines.get(("air", key))), setting=f"air.{key}",
                value=write_hours(stated), clock=duration(clock_h),
            )  # fmt: skip
            yield Finding("doubtful", "input", f"air.{key}", *message, {"stated": stated, "clock_h": clock_h})


def clock_of_another_place(look: Look) -> Iterator[Finding]:
    """A start whose offset from UTC is none of clocks at its longitude: eight hours are lost or won."""
    start, (lon, _) = look.scenario.settings.start, _middle(look)
    offset = start.utcoffset()
    offset_h = offset.total_seconds() / 3600 if offset is not None else 0.0
    if abs((offset_h - lon / 15 + 12) % 24 - 12) > CLOCK_H:
        message = bilingual(
            '{spot}, {setting}: "{value}": where the villages lie ({lon:.0f} degrees east) the sun is {apart} off this'
            " clock: another offset from UTC?",
            spot=spot(look.scenario.lines.get(("start",))), setting="start", value=start.isoformat(), lon=lon,
            apart=duration(abs(offset_h - lon / 15)),
        )  # fmt: skip
        yield Finding("doubtful", "input", "start", *message, {"offset_h": offset_h})


def _middle(look: Look) -> tuple[float, float]:
    """Longitude and latitude in the middle of all places."""
    places = look.scenario.places
    return median(place.lon for place in places), median(place.lat for place in places)


def start_in_the_water(look: Look) -> Iterator[Finding]:
    """A run that starts when most villages that ever get wet already are: the date may be one day late."""
    scenario = look.scenario
    hours = [float(look.crest.arrival_h[look.ground.index[village.id]]) for village in look.hit]
    wet = sum(hour <= 0 for hour in hours)
    if len(hours) >= FEW and wet > len(hours) / 2 and look.is_foreseen:
        message = bilingual(
            '{spot}, {setting}: "{value}": {wet} of {total} villages that get wet are in the water already: another'
            " date or hour?",
            spot=spot(scenario.lines.get(("start",))), setting="start",
            value=scenario.settings.start.isoformat(), wet=wet, total=len(hours),
        )  # fmt: skip
        yield Finding("doubtful", "input", "start", *message, {"villages": float(wet)})


def order_before_the_forecast(look: Look) -> Iterator[Finding]:
    """An order or call-out to all that is given before the forecast is out that it follows from."""
    warning, start = look.scenario.settings.warning, look.scenario.settings.start
    for key, at in (("order", warning.order), ("call_out", warning.call_out)):
        if at is None or warning.forecast is None or at >= warning.forecast:
            continue
        message = bilingual(
            '{spot}, {setting}: "{value}": before the forecast ({forecast})',
            spot=spot(look.scenario.lines.get(("warning", key))), setting=f"warning.{key}",
            value=write_moment(at, start), forecast=write_moment(warning.forecast, start),
        )  # fmt: skip
        yield Finding("doubtful", "input", f"warning.{key}", *message, {"time_h": at})


def other_offsets(look: Look) -> Iterator[Finding]:
    """Tables with moments in another offset from UTC than the start: to know; doubtful where they are some of many."""
    folder, own = look.scenario.folder, _minutes(look.scenario.settings.start.strftime("%z") or "Z")
    for path in sorted(Path(folder).glob("*.csv")) if folder else ():
        lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
        stamps = [(number, stamp) for number, line in enumerate(lines, 1) for stamp in STAMP.findall(line)]
        other = [(number, stamp) for number, stamp in stamps if _minutes(stamp) != own]
        if not other:
            continue
        [(usual, _)] = Counter(stamp for _, stamp in other).most_common(1)
        severity: Severity = "note" if len(other) == len(stamps) else "doubtful"
        message = bilingual(
            "{file} line {row}: moments with the offset {offset} from UTC, {apart} from that of the start: meant so?",
            file=path.name, row=", ".join([f"{number}" for number, _ in other[:NAMED]]), offset=usual,
            apart=duration(abs(_minutes(usual) - own) / 60),
        )  # fmt: skip
        yield Finding(severity, "input", path.name, *message, {"rows": float(len(other))})


def _minutes(stamp: str) -> float:
    """The offset of a written moment."""
    if stamp == "Z":
        return 0.0
    sign = -1.0 if stamp[0] == "-" else 1.0
    return sign * (int(stamp[1:3]) * 60 + int(stamp[-2:]))


CLOCK_CHECKS: tuple[Callable[[Look], Iterator[Finding]], ...] = (
    late_settings, sun_of_another_place, clock_of_another_place, start_in_the_water, order_before_the_forecast,
    other_offsets,
)  # fmt: skip
"""Asked of every scenario."""
