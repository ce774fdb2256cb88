"""Posts, by hand: whose word passes whom, how long it waits there, and what goes up for approval."""

from __future__ import annotations

from typing import Any

import pytest

from simrescue.communication.messages import Message, MessageKind
from simrescue.communication.posts import Partner, StaffedPost, ways_up
from simrescue.events import EventKind as Kind
from simrescue.metrics.measures import measure
from simrescue.places import Village
from simrescue.scenario.records import ResponseLevel, Scenario
from simrescue.scenario.response_records import LevelRule
from simrescue.simulation.posts.post_desks import Posts
from simrescue.simulation.run import build
from simrescue.simulation.world import compile_world
from tests.simulation.story import Story, ask, tell
from tests.simulation.test_levels_by_rule import RISES, county, trigger
from tests.simulation.test_mutual_aid import neighbour

AT_ONCE: dict[str, Any] = {"report_h": 0.0, "order_h": 0.0, "request_h": 0.0}


def post(name: str, level: Any = "county", upper: str = "", **fields: Any) -> StaffedPost:
    return StaffedPost(**(AT_ONCE | {"id": name, "level": level, "upper": upper, "staff": 1} | fields))


def chain(**of_township: Any) -> tuple[StaffedPost, ...]:
    """A township's post under the county's, where command sits, under the city's."""
    return (
        post("town", "township", "office", serves=("low",), **of_township),
        post("office", "county", "city", command=True),
        post("city", "city"),
    )


def with_posts(posts: tuple[StaffedPost, ...], **tables: Any) -> Scenario:
    return county(levels=(ResponseLevel(level="II", time_h=0.0),), **{"posts": posts, **tables})


def first_village() -> str:
    return str(county().villages[0].id)


def passed(story: Story, kind: MessageKind, place: str) -> list[str]:
    """Posts that have passed on messages of a kind of, or to, a place, in order."""
    rows = [row for row in story.rows(Kind.POST_PASSES, place=place) if row.amount == kind]
    return [story.world.ids[row.subject] for row in rows]


def way_of(posts: Posts, sender: int, receiver: int) -> list[str]:
    return [desk.post.id for desk in posts.way(Message(MessageKind.REPORT, sender, receiver))]


def test_word_passes_the_posts_between_a_place_and_command_in_order() -> None:
    village = first_village()
    posts = (post("town", "township", "office", serves=(village,)), *chain()[1:])
    partners = (Partner(id="far", asked_at="II", asked_through="city"), Partner(id="near", asked_at="II"))
    world = compile_world(with_posts(posts, partners=partners))
    made = Posts(build(world, 1, 0))
    at, command, index = world.ids.index(village), world.command, world.ids.index
    other = next(i for i in range(world.n_places) if world.ids[i] != village)
    assert way_of(made, at, command) == ["town", "office"]
    assert way_of(made, command, at) == ["office", "town"]
    assert way_of(made, other, command) == ["office"]
    assert way_of(made, command, index("far")) == ["office", "city"]
    assert way_of(made, command, index("near")) == ["office"]
    assert made.above() == index("city")


def test_a_post_serves_all_places_of_a_township() -> None:
    scenario = with_posts((post("town", "township", "office", serves=("Stone",)), *chain()[1:]))
    village: Village = scenario.villages[0].model_copy(update={"township": "Stone"})
    scenario = scenario.model_copy(update={"villages": (village, *scenario.villages[1:])})
    world = compile_world(scenario)
    made = Posts(build(world, 1, 0))
    assert way_of(made, 0, world.command) == ["town", "office"]


def test_news_is_known_when_the_last_post_has_passed_it_on() -> None:
    """The township's post takes up nothing before 20:00: what comes at 08:00 and later waits until then."""
    village = first_village()
    town = {"serves": (village,), "from_h": 20.0, "to_h": 24.0}
    story = tell(with_posts((post("town", "township", "office", **town), *chain()[1:])))
    plain = tell(with_posts(()))
    first = plain.first(Kind.REPORTED, place=village)
    late = story.first(Kind.REPORTED, place=village)
    takes = story.first(Kind.POST_TAKES, subject="town", place=village)
    start = plain.world.scenario.settings.start
    clock_h = (start.hour + start.minute / 60 + takes.time_h) % 24
    assert clock_h >= 20.0 or clock_h == 0.0
    assert late.time_h >= takes.time_h - 1e-9 >= first.time_h - 1e-9
    assert takes.amount == pytest.approx(takes.time_h - story.log.time_h[takes.cause], abs=1e-6) or takes.cause < 0
    assert story.log.kind[late.cause] in (Kind.POST_PASSES, Kind.NEEDS)


@pytest.mark.parametrize(("staff", "at_once"), [(1, 1), (3, 3)])
def test_so_many_messages_are_handled_at_once_and_the_others_in_order(staff: int, at_once: int) -> None:
    """Led by hand: three messages at once to a post with one, then with three on duty."""
    posts = (post("office", command=True, staff=staff, report_h=1.0),)
    sim = build(compile_world(with_posts(posts)), 1, 0)
    made = Posts(sim)
    came, desk = list[int](), made.desks["office"]
    for place in range(3):
        message = Message(MessageKind.REPORT, place, sim.world.command, -1)
        made.pass_on(message, -1, lambda _, place=place: came.append(place))  # type: ignore[misc]
    busy = [0]
    while len(came) < 3:
        sim.env.step()
        busy.append(desk.staff.count)
    assert max(busy) == at_once
    waited = [row[8] for row in sim.recorder.rows if row[1] == Kind.POST_TAKES and row[2] == desk.index]
    assert waited[:at_once] == [0.0] * at_once
    assert staff > 1 or came == [0, 1, 2]


