"""GeoJSON (RFC 7946), with the member `crs` of its older draft, which China's offices still write."""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from simrescue.intake.geodata.road_file import RoadFile, broken, lines_of, too_large
from simrescue.intake.spreadsheets.sheet import refused
from simrescue.wording import bilingual

MOST_TEXT = 100_000_000
"""Bytes: as objects of Python a file takes some ten times its size."""


def read_geojson(path: Path) -> RoadFile:
    """The lines of a GeoJSON file.

    Args:
        path: of the file, in UTF-8, UTF-16 or GB 18030.

    Raises:
        ScenarioError: it is broken, hostile, too large, or holds no lines.
    """
    if path.stat().st_size > MOST_TEXT:
        raise too_large(path.name)
    data = path.read_bytes()
    try:
        whole = json.loads(_text(data))
        system = _system(whole)
        lines = lines_of(path.name, _parts(whole))
    except (ValueError, RecursionError, AttributeError, TypeError, KeyError):
        raise broken(path.name, "GeoJSON") from None
    if not lines:
        raise refused(path.name, bilingual("lines, the middle of roads; these are points or areas"))
    return RoadFile(path.name, lines, system)


def _text(data: bytes) -> str:
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return data.decode("utf-16")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("gb18030")


def _system(whole: dict[str, Any]) -> str:
    name = str((whole.get("crs") or {}).get("properties", {}).get("name", ""))
    if "CRS84" in name:
        return "EPSG:4326"
    code = re.search(r"EPSG:+(?:\d*:)?(\d+)$", name)
    return f"EPSG:{code[1]}" if code else name


def _parts(whole: dict[str, Any]) -> Iterator[tuple[Any, dict[str, Any]]]:
    for feature in whole.get("features", [whole]):
        shape = feature.get("geometry") or (feature if {"coordinates", "geometries"} & feature.keys() else {})
        attributes = {
            key: value
            for key, value in (feature.get("properties") or {}).items()
            if isinstance(value, str | int | float | bool)
        }
        for part in _lines(shape):
            yield part, attributes


def _lines(shape: dict[str, Any]) -> Iterator[Any]:
    """The coordinates of each line of a geometry, those of a collection too."""
    if shape.get("type") == "LineString":
        yield shape["coordinates"]
    elif shape.get("type") == "MultiLineString":
        yield from shape["coordinates"]
    elif shape.get("type") == "GeometryCollection":
        for part in shape["geometries"]:
            yield from _lines(part)
