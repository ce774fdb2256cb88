"""Designs: which values the factors of an experiment take together, point by point.

Sampled designs draw places in the unit cube, one coordinate a factor, and each factor says what stands at a place:
Latin hypercube and Sobol sequence by scipy.stats.qmc, Morris' trajectories and Saltelli's matrices by SALib.
"""

from __future__ import annotations

import math
from itertools import product
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from simrescue.errors import SimrescueError
from simrescue.experiment.design.experiment_records import SAMPLED, Design, Distribution, Experiment, Factor, Range
from simrescue.experiment.design.factors import Value
from simrescue.wording import bilingual

_TAIL = 0.001
"""What is cut off each open end of a distribution, so that no draw is absurd."""


class DesignRow(NamedTuple):
    """One row of a design: factor -> value, and factor -> place in 0..1 where it was drawn, in the order of drawing."""

    values: dict[str, Value]
    places: dict[str, float]


def rows(experiment: Experiment) -> list[DesignRow]:
    """The design of an experiment, without its variants; one row with nothing set where there are no factors."""
    factors, design = experiment.factors, experiment.design
    if not factors:
        return [DesignRow({}, {})]
    if design.kind in SAMPLED:
        names = sorted(factors)  # so that their order in the file changes no point
        cube = unit_cube(design, len(names), names)
        return [_drawn(factors, dict(zip(names, line, strict=True))) for line in cube.tolist()]
    if design.kind == "list":
        listed = design.points if isinstance(design.points, tuple) else ()
        return [DesignRow({name: _plain(point.get(name)) for name in factors}, {}) for point in listed]
    taken = {name: _taken(factor, design.levels) for name, factor in factors.items()}
    if design.kind == "grid":
        return [DesignRow(dict(zip(factors, values, strict=True)), {}) for values in product(*taken.values())]
    base: dict[str, Value] = {name: _plain(factor.base) for name, factor in factors.items()}
    moved = [DesignRow({**base, name: value}, {}) for name in factors for value in taken[name] if value != base[name]]
    return [DesignRow(base, {}), *moved]


def size(experiment: Experiment) -> int:
    """How many points the design has over all variants, without making it; at most so many where values coincide."""
    factors, design, variants = experiment.factors, experiment.design, len(experiment.variants)
    if not factors:
        return variants
    if isinstance(design.points, tuple):
        return variants * len(design.points)
    if design.kind in SAMPLED:
        each = points_drawn_together(design, len(factors))
        return variants * each * (design.trajectories if design.kind == "morris" else design.points or 0)
    counts = [_count(factor, design.levels) for factor in factors.values()]
    return variants * (math.prod(counts) if design.kind == "grid" else 1 + sum(counts))


def points_drawn_together(design: Design, width: int) -> int:
    """Points that one draw gives, for `width` factors.

    A trajectory, a block of Saltelli's matrices, or the point itself.
    """
    return {"morris": width + 1, "saltelli": (2 if design.second_order else 1) * width + 2}.get(design.kind, 1)


def unit_cube(design: Design, width: int, names: list[str]) -> NDArray[np.float64]:
    """The places of a sampled design in the unit cube.

    Latin hypercube or scrambled Sobol points, Morris or Saltelli samples.

    Args:
        design: with the number of points or trajectories, and the seed.
        width: number of factors.
        names: of the factors, as the columns stand.

    Returns:
        Shape (points, width), each in 0..1.

    Raises:
        SimrescueError: where SALib is needed and missing.
    """
    count = design.points if isinstance(design.points, int) else 0
    if design.kind in ("latin-hypercube", "sobol"):
        from scipy.stats import qmc

        if design.kind == "sobol":
            return qmc.Sobol(width, rng=design.seed).random(count)
        return qmc.LatinHypercube(width, rng=design.seed).random(count)
    problem: Any = problem_of(names)
    try:
        from SALib.sample import morris, sobol
    except ImportError:
        raise SimrescueError(
            bilingual("a {kind} design needs the extra `doe`: pip install 'simrescue[doe]'", kind=design.kind)
        ) from None
    if design.kind == "morris":
        found = morris.sample(problem, design.trajectories, num_levels=design.levels, seed=design.seed)
    else:
        found = sobol.sample(problem, count, calc_second_order=design.second_order, seed=design.seed)
    return np.asarray(found, dtype=float)


def problem_of(names: list[str]) -> dict[str, Any]:
    """The unit cube as SALib wants it told, for sampling and for analysis."""
    return {"num_vars": len(names), "names": list(names), "bounds": [[0.0, 1.0]] * len(names)}


def at(factor: Factor, place: float) -> Value:
    """What stands at a place 0..1 of a factor.

    The quantile of its distribution or range, or one of its values or levels.

    By inverse transform, so that every sampling design serves every kind of factor.
    """
    if factor.range:
        return _of_range(factor.range, place, factor.whole)
    if factor.distribution:
        number = _quantile(factor.distribution, place)
        return float(round(number)) if factor.whole else number
    choice: list[Value] = [*factor.values] or [*factor.levels]
    return choice[min(int(place * len(choice)), len(choice) - 1)]


def _drawn(factors: dict[str, Factor], places: dict[str, float]) -> DesignRow:
    return DesignRow({name: at(factor, places[name]) for name, factor in factors.items()}, places)


def _count(factor: Factor, levels: int) -> int:
    if factor.range and factor.range.step:
        return steps(factor.range) + 1
    return levels if factor.range or factor.distribution else len(factor.values) or len(factor.levels)


def _taken(factor: Factor, levels: int) -> list[Value]:
    """The values of a factor that a grid takes."""
    spread: list[Value]
    if factor.range:
        count = steps(factor.range) + 1 if factor.range.step else levels
        spread = [_of_range(factor.range, i / (count - 1), factor.whole) for i in range(count)]
    elif factor.distribution:
        spread = [at(factor, (i + 0.5) / levels) for i in range(levels)]
    else:
        return [*factor.values] or [*factor.levels]
    return [*dict.fromkeys(spread)]


def _of_range(given: Range, place: float, whole: bool) -> float:
    number = given.low + place * (given.high - given.low)
    if given.step:
        most = steps(given)
        number = given.low + min(math.floor(place * (most + 1)), most) * given.step
    return float(round(number)) if whole else float(f"{number:.12g}")


def steps(given: Range) -> int:
    """How many steps lead from low to the last number of a range; 0 without a step."""
    return math.floor((given.high - given.low) / given.step + 1e-9) if given.step else 0


def _quantile(given: Distribution, place: float) -> float:
    from scipy import stats

    low, high, span = _number(given.low), _number(given.high), _number(given.high) - _number(given.low)
    law: Any
    if given.kind == "normal":
        law = stats.norm(_number(given.mean), _number(given.sd))
    elif given.kind == "lognormal":
        law = stats.lognorm(_number(given.sd), scale=_number(given.median))
    elif given.kind == "uniform":
        law = stats.uniform(low, span)
    else:
        law = stats.triang((_number(given.mode) - low) / span, low, span)
    first = _TAIL if given.low is None else float(law.cdf(low))
    last = 1 - _TAIL if given.high is None else float(law.cdf(high))
    return float(f"{law.ppf(first + place * (last - first)):.12g}")


def _number(value: float | None) -> float:
    return math.nan if value is None else value


def _plain(value: float | str | None) -> Value:
    return float(value) if isinstance(value, int) else value
