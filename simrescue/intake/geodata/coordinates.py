"""Coordinates of China's surveys and maps as degrees of WGS84.

CGCS2000 and WGS84 differ by less than road maps can show. GCJ-02 (Amap, Tencent) and BD-09 (Baidu) are shifted by some
hundred metres, by a formula that has been published and that everybody uses; it has no inverse in closed form.
"""

from __future__ import annotations

import math
import re
from importlib.util import find_spec
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from simrescue.errors import Fault, ScenarioError
from simrescue.intake.columns import office_words, plain
from simrescue.intake.spreadsheets.sheet import refused
from simrescue.wording import Words, bilingual

Points = NDArray[np.float64]
"""Points, shape (N, 2): longitude and latitude, or easting and northing."""
DATUMS = ("wgs84", "cgcs2000", "gcj02", "bd09", "xian80", "beijing54")
"""Names that people may give; besides, a code of the EPSG registry as EPSG:4548."""
GEOGRAPHIC = ("", "wgs84", "cgcs2000", "EPSG:4326", "EPSG:4490")
"""Degrees that are taken as they are; empty: nothing is said."""
SEMI_MAJOR_M, ECCENTRICITY_2 = 6_378_245.0, 0.00669342162296594323
"""Ellipsoid of Krassovsky 1940, on which GCJ-02 reckons."""
BAIDU = math.pi * 3000 / 180
STEPS = 3
"""Steps of the inverse: it is then off by less than a millimetre."""
FIRST_MERIDIAN, MERIDIANS = 75, range(21)
"""Degrees of the first meridian by which systems are called, each 3 degrees, and how many there are."""
ZONES_3_DEG, ZONES_6_DEG = range(25, 46), range(13, 24)
"""Numbers of the zones that stand before an easting of eight digits."""
FIRST_ZONED_M, MOST_DEGREES = 1e7, 360.0
"""The least easting with a zone before it, and the greatest number that may be degrees."""


class Survey(NamedTuple):
    """Codes of the EPSG registry for the systems of one survey; zones and meridians are numbered on from the first."""

    degrees: int
    zones_3_deg: int
    zones_6_deg: int
    meridians: int


SURVEYS = {"cgcs2000": Survey(4490, 4513, 4491, 4534), "xian80": Survey(4610, 2349, 2327, 2370),
           "beijing54": Survey(4214, 2401, 21413, 2422)}  # fmt: skip
OLD_SURVEYS = ("xian80", "beijing54")


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
        datum: one of `DATUMS`, a code as EPSG:4548, or the text of a .prj file; empty: not known, then it is CGCS2000.
            Eastings of eight digits tell their zone, and degrees of CGCS2000 are taken as they are.
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
    datum = system_of(points, datum, file)
    if datum in GEOGRAPHIC:
        if np.abs(points[:, 0]).max() > 180 or np.abs(points[:, 1]).max() > 90:
            raise refused(file, bilingual("degrees of longitude and latitude, or {option}",
                                          option="--datum, --roads-datum EPSG:4548"))  # fmt: skip
        return points
    return _projected(points, datum, file)


def system_of(points: Points, datum: str, file: str = "") -> str:
    """The system of coordinates that is meant by a survey, once its points have told their zone.

    Args:
        points: shape (N, 2), as they are written.
        datum: as `to_wgs84` takes it.
        file: whose points they are, for messages.

    Raises:
        ScenarioError: eastings of a survey that tell no zone.
    """
    survey = "cgcs2000" if datum in GEOGRAPHIC else datum
    for name, codes in SURVEYS.items():
        if (
            datum in [f"EPSG:{codes.meridians + number}" for number in MERIDIANS]
            and points[:, 0].min() >= FIRST_ZONED_M
        ):
            survey = name  # the zone stands before the easting, which the system of a meridian does not have
    if survey not in SURVEYS:
        return datum
    if np.abs(points).max() <= MOST_DEGREES:
        return datum if survey == "cgcs2000" else f"EPSG:{SURVEYS[survey].degrees}"
    return _zone_of(points, SURVEYS[survey], file)


def _zone_of(points: Points, survey: Survey, file: str) -> str:
    """The system that eastings of eight digits tell by their zone. Raises ScenarioError where they tell none."""
    zones = set((points[:, 0] // 1_000_000).astype(int).tolist())
    zone = zones.pop() if len(zones) == 1 else 0
    if zone in ZONES_3_DEG:
        return f"EPSG:{survey.zones_3_deg + zone - ZONES_3_DEG[0]}"
    if zone in ZONES_6_DEG:
        return f"EPSG:{survey.zones_6_deg + zone - ZONES_6_DEG[0]}"
    expected = bilingual("the system of these eastings and northings, as {option} (CGCS2000, meridian 117)",
                         option="--datum, --roads-datum EPSG:4548")  # fmt: skip
    raise ScenarioError([Fault(file, "", "", f"{points[0, 0]:.10g}, {points[0, 1]:.10g}", expected)])


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


def name_of_system(system: str) -> str:
    """What a system of coordinates is called; `system`: as `to_wgs84` takes it."""
    if system in DATUMS:
        return system
    from simrescue.hazards.flood.depth_rasters.raster_grid import called_system

    return called_system(system)


def is_of_old_survey(system: str) -> bool:
    """Whether a system lies off WGS84 by some tens of metres that nobody corrects; `system`: as `to_wgs84` takes it."""
    if not system or system in DATUMS:
        return system in OLD_SURVEYS
    from simrescue.hazards.flood.depth_rasters.raster_grid import is_shift_unknown

    return is_shift_unknown(system)


def said_of_old_survey() -> Words:
    """What is said of such a system."""
    return bilingual("Shift of the old survey: some tens of metres or more against WGS84, which nobody corrects")


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
    named = [datum for datum in ("gcj02", "bd09", *OLD_SURVEYS, "wgs84") if any(w in bare for w in office_words(datum))]
    codes = SURVEYS[named[0] if len(named) == 1 and named[0] in SURVEYS else "cgcs2000"]
    meridian = re.search(rf"(?:{'|'.join(office_words('meridian'))})\D{{0,4}}(\d{{2,3}})(?![.\d])", bare)
    before, behind = ("|".join(office_words(of)) for of in ("survey zone", "survey zone behind"))
    zone = re.search(rf"(?:{before})\D{{0,4}}(\d{{2}})(?!\d)|(?<!\d)(\d{{2}})(?:{behind})", bare)
    degrees = int(meridian[1]) if meridian else _meridian_of(int(zone[1] or zone[2])) if zone else 0
    if degrees:
        number, past = divmod(degrees - FIRST_MERIDIAN, 3)
        return f"EPSG:{codes.meridians + number}" if not past and number in MERIDIANS else ""
    return named[0] if len(named) == 1 else ""


def _meridian_of(zone: int) -> int:
    """Degrees of the meridian in the middle of a numbered zone; 0: there is no such zone in China."""
    return 3 * zone if zone in ZONES_3_DEG else 6 * zone - 3 if zone in ZONES_6_DEG else 0


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
