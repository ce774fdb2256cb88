"""Run one replication of a world: same scenario, seed and version give the same log, byte for byte."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

from simrescue.events import EventKind as Kind
from simrescue.events import EventLog, log_from_rows
from simrescue.places import NEEDS
from simrescue.scenario.records import Scenario
from simrescue.simulation.channels.switchboard import Switchboard
from simrescue.simulation.clock import LAST, Timer
from simrescue.simulation.command import calls
from simrescue.simulation.command.command_post import CommandPost
from simrescue.simulation.command.repairs import Repairs
from simrescue.simulation.contact import Contact
from simrescue.simulation.hazards import hazard
from simrescue.simulation.levels.level_orders import LevelOrders
from simrescue.simulation.levels.response_levels import ResponseLevels
from simrescue.simulation.missions import check_served
from simrescue.simulation.people import evacuation, going_home, journey
from simrescue.simulation.people.fetching import Fetching
from simrescue.simulation.places.depot import DepotState
from simrescue.simulation.places.hospital import Hospital
from simrescue.simulation.places.relief_site import ReliefSite
from simrescue.simulation.places.roadside import Roadsides
from simrescue.simulation.places.shelter import ShelterState
from simrescue.simulation.places.transfer_point import TransferPoints
from simrescue.simulation.posts.mutual_aid import MutualAid
from simrescue.simulation.posts.post_desks import Posts
from simrescue.simulation.protocols import Places
from simrescue.simulation.responders.crew import Crew
from simrescue.simulation.roads.true_roads import Roads
from simrescue.simulation.state import Simulation
from simrescue.simulation.villages.true_needs import TrueNeeds
from simrescue.simulation.villages.village import VillageState
from simrescue.simulation.world import World, compile_world


class Outcome(NamedTuple):
    """One finished replication and what it cost."""

    log: EventLog
    kernel_events: int
    """Events that SimPy scheduled."""
    missions: int
    """Assignments of a responder to a request."""


def simulate(scenario: Scenario | World, seed: int = 1, replication: int = 0) -> EventLog:
    """The event log of one replication of a scenario (or of a world, which is compiled already)."""
    world = scenario if isinstance(scenario, World) else compile_world(scenario)
    return replicate(world, seed, replication).log


def replicate(world: World, seed: int, replication: int, log: bool = True) -> Outcome:
    """One replication with what it cost; `log=False` writes no log (to measure its cost)."""
    with uncollected():
        sim = build(world, seed, replication, log)
        # Last of its moment: what arrives or is decided at the very end still happens.
        sim.env.run(until=Timer(sim.env, world.duration_h, LAST))
        finish(sim)
        outcome = Outcome(log_from_rows(sim.recorder.rows), sim.env.scheduled(), sim.command.missions)
        _take_apart(sim)
        del sim  # the search at the end then finds the rest gone, instead of carrying it into replications to come
    return outcome


def _take_apart(sim: Simulation) -> None:
    """Let go of a replication that is over: what is in no cycle any more is freed without being searched."""
    sim.recorder.rows.clear()
    sim.env.forget()
    sim.roads.router.forget()
    for parts in (sim.villages, sim.crews, sim.shelters, sim.sites, sim.depots):
        parts.clear()
    sim.__dict__.clear()


@contextmanager
def uncollected() -> Iterator[None]:
    """Without the search for garbage in cycles: nearly everything lives to the end, and to look again costs a tenth."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def build(world: World, seed: int, replication: int, log: bool = True) -> Simulation:
    """Everybody in place at time 0, the hazard and the warnings set going."""
    # Before anything begins: a request that no mission serves would fail only when somebody is sent.
    check_served()
    sim = Simulation(world, seed, replication, log)
    first, tables = world.first, world.scenario
    shelters = range(first["shelters"], first["shelters"] + len(tables.shelters))
    # Handed on empty and filled below: villages, shelters and crews need command, and command needs them.
    places = Places(sim.villages, sim.shelters, sim.depots, sim.sites)
    # Contact, roads and command need one another: the first two are given command when it is there.
    contact = sim.contact = _contact(sim)
    needs = sim.true_needs = TrueNeeds(sim)
    roads = sim.roads = Roads(sim, sim.shelters)
    desk = sim.command = CommandPost(sim, contact, roads.router, needs, places, sim.crews)
    contact.desk = roads.desk = desk
    sim.repairs = roads.repairs = Repairs(sim)
    hospital = sim.hospital = Hospital(sim, places, roads)
    sim.points = TransferPoints(sim, roads.router, desk, places)
    roads.review_points = sim.points.review
    roads.tear_lines, roads.hear = contact.road_changed, contact.hear
    sim.roadsides = Roadsides(sim, desk, contact, needs, hospital, journey.ways(sim))
    roads.review_roadsides = sim.roadsides.look_for_ways
    hospital.lose_on_road = sim.roadsides.loses
    fetching = Fetching(sim, sim.depots, roads, desk.kg)
    # Nothing lies at a village: what is in its houses is own stock, by days (`relief.household_days`).
    none = (0.0,) * len(NEEDS)
    stocks = [none for _ in tables.settlements] + [record.amounts() for record in tables.shelters]
    for index, stock in zip((*range(len(tables.settlements)), *shelters), stocks, strict=True):
        sim.sites[index] = ReliefSite(sim, index, stock, desk, contact, needs, fetching)
    for index in range(len(tables.settlements)):
        sim.villages.append(VillageState(sim, index, sim.sites[index], desk, contact, needs, hospital))
    for index in shelters:
        sim.shelters[index] = ShelterState(sim, index, desk, roads, places, contact)
    for index in range(first["depots"], first["depots"] + len(tables.depots)):
        sim.depots[index] = DepotState(sim, index, desk, sim.sites)
    sim.crews.extend(Crew(sim, member) for member in world.members)
    contact.posts = Posts(sim) if tables.posts else None
    contact.start()
    hazard.start(sim)
    roads.start_orders()
    evacuation.start(sim)
    going_home.start(sim)
    calls.start(sim, desk, contact, needs)
    # After the warnings: a level does not order anew what is planned already.
    LevelOrders(sim)
    MutualAid(sim).start()
    # After the hazards, which show the gauges that triggers look at.
    ResponseLevels(sim).start()
    return sim


def _contact(sim: Simulation) -> Contact:
    """Contact by the channels of the scenario, or by one that always works but for the chance that it is lost."""
    layout = sim.world.layout
    return Switchboard(sim, sim.crews, sim.shelters, layout) if layout else Contact(sim, sim.crews, sim.shelters)


def finish(sim: Simulation) -> None:
    """Write how things stand when the clock stops, and what is still unmet."""
    sim.command.finish()
    sim.true_needs.finish()
    hazard.finish(sim)
    sim.roadsides.close()
    for village in sim.villages:
        village.close()
    sim.log(Kind.CLOCK_STOPS, sim.world.command)
