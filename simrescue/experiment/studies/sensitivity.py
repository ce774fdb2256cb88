"""What the answer hangs on: which uncertainty of the world, or which lever, moves a clause or a number, and how much.

Three designs answer it, each in its own way (the sweep stored with it says which was drawn):

    one-at-a-time   tornado: each factor alone at each of its values, against the base, pair by pair (`paired`)
    morris          mean and spread of the elementary effects over trajectories (Morris, Technometrics 33, 1991,
                    161-174; mu* of Campolongo et al., Environmental Modelling & Software 22, 2007, 1509-1518)
    saltelli        first-order and total Sobol indices: shares of the variance that a factor explains alone, and with
                    all its interactions (Saltelli et al., Computer Physics Communications 181, 2010, 259-270)

The last two are computed by SALib (extra `doe`), with bootstrap intervals over the points. Of a clause its value is
analysed first: the share of replications in which it holds can stand at 0 % while the value moves a long way. What is
analysed is the mean of each point over its replications; `noise` says which share of its variance is nothing but the
chance of these replications: where that is large, indices are blurred and more replications a point are needed. Any
sampled design also tells what an output comes to where a factor is low and where it is high.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from simrescue.errors import ResultsError, SimrescueError
from simrescue.experiment.analysis.paired import (
    Difference,
    clause_difference,
    holm,
    number_difference,
    of_parts,
    together,
)
from simrescue.experiment.analysis.statistics import Interval
from simrescue.experiment.design.experiment_records import SAMPLED, Experiment
from simrescue.experiment.design.sampling import points_drawn_together, problem_of
from simrescue.experiment.studies.comparison import Of, is_part, told_as_share
from simrescue.metrics import MEASURES
from simrescue.wording import bilingual

if TYPE_CHECKING:
    import pandas as pd

    from simrescue.experiment.sweep.experiment_run import SweepResults

RESAMPLES = 1000
# Of the bootstrap: the same sweep has to show the same intervals each time.
_SEED = 1
FIT = ("one-at-a-time", *SAMPLED)
"""Designs that can be asked what the answer hangs on."""
MAIN = {"morris": "mu_star", "saltelli": "S1"}
TOTAL = {"morris": "sigma", "saltelli": "ST"}

Floats = NDArray[np.float64]


class Output(NamedTuple):
    """What is analysed: the value of a clause, the share of replications in which it holds, or a number."""

    what: str
    """plan/clause, or name of the metric."""
    of: Of
    unit: str = ""
    """In which a value is told (`metrics.amounts`)."""
    measure: str = ""
    """Name of the measure of a value."""

    @property
    def is_share(self) -> bool:
        """Whether it is told in per cent."""
        return told_as_share(self.of, self.unit, self.what)


class Index(NamedTuple):
    """How one factor moves one output of a sampled design."""

    factor: str
    main: Interval
    """Sobol: first-order index. Morris: mu*, in the unit of the output over the whole range of the factor."""
    total: Interval
    """Sobol: total index. Morris: sigma, the spread of the effects (interactions or curvature), without interval."""
    noise: float
    """Share of the output's variance over the points that comes from the replications alone."""


class Bar(NamedTuple):
    """One factor at one of its values against the base."""

    factor: str
    value: float | str
    base: float
    """Mean of the output at the base."""
    difference: Difference
    p: float
    """Adjusted for all bars of the output."""


class Ends(NamedTuple):
    """What an output came to where a factor was low and where it was high."""

    factor: str
    low: float
    """Mean over the points with the factor in its lowest third."""
    high: float
    p: float
    """That nothing differs, adjusted for all factors (Holm): Welch's test over points; over blocks of points in a
    saltelli design, where a block shares its draws. (Points of a trajectory share theirs too, but have both ends, so
    that Welch's test errs on the careful side there.)"""


def output_names(results: SweepResults) -> list[str]:
    """Names of everything that can be analysed: clauses (plan/id) first, then metrics."""
    clauses = list(dict.fromkeys(results.clauses["clause"])) if len(results.clauses) else []
    return [*clauses, *(str(name) for name in results.replications.columns if name not in ("point", "replication"))]


