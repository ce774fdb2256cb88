"""How fast hands build line: metres in a person-hour by fuel, training, method and slope.

`data/line_rates.csv` holds the rates on flat ground by group of fuel models; a rate times the people of a crew is the
rate of the crew. With pumps the hose, not the fuel, sets the pace.
"""

from __future__ import annotations

import csv
from functools import cache
from importlib.resources import files
from typing import NamedTuple

import numpy as np

from simrescue.hazards.base import METHODS
from simrescue.hazards.wildfire.behaviour.fuels import LARGEST, Floats
from simrescue.hazards.wildfire.landscape.terrain import Landscape
from simrescue.parameters import Parameters


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
