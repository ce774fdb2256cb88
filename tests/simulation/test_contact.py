"""A cut stops both ways, for all who send and all who receive; whoever waited tries again when contact is back."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as tries
from hypothesis import strategies as st

from simrescue.events import EventKind as Kind
from simrescue.events import EventLog
from simrescue.hazards.base import Flames
from simrescue.metrics.facts import Facts
from simrescue.places import Depot, Shelter
from simrescue.responders import EVACUATE, MEDICAL, RECONNAISSANCE, RELIEF, RESCUE, Boat, Truck
from simrescue.scenario.records import Command, Relief, Scenario, Warning
from simrescue.simulation.hazards import effects
from simrescue.simulation.people import evacuation
from simrescue.simulation.run import simulate
from simrescue.simulation.state import Simulation
from simrescue.simulation.world import World, compile_world
from tests.factories import at, chain, scenarios
from tests.laws.ledger import Row, rows_of
from tests.simulation.story import AT_ONCE, NEVER_H, NOBODY, ask, by_hand, dry_row, feed, flood_road, so_far, water_at
from tests.simulation.test_command import team

SILENT = Command(report_h=0, decision_h=0, contact_loss=1, contact_restore_h=NEVER_H, silence_h=NEVER_H)


def cut(sim: Simulation, *ids: str, at_h: float = 0.0) -> None:
    """Contact with these places is lost at a time."""
    sim.env.run(until=at_h) if at_h > sim.env.now else None
    for one in ids:
        sim.contact.may_fail(sim.world.ids.index(one), -1)
        assert sim.world.ids.index(one) in sim.contact.dark


def back(sim: Simulation, *ids: str, at_h: float) -> None:
    """Contact with these places is there again at a time."""
    sim.env.run(until=at_h)
    for one in ids:
        sim.contact.restore(sim.world.ids.index(one), -1)


def out_of_the_dark(world: World, log: EventLog) -> list[Row]:
    """Rows that could not have happened: messages into or out of a place between loss and return of contact."""
    facts: Facts = world.facts
    on_radio, on_air = facts.of_kinds(("team", "boat", "truck", "helicopter")), facts.of_kinds(("helicopter",))
    dark, out, found = set[int](), set[int](), list[Row]()
    here = dict[int, int]()
    rows = list(rows_of(log))
    for row in rows:
        if row.kind is Kind.CONTACT_LOST:
            dark.add(row.subject)
        elif row.kind is Kind.CONTACT_RESTORED:
            dark.discard(row.subject)
        elif row.kind in (Kind.STANDS, Kind.FREE, Kind.ARRIVES):
            here[row.subject] = row.place
        told_by_crew = row.cause >= 0 and on_radio[rows[row.cause].subject]
        if (row.kind in (Kind.ANSWERED, Kind.NEEDS, Kind.CALL) and row.place in dark) or (
            row.kind is Kind.REPORTED and row.place in dark and row.item != RECONNAISSANCE and not told_by_crew
        ):
            found.append(row)
        elif row.kind is Kind.ASSIGNED and here[row.subject] in dark and row.subject not in out:
            found += [] if on_air[row.subject] else [row]
        if row.kind is Kind.TURNS_OUT:
            out.add(row.subject)
        elif row.kind is Kind.FREE and here[row.subject] == world.members[row.subject - world.first["teams"]].base:
            out.discard(row.subject)
    return found


@tries(max_examples=60, deadline=None)
@given(scenario=scenarios(), data=st.data())
def test_nothing_gets_through_while_contact_is_lost(scenario: Scenario, data: st.DataObject) -> None:
    loss = data.draw(st.sampled_from([0.5, 1.0]))
    back_h = data.draw(st.sampled_from([0.5, 3.0, NEVER_H]))
    command = scenario.settings.command.model_copy(update={"contact_loss": loss, "contact_restore_h": back_h})
    places = [one.id for one in (*scenario.villages, *scenario.shelters)]
    calls = tuple(ask(data.draw(st.sampled_from(places)), 3.0 * i, number=i, patience_h=4.0) for i in range(5))
    changed = scenario.settings.model_copy(update={"command": command})
    world = compile_world(scenario.model_copy(update={"settings": changed, "calls": calls}))
    assert not out_of_the_dark(world, simulate(world))


def test_every_kind_of_place_loses_contact_in_the_water_and_when_its_last_road_is_cut() -> None:
    from tests.simulation.story import flood_road

    for wet in (True, False):
        sim = by_hand(dry_row(command=SILENT))
        ids = ("village-0", "school", "depot", "station")
        if wet:
            for one in ids:
                water_at(sim, sim.world.ids.index(one), 1.0, 3)
        else:
            for road in sim.world.scenario.roads:
                flood_road(sim, road.id, 2.0)
            sim.env.run(until=0.1)
            from simrescue.simulation.roads.isolation import Isolation

            review = Isolation(sim.roads, sim.contact, sim.villages)
            review.reached = [True] * len(review.places)
            sim.roads.changed = True
            review.review()
        lost = {sim.world.ids[row.subject] for row in so_far(sim).rows(Kind.CONTACT_LOST)}
        assert set(ids) <= lost if wet else len(lost) >= 5


# ---- whoever gets contact back tells all who waited for it


def test_officers_are_called_again() -> None:
    sim = by_hand(dry_row(command=SILENT, sections={"warning": Warning(answer_h=0)}, **NOBODY))
    cut(sim, "village-0", at_h=1.0)
    evacuation.call_out(sim, sim.villages[0], Kind.ORDERED)
    sim.env.run(until=5.0)
    assert not so_far(sim).rows(Kind.ANSWERED, Kind.WARNED)
    back(sim, "village-0", at_h=6.0)
    sim.env.run(until=7.0)
    assert so_far(sim).one(Kind.ANSWERED).time_h == 6.0
    assert sim.villages[0].warning_state.reached > 0


def test_villages_ask_for_rescue_care_and_goods() -> None:
    sim = by_hand(dry_row(command=SILENT, **NOBODY))
    village = sim.villages[0]
    village.water(3, 0.8)  # some trapped, whom nothing reaches, and some who need goods
    assert 0 in sim.contact.dark
    village.hurt = 3
    sim.env.run(until=4.0)
    assert not so_far(sim).rows(Kind.REPORTED, Kind.NEEDS)
    back(sim, "village-0", at_h=5.0)
    sim.env.run(until=5.1)
    assert {row.item for row in so_far(sim).rows(Kind.REQUEST_OPENED)} == {RESCUE, RELIEF, MEDICAL}
    opened = so_far(sim).one(Kind.REQUEST_OPENED, item=RESCUE)
    assert (opened.time_h, opened.amount) == (5.0, 0.0)


def test_shelters_ask_for_goods() -> None:
    sim = by_hand(dry_row(command=SILENT, **NOBODY))
    cut(sim, "school")
    site = sim.sites[sim.world.ids.index("school")]
    site.left = [0.0] * 5
    sim.villages[0].moving, sim.villages[0].home = 300, 0
    sim.shelters[site.index].receive(sim.villages[0], 300, 0, -1)
    sim.villages[0].moving = 0
    sim.env.run(until=4.0)
    assert not so_far(sim).rows(Kind.NEEDS)
    back(sim, "school", at_h=5.0)
    sim.env.run(until=5.1)
    assert so_far(sim).one(Kind.REQUEST_OPENED, place="school").item == RELIEF


def test_nothing_is_ordered_for_a_silent_depot() -> None:
    """It has nothing left, and people nearby will ask; orders are reckoned every 4 hours, and it is back at 5."""
    depots = (*dry_row().depots, Depot(id="store", upper="depot", food=100, **at(3, 1)))
    roads = (*dry_row().roads, *chain(["station", "store"]))
    away = {"trucks": (Truck(id="truck", base="station", available=90.0, payload_t=0.1),)}
    review = {"relief": Relief(tracked=("food",), replenishment_review=4.0)}
    sim = by_hand(dry_row(command=SILENT, sections=review, depots=depots, roads=roads, **(NOBODY | away)))
    sim.depots[sim.world.ids.index("store")].draw([100.0, 0, 0, 0, 0])
    feed(sim, "school", 600, 17.0)
    cut(sim, "store")
    back(sim, "store", at_h=5.0)
    assert not so_far(sim).rows(Kind.REQUEST_OPENED, place="store")
    sim.env.run(until=8.1)
    assert so_far(sim).one(Kind.REQUEST_OPENED, place="store").time_h == 8.0


def test_a_silent_depot_has_no_stock_that_command_knows_of() -> None:
    trucks = {"trucks": (Truck(id="truck", base="station", breakdown=0),)}
    sim = by_hand(dry_row(command=SILENT, **(NOBODY | trucks)))
    cut(sim, "depot")
    sim.command.learn_needs(0, [100.0, 0, 0, 0, 0], 100, -1)
    sim.env.run(until=4.0)
    assert not so_far(sim).rows(Kind.ASSIGNED)
    back(sim, "depot", at_h=5.0)
    sim.env.run(until=20.0)
    assert so_far(sim).first(Kind.ASSIGNED).time_h == 5.0
    assert so_far(sim).one(Kind.DELIVERS).amount == 100


def test_crews_at_a_silent_base_get_no_order_and_those_out_do() -> None:
    calls = (ask("village-0", 1.0), ask("village-2", 8.0, number=1))
    sim = by_hand(dry_row(command=SILENT, calls=calls, **(NOBODY | {"teams": (team(),)})))
    cut(sim, "station")
    sim.env.run(until=4.0)
    assert not so_far(sim).rows(Kind.ASSIGNED)
    back(sim, "station", at_h=5.0)
    sim.env.run(until=7.5)
    assert so_far(sim).one(Kind.ASSIGNED).time_h == 5.0
    cut(sim, "station", at_h=7.9)
    sim.contact.may_fail(sim.world.ids.index("village-0"), -1)
    sim.env.run(until=9.0)
    assert len(so_far(sim).rows(Kind.ASSIGNED)) == 2, "it stands in the village with its radio"


def test_calls_get_through_when_contact_is_back_unless_the_caller_has_given_up() -> None:
    calls = (ask("village-0", 1.0), ask("village-0", 1.0, number=1, patience_h=2.0))
    sim = by_hand(dry_row(command=SILENT, calls=calls, **(NOBODY | {"teams": (team(turnout_h=0),)})))
    cut(sim, "village-0")
    back(sim, "village-0", at_h=5.0)
    sim.env.run(until=12.0)
    story = so_far(sim)
    assert story.one(Kind.CALL).time_h == 5.0
    assert (story.one(Kind.REQUEST_OPENED).amount, story.one(Kind.SERVED).request) == (1.0, 0)
    assert story.one(Kind.CALL_LOST).time_h == 3.0
    lost = story.one(Kind.NEVER_REPORTED)
    assert (lost.time_h, lost.amount, lost.item) == (3.0, 1.0, RESCUE)


@pytest.mark.parametrize("place", ["village-1", "school", "depot", "station"])
def test_whoever_is_silent_is_looked_at_and_the_look_restores_contact(place: str) -> None:
    command = SILENT.model_copy(update={"silence_h": 2.0})
    boats = {"boats": (Boat(id="boat", base="village-0", breakdown=0, tasks=("reconnaissance",)),)}
    sim = by_hand(dry_row(command=command, **(NOBODY | boats)))
    cut(sim, place, at_h=1.0)
    sim.env.run(until=10.0)
    story = so_far(sim)
    look = story.one(Kind.REQUEST_OPENED)
    assert (look.time_h, look.item, look.amount, look.place) == (3.0, RECONNAISSANCE, 1.0, story.index[place])
    assert story.one(Kind.SEES).place == story.index[place]
    assert story.one(Kind.CONTACT_RESTORED).time_h <= story.one(Kind.SEES).time_h
    assert story.one(Kind.REQUEST_CLOSED).request == look.request


def test_contact_lost_again_is_another_silence() -> None:
    command = SILENT.model_copy(update={"silence_h": 2.0})
    sim = by_hand(dry_row(command=command, **NOBODY))
    cut(sim, "village-0", at_h=1.0)
    back(sim, "village-0", at_h=2.0)
    cut(sim, "village-0", at_h=2.5)
    sim.env.run(until=10.0)
    assert so_far(sim).one(Kind.REQUEST_OPENED).time_h == 4.5


def test_the_luck_of_a_place_with_its_telephones_does_not_hang_on_the_share_that_is_lost() -> None:
    found = []
    for share in (1.0, 0.999999):
        sim = by_hand(dry_row(command=Command(contact_loss=share, contact_restore_h=3.0)))
        for at_h in (1.0, 30.0):
            cut(sim, "village-0", at_h=at_h)
        sim.env.run(until=47.0)
        found.append(so_far(sim).times(Kind.CONTACT_RESTORED))
    assert found[0] == found[1]
    assert len(found[0]) == 2


# ---- whatever else is regained


def lorries(**fields: Any) -> dict[str, Any]:
    return NOBODY | {"trucks": (Truck(id="truck", base="station", breakdown=0, **fields),)}


def test_a_depot_that_is_dry_again_serves_those_who_waited() -> None:
    sim = by_hand(dry_row(command=AT_ONCE, **lorries()))
    depot = sim.world.ids.index("depot")
    water_at(sim, depot, 1.0, 3)
    sim.command.learn_needs(0, [100.0, 0, 0, 0, 0], 100, -1)
    sim.env.run(until=5.0)
    assert not so_far(sim).rows(Kind.ASSIGNED)
    water_at(sim, depot, 0.0, 0)
    sim.env.run(until=5.1)
    assert so_far(sim).one(Kind.ASSIGNED).time_h == 5.0


def test_a_shelter_that_is_dry_again_takes_those_who_waited() -> None:
    sim = by_hand(dry_row(command=AT_ONCE, **(NOBODY | {"teams": (team(),)})))
    school = sim.world.ids.index("school")
    water_at(sim, school, 1.0, 3)
    sim.villages[0].waiting = 50
    sim.villages[0].report(-1)
    sim.env.run(until=5.0)
    assert so_far(sim).one(Kind.REQUEST_OPENED).item == EVACUATE
    assert not so_far(sim).rows(Kind.ASSIGNED)
    water_at(sim, school, 0.0, 0)
    sim.env.run(until=5.1)
    assert so_far(sim).one(Kind.ASSIGNED).time_h == 5.0


def two_shelters() -> Simulation:
    """A team, and people who wait for it at village-0; the school is the nearer shelter."""
    shelters = tuple(Shelter(id=one, capacity=100, **at(0, y)) for one, y in (("school", 1), ("hall", 2)))
    roads = chain(["station", "depot", "hall", "school", "village-0", "village-1", "village-2"])
    sim = by_hand(dry_row(command=SILENT, shelters=shelters, roads=roads, **(NOBODY | {"teams": (team(),)})))
    sim.villages[0].waiting = 10
    return sim


def test_of_a_silent_shelter_the_last_word_is_believed_until_somebody_comes() -> None:
    sim = two_shelters()
    cut(sim, "school")
    school, hall = (sim.shelters[sim.world.ids.index(one)] for one in ("school", "hall"))
    water_at(sim, school.index, 0.2, 3)  # shallow enough for the lorry
    assert school.is_known_safe
    sim.villages[0].report(-1)
    sim.env.run(until=12.0)
    story = so_far(sim)
    arrives = [row.place for row in story.rows(Kind.ARRIVES) if row.place in sim.shelters]
    assert arrives[:2] == [school.index, hall.index]
    assert (school.persons, hall.persons) == (0, 10)
    assert not school.is_known_safe  # the crew's radio


def test_nobody_hears_that_a_silent_shelter_is_full_or_dry_again() -> None:
    sim = two_shelters()
    school, hall = (sim.shelters[sim.world.ids.index(one)] for one in ("school", "hall"))
    water_at(sim, school.index, 1.0, 3)  # contact fails with it, as in the settings
    assert not school.is_known_safe
    water_at(sim, school.index, 0.0, 0)
    sim.villages[0].report(-1)
    sim.env.run(until=12.0)
    assert (school.persons, hall.persons) == (0, 10)
    back(sim, "school", at_h=13.0)
    assert school.is_known_safe
    cut(sim, "school", at_h=14.0)
    school.receive(sim.villages[1], 100, 0, -1)
    assert school.is_full
    assert not school.is_known_full
    back(sim, "school", at_h=15.0)
    assert school.is_known_full


@pytest.mark.parametrize("force", ["boats", "trucks", "teams"])
def test_a_road_mended_lets_those_go_who_waited_for_it(force: str) -> None:
    forces: dict[str, Any] = {"boats": Boat(id="boat", base="station"), "teams": team()}
    made = lorries() if force == "trucks" else NOBODY | {force: (forces[force],)}
    sim = by_hand(dry_row(command=AT_ONCE, calls=(ask("village-1", 1.0),), **made))
    if force == "trucks":
        sim.command.learn_needs(1, [100.0, 0, 0, 0, 0], 100, -1)
    links = range(len(sim.world.scenario.roads))
    for link in links:
        sim.roads.closures.put(link, "damage", 1.0)
        sim.roads.learn(link)
    sim.env.run(until=5.0)
    assert not so_far(sim).rows(Kind.ASSIGNED)
    for link in links:
        sim.roads._repair(link)
    sim.env.run(until=5.1)
    assert so_far(sim).first(Kind.ASSIGNED).time_h == 5.0


@pytest.mark.parametrize("place", ["village-0", "school", "depot", "station"])
def test_flames_cut_contact_too_and_what_they_leave_serves_again(place: str) -> None:
    sim = by_hand(dry_row(command=SILENT, **lorries()))
    index = sim.world.ids.index(place)
    effects.apply(sim, Flames(index, True))
    assert so_far(sim).one(Kind.CONTACT_LOST).subject == index
    sim.command.learn_needs(1, [100.0, 0, 0, 0, 0], 100, -1)
    sim.env.run(until=2.0)
    assert bool(so_far(sim).rows(Kind.ASSIGNED)) == (place in ("village-0", "school"))
    effects.apply(sim, Flames(index, False))
    back(sim, place, at_h=3.0)
    sim.env.run(until=3.1)
    assert so_far(sim).rows(Kind.ASSIGNED)


def test_a_crew_that_stands_in_a_place_keeps_it_heard() -> None:
    sim = by_hand(dry_row(command=SILENT, **(NOBODY | {"teams": (team(),)})))
    crew = sim.crews[0]
    base, village = crew.here, 1

    def lost(place: int) -> bool:
        sim.contact.may_fail(place, -1)
        return place in sim.contact.dark

    crew.here, crew.out = village, True
    assert not lost(village)  # it stands there, with its radio
    assert not so_far(sim).rows(Kind.CONTACT_LOST)
    crew.under_way = True
    assert lost(village)  # it has left
    crew.under_way, crew.here, crew.out = False, base, False
    assert lost(base)  # at its base it is called by telephone


def test_a_crew_that_has_to_stop_at_a_silent_place_speaks_for_it() -> None:
    calls = (ask("village-2", 0.0),)
    sim = by_hand(dry_row(command=SILENT, calls=calls, **(NOBODY | {"teams": (team(turnout_h=0),)})))
    cut(sim, "village-1")
    roads = [one.id for one in sim.world.scenario.roads if {one.start, one.end} == {"village-1", "village-2"}]
    flood_road(sim, roads[0], 2.0)
    sim.env.run(until=6)
    stopped = so_far(sim).first(Kind.GIVES_UP, place="village-2")
    restored = so_far(sim).one(Kind.CONTACT_RESTORED, place="village-1")
    assert restored.time_h == so_far(sim).first(Kind.TURNS_ROUND).time_h <= stopped.time_h
    assert sim.crews[0].here == 1


def test_a_village_does_not_fall_silent_round_a_crew_at_work() -> None:
    ringing = ask("village-0", 0.0).model_copy(update={"on_site_h": 5.0})
    for cut_h, silent in ((0.0, True), (3.0, False), (40.0, False)):
        sim = by_hand(
            dry_row(command=SILENT, calls=(ringing,), **(NOBODY | {"boats": (Boat(id="boat", base="station"),)}))
        )
        sim.env.run(until=max(cut_h, 1e-3))
        sim.contact.may_fail(0, -1)
        assert (0 in sim.contact.dark) == silent, cut_h
