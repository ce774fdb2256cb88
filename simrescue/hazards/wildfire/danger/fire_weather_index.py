"""The Canadian Forest Fire Weather Index System: three moisture codes carried from day to day, and three indices.

Source: Van Wagner 1987, Development and structure of the Canadian Forest Fire Weather Index System, Forestry Technical
Report 35; day lengths away from Canada as in the fire danger package of the Canadian Forest Service (cffdrs). Checked
against the series of 48 days of Van Wagner and Pickett 1985.
"""

from __future__ import annotations

import math
from typing import NamedTuple

FFMC_SCALE = 250 * 59.5 / 101
DAY_LENGTH_H = (6.5, 7.5, 9.0, 12.8, 13.9, 13.9, 12.4, 10.9, 9.4, 8.0, 7.0, 6.0)
"""Effective day length of the duff moisture code by month, from 30 degrees north."""
DAY_LENGTH_TROPICS_H = (7.9, 8.4, 8.9, 9.5, 9.9, 10.2, 10.1, 9.7, 9.1, 8.6, 8.1, 7.8)
"""The same from 10 to 30 degrees north."""
DAY_LENGTH_EQUATOR_H = 9.0
DROUGHT_DAY_LENGTH = (-1.6, -1.6, -1.6, 0.9, 3.8, 5.8, 6.4, 5.0, 2.4, 0.4, -1.6, -1.6)
"""Adjustment of the drought code for the length of the day by month, from 20 degrees north."""
DROUGHT_DAY_LENGTH_EQUATOR = 1.4


class Noon(NamedTuple):
    """Weather at noon (local standard time) and the rain of the 24 h before."""

    temperature_c: float
    humidity: float
    """Relative, as a share."""
    wind_kmh: float
    """10 m above open ground."""
    rain_mm: float


class Codes(NamedTuple):
    """Moisture codes of a day: the higher, the drier."""

    ffmc: float
    """Fine fuel moisture code, 0 to 101."""
    dmc: float
    """Duff moisture code."""
    dc: float
    """Drought code."""


class Indices(NamedTuple):
    """What the codes and the wind make of a fire."""

    isi: float
    """Initial spread index."""
    bui: float
    """Build-up index."""
    fwi: float
    """Fire weather index."""


def next_codes(before: Codes, noon: Noon, month: int, latitude: float) -> Codes:
    """Codes of a day from those of the day before.

    Args:
        before: codes of the day before.
        noon: weather of the day.
        month: 1 to 12; in the south the months stand half a year apart.
        latitude: degrees, negative in the south.
    """
    return Codes(
        _ffmc(before.ffmc, noon),
        _dmc(before.dmc, noon, _day_length_h(month, latitude)),
        _dc(before.dc, noon, _drought_day_length(month, latitude)),
    )


def indices(codes: Codes, wind_kmh: float) -> Indices:
    """Indices of a day from its codes and the wind at noon, km/h."""
    isi = _isi(codes.ffmc, wind_kmh)
    bui = _bui(codes.dmc, codes.dc)
    return Indices(isi, bui, _fwi(isi, bui))


def _day_length_h(month: int, latitude: float) -> float:
    """For the duff moisture code."""
    if abs(latitude) < 10:
        return DAY_LENGTH_EQUATOR_H
    by_month = DAY_LENGTH_H if abs(latitude) >= 30 else DAY_LENGTH_TROPICS_H
    return by_month[_northern(month, latitude)]


def _drought_day_length(month: int, latitude: float) -> float:
    """For the drought code."""
    return DROUGHT_DAY_LENGTH_EQUATOR if abs(latitude) < 20 else DROUGHT_DAY_LENGTH[_northern(month, latitude)]


def _northern(month: int, latitude: float) -> int:
    """Index of the month of the north with days as long."""
    return (month - 1) if latitude >= 0 else (month + 5) % 12


