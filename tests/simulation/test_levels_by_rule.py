"""Response levels by rule, by hand: the river rises through the sill of its gauge at known hours.

Water level of the zone: -1 m at 0 h, -0.1 m at 10 h, 1.5 m from 12 h to 36 h, -0.5 m at 44 h; so 0.7 m at 11 h.
"""

from __future__ import annotations

from typing import Any

import pytest

from simrescue.events import EventKind as Kind
from simrescue.hazards.flood.settings import Flood
from simrescue.places import Village
from simrescue.responders import Boat, Helicopter, Team
from simrescue.scenario.records import Command, Relief, ResponseLevel, Scenario, Warning
from simrescue.scenario.response_records import GaugeReading, LevelRule, Measured, Response, Trigger
from tests.factories import ALL_STAY, CERTAIN, at, flooded_row, settings
from tests.simulation.fake_fire import burning_hills, crews, fake, run
from tests.simulation.story import tell

METRES, PERSONS, HOURS = "m", "", "h"
RISES = {"kind": "reading", "of": "river", "at_least": Measured(0.7, METRES)}
"""Met after 11 h."""


def trigger(name: str = "a", level: str = "II", **fields: Any) -> Trigger:
    return Trigger(id=name, level=level, **fields)


def county(
    *triggers: Trigger,
    watch_h: float = 0.25,
    levels: tuple[ResponseLevel, ...] = (),
    readings: tuple[GaugeReading, ...] = (),
    boat: dict[str, Any] | None = None,
    hours: float = 60.0,
    rules: dict[str, LevelRule] | None = None,
    **tables: Any,
) -> Scenario:
    """The flooded row with one boat that waits for level II; decisions take an hour."""
    rules = {name: LevelRule(consultation_h=1.0) for name in ("level_1", "level_2", "level_3", "level_4")} | (
        rules or {}
    )
    made = settings(
        hours,
        hazard=Flood(uncertainty=CERTAIN, road_damage=0),
        command=Command(report_h=0, decision_h=0, contact_loss=0, levels=levels),
        response=Response(watch_h=watch_h, **rules),
        relief=Relief(pushed=0.0),
        parameters=ALL_STAY,
    )
    boats = (Boat(**({"id": "boat", "base": "station", "release": "II"} | (boat or {}))),)
    return flooded_row(settings=made, boats=boats, triggers=triggers, readings=readings, **tables)


def test_a_reading_makes_a_level_due_and_a_consultation_declares_it() -> None:
    story = tell(county(trigger(**RISES)))
    met, due = story.first(Kind.TRIGGER_MET), story.first(Kind.LEVEL_DUE)
    raised, released = story.one(Kind.LEVEL_RAISED), story.one(Kind.RELEASED)
    assert (met.time_h, due.time_h, raised.time_h, released.time_h) == pytest.approx((11, 11, 12, 12))
    assert met.place == story.index["a"]
    assert met.amount == pytest.approx(0.7)
    led = [story.log.kind[row.cause] for row in (due, raised, released)]
    assert led == [Kind.TRIGGER_MET, Kind.LEVEL_DUE, Kind.LEVEL_RAISED]


def test_it_is_seen_when_somebody_next_looks() -> None:
    story = tell(county(trigger(**RISES), watch_h=4.0))
    assert story.times(Kind.LEVEL_DUE)[0] == 12


def test_who_has_to_agree_takes_his_time_after_the_consultation() -> None:
    story = tell(county(trigger(**RISES), rules={"level_2": LevelRule(consultation_h=1.0, approval_h=2.0)}))
    assert (story.one(Kind.LEVEL_ASKED).time_h, story.one(Kind.LEVEL_RAISED).time_h) == pytest.approx((12, 14))


@pytest.mark.parametrize(("hours", "raised_h"), [((), 12), ((19.0, 8.0), 12), ((20.5, 8.0), 13.5), ((8.0,), 25)])
def test_a_level_waits_for_the_consultation_at_its_hour(hours: tuple[float, ...], raised_h: float) -> None:
    """The run starts at eight: due at 19:00, consulted on for an hour from the next of these hours on."""
    rule = LevelRule(consultation_h=1.0, consulted_at=hours)
    assert tell(county(trigger(**RISES), rules={"level_2": rule})).times(Kind.LEVEL_RAISED) == pytest.approx([raised_h])


