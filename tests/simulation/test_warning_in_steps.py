"""Officers are told of the forecast and of a short-term warning; who does not answer is called on; guides fetch."""

from __future__ import annotations

from typing import Any

import pytest

from simrescue.communication.channels import CHANNEL_NUMBER, Channel, PowerArea, Station
from simrescue.events import EventKind as Kind
from simrescue.hazards.flood.settings import Flood
from simrescue.metrics import measure
from simrescue.parameters import Parameters
from simrescue.places import Village
from simrescue.scenario.records import Command, Evacuation, Scenario, Warning
from simrescue.simulation.people import evacuation
from simrescue.simulation.run import simulate
from simrescue.simulation.world import compile_world
from tests.factories import CERTAIN, at, flooded_row, settings
from tests.simulation.story import NOBODY, Story, by_hand, dry_row, so_far, tell
from tests.simulation.test_officers import HEARS, MISSES, with_officers


def row_of_villages(warning: dict[str, Any], parameters: dict[str, float] | None = None, **fields: Any) -> Scenario:
    """Three villages of 300 people, 5 km apart, that the water comes to; nobody is ordered unless a test says so."""
    villages = tuple(
        Village(id=f"village-{i}", population=300, zone="river", **({"ordered": False} | fields), **at(i, 0))
        for i in range(3)
    )
    plain = {"answer_h": 0.0, "speaker_rounds": 0, "door_rounds": 0, "call_out_lead_h": 1.0}
    return flooded_row(
        villages=villages,
        settings=settings(
            24.0,
            hazard=Flood(uncertainty=CERTAIN),
            command=Command(report_h=0.5, contact_loss=0),
            warning=Warning(**plain | warning),
            parameters=Parameters(**parameters or {}),
        ),
        **NOBODY,
    )


def test_steps_come_so_long_before_the_water_and_each_is_answered() -> None:
    story = tell(row_of_villages({"forecast_told_h": 6.0, "nowcast_lead_h": 3.0, "call_out_lead_h": 1.0}))
    water_h = story.first(Kind.WATER_ARRIVES, subject="village-0").time_h
    steps = (Kind.FORECAST_TOLD, Kind.NOWCAST, Kind.CALLED_OUT)
    assert [water_h - story.one(kind, subject="village-0").time_h for kind in steps] == pytest.approx(
        [6, 3, 1], abs=0.3
    )
    answers = story.rows(Kind.NOTED, Kind.ANSWERED, subject="village-0")
    assert [(row.kind, row.item) for row in answers] == [(Kind.NOTED, 0), (Kind.NOTED, 1), (Kind.ANSWERED, -1)]


def test_a_short_term_warning_tells_people_and_moves_some() -> None:
    story = tell(row_of_villages({"nowcast_lead_h": 3.0}))
    nowcast_h = story.one(Kind.NOWCAST, subject="village-0").time_h
    call_h = story.one(Kind.CALLED_OUT, subject="village-0").time_h
    before = [row for row in story.rows(Kind.WARNED, subject="village-0") if nowcast_h <= row.time_h < call_h]
    assert 0 < sum(row.persons for row in before) <= 300
    assert not story.rows(Kind.REFUSE, subject="village-0") or story.first(Kind.REFUSE).time_h >= call_h


@pytest.mark.parametrize(("cue", "reach"), [(0.0, 0.5), (0.3, 0.5), (0.3, 0.9)])
def test_who_hears_a_short_term_warning_and_a_call_out_is_warned_once(cue: float, reach: float) -> None:
    """Each is heard by so many of all, whoever has heard the other; here of those who have not left."""
    quiet = {"nowcast_lead_h": 6.0, "call_out_lead_h": 2.0, "reach": reach, "speaker_rounds": 0, "door_rounds": 0}
    row = row_of_villages(quiet)
    going = row.settings.evacuation.model_copy(update={"leave_by_cue": cue, "batches": 60})
    story = tell(row.model_copy(update={"settings": row.settings.model_copy(update={"evacuation": going})}))
    water_h = story.first(Kind.WATER_ARRIVES, subject="village-0").time_h
    warned = sum(one.persons for one in story.rows(Kind.WARNED, subject="village-0") if one.time_h < water_h - 0.01)
    both = 1 - (1 - reach) ** 2
    assert warned == pytest.approx(300 * both, abs=12)


def test_the_forecast_tells_officers_only() -> None:
    told, plain = (tell(row_of_villages(warning)) for warning in ({"forecast_told_h": 6.0}, {}))
    rest = [row for row in told.rows() if row.kind not in (Kind.FORECAST_TOLD, Kind.NOTED)]
    assert [(row.kind, row.time_h, row.persons) for row in rest] == [
        (row.kind, row.time_h, row.persons) for row in plain.rows()
    ]


def test_an_officer_who_has_had_the_forecast_misses_fewer_calls() -> None:
    """He misses by a draw below 0.3 by night; alert, below 0.15."""
    parameters = {"officer_missed_night_share": 0.3, "officer_missed_share": 0.3, "officer_alert_factor": 0.5,
                  "officer_again_h": 0.5}  # fmt: skip
    for warning, rounds in (({}, 2.0), ({"forecast_told_h": 6.0}, 1.0)):
        sim = by_hand(row_of_villages(warning, parameters, officers=1))
        with_officers(sim, *((HEARS, 0.2, HEARS) if warning else (0.2, HEARS),))
        sim.env.run(until=12.0)
        assert so_far(sim).first(Kind.ANSWERED, subject="village-0").amount == rounds


