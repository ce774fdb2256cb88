"""What `explain` shows: reasons of a run or a place, and the story of a place or responder, in one language."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from simrescue.cli.show.tables import both, plain_table, screen
from simrescue.explain import BINS, chosen, start_of, things_of
from simrescue.explain.critical_path.bins import NOTE_WORDS, NOTES
from simrescue.explain.stories.story import story
from simrescue.plans import second_clock
from simrescue.wording import bilingual

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
    "why": bilingual("Why late"),
    "share": bilingual("Share"),
    "hours": bilingual("Person-hours"),
    "places": bilingual("Places"),
    "place": bilingual("Place"),
    "late": bilingual("Late people"),
    "top": bilingual("Main reason"),
    "worst": bilingual("Where most hours are lost"),
    "mean": bilingual("means over {count} replications with an event log"),
    "when": bilingual("When"),
    "what": bilingual("What happened"),
    "story": bilingual("{name}, replication {number}"),
    "no clause": bilingual(
        "No clause of this run counts a delay: there is nothing to explain. The verdicts say how each one stands."
    ),
    "nothing": bilingual("Nobody there was late by any clause."),
}


def _say(key: str, zh: bool, **values: object) -> str:
    return WORDS[key][zh].format(**values)


def show_reasons(results: Results, found: Explained, names: Names, zh: bool) -> None:
    """For each clause the sentence, the bins, and the places that lose most."""
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
    console.print(_say("mean", zh, count=len(found.replications)), style="dim")


def _second_clock(results: Results, key: str) -> tuple[str, str]:
    """How often a clause holds by the clock from the true need, in both languages; empty where it has but one clock."""
    verdicts = results.verdicts
    mine = verdicts[verdicts["plan"] + "/" + verdicts["clause"] == key]
    return second_clock(mine.iloc[0].to_dict()) if len(mine) else ("", "")


def _bins(rows: pd.DataFrame, zh: bool) -> Table:
    titles = [_say(key, zh) for key in ("why", "share", "hours", "places")]
    table = plain_table("", *titles, right=titles[1:])
    for row in _largest(rows).to_dict("records"):
        name = both(_bin(row["bin"], zh), _notes(row, zh))
        table.add_row(name, f"{row['share'] * 100:.0f} %", f"{row['person_h']:,.0f}", str(row["places"]))
    return table


def _notes(row: dict[Any, Any], zh: bool) -> str:
    """How those waited for were occupied, where that was not always the same: "busy 60 %, not yet there 40 %"."""
    parts = [
        (row[note], words[zh]) for note, words in zip(NOTES, NOTE_WORDS, strict=True) if note and row[note] >= 0.005
    ]
    return ", ".join(f"{words} {share * 100:.0f} %" for share, words in sorted(parts, reverse=True))


def _worst(rows: pd.DataFrame, names: Names, zh: bool) -> Table:
    """The places with most late hours, each with its largest bin."""
    titles = [_say(key, zh) for key in ("place", "late", "hours", "top", "share")]
    table = plain_table(_say("worst", zh), *titles, right=(*titles[1:3], titles[4]))
    hours = rows.groupby("place")["person_h"].sum().nlargest(WORST)
    for place, person_h in hours.items():
        top = rows[rows["place"] == place].nlargest(1, "person_h").iloc[0]
        name, persons = names.of(int(str(place)))[zh], f"{top['persons']:,.0f}"
        table.add_row(name, persons, f"{person_h:,.0f}", _bin(top["bin"], zh), f"{top['share'] * 100:.0f} %")
    return table


def show_place(found: Explained, place: int, zh: bool) -> None:
    """The bins of one place, clause by clause."""
    console, rows = screen(), found.places[found.places["place"] == place]
    if not len(rows):
        console.print(_say("nothing", zh))
    for clause, mine in rows.groupby("clause", sort=False):
        titles = [_say(key, zh) for key in ("why", "share", "hours")]
        table = plain_table(str(clause), *titles, right=titles[1:])
        for row in _largest(mine).to_dict("records"):
            table.add_row(_bin(row["bin"], zh), f"{row['share'] * 100:.0f} %", f"{row['person_h']:,.0f}")
        console.print(table)


def show_story(results: Results, names: Names, thing: int, replication: int, zh: bool) -> None:
    """What happened to a place or responder in one replication, hour by hour."""
    log = results.log(replication)
    table = plain_table(
        _say("story", zh, name=names.of(thing)[zh], number=replication), _say("when", zh), _say("what", zh)
    )
    for one in story(log, things_of(results.things), thing, start_of(results)):
        table.add_row(*((one.when_zh, one.text_zh) if zh else (one.when_en, one.text_en)))
    screen().print(table)


def _largest(rows: pd.DataFrame) -> pd.DataFrame:
    return rows[rows["share"] >= LEAST_SHARE].sort_values("person_h", ascending=False)


def _bin(key: str, zh: bool) -> str:
    named = BINS[key]
    return named.name_zh if zh else named.name
