"""Coordinates of China's surveys and maps as degrees of WGS84.

CGCS2000 and WGS84 differ by less than road maps can show. GCJ-02 (Amap, Tencent) and BD-09 (Baidu) are shifted by some
hundred metres, by a formula that has been published and that everybody uses; it has no inverse in closed form.
"""

from __future__ import annotations

import math
import re
from importlib.util import find_spec
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simrescue.intake.columns import office_words, plain
from simrescue.intake.spreadsheets.sheet import refused
from simrescue.wording import bilingual

Points = NDArray[np.float64]
"""Points, shape (N, 2): longitude and latitude, or easting and northing."""
DATUMS = ("wgs84", "cgcs2000", "gcj02", "bd09")
"""Names that people may give; besides, a code of the EPSG registry as EPSG:4548."""
GEOGRAPHIC = ("", "wgs84", "cgcs2000", "EPSG:4326", "EPSG:4490")
"""Degrees that are taken as they are; empty: nothing is said."""
SEMI_MAJOR_M, ECCENTRICITY_2 = 6_378_245.0, 0.00669342162296594323
"""Ellipsoid of Krassovsky 1940, on which GCJ-02 reckons."""
BAIDU = math.pi * 3000 / 180
STEPS = 3
"""Steps of the inverse: it is then off by less than a millimetre."""
FIRST_MERIDIAN, FIRST_BY_MERIDIAN, MERIDIANS = 75, 4534, range(21)
"""Degrees and code of the registry of the first system of CGCS2000 that is called by its meridian, each 3 degrees."""
ZONES_3_DEG, ZONES_6_DEG = range(25, 46), range(13, 24)
"""Numbers of the zones of CGCS2000 that stand before an easting of eight digits."""


def gcj02(points: Points) -> Points:
    """Points of WGS84 as GCJ-02 has them.

    Args:
        points: shape (N, 2), longitude and latitude in degrees, in China.

    Returns:
        The same shape, by the formula that has been known since 2010 (project eviltransform, among others).
    """
    lon, lat = points[:, 0], points[:, 1]
    x, y = lon - 105.0, lat - 35.0
    sin, pi = np.sin, math.pi
    both = (20 * sin(6 * x * pi) + 20 * sin(2 * x * pi)) * 2 / 3
    north = -100 + 2 * x + 3 * y + 0.2 * y**2 + 0.1 * x * y + 0.2 * np.sqrt(np.abs(x)) + both
    north += (20 * sin(y * pi) + 40 * sin(y / 3 * pi)) * 2 / 3
    north += (160 * sin(y / 12 * pi) + 320 * sin(y * pi / 30)) * 2 / 3
    east = 300 + x + 2 * y + 0.1 * x**2 + 0.1 * x * y + 0.1 * np.sqrt(np.abs(x)) + both
    east += (20 * sin(x * pi) + 40 * sin(x / 3 * pi)) * 2 / 3
    east += (150 * sin(x / 12 * pi) + 300 * sin(x / 30 * pi)) * 2 / 3
    w = np.sqrt(1 - ECCENTRICITY_2 * sin(np.radians(lat)) ** 2)
    meridian_m = SEMI_MAJOR_M * (1 - ECCENTRICITY_2) / w**3
    parallel_m = SEMI_MAJOR_M / w * np.cos(np.radians(lat))
    return np.column_stack([lon + np.degrees(east / parallel_m), lat + np.degrees(north / meridian_m)])


def bd09(points: Points) -> Points:
    """Points of GCJ-02 as BD-09 has them; `points` (N, 2), longitude and latitude in degrees."""
    x, y = points[:, 0], points[:, 1]
    radius = np.hypot(x, y) + 0.00002 * np.sin(y * BAIDU)
    angle = np.arctan2(y, x) + 0.000003 * np.cos(x * BAIDU)
    return np.column_stack([radius * np.cos(angle) + 0.0065, radius * np.sin(angle) + 0.006])


def _undone(shift: Any, points: Points) -> Points:
    back = points.copy()
    for _ in range(STEPS):
        back -= shift(back) - points
    return back


