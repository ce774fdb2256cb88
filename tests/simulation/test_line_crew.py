"""Crews at a fire: the way in on foot, posts, weariness, danger, and the way out."""

from __future__ import annotations

import pytest

from simrescue.events import EventKind as Kind
from simrescue.hazards.base import ON_FOOT, WATER
from simrescue.parameters import Parameters
from simrescue.simulation.missions.wildfire.line import BuildLine
from simrescue.simulation.missions.wildfire.line_assignment import DANGER, FORESEEN, NOTHING, RELEASED, SHIFT, freshness
from tests.simulation.fake_fire import STEP_H, burning_hills, crews, fake, run, spot
from tests.simulation.story import Story, so_far

DEFAULT = Parameters()

WALK_KMH = DEFAULT.line_walk_kmh
RETRY_H, PATIENCE_H, WAY_OUT_H = DEFAULT.post_retry_h, DEFAULT.post_patience_h, DEFAULT.way_out_h


def hands(story: Story, at_h: float) -> float:
    """People on the line at a time, from the log alone."""
    on_line: dict[int, float] = {}
    for row in story.rows(Kind.TAKES_POST, Kind.WITHDRAWS, Kind.OVERRUN):
        if row.time_h <= at_h:
            on_line[row.subject] = row.persons if row.kind == Kind.TAKES_POST else 0.0
    return sum(on_line.values())


# ---- the way in and out


def test_they_walk_in_from_the_road_end_by_the_straight_way_and_its_detours() -> None:
    sim = burning_hills(teams=crews(1))
    fake(sim).growth_kmh = 0.0
    story = run(sim, 6)
    walk, post = story.one(Kind.WALKS_IN), story.one(Kind.TAKES_POST)
    way_km, file_km = (2.0 - 0.1) * DEFAULT.walk_in_detour, 20 * DEFAULT.file_spacing_m / 1000
    assert walk.amount == pytest.approx((way_km + file_km / 2) / WALK_KMH, rel=1e-3)
    assert post.time_h - walk.time_h == pytest.approx(walk.amount)
    assert story.one(Kind.ARRIVES).place == story.index["hamlet"]


def test_crews_wait_until_those_before_them_have_passed() -> None:
    sim = burning_hills(teams=crews(3))
    sim.parameters = Parameters(file_spacing_m=50)
    fake(sim).growth_kmh = 0.0
    story = run(sim, 6)
    comes, posts = story.rows(Kind.WALKS_IN), [row.time_h for row in story.rows(Kind.TAKES_POST)]
    assert len({row.time_h for row in comes}) == 1
    passing_h = 20 * 0.050 / WALK_KMH
    assert posts == pytest.approx([comes[0].time_h + comes[0].amount + turn * passing_h for turn in range(3)])


def test_without_spacing_all_arrive_at_once() -> None:
    sim = burning_hills(teams=crews(3))
    sim.parameters = Parameters(file_spacing_m=0)
    fake(sim).growth_kmh = 0.0
    story = run(sim, 6)
    assert len({row.time_h for row in story.rows(Kind.TAKES_POST)}) == 1
    way_km = (2.0 - 0.1) * DEFAULT.walk_in_detour
    assert story.rows(Kind.WALKS_IN)[0].amount == pytest.approx(way_km / WALK_KMH, rel=1e-3)


def test_how_soon_a_crew_can_be_there_knows_who_is_on_the_path_before_it() -> None:
    sim = burning_hills(teams=(*crews(1, size=100), *crews(1, id="later", available=4.0)))
    sim.parameters = Parameters(file_spacing_m=50)
    fake(sim).growth_kmh = 0.0
    run(sim, 6)
    need = next(assignment.need for assignment in sim.fires.assignments.values())
    mission = BuildLine(sim, sim.crews[-1], need)
    *_, walk, _ = mission.legs()
    assert walk.opens_h == sim.fires.paths.opens_h(need) > 0
    alone_h = sim.fires.walk_in_h(need, 0)
    assert walk.hours == pytest.approx(alone_h + 20 * 0.050 / WALK_KMH / 2)


def test_in_darkness_they_walk_slowly() -> None:
    def walk_h(night_factor: float) -> float:
        sim = burning_hills(48, teams=crews(1, night_factor=night_factor, available=13.0))
        fake(sim).growth_kmh = 0.0
        return run(sim, 24).first(Kind.WALKS_IN).amount

    assert walk_h(0.5) == pytest.approx(2 * walk_h(1.0))


