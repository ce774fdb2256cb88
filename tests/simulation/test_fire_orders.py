"""Orders of command to crews at a fire: who gets which, when it changes, and what happens if it cannot be done."""

from __future__ import annotations

import pytest

from simrescue.events import EventKind as Kind
from simrescue.hazards.base import Refusal, Tactic
from simrescue.hazards.wildfire.orders import FireOrder
from simrescue.simulation.state import Simulation
from tests.simulation.fake_fire import STEP_H, burning_hills, crews, fake, run
from tests.simulation.story import Story

HEAD, FLANK, REAR, ANCHOR = (int(tactic) for tactic in (Tactic.HEAD, Tactic.FLANK, Tactic.REAR, Tactic.ANCHOR))


def order(name: str, tactic: str, **fields: object) -> FireOrder:
    return FireOrder.model_validate({"id": name, "tactic": tactic, "time_h": 0.0, **fields})


def ordered(*orders: FireOrder, count: int = 2, hours: float = 8.0, **hazard: object) -> Story:
    sim = burning_hills(teams=crews(count), fire_orders=orders, hazard=hazard)
    fake(sim).growth_kmh = 0.0
    return run(sim, hours)


def test_without_orders_nobody_is_ordered() -> None:
    story = ordered()
    assert not story.rows(Kind.CREW_ORDERED, Kind.ORDER_REFUSED)
    assert story.rows(Kind.TAKES_POST)


def test_an_order_goes_to_each_crew_with_its_first_post_and_leads_to_it() -> None:
    story = ordered(order("a", "head"))
    told, posts = story.rows(Kind.CREW_ORDERED), story.rows(Kind.TAKES_POST)
    assert [(row.item, row.persons) for row in told] == [(HEAD, 20), (HEAD, 20)]
    assert [story.log.kind[row.cause] for row in posts] == [Kind.CREW_ORDERED] * 2


def test_the_policy_orders_where_the_planner_says_nothing() -> None:
    story = ordered(order("a", "flank", crews=("other",)), tactics="rear")
    assert {row.item for row in story.rows(Kind.CREW_ORDERED)} == {REAR}


def test_an_order_for_so_many_hands_goes_to_no_more() -> None:
    story = ordered(order("a", "head", persons=20), order("b", "flank", persons=20), count=3)
    assert sorted(row.item for row in story.rows(Kind.CREW_ORDERED)) == [FLANK, HEAD]
    assert len(story.rows(Kind.TAKES_POST)) == 3


@pytest.mark.parametrize("turned", [False, True])
def test_the_latest_counts_then_the_first_id_whatever_the_order_of_rows(turned: bool) -> None:
    orders = [order("b", "head"), order("a", "flank"), order("late", "rear", time_h=6.0)]
    story = ordered(*(reversed(orders) if turned else orders), count=1)
    assert [row.item for row in story.rows(Kind.CREW_ORDERED)] == [FLANK, REAR]


def test_an_order_that_begins_or_ends_moves_crews_at_once() -> None:
    story = ordered(order("a", "head", time_h=4.0, until_h=6.0), count=1)
    told = story.rows(Kind.CREW_ORDERED)
    assert [row.item for row in told] == [HEAD, ANCHOR]
    assert [row.time_h for row in told] == pytest.approx([4.0, 6.0], abs=1.5 * STEP_H)
    assert not story.rows(Kind.WITHDRAWS)
    assert [row.item for row in story.rows(Kind.LINE_BUILT)] == [ANCHOR, HEAD]


def test_orders_are_for_a_fire_a_stage_and_kinds_of_teams() -> None:
    stages = ({"persons": 200}, {"after_h": 5.0, "persons": 300})
    story = ordered(
        order("a", "head", stage=2), order("b", "flank", kinds=("military",)), order("c", "rear", fire="fire-0"),
        count=1, stages=stages,
    )  # fmt: skip
    told = story.rows(Kind.CREW_ORDERED)
    assert [row.item for row in told] == [REAR, HEAD]
    assert told[1].time_h > 5


def test_who_cannot_do_as_ordered_says_why_once_and_works_on() -> None:
    sim = burning_hills(teams=crews(1), fire_orders=(order("a", "head"),))
    fake(sim).growth_kmh = 0.0
    fake(sim).cannot[sim.crews[0].index] = Refusal.TOO_HOT
    story = run(sim, 8)
    assert story.one(Kind.ORDER_REFUSED).item == Refusal.TOO_HOT
    assert story.log.kind[story.one(Kind.TAKES_POST).cause] == Kind.ORDER_REFUSED


