"""How `run` and `batch` run a scenario: loaded, simulated, stored, drawn, judged."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from simrescue.cli.language import on_screen, pick
from simrescue.cli.options import typed

if TYPE_CHECKING:
    from simrescue import Results, Scenario
    from simrescue.experiment.replications.runner import DrawnValues
    from simrescue.experiment.studies.unsure import Drawn

PROMISE_BROKEN = 3
"""Exit code where `--fail-on` finds an obligation that is not kept."""


def tell_passed_over(scenario: Scenario) -> None:
    """Name the files of the folder that the run does not read though somebody may think so."""
    from simrescue.cli.prepare.lists import SEVERITIES
    from simrescue.scenario.preflight.passed_over import passed_over

    for finding in passed_over(scenario.folder):
        click.echo(f"{pick(SEVERITIES[finding.severity])}: {pick((finding.message, finding.message_zh))}", err=True)


def label(scenario: Scenario) -> str:
    """The name of a run: the scenario's own, and the variant's where there is one."""
    from simrescue.experiment.store.manifest import default_folder

    return default_folder(scenario).name


def folder_of(scenario: Scenario, sets: tuple[str, ...]) -> Path | None:
    """Where a run goes without --out: what was set has a folder of its own, so that it stands beside the plain run."""
    if not sets:
        return None
    from hashlib import blake2b

    from simrescue.experiment.store.manifest import default_folder

    plain = default_folder(scenario)
    return plain.with_name(f"{plain.name}-set-{blake2b(repr(sorted(sets)).encode(), digest_size=3).hexdigest()}")


def simulate(
    scenario: Scenario, out: Path | None, *, plans: tuple[str, ...], replications: int, seed: int,
    workers: int | None, no_charts: bool, lang: Literal["both", "en", "zh"], events: str,
    unsure: bool = False,
) -> Results:  # fmt: skip
    """Run one scenario, with `unsure` also with its unverified numbers drawn, store it and draw its charts."""
    from simrescue.cli.show.progress import Progress
    from simrescue.experiment.replications.runner import run as run_replications
    from simrescue.scenario.plans_file import load_plan

    for plan in plans:
        load_plan(plan, scenario.folder)  # its faults before the bar
    drawn = drawn_values(scenario, plans, replications, seed, workers) if unsure else None
    with Progress(label(scenario), sys.stderr) as progress:
        results = run_replications(
            scenario, plans or None, replications, seed, workers, out, progress, events, replace=True, drawn=drawn,
            typed=typed(),
        )  # fmt: skip
    if not no_charts:
        from simrescue.charts import draw_all

        if lang != "zh":
            draw_all(results, "en")
        if lang != "en":
            draw_all(results, "zh")
    return results


def drawn_values(
    scenario: Scenario, plans: tuple[str, ...], replications: int, seed: int, workers: int | None
) -> DrawnValues:
    """What the replications with drawn numbers came to, as a run takes it."""
    return run_with_drawn(scenario, plans, replications, seed, workers).for_run


def run_with_drawn(
    scenario: Scenario, plans: tuple[str, ...], replications: int, seed: int, workers: int | None
) -> Drawn:
    """The replications with drawn numbers; they are remembered, so that a command that was stopped repeats none."""
    from simrescue.cli.show.progress import Progress
    from simrescue.experiment.studies.unsure import run_drawn

    memory = Path(".simrescue") / "memory" / scenario.settings.name
    title = on_screen("{name}, numbers drawn", name=label(scenario))
    with Progress(title, sys.stderr) as progress:
        return run_drawn(scenario, plans or None, replications, seed, workers=workers, memory=memory, progress=progress)


def judge(runs: list[Results], fail_on: str | None) -> None:
    """Leave with PROMISE_BROKEN if `--fail-on` says so: obligations only, comparison lines never."""
    broken = {"not-met": ["not met"], "undecided": ["not met", "undecided"]}.get(fail_on or "", [])
    for results in runs:
        obligations = results.verdicts[results.verdicts["kind"] == "obligation"]
        if obligations["verdict"].isin(broken).any():
            sys.exit(PROMISE_BROKEN)
