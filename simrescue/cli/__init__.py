"""The command `simrescue`: what a planner types, and the exit code that a pipeline reads.

Nothing heavier than click is imported before a command needs it, so that `--help` answers at once.
"""

from __future__ import annotations

import sys
from io import TextIOWrapper
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import click

from simrescue import __version__
from simrescue.cli.answers import COMMANDS
from simrescue.cli.experiments import sweep
from simrescue.cli.explain import explain
from simrescue.cli.pages import replay, serve
from simrescue.cli.report import report
from simrescue.cli.verify import verify
from simrescue.errors import FaultsError, SimrescueError

if TYPE_CHECKING:
    from simrescue import Results, Scenario

FAULT, BAD_INPUT, PROMISE_BROKEN, INTERRUPTED = 1, 2, 3, 130


class Commands(click.Group):
    """A group whose commands answer bad input and Ctrl-C with a message and an exit code, never with a traceback."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; all faults of a scenario or plan go to stderr together."""
        for stream in (sys.stdout, sys.stderr):
            if isinstance(stream, TextIOWrapper):
                stream.reconfigure(errors="replace")  # a console without Chinese characters shows ? for them
        try:
            return super().invoke(ctx)
        except SimrescueError as error:
            click.echo(str(error), err=True)
            ctx.exit(BAD_INPUT if isinstance(error, FaultsError) else FAULT)
        except KeyboardInterrupt:
            click.echo(
                "Interrupted: finished replications are whole and marked; the same command carries on from them.",
                err=True,
            )
            ctx.exit(INTERRUPTED)


VARIANT = click.option("--variant", "-v", default="", metavar="NAME", help="A named variant from scenario.yaml.")
SET = click.option(
    "--set", "sets", multiple=True, metavar="PATH=VALUE",
    help="Change one setting, e.g. --set command.policy=nearest or --set boats.*.count=20. May be repeated.",
)  # fmt: skip
RUN_OPTIONS = (
    click.option(
        "--plan", "-p", "plans", multiple=True, metavar="NAME|FILE",
        help="Judge by this plan instead of the scenario's own. May be repeated; see `simrescue plans`.",
    ),
    click.option(
        "--replications", "-n", default=60, show_default=True, type=click.IntRange(1, 1_000_000),
        help="How often the event happens.",
    ),
    click.option(
        "--seed", default=1, show_default=True, type=click.IntRange(0, 2**63 - 1),
        help="Same seed, same events: compare plans like for like.",
    ),
    click.option(
        "--workers", "-w", type=click.IntRange(1, 4096),
        help="Processes to use; default: one a CPU. Never changes a result.",
    ),
    SET,
    click.option("--no-charts", is_flag=True, help="Draw no charts."),
    click.option(
        "--lang", type=click.Choice(["both", "en", "zh"]), default="both", show_default=True,
        help="Language of the charts: English, Chinese or both.",
    ),
    click.option(
        "--events", type=click.Choice(["all", "failures", "none"]), default="all", show_default=True,
        help="Which replications keep their event log: all, those that break a clause, or none.",
    ),
    click.option(
        "--fail-on", type=click.Choice(["not-met", "undecided"]),
        help="Exit 3 if an obligation is not met (undecided: or cannot be decided).",
    ),
)  # fmt: skip


def run_options(command: Any) -> Any:
    """The options that `run` and `batch` share."""
    for option in reversed(RUN_OPTIONS):
        command = option(command)
    return command


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(__version__, prog_name="simrescue")
def main() -> None:
    """A sand table for emergency plans.

    Put the forces, stores and roads of a real place on a map, let a flood or a forest fire happen many times, and see
    which clauses of the plan hold, where and why it fails, what would mend it, and how sure that is.

    \b
    First steps:
      simrescue run scenarios/zhuozhou-2023      the flood of 2023, judged by the Hebei plan
      simrescue run scenarios/taihang-fire       two forest fires, found, fought and fled from
      simrescue report results/zhuozhou-2023     one page: verdicts, reasons, map, sources
      simrescue replay results/zhuozhou-2023     everybody moving on a map, from disk
      simrescue new my-county                    a small scenario of your own that runs
      simrescue check my-county                  its faults, and what can be said without a run
      simrescue run my-county --set command.policy=nearest

    \b
    Exit codes:
      0 done    1 the program or the results folder failed    2 bad input, nothing written
      3 --fail-on found a broken promise    130 stopped by Ctrl-C, finished replications kept
    """


