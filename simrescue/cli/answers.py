"""The commands that end in a decision: compare, size, mend, sensitivity, bound."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import click

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from simrescue.experiment.design.design import Sequential
    from simrescue.experiment.replications.executors import Workers
    from simrescue.experiment.search.arms import Side
    from simrescue.experiment.sweep.memory import Memory
    from simrescue.plans import Line, Plan
    from simrescue.scenario.records import Scenario

SETTLES = 60
"""Least `max` of a search: "met" at 90 % needs 51 replications without a failure."""
NAMES = 16
"""Known names told where one is unknown."""
REPLICATIONS = click.option(
    "--replications", "-n", default=60, show_default=True, type=click.IntRange(2, 1_000_000),
    help="How often the event happens.",
)  # fmt: skip
SEED = click.option("--seed", default=1, show_default=True, type=click.IntRange(0, 2**63 - 1), help="Which events.")
WORKERS = click.option("--workers", "-w", type=click.IntRange(1, 4096), help="Processes to use; default: one a CPU.")
CLAUSES = click.option(
    "--clause",
    "-c",
    "clauses",
    multiple=True,
    metavar="ID",
    help="Only this clause, as id or plan/id. May be repeated.",
)
CONFIDENCE = click.option(
    "--confidence", default=0.95, show_default=True, type=click.FloatRange(0.5, 0.9999, min_open=True),
    help="Confidence with which all statements hold together.",
)  # fmt: skip
PLANS = click.option(
    "--plan",
    "-p",
    "plans",
    multiple=True,
    metavar="NAME|FILE",
    help="Judge by this plan instead of the scenario's own.",
)
VARIANT = click.option("--variant", "-v", default="", metavar="NAME", help="A named variant from scenario.yaml.")
SET = click.option("--set", "sets", multiple=True, metavar="PATH=VALUE", help="Change one setting. May be repeated.")
BUDGET = click.option(
    "--budget", default=2000, show_default=True, type=click.IntRange(10, 10_000_000),
    help="Most replications to spend.",
)  # fmt: skip
MEMORY = click.option(
    "--memory", type=click.Path(path_type=Path, file_okay=False),
    help="Folder that remembers replications, so that a command that was stopped, or asks again, repeats none; "
    "default: .simrescue/memory/NAME of the scenario.",
)  # fmt: skip
JSON = click.option("--json", "as_json", is_flag=True, help="Print the answer as JSON.")


@click.command()
@click.argument("sides", nargs=-1, required=True, metavar="A B [C]...")
@CLAUSES
@click.option("--metric", "-m", "metrics", multiple=True, metavar="NAME", help="Only this number. May be repeated.")
@click.option("--best", metavar="NAME", help="Also say which side is best in this clause or number.")
@click.option("--smallest", is_flag=True, help="For --best: the smallest is best, not the largest.")
@PLANS
@REPLICATIONS
@SEED
@CONFIDENCE
@WORKERS
@MEMORY
@JSON
def compare(
    sides: tuple[str, ...], clauses: tuple[str, ...], metrics: tuple[str, ...], best: str | None, smallest: bool,
    plans: tuple[str, ...], replications: int, seed: int, confidence: float, workers: int | None, memory: Path | None,
    as_json: bool,
) -> None:  # fmt: skip
    """Say what B does better or worse than A, event by event, with intervals.

    A, B, ... are results folders, points of a sweep (FOLDER:NUMBER), or scenarios (FOLDER[:VARIANT]), which are run
    for the comparison. The first one is the base.

    \b
    simrescue compare results/zhuozhou-2023 results/zhuozhou-2023-langfang-centre
    simrescue compare scenarios/zhuozhou-2023 scenarios/zhuozhou-2023:early-order -n 60
    simrescue compare results/sweep:0 results/sweep:5 --clause T01a --best late_person_h --smallest
    """
    from simrescue.cli.comparisons import comparison_json, show_comparison
    from simrescue.cli.progress import Progress
    from simrescue.experiment.search.compare import METRICS
    from simrescue.experiment.search.compare import compare as compare_sides
    from simrescue.experiment.sweep.sweep import open_workers

    if len(sides) < 2:
        raise click.UsageError("a comparison needs at least two sides")
    total = replications * sum(not _is_stored(text) for text in sides)
    with open_workers(workers) as where, Progress("compare", sys.stderr) as progress:
        done = count(1)
        run = _Run(plans, replications, seed, where, memory, lambda: progress(next(done), total))
        found = [_side(text, run) for text in sides]
    if len({side.label for side in found}) < len(found):
        found = [replace(side, label=text) for side, text in zip(found, sides, strict=True)]
    known = dict.fromkeys([*(key.partition("/")[2] for key in found[0].holds), *found[0].holds])
    _refuse_unknown("--clause", clauses, known)
    _refuse_unknown("--metric", metrics, found[0].numbers)
    _refuse_unknown("--best", [best] if best else [], [*known, *found[0].numbers])
    wanted = metrics or (() if clauses else METRICS)
    rows = compare_sides(found, clauses, wanted, confidence)
    if as_json:
        click.echo(_json(comparison_json(rows, found, best, smallest, confidence)))
    else:
        show_comparison(rows, found, best, smallest, confidence)


@click.command()
@click.argument("experiment", type=click.Path(path_type=Path, dir_okay=False))
@CLAUSES
@BUDGET
@WORKERS
@MEMORY
@JSON
def size(
    experiment: Path, clauses: tuple[str, ...], budget: int, workers: int | None, memory: Path | None, as_json: bool
) -> None:  # fmt: skip
    """Find the least of a lever, or the cheapest combination of levers, with which the plan keeps its promise.

    EXPERIMENT is an experiment file; its factors with the role lever are searched, priced by their `cost`.

    \b
    simrescue size experiments/zhuozhou-helicopters.yaml --clause T01a
    """
    from simrescue.cli.progress import Progress
    from simrescue.cli.searches import show_size, size_json
    from simrescue.experiment.design.design_file import read_experiment
    from simrescue.experiment.search.oracle import Probe
    from simrescue.experiment.search.size import size as search
    from simrescue.experiment.sweep.sweep import open_workers

    designed = read_experiment(experiment)
    most = min(budget, designed.experiment.budget or budget)
    lines = _chosen(designed.lines, clauses) if clauses else list(designed.watched)
    plans = _plans(designed.experiment.plans, designed.scenario)
    with (
        open_workers(workers) as where,
        _remember(memory, Path(designed.scenario).name) as store,
        Progress(designed.experiment.name, sys.stderr) as progress,
    ):
        probe = Probe(designed.experiment.seed, plans, where, most, lambda done, _: progress(done, most), store)
        answer = search(designed, probe, _rule(designed.experiment.replications), lines)
    if as_json:
        click.echo(_json(size_json(answer)))
    else:
        show_size(answer, designed.experiment)


@click.command()
@click.argument("scenario", type=click.Path(path_type=Path))
@VARIANT
@SET
@PLANS
@CLAUSES
@click.option(
    "--menu", type=click.Path(path_type=Path, dir_okay=False), help="Changes and their prices; default: made."
)
@click.option("--charts", type=click.Path(path_type=Path, file_okay=False), help="Folder for a chart of each clause.")
@click.option("--show-menu", is_flag=True, help="Print the menu as a file to edit, and run nothing.")
@BUDGET
@SEED
@WORKERS
@MEMORY
@JSON
def mend(
    scenario: Path, variant: str, sets: tuple[str, ...], plans: tuple[str, ...], clauses: tuple[str, ...],
    menu: Path | None, charts: Path | None, show_menu: bool, budget: int, seed: int, workers: int | None,
    memory: Path | None, as_json: bool,
) -> None:  # fmt: skip
    """Find the smallest single change of a SCENARIO that turns a verdict: each change of a menu is tried alone.

    \b
    simrescue mend scenarios/zhuozhou-2023 --clause T01a --budget 3000
    simrescue mend my-county --show-menu > menu.yaml      (edit the prices, then)
    simrescue mend my-county --menu menu.yaml
    """
    from simrescue.cli.progress import Progress
    from simrescue.cli.searches import mending_json, show_mending, show_menu_file
    from simrescue.experiment.search.mend import mend as search
    from simrescue.experiment.search.menu import menu_of, read_menu
    from simrescue.experiment.search.oracle import Probe
    from simrescue.experiment.sweep.sweep import open_workers
    from simrescue.scenario.load import load

    loaded = load(scenario, variant, sets)
    changes = read_menu(menu, loaded) if menu else menu_of(loaded)
    if show_menu:
        show_menu_file(changes, loaded)
        return
    judged_by = _plans(plans, scenario)
    lines = _chosen(_lines(loaded, judged_by), clauses)
    with (
        open_workers(workers) as where,
        _remember(memory, loaded.settings.name) as store,
        Progress("mend", sys.stderr) as progress,
    ):
        probe = Probe(seed, judged_by, where, budget, lambda done, _: progress(done, budget), store)
        found = search(loaded, changes, lines, probe, _rule(max(SETTLES, min(400, budget // 8))))
    if charts:
        from simrescue.charts.experiment.mending import draw_mending

        for language in ("en", "zh"):
            draw_mending(found, language, charts)
    if as_json:
        click.echo(_json(mending_json(found, probe.spent)))
    else:
        show_mending(found, probe.spent)


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@click.option("--what", "-o", "outputs", multiple=True, metavar="NAME", help="A clause (plan/id) or number; default: "
              "the clauses that the experiment watches. May be repeated.")  # fmt: skip
@CONFIDENCE
@JSON
def sensitivity(folder: Path, outputs: tuple[str, ...], confidence: float, as_json: bool) -> None:
    """Say what the answer of a sweep hangs on: tornado, Morris or Sobol indices, and which clause breaks where.

    FOLDER holds the results of a sweep with the design one-at-a-time, morris or saltelli; latin-hypercube and sobol
    tell what breaks where, without indices.

    \b
    simrescue sensitivity results/zhuozhou-uncertainty
    simrescue sensitivity results/zhuozhou-uncertainty --what T01a --what late_person_h
    """
    from simrescue.cli.reasons import sensitivity_json, show_sensitivity
    from simrescue.experiment.search.sensitivity import FIT, design_kind
    from simrescue.experiment.search.sensitivity import outputs as analysed
    from simrescue.experiment.sweep.sweep import read_sweep

    results = read_sweep(folder)
    kind, known = design_kind(results), analysed(results)
    if kind not in FIT:
        raise click.UsageError(f"{folder} has the design {kind}; expected one of {', '.join(FIT)}")
    _refuse_unknown("--what", outputs, [*(name.partition("/")[2] for name in known if "/" in name), *known])
    if as_json:
        click.echo(_json(sensitivity_json(results, outputs, confidence)))
    else:
        show_sensitivity(results, outputs, confidence)


@click.command()
@click.argument("scenario", type=click.Path(path_type=Path))
@VARIANT
@SET
@PLANS
@CLAUSES
@REPLICATIONS
@SEED
@JSON
def bound(
    scenario: Path, variant: str, sets: tuple[str, ...], plans: tuple[str, ...], clauses: tuple[str, ...],
    replications: int, seed: int, as_json: bool,
) -> None:  # fmt: skip
    """Set the best that any dispatch could have done with the same forces beside each clause.

    Where the bound breaks the clause too, no dispatch keeps it: forces, stores, roads or reports must change.

    \b
    simrescue bound scenarios/zhuozhou-2023 --replications 20
    simrescue bound scenarios/zhuozhou-2023 --clause T01a --set command.policy=nearest
    """
    from simrescue.cli.progress import Progress
    from simrescue.cli.reasons import bounds_json, show_bounds
    from simrescue.experiment.bound.bound import bounds
    from simrescue.scenario.load import load

    loaded = load(scenario, variant, sets)
    lines = _lines(loaded, _plans(plans, scenario))
    chosen = _chosen(lines, clauses) if clauses else lines
    with Progress("bound", sys.stderr) as progress:
        found = bounds(loaded, chosen, replications, seed, progress)
    if as_json:
        click.echo(_json(bounds_json(found)))
    else:
        show_bounds(found)


COMMANDS = (compare, size, mend, sensitivity, bound)


# ---- what they share


class _Run(NamedTuple):
    """How the sides of a comparison are run that are not stored."""

    plans: Sequence[str]
    replications: int
    seed: int
    workers: Workers
    memory: Path | None
    step: Callable[[], None]
    """Called after each replication."""


def _remember(folder: Path | None, name: str) -> Memory:
    from simrescue.experiment.sweep.sweep import remember

    return remember(folder or Path(".simrescue") / "memory" / name)


def _path_and_part(text: str) -> tuple[str, str]:
    """A folder, and the variant or point behind its colon."""
    path, _, part = text.rpartition(":") if not Path(text).exists() and ":" in text else (text, "", "")
    return path, part


def _is_stored(text: str) -> bool:
    from simrescue.experiment.store.manifest import MANIFEST

    return (Path(_path_and_part(text)[0]) / MANIFEST).exists()


def _side(text: str, run: _Run) -> Side:
    """A side of a comparison from what was typed."""
    from simrescue.experiment.search import arms as sides
    from simrescue.experiment.store.manifest import read_manifest
    from simrescue.experiment.store.reading import read_results
    from simrescue.experiment.sweep.sweep import evaluate, point, read_sweep
    from simrescue.scenario.load import load

    path, part = _path_and_part(text)
    label = Path(path).name + (f":{part}" if part else "")
    if _is_stored(text):
        if read_manifest(Path(path)).get("kind") != "sweep":
            return sides.side_of_results(read_results(path), label)
        if not part.isdigit():
            raise click.UsageError(f"{path} is a sweep: name one of its points, as {path}:0")
        return sides.side_of_point(read_sweep(path), int(part), label)
    if Path(path).is_dir() and not (Path(path) / "scenario.yaml").exists():
        raise click.UsageError(f"{path}: expected a folder of results (manifest.json) or a scenario (scenario.yaml)")
    judged_by, loaded, results = _plans(run.plans, path), load(path, part), []
    asked = [point(path, part)], range(run.replications)
    with _remember(run.memory, loaded.settings.name) as store:
        for _, result in evaluate(*asked, seed=run.seed, plans=judged_by, workers=run.workers, store=store):
            results.append(result)
            run.step()
    return sides.side_of_replications(results, loaded, _lines(loaded, judged_by), run.seed, label)


def _plans(names: Sequence[str], folder: str | Path) -> list[Plan | str] | None:
    from simrescue.scenario.plans_file import load_plan

    return [load_plan(name, folder) for name in names] or None


def _lines(scenario: Scenario, plans: list[Plan | str] | None) -> list[Line]:
    """Clauses that are measured in a run."""
    from simrescue.experiment.replications.runner import clause_lines
    from simrescue.experiment.replications.work import is_run

    return [line for line in clause_lines(scenario, plans) if is_run(line)]


def _chosen(lines: Sequence[Line], clauses: Sequence[str]) -> list[Line]:
    """The clauses named, or all obligations; an unknown name is refused with the known ones."""
    from simrescue.experiment.replications.work import clause_key, is_run

    run = [line for line in lines if is_run(line)]
    if not clauses:
        return [line for line in run if line.kind == "obligation"] or run
    known = {name: line for line in run for name in (line.clause.id, clause_key(line))}
    _refuse_unknown("--clause", clauses, known)
    return [known[name] for name in clauses]


def _refuse_unknown(option: str, names: Iterable[str], known: Iterable[str]) -> None:
    from simrescue.errors import nearest

    listed = list(known)
    for name in names:
        if name not in listed:
            close = nearest(name, listed)
            hint = f"Did you mean {close!r}? " if close else ""
            short = [one for one in listed if "/" not in one]
            told = ", ".join(short[:NAMES]) + (", ..." if len(short) > NAMES else "")
            raise click.BadParameter(f"{name!r}. {hint}Known: {told}", param_hint=f"'{option}'")


def _rule(replications: int | Sequential) -> Sequential:
    """Until settled; a fixed number becomes the most."""
    from simrescue.experiment.design.design import Sequential

    if isinstance(replications, Sequential):
        return replications
    return Sequential(min=min(20, replications), max=replications, batch=min(20, replications))


def _json(content: Any) -> str:
    return json.dumps(_finite(content), indent=2, ensure_ascii=False, allow_nan=False)


def _finite(content: Any) -> Any:
    """Data as JSON can hold it: null for what is infinite or not a number."""
    if isinstance(content, dict):
        return {str(key): _finite(value) for key, value in content.items()}
    if isinstance(content, (list, tuple)):
        return [_finite(value) for value in content]
    if isinstance(content, float) and (content != content or content in (float("inf"), float("-inf"))):
        return None
    return content
