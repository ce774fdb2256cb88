"""Pieces of a road web that hang off: joined where the gap is small or somebody lives there, else left out, by name."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from simrescue.intake.geodata.coordinates import Points
from simrescue.intake.geodata.noding import MEETS_M, Link, Plane, RoadWeb, cut, length_km
from simrescue.intake.geodata.road_nature import UNKNOWN_CLASS, Nature
from simrescue.wording import Words, bilingual

GAP_M = 50.0
"""Gap over which a piece is joined whoever lives there: lines that were not drawn to their end."""
FAR_M = 3000.0
"""Gap over which a piece is joined whose roads are the nearest to a place, and a place to its road."""
AT_NODE_M = 30.0
"""So close to a crossing a link ends at it and makes no new one."""
MOST_NAMED = 8
JOINING = Nature(UNKNOWN_CLASS, is_link=True)


class Foot(NamedTuple):
    """The nearest point of a web to some spot."""

    link: int
    measure_m: float
    """Along the link from its node a."""
    apart_m: float


def feet(web: RoadWeb, spots: Points, only: NDArray[np.bool_]) -> list[Foot]:
    """The nearest points of some links to spots.

    Args:
        web: with its links.
        spots: degrees, shape (S, 2).
        only: for each link (L) whether it counts; at least one.

    Returns:
        One for each spot.
    """
    import shapely

    plane = Plane(web.nodes)
    chosen = np.flatnonzero(only)
    shapes = np.array([shapely.LineString(plane.flat(web.links[number].points)) for number in chosen])
    points = shapely.points(plane.flat(spots))
    (of, nearest), apart = shapely.STRtree(shapes).query_nearest(points, return_distance=True, all_matches=False)
    measures = shapely.line_locate_point(shapes[nearest], points[of])
    made = {
        int(spot): Foot(int(chosen[line]), float(at), float(far))
        for spot, line, at, far in zip(of, nearest, measures, apart, strict=True)
    }
    return [made[spot] for spot in range(len(spots))]


def nodes_at(web: RoadWeb, at: Sequence[Foot]) -> tuple[RoadWeb, list[int]]:
    """The web with a node at each of some points of it: a crossing near by, or a new one that cuts the link.

    Args:
        web: whose links may be cut.
        at: points of its links.

    Returns:
        The web, and the node for each point.
    """
    plane = Plane(web.nodes)
    nodes, new, of_point = list(web.nodes), list[Link](), [-1] * len(at)
    by_link: dict[int, list[int]] = {}
    for number, foot in enumerate(at):
        by_link.setdefault(foot.link, []).append(number)
    for number, link in enumerate(web.links):
        if number not in by_link:
            new.append(link)
            continue
        flat = plane.flat(link.points)
        long_m, last, cuts = float(np.hypot(*np.diff(flat, axis=0).T).sum()), 0.0, list[float]()
        begins, ends = [link.a], list[int]()
        for point in sorted(by_link[number], key=lambda point: at[point].measure_m):
            measure = at[point].measure_m
            if measure - last <= AT_NODE_M:
                of_point[point] = begins[-1]
            elif long_m - measure <= AT_NODE_M:
                of_point[point] = link.b
            else:
                of_point[point], last = len(nodes), measure
                nodes.append(plane.degrees(_at(flat, measure)))
                cuts.append(measure)
                begins.append(of_point[point])
                ends.append(of_point[point])
        parts = [plane.degrees(part) for part in cut(flat, cuts)]
        for a, b, part in zip(begins, [*ends, link.b], parts, strict=True):
            new.append(link._replace(a=a, b=b, length_km=length_km(part), points=part))
    return RoadWeb(np.array(nodes), new), of_point


def _at(flat: Points, measure: float) -> Points:
    along = np.concatenate([[0.0], np.hypot(*np.diff(flat, axis=0).T).cumsum()])
    return np.array([np.interp(measure, along, flat[:, axis]) for axis in (0, 1)])


def joining_link(web: RoadWeb, a: int, b: int) -> Link:
    """A straight link of a road of villages between two nodes (a, b) of a web, at least as long as what meets."""
    points = web.nodes[[a, b]]
    return Link(a, b, max(length_km(points), MEETS_M / 1000), JOINING, "", points)


def may_be_joined(web: RoadWeb) -> NDArray[np.bool_]:
    """Which links (L) a place can be joined to along their way: no expressways, bridges and tunnels."""
    joinable = [
        link.nature.kind != "expressway" and not link.nature.level and not link.nature.bridge for link in web.links
    ]
    return np.array(joinable, dtype=bool) if any(joinable) else np.ones(len(web.links), dtype=bool)


def without_pieces(web: RoadWeb, places: Points) -> tuple[RoadWeb, list[Words]]:
    """The web in one piece, and what was done with the others.

    Args:
        web: with all its pieces.
        places: whose nearest roads are kept, degrees, shape (P, 2).
    """
    piece = _parts(web, "weak")
    lengths = np.asarray(
        np.bincount(piece[_starts(web)], [link.length_km for link in web.links], piece.max() + 1), dtype=float
    )
    main = int(lengths.argmax())
    wanted = set[int]()
    if len(places):
        on = feet(web, places, may_be_joined(web))
        wanted = {int(piece[web.links[foot.link].a]) for foot in on if foot.apart_m <= FAR_M}
    others = [number for number in np.argsort(-lengths).tolist() if number != main and lengths[number] > 0]
    if not others:
        return web, []
    in_main = piece[_starts(web)] == main
    loose = np.flatnonzero(np.isin(piece, others))
    gaps = dict(zip(loose.tolist(), feet(web, web.nodes[loose], in_main), strict=True))
    joined, dropped = list[tuple[int, int]](), list[int]()
    nearest: dict[int, int] = {}
    for node in loose.tolist():
        number = int(piece[node])
        if number not in nearest or gaps[node].apart_m < gaps[nearest[number]].apart_m:
            nearest[number] = node
    for number in others:
        apart_m = gaps[nearest[number]].apart_m
        is_near = apart_m <= GAP_M or (number in wanted and apart_m <= FAR_M)
        (joined.append((number, nearest[number])) if is_near else dropped.append(number))
    kept = [link for link in web.links if piece[link.a] not in dropped]
    renumbered = {id(link): number for number, link in enumerate(kept)}
    at = [gaps[node]._replace(link=renumbered[id(web.links[gaps[node].link])]) for _, node in joined]
    whole, ends = nodes_at(RoadWeb(web.nodes, kept), at)
    links = [joining_link(whole, node, end) for (_, node), end in zip(joined, ends, strict=True)]
    remarks = _said(web, piece, [number for number, _ in joined], dropped, lengths)
    return RoadWeb(whole.nodes, [*whole.links, *links]), list(remarks)


def _said(
    web: RoadWeb, piece: NDArray[np.intp], joined: Sequence[int], dropped: Sequence[int], lengths: NDArray[np.float64]
) -> Iterator[Words]:
    names: dict[int, Counter[str]] = {}
    for link in web.links:
        names.setdefault(int(piece[link.a]), Counter())[link.name] += 1

    def named(numbers: Iterable[int]) -> str:
        shown = [
            f"{next((name for name, _ in names[number].most_common() if name), '-')} {lengths[number]:.1f} km"
            for number in numbers
        ]
        return ", ".join(shown[:MOST_NAMED]) + (" ..." if len(shown) > MOST_NAMED else "")

    if joined:
        yield bilingual("pieces of road that hung off, joined by an assumed link: {number} ({named})",
                        number=len(joined), named=named(joined))  # fmt: skip
    if dropped:
        yield bilingual("pieces of road that hang off, left out: {number} ({named})",
                        number=len(dropped), named=named(dropped))  # fmt: skip


def without_traps(web: RoadWeb) -> tuple[RoadWeb, list[Words]]:
    """The web without one-way roads that lead in or out only, as where a map was cut; all else is reached both ways."""
    piece = _parts(web, "strong")
    sizes = np.bincount(piece)
    main = int(sizes.argmax())
    kept = [link for link in web.links if piece[link.a] == piece[link.b] == main]
    lost = [link for link in web.links if not piece[link.a] == piece[link.b] == main]
    if not lost:
        return web, []
    names = Counter(link.name for link in lost if link.name)
    named = ", ".join(name for name, _ in names.most_common(MOST_NAMED)) or "-"
    return RoadWeb(web.nodes, kept), [
        bilingual("one-way roads without a way back, left out: {number} ({named})", number=len(lost), named=named)
    ]


def _starts(web: RoadWeb) -> NDArray[np.intp]:
    return np.array([link.a for link in web.links], dtype=np.intp)


def _parts(web: RoadWeb, connection: Literal["weak", "strong"]) -> NDArray[np.intp]:
    """The number of the piece of each node (N)."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    arcs = [(link.a, link.b) for link in web.links]
    arcs += [(link.b, link.a) for link in web.links if not link.nature.one_way]
    a, b = np.array(arcs, dtype=np.intp).reshape(-1, 2).T
    graph: Any = coo_array((np.ones(len(a)), (a, b)), shape=(len(web.nodes), len(web.nodes)))
    return np.asarray(connected_components(graph, directed=True, connection=connection)[1], dtype=np.intp)
