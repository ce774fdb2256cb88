"""The command `batch`: several scenarios or variants side by side."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

import click

from simrescue.cli.language import on_screen
from simrescue.cli.options import as_json, out_folder, run_options


@click.command()
@click.argument("scenarios", nargs=-1, required=True, metavar="SCENARIO[:VARIANT]...")
@out_folder("Folder that gets one results folder for each scenario.", Path("results"))
@click.option("--all", "each", is_flag=True, help="Show every clause of every run in a table too.")
@as_json("answers")
@run_options
def batch(
    scenarios: tuple[str, ...],
    sets: tuple[str, ...],
    out: Path,
    fail_on: str | None,
    each: bool,
    as_json: bool,
    replications: int | None,
    until: str,  # noqa: ARG001 - one way to be settled, so far
    most: int,
    minutes: float | None,
    no_charts: bool,
    lang: Literal["both", "en", "zh"],
    **options: Any,
) -> None:
    """Run several scenarios or variants and print their verdicts side by side.

    \b
    simrescue batch scenarios/zhuozhou-2023 scenarios/zhuozhou-2023:early-order
    simrescue batch county-a county-b -n 100 --seed 7
    """
    from simrescue.cli.run.run_json import run_json
    from simrescue.cli.run.running import counted, draw, judge, label, simulate, tell_passed_over
    from simrescue.cli.run.side_by_side import show_batch
    from simrescue.cli.show.json_text import as_text
    from simrescue.scenario.load import load

    count = counted(replications, most, minutes)
    loaded = [load(*_folder_and_variant(text), sets) for text in scenarios]
    labels = [label(scenario) for scenario in loaded]
    if twice := sorted({name for name in labels if labels.count(name) > 1}):
        raise click.UsageError(on_screen("two runs would write into the same folder {folder}", folder=out / twice[0]))
    for scenario in loaded:
        tell_passed_over(scenario)
    runs = [simulate(scenario, out / name, count, **options) for scenario, name in zip(loaded, labels, strict=True)]
    if as_json:
        click.echo(as_text([run_json(results) for results in runs]))
    else:
        show_batch(runs, labels, each)
    for results in () if no_charts else runs:
        draw(results.path, lang, options["workers"])
    judge(runs, fail_on)


def _folder_and_variant(text: str) -> tuple[Path, str]:
    folder, colon, variant = text.rpartition(":")
    return (Path(folder), variant) if colon and not Path(text).exists() else (Path(text), "")
