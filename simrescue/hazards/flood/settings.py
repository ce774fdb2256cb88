"""The section of scenario.yaml for a flood."""

from __future__ import annotations

from typing import Annotated, Literal

from simrescue.parameters import default
from simrescue.records import BY_RASTERS, FLOOD, Needs, ReadBy, Record
from simrescue.units import Hours, Metres, Number, Share


class Uncertainty(Record):
    """How the flood differs between replications; drawn once a replication and zone, from its own stream."""

    only = (FLOOD,)

    arrival_h: Hours = default("flood_arrival_sd_h")
    """Standard deviation of the arrival time."""
    level_m: Metres = default("flood_level_sd_m")
    """Standard deviation of the water level (or depth)."""
    duration: Share = default("flood_duration_sd")
    """Standard deviation of the logarithm of the duration after arrival."""
    common: Annotated[Share, Needs("uncertain_flood")] = default("flood_common_share")
    """Share of the variance that all zones have in common."""


class DepthRasters(Record):
    """Rasters of the depth of water, in the scenario folder."""

    only = (BY_RASTERS,)

    files: tuple[str, ...] = ()
    """Names: GeoTIFF (`.tif`), one for each hour, which the name tells (`depth_03h.tif`, `20230731_1400.tif`), or with
    a band for each, which its description tells; or NetCDF (`.nc`) with a dimension of time. Hours count from the
    start."""
    datum: str = ""
    """System of coordinates of files that do not say theirs, as `EPSG:4548`."""
    unit: Literal["", "m", "cm", "mm"] = ""
    """Unit of depth in files that do not say theirs; empty: metres."""
    road_lines: str = ""
    """Name of a GeoJSON file with the line of each road, told by its `id`; empty: roads are straight."""


class Flood(Record):
    """The flood: where its depth comes from and how sure it is."""

    only = (FLOOD,)

    kind: Literal["flood"] = "flood"
    source: Literal["levels", "depths", "rasters"] = "levels"
    """`levels`: levels.csv, water by zone against ground heights; `depths`: depths.csv, depth by place and time;
    `rasters`: depth by place and time from the files of `rasters`."""
    rasters: Annotated[DepthRasters, ReadBy(BY_RASTERS)] = DepthRasters()
    step_h: Hours = default("flood_step_h")
    """How often depth is looked at."""
    uncertainty: Uncertainty = Uncertainty()
    road_damage: Annotated[Share, Needs("plain_roads")] = default("road_damage_share")
    """Chance that a road that was impassable for trucks is damaged and needs repair."""
    bridge_damage: Annotated[Share, Needs("bridges")] = default("bridge_damage_share")
    road_repair_h: Annotated[Hours, Needs("damaged_roads")] = default("road_repair_h")
    """Mean time to reopen a damaged link after the water has left it."""
    bridges_lost_per_km: Annotated[Number, Needs("plain_roads")] = default("bridges_lost_per_km")
    """Small bridges gone on each km of a damaged road; a road that has lost one, or a bridge itself, is rebuilt."""
    road_rebuild_h: Annotated[Hours, Needs("damaged_roads")] = default("road_rebuild_h")
    """Mean time to reopen a damaged link that has lost a bridge."""
