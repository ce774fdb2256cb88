"""What one replication hands to the store, and what the tables of a results folder hold."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

from simrescue.plans import DISTANCE_COLUMNS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from simrescue.events import EventLog

RESULTS_FORMAT = 2
"""Version of the layout of a results folder, as told in docs/results.md; 1 had no checksums."""

RESULT_TABLES = ("replications", "places", "clauses", "curves", "responses", "fires", "shortfalls", "reasons")
"""Tables with rows of every replication, each in `<name>.parquet`."""

VERDICT_COLUMNS = (
    "plan", "clause", "kind", "nature", "numbers", "title", "title_zh", "metric", "limit", "unit", *DISTANCE_COLUMNS,
    "estimate", "low", "high", "required", "confidence", "replications", "untested", "verdict", "reason", "reason_zh",
    "from_need", "from_need_low", "from_need_high", "best", "best_low", "best_high",
)  # fmt: skip
"""Columns of verdicts.csv, in order.

`kind` is obligation or comparison; `nature` binding, indicative or empty, as the document says; `numbers` is assumed,
or drawn for a second row of the clause (verdict_rows.py);
`limit` is in `unit` and judges `metric`; the columns from `value` to `promise_all_limit_h` tell how far the clause is
from its promise, and what could be promised instead (`analysis.distance.Distance`). `verdict` is met, not met,
undecided or not measured. `replications` put the clause to the test, in `untested` more nobody was concerned. `best`
is the share of replications in which even the best dispatch of the same forces could have kept the clause, with its
interval; a gap where there is no such bound.
`from_need` is the share in which it holds when its clock starts with the true need instead of the report, with its
interval; a gap where it has no two clocks.
"""

ASSUMPTION_COLUMNS = ("clause", "number", "what", "what_zh", "low", "high", "unit", "correlation")
"""Columns of assumptions.csv, in order: numbers that nobody verified and that move a clause when they are drawn.

`low` and `high`: least and most that was drawn, in `unit`; `correlation`: Spearman's, with the value of the clause.
"""

RECORDED_COLUMNS = (
    "what", "what_zh", "metric", "place", "at_h", "recorded", "recorded_low", "recorded_high", "over",
    "low", "p10", "median", "p90", "high", "below", "unit", "source", "doubt",
)  # fmt: skip
"""Columns of recorded.csv, in order: a figure of the real event beside the simulated ones.

`recorded_low` and `recorded_high` are the interval in which the record lies (infinite: open on that side); `over` says
of what `low` (5 %), `p10`, `median`, `p90` and `high` (95 %) are the quantiles: replications, or persons (of all);
`below` is the share of these that lie below the record.
"""


class ReplicationResult(NamedTuple):
    """One finished replication. All arrays of one mapping have the same length."""

    replication: int
    log: EventLog | bytes | None
    """The event log, or its Parquet file as the worker packed it; None: it is not kept."""
    scalars: Mapping[str, float]
    """One number a metric; every replication of a run has the same names."""
    places: Mapping[str, NDArray[Any]]
    """One row a village; `village` is its index in the table of things."""
    clauses: Sequence[tuple[str, float, bool]]
    """Clause id, the value it was judged by (infinite: never), whether it held."""
    curves: Mapping[str, NDArray[Any]]
    """One row an hour: `hour` and what was counted then."""
    responses: Mapping[str, NDArray[Any]]
    """One row a request: `request`, `task`, `place`, `responder_kind` (empty: nobody came), `reported_h`,
    `assigned_h`, `arrived_h` (infinite: never)."""
    fires: Mapping[str, NDArray[Any]]
    """One row a forest fire, by its index `fire` in the table of things; no rows where the hazard is another."""
    from_need: Sequence[tuple[str, float, bool]] = ()
    """As `clauses`, for those that are timed from a report: their second reading, from when each need was true."""
    reached: Sequence[tuple[str, float, float, float]] = ()
    """Clause id, how many its measure counted, the least time limit (hours) that would have kept the share that it asks
    for, and the least for all; infinite: none would have, nan: it has none, or it is not known."""
    shortfalls: Mapping[str, NDArray[Any]] = MappingProxyType({})
    """One row a clause and place: `clause`, `place` (index in the table of things; -1: the whole jurisdiction),
    `counted` and the part of it `kept`; clauses whose measure does not tell it by place have no rows."""
    reasons: Mapping[str, NDArray[Any]] = MappingProxyType({})
    """One row a clause, place, bin and note with hours of late people in it, as `explain.reason_rows` has them."""
    bounds: Sequence[tuple[str, float, bool]] = ()
    """As `clauses`, for those that have a bound: the best value that any dispatch of the same forces could have
    reached, and whether that keeps the clause."""
    cpu_s: float = 0.0
    """Seconds of CPU that it took to run and to read; 0 where it was not run but remembered."""
    is_whole: bool = True
    """Whether all that its job asks for has been read off the log; else only `clauses` and `reached`."""
