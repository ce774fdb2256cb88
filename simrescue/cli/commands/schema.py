"""The command `schema`: what scenario.yaml or a table may hold, for editors."""

from __future__ import annotations

import click


@click.command()
@click.option("--table", metavar="NAME", help="The columns of one table, e.g. villages, instead of scenario.yaml.")
def schema(table: str | None) -> None:
    """Print the JSON Schema of scenario.yaml or of a table, for editors that complete and check.

    \b
    simrescue schema > scenario.schema.json
    # first line of scenario.yaml:  # yaml-language-server: $schema=scenario.schema.json
    """
    from simrescue.cli.show.json_text import as_text
    from simrescue.scenario.records import TABLES
    from simrescue.scenario.schema import json_schema, table_schema

    if table and table not in TABLES:
        raise click.BadParameter(f"{table!r} is none of {', '.join(TABLES)}", param_hint="--table")
    click.echo(as_text(table_schema(table) if table else json_schema()))
