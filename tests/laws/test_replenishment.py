"""What goes from depot to depot: nothing where there is enough, no more where there is more, and nothing for nobody."""

from __future__ import annotations

import numpy as np

from simrescue.events import EventKind as Kind
from simrescue.places import Depot
from simrescue.scenario.records import Relief, Scenario
from tests.factories import at
from tests.simulation.story import Story, by_hand, dry_row, feed, so_far, tell
from tests.simulation.test_depot import lorry, relief

PEOPLE, END_H = 900, 48.0
STOCKS = (0.0, 500.0, 1000.0, 2000.0, 4000.0, 10_000.0)
"""Person-days at the lower depot: from nothing to five times what all people eat until the end."""
ROOM = STOCKS[-1]


def two_depots(food: float, people: int = PEOPLE) -> Scenario:
    """People in a school who ask for a day of food twice a day, a depot beside them, and an upper one further off."""
    lower, upper = Depot(id="depot", food=food, upper="upper", **at(1, 1)), Depot(id="upper", food=50_000, **at(4, 1))
    more = dry_row().roads[0].model_copy(update={"id": "to-upper", "start": "station", "end": "upper"})
    settings = Relief(tracked=("food",), days_sent=1, replenishment_review=4.0, replenishment_fleet=0.5)
    scenario = relief((lorry(count=8, payload_t=0.2),), (lower, upper), people, relief=settings)
    return scenario.model_copy(update={"roads": (*scenario.roads, more)})


def begin_with(food: float, seed: int) -> Story:
    """What happens where the lower depot has so much of what it has room for."""
    sim = by_hand(two_depots(ROOM), seed)
    sim.depots[sim.world.ids.index("depot")].draw([ROOM - food, 0, 0, 0, 0])
    sim.env.run(until=END_H)
    return so_far(sim)


def lorry_h(story: Story, *places: str) -> float:
    """Lorry-hours for some places from the order until the lorry is free again, or to the end."""
    indexes = {story.index[place] for place in places}
    began: dict[int, float] = {}
    hours = 0.0
    for row in story.rows(Kind.ASSIGNED, Kind.FREE):
        hours += row.time_h - began.pop(row.subject, row.time_h)
        if row.kind is Kind.ASSIGNED and row.place in indexes:
            began[row.subject] = row.time_h
    return hours + sum(END_H - since_h for since_h in began.values())


def test_more_stock_below_never_means_more_transport_and_enough_means_no_restocking() -> None:
    """Of both together: what is short below is brought to the people from the upper depot, or to the depot first."""
    told = [[begin_with(food, seed) for seed in range(4)] for food in STOCKS]
    restocking = [float(np.mean([lorry_h(story, "depot") for story in stories])) for stories in told]
    assert restocking[0] == max(restocking) > 0
    assert restocking[-2:] == [0.0, 0.0]
    in_all = [float(np.mean([lorry_h(story, "depot", "school") for story in stories])) for stories in told]
    assert in_all == sorted(in_all, reverse=True)


def test_more_stock_below_never_means_a_larger_order() -> None:
    ordered = []
    for food in STOCKS:
        sim = by_hand(two_depots(ROOM, people=0))
        depot = sim.world.ids.index("depot")
        sim.depots[depot].draw([ROOM - food, 0, 0, 0, 0])
        feed(sim, "school", PEOPLE, 14.0)
        sim.env.run(until=1.0)
        ordered.append(dict(sim.command.replenishment.review(sim.command.kg))[depot][0])
    assert ordered == sorted(ordered, reverse=True)
    assert ordered[0] > ordered[-1] == 0


def test_nothing_is_ordered_for_nobody() -> None:
    assert not tell(two_depots(500.0, people=0)).rows(Kind.REQUEST_OPENED)


def test_goods_between_depots_are_neither_made_nor_lost() -> None:
    story = tell(two_depots(500.0))
    out, home = (
        sum(row.amount for row in story.rows(kind, place=place) if row.place == story.index[place])
        for kind, place in ((Kind.LOADED, "upper"), (Kind.DELIVERS, "depot"))
    )
    to_school = sum(row.amount for row in story.rows(Kind.DELIVERS, place="school"))
    from_depot = sum(row.amount for row in story.rows(Kind.LOADED, place="depot"))
    assert 0 < home <= out
    assert from_depot <= 500.0 + home + 1e-6
    assert to_school <= out - home + from_depot + 1e-6
