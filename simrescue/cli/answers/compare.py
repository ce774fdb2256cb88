"""The command `compare`: what B does better or worse than A, event by event."""

from __future__ import annotations

import sys
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import click

from simrescue.cli import options
from simrescue.cli.language import on_screen
from simrescue.cli.options import CLAUSES, CONFIDENCE, MEMORY

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from simrescue.experiment.replications.executors import Workers
    from simrescue.experiment.studies.arms import Arm


@click.command()
@click.argument("arms", nargs=-1, required=True, metavar="A B [C]...")
@CLAUSES
@click.option("--metric", "-m", "metrics", multiple=True, metavar="NAME", help="Only this number. May be repeated.")
@click.option("--best", metavar="NAME", help="Also say which side is best in this clause or number.")
@click.option("--smallest", is_flag=True, help="For --best: the smallest is best, not the largest.")
@options.plans()
@options.replications(2)
@options.seed()
@CONFIDENCE
@options.workers()
@MEMORY
@options.as_json("answer")
def compare(
    arms: tuple[str, ...], clauses: tuple[str, ...], metrics: tuple[str, ...], best: str | None, smallest: bool,
    plans: tuple[str, ...], replications: int, seed: int, confidence: float, workers: int | None, memory: Path | None,
    as_json: bool,
) -> None:  # fmt: skip
    """Say what B does better or worse than A, event by event, with intervals.

    A, B, ... are results folders, points of a sweep (FOLDER:NUMBER), or scenarios (FOLDER[:VARIANT]), which are run
    for the comparison. The first one is the base.

    \b
    simrescue compare results/zhuozhou-2023 results/zhuozhou-2023-langfang-centre
    simrescue compare scenarios/zhuozhou-2023 scenarios/zhuozhou-2023:early-order
    simrescue compare results/sweep:0 results/sweep:5 --best deaths --smallest
    """
    from simrescue.cli.answers.choosing import refuse_unknown
    from simrescue.cli.answers.comparisons import comparison_json, show_comparison
    from simrescue.cli.show.json_text import as_text
    from simrescue.cli.show.progress import Progress
    from simrescue.experiment.studies.comparison import COMPARED_METRICS
    from simrescue.experiment.studies.comparison import compare as compare_sides
    from simrescue.experiment.sweep.experiment_run import open_workers

    if len(arms) < 2:
        raise click.UsageError(on_screen("a comparison needs at least two sides"))
    for text in arms:
        _must_be_there(text)
    total = replications * sum(not _is_stored(text) for text in arms)
    with open_workers(workers) as where, Progress("compare", sys.stderr) as progress:
        done = count(1)
        run = _Run(plans, replications, seed, where, memory, lambda: progress(next(done), total))
        compared = [_side(text, run) for text in arms]
    if len({arm.label for arm in compared}) < len(compared):
        compared = [replace(arm, label=text) for arm, text in zip(compared, arms, strict=True)]
    known = dict.fromkeys([*(key.partition("/")[2] for key in compared[0].holds), *compared[0].holds])
    refuse_unknown("--clause", clauses, known)
    refuse_unknown("--metric", metrics, compared[0].numbers)
    refuse_unknown("--best", [best] if best else [], [*known, *compared[0].numbers])
    wanted = metrics or (() if clauses else COMPARED_METRICS)
    rows = compare_sides(compared, clauses, wanted, confidence)
    if as_json:
        click.echo(as_text(comparison_json(rows, compared, best, smallest, confidence)))
    else:
        show_comparison(rows, compared, best, smallest, confidence)


class _Run(NamedTuple):
    """How the sides of a comparison are run that are not stored."""

    plans: Sequence[str]
    replications: int
    seed: int
    workers: Workers
    memory: Path | None
    step: Callable[[], None]
    """Called after each replication."""


def _path_and_part(text: str) -> tuple[str, str]:
    """A folder, and the variant or point behind its colon."""
    path, _, part = text.rpartition(":") if not Path(text).exists() and ":" in text else (text, "", "")
    return path, part


def _is_stored(text: str) -> bool:
    from simrescue.experiment.store.manifest import MANIFEST

    return (Path(_path_and_part(text)[0]) / MANIFEST).exists()


def _must_be_there(text: str) -> None:
    """Refuse a side that is no folder of results or of a scenario, before any other is run."""
    path = Path(_path_and_part(text)[0])
    if not (_is_stored(text) or path.is_file() or (path / "scenario.yaml").exists()):
        raise click.UsageError(
            on_screen("{path}: expected a folder of results (manifest.json) or a scenario (scenario.yaml)", path=path)
        )


def _side(text: str, run: _Run) -> Arm:
    """A side of a comparison from what was typed."""
    from simrescue.cli.answers.choosing import measured_lines, memory_of, plans_named
    from simrescue.experiment.store.manifest import read_manifest
    from simrescue.experiment.store.stored_results import read_results
    from simrescue.experiment.studies import arms
    from simrescue.experiment.sweep.experiment_run import evaluate, point, read_sweep
    from simrescue.scenario.load import load

    path, part = _path_and_part(text)
    label = Path(path).name + (f":{part}" if part else "")
    if _is_stored(text):
        if read_manifest(Path(path)).get("kind") != "sweep":
            return arms.arm_of_results(read_results(path), label)
        if not part.isdigit():
            raise click.UsageError(on_screen("{path} is a sweep: name one of its points, as {path}:0", path=path))
        return arms.arm_of_point(read_sweep(path), int(part), label)
    judged_by, loaded, results = plans_named(run.plans, path), load(path, part), []
    wanted = [point(path, part)], range(run.replications)
    with memory_of(run.memory, loaded.settings.name) as store:
        for _, result in evaluate(
            *wanted, seed=run.seed, plans=judged_by, workers=run.workers, store=store, tables=("shortfalls",)
        ):
            results.append(result)
            run.step()
    return arms.arm_of_replications(results, loaded, measured_lines(loaded, judged_by), run.seed, label)
