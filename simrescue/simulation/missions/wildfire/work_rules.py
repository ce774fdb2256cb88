"""Rules of who may work on the line when and where (`hazard.rules`), such as those of China's forest fire headquarters.

"Reconnoitre, wait, avoid": nobody untrained, not in heat and strong wind, not at night with poor sight, not on steep or
narrow ground; heads for trained crews only (Luzhou city forest fire headquarters, Luzhou Daily, 2 December 2020).
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from simrescue import sun
from simrescue.hazards.wildfire.settings import WorkRule
from simrescue.responders import LINE_TRAINED
from simrescue.simulation.missions.wildfire.line_assignment import UNBOUND, Limits, LineAssignment

if TYPE_CHECKING:
    from simrescue.simulation.state import Simulation

DAY_H = 24.0


def limits_of(assignment: LineAssignment) -> Limits:
    """What the rules that hold now let a crew do."""
    sim, limits = assignment.sim, UNBOUND
    for number, rule in enumerate(sim.settings.wildfire.rules):
        if not _holds(sim, rule, assignment):
            continue
        if rule.slope is None and rule.flame_m is None:
            return limits._replace(rule=number)
        slope = math.inf if rule.slope is None else rule.slope
        flame_m = math.inf if rule.flame_m is None else rule.flame_m
        limits = Limits(min(limits.slope, slope), min(limits.flame_m, flame_m), -1)
    return limits


def must_stop(assignment: LineAssignment) -> bool:
    """Whether a crew may not work on where it stands: by a rule that has come to hold, or since it is too steep."""
    sim = assignment.sim
    if not sim.settings.wildfire.rules:
        return False
    now, limits = limits_of(assignment), assignment.limits
    # Stricter than when it took its post: it has to ask for one by the limits of now.
    if now.rule >= 0 or now.flame_m < limits.flame_m or now.slope < limits.slope:
        return True
    return _slope(assignment) > now.slope


def _holds(sim: Simulation, rule: WorkRule, assignment: LineAssignment) -> bool:
    if rule.who == "untrained" and assignment.crew.record.kind in LINE_TRAINED:
        return False
    if sim.fires.hazard.wind_ms < rule.wind_ms:
        return False
    if rule.night and not sim.world.sky.is_night(sim.env.now, assignment.place):
        return False
    clock_h = (sun.clock_of(sim.settings.start) + sim.env.now) % DAY_H
    if rule.from_h <= rule.to_h:
        return bool(rule.from_h <= clock_h < rule.to_h)
    return bool(clock_h >= rule.from_h or clock_h < rule.to_h)


def _slope(assignment: LineAssignment) -> float:
    """Rise over run of the ground of a crew's post; 0 where it is not known."""
    post, ground = assignment.sim.fires.hazard.post(assignment.crew.index), assignment.sim.world.scenario.landscape
    cell = -1 if post is None or ground is None else int(ground.cell_of(post.lon, post.lat))
    return float(ground.slope.flat[cell]) if ground is not None and cell >= 0 else 0.0
