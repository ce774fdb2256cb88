"""Settings of scenario.yaml against the run, against one another and against what is believed of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from simrescue.metrics.recorded import FIGURES
from simrescue.parameters import default_of, table
from simrescue.scenario.files.draft import SCENARIO_FILE
from simrescue.scenario.files.faults import keys
from simrescue.scenario.history import figures_on_record
from simrescue.scenario.preflight.findings import Finding, duration
from simrescue.scenario.preflight.look import Look
from simrescue.scenario.preflight.without_effect.idle import sections
from simrescue.scenario.records import Norm
from simrescue.units import write_hours
from simrescue.wording import Words, bilingual

MOST_TIMES = 1000
"""Times the people of its villages that a jurisdiction may have (assumed)."""

DELAYED, WAITS = ("command", "warning", "response"), ("lowered_after_h", "silence_h", "time_h")
"""Sections whose delays end within a run; waits that may well outlast it, and moments."""


def people_of_the_jurisdiction(look: Look) -> Iterator[Finding]:
    """A jurisdiction of fewer people than its villages have."""
    stated = look.scenario.settings.jurisdiction.population
    people = sum(village.population for village in look.scenario.villages)
    if 0 < stated < people:
        yield Finding(
            "fault",
            "input",
            "jurisdiction",
            *bilingual(
                '{file}, {setting}: "{stated:,}": fewer than the {people:,} people of its villages; what is counted for'
                " a million people is too large",
                file=SCENARIO_FILE,
                setting="jurisdiction.population",
                stated=stated,
                people=people,
            ),
            {"stated": float(stated), "persons": float(people)},
        )


def few_of_the_jurisdiction(look: Look) -> Iterator[Finding]:
    """A jurisdiction of so many people that its villages are next to nothing of it."""
    stated = look.scenario.settings.jurisdiction.population
    people = sum(village.population for village in look.scenario.villages)
    if 0 < people * MOST_TIMES < stated:
        message = bilingual(
            '{file}, {setting}: "{stated:,}": {times:,.0f} times the {people:,} people of its villages; what is counted'
            " for a million people is next to nothing",
            file=SCENARIO_FILE,
            setting="jurisdiction.population",
            stated=stated,
            times=stated / people,
            people=people,
        )
        numbers = {"stated": float(stated), "persons": float(people)}
        yield Finding("doubtful", "input", "jurisdiction", *message, numbers)


def spot(line: int | None) -> str | Words:
    """Where in the scenario's file, with the line where it is known."""
    return bilingual("{file} line {row}", file=SCENARIO_FILE, row=line) if line else SCENARIO_FILE


def settings_beyond_the_run(look: Look) -> Iterator[Finding]:
    """Delays of command and of the warning that are longer than the whole run, with their lines."""
    settings, lines = look.scenario.settings, look.scenario.lines
    for path, section in sections(settings):
        for key, name in keys(type(section)).items() if path.split(".")[0] in DELAYED else ():
            hours = getattr(section, name)
            is_delay = name.endswith("_h") and name not in WAITS and name in section.model_fields_set
            if not is_delay or hours is None or hours < settings.duration_h:
                continue
            setting = f"{path}.{key}"
            line = lines.get(tuple(setting.split(".")))
            yield Finding(
                "doubtful",
                "input",
                setting,
                *bilingual(
                    '{spot}, {setting}: "{value}": longer than the whole run ({run})',
                    spot=spot(line),
                    setting=setting,
                    value=write_hours(hours),
                    run=duration(settings.duration_h),
                ),
                {"hours": hours},
            )


def nothing_tracked(look: Look) -> Iterator[Finding]:
    """Relief of which no need is tracked: everybody would count as relieved."""
    if not look.scenario.settings.relief.tracked:
        message = bilingual(
            '{spot}, {setting}: "": no need is tracked, so everybody counts as relieved from the first minute',
            spot=spot(look.scenario.lines.get(("relief", "tracked"))), setting="relief.tracked",
        )  # fmt: skip
        yield Finding("doubtful", "input", "relief.tracked", *message, {})


def night_by_day(look: Look) -> Iterator[Finding]:
    """A sunset that is stated before the sunrise: nothing would fly by day."""
    air = look.scenario.settings.air
    if air.sunrise_h is not None and air.sunset_h is not None and air.sunset_h <= air.sunrise_h:
        message = bilingual(
            '{spot}, {setting}: "{value}": before the sunrise ({sunrise}), so that it is night by day',
            spot=spot(look.scenario.lines.get(("air", "sunset"))), setting="air.sunset",
            value=write_hours(air.sunset_h), sunrise=duration(air.sunrise_h),
        )  # fmt: skip
        yield Finding("doubtful", "input", "air.sunset", *message, {"sunset_h": air.sunset_h})


