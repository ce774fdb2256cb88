"""Several fires at once: how command divides people and aircraft among them, and when it does so anew."""

from __future__ import annotations

from itertools import permutations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simrescue.events import EventKind as Kind
from simrescue.places import Base, WaterSource
from simrescue.responders import Helicopter
from simrescue.simulation.command.wildfire.fire_division import Claim, aircraft, people
from simrescue.simulation.missions.wildfire.line_assignment import RELEASED
from simrescue.simulation.state import Simulation
from tests.simulation.fake_fire import burning_hills, crews, fake, run, spot
from tests.simulation.story import Story

NOBODY_ORDERED = {"order_within_km": 0, "order_lead_h": 0}
claims = st.builds(Claim, st.just(""), st.integers(0, 300).map(float), st.integers(0, 300).map(float), st.floats(0, 50))


# ---- the rule


def test_people_go_by_the_edge_and_nobody_gets_more_than_he_wants() -> None:
    """120 people: c wants 20 and gets them; the rest in the proportion of 3 km to 1 km."""
    wants = [Claim("a", 200, 0, 3.0), Claim("b", 200, 0, 1.0), Claim("c", 20, 0, 4.0)]
    assert people(wants, 120) == pytest.approx({"a": 75, "b": 25, "c": 20})
    assert people(wants, 1000) == {"a": 200, "b": 200, "c": 20}


def test_aircraft_go_by_websters_method() -> None:
    """Edges of 5.3, 2.4 and 1.3 km: quotients 5.3, 2.4, 1.77, 1.3, 1.06, 0.8, ... for a, b, a, c, a, b."""
    wants = [Claim("a", 9, 0, 5.3), Claim("b", 9, 0, 2.4), Claim("c", 9, 0, 1.3)]
    assert aircraft(wants, 3, 0.0) == {"a": 2, "b": 1, "c": 0}
    assert aircraft(wants, 6, 0.0) == {"a": 3, "b": 2, "c": 1}


def test_an_aircraft_stays_unless_the_other_claim_is_much_larger() -> None:
    def two(edge_km: float) -> dict[str, float]:
        return aircraft([Claim("a", 2, 1, 1.0), Claim("b", 2, 0, edge_km)], 1, 0.2)

    assert two(1.19) == {"a": 1, "b": 0}
    assert two(1.21) == {"a": 0, "b": 1}


@given(st.lists(claims, min_size=1, max_size=5), st.integers(0, 500))
def test_all_is_given_out_as_long_as_anybody_wants_it(some: list[Claim], pool: int) -> None:
    named = [claim._replace(id=f"fire-{i}") for i, claim in enumerate(some)]
    wanted = {claim.id: claim.wanted for claim in named}
    for shares in (people(named, pool), aircraft(named, min(pool, 12), 0.2)):
        assert all(0 <= shares[fire] <= wanted[fire] for fire in wanted)
    assert sum(people(named, pool).values()) == pytest.approx(min(pool, sum(wanted.values())))
    assert sum(aircraft(named, min(pool, 12), 0.2).values()) == min(pool, 12, sum(wanted.values()))


@given(st.lists(claims, min_size=2, max_size=4), st.integers(0, 300))
def test_the_order_of_the_fires_means_nothing(some: list[Claim], pool: int) -> None:
    named = [claim._replace(id=f"fire-{i}") for i, claim in enumerate(some)]
    assert len({tuple(sorted(people(order, pool).items())) for order in permutations(named)}) == 1
    assert len({tuple(sorted(aircraft(order, pool % 7, 0.2).items())) for order in permutations(named)}) == 1


# ---- at the fires


def bombers(count: int, **how: Any) -> Simulation:
    """Aircraft at a field 20 km west of two fires, a lake between; nobody on the ground; sent by a stage."""
    aircraft_row = Helicopter(
        id="bomber", base="field", serviceable=1, breakdown=0, turnout_h=0.25, bucket_t=3.0, tasks=("water_drop",),
        count=count, crew_day_h=24,
    )  # fmt: skip
    hazard = {"stages": ({"persons": 20, "helicopters": count},), **NOBODY_ORDERED}
    tables: dict[str, Any] = {
        "teams": (), "helicopters": (aircraft_row,),
        "bases": (Base(id="station", **spot(0, 0)), Base(id="field", **spot(-20, 2))),
        "water_sources": (WaterSource(id="lake", depth_m=5, **spot(7.5, 6)),),
    }  # fmt: skip
    return burning_hills(ignitions=2, **({"hazard": hazard} | tables | how))


