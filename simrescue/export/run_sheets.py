"""A run as the sheets of one workbook: verdicts, shortfall, villages, forces, causes, waiting, actions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import inf, isfinite, nan
from typing import TYPE_CHECKING

from simrescue.experiment.studies.causes.kept import outdated_told, tested_causes
from simrescue.explain import BINS, Names, chosen, explain_results, start_of, things_of
from simrescue.explain.missions import missions
from simrescue.explain.stories.naming import clock
from simrescue.export.map_layers import MEANS, MIDDLES, called, place_figures
from simrescue.export.workbook_writer import Cell, WrittenSheet, cell_of
from simrescue.kinds import kind_named
from simrescue.report.figures import NEVER
from simrescue.report.sections.action_list import action_list, force_rows, village_rows
from simrescue.report.sections.inputs import title
from simrescue.report.sections.verdicts import VERDICTS, judged
from simrescue.wording import LANGUAGES, Words, bilingual
from simrescue.wording.unit_words import unit_words

if TYPE_CHECKING:
    from datetime import datetime

    from simrescue.experiment.store.stored_results import Results
    from simrescue.explain import Explained
    from simrescue.wording import Language

Rows = list[list[Cell]]
KINDS_OF_CLAUSES = {"obligation": bilingual("obligation"), "comparison": bilingual("comparison")}


def run_sheets(results: Results, replication: int | None, lang: Language) -> list[WrittenSheet]:
    """The sheets of a run, the most important first.

    Args:
        results: stored, with verdicts.
        replication: whose forces and actions are listed; None: no log was kept, and they are left out.
        lang: of heads and words.

    Raises:
        ResultsError: a table or the log is missing or damaged.
    """
    side = LANGUAGES.index(lang)
    made = [
        (bilingual("Verdicts"), _verdicts(results, side)),
        (bilingual("Shortfall"), _shortfall(results, side)),
        (bilingual("Villages"), _villages(results, side)),
        (bilingual("Causes"), _causes(results, side)),
        (bilingual("Waiting"), _waiting(results, side)),
    ]
    if replication is not None:
        listing = action_list(results, replication)
        made[3:3] = [(bilingual("Forces"), _forces(results, replication, side))]
        made += [
            (bilingual("Actions by village"), _numbered(village_rows(listing, lang))),
            (bilingual("Actions by force"), _numbered(force_rows(listing, lang))),
        ]
    made.append((bilingual("About this workbook"), _about(results, replication, side)))
    return [WrittenSheet(words[side], rows) for words, rows in made]


def _heading(side: int, *heads: Words) -> Rows:
    return [[head[side] for head in heads]]


def _verdicts(results: Results, side: int) -> Rows:
    rows = _heading(
        side, bilingual("Plan"), bilingual("Clause"), bilingual("Kind"), bilingual("Verdict"), bilingual("Title"),
        bilingual("Measured, and needed"), bilingual("Short"), bilingual("Chance to hold"),
        bilingual("What could be promised"), bilingual("In words"), bilingual("Value"), bilingual("Needed"),
        bilingual("Holds in (share of replications)"), bilingual("Replications"),
    )  # fmt: skip
    for clause, row in zip(judged(results), results.verdicts.to_dict("records"), strict=True):
        words = (clause.title, clause.value, clause.short, clause.chance, clause.promise, clause.sentence)
        numbers = (row["value"], row["needed"], row["estimate"], row["replications"])
        rows.append(
            [row["plan"], row["clause"], KINDS_OF_CLAUSES[row["kind"]][side], VERDICTS[row["verdict"]][side],
             *(text[side] for text in words), *(cell_of(number, NEVER[side]) for number in numbers)]
        )  # fmt: skip
    return rows


def _shortfall(results: Results, side: int) -> Rows:
    """By clause and place, where most is short first; means over the replications that counted anything."""
    rows = _heading(
        side, bilingual("Clause"), bilingual("Place"), bilingual("Counted (mean)"), bilingual("Kept (mean)"),
        bilingual("Short (mean)"), bilingual("Replications"),
    )  # fmt: skip
    names = Names(things_of(results.things))
    table = results.shortfalls
    table = table.assign(short=table["counted"] - table["kept"])
    groups = table.groupby(["clause", "place"])[["counted", "kept", "short"]]
    means = groups.mean().assign(replications=groups.size()).reset_index()
    means = means.sort_values(["clause", "short", "place"], ascending=[True, False, True], kind="stable")
    for row in means[means["short"] != 0].to_dict("records"):
        numbers = (row["counted"], row["kept"], row["short"], row["replications"])
        rows.append([row["clause"], names.of(int(row["place"]))[side], *(cell_of(number) for number in numbers)])
    return rows


def _villages(results: Results, side: int) -> Rows:
    rows = _heading(
        side, bilingual("Id"), bilingual("Village"), bilingual("Township"), bilingual("County"),
        bilingual("Longitude"), bilingual("Latitude"), bilingual("Residents"), bilingual("Affected"),
        bilingual("Evacuated"), bilingual("Trapped"), bilingual("Rescued"), bilingual("Deaths"),
        bilingual("Late person-hours"), bilingual("Order to leave, h"), bilingual("Water, flames, or cut off, h"),
        bilingual("First goods handed over there, h"), bilingual("95 % relieved after"),
        bilingual("Never relieved (share)"),
    )  # fmt: skip
    names, figures, townships = Names(things_of(results.things)), place_figures(results), called(results)
    shown = ("population", *MEANS, *MIDDLES, "never_relieved")
    for row in results.things.to_dict("records"):
        index = int(row["index"])
        if index in figures["population"]:
            numbers = (row["lon"], row["lat"], *(figures[name].get(index, nan) for name in shown))
            rows.append(
                [row["id"], names.of(index)[side], townships[row["township"]][side], row["county"],
                 *(cell_of(number, NEVER[side], 6) for number in numbers)]
            )  # fmt: skip
    return rows


def _forces(results: Results, replication: int, side: int) -> Rows:
    """Each responder in one replication: what it did, and how long it was busy."""
    rows = _heading(
        side, bilingual("Id"), bilingual("Force"), bilingual("Kind"), bilingual("Missions"),
        bilingual("First sent"), bilingual("Busy, h"), bilingual("Taken aboard"), bilingual("Missions in vain"),
    )  # fmt: skip
    names, start = Names(things_of(results.things)), start_of(results)
    done, end_h = missions(results.log(replication)), float(results.manifest["scenario"]["settings"]["duration_h"])
    for row in results.things.to_dict("records"):
        kind, index = kind_named(row["kind"]), int(row["index"])
        if kind.role != "responder":
            continue
        own = [mission for mission in done if mission.responder == index]
        busy_h = sum(min(mission.free_h, end_h) - mission.assigned_h for mission in own)
        first = min((mission.assigned_h for mission in own), default=inf)
        rows.append(
            [row["id"], names.of(index)[side], (kind.noun.one, kind.noun.zh)[side], len(own),
             _clock(first, start, side), cell_of(busy_h), cell_of(sum(mission.persons for mission in own)),
             sum(bool(mission.failed) for mission in own)]
        )  # fmt: skip
    return rows


def _clock(hours: float, start: datetime, side: int) -> str:
    return clock(hours, start)[side] if isfinite(hours) else NEVER[side]


def _causes(results: Results, side: int) -> Rows:
    """Tested causes, the strongest of each clause first; without any, how to have them tested."""
    rows = _heading(
        side, bilingual("Clause"), bilingual("What if"), bilingual("Value as things are"),
        bilingual("Value with it"), bilingual("Counted as things are"), bilingual("Counted with it"),
        bilingual("Gained"), bilingual("From"), bilingual("To"), bilingual("Gained in"),
        bilingual("Pairs of replications"), bilingual("Better in"), bilingual("Worse in"),
    )  # fmt: skip
    tested = tested_causes(results, None)
    for row in tested:
        numbers = (row.before, row.after, row.counted_before, row.counted_after, row.gained, row.gained_low,
                   row.gained_high)  # fmt: skip
        rows.append(
            [row.clause, (row.words, row.words_zh)[side], *(cell_of(number) for number in numbers),
             unit_words(row.unit)[side], row.pairs, row.better, row.worse]
        )  # fmt: skip
    if not tested:
        untested = bilingual("No cause was tested yet: simrescue explain {folder}", folder=results.path.as_posix())
        outdated = outdated_told(results)
        rows.append([(outdated if outdated.en else untested)[side]])
    return rows


def _waiting(results: Results, side: int) -> Rows:
    """Where the late hours of each clause went, by what was waited for."""
    rows = _heading(
        side, bilingual("Clause"), bilingual("Waited for"), bilingual("Person-hours waited"), bilingual("Share"),
        bilingual("Places"),
    )  # fmt: skip
    for row in _account(results):
        name, name_zh, hours, share, places, clause = row
        rows.append([clause, (name, name_zh)[side], cell_of(hours), cell_of(share), places])
    return rows


def _account(results: Results) -> Iterator[tuple[str, str, float, float, int, str]]:
    if not chosen(results, None) or (results.reasons is None and not results.logged()):
        return
    explained: Explained = explain_results(results)
    for row in explained.why.to_dict("records"):
        waited = BINS[row["bin"]]
        yield waited.name, waited.name_zh, row["person_h"], row["share"], int(row["places"]), row["clause"]


def _numbered(rows: Sequence[Sequence[str]]) -> Rows:
    """Cells that are whole numbers as numbers, with which a spreadsheet can reckon."""
    plain: Rows = [list(rows[0])]
    for row in rows[1:]:
        plain.append([int(text) if (text := cell.replace(",", "")).isdecimal() else cell for cell in row])
    return plain


def _about(results: Results, replication: int | None, side: int) -> Rows:
    manifest = results.manifest
    course = (
        bilingual("no event log was kept: forces and actions are left out")
        if replication is None
        else bilingual("forces and actions are those of replication {number}", number=replication)
    )
    facts: list[tuple[Words, Cell]] = [
        (bilingual("Scenario"), title(results)[side]),
        (
            bilingual("Changes"),
            "; ".join(f"{path} = {value}" for path, value in manifest["scenario"]["applied"].items()),
        ),
        (bilingual("Replications"), manifest["finished"]),
        (bilingual("Seed"), manifest["seed"]),
        (
            bilingual("Means and medians"),
            bilingual("over all replications; times are medians, hours since the start")[side],
        ),
        (bilingual("One course of events"), course[side]),
        (bilingual("Start"), manifest["scenario"]["settings"]["start"]),
        (bilingual("Program"), f"simrescue {manifest['simrescue']}"),
        (bilingual("Sources"), str(manifest["scenario"]["settings"].get("attribution") or "")),
    ]
    return [[bilingual("Fact")[side], bilingual("Value")[side]], *([name[side], cell] for name, cell in facts)]
