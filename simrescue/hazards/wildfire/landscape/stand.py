"""The trees of a landscape as fuel: where crowns begin, how dense they are, what they torch like.

Kinds of stand are rows of `data/stands.csv`. Where a landscape tells nothing, the fuel model says whether the trees are
broadleaves (column `fuels`, which carry no crown fire); all else counts as conifers by `canopy_base_share` and
`canopy_density_kg_m3`.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from simrescue.hazards.wildfire.behaviour.firebrands import FIR, PINE, SPRUCE
from simrescue.hazards.wildfire.behaviour.fuels import Floats
from simrescue.parameters import Parameters

TORCHES = {"pine": PINE, "spruce": SPRUCE, "fir": FIR}
"""Kinds of torching trees by name, in the order of their numbers in `Stand.torches`."""
CONIFERS = 0
"""Number of the stand where nothing is known: none of the table."""


class StandKind(NamedTuple):
    """One row of `data/stands.csv`."""

    number: int
    name: str
    name_zh: str
    base_m: float
    density_kg_m3: float
    torches_like: str
    fuels: frozenset[int]
    """Fuel models under which trees of a landscape without species count as of this kind."""


class Stand(NamedTuple):
    """Crowns over R x C cells."""

    base_m: Floats
    """(R, C) from the ground to the crowns."""
    density_kg_m3: Floats
    """(R, C) bulk density of the canopy; 0 where no fire can run through it."""
    torches: NDArray[np.int8]
    """(R, C) kind of torching tree, a number of `TORCHES`."""


@cache
def kinds() -> dict[int, StandKind]:
    """All kinds of stand by number, read once from the package's table."""
    text = files("simrescue").joinpath("data/stands.csv").read_text(encoding="utf-8")
    return {kind.number: kind for kind in map(_read, csv.DictReader(text.splitlines()))}


def _read(row: dict[str, str]) -> StandKind:
    fuels = frozenset(map(int, row["fuels"].split()))
    base_m, density = float(row["base_m"]), float(row["density_kg_m3"])
    return StandKind(int(row["number"]), row["name"], row["name_zh"], base_m, density, row["torches_like"], fuels)


def stand(
    fuel: NDArray[np.int16], cover: Floats, height_m: Floats, given: Mapping[str, Floats], parameters: Parameters
) -> Stand:
    """The crowns of a landscape.

    Args:
        fuel: (R, C) numbers of fuel models.
        cover: (R, C) share of the ground under crowns.
        height_m: (R, C) of the trees.
        given: what layers tell, (R, C) with NaN for no data: `species` (numbers of `kinds`), `canopy_base` (m),
            `canopy_density` (kg/m3). They go before the defaults of the species, and these before those of the fuel.
        parameters: of the scenario.
    """
    species = _species(fuel, given.get("species"))
    base_m = parameters.canopy_base_share * height_m
    density = np.full(fuel.shape, parameters.canopy_density_kg_m3)
    torches = np.zeros(fuel.shape, dtype=np.int8)
    for number, kind in kinds().items():
        here = species == number
        base_m[here], density[here] = kind.base_m, kind.density_kg_m3
        torches[here] = list(TORCHES).index(kind.torches_like)
    base_m = _given(given.get("canopy_base"), base_m)
    density = _given(given.get("canopy_density"), density)
    # Crowns that begin above the tops of the trees are none.
    carries = (cover >= parameters.crown_cover_least) & (cover > 0) & (base_m < height_m)
    return Stand(base_m, np.where(carries, density, 0.0), torches)


def _species(fuel: NDArray[np.int16], given: Floats | None) -> NDArray[np.intp]:
    species = np.full(fuel.shape, CONIFERS, dtype=np.intp)
    for kind in kinds().values():
        species[np.isin(fuel, list(kind.fuels))] = kind.number
    return species if given is None else np.where(np.isnan(given), species, np.nan_to_num(given)).astype(np.intp)


def _given(layer: Floats | None, else_: Floats) -> Floats:
    return else_ if layer is None else np.where(np.isnan(layer), else_, layer)
