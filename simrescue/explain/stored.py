"""Reasons from a results folder: its things, its manifest, and the hours in bins that its workers kept.

Results of before that table are explained from their event logs, as they always were.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

import numpy as np

from simrescue.errors import ResultsError
from simrescue.events import EventKind as Kind
from simrescue.events import EventLog
from simrescue.explain.clauses import explain, is_explained
from simrescue.explain.critical_path.bins import BINS, NOTES
from simrescue.explain.critical_path.cases import Reasons
from simrescue.hazards.kinds import stored
from simrescue.kinds import NUMBER as KIND_NUMBER
from simrescue.metrics.facts import GOVERNMENT_LEVELS, KINDS_OF_TEAMS, Facts
from simrescue.places import NEEDS
from simrescue.wording import Words, bilingual, bilingual_as, listed

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd
    from numpy.typing import NDArray


LEAST_SHARE_TOLD = 0.05
"""Reasons after the first with less of the late hours are left out of the sentence."""


_BETWEEN_SHARES = bilingual_as("between shares", "; ")


class StoredRun(Protocol):
    """A results folder, as far as reasons need it; `experiment.store.stored_results.Results` is one.

    A protocol, because results lie on a floor above: explanations know logs and tables, and not how they are stored.
    """

    @property
    def path(self) -> Path:
        """The folder."""

    @property
    def manifest(self) -> dict[str, Any]:
        """The run's manifest.json: settings of the scenario, settings of each clause, what is finished."""

    @property
    def things(self) -> pd.DataFrame:
        """things.parquet: one row for each index of the log."""

    @property
    def verdicts(self) -> pd.DataFrame:
        """verdicts.csv: one row a clause."""

    @property
    def reasons(self) -> pd.DataFrame | None:
        """reasons.parquet: hours of late cases by clause, place, bin and note; None where it was not kept."""

    @property
    def replications(self) -> pd.DataFrame:
        """replications.parquet: one row a replication."""

    def logged(self) -> Sequence[int]:
        """Replications whose event log was kept, in order."""

    def log(self, replication: int) -> EventLog:
        """The event log of one replication. Raises ResultsError where it was not kept."""


class Promise(NamedTuple):
    """One clause of a run, as far as its reasons need it."""

    key: str
    """`plan/clause`."""
    title: str
    title_zh: str
    kind: str
    """obligation or comparison."""
    verdict: str
    measure: str
    settings: Mapping[str, Any]


class Explained(NamedTuple):
    """Reasons over places and replications, as tables."""

    why: pd.DataFrame
    """One row a clause and bin over all late cases: `clause` (plan/clause), `bin` (key), `person_h` (mean over the
    replications explained), `share` (of the clause's late hours), `places` (that ever had time in the bin), and the
    parts of the bin's hours in which those waited for were `busy`, `unable` (idle, could not go) or `not_released`."""
    places: pd.DataFrame
    """One row a clause, place and bin: `clause`, `place` (index), `bin`, `person_h` (mean), `share` (of the place),
    `persons` (late, mean over the replications)."""
    sentences: Mapping[str, Words]
    """Clause -> the reason in one plain sentence, English and Chinese."""
    replications: tuple[int, ...]
    """Replications explained."""


def facts_of(results: StoredRun, log: EventLog) -> Facts:
    """The fixed side of a stored log: what each thing is, who lives where, how long the scenario lasts.

    `log` is any event log of the run: all start with the same people.
    """
    things, settings = results.things, results.manifest["scenario"]["settings"]
    kinds = np.array([KIND_NUMBER[kind] for kind in things["kind"]], np.int8)
    villages = np.flatnonzero(np.isin(kinds, [KIND_NUMBER["village"], KIND_NUMBER["institution"]]))
    people = np.zeros(len(kinds))
    lives = log.where(Kind.LIVES)
    people[log.subject[lives]] = log.persons[lives]
    levels = things["level"] if "level" in things else [""] * len(things)
    ids = things["id"].to_numpy()
    return Facts(
        villages=villages,
        ids=tuple(ids[villages].tolist()),
        # Stored things carry neither zone nor jurisdiction, and no reason asks for one: they are of places and of the
        # log.
        zones=("",) * len(villages),
        population=people[villages],
        kinds=kinds,
        levels=np.array([GOVERNMENT_LEVELS.index(level) for level in levels], np.int8),
        teams=np.array([KINDS_OF_TEAMS.index(kind) for kind in things["team"]], np.int8) if "team" in things else None,
        duration_h=float(log.time_h[log.where(Kind.CLOCK_STOPS)[-1]]),
        townships=tuple(things["township"].fillna("").tolist()) if "township" in things else (),
        # Stored since it counts; before, an order meant everybody.
        ordered_share=things["ordered_share"].to_numpy(float)[villages] if "ordered_share" in things else 1.0,
        tracked=tuple(NEEDS.index(need) for need in settings["relief"]["tracked"]),
        hazards=tuple(stored(settings)),
        fires=tuple(ids[kinds == KIND_NUMBER["ignition"]].tolist()),
    )


