"""What holds at every event of any small fire: the books of people, crews and cells, and the order of things."""

from __future__ import annotations

from collections import defaultdict
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from hashlib import sha256
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simrescue import load
from simrescue.events import EventKind as Kind
from simrescue.events import EventLog
from simrescue.places import NEEDS
from simrescue.responders import SUPPRESSION, WATER_DROP
from simrescue.scenario.records import Scenario
from simrescue.simulation.run import replicate, simulate
from simrescue.simulation.world import World, compile_world
from tests.fire_factories import fire_scenarios
from tests.laws.ledger import Ledger, Row, rows_of

HOME = Path(__file__).parents[2] / "scenarios"
ENDINGS = (Kind.CONTAINED, Kind.CONTROLLED, Kind.FIRE_OUT, Kind.ESCAPED)
SHOWN = {Kind.CONTAINED: 1, Kind.CONTROLLED: 2, Kind.FIRE_OUT: 3, Kind.ESCAPED: 4}
"""State of a fire, as in the item of AREA, after each of these rows."""


def run(scenario: Scenario, seed: int = 1) -> tuple[World, EventLog]:
    world = compile_world(scenario)
    return world, simulate(world, seed, 0)


def digest(log: EventLog) -> str:
    return sha256(b"".join(column.tobytes() for column in log)).hexdigest()


def of_each(log: EventLog, *kinds: Kind) -> dict[int, list[Row]]:
    """Rows of some kinds by subject, in order."""
    found: dict[int, list[Row]] = defaultdict(list)
    for row in rows_of(log):
        if row.kind in kinds:
            found[row.subject].append(row)
    return found


# ---- people, crews, goods


def people_goods_and_responders_are_conserved(world: World, log: EventLog) -> None:
    ledger = Ledger(world).keep(log)
    assert len(ledger.people) == len(world.scenario.villages)
    assert log.persons[log.where(Kind.ENDS)].sum() == sum(village.population for village in world.scenario.villages)
    assert set(ledger.at) == {member.index for member in world.members}
    for item in range(len(NEEDS)):
        assert ledger.goods(item) == pytest.approx(ledger.stocked[item])
    assert not len(log.where(Kind.DIED))
    assert (log.persons >= 0).all()


def a_crew_is_on_one_line_at_a_time_and_never_while_it_drives_or_rests(world: World, log: EventLog) -> None:
    sizes = {member.index: member.size for member in world.members}
    on_line: set[int] = set()
    lost: set[int] = set()
    resting: dict[int, float] = {}
    for row in rows_of(log):
        crew = row.subject
        if crew not in sizes:
            continue
        assert row.time_h >= resting.get(crew, 0.0) - 1e-9, f"does something while it rests: {row}"
        assert crew not in lost or row.kind is Kind.OVERRUN, f"does something after flames reached it: {row}"
        if row.kind is Kind.TAKES_POST:
            assert row.persons == sizes[crew]
            assert crew not in on_line, f"at two places of the line: {row}"
            on_line.add(crew)
        elif row.kind in (Kind.WITHDRAWS, Kind.OVERRUN):
            on_line.discard(crew)
            lost |= {crew} if row.kind is Kind.OVERRUN else set()
        elif row.kind in (Kind.LINE, Kind.LINE_BUILT):
            assert crew in on_line, f"builds line from elsewhere: {row}"
        elif row.kind in (Kind.SETS_OFF, Kind.ARRIVES, Kind.FREE, Kind.RESTS, Kind.ASSIGNED, Kind.WALKS_IN):
            assert crew not in on_line, f"away from the line it stands on: {row}"
            if row.kind is Kind.RESTS:
                resting[crew] = row.time_h + row.amount


def every_request_is_closed_or_unmet(world: World, log: EventLog) -> None:
    opened = log.request[log.where(Kind.REQUEST_OPENED)].tolist()
    ended = log.request[log.where(Kind.REQUEST_CLOSED, Kind.UNMET)].tolist()
    assert len(set(opened)) == len(opened)
    assert sorted(opened) == sorted(ended)


def nobody_is_sent_to_a_fire_before_it_is_reported(world: World, log: EventLog) -> None:
    reported: dict[int, float] = {}
    about: dict[int, int] = {}
    first = world.first["ignitions"]
    for row in rows_of(log):
        if row.kind is Kind.REPORTED and row.place >= first and row.request < 0:
            reported.setdefault(row.place, row.time_h)
        elif row.kind is Kind.REPORTED and row.item in (SUPPRESSION, WATER_DROP):
            about[row.request] = row.place
        elif row.kind is Kind.ASSIGNED and row.item in (SUPPRESSION, WATER_DROP):
            assert reported[about[row.request]] <= row.time_h
    assert world.scenario.detectors or not reported
    assert set(reported) <= {row.subject for rows in of_each(log, Kind.DETECTED).values() for row in rows}


