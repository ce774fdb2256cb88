"""Hours before a partner's crew is there, and in the hands of posts, in their bins; measures; causes that lift them."""

from __future__ import annotations

import math

import pytest

from simrescue.events import EventKind as Kind
from simrescue.experiment.studies.causes.lifted import causes_of
from simrescue.explain.critical_path.bins import BIN_NUMBER
from simrescue.explain.critical_path.chains import Chains
from simrescue.explain.critical_path.log_rows import rows_of_log
from simrescue.metrics.measures import measure
from simrescue.metrics.requests import post_queues
from simrescue.metrics.requests.aid import numbers
from simrescue.scenario.load import load
from simrescue.scenario.response_records import LevelRule
from simrescue.simulation.run import simulate
from simrescue.simulation.world import compile_world
from tests.explain.test_levels import ALONE, bins_of_the_boat
from tests.scenario.conftest import TINY
from tests.simulation.story import tell
from tests.simulation.test_levels_by_rule import RISES, trigger
from tests.simulation.test_mutual_aid import neighbour, with_aid
from tests.simulation.test_posts import post


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


def test_hours_in_the_queue_of_a_post_and_of_posts_at_work_stand_apart() -> None:
    """The city's office is unmanned for five hours; its request to the partner waits there."""
    start = with_aid().settings.start.hour
    opens, closes = float((start + 15) % 24), float((start + 20) % 24)
    posts = (
        post("office", upper="city", command=True, staff=1000),
        post("city", "city", from_h=opens, to_h=closes),
    )
    story = tell(with_aid(neighbour(asked_at="II", asked_through="city"), posts=posts, **ALONE))
    hours = bins_of_the_boat(story)
    assert hours["aid_coming"] == pytest.approx(3.5)
    served = story.first(Kind.ASSIGNED).request
    (opened,) = (row.time_h for row in story.rows(Kind.REQUEST_OPENED) if row.request == served)
    assert hours["queue_city"] == pytest.approx(15 - max(opened, 10))


def test_a_report_that_waits_at_a_post_is_told_as_its_queue() -> None:
    """Walked back from each report: queue, posts at work and the way to them add up to the time that passed."""
    world = compile_world(load(TINY, "through-posts", {"posts.*.report": "1 h"}))
    log = simulate(world, 1, 0)
    chains = Chains(rows_of_log(log, world.facts, 0.0))
    names = {number: key for key, number in BIN_NUMBER.items()}
    hours: dict[str, float] = {}
    for row in log.where(Kind.POST_PASSES, Kind.POST_TAKES).tolist():
        before, pieces = chains.step(row)
        if before >= 0:
            assert sum(piece.end_h - piece.start_h for piece in pieces) == pytest.approx(
                log.time_h[row] - log.time_h[before]
            )
        for piece in pieces:
            hours[names[piece.bin]] = hours.get(names[piece.bin], 0.0) + piece.end_h - piece.start_h
    assert hours["queue_township"] > 1.0
    assert hours["queue_county"] > 1.0
    assert hours["post_work"] > 5.0


def test_causes_lift_the_queues_of_posts() -> None:
    causes = {cause.id: sets for cause, sets in causes_of(load(TINY, "through-posts")).items()}
    assert all(row.staff == 1000 for row in load(TINY, "through-posts", causes["post-staff"]).posts)
    assert all(row.report_h == 0 for row in load(TINY, "through-posts", causes["quick-posts"]).posts)
    assert not {"post-staff", "quick-posts"} & {cause.id for cause in causes_of(load(TINY))}


def test_messages_are_counted_at_each_post() -> None:
    world = compile_world(load(TINY, "through-posts"))
    log = simulate(world, 1, 0)
    found = post_queues.numbers(log, world.facts)
    taken = log.where(Kind.POST_TAKES)
    assert found["post_messages"] == len(taken) > 50
    assert found["post_queue_h"] == pytest.approx(log.amount[taken].sum())
    assert 0 <= found["post_queue_p95_h"] <= log.amount[taken].max()
    assert post_queues.numbers(simulate(compile_world(load(TINY)), 1, 0), compile_world(load(TINY)).facts) == {}