def test_what_one_crew_cannot_do_another_is_ordered_to() -> None:
    sim = burning_hills(teams=crews(2), fire_orders=(order("a", "head", persons=20),))
    fake(sim).growth_kmh = 0.0
    fake(sim).cannot[sim.crews[0].index] = Refusal.TOO_HOT
    story = run(sim, 8)
    assert {row.subject for row in story.rows(Kind.CREW_ORDERED)} == {crew.index for crew in sim.crews}
    assert {row.subject for row in story.rows(Kind.ORDER_REFUSED)} == {sim.crews[0].index}


def test_no_more_crews_leave_their_post_than_a_new_order_is_for() -> None:
    story = ordered(order("a", "head", time_h=6.0, persons=20), count=4)
    posts = [row for row in story.rows(Kind.TAKES_POST) if row.time_h >= 6.0]
    assert len(posts) == len(story.rows(Kind.CREW_ORDERED)) == 1


def together(sim: Simulation) -> list[float]:
    """Hands of all who are ordered to the same line, as told to each crew that asked for a post."""
    return [sum(some.number for some in tools.together) for tools in fake(sim).asked]


def test_hands_of_all_who_are_ordered_to_a_line_are_counted_together() -> None:
    sim = burning_hills(teams=crews(3), fire_orders=(order("a", "hold", line="ridge"),))
    fake(sim).growth_kmh = 0.0
    run(sim, 8)
    assert together(sim) == pytest.approx([60.0] * 3, rel=0.05)


def test_crews_on_the_road_count_from_when_they_are_there() -> None:
    """A crew of 50 sets out two hours after the first two; those who come last find all others there."""
    teams = (*crews(2), *crews(1, id="late", size=50, turnout_h=2.0))
    sim = burning_hills(teams=teams, fire_orders=(order("a", "hold", line="ridge"),))
    fake(sim).growth_kmh = 0.0
    run(sim, 8)
    first, last = fake(sim).asked[0].together, fake(sim).asked[-1].together
    assert (
        sorted(round(some.number, -1) for some in first)
        == sorted(round(some.number, -1) for some in last)
        == [20, 20, 50]
    )
    assert max(some.in_h for some in first) > 1.0 > max(some.in_h for some in last)
    assert max(first, key=lambda some: some.in_h).number > 40


def test_a_crew_that_changes_its_load_first_is_expected_later() -> None:
    def expected_h(load: str) -> float:
        late = crews(1, id="late", turnout_h=2.0, kind="mobile", loaded_for=load, changeover_h=1.5)
        sim = burning_hills(teams=(*crews(1), *late), fire_orders=(order("a", "hold", line="ridge"),))
        fake(sim).growth_kmh = 0.0
        run(sim, 2)
        return max(some.in_h for some in fake(sim).asked[0].together)

    assert expected_h("flood") == pytest.approx(expected_h("fire") + 1.5)


@pytest.mark.parametrize("tactic", ["parallel", "indirect"])
def test_line_in_front_is_judged_by_all_who_begin_there(tactic: str) -> None:
    """The second crew counts for the first; when it asks itself, the first is at its post and counts no more."""
    teams = (*crews(1), *crews(1, id="late", turnout_h=2.0))
    sim = burning_hills(teams=teams, fire_orders=(order("a", tactic),))
    fake(sim).growth_kmh = 0.0
    run(sim, 8)
    assert [len(tools.together) for tools in fake(sim).asked] == [2, 1]


def test_a_policy_of_line_in_front_is_for_everybody_and_not_for_those_wanted_at_a_village() -> None:
    sim = burning_hills(teams=(*crews(1), *crews(2, id="late", turnout_h=2.0)), hazard={"tactics": "indirect"})
    fake(sim).growth_kmh = 0.0
    assert sim.parameters.protect_hands < 3 * 20
    run(sim, 8)
    assert len(fake(sim).asked[0].together) == 3


def test_hands_that_an_order_is_not_for_do_not_count_there() -> None:
    """An order for 30 takes two crews of 20, which go whole."""
    sim = burning_hills(teams=crews(3), fire_orders=(order("a", "hold", line="ridge", persons=30),))
    fake(sim).growth_kmh = 0.0
    run(sim, 8)
    assert together(sim) == pytest.approx([40.0, 40.0, 0.0], rel=0.05)


def test_leaders_refuse_a_post_that_they_would_have_to_leave_at_once() -> None:
    sim = burning_hills(teams=crews(1), fire_orders=(order("a", "head"),))
    fake(sim).growth_kmh = 0.0
    fake(sim).in_danger.add(sim.crews[0].index)
    story = run(sim, 3)
    assert story.first(Kind.ORDER_REFUSED).item == Refusal.TOO_DANGEROUS