def stages_upside_down(look: Look) -> Iterator[Finding]:
    """Stages of a fire that ask for fewer people than those before them, or that come after the end of the run."""
    settings, most = look.scenario.settings, 0
    for number, stage in enumerate(settings.stages):
        faults = {}
        if 0 < stage.persons < most and not stage.danger:
            faults["persons"] = bilingual("fewer than a stage before it asks for ({most:,})", most=most)
        if stage.after_h >= settings.duration_h:
            faults["after"] = bilingual("longer than the whole run ({run})", run=duration(settings.duration_h))
        for key, says in faults.items():
            value = f"{stage.persons}" if key == "persons" else write_hours(stage.after_h)
            message = bilingual(
                '{spot}, {setting}: "{value}": {says}', says=says, value=value, setting=f"hazard.stages.{number}.{key}",
                spot=spot(look.scenario.lines.get(("hazard", "stages", number, key))),
            )  # fmt: skip
            yield Finding("doubtful", "input", f"hazard.stages.{number}.{key}", *message, {})
        most = most if stage.danger else max(most, stage.persons)


def record_of_too_many(look: Look) -> Iterator[Finding]:
    """Recorded numbers of residents of the county that are more than it has: a unit of ten thousand too many."""
    settings = look.scenario.settings
    people = settings.jurisdiction.population
    for number, entry in enumerate(settings.history if people else ()):
        counted = FIGURES.get(entry.metric)
        stated = max((figure.value for figure in figures_on_record([entry])), default=0.0)
        if counted is None or not counted.of_residents or stated <= people:
            continue
        message = bilingual(
            '{spot}, {setting}: "{value:,.0f}": more people than the whole jurisdiction has ({people:,})',
            spot=spot(look.scenario.lines.get(("history", number, "value"))), setting=f"history.{number}",
            value=stated, people=people,
        )  # fmt: skip
        yield Finding("doubtful", "input", f"history.{number}", *message, {"persons": stated})


def odd_parameters(look: Look) -> Iterator[Finding]:
    """Default numbers that the scenario sets outside the range that is believed, or for nothing in its hazard."""
    kinds = look.scenario.settings.hazards
    for name, number in look.scenario.parameters.changed().items():
        row = table()[name]
        numbers = {"value": number, "default": row.value}
        if not row.believes(number):
            yield Finding(
                "doubtful",
                "parameter",
                name,
                *bilingual(
                    "{parameter} is set to {value:g} {unit}, outside its range {low} to {high}; default {default:g}",
                    parameter=name,
                    value=number,
                    unit=row.unit,
                    low="" if row.low is None else f"{row.low:g}",
                    high="" if row.high is None else f"{row.high:g}",
                    default=row.value,
                ),
                numbers,
            )
        if row.hazard not in ("all", "menu", *kinds):
            message = bilingual("{parameter} is set, but nothing in this kind of event reads it", parameter=name)
            yield Finding("doubtful", "parameter", name, *message, numbers)


def settings_out_of_range(look: Look) -> Iterator[Finding]:
    """Settings far outside the range that is believed of the parameter that is their default, with their lines."""
    for path, section in sections(look.scenario.settings):
        for key, name in keys(type(section)).items():
            row = table().get(default_of(type(section).model_fields[name]))
            value = getattr(section, name)
            value = value.kg if isinstance(value, Norm) else value
            if row is None or name not in section.model_fields_set or not isinstance(value, int | float):
                continue
            if not row.is_far_off(value):
                continue
            setting = f"{path}.{key}"
            yield Finding(
                "doubtful",
                "input",
                setting,
                *bilingual(
                    "{spot}, {setting}: {value:g} {unit}, outside the range {low} to {high} that is believed of"
                    " {parameter}; default {default:g}",
                    spot=spot(look.scenario.lines.get(tuple(setting.split(".")))),
                    setting=setting,
                    value=value,
                    unit=row.unit,
                    low="" if row.low is None else f"{row.low:g}",
                    high="" if row.high is None else f"{row.high:g}",
                    parameter=row.name,
                    default=row.value,
                ),
                {"value": float(value), "default": row.value},
            )


SETTING_CHECKS: tuple[Callable[[Look], Iterator[Finding]], ...] = (
    people_of_the_jurisdiction, few_of_the_jurisdiction, settings_beyond_the_run, nothing_tracked,
    night_by_day, stages_upside_down, record_of_too_many, odd_parameters, settings_out_of_range,
)  # fmt: skip
"""Asked of every scenario."""