def promises(results: StoredRun) -> list[Promise]:
    """All clauses of a run whose waiting can be explained, in the order of the verdicts.

    Their settings are those of the manifest, by Python name in inside units; a run from before clauses were kept there
    has the limit of its verdicts.
    """
    known = results.manifest.get("clauses", {})
    found = []
    for row in results.verdicts.to_dict("records"):
        if is_explained(row["metric"]):
            key = f"{row['plan']}/{row['clause']}"
            settings = settings_of(known.get(key, {}), row["limit"], row["unit"])
            found.append(
                Promise(key, row["title"], row["title_zh"], row["kind"], row["verdict"], row["metric"], settings)
            )
    return found


def chosen(results: StoredRun, clause: str | None) -> list[Promise]:
    """The clauses to be explained.

    Args:
        results: the run.
        clause: `plan/clause`, or the clause alone, which may then be of several plans; None: all.

    Raises:
        KeyError: where no clause that can be explained has the name.
    """
    all_ = promises(results)
    if clause is None:
        return all_
    matching = [one for one in all_ if clause in (one.key, one.key.partition("/")[2])]
    if not matching:
        raise KeyError(clause)
    return matching


def replications_of(results: StoredRun, wanted: Sequence[int] | None = None) -> tuple[int, ...]:
    """Numbers of the replications whose event log was kept.

    Args:
        results: the run.
        wanted: those asked for; None: all.

    Raises:
        ResultsError: where none of them was kept, with the option that keeps them.
    """
    kept = tuple(number for number in results.logged() if wanted is None or number in wanted)
    if not kept:
        if wanted is None:
            raise ResultsError(
                bilingual("{folder} holds no event log: run again with --events all or failures", folder=results.path)
            )
        numbers = ", ".join(map(str, wanted))
        raise ResultsError(
            bilingual(
                "{folder} holds no event log of replication {numbers}: run again with --events all or failures",
                folder=results.path, numbers=numbers,
            )
        )  # fmt: skip
    return kept


def reasons_of(results: StoredRun, promise: Promise, replication: int) -> Reasons:
    """The reasons of one clause in one replication.

    Raises:
        ResultsError: where the log of the replication was not kept.
    """
    log = results.log(replication)
    return explain(log, facts_of(results, log), promise.measure, promise.settings, _decision_h(results))


def start_of(results: StoredRun) -> datetime:
    """When the scenario starts: a date and time with its offset from UTC."""
    return datetime.fromisoformat(results.manifest["scenario"]["settings"]["start"])


def _decision_h(results: StoredRun) -> float:
    return float(results.manifest["scenario"]["settings"]["command"]["decision_h"])


def explain_results(
    results: StoredRun, clause: str | None = None, replications: Sequence[int] | None = None
) -> Explained:
    """Why late, over all replications (or some of them), for all clauses or one.

    Args:
        results: the run.
        clause: `plan/clause` or the name of the clause alone; None: all.
        replications: numbers of those to be explained; None: all.

    Raises:
        ResultsError: none of the replications is there, or, in results without reasons.parquet, has its event log.
        KeyError: a clause that the run does not have or that counts no waiting.
    """
    promised = chosen(results, clause)
    kept = results.reasons
    numbers = replications_of(results, replications) if kept is None else _stored_of(results, replications)
    rows = _rows_of_logs(results, promised, numbers) if kept is None else kept
    rows = rows[rows["replication"].isin(numbers) & rows["clause"].isin([one.key for one in promised])]
    why, places = _why(rows, len(numbers)), _places(rows, len(numbers))
    return Explained(why, places, {one.key: sentence(why, one.key) for one in promised}, numbers)


def _stored_of(results: StoredRun, wanted: Sequence[int] | None) -> tuple[int, ...]:
    numbers = [int(number) for number in results.replications["replication"]]
    if chosen := tuple(number for number in numbers if wanted is None or number in wanted):
        return chosen
    asked_for = ", ".join(map(str, wanted or ()))
    raise ResultsError(bilingual("{folder} holds no replication {numbers}", folder=results.path, numbers=asked_for))


def _rows_of_logs(results: StoredRun, promised: Sequence[Promise], numbers: Sequence[int]) -> pd.DataFrame:
    import pandas as pd

    parts = []
    clauses = [(one.key, one.measure, one.settings) for one in promised]
    for number in numbers:
        log = results.log(number)
        rows = reason_rows(log, facts_of(results, log), clauses, _decision_h(results))
        parts.append(pd.DataFrame(rows).assign(replication=number))
    return pd.concat(parts, ignore_index=True)


