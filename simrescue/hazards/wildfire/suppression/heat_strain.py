"""What people still do in the heat: the work capacity of the Hothaps studies by wet bulb globe temperature (WBGT).

Kjellstrom et al. (2018, Int. J. Biometeorology 62:291-306) as coded in pythermalcomfort and JGCRI/HELPS; the line there
is of heavy work (400 W). WBGT is not measured at a fire: by day it is the Bureau of Meteorology of Australia's, from
temperature and vapour pressure with a fairly high sun and little wind; in the dark 0.7 wet bulb and 0.3 air (ISO 7243,
without sun), the wet bulb of Stull (2011, J. Appl. Meteorology and Climatology 50:2267-2269). The heat of the flames
themselves comes on top and is not in it.
"""

from __future__ import annotations

import math

STEEPNESS = 16.64
"""Of the fall of work capacity about its half way, heavy work."""
LEAST = 0.1
"""Share of the hour that is worked in any heat."""


def work_capacity(wbgt_c: float, half_c: float) -> float:
    """Work done against that in the cool, 0.1 to 1.

    Args:
        wbgt_c: wet bulb globe temperature, degrees Celsius.
        half_c: that at which 0.55 of the work is done (`heat_half_work_c`).
    """
    strain: float = (max(wbgt_c, 0.0) / half_c) ** STEEPNESS
    return LEAST + (1 - LEAST) / (1 + strain)


def globe_temperature_c(temperature_c: float, humidity: float, *, is_light: bool) -> float:
    """Wet bulb globe temperature, degrees Celsius, as reckoned from the air.

    Args:
        temperature_c: of the air, degrees Celsius.
        humidity: relative, 0..1.
        is_light: whether the sun is up.
    """
    if not is_light:
        return 0.7 * wet_bulb_c(temperature_c, humidity) + 0.3 * temperature_c
    vapour_hpa = humidity * 6.105 * math.exp(17.27 * temperature_c / (237.7 + temperature_c))
    return 0.567 * temperature_c + 0.393 * vapour_hpa + 3.94


def wet_bulb_c(temperature_c: float, humidity: float) -> float:
    """Wet bulb temperature, degrees Celsius, at the pressure of the sea (Stull 2011, eq. 1).

    Args:
        temperature_c: of the air, degrees Celsius.
        humidity: relative, 0..1.
    """
    percent = 100 * humidity
    damp: float = 0.00391838 * percent**1.5
    return (
        temperature_c * math.atan(0.151977 * math.sqrt(percent + 8.313659))
        + math.atan(temperature_c + percent)
        - math.atan(percent - 1.676331)
        + damp * math.atan(0.023101 * percent)
        - 4.686035
    )
