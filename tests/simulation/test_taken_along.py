"""Families and neighbours who leave on wheels take along who cannot help himself; the others wait for transport."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simrescue.events import EventKind as Kind
from simrescue.parameters import Parameters
from simrescue.places import Institution, Village
from simrescue.responders import EVACUATE
from simrescue.scenario.records import Command, Evacuation, Scenario, Warning
from simrescue.simulation.people.journey import helpless_on_wheels, means
from simrescue.simulation.places.warning_state import CAR, FOOT, TRANSPORT, TWO_WHEELER
from simrescue.simulation.state import Simulation
from tests.factories import at
from tests.laws.test_wading import late, waded
from tests.laws.test_warning_laws import stories
from tests.simulation.story import NEVER_H, NOBODY, by_hand, dry_row, flood_road, so_far

WHEELS = CAR, TWO_WHEELER
NO_TELLING = Warning(forecast_lead_h=0, order=1.0, answer_h=0, reach=1.0, door_rounds=0, speaker_rounds=0)
ALL_GO = Evacuation(refuse=0, act_t50_h=0.5, leave_by_cue=0)


def ordered(share: float, **fields: Any) -> Simulation:
    """300 people of a dry row under an order, a fifth of whom cannot help themselves."""
    plain: dict[str, Any] = {"vulnerable": 0.2, "cars": 1.0, "two_wheelers": 0}
    village = Village(id="village-0", population=300, **(plain | fields), **at(0, 0))
    home = Institution(id="home", kind="care_home", persons=40, helpless=0.5, staff_day=10, **at(1, 1))
    sections = {"warning": NO_TELLING, "evacuation": ALL_GO, "parameters": Parameters(taken_along_share=share)}
    return by_hand(dry_row(villages=(village,), institutions=(home,), sections=sections, roads=(), **NOBODY))


@pytest.mark.parametrize(("share", "waiting"), [(0.0, 60), (0.5, 30), (1.0, 0)])
def test_of_a_fifth_who_cannot_leave_alone_the_share_goes_with_others(share: float, waiting: int) -> None:
    sim = ordered(share)
    school = sim.world.ids.index("school")
    assert means(sim, sim.villages[0], 300, school) == {CAR: 300 - waiting, TWO_WHEELER: 0, FOOT: 0, TRANSPORT: waiting}
    assert sim.command.estimates.to_carry(0) == pytest.approx(waiting, abs=1), "no seats for them"


def test_who_has_no_wheels_takes_nobody_along() -> None:
    sim = ordered(1.0, cars=0.0)
    school = sim.world.ids.index("school")
    assert means(sim, sim.villages[0], 300, school)[TRANSPORT] == sim.command.estimates.to_carry(0) == 300, (
        "it is too far to walk"
    )


def test_staff_not_families_bring_out_who_is_cared_for() -> None:
    sim = ordered(1.0)
    home = next(one for one in sim.villages if one.care)
    assert helpless_on_wheels(sim, home) == 0
    assert sim.command.estimates.to_carry(home.index) > 0


def test_they_are_away_with_those_who_drive_and_back_with_those_who_turn_round() -> None:
    """The road is closed on the way, and nobody has told the village."""
    fields: dict[str, Any] = {"vulnerable": 0.2, "cars": 1.0, "two_wheelers": 0}
    village = Village(id="village-0", population=300, **fields, **at(0, 0))
    others = [Village(id=f"village-{i}", population=0, ordered=False, **at(i, 0)) for i in (1, 2)]
    sections = {"warning": NO_TELLING, "evacuation": ALL_GO, "parameters": Parameters(taken_along_share=1.0)}
    quiet = Command(road_report_h=NEVER_H, driver_report_h=NEVER_H)
    scenario = dry_row(villages=(village, *others), sections=sections, command=quiet, **NOBODY)
    free = by_hand(scenario)
    free.env.run(until=20.0)
    assert free.villages[0].frail == 0
    assert free.villages[0].there == 0

    cut = by_hand(scenario)
    for road in cut.world.scenario.roads:
        flood_road(cut, road.id, 2.0, 0.9)
    cut.env.run(until=20.0)
    assert so_far(cut).persons(Kind.TURN_BACK) > 0
    assert cut.villages[0].there == 300
    assert cut.villages[0].frail == 60


@pytest.mark.parametrize("share", [0.0, 1.0])
@pytest.mark.parametrize("cars", [0.0, 0.5])
def test_who_stays_when_buses_have_taken_some_is_as_helpless_as_on_the_register(share: float, cars: float) -> None:
    """Neither are all helpless who stand at the stop, nor is one helpless away who is set down at home again."""
    sim = ordered(share, cars=cars)
    sim.env.run(until=20.0)
    village = sim.villages[0]
    for taken in (40, 1, 30):
        village.take(0, taken, -1, -1)
        assert village.frail == pytest.approx(0.2 * village.there, abs=1.5)
    village.bring_back(71, -1)
    assert village.frail == pytest.approx(0.2 * village.there, abs=1.5)
    task, waiting, helpless = village.needs()[1]
    assert (task, waiting) == (EVACUATE, village.waiting)
    assert helpless <= min(village.frail, waiting)
    village.take(0, 300, -1, -1)
    assert village.frail <= village.there


@given(
    share=st.floats(0, 1),
    vulnerable=st.floats(0, 1),
    cars=st.floats(0, 1),
    wheels=st.floats(0, 1),
    parts=st.lists(st.integers(0, 40), min_size=1, max_size=8),
)
def test_each_goes_by_one_means_and_no_more_wait_the_more_are_taken_along(
    share: float, vulnerable: float, cars: float, wheels: float, parts: list[int]
) -> None:
    """However they get ready, part by part; the share of the helpless on wheels is that of the households."""
    waiting = []
    for taken in (0.0, share, 1.0):
        sim = ordered(taken, vulnerable=vulnerable, cars=cars, two_wheelers=wheels)
        school, total = sim.world.ids.index("school"), dict.fromkeys((CAR, TWO_WHEELER, FOOT, TRANSPORT), 0)
        for persons in parts:
            going = means(sim, sim.villages[0], persons, school)
            assert min(going.values()) >= 0
            assert sum(going.values()) == persons
            total = {vehicle: total[vehicle] + going[vehicle] for vehicle in total}
        waiting.append(total[TRANSPORT] + total[FOOT])
        alone = round(sum(parts) * (1 - vulnerable) * (1 - (1 - cars) * (1 - wheels)))
        along = sum(total[vehicle] for vehicle in WHEELS) - alone
        assert along == pytest.approx(
            helpless_on_wheels(sim, sim.villages[0]) * sum(total[one] for one in WHEELS), abs=15
        )
    assert waiting[0] >= waiting[1] >= waiting[2]


def test_the_more_are_taken_along_the_fewer_does_the_water_catch() -> None:
    trapped = []
    for share in (0.0, 0.5, 1.0):
        made: Scenario = late(0.0, {10.0: 0.0, 16.0: 3.0}, vulnerable=0.3, cars=0.5, two_wheelers=0.5, upper_floor=0.0)
        chances = made.parameters.model_copy(update={"taken_along_share": share})
        changed = made.settings.model_copy(update={"parameters": chances, "evacuation": ALL_GO})
        told = stories(made.model_copy(update={"settings": changed}))
        trapped.append(np.mean([story.persons(Kind.TRAPPED) for story in told]))
    assert trapped[0] > trapped[1] > trapped[2], trapped


def test_who_found_no_way_for_his_car_wades_when_the_water_comes_to_the_house() -> None:
    """Told at noon, with a road too deep for cars; the water comes when nobody tells them anything more."""
    made = late(0.61, {10.0: 0.0, 16.0: 0.45}, vulnerable=0, cars=1.0)
    sim = by_hand(made)
    for road in made.roads:
        flood_road(sim, road.id, 0.4)
    sim.env.run(until=13.9)
    assert sim.villages[0].warning_state.held[CAR] > 300
    assert not so_far(sim).persons(Kind.LEAVE)
    sim.env.run(until=18.0)
    assert waded(so_far(sim)) > 300
