"""Burned areas by the hour: whole polygons, of the area that the log has burned, read by another library too."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from simrescue import Results, load, run
from simrescue.export.burned_areas import cell_ha, polygons
from simrescue.export.map_layers import map_layers
from simrescue.export.run_files import export_run
from simrescue.hazards.wildfire.landscape.ascii_grid import Grid

FIRE = Path(__file__).parents[2] / "scenarios" / "tiny-fire"
GRID = Grid(west=100.0, north=30.0, dlon=1.0, dlat=1.0, rows=5, columns=5)


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Results:
    return run(load(FIRE), replications=1, seed=1, workers=1, out=tmp_path_factory.mktemp("runs") / "fire")


def area(rings: tuple[tuple[tuple[float, float], ...], ...]) -> float:
    """By the shoelace formula, against the clock positive, so that holes are taken off."""
    total = 0.0
    for ring in rings:
        assert ring[0] == ring[-1]
        x, y = np.array(ring).T
        total += 0.5 * float(np.sum(x[:-1] * y[1:] - x[1:] * y[:-1]))
    return total


def test_polygons_hang_together_by_sides_and_keep_their_holes() -> None:
    cells = np.array([list(row) for row in ("####.", "#..#.", "#.##.", "###..", "....#")]) == "#"
    ring, single = polygons(cells, GRID)
    assert len(ring) == 2, "an outer ring and a hole"
    assert [area(ring), area(single)] == [float(cells.sum() - 1), 1.0]
    assert set(single[0]) == {(104.0, 25.0), (105.0, 25.0), (104.0, 26.0), (105.0, 26.0)}
    assert set(ring[1]) == {(101.0, 29.0), (103.0, 29.0), (103.0, 28.0), (102.0, 28.0), (102.0, 27.0), (101.0, 27.0)}


def test_cells_that_touch_by_a_corner_make_no_ring_that_crosses_itself() -> None:
    cells = np.array([list(row) for row in ("###..", "#.#..", "##...", ".....", ".....")]) == "#"
    (whole,) = polygons(cells, GRID)
    assert area(whole) == 7.0
    assert all(len(set(ring)) == len(ring) - 1 for ring in whole)


def test_the_last_area_of_a_fire_is_what_it_burned(results: Results) -> None:
    layer = {layer.name: layer for layer in map_layers(results, 0)}["burned"]
    rows = [dict(zip(layer.fields, feature.values, strict=True)) for feature in layer.features]
    assert {row["id"] for row in rows} == {"grave-field"}
    hours, sizes = [row["from_h"] for row in rows], [row["area_ha"] for row in rows]
    assert hours == sorted(hours)
    assert all(hour == round(hour) for hour in hours)
    assert [row["to_h"] for row in rows[:-1]] == hours[1:]
    assert sizes == sorted(sizes)
    assert sizes[-1] == pytest.approx(float(results.replications["burned_ha"][0]), rel=1e-4)
    grid = Grid(**results.manifest["scenario"]["landscape"])
    cells = sum(area(polygon) for polygon in layer.features[-1].polygons) / (grid.dlon * grid.dlat)
    assert cells * cell_ha(grid) == pytest.approx(sizes[-1], rel=1e-4)


def test_other_libraries_read_the_layer(results: Results, tmp_path: Path) -> None:
    export_run(results, 0, "zh", tmp_path, ("gpkg", "geojson"))
    read = json.loads((tmp_path / "fire-burned.geojson").read_text(encoding="utf-8"))["features"]
    assert {one["geometry"]["type"] for one in read} == {"MultiPolygon"}
    geopandas = pytest.importorskip("geopandas")
    for source in (
        {"filename": tmp_path / "fire.gpkg", "layer": "burned"},
        {"filename": tmp_path / "fire-burned.geojson"},
    ):
        table = geopandas.read_file(**source)
        assert len(table) == len(read)
        assert table.geometry.is_valid.all()
        assert table.crs.to_epsg() == 4326
        assert table.geometry.to_crs(32649).area.is_monotonic_increasing
