"""How `run` and `batch` run a scenario: loaded, simulated, stored, drawn, judged."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Literal, NamedTuple

import click
from click.core import ParameterSource

from simrescue.cli.language import on_screen, pick
from simrescue.cli.options import typed
from simrescue.experiment.replications.budget import MOST
from simrescue.wording import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from simrescue import Results, Scenario
    from simrescue.experiment.studies.unsure import Drawn

PROMISE_BROKEN = 3
"""Exit code where `--fail-on` finds an obligation that is not kept."""


def tell_passed_over(scenario: Scenario) -> None:
    """Name the files of the folder that the run does not read though somebody may think so."""
    from simrescue.scenario.preflight.findings import SEVERITY_WORDS
    from simrescue.scenario.preflight.without_effect.passed_over import passed_over

    for finding in passed_over(scenario.folder):
        click.echo(f"{pick(SEVERITY_WORDS[finding.severity])}: {pick((finding.message, finding.message_zh))}", err=True)


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


class HowOften(NamedTuple):
    """How often the event happens."""

    replications: int | None
    """So often; None: until every obligation is settled."""
    most: int = MOST
    minutes: float | None = None


def counted(replications: int | None, most: int, minutes: float | None) -> HowOften:
    """What the options of `options.until_settled` come to. Raises click.UsageError where they contradict each other."""
    context = click.get_current_context()
    given = [
        name for name in ("until", "most", "minutes")
        if context.get_parameter_source(name) not in (None, ParameterSource.DEFAULT)
    ]  # fmt: skip
    if replications is not None and given:
        raise click.UsageError(
            on_screen(
                "--replications says how many; --{option} is of a run that ends when it is settled", option=given[0]
            )
        )
    return HowOften(replications, most, minutes)


def simulate(
    scenario: Scenario, out: Path | None, count: HowOften, *, plans: tuple[str, ...], seed: int, workers: int | None,
    events: str, unsure: bool = False, replace: bool = True, given: Sequence[str] = (),
) -> Results:  # fmt: skip
    """Run one scenario, with `unsure` also with its unverified numbers drawn, and store it.

    The verdicts are told as they come. Drawn numbers want to know how often: the run as assumed goes first, and is
    taken over when the second verdicts are added. `given`: the command as it was typed; empty: the one that is running.
    """
    from simrescue.cli.show.progress import Progress
    from simrescue.experiment.replications.runner import run as run_replications
    from simrescue.scenario.plans.plans_file import load_plan

    for plan in plans:
        load_plan(plan, scenario.folder)  # its faults before the bar
    given = given or typed()
    with Progress(label(scenario), sys.stderr) as progress:
        results = run_replications(
            scenario, plans or None, count.replications, seed, workers, out, progress, events, replace=replace,
            most=count.most, minutes=count.minutes, look=progress.look, typed=given,
        )  # fmt: skip
    if not unsure:
        return results
    replications = int(results.manifest["replications"])
    drawn = run_with_drawn(scenario, plans, replications, seed, workers).for_run
    return run_replications(
        scenario, plans or None, replications, seed, workers, out, events=events, drawn=drawn, typed=given
    )


def draw(folder: Path, lang: Literal["both", "en", "zh"], workers: int | None) -> None:
    """Draw the charts of a run or an experiment on the workers, told on stderr: they come after the answer."""
    click.echo(on_screen("Drawing the charts (--no-charts: none) ..."), err=True)
    from simrescue.charts.drawing import draw_charts

    draw_charts(folder, LANGUAGES if lang == "both" else (lang,), workers)
    click.echo(on_screen("Charts: {folder}", folder=folder / "charts"), err=True)


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
