"""What lies on the ground and burns: standard fuel models, as arrays over all models.

13 models of Anderson (1982), 40 of Scott and Burgan (2005) and the non-burnable ones. Figures: fuelModels.cpp of
firelab/behave (public domain), turned from pounds and feet to SI. 0 stands for "no data": nothing burns there.
"""

from __future__ import annotations

import csv
from functools import cache
from importlib.resources import files
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
LARGEST = 256
"""Largest number that a fuel model can have."""
NO_FUEL = 0
SAVR_10H_PER_M = 109 / 0.3048
SAVR_100H_PER_M = 30 / 0.3048
"""Surface to volume of dead sticks of 6 to 25 mm and 25 to 76 mm, the same in all models (109 and 30 per foot)."""


class FuelModel(NamedTuple):
    """One kind of fuel bed."""

    number: int
    code: str
    name: str
    depth_m: float
    extinction: float
    """Moisture of dead fuel at which it no longer carries fire, share of dry weight."""
    heat_kj_kg: float
    load_1h_kg_m2: float
    load_10h_kg_m2: float
    load_100h_kg_m2: float
    load_herb_kg_m2: float
    load_woody_kg_m2: float
    savr_1h_per_m: float
    """Surface to volume ratio, 1/m."""
    savr_herb_per_m: float
    savr_woody_per_m: float
    dynamic: bool
    """Whether live herbs cure: part of their load counts as dead when they are dry."""

    @property
    def burns(self) -> bool:
        """Whether there is any fuel."""
        return sum(self[6:11]) > 0


class Beds(NamedTuple):
    """All fuel models as arrays: F models, 6 kinds of particle.

    Particles: dead 1 h, 10 h, 100 h and cured herb (empty until herbs cure); live herb and woody.
    """

    row_of: NDArray[np.intp]
    """(257,): row of a fuel number; -1 where there is no such model."""
    depth_m: Floats
    extinction: Floats
    heat_kj_kg: Floats
    load_kg_m2: Floats
    """(F, 6), oven-dry."""
    savr_per_m: Floats
    """(F, 6)."""
    dynamic: NDArray[np.bool_]
    burns: NDArray[np.bool_]


@cache
def models() -> dict[int, FuelModel]:
    """All fuel models by number, read once from the package's table."""
    text = files("simrescue").joinpath("data/fuel_models.csv").read_text(encoding="utf-8")
    return {model.number: model for model in map(_read, csv.DictReader(text.splitlines()))}


def by_number(number: int) -> FuelModel:
    """The fuel model of a number. Raises KeyError for one that no model has, 0 ("no data") among them."""
    return models()[number]


@cache
def beds() -> Beds:
    """All fuel models as arrays; the first row is "no data"."""
    known = tuple(models().values())
    row_of = np.full(LARGEST + 1, -1, dtype=np.intp)
    row_of[[NO_FUEL, *(model.number for model in known)]] = np.arange(len(known) + 1)
    rows = np.array([_particles(model) for model in known])
    # No load, but a depth, an extinction and surfaces above 0: formulas divide by them.
    nothing = np.array([[0.3048, 0.1, 18622.3, *[0.0] * 6, *[1 / 0.3048] * 6]])
    table = np.concatenate([nothing, rows])
    flags = np.array([(False, False), *((model.dynamic, model.burns) for model in known)])
    return Beds(row_of, table[:, 0], table[:, 1], table[:, 2], table[:, 3:9], table[:, 9:], flags[:, 0], flags[:, 1])


def is_known(numbers: ArrayLike) -> NDArray[np.bool_]:
    """Which numbers are those of a fuel model, or of no data; fractions, nan and what is out of range are not."""
    # Rasters come as floats, with nan where there are no data.
    given = np.asarray(numbers)
    inside = (given >= 0) & (given <= LARGEST) & (given == np.floor(given))
    # 0 stands in for what is out of range: as an index it would raise or count from the end.
    known: NDArray[np.bool_] = inside & (beds().row_of[np.where(inside, given, 0).astype(np.intp)] >= 0)
    return known


def _read(row: dict[str, str]) -> FuelModel:
    number, code, name, *figures, dynamic = row.values()
    return FuelModel._make([int(number), code, name, *map(float, figures), dynamic == "1"])


def _particles(model: FuelModel) -> list[float]:
    dead = [model.load_1h_kg_m2, model.load_10h_kg_m2, model.load_100h_kg_m2, 0.0]
    live = [model.load_herb_kg_m2, model.load_woody_kg_m2]
    # Cured herbs burn as dead fuel and keep their own surface.
    savr_dead = [model.savr_1h_per_m, SAVR_10H_PER_M, SAVR_100H_PER_M, model.savr_herb_per_m]
    savr_live = [model.savr_herb_per_m, model.savr_woody_per_m]
    return [model.depth_m, model.extinction, model.heat_kj_kg, *dead, *live, *savr_dead, *savr_live]
