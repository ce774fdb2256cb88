"""Laws of patients in groups: the numbers of one by one, and work that does not grow with the people."""

from __future__ import annotations

import math
from pathlib import Path
from statistics import fmean, stdev

import pytest

from simrescue import load
from simrescue.events import EventKind as Kind
from simrescue.parameters import Parameters
from simrescue.places import Village
from simrescue.scenario.records import Health
from simrescue.simulation.places import hospital
from simrescue.simulation.run import replicate
from simrescue.simulation.world import compile_world
from tests.factories import at
from tests.simulation.story import AT_ONCE, NOBODY, by_hand, dry_row, so_far, water_at
from tests.work import calls

SEEDS = range(30)


def fates(seed: int, persons: int, beds: int) -> tuple[float, ...]:
    """Dead at two moments, admitted, worsened and turned away of so many injured, of whom some are treated at once."""
    numbers = {"severe_share": 0.5, "worsening_share": 1.0, "worsening_h": 8.0, "severe_untreated_h": 12.0,
               "severe_aided_h": 20.0, "ambulance_h": 6.0, "hospital_stay_h": 10.0, "adobe_share": 0.0}  # fmt: skip
    homes = tuple(
        Village(id=f"village-{i}", population=persons, upper_floor=1.0, craft=0, **at(i, 0)) for i in range(3)
    )
    sections = {"health": Health(injured=1.0, mortality="boyd", beds=beds), "parameters": Parameters(**numbers)}
    sim = by_hand(dry_row(command=AT_ONCE, villages=homes, sections=sections, **NOBODY), seed)
    water_at(sim, 0, 1.5, 4)
    for patients in sim.villages[0].care_for(persons // 4):
        sim.hospital.aid(patients, 0, -1)
    sim.env.run(until=9.0)
    early = so_far(sim).persons(Kind.DIED)
    sim.env.run(until=40.0)
    story = so_far(sim)
    return early, *(story.persons(kind) for kind in (Kind.DIED, Kind.ADMITTED, Kind.WORSENS, Kind.NO_BED))


@pytest.mark.parametrize("beds", [0, 40])
def test_groups_have_the_mean_and_the_spread_of_one_by_one(beds: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """400 injured: in 20 groups, and each by himself."""
    alone, grouped = ([], [])
    for most, found in ((10**9, alone), (20, grouped)):
        monkeypatch.setattr(hospital, "MOST_GROUPS", most)
        found += [fates(seed, 400, beds) for seed in SEEDS]
    for one, many in zip(zip(*alone, strict=True), zip(*grouped, strict=True), strict=True):
        error = math.hypot(stdev(one), stdev(many)) / math.sqrt(len(SEEDS))
        assert fmean(many) == pytest.approx(fmean(one), abs=4 * error + 1e-9)
        assert stdev(many) <= 2 * stdev(one) + 20 / 2  # half a group


def test_work_does_not_grow_with_the_people() -> None:
    """A billion injured people are hardly more work than ten thousand, and nobody is lost or counted twice."""
    few, many = (calls(fates, 1, persons, 1000) for persons in (10_000, 1_000_000_000))
    assert many < 1.5 * few
    died, admitted = fates(1, 1_000_000_000, 10**7)[1:3]
    assert 0.7e9 < died < 1e9 - admitted
    assert admitted >= 10**7


def test_who_is_in_the_hands_of_a_crew_does_not_die_there_and_once_more_later() -> None:
    """Under treatment nobody dies; then all have first aid, and nobody is mourned who lives in a bed."""
    sim = by_hand(
        dry_row(
            command=AT_ONCE,
            villages=tuple(
                Village(id=f"village-{i}", population=10, upper_floor=1.0, craft=0, **at(i, 0)) for i in range(3)
            ),
            sections={
                "health": Health(injured=1.0, mortality="boyd", beds=10),
                "parameters": Parameters(severe_share=1.0, severe_untreated_h=0.1, ambulance_h=0.0, adobe_share=0.0),
            },
            **NOBODY,
        )
    )
    water_at(sim, 0, 1.5, 4)
    cared = sim.villages[0].care_for(10)
    sim.env.run(until=20.0)
    assert not so_far(sim).rows(Kind.DIED)
    for patients in cared:
        sim.hospital.aid(patients, 0, -1)
    sim.env.run(until=40.0)
    assert (so_far(sim).persons(Kind.ADMITTED), so_far(sim).persons(Kind.DIED)) == (10, 0)


def test_a_whole_flood_is_hardly_more_work_with_huge_villages() -> None:
    """Patients, vehicles in an endless jam, neighbours' craft: all are counted in groups, slots and hours."""

    def work(persons: int) -> int:
        tiny = Path(__file__).parents[2] / "scenarios" / "tiny-flood"
        world = compile_world(load(tiny, sets={"villages.*.population": persons}))
        return calls(replicate, world, 1, 0)

    assert work(2_000_000_000) < 2 * work(1_000_000)
