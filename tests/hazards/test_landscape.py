from __future__ import annotations

import pickle
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simrescue.hazards.wildfire.landscape.ascii_grid import LayerFile
from simrescue.hazards.wildfire.landscape.rasters import read_arrival, read_landscape
from simrescue.hazards.wildfire.landscape.terrain import Landscape
from simrescue.parameters import Parameters

ROWS, COLUMNS = 5, 7
STEP = 0.001


def landscape(elevation: Any = None, fuel: Any = 1, cover: Any = 0.0, top: Any = 0.0, **where: float) -> Landscape:
    shape = (ROWS, COLUMNS)
    place = {"west": 114.0, "north": 38.0, "dlon": STEP, "dlat": STEP} | where
    layers = (np.broadcast_to(np.asarray(layer, dtype=float), shape) for layer in (elevation or 0.0, cover, top))
    return Landscape(**place, fuel=np.broadcast_to(np.int16(fuel), shape), **dict(zip(LAYERS, layers, strict=True)))


LAYERS = ("elevation_m", "canopy_cover", "canopy_height_m")


def plane(east: float, north: float) -> Landscape:
    """A slope that rises by these shares to the east and to the north."""
    flat = landscape()
    x, y = flat.xy_m(np.arange(flat.n_cells))
    height = (x * east + y * north).reshape(flat.shape)
    return Landscape(flat.west, flat.north, STEP, STEP, flat.fuel, height, flat.canopy_cover, flat.canopy_height_m)


def test_a_cell_of_a_thousandth_degree_is_some_hundred_metres():
    one = landscape()
    assert one.cell_y_m == pytest.approx(111.195, abs=0.001)
    assert one.cell_x_m == pytest.approx(111.195 * np.cos(np.radians(38 - 0.0025)), abs=0.001)
    assert one.cell_ha == pytest.approx(0.974, abs=0.001)


@given(east=st.floats(-1, 1), north=st.floats(-1, 1))
def test_a_plane_has_one_slope_up_to_its_edges(east, north):
    one = plane(east, north)
    assert one.slope == pytest.approx(np.full(one.shape, np.hypot(east, north)), abs=1e-9)
    if np.hypot(east, north) > 1e-3:
        off = one.upslope_rad - np.arctan2(east, north)
        assert np.cos(off) == pytest.approx(np.ones(one.shape), abs=1e-6)


def test_a_single_row_is_a_landscape_too():
    grid = {"west": 0.0, "north": 0.0, "dlon": STEP, "dlat": STEP}
    zeros = np.zeros((1, 4))
    one = Landscape(
        **grid, fuel=np.ones((1, 4), np.int16), elevation_m=zeros, canopy_cover=zeros, canopy_height_m=zeros
    )
    assert not one.slope.any()


def test_the_middle_of_a_cell_lies_in_it():
    one = landscape()
    cells = np.arange(one.n_cells)
    assert one.cell_of(*one.centre(cells)).tolist() == cells.tolist()
    lon, lat = one.centre(0)
    assert (lon, lat) == pytest.approx((114.0005, 37.9995)), "row 0 is the north"


def test_points_outside_have_no_cell():
    lon = [113.9999, 114.0071, 114.003, 114.003]
    lat = [37.998, 37.998, 38.0001, 37.9949]
    assert landscape().cell_of(lon, lat).tolist() == [-1] * 4


def test_metres_grow_to_the_east_and_north():
    one = landscape()
    x, y = one.xy_m([0, 1, COLUMNS])
    assert x[1] - x[0] == pytest.approx(one.cell_x_m)
    assert y[0] - y[2] == pytest.approx(one.cell_y_m)


def test_trees_shelter_the_fuel_below_them():
    assert landscape(cover=0.8, top=15.0).wind_adjustment[0, 0] < landscape().wind_adjustment[0, 0] / 2


def test_only_fuel_burns():
    assert not landscape(fuel=98).burns.any()
    assert not landscape(fuel=0).burns.any()
    assert landscape(fuel=165).burns.all()


@pytest.mark.parametrize("wrong", [{"fuel": 14}, {"fuel": -1}, {"cover": np.nan}, {"top": np.inf}])
def test_what_makes_no_sense_is_refused(wrong):
    with pytest.raises(ValueError, match="known fuel"):
        landscape(**wrong)


def test_layers_of_two_shapes_are_refused():
    zeros = np.zeros((2, 3))
    with pytest.raises(ValueError, match="one shape"):
        Landscape(0, 0, 1, 1, np.ones((3, 2), np.int16), zeros, zeros, zeros)