def outputs_of(results: SweepResults, what: str) -> list[Output]:
    """What can be analysed of a clause (its value where that is finite in all replications, its chance) or a number.

    Args:
        results: a sweep.
        what: a clause (plan/id) or a metric.

    Raises:
        ResultsError: where the sweep has no such output.
    """
    if what in results.replications.columns:
        return [Output(what, "number")]
    clauses = {clause["key"]: clause for clause in results.manifest["experiment"]["clauses"]}
    metric = clauses.get(what, {}).get("metric", "")
    measure = MEASURES.get(metric)
    value, chance = Output(what, "value", measure.told_unit if measure else "", metric), Output(what, "chance")
    return [value, chance] if np.isfinite(_table(results, value)["output"]).all() else [chance]


def experiment_of(results: SweepResults) -> Experiment:
    """The experiment file that a sweep was run from."""
    return Experiment.model_validate(results.manifest["experiment"]["file"])


def factors_of(results: SweepResults) -> list[str]:
    """Names of the factors, in the order of the file."""
    return list(experiment_of(results).factors)


def design_kind(results: SweepResults) -> str:
    """Kind of the design that was run."""
    return experiment_of(results).design.kind


def indices(results: SweepResults, output: Output, confidence: float = 0.95) -> list[Index]:
    """Morris or Sobol indices of one output, as SALib reckons them, the largest main effect first.

    Args:
        results: a finished sweep of one variant, of a morris or saltelli design.
        output: of `outputs_of`.
        confidence: of the intervals of the indices, 0.5..1.

    Raises:
        ResultsError: for another design, an unfinished sweep, several variants, or an output that is not finite.
        SimrescueError: where SALib is missing.
    """
    kind = design_kind(results)
    if kind not in MAIN:
        raise ResultsError(
            bilingual("indices need a morris or saltelli design; {folder} has {kind}", folder=results.folder, kind=kind)
        )
    if results.design["variant"].nunique() > 1:
        raise ResultsError(bilingual("indices need a sweep of one variant"))
    try:
        from SALib.analyze import morris, sobol
    except ImportError:
        raise SimrescueError(
            bilingual("sensitivity indices need the extra `doe`: pip install 'simrescue[doe]'")
        ) from None
    names = [name.removeprefix("u_") for name in results.design.columns if name.startswith("u_")]  # as drawn
    mean, noise = _means(results, output)
    problem: Any = problem_of(names)
    design = experiment_of(results).design
    common = {"num_resamples": RESAMPLES, "conf_level": confidence, "print_to_console": False, "seed": _SEED}
    # Shares of a variance of 0 are 0 / 0.
    if not np.ptp(mean):
        none = Interval(0.0, 0.0, 0.0, len(mean))
        return [Index(name, none, none, 0.0) for name in names]
    if kind == "morris":
        cube = results.design[[f"u_{name}" for name in names]].to_numpy(float)
        found = morris.analyze(problem, cube, mean, num_levels=design.levels, **common)
    else:
        found = sobol.analyze(problem, mean, calc_second_order=design.second_order, **common)
    rows = [
        Index(name, _interval(found, MAIN[kind], i, len(mean)), _interval(found, TOTAL[kind], i, len(mean)), noise)
        for i, name in enumerate(names)
    ]
    return sorted(rows, key=lambda row: -row.main.estimate)


def _interval(found: Any, name: str, i: int, n: int) -> Interval:
    estimate = float(found[name][i])
    half = float(found[f"{name}_conf"][i]) if f"{name}_conf" in found else math.nan
    return Interval(estimate, estimate - half, estimate + half, n)


def _means(results: SweepResults, output: Output) -> tuple[Floats, float]:
    """Mean of an output at each point of the design, and the share of its variance that is noise."""
    what, table = output.what, _table(results, output)
    points = table.groupby("point")["output"]
    # In the order of the design: SALib knows points by their places only.
    mean = points.mean().reindex(results.design["point"]).to_numpy(float)
    if np.isnan(mean).any():
        missing = int(np.isnan(mean).sum())
        raise ResultsError(
            bilingual(
                "{missing} points of {folder} have no {what}: the sweep is unfinished, or untested",
                missing=missing,
                folder=results.folder,
                what=what,
            )
        )
    if not np.isfinite(mean).all():
        raise ResultsError(
            bilingual(
                "{what} is infinite (never) in some replications: analyse a share within a limit instead", what=what
            )
        )
    return mean, _noise(table.pivot_table(index="point", columns="replication", values="output").to_numpy(float))


