"""What a crew does at a fire: gather, walk in, find a post, build line until called off, walk back.

A crew that finds nothing it can do looks again and again, then goes back for other work. In danger it walks out of
reach, and asks for another post. A crew that the front reaches is lost for the scenario: its people are counted as
overrun, and not as dead.
"""

from __future__ import annotations

from collections.abc import Generator
from typing import TYPE_CHECKING, Any

from simrescue.events import EventKind as Kind
from simrescue.hazards.base import Post
from simrescue.simulation.responders.insertion import ask_for_lift
from simrescue.simulation.responders.spell import DANGER, LOST, NOTHING, OVERRUN, RELEASED, SHIFT, Spell
from simrescue.simulation.responders.staging import Point, walk_h

if TYPE_CHECKING:
    from simrescue.simulation.requests import SuppressionRequest
    from simrescue.simulation.responders.responder import Crew

Steps = Generator[Any, Any, int]
Ending = Generator[Any, Any, tuple[int, int]]
"""A part of a mission; answers why it ended and the last row of the log."""

TRAINED = ("forest_fire", "mobile", "fire", "military")
"""Kinds of teams that build line at the rate of trained crews."""
HAS_POST = -3


def fight(crew: Crew, need: SuppressionRequest, share: float, row: int) -> Steps:
    """A mission against a fire, back to where the vehicles stand."""
    row = yield from gather(crew, need, row)
    if crew.here != need.place:
        crew.sim.command.withdraw(need, share)
        return row
    spell = crew.sim.fires.join(crew, need, share)
    why, row = yield from attack(spell, row)
    if why == OVERRUN:
        crew.sim.log(Kind.OVERRUN, crew.index, spell.place, row, need.number, persons=crew.member.size)
        crew.sim.fires.part(spell)
        yield crew.sim.env.event()
    row = withdraw(spell, why, row)
    crew.sim.fires.part(spell)
    yield from walk(spell, spell.start)
    return row


def gather(crew: Crew, need: SuppressionRequest, row: int) -> Steps:
    """Drive to where the crews of the fire gather, and on when that is elsewhere by then."""
    goal = -1
    while goal != need.place and (goal < 0 or crew.here == goal):
        goal = need.place
        row = yield from crew.drive(goal, row, need.number)
    return row


def attack(spell: Spell, row: int) -> Ending:
    """Walk in and work, at one post after another, until it is over."""
    crew, sim = spell.crew, spell.sim
    edge = sim.fires.hazard.edge_point(spell.need.fire, *spell.start)
    if edge is not None and not spell.dismissed:
        hours = walk_h(sim, spell.start, edge) / crew.pace()
        row = sim.log(Kind.WALKS_IN, crew.index, spell.place, row, spell.need.number, amount=hours)
        if not (yield from ask_for_lift(spell, edge, hours, row)):
            yield from walk(spell, edge)
    while True:
        why, row = yield from find_post(spell, row)
        if why != HAS_POST:
            return why, row
        why, row = yield from work(spell, row)
        if why not in (DANGER, LOST):
            return why, row
        if why == DANGER:
            row = withdraw(spell, DANGER, row)
            yield sim.env.timeout(sim.parameters.way_out_h / crew.pace())


def find_post(spell: Spell, row: int) -> Ending:
    """Ask for a post until there is one, or patience, shift or need are at an end.

    The way along the edge to the post is a part of the work there (`FireHazard.take_post`).
    """
    sim = spell.sim
    until_h = sim.env.now + sim.parameters.post_patience_h
    while not spell.dismissed and not spell.is_over:
        if take_post(spell) is not None:
            return HAS_POST, row
        if sim.env.now >= until_h:
            return NOTHING, row
        if spell.on_line:
            row = withdraw(spell, NOTHING, row)
        yield sim.env.timeout(sim.parameters.post_retry_h)
    return (RELEASED if spell.dismissed else SHIFT), row


def take_post(spell: Spell) -> Post | None:
    """The nearest post that this crew can work at with what it has."""
    crew, fires, record = spell.crew, spell.sim.fires, spell.crew.record
    water = record.pumps > 0 and fires.water.is_near(spell.at, record.hose_km)
    trained = record.kind in TRAINED
    return fires.hazard.take_post(crew.index, spell.need.fire, *spell.at, record.flame_limit_m, trained, water)


def work(spell: Spell, row: int) -> Ending:
    """Build line until called off."""
    crew, sim = spell.crew, spell.sim
    post = sim.fires.hazard.post(crew.index)
    method = -1 if post is None else post.method
    row = sim.log(Kind.TAKES_POST, crew.index, spell.place, row, spell.need.number, method, crew.member.size)
    spell.on_line = True
    why = yield spell.begin(row)
    return why, spell.tell_line()


def withdraw(spell: Spell, why: int, row: int) -> int:
    """Leave the line."""
    spell.on_line = False
    crew = spell.crew
    return spell.sim.log(Kind.WITHDRAWS, crew.index, spell.place, row, spell.need.number, why, crew.member.size)


def walk(spell: Spell, goal: Point) -> Generator[Any, Any, None]:
    """Go on foot to a point."""
    hours = walk_h(spell.sim, spell.at, goal) / spell.crew.pace()
    if hours > 0:
        yield spell.sim.env.timeout(hours)
    spell.at = goal
