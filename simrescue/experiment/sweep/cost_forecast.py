"""What an experiment will cost, before it is run: replications, time from one timed replication, size of logs."""

from __future__ import annotations

import math
import time
from typing import NamedTuple

from simrescue.experiment.analysis.statistics import fewest_met
from simrescue.experiment.bound.travel_bounds import TravelBounds
from simrescue.experiment.design.experiment_file import Designed
from simrescue.experiment.design.experiment_records import SAMPLED, Sequential
from simrescue.experiment.replications.packed_job import Job, is_run, one_replication
from simrescue.experiment.store import table_bytes
from simrescue.simulation.world import compile_world
from simrescue.wording import Words, bilingual, listed


class Forecast(NamedTuple):
    """The cost of an experiment; where a stopping rule decides, the least and the most there can be."""

    points: int
    fewest: int
    most: int
    """Replications over all points."""
    replication_s: float
    """Seconds of one replication of the first point on this machine."""
    log_bytes: int
    """Size of its event log."""
    logs: int
    """Most event logs that the rule of the experiment keeps."""

    def hours(self, replications: int, workers: int) -> float:
        """Hours that so many replications take on so many processes."""
        return replications * self.replication_s / max(1, min(workers, replications)) / 3600


def forecast(designed: Designed) -> Forecast:
    """Simulate the first replication of the first point and reckon from it; nothing is stored."""
    experiment = designed.experiment
    scenario = designed.points[0].load()
    # Before the clock is started: a worker compiles a world once for many replications.
    reach = TravelBounds(compile_world(scenario))
    task = Job(scenario, designed.lines, experiment.seed, "all", experiment.tables, bounds=True)
    start = time.perf_counter()
    result = one_replication(task, reach, 0)
    took = time.perf_counter() - start
    keys = len(set(designed.columns["key"]))
    fewest, most = replications(designed, keys)
    kept = {"none": 0, "failures": most, "all": most}.get(experiment.events, keys * experiment.worst)
    size = len(table_bytes.of_log(result.log)) if result.log is not None else 0
    return Forecast(len(designed.points), fewest, most, took, size, min(kept, most))


def too_few(designed: Designed) -> list[Words]:
    """Watched clauses that no point can show to be met, for want of replications; in English and Chinese.

    None for sampled designs, whose points are analysed together and not judged one by one.
    """
    if designed.experiment.design.kind in SAMPLED:
        return []
    _, most = replications(designed, 1)
    needed = {
        line.clause.id: fewest_met(line.clause.reliability, line.clause.confidence)
        for line in designed.watched
        if is_run(line)
    }
    short = {clause: n for clause, n in needed.items() if n > most}
    if not short:
        return []
    numbers = {clause: f"{n:,.0f}" if n < math.inf else "∞" for clause, n in short.items()}
    fewest = listed([bilingual("{clause} ({number})", clause=clause, number=n) for clause, n in numbers.items()])
    return [
        bilingual(
            "{most:,} replications a point cannot show these clauses met, though none fails; fewest that can: {fewest}",
            most=most,
            fewest=fewest,
        )
    ]


def replications(designed: Designed, points: int) -> tuple[int, int]:
    """Fewest and most replications of so many different points, within the budget."""
    rule, budget = designed.experiment.replications, designed.experiment.budget
    least, most = (rule.min, rule.max) if isinstance(rule, Sequential) else (rule, rule)
    limit = math.inf if budget is None else budget
    return int(min(least * points, limit)), int(min(most * points, limit))
