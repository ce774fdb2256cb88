"""What the tests of both county floods read off a scenario."""

from __future__ import annotations

import csv
import shutil
import subprocess
import sys
from collections.abc import Callable, Collection
from pathlib import Path

import numpy as np
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from simrescue.network.road_network import great_circle_km
from simrescue.places import Place, Village
from simrescue.scenario.records import Scenario

HOME = Path(__file__).parents[2] / "scenarios"
PLACES = ("villages", "shelters", "depots", "bases", "landing_sites", "junctions")
BUILT = (*PLACES, "roads", "levels")
Spots = dict[str, tuple[float, float]]
"""Longitude and latitude of points of public packages, by their names."""
LOCATED = ("depots", "bases", "landing_sites", "shelters")
"""Tables whose rows stand at points of public packages."""


def level_m(scenario: Scenario, zone: str, at_h: float) -> float:
    """Mean level of a zone, m."""
    points = [(level.time_h, level.level_m) for level in scenario.levels if level.zone == zone]
    return float(np.interp(at_h, *zip(*points, strict=True)))


def depth_m(scenario: Scenario, village: Village, at_h: float) -> float:
    """Depth in a village on mean levels, m; dry where no level rules."""
    return level_m(scenario, village.zone, at_h) - village.elevation_m if village.zone else -1.0


def facts(folder: Path, name: str) -> list[dict[str, str]]:
    """The rows of a table of facts that the build reads."""
    return rows(folder / "rebuild" / f"{name}.csv")


def rows(path: Path) -> list[dict[str, str]]:
    """The rows of a table as they are written."""
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def distance_km(one: Place, other: Place) -> float:
    """Great circle between two places, km."""
    return float(great_circle_km(one.lon, one.lat, other.lon, other.lat))


def places_and_networks(scenario: Scenario) -> tuple[int, int]:
    """Places of a scenario, and networks into which its roads join them."""
    ids = {place.id: n for n, place in enumerate(p for table in PLACES for p in getattr(scenario, table))}
    pairs = np.array([[ids[road.start], ids[road.end]] for road in scenario.roads])
    graph = coo_matrix((np.ones(len(pairs)), pairs.T), shape=(len(ids), len(ids)))
    return len(ids), int(connected_components(graph, directed=False)[0])


def build_again(
    folder: Path, copy: Path, built: Collection[str] = BUILT, points: Callable[[Path], Spots] | None = None
) -> list[str]:
    """Tables and rasters that come out of the build of a scenario other than they are kept.

    The points that the build looks up in public packages are those of the kept tables, so that no package is needed:
    only whether the packages still hold them is left out.
    """
    for part in (folder, HOME / "_build"):
        shutil.copytree(part, copy / part.name)
    shutil.copy(HOME / "build_landscapes.py", copy)
    made = copy / folder.name
    lines = (
        f"import runpy, sys; sys.path.insert(0, {str(copy / '_build')!r})",
        f"import tables; tables.spots = lambda wanted: {(points or _points)(folder)!r}",
        f"runpy.run_path({str(made / 'build.py')!r}, run_name='__main__')",
    )
    kept = [path for path in sorted(folder.iterdir()) if path.suffix in {".csv", ".asc"}]
    for path in kept:
        if path.stem in built:
            (made / path.name).unlink()
    subprocess.run([sys.executable, "-c", "\n".join(lines)], check=True, capture_output=True)
    return [path.name for path in kept if path.read_bytes() != (made / path.name).read_bytes()]


def _points(folder: Path) -> Spots:
    """Longitude and latitude of each point that a fact names; of several things at one point, the westernmost's."""
    found: Spots = {}
    named = [(row["at"], row["id"]) for table in LOCATED for row in facts(folder, table) if row["at"]]
    if "at" in (towns := facts(folder, "towns"))[0]:
        named += [(row["at"], f"office-{row['id']}") for row in towns]
    kept = {row["id"]: row for table in LOCATED for row in rows(folder / f"{table}.csv")}
    for point, name in named:
        at = float(kept[name]["lon"]), float(kept[name]["lat"])
        found[point] = min(found.get(point, at), at)
    return found
