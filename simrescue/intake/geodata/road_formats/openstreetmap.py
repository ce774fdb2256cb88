"""Roads of OpenStreetMap: .osm (XML) and .pbf, in two passes, so that only the points of roads are kept."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from simrescue.intake.geodata.road_file import MOST_LINES, MOST_POINTS, RoadFile, RoadLine, broken, too_large
from simrescue.intake.spreadsheets.sheet import refused
from simrescue.wording import bilingual

TAGS = ("highway", "name", "ref", "oneway", "junction", "bridge", "tunnel", "layer", "maxspeed", "lanes")
"""What is kept of a road."""
BEGINNING = 65_536
"""Bytes at the beginning of an XML file in which a declaration of entities would stand."""


def read_openstreetmap(path: Path) -> RoadFile:
    """The ways with a `highway` of an OpenStreetMap file.

    Args:
        path: of the .osm or .pbf file.

    Raises:
        ScenarioError: it is broken, declares entities, is too large, or holds no roads.
    """
    if path.suffix.lower() == ".osm":
        with path.open("rb") as stream:
            # No map needs one; entities that stand for entities fill any memory.
            if b"<!DOCTYPE" in stream.read(BEGINNING).upper():
                raise refused(path.name, bilingual("XML without a declaration of entities"))
    import osmium

    try:
        ways = _ways(path)
        spots = _spots(path, {node for nodes, _ in ways for node in nodes})
    except (RuntimeError, OSError, ValueError, osmium.InvalidLocationError):
        raise broken(path.name, ".osm/.pbf") from None
    lines, short = [], 0
    for nodes, tags in ways:
        known = [spots[node] for node in nodes if node in spots]
        # Where a file was cut out of a larger one, ways end at its border.
        short += len(known) < len(nodes)
        points = np.array(known, dtype=float).reshape(-1, 2)
        apart = np.ones(len(points), dtype=bool)
        apart[1:] = (np.diff(points, axis=0) != 0).any(axis=1)
        if apart.sum() >= 2:
            lines.append(RoadLine(points[apart], tags))
    if not lines:
        raise refused(path.name, bilingual("ways with a highway and their points"))
    remarks = [bilingual("roads with points that the file lacks: {number}", number=short)] if short else []
    return RoadFile(path.name, lines, "EPSG:4326", shares_points=True, remarks=remarks)


def _ways(path: Path) -> list[tuple[list[int], dict[str, str]]]:
    import osmium

    ways, points = list[tuple[list[int], dict[str, str]]](), 0
    processor: Any = osmium.FileProcessor(str(path), osmium.osm.WAY).with_filter(osmium.filter.KeyFilter("highway"))
    for way in processor:
        nodes = [node.ref for node in way.nodes]
        points += len(nodes)
        if len(ways) >= MOST_LINES or points > MOST_POINTS:
            raise too_large(path.name)
        ways.append((nodes, {tag.k: tag.v[:200] for tag in way.tags if tag.k in TAGS}))
    return ways


def _spots(path: Path, wanted: set[int]) -> dict[int, tuple[float, float]]:
    import osmium

    processor: Any = osmium.FileProcessor(str(path), osmium.osm.NODE).with_filter(osmium.filter.IdFilter(wanted))
    return {node.id: (node.lon, node.lat) for node in processor if node.location.valid()}