def _ffmc(before: float, noon: Noon) -> float:
    temperature, humidity, wind = noon.temperature_c, noon.humidity * 100, noon.wind_kmh
    moisture = FFMC_SCALE * (101 - before) / (59.5 + before)
    if noon.rain_mm > 0.5:
        rain, was = noon.rain_mm - 0.5, moisture
        moisture += 42.5 * rain * math.exp(-100 / (251 - was)) * -math.expm1(-6.93 / rain)
        if was > 150:
            moisture += 0.0015 * (was - 150) ** 2 * math.sqrt(rain)
        moisture = min(moisture, 250.0)
    warm = 0.18 * (21.1 - temperature) * -math.expm1(-0.115 * humidity)
    dry = 0.942 * math.pow(humidity, 0.679) + 11 * math.exp((humidity - 100) / 10) + warm
    wet = 0.618 * math.pow(humidity, 0.753) + 10 * math.exp((humidity - 100) / 10) + warm
    if moisture > dry:
        moisture = dry + (moisture - dry) * math.pow(10, -_rate(humidity / 100, wind, temperature))
    elif moisture < wet:
        moisture = wet - (wet - moisture) * math.pow(10, -_rate(1 - humidity / 100, wind, temperature))
    return min(max(59.5 * (250 - moisture) / (FFMC_SCALE + moisture), 0.0), 101.0)


def _rate(damp: float, wind_kmh: float, temperature_c: float) -> float:
    """Logarithmic drying or wetting a day."""
    still = 0.424 * (1 - math.pow(damp, 1.7)) + 0.0694 * math.sqrt(wind_kmh) * (1 - math.pow(damp, 8))
    return still * 0.581 * math.exp(0.0365 * temperature_c)


def _dmc(before: float, noon: Noon, day_length_h: float) -> float:
    code = before
    if noon.rain_mm > 1.5:
        effective = 0.92 * noon.rain_mm - 1.27
        moisture = 20 + 280 * math.exp(-0.023 * before)
        if before <= 33:
            slope = 100 / (0.5 + 0.3 * before)
        elif before <= 65:
            slope = 14 - 1.3 * math.log(before)
        else:
            slope = 6.2 * math.log(before) - 17.2
        moisture += 1000 * effective / (48.77 + slope * effective)
        code = max(43.43 * (5.6348 - math.log(moisture - 20)), 0.0)
    drying = 1.894 * (max(noon.temperature_c, -1.1) + 1.1) * (100 - noon.humidity * 100) * day_length_h * 1e-4
    return code + drying


def _dc(before: float, noon: Noon, day_length: float) -> float:
    code = before
    if noon.rain_mm > 2.8:
        effective = 0.83 * noon.rain_mm - 1.27
        code = max(before - 400 * math.log1p(3.937 * effective / (800 * math.exp(-before / 400))), 0.0)
    return code + max(0.5 * (0.36 * (max(noon.temperature_c, -2.8) + 2.8) + day_length), 0.0)


def _isi(ffmc: float, wind_kmh: float) -> float:
    moisture = FFMC_SCALE * (101 - ffmc) / (59.5 + ffmc)
    dryness = 91.9 * math.exp(-0.1386 * moisture) * (1 + math.pow(moisture, 5.31) / 4.93e7)
    return 0.208 * math.exp(0.05039 * wind_kmh) * dryness


def _bui(dmc: float, dc: float) -> float:
    if dmc <= 0:
        return 0.0
    share = 0.8 * dc / (dmc + 0.4 * dc)
    if dmc <= 0.4 * dc:
        return share * dmc
    return max(dmc - (1 - share) * (0.92 + math.pow(0.0114 * dmc, 1.7)), 0.0)


def _fwi(isi: float, bui: float) -> float:
    if bui <= 80:
        rise = 0.1 * isi * (0.626 * math.pow(bui, 0.809) + 2)
    else:
        rise = 0.1 * isi * 1000 / (25 + 108.64 * math.exp(-0.023 * bui))
    return rise if rise <= 1 else math.exp(2.72 * math.pow(0.434 * math.log(rise), 0.647))