def test_when_the_fire_is_out_all_walk_back_and_are_free() -> None:
    sim = burning_hills(teams=crews(1))
    fake(sim).needed_m = 100.0
    story = run(sim, 24)
    out, leaves = story.one(Kind.FIRE_OUT), story.one(Kind.WITHDRAWS)
    assert (leaves.item, leaves.time_h) == (RELEASED, out.time_h)
    assert story.one(Kind.FREE).time_h == pytest.approx(out.time_h + story.one(Kind.WALKS_IN).amount, rel=0.1)
    assert story.one(Kind.REQUEST_CLOSED).time_h == out.time_h
    assert not sim.fires.active


# ---- the work


def test_the_line_built_is_persons_times_hours_times_rate() -> None:
    sim = burning_hills(teams=crews(1))
    story = run(sim, 4)
    began = story.one(Kind.TAKES_POST).time_h
    steps_h = int(4 / STEP_H - 1e-9) * STEP_H - began
    assert fake(sim).built_m[0] == pytest.approx(20 * steps_h * fake(sim).m_per_person_h)


def test_the_tired_work_slowly() -> None:
    from_h = DEFAULT.line_fatigue_from_h
    assert freshness(0, DEFAULT) == freshness(from_h, DEFAULT) == 1.0
    assert freshness(from_h + 2, DEFAULT) == pytest.approx(1 - 2 * DEFAULT.line_fatigue_per_h)
    assert freshness(100, DEFAULT) == DEFAULT.line_fatigue_least
    sim = burning_hills(teams=crews(1))
    run(sim, 5)
    early = fake(sim).built_m[0]
    run(sim, 8)
    middle = fake(sim).built_m[0]
    run(sim, 11)
    assert fake(sim).built_m[0] - middle < middle - early


def test_an_assignment_at_the_end_of_the_scenario_has_its_line_told() -> None:
    sim = burning_hills(teams=crews(2))
    story = run(sim, 5)
    assert not story.rows(Kind.LINE_BUILT)
    sim.fires.finish()
    story = so_far(sim)
    assert sum(row.amount for row in story.rows(Kind.LINE_BUILT)) == pytest.approx(fake(sim).built_m[0])


def test_more_crews_never_build_less() -> None:
    built = []
    for count in (1, 2, 4, 8):
        sim = burning_hills(teams=crews(count))
        run(sim, 20)
        built.append(fake(sim).built_m[0])
    assert built == sorted(built)
    assert built[0] > 0


@pytest.mark.parametrize(("pumps", "hose_km", "wet"), [(2, 3.0, True), (2, 0.5, False), (0, 3.0, False)])
def test_pumps_need_water_or_a_road_within_their_hose(pumps: int, hose_km: float, wet: bool) -> None:
    sim = burning_hills(teams=crews(1, pumps=pumps, hose_km=hose_km))
    fake(sim).growth_kmh = 0.0
    post = run(sim, 6).one(Kind.TAKES_POST)
    assert (post.item == WATER) == wet


def test_machines_of_a_team_count_for_each_of_its_people() -> None:
    sim = burning_hills(teams=crews(1, size=20, dozers=1, excavators=3))
    run(sim, 6)
    assert set(fake(sim).asked_machines) == {(0.05, 0.15)}


# ---- leaving the line


def test_at_the_end_of_the_shift_they_go_home_and_rest_and_others_come() -> None:
    sim = burning_hills(48, teams=crews(2), hazard={"stages": ({"persons": 20},)})
    story = run(sim, 30)
    first = story.first(Kind.WITHDRAWS)
    assert first.item == SHIFT
    assert first.time_h == pytest.approx(story.first(Kind.TURNS_OUT).time_h + 12, abs=STEP_H)
    assert story.rows(Kind.RESTS, subject="crew-1")[0].time_h < 14
    relief = next(row for row in story.rows(Kind.ASSIGNED) if row.time_h >= first.time_h)
    assert relief.subject == story.index["crew-2"]


