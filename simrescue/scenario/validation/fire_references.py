"""Whether the parts of a fire scenario fit each other: spots on the landscape, weather, detectors, stages."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from simrescue.errors import Fault, nearest
from simrescue.hazards.wildfire.landscape.terrain import Landscape
from simrescue.hazards.wildfire.settings import Wildfire
from simrescue.hazards.wildfire.tactics_policies import TACTICS_POLICIES
from simrescue.scenario.files.draft import Draft
from simrescue.scenario.files.tables import TableRow
from simrescue.scenario.validation import order_references
from simrescue.wording import bilingual

Checked = dict[str, list[tuple[TableRow, Any]]]
"""Table name -> rows that read well, each with its record."""

NEEDED_OF_WEATHER = ("wind_from_deg", "temperature_c", "humidity")
"""What a fire needs of the weather besides wind and visibility."""


Where = tuple[str | int, ...]
"""Keys and positions from the top of scenario.yaml."""


def faults(
    draft: Draft, fire: Wildfire, checked: Checked, landscape: Landscape | None, place: Where
) -> Iterator[Fault]:
    """What a fire needs and the files do not give, and spots off the landscape.

    Args:
        draft: as read from the folder.
        fire: the section of the fire.
        checked: rows that read well.
        landscape: the ground; None where it could not be read, and then no spot is called off it.
        place: of the section in scenario.yaml.
    """
    for table, other in (("ignitions", "ignition_rates"), ("weather", "weather")):
        empty = not draft.tables[table].rows and not draft.tables[other].rows
        if empty and not any(fault.file in (f"{table}.csv", f"{other}.csv") for fault in draft.faults):
            yield Fault(
                f"{table}.csv",
                "",
                "",
                None,
                bilingual("at least one row, since {setting} is {value}", setting="hazard.kind", value="wildfire"),
            )
    yield from _ignition_rates(fire, checked)
    yield from _weather(checked)
    yield from _detectors(checked)
    yield from _stages(draft, fire, place)
    yield from _tactics(draft, fire, place)
    yield from order_references.faults(draft, fire, checked)
    if landscape:
        yield from _off_the_landscape(checked, landscape)


def _ignition_rates(fire: Wildfire, checked: Checked) -> Iterator[Fault]:
    """Hours of the day in which fires can start, and no fire of another tool, whose ignitions are its own."""
    for row, rate in checked["ignition_rates"]:
        if rate.from_h == rate.to_h:
            yield Fault(*row.spot("to"), f"{rate.to_h:g} h", bilingual("another hour than {other}", other="from"))
        if fire.layers.arrival:
            other = "hazard.layers.arrival"
            expected = bilingual("nothing where {other} is given: that fire has its own ignitions", other=other)
            yield Fault(*row.spot("id"), rate.id, expected)


def _weather(checked: Checked) -> Iterator[Fault]:
    """What is missing of the weather: told once where the whole column is."""
    rows = checked["weather"]
    for field in NEEDED_OF_WEATHER:
        empty = [row for row, point in rows if getattr(point, field) is None]
        if empty and len(empty) == len(rows):
            yield Fault(empty[0].file, "row 1", field, None, bilingual("this column: a fire needs it"))
        else:
            yield from (Fault(*row.spot(field), None, bilingual("a value: a fire needs it")) for row in empty)


def _detectors(checked: Checked) -> Iterator[Fault]:
    for row, detector in checked["detectors"]:
        for given, other in (("lon", "lat"), ("lat", "lon")):
            if getattr(detector, given) is not None and getattr(detector, other) is None:
                expected = bilingual("a value beside {given}, or neither: then it covers everything", given=given)
                yield Fault(*row.spot(other), None, expected)


def _stages(draft: Draft, fire: Wildfire, place: Where) -> Iterator[Fault]:
    """A later stage is for a larger or longer fire, never for a smaller one."""
    for number, (before, after) in enumerate(pairwise(fire.stages), 1):
        for key, least, given in (
            ("area_ha", before.area_ha, after.area_ha),
            ("after", before.after_h, after.after_h),
        ):
            if given < least:
                spot = draft.spot((*place, "stages", number, key))
                yield Fault(*spot, None, bilingual("no less than in the stage before"))
    by_danger = [(number, stage.danger) for number, stage in enumerate(fire.stages) if stage.danger]
    for (_, least), (number, grade) in pairwise(by_danger):
        if grade < least:
            spot = draft.spot((*place, "stages", number, "danger"))
            yield Fault(*spot, None, bilingual("no less than in the stage before"))


def _tactics(draft: Draft, fire: Wildfire, place: Where) -> Iterator[Fault]:
    if fire.tactics not in TACTICS_POLICIES:
        expected = bilingual("a known policy: {known}", known=", ".join(TACTICS_POLICIES))
        yield Fault(*draft.spot((*place, "tactics")), fire.tactics, expected, nearest(fire.tactics, TACTICS_POLICIES))


def _off_the_landscape(checked: Checked, landscape: Landscape) -> Iterator[Fault]:
    grid = landscape.grid
    east, south = grid.west + grid.columns * grid.dlon, grid.north - grid.rows * grid.dlat
    expected = bilingual(
        "a spot on the landscape: {west:.4f} to {east:.4f} E, {south:.4f} to {north:.4f} N",
        west=grid.west, east=east, south=south, north=grid.north,
    )  # fmt: skip
    for row, ignition in checked["ignitions"]:
        if landscape.cell_of(ignition.lon, ignition.lat) < 0:
            yield Fault(*row.spot("lon"), f"{ignition.lon:g}, {ignition.lat:g}", expected)
