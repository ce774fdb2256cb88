"""How soon flames that a crew does not master can reach it, by what its leaders see and know, and what they do to it.

What threatens a crew is the edge where it stands, if the flames are too long for it there, and edge from which such
flames would run straight to it over ground that can burn. Leaders know both as they are, and as they will be at each
turn of the wind that the forecast has within the time they need; the wind of a course may turn earlier or later. A
turn that is overdue may come at any moment. A crew with a safety zone beside it that masters the flames at its place
is safe there: one foot in the black.

Lookouts, the time that the fire needs, the time that the way out needs and the zone at its end are what the rule LCES
of the United States' fire service compares (Gleason 1991).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from functools import cache, cached_property
from typing import NamedTuple

import numpy as np

from simrescue.hazards.wildfire.behaviour.rothermel import Spread
from simrescue.hazards.wildfire.landscape.terrain import Landscape
from simrescue.hazards.wildfire.settings import Wildfire
from simrescue.hazards.wildfire.suppression.line.edge import Cells, Flags, Floats, flame_m, normal_rate, rate_towards
from simrescue.hazards.wildfire.suppression.line.line_posts import LineCrew
from simrescue.hazards.wildfire.suppression.line.line_scene import Scene
from simrescue.hazards.wildfire.suppression.safety_zones import SafetyZones
from simrescue.parameters import Parameters

BESIDE_CELLS = 2
"""How far, in cells, a safety zone may lie from a crew that is safe because of it."""
LOOKS = np.linspace(0.15, 0.85, 8)
"""Where on a straight way it is seen whether the fire can run there, or people can go there."""


AHEAD_M = 1.0
"""How far ahead of the edge stands who gives way to it."""


class Foreseen(NamedTuple):
    """The fire after a turn of the wind, as forecast."""

    in_h: float
    """Hours until it turns; 0: it should have turned by now, and may at any moment."""
    wind_ms: float
    """10 m above open ground."""
    over: Callable[[Cells], Spread]
    """Rates of spread in cells (n,), arrays (n,)."""


Forecast = Callable[[float, float], Sequence[Foreseen]]
"""Turns that are foreseen at an hour for so many hours to come, in order; none: the weather stays as it is."""


class Prospect(NamedTuple):
    """The fire along the edge as it is, or as it is foreseen; arrays over its P places."""

    in_h: float
    """Hours from now."""
    spread: Spread
    at: Cells
    """Where in `spread` the places stand."""
    rate_m_min: Floats
    flame_m: Floats
    head_flame_m: Floats
    """Flames if the front ran where its head would go."""
    coming: Foreseen | None = None
    """None: of now."""


def margin_h(settings: Wildfire, parameters: Parameters) -> float:
    """Hours that leaders keep in hand over their way out, by their rule."""
    factors = {"cautious": parameters.cautious_margin, "standard": 1.0, "bold": parameters.bold_margin}
    return settings.retreat_h * factors[settings.leaders]


class Outlook:
    """What leaders see and know at one moment."""

    def __init__(
        self,
        scene: Scene,
        zones: SafetyZones,
        wind_ms: float,
        rules: Wildfire,
        forecast: Forecast | None = None,
    ) -> None:
        """Look round.

        Args:
            scene: the fires now.
            zones: where safety zones lie.
            wind_ms: 10 m above open ground.
            rules: of the fire, for leaders, lookouts and the pace on foot.
            forecast: of the weather; None: nobody has one.
        """
        self.scene, self.zones, self.wind_ms, self.rules = scene, zones, wind_ms, rules
        self._forecast = forecast

    @cached_property
    def horizon_h(self) -> float:
        """Hours beyond which nothing makes anybody leave: twice the longest way out, for the dark, and the margin."""
        parameters = self.scene.parameters
        return 2 * parameters.way_out_h + margin_h(self.rules, parameters)

    @cached_property
    def pictures(self) -> tuple[Prospect, ...]:
        """Of now, and of each turn of the wind that is near enough to matter."""
        scene, edge = self.scene, self.scene.edge
        inside = np.maximum(edge.outline.cells, 0)
        spread = scene.front.spread
        head_m = spread.flame_at(inside, spread.head_m_min[inside])
        pictures = [Prospect(0.0, spread, inside, edge.rate_m_min, edge.flame_m, head_m)]
        for coming in self._forecast(scene.now, self.horizon_h) if self._forecast else ():
            at, spread = np.arange(len(inside)), coming.over(inside)
            rate = np.where(edge.open, normal_rate(spread, at, edge.outline.normal), 0.0)
            head_m = spread.flame_at(at, spread.head_m_min)
            pictures.append(Prospect(coming.in_h, spread, at, rate, flame_m(spread, at, rate), head_m, coming))
        return tuple(pictures)

    def safe(self, cells: Cells) -> Flags:
        """Which of cells (n,) are safety zones, and still will be after the turns of the wind that are foreseen."""
        zones = np.ones(len(cells), dtype=bool)
        for picture in self.pictures:
            zones[zones] = self.safe_in(picture, cells[zones])
        return zones

    def safe_in(self, picture: Prospect, cells: Cells) -> Flags:
        """Which of cells (n,) are safety zones in the fire and wind of one of the pictures."""
        if picture.coming is None:
            return self.zones.among(self.scene, cells, self.wind_ms)
        return self.zones.among(self.scene, cells, picture.coming.wind_ms, picture.coming.over)

    @cached_property
    def longest_flame_m(self) -> float:
        """Flames of the hottest head along the edge, now or as foreseen: who masters them is in no danger anywhere."""
        burns_on = self.scene.edge.open
        if not burns_on.any():  # then nobody needs to foresee anything
            return 0.0
        return max(float(picture.head_flame_m[burns_on].max(initial=0.0)) for picture in self.pictures)


class Threat(NamedTuple):
    """How soon flames that a crew does not master can reach it."""

    hours: float
    """Infinite: they cannot."""
    foreseen: bool
    """Only after the wind turns as forecast."""
    at_hand: bool = False
    """Such flames stand where the crew does: it needs nobody's word."""