def test_in_danger_they_leave_within_a_step_and_come_back() -> None:
    sim = burning_hills(teams=crews(1))
    run(sim, 4)
    fake(sim).in_danger.add(sim.crews[0].index)
    story = run(sim, 8)
    leaves = story.one(Kind.WITHDRAWS)
    assert leaves.item == DANGER
    assert leaves.time_h == pytest.approx(4 + STEP_H, abs=STEP_H)
    again = story.rows(Kind.TAKES_POST)[1]
    assert again.time_h == pytest.approx(leaves.time_h + WAY_OUT_H, abs=0.3)
    assert len(story.rows(Kind.ASSIGNED)) == 1


def test_who_is_caught_on_the_way_out_is_lost_for_the_scenario() -> None:
    sim = burning_hills(teams=crews(1))
    run(sim, 4)
    crew = sim.crews[0].index
    fake(sim).out_h = 1.0
    fake(sim).in_danger.add(crew)
    fake(sim).overruns.append((4 + 3 * STEP_H, crew))
    story = run(sim, 8)
    leaves, caught = story.one(Kind.WITHDRAWS), story.one(Kind.OVERRUN)
    assert leaves.item == DANGER
    assert leaves.time_h < caught.time_h == pytest.approx(4 + 3 * STEP_H, abs=STEP_H)
    assert (caught.item, caught.persons) == (1, 20)
    assert len(story.rows(Kind.TAKES_POST)) == 1


@pytest.mark.parametrize(
    ("leaders", "front_h", "goes"),
    [
        ("cautious", 0.6, True), ("standard", 0.6, False), ("standard", 0.4, True), ("bold", 0.4, False),
        ("bold", 0.16, True),
    ],
)  # fmt: skip
def test_leaders_keep_more_or_less_time_in_hand_over_the_way_out(leaders: str, front_h: float, goes: bool) -> None:
    """A way out of 10 min, 15 min in hand: standard leaders leave when 25 min are left, cautious 40, bold 10."""
    sim = burning_hills(teams=crews(1), hazard={"leaders": leaders})
    run(sim, 4)
    fake(sim).front_h = front_h
    assert bool(run(sim, 5).rows(Kind.WITHDRAWS)) is goes


def test_who_leaves_for_a_turn_of_the_wind_to_come_says_so() -> None:
    sim = burning_hills(teams=crews(1))
    run(sim, 4)
    crew = sim.crews[0].index
    fake(sim).in_danger.add(crew)
    fake(sim).foreseen.add(crew)
    assert run(sim, 5).one(Kind.WITHDRAWS).item == FORESEEN


def test_who_is_cut_off_says_so_before_it_leaves() -> None:
    sim = burning_hills(teams=crews(1))
    run(sim, 4)
    crew = sim.crews[0].index
    fake(sim).in_danger.add(crew)
    fake(sim).cut_off.add(crew)
    story = run(sim, 5)
    cut_off, leaves = story.one(Kind.CUT_OFF), story.one(Kind.WITHDRAWS)
    assert (cut_off.persons, cut_off.time_h) == (20, leaves.time_h)


@pytest.mark.parametrize("on_way", [False, True])
def test_who_is_entrapped_is_told_once_and_works_no_more_that_shift(on_way: bool) -> None:
    sim = burning_hills(teams=crews(1))
    run(sim, 4)
    crew = sim.crews[0].index
    fake(sim).out_h = 1.0
    if on_way:
        fake(sim).in_danger.add(crew)
    fake(sim).entrapped += [(4 + 3 * STEP_H, crew), (4 + 4 * STEP_H, crew)]
    story = run(sim, 8)
    told = story.one(Kind.ENTRAPPED)
    assert (told.time_h, told.persons, told.item) == (4 + 3 * STEP_H, 20, int(on_way))
    assert story.rows(Kind.WITHDRAWS)[-1].item == SHIFT
    assert len(story.rows(Kind.TAKES_POST)) == 1
    assert story.rows(Kind.RESTS)


def test_who_is_overrun_is_lost_for_the_scenario_and_replaced() -> None:
    sim = burning_hills(teams=crews(2), hazard={"stages": ({"persons": 20},)})
    run(sim, 4)
    lost = sim.world.ids[next(iter(sim.fires.assignments))]
    fake(sim).overruns.append((5.0, sim.world.ids.index(lost)))
    story = run(sim, 20)
    row = story.one(Kind.OVERRUN)
    assert (row.time_h, row.persons, row.subject) == (5.0, 20, story.index[lost])
    assert not [later for later in story.rows(subject=lost) if later.time_h > 5.0]
    assert [one for one in story.rows(Kind.ASSIGNED) if one.time_h == 5.0]


