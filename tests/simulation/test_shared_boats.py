"""Boats between two villages in water at once: shared by need, trip after trip, whoever called first.

north -lane- bank -path- south, bank -street- school: 3, 3 and 4 km; the boats are at the school. North calls an hour
before south.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from simrescue.events import EventKind as Kind
from simrescue.places import Junction, Road, Village
from simrescue.scenario.records import Depth, Scenario
from tests.factories import at
from tests.simulation.story import Story, tell
from tests.simulation.test_waters_edge import boat, flooded, team

HOURS = 48.0


def two_villages(boats: int, north: int = 96, south: int = 96, south_h: float = 1.0) -> Scenario:
    """Both stay under 1.5 m; who is trapped is all."""
    plain: dict[str, Any] = {"ordered": False, "upper_floor": 1, "craft": 0}
    rows = [
        Depth(subject=subject, time_h=time_h, depth_m=depth_m)
        for subject, since_h in (("north", 0.0), ("south", south_h))
        for time_h, depth_m in ((0.0, 0.0 if since_h else 1.5), (since_h, 1.5), (HOURS, 1.5))
        if time_h < since_h or since_h == 0 or time_h >= since_h
    ]
    rows += [Depth(subject=lane, time_h=h, depth_m=1.0) for lane in ("lane", "path") for h in (0.0, HOURS)]
    unique = {(row.subject, row.time_h): row for row in rows}
    return flooded(
        hours=HOURS,
        boats=(boat(count=boats, launch_h=0.1),) if boats else (),
        teams=(team(count=4),),
    ).model_copy(
        update={
            "villages": (
                Village(id="north", population=north, **plain, **at(0, 0)),
                Village(id="south", population=south, **plain, **at(0, 1)),
            ),
            "junctions": (Junction(id="bank", **at(1, 0)),),
            "roads": tuple(
                Road(id=name, start=a, end=b, length_km=km)
                for name, a, b, km in (("lane", "north", "bank", 3), ("path", "south", "bank", 3),
                                       ("street", "bank", "school", 4), ("court", "school", "station", 0.1))
            ),
            "depths": tuple(sorted(unique.values(), key=lambda row: row.time_h)),
        }
    )  # fmt: skip


def waits_h(story: Story, place: str, since_h: float) -> np.ndarray:
    """Hours of each person from the water to a boat; those never taken off wait to the end."""
    rows = story.rows(Kind.PICKS_UP, place=place)
    taken = np.repeat([row.time_h for row in rows], [int(row.persons) for row in rows]) - since_h
    left = int(story.persons(Kind.TRAPPED, place=place) - len(taken))
    return np.concatenate([taken, np.full(max(0, left), HOURS - since_h)])


def test_boats_come_to_the_second_village_before_the_first_is_empty() -> None:
    """Six boats of 8: north's 96 people are 12 loads, two trips of all; south need not wait for the last."""
    story = tell(two_villages(6))
    north, south = (story.times(Kind.PICKS_UP, place=place) for place in ("north", "south"))
    assert south[0] < north[-1], "shared"
    ends = max(north), max(south)
    cycle_h = min(np.diff(story.times(Kind.PICKS_UP, place="north", subject="boat-1")))
    assert abs(ends[0] - ends[1]) < 2 * cycle_h, "and both are empty at about the same time"


def test_the_median_person_of_the_first_village_is_not_served_at_the_cost_of_all_others() -> None:
    """Beside boats that empty the first village before they go to the second."""

    def waits(within_h: float) -> tuple[np.ndarray, np.ndarray]:
        made = two_villages(4, north=200, south=100, south_h=2.0)
        command = made.settings.command.model_copy(update={"boats_shared_within_h": within_h})
        story = tell(made.model_copy(update={"settings": made.settings.model_copy(update={"command": command})}))
        return waits_h(story, "north", 0.0), waits_h(story, "south", 2.0)

    north, south = waits(6.0)
    first, second = waits(0.0)
    assert np.median(south) < 0.8 * np.median(second)
    assert np.concatenate([north, south]).mean() < 1.02 * np.concatenate([first, second]).mean()
    assert np.median(north) < 1.05 * np.median(first)


def test_a_village_with_more_people_gets_more_boats() -> None:
    story = tell(two_villages(8, north=48, south=144, south_h=0.0))
    within_h = min(story.times(Kind.PICKS_UP, place="north")[-1], story.times(Kind.PICKS_UP, place="south")[-1])
    north, south = ([h for h in story.times(Kind.PICKS_UP, place=one) if h <= within_h] for one in ("north", "south"))
    assert len(south) > 2 * len(north)


def test_one_village_alone_still_gets_all_boats() -> None:
    story = tell(two_villages(6, south=0))
    assert len({row.subject for row in story.rows(Kind.PICKS_UP, place="north")}) == 6


@pytest.mark.parametrize("sizes", [(96, 96), (40, 200), (200, 40)])
def test_more_boats_never_harm(sizes: tuple[int, int]) -> None:
    means = []
    for boats in (1, 2, 3, 4, 6, 8, 12, 20, 30):
        story = tell(two_villages(boats, *sizes))
        means.append(np.concatenate([waits_h(story, "north", 0.0), waits_h(story, "south", 1.0)]).mean())
    assert (np.diff(means) < 0.05).all(), means
    assert means[-1] < means[0] / 3
