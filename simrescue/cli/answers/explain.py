"""The command `explain`: why late, for a whole stored run or for one place, and the story of a place or responder."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from simrescue.cli import options
from simrescue.cli.language import on_screen

if TYPE_CHECKING:
    import pandas as pd


@click.command()
@click.argument("results", type=click.Path(path_type=Path, file_okay=False))
@click.option("--place", metavar="ID|NAME", help="One village, shelter, depot, fire or responder: reasons and story.")
@click.option("--clause", "-c", metavar="ID", help="Only this clause, as id or plan/id.")
@click.option("--replication", "-k", type=click.IntRange(0), help="Only this replication; default: all with a log.")
@options.screen_language("Language; default: that of the screen.")
def explain(results: Path, place: str | None, clause: str | None, replication: int | None) -> None:
    """Tell why clauses are broken: where the time of those who were late went, from the event logs of a RESULTS folder.

    \b
    simrescue explain results/zhuozhou-2023
    simrescue explain results/zhuozhou-2023 --clause T01a --lang zh
    simrescue explain results/zhuozhou-2023 --place matou-village-12 --replication 3
    """
    from simrescue import read_results
    from simrescue.cli.answers.explanations import show_place, show_reasons, show_story
    from simrescue.explain import Names, chosen, explain_results, replications_of, things_of
    from simrescue.kinds import kind_named

    stored = read_results(results)
    try:
        chosen(stored, clause)
    except KeyError:
        known = ", ".join(clause.key for clause in chosen(stored, None)) or "-"
        wrong = on_screen("{clause!r} is none of the clauses with a delay: {known}", clause=clause, known=known)
        raise click.BadParameter(wrong, param_hint="--clause") from None
    numbers = replications_of(stored, None if replication is None else (replication,))
    names = Names(things_of(stored.things))
    if place is None:
        show_reasons(stored, explain_results(stored, clause, numbers), names)
        return
    index = _index(stored.things, place)
    if kind_named(stored.things["kind"][index]).role != "responder":
        show_place(explain_results(stored, clause, numbers), index)
    show_story(stored, names, index, numbers[0])


def _index(things: pd.DataFrame, place: str) -> int:
    """Row of the thing with an id, or with a name that only one has."""
    for column in ("id", "name", "name_zh"):
        rows = things.index[things[column] == place]
        if len(rows) == 1:
            return int(rows[0])
    from difflib import get_close_matches

    near = get_close_matches(place, [*things["id"], *things["name"], *things["name_zh"]], n=3)
    unknown = on_screen("{place!r} is no id and no single name of this run", place=place)
    if near:
        unknown = on_screen("{told}; near: {names}", told=unknown, names=", ".join(near))
    raise click.BadParameter(unknown, param_hint="--place")
