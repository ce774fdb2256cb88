"""Which replication to look at: a number, the worst one, or the one in the middle."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from simrescue.errors import ResultsError
from simrescue.wording import bilingual

if TYPE_CHECKING:
    import pandas as pd

    from simrescue.experiment.store.stored_results import Results

HARM = ("deaths", "late_person_h", "burned_ha", "trapped")
"""Metrics by which courses are put in order, first one first; those that a run has not are left out."""


def which(results: Results, asked: int | str = "median") -> int:
    """The replication meant by a number, `worst` or `median`, among those whose event log was kept.

    Courses are ordered by deaths, then person-hours of waiting beyond ten hours, then hectares burned, then people
    trapped. `median` is the lower middle. Raises ResultsError where no such log was kept, ValueError for another word.
    """
    there = set(results.logged())
    kept = [number for number in _numbers(results) if number in there]
    if not kept:
        raise ResultsError(
            bilingual("{folder} holds no event log: run again with --events all or failures", folder=results.path)
        )
    if isinstance(asked, int):
        if asked not in kept:
            known = bilingual("replication {number}", number=kept[0])
            if len(kept) > 1:
                known = bilingual("replications {low} to {high}", low=kept[0], high=kept[-1])
            raise ResultsError(
                bilingual(
                    "{folder} holds no event log of replication {asked}; kept: {number} of {known}",
                    folder=results.path,
                    asked=asked,
                    number=len(kept),
                    known=known,
                )
            )
        return asked
    if asked not in ("worst", "median"):
        raise ValueError(f"{asked!r} is neither a number nor worst or median")
    order = _by_harm(results.replications, kept)
    return order[-1] if asked == "worst" else order[(len(order) - 1) // 2]


def _numbers(results: Results) -> list[int]:
    return [int(number) for number in results.replications["replication"]]


def _by_harm(table: pd.DataFrame, kept: list[int]) -> list[int]:
    kept_rows = table.set_index("replication").loc[kept]
    columns = [kept_rows[name].fillna(0.0).to_numpy(float) for name in HARM if name in kept_rows]
    order = np.lexsort((np.array(kept), *reversed(columns)))
    return [kept[i] for i in order]
