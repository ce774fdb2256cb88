"""The command `schema`: what scenario.yaml, a table or a plan may hold, for editors."""

from __future__ import annotations

import click

from simrescue.cli.language import on_screen


@click.command()
@click.option("--table", metavar="NAME", help="The columns of one table, e.g. villages, instead of scenario.yaml.")
@click.option("--plan", is_flag=True, help="A file of the plan library, with the settings of every measure.")
@click.option("--json", "_as_json", is_flag=True, expose_value=False, help="It is JSON in any case.")
def schema(table: str | None, plan: bool) -> None:
    """Print the JSON Schema of scenario.yaml, a table or a plan, for editors that complete and check.

    \b
    simrescue schema > scenario.schema.json
    # first line of scenario.yaml:
    # yaml-language-server: $schema=scenario.schema.json
    simrescue schema --plan > plan.schema.json
    """
    from simrescue.cli.show.json_text import as_text
    from simrescue.scenario.records import TABLES
    from simrescue.scenario.schema import json_schema, plan_schema, table_schema

    if table and plan:
        raise click.UsageError(on_screen("--table and --plan ask for different files: give one of them"))
    if table and table not in TABLES:
        raise click.BadParameter(
            on_screen("{table!r} is none of {known}", table=table, known=", ".join(TABLES)), param_hint="--table"
        )
    click.echo(as_text(plan_schema() if plan else table_schema(table) if table else json_schema()))
