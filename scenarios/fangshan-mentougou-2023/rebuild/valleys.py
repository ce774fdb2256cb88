"""Villages up the valleys of their township, the roads that lead to them, masts, and power along these roads."""

from __future__ import annotations

import numpy as np
from plane import Plane, Points, Table, spread
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import dijkstra, minimum_spanning_tree

MOUNTAINS = Plane(lon=115.85, lat=39.87, km_per_lon=85.43, km_per_lat=111.03)
VALLEY_KM = 9.0
"""Villages lie within this of the seat of their township, and nearer to it than to any other (assumed)."""
SEAT_KM = 0.6
"""And not nearer than this to it (assumed)."""
GRID = 41
"""Grid points across the ground over which the villages of a township are spread."""
CREST_M = 6.0
"""Level of every zone at its crest, over a datum of its own: no heights of these valleys are in the packages."""
WET_SHARE = 0.3
"""Places with water in their lowest street at the crest (assumed)."""
DEEPEST_M = 2.0
"""Water in the lowest street of the worst place of a township at the crest (assumed)."""
DRY_M = 2.0
"""All other places, shelters and offices stand so high over the crest (assumed)."""
ROAD_UNDER_M = 1.0
"""Water at the crest on the lowest spot of each road of a valley (assumed)."""
VILLAGES_A_MAST = 3
"""A base station for so many villages, besides that at each seat (assumed)."""


def zone(town: dict[str, str]) -> str:
    """Name of a township's zone: district, then township, so that a figure for a district counts all its townships."""
    return f"{town['district']}-{town['id']}"


