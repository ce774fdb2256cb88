"""The command `simrescue verify`: every file of a results folder against its checksum, and what is lost made again."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from simrescue.cli import options
from simrescue.cli.language import on_screen

if TYPE_CHECKING:
    from simrescue.experiment.store.verify import Flaw

Say = Callable[[str], None]
"""Prints a line: on stderr where the answer is data."""
DAMAGED = 1


@click.command()
@click.argument("results", type=click.Path(path_type=Path, file_okay=False))
@click.option("--mend", "mending", is_flag=True, help="Compute what is damaged or lost again, from its seeds.")
@options.workers()
@options.as_json("findings")
def verify(results: Path, mending: bool, workers: int | None, as_json: bool) -> None:
    """Check every file of a RESULTS folder against the checksum that its manifest has.

    With --mend, tables, verdicts, event logs and charts that are damaged or lost are made again and end byte for byte
    as they were, if version, scenario and plans are those of the run; else it says so and leaves all as it is. Files
    that simrescue did not write are listed and left alone.

    \b
    simrescue verify results/zhuozhou-2023
    simrescue verify results/zhuozhou-2023 --mend

    Exit code 0: all is as it was written; 1: something is not.
    """
    from simrescue.cli.show.json_text import as_text
    from simrescue.experiment.store.verify import believed, flaws, others

    if not results.is_dir():
        raise click.UsageError(on_screen("{results}: no such folder of results", results=results))
    before = flawed = flaws(results)
    say = partial(click.echo, err=as_json)
    _tell(results, before, say)
    if before and mending:
        flawed = _mended(results, workers, say)
        say(on_screen("After mending:"))
        _tell(results, flawed, say)
    elif before:
        say(on_screen("Mend it with: {command}", command=shlex.join(["simrescue", "verify", str(results), "--mend"])))
    for name in others(results):
        say(f"{name}: " + on_screen("not of simrescue, or made from the results later; left alone"))
    manifest = believed(results)
    is_cut = manifest.get("kind") != "memory" and not manifest["complete"]
    if is_cut:
        say(_cut_short(manifest))
    if as_json:
        content = {
            "results": str(results), "whole": not flawed, "flaws": _as_rows(flawed), "mended": _as_rows(
                flaw for flaw in before if flaw not in flawed
            ),
            "others": list(others(results)), "complete": not is_cut, "command": _command(manifest) if is_cut else None,
        }  # fmt: skip
        click.echo(as_text(content))
    if flawed:
        sys.exit(DAMAGED)


def _mended(results: Path, workers: int | None, say: Say) -> list[Flaw]:
    """Put right what can be, and answer what is left."""
    from simrescue.cli.stored.computed_again import compute_again
    from simrescue.experiment.store.verify import believed, flaws, put_right

    put_right(results)
    if not flaws(results):
        return []
    compute_again(results, believed(results), results.resolve(), workers)
    put_right(results)
    return _draw(results, flaws(results), say)


def _cut_short(manifest: dict[str, Any]) -> str:
    text = on_screen("Cut short after {done} replications; its command carries on:", done=manifest["finished"])
    if "replications" in manifest:
        text = on_screen(
            "Cut short: {done} of {total} replications; its command carries on:",
            done=manifest["finished"], total=manifest["replications"],
        )  # fmt: skip
    return f"{text}\n{_command(manifest)}"


def _as_rows(flawed: Iterable[Flaw]) -> list[dict[str, str]]:
    return [{"file": flaw.file, "what": flaw.what} for flaw in flawed]


def _tell(results: Path, flawed: Sequence[Flaw], say: Say) -> None:
    words = {
        "missing": on_screen("missing"),
        "damaged": on_screen("damaged"),
        "not of this run": on_screen("not of this run"),
    }
    for flaw in flawed:
        say(on_screen("{item}: {words}", item=flaw.file, words=words[flaw.what]))
    if not flawed:
        say(on_screen("{item}: {words}", item=results, words=on_screen("every file is as it was written")))


def _command(manifest: dict[str, Any]) -> str:
    from simrescue.experiment.replications.command_line import command_line

    return command_line(manifest)


def _draw(results: Path, flawed: list[Flaw], say: Say) -> list[Flaw]:
    """Draw the charts again that are not as they were, and look at all once more."""
    from simrescue.experiment.store.stored_results import read_results
    from simrescue.experiment.store.sweep_results import read_sweep
    from simrescue.experiment.store.verify import believed, flaws

    charts = [Path(flaw.file) for flaw in flawed if flaw.file.startswith("charts/")]
    if not charts or len(charts) < len(flawed):
        return flawed
    from simrescue.charts import draw_all
    from simrescue.charts.experiment.sweeps import draw_sweep

    before = believed(results)["files"]
    for lang in ("en", "zh"):
        if any(path.stem.endswith("-zh") == (lang == "zh") for path in charts):
            if believed(results).get("kind") == "sweep":
                draw_sweep(read_sweep(results), lang)
            else:
                draw_all(read_results(results), lang)
    if believed(results)["files"] != before:
        say(on_screen("Charts are drawn anew, not as they were: another version of a library?"))
    return flaws(results)
