"""What a raster is of, by its name: depth of water, height of the ground, or what scenario.yaml names."""

from __future__ import annotations

from collections.abc import Container, Sequence
from pathlib import Path
from typing import NamedTuple

from simrescue.errors import Fault, ScenarioError
from simrescue.hazards.flood.depth_rasters.raster_slices import NETCDF, TIF
from simrescue.hazards.flood.depth_rasters.raster_words import is_named
from simrescue.wording import bilingual

ENDINGS = (*TIF, *NETCDF, ".asc")


class RasterRoles(NamedTuple):
    """Rasters by what they are of."""

    named: list[Path]
    """That scenario.yaml names: they belong to the folder as they are."""
    depth: list[Path]
    ground: list[Path]


def roles_of(paths: Sequence[Path], known: Container[str]) -> RasterRoles:
    """What some rasters are of.

    Args:
        paths: of the files.
        known: what scenario.yaml names.

    Raises:
        ScenarioError: of all ASCII grids that scenario.yaml does not name, and of rasters of the water's level.
    """
    roles, faults = RasterRoles([], [], []), list[Fault]()
    for path in paths:
        stem, ending = path.stem, path.suffix.lower()
        if path.name in known:
            roles.named.append(path)
        elif ending == ".asc":
            faults.append(Fault(path.name, "", "", None, bilingual("a raster that scenario.yaml names")))
        elif is_named(stem, "ground") and ending in TIF:
            roles.ground.append(path)
        elif is_named(stem, "level"):
            expected = bilingual("depth of the water over the ground, not its level")
            faults.append(Fault(path.name, "", "", None, expected))
        else:
            roles.depth.append(path)
    if faults:
        raise ScenarioError(faults)
    return roles


def titled(names: Sequence[str]) -> str:
    """How some files are called together: the first, the last, and how many.

    Args:
        names: of the files, in order.
    """
    return ", ".join(names) if len(names) < 4 else f"{names[0]} ... {names[-1]} ({len(names)})"