def villages(towns: Table, recorded: Table) -> Table:
    """All rows of villages.csv; places of a township from north to south, recorded ones where they are."""
    seats = MOUNTAINS.to_km(towns)
    rows: Table = []
    for at, town in enumerate(towns):
        named = [row for row in recorded if row["town"] == town["id"]]
        together = int(town["together"])
        places = -(-int(town["villages"]) // together)
        grid = _ground(seats, at)
        spots = spread(grid, places - len(named), MOUNTAINS.to_km(named))
        spots = spots[np.lexsort((spots[:, 0].round(3), -spots[:, 1].round(3)))]
        mine = [*named, *(_neutral(town, n + 1, together, spot) for n, spot in enumerate(spots))]
        _people(town, mine)
        _stand(town, mine, seats[at])
        rows += mine
    return rows


def _ground(seats: Points, at: int) -> Points:
    """Grid points of a township, km."""
    steps = np.linspace(-VALLEY_KM, VALLEY_KM, GRID)
    grid = seats[at] + np.stack(np.meshgrid(steps, steps), axis=-1).reshape(-1, 2)
    away = np.linalg.norm(grid[:, None] - seats, axis=-1)
    own = (away[:, at] > SEAT_KM) & (away[:, at] <= VALLEY_KM) & (away.argmin(axis=1) == at)
    return np.asarray(grid[own])


def _neutral(town: dict[str, str], number: int, together: int, spot: Points) -> dict[str, str]:
    lon, lat = MOUNTAINS.to_degrees(spot)
    joined = together > 1
    return {
        "id": f"{town['id']}-village-{number:02d}",
        "name": f"{town['name']} {'villages' if joined else 'village'} {number:02d}",
        "name_zh": f"{town['name_zh']}{number:02d}村({f'{together}村合并,' if joined else ''}假定)",
        "lon": str(lon),
        "lat": str(lat),
        "people": "",
    }


def _people(town: dict[str, str], rows: Table) -> None:
    """Share the people of a township evenly over its places but those that the record counts."""
    open_rows = [row for row in rows if not row["people"]]
    upto = np.round(np.linspace(0, int(town["people"]), len(open_rows) + 1)).astype(int)
    for row, number in zip(open_rows, np.diff(upto), strict=True):
        row["people"] = str(number)


def _stand(town: dict[str, str], rows: Table, seat: Points) -> None:
    """Ground by rank of the distance from the seat, so that near and far are wet alike."""
    away = np.linalg.norm(MOUNTAINS.to_km(rows) - seat, axis=1)
    wet = round(WET_SHARE * len(rows))
    ranks = np.linspace(0, len(rows) - 1, wet).round().astype(int) if wet else np.empty(0, dtype=int)
    depth = {int(rank): DEEPEST_M * (n + 0.5) / wet for n, rank in enumerate(ranks)}
    for rank, number in enumerate(np.argsort(away, kind="stable")):
        rows[number] |= {
            "township": town["name_zh"],
            "town": town["id"],
            "zone": zone(town),
            "elevation_m": f"{CREST_M - depth[rank] if rank in depth else CREST_M + DRY_M:.2f}",
            "wet": "true" if rank in depth else "",
        }


def nearest_to_seat(town: dict[str, str], rows: Table) -> dict[str, str]:
    """The village that the seat of a township is in."""
    away = ((MOUNTAINS.to_km(rows) - MOUNTAINS.to_km([town])[0]) ** 2).sum(axis=1)
    return rows[int(away.argmin())]


def roads(towns: Table, places: Table, corridors: Table) -> Table:
    """All rows of roads.csv: corridors as drawn, and in each township the shortest tree over its places.

    Args:
        towns: townships with their seats.
        places: every place that a road may end at; those of a township have its id as `town`.
        corridors: known roads.
    """
    at = {place["id"]: place for place in places}
    zones = {town["id"]: zone(town) for town in towns}
    rows = [_road(row["from"], row["to"], row["kind"], row["length_km"], at, zones) for row in corridors]
    for town in towns:
        mine = [place for place in places if place.get("town") == town["id"]]
        spots = MOUNTAINS.to_km(mine)
        tree = minimum_spanning_tree(np.linalg.norm(spots[:, None] - spots, axis=-1)).tocoo()
        pairs = sorted((int(a), int(b)) for a, b in zip(tree.row, tree.col, strict=True))
        rows += [_road(mine[a]["id"], mine[b]["id"], "class4", "", at, zones) for a, b in pairs]
    return rows


def _road(
    a: str, b: str, kind: str, length_km: str, at: dict[str, dict[str, str]], zones: dict[str, str]
) -> dict[str, str]:
    """A road of a valley lies by its stream, that to a district seat too; bridges are where the main roads cross it."""
    town = at[b].get("town") or at[a].get("town") or ""
    return {
        "id": f"{a}--{b}",
        "from": a,
        "to": b,
        "length_km": length_km,
        "kind": kind,
        "elevation_m": f"{CREST_M - ROAD_UNDER_M:.1f}" if town else "0",
        "zone": zones.get(town, ""),
        "bridge": "true" if town and kind != "class4" else "false",
        "assumed": "true",
    }


def stations(towns: Table, rows: Table, outside: Table, all_roads: Table, places: Table) -> Table:
    """All rows of stations.csv: a mast at each seat and one for so many villages, each on its line along the roads."""
    made = [
        _works(f"mast-{place['id']}", f"{place['name']} mast", f"{place['name_zh']}基站", place) for place in outside
    ]
    for town in towns:
        mine = [row for row in rows if row["town"] == town["id"]]
        step = max(1, VILLAGES_A_MAST // int(town["together"]))
        sites = [_office(town, places), *mine[step - 1 :: step]]
        for place in sites:
            name = place["id"].removeprefix("office-")
            mast = _works(f"mast-{name}", f"{place['name']} mast", f"{place['name_zh']}基站", place)
            mast["line"] = ";".join(_way(place["id"], f"{town['district']}-command", all_roads, places))
            made.append(mast)
    return made


def power(towns: Table, outside: Table, all_roads: Table, places: Table) -> Table:
    """All rows of power.csv: a switch room at each seat, fed along the roads from its district."""
    made = [
        _works(f"room-{place['id']}", f"{place['name']} substation", f"{place['name_zh']}变电站", place)
        for place in outside
    ]
    for town in towns:
        place = _office(town, places)
        room = _works(f"room-{town['id']}", f"{town['name']} switch room", f"{town['name_zh']}配电房", place)
        room["line"] = ";".join(_way(place["id"], f"{town['district']}-command", all_roads, places))
        made.append(room)
    return made


def _office(town: dict[str, str], places: Table) -> dict[str, str]:
    return next(place for place in places if place["id"] == f"office-{town['id']}")


def _works(name: str, words: str, words_zh: str, place: dict[str, str]) -> dict[str, str]:
    """A mast or switch room on dry ground at a place: no record says that any stood in the water."""
    return {
        "id": name,
        "name": words,
        "name_zh": words_zh,
        "lon": place["lon"],
        "lat": place["lat"],
        "elevation_m": f"{CREST_M + DRY_M:.2f}",
        "zone": place.get("zone", ""),
        "line": "",
        "assumed": "true",
    }


def _way(start: str, end: str, all_roads: Table, places: Table) -> list[str]:
    """Ids of the roads of the shortest way between two places."""
    number = {place["id"]: n for n, place in enumerate(places)}
    spots = MOUNTAINS.to_km(places)
    ends = np.array([[number[road["from"]], number[road["to"]]] for road in all_roads])
    lengths = np.linalg.norm(spots[ends[:, 0]] - spots[ends[:, 1]], axis=1)
    graph = csr_matrix((lengths, ends.T), shape=(len(places), len(places)))
    before = dijkstra(graph, directed=False, indices=number[end], return_predecessors=True)[1]
    by_ends = {frozenset(pair): road["id"] for pair, road in zip(ends.tolist(), all_roads, strict=True)}
    way, here = [], number[start]
    while here != number[end]:
        way.append(by_ends[frozenset((here, int(before[here])))])
        here = int(before[here])
    return way
