"""Ambulances of named hospitals: over the roads that are open, to the nearest free bed, in the order of first aid."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest

from simrescue.events import EventKind as Kind
from simrescue.parameters import Parameters
from simrescue.places import Institution, Road
from simrescue.scenario.records import Health
from simrescue.simulation.state import Simulation
from tests.factories import at
from tests.simulation.story import AT_ONCE, NOBODY, by_hand, dry_row, flood_road, so_far, water_at

LONG = {
    "severe_share": 1.0,
    "severe_untreated_h": 80_000.0,
    "severe_aided_h": 80_000.0,
    "adobe_share": 0.0,
    "hospital_stay_h": 80_000.0,
}


def county(injured: int, beds: dict[str, int], numbers: dict[str, float] | None = None) -> Simulation:
    """A village with badly hurt people; hospitals 35 km (an hour) apart along one road beyond it: near, far."""
    wards = tuple(
        Institution(id=name, kind="hospital", persons=0, staff_day=9, free_beds=free, **at(0, 3 + i))
        for i, (name, free) in enumerate(beds.items())
    )
    names = ["village-0", *beds]
    roads = tuple(Road(id=f"to-{b}", start=a, end=b, length_km=35.0, kind="class3") for a, b in pairwise(names))
    plain = dry_row(**NOBODY)
    village = plain.villages[0].model_copy(update={"population": injured, "upper_floor": 1.0, "craft": 0})
    own = LONG | {"ambulance_ready_h": 0.5, "speed_class3_kmh": 35.0} | (numbers or {})
    tables: dict[str, Any] = {
        "villages": (village, *plain.villages[1:]),
        "institutions": wards,
        "roads": (*plain.roads, *roads),
        "sections": {
            "health": Health(injured=1.0, mortality="boyd"),
            "parameters": Parameters(**own),
        },
    }
    sim = by_hand(dry_row(command=AT_ONCE, **{**NOBODY, **tables}))
    water_at(sim, 0, 1.5, 4)
    return sim


def aid(sim: Simulation, persons: int) -> None:
    for patients in sim.villages[0].care_for(persons):
        sim.hospital.aid(patients, 0, -1)


def test_the_ambulance_drives_there_and_back() -> None:
    """Half an hour to turn out and load, an hour there, an hour back."""
    sim = county(1, {"near": 1, "far": 1})
    aid(sim, 1)
    sim.env.run(until=10.0)
    sent, admitted = so_far(sim).one(Kind.AMBULANCE_SENT), so_far(sim).one(Kind.ADMITTED)
    assert (sim.world.ids[sent.subject], admitted.time_h) == ("near", pytest.approx(2.5))


def test_who_comes_when_the_nearest_is_full_goes_to_the_next_and_then_waits_for_a_bed() -> None:
    sim = county(3, {"near": 1, "far": 1}, {"hospital_stay_h": 5.0})
    aid(sim, 3)
    sim.env.run(until=200.0)
    story = so_far(sim)
    assert [sim.world.ids[row.subject] for row in story.rows(Kind.AMBULANCE_SENT)][:2] == ["near", "far"]
    assert story.persons(Kind.NO_BED) == 1
    assert story.persons(Kind.ADMITTED) == 3


def test_a_hospital_behind_a_closed_road_is_passed_over_and_one_that_is_found_closed_keeps_nobody() -> None:
    """The road to both hospitals is in the water for ten hours: nobody is in a bed before, all are after."""
    sim = county(2, {"near": 2, "far": 2})
    flood_road(sim, "to-near", 2.0)
    flood_road(sim, "to-near", 0.0, 10.0)
    sim.env.run(until=0.1)
    aid(sim, 2)
    sim.env.run(until=9.0)
    assert not so_far(sim).rows(Kind.ADMITTED)
    sim.env.run(until=200.0)
    assert so_far(sim).persons(Kind.ADMITTED) == 2
    assert sim.hospital.free == {sim.world.ids.index("near"): 0, sim.world.ids.index("far"): 2}


def test_an_ambulance_that_is_cut_off_with_its_patient_brings_nobody() -> None:
    """The road goes under while it is on the way there, and is open again after twenty hours."""
    sim = county(1, {"near": 1, "far": 1})
    flood_road(sim, "to-near", 2.0, 1.0)
    flood_road(sim, "to-near", 0.0, 20.0)
    aid(sim, 1)
    sim.env.run(until=200.0)
    story = so_far(sim)
    assert story.one(Kind.ADMITTED).time_h > 20.0
    assert len(story.rows(Kind.AMBULANCE_SENT)) > 1


def test_who_comes_to_a_hospital_in_the_water_is_taken_on_from_there() -> None:
    """The near hospital goes under while its ambulance is out: that of the far one comes to its door, an hour's way."""
    sim = county(1, {"near": 1, "far": 1})
    near = sim.world.ids.index("near")
    sim.env.timeout(1.0).callbacks.append(lambda _: water_at(sim, near, 1.5, 3))
    aid(sim, 1)
    sim.env.run(until=200.0)
    story = so_far(sim)
    sent = story.rows(Kind.AMBULANCE_SENT)
    assert [(sim.world.ids[row.subject], sim.world.ids[row.place]) for row in sent] == [
        ("near", "village-0"),
        ("far", "near"),
    ]
    assert story.one(Kind.ADMITTED).time_h == pytest.approx(sent[1].time_h + 2.5)


def test_who_dies_on_the_way_leaves_the_bed_to_others() -> None:
    sim = county(5, {"near": 5}, {"severe_aided_h": 0.05})
    aid(sim, 5)
    sim.env.run(until=20.0)
    story = so_far(sim)
    assert story.persons(Kind.DIED) + story.persons(Kind.ADMITTED) == 5
    assert sim.hospital.free[sim.world.ids.index("near")] == 5 - story.persons(Kind.ADMITTED)


@pytest.mark.parametrize("beds", [0, 1, 3, 9])
def test_more_beds_in_a_hospital_never_kill(beds: int) -> None:
    """The same patients with the same fates: a law, one by one."""

    def dead(free: int) -> int:
        sim = county(20, {"near": free, "far": 1}, {"severe_aided_h": 6.0, "hospital_stay_h": 4.0})
        aid(sim, 20)
        sim.env.run(until=80.0)
        return int(so_far(sim).persons(Kind.DIED))

    assert dead(beds + 1) <= dead(beds)
    assert dead(20) < dead(0)
