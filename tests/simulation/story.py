"""What happened in a small run: rows of its log by kind, with the ids of things; and simulations to be led by hand."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from typing import Any

from simrescue.events import EventKind as Kind
from simrescue.events import EventLog, log_from_rows
from simrescue.hazards.base import WaterDepth
from simrescue.hazards.flood.settings import Flood
from simrescue.places import Base, Junction, Road, Village
from simrescue.scenario.records import Call, Command, Scenario
from simrescue.simulation.hazards import effects
from simrescue.simulation.run import build, simulate
from simrescue.simulation.state import FRAIL_CLASS, Simulation
from simrescue.simulation.villages.house_group import HouseGroup
from simrescue.simulation.villages.village import VillageState
from simrescue.simulation.world import World, compile_world
from tests.factories import CERTAIN, at, flooded_row, settings
from tests.laws.ledger import Row, rows_of

NOBODY: dict[str, Any] = {"teams": (), "boats": (), "trucks": (), "helicopters": ()}
NEVER_H = 80_000.0
"""A mean delay so long that nothing comes of it in a test."""
AT_ONCE = Command(report_h=0, decision_h=0, contact_loss=0)


class Story:
    """A log with the world that it happened in."""

    def __init__(self, world: World, log: EventLog) -> None:
        self.world, self.log = world, log
        self.index = {thing: i for i, thing in enumerate(world.ids)}

    def rows(self, *kinds: Kind, subject: str = "", place: str = "", item: int | None = None) -> list[Row]:
        """Rows of some kinds (all, if none is named), of one subject, at one place, with one item."""
        found: Iterator[Row] = (row for row in rows_of(self.log) if not kinds or row.kind in kinds)
        if subject:
            found = (row for row in found if row.subject == self.index[subject])
        if place:
            found = (row for row in found if row.place == self.index[place])
        return [row for row in found if item is None or row.item == item]

    def one(self, *kinds: Kind, **where: Any) -> Row:
        """The only such row."""
        found = self.rows(*kinds, **where)
        assert len(found) == 1, found
        return found[0]

    def first(self, *kinds: Kind, **where: Any) -> Row:
        """The first such row."""
        found = self.rows(*kinds, **where)
        assert found, f"never happened: {kinds}"
        return found[0]

    def times(self, *kinds: Kind, **where: Any) -> list[float]:
        """When such rows happened."""
        return [row.time_h for row in self.rows(*kinds, **where)]

    def persons(self, *kinds: Kind, **where: Any) -> float:
        """Persons of such rows together."""
        return sum(row.persons for row in self.rows(*kinds, **where))


def tell(scenario: Scenario, seed: int = 1, replication: int = 0) -> Story:
    """Run a scenario."""
    world = compile_world(scenario)
    return Story(world, simulate(world, seed, replication))


def so_far(sim: Simulation) -> Story:
    """What has happened in a simulation that a test leads by hand."""
    return Story(sim.world, log_from_rows(sim.recorder.rows))


def by_hand(scenario: Scenario, seed: int = 1) -> Simulation:
    """A simulation at time 0, to be moved on with `sim.env.run(until=...)`."""
    return build(compile_world(scenario), seed, 0)


def water_at(sim: Simulation, site: int, depth_m: float, danger: int, velocity_ms: float = 0.0) -> None:
    """Water at a site from now on, standing where no speed is given."""
    effects.apply(sim, WaterDepth(site, depth_m, velocity_ms, danger))


def trap(village: VillageState, persons: int) -> None:
    """So many people of a village are trapped from now on, in a house of their own, whatever the water."""
    village.ground.leave_dry(persons)
    house = HouseGroup(0.0, persons)
    house.danger, house.trapped = FRAIL_CLASS, persons
    village.ground.groups.insert(0, house)
    village.home, village.trapped = village.home - persons, village.trapped + persons


def feed(sim: Simulation, shelter: str, persons: int, food_h: float) -> None:
    """So many people of the first village are in a shelter from now on, and have food for so long."""
    village, index = sim.villages[0], sim.world.ids.index(shelter)
    sim.sites[index].left = [persons * food_h / 24, 0, 0, 0, 0]
    village.moving += persons
    sim.shelters[index].take_in(village, persons, 0, -1)
    village.moving -= persons


def dry_row(hours: float = 48.0, command: Command = AT_ONCE, **changes: Any) -> Scenario:
    """Villages in a row without any water; `changes` replace whole tables, `sections` those of the settings."""
    sections = changes.pop("sections", {})
    plain = {"settings": settings(hours, **({"hazard": Flood(uncertainty=CERTAIN), "command": command} | sections))}
    return flooded_row(**(plain | {"levels": ()} | changes))


def ring(sections: dict[str, Any] | None = None, **changes: Any) -> Scenario:
    """A dry village 10 km from a town over one bridge, or 30 km round by the hills, on roads of 35 km/h.

    village -near- fork -bridge- town: 5 and 5 km; fork -detour- hills -pass- town: 5 and 20 km.
    """
    lengths = (("near", "village", "fork", 5), ("bridge", "fork", "town", 5), ("detour", "fork", "hills", 5),
               ("pass", "hills", "town", 20))  # fmt: skip
    quiet = {"command": Command(road_report_h=NEVER_H), "hazard": Flood(uncertainty=CERTAIN)}
    tables: dict[str, Any] = {
        "settings": settings(24.0, **(quiet | (sections or {}))),
        "villages": (Village(id="village", population=0, **at(0, 0)),),
        "bases": (Base(id="town", **at(2, 0)),),
        "junctions": (Junction(id="fork", **at(1, 0)), Junction(id="hills", **at(1, 1))),
        "roads": tuple(Road(id=one, start=a, end=b, length_km=km) for one, a, b, km in lengths),
        "shelters": (), "depots": (), "landing_sites": (), **NOBODY,
    }  # fmt: skip
    return dry_row(**(tables | changes))


class Drive:
    """One drive that a test watches: when and where it ended (`at_h`, `reached`)."""

    def __init__(
        self, sim: Simulation, start: str, goal: str, vehicle: str = "truck", after_h: float = 0, **how: Any
    ) -> None:
        self.at_h: float | None = None
        self.reached = ""
        self.row = -1
        sim.env.process(self._go(sim, start, goal, vehicle, after_h, how))

    def _go(
        self, sim: Simulation, start: str, goal: str, vehicle: str, after_h: float, how: dict[str, Any]
    ) -> Generator[Any, Any, None]:
        ids = sim.world.ids
        yield sim.env.timeout(after_h)
        way = sim.roads.travel(vehicle, ids.index(start), ids.index(goal), sim.world.command, **how)
        reached, self.row = yield from way
        self.at_h, self.reached = sim.env.now, ids[reached]


def flood_road(sim: Simulation, road: str, depth_m: float, at_h: float = 0.0) -> None:
    """From that time on a road is that deep, with the hazard's right to go first."""
    from simrescue.simulation.clock import HAZARD, after

    link = sim.world.ids.index(road) - sim.world.first["roads"]
    after(sim.env, at_h, lambda _: sim.roads.water(link, depth_m), HAZARD)


def ask(place: str, time_h: float, task: str = "rescue", number: int = 0, on_site_h: float = 1.0, **more: Any) -> Call:
    """An emergency call, the plainest way to give a crew something to do."""
    return Call(id=f"call-{number}", time_h=time_h, place=place, task=task, on_site_h=on_site_h, **more)
