"""The clock: hours to the last digit, and a message instead of a standstill."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any, NamedTuple

import pytest

from simrescue.errors import SimrescueError
from simrescue.simulation import clock
from simrescue.simulation.clock import Clock, ClockError, TimerAt, after


class Thing(NamedTuple):
    id: str


def restless(env: Clock, thing: Thing, each_h: float) -> Generator[Any, Any, None]:
    """Something that happens again and again."""
    assert thing
    while True:
        yield env.timeout(each_h)


@pytest.mark.parametrize("each_h", [0.0, 1e-18, 1e-13])
def test_a_process_that_lets_no_time_pass_is_named(each_h: float, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "MOST_AT_ONCE", 500)
    env = Clock()
    env.process(restless(env, Thing("mill"), 0.5))
    after(env, 3.2, lambda _: env.process(restless(env, Thing("lookout-7"), each_h)))
    with pytest.raises(ClockError, match=r"stands still at 3\.2 h.* of restless \(lookout-7\);") as told:
        env.run(until=9)
    assert isinstance(told.value, SimrescueError)


def test_a_timer_that_sets_itself_again_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "MOST_AT_ONCE", 500)
    env = Clock()

    def again(thing: Thing) -> None:
        after(env, 0.0, lambda _: again(thing))

    again(Thing("fire-a"))
    with pytest.raises(ClockError, match=r"of test_a_timer.* \(fire-a\);"):
        env.run(until=9)


def test_many_at_one_moment_are_no_standstill(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "MOST_AT_ONCE", 500)
    env = Clock()
    for number in range(20):
        env.process(restless(env, Thing(str(number)), 0.1))
    env.run(until=9)
    assert env.now == 9


def test_a_timer_at_an_hour_happens_at_that_hour_to_the_last_digit() -> None:
    env, seen = Clock(), list[float]()
    for time_h in (0.1 + 0.2, 1 / 3, 7 / 60):
        TimerAt(env, time_h).callbacks.append(lambda _: seen.append(env.now))
    after(env, 1.0, lambda _: TimerAt(env, 0.5).callbacks.append(lambda _: seen.append(env.now)))
    env.run()
    assert seen == [7 / 60, 0.1 + 0.2, 1 / 3, 1.0], "never in the past"


def done_after(env: Clock, hours: float) -> Generator[Any, Any, str]:
    """Something that ends, and answers."""
    yield env.timeout(hours)
    return "done"


def test_the_end_of_a_process_is_an_event_only_for_who_waits() -> None:
    env, heard = Clock(), list[tuple[float, str]]()

    def waits(hours: float, other: Any) -> Generator[Any, Any, None]:
        yield env.timeout(hours)
        answer = yield other
        heard.append((env.now, answer))

    other = env.process(done_after(env, 2.0))
    # One waits for the end, one asks when it is long over, and for these two themselves nobody waits.
    env.process(waits(1.0, other))
    env.process(waits(3.0, other))
    env.run(until=9)
    assert heard == [(2.0, "done"), (3.0, "done")]
    begins, waits_h, ends, stops = 3, 3, 1, 2  # SimPy puts the moment at which it stops in again
    assert env.scheduled() == begins + waits_h + ends + stops


def test_a_process_that_fails_is_heard_of_even_where_nobody_waits() -> None:
    env = Clock()

    def fails() -> Generator[Any, Any, None]:
        yield env.timeout(1.0)
        raise RuntimeError("broken")

    env.process(fails())
    with pytest.raises(RuntimeError, match="broken"):
        env.run(until=9)
