"""How soon the front can reach a crew from outside its line, which way out it has, and whether the front has caught it.

A crew that masters the flames at its own place is safe there, and safe from everywhere when ground that has burned out
lies beside it: one foot in the black. What threatens it is edge from which flames longer than it masters would run
straight to it over ground that can burn. When the wind turns a flank into a head, the crew's own place is such edge.

Who leaves goes to the nearest refuge in sight that no flames stand before: ground that has burned out, or bare. Without
one the way out leads straight away from the fire. Lookouts, the time that the fire needs, the time that the way out
needs and the refuge at its end are what the rule LCES of the United States' fire service compares (Gleason 1991).
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from simrescue.hazards.wildfire.landscape.terrain import Landscape
from simrescue.hazards.wildfire.suppression.line.edge import Cells, Flags, flame_m, rate_towards
from simrescue.hazards.wildfire.suppression.line.line_posts import LineCrew
from simrescue.hazards.wildfire.suppression.line.line_scene import Scene

REFUGE_CELLS = 2
"""How far, in cells, burnt-out ground may lie from the crew to be its refuge."""
SIGHT_CELLS = 15
"""How far, in cells, a crew sees a refuge."""
INSTANTS = 5
"""How often in a step a crew on its way out is looked at."""
LOOKS = np.linspace(0.15, 0.85, 8)
"""Where on the straight way from the edge to the crew it is seen whether the fire can run there."""


def danger_h(scene: Scene, crew: LineCrew, burn_out_h: float) -> float:
    """Hours until flames that a crew does not master can reach it, at the rates of now; infinite: they cannot.

    Args:
        scene: the fires now.
        crew: at its post.
        burn_out_h: hours for which flames stand in one place; ground that burnt longer ago is its refuge.
    """
    edge = scene.edge
    at = _edge_at(scene, crew)
    mastered = at < 0 or edge.flame_m[at] <= crew.flame_limit_m
    near = around(crew.cell, REFUGE_CELLS, scene.landscape)
    if mastered and (scene.front.arrival_h[near] <= scene.now - burn_out_h).any():
        return float("inf")
    # between the front and somebody who works at it half a cell is left on average
    own_h = float("inf") if mastered else scene.cell_m / 2 / (60 * float(edge.rate_m_min[at]))
    return min(own_h, _runs_h(scene, crew))


def _edge_at(scene: Scene, crew: LineCrew) -> int:
    """The place of the edge where the crew stands, or the nearest one if the fire has taken its cell; -1: none near."""
    edge = scene.edge
    if crew.cell in edge.place_of:
        return edge.place_of[crew.cell]
    x_m, y_m = scene.xy_m(crew.cell)
    near = np.hypot(edge.x_m - x_m, edge.y_m - y_m) <= REFUGE_CELLS * scene.cell_m
    # A crew out in front of the fire stands on unburnt ground: only a run can reach it.
    return edge.nearest(x_m, y_m, edge.open & near) if scene.burnt[crew.cell] else -1


def _runs_h(scene: Scene, crew: LineCrew) -> float:
    """Hours of the quickest straight run from elsewhere that the crew does not master."""
    edge, spread = scene.edge, scene.front.spread
    x_m, y_m = scene.xy_m(crew.cell)
    east_m, north_m = x_m - edge.x_m, y_m - edge.y_m
    apart_m = np.hypot(east_m, north_m)
    cells = edge.outline.cells
    rate = rate_towards(spread, cells, east_m, north_m)
    # Edge held wet (rate 0) sends no run; the crew's own place is reckoned in `danger_h`.
    hot = edge.open & (edge.rate_m_min > 0) & (apart_m > 0)
    # Flames of a run and not of the edge: a flank that is mastered there may run hot towards the crew.
    hot &= flame_m(spread, cells, rate) > crew.flame_limit_m
    places = np.flatnonzero(hot)
    if not len(places):
        return float("inf")
    ground = scene.landscape
    passable = ground.burns.ravel() & ~scene.blocked & ~scene.burnt
    free = _straight(passable, ground, cells[places], crew.cell)
    hours = apart_m[places] / (rate[places] * 60)
    return float(np.where(free, hours, np.inf).min())


def _straight(passable: Flags, landscape: Landscape, starts: Cells, end: int) -> Flags:
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


def is_overrun(scene: Scene, crew: LineCrew, burn_out_h: float) -> bool:
    """Whether flames that a crew does not master have come to its place, and no ground beside it is free of them.

    Arguments as of `danger_h`.
    """
    if not scene.burnt[crew.cell]:
        return False
    flame = scene.front.flame_into(np.array([crew.cell]))[0]
    caught = scene.front.arrival_h[around(crew.cell, 1, scene.landscape)]
    return bool(flame > crew.flame_limit_m and ((caught <= scene.now) & (caught > scene.now - burn_out_h)).all())


class WayOut(NamedTuple):
    """A straight way from a post; metres east and north of the south-west corner."""

    flame_limit_m: float
    """Longest flames that the crew masters."""
    start_m: tuple[float, float]
    end_m: tuple[float, float]
    since_h: float
    """Hour at which the crew sets out."""
    hours: float
    """That it takes, by daylight until somebody says otherwise."""


def way_out(scene: Scene, crew: LineCrew, burn_out_h: float, walk_kmh: float) -> WayOut:
    """Where a crew would go now, and how long that takes: to a refuge, or `way_out_h` straight away from the fire.

    Args:
        scene: the fires now.
        crew: at its post.
        burn_out_h: hours for which flames stand in one place.
        walk_kmh: of crews on flat ground; their way is `walk_in_detour` times the straight one.
    """
    parameters, ground = scene.parameters, scene.landscape
    x_m, y_m = scene.xy_m(crew.cell)
    pace_m_h = 1000 * walk_kmh / parameters.walk_in_detour
    away_m = pace_m_h * parameters.way_out_h
    near = around(crew.cell, SIGHT_CELLS, ground)
    refuge = near[(scene.front.arrival_h[near] <= scene.now - burn_out_h) | ~ground.burns.ravel()[near]]
    to_x_m, to_y_m = ground.xy_m(refuge)
    apart_m = np.hypot(to_x_m - x_m, to_y_m - y_m)
    # No farther than the ground where fire does not come, which every crew knows of.
    order = np.argsort(apart_m, kind="stable")
    order = order[apart_m[order] <= away_m]
    flames = scene.burnt & (scene.front.arrival_h > scene.now - burn_out_h)
    free = order[_straight(~flames, ground, refuge[order], crew.cell)]
    if len(free):
        end_m = float(to_x_m[free[0]]), float(to_y_m[free[0]])
        hours = float(apart_m[free[0]]) / pace_m_h
    else:
        east, north = _away(scene, crew.cell)
        end_m, hours = (x_m + away_m * east, y_m + away_m * north), parameters.way_out_h
    return WayOut(crew.flame_limit_m, (x_m, y_m), end_m, scene.now, hours)


def _away(scene: Scene, cell: int) -> tuple[float, float]:
    """Direction (east, north) straight away from the nearest open edge; on the edge outward."""
    edge = scene.edge
    x_m, y_m = scene.xy_m(cell)
    place = edge.nearest(x_m, y_m, edge.open)
    if place < 0:
        return 0.0, 0.0
    east, north = x_m - float(edge.x_m[place]), y_m - float(edge.y_m[place])
    apart_m = math.hypot(east, north)
    if apart_m > 0:
        return east / apart_m, north / apart_m
    return float(edge.outline.normal[place, 0]), float(edge.outline.normal[place, 1])


def is_caught(scene: Scene, way: WayOut, since_h: float, burn_out_h: float) -> bool:
    """Whether flames that a crew does not master have stood where it was on its way out, since an hour.

    `scene` and `burn_out_h` as of `danger_h`.
    """
    until_h = min(scene.now, way.since_h + way.hours)
    hours = np.linspace(max(since_h, way.since_h), until_h, INSTANTS + 1)[1:]
    done = np.minimum((hours - way.since_h) / max(way.hours, 1e-9), 1.0)
    ground = scene.landscape
    rows, columns = ground.shape
    column = ((way.start_m[0] + done * (way.end_m[0] - way.start_m[0])) / ground.cell_x_m).astype(np.intp)
    row = rows - 1 - ((way.start_m[1] + done * (way.end_m[1] - way.start_m[1])) / ground.cell_y_m).astype(np.intp)
    inside = (row >= 0) & (row < rows) & (column >= 0) & (column < columns)
    cells, hours = (row * columns + column)[inside], hours[inside]
    caught = scene.front.arrival_h[cells]
    flames = (caught <= hours) & (caught > hours - burn_out_h)
    return bool((flames & (scene.front.flame_into(cells) > way.flame_limit_m)).any())


def around(cell: int, reach: int, landscape: Landscape) -> Cells:
    """Cells within `reach` rows and columns of one, as far as the landscape goes, without itself."""
    rows, columns = landscape.shape
    row, column = divmod(cell, columns)
    near_rows = np.arange(max(row - reach, 0), min(row + reach + 1, rows))
    near_columns = np.arange(max(column - reach, 0), min(column + reach + 1, columns))
    near = (near_rows[:, None] * columns + near_columns).ravel()
    others: Cells = near[near != cell]
    return others
