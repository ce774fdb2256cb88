"""Orders to crews are messages: by radio, by what stands at the base, on foot, or not at all."""

from __future__ import annotations

from typing import Any

import pytest

from simrescue.communication.channels import CHANNEL_NUMBER, Station
from simrescue.communication.messages import MessageKind
from simrescue.communication.posts import StaffedPost
from simrescue.events import EventKind as Kind
from simrescue.responders import Boat, Team, Truck, carries_radio
from simrescue.scenario.records import Scenario
from simrescue.simulation.protocols import Crew
from simrescue.simulation.state import Simulation
from tests.factories import at
from tests.simulation.story import Story, ask, by_hand, so_far, tell
from tests.simulation.test_channels import ALL, NEVER_H, county, mast, room

RUNNER, RADIO, PUBLIC = (CHANNEL_NUMBER[name] for name in ("runner", "radio", "public"))


def with_boat(*kinds: str, radio: bool = True, **changes: Any) -> Scenario:
    """Villages with satellite phones, and one boat at a base that has none."""
    boat = Boat(id="boat", base="station", radio=radio, turnout_h=0.1)
    return county("satellite", *kinds, phones=1, boats=(boat,), **changes)


def silent_base(*kinds: str, **fields: Any) -> Scenario:
    """The mains are cut before the water comes, and no battery holds: the base hears nothing, the villages talk."""
    dark = {"power": room(cut=2.0, restored=NEVER_H), "stations": (mast(backup_h=0.0),)}
    return with_boat("public", *kinds, **(dark | fields))


def orders(story: Story, kind: Kind) -> list[Any]:
    """Rows of a kind that are about an order."""
    return [row for row in story.rows(kind) if row.amount == MessageKind.ORDER]


def test_an_order_is_sent_received_and_answered_before_the_crew_sets_out() -> None:
    story = tell(with_boat("public"))
    assigned = story.first(Kind.ASSIGNED)
    sent, received = orders(story, Kind.SENT)[0], orders(story, Kind.RECEIVED)[0]
    assert (sent.subject, sent.place) == (story.world.command, assigned.subject)
    assert (received.subject, received.place, received.item) == (assigned.subject, story.world.command, PUBLIC)
    assert assigned.time_h <= sent.time_h <= received.time_h <= story.first(Kind.TURNS_OUT).time_h
    assert orders(story, Kind.ACKNOWLEDGED)[0].subject == assigned.subject
    assert len(orders(story, Kind.SENT)) == len(story.rows(Kind.ASSIGNED))


def test_a_crew_that_is_out_has_its_orders_by_radio() -> None:
    story = tell(with_boat("public"))
    out_h = story.first(Kind.TURNS_OUT).time_h
    later = [row.item for row in orders(story, Kind.RECEIVED) if row.time_h > out_h + 1.0]
    assert later
    assert RADIO in later


def test_nobody_at_a_silent_base_has_an_order() -> None:
    story = tell(silent_base())
    assert not story.rows(Kind.ASSIGNED)
    assert not orders(story, Kind.SENT)


def test_somebody_walks_with_the_order_to_a_silent_base() -> None:
    story = tell(silent_base("runner"))
    assigned, received = story.first(Kind.ASSIGNED), orders(story, Kind.RECEIVED)[0]
    assert orders(story, Kind.UNHEARD)[0].time_h == assigned.time_h
    assert received.item == RUNNER
    walked_h = received.time_h - assigned.time_h
    assert walked_h > story.world.scenario.parameters.runner_after_h
    assert story.first(Kind.TURNS_OUT).time_h >= received.time_h


def test_an_order_that_found_no_channel_is_sent_anew_when_one_is_back() -> None:
    slow = silent_base("runner", power=room(cut=2.0, restored=20.0))
    parameters = slow.parameters.model_copy(update={"runner_after_h": NEVER_H})
    sets = {"settings": slow.settings.model_copy(update={"parameters": parameters})}
    story = tell(slow.model_copy(update=sets))
    received = orders(story, Kind.RECEIVED)
    assert received[0].time_h == pytest.approx(20.0, abs=0.5)
    assert received[0].item == PUBLIC


