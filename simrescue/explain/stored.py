"""Reasons from a results folder: its things, its manifest and its event logs, nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from simrescue.events import EventLog
from simrescue.metrics.facts import Facts

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd


class Stored(Protocol):
    """A results folder as `experiment.reading.Results` reads it."""

    path: Path
    manifest: dict[str, Any]

    @property
    def things(self) -> pd.DataFrame:
        """What indexes point to."""

    @property
    def verdicts(self) -> pd.DataFrame:
        """One row a clause."""

    def log(self, replication: int) -> EventLog:
        """The event log of one replication."""


class Explained(NamedTuple):
    """Reasons over places and replications, as tables."""

    why: pd.DataFrame
    """One row a clause and bin over all late cases: `clause` (plan/clause), `bin` (key), `person_h`, `share` (of the
    clause's late hours), `places` (that have any time in the bin)."""
    places: pd.DataFrame
    """One row a clause, place and bin: `clause`, `place` (index), `bin`, `person_h`, `share` (of the place), `persons`
    (late, mean over the replications explained)."""
    sentences: Mapping[str, tuple[str, str]]
    """Clause -> the reason in one plain sentence, English and Chinese."""
    replications: tuple[int, ...]
    """Replications whose logs were there."""


def facts_of(results: Stored, log: EventLog) -> Facts:
    """The fixed side of a stored log: what each thing is, who lives where, how long the scenario lasts."""
    raise NotImplementedError


def explain_results(
    results: Stored, clause: str | None = None, replications: tuple[int, ...] | None = None
) -> Explained:
    """Why late, over all stored logs (or those of some replications), for all clauses or one (`plan/clause` or `clause`).

    Raises ResultsError where no log was kept, and KeyError for a clause that the run does not have.
    """
    raise NotImplementedError
