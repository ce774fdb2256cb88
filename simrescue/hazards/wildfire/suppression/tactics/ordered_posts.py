"""Where a crew begins as ordered: at the head, on a flank, at the rear, or in front of the edge; or why it cannot.

The parts of a fire are those of its ellipse: the head within 45 degrees of the way in which fire runs fastest at the
place, the rear within 45 degrees of the opposite, the flanks between. Without wind and slope all of it is flank.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence

import numpy as np

from simrescue.hazards.base import DIRECT, WATER, Hands, Order, Refusal, Tactic
from simrescue.hazards.wildfire.behaviour.rothermel import Spread
from simrescue.hazards.wildfire.suppression.line.edge import Flags
from simrescue.hazards.wildfire.suppression.line.line_posts import LineCrew, choose_start
from simrescue.hazards.wildfire.suppression.line.line_scene import Scene
from simrescue.hazards.wildfire.suppression.line.open_edge import OpenEdge
from simrescue.hazards.wildfire.suppression.line_building import GAPS, go_ahead, go_to

PARTS = (Tactic.REAR, Tactic.FLANK, Tactic.HEAD)
SECTOR = math.cos(math.pi / 4)
"""Cosine of half the sector of the head and of the rear."""
ROUND = 1e-3
"""Eccentricity below which a fire has no head."""


def settle_as_ordered(
    scene: Scene,
    crew: LineCrew,
    x_m: float,
    y_m: float,
    others: Collection[LineCrew],
    together: Collection[Hands] = (),
) -> Refusal | None:
    """Give a crew its place on the edge, or in front of it, by its order; None: it has it, else why it cannot.

    Args:
        scene: the fire's edge and the ground now.
        crew: changed in place where it can do as ordered: cell, way, gap, method, metres to walk.
        x_m: where it stands, metres east of the south-west corner.
        y_m: the same, metres north.
        others: crews that already have a place, kept apart from.
        together: all who begin in front of the edge with it, itself among them; empty: it is alone.
    """
    edge, tactic = scene.edge, crew.order.tactic
    among = scene.may_stand(crew, edge) & (edge.fire == crew.fire)
    gaps: Sequence[int] = GAPS
    if tactic in PARTS:
        among &= part_of(edge, scene.front.spread, tactic)
        if _begins_at(scene, crew, among, x_m, y_m, others):
            return None
    else:
        gaps = gaps_of(crew.order, scene.cell_m)
    place = edge.nearest(x_m, y_m, among)
    if place < 0:
        return Refusal.NOTHING_TO_DO
    if go_ahead(scene, crew, place, x_m, y_m, gaps, together):
        return None
    too_hot = edge.flame_m[place] > scene.parameters.indirect_flame_limit_m
    return Refusal.TOO_HOT if too_hot else Refusal.TOO_LATE


def _begins_at(
    scene: Scene, crew: LineCrew, among: Flags, x_m: float, y_m: float, others: Collection[LineCrew]
) -> bool:
    """Whether the crew can work directly at one of the places (P,), and does so from now on."""
    edge = scene.edge
    start = choose_start(edge, among & (edge.flame_m <= crew.flame_limit_m), x_m, y_m, list(others), scene.parameters)
    if start is None:
        return False
    crew.gap, crew.way, crew.method = 1, start.way, WATER if crew.water else DIRECT
    go_to(scene, crew, int(edge.outline.cells[start.place]), x_m, y_m)
    return True


def part_of(edge: OpenEdge, spread: Spread, part: Tactic) -> Flags:
    """(P,) places of the edge that belong to a part of the fire, `Tactic.HEAD`, `FLANK` or `REAR`."""
    # Cells beyond the landscape are -1 and read the last one: they are never open.
    towards = spread.towards_rad[edge.outline.cells]
    normal = edge.outline.normal
    cosine = normal[:, 0] * np.sin(towards) + normal[:, 1] * np.cos(towards)
    cosine = np.where(spread.eccentricity[edge.outline.cells] > ROUND, cosine, 0.0)
    if part == Tactic.HEAD:
        return np.asarray(cosine >= SECTOR)
    return np.asarray(cosine <= -SECTOR if part == Tactic.REAR else np.abs(cosine) < SECTOR)


def gaps_of(order: Order, cell_m: float) -> Sequence[int]:
    """Distances of an ordered line from burnt ground, in cells, the nearest first."""
    if order.tactic == Tactic.PARALLEL:
        return GAPS[:1]
    # 1 is the edge itself; so near is no line in front of it.
    return [max(GAPS[0], 1 + round(order.distance_m / cell_m))] if order.distance_m else GAPS[1:]