def _noise(table: Floats) -> float:
    """Share of the variance of the points' means, shape (points, replications), that comes from the replications.

    What a replication does to all points alike (common random numbers) moves no point against another: the residual of
    points and replications without interaction is left, as in an analysis of variance of two ways.
    """
    # Row and column means only part cleanly in a full table.
    table = table[:, ~np.isnan(table).any(axis=0)]
    points, n = table.shape
    spread = float(table.mean(axis=1).var(ddof=1)) if points > 1 and n > 1 else 0.0
    if not spread:
        return math.nan
    left = table - table.mean(axis=1, keepdims=True) - table.mean(axis=0) + table.mean()
    noise = float(np.square(left).sum()) / ((points - 1) * (n - 1) * n * spread)
    # Both variances are estimates: by chance the part can come out above the whole.
    return float(min(1.0, noise))


def _table(results: SweepResults, output: Output) -> pd.DataFrame:
    """Columns point, replication and output, without what was not put to the test."""
    columns, what = ["point", "replication", "output"], output.what
    if what in results.replications.columns:
        return results.replications.rename(columns={what: "output"})[columns].dropna()
    rows = results.clauses[(results.clauses["clause"] == what) & results.clauses["value"].notna()]
    if not len(rows):
        raise ResultsError(
            bilingual(
                "{folder} has no {what!r}: one of {known}, ...",
                folder=results.folder,
                what=what,
                known=", ".join(output_names(results)[:12]),
            )
        )
    return rows.assign(output=rows["holds" if output.of == "chance" else "value"].astype(float))[columns]


def tornado(results: SweepResults, output: Output, confidence: float = 0.95) -> list[Bar]:
    """Each factor alone at each of its values against the base, the longest bar first.

    Args:
        results: a sweep of a one-at-a-time design.
        output: of `outputs_of`.
        confidence: of all intervals together, 0.5..1.

    Raises:
        ResultsError: for another design.
    """
    if design_kind(results) != "one-at-a-time":
        kind = design_kind(results)
        raise ResultsError(
            bilingual("a tornado needs a one-at-a-time design; {folder} has {kind}", folder=results.folder, kind=kind)
        )
    names = factors_of(results)
    table = _table(results, output).set_index(["point", "replication"])["output"]
    moved = [pair for _, part in results.design.groupby("variant", sort=False) for pair in _moved(part, names)]
    # Over all bars: who looks for the longest looks at each.
    level = together(confidence, len(moved))
    bars = []
    for base, point, factor, value in moved:
        after, before = _common(table, point, base, output.what)
        compare = clause_difference if output.of == "chance" else number_difference
        difference = compare(after, before, level)
        if is_part(output.of, output.measure, output.what):
            difference = of_parts(difference)
        bars.append(Bar(factor, value, float(before.mean()), difference, 1.0))
    adjusted = holm([bar.difference.p for bar in bars])
    found = [bar._replace(p=p) for bar, p in zip(bars, adjusted, strict=True)]
    # Bars of one factor stay together, placed by the longer one.
    longest = {
        name: max(abs(bar.difference.interval.estimate) for bar in found if bar.factor == name)
        for name in {bar.factor for bar in found}
    }
    return sorted(found, key=lambda bar: (-longest[bar.factor], bar.factor))


def _moved(design: pd.DataFrame, names: Sequence[str]) -> list[tuple[int, int, str, float | str]]:
    """(base point, point, factor, value) of every point of one variant but the base, which comes first."""
    base, *others = design.to_dict("records")
    return [
        (int(base["point"]), int(row["point"]), name, row[name])
        for row in others
        for name in names
        if not _same(row[name], base[name])
    ]


def _same(a: float | str, b: float | str) -> bool:
    """Whether two cells of a design are equal; what is left as the scenario says (a gap) equals itself."""
    return a == b or (a != a and b != b)