def test_move_first_and_paperwork_later_is_a_switch() -> None:
    """The level is in force at the decision, and the question goes up then; without approval nothing is asked."""
    rules = {"level_2": LevelRule(consultation_h=1.0, approval_h=2.0)}
    made = county(trigger(**RISES), rules=rules)
    later = made.settings.response.model_copy(update={"approved_later": True})
    story = tell(made.model_copy(update={"settings": made.settings.model_copy(update={"response": later})}))
    assert (story.one(Kind.LEVEL_RAISED).time_h, story.one(Kind.LEVEL_ASKED).time_h) == pytest.approx((12, 12))
    assert story.one(Kind.RELEASED).time_h == pytest.approx(12)
    free = county(trigger(**RISES))
    later = free.settings.response.model_copy(update={"approved_later": True})
    story = tell(free.model_copy(update={"settings": free.settings.model_copy(update={"response": later})}))
    assert not story.rows(Kind.LEVEL_ASKED)


def test_a_forecast_counts_as_much_as_a_reading() -> None:
    story = tell(county(trigger(**RISES, ahead_h=6.0)))
    assert story.times(Kind.LEVEL_DUE)[0] == pytest.approx(5)


@pytest.mark.parametrize(
    ("kind", "value", "least"),
    [
        ("reading", Measured(9000, "m3/s"), Measured(8000, "m3/s")),
        ("warning", Measured(4, "colour"), Measured(3, "colour")),
        ("order", Measured(3, "level"), Measured(3, "level")),
    ],
)
def test_readings_warnings_and_orders_come_from_outside(kind: str, value: Measured, least: Measured) -> None:
    readings = (
        GaugeReading(gauge="post", time_h=0, value=value._replace(value=1)),
        GaugeReading(gauge="post", time_h=3, value=value),
    )
    story = tell(county(trigger(kind=kind, of="post", at_least=least), readings=readings))
    assert story.times(Kind.LEVEL_DUE) == pytest.approx([3])


def test_a_reading_that_is_known_late_is_seen_late_and_a_forecast_early() -> None:
    def due_h(known_h: float, ahead_h: float = 0.0) -> list[float]:
        reading = GaugeReading(gauge="post", time_h=8, value=Measured(5, ""), known_h=known_h)
        seen = trigger(kind="reading", of="post", at_least=Measured(5, ""), ahead_h=ahead_h)
        return tell(county(seen, readings=(reading,))).times(Kind.LEVEL_DUE)

    assert due_h(10) == pytest.approx([10])
    assert due_h(2) == pytest.approx([8])
    assert due_h(2, ahead_h=4) == pytest.approx([4])
    assert due_h(2, ahead_h=24) == pytest.approx([2])


def test_a_loss_counts_in_its_band_once_it_is_told() -> None:
    affected = {"kind": "loss", "of": "affected"}
    band = trigger("b", "III", **affected, at_least=Measured(300, ""), below=Measured(900, ""))
    villages = tuple(
        Village(id=f"village-{i}", population=300, zone="river", elevation_m=0.5 * i, **at(i, 0)) for i in range(3)
    )
    story = tell(county(trigger(**affected, at_least=Measured(900, "")), band, villages=villages))
    all_wet = story.rows(Kind.WATER_ARRIVES)[2].time_h
    assert story.times(Kind.LEVEL_DUE, item=2)[0] - all_wet <= 0.25 + 1e-9
    assert story.first(Kind.TRIGGER_MET, place="b").time_h <= story.first(Kind.TRIGGER_OVER, place="b").time_h


def test_conditions_that_stand_together_must_all_hold() -> None:
    wet = {"kind": "count", "of": "flooded", "at_least": Measured(1, "")}
    both = (trigger("a", **RISES, together="both"), trigger("b", **wet, together="both"))
    early = tell(county(trigger("b", **wet))).times(Kind.LEVEL_DUE)
    story = tell(county(*both))
    assert early[0] < 11 == pytest.approx(story.times(Kind.LEVEL_DUE)[0])