SAFE = Threat(math.inf, False)


def where(scene: Scene, crew: LineCrew) -> int:
    """The cell where a crew is: its post, or on its way there; at the border for who comes from beyond it."""
    if crew.walk_m <= 0 or crew.came_from_m is None:
        return crew.cell
    to, came = scene.xy_m(crew.cell), crew.came_from_m
    left = min(crew.walk_m / max(math.dist(to, came), 1e-9), 1.0)
    return cell_at(scene.landscape, to[0] + left * (came[0] - to[0]), to[1] + left * (came[1] - to[1]))


def gives_way(scene: Scene, cell: int, reach_m: float = math.inf) -> tuple[float, float]:
    """Where a crew stands whose cell this is: in its middle, or where the edge has come to since fire took the cell.

    Args:
        scene: the fires now.
        cell: where it was.
        reach_m: as far as it can have walked by now; a front that has come farther has left it behind.

    Returns:
        Metres east and north of the south-west corner.
    """
    x_m, y_m = scene.xy_m(cell)
    since_h = scene.now - float(scene.front.arrival_h[cell])
    if since_h < 0:
        return x_m, y_m
    at = np.array([cell])
    ahead_m = min(60 * float(scene.front.rate_into(at)[0]) * since_h + AHEAD_M, reach_m)
    east, north = scene.front.way_into(at)
    return x_m + ahead_m * float(east[0]), y_m + ahead_m * float(north[0])


def cells_at(landscape: Landscape, x_m: Floats, y_m: Floats) -> Cells:
    """Cells (n,) at points, metres east and north of the south-west corner; beyond it those at the border."""
    rows, columns = landscape.shape
    column = np.clip((x_m / landscape.cell_x_m).astype(np.intp), 0, columns - 1)
    row = np.clip(rows - 1 - np.floor(y_m / landscape.cell_y_m).astype(np.intp), 0, rows - 1)
    cells: Cells = row * columns + column
    return cells


def cell_at(landscape: Landscape, x_m: float, y_m: float) -> int:
    """The cell at a point, as `cells_at`."""
    rows, columns = landscape.shape
    column = min(max(int(x_m / landscape.cell_x_m), 0), columns - 1)
    row = min(max(rows - 1 - math.floor(y_m / landscape.cell_y_m), 0), rows - 1)
    return row * columns + column


def danger(outlook: Outlook, crew: LineCrew) -> Threat:
    """How soon flames can reach a crew, at the rates of now and at those foreseen."""
    if crew.flame_limit_m >= outlook.longest_flame_m:
        return SAFE
    scene = outlook.scene
    cell = where(scene, crew)
    at = _edge_at(scene, cell)
    hours = [_threat_h(outlook, picture, crew, cell, at) for picture in outlook.pictures]
    soonest_h = min(hours)
    if soonest_h >= outlook.horizon_h:
        return SAFE
    return Threat(soonest_h, hours[0] > soonest_h, _not_mastered(scene, crew, at))