def test_who_finds_nothing_to_do_looks_again_and_then_goes() -> None:
    sim = burning_hills(teams=crews(1))
    fake(sim).refused.add(sim.crews[0].index)
    story = run(sim, 4.2)
    walk, leaves = story.one(Kind.WALKS_IN), story.one(Kind.WITHDRAWS)
    assert leaves.item == NOTHING
    assert leaves.time_h == pytest.approx(walk.time_h + walk.amount + PATIENCE_H)
    assert len(fake(sim).asked_water) == round(PATIENCE_H / RETRY_H) + 1
    assert not story.rows(Kind.TAKES_POST)


def test_a_lost_post_is_given_up_for_the_next_at_once() -> None:
    sim = burning_hills(teams=crews(1))
    run(sim, 4)
    fake(sim).posts.clear()
    story = run(sim, 6)
    assert len(story.rows(Kind.TAKES_POST)) == 2
    assert not story.rows(Kind.WITHDRAWS)


def test_a_lost_post_without_another_is_a_withdrawal_until_there_is_one() -> None:
    sim = burning_hills(teams=crews(1))
    run(sim, 4)
    index = sim.crews[0].index
    fake(sim).posts.clear()
    fake(sim).refused.add(index)
    run(sim, 5)
    fake(sim).refused.clear()
    story = run(sim, 6)
    assert [row.item for row in story.rows(Kind.WITHDRAWS)] == [NOTHING]
    assert len(story.rows(Kind.TAKES_POST)) == 2
    assert hands(story, 4.9) == 0
    assert hands(story, 6.0) == 20


# ---- laws


def test_nobody_is_in_two_places_or_lost_from_the_count() -> None:
    sim = burning_hills(96, ignitions=2, teams=crews(5, shift_h=6, rest_h=4))
    script, overrun = fake(sim), list[int]()
    for hour in range(1, 96):
        if hour % 3 == 0:
            script.in_danger.update(sorted(script.posts)[: hour % 5])
        if hour % 7 == 0:
            script.refused = {crew.index for crew in sim.crews[: hour % 4]}
        for crew in sorted(set(script.posts) - set(overrun))[: hour > 10 and len(overrun) < 2]:
            overrun.append(crew)
            script.overruns.append((float(hour), crew))
        story = run(sim, float(hour))
        working = {index for index, one in sim.fires.assignments.items() if one.works}
        idle = {candidate.responder for candidate in sim.command.roster.candidates.values()}
        lost = {row.subject for row in story.rows(Kind.OVERRUN)}
        assert not (set(sim.fires.assignments) & idle)
        assert not (lost & (set(sim.fires.assignments) | idle))
        assert hands(story, hour) == 20 * len(working)
    assert sorted(row.subject for row in story.rows(Kind.OVERRUN)) == sorted(overrun) != []
    for need in sim.command.requests.values():
        assert need.coming == 20 * len([one for one in sim.crews if one.index in busy_with(story, need.number)])


def busy_with(story: Story, request: int) -> set[int]:
    """Crews whose last order is this request and who have not been free or lost since."""
    last: dict[int, int] = {}
    for row in story.rows(Kind.ASSIGNED, Kind.FREE, Kind.OVERRUN, Kind.WITHDRAWS):
        if row.kind == Kind.ASSIGNED:
            last[row.subject] = row.request
        elif row.kind != Kind.WITHDRAWS or row.item != DANGER:
            last.pop(row.subject, None)
        # who stands by after a lost post is still wanted there
    return {crew for crew, number in last.items() if number == request}


def test_one_crew_more_leaves_the_luck_of_the_others_as_it_was() -> None:
    def left(count: int) -> float:
        sim = burning_hills(teams=crews(count, turnout_h=0.5))
        return run(sim, 3).one(Kind.TURNS_OUT, subject="crew-2").time_h

    assert left(2) == left(6)