@main.command()
@click.argument("scenario", type=click.Path(path_type=Path))
@VARIANT
@click.option(
    "--out",
    "-o",
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder for the results; default: results/NAME, and one of its own for each --set.",
)
@click.option("--all", "each", is_flag=True, help="List every clause that is not measured, with its reason.")
@run_options
def run(
    scenario: Path,
    variant: str,
    sets: tuple[str, ...],
    out: Path | None,
    fail_on: str | None,
    each: bool,
    **options: Any,
) -> None:
    """Let the event of a SCENARIO folder happen many times and judge the plan.

    \b
    simrescue run scenarios/zhuozhou-2023
    simrescue run scenarios/zhuozhou-2023 --variant langfang-centre -n 200
    simrescue run my-county --plan guangdong-2025 --set boats.boats-town.count=6
    simrescue run my-county --fail-on not-met      (for pipelines: exit code 3)
    """
    from simrescue.cli.tables import show_run

    loaded = _load(scenario, variant, sets)
    _tell_passed_over(loaded)
    results = _simulate(loaded, out or _folder_of(loaded, sets), **options)
    show_run(results, each)
    _judge([results], fail_on)


@main.command()
@click.argument("scenarios", nargs=-1, required=True, metavar="SCENARIO[:VARIANT]...")
@click.option("--out", "-o", type=click.Path(path_type=Path, file_okay=False), default=Path("results"),
              show_default=True, help="Folder that gets one results folder for each scenario.")  # fmt: skip
@run_options
def batch(scenarios: tuple[str, ...], sets: tuple[str, ...], out: Path, fail_on: str | None, **options: Any) -> None:
    """Run several scenarios or variants and print their verdicts side by side.

    \b
    simrescue batch scenarios/zhuozhou-2023 scenarios/zhuozhou-2023:langfang-centre
    simrescue batch county-a county-b -n 100 --seed 7
    """
    from simrescue.cli.tables import show_batch

    loaded = [_load(*_folder_and_variant(text), sets) for text in scenarios]
    labels = [label(scenario) for scenario in loaded]
    if twice := sorted({name for name in labels if labels.count(name) > 1}):
        raise click.UsageError(f"two runs would write into the same folder {out / twice[0]}")
    for one in loaded:
        _tell_passed_over(one)
    found = [_simulate(scenario, out / name, **options) for scenario, name in zip(loaded, labels, strict=True)]
    show_batch(found, labels)
    _judge(found, fail_on)


main.add_command(sweep)
main.add_command(explain)
main.add_command(report)
main.add_command(replay)
main.add_command(serve)
main.add_command(verify)
for _command in COMMANDS:
    main.add_command(_command)


@main.command()
@click.argument("scenario", type=click.Path(path_type=Path))
@VARIANT
@SET
@click.option("--json", "as_json", is_flag=True, help="Print the findings as JSON.")
def check(scenario: Path, variant: str, sets: tuple[str, ...], as_json: bool) -> None:
    """Look at a SCENARIO without running it: faults, and what fails on paper already.

    Exit code 2 when the scenario has faults; findings that are no faults leave it at 0.
    """
    from simrescue.cli.lists import show_findings
    from simrescue.errors import ScenarioError
    from simrescue.scenario.preflight.check import check as look
    from simrescue.scenario.unused import faults_elsewhere

    loaded = _load(scenario, variant, sets)
    if faults := faults_elsewhere(loaded):
        raise ScenarioError(faults)
    findings = look(loaded)
    if as_json:
        click.echo(as_text([finding._asdict() for finding in findings]))
    else:
        show_findings(findings)


@main.command()
@click.argument("name")
@click.option(
    "--dir",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path(),
    help="Where to put it; default: here.",
)
@click.option(
    "--hazard", type=click.Choice(["flood", "fire"]), default="flood", show_default=True, help="What happens to it."
)
def new(name: str, folder: Path, hazard: str) -> None:
    """Write a small commented scenario folder NAME that runs as it is.

    \b
    simrescue new my-county && simrescue run my-county
    simrescue new --hazard fire my-hills
    """
    from simrescue.scenario.new import create

    created = create(folder / name, hazard=hazard)
    click.echo(f"{created} is ready. Next: simrescue run {created}")


@main.command()
@click.option("--table", metavar="NAME", help="The columns of one table, e.g. villages, instead of scenario.yaml.")
def schema(table: str | None) -> None:
    """Print the JSON Schema of scenario.yaml or of a table, for editors that complete and check.

    \b
    simrescue schema > scenario.schema.json
    # first line of scenario.yaml:  # yaml-language-server: $schema=scenario.schema.json
    """
    from simrescue.scenario.records import TABLES
    from simrescue.scenario.schema import json_schema, table_schema

    if table and table not in TABLES:
        raise click.BadParameter(f"{table!r} is none of {', '.join(TABLES)}", param_hint="--table")
    click.echo(as_text(table_schema(table) if table else json_schema()))


