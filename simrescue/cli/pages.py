"""The commands `replay` and `serve`: a stored run on a map, and a local page that lists stored runs."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import Literal

import click

PORT = 8765


@click.command()
@click.argument("results", type=click.Path(path_type=Path, file_okay=False))
@click.option("--replication", "-k", type=click.IntRange(0), help="Which replication to show.")
@click.option("--worst", is_flag=True, help="The one with most deaths, then late person-hours, then hectares burned.")
@click.option("--median", is_flag=True, help="The one in the middle of that order (the default).")
@click.option("--out", "-o", type=click.Path(path_type=Path, dir_okay=False),
              help="File to write; default: replay.html in the results folder.")  # fmt: skip
@click.option("--lang", type=click.Choice(["both", "en", "zh"]), default="both", show_default=True,
              help="Language of the page; both: with a switch.")  # fmt: skip
def replay(
    results: Path,
    replication: int | None,
    worst: bool,
    median: bool,
    out: Path | None,
    lang: Literal["both", "en", "zh"],
) -> None:
    """Write one replication of a RESULTS folder as a page with a map and a time bar, for a browser, offline.

    \b
    simrescue replay results/zhuozhou-2023
    simrescue replay results/zhuozhou-2023 --worst --out worst.html
    simrescue replay results/taihang-fire --replication 3 --lang zh
    """
    if (replication is not None) + worst + median > 1:
        raise click.UsageError("choose one of --replication, --worst and --median")
    from simrescue.experiment.store.reading import read_results
    from simrescue.report.replay import which, write

    stored = read_results(results)
    number = which(stored, replication if replication is not None else "worst" if worst else "median")
    path = write(stored, number, out or results / "replay.html", lang)
    click.echo(f"{path} shows replication {number} ({path.stat().st_size / 1e6:.1f} MB)")


@click.command()
@click.argument(
    "folder", metavar="RESULTS_DIR", default="results", type=click.Path(path_type=Path, file_okay=False, exists=True)
)
@click.option("--port", type=click.IntRange(0, 65535), default=PORT, show_default=True, help="Port; 0: any free one.")
def serve(folder: Path, port: int) -> None:
    """List the runs stored under RESULTS_DIR on a page of this computer only, with verdicts, comparison and replay.

    \b
    simrescue serve results
    simrescue serve results --port 9000      (then open http://127.0.0.1:9000/)
    """
    from simrescue.report.local import make_server

    with make_server(folder, port) as server, suppress(KeyboardInterrupt):
        click.echo(f"http://127.0.0.1:{server.server_port}/  (Ctrl-C stops)")
        server.serve_forever()
