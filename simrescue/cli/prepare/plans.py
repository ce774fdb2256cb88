"""The command `plans`: the library of plans, or the clauses of one."""

from __future__ import annotations

import click


@click.command()
@click.argument("plan", required=False)
def plans(plan: str | None) -> None:
    """List the plans, or the clauses of one PLAN with its source sentences."""
    from simrescue.cli.prepare.lists import show_plan, show_plans
    from simrescue.scenario.plans_file import load_plan

    if plan:
        show_plan(load_plan(plan))
    else:
        show_plans()