def test_a_landscape_travels_to_a_worker():
    one = plane(0.2, 0.1)
    other = pickle.loads(pickle.dumps(one))
    assert (other.slope == one.slope).all()


# ---- reading


IN_DEGREES = "degrees (WGS84); a grid in metres can be given as GeoTIFF"
HEADER = "ncols 3\nnrows 2\nxllcorner 114.0\nyllcorner 38.0\ncellsize 0.001\nNODATA_value -9999\n"


def asc(*rows: str, header: str = HEADER, name: str = "fuel.asc") -> LayerFile:
    return LayerFile(name, (header + "\n".join(rows)).encode())


def read(max_cells: int = 100, **files: LayerFile) -> tuple[Landscape | None, list[str]]:
    known = {"fuel": asc("1 2 8", "101 99 165"), "elevation": asc("10 20 30", "10 20 30", name="elevation.asc")} | files
    one, faults = read_landscape(known, max_cells, Parameters())
    assert (one is None) == bool(faults)
    return one, [str(fault) for fault in faults]


def test_grids_become_a_landscape():
    one, _ = read(canopy_cover=asc("0 0.5 -9999", "0 0 0.7", name="cover.asc"))
    assert one is not None
    assert one.fuel.tolist() == [[1, 2, 8], [101, 99, 165]]
    assert (one.west, one.north, one.dlon) == pytest.approx((114.0, 38.002, 0.001))
    assert one.elevation_m[0].tolist() == [10, 20, 30]
    assert one.canopy_cover.tolist() == [[0, 0.5, 0], [0, 0, 0.7]]
    assert one.canopy_height_m.tolist() == [[0, 10, 0], [0, 0, 10]], "height of trees by default"


def test_centres_two_steps_and_capitals_are_read_too():
    header = "NCOLS 3\nNROWS 2\nXLLCENTER 114.0005\nYLLCENTER 38.001\nDX 0.001\nDY 0.002\n"
    files = {key: asc("1 1 1", "1 1 1", header=header, name=f"{key}.asc") for key in ("fuel", "elevation")}
    one, _ = read(**files)
    assert one is not None
    assert (one.west, one.north, one.dlon, one.dlat) == pytest.approx((114.0, 38.004, 0.001, 0.002))


def test_nothing_burns_where_fuel_or_height_is_unknown():
    one, _ = read(fuel=asc("1 -9999 1", "1 1 1"), elevation=asc("10 20 -9999", "10 20 30", name="elevation.asc"))
    assert one is not None
    assert one.burns.tolist() == [[True, False, False], [True, True, True]]
    assert one.elevation_m[0, 2] in (20, 30), "the nearest known height"


GOOD = ("1 1 1", "1 1 1")


@pytest.mark.parametrize(
    ("file", "place", "expected"),
    [
        (
            asc("1 2 8", "101 14 15"),
            'row 2 of the grid, column 2: "14"',
            "or no data; 2 of 6 cells hold something else",
        ),
        (asc("1 2 8", "101 x nan"), 'row 2 of the grid, column 2: "x"', "a number; 2 of 6 cells hold none"),
        (asc("1 2 8"), '"3 numbers"', "2 rows of 3 numbers, 6 in all"),
        (asc(*GOOD, header=HEADER.replace("114.0", "480000")), 'header, xllcorner: "480000"', IN_DEGREES),
        (asc(*GOOD, header=HEADER.replace("0.001", "30")), "30 x 30 degrees from 114 E, 98 N", IN_DEGREES),
        (asc(*GOOD, header=HEADER.replace("0.001", "-1")), 'header, cellsize: "-1"', IN_DEGREES),
        (asc(*GOOD, header=HEADER.replace("ncols 3", "ncols 2.5")), 'header, ncols: "2.5"', "a whole number from 1"),
        (asc(*GOOD, header="ncols 3\nnrows 2\n"), "header, xllcorner", IN_DEGREES),
        (LayerFile("fuel.asc", b""), "header, ncols", "a whole number from 1"),
        (LayerFile("fuel.asc", b"ncols"), "header, ncols", "a whole number from 1"),
        (LayerFile("fuel.vrt", b"<VRTDataset/>"), "fuel.vrt", "an ASCII grid (.asc) or a GeoTIFF (.tif)"),
    ],
)
def test_a_bad_grid_is_told_with_what_was_expected(file, place, expected):
    _, faults = read(fuel=file)
    assert faults[0].startswith(file.name)
    assert place in faults[0]
    assert faults[0].endswith(expected)


def test_all_faults_of_all_layers_come_at_once():
    _, faults = read(fuel=asc("1 2 8", "14 1 1"), elevation=asc("10 20 30", "10 20 9999", name="elevation.asc"))
    assert len(faults) == 2


