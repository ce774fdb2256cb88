"""A road web without what no trip between its places needs: blind ends, rings, doubles, and nodes where nothing meets.

None of it changes the time of any trip: lengths add up, and only roads of one nature are put together.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container

import numpy as np

from simrescue.intake.geodata.coordinates import Points
from simrescue.intake.geodata.noding import Link, Plane, RoadWeb
from simrescue.intake.geodata.road_nature import class_kmh

DOUBLE_M = 5.0
"""Two lines between the same nodes whose middles are closer are one road that was drawn twice."""


def simplified(web: RoadWeb, places: Container[int]) -> RoadWeb:
    """The web with as few nodes as trips between places need.

    Args:
        web: to be simplified; its nodes keep their numbers.
        places: nodes that have to stay.
    """
    links = dict(enumerate(_without_doubles(web)))
    at: dict[int, set[int]] = defaultdict(set)
    for number, link in links.items():
        at[link.a].add(number)
        at[link.b].add(number)

    def drop(number: int) -> Link:
        link = links.pop(number)
        at[link.a].discard(number)
        at[link.b].discard(number)
        return link

    todo = sorted(at)
    while todo:
        node = todo.pop()
        if node in places:
            continue
        here = sorted(at[node])
        if rings := [number for number in here if links[number].a == links[number].b]:
            drop(rings[0])
            todo.append(node)
        elif len(here) == 1:
            link = drop(here[0])
            todo.append(link.b if link.a == node else link.a)
        elif len(here) == 2 and (whole := _put_together(links[here[0]], links[here[1]], node)):
            drop(here[0])
            drop(here[1])
            links[here[0]] = whole
            at[whole.a].add(here[0])
            at[whole.b].add(here[0])
            todo += [whole.a] if whole.a == whole.b else []
    return RoadWeb(web.nodes, _without_doubles(RoadWeb(web.nodes, [links[number] for number in sorted(links)])))


def _without_doubles(web: RoadWeb) -> list[Link]:
    """The links, of those drawn twice the one of the better class: several files may hold the same road."""
    plane, kept = Plane(web.nodes), list[Link]()
    seen: dict[tuple[object, ...], list[tuple[Points, int]]] = defaultdict(list)
    for link in web.links:
        a, b = (link.a, link.b) if link.nature.one_way else sorted((link.a, link.b))
        middle = _middle(plane.flat(link.points))
        others = seen[a, b, link.nature.one_way, link.nature.level, link.nature.is_link]
        double = next((number for other, number in others if np.hypot(*(middle - other)) <= DOUBLE_M), None)
        if double is None:
            others.append((middle, len(kept)))
            kept.append(link)
        elif class_kmh(link.nature.kind) > class_kmh(kept[double].nature.kind):
            kept[double] = link
    return kept


def _middle(flat: Points) -> Points:
    along = np.concatenate([[0.0], np.hypot(*np.diff(flat, axis=0).T).cumsum()])
    return np.array([np.interp(along[-1] / 2, along, flat[:, axis]) for axis in (0, 1)])


def _put_together(one: Link, two: Link, node: int) -> Link | None:
    """Two links that meet at a node as one; None where they are of two natures or against each other."""
    if one.nature != two.nature:
        return None
    if one.nature.one_way:
        if one.b != node:
            one, two = two, one
        if one.b != node or two.a != node:
            return None
    else:
        one = one if one.b == node else _turned(one)
        two = two if two.a == node else _turned(two)
    name = (one if one.length_km >= two.length_km else two).name or one.name or two.name
    points = np.concatenate([one.points, two.points[1:]])
    return Link(one.a, two.b, one.length_km + two.length_km, one.nature, name, points)


def _turned(link: Link) -> Link:
    return link._replace(a=link.b, b=link.a, points=link.points[::-1])