def test_a_crew_without_a_radio_brings_no_contact_and_hears_where_it_is() -> None:
    """Villages without phones are silent: whoever comes with a radio is heard from there, whoever has none is not."""
    town = Station(id="town", elevation_m=30, radius_km=3, backup_h=NEVER_H, **at(2, 1))
    dark: dict[str, Any] = {"power": room(cut=9.0, restored=NEVER_H), "stations": (mast(backup_h=0.0), town)}
    restored = {}
    for radio in (True, False):
        silent = county(*ALL, boats=(Boat(id="boat", base="station", radio=radio),), **dark)
        soon = silent.settings.command.model_copy(update={"silence_h": 1.0})
        story = tell(silent.model_copy(update={"settings": silent.settings.model_copy(update={"command": soon})}))
        silent_places = {row.subject for row in story.rows(Kind.CONTACT_LOST)}
        assert {row.place for row in story.rows(Kind.ARRIVES)} & silent_places
        restored[radio] = len(story.rows(Kind.CONTACT_RESTORED))
        assert radio or story.first(Kind.RETURNS).place == story.index["station"]
    assert restored[True] > restored[False] == 0


@pytest.mark.parametrize("radio", [True, False])
def test_wheels_do_not_work_in_deep_water_of_a_silent_place_and_see_that_once(radio: bool) -> None:
    """What nobody has told shows on arrival, with a radio or without; who cannot work there does not come again."""
    town = Station(id="town", elevation_m=30, radius_km=3, backup_h=NEVER_H, **at(2, 1))
    dark: dict[str, Any] = {"power": room(cut=9.0, restored=NEVER_H), "stations": (mast(backup_h=0.0), town)}
    wheels = Team(id="team", base="station", vehicle="high_clearance", tasks=("rescue",), radio=radio, breakdown=0)
    silent = county(*ALL, teams=(wheels,), hours=36.0, **dark)
    soon = silent.settings.command.model_copy(update={"silence_h": 1.0})
    story = tell(silent.model_copy(update={"settings": silent.settings.model_copy(update={"command": soon})}))
    stopped = [row.place for row in story.rows(Kind.TOO_DEEP)]
    assert stopped or radio, "whose radio tells of the water before it is there"
    assert len(stopped) == len(set(stopped))
    assert not [row for row in story.rows(Kind.PICKS_UP) if 11.0 < row.time_h < 36.0]


def test_without_channels_no_order_is_a_message() -> None:
    story = tell(with_boat().model_copy(update={"channels": ()}))
    assert story.rows(Kind.ASSIGNED)
    assert not story.rows(Kind.SENT, Kind.RECEIVED, Kind.UNHEARD)


# ---- calling off, and what crews report


def rescued_by_hand(radio: bool) -> tuple[Simulation, Crew]:
    """A boat on its way to a silent village, which it would reach without its radio unheard."""
    town = Station(id="town", elevation_m=30, radius_km=3, backup_h=NEVER_H, **at(2, 1))
    dark: dict[str, Any] = {"power": room(cut=9.0, restored=NEVER_H), "stations": (mast(backup_h=0.0), town)}
    silent = county(*ALL, boats=(Boat(id="boat", base="station", radio=radio),), **dark)
    soon = silent.settings.command.model_copy(update={"silence_h": 1.0})
    sim = by_hand(silent.model_copy(update={"settings": silent.settings.model_copy(update={"command": soon})}))
    boat = sim.crews[-1]
    while not (boat.under_way and boat.mission is not None):
        sim.env.step()
    return sim, boat


def about(story: Story, kind: Kind, what: MessageKind, crew: Crew) -> list[Any]:
    """Rows of messages of a kind that a crew sends or gets."""
    return [row for row in story.rows(kind) if row.amount == what and crew.index in (row.subject, row.place)]


