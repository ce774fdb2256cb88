"""Roads hold a front by their width: as a line of the same width does, the wider the more often, whatever else is."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import pytest

from simrescue.hazards.wildfire.fire_course import FireField
from simrescue.hazards.wildfire.orders import FireLinePoint
from simrescue.hazards.wildfire.suppression.line.held_lines import WINDS, road_lines
from simrescue.parameters import table
from simrescue.places import Road
from simrescue.scenario.records import Scenario
from tests.hazards.test_wildfire import DEFAULT, burning, ground

REPLICATIONS = 12
ACROSS = ("north", "south")
CLASSES = ("expressway", "class1", "class2", "class3", "class4", "track")


def crossed_by(*roads: Road, lines: Sequence[FireLinePoint] = (), start: tuple[int, int] = (30, 30)) -> Scenario:
    """A fire in the middle that the wind drives east, towards a road that runs from edge to edge."""
    return burning(
        junctions=(("north", 0, 40), ("south", 60, 40)),
        hours=8.0,
        wind_ms=6.0,
        fires=((*start, 0.5),),
    ).model_copy(update={"roads": roads, "fire_lines": tuple(lines)})


def across(**fields: object) -> Road:
    return Road(id="across", start=ACROSS[0], end=ACROSS[1], **fields)  # type: ignore[arg-type]


def burnt(scenario: Scenario, seed: int = 1) -> list[int]:
    """Cells burned in each replication when nobody fights."""
    field = FireField(scenario)
    return [int(np.isfinite(field.free_arrival_h(seed, number)).sum()) for number in range(REPLICATIONS)]


def test_the_wider_a_road_the_less_burns_on_the_average_and_none_is_as_no_road() -> None:
    areas = [float(np.mean(burnt(crossed_by(across(width_m=width))))) for width in (0, 3, 6, 12, 200)]
    # A front that meets the corner of a cell alone comes out of it a little sooner: some cells of thousands.
    assert all(wider <= 1.001 * narrower for narrower, wider in pairwise(areas)), areas
    assert areas[-1] < areas[2] < areas[0]
    assert burnt(crossed_by(across(width_m=0))) == burnt(crossed_by())


def test_a_road_holds_as_a_line_of_its_width_does() -> None:
    scenario = crossed_by(across(width_m=6))
    spots = {place.id: (place.lon, place.lat) for place in scenario.places}
    line = [
        FireLinePoint(line="across", point=number, lon=spots[end][0], lat=spots[end][1], width_m=6)
        for number, end in enumerate(ACROSS)
    ]
    assert burnt(scenario) == burnt(crossed_by(lines=line))


def test_no_front_crosses_the_widest_road() -> None:
    field = FireField(crossed_by(across(width_m=200)))
    beyond = field.free_arrival_h(1, 0).reshape(61, 61)[:, 41:]
    assert not np.isfinite(beyond).any()
    assert np.isfinite(field.free_arrival_h(1, 0)).sum() > 100


def test_a_fire_that_starts_on_a_road_burns() -> None:
    assert min(burnt(crossed_by(across(width_m=200), start=(30, 40)))) > 100


@pytest.mark.parametrize("kind", CLASSES)
def test_a_road_is_as_wide_as_its_class_unless_it_winds_or_says_so(kind: str) -> None:
    scenario = crossed_by()
    straight_km = 60 * 60 / 1000
    tables = ground(), scenario.places

    def width_m(**fields: object) -> float:
        lines = road_lines(*tables, [across(kind=kind, **fields)], DEFAULT)
        return float(lines[0].width_m.min()) if lines else 0.0

    assert width_m() == table()[f"road_width_{kind}_m"].value
    assert width_m(length_km=straight_km) == width_m()
    assert width_m(length_km=1.1 * WINDS * straight_km) == 0.0
    assert width_m(length_km=1.1 * WINDS * straight_km, width_m=7) == 7.0
    assert width_m(width_m=0) == 0.0


def test_classes_are_in_order_of_their_width() -> None:
    widths = [DEFAULT.road_width_m(kind) for kind in CLASSES]
    assert widths == sorted(widths, reverse=True)
    assert all(math.isfinite(width) for width in widths)
