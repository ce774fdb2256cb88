"""Slips of a forest fire's places: heights that are not those of the ground that burns."""

from __future__ import annotations

from collections.abc import Callable

from simrescue.kinds import tables
from simrescue.scenario.preflight.findings import shown
from simrescue.scenario.preflight.slips.slip import Slip, Slips
from simrescue.scenario.records import Scenario
from simrescue.units import write_metres
from simrescue.wording import bilingual

APART_M = 30.0
"""A height so far outside those of the cells around belongs to another spot or another unit; systems of heights differ
by less (assumed)."""


def heights_off_the_ground(scenario: Scenario) -> Slips:
    """Places whose height is neither that of their cell of the landscape nor of the cells around it."""
    landscape = scenario.landscape
    for table in tables("place"):
        for number, place in enumerate(scenario.table(table)):
            cell = landscape.cell_of(place.lon, place.lat)
            if cell < 0 or "elevation_m" not in place.model_fields_set:
                continue
            row, column = divmod(cell, landscape.shape[1])
            around = landscape.elevation_m[max(row - 1, 0) : row + 2, max(column - 1, 0) : column + 2]
            apart = max(float(around.min()) - place.elevation_m, place.elevation_m - float(around.max()))
            if apart > APART_M:
                ground = float(landscape.elevation_m.flat[cell])
                says = bilingual(
                    "the ground of the landscape at {place} is {ground:,.0f} m high ({apart:+,.0f} m): another spot,"
                    " unit or datum?",
                    place=shown(place),
                    ground=ground,
                    apart=ground - place.elevation_m,
                )
                yield Slip(table, number, "elevation_m", write_metres(place.elevation_m), says)


FIRE_SLIPS: tuple[Callable[[Scenario], Slips], ...] = (heights_off_the_ground,)
"""Asked of forest fires."""
