"""An experiment file read and checked: every fault at once, each factor tried on the scenario before anything runs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from pydantic_core import PydanticCustomError

from simrescue.errors import ExperimentError, Fault, FaultsError, nearest
from simrescue.events import log_from_rows
from simrescue.experiment.design import Experiment, Factor
from simrescue.experiment.factors import Value, changes, cost
from simrescue.experiment.points import Keys, Point, point
from simrescue.experiment.sampling import Row, at, rows
from simrescue.experiment.work import clause_key, is_run
from simrescue.metrics import summarise
from simrescue.plans import Line, Plan, lines
from simrescue.scenario import tables, yaml_lines
from simrescue.scenario.faults import Spot, faults_of
from simrescue.scenario.load import load
from simrescue.scenario.plans_file import load_compared, load_plan
from simrescue.scenario.records import Scenario
from simrescue.simulation.world import compile_world

_MAX_POINTS = 100_000


@dataclass(frozen=True, slots=True)
class Designed:
    """An experiment as it will be run: what the file says, and its points."""

    experiment: Experiment
    checksum: str
    """SHA-256 of the file."""
    scenario: str
    """Folder of the scenario."""
    points: tuple[Point, ...]
    columns: dict[str, list[Any]]
    """The design as columns, one row a point: point, key, variant, the factors, cost, u_<factor>."""
    lines: tuple[Line, ...]
    """All clauses that points are judged by or compared with."""
    watched: tuple[Line, ...]
    """Clauses that are watched; every one is measured in each replication."""


def read_experiment(file: str | Path) -> Designed:
    """Read an experiment file. Raises ExperimentError with all faults of the file, ScenarioError or PlanError."""
    path = Path(file)
    experiment, content, found = _parsed(path)
    home = str(path.parent / experiment.scenario)
    scenarios = _scenarios(experiment, home, found)
    judged = _lines(experiment, scenarios[experiment.variants[0]])
    faults = [
        *_unwatchable(experiment, judged, scenarios[experiment.variants[0]], found),
        *_unfit(experiment, home, scenarios, found),
    ]
    if faults:
        raise ExperimentError(sorted(dict.fromkeys(faults), key=lambda fault: int(fault.where.removeprefix("line "))))
    design = [(variant, row) for variant in experiment.variants for row in rows(experiment)]
    if len(design) > _MAX_POINTS:
        raise ExperimentError([found.fault(("design",), str(len(design)), f"at most {_MAX_POINTS} points")])
    points = tuple(_point(experiment, home, scenarios[variant], variant, row) for variant, row in design)
    columns = _columns(experiment, design, points)
    watched = tuple(line for line in judged if is_run(line) and _watches(experiment, line, judged))
    return Designed(experiment, sha256(content).hexdigest(), home, points, columns, tuple(judged), watched)


class _Found:
    """Where things stand in the file."""

    def __init__(self, path: Path, lines_of: yaml_lines.Lines) -> None:
        self.path, self._lines = path, lines_of

    def spot(self, place: yaml_lines.Path) -> Spot:
        return Spot(self.path.name, f"line {self._lines.line(place)}", ".".join(str(part) for part in place))

    def fault(self, place: yaml_lines.Path, value: str | None, expected: str, hint: str = "") -> Fault:
        return Fault(*self.spot(place), value, expected, hint)


def _parsed(path: Path) -> tuple[Experiment, bytes, _Found]:
    content, faults = tables.read_bytes(path.parent, path.name, yaml_lines.MAX_BYTES)
    if content is None:
        raise ExperimentError(faults or [Fault(str(path), "", "", None, "this file")])
    text, faults = tables.decode(content, path.name)
    read = yaml_lines.read(text or "", path.name)
    if faults or read.faults:
        raise ExperimentError([*faults, *read.faults])
    found = _Found(path, read)
    try:
        settings = {"context": {"from_file": True}, "by_alias": True, "by_name": False}
        return Experiment.model_validate(read.data, **settings), content, found  # type: ignore[arg-type]
    except ValidationError as error:
        raise ExperimentError(faults_of(error, Experiment, found.spot)) from None


def _scenarios(experiment: Experiment, home: str, found: _Found) -> dict[str, Scenario]:
    """The scenario as every variant has it."""
    if not (Path(home) / "scenario.yaml").is_file():
        raise ExperimentError([found.fault(("scenario",), experiment.scenario, f"a folder with scenario.yaml: {home}")])
    plain = load(home)
    known = plain.settings.variants
    wrong = [name for name in experiment.variants if name and name not in known]
    if wrong or not experiment.variants:
        told = [found.fault(("variants",), name, "a known variant", nearest(name, known)) for name in wrong]
        raise ExperimentError(told or [found.fault(("variants",), None, "at least one variant")])
    return {name: load(home, name) if name else plain for name in experiment.variants}


def _lines(experiment: Experiment, scenario: Scenario) -> list[Line]:
    named = scenario.settings.plan
    chosen = experiment.plans or ((named,) if isinstance(named, str) else named)
    own: list[Plan] = [load_plan(plan, scenario.folder) for plan in chosen]
    return list(lines(own, load_compared(own, scenario.folder), scenario.settings.start.year))


# ---- what is watched


def _watches(experiment: Experiment, line: Line, judged: list[Line]) -> bool:
    if experiment.watch.clauses:
        return clause_key(line) in experiment.watch.clauses or line.clause.id in experiment.watch.clauses
    duties = any(one.kind == "obligation" and is_run(one) for one in judged)
    return line.kind == "obligation" or not duties


def _unwatchable(experiment: Experiment, judged: list[Line], scenario: Scenario, found: _Found) -> Iterator[Fault]:
    known = {name for line in judged if is_run(line) for name in (clause_key(line), line.clause.id)}
    for i, name in enumerate(experiment.watch.clauses):
        if name not in known:
            expected = "a clause that is measured in a run, as plan/id or id"
            yield found.fault(("watch", "clauses", i), name, expected, nearest(name, sorted(known)))
    metrics = _metrics(scenario) if experiment.watch.metrics else ()
    for i, name in enumerate(experiment.watch.metrics):
        if name not in metrics:
            yield found.fault(("watch", "metrics", i), name, "a scalar metric", nearest(name, metrics))


def _metrics(scenario: Scenario) -> tuple[str, ...]:
    """Names of the scalars of a replication: those of one in which nothing happened."""
    return tuple(summarise(log_from_rows([]), compile_world(scenario).facts))


# ---- factors against the scenario


def _unfit(experiment: Experiment, home: str, scenarios: dict[str, Scenario], found: _Found) -> Iterator[Fault]:
    """What the scenario makes of the least, the greatest and every named value of each factor."""
    yield from _wrong_points(experiment, found)
    for name, factor in experiment.factors.items():
        for variant, scenario in scenarios.items():
            for value in _tried(experiment, name, factor):
                yield from _refused(home, scenario, variant, factor, value, found, name)


def _wrong_points(experiment: Experiment, found: _Found) -> Iterator[Fault]:
    listed = experiment.design.points if isinstance(experiment.design.points, tuple) else ()
    for i, given in enumerate(listed):
        for name in given:
            if name not in experiment.factors:
                hint = nearest(name, experiment.factors)
                yield found.fault(("design", "points", i, name), name, "the name of a factor", hint)


def _tried(experiment: Experiment, name: str, factor: Factor) -> list[Value]:
    listed = experiment.design.points if isinstance(experiment.design.points, tuple) else ()
    ends: list[Value] = [*factor.values, *factor.levels] or [at(factor, 0.0), at(factor, 1.0)]
    if experiment.design.kind == "list":
        ends = [given[name] for given in listed if name in given]
    return [*dict.fromkeys(ends if factor.base is None else [*ends, factor.base])]


def _refused(
    home: str, scenario: Scenario, variant: str, factor: Factor, value: Value, found: _Found, name: str
) -> Iterator[Fault]:
    place: yaml_lines.Path = ("factors", name)
    if factor.levels and value not in factor.levels:
        yield found.fault(place, str(value), f"one of the levels {', '.join(factor.levels)}")
        return
    try:
        point(home, variant, changes(factor, value, scenario)).load()
    except PydanticCustomError as error:
        context: dict[str, Any] = dict(error.context or {})
        yield found.fault(place, str(value), str(context.get("what", error.message())))
    except ValueError as error:
        yield found.fault(place, str(value), str(error))
    except FaultsError as error:
        for fault in error.faults:
            yield found.fault(_place_of(factor, value, place), _told(fault), fault.expected, fault.nearest)


def _place_of(factor: Factor, value: Value, place: yaml_lines.Path) -> yaml_lines.Path:
    if factor.levels:
        return (*place, "levels", str(value), "set")
    return (*place, "path" if factor.path else "paths")


def _told(fault: Fault) -> str:
    """The value, if it is at fault, and where in the scenario it does not fit."""
    place = fault.field or fault.file
    return place if fault.value is None else f"{fault.value} at {place}"


# ---- points


def _point(experiment: Experiment, home: str, scenario: Scenario, variant: str, row: Row) -> Point:
    sets: dict[str, Any] = {}
    for name, value in row.values.items():
        sets |= changes(experiment.factors[name], value, scenario)
    return point(home, variant, sets)


def _columns(experiment: Experiment, design: list[tuple[str, Row]], points: tuple[Point, ...]) -> dict[str, list[Any]]:
    key = Keys()
    costs = [sum(cost(experiment.factors[name], value) for name, value in row.values.items()) for _, row in design]
    columns: dict[str, list[Any]] = {
        "point": list(range(len(points))),
        "key": [key(one) for one in points],
        "variant": [variant for variant, _ in design],
    }
    columns |= {name: _cells([row.values[name] for _, row in design]) for name in experiment.factors}
    columns["cost"] = [float(one) for one in costs]
    drawn = design[0][1].places
    return columns | {f"u_{name}": [row.places[name] for _, row in design] for name in drawn}


def _cells(values: list[Value]) -> list[Any]:
    """A column of numbers, or of words with an empty one for what is left as the scenario says."""
    if all(value is None or isinstance(value, float) for value in values):
        return [float("nan") if value is None else value for value in values]
    return ["" if value is None else f"{value:.12g}" if isinstance(value, float) else value for value in values]