@pytest.mark.parametrize(("chance", "due"), [(1.0, [13.0]), (0.0, [])])
def test_a_judgement_takes_its_time_and_may_find_otherwise(chance: float, due: list[float]) -> None:
    judged = trigger("b", kind="judgement", chance=chance, delay_h=2.0, together="both")
    story = tell(county(trigger("a", **RISES, together="both"), judged))
    assert story.times(Kind.LEVEL_DUE) == pytest.approx(due)


def test_what_is_over_before_the_decision_is_not_declared() -> None:
    readings = tuple(
        GaugeReading(gauge="post", time_h=hour, value=Measured(value, "")) for hour, value in ((3, 5), (3.5, 1))
    )
    story = tell(county(trigger(kind="reading", of="post", at_least=Measured(5, "")), readings=readings))
    assert story.times(Kind.LEVEL_DUE) == pytest.approx([3])
    assert not story.rows(Kind.LEVEL_RAISED)


def test_the_highest_level_that_is_due_counts() -> None:
    story = tell(county(trigger("a", "I", **RISES), trigger("b", "III", **RISES)))
    assert [row.item for row in story.rows(Kind.LEVEL_RAISED)] == [1]


def test_a_record_that_goes_down_lowers_the_level_and_holds_who_is_not_there_yet() -> None:
    """In whatever order its rows stand; who is there by then goes on."""
    record = (ResponseLevel(level="IV", time_h=9.0), ResponseLevel(level="II", time_h=1.0))
    story = tell(county(levels=record, boat={"available": 20.0}))
    assert (story.one(Kind.LEVEL_RAISED).time_h, story.one(Kind.LEVEL_LOWERED).time_h) == (1.0, 9.0)
    assert story.one(Kind.LEVEL_LOWERED).item == 4
    assert not story.rows(Kind.RELEASED)
    assert tell(county(levels=record, boat={"available": 5.0})).times(Kind.RELEASED) == [5.0]


def test_the_same_hand_lowers_it_and_who_is_not_there_yet_waits_again() -> None:
    """The river is below 0.7 m from 39.2 h on."""
    rules = {"level_2": LevelRule(consultation_h=1.0, lowered_after_h=3.0)}
    story = tell(county(trigger(**RISES), boat={"available": 45.0}, rules=rules))
    lowered = story.one(Kind.LEVEL_LOWERED)
    assert (lowered.time_h, lowered.item) == (pytest.approx(42.25), 5)
    assert story.log.kind[lowered.cause] == Kind.TRIGGER_OVER
    assert not story.rows(Kind.RELEASED)
    longer = {"level_2": LevelRule(consultation_h=1.0, lowered_after_h=9.0)}
    story = tell(county(trigger(**RISES), boat={"available": 45.0}, rules=longer))
    assert story.times(Kind.RELEASED) == [45]


def test_hours_on_record_win_and_what_was_due_is_written_beside_them() -> None:
    story = tell(county(trigger(**RISES), levels=(ResponseLevel(level="II", time_h=20.0),)))
    assert story.times(Kind.LEVEL_DUE)[0] == pytest.approx(11)
    assert story.times(Kind.LEVEL_RAISED) == [20]


def test_a_level_adds_its_orders_to_those_below_and_gives_each_once() -> None:
    rules = {
        "level_2": LevelRule(consultation_h=1.0, orders=("open_depots", "ready_crews")),
        "level_3": LevelRule(consultation_h=0.0, orders=("open_depots",)),
    }
    one = tell(county(trigger("a", "II", **RISES), rules=rules, trucks=(), helicopters=()))
    assert [row.place for row in one.rows(Kind.MADE_READY)].count(one.index["depot"]) == 1
    both = tell(
        county(trigger("a", "II", **RISES), trigger("b", "III", **RISES), rules=rules, trucks=(), helicopters=())
    )
    depot = [row for row in both.rows(Kind.MADE_READY) if row.place == both.index["depot"]]
    assert [(row.time_h, row.item) for row in depot] == [(pytest.approx(11), 3)]


