"""Servers with a queue, first come, first served: the docks of a depot, or whatever only so many can use at a time."""

from __future__ import annotations

from collections import deque
from collections.abc import Generator
from typing import Any

from simpy import Environment, Event


class Servers:
    """So many equal servers at one place."""

    __slots__ = ("busy", "count", "env", "queue")

    def __init__(self, env: Environment, count: int) -> None:
        self.env, self.count = env, count
        self.busy = 0
        self.queue: deque[Event] = deque()

    @property
    def is_free(self) -> bool:
        """Whether whoever comes now need not wait."""
        return self.busy < self.count

    def enter(self) -> Generator[Any, Any, None]:
        """Wait for a server, and take it."""
        if self.is_free:
            self.busy += 1
            return
        turn = self.env.event()
        self.queue.append(turn)
        yield turn

    def leave(self) -> None:
        """Whoever stands first in the queue takes over the server."""
        if self.queue:
            self.queue.popleft().succeed()
        else:
            self.busy -= 1