def reached_h(outlook: Outlook, crew: LineCrew, cell: int) -> float:
    """Hours until a run of flames that a crew does not master can come to a cell, as the fire is or as it is foreseen.

    No more than the outlook's horizon.
    """
    runs = (picture.in_h + _runs_h(outlook, picture, crew, cell) for picture in outlook.pictures)
    return min(outlook.horizon_h, *runs)


def _threat_h(outlook: Outlook, picture: Prospect, crew: LineCrew, cell: int, at: int) -> float:
    """Hours until flames of a picture reach a crew; infinite where they do not, or it has a safety zone for them."""
    scene, own_h = outlook.scene, math.inf
    if at >= 0 and picture.flame_m[at] > crew.flame_limit_m:
        # between the front and somebody who works at it half a cell is left on average
        own_h = scene.cell_m / 2 / (60 * float(picture.rate_m_min[at]))
    hours = picture.in_h + min(own_h, _runs_h(outlook, picture, crew, cell))
    if hours >= outlook.horizon_h or _not_mastered(scene, crew, at):
        return hours
    beside = around(cell, BESIDE_CELLS, scene.landscape)
    return math.inf if outlook.safe_in(picture, beside).any() else hours


def _not_mastered(scene: Scene, crew: LineCrew, at: int) -> bool:
    """Whether flames too long for a crew stand at its place of the edge now; without a place they do not."""
    return at >= 0 and bool(scene.edge.flame_m[at] > crew.flame_limit_m)


def _edge_at(scene: Scene, cell: int) -> int:
    """The place of the edge in a cell where a crew is, or the nearest one if the fire has taken it; -1: none near."""
    edge = scene.edge
    if cell in edge.place_of:
        return edge.place_of[cell]
    # A crew out in front of the fire stands on unburnt ground: only a run can reach it.
    if not scene.burnt[cell]:
        return -1
    x_m, y_m = scene.xy_m(cell)
    near = np.hypot(edge.x_m - x_m, edge.y_m - y_m) <= BESIDE_CELLS * scene.cell_m
    return edge.nearest(x_m, y_m, edge.open & near)


def _runs_h(outlook: Outlook, picture: Prospect, crew: LineCrew, cell: int) -> float:
    """Hours of the quickest straight run from elsewhere that the crew does not master."""
    scene, spread = outlook.scene, picture.spread
    edge = scene.edge
    x_m, y_m = scene.xy_m(cell)
    east_m, north_m = x_m - edge.x_m, y_m - edge.y_m
    apart_m = np.hypot(east_m, north_m)
    # Edge held wet (rate 0) sends no run; the crew's own place is reckoned in `_threat_h`.
    hot = edge.open & (picture.rate_m_min > 0) & (apart_m > 0) & (picture.head_flame_m > crew.flame_limit_m)
    # From farther off not even the head gets there in time: most of a large edge need not be looked at.
    hot &= apart_m < spread.head_m_min[picture.at] * (60 * outlook.horizon_h)
    if not outlook.rules.lookouts:
        hot &= apart_m <= scene.parameters.crew_sight_m
    places = np.flatnonzero(hot)
    if not len(places):
        return math.inf
    rate = rate_towards(spread, picture.at[places], east_m[places], north_m[places])
    # Flames of a run and not of the edge: a flank that is mastered there may run hot towards the crew.
    runs = flame_m(spread, picture.at[places], rate) > crew.flame_limit_m
    places, rate = places[runs], rate[runs]
    if not len(places):
        return math.inf
    ground = scene.landscape
    passable = ground.burns.ravel() & ~scene.blocked & ~scene.burnt
    free = straight(passable, ground, edge.outline.cells[places], cell)
    hours = apart_m[places] / (rate * 60)
    return float(np.where(free, hours, np.inf).min())


def straight(passable: Flags, landscape: Landscape, starts: Cells, end: int) -> Flags:
    """From which cells (K,) the straight way to one leads over passable cells only."""
    columns = landscape.shape[1]
    row, column = np.divmod(starts, columns)
    end_row, end_column = divmod(end, columns)
    rows = np.rint(row[:, None] + (end_row - row)[:, None] * LOOKS).astype(np.intp)
    across = np.rint(column[:, None] + (end_column - column)[:, None] * LOOKS).astype(np.intp)
    seen = rows * columns + across
    # Its own ends burn or are held: what counts is the ground between.
    own = (seen == starts[:, None]) | (seen == end)
    free: Flags = (passable[seen] | own).all(axis=1)
    return free


# ---- what flames do to a crew

UNHURT, ENTRAPPED, BURNED_OVER = range(3)