def test_layers_must_lie_on_one_grid():
    shifted = HEADER.replace("114.0", "114.01")
    _, faults = read(elevation=asc("1 1 1", "1 1 1", header=shifted, name="elevation.asc"))
    assert faults[0].startswith('elevation.asc: "2 rows, 3 columns of 0.001 x 0.001 degrees from 114.01 E, 38.002 N"')
    assert faults[0].endswith("the grid of the fuel: 2 rows, 3 columns of 0.001 x 0.001 degrees from 114 E, 38.002 N")


def test_a_raster_with_too_many_cells_is_refused():
    _, faults = read(max_cells=5)
    assert 'fuel.asc: "2 x 3 cells" - expected at most 5 cells' in faults


def test_arrival_of_another_tools_fire_is_read():
    one, _ = read()
    assert one is not None
    hours, faults = read_arrival(asc("0 1.5 -9999", "0.5 2 4", name="arrival.asc"), one)
    assert not faults
    assert hours is not None
    assert hours.tolist() == [[0, 1.5, np.inf], [0.5, 2, 4]]
    _, faults = read_arrival(asc("0 1.5 -3", "0.5 2 4", name="arrival.asc"), one)
    assert "hours since ignition, 0 or more" in str(faults[0])


# ---- GeoTIFF


def tif(
    values: Any, crs: str | None = "EPSG:4326", origin: tuple[float, float, float] = (114.0, 38.002, 0.001)
) -> bytes:
    pytest.importorskip("rasterio")
    from rasterio import Affine
    from rasterio.io import MemoryFile

    band = np.asarray(values, dtype=np.float32)
    west, north, step = origin
    profile = {"driver": "GTiff", "dtype": "float32", "count": 1, "nodata": -9999.0, "crs": crs}
    profile |= {"height": band.shape[0], "width": band.shape[1], "transform": Affine(step, 0, west, 0, -step, north)}
    with MemoryFile() as memory:
        with memory.open(**profile) as target:
            target.write(band, 1)
        return bytes(memory.read())


def test_a_geotiff_in_degrees_is_taken_as_it_is():
    fuel = LayerFile("fuel.tif", tif([[1, 2, 8], [101, -9999, 165]]))
    one, faults = read(fuel=fuel, elevation=asc("10 20 30", "10 20 30", name="elevation.asc"))
    assert not faults
    assert one is not None
    assert one.fuel.tolist() == [[1, 2, 8], [101, 0, 165]]
    assert one.elevation_m.tolist() == [[10, 20, 30], [10, 20, 30]]


def test_a_geotiff_in_metres_is_laid_on_degrees():
    """A plane that rises 1 m in 10 m to the east, in UTM zone 50 north, comes out with that slope."""
    rows, columns = 40, 50
    height = np.broadcast_to(np.arange(columns) * 3.0, (rows, columns))
    place = (400_000.0, 4_200_000.0, 30.0)
    fuel = LayerFile("fuel.tif", tif(np.full((rows, columns), 10), "EPSG:32650", place))
    elevation = LayerFile("dem.tif", tif(height, "EPSG:32650", place))
    one, faults = read(max_cells=4000, fuel=fuel, elevation=elevation)
    assert not faults
    assert one is not None
    assert (one.west, one.north) == pytest.approx((115.86, 37.94), abs=0.02)
    middle = one.slope[10:-10, 10:-10]
    assert middle == pytest.approx(np.full(middle.shape, 0.1), abs=0.003)
    assert np.degrees(one.upslope_rad[20, 20]) == pytest.approx(90, abs=2)
    assert one.burns.mean() > 0.9, "the corners of the turned grid are unknown"


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (lambda: b"II*\x00 not a tif", "a GeoTIFF that can be read"),
        (lambda: tif(np.ones((2, 3)), crs=None), "a GeoTIFF with its coordinate system"),
        (lambda: tif(np.ones((20, 30))), "at most 100 cells"),
        (lambda: tif(np.full((2, 3), -9999)), "data"),
    ],
)
def test_a_bad_geotiff_is_told(data, expected):
    _, faults = read(fuel=LayerFile("fuel.tif", data()))
    assert faults[0].endswith(f"expected {expected}")


def test_a_geotiff_that_lies_elsewhere_is_told():
    elsewhere = tif(np.ones((2, 3)), origin=(10.0, 50.0, 0.001))
    _, faults = read(elevation=LayerFile("dem.tif", elsewhere))
    assert faults == ["dem.tif: expected data where the fuel lies"]