def test_calling_a_crew_off_is_an_order_by_radio() -> None:
    sim, boat = rescued_by_hand(radio=True)
    before = len(about(so_far(sim), Kind.RECEIVED, MessageKind.ORDER, boat))
    assert sim.command.call_off(boat)
    sim.env.run(until=sim.env.now + 0.5)
    story = so_far(sim)
    off, received = story.first(Kind.CALLED_OFF), about(story, Kind.RECEIVED, MessageKind.ORDER, boat)
    assert received[before].time_h == off.time_h
    assert story.rows()[story.rows()[received[before].cause].cause] == off
    assert not boat.under_way or boat.mission is None or boat.mission.request.place == boat.member.base


def test_who_is_on_the_road_without_a_radio_is_not_called_off_before_it_stops() -> None:
    sim, boat = rescued_by_hand(radio=False)
    before = len(about(so_far(sim), Kind.UNHEARD, MessageKind.ORDER, boat))
    mission = boat.mission
    assert sim.command.call_off(boat)
    sim.env.step()
    assert len(about(so_far(sim), Kind.UNHEARD, MessageKind.ORDER, boat)) == before + 1
    assert boat.under_way
    assert not mission.is_called_off


def test_without_a_radio_a_crew_reports_when_it_comes_to_a_channel() -> None:
    """What it says then is what it saw, at the hour at which it says it."""
    for radio in (True, False):
        sim, boat = rescued_by_hand(radio)
        sim.env.run(until=30.0)
        story = so_far(sim)
        came = story.first(Kind.ARRIVES, subject="boat")
        received = about(story, Kind.RECEIVED, MessageKind.REPORT, boat)
        assert received
        unheard = about(story, Kind.UNHEARD, MessageKind.REPORT, boat)
        if radio:
            assert not unheard
            assert received[0].time_h == pytest.approx(came.time_h, abs=0.5)
        else:
            assert unheard[0].time_h < received[0].time_h
            home = story.first(Kind.ARRIVES, Kind.RETURNS, subject="boat", place="station")
            assert received[0].time_h >= home.time_h
            assert all(row.item != RADIO for row in received)


def test_posts_without_channels_write_orders_too() -> None:
    own = StaffedPost(id="own", level="county", command=True)
    story = tell(with_boat().model_copy(update={"channels": (), "posts": (own,)}))
    assert len(orders(story, Kind.SENT)) >= len(story.rows(Kind.ASSIGNED)) > 0
    assert len(orders(story, Kind.RECEIVED)) == len(orders(story, Kind.SENT))


def test_a_call_for_help_waits_for_a_hand_at_the_alarm_room() -> None:
    """One operator and two hours a call: the second of two that ring together is taken after the first."""
    own = StaffedPost(id="own", level="county", command=True, staff=1, report_h=2.0)
    calls = (ask("village-0", 2.0), ask("village-1", 2.0))
    story = tell(with_boat().model_copy(update={"channels": (), "posts": (own,), "calls": calls}))
    taken = story.times(Kind.CALL)
    assert len(taken) == 2
    assert 2.0 < taken[0] < taken[1]
    sent = [row for row in story.rows(Kind.SENT) if row.amount == MessageKind.CALL]
    assert [row.time_h for row in sent] == [2.0, 2.0]


@pytest.mark.parametrize(
    ("row", "carries"),
    [
        (Team(id="crew", base="station", kind="transport"), False),
        (Team(id="crew", base="station", kind="medical"), False),
        (Team(id="crew", base="station", kind="transport", radio=True), True),
        (Team(id="crew", base="station", kind="mobile"), True),
        (Team(id="crew", base="station", kind="mobile", radio=False), False),
        (Truck(id="crew", base="station"), False),
        (Boat(id="crew", base="station"), True),
    ],
)
def test_drivers_and_ambulances_have_telephones_and_no_radio(row: Any, carries: bool) -> None:
    """A coach that comes to a village whose network has just gone cannot tell anybody so."""
    assert carries_radio(row) is carries
