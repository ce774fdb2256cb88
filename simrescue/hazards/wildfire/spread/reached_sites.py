"""What a fire does to places and roads: flames reach them, and smoke lies over them.

A village burns where its built-up land does; any other place with its cell or one beside it; a road with the cells
along the straight line between its ends and those beside them, since on the road itself nothing burns. Flames stand in
a cell while the front crosses it, and for a time after.

Smoke: a wedge downwind of all that burns now, long as the square root of the burning area over the wind: the way
after which a plume that spreads in proportion to the distance is as thin as smoke that one can see through (assumed).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from simrescue.hazards.base import Floats, Indexes
from simrescue.hazards.wildfire.landscape.terrain import Landscape
from simrescue.hazards.wildfire.spread.front import Burn
from simrescue.parameters import Parameters
from simrescue.places import Place, Road, Settlement

Toggles = tuple[tuple[int, bool], ...]
SMOKING = 100
"""Burning cells that stand for all in the reckoning of smoke, evenly spread over their numbers."""
CALM_MS = 1.0
"""Smoke does not stand still: winds below count as this."""
_BESIDE = (-1, 0, 1)


@dataclass(frozen=True)
class SiteCells:
    """The cells of S sites (places, then roads): pairs of site and cell, in order of the cells, then sites."""

    n_sites: int
    sites: Indexes
    cells: Indexes
    first: Indexes
    """(N + 1,) where the pairs of each cell begin."""
    spots: tuple[Indexes, Floats, Floats]
    """Points at which smoke is looked for: site, metres east, metres north."""

    def earliest(self, arrival_h: Floats) -> Floats:
        """Hours (S,) at which the first cell of each site catches fire, by the arrival in all cells (N,).

        Infinite for never.
        """
        first_h = np.full(self.n_sites, np.inf)
        np.minimum.at(first_h, self.sites, arrival_h[self.cells])
        return first_h


def site_cells(landscape: Landscape, places: Sequence[Place], roads: Sequence[Road]) -> SiteCells:
    """Which cells make up each place and each road.

    Args:
        landscape: N cells.
        places: a village is its built-up land (`radius_km`), any other place its spot; each with the cells beside it.
        roads: straight lines between places; what of them lies off the landscape has no cells.

    Returns:
        Sites numbered as the places, then the roads.
    """
    index = {place.id: number for number, place in enumerate(places)}
    lon, lat = np.array([place.lon for place in places]), np.array([place.lat for place in places])
    parts = [_of_place(landscape, place) for place in places]
    ends = [(index[road.start], index[road.end]) for road in roads]
    parts += [_of_line(landscape, lon[[a, b]], lat[[a, b]]) for a, b in ends]
    sites = np.repeat(np.arange(len(parts)), [len(part) for part in parts])
    cells = np.concatenate([np.zeros(0, dtype=np.intp), *parts])
    order = np.lexsort((sites, cells))
    first = np.searchsorted(cells[order], np.arange(landscape.n_cells + 1))
    x, y = metres(landscape, lon, lat)
    a, b = (np.array([pair[end] for pair in ends], dtype=np.intp) for end in (0, 1))
    numbers = np.arange(len(places), len(places) + len(roads))
    spots = (
        np.concatenate([np.arange(len(places)), numbers, numbers, numbers]),
        np.concatenate([x, x[a], (x[a] + x[b]) / 2, x[b]]),
        np.concatenate([y, y[a], (y[a] + y[b]) / 2, y[b]]),
    )
    return SiteCells(len(parts), sites[order], cells[order], first, spots)


def metres(landscape: Landscape, lon: ArrayLike, lat: ArrayLike) -> tuple[Floats, Floats]:
    """Metres east and north of the landscape's south-west corner to points (degrees), inside or not."""
    south = landscape.north - landscape.shape[0] * landscape.dlat
    east = (np.asarray(lon, dtype=float) - landscape.west) / landscape.dlon * landscape.cell_x_m
    return east, (np.asarray(lat, dtype=float) - south) / landscape.dlat * landscape.cell_y_m


def _of_place(landscape: Landscape, place: Place) -> Indexes:
    """Cells of a place: within a cell of its built-up land, or of its spot."""
    rows, columns = landscape.shape
    radius_m = place.radius_km * 1000 if isinstance(place, Settlement) else 0.0
    # Not `cell_of`: a village beside the landscape can reach into it.
    column = math.floor((place.lon - landscape.west) / landscape.dlon)
    row = math.floor((landscape.north - place.lat) / landscape.dlat)
    down, right = math.ceil(radius_m / landscape.cell_y_m) + 1, math.ceil(radius_m / landscape.cell_x_m) + 1
    grid = np.meshgrid(_window(row, down, rows), _window(column, right, columns), indexing="ij")
    r, c = grid[0].ravel(), grid[1].ravel()
    # One cell is taken off: a place counts as reached from the cell beside it.
    off_x, off_y = np.maximum(abs(c - column) - 1, 0), np.maximum(abs(r - row) - 1, 0)
    near = np.hypot(off_x * landscape.cell_x_m, off_y * landscape.cell_y_m) <= radius_m
    cells: Indexes = (r * columns + c)[near]
    return cells


def _window(middle: int, reach: int, size: int) -> Indexes:
    """The indexes within `reach` of the middle that the landscape has."""
    return np.arange(max(0, middle - reach), min(size, middle + reach + 1))