@main.command()
@click.argument("plan", required=False)
def plans(plan: str | None) -> None:
    """List the plans, or the clauses of one PLAN with its source sentences."""
    from simrescue.cli.lists import show_plan, show_plans
    from simrescue.scenario.plans_file import load_plan

    if plan:
        show_plan(load_plan(plan))
    else:
        show_plans()


@main.command()
@click.argument("words", nargs=-1, metavar="[SCENARIO] [WORD]")
@VARIANT
@SET
def parameters(words: tuple[str, ...], variant: str, sets: tuple[str, ...]) -> None:
    """Show the default numbers with range and source; with WORD only those that contain it.

    With the folder of a SCENARIO: the numbers as it has them, those that it sets first, each with the default.
    """
    from simrescue.cli.lists import show_parameters
    from simrescue.parameters import Parameters

    of_scenario = bool(words) and _names_scenario(words[0])
    if len(words) > 1 + of_scenario:
        raise click.UsageError("at most a SCENARIO and a WORD; the folder of the scenario comes first")
    if (variant or sets) and not of_scenario:
        raise click.UsageError("--variant and --set need the folder of a SCENARIO")
    numbers = _load(Path(words[0]), variant, sets).parameters if of_scenario else Parameters()
    show_parameters(numbers, words[-1] if len(words) > of_scenario else "")


def as_text(content: Any) -> str:
    """Data as JSON that every program reads: `null` for what is infinite or not a number."""
    import json

    return json.dumps(_finite(content), indent=2, ensure_ascii=False, allow_nan=False)


def _finite(content: Any) -> Any:
    if isinstance(content, dict):
        return {key: _finite(value) for key, value in content.items()}
    if isinstance(content, list):
        return [_finite(value) for value in content]
    return None if isinstance(content, float) and not isfinite(content) else content


def _names_scenario(text: str) -> bool:
    """Whether a word is a scenario: its folder or its file, or a path that leads nowhere and is told so."""
    path = Path(text)
    return (path / "scenario.yaml").is_file() or path.is_file() or len(path.parts) > 1


def _load(folder: Path, variant: str, sets: tuple[str, ...]) -> Scenario:
    from simrescue.scenario.load import load

    return load(folder, variant, sets)


def _tell_passed_over(scenario: Scenario) -> None:
    """Name the files of the folder that the run does not read though somebody may think so."""
    from simrescue.scenario.preflight.passed_over import passed_over

    for one in passed_over(scenario.folder):
        click.echo(f"{one.severity}: {one.message}\n{one.message_zh}", err=True)


def _folder_and_variant(text: str) -> tuple[Path, str]:
    folder, colon, variant = text.rpartition(":")
    return (Path(folder), variant) if colon and not Path(text).exists() else (Path(text), "")


def label(scenario: Scenario) -> str:
    """The name of a run: the scenario's own, and the variant's where there is one."""
    from simrescue.experiment.store.manifest import default_folder

    return default_folder(scenario).name


def _folder_of(scenario: Scenario, sets: tuple[str, ...]) -> Path | None:
    """Where a run goes without --out: what was set has a folder of its own, so that it stands beside the plain run."""
    if not sets:
        return None
    from hashlib import blake2b

    from simrescue.experiment.store.manifest import default_folder

    plain = default_folder(scenario)
    return plain.with_name(f"{plain.name}-set-{blake2b(repr(sorted(sets)).encode(), digest_size=3).hexdigest()}")


def _simulate(
    scenario: Scenario, out: Path | None, *, plans: tuple[str, ...], replications: int, seed: int,
    workers: int | None, no_charts: bool, lang: Literal["both", "en", "zh"], events: str,
) -> Results:  # fmt: skip
    """Run one scenario, store it and draw its charts."""
    from simrescue.cli.progress import Progress
    from simrescue.experiment.replications.runner import run as run_replications
    from simrescue.scenario.plans_file import load_plan

    for plan in plans:
        load_plan(plan, scenario.folder)  # its faults before the bar
    with Progress(label(scenario), sys.stderr) as progress:
        results = run_replications(
            scenario, plans or None, replications, seed, workers, out, progress, events, replace=True
        )
    if not no_charts:
        from simrescue.charts import draw_all

        if lang != "zh":
            draw_all(results, "en")
        if lang != "en":
            draw_all(results, "zh")
    return results


def _judge(found: list[Results], fail_on: str | None) -> None:
    """Leave with PROMISE_BROKEN if `--fail-on` says so: obligations only, comparison lines never."""
    broken = {"not-met": ["not met"], "undecided": ["not met", "undecided"]}.get(fail_on or "", [])
    for results in found:
        obligations = results.verdicts[results.verdicts["kind"] == "obligation"]
        if obligations["verdict"].isin(broken).any():
            sys.exit(PROMISE_BROKEN)
