"""One thing at a time is made slow or scarce: its bin, and no other, must grow by what was taken away."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from simrescue import load
from simrescue.events import EventKind as Kind
from simrescue.events import EventLog
from simrescue.explain import BINS, explain
from simrescue.explain.critical_path.bins import BIN_NUMBER, free_bin
from simrescue.explain.critical_path.cases import Reasons
from simrescue.hazards.flood.settings import Flood
from simrescue.kinds import names
from simrescue.metrics.people.relief import relief_cases
from simrescue.places import Depot, Shelter
from simrescue.responders import Boat, Team
from simrescue.scenario.records import Command, Relief, Scenario
from simrescue.simulation.run import simulate
from simrescue.simulation.world import World, compile_world
from tests.explain.chains_of import covers
from tests.factories import CERTAIN, STOCK, at, flooded_row, settings
from tests.simulation.story import tell
from tests.simulation.test_depot import schools
from tests.simulation.test_traffic import FREE_H, leaving


def reasons(scenario: Scenario, name: str = "share_responded", **given: Any) -> Reasons:
    """Why late in one replication of a scenario, with its own time to decide."""
    world = compile_world(scenario)
    return explain(simulate(world, 1, 0), world.facts, name, {"limit_h": 0.0, **given}, _decision_h(world))


def _decision_h(world: World) -> float:
    return world.scenario.settings.command.decision_h


def hours(found: Reasons) -> dict[str, float]:
    """Person-hours by key of the bins with any."""
    return {
        bin_.key: value
        for bin_, value in zip(BINS.values(), found.weight_h(only_late=False), strict=True)
        if value > 1e-9
    }


def row(**sections: Any) -> Scenario:
    """The flooded row with some settings replaced."""
    return flooded_row(settings=settings(48.0, hazard=Flood(uncertainty=CERTAIN), **sections))


def test_time_to_decide_is_waiting_for_decision() -> None:
    quick = hours(reasons(row(command=Command(decision_h=0.0, contact_loss=0)), tasks=["rescue"]))
    slow = reasons(row(command=Command(decision_h=0.5, contact_loss=0)), tasks=["rescue"])
    assert "decision" not in quick
    took = [case.hours()[BIN_NUMBER["decision"]] for case in slow.cases]
    assert any(one == pytest.approx(0.5) for one in took)  # unless command was thinking of something else already


def test_word_on_its_way_is_report_to_command() -> None:
    found = reasons(row(command=Command(report_h=3.0, contact_loss=0)), "share_relieved")
    none = reasons(row(command=Command(report_h=0.0, contact_loss=0)), "share_relieved")
    assert hours(found)["report"] > 2 * hours(none).get("report", 0.0)


@pytest.mark.parametrize("turnout_h", [0.5, 2.0])
def test_turnout_of_the_only_boat(turnout_h: float) -> None:
    scenario = flooded_row(
        length=1, boats=(Boat(id="boat", base="station", turnout_h=turnout_h),), teams=(), helicopters=()
    )
    first = reasons(scenario, tasks=["rescue"]).cases[0]
    assert 0.75 * turnout_h <= first.hours()[BIN_NUMBER["turnout"]] <= 1.35 * turnout_h + 1e-9


def test_fewer_boats_wait_longer_for_a_free_one() -> None:
    def boats(count: int) -> Scenario:
        whole = settings(48.0, hazard=Flood(uncertainty=CERTAIN, road_damage=0, bridge_damage=0))
        return flooded_row(boat_count=count, helicopters=(), teams=(), settings=whole)

    one, many = (hours(reasons(boats(count), tasks=["rescue"])) for count in (1, 60))
    assert one["free_boat"] > many.get("free_boat", 0.0)
    assert "free_team" not in one
    assert "free_helicopter" not in one


def test_nobody_at_all_is_a_wait_for_the_kind_that_is_made_for_it() -> None:
    found = reasons(flooded_row(boat_count=1, boats=(), teams=(), helicopters=()), tasks=["rescue"])
    assert not any(case.served for case in found.cases)
    assert hours(found).keys() <= {"free_boat", "decision", "report", "closed"}


def test_late_release_is_a_wait_for_those_not_yet_there() -> None:
    boats = (Boat(id="boat", base="station", count=20, available=20.0),)
    found = reasons(flooded_row(boats=boats, teams=(), helicopters=()), tasks=["rescue"])
    notes = {piece.note for case in found.cases for piece in case.pieces if piece.bin == BIN_NUMBER["free_boat"]}
    assert 3 in notes
    first = min(found.cases, key=lambda case: case.start_h)
    assert first.hours()[BIN_NUMBER["free_boat"]] == pytest.approx(20.0 - first.start_h, abs=0.2)


def test_empty_depots_are_missing_stock() -> None:
    scenario = flooded_row(
        depots=(Depot(id="depot", elevation_m=30, **at(1, 1)),),
        shelters=(Shelter(id="school", capacity=9000, elevation_m=30, **at(0, 1)),),
    )
    found = hours(reasons(scenario, "share_supplied"))
    assert max(found, key=found.__getitem__) == "stock"


def test_a_depot_that_opens_late_is_loading() -> None:
    def depot(opening_h: float) -> Scenario:
        depots = (Depot(id="depot", elevation_m=30, opening_h=opening_h, **STOCK, **at(1, 1)),)
        return flooded_row(depots=depots, helicopters=())

    early, late = (hours(reasons(depot(opening), "share_supplied")) for opening in (0.0, 6.0))
    assert late["loading"] > early.get("loading", 0.0)


def test_slow_unloading_is_unloading() -> None:
    def pace(t_per_h: float) -> Scenario:
        return flooded_row(
            depth_m=0.4,  # nobody is trapped: goods reach nobody who is
            settings=settings(48.0, hazard=Flood(uncertainty=CERTAIN), relief=Relief(unload_t_per_h=t_per_h)),
            helicopters=(),
        )

    quick, slow = (hours(reasons(pace(pace_), "share_supplied")) for pace_ in (50.0, 0.5))
    assert slow["unloading"] > 10 * quick["unloading"]


def test_a_village_behind_a_closed_road_waits_for_the_road() -> None:
    """Two villages lie behind one under water to the end; there are trucks and a medical team, no boats or aircraft."""
    medical = (Team(id="team", base="station", tasks=("medical",)),)
    heard = settings(40.0, hazard=Flood(uncertainty=CERTAIN), command=Command(contact_loss=0))
    scenario = flooded_row(settings=heard, boats=(), helicopters=(), teams=medical)
    beyond = [case for case in reasons(scenario, "share_relieved").cases if case.place in (1, 2) and not case.served]
    assert beyond
    closed = sum(case.weight * case.hours()[BIN_NUMBER["closed"]] for case in beyond)
    assert closed > 0.7 * sum(case.weight * (case.end_h - case.start_h) for case in beyond), "a few are on their way"


def test_clock_from_the_start_counts_the_time_before_the_water() -> None:
    from_impact = reasons(flooded_row(), "share_relieved")
    from_start = reasons(flooded_row(), "share_relieved", clock="scenario_onset")
    for one, other in zip(from_impact.cases, from_start.cases, strict=False):
        assert other.start_h == 0.0
        assert other.hours()[BIN_NUMBER["hazard"]] >= one.hours()[BIN_NUMBER["hazard"]]


def test_bins_are_told_apart() -> None:
    for of in ("key", "name", "name_zh", "colour"):
        assert len({getattr(bin_, of) for bin_ in BINS.values()}) == len(BINS)


def test_the_last_row_of_a_served_case_is_what_ended_it() -> None:
    """The school has no stock: it is dry, and so the place to which lorries bring goods."""
    school = flooded_row().shelters[0].model_copy(update=dict.fromkeys(STOCK, 0.0))
    world = compile_world(flooded_row(shelters=(school,)))
    log = simulate(world, 1, 0)
    found = explain(log, world.facts, "share_supplied", {"limit_h": 1.0}, _decision_h(world))
    served = [case for case in found.cases if case.served]
    assert served
    for case in served:
        row_ = case.pieces[-1].row
        assert log.kind[row_] == Kind.DELIVERS
        assert log.time_h[row_] == case.end_h
        assert np.isclose(log.time_h[row_], case.pieces[-1].end_h)


def test_a_second_stop_waits_for_the_way_of_the_lorry_and_not_for_a_free_one() -> None:
    """The goods for both are loaded at once: to the second they take the first delivery and the road on besides."""
    story = schools(10.0, second=("school", 10))
    found = explain(story.log, story.world.facts, "share_supplied", {"limit_h": 0.0}, _decision_h(story.world))
    first, second = (
        next(case for case in found.cases if case.place == story.index[name]) for name in ("school", "second")
    )
    free = [case.hours()[BIN_NUMBER[free_bin("truck")]] for case in (first, second)]
    assert free[0] > 0
    assert free[1] == pytest.approx(free[0])
    delivered = story.times(Kind.DELIVERS)
    more = [b - a for a, b in zip(first.hours(), second.hours(), strict=True)]
    assert sum(more) == pytest.approx(delivered[1] - delivered[0])
    assert more[BIN_NUMBER["travel"]] > 0
    assert more[BIN_NUMBER["unloading"]] > 0


def test_a_second_stop_to_which_a_lorry_is_on_its_way_at_the_end_waits_for_no_free_one() -> None:
    """The clock stops while the lorry is on its way to the first of two stops with goods for both."""
    story = schools(10.0, second=("school", 10))
    loaded_h, delivered_h = story.times(Kind.LOADED)[0], story.times(Kind.DELIVERS)[0]
    end = story.log.time_h.searchsorted((loaded_h + delivered_h) / 2)
    log = EventLog(*(column[:end] for column in story.log))
    found = explain(log, story.world.facts, "share_supplied", {"limit_h": 0.0}, _decision_h(story.world))
    first, second = found.cases
    assert second.hours() == pytest.approx(first.hours())
    assert second.hours()[BIN_NUMBER["travel"]] > 0


def test_hours_lost_in_a_jam_are_in_traffic() -> None:
    """3,000 people in 1,000 cars: what the log says that they lost, and the drive on the empty road is travel."""
    story = tell(leaving(3000))
    lost = story.one(Kind.SLOWED)
    found = explain(story.log, story.world.facts, "share_relieved", {"limit_h": 0.0}, _decision_h(story.world))
    weighed = hours(found)
    assert weighed["traffic"] == pytest.approx(3000 * lost.amount)
    assert weighed["travel"] == pytest.approx(3000 * FREE_H, rel=1e-3)


TINY = Path(__file__).parents[2] / "scenarios" / "tiny-flood"


@pytest.mark.parametrize("given", [{"kinds": ["boat"]}, {"kinds": ["team"]}, {"levels": ["county"]}, {"air": True}])
def test_only_crews_that_the_clause_counts_are_waited_for(given: dict[str, Any]) -> None:
    """What a helicopter did is nothing that a clause on boats waits for: its time is waiting for a boat."""
    world = compile_world(load(TINY))
    log, facts = simulate(world, 1, 0), world.facts
    measure, told = ("share_air_arrivals", {}) if "air" in given else ("share_responded", given)
    found = explain(log, facts, measure, {"limit_h": 0.0, **told}, _decision_h(world))
    counts = facts.of_kinds(tuple(given.get("kinds", ["helicopter"] if "air" in given else names("responder"))))
    counts = counts & facts.of_levels(tuple(given["levels"])) if "levels" in given else counts
    crews = facts.of_role("responder")
    waiting = {BIN_NUMBER[free_bin(name)] for name in names("responder")}
    of_kind = {name: facts.of_kinds((name,)) for name in names("responder")}
    others = {BIN_NUMBER[free_bin(name)] for name, its in of_kind.items() if its.any() and not counts[its].any()}
    pieces = [piece for case in found.cases for piece in case.pieces]
    assert pieces
    for case in found.cases:
        covers(case)
    assert not others & {piece.bin for piece in pieces}
    of_others = [
        one for one in pieces if one.row >= 0 and crews[log.subject[one.row]] and not counts[log.subject[one.row]]
    ]
    assert {piece.bin for piece in of_others} <= waiting


@pytest.mark.parametrize("who", ["affected", "trapped", "isolated"])
def test_only_people_that_the_clause_counts_are_in_the_account(who: str) -> None:
    """Three villages in the water, two of them cut off: a clause on some of their people explains these alone."""
    world = compile_world(row(command=Command(contact_loss=0)))
    log = simulate(world, 1, 0)
    cut_off = set(log.subject[log.where(Kind.ISOLATED)].tolist())
    assert cut_off == {1, 2}, "village 0 keeps its road"
    found = explain(log, world.facts, "share_relieved", {"limit_h": 6.0, "who": who}, _decision_h(world))
    persons = {place: sum(case.weight for case in found.cases if case.place == place) for place in range(3)}
    trapped = log.where(Kind.TRAPPED)
    by_hand = {
        "affected": dict.fromkeys(range(3), 300.0),
        "trapped": {at: float(log.persons[trapped[log.subject[trapped] == at]].sum()) for at in range(3)},
        "isolated": {0: 0.0, 1: 300.0, 2: 300.0},
    }
    assert persons == by_hand[who]
    # The people whose hours are told are those whom the clause finds late.
    measured = relief_cases(log, world.facts, "village_impact", None, who)
    late = measured.number[~(measured.took <= 6.0)].sum()
    assert sum(case.weight for case in found.cases if case.late) == pytest.approx(late)
