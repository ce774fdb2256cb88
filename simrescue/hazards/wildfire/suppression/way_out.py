"""The way out of a crew: to a safety zone in sight, else away from the fire; how long it takes, what befalls it there.

What has to be climbed takes its time as on the way in (`walk_climb_m_per_h`); in brush people are slower (Campbell,
Dennison and Butler 2017).
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from simrescue.hazards.base import AWAY, BARE, NOWHERE, ZONE
from simrescue.hazards.wildfire.suppression.crew_danger import (
    LOOKS,
    Outlook,
    around,
    cell_at,
    cells_at,
    gives_way,
    harm,
    reached_h,
    straight,
    where,
)
from simrescue.hazards.wildfire.suppression.line.edge import Cells, Flags, Floats
from simrescue.hazards.wildfire.suppression.line.line_posts import LineCrew
from simrescue.hazards.wildfire.suppression.line.line_scene import Scene

SIGHT_CELLS = 15
"""How far, in cells, a crew sees a safety zone."""
INSTANTS = 5
"""How often in a step a crew on its way out is looked at."""
TURNS = (0.0, 0.785, -0.785, 1.571, -1.571, 2.356, -2.356, 3.142)
"""Ways that are looked at, radians off straight away from the fire."""
BRUSH = np.isin(np.arange(257), [4, 5, 6, 7, *range(141, 150)])
"""(257,) fuel models of shrubs."""


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
    refuge: int = AWAY
    """What it leads to, of `base.ZONE` and so on."""

    @property
    def cut_off(self) -> bool:
        """Whether flames stand on every way out: the crew makes for bare ground of any size, or stays."""
        return self.refuge in (BARE, NOWHERE)

    @property
    def until_h(self) -> float:
        """Hour at which the crew is there."""
        return self.since_h + self.hours


def way_out(outlook: Outlook, crew: LineCrew) -> WayOut:
    """Where a crew would go now, and how long that takes.

    In this order: the nearest safety zone in sight before which no flames stand and that is no farther than
    `way_out_h`; `way_out_h` to where flames come last, on a way that none stand on; bare ground of any size.
    """
    scene, cell = outlook.scene, where(outlook.scene, crew)
    start_m = gives_way(scene, cell)
    flames = scene.burnt & (scene.front.arrival_h > scene.now - outlook.zones.burn_out_h)
    near = around(cell, SIGHT_CELLS, scene.landscape)
    near = near[outlook.zones.bare(scene, near)]
    hours = on_foot_h(outlook, cell, near)
    # Nearest first, so that the first of those that will do is the answer.
    order = np.argsort(hours, kind="stable")
    near, hours = near[order], hours[order]
    free = straight(~flames, scene.landscape, near, cell)
    zones = free & (hours <= scene.parameters.way_out_h)
    # Asked last: it takes longest.
    zones[zones] = outlook.safe(near[zones])
    if not zones.any():
        end_m = _away(outlook, crew, cell, flames)
        if end_m is not None:
            return WayOut(crew.flame_limit_m, start_m, end_m, scene.now, scene.parameters.way_out_h)
        zones = free
    if not zones.any():
        return WayOut(crew.flame_limit_m, start_m, start_m, scene.now, scene.parameters.way_out_h, NOWHERE)
    goal = int(np.argmax(zones))
    refuge = ZONE if outlook.safe(near[goal : goal + 1])[0] else BARE
    end_m = scene.xy_m(int(near[goal]))
    return WayOut(crew.flame_limit_m, start_m, end_m, scene.now, float(hours[goal]), refuge)


def on_foot_h(outlook: Outlook, start: int, ends: Cells) -> Floats:
    """Hours by daylight from a cell to others (n,): `walk_in_detour` times the straight way, by brush and climb."""
    scene, ground = outlook.scene, outlook.scene.landscape
    x_m, y_m = ground.xy_m(ends)
    from_x_m, from_y_m = scene.xy_m(start)
    apart_m = np.hypot(x_m - from_x_m, y_m - from_y_m)
    rise_m = ground.elevation_m.ravel()[ends] - ground.elevation_m.ravel()[start]
    on_way = cells_at(
        ground,
        from_x_m + (x_m - from_x_m)[:, None] * LOOKS,
        from_y_m + (y_m - from_y_m)[:, None] * LOOKS,
    )
    in_brush = BRUSH[ground.fuel.ravel()[on_way]].mean(axis=1) if len(ends) else np.zeros(0)
    slowed = 1 + in_brush * (1 / scene.parameters.walk_in_brush - 1)
    level_h = apart_m * slowed * scene.parameters.walk_in_detour / (1000 * outlook.rules.walk_kmh)
    hours: Floats = level_h + np.maximum(rise_m, 0.0) / scene.parameters.walk_climb_m_per_h
    return hours


def _away(outlook: Outlook, crew: LineCrew, cell: int, flames: Flags) -> tuple[float, float] | None:
    """The end of a way of `way_out_h` that no flames stand on, where they come last; None: they stand on all.

    As far as that time allows on the slope there. People do not run before a head, they go out of its way: of ends that
    are reached as late as others, that which lies most nearly straight away from the fire.
    """
    scene, ground = outlook.scene, outlook.scene.landscape
    x_m, y_m = scene.xy_m(cell)
    heading = math.atan2(*_outward(scene, cell))
    parameters = scene.parameters
    level_m = 1000 * outlook.rules.walk_kmh * parameters.way_out_h / parameters.walk_in_detour
    latest_h, latest_m = -math.inf, None
    for turn in TURNS:
        east, north = math.sin(heading + turn), math.cos(heading + turn)
        end = cells_at(ground, np.array([x_m + level_m * east]), np.array([y_m + level_m * north]))
        hours = float(on_foot_h(outlook, cell, end)[0])
        far_m = level_m * (parameters.way_out_h / hours if hours > parameters.way_out_h else 1.0)
        end_m = x_m + far_m * east, y_m + far_m * north
        on_way = cells_at(ground, x_m + far_m * east * LOOKS, y_m + far_m * north * LOOKS)
        if flames[on_way[on_way != cell]].any():
            continue
        there_h = reached_h(outlook, crew, cell_at(ground, *end_m))
        if there_h > latest_h:
            latest_h, latest_m = there_h, end_m
    return latest_m


def _outward(scene: Scene, cell: int) -> tuple[float, float]:
    """Direction (east, north) straight away from the nearest open edge; on the edge outward."""
    edge = scene.edge
    if scene.burnt[cell]:  # what is open lies before the crew, and away from it would be into the fire
        east_in, north_in = scene.front.way_into(np.array([cell]))
        return float(east_in[0]), float(north_in[0])
    x_m, y_m = scene.xy_m(cell)
    place = edge.nearest(x_m, y_m, edge.open)
    if place < 0:
        return 0.0, 0.0
    east, north = x_m - float(edge.x_m[place]), y_m - float(edge.y_m[place])
    apart_m = math.hypot(east, north)
    if apart_m > 0:
        return east / apart_m, north / apart_m
    return float(edge.outline.normal[place, 0]), float(edge.outline.normal[place, 1])


def harm_on_way(outlook: Outlook, way: WayOut, since_h: float) -> int:
    """What flames have done to a crew on its way out since an hour, see `crew_danger.harm`; before it sets out too."""
    until_h = min(outlook.scene.now, max(way.until_h, since_h))
    # The first instant was the last one of the step before.
    hours = np.linspace(since_h, until_h, INSTANTS + 1)[1:]
    done = np.clip((hours - way.since_h) / max(way.hours, 1e-9), 0.0, 1.0)
    x_m = way.start_m[0] + done * (way.end_m[0] - way.start_m[0])
    y_m = way.start_m[1] + done * (way.end_m[1] - way.start_m[1])
    return harm(outlook, way.flame_limit_m, x_m, y_m, hours)