def called_on(**warning: Any) -> Story:
    """Village 0 has one officer, who is away; village 1 is 5 km off and can be reached."""
    villages = tuple(
        Village(id=f"village-{i}", population=100, officers=1 - i or None, zone="river", **at(i, 0)) for i in range(2)
    )
    parameters = Parameters(officer_next_h=0.1, officer_again_h=0.5, public_call_h=0.0, runner_kmh=5.0)
    sections = {"parameters": parameters,
                "warning": Warning(answer_h=0, speaker_rounds=0, door_rounds=0, **warning)}  # fmt: skip
    sim = by_hand(dry_row(length=2, villages=villages, sections=sections, **NOBODY))
    with_officers(sim, (MISSES,), away=(0,))
    sim.env.run(until=1.0)
    evacuation.call_out(sim, sim.villages[0], Kind.ORDERED)
    sim.env.run(until=12.0)
    return so_far(sim)


def test_a_village_that_does_not_answer_is_called_on() -> None:
    story = called_on(feedback_h=0.5)
    leaves, comes = story.one(Kind.MESSENGER_LEAVES), story.one(Kind.MESSENGER_COMES)
    assert leaves.time_h == 1.5
    assert comes.place == story.index["village-1"]
    km = story.world.distance_km(story.index["village-0"], story.index["village-1"])
    assert comes.amount == pytest.approx(comes.time_h - leaves.time_h)
    assert km / 5.0 * 0.99 <= comes.amount <= 1.5 * km / 5.0
    assert story.one(Kind.ANSWERED, subject="village-0").time_h == comes.time_h
    assert story.persons(Kind.WARNED, subject="village-0") > 0


def test_without_feedback_nobody_is_sent() -> None:
    assert not called_on().rows(Kind.MESSENGER_LEAVES, Kind.ANSWERED)


def test_who_has_answered_needs_nobody() -> None:
    story = tell(row_of_villages({"feedback_h": 0.5, "nowcast_lead_h": 3.0}))
    assert not story.rows(Kind.MESSENGER_LEAVES)


def test_round_a_dead_telephone_the_answer_walks_back() -> None:
    """The mast of village 0 has no power; the others have one of their own. The word walks there, the answer back."""
    scenario = row_of_villages({"feedback_h": 0.5, "order": 4.0}, ordered=True)
    channels = tuple(Channel(id=kind, kind=kind) for kind in ("public", "whistle"))
    masts = (
        Station(id="mast", elevation_m=30.0, radius_km=1, backup_h=0.0, **at(0, 0)),
        Station(id="other", elevation_m=30.0, radius_km=6, backup_h=0.0, **at(2, 0)),
    )
    room = PowerArea(id="room", elevation_m=30.0, cut=2.0, restored=23.9, feeds=("mast", "village-0"), **at(0, 0))
    grid = PowerArea(id="grid", elevation_m=30.0, feeds=("other", "village-1", "village-2"), **at(2, 0))
    story = tell(scenario.model_copy(update={"channels": channels, "stations": masts, "power": (room, grid)}))
    leaves, comes = (story.first(kind, subject="village-0") for kind in (Kind.MESSENGER_LEAVES, Kind.MESSENGER_COMES))
    assert (leaves.time_h, comes.place) == (4.5, story.index["village-1"])
    back = story.first(Kind.ACKNOWLEDGED, subject="village-0")
    assert (back.item, back.time_h) == (CHANNEL_NUMBER["runner"], pytest.approx(comes.time_h + comes.amount))
    asked = {"forecast_h": 0.0, "warning_h": 0.0, "answered_h": 0.0, "feedback_h": 8.0}
    assert measure(story.log, story.world.facts, "share_warned_in_steps", asked) == 1
    assert measure(story.log, story.world.facts, "share_warned_in_steps", asked | {"feedback_h": 1.0}) < 1


def guided(guides: int | None) -> Story:
    """One dry village of 120 people (40 households) under an order at 1 h; each guide has two, half an hour each."""
    village = Village(id="village-0", population=120, guides=guides, order=1.0, zone="river", **at(0, 0))
    parameters = Parameters(guide_households=2.0, guide_household_h=0.5)
    sections = {
        "parameters": parameters,
        "evacuation": Evacuation(refuse=0.0, leave_by_cue=0.0),
        "warning": Warning(answer_h=0, reach=0.0, knock_reach=1.0, speaker_rounds=0, door_rounds=0),
    }
    return tell(dry_row(length=1, villages=(village,), sections=sections, **NOBODY))


def test_guides_stand_at_one_door_after_the_other() -> None:
    story = guided(5)
    assert [(row.time_h, row.amount) for row in story.rows(Kind.GUIDES_FETCH)] == [(1.5, 5), (2.0, 5)]
    assert {row.time_h for row in story.rows(Kind.WARNED) if row.persons} == {1.5, 2.0}
    assert story.persons(Kind.WARNED) == 30


def test_more_guides_than_doors_leave_nobody_out() -> None:
    story = guided(100)
    assert story.persons(Kind.WARNED) == 120
    assert sum(row.amount for row in story.rows(Kind.GUIDES_FETCH)) == pytest.approx(40)


def test_without_guides_nobody_fetches() -> None:
    assert not guided(None).rows(Kind.GUIDES_FETCH)


def test_the_whole_chain_is_judged_by_its_clause() -> None:
    """6, 3 and 1 h ahead with feedback; with a call-out half an hour ahead it is broken."""
    for lead_h, share in ((1.5, 1.0), (0.5, 0.0)):
        leads = {"forecast": 0.0, "forecast_told_h": 6.0, "nowcast_lead_h": 3.5, "call_out_lead_h": lead_h}
        world = compile_world(row_of_villages(leads))
        log = simulate(world)
        asked = {"forecast_h": 6.0, "warning_h": 3.0, "answered_h": 1.0, "feedback_h": 0.5}
        assert measure(log, world.facts, "share_warned_in_steps", asked) == share
