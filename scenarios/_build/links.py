"""Roads: known corridors by hand, and a Gabriel graph over the places of the county with few bridges."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
from plane import Plane, Points, Table, crossing
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components
from scipy.spatial import Delaunay

BRIDGE_KM = 1.2
"""A link may cross a river this near to a known or assumed bridge."""
RAISED_M = {"expressway": 3.0, "class1": 0.8, "class2": 0.5, "class3": 0.2, "class4": 0.0}
"""Height of a road's lowest point over the ground beside it (assumed)."""


def roads(
    plane: Plane,
    places: Table,
    local: set[str],
    main: tuple[str, ...],
    corridors: Table,
    rivers: dict[str, Points],
    bridges: Table,
    longest_km: float = math.inf,
) -> Table:
    """All rows of roads.csv.

    Args:
        plane: where kilometres are counted.
        places: every place that a road may end at, with its ground and zone.
        local: ids of the places that the graph of local roads joins.
        main: what ids of places with better local roads begin with.
        corridors: known roads: from, to, kind, and length_km where it is not drawn from the great circle.
        rivers: courses by name, km.
        bridges: where a local road may cross a river.
        longest_km: no local road joins places farther apart, except where a place would be cut off for good.
    """
    at = {place["id"]: place for place in places}
    spot = dict(zip(at, plane.to_km(places), strict=True))
    rows = [_road(row["from"], row["to"], row["kind"], at, row["length_km"]) for row in corridors]
    taken = {frozenset((row["from"], row["to"])) for row in corridors}
    ids = [place["id"] for place in places if place["id"] in local]
    graph = [(ids[a], ids[b]) for a, b in _gabriel(np.array([spot[i] for i in ids]))]
    links = [link for link in graph if frozenset(link) not in taken]
    short = [link for link in links if np.linalg.norm(spot[link[0]] - spot[link[1]]) <= longest_km]
    open_links, blocked = _at_bridges(short, spot, rivers, plane.to_km(bridges))
    blocked += [link for link in links if link not in short]
    open_links += _mended(list(at), [*((row["from"], row["to"]) for row in corridors), *open_links], blocked, spot)
    rows += [_road(a, b, "class3" if a.startswith(main) or b.startswith(main) else "class4", at) for a, b in open_links]
    for row in rows:
        crosses = any(crossing(course, spot[row["from"]], spot[row["to"]]) is not None for course in rivers.values())
        row["bridge"] = "true" if crosses else "false"
    return rows


def _road(a: str, b: str, kind: str, at: dict[str, dict[str, str]], length_km: str = "") -> dict[str, str]:
    wet = [end for end in (at[a], at[b]) if end.get("zone")]
    low = min(wet or [at[a], at[b]], key=lambda end: float(end["elevation_m"]))
    dry = kind == "expressway" or not wet
    return {
        "id": f"{a}--{b}",
        "from": a,
        "to": b,
        "length_km": length_km,
        "kind": kind,
        "elevation_m": f"{float(low['elevation_m']) + RAISED_M[kind]:.1f}",
        "zone": "" if dry else low["zone"],
        "assumed": "true",
    }


def _gabriel(points: Points) -> list[tuple[int, int]]:
    """Links whose circle over the link as diameter holds no third point."""
    triangles = Delaunay(points).simplices
    edges = sorted({(min(a, b), max(a, b)) for t in triangles for a, b in pairwise((*t, t[0]))})
    kept = []
    for a, b in edges:
        middle, radius2 = (points[a] + points[b]) / 2, ((points[a] - points[b]) ** 2).sum() / 4
        near = ((points - middle) ** 2).sum(axis=1) < radius2 - 1e-9
        near[[a, b]] = False
        if not near.any():
            kept.append((int(a), int(b)))
    return kept


Links = list[tuple[str, str]]
Spots = dict[str, Points]


def _at_bridges(links: Links, spot: Spots, rivers: dict[str, Points], spans: Points) -> tuple[Links, Links]:
    """Links that cross no river or cross it near a bridge, and those that have no bridge."""
    kept: Links = []
    blocked: Links = []
    for link in links:
        a, b = (spot[end] for end in link)
        over = [where for course in rivers.values() if (where := crossing(course, a, b)) is not None]
        bridged = all(np.linalg.norm(spans - where, axis=1).min() <= BRIDGE_KM for where in over)
        (kept if bridged else blocked).append(link)
    return kept, blocked


def _mended(ids: list[str], links: Links, blocked: Links, spot: Spots) -> Links:
    """The shortest blocked links that join what would lie apart."""
    number = {name: n for n, name in enumerate(ids)}
    added: Links = []

    def parts() -> np.ndarray:
        pairs = np.array([[number[a], number[b]] for a, b in [*links, *added]])
        graph = coo_matrix((np.ones(len(pairs)), pairs.T), shape=(len(ids), len(ids)))
        return np.asarray(connected_components(graph, directed=False)[1])

    def length(link: tuple[str, str]) -> float:
        a, b = (spot[end] for end in link)
        return float(np.linalg.norm(a - b))

    for link in sorted(blocked, key=length):
        part = parts()
        if part[number[link[0]]] != part[number[link[1]]]:
            added.append(link)
    return added
