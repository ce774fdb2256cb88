"""Missions from a log: every assignment is one, and what all did together is what the log tells."""

from __future__ import annotations

from math import inf

import numpy as np
import pytest

from simrescue import Results, load, run
from simrescue.events import EventKind as Kind
from simrescue.events import EventLog, log_from_rows
from simrescue.explain.missions import TAKES, MissionDone, errands, missions, warned_h
from simrescue.places import NEEDS


def row(time_h: float, kind: Kind, subject: int, place: int, **more: float) -> tuple[float, ...]:
    """A row of a log by name."""
    names = ("cause", "request", "item", "persons", "amount")
    values = {"cause": -1, "request": -1, "item": -1, "persons": 0.0, "amount": 0.0} | more
    return (time_h, float(kind), subject, place, *(values[name] for name in names))


def small() -> EventLog:
    """Boat 7 fetches twice from village 1, lorry 8 finds no goods, boat 9 is never there; village 1 is warned."""
    return log_from_rows(
        [
            row(0, Kind.LIVES, 1, -1, persons=100.0),
            row(1, Kind.WARNED, 1, -1, persons=90.0),
            row(1.5, Kind.WARNED, 1, -1, persons=6.0),
            row(2, Kind.ASSIGNED, 7, 1, item=1),
            row(2, Kind.ASSIGNED, 8, 1, item=2),
            row(2.2, Kind.TURNS_OUT, 7, 5),
            row(2.5, Kind.ASSIGNED, 9, 1, item=1),
            row(3, Kind.NO_STOCK, 8, 1),
            row(3, Kind.ARRIVES, 7, 1),
            row(3.1, Kind.PICKS_UP, 7, 1, persons=8.0),
            row(4, Kind.FREE, 7, 5),
            row(4, Kind.FREE, 8, 5),
            row(5, Kind.ASSIGNED, 7, 1, item=1),
            row(6, Kind.ARRIVES, 7, 4),
            row(7, Kind.ARRIVES, 7, 1),
            row(7, Kind.PICKS_UP, 7, 1, persons=3.0),
        ]
    )


def test_a_small_story_by_hand() -> None:
    first, second, third, fourth = missions(small())
    nothing = (0.0,) * len(NEEDS)
    assert first == MissionDone(7, 1, 1, 2, 2.2, 3, 4, 8.0, nothing, 0, 0.0, "")
    assert (second.responder, second.there_h, second.failed) == (8, inf, "NO_STOCK")
    assert (third.responder, third.left_h, third.free_h) == (9, inf, inf)
    assert (fourth.there_h, fourth.persons) == (7, 3.0)  # not where it passed
    rescue, relief = errands(missions(small()), lambda mission: mission.task)
    assert (rescue.responders, rescue.missions, rescue.never_there, rescue.persons) == ((7, 9), 3, 1, 11.0)
    assert (rescue.assigned_h, rescue.there_h, rescue.last_there_h) == (2, 3, 7)
    assert (relief.there_h, relief.never_there) == (inf, 1)


def test_who_walks_in_to_a_fire_is_there_and_not_where_the_road_ends() -> None:
    """Ordered to village 1, where crews gather for fire 2; a crew of a second one has come and was sent home there."""
    log = log_from_rows(
        [
            row(1, Kind.ASSIGNED, 7, 1, item=5),
            row(1, Kind.ASSIGNED, 8, 1, item=5),
            row(2, Kind.ARRIVES, 7, 1),
            row(2, Kind.ARRIVES, 8, 1),
            row(2, Kind.WALKS_IN, 7, 2),
            row(4, Kind.TAKES_POST, 7, 2),
        ]
    )
    assert [(one.place, one.there_h) for one in missions(log)] == [(2, 4), (1, 2)]


def test_warned_when_the_share_is_reached() -> None:
    assert warned_h(small()) == {1: 1.5}
    assert warned_h(small(), 0.9) == {1: 1.0}
    assert warned_h(small(), 0.97) == {}


@pytest.fixture(scope="module", params=["tiny-flood", "tiny-fire"])
def results(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Results:
    """One replication of a small scenario."""
    folder = tmp_path_factory.mktemp(request.param)
    return run(load(f"scenarios/{request.param}"), replications=1, seed=3, workers=1, out=folder / "run")


def test_missions_tell_all_that_the_log_tells(results: Results) -> None:
    log = results.log(0)
    made = missions(log)
    sent = log.where(Kind.ASSIGNED)
    assert [(one.responder, one.assigned_h) for one in made] == list(
        zip(log.subject[sent].tolist(), log.time_h[sent].tolist(), strict=True)
    )
    walked = set(log.place[log.where(Kind.WALKS_IN)].tolist())
    assert all(one.place == place or one.place in walked for one, place in zip(made, log.place[sent], strict=True))
    ours = np.unique(log.subject[sent])

    def of_ours(*kinds: Kind) -> np.ndarray:
        rows = log.where(*kinds)
        return rows[np.isin(log.subject[rows], ours)]

    assert sum(one.persons for one in made) == pytest.approx(log.persons[of_ours(*TAKES)].sum())
    assert np.sum([one.goods for one in made]) == pytest.approx(log.amount[of_ours(Kind.DELIVERS)].sum())
    assert sum(one.drops for one in made) == len(of_ours(Kind.DROPS))
    assert sum(one.line_m for one in made) == pytest.approx(log.amount[of_ours(Kind.LINE_BUILT)].sum())
    for one in made:
        assert one.assigned_h <= one.left_h
        assert one.assigned_h <= one.there_h
        assert one.assigned_h <= one.free_h


def test_by_place_and_by_force_are_the_same_missions(results: Results) -> None:
    made = missions(results.log(0))
    for alike in (lambda one: one.responder, lambda one: 0):
        together = errands(made, alike)
        assert sum(one.missions for one in together) == len(made)
        assert sum(one.persons for one in together) == pytest.approx(sum(one.persons for one in made))
        assert [one.assigned_h for one in together] == sorted(one.assigned_h for one in together)
