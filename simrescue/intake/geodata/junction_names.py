"""What junctions of imported roads are called: by the roads that meet there, and the place nearest to them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np

from simrescue.intake.geodata.coordinates import Points
from simrescue.intake.geodata.noding import Link, RoadWeb
from simrescue.wording import Words, bilingual

LONGEST = 40
"""Letters of the name of a road that are taken over."""


def junction_names(
    web: RoadWeb, nodes: Sequence[int], places: Mapping[str, Points], names: Mapping[str, str]
) -> dict[int, Words]:
    """What some nodes are called, in both languages; nodes of which nothing can be said are left out.

    Args:
        web: the roads, in degrees.
        nodes: those that are no places.
        places: id -> longitude and latitude, shape (2,).
        names: id of a place -> what it is called; left out: its id.
    """
    roads = dict[int, list[str]]()
    for link in web.links:
        for node in _named(link):
            roads.setdefault(node, []).append(link.name[:LONGEST])
    near, often, called = _nearest(web.nodes, nodes, places, names), Counter[str](), dict[int, Words]()
    for node in nodes:
        words = _called(sorted(set(roads.get(node, ()))), near.get(node, ""))
        if words is None:
            continue
        often[words.zh] += 1
        again = f" {often[words.zh]}" if often[words.zh] > 1 else ""
        called[node] = Words(f"{words.en}{again}", f"{words.zh}{again}")
    return called


def _named(link: Link) -> tuple[int, ...]:
    return (link.a, link.b) if link.name and not link.nature.is_link else ()


def _called(roads: Sequence[str], near: str) -> Words | None:
    if len(roads) > 1:
        return bilingual("junction of {road} and {other}", road=roads[0], other=roads[1])
    if roads and near:
        return bilingual("junction on {road} near {place}", road=roads[0], place=near)
    return bilingual("junction near {place}", place=near) if near else None


def _nearest(
    spots: Points, nodes: Sequence[int], places: Mapping[str, Points], names: Mapping[str, str]
) -> dict[int, str]:
    """The name of the place nearest to each node; none where there are no places."""
    if not places:
        return {}
    ids, at = list(places), np.array(list(places.values()), dtype=float).reshape(-1, 2)
    narrow = np.array([np.cos(np.radians(at[:, 1].mean())), 1.0])
    found = {node: ids[int((((at - spots[node]) * narrow) ** 2).sum(axis=1).argmin())] for node in nodes}
    return {node: names.get(place) or place for node, place in found.items()}
