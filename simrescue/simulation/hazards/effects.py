"""What each effect of a hazard does to places and roads: one handler for each type, whichever hazard it comes from.

Several hazards may act on one place: it is as dangerous as the worst of them makes it (`Simulation.endanger`), and a
road is closed as long as any of their closures stands on it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from simrescue.events import EventKind as Kind
from simrescue.hazards.base import (
    EffectType,
    Flames,
    LineLost,
    PlaceLost,
    PowerLost,
    RoadCleared,
    RoadClosed,
    Smoke,
    WaterDepth,
)
from simrescue.simulation.people import evacuation, households, neighbours
from simrescue.simulation.state import ALL_CLASS, WADING_CLASS
from simrescue.simulation.villages.unsafe import becomes_unsafe, is_safe_again, may_land_again

if TYPE_CHECKING:
    from simrescue.simulation.state import Simulation


def apply(sim: Simulation, effect: Any) -> None:
    """Have an effect happen now. Raises KeyError for a type that has no handler."""
    site: int = effect.site
    if site >= sim.world.n_places:
        ON_ROADS[type(effect)](sim, site - sim.world.n_places, effect)
    elif site not in sim.world.of_hazard:
        AT_PLACES[type(effect)](sim, site, effect)


# ---- at places


def _water(sim: Simulation, place: int, water: WaterDepth) -> None:
    # Of the water alone: flames count in `sim.danger` too, and it may be as it was for them.
    was = sim.dangers.get(place, {}).get("water", 0)
    was_m, sim.depth_m[place] = sim.depth_m.get(place, 0.0), water.depth_m
    sim.velocity_ms[place] = water.velocity_ms
    if place >= len(sim.villages):
        _endanger(sim, place, "water", water.danger, -1)
    elif water.danger == was:
        sim.villages[place].deepen(water.depth_m, water.velocity_ms)
    else:
        row = sim.villages[place].water(water.danger, water.depth_m, water.velocity_ms)
        if not was:
            evacuation.water_seen(sim, sim.villages[place], row)
        # Who had decided to go and found no way for his car may wade through water of this class.
        elif sim.villages[place].warning_state.held:
            households.wade(sim, sim.villages[place], row)
    if place < len(sim.villages) and water.danger >= WADING_CLASS:
        neighbours.begin(sim, sim.villages[place], -1)
    sim.roadsides.water(place)
    sim.contact.endangered(place, -1)
    falls = water.depth_m < was_m
    passable = falls and any(water.depth_m <= limit_m < was_m for limit_m in sim.world.depth_limits_m.values())
    # Of a silent place nobody can have heard that its water has fallen.
    if passable and place not in sim.contact.dark:
        sim.command.look_again({place})  # some vehicles can go in again


def _flames(sim: Simulation, place: int, flames: Flames) -> None:
    if place < len(sim.villages):
        row = sim.villages[place].flames(flames.arrive)
        if flames.arrive:
            evacuation.flames_seen(sim, sim.villages[place], row)
        return
    row = sim.log(Kind.FIRE_ARRIVES if flames.arrive else Kind.FIRE_LEAVES, place, place)
    _endanger(sim, place, "flames", ALL_CLASS if flames.arrive else 0, row)
    sim.contact.endangered(place, row)


def _smoke(sim: Simulation, place: int, smoke: Smoke) -> None:
    """People who see smoke make ready to leave; aircraft come down again when it is gone."""
    (sim.smoky.add if smoke.thick else sim.smoky.discard)(place)
    row = sim.log(Kind.SMOKE_ARRIVES if smoke.thick else Kind.SMOKE_LEAVES, place, place)
    if smoke.thick and place < len(sim.villages):
        sim.villages[place].expose(row, by_smoke=True)
        evacuation.smoke_seen(sim, sim.villages[place], row)
    elif not smoke.thick:
        may_land_again(sim.world, sim.command, place)


def _lost(sim: Simulation, place: int, _: PlaceLost) -> None:
    # What is lost stays so, and a second hazard that takes it is no news.
    if sim.dangers.get(place, {}).get("lost"):
        return
    row = sim.log(Kind.PLACE_LOST, place, place)
    if place < len(sim.villages):
        sim.villages[place].lose(row)
    else:
        _endanger(sim, place, "lost", ALL_CLASS, row)
        sim.contact.endangered(place, row)


def _line_lost(sim: Simulation, place: int, line: LineLost) -> None:
    if place in sim.world.staffed:
        sim.contact.fail(place, -1, line.hours)
    else:
        sim.contact.cut_line(place, line.hours)


def _power_lost(sim: Simulation, place: int, power: PowerLost) -> None:
    sim.contact.cut_power(place, power.hours)


def _endanger(sim: Simulation, place: int, by: str, danger: int, row: int) -> None:
    """A place that is no village becomes unsafe with its first grave danger, and is safe again without any."""
    was, now = sim.endanger(place, by, danger)
    if was < WADING_CLASS <= now:
        becomes_unsafe(sim, place, row)
    elif now < WADING_CLASS <= was:
        is_safe_again(sim, place, row)


# ---- on roads


def _nothing(sim: Simulation, _: int, effect: Any) -> None:
    """Places are not closed as roads are, and roads have neither telephones nor power."""
    name, kind = sim.world.ids[effect.site], sim.world.kinds[effect.site]
    raise TypeError(f"{type(effect).__name__} is no effect on the {kind} {name}")


def _close(sim: Simulation, road: int, effect: RoadClosed | RoadCleared) -> None:
    sim.roads.close(road, effect.cause, isinstance(effect, RoadClosed))


Handler = Callable[["Simulation", int, Any], None]
AT_PLACES: dict[EffectType, Handler] = {
    WaterDepth: _water,
    Flames: _flames,
    Smoke: _smoke,
    PlaceLost: _lost,
    LineLost: _line_lost,
    PowerLost: _power_lost,
    RoadClosed: _nothing,
    RoadCleared: _nothing,
}
"""Type of effect -> what it does at a place (index of the place)."""
ON_ROADS: dict[EffectType, Handler] = {
    WaterDepth: lambda sim, road, water: sim.roads.water(road, water.depth_m, water.ford_m),
    Flames: lambda sim, road, flames: sim.roads.flames(road, flames.arrive),
    Smoke: lambda sim, road, smoke: sim.roads.smoke(road, smoke.thick),
    RoadClosed: _close,
    RoadCleared: _close,
    PlaceLost: _nothing,
    LineLost: _nothing,
    PowerLost: _nothing,
}
"""Type of effect -> what it does on a road (number of the road)."""
