"""The command `explain`: why late, for a whole stored run or for one place, and the story of a place or responder."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    import pandas as pd
    from rich.table import Table

    from simrescue import Results
    from simrescue.explain import Explained, Names

WORST = 10
"""Places shown for a clause."""
LEAST_SHARE = 0.005
"""Bins with less of the late hours are left out on the screen."""
WORDS = {
    "why": ("Why late", "超时原因"),
    "share": ("Share", "占比"),
    "hours": ("Person-hours", "人时"),
    "places": ("Places", "地点数"),
    "place": ("Place", "地点"),
    "late": ("Late people", "超时人数"),
    "top": ("Main reason", "主要原因"),
    "worst": ("Where most hours are lost", "损失时间最多的地点"),
    "mean": ("means over {} replications with an event log", "{}次有事件记录的重复的均值"),
    "when": ("When", "时间"),
    "what": ("What happened", "经过"),
    "story": ("{}, replication {}", "{}，第{}次重复"),
    "no clause": (
        "No clause of this run counts a delay: there is nothing to explain. The verdicts say how each one stands.",
        "本次推演没有计时的指标，无超时可解释；各指标结论见判定表。",
    ),
    "nothing": ("Nobody there was late by any clause.", "该地按各指标均无人超时。"),
}


@click.command()
@click.argument("results", type=click.Path(path_type=Path, file_okay=False))
@click.option("--place", metavar="ID|NAME", help="One village, shelter, depot, fire or responder: reasons and story.")
@click.option("--clause", "-c", metavar="ID", help="Only this clause, as id or plan/id.")
@click.option("--replication", "-k", type=click.IntRange(0), help="Only this replication; default: all with a log.")
@click.option("--lang", type=click.Choice(["en", "zh"]), default="en", show_default=True, help="Language.")
def explain(results: Path, place: str | None, clause: str | None, replication: int | None, lang: str) -> None:
    """Tell why clauses are broken: where the time of those who were late went, from the event logs of a RESULTS folder.

    \b
    simrescue explain results/zhuozhou-2023
    simrescue explain results/zhuozhou-2023 --clause T01a --lang zh
    simrescue explain results/zhuozhou-2023 --place matou-village-12 --replication 3
    """
    from simrescue import read_results
    from simrescue.explain import Names, chosen, explain_results, replications_of, things_of
    from simrescue.kinds import kind_named

    stored = read_results(results)
    try:
        chosen(stored, clause)
    except KeyError:
        known = ", ".join(one.key for one in chosen(stored, None)) or "none"
        wrong = f"{clause!r} is none of the clauses with a delay: {known}"
        raise click.BadParameter(wrong, param_hint="--clause") from None
    numbers = replications_of(stored, None if replication is None else (replication,))
    names = Names(things_of(stored.things))
    if place is None:
        _show_run(stored, explain_results(stored, clause, numbers), names, lang == "zh")
        return
    index = _index(stored.things, place)
    if kind_named(stored.things["kind"][index]).role != "responder":
        _show_place(explain_results(stored, clause, numbers), index, lang == "zh")
    _show_story(stored, names, index, numbers[0], lang == "zh")


def _index(things: pd.DataFrame, place: str) -> int:
    """Row of the thing with an id, or with a name that only one has."""
    for column in ("id", "name", "name_zh"):
        rows = things.index[things[column] == place]
        if len(rows) == 1:
            return int(rows[0])
    from difflib import get_close_matches

    near = get_close_matches(place, [*things["id"], *things["name"], *things["name_zh"]], n=3)
    raise click.BadParameter(
        f"{place!r} is no id and no single name of this run" + (f"; near: {', '.join(near)}" if near else ""),
        param_hint="--place",
    )


def _say(key: str, zh: bool, *values: object) -> str:
    return WORDS[key][zh].format(*values)


def _show_run(results: Results, found: Explained, names: Names, zh: bool) -> None:
    """For each clause the sentence, the bins, and the places that lose most."""
    from simrescue.cli.tables import screen
    from simrescue.explain import chosen

    console = screen()
    if not found.sentences:
        console.print(_say("no clause", zh), soft_wrap=True)
    for one in chosen(results, None):
        if one.key not in found.sentences:
            continue
        console.print(f"{one.key}  {one.title_zh if zh else one.title}", style="bold", soft_wrap=True)
        console.print(found.sentences[one.key][zh], soft_wrap=True)
        if second := _second_clock(results, one.key)[zh]:
            console.print(second, soft_wrap=True)
        mine = found.why[found.why["clause"] == one.key]
        if len(mine):
            console.print(_bins(mine, zh))
            console.print(_worst(found.places[found.places["clause"] == one.key], names, zh))
    console.print(_say("mean", zh, len(found.replications)), style="dim")


def _second_clock(results: Results, key: str) -> tuple[str, str]:
    """How often a clause holds by the clock from the true need, in both languages; empty where it has but one clock."""
    from simrescue.plans import second_clock

    verdicts = results.verdicts
    mine = verdicts[verdicts["plan"] + "/" + verdicts["clause"] == key]
    return second_clock(mine.iloc[0].to_dict()) if len(mine) else ("", "")


def _bins(rows: pd.DataFrame, zh: bool) -> Table:
    from simrescue.cli.tables import both, plain_table

    titles = [_say(key, zh) for key in ("why", "share", "hours", "places")]
    table = plain_table("", *titles, right=titles[1:])
    for row in _largest(rows).to_dict("records"):
        name = both(_bin(row["bin"], zh), _notes(row, zh))
        table.add_row(name, f"{row['share'] * 100:.0f} %", f"{row['person_h']:,.0f}", str(row["places"]))
    return table


def _notes(row: dict[Any, Any], zh: bool) -> str:
    """How those waited for were occupied, where that was not always the same: "busy 60 %, not yet there 40 %"."""
    from simrescue.explain.walks.bins import NOTE_WORDS, NOTES

    parts = [
        (row[note], words[zh]) for note, words in zip(NOTES, NOTE_WORDS, strict=True) if note and row[note] >= 0.005
    ]
    return ", ".join(f"{words} {share * 100:.0f} %" for share, words in sorted(parts, reverse=True))


def _worst(rows: pd.DataFrame, names: Names, zh: bool) -> Table:
    """The places with most late hours, each with its largest bin."""
    from simrescue.cli.tables import plain_table

    titles = [_say(key, zh) for key in ("place", "late", "hours", "top", "share")]
    table = plain_table(_say("worst", zh), *titles, right=(*titles[1:3], titles[4]))
    hours = rows.groupby("place")["person_h"].sum().nlargest(WORST)
    for place, person_h in hours.items():
        top = rows[rows["place"] == place].nlargest(1, "person_h").iloc[0]
        name, persons = names.of(int(str(place)))[zh], f"{top['persons']:,.0f}"
        table.add_row(name, persons, f"{person_h:,.0f}", _bin(top["bin"], zh), f"{top['share'] * 100:.0f} %")
    return table


def _show_place(found: Explained, place: int, zh: bool) -> None:
    """The bins of one place, clause by clause."""
    from simrescue.cli.tables import plain_table, screen

    console, rows = screen(), found.places[found.places["place"] == place]
    if not len(rows):
        console.print(_say("nothing", zh))
    for clause, mine in rows.groupby("clause", sort=False):
        titles = [_say(key, zh) for key in ("why", "share", "hours")]
        table = plain_table(str(clause), *titles, right=titles[1:])
        for row in _largest(mine).to_dict("records"):
            table.add_row(_bin(row["bin"], zh), f"{row['share'] * 100:.0f} %", f"{row['person_h']:,.0f}")
        console.print(table)


def _show_story(results: Results, names: Names, thing: int, replication: int, zh: bool) -> None:
    from simrescue.cli.tables import plain_table, screen
    from simrescue.explain import start_of, things_of
    from simrescue.explain.stories.story import story

    log = results.log(replication)
    table = plain_table(_say("story", zh, names.of(thing)[zh], replication), _say("when", zh), _say("what", zh))
    for one in story(log, things_of(results.things), thing, start_of(results)):
        table.add_row(*((one.when_zh, one.text_zh) if zh else (one.when_en, one.text_en)))
    screen().print(table)


def _largest(rows: pd.DataFrame) -> pd.DataFrame:
    return rows[rows["share"] >= LEAST_SHARE].sort_values("person_h", ascending=False)


def _bin(key: str, zh: bool) -> str:
    from simrescue.explain import BINS

    named = BINS[key]
    return named.name_zh if zh else named.name
