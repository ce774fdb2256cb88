"""Crews on foot near a fire that have no post: on their way in from the road or back to it, or waiting.

At Xichang in 2020 and at Muli in 2019 people were caught on foot, hours from any road, and not at a line. A crew on
its way is where it is at each moment; its leaders look round from there as from a post (`crew_danger`). They walk round
flames that stand in their way: what threatens them is a front that comes to where they are.
"""

from __future__ import annotations

from typing import NamedTuple, overload

import numpy as np

from simrescue.hazards.wildfire.suppression.crew_danger import (
    SAFE,
    UNHURT,
    Outlook,
    Threat,
    cell_at,
    cells_at,
    danger,
    harm,
)
from simrescue.hazards.wildfire.suppression.line.edge import Cells, Flags, Floats
from simrescue.hazards.wildfire.suppression.line.line_posts import LineCrew
from simrescue.hazards.wildfire.suppression.line.line_scene import Scene

LOOK_H = 1 / 60
"""A crew on foot is looked at each minute."""


class Walk(NamedTuple):
    """A straight way of a crew with no post; points are metres east and north of the landscape's south-west corner."""

    fire: int
    flame_limit_m: float
    """Longest flames that it masters."""
    start_m: tuple[float, float]
    end_m: tuple[float, float]
    """The same as `start_m` while it waits."""
    since_h: float
    """Hour at which it sets out."""
    hours: float
    """That the way takes."""

    def at_m(self, hours: Floats) -> tuple[Floats, Floats]:
        """Where it is at hours (n,), metres east and north."""
        done = np.clip((hours - self.since_h) / max(self.hours, 1e-9), 0.0, 1.0)
        start, end = self.start_m, self.end_m
        return start[0] + done * (end[0] - start[0]), start[1] + done * (end[1] - start[1])

    def crew_at(self, scene: Scene) -> LineCrew | None:
        """The crew where it is now; None: off the landscape."""
        x_m, y_m = (float(metres[0]) for metres in self.at_m(np.array([scene.now])))
        if not _on_landscape(scene, x_m, y_m):
            return None
        return LineCrew(self.fire, self.flame_limit_m, False, cell_at(scene.landscape, x_m, y_m))


def danger_on_foot(outlook: Outlook, walk: Walk) -> Threat:
    """How soon flames that it does not master can reach a crew on foot; none off the landscape and on burnt ground."""
    if walk.flame_limit_m >= outlook.longest_flame_m:
        return SAFE
    crew = walk.crew_at(outlook.scene)
    return SAFE if crew is None or outlook.scene.burnt[crew.cell] else danger(outlook, crew)


def harm_on_foot(outlook: Outlook, walk: Walk, since_h: float) -> int:
    """What flames have done to a crew on foot since an hour, see `crew_danger.harm`."""
    now = outlook.scene.now
    # From when it set out, since it counts how long it has been in the cell where it is.
    hours = np.append(np.arange(walk.since_h, now, LOOK_H), now)
    lately = hours > since_h
    near_burnt = outlook.scene.near_burnt[cells_at(outlook.scene.landscape, *walk.at_m(hours[lately]))]
    # Mostly none: then nobody asks since when it has been where it is.
    if now <= walk.since_h or not near_burnt.any():
        return UNHURT
    x_m, y_m = walk.at_m(hours)
    cells = cells_at(outlook.scene.landscape, x_m, y_m)
    lately &= _on_landscape(outlook.scene, x_m, y_m)
    if not lately.any():
        return UNHURT
    came_h = hours[_first_in_cell(cells)]
    return harm(outlook, walk.flame_limit_m, x_m[lately], y_m[lately], hours[lately], came_h[lately])


def _first_in_cell(cells: Cells) -> Cells:
    """For each moment (n,) the first one since which a crew has been in the cell where it is."""
    enters = np.append(True, cells[1:] != cells[:-1])
    first: Cells = np.maximum.accumulate(np.where(enters, np.arange(len(cells)), 0))
    return first


@overload
def _on_landscape(scene: Scene, x_m: float, y_m: float) -> bool: ...
@overload
def _on_landscape(scene: Scene, x_m: Floats, y_m: Floats) -> Flags: ...
def _on_landscape(scene: Scene, x_m: float | Floats, y_m: float | Floats) -> bool | Flags:
    rows, columns = scene.landscape.shape
    east_m, north_m = columns * scene.landscape.cell_x_m, rows * scene.landscape.cell_y_m
    inside: bool | Flags = (x_m >= 0) & (x_m < east_m) & (y_m >= 0) & (y_m < north_m)
    return inside
