"""The command `replay`: one replication of a stored run on a map."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import click

from simrescue.cli.language import on_screen
from simrescue.cli.options import as_json, language, out_file


@click.command()
@click.argument("results", type=click.Path(path_type=Path, file_okay=False))
@click.option("--replication", "-k", type=click.IntRange(0), help="Which replication to show.")
@click.option("--worst", is_flag=True, help="The one with most deaths, then late person-hours, then hectares burned.")
@click.option("--median", is_flag=True, help="The one in the middle of that order (the default).")
@out_file("File to write; default: replay.html in the results folder.")
@language("Language of the page; both: with a switch.")
@as_json("file")
def replay(
    results: Path,
    replication: int | None,
    worst: bool,
    median: bool,
    out: Path | None,
    lang: Literal["both", "en", "zh"],
    as_json: bool,
) -> None:
    """Write one replication of a RESULTS folder as a page with a map and a time bar, for a browser, offline.

    \b
    simrescue replay results/zhuozhou-2023
    simrescue replay results/zhuozhou-2023 --worst --out worst.html
    simrescue replay results/taihang-fire --replication 3 --lang zh
    """
    if (replication is not None) + worst + median > 1:
        raise click.UsageError(on_screen("choose one of --replication, --worst and --median"))
    from simrescue.experiment.store.stored_results import read_results
    from simrescue.report.replay import which, write

    stored = read_results(results)
    number = which(stored, replication if replication is not None else "worst" if worst else "median")
    path = write(stored, number, out or results / "replay.html", lang)
    if as_json:
        from simrescue.cli.show.json_text import as_text

        click.echo(as_text({"replay": str(path), "replication": number, "bytes": path.stat().st_size}))
        return
    size = path.stat().st_size / 1e6
    click.echo(on_screen("{path} shows replication {number} ({size:.1f} MB)", path=path, number=number, size=size))
