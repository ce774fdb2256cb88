"""An experiment file held against its scenario: what does not fit, each fault where it stands in the file."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from pydantic_core import PydanticCustomError

from simrescue.errors import Fault, FaultsError, Text, nearest
from simrescue.experiment.design.experiment_records import Experiment, Factor
from simrescue.experiment.design.factors import Value, changes
from simrescue.experiment.design.points import point
from simrescue.experiment.design.sampling import at, size, steps
from simrescue.scenario.files import yaml_lines
from simrescue.scenario.files.faults import Spot
from simrescue.scenario.records import Scenario
from simrescue.wording import bilingual

MAX_POINTS = 100_000
_BETWEEN = 0.37
"""A place inside a range where hardly any number is whole by chance."""


class ExperimentLines:
    """Where things stand in the experiment file."""

    def __init__(self, path: Path, lines_of: yaml_lines.Lines) -> None:
        self.path, self._lines = path, lines_of

    def spot(self, place: yaml_lines.Path) -> Spot:
        """File, line and field of a place."""
        return Spot(self.path.name, f"line {self._lines.line(place)}", ".".join(str(part) for part in place))

    def fault(self, place: yaml_lines.Path, value: Text | None, expected: Text, hint: str = "") -> Fault:
        """Something wrong at a place."""
        return Fault(*self.spot(place), value, expected, hint)


def unfit(
    experiment: Experiment,
    written: Mapping[str, Factor],
    home: str,
    scenarios: dict[str, Scenario],
    found: ExperimentLines,
) -> Iterator[Fault]:
    """What the scenario makes of the least, the greatest and every named value of each factor that the file writes."""
    yield from _wrong_points(experiment, found)
    yield from _too_many(experiment, found)
    yield from _twice(experiment, found)
    for name, factor in written.items():
        yield from _stepped_over(name, factor, found)
    for name, factor in written.items():
        for variant, scenario in scenarios.items():
            for value in _tried(experiment, name, factor):
                yield from _refused(home, scenario, variant, factor, value, found, name)


def _wrong_points(experiment: Experiment, found: ExperimentLines) -> Iterator[Fault]:
    listed = experiment.design.points if isinstance(experiment.design.points, tuple) else ()
    for i, given in enumerate(listed):
        for name in given:
            if name not in experiment.factors:
                hint = nearest(name, experiment.factors)
                yield found.fault(("design", "points", i, name), name, bilingual("the name of a factor"), hint)


def _too_many(experiment: Experiment, found: ExperimentLines) -> Iterator[Fault]:
    points = size(experiment)
    if points > MAX_POINTS:
        yield found.fault(
            ("design",), bilingual("{number} points", number=points), bilingual("at most {most}", most=MAX_POINTS)
        )


def _twice(experiment: Experiment, found: ExperimentLines) -> Iterator[Fault]:
    """What stands twice where one of the two would be without effect: a path, a value."""
    owner: dict[str, str] = {}
    for name, factor in experiment.factors.items():
        for path in dict.fromkeys([*factor.all_paths, *(path for one in factor.levels.values() for path in one.set)]):
            if path in owner:
                expected = bilingual("another path than that of the factor {name}", name=owner[path])
                yield found.fault(("factors", name), path, expected)
            owner.setdefault(path, name)
        if len(set(factor.values)) < len(factor.values):
            written = ", ".join(str(value) for value in factor.values)
            yield found.fault(("factors", name, "values"), written, bilingual("each value once"))


def _stepped_over(name: str, factor: Factor, found: ExperimentLines) -> Iterator[Fault]:
    given = factor.range
    if given and given.step:
        last = at(factor.model_copy(update={"whole": False}), 1.0)
        if not isinstance(last, float) or not math.isclose(last, given.high, rel_tol=1e-6, abs_tol=given.step * 1e-6):
            expected = bilingual(
                "a step that leads from low to high; {step:g} leads to {last:g}, not to {high:g}",
                step=given.step, last=last, high=given.high,
            )  # fmt: skip
            yield found.fault(("factors", name, "range", "step"), f"{given.step:g}", expected)


def _tried(experiment: Experiment, name: str, factor: Factor) -> list[Value]:
    """Every named value; of a range or distribution its ends and one between them, which shows what must be whole."""
    listed = experiment.design.points if isinstance(experiment.design.points, tuple) else ()
    ends: list[Value] = [*factor.values, *factor.levels] or [at(factor, place) for place in (0.0, _BETWEEN, 1.0)]
    if factor.range and factor.range.step:
        ends.append(at(factor, 1.5 / (steps(factor.range) + 1)))
    if experiment.design.kind == "list":
        ends = [given[name] for given in listed if name in given]
    return [*dict.fromkeys(ends if factor.base is None else [*ends, factor.base])]


def _refused(
    home: str, scenario: Scenario, variant: str, factor: Factor, value: Value, found: ExperimentLines, name: str
) -> Iterator[Fault]:
    place: yaml_lines.Path = ("factors", name)
    if factor.levels and value not in factor.levels:
        yield found.fault(place, str(value), bilingual("one of the levels {known}", known=", ".join(factor.levels)))
        return
    try:
        point(home, variant, changes(factor, value, scenario)).load()
    except PydanticCustomError as error:
        context: dict[str, Any] = dict(error.context or {})
        yield found.fault(place, str(value), context.get("told", error.message()))
    except ValueError as error:
        yield found.fault(place, str(value), str(error))
    except FaultsError as error:
        for fault in error.faults:
            yield found.fault(_place_of(factor, value, place), _value_of(fault), fault.expected, fault.nearest)


def _place_of(factor: Factor, value: Value, place: yaml_lines.Path) -> yaml_lines.Path:
    if factor.levels:
        return (*place, "levels", str(value), "set")
    return (*place, "path" if factor.path else "paths")


def _value_of(fault: Fault) -> Text:
    """The value, if it is at fault, and where in the scenario it does not fit."""
    place = fault.field or fault.file
    return place if fault.value is None else bilingual("{value} at {place}", value=fault.value, place=place)