def test_who_makes_ready_has_its_turnout_behind_it() -> None:
    """The team is sent at the first request, hours after the level."""

    def turnout_h(*orders: str) -> float:
        team = Team(id="team", base="station", turnout_h=2.0, seats=300, tasks=("evacuate", "rescue"))
        rules = {"level_2": LevelRule(consultation_h=0.0, orders=orders)}
        made = county(trigger(**RISES, ahead_h=6.0), rules=rules, teams=(team,))
        late = made.settings.model_copy(update={"warning": Warning(order=9.0)})
        story = tell(made.model_copy(update={"settings": late}))
        sent = story.first(Kind.ASSIGNED, subject="team").time_h
        return story.first(Kind.TURNS_OUT, subject="team").time_h - sent

    assert turnout_h() >= 1.5
    assert turnout_h("ready_crews") == 0
    assert turnout_h("ready_aircraft") == turnout_h()


def test_aircraft_are_made_ready_by_their_own_order_and_stand_down() -> None:
    rules = {"level_2": LevelRule(consultation_h=0.0, orders=("ready_aircraft",), lowered_after_h=1.0)}
    air = (Helicopter(id="heli", base="station", serviceable=1.0),)
    story = tell(county(trigger(**RISES), rules=rules, helicopters=air))
    (ready,) = story.rows(Kind.MADE_READY)
    assert (ready.time_h, ready.place) == (pytest.approx(11), story.index["station"])


def test_the_order_to_leave_comes_with_the_level_where_it_was_still_to_come() -> None:
    def ordered_h(warning: Warning, **rule: Any) -> list[float]:
        rules = {"level_2": LevelRule(consultation_h=0.0, **rule)}
        made = county(trigger(**RISES, ahead_h=6.0), rules=rules)
        changed = made.settings.model_copy(update={"warning": warning})
        return tell(made.model_copy(update={"settings": changed})).times(Kind.ORDERED)

    planned = Warning(forecast_lead_h=6.0, order_delay_h=4.0)
    assert min(ordered_h(planned)) > 5.5
    assert ordered_h(planned, orders=("evacuate",)) == pytest.approx([5.0] * 3)
    assert min(ordered_h(planned, orders=("evacuate",), zones=("elsewhere",))) > 5.5
    stated = Warning(order=9.0)
    assert ordered_h(stated, orders=("evacuate",)) == [9.0] * 3


def test_fires_have_the_same_rules() -> None:
    """A fire of which command hears at once is not contained for three hours; two burn from the sixth hour on."""
    teams = crews(1, turnout_h=0.5)
    sim_rows: dict[str, list[float]] = {}
    for name, fields in {
        "age": {"kind": "age", "of": "fire", "at_least": Measured(3, "h")},
        "count": {"kind": "count", "of": "fires", "at_least": Measured(2, "")},
    }.items():
        sim = burning_hills(24, teams=teams, ignitions=2, later_h=6.0, triggers=(trigger(**fields),))
        fake(sim).growth_kmh = 0.1
        story = run(sim, 20)
        sim_rows[name] = story.times(Kind.LEVEL_DUE)
        first, second = (row.time_h for row in story.rows(Kind.REPORTED) if row.request < 0)
    assert 3 <= sim_rows["age"][0] - first <= 4 + 1e-9
    assert 0 <= sim_rows["count"][0] - second <= 1 + 1e-9


@pytest.mark.parametrize(("ahead_h", "due_h"), [(0.0, 12.0), (5.0, 7.0)])
def test_the_fire_danger_of_the_day_starts_a_level(
    ahead_h: float, due_h: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Grade II until noon, then IV; looked at each hour, and so many hours ahead."""
    asks = trigger(kind="reading", of="danger", at_least=Measured(4, ""), ahead_h=ahead_h)
    sim = burning_hills(24, triggers=(asks,))
    monkeypatch.setattr(fake(sim), "danger_grade", lambda hour: 4 if hour >= 12.0 else 2)
    assert run(sim, 20).times(Kind.LEVEL_DUE)[0] == pytest.approx(due_h, abs=1.0)


def test_fire_danger_is_unknown_where_nothing_can_burn() -> None:
    assert not tell(county(trigger(kind="reading", of="danger", at_least=Measured(1, "")))).rows(Kind.TRIGGER_MET)
