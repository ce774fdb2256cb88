"""Crews that do as ordered on the line, as far as flames and time let them."""

from __future__ import annotations

import math

import numpy as np
import pytest

from simrescue.hazards.base import AS_FOUND, INDIRECT, PARALLEL, Hands, Order, Refusal, Tactic, Tools
from simrescue.hazards.wildfire.suppression.tactics.ordered_posts import gaps_of, part_of
from simrescue.hazards.wildfire.tactics_policies import (
    TACTICS_POLICIES,
    TacticsPolicy,
    TacticsView,
    registered,
)
from simrescue.wording import Words
from tests.hazards.test_fireline import CELL_M, STEP_H, Story, even, ground

EAST = math.pi / 2


def eastward(head: float = 3.0, ratio: float = 3.0, intensity: float = 300.0, hours: float = 3.0) -> Story:
    """A fire that has run east."""
    story = Story(even(ground().n_cells, head=head, ratio=ratio, towards=EAST, intensity=intensity))
    story.run(hours)
    return story


def take(story: Story, order: Order, together: tuple[Hands, ...] = (), crew: int = 0) -> Refusal | None:
    """A crew that comes to the middle of the south flank; why it does not do as ordered."""
    lon, lat = story.land.centre(story.middle)
    tools = Tools(1.5, True, False, hands=20.0, together=together)
    post = story.line.take_post(crew, 0, float(lon), float(lat) - 0.001, tools, order)
    assert post is not None
    assert post.tactic == (order.tactic if post.refused is None else Tactic.ANCHOR)
    return post.refused


@pytest.mark.parametrize(
    ("tactic", "east_of_ignition", "degrees"), [(Tactic.HEAD, 1, 0), (Tactic.REAR, -1, 180), (Tactic.FLANK, 0, 90)]
)
def test_crews_begin_at_the_part_of_the_fire_that_is_ordered(
    tactic: Tactic, east_of_ignition: int, degrees: float
) -> None:
    story = eastward()
    assert take(story, Order(tactic)) is None
    edge, cell = story.line.scene.edge, story.line.crews[0].cell
    normal = edge.outline.normal[edge.place_of[cell]]
    assert math.degrees(math.acos(normal[0])) == pytest.approx(degrees, abs=45)
    if east_of_ignition:
        x_m, _ = story.line.scene.xy_m(cell)
        assert (x_m - story.line.scene.xy_m(story.middle)[0]) * east_of_ignition > 0


def test_head_flank_and_rear_are_the_whole_edge_and_no_place_twice() -> None:
    for story in (eastward(), Story(even(ground().n_cells, ratio=1.0))):
        edge = story.line.scene.edge
        parts = [part_of(edge, story.front.spread, part) for part in (Tactic.HEAD, Tactic.FLANK, Tactic.REAR)]
        assert (np.sum(parts, axis=0) == 1).all()
    # a fire that runs alike everywhere has no head
    assert parts[1].all()


def test_a_head_whose_flames_are_too_long_is_refused_and_the_crew_begins_where_it_can() -> None:
    story = eastward(head=20.0, intensity=9000.0, hours=0.5)
    assert take(story, Order(Tactic.HEAD)) == Refusal.TOO_HOT
    assert story.line.crews[0].order == AS_FOUND
    edge = story.line.scene.edge
    assert edge.flame_m[edge.place_of[story.line.crews[0].cell]] <= 1.5


def test_line_at_a_distance_is_built_there_and_has_to_be_done_in_time() -> None:
    story = eastward(head=1.0)
    assert take(story, Order(Tactic.INDIRECT, distance_m=6 * CELL_M)) is None
    crew = story.line.crews[0]
    rows, columns = np.divmod(np.flatnonzero(story.front.fire_of >= 0), 100)
    row, column = divmod(crew.cell, 100)
    assert (np.abs(rows - row) + np.abs(columns - column)).min() == crew.gap == 7
    assert crew.method == INDIRECT
    fast = eastward(head=20.0, hours=0.5)
    assert take(fast, Order(Tactic.PARALLEL)) == Refusal.TOO_LATE


def test_distances_are_counted_in_cells_from_the_edge() -> None:
    assert gaps_of(Order(Tactic.PARALLEL), 30.0) == (2,)
    assert gaps_of(Order(Tactic.INDIRECT), 30.0) == (3, 5, 8, 12)
    assert gaps_of(Order(Tactic.INDIRECT, 300.0), 30.0) == [11]
    assert gaps_of(Order(Tactic.INDIRECT, 5.0), 30.0) == [2]


def test_where_nothing_is_open_any_more_nothing_is_left_to_do() -> None:
    story = eastward()
    scene = story.line.scene
    for cell in scene.edge.outline.cells[part_of(scene.edge, story.front.spread, Tactic.HEAD)]:
        scene.close(int(cell))
    assert take(story, Order(Tactic.HEAD)) == Refusal.NOTHING_TO_DO


def test_a_closed_fire_gives_posts_for_mopping_up_whatever_is_ordered() -> None:
    story = Story()
    story.run(2)
    while story.state == 0:
        story.fight(6, STEP_H)
    assert take(story, AS_FOUND, crew=9) is None
    assert story.line.crews[9].mopping


def test_parallel_line_is_close_to_the_edge() -> None:
    story = eastward(head=0.2)
    assert take(story, Order(Tactic.PARALLEL)) is None
    assert (story.line.crews[0].gap, story.line.crews[0].method) == (2, PARALLEL)


def test_a_policy_is_registered_once_and_whole() -> None:
    policy = TacticsPolicy("mine", Words("mine", "我的"), lambda view: Order(Tactic.REAR))
    with registered(policy):
        assert TACTICS_POLICIES["mine"].choose(TacticsView()) == Order(Tactic.REAR)
        with pytest.raises(ValueError, match="taken"), registered(policy):
            pass
    assert "mine" not in TACTICS_POLICIES
    with pytest.raises(ValueError, match="both languages"), registered(TacticsPolicy("x", Words("x", ""), print)):
        pass


def test_line_in_front_is_judged_by_the_hands_of_all_who_begin_there() -> None:
    def ordered(*together: Hands) -> Refusal | None:
        return take(eastward(head=2.0, ratio=1.0), Order(Tactic.INDIRECT, distance_m=4 * CELL_M), together)

    own = Hands(20.0, trained=True)
    assert ordered() == ordered(own) == Refusal.TOO_LATE
    assert ordered(own, Hands(400.0, trained=True)) is None
    assert ordered(own, Hands(400.0, trained=True, in_h=5.0)) == Refusal.TOO_LATE