def test_an_order_to_leave_goes_through_the_posts_before_it_is_answered() -> None:
    village = first_village()
    posts = (post("town", "township", "office", serves=(village,), order_h=1.0), *chain()[1:])
    story = tell(with_posts(posts))
    calls = story.rows(Kind.ORDERED, Kind.CALLED_OUT, subject=village)
    answers = story.rows(Kind.ANSWERED, subject=village)
    assert calls
    assert answers
    assert passed(story, MessageKind.CALL_OUT, village)[:2] == ["office", "town"]
    assert story.log.kind[answers[0].cause] == Kind.POST_PASSES
    assert answers[0].time_h > calls[0].time_h


def test_approval_waits_for_the_post_above() -> None:
    """Due at 11 h, consultation to 12 h; the city's office, unmanned until 20:00, agrees two hours later."""
    rules = {"level_2": LevelRule(consultation_h=1.0, approval_h=2.0)}
    start = county().settings.start.hour
    opens_h = (start + 15) % 24
    posts = (*chain()[:2], post("city", "city", from_h=float(opens_h), to_h=float((opens_h + 6) % 24)))
    story = tell(county(trigger(**RISES), rules=rules, posts=posts))
    assert story.one(Kind.LEVEL_ASKED).time_h == pytest.approx(12)
    assert story.one(Kind.LEVEL_RAISED).time_h == pytest.approx(17)


def test_a_request_for_aid_goes_up_to_the_post_that_it_has_to_pass() -> None:
    own = {"partner": "neighbour", "release": ""}
    start = county().settings.start.hour
    opens_h = (start + 5) % 24
    posts = (*chain()[:2], post("city", "city", from_h=float(opens_h), to_h=float((opens_h + 6) % 24)))
    partners = (neighbour(asked_at="II", asked_through="city"),)
    story = tell(with_posts(posts, partners=partners, boat=own))
    assert passed(story, MessageKind.REQUEST, "neighbour") == ["office", "city"]
    asked, granted = story.one(Kind.PARTNER_ASKED), story.one(Kind.AID_GRANTED)
    assert (asked.time_h, granted.time_h) == pytest.approx((0, 5))
    assert story.log.kind[granted.cause] == Kind.POST_PASSES


@pytest.mark.parametrize(
    ("from_h", "to_h", "clock_h", "closed_h"),
    [(0, 24, 3, 0), (8, 18, 9, 0), (8, 18, 7, 1), (8, 18, 18, 14), (20, 6, 23, 0), (20, 6, 5, 0), (20, 6, 6, 14)],
)
def test_hours_in_which_a_post_is_manned(from_h: float, to_h: float, clock_h: float, closed_h: float) -> None:
    assert post("p", from_h=from_h, to_h=to_h).closed_h(clock_h) == closed_h


def test_a_way_up_that_comes_back_ends() -> None:
    ways = ways_up((post("a", upper="b"), post("b", upper="a")))
    assert [above.id for above in ways["a"]] == ["a", "b"]
    assert [above.id for above in ways["b"]] == ["b", "a"]


def test_the_first_report_of_a_place_goes_on_to_those_above_only_where_they_are_told() -> None:
    """The office has had it already and takes a while to write it up, as does the city; nothing else changes."""
    quiet = with_posts(chain())
    told = quiet.settings.command.model_copy(update={"reports_above": True})
    story = tell(quiet.model_copy(update={"settings": quiet.settings.model_copy(update={"command": told})}))
    onward = [row for row in story.rows(Kind.POST_PASSES) if row.amount == MessageKind.ONWARD]
    reported = {row.place: row.time_h for row in reversed(story.rows(Kind.REPORTED))}
    assert onward
    for place in {row.place for row in onward}:
        office, city = (row for row in onward if row.place == place)
        assert [story.world.ids[row.subject] for row in (office, city)] == ["office", "city"]
        assert reported[place] <= office.time_h <= city.time_h
    assert not [row for row in tell(quiet).rows(Kind.POST_PASSES) if row.amount == MessageKind.ONWARD]
    assert share(story, post="city", limit_h=1e-6) == 1.0
    slow = (post("office", "county", "city", command=True), post("city", "city", report_h=1000.0))
    slow_story = tell(quiet.model_copy(update={"settings": story.world.scenario.settings, "posts": slow}))
    assert share(slow_story, post="city", limit_h=1.0) < 1.0, "its staff have not taken it in by then"
    assert share(story, post="province", limit_h=48.0) == 0.0
    assert share(tell(quiet), post="city", limit_h=48.0) == 0.0


def share(story: Story, **settings: Any) -> float:
    return measure(story.log, story.world.facts, "share_reported_above", settings)


def test_who_has_rung_off_takes_no_time_of_the_post() -> None:
    """Twenty ring at once at a post with one hand, for whom each takes an hour: most give up before their turn."""
    village = first_village()
    posts = (post("town", "township", "office", serves=(village,), report_h=1.0), *chain()[1:])
    calls = tuple(ask(village, 1.0, number=i, patience_h=2.0) for i in range(20))
    story = tell(with_posts(posts, calls=calls, hours=9.0))
    taken = [row.time_h for row in story.rows(Kind.POST_TAKES, subject="town")]
    lost = story.times(Kind.CALL_LOST)
    assert lost.count(3.0) >= 15
    assert not [time_h for time_h in taken if 3.0 < time_h < 9.0]
