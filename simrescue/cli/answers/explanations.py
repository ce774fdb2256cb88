"""What `explain` shows: reasons of a run or a place, and the story of a place or responder."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from simrescue.cli.language import on_screen, pick
from simrescue.cli.show.answer_words import tell
from simrescue.cli.show.tables import percent, plain_table, screen, with_note
from simrescue.experiment.studies.causes.kept import outdated_told
from simrescue.experiment.studies.causes.told import causes_told, how_tested, what_ifs_told
from simrescue.explain import BINS, Names, chosen, explain_results, facts_of, start_of, things_of
from simrescue.explain.critical_path.bins import NOTE_WORDS, NOTES
from simrescue.explain.stories.story import story
from simrescue.metrics import MEASURES
from simrescue.metrics.amounts import mean_text
from simrescue.plans import second_clock
from simrescue.wording import NAMES, bilingual

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    from rich.console import Console
    from rich.table import Table

    from simrescue import Results
    from simrescue.experiment.studies.causes.kept import KeptEffect
    from simrescue.explain import Explained

WORST = 10
"""Places shown for a clause."""
LEAST_SHARE = 0.005
"""Bins with less of the late hours are left out on the screen."""


def account_of(results: Results, keys: Sequence[str], replication: int | None) -> Explained | None:
    """The account of waiting of some clauses (plan/clause); None where none counts waiting, or no log was kept.

    Raises:
        ResultsError: where the log of the replication that is asked for was not kept.
    """
    counted = [promise.key for promise in chosen(results, None) if promise.key in keys]
    if not counted or (results.reasons is None and replication is None and not results.logged()):
        return None
    numbers = None if replication is None else (replication,)
    return explain_results(results, counted[0] if len(counted) == 1 else None, numbers)


def show_reasons(
    results: Results, keys: Sequence[str], explained: Explained | None, effects: Sequence[KeptEffect]
) -> None:
    """For each clause the causes that were tested; then, as a description, where the time went.

    Args:
        results: the run.
        keys: the clauses, as plan/clause.
        explained: their account of waiting, where there is one.
        effects: what was tested, of all clauses.
    """
    console, names = screen(), Names(things_of(results.things))
    shown = 0
    for row in results.verdicts.to_dict("records"):
        key = f"{row['plan']}/{row['clause']}"
        tested = [effect for effect in effects if effect.clause == key]
        has_account = explained is not None and key in explained.sentences
        if key not in keys or not (tested or has_account):
            continue
        shown += 1
        title = f"{key}  {pick((row['title'], row['title_zh']))}"
        tell(console, (title, title), style="bold")
        for sentence in (*causes_told(tested, row["metric"]), *what_ifs_told(tested, row["metric"])):
            tell(console, sentence)
        if (second := second_clock(row)).en:
            tell(console, second)
        if explained is not None and has_account:
            _account(console, explained, key, names, of_fires=MEASURES[row["metric"]].counts == "fires")
    if not shown:
        console.print(_nothing_to_explain(results, keys), soft_wrap=True)
    tell(console, how_tested(effects) if effects else outdated_told(results))
    if explained is not None:
        count = len(explained.replications)
        console.print(on_screen("means over {count} replications", count=count), style="dim")
    elif not results.logged():
        console.print(on_screen("No event log was kept, so that nothing tells where the time went."), style="dim")


def _nothing_to_explain(results: Results, keys: Sequence[str]) -> str:
    """Why there is neither a tested cause nor an account of waiting: nobody was concerned, or nothing is late."""
    tested = {f"{row['plan']}/{row['clause']}" for row in results.verdicts.to_dict("records") if row["replications"]}
    if keys and not tested.intersection(keys):
        return on_screen(
            "No replication put {clauses} to the test: nobody was concerned, and there is nothing to explain.",
            clauses=", ".join(key.partition("/")[2] for key in keys),
        )
    return on_screen(
        "No clause of this run counts a delay: there is nothing to explain. The verdicts say how each one stands."
    )


def _account(console: Console, explained: Explained, key: str, names: Names, *, of_fires: bool) -> None:
    """Where the time went: what was waited for, which is not what would have helped."""
    tell(console, bilingual("Where the time went (a description; what helps is what was tested):"), style="dim")
    tell(console, explained.sentences[key])
    own = explained.why[explained.why["clause"] == key]
    if len(own):
        console.print(_bins(own, of_fires=of_fires))
        console.print(_worst(explained.places[explained.places["clause"] == key], names, of_fires=of_fires))


def show_word_delay(results: Results, keys: Sequence[str], replication: int | None) -> None:
    """How late posts knew of needs in one replication, and which villages were cut off; nothing where no log was kept.

    Nor where all is known at once and nothing was cut.

    Args:
        results: the run.
        keys: the clauses, as plan/clause; the first says which replication is the middle one.
        replication: of which; None: the middle one.
    """
    from simrescue.explain.three_cuts import three_cuts_told
    from simrescue.explain.word_delay import word_delay_told
    from simrescue.report.sections.middle_course import middle_course

    course = middle_course(results, keys[0] if keys else "")
    if course is None:
        return
    number = course.replication if replication is None else replication
    log = results.log(number)
    facts = facts_of(results, log)
    for sentence in (word_delay_told(log, facts, Names(things_of(results.things))), three_cuts_told(log, facts)):
        if sentence.en:
            tell(screen(), bilingual("In replication {number}. {told}", number=number, told=sentence))


def reasons_json(
    results: Results, keys: Sequence[str], explained: Explained | None, effects: Sequence[KeptEffect]
) -> dict[str, Any]:
    """The same as data, clause by clause.

    Each has `causes` (the strongest first), `what_ifs` (for the worse) and `account` (bins with person-hours).
    """
    clauses = {}
    for row in results.verdicts.to_dict("records"):
        key = f"{row['plan']}/{row['clause']}"
        if key in keys:
            bins = [] if explained is None else explained.why[explained.why["clause"] == key].to_dict("records")
            tested = [effect for effect in effects if effect.clause == key]
            clauses[key] = {
                "title": row["title"], "title_zh": row["title_zh"],
                "causes": [effect._asdict() for effect in tested if effect.causes],
                "what_ifs": [effect._asdict() for effect in tested if not effect.causes], "account": bins,
            }  # fmt: skip
    numbers = [] if explained is None else list(explained.replications)
    outdated = not effects and bool(outdated_told(results).en)
    return {"clauses": clauses, "replications": numbers, "causes_outdated": outdated}


def _hours(of_fires: bool) -> str:
    """Title of the late hours: of people, or of fires, which are not counted in persons."""
    return on_screen("Late hours") if of_fires else on_screen("Person-hours")


def _bins(rows: pd.DataFrame, *, of_fires: bool) -> Table:
    places = on_screen("Fires") if of_fires else on_screen("Places")
    titles = [on_screen("Why late"), on_screen("Share"), _hours(of_fires), places]
    table = plain_table("", *titles, right=titles[1:])
    for row in _largest(rows).to_dict("records"):
        name = with_note(_bin(row["bin"]), _notes(row))
        table.add_row(name, percent(row["share"]), mean_text(row["person_h"]), str(row["places"]))
    return table


def _notes(row: dict[Any, Any]) -> str:
    """How those waited for were occupied, where that was not always the same: "busy 60 %, not yet there 40 %"."""
    parts = [
        (row[note], pick(words)) for note, words in zip(NOTES, NOTE_WORDS, strict=True) if note and row[note] >= 0.005
    ]
    return pick(NAMES).join(f"{words} {percent(share)}" for share, words in sorted(parts, reverse=True))


def _worst(rows: pd.DataFrame, names: Names, *, of_fires: bool) -> Table:
    """The places with most late hours, each with its largest bin."""
    where, counted = on_screen("Place"), on_screen("Late people")
    if of_fires:  # a fire is late, or not, in a replication
        where, counted = on_screen("Fire"), on_screen("Late in")
    titles = [where, counted, _hours(of_fires), on_screen("Main reason"), on_screen("Share")]
    table = plain_table(on_screen("Where most hours are lost"), *titles, right=(*titles[1:3], titles[4]))
    hours = rows.groupby("place")["person_h"].sum().nlargest(WORST)
    for place, person_h in hours.items():
        top = rows[rows["place"] == place].nlargest(1, "person_h").iloc[0]
        name, late = pick(names.of(int(str(place)))), float(top["persons"])
        table.add_row(
            name,
            percent(late) if of_fires else mean_text(late),
            mean_text(person_h),
            _bin(top["bin"]),
            percent(top["share"]),
        )
    return table


def show_place(results: Results, explained: Explained, place: int, *, is_fire: bool) -> None:
    """The bins of one place, clause by clause, each with its title."""
    console, rows = screen(), explained.places[explained.places["place"] == place]
    if not len(rows):
        console.print(on_screen("Nobody there was late by any clause."))
    titles = {f"{row['plan']}/{row['clause']}": pick((row["title"], row["title_zh"]))
              for row in results.verdicts.to_dict("records")}  # fmt: skip
    for clause, own in rows.groupby("clause", sort=False):
        title = f"{clause}  {titles.get(str(clause), '')}".rstrip()
        tell(console, (title, title), style="bold")
        heads = [on_screen("Why late"), on_screen("Share"), _hours(is_fire)]
        table = plain_table("", *heads, right=heads[1:])
        for row in _largest(own).to_dict("records"):
            table.add_row(_bin(row["bin"]), percent(row["share"]), mean_text(row["person_h"]))
        console.print(table)


def place_json(explained: Explained, place: int) -> list[dict[str, Any]]:
    """The bins of one place as data: clause, bin, its words, hours of its late people, and their share."""
    rows = explained.places[explained.places["place"] == place].to_dict("records")
    return [
        {"clause": row["clause"], "bin": row["bin"], "name": BINS[row["bin"]].name, "name_zh": BINS[row["bin"]].name_zh,
         "person_h": row["person_h"], "share": row["share"]}
        for row in rows
    ]  # fmt: skip


def story_json(results: Results, thing: int, replication: int) -> dict[str, Any]:
    """What happened to a place or responder in one replication, as data: sentences in both languages."""
    sentences = story(results.log(replication), things_of(results.things), thing, start_of(results))
    return {"replication": replication, "story": [sentence._asdict() for sentence in sentences]}


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