def _of_line(landscape: Landscape, lon: Floats, lat: Floats) -> Indexes:
    """Cells along a straight line, and those beside them."""
    steps = np.hypot(np.diff(lon) / landscape.dlon, np.diff(lat) / landscape.dlat)[0]
    # Two looks a cell, so that a slanting line misses hardly any cell.
    part = np.linspace(0.0, 1.0, 2 * math.ceil(steps) + 2)
    cells = landscape.cell_of(lon[0] + part * (lon[1] - lon[0]), lat[0] + part * (lat[1] - lat[0]))
    rows, columns = landscape.shape
    row, column = np.divmod(cells[cells >= 0], columns)
    near = [(row + down, column + right) for down in _BESIDE for right in _BESIDE]
    r, c = (np.concatenate(parts) for parts in zip(*near, strict=True))
    inside = (r >= 0) & (r < rows) & (c >= 0) & (c < columns)
    return np.unique((r * columns + c)[inside])


class SitesInFlames:
    """Which sites are in flames.

    Each until the last of its cells has burnt out, `burn_out_h` hours after the front left it.
    """

    def __init__(self, sites: SiteCells, burn_out_h: float) -> None:
        self.sites = sites
        self.burn_out_h = burn_out_h
        self.until_h: dict[int, float] = {}

    def advance(self, now: float, burns: Sequence[Burn], crossing_h: Floats) -> Toggles:
        """Sites that flames have come to (True) or left (False) since the last call; first those reached, by number.

        Args:
            now: the clock, hours.
            burns: (n,) what has caught fire since the last call.
            crossing_h: (n,) hours that the front takes to cross those cells.
        """
        reached: dict[int, float] = {}
        first, sites = self.sites.first, self.sites.sites
        for burn, crossing in zip(burns, crossing_h.tolist(), strict=True):
            until = burn.time_h + crossing + self.burn_out_h
            for site in sites[first[burn.cell] : first[burn.cell + 1]].tolist():
                # A site burns until the last of its cells has: each cell lengthens it, none shortens it.
                reached[site] = max(until, reached.get(site, 0.0), self.until_h.get(site, 0.0))
        new = [site for site in reached if site not in self.until_h]
        self.until_h.update(reached)
        gone = [site for site, until in self.until_h.items() if until <= now]
        # In this order even a site that flames came to and left within one step is told of both.
        changes = [(site, True) for site in sorted(new)] + [(site, False) for site in sorted(gone)]
        # Forgotten, so that flames that come back later are told anew.
        for site in gone:
            del self.until_h[site]
        return tuple(changes)


class Plume(NamedTuple):
    """The smoke of one moment: a wedge downwind of each cell that burns, and a disc around it."""

    east_m: Floats
    north_m: Floats
    """Cells that burn (or some that stand for them)."""
    towards: tuple[float, float]
    """Where the smoke goes, east and north, of length 1."""
    length_m: float
    spread: float
    """Half its width for each metre downwind."""
    near_m: float
    """So close to flames there is smoke on all sides."""

    def covers(self, east_m: Floats, north_m: Floats) -> NDArray[np.bool_]:
        """Which points lie in the smoke, shape (P,).

        Args:
            east_m: (P,) metres east of the south-west corner.
            north_m: (P,) metres north of it.
        """
        if not self.east_m.size:
            return np.zeros(len(east_m), dtype=bool)
        x, y = east_m[:, None] - self.east_m, north_m[:, None] - self.north_m
        along = x * self.towards[0] + y * self.towards[1]
        aside = np.abs(x * self.towards[1] - y * self.towards[0])
        wedge = (along > 0) & (along <= self.length_m)
        narrow = aside <= along * self.spread + self.near_m
        covered: NDArray[np.bool_] = np.any(wedge & narrow, axis=1)
        # A box first: of thousands of pairs hardly any lie near, and roots are dear.
        close = np.nonzero((np.abs(x) <= self.near_m) & (np.abs(y) <= self.near_m))
        covered[close[0][np.hypot(x[close], y[close]) <= self.near_m]] = True
        return covered


def plume(landscape: Landscape, burning: Indexes, wind_ms: float, from_deg: float, parameters: Parameters) -> Plume:
    """The smoke of cells that burn now (assumed, not a dispersion model; see above).

    Args:
        landscape: the raster.
        burning: numbers of the cells in flames.
        wind_ms: 10 m above open ground.
        from_deg: where the wind comes from, clockwise from north.
        parameters: of the scenario.
    """
    # Thousands of cells against hundreds of points would cost more than the fire itself, and the wedges overlap anyhow.
    some = burning[:: max(1, math.ceil(len(burning) / SMOKING))]
    east, north = landscape.xy_m(some)
    area_ha = len(burning) * landscape.cell_ha
    length_m = parameters.smoke_km_ha * 1000 * math.sqrt(area_ha / max(wind_ms, CALM_MS))
    towards = math.radians(from_deg + 180)
    spread = math.tan(math.radians(parameters.smoke_half_angle_deg))
    # Less than a cell would leave gaps between the middles of cells that burn side by side.
    near_m = max(landscape.cell_x_m, landscape.cell_y_m)
    return Plume(east, north, (math.sin(towards), math.cos(towards)), length_m, spread, near_m)


class SitesInSmoke:
    """Which sites have thick smoke over them: places by their spot, roads by their ends and middle."""

    def __init__(self, sites: SiteCells) -> None:
        self.sites = sites
        self.over = np.zeros(sites.n_sites, dtype=bool)

    def advance(self, smoke: Plume) -> Toggles:
        """Sites that smoke has come to (True) or left (False) since the last call, by their numbers."""
        number, east, north = self.sites.spots
        over = np.zeros(self.sites.n_sites, dtype=bool)
        over[number[smoke.covers(east, north)]] = True
        changed = np.flatnonzero(over != self.over)
        self.over = over
        return tuple((int(site), bool(over[site])) for site in changed)
