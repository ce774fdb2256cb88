"""An experiment file read and checked: every fault at once, each factor tried on the scenario before anything runs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from simrescue.errors import ExperimentError, Fault, nearest
from simrescue.events import log_from_rows
from simrescue.experiment.design.experiment_check import ExperimentLines, unfit
from simrescue.experiment.design.experiment_records import Experiment
from simrescue.experiment.design.factors import Value, changes, cost
from simrescue.experiment.design.labels import labelled
from simrescue.experiment.design.points import Keys, Point, point
from simrescue.experiment.design.sampling import DesignRow, rows
from simrescue.experiment.design.unverified import unverified
from simrescue.experiment.replications.packed_job import clause_key
from simrescue.experiment.replications.verdict_rows import is_measured
from simrescue.metrics import summarise
from simrescue.plans import Line, Plan, lines
from simrescue.scenario.files import yaml_lines
from simrescue.scenario.files.faults import faults_of
from simrescue.scenario.load import load
from simrescue.scenario.plans.plans_file import load_compared, load_plan, plan_files
from simrescue.scenario.records import Scenario
from simrescue.simulation.world import compile_world
from simrescue.wording import bilingual


@dataclass(frozen=True, slots=True)
class Designed:
    """An experiment as it will be run: what the file says, and its points."""

    experiment: Experiment
    file: str
    """Where it was read."""
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
    written, content, found = _parsed(path)
    home = str(path.parent / written.scenario)
    scenarios = _scenarios(written, home, found)
    experiment = labelled(_with_unverified(written, scenarios), scenarios[written.variants[0]])
    lines = _lines(experiment, scenarios[experiment.variants[0]], found)
    faults = [
        *_unwatchable(experiment, lines, scenarios[experiment.variants[0]], found),
        *unfit(experiment, written.factors, home, scenarios, found),
    ]
    if faults:
        raise ExperimentError(sorted(dict.fromkeys(faults), key=lambda fault: int(fault.where.removeprefix("line "))))
    design = [(variant, row) for variant in experiment.variants for row in rows(experiment)]
    points = tuple(_point(experiment, home, scenarios[variant], variant, row) for variant, row in design)
    columns = _columns(experiment, design, points)
    measured = [line for line in lines if is_measured(line, scenarios[experiment.variants[0]])]
    watched = tuple(line for line in measured if _watches(experiment, line, measured))
    return Designed(experiment, str(path), sha256(content).hexdigest(), home, points, columns, tuple(lines), watched)


def _parsed(path: Path) -> tuple[Experiment, bytes, ExperimentLines]:
    content, read = yaml_lines.read_file(path)
    if read.faults:
        raise ExperimentError(read.faults)
    found = ExperimentLines(path, read)
    try:
        settings = {"context": {"from_file": True}, "by_alias": True, "by_name": False}
        return Experiment.model_validate(read.data, **settings), content, found  # type: ignore[arg-type]
    except ValidationError as error:
        raise ExperimentError(faults_of(error, Experiment, found.spot)) from None


def _scenarios(experiment: Experiment, home: str, found: ExperimentLines) -> dict[str, Scenario]:
    """The scenario as every variant has it."""
    if not (Path(home) / "scenario.yaml").is_file():
        raise ExperimentError(
            [
                found.fault(
                    ("scenario",), experiment.scenario, bilingual("a folder with scenario.yaml: {home}", home=home)
                )
            ]
        )
    plain = load(home)
    known = plain.settings.variants
    wrong = [name for name in experiment.variants if name and name not in known]
    if wrong or not experiment.variants:
        faults = [
            found.fault(("variants",), name, bilingual("a known variant"), nearest(name, known)) for name in wrong
        ]
        raise ExperimentError(faults or [found.fault(("variants",), None, bilingual("at least one variant"))])
    return {name: load(home, name) if name else plain for name in experiment.variants}


def _with_unverified(written: Experiment, scenarios: dict[str, Scenario]) -> Experiment:
    """The experiment with a factor for each unverified number, where the file asks for them; its own factors win."""
    if not written.unverified:
        return written
    of_variants = [unverified(scenario) for scenario in scenarios.values()]
    taken = {path for factor in written.factors.values() for path in factor.all_paths}
    ready = {
        name: factor
        for name, factor in of_variants[0].items()
        if factor.path not in taken and all(name in others for others in of_variants)
    }
    return written.model_copy(update={"factors": ready | written.factors})


def _lines(experiment: Experiment, scenario: Scenario, found: ExperimentLines) -> list[Line]:
    known = plan_files(scenario.folder)
    unknown = [name for name in experiment.plans if not name.endswith((".yaml", ".yml")) and name not in known]
    if unknown:
        expected = bilingual("a plan: {known}", known=", ".join(known))
        raise ExperimentError([found.fault(("plans",), name, expected, nearest(name, known)) for name in unknown])
    chosen = experiment.plans or scenario.settings.plan_names
    own: list[Plan] = [load_plan(plan, scenario.folder) for plan in chosen]
    return list(lines(own, load_compared(own, scenario.folder), scenario.settings.judged_year))


# ---- what is watched


def _watches(experiment: Experiment, line: Line, measured: list[Line]) -> bool:
    if experiment.watch.clauses:
        return clause_key(line) in experiment.watch.clauses or line.clause.id in experiment.watch.clauses
    duties = any(one.kind == "obligation" for one in measured)
    return line.kind == "obligation" or not duties


def _unwatchable(
    experiment: Experiment, lines: list[Line], scenario: Scenario, found: ExperimentLines
) -> Iterator[Fault]:
    known = {name for line in lines if is_measured(line, scenario) for name in (clause_key(line), line.clause.id)}
    for i, name in enumerate(experiment.watch.clauses):
        if name not in known:
            expected = bilingual("a clause that is measured in a run, as plan/id or id")
            yield found.fault(("watch", "clauses", i), name, expected, nearest(name, sorted(known)))
    metrics = _metrics(scenario) if experiment.watch.metrics else ()
    for i, name in enumerate(experiment.watch.metrics):
        if name not in metrics:
            yield found.fault(("watch", "metrics", i), name, bilingual("a scalar metric"), nearest(name, metrics))


def _metrics(scenario: Scenario) -> tuple[str, ...]:
    """Names of the scalars of a replication: those of one in which nothing happened."""
    return tuple(summarise(log_from_rows([]), compile_world(scenario).facts))


# ---- points


def _point(experiment: Experiment, home: str, scenario: Scenario, variant: str, row: DesignRow) -> Point:
    sets: dict[str, Any] = {}
    for name, value in row.values.items():
        sets |= changes(experiment.factors[name], value, scenario)
    return point(home, variant, sets)


def _columns(
    experiment: Experiment, design: list[tuple[str, DesignRow]], points: tuple[Point, ...]
) -> dict[str, list[Any]]:
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
