"""Posts: an ideal one changes nothing, a faster one never harms, no message is lost, and queues are Erlang's."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import simpy

from simrescue.communication.messages import Message, MessageKind
from simrescue.communication.posts import StaffedPost, erlang_wait_h
from simrescue.events import EventKind as Kind
from simrescue.metrics.people.relief import late_person_h
from simrescue.scenario.load import load
from simrescue.simulation.posts.post_desks import Posts
from simrescue.simulation.run import build, simulate
from simrescue.simulation.world import compile_world
from simrescue.streams import array_stream
from tests.laws.test_level_laws import log_rows
from tests.scenario.conftest import TINY

PAIRS = 12
VARIANT = "through-posts"
AT_ONCE: dict[str, Any] = {f"posts.*.{name}": "0 h" for name in ("report", "order", "request")}
OWN = (Kind.POST_TAKES, Kind.POST_PASSES)
MESSAGES = (Kind.SENT, Kind.RECEIVED, Kind.ACKNOWLEDGED, Kind.UNHEARD)


def test_posts_that_take_no_time_change_nothing() -> None:
    ideal = load(TINY, VARIANT, AT_ONCE | {"posts.*.staff": 1000})
    assert sorted(log_rows(load(TINY))) == sorted(log_rows(ideal, but=(*OWN, *MESSAGES)))


@pytest.mark.parametrize(
    ("column", "fast", "slow"), [("report", "1 min", "3 h"), ("order", "1 min", "3 h"), ("staff", 10, 1)]
)
def test_a_post_that_is_faster_or_has_more_hands_never_harms(column: str, fast: Any, slow: Any) -> None:
    """On the mean of pairs: hours without relief beyond the limit."""

    def late_hours(value: Any) -> float:
        busy = {"posts.*.report": "30 min", "posts.*.order": "30 min"} if column == "staff" else {}
        world = compile_world(load(TINY, VARIANT, busy | {f"posts.*.{column}": value}))
        logs = [simulate(world, 1, replication) for replication in range(PAIRS)]
        return float(np.mean([late_person_h(log, world.facts, 10.0).sum() for log in logs]))

    assert late_hours(fast) <= late_hours(slow)


def test_counts_pass_no_hands() -> None:
    """A village tells after every boat how many are still there: handled singly that would fill a post of one hand."""
    log = simulate(compile_world(load(TINY, VARIANT, {"posts.*.staff": 1, "posts.*.report": "20 min"})), 1, 0)
    assert MessageKind.COUNT in log.amount[log.where(Kind.RECEIVED)]
    handled = log.amount[log.where(Kind.POST_PASSES)]
    assert MessageKind.REPORT in handled
    assert MessageKind.COUNT not in handled


@pytest.mark.parametrize("replication", range(4))
def test_what_a_post_takes_up_it_passes_on_and_never_more_than_it_has_hands(replication: int) -> None:
    world = compile_world(load(TINY, VARIANT, {"posts.*.report": "20 min"}))
    log = simulate(world, 1, replication)
    staff = {world.ids.index(post.id): post.staff for post in world.scenario.posts}
    busy = dict.fromkeys(staff, 0)
    for row in log.where(*OWN).tolist():
        subject = int(log.subject[row])
        if log.kind[row] == Kind.POST_TAKES:
            busy[subject] += 1
            assert 0.0 <= log.amount[row] <= log.time_h[row]
        else:
            assert log.kind[log.cause[row]] == Kind.POST_TAKES
            busy[subject] -= 1
        assert 0 <= busy[subject] <= staff[subject]


@pytest.mark.parametrize(("staff", "load_of_each"), [(1, 0.5), (1, 0.8), (3, 0.7)])
def test_messages_at_random_wait_as_erlang_says(staff: int, load_of_each: float) -> None:
    """Two routes: the desk in SimPy with Poisson arrivals, and the formula of 1917; within four standard errors."""
    handling_h = 0.1
    per_h = load_of_each * staff / handling_h
    row = StaffedPost(id="office", level="county", command=True, staff=staff, report_h=handling_h)
    world = compile_world(load(TINY).model_copy(update={"posts": (row,)}))
    sim = build(world, 1, 0)
    sim.env = simpy.Environment()  # type: ignore[assignment]
    waits: list[float] = []
    sim.log = lambda kind, *_, amount=0.0, **__: waits.append(amount) if kind == Kind.POST_TAKES else None  # type: ignore[assignment, misc]
    posts, n = Posts(sim), 24_000
    gaps = array_stream(1, 0, "erlang").exponential(1 / per_h, n)

    def arrive() -> Any:
        for gap in gaps:
            yield sim.env.timeout(gap)
            posts.pass_on(Message(MessageKind.REPORT, 0, world.command), -1, lambda _: None)

    sim.env.process(arrive())
    sim.env.run()
    assert len(waits) == n
    means = np.array(waits).reshape(24, -1).mean(axis=1)  # batch means: neighbours in a queue wait alike
    error = means.std(ddof=1) / np.sqrt(len(means))
    assert abs(means.mean() - erlang_wait_h(per_h, handling_h, staff)) < 4 * error


def test_erlang_at_the_ends() -> None:
    assert erlang_wait_h(5.0, 0.1, 1) == pytest.approx(0.1)  # M/M/1: load / (rate of handling - rate of coming)
    assert erlang_wait_h(0.0, 0.1, 2) == 0.0
    assert erlang_wait_h(20.0, 0.1, 2) == np.inf
    assert erlang_wait_h(15.0, 0.1, 3) == pytest.approx(0.0157894736842)  # a = 1.5, c = 3: C = 0.2368, by hand