def a_fire_that_is_out_is_not_found(world: World, log: EventLog) -> None:
    for rows in of_each(log, Kind.DETECTED, Kind.FIRE_OUT).values():
        out = [row.time_h for row in rows if row.kind is Kind.FIRE_OUT]
        assert all(row.time_h <= min(out, default=np.inf) for row in rows if row.kind is Kind.DETECTED)


# ---- the ground


def a_cell_burns_once_and_line_holds_unless_fire_breaks_out(world: World, log: EventLog) -> None:
    crossed = of_each(log, Kind.REKINDLES, Kind.LINE_BREACHED).values()
    broken = {(row.time_h, row.amount) for rows in crossed for row in rows}
    closed: set[float] = set()
    burnt: set[float] = set()
    for row in rows_of(log):
        if row.kind is Kind.LINE:
            assert row.amount not in burnt, f"line on burnt ground: {row}"
            closed.add(row.amount)
        elif row.kind is Kind.BURNS:
            assert row.amount not in burnt, f"burns twice: {row}"
            assert row.amount not in closed or (row.time_h, row.amount) in broken, f"burns across line: {row}"
            burnt.add(row.amount)
    assert world.scenario.landscape.burns.flat[np.array(sorted(burnt), dtype=int)].all()


def the_area_told_is_that_of_the_cells_and_never_falls(world: World, log: EventLog) -> None:
    burns = of_each(log, Kind.BURNS)
    for fire, rows in of_each(log, Kind.AREA, *ENDINGS).items():
        areas = [row.amount for row in rows]
        assert areas == sorted(areas)
        for row in rows:
            cells = sum(burn.time_h <= row.time_h for burn in burns[fire])
            assert row.amount == pytest.approx(cells * world.facts.cell_ha)


def fires_are_held_mopped_up_and_out_in_that_order(world: World, log: EventLog) -> None:
    for rows in of_each(log, Kind.AREA, *ENDINGS).values():
        state = 0
        for row in rows:
            if row.kind in SHOWN:
                assert state != SHOWN[Kind.ESCAPED] or row.kind is Kind.ESCAPED, f"held off the map: {row}"
                if row.kind is Kind.FIRE_OUT:
                    assert state == SHOWN[Kind.CONTROLLED] or not row.amount, f"out before all is mopped up: {row}"
                state = SHOWN[row.kind]
            elif row.kind is Kind.AREA and row.item != state:
                told = any(SHOWN.get(one.kind) == row.item and one.time_h == row.time_h for one in rows)
                assert row.item == 0 or told, f"a state that no row tells of: {row}"
                state = row.item


LAWS = (
    people_goods_and_responders_are_conserved,
    a_crew_is_on_one_line_at_a_time_and_never_while_it_drives_or_rests,
    every_request_is_closed_or_unmet,
    nobody_is_sent_to_a_fire_before_it_is_reported,
    a_fire_that_is_out_is_not_found,
    a_cell_burns_once_and_line_holds_unless_fire_breaks_out,
    the_area_told_is_that_of_the_cells_and_never_falls,
    fires_are_held_mopped_up_and_out_in_that_order,
)


@settings(max_examples=120, deadline=None)
@given(scenario=fire_scenarios(), seed=st.integers(0, 5))
def test_any_small_fire_keeps_the_laws(scenario: Scenario, seed: int) -> None:
    world, log = run(scenario, seed)
    for law in LAWS:
        law(world, log)


# ---- the same again


@settings(max_examples=25, deadline=None)
@given(scenario=fire_scenarios())
def test_the_same_log_again_in_a_used_world_and_in_a_new_one(scenario: Scenario) -> None:
    world, log = run(scenario, 3)
    simulate(world, 3, 1)
    assert digest(simulate(world, 3, 0)) == digest(log)
    assert digest(run(scenario, 3)[1]) == digest(log)


@settings(max_examples=25, deadline=None)
@given(scenario=fire_scenarios())
def test_the_same_course_without_a_log(scenario: Scenario) -> None:
    world = compile_world(scenario)
    told, silent = replicate(world, 1, 0), replicate(world, 1, 0, log=False)
    assert (silent.kernel_events, silent.missions) == (told.kernel_events, told.missions)
    assert not len(silent.log.time_h)


@cache
def world_of(name: str) -> World:
    return compile_world(load(HOME / name))


def replication(name: str, number: int) -> str:
    """The digest of one replication of a scenario that comes with the program, in a world that this process keeps."""
    return digest(simulate(world_of(name), 1, number))


@pytest.mark.slow
def test_on_one_worker_or_two() -> None:
    asked = [("tiny-fire", number) for number in range(6)] + [("taihang-fire", number) for number in range(2)]
    one = [replication(*each) for each in asked]
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        assert list(pool.map(replication, *zip(*reversed(asked), strict=True))) == one[::-1]
