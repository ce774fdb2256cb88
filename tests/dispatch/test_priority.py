"""Who comes first, and that waiting lifts everybody in the end."""

from __future__ import annotations

from simrescue.dispatch.nearest import by_opening
from simrescue.dispatch.priority import PRIORITY, STEP_H, by_urgency, urgency_h
from tests.dispatch.views import EVACUATE, MEDICAL, RECONNAISSANCE, RELIEF, RESCUE, candidate, request, view


def test_danger_orders_the_tasks() -> None:
    tasks = (RELIEF, RECONNAISSANCE, EVACUATE, MEDICAL, RESCUE)
    waiting = [request(number, task) for number, task in enumerate(tasks)]
    assert [one.task for one in sorted(waiting, key=by_urgency)] == list(reversed(tasks))


def test_vulnerable_people_come_before_many_people() -> None:
    crowd = request(0, persons=400.0)
    frail = request(1, persons=40.0, vulnerable=30.0)
    assert sorted([crowd, frail], key=by_urgency) == [frail, crowd]


def test_more_people_come_first_among_equals() -> None:
    few, many = request(0, persons=5.0), request(1, persons=50.0)
    assert sorted([few, many], key=by_urgency) == [many, few]


def test_a_day_longer_waited_outweighs_one_step_of_the_task() -> None:
    old_relief = request(0, RELIEF, opened_h=0.0)
    early_look, late_look = (request(1, RECONNAISSANCE, opened_h=STEP_H + shift) for shift in (-1.0, 1.0))
    assert sorted([old_relief, early_look, late_look], key=by_urgency) == [early_look, old_relief, late_look]


def test_nobody_waits_behind_a_request_114_h_younger() -> None:
    least = request(0, RELIEF, persons=0.0, opened_h=0.0)
    most = request(1, RESCUE, persons=1e9, vulnerable=1e9, opened_h=114.0)
    assert by_urgency(least) < by_urgency(most)


def test_the_order_does_not_change_while_all_wait() -> None:
    one, other = request(0, RELIEF), request(1, RESCUE, opened_h=90.0)
    gaps = [urgency_h(one, now_h) - urgency_h(other, now_h) for now_h in (90.0, 100.0, 500.0)]
    assert max(gaps) - min(gaps) < 1e-9


def test_the_only_boat_goes_to_the_trapped() -> None:
    relief, rescue = request(0, RELIEF), request(1, RESCUE, opened_h=1.0)
    boat, etas = candidate(7), {(7, 0): 0.5, (7, 1): 3.0}
    assert PRIORITY.decide(view(sorted([relief, rescue], key=by_urgency), [boat], etas)) == [(7, 1)]
    assert PRIORITY.decide(view(sorted([relief, rescue], key=by_opening), [boat], etas)) == [(7, 0)]