def drops(story: Story, from_h: float, until_h: float) -> list[int]:
    return [
        len({row.subject for row in story.rows(Kind.DROPS, place=fire) if from_h <= row.time_h < until_h})
        for fire in ("fire-0", "fire-1")
    ]


@pytest.mark.parametrize("later_h", [0.0, 2.0])
def test_two_equal_fires_have_equal_aircraft_within_two_sorties(later_h: float) -> None:
    sim = bombers(2, later_h=later_h)
    fake(sim).growth_kmh = 0.0
    story = run(sim, 9)
    assert drops(story, later_h + 5, 9) == [1, 1]


def test_where_there_are_enough_nobody_is_moved() -> None:
    sim = bombers(4, hazard={"stages": ({"persons": 20, "helicopters": 2},), **NOBODY_ORDERED}, later_h=2.0)
    fake(sim).growth_kmh = 0.0
    story = run(sim, 8)
    assert not story.rows(Kind.DIVIDES)
    assert [len({row.subject for row in story.rows(Kind.DROPS, place=fire)}) for fire in ("fire-0", "fire-1")] == [2, 2]


def test_a_new_fire_gets_its_part_of_those_at_the_old_one() -> None:
    """Ten crews that a stage has sent to one fire; another of the same size begins three hours later."""
    hazard = {"stages": ({"persons": 200},), **NOBODY_ORDERED}
    sim = burning_hills(ignitions=2, later_h=3.0, teams=crews(10, shift_h=24), hazard=hazard)
    fake(sim).growth_kmh = 0.0
    story = run(sim, 9)
    released = {row.subject for row in story.rows(Kind.WITHDRAWS, item=RELEASED)}
    assert {row.subject for row in story.rows(Kind.TAKES_POST, place="fire-1")} == released
    assert len(released) == 5
    told = story.rows(Kind.DIVIDES)
    assert [(row.place, row.amount) for row in told] == [(story.index["fire-0"], 100), (story.index["fire-1"], 100)]


def test_nobody_is_moved_near_the_end_of_the_shift() -> None:
    """An hour on foot and a drive each way: with three hours left there is more walking than work."""
    hazard = {"stages": ({"persons": 200},), **NOBODY_ORDERED}
    sim = burning_hills(ignitions=2, later_h=3.0, teams=crews(10, shift_h=6), hazard=hazard)
    fake(sim).growth_kmh = 0.0
    assert not run(sim, 5.9).rows(Kind.WITHDRAWS, item=RELEASED)


def test_a_little_more_edge_moves_nobody() -> None:
    """Crews of five, so that no crew is too large for the difference of nine people."""
    hazard = {"stages": ({"persons": 200},), **NOBODY_ORDERED}
    sim = burning_hills(ignitions=2, teams=crews(40, size=5, shift_h=24), hazard=hazard)
    fake(sim).growth_kmh = 0.0
    run(sim, 3)
    fake(sim).radius_km[0] *= 1.2
    story = run(sim, 6)
    assert not [row for row in story.rows(Kind.WITHDRAWS, item=RELEASED) if row.time_h > 2]


def test_an_edge_before_which_people_were_ordered_out_counts_more() -> None:
    """The hamlet is ordered out before fire-0: two parts of three."""
    sim = burning_hills(ignitions=2, teams=crews(9, shift_h=24))
    fake(sim).growth_kmh = 0.0
    for known in sim.fires.known:
        known.threatens = known.number == 0
    run(sim, 6)
    held = [sim.command.open["fire", number, 5].coming for number in (0, 1)]
    assert held == [120, 60]


def test_when_one_fire_is_held_the_other_gets_its_aircraft() -> None:
    sim = bombers(2)
    fake(sim).growth_kmh = 0.0
    run(sim, 5)
    fake(sim).states[0] = 1
    sim.fires.known[0].state = 1
    story = run(sim, 9)
    assert drops(story, 7.5, 9) == [0, 2]
