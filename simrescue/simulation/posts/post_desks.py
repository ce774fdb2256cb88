"""Posts of one replication: each handles so many messages at once, in the order in which they come.

What goes up passes the post of its place and all above it, to command's own; what goes down the same way back. A
request to the post above, or to a partner, goes from command's own post up to the one that it has to pass. Between
posts it takes no time. Crews at work report by radio, and pass nobody.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Generator
from typing import TYPE_CHECKING, Any

from simpy import Resource

from simrescue.events import EventKind as Kind
from simrescue.messages import Message
from simrescue.posts import POST_LEVELS, StaffedPost, ways_up
from simrescue.streams import exponential, stream

if TYPE_CHECKING:
    from simrescue.simulation.state import Replication


class PostDesk:
    """One post: its staff, and the queue before them."""

    def __init__(self, sim: Replication, index: int, post: StaffedPost) -> None:
        self.sim, self.index, self.post = sim, index, post
        self.staff = Resource(sim.env, post.staff)
        self.handled: Counter[str] = Counter()
        start = sim.settings.start
        self.start_h = start.hour + start.minute / 60

    def handle(self, message: Message, place: int, cause: int) -> Generator[Any, Any, int]:
        """Wait in the queue, be handled, be passed on; answers the row that tells of it.

        Args:
            message: what is handled.
            place: whose message it is, for the log and the draw.
            cause: row before it.
        """
        sim, env, came_h = self.sim, self.sim.env, self.sim.env.now
        hours = self._draw_h(message, place)
        with self.staff.request() as turn:
            yield turn
            closed_h = self.post.closed_h((self.start_h + env.now) % 24)
            if closed_h:
                yield env.timeout(closed_h)
            level = POST_LEVELS.index(self.post.level)
            row = sim.log(Kind.POST_TAKES, self.index, place, cause, item=level, amount=env.now - came_h)
            yield env.timeout(hours)
            return sim.log(Kind.POST_PASSES, self.index, place, row, item=level, amount=message.kind)

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
        self.ways = ways_up(rows)
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

    def pass_on(self, message: Message, cause: int, then: Callable[[int], Any]) -> None:
        """Have a message pass all posts on its way.

        Args:
            message: which.
            cause: row before it.
            then: called with the row that tells of the last of them.
        """
        self.sim.env.process(self._pass(message, cause, then))

    def _pass(self, message: Message, row: int, then: Callable[[int], Any]) -> Generator[Any, Any, None]:
        outward = message.sender == self.sim.world.command
        place = message.receiver if outward else message.sender
        for desk in self.way(message):
            row = yield from desk.handle(message, place, row)
        then(row)
