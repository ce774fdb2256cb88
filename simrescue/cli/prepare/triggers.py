"""The command `triggers`: published tables of what starts a response level, to copy and edit."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from simrescue.cli.language import on_screen, pick
from simrescue.cli.options import NewPath, as_json

if TYPE_CHECKING:
    from simrescue.scenario.response_records import Trigger


@click.command()
@click.argument("table", required=False)
@click.option("--out", type=NewPath(path_type=Path), help="Write TABLE there as a triggers.csv to edit.")
@as_json("list")
def triggers(table: str | None, out: Path | None, as_json: bool) -> None:
    """List published start conditions of response levels, or those of one TABLE with their source.

    They are a library and never a default: thresholds of neighbouring counties differ a hundredfold.

    \b
    simrescue triggers nanyang-urban-flood --out my-county/triggers.csv
    """
    from simrescue.scenario.trigger_library import copy_table, start_table, start_tables

    if out is not None and table is None:
        raise click.UsageError(on_screen("--out needs a TABLE"))
    if out is not None and table is not None:
        copied = copy_table(table, out)
        if as_json:
            from simrescue.cli.show.json_text import as_text

            click.echo(as_text([{"file": str(out), "gauges": list(copied.gauges)}]))
        else:
            click.echo(on_screen("{file} is ready: {number} conditions.", file=out, number=len(copied.triggers)))
            if copied.gauges:
                gauges = ", ".join(copied.gauges)
                click.echo(on_screen("Readings that readings.csv must hold, or zones instead: {gauges}", gauges=gauges))
        return
    chosen = [start_table(table)] if table else list(start_tables().values())
    if as_json:
        from simrescue.cli.show.json_text import as_text

        rows = [{"table": start.id, "title": pick(start.title), "triggers": [_plain(row) for row in start.triggers]}
                for start in chosen]  # fmt: skip
        click.echo(as_text(rows))
    elif table:
        from simrescue.cli.prepare.lists import show_start_table

        show_start_table(chosen[0])
    else:
        from simrescue.cli.prepare.lists import show_start_tables

        show_start_tables(chosen)


def _plain(row: Trigger) -> dict[str, str]:
    """A condition as it is written in a file, without what is empty."""
    from simrescue.scenario.trigger_library import COLUMNS

    values = {column: getattr(row, column) for column in COLUMNS}
    return {column: str(value) for column, value in values.items() if value not in (None, "")}
