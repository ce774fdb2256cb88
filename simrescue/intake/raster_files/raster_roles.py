"""What a raster is of, by its name: depth of water, height of the ground, fuel, or what scenario.yaml names."""

from __future__ import annotations

from collections.abc import Container, Sequence
from pathlib import Path
from typing import NamedTuple

from simrescue.errors import Fault, ScenarioError
from simrescue.hazards.flood.depth_rasters.depth_netcdf import quantity_in
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
    roles, others = RasterRoles([], [], [], [], [], []), list[Path]()
    for path in paths:
        of = "named" if path.name in known else _role_of(path)
        (getattr(roles, of) if of else others).append(path)
    if others:
        wanted = bilingual("a raster of depth, of the water's level, of heights, fuel or trees")
        raise ScenarioError([Fault(path.name, "", "", path.stem, wanted) for path in others])
    expected: Words | None = None
    if roles.level and roles.depth:
        expected = bilingual("either depth of the water or its level, not both")
    elif roles.level and not roles.ground:
        expected = bilingual("an elevation model beside rasters of the water's level (dem.tif), or rasters of depth")
    if expected:
        raise ScenarioError([Fault(path.name, "", "", None, expected) for path in roles.level])
    _may_be_a_fire(roles)
    return roles


def _role_of(path: Path) -> str:
    """What a raster is of, by its name, or by the variable of a NetCDF; empty: of nothing that is read."""
    stem, is_netcdf = path.stem, path.suffix.lower() in NETCDF
    if is_netcdf and (of := quantity_in(path)) in ("depth", "level"):
        return of
    for of in ("fuel", "canopy", "ground") if not is_netcdf else ():
        if is_named(stem, of):
            return of
    if is_named(stem, "depth"):
        return "depth"
    return "level" if is_named(stem, "level") else "" if is_named(stem, "other") else "depth"


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