def to_wgs84(points: Points, datum: str, file: str = "") -> Points:
    """Points as degrees of WGS84.

    Args:
        points: shape (N, 2): longitude and latitude, or easting and northing.
        datum: one of `DATUMS`, a code as EPSG:4548, or the text of a .prj file; empty: not known, then eastings of
            eight digits tell the zone of CGCS2000, and degrees are taken as they are.
        file: whose points they are, for messages.

    Raises:
        ScenarioError: the system is not known, pyproj is missing, or the numbers cannot be degrees.
    """
    if not len(points):
        return points
    if datum == "gcj02":
        return _undone(gcj02, points)
    if datum == "bd09":
        return _undone(gcj02, _undone(bd09, points))
    if datum in GEOGRAPHIC and not (datum == "" and np.abs(points).max() > 360):
        if np.abs(points[:, 0]).max() > 180 or np.abs(points[:, 1]).max() > 90:
            raise refused(file, bilingual("degrees of longitude and latitude, or {option}",
                                          option="--datum, --roads-datum EPSG:4548"))  # fmt: skip
        return points
    return _projected(points, datum or _zone_of(points, file), file)


def _zone_of(points: Points, file: str) -> str:
    """The system that eastings of eight digits tell by their zone. Raises ScenarioError where they tell none."""
    zones = set((points[:, 0] // 1_000_000).astype(int).tolist())
    zone = zones.pop() if len(zones) == 1 else 0
    if zone in ZONES_3_DEG:
        return f"EPSG:{4513 + zone - ZONES_3_DEG[0]}"
    if zone in ZONES_6_DEG:
        return f"EPSG:{4491 + zone - ZONES_6_DEG[0]}"
    expected = bilingual("the system of these eastings and northings, as {option} (CGCS2000, meridian 117)",
                         option="--datum, --roads-datum EPSG:4548")  # fmt: skip
    raise refused(file, expected)


def _projected(points: Points, datum: str, file: str) -> Points:
    if find_spec("pyproj") is None:
        raise refused(file, missing("pyproj"))
    from pyproj import CRS, Transformer
    from pyproj.exceptions import CRSError, ProjError

    try:
        system = CRS.from_user_input(datum)
        change = Transformer.from_crs(system, CRS.from_epsg(4326), always_xy=True)
        lon, lat = change.transform(points[:, 0], points[:, 1])
    except (CRSError, ProjError):
        raise refused(file, bilingual("a known system of coordinates: {known} or a code as {code}",
                                      known=", ".join(DATUMS), code="EPSG:4548")) from None  # fmt: skip
    degrees = np.column_stack([lon, lat])
    if not np.isfinite(degrees).all():
        raise refused(file, bilingual("points within the system of coordinates {datum}", datum=datum[:60]))
    return degrees


def missing(library: str) -> Any:
    """What a file that needs a library of the extra `gis` is told; `library`: its name."""
    return bilingual("the extra {extra} ({library}): {command}", extra="gis", library=library,
                     command="pip install 'simrescue[gis]'")  # fmt: skip


def datum_in(text: str) -> str:
    """The datum that a head or a title names, as `to_wgs84` takes it; empty: it names none, or several.

    Args:
        text: such as a head of a longitude with the name of a map behind it, or the meridian of a survey in a title.
    """
    bare = plain(text)
    if meridian := re.search(rf"(?:{'|'.join(office_words('meridian'))})\D{{0,4}}(\d{{2,3}})(?![.\d])", bare):
        zone, past = divmod(int(meridian[1]) - FIRST_MERIDIAN, 3)
        return f"EPSG:{FIRST_BY_MERIDIAN + zone}" if not past and zone in MERIDIANS else ""
    named = [datum for datum in ("gcj02", "bd09", "wgs84") if any(word in bare for word in office_words(datum))]
    return named[0] if len(named) == 1 else ""


def datum_of(text: str) -> str:
    """A datum as `to_wgs84` takes it, from how somebody wrote it ("GCJ-02", "4548", "epsg:4548").

    Raises ScenarioError for one that is none.
    """
    plain = re.sub(r"[^a-z0-9]", "", text.lower())
    if plain in DATUMS:
        return plain
    if code := re.fullmatch(r"(?:epsg)?(\d{4,6})", plain):
        return f"EPSG:{code[1]}"
    raise refused("--datum", bilingual("a known system of coordinates: {known} or a code as {code}",
                                       known=", ".join(DATUMS), code="EPSG:4548"))  # fmt: skip
