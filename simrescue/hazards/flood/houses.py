"""Houses in the water: how high people can go, which of them fall, what is lost of their value and on the fields."""

from __future__ import annotations

from typing import Literal, NamedTuple

import numpy as np

from simrescue.parameters import Parameters

Province = Literal[
    "", "hebei", "shandong", "shanxi", "anhui", "jiangsu", "jiangxi", "fujian", "zhejiang", "henan", "guangdong"
]
"""Provinces with a share of rural households in one storey of their own: parameters `single_storey_PROVINCE_share`."""

HELPLESS_BELOW, MOBILE_BELOW, FLAT_ROOF, HELPLESS_ABOVE, MOBILE_ABOVE, HIGH_ROOF = range(6)
"""Where people are when the water comes, in the order in which it reaches them: helpless and able people in a house of
one storey, able people on its flat roof; helpless and able people on an upper floor, able people on the roof above."""

DEPTH_DAMAGE = (
    (0.0, 0.5, 1.0, 1.5, 2.0, 3.0, 4.0, 5.0, 6.0),
    (0.0, 0.327, 0.494, 0.617, 0.721, 0.870, 0.932, 0.984, 1.0),
)
"""Depth of water, m, and share of the most that it can damage of houses in Asia.

Source: Huizinga, de Moel and Szewczyk 2017, Global flood depth-damage functions, JRC, EUR 28552.
"""


CROP_DAMAGE = (
    (0.0, 0.5, 1.0, 1.5, 2.0, 3.0, 4.0, 5.0, 6.0),
    (0.0, 0.135, 0.370, 0.524, 0.558, 0.660, 0.834, 0.988, 1.0),
)
"""Depth of water, m, and share of the value of a harvest that it damages on fields in Asia, however long it stands.

Source: agriculture of the same report as `DEPTH_DAMAGE`, as in four public programs that carry its tables.
"""


class Houses(NamedTuple):
    """The houses of a village, as shares of its people."""

    below: float
    """In one storey, without a roof that they could get on."""
    flat_roof: float
    """In one storey, with one."""
    above: float
    """With an upper floor."""

    @property
    def upstairs(self) -> float:
        """Share of people who find an upper floor or a flat roof."""
        return self.flat_roof + self.above


def houses_of(
    parameters: Parameters, province: Province, single_storey: float | None, upper_floor: float | None
) -> Houses:
    """The houses of a village.

    Args:
        parameters: of the scenario.
        province: one of `Province`; empty: the national share of one storey.
        single_storey: share of people in one storey as the village states it; None: as in its province.
        upper_floor: share with a floor above the water as the village states it; None: by storeys and flat roofs.
    """
    if upper_floor is not None:
        return Houses(1 - upper_floor, 0.0, upper_floor)
    if single_storey is None:
        single_storey = parameters.single_storey_share_of(province)
    flat = single_storey * parameters.flat_roof_share
    return Houses(single_storey - flat, flat, 1 - single_storey)


def refuge_limits_m(parameters: Parameters) -> tuple[float, ...]:
    """Depths of water above which people are in high danger, by refuge (`HELPLESS_BELOW` to `HIGH_ROOF`).

    Source: USACE LifeSim Technical Reference Manual v1.0, ch. 5, table 4: 5 ft over the floor for people of limited
    mobility, 1 ft below the ceiling for others, 4 ft over the roof for those on it. Heights of the houses are assumed.
    """
    # Drawn apart in sensitivity studies, the roof might else lie below the floor.
    storey, roof = parameters.upper_floor_height_m, max(parameters.roof_height_m, parameters.upper_floor_height_m)
    helpless, on_roof = parameters.upper_floor_submergence_m, parameters.roof_submergence_m
    gap = parameters.ceiling_gap_m
    return (
        helpless, max(storey - gap, 0.0), storey + on_roof,
        storey + helpless, max(roof - gap, 0.0), roof + on_roof,
    )  # fmt: skip


def refuges(helpless: int, mobile: int, below: int, houses: Houses, roof: float) -> tuple[int, ...]:
    """Where people who are caught by the water are: persons by refuge, whose sum is `helpless + mobile`.

    Args:
        helpless: people who get on no roof.
        mobile: the others.
        below: able people without any refuge who were caught before; they count towards the share of such people.
        houses: of the village.
        roof: share of the able on an upper floor who get on the roof.
    """
    helpless_below = round(helpless * (houses.below + houses.flat_roof))
    without = min(mobile, max(0, round((mobile + below) * houses.below) - below))
    up = mobile - without
    flat = round(up * houses.flat_roof / houses.upstairs) if houses.upstairs > 0 else 0
    on_roof = round((up - flat) * roof)
    return helpless_below, without, flat, helpless - helpless_below, up - flat - on_roof, on_roof


def fallen(depth_m: float, velocity_ms: float, soaked: bool, parameters: Parameters) -> float:
    """Share of houses that fall in such water, by structure.

    Adobe falls when it is soaked. Brick stands below a velocity whatever the depth, and falls above it once depth x
    velocity passes a limit; frames of concrete have a limit of their own.

    Args:
        depth_m: depth at the house.
        velocity_ms: speed of the water.
        soaked: whether the water has stood for `adobe_soak_h`.
        parameters: of the scenario.

    Source: Clausen and Clark 1990 for brick; USACE LifeSim Technical Reference Manual v1.0, appendix F.
    """
    flow = depth_m * velocity_ms
    # Two parameters, each with a range of its own: together they must not be more than all houses.
    adobe, concrete = parameters.adobe_share, min(parameters.concrete_share, 1 - parameters.adobe_share)
    swept = velocity_ms > parameters.brick_velocity_ms and flow > parameters.brick_flow_m2_s
    share = adobe if soaked or swept else 0.0
    share += (1 - adobe - concrete) if swept else 0.0
    share += concrete if flow > parameters.concrete_flow_m2_s else 0.0
    return min(share, 1.0)


def damage_share(depth_m: float, fallen_share: float) -> float:
    """Share of the most that water can damage of the houses of a place: all of those that fell, others by depth.

    Args:
        depth_m: greatest depth of water at the houses.
        fallen_share: share of houses that fell (`fallen`).

    Source: `DEPTH_DAMAGE`.
    """
    by_depth = float(np.interp(depth_m, *DEPTH_DAMAGE))
    return fallen_share + (1 - fallen_share) * by_depth


def most_damage_yuan(persons: float, parameters: Parameters) -> float:
    """The most that water can damage of the houses of so many people and of what is in them.

    Floor area x cost of building x depreciation x part that can be damaged at all, and the contents on top.

    Args:
        persons: who live in the houses.
        parameters: of the scenario.

    Source: factors of Huizinga et al. 2017 (as `DEPTH_DAMAGE`).
    """
    building = persons * parameters.floor_area_m2 * parameters.building_cost_yuan
    return building * parameters.depreciated_share * parameters.damageable_share * (1 + parameters.contents_share)


def crop_loss_yuan(hectares: float, depth_m: float, parameters: Parameters) -> float:
    """What water damages of a harvest.

    Args:
        hectares: of standing crops.
        depth_m: greatest depth of water on them.
        parameters: of the scenario.

    Source: `CROP_DAMAGE`.
    """
    return hectares * parameters.crop_value_yuan * float(np.interp(depth_m, *CROP_DAMAGE))
