"""How sure a verdict is as the numbers are known: replications with every unverified number drawn from its range.

A run takes each number as it is assumed. Here each replication draws all that nobody has verified, from a triangular
distribution over its range, and meets the same event as the run's replication of that number. A draw hangs on seed,
replication and name of the number only, so that every alternative meets the same unknown world.

Which assumptions turn a clause: Spearman's rank correlation between a number and the value of the clause over the
replications, by the limits of chance for all numbers together (Bonferroni).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import nullcontext
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from simrescue.errors import Fault, ScenarioError
from simrescue.experiment.analysis.distance import Reached
from simrescue.experiment.design.experiment_records import Factor
from simrescue.experiment.design.factors import changes
from simrescue.experiment.design.points import Point
from simrescue.experiment.design.sampling import at
from simrescue.experiment.design.unverified import unverified
from simrescue.experiment.replications.recorded_event import RECORDED
from simrescue.experiment.replications.runner import DrawnValues
from simrescue.experiment.sweep.evaluation import evaluate_each
from simrescue.experiment.sweep.replication_cache import remember
from simrescue.plans import Plan
from simrescue.scenario.records import Scenario
from simrescue.streams import stream
from simrescue.wording import bilingual

Floats = NDArray[np.float64]
SURE = 0.05
"""Chance that any number at all is named though none matters."""
FEWEST = 12
"""Replications below which no number is named: the p-value of fewer ranks is too rough for so many numbers."""


class Drawn(NamedTuple):
    """Replications with drawn numbers."""

    factors: dict[str, Factor]
    """The numbers, by name."""
    numbers: Floats
    """What each was in each replication, shape (replications, numbers)."""
    values: dict[str, Floats]
    """Clause (plan/id) -> its value in each replication, shape (replications,); nan: nobody was concerned."""
    recorded: Mapping[str, Floats] = MappingProxyType({})
    """The scalars `recorded_...` that stand beside the figures on record, each of shape (replications,)."""
    reached: Mapping[str, Reached] = MappingProxyType({})
    """As `values`, with all that the clause came to, where that is known."""
    shortfalls: Mapping[str, pd.DataFrame] = MappingProxyType({})
    """Clause -> its rows of the table of shortfalls: `place`, `counted`, `kept`."""

    @property
    def for_run(self) -> DrawnValues:
        """As `runner.run` takes it."""
        return DrawnValues({**self.values, **self.reached}, list(assumption_rows(self)), self.shortfalls)


def drawn_points(scenario: Scenario, replications: int, seed: int) -> tuple[dict[str, Factor], Floats, list[Point]]:
    """The scenario once for each replication, with its unverified numbers drawn.

    Args:
        scenario: as loaded from its folder.
        replications: how many.
        seed: of the run.

    Returns:
        The numbers by name, their draws of shape (replications, numbers), and the points.

    Raises:
        ScenarioError: for a scenario that was made in Python and lies in no folder.
    """
    if not scenario.folder:
        expected = bilingual("a scenario that lies in a folder: numbers are drawn by loading it again")
        raise ScenarioError([Fault("scenario.yaml", "", "", scenario.settings.name, expected)])
    factors = unverified(scenario)
    sets = {path: scenario.applied[path] for path in (text.partition("=")[0] for text in scenario.sets)}
    draws, points = np.empty((replications, len(factors))), []
    for number in range(replications):
        drawn: dict[str, Any] = {}
        for i, (name, factor) in enumerate(factors.items()):
            value = at(factor, stream(seed, number, "unsure", name).random())
            draws[number, i] = value
            drawn |= changes(factor, value, scenario)
        points.append(Point(scenario.folder, scenario.variant, tuple({**sets, **drawn}.items())))
    return factors, draws, points


def run_drawn(
    scenario: Scenario, plans: Sequence[Plan | str] | None = None, replications: int = 60, seed: int = 1, *,
    workers: int | None = 1, memory: Path | None = None, progress: Callable[[int, int], None] | None = None,
) -> Drawn:  # fmt: skip
    """Run the replications with drawn numbers.

    Args:
        scenario: as loaded from its folder.
        plans: plans to judge by; None: those that it names.
        replications: how many, numbered as those of the run.
        seed: of the run.
        workers: processes; None: one a core.
        memory: folder that remembers them, so that none is run twice; None: nothing is remembered.
        progress: called with replications done and in all.

    Raises:
        ScenarioError: the scenario lies in no folder, or a drawn number cannot be.
    """
    factors, numbers, points = drawn_points(scenario, replications, seed)
    reached: dict[str, Reached] = {}
    recorded: dict[str, Floats] = {}
    short: dict[str, list[pd.DataFrame]] = {}
    with remember(memory) if memory else nullcontext() as store:
        each = evaluate_each(
            points, range(replications), seed=seed, plans=plans, workers=workers, store=store, tables=("shortfalls",)
        )
        for done, (index, result) in enumerate(each, 1):
            counts = {clause: rest for clause, *rest in result.reached}
            for clause, value, _ in result.clauses:
                columns = reached.setdefault(clause, Reached(*np.full((len(Reached._fields), replications), np.nan)))
                came = (value, *counts.get(clause, (np.nan,) * 3), index)
                for column, number in zip(columns, came, strict=True):
                    column[index] = number
            for key, rows in pd.DataFrame(dict(result.shortfalls)).groupby("clause") if result.shortfalls else ():
                short.setdefault(str(key), []).append(rows.assign(replication=index))
            for name, value in result.scalars.items():
                if name.startswith(RECORDED):
                    recorded.setdefault(name, np.full(replications, np.nan))[index] = value
            if progress:
                progress(done, replications)
    values = {clause: one.value for clause, one in reached.items()}
    shortfalls = {clause: pd.concat(parts, ignore_index=True) for clause, parts in short.items()}
    return Drawn(factors, numbers, values, recorded, reached, shortfalls)


def assumption_rows(drawn: Drawn) -> Iterator[dict[str, Any]]:
    """Rows of assumptions.csv: of each clause the numbers that move it more than chance would, the strongest first."""
    for clause, values in drawn.values.items():
        for row in moving_rows(drawn, values):
            yield {"clause": clause, **row}


def moving_rows(drawn: Drawn, values: Floats) -> Iterator[dict[str, Any]]:
    """The numbers that move `values` (shape (replications,)) more than chance would, the strongest first."""
    for name, correlation in sorted(_moving(drawn, values), key=lambda one: -abs(one[1])):
        factor, column = drawn.factors[name], drawn.numbers[:, list(drawn.factors).index(name)]
        yield {
            "number": name, "what": factor.label, "what_zh": factor.label_zh,
            "low": float(column.min()), "high": float(column.max()), "unit": factor.unit,
            "correlation": correlation,
        }  # fmt: skip


def _moving(drawn: Drawn, values: Floats) -> Iterator[tuple[str, float]]:
    from scipy import stats

    known = ~np.isnan(values)
    if known.sum() < FEWEST or len(set(values[known])) == 1:
        return
    ranks = stats.rankdata(values[known])  # infinite ones are the last
    for i, name in enumerate(drawn.factors):
        column = drawn.numbers[known, i]
        if len(set(column)) == 1:
            continue
        found: Any = stats.spearmanr(column, ranks)
        if found.pvalue * len(drawn.factors) < SURE:
            yield name, float(found.statistic)
