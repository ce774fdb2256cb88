"""The command `serve`: a local page that lists stored runs."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import click

from simrescue.cli.language import on_screen
from simrescue.cli.options import as_json

PORT = 8765


@click.command()
@click.argument(
    "folder", metavar="RESULTS_DIR", default="results", type=click.Path(path_type=Path, file_okay=False, exists=True)
)
@click.option("--port", type=click.IntRange(0, 65535), default=PORT, show_default=True, help="Port; 0: any free one.")
@as_json("address")
def serve(folder: Path, port: int, as_json: bool) -> None:
    """List the runs stored under RESULTS_DIR on a page of this computer only, with verdicts, comparison and replay.

    \b
    simrescue serve results
    simrescue serve results --port 9000      (then open http://127.0.0.1:9000/)
    """
    from simrescue.cli.show.json_text import as_text
    from simrescue.report.local import make_server

    with make_server(folder, port) as server, suppress(KeyboardInterrupt):
        address = f"http://127.0.0.1:{server.server_port}/"
        if as_json:
            click.echo(as_text({"address": address, "results": str(folder)}))
        else:
            click.echo(f"{address}  " + on_screen("(Ctrl-C stops)"))
        server.serve_forever()
