"""Posts of one replication: each handles so many messages at once, in the order in which they come.

What goes up passes the post of its place and all above it, to command's own; what goes down the same way back. A
request to the post above, or to a partner, goes from command's own post up to the one that it has to pass. Between
posts it takes no time. Crews at work report by radio, and pass nobody. Without rooms or power a post stands still.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Generator
from itertools import takewhile
from typing import TYPE_CHECKING, Any

from simpy import Resource

from simrescue.communication.channels import OUTAGES
from simrescue.communication.messages import Message, MessageKind
from simrescue.communication.posts import POST_LEVELS, StaffedPost, ways_up
from simrescue.events import EventKind as Kind
from simrescue.streams import exponential, stream

if TYPE_CHECKING:
    from simrescue.simulation.state import Replication


class PostDesk:
    """One post: its staff, and the queue before them."""

    def __init__(self, sim: Replication, index: int, post: StaffedPost) -> None:
        self.sim, self.index, self.post = sim, index, post
        self.staff = Resource(sim.env, post.staff)
        self.handled: Counter[str] = Counter()
        self.place = next((i for i, name in enumerate(sim.world.ids) if post.place and name == post.place), -1)
        """Index of the place in whose building it sits; -1: none, or it has moved."""
        self.stops: dict[str, int] = {}
        """What it cannot work for now, each with the row that tells of it: `water` or `mains`."""
        self.works = sim.env.event()
        """Succeeds when it works again."""
        self.dark: object = None
        """The power cut that it is in."""
        start = sim.settings.start
        self.start_h = start.hour + start.minute / 60

    def handle(
        self, message: Message, place: int, cause: int, wanted: Callable[[], bool] = lambda: True
    ) -> Generator[Any, Any, int]:
        """Wait in the queue, be handled, be passed on; answers the row that tells of it, -1 where it is not wanted.

        Args:
            message: what is handled.
            place: whose message it is, for the log and the draw.
            cause: row before it.
            wanted: whether whoever sent it still waits when his turn comes: a caller may have rung off.
        """
        sim, env, came_h = self.sim, self.sim.env, self.sim.env.now
        # Before the queue: draws are counted in the order in which messages come, not in which their turn does.
        hours = self._draw_h(message, place)
        with self.staff.request() as turn:
            yield turn
            # Both may follow one another while it waits: after each it is looked again.
            while (closed_h := self.post.closed_h((self.start_h + env.now) % 24)) or self.stops:
                yield self.works if self.stops else env.timeout(closed_h)
            if not wanted():
                return -1
            level = POST_LEVELS.index(self.post.level)
            row = sim.log(Kind.POST_TAKES, self.index, place, cause, item=level, amount=env.now - came_h)
            yield env.timeout(hours)
            return sim.log(Kind.POST_PASSES, self.index, place, row, item=level, amount=message.kind)

    # ---- rooms and power

    def water(self, row: int) -> None:
        """The water at its place is another: flooded rooms are given up, and it works elsewhere after a while."""
        depth_m = self.sim.depth_m.get(self.place, 0.0)
        if depth_m <= 0 or depth_m < self.post.depth_limit_m or "water" in self.stops:
            return
        row = self._stop("water", row)
        draw = stream(self.sim.seed, self.sim.replication, f"post {self.post.id}", "moves")
        hours = self.post.move_h * exponential(draw.random())
        self.sim.env.timeout(hours).callbacks.append(lambda _: self._move(row))

    def _move(self, row: int) -> None:
        self.place = -1
        # The cut was that of the building it has left.
        self.stops.pop("mains", None)
        self._go_on("water", row)

    def mains(self, lost: bool, row: int) -> None:
        """Its place has lost its mains (what it has lasts for a while), or has them again."""
        self.dark = cut = object() if lost else None
        if lost:
            self.sim.env.timeout(self.post.battery_h).callbacks.append(lambda _: self._run_down(cut, row))
        elif "mains" in self.stops:
            self._go_on("mains", row)

    def _run_down(self, cut: object, row: int) -> None:
        # Mains may have been back and gone again (then another count runs), or it sits elsewhere by now.
        if self.dark is cut and self.place >= 0:
            self._stop("mains", row)

    def _stop(self, why: str, row: int) -> int:
        self.stops[why] = row = self.sim.log(Kind.POST_DOWN, self.index, self.place, row, item=OUTAGES.index(why))
        return row

    def _go_on(self, why: str, row: int) -> None:
        del self.stops[why]
        place = self.place if self.place >= 0 else self.index
        self.sim.log(Kind.POST_UP, self.index, place, row, item=OUTAGES.index(why))
        if not self.stops:
            self.works.succeed()
            self.works = self.sim.env.event()

    def _draw_h(self, message: Message, place: int) -> float:
        """Exponential, by a stream of each message of each place: others change nothing of it."""
        mean_h = self.post.handling_h(message.kind)
        name = f"{self.sim.world.ids[place]} {message.kind.name}"
        self.handled[name] += 1
        draw = stream(self.sim.seed, self.sim.replication, f"post {self.post.id}", f"{name} {self.handled[name]}")
        return mean_h * exponential(draw.random())


class Posts:
    """All posts of one replication, and which of them a message passes."""

    def __init__(self, sim: Replication) -> None:
        self.sim, world = sim, sim.world
        rows, first = world.scenario.posts, world.first["posts"]
        self.desks = {post.id: PostDesk(sim, index, post) for index, post in enumerate(rows, first)}
        self.at: dict[int, list[PostDesk]] = {}
        """Index of a place -> the posts that sit there at the start."""
        for desk in self.desks.values():
            self.at.setdefault(desk.place, []).append(desk)
        self.ways = ways_up(rows)
        self.told_above: set[int] = set()
        """Places of which those above command have been told."""
        self.own = next(post for post in rows if post.command)
        entry = {name: post for post in rows for name in post.serves}
        self.entry = {
            index: entry.get(place.id) or entry.get(getattr(place, "township", ""), self.own)
            for index, place in enumerate(world.places)
        }
        """The first post of each place by its index."""
        partners = world.scenario.partners
        ends = {world.first["partners"] + i: partner.asked_through or self.own.id for i, partner in enumerate(partners)}
        self.ends = ends | {desk.index: name for name, desk in self.desks.items()}
        """The last post on the way of a request, by the index of whom it goes to."""

    def water(self, place: int, row: int) -> None:
        """The water at a place is another."""
        for desk in self.at.get(place, ()):
            desk.water(row)

    def mains(self, place: int, lost: bool, row: int) -> None:
        """A place has lost its mains, or has them again."""
        for desk in self.at.get(place, ()):
            desk.mains(lost, row)

    def above(self) -> int | None:
        """Index of the post above command's own; None where there is none."""
        return self.desks[self.own.upper].index if self.own.upper in self.desks else None

    def way(self, message: Message) -> list[PostDesk]:
        """The desks that a message passes, in its order."""
        outward = message.sender == self.sim.world.command
        other = message.receiver if outward else message.sender
        if other in self.ends:
            way = self.ways[self.own.id]
            way = way[: way.index(self._post(self.ends[other])) + 1]
            return [self.desks[post.id] for post in (way if outward else reversed(way))]
        way = self.ways[self.entry.get(other, self.own).id]
        way = way[: way.index(self.own) + 1] if self.own in way else (*way[:1], self.own)
        return [self.desks[post.id] for post in (reversed(way) if outward else way)]

    def _post(self, name: str) -> StaffedPost:
        return self.desks[name].post

    def passed_on(self, place: int) -> float:
        """Share of the dead of a place, by its index, of whom command hears: what no post below it withholds."""
        way = self.ways[self.entry.get(place, self.own).id]
        return math.prod(1 - post.withheld for post in takewhile(lambda post: post is not self.own, way))

    def register(self, post: str, message: Message, place: int, row: int) -> Generator[Any, Any, int]:
        """Have somebody registered at a post: its staff take their time, if it works; answers the last row.

        Args:
            post: its id.
            message: what is handled.
            place: index of whom it is about.
            row: last row of the log about it.
        """
        return self.desks[post].handle(message, place, row)

    def pass_on(
        self, message: Message, cause: int, then: Callable[[int], Any], wanted: Callable[[], bool] = lambda: True
    ) -> None:
        """Have a message pass all posts on its way.

        Args:
            message: which.
            cause: row before it.
            then: called with the row that tells of the last of them.
            wanted: whether whoever sent it still waits; else it is dropped at the next post.
        """
        self.sim.env.process(self._pass(message, cause, then, wanted))

    def tell_above(self, place: int, row: int) -> None:
        """Pass the first report of a place on to those above command, one post after the other, where they are told.

        Args:
            place: index of the place that the report is about.
            row: row of the report.
        """
        if self.sim.settings.command.reports_above and self.above() is not None and place not in self.told_above:
            self.told_above.add(place)
            self.sim.env.process(self._rise(place, row))

    def _rise(self, place: int, row: int) -> Generator[Any, Any, None]:
        message = Message(MessageKind.ONWARD, place, self.sim.world.command, row)
        for post in self.ways[self.own.id]:
            row = yield from self.desks[post.id].handle(message, place, row)

    def _pass(
        self, message: Message, row: int, then: Callable[[int], Any], wanted: Callable[[], bool]
    ) -> Generator[Any, Any, None]:
        outward = message.sender == self.sim.world.command
        place = message.receiver if outward else message.sender
        for desk in self.way(message):
            row = yield from desk.handle(message, place, row, wanted)
            if not wanted():
                return
        then(row)