def reason_rows(
    log: EventLog, facts: Facts, clauses: Iterable[tuple[str, str, Mapping[str, Any]]], decision_h: float
) -> dict[str, NDArray[Any]]:
    """Where the hours of those who were late in one replication went, as columns of reasons.parquet.

    Args:
        log: the event log of the replication.
        facts: what stood fixed in it.
        clauses: name (plan/id), measure and settings of each; those whose measure counts no waiting have no rows.
        decision_h: the scenario's `command.decision_h`, hours.

    Returns:
        One row a clause, place, bin and note with time in it: `clause`, `place` (index), `bin` and `note` (keys),
        `person_h`, and of the whole place in each of its rows `persons` and `cases`.
    """
    bins, notes = np.array(list(BINS), np.str_), np.array(NOTES, np.str_)
    explained = [
        (key, explain(log, facts, measure, settings, decision_h, only_late=True).table())
        for key, measure, settings in clauses
        if is_explained(measure)
    ]
    explained = explained or [("", Reasons("", ()).table())]  # no case, all the columns
    lengths = [len(table["place"]) for _, table in explained]
    columns = {name: np.concatenate([table[name] for _, table in explained]) for name in explained[0][1]}
    names = np.repeat(np.array([key for key, _ in explained], np.str_), lengths)
    return {"clause": names, **columns, "bin": bins[columns["bin"]], "note": notes[columns["note"]]}


def settings_of(given: Mapping[str, Any], limit: float, unit: str) -> dict[str, Any]:
    """What a clause sets of its measure, with its limit: one that is judged in hours has it as its threshold.

    Args:
        given: the settings of the clause.
        limit: as in verdicts.csv; nan: none.
        unit: of the limit.
    """
    return {**({"limit_h": limit} if unit == "h" and not math.isnan(limit) else {}), **given}


def _why(rows: pd.DataFrame, replications: int) -> pd.DataFrame:
    rows = rows.assign(bin=_in_order(rows["bin"]))
    # Observed: of categories pandas would else make up a row for each bin without an hour.
    groups = rows.groupby(["clause", "bin"], sort=True, observed=True)
    table = groups.agg(person_h=("person_h", "sum"), places=("place", "nunique"))
    for note in NOTES:
        if note:
            noted = rows[rows["note"] == note].groupby(["clause", "bin"], observed=True)["person_h"].sum()
            # Before the mean is taken: both are still sums over the replications.
            table[note] = (noted.reindex(table.index, fill_value=0.0) / table["person_h"]).fillna(0.0)
    table["person_h"] /= replications
    return _with_share(table.reset_index(), ["clause"])[["clause", "bin", "person_h", "share", "places", *NOTES[1:]]]


def _places(rows: pd.DataFrame, replications: int) -> pd.DataFrame:
    groups = rows.assign(bin=_in_order(rows["bin"])).groupby(["clause", "place", "bin"], sort=True, observed=True)
    table = groups.agg(person_h=("person_h", "sum")).reset_index()
    # Persons of a place stand in each of its rows; adding those up would count them once a bin.
    once = rows.drop_duplicates(["clause", "place", "replication"])
    persons = once.groupby(["clause", "place"])["persons"].sum().rename("persons").reset_index()
    table = table.merge(persons, on=["clause", "place"])
    table[["person_h", "persons"]] /= replications
    table = _with_share(table, ["clause", "place"])
    return table[["clause", "place", "bin", "person_h", "share", "persons"]]


def _with_share(table: pd.DataFrame, by: list[str]) -> pd.DataFrame:
    table["share"] = table["person_h"] / table.groupby(by)["person_h"].transform("sum")
    table["bin"] = table["bin"].astype(str)
    return table


def _in_order(bins: pd.Series[str]) -> pd.Categorical[str]:
    """Keys of bins, which sort as `BINS` has them."""
    import pandas as pd

    # Bins that are not known stay: of a kind of responders that is registered no more in this program.
    return pd.Categorical(bins, [*BINS, *sorted(set(bins) - set(BINS))], ordered=True)


def sentence(why: pd.DataFrame, clause: str) -> Words:
    """The main reasons of a clause in one sentence, English and Chinese.

    Args:
        why: as in `Explained`.
        clause: as in its column `clause`.

    Returns:
        At most three bins, the largest first, all but the first of at least `LEAST_SHARE` of the late
        hours; or that nobody was late.
    """
    largest = why[why["clause"] == clause].nlargest(3, "person_h")
    if not len(largest):
        return bilingual("Nobody was late.")
    (share, bin_), *others = [
        (share * 100, (BINS[key].name, BINS[key].name_zh))
        for key, share in zip(largest["bin"], largest["share"], strict=True)
        if share >= LEAST_SHARE_TOLD or key == largest["bin"].iloc[0]
    ]
    told = [bilingual("{share:.0f} % of the late hours: {bin}", share=share, bin=bin_)]
    told += [bilingual("{share:.0f} %: {bin}", share=share, bin=bin_) for share, bin_ in others]
    return bilingual("{sentence}.", sentence=listed(told, _BETWEEN_SHARES))
