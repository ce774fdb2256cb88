"""Hours before a partner's crew is there, in their bins; the share of aid in time; and the causes that lift them."""

from __future__ import annotations

import math

import pytest

from simrescue.events import EventKind as Kind
from simrescue.experiment.studies.causes.lifted import causes_of
from simrescue.metrics.aid import numbers
from simrescue.metrics.measures import measure
from simrescue.scenario.load import load
from simrescue.scenario.response_records import LevelRule
from simrescue.simulation.run import simulate
from simrescue.simulation.world import compile_world
from tests.explain.test_levels import ALONE, bins_of_the_boat
from tests.scenario.conftest import TINY
from tests.simulation.story import tell
from tests.simulation.test_levels_by_rule import RISES, trigger
from tests.simulation.test_mutual_aid import neighbour, with_aid


def test_hours_until_aid_is_asked_granted_and_there_stand_apart() -> None:
    """A level at 10 h asks; the answer takes some hours, gathering 1, the road 2, handing over half an hour."""
    story = tell(with_aid(neighbour(asked_at="II", decision_h=3.0), **ALONE))
    asked, granted = story.one(Kind.PARTNER_ASKED).time_h, story.one(Kind.AID_GRANTED).time_h
    served = story.first(Kind.ASSIGNED).request
    (opened,) = (row.time_h for row in story.rows(Kind.REQUEST_OPENED) if row.request == served)
    bins = {"aid_unasked": max(0.0, asked - opened), "granting": granted - max(asked, opened), "aid_coming": 3.5}
    assert bins_of_the_boat(story) == pytest.approx({name: took for name, took in bins.items() if took > 0})


def test_before_a_level_by_rule_stands_what_kept_the_level() -> None:
    rules = {"level_2": LevelRule(consultation_h=6.0)}
    scenario = with_aid(neighbour(asked_at="II"), levels=(), triggers=(trigger(**RISES),), rules=rules, **ALONE)
    hours = bins_of_the_boat(tell(scenario))
    assert hours["aid_coming"] == pytest.approx(3.5)
    assert hours["declaring"] == pytest.approx(6.0)
    assert set(hours) <= {"aid_coming", "declaring", "not_due"}


def test_aid_counts_by_crews_and_from_the_request() -> None:
    story = tell(with_aid(neighbour(asked_at="II"), boat={"count": 3}))
    facts = story.world.facts
    assert numbers(story.log, facts) == {
        "aid_asked": 3.0, "aid_granted": 3.0, "aid_handed_over": 3.0, "first_aid_h": 13.5,
    }  # fmt: skip
    assert measure(story.log, facts, "share_aid_in_time", {"limit_h": 3.5}) == 1.0
    assert measure(story.log, facts, "share_aid_in_time", {"limit_h": 3.4}) == 0.0


def test_refused_aid_is_never_in_time_and_without_partners_nothing_is_measured() -> None:
    story = tell(with_aid(neighbour(asked_at="II", grant=0.0)))
    assert measure(story.log, story.world.facts, "share_aid_in_time", {"limit_h": 50.0}) == 0.0
    assert numbers(story.log, story.world.facts)["first_aid_h"] == math.inf
    world = compile_world(load(TINY))
    log = simulate(world, 1, 0)
    assert math.isnan(measure(log, world.facts, "share_aid_in_time", {"limit_h": 5.0}))
    assert numbers(log, world.facts) == {}


def test_causes_lift_the_waits_for_aid_by_changes_that_can_be_loaded() -> None:
    causes = {cause.id: sets for cause, sets in causes_of(load(TINY, "asked-for")).items()}
    assert {"aid", "near-aid", "there"} <= causes.keys()
    assert not {"aid", "near-aid"} & {cause.id for cause in causes_of(load(TINY))}
    for name in ("aid", "near-aid", "there", "enough-boat"):
        scenario = load(TINY, "asked-for", causes[name])
        assert all(row.partner == "" for row in scenario.boats) == (name in ("there", "enough-boat"))
