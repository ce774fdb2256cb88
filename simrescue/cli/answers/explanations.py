"""What `explain` shows: reasons of a run or a place, and the story of a place or responder."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from simrescue.cli.language import on_screen, pick
from simrescue.cli.show.tables import percent, plain_table, screen, with_note
from simrescue.explain import BINS, chosen, start_of, things_of
from simrescue.explain.critical_path.bins import NOTE_WORDS, NOTES
from simrescue.explain.stories.story import story
from simrescue.plans import second_clock
from simrescue.wording import NAMES

if TYPE_CHECKING:
    import pandas as pd
    from rich.table import Table

    from simrescue import Results
    from simrescue.explain import Explained, Names

WORST = 10
"""Places shown for a clause."""
LEAST_SHARE = 0.005
"""Bins with less of the late hours are left out on the screen."""


def show_reasons(results: Results, explained: Explained, names: Names) -> None:
    """For each clause the sentence, the bins, and the places that lose most."""
    console = screen()
    if not explained.sentences:
        console.print(
            on_screen(
                "No clause of this run counts a delay: there is nothing to explain. "
                "The verdicts say how each one stands."
            ),
            soft_wrap=True,
        )
    for clause in chosen(results, None):
        if clause.key not in explained.sentences:
            continue
        console.print(f"{clause.key}  {pick((clause.title, clause.title_zh))}", style="bold", soft_wrap=True)
        console.print(pick(explained.sentences[clause.key]), soft_wrap=True)
        if second := pick(_second_clock(results, clause.key)):
            console.print(second, soft_wrap=True)
        own = explained.why[explained.why["clause"] == clause.key]
        if len(own):
            console.print(_bins(own))
            console.print(_worst(explained.places[explained.places["clause"] == clause.key], names))
    console.print(
        on_screen("means over {count} replications with an event log", count=len(explained.replications)), style="dim"
    )


def _second_clock(results: Results, key: str) -> tuple[str, str]:
    """How often a clause holds by the clock from the true need, in both languages; empty where it has but one clock."""
    verdicts = results.verdicts
    own = verdicts[verdicts["plan"] + "/" + verdicts["clause"] == key]
    return second_clock(own.iloc[0].to_dict()) if len(own) else ("", "")


def _bins(rows: pd.DataFrame) -> Table:
    titles = [on_screen("Why late"), on_screen("Share"), on_screen("Person-hours"), on_screen("Places")]
    table = plain_table("", *titles, right=titles[1:])
    for row in _largest(rows).to_dict("records"):
        name = with_note(_bin(row["bin"]), _notes(row))
        table.add_row(name, percent(row["share"]), f"{row['person_h']:,.0f}", str(row["places"]))
    return table


def _notes(row: dict[Any, Any]) -> str:
    """How those waited for were occupied, where that was not always the same: "busy 60 %, not yet there 40 %"."""
    parts = [
        (row[note], pick(words)) for note, words in zip(NOTES, NOTE_WORDS, strict=True) if note and row[note] >= 0.005
    ]
    return pick(NAMES).join(f"{words} {percent(share)}" for share, words in sorted(parts, reverse=True))


def _worst(rows: pd.DataFrame, names: Names) -> Table:
    """The places with most late hours, each with its largest bin."""
    titles = [
        on_screen("Place"), on_screen("Late people"), on_screen("Person-hours"), on_screen("Main reason"),
        on_screen("Share"),
    ]  # fmt: skip
    table = plain_table(on_screen("Where most hours are lost"), *titles, right=(*titles[1:3], titles[4]))
    hours = rows.groupby("place")["person_h"].sum().nlargest(WORST)
    for place, person_h in hours.items():
        top = rows[rows["place"] == place].nlargest(1, "person_h").iloc[0]
        name, persons = pick(names.of(int(str(place)))), f"{top['persons']:,.0f}"
        table.add_row(name, persons, f"{person_h:,.0f}", _bin(top["bin"]), percent(top["share"]))
    return table


def show_place(explained: Explained, place: int) -> None:
    """The bins of one place, clause by clause."""
    console, rows = screen(), explained.places[explained.places["place"] == place]
    if not len(rows):
        console.print(on_screen("Nobody there was late by any clause."))
    for clause, own in rows.groupby("clause", sort=False):
        titles = [on_screen("Why late"), on_screen("Share"), on_screen("Person-hours")]
        table = plain_table(str(clause), *titles, right=titles[1:])
        for row in _largest(own).to_dict("records"):
            table.add_row(_bin(row["bin"]), percent(row["share"]), f"{row['person_h']:,.0f}")
        console.print(table)


def show_story(results: Results, names: Names, thing: int, replication: int) -> None:
    """What happened to a place or responder in one replication, hour by hour."""
    log = results.log(replication)
    title = on_screen("{name}, replication {number}", name=names.of(thing), number=replication)
    table = plain_table(title, on_screen("When"), on_screen("What happened"))
    for sentence in story(log, things_of(results.things), thing, start_of(results)):
        table.add_row(pick((sentence.when_en, sentence.when_zh)), pick((sentence.text_en, sentence.text_zh)))
    screen().print(table)


def _largest(rows: pd.DataFrame) -> pd.DataFrame:
    return rows[rows["share"] >= LEAST_SHARE].sort_values("person_h", ascending=False)


def _bin(key: str) -> str:
    named = BINS[key]
    return pick((named.name, named.name_zh))