def harm(
    outlook: Outlook, limit_m: float, x_m: Floats, y_m: Floats, hours: Floats, came_h: Floats | None = None
) -> int:
    """What flames have done to a crew that was at points (n,) at hours (n,).

    *Burned over*: flames that it does not master stood where it was, and no ground beside it was bare. *Entrapped*:
    such flames came within `entrapment_flames` times their length, or to where it was with bare ground beside it that
    is no safety zone. Most people hurt in entrapments were within twice the height of the flames (Butler 2014).

    Args:
        outlook: of now.
        limit_m: longest flames that it masters.
        x_m: where it was, metres east of the south-west corner.
        y_m: the same, metres north.
        hours: when.
        came_h: (n,) hours at which it came to the cells of these points: nobody walks into flames that stand there
            already, so that only those which come later count; None: all count.
    """
    scene, zones = outlook.scene, outlook.zones
    worst, cells = UNHURT, cells_at(scene.landscape, x_m, y_m)
    if not scene.near_burnt[cells].any():
        return UNHURT
    own_h = hours - _behind_h(scene, cells, x_m, y_m)
    # Most stand by ground that has burnt out.
    if not _is_aflame(scene, cells, min(hours.min(), own_h.min()) - zones.burn_out_h):
        return UNHURT
    since_h = np.full(len(cells), -np.inf) if came_h is None else came_h
    moments = zip(cells.tolist(), hours.tolist(), own_h.tolist(), since_h.tolist(), strict=True)
    for cell, hour, here_h, since in moments:
        near = around(cell, 1, scene.landscape)
        own = _flames(scene, zones.burn_out_h, np.array([cell]), here_h, since).max()
        # half a cell lies between it and flames in the cell beside it
        reach_m = scene.cell_m / 2 / scene.parameters.entrapment_flames
        if own <= limit_m:
            beside_m = _flames(scene, zones.burn_out_h, near, hour, since).max(initial=0.0)
            worst = max(worst, ENTRAPPED if beside_m > limit_m and beside_m >= reach_m else UNHURT)
        elif not zones.bare(scene, near).any():
            return BURNED_OVER
        elif not zones.among(scene, near, outlook.wind_ms).any():
            worst = ENTRAPPED
    return worst


def _is_aflame(scene: Scene, cells: Cells, since_h: float) -> bool:
    """Whether fire has come since an hour to any of some cells (n,), or to one beside them."""
    near = (np.append(around(cell, 1, scene.landscape), cell) for cell in set(cells.tolist()))
    caught_h = scene.front.arrival_h[np.concatenate([*near])]
    return bool(((caught_h > since_h) & (caught_h < np.inf)).any())


def _behind_h(scene: Scene, cells: Cells, x_m: Floats, y_m: Floats) -> Floats:
    """Hours by which a straight front comes to points (n,) later than to the middles of their cells."""
    middle_x_m, middle_y_m = scene.landscape.xy_m(cells)
    east, north = scene.front.way_into(cells)
    ahead_m = (x_m - middle_x_m) * east + (y_m - middle_y_m) * north
    rate = 60 * scene.front.rate_into(cells)
    return np.divide(ahead_m, rate, out=np.zeros(len(cells)), where=rate > 0)


def _flames(scene: Scene, burn_out_h: float, cells: Cells, hour: float, since_h: float) -> Floats:
    """Length of the flames, m, that stand in cells (n,) at an hour and came after another; 0 for none."""
    caught = scene.front.arrival_h[cells]
    standing = (caught <= hour) & (caught > max(hour - burn_out_h, since_h))
    flames = np.zeros(len(cells))
    if standing.any():  # mostly none, and then no rate is looked for
        flames[standing] = scene.front.flame_into(cells[standing])
    return flames


def around(cell: int, reach: int, landscape: Landscape) -> Cells:
    """Cells within `reach` rows and columns of one, as far as the landscape goes, without itself."""
    rows, columns = landscape.shape
    row, column = divmod(cell, columns)
    if reach <= row < rows - reach and reach <= column < columns - reach:
        return cell + _offsets(reach, columns)
    near_rows = np.arange(max(row - reach, 0), min(row + reach + 1, rows))
    near_columns = np.arange(max(column - reach, 0), min(column + reach + 1, columns))
    near = (near_rows[:, None] * columns + near_columns).ravel()
    others: Cells = near[near != cell]
    return others


@cache
def _offsets(reach: int, columns: int) -> Cells:
    """What to add to the number of a cell for those within `reach` of it, where all of them are on the landscape."""
    steps = np.arange(-reach, reach + 1)
    offsets = (steps[:, None] * columns + steps).ravel()
    others: Cells = offsets[offsets != 0]
    return others