def _common(table: pd.Series[float], point: int, base: int, what: str) -> tuple[Floats, Floats]:
    try:
        after, before = (table.loc[[one]].droplevel("point") for one in (point, base))
    except KeyError:
        raise ResultsError(
            bilingual(
                "point {point} or the base has no replication of {what}: the sweep is unfinished",
                point=point,
                what=what,
            )
        ) from None
    # A clause may be untested on one side only; a pair needs both.
    both = after.to_frame("after").join(before.to_frame("before"), how="inner")
    return both["after"].to_numpy(float), both["before"].to_numpy(float)


def ends(results: SweepResults, output: Output) -> list[Ends]:
    """What an output comes to at the low and at the high third of each factor.

    For sampled designs; the factor with the largest difference first. Raises ResultsError where nothing was drawn.
    """
    names = [name for name in factors_of(results) if f"u_{name}" in results.design.columns]
    if not names:
        kind = design_kind(results)
        raise ResultsError(
            bilingual("{folder} has no sampled design but {kind}: nothing was drawn", folder=results.folder, kind=kind)
        )
    mean, _ = _means(results, output)
    blocks = _blocks(results) if design_kind(results) == "saltelli" else None
    found = []
    for name in names:
        place = results.design[f"u_{name}"].to_numpy(float)
        low, high = mean[place <= 1 / 3], mean[place >= 2 / 3]
        p = _welch(low, high) if blocks is None else _over_blocks(mean, place, blocks)
        found.append(Ends(name, _mean(low), _mean(high), p))
    adjusted = holm([one.p for one in found])
    rows = [one._replace(p=p) for one, p in zip(found, adjusted, strict=True)]
    return sorted(rows, key=lambda one: -abs(one.high - one.low))


def _blocks(results: SweepResults) -> NDArray[np.int64]:
    """The draw that each point belongs to, shape (points,); variants share their draws."""
    each = points_drawn_together(experiment_of(results).design, len(factors_of(results)))
    rows = results.design.groupby("variant", sort=False).cumcount().to_numpy()
    return np.asarray(rows // each, dtype=np.int64)


def _over_blocks(mean: Floats, place: Floats, block: NDArray[np.int64]) -> float:
    """Two-sided p-value that the ends do not differ, blocks being independent and their points not; all of shape (P,).

    Each block's share in the difference of the two means is its residual (Liang and Zeger, Biometrika 73, 1986, 13-22).
    """
    low, high = place <= 1 / 3, place >= 2 / 3
    count = int(block.max()) + 1
    if not (low.any() and high.any()) or count < 2:
        return 1.0
    # Points of a block share their draws: only their sum is independent of the others.
    share = np.where(high, (mean - mean[high].mean()) / high.sum(), 0.0)
    share -= np.where(low, (mean - mean[low].mean()) / low.sum(), 0.0)
    residual = np.bincount(block, weights=share)
    error = math.sqrt(count / (count - 1) * float(np.square(residual).sum()))
    return _student(float(mean[high].mean() - mean[low].mean()), error, count - 1)


def _student(difference: float, error: float, freedom: int) -> float:
    from scipy import special

    # Both limits are of rounding: means equal but for it are equal, and an error of nothing else is none.
    if abs(difference) < 1e-12:
        return 1.0
    return float(2 * special.stdtr(freedom, -abs(difference) / error)) if error > 1e-12 * abs(difference) else 0.0


def _mean(values: Floats) -> float:
    return float(values.mean()) if len(values) else math.nan


def _welch(a: Floats, b: Floats) -> float:
    """Two-sided p-value that two means are equal, variances not assumed equal (Welch, Biometrika 34, 1947, 28-35)."""
    from scipy import special

    if min(len(a), len(b)) < 2:
        return 1.0
    first, second = a.var(ddof=1) / len(a), b.var(ddof=1) / len(b)
    # No spread on either side: any difference is a sure one.
    if not first + second:
        return 0.0 if a[0] != b[0] else 1.0
    freedom = (first + second) ** 2 / (first**2 / (len(a) - 1) + second**2 / (len(b) - 1))
    return float(2 * special.stdtr(freedom, -abs(a.mean() - b.mean()) / math.sqrt(first + second)))
