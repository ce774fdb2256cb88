"""What the searches and comparisons make of words typed: plans, clauses, a memory, when to stop."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from simrescue.cli.language import on_screen

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from simrescue.experiment.design.experiment_records import Sequential
    from simrescue.experiment.sweep.replication_cache import ReplicationCache
    from simrescue.plans import Line, Plan
    from simrescue.scenario.records import Scenario

NAMES = 16
"""Known names told where one is unknown."""


def memory_of(folder: Path | None, name: str) -> ReplicationCache:
    """The memory of replications in a folder; None: the folder of the scenario of this name."""
    from simrescue.experiment.sweep.experiment_run import remember

    return remember(folder or Path(".simrescue") / "memory" / name)


def plans_named(names: Sequence[str], folder: str | Path) -> list[Plan | str] | None:
    """The plans of `--plan`, read so that their faults come before anything runs; None: the scenario's own.

    Raises:
        ScenarioError: a plan cannot be found or read.
    """
    from simrescue.scenario.plans.plans_file import load_plan

    return [load_plan(name, folder) for name in names] or None


def measured_lines(scenario: Scenario, plans: list[Plan | str] | None) -> list[Line]:
    """Clauses that a run of the scenario measures."""
    from simrescue.experiment.replications.runner import clause_lines
    from simrescue.experiment.replications.verdict_rows import is_measured

    return [line for line in clause_lines(scenario, plans) if is_measured(line, scenario)]


def chosen_lines(lines: Sequence[Line], clauses: Sequence[str]) -> list[Line]:
    """The clauses named, or all obligations; an unknown name is refused with the known ones."""
    from simrescue.experiment.replications.packed_job import clause_key, is_run

    run = [line for line in lines if is_run(line)]
    if not clauses:
        return [line for line in run if line.kind == "obligation"] or run
    known = {name: line for line in run for name in (line.clause.id, clause_key(line))}
    refuse_unknown("--clause", clauses, known)
    return [known[name] for name in clauses]


def refuse_unknown(option: str, names: Iterable[str], known: Iterable[str]) -> None:
    """Refuse the first name that is not known, with the nearest and the first known ones.

    Raises:
        BadParameter: of `option`.
    """
    from simrescue.errors import nearest

    listed = list(known)
    for name in names:
        if name not in listed:
            close = nearest(name, listed)
            short = [key for key in listed if "/" not in key]
            shown = ", ".join(short[:NAMES]) + (", ..." if len(short) > NAMES else "")
            wrong = on_screen("{name!r}. Known: {known}", name=name, known=shown)
            if close:
                wrong = on_screen(
                    "{name!r}. Did you mean {close!r}? Known: {known}", name=name, close=close, known=shown
                )
            raise click.BadParameter(wrong, param_hint=f"'{option}'")


def stopping_rule(replications: int | Sequential) -> Sequential:
    """Until settled; a fixed number becomes the most."""
    from simrescue.experiment.design.experiment_records import Sequential

    if isinstance(replications, Sequential):
        return replications
    return Sequential(min=min(20, replications), max=replications, batch=min(20, replications))
