"""What a raster is of, by its name: depth of water, height of the ground, fuel, or what scenario.yaml names."""

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
    fuel: list[Path]
    """Of numbers of fuel models, which make it a forest fire over the ground of the same cells."""
    canopy: list[Path]
    """Of the share of the ground under trees."""


def roles_of(paths: Sequence[Path], known: Container[str]) -> RasterRoles:
    """What some rasters are of.

    Args:
        paths: of the files.
        known: what scenario.yaml names.

    Raises:
        ScenarioError: of all rasters of the water's level without a model of the ground, or beside rasters of depth; of
            rasters of fuel or trees that are not one each, beside one model of the ground.
    """
    roles = RasterRoles([], [], [], [], [], [])
    for path in paths:
        stem, ending = path.stem, path.suffix.lower()
        if path.name in known:
            roles.named.append(path)
        elif is_named(stem, "fuel") and ending in TIF:
            roles.fuel.append(path)
        elif is_named(stem, "canopy") and ending in TIF:
            roles.canopy.append(path)
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
    _may_be_a_fire(roles)
    return roles


def _may_be_a_fire(roles: RasterRoles) -> None:
    """Raises ScenarioError of all rasters of fuel and trees that are not one each beside one of the ground."""
    of_fire = [*roles.fuel, *roles.canopy]
    if of_fire and (len(roles.fuel) != 1 or len(roles.ground) != 1 or len(roles.canopy) > 1):
        wanted = bilingual("one raster of fuel, one of heights on the same grid (fuel.asc, elevation.asc), and at most"
                           " one of the trees (canopy_cover.asc)")  # fmt: skip
        raise ScenarioError([Fault(path.name, "", "", None, wanted) for path in of_fire])


def titled(names: Sequence[str]) -> str:
    """How some files are called together: the first, the last, and how many.

    Args:
        names: of the files, in order.
    """
    return ", ".join(names) if len(names) < 4 else f"{names[0]} ... {names[-1]} ({len(names)})"
