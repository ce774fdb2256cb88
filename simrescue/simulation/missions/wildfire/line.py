"""What a crew does at a fire: gather, walk in, find a post, build line until called off, walk back.

A crew that finds nothing it can do looks again and again, then goes back for other work. In danger it walks out of
reach, and asks for another post. A crew that the front reaches is lost for the scenario: its people are counted as
overrun, and not as dead.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from dataclasses import dataclass, field
from typing import Any

from simrescue.events import EventKind as Kind
from simrescue.hazards.base import AT_POST, FLEEING, ON_FOOT, OnFoot, Post, Tactic, Tools
from simrescue.simulation.missions.base import Leg, Mission, Steps
from simrescue.simulation.missions.wildfire.helitack import ask_for_lift
from simrescue.simulation.missions.wildfire.line_assignment import (
    FLIGHT,
    LOST,
    NOTHING,
    OVERRUN,
    RELEASED,
    RULE,
    SHIFT,
    THERE,
    LineAssignment,
    hands_of,
)
from simrescue.simulation.missions.wildfire.staging import Point, walk_h
from simrescue.simulation.missions.wildfire.work_rules import limits_of
from simrescue.simulation.requests import SuppressionRequest

Ending = Generator[Any, Any, tuple[int, int]]
"""A part of a mission; answers why it ended and the last row of the log."""

HAS_POST, CAUGHT, CAUGHT_ON_FOOT = -3, -4, -5
LOST_AT = {OVERRUN: AT_POST, CAUGHT: FLEEING, CAUGHT_ON_FOOT: ON_FOOT}
"""Why a crew is lost for the scenario, and where the front has reached it."""


@dataclass(eq=False)
class BuildLine(Mission[SuppressionRequest]):
    """To where the crews of a fire gather, on foot to the edge, line at one post after another, and back."""

    has_airspace = False

    assignment: LineAssignment | None = field(default=None, init=False)
    sets_off_h: float = field(default=0.0, init=False)
    ordered_h: float = field(default=0.0, init=False)
    ordered_at: int = field(default=-1, init=False)
    """Place where the crew was when it was ordered."""
    turnout_h: float = field(default=0.0, init=False)
    """Hours that it then needed to set out, and to change its load."""

    def __post_init__(self) -> None:
        """Keep when and where it was ordered."""
        self.ordered_h, self.ordered_at = self.sim.env.now, self.crew.here
        self.turnout_h = self.crew.moves.turnout_left_h()
        if (readiness := self.crew.moves.readiness) is not None:
            self.turnout_h += readiness.changeover_h(self)

    def gathers_in_h(self) -> float:
        """Hours until the crew, still on the road, is where the crews of its fire gather, as command reckons."""
        moves = self.crew.moves
        way_h = self.turnout_h + moves.hours(self.ordered_at, self.request.place) / moves.drive_pace()
        return float(max(way_h - (self.sim.env.now - self.ordered_h), 0.0))

    def call_off(self) -> None:
        """Who is at the fire already leaves it like all who are not wanted any more."""
        super().call_off()
        if self.assignment is not None:
            self.sim.fires.dismiss(self.assignment)

    def legs(self) -> Iterator[Leg]:
        """By road, then on foot."""
        self.sets_off_h = self.sim.env.now
        yield Leg(self.request.place, self.gather)
        fires, size = self.sim.fires, self.crew.member.size
        opens_h = fires.paths.opens_h(self.request)
        yield Leg(None, self.walk_in, fires.walk_in_h(self.request, size), opens_h=opens_h)
        yield Leg(None, self.hold_line, starts=True)

    def gather(self, row: int) -> Steps:
        """Drive on while those who come are to gather elsewhere by now; then join.

        Who has ridden as long as a rest takes has slept on the way, the drivers by turns: the shift begins on arrival.
        """
        crew, goal = self.crew, self.crew.here
        while goal != self.request.place and crew.here == goal:
            goal = self.request.place
            row = yield from crew.moves.go(goal, row, self.request.number)
        if crew.here == self.request.place:
            if self.sim.env.now - self.sets_off_h >= crew.record.rest_h > 0:
                crew.begin_shift()
            self.assignment = self.sim.fires.join(crew, self.request, self.share)
            self.counts = False  # from now on the fire counts it
        else:
            self.is_over = True
        return row

    def walk_in(self, row: int) -> Steps:
        """To the edge as it is now or to the line that is to be held, on foot or set down by an aircraft."""
        assignment, sim, crew = self.assignment, self.sim, self.crew
        assert assignment is not None
        edge, row = sim.fires.orders.way_in(assignment, row)
        if edge is not None and not assignment.dismissed:
            passing_h = sim.fires.paths.passing_h(crew.member.size, assignment.start, edge)
            # Its hands come one after another: as a whole it is there with half of them.
            on_foot_h = walk_h(sim, assignment.start, edge) + passing_h / 2
            # As long as it takes by the light of now: by that the crew walks or asks for an aircraft.
            hours = on_foot_h / crew.moves.pace()
            row = sim.log(Kind.WALKS_IN, crew.index, assignment.place, row, self.request.number, amount=hours)
            if not (yield from ask_for_lift(assignment, edge, hours, row)):
                wait_h = sim.fires.paths.set_out(self.request, passing_h / crew.moves.pace())
                why, row = yield from on_foot(assignment, assignment.at, wait_h, row)
                if why == THERE:
                    why, row = yield from on_foot(assignment, edge, on_foot_h, row)
                if why in LOST_AT:
                    yield from be_lost(assignment, why, row)
        return row

    def hold_line(self, row: int) -> Steps:
        """Work until it is over; who is overrun is lost for the scenario, all others walk back."""
        assignment, sim = self.assignment, self.sim
        assert assignment is not None
        why, row = yield from attack(assignment, row)
        if why not in LOST_AT:
            row = withdraw(assignment, why, row)
            sim.fires.part(assignment)
            why, row = yield from walk_back(assignment, row)
        if why in LOST_AT:
            yield from be_lost(assignment, why, row)
        sim.fires.be_gone(assignment)
        return row


def be_lost(assignment: LineAssignment, why: int, row: int) -> Steps:
    """The front has burned over the crew: it takes no further part."""
    crew, sim = assignment.crew, assignment.sim
    number, where = assignment.need.number, LOST_AT[why]
    row = sim.log(Kind.OVERRUN, crew.index, assignment.place, row, number, where, crew.member.size)
    sim.fires.part(assignment)
    sim.fires.be_gone(assignment)
    # An event that never comes: the crew's life ends here.
    yield sim.env.event()
    return row


def attack(assignment: LineAssignment, row: int) -> Ending:
    """Work, at one post after another, until it is over."""
    while True:
        why, row = yield from find_post(assignment, row)
        if why != HAS_POST:
            return why, row
        why, row = yield from work(assignment, row)
        if why not in (*FLIGHT, RULE, LOST):
            return why, row
        if why == RULE:
            row = withdraw(assignment, RULE, row)
        if why in FLIGHT:
            row = withdraw(assignment, why, row)
            assert assignment.fled is not None
            if (yield assignment.fled):
                return CAUGHT, row


def find_post(assignment: LineAssignment, row: int) -> Ending:
    """Ask for a post until there is one, or patience, shift or need are at an end.

    The way along the edge to the post is a part of the work there (`FireHazard.take_post`).
    """
    sim = assignment.sim
    until_h = sim.env.now + sim.parameters.post_patience_h
    while not assignment.dismissed and not assignment.is_over:
        assignment.limits = limits_of(assignment)
        # A rule is no lack of posts: patience begins anew when it has ended.
        if assignment.limits.rule >= 0:
            row = stand_down(assignment, row)
            until_h = sim.env.now + sim.parameters.post_patience_h
            why, row = yield from wait(assignment, row)
            if why in LOST_AT:
                return why, row
            continue
        post, row = take_post(assignment, row)
        if post is not None:
            return HAS_POST, row
        if sim.env.now >= until_h:
            return NOTHING, row
        if assignment.on_line:
            row = withdraw(assignment, NOTHING, row)
        why, row = yield from wait(assignment, row)
        if why in LOST_AT:
            return why, row
    return (RELEASED if assignment.dismissed else SHIFT), row


def take_post(assignment: LineAssignment, row: int) -> tuple[Post | None, int]:
    """Ask for a post; where hose does not reach, for one that the crew masters by hand."""
    orders, tools = assignment.sim.fires.orders, tools_of(assignment)
    post, row = orders.take_post(assignment, tools, row)
    if post is not None and tools.water and not assignment.water.lay((post.lon, post.lat)):
        post, row = orders.take_post(assignment, tools._replace(water=False), row)
    return post, row


def tools_of(assignment: LineAssignment) -> Tools:
    """What a crew works with where it stands now."""
    record = assignment.crew.record
    water = assignment.water.lay(assignment.at)
    limits, own = assignment.limits, hands_of(assignment.sim, assignment.crew)
    hands = own.number, assignment.sim.fires.orders.hands_together(assignment)
    return Tools(record.flame_limit_m, own.trained, water, own.machines, limits.slope, limits.flame_m, *hands)


def work(assignment: LineAssignment, row: int) -> Ending:
    """Build line until called off."""
    crew, sim = assignment.crew, assignment.sim
    post = sim.fires.hazard.post(crew.index)
    method = -1 if post is None else post.method
    assignment.tactic = Tactic.ANCHOR if post is None else post.tactic
    row = sim.log(Kind.TAKES_POST, crew.index, assignment.place, row, assignment.need.number, method, crew.member.size)
    assignment.on_line, assignment.stood_down = True, False
    called_off = assignment.begin(row)
    sim.fires.relief.comes(assignment)
    why = yield called_off
    return why, assignment.tell_line()


def stand_down(assignment: LineAssignment, row: int) -> int:
    """A rule keeps the crew from all work; written down once until it works again."""
    if assignment.on_line:
        row = withdraw(assignment, RULE, row)
    if assignment.stood_down:
        return row
    assignment.stood_down = True
    crew, rule = assignment.crew, assignment.limits.rule
    return assignment.sim.log(
        Kind.STANDS_DOWN, crew.index, assignment.place, row, assignment.need.number, rule, crew.member.size
    )


def withdraw(assignment: LineAssignment, why: int, row: int) -> int:
    """Leave the line."""
    assignment.on_line = False
    crew = assignment.crew
    return assignment.sim.log(
        Kind.WITHDRAWS, crew.index, assignment.place, row, assignment.need.number, why, crew.member.size
    )


def walk(assignment: LineAssignment, goal: Point, row: int) -> Ending:
    """Go on foot to a point, or out of the way of flames that come; `on_foot` tells which."""
    return (yield from on_foot(assignment, goal, walk_h(assignment.sim, assignment.at, goal), row))


def wait(assignment: LineAssignment, row: int) -> Ending:
    """Look again later, from where they are."""
    return (yield from on_foot(assignment, assignment.at, assignment.sim.parameters.post_retry_h, row))


def walk_back(assignment: LineAssignment, row: int) -> Ending:
    """To where they came on foot from, as often as flames drive them aside."""
    why = NOTHING
    while why != THERE and why not in LOST_AT:
        why, row = yield from walk(assignment, assignment.start, row)
    return why, row


def on_foot(assignment: LineAssignment, goal: Point, hours: float, row: int) -> Ending:
    """Be under way to a point, or wait at it, for so many hours by daylight, while leaders watch the fire.

    Returns:
        `THERE` at the end of it; else why they had to flee (`FLIGHT`), by when they have; else how they were lost
        (`LOST_AT`); and the last row of the log.
    """
    sim, crew = assignment.sim, assignment.crew
    # Who walks is slower in the dark; who waits is not.
    if goal != assignment.at:
        hours /= crew.moves.pace()
    if hours <= 0:
        return THERE, row
    limit_m, fire = crew.record.flame_limit_m, assignment.need.fire
    assignment.row = row
    sim.fires.hazard.set_out(crew.index, OnFoot(fire, limit_m, assignment.at, goal, sim.env.now, hours))
    why = yield assignment.set_out(hours)
    # What has befallen it on the way was written down by others, each row the cause of the next.
    row = assignment.row
    if why == OVERRUN:
        return CAUGHT_ON_FOOT, row
    if why == THERE:
        sim.fires.hazard.leave(crew.index)
        assignment.at = goal
        return THERE, row
    number = assignment.need.number
    row = sim.log(Kind.DRIVEN_OFF, crew.index, assignment.place, row, number, why, crew.member.size)
    assert assignment.fled is not None
    return (CAUGHT if (yield assignment.fled) else why), row
