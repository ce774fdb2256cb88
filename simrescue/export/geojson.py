"""GeoJSON (RFC 7946): one collection of features for each layer, for web maps and whatever reads no GeoPackage."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from simrescue.export.map_layers import MapLayer

DIGITS = 6
"""Decimals of degrees: a tenth of a metre."""


def geojson_bytes(layer: MapLayer) -> bytes:
    """A layer as a collection of features, one a line.

    Args:
        layer: whose values are text, finite numbers or None.
    """
    lines = []
    for feature in layer.features:
        points = _rounded(feature.points)
        areas = [[_rounded(ring) for ring in polygon] for polygon in feature.polygons]
        coordinates = {"Point": points[:1] and points[0], "LineString": points, "MultiPolygon": areas}
        whole = {
            "type": "Feature",
            "geometry": {"type": layer.geometry, "coordinates": coordinates[layer.geometry]},
            "properties": dict(zip(layer.fields, feature.values, strict=True)),
        }
        lines.append(json.dumps(whole, ensure_ascii=False, allow_nan=False))
    head = f'{{"type": "FeatureCollection", "name": {json.dumps(layer.name)}, "features": ['
    return "\n".join([head, ",\n".join(lines), "]}", ""]).encode()


def _rounded(points: Iterable[tuple[float, float]]) -> list[list[float]]:
    return [[round(lon, DIGITS), round(lat, DIGITS)] for lon, lat in points]
