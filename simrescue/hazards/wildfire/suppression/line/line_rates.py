"""How much line hands and machines build in an hour, as area: by fuel, training, method, slope and size of the fire.

`data/line_rates.csv` holds metres in a person-hour on flat ground by group of fuel models, for line of the width of
hand tools (`hand_line_width_m`); a rate times the people of a crew is the rate of the crew. With pumps the hose, not
the fuel, sets the pace. `data/dozer_rates.csv` holds metres of one pass of a dozer by fuel, way and slope.
"""

from __future__ import annotations

import csv
import math
from functools import cache
from importlib.resources import files
from typing import NamedTuple

import numpy as np

from simrescue.hazards.base import METHODS
from simrescue.hazards.wildfire.behaviour.fuels import LARGEST, Floats
from simrescue.hazards.wildfire.landscape.terrain import Landscape
from simrescue.parameters import Parameters

DOZER, EXCAVATOR = range(2)
"""Machines, as the rows of `AreaRates.machines`."""


class AreaRates(NamedTuple):
    """Line built in an hour at full strength in each of N cells, m2."""

    hands: Floats
    """(2, 4, N) a person: untrained and trained, by method (`base.METHODS`)."""
    machines: Floats
    """(2, N) a machine: `DOZER`, `EXCAVATOR`."""


class LineRate(NamedTuple):
    """Metres in a person-hour on flat ground in one group of fuels."""

    group: str
    trained_direct: float
    trained_indirect: float
    untrained_direct: float
    untrained_indirect: float
    models: tuple[int, ...]
    """Numbers of the fuel models."""
    source: str
    verified: bool


@cache
def table() -> tuple[LineRate, ...]:
    """All rates, read once from the package's table `data/line_rates.csv`, each with its source."""
    text = files("simrescue").joinpath("data/line_rates.csv").read_text(encoding="utf-8")
    return tuple(map(_read, csv.DictReader(text.splitlines())))


def rate_arrays(landscape: Landscape, parameters: Parameters) -> Floats:
    """Metres in a person-hour (2, 4, N): untrained and trained, by method (`base.METHODS`), in each cell.

    Slope slows all: the rate of flat ground is divided by 1 + `line_slope_factor` x tangent. Where nothing burns no
    line is needed, and the rate is 0.
    """
    # By number of the model first: there are far fewer models than cells.
    by_model = _by_model(parameters.hose_line_m_h)[:, :, landscape.fuel.ravel()]
    slowed: Floats = by_model / (1 + parameters.line_slope_factor * landscape.slope.ravel())
    return np.where(landscape.burns.ravel(), slowed, 0.0)


class DozerRate(NamedTuple):
    """Metres of one pass in an hour in one group of fuels, one way on a slope up to a limit."""

    models: tuple[int, ...]
    """Numbers of the fuel models, those by likeness included."""
    slope_to: float
    """Steepest ground (tangent) that it holds for."""
    low: float
    high: float


@cache
def dozers() -> tuple[DozerRate, ...]:
    """All rows of the package's table `data/dozer_rates.csv`, read once; up and down a slope are two rows."""
    text = files("simrescue").joinpath("data/dozer_rates.csv").read_text(encoding="utf-8")
    return tuple(
        DozerRate(
            tuple(map(int, f"{row['models']} {row['by_likeness']}".split())),
            float(row["slope_to"]),
            float(row["low"]),
            float(row["high"]),
        )
        for row in csv.DictReader(text.splitlines())
    )


def area_rates(landscape: Landscape, parameters: Parameters) -> AreaRates:
    """What hands and machines build in each cell of a landscape, m2 an hour.

    A dozer clears `dozer_pass_m` in one pass; along an edge it goes up and down in turn, so the mean of both ways and
    of the range printed counts. An excavator clears `excavator_line_m2_h` on flat ground and loses on a slope what a
    dozer loses there (assumed).
    """
    hands = rate_arrays(landscape, parameters) * parameters.hand_line_width_m
    tops, passes = _passes()
    steep = np.searchsorted(tops, landscape.slope.ravel())
    fuel = landscape.fuel.ravel()
    dozer = passes[steep, fuel]
    flat = passes[0, fuel]
    kept = np.divide(dozer, flat, out=np.zeros_like(dozer), where=flat > 0)
    excavator = parameters.excavator_line_m2_h * kept
    return AreaRates(hands, np.stack([dozer * parameters.dozer_pass_m, excavator]))


@cache
def _passes() -> tuple[Floats, Floats]:
    """Steepest slope of each class (K,), and metres of a pass in an hour (K + 1, 257) by class and number of the model.

    Nothing above the last class.
    """
    tops = np.array(sorted({row.slope_to for row in dozers()}))
    passes = np.zeros((len(tops) + 1, LARGEST + 1))
    for row in dozers():
        # Up and down are two rows of the table, each half of the way.
        passes[np.searchsorted(tops, row.slope_to), row.models] += (row.low + row.high) / 4
    return tops, passes


def scale_factor(area_ha: float, parameters: Parameters) -> float:
    """Share of the standard rates that is kept on a fire of this size: 1 on a small one, less on a large one.

    Measured crews were considerably slower above some 50 ha (Ortega, Rodriguez y Silva and Molina 2023), and all
    forces together held 14 to 93 % of the line of the standard rates on large fires (Holmes and Calkin 2013): from 1
    at `line_small_fire_ha` it falls with the logarithm of the area to `large_fire_line_factor` at `line_large_fire_ha`.
    """
    small_ha, large_ha = parameters.line_small_fire_ha, parameters.line_large_fire_ha
    if area_ha <= small_ha:
        return 1.0
    if area_ha >= large_ha:
        return parameters.large_fire_line_factor
    done = math.log(area_ha / small_ha) / math.log(large_ha / small_ha)
    return 1.0 - done * (1.0 - parameters.large_fire_line_factor)


def _by_model(hose_m_h: float) -> Floats:
    """(2, 4, 257) metres in a person-hour by number of the fuel model."""
    rates = np.zeros((2, len(METHODS), LARGEST + 1))
    for row in table():
        # Untrained first: the arrays are read by `int(trained)`.
        pairs = ((row.untrained_direct, row.untrained_indirect), (row.trained_direct, row.trained_indirect))
        for trained, (direct, indirect) in enumerate(pairs):
            # The table has no rate of parallel line: the mean of both is assumed.
            by_method = [direct, (direct + indirect) / 2, indirect, hose_m_h]
            rates[trained][:, row.models] = np.array(by_method)[:, None]
    return rates


def _read(row: dict[str, str]) -> LineRate:
    return LineRate(
        row["group"],
        float(row["trained_direct"]),
        float(row["trained_indirect"]),
        float(row["untrained_direct"]),
        float(row["untrained_indirect"]),
        tuple(map(int, row["models"].split())),
        row["source"],
        row["verified"] == "yes",
    )
