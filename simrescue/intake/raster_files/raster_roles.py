"""What a raster is of, by its name: depth of water, height of the ground, or what scenario.yaml names."""

from __future__ import annotations

from collections.abc import Container, Sequence
from pathlib import Path
from typing import NamedTuple

from simrescue.errors import Fault, ScenarioError
from simrescue.hazards.flood.depth_rasters.raster_slices import NETCDF, TIF
from simrescue.hazards.flood.depth_rasters.raster_words import is_named
from simrescue.wording import Words, bilingual

ENDINGS = (*TIF, *NETCDF)


class RasterRoles(NamedTuple):
    """Rasters by what they are of."""

    named: list[Path]
    """That scenario.yaml names: they belong to the folder as they are."""
    depth: list[Path]
    ground: list[Path]
    level: list[Path]
    """Of the water's level, which is depth where the ground is known."""


def roles_of(paths: Sequence[Path], known: Container[str]) -> RasterRoles:
    """What some rasters are of.

    Args:
        paths: of the files.
        known: what scenario.yaml names.

    Raises:
        ScenarioError: of all rasters of the water's level without a model of the ground, or beside rasters of depth.
    """
    roles = RasterRoles([], [], [], [])
    for path in paths:
        stem, ending = path.stem, path.suffix.lower()
        if path.name in known:
            roles.named.append(path)
        elif is_named(stem, "ground") and ending in TIF:
            roles.ground.append(path)
        elif is_named(stem, "level"):
            roles.level.append(path)
        else:
            roles.depth.append(path)
    expected: Words | None = None
    if roles.level and roles.depth:
        expected = bilingual("either depth of the water or its level, not both")
    elif roles.level and not roles.ground:
        expected = bilingual("an elevation model beside rasters of the water's level (dem.tif), or rasters of depth")
    if expected:
        raise ScenarioError([Fault(path.name, "", "", None, expected) for path in roles.level])
    return roles


def titled(names: Sequence[str]) -> str:
    """How some files are called together: the first, the last, and how many.

    Args:
        names: of the files, in order.
    """
    return ", ".join(names) if len(names) < 4 else f"{names[0]} ... {names[-1]} ({len(names)})"