def test_the_nearest_road_end_counts_and_not_the_nearest_place() -> None:
    from simrescue.places import Junction

    hut = Junction(id="hut", **spot(10, 1.5))
    fork = Junction(id="fork", **spot(5, 0))
    sim = burning_hills(teams=crews(1), junctions=(fork, hut))
    assert run(sim, 4).one(Kind.STAGES).amount == sim.world.ids.index("hamlet")


# ---- on foot, with no post


def test_flames_drive_a_crew_off_its_way_in_and_it_goes_on_from_there() -> None:
    sim = burning_hills(teams=crews(1))
    fake(sim).growth_kmh = 0.0
    fake(sim).in_danger_on_foot.add(sim.crews[0].index)
    story = run(sim, 6)
    walk, off, post = story.one(Kind.WALKS_IN), story.one(Kind.DRIVEN_OFF), story.one(Kind.TAKES_POST)
    assert (off.item, off.persons) == (DANGER, 20)
    assert walk.time_h < off.time_h <= walk.time_h + STEP_H
    assert post.time_h == pytest.approx(off.time_h + WAY_OUT_H)


@pytest.mark.parametrize("at_h", [1.0, 5.0], ids=["on its way in", "on its way back"])
def test_who_is_burned_over_on_foot_is_lost_for_the_scenario(at_h: float) -> None:
    """On foot for 1.2 h from 0.2 h on; called off at 4.5 h, 1.2 h from the road."""
    sim = burning_hills(teams=crews(1))
    fake(sim).growth_kmh = 0.0
    run(sim, 0.9)
    assert set(fake(sim).walks) == {sim.crews[0].index}
    if at_h > 4:
        run(sim, 4.5)
        sim.fires.dismiss(sim.fires.assignments[sim.crews[0].index])
        run(sim, 4.9)
        assert set(sim.fires.leaving) == {sim.crews[0].index}
    fake(sim).overruns.append((at_h, sim.crews[0].index))
    story = run(sim, 8)
    lost = story.one(Kind.OVERRUN)
    assert (lost.item, lost.persons) == (ON_FOOT, 20)
    assert not story.rows(Kind.FREE)
    assert not sim.fires.leaving
    assert not sim.fires.assignments


def test_who_waits_for_something_to_do_is_in_danger_where_it_waits() -> None:
    sim = burning_hills(teams=crews(1))
    fake(sim).growth_kmh = 0.0
    crew = sim.crews[0].index
    fake(sim).refused.add(crew)
    run(sim, 2)
    waits = fake(sim).walks[crew]
    assert waits.start == waits.end
    fake(sim).in_danger_on_foot.add(crew)
    off = run(sim, 3).one(Kind.DRIVEN_OFF)
    assert off.time_h == pytest.approx(2, abs=STEP_H)


@pytest.mark.parametrize(("rest_h", "slept"), [(0.1, True), (1.0, False)])
def test_who_has_ridden_as_long_as_a_rest_takes_begins_the_shift_on_arrival(rest_h: float, slept: bool) -> None:
    """10 km of road, longer than one rest and shorter than the other; a shift of two hours."""
    sim = burning_hills(teams=crews(1, shift_h=2, rest_h=rest_h))
    fake(sim).growth_kmh = 0.0
    story = run(sim, 4)
    sent, came = story.rows(Kind.ASSIGNED)[0], story.rows(Kind.ARRIVES)[0]
    assert 0.1 < came.time_h - sent.time_h < 1.0
    begins_h = came.time_h if slept else sent.time_h
    leaves = story.rows(Kind.WITHDRAWS, item=SHIFT)[0]
    assert begins_h + 2 <= leaves.time_h <= begins_h + 2 + 2 * STEP_H


def test_nobody_takes_a_post_that_he_would_have_to_leave_at_once() -> None:
    """Flames are near when the crew first asks and gone when it asks again: it has waited, not gone and fled."""
    posts_h = []
    for in_danger in (False, True):
        sim = burning_hills(teams=crews(1))
        fake(sim).growth_kmh = 0.0
        if in_danger:
            fake(sim).in_danger.add(sim.crews[0].index)
        story = run(sim, 3)
        assert not story.rows(Kind.WITHDRAWS, Kind.SEEKS_SAFETY)
        posts_h.append(story.one(Kind.TAKES_POST).time_h)
    assert posts_h[1] == pytest.approx(posts_h[0] + DEFAULT.post_retry_h)
