"""The command `explain`: tested causes and the account of waiting of a stored run, and the story of a place."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from simrescue.cli import options
from simrescue.cli.language import on_screen
from simrescue.cli.options import MEMORY

if TYPE_CHECKING:
    import pandas as pd

    from simrescue import Results
    from simrescue.explain import Explained


@click.command()
@click.argument("results", type=click.Path(path_type=Path, file_okay=False))
@click.option("--place", metavar="ID|NAME", help="One village, shelter, depot, fire or responder: reasons and story.")
@click.option(
    "--clause",
    "-c",
    metavar="ID",
    help="Only this clause, as id or plan/id; its causes are tested whether it is an obligation or not.",
)
@click.option("--replication", "-k", type=click.IntRange(0), help="Only this replication; default: all.")
@click.option(
    "--test/--no-test",
    "tests",
    default=True,
    show_default=True,
    help="Test causes of the obligations that are not met: the same events again, each cause lifted in turn.",
)
@click.option(
    "--budget",
    default=150,
    show_default=True,
    type=click.IntRange(10, 1_000_000),
    help="Most replications to spend on causes.",
)
@click.option(
    "--minutes",
    default=10.0,
    show_default=True,
    type=click.FloatRange(0, 100_000),
    help="Begin no further cause after so many minutes.",
)
@options.workers()
@MEMORY
@options.as_json("reasons")
def explain(
    results: Path, place: str | None, clause: str | None, replication: int | None, tests: bool, budget: int,
    minutes: float, workers: int | None, memory: Path | None, as_json: bool,
) -> None:  # fmt: skip
    """Tell why clauses of a RESULTS folder are broken: the causes that were tested, then where the time went.

    A cause is what changes the promise when it is taken away: the same events are run again with enough boats, with
    all roads open, with news at once, and so on. What is found is kept in the folder and not made again. Where the
    time of those who were late went is told beside it, as a description.

    \b
    simrescue explain results/zhuozhou-2023
    simrescue explain results/zhuozhou-2023 --clause T01a --lang zh
    simrescue explain results/zhuozhou-2023 --place matou-village-12 -k 3
    """
    from simrescue import read_results
    from simrescue.cli.answers.explanations import (
        account_of,
        place_json,
        reasons_json,
        show_place,
        show_reasons,
        show_story,
        show_word_delay,
        story_json,
    )
    from simrescue.cli.show.json_text import as_text
    from simrescue.experiment.studies.causes.kept import tested_causes
    from simrescue.explain import Names, explain_results, replications_of, things_of
    from simrescue.kinds import kind_named

    stored = read_results(results)
    keys = _keys(stored, clause)
    if place is not None:
        index, names = _index(stored.things, place), Names(things_of(stored.things))
        numbers = None if replication is None else (replication,)
        number = replications_of(stored, numbers)[0]
        is_place = kind_named(stored.things["kind"][index]).role != "responder"
        explained = explain_results(stored, _explained(stored, clause), numbers) if is_place else None
        if as_json:
            late = place_json(explained, index) if explained else []
            answer = {"thing": stored.things["id"][index], "account": late, **story_json(stored, index, number)}
            click.echo(as_text(answer))
            return
        if explained:
            show_place(stored, explained, index, is_fire=stored.things["kind"][index] == "ignition")
        show_story(stored, names, index, number)
        return
    account = account_of(stored, keys, replication)
    if tests:
        _test(stored, keys if clause else None, account, (budget, minutes), workers, memory)
    tested = [row for row in tested_causes(stored, None) if row.clause in keys]
    if as_json:
        click.echo(as_text(reasons_json(stored, keys, account, tested)))
    else:
        show_reasons(stored, keys, account, tested)
        show_word_delay(stored, keys, replication)


def _keys(stored: Results, clause: str | None) -> list[str]:
    """The obligations (plan/clause) that a run measured (all clauses where it has none), or the clause that is named.

    Raises:
        BadParameter: the name is of no clause that was measured.
    """
    table = stored.verdicts
    rows = table[table["replications"] + table["untested"] > 0].to_dict("records")
    known = {f"{row['plan']}/{row['clause']}": row["metric"] for row in rows}
    matching = [key for key in known if clause in (None, key, key.partition("/")[2])]
    if clause is None:
        own = {f"{row['plan']}/{row['clause']}" for row in rows if row["kind"] == "obligation"}
        # Of twenty comparison lines each with its account nobody reads the answer.
        matching = [key for key in matching if key in own] or matching
    if clause is not None and not matching:
        refused = on_screen("{clause!r} is none of the clauses measured: {known}", clause=clause,
                         known=", ".join(known) or "-")  # fmt: skip
        raise click.BadParameter(refused, param_hint="--clause")
    return matching


def _explained(stored: Results, clause: str | None) -> str | None:
    """The clause, if its waiting can be explained."""
    from simrescue.explain import chosen

    try:
        chosen(stored, clause)
    except KeyError:
        return None
    return clause


def _test(
    stored: Results, keys: list[str] | None, account: Explained | None, most: tuple[int, float], workers: int | None,
    memory: Path | None,
) -> None:  # fmt: skip
    """Test causes and keep what is found; of a run whose scenario is gone or changed say so, and go on."""
    from simrescue.cli.answers.choosing import memory_of
    from simrescue.cli.show.progress import Progress
    from simrescue.errors import ResultsError, told_of
    from simrescue.experiment.studies.causes.kept import broken, find_causes, oracle_of
    from simrescue.experiment.sweep.experiment_run import open_workers

    clauses = broken(stored) if keys is None else keys
    hours = dict[str, float]()
    for row in () if account is None else account.why.to_dict("records"):
        hours[row["bin"]] = hours.get(row["bin"], 0.0) + row["person_h"]
    budget, minutes = most
    try:
        with (
            open_workers(workers) as where,
            memory_of(memory, stored.manifest["scenario"]["name"]) as store,
            Progress(on_screen("causes"), sys.stderr, minutes) as progress,
        ):
            oracle = oracle_of(
                stored, workers=where, budget=budget, progress=lambda done, _: progress(done, budget), store=store
            )
            find_causes(stored, clauses, oracle, hours, minutes)
    except ResultsError as problem:
        click.echo(on_screen("Causes were not tested: {problem}", problem=told_of(problem)), err=True)


def _index(things: pd.DataFrame, place: str) -> int:
    """Row of the thing with an id, or with a name that only one has. Crews of one row share its name and its id."""
    from simrescue.experiment.analysis.verdict_words import NUMBER

    row_id = things["id"].str.replace(NUMBER, "", regex=True)
    shared: list[str] = []
    for column in (things["id"], things["name"], things["name_zh"], row_id):
        rows = things.index[column == place]
        if len(rows) == 1:
            return int(rows[0])
        shared = shared or things["id"][rows].tolist()
    if shared:
        several = on_screen(
            "{count} are called {place!r}: give the id of one, {first} to {last}",
            count=len(shared), place=place, first=shared[0], last=shared[-1],
        )  # fmt: skip
        raise click.BadParameter(several, param_hint="--place")
    from difflib import get_close_matches

    near = get_close_matches(place, {*things["id"], *things["name"], *things["name_zh"]} - {""}, n=3)
    unknown = on_screen("{place!r} is no id and no single name of this run", place=place)
    if near:
        unknown = on_screen("{told}; near: {names}", told=unknown, names=", ".join(near))
    raise click.BadParameter(unknown, param_hint="--place")
