"""The replication that stands for all: the one in which a clause came out as in the middle."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from simrescue.experiment.analysis.distance import Reached, median_replication
from simrescue.metrics.base import MEASURES
from simrescue.plans import Clause
from simrescue.report.figures import Pair, pair
from simrescue.report.sections.inputs import hazards
from simrescue.wording import bilingual

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from simrescue.experiment.store.stored_results import Results


class MiddleCourse(NamedTuple):
    """One replication with an event log, and why just that one."""

    replication: int
    reason: Pair


def middle_course(results: Results, clause: str) -> MiddleCourse | None:
    """The logged replication that a clause's value is told of, or whose value is nearest to it.

    Among equals, and where nothing is short, the one whose harm (late hours; of fires the burned area) is nearest to
    the middle. None without logs.

    Args:
        results: stored.
        clause: `plan/clause`; empty or not measured in each replication: the middle is that of the harm alone.
    """
    logged = results.logged()
    if not logged:
        return None
    harm = results.replications.set_index("replication")[hazards(results)[0].harm]
    of_clause = results.clauses[results.clauses["clause"] == clause].set_index("replication")["value"].dropna()
    told_of = _told_of(results, clause)
    if told_of in logged:
        return MiddleCourse(int(told_of), _reason(results, clause, int(told_of), is_tested=True))
    order = [_far(harm, logged)]
    if tested := set(of_clause.index) & set(logged):
        logged = [number for number in logged if number in tested]
        order = [_far(of_clause, logged), _far(harm, logged)]
    keys = [np.asarray(logged, dtype=float), *reversed(order)]  # the last key counts first
    chosen = logged[int(np.lexsort(keys)[0])]
    return MiddleCourse(chosen, _reason(results, clause, chosen, is_tested=len(order) > 1))


def _told_of(results: Results, key: str) -> float:
    """The replication that the shortfall of a clause is told of; nan where nothing is short, or it is not known."""
    rows = results.verdicts[(results.verdicts["plan"] + "/" + results.verdicts["clause"]) == key]
    if rows.empty or rows["metric"].iloc[0] not in MEASURES or not rows["short"].iloc[0] > 0:
        return math.nan
    row = rows.iloc[0]
    described = {"measure": row["metric"], "threshold": row["needed"], "comparison": row["comparison"]}
    clause = Clause.model_construct(**described)
    return median_replication(clause, Reached.of(results.clauses[results.clauses["clause"] == key]))


def _far(values: pd.Series[float], numbers: Sequence[int]) -> NDArray[np.float64]:
    """How far each of some replications is from the middle of all values; infinite ones may be the middle."""
    all_values = values.dropna().to_numpy(dtype=float)
    if not len(all_values):
        return np.zeros(len(numbers))
    middle = np.quantile(all_values, 0.5, method="inverted_cdf")
    own = values.reindex(list(numbers)).to_numpy(dtype=float)
    same = own == middle
    with np.errstate(invalid="ignore"):
        return np.where(same, 0.0, np.nan_to_num(np.abs(own - middle), nan=np.inf, posinf=np.inf))


def _reason(results: Results, clause: str, number: int, *, is_tested: bool) -> Pair:
    count = len(results.replications)
    if not is_tested:
        return bilingual("replication {number}, the median one of {count} by what was lost", number=number, count=count)
    row = next(row for row in results.verdicts.to_dict("records") if f"{row['plan']}/{row['clause']}" == clause)
    return bilingual(
        'replication {number}, the median one of {count} by "{clause}"',
        number=number, count=count, clause=pair(row["title"], row["title_zh"]),
    )  # fmt: skip
