"""Somebody who walks with word: from a silent place to the nearest that can be reached, or the other way."""

from __future__ import annotations

from collections.abc import Generator
from heapq import heappop, heappush
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from simrescue.simulation.state import Simulation

Way = tuple[tuple[int, int, float], ...]
"""Steps of a way on foot: (link, the place at its end, hours at walking speed)."""


def way_on_foot(sim: Simulation, start: int, is_goal: Callable[[int], bool]) -> Way | None:
    """The quickest way to the nearest place that is a goal, by roads that are truly open on foot; None: there is none.

    Args:
        sim: the replication.
        start: index of the place where the way begins, which is no goal itself.
        is_goal: whether a place is one.
    """
    neighbours, blocked = sim.world.network.profiles["foot"].neighbours, sim.roads.blocked["foot"]
    best: dict[int, tuple[float, int, int]] = {}
    line: list[tuple[float, int, int, int]] = [(0.0, start, -1, -1)]
    while line:
        hours, node, before, link = heappop(line)
        if node in best:
            continue
        best[node] = (hours, before, link)
        if node != start and is_goal(node):
            return _back(best, node)
        for other, by, step_h in neighbours[node]:
            if other not in best and by not in blocked:
                heappush(line, (hours + step_h, other, node, by))
    return None


def _back(best: dict[int, tuple[float, int, int]], node: int) -> Way:
    steps: list[tuple[int, int, float]] = []
    while best[node][1] >= 0:
        hours, before, link = best[node]
        steps.append((link, node, hours - best[before][0]))
        node = before
    return tuple(reversed(steps))


def walk(
    sim: Simulation, start: int, is_goal: Callable[[int], bool], wanted: Callable[[], bool]
) -> Generator[Any, Any, int | None]:
    """Walk to the nearest goal, round what is closed, waiting where there is no way until one opens.

    Answers the place reached; None where it is not `wanted` any more.
    """
    # Hours of the network are those of people who leave on foot; whoever carries word has a pace of his own.
    slower = sim.settings.evacuation.walk_kmh / sim.parameters.runner_kmh
    here = start
    while wanted():
        way = way_on_foot(sim, here, is_goal)
        if way is None:
            opened = sim.env.event()
            sim.roads.wait_on_foot(opened.succeed)
            yield opened
            continue
        for link, place, hours in way:
            # Closed since he set out: he looks for another way from where he stands.
            if link in sim.roads.blocked["foot"]:
                break
            yield sim.env.timeout(hours * slower)
            here = place
        else:
            return here
        # A place where he has stopped may be one by now, and a way that begins there would lead on to the next.
        if here != start and is_goal(here):
            return here
    return None
