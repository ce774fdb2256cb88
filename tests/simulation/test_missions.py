"""Missions as objects: called off and sent elsewhere, several stops, a priority of their own, places with a queue."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from simpy import Environment

from simrescue import load
from simrescue.events import EventKind as Kind
from simrescue.places import NEEDS
from simrescue.responders import Helicopter, Team, Truck
from simrescue.scenario.records import Air
from simrescue.simulation.missions import MISSIONS
from simrescue.simulation.missions.base import Leg, Mission, Steps
from simrescue.simulation.places.servers import Servers
from simrescue.simulation.requests import CallRequest
from simrescue.simulation.run import build, finish, simulate
from simrescue.simulation.state import Simulation
from simrescue.simulation.world import compile_world
from tests.factories import flooded_row
from tests.laws.ledger import Ledger
from tests.simulation.story import NOBODY, ask, by_hand, dry_row, ring, so_far

DAY = Air(sunrise_h=0, sunset_h=24)


def team(**fields: Any) -> Team:
    plain: dict[str, Any] = {
        "id": "team", "base": "station", "tasks": ("rescue", "medical"), "breakdown": 0, "turnout_h": 0,
        "night_factor": 1,
    }  # fmt: skip
    return Team(**(plain | fields))


def on_the_row(*calls: Any, **tables: Any) -> Simulation:
    """Calls on dry roads station - depot - school, 5 km each or so, for one team at the station."""
    forces = {"teams": (team(),)} if not tables else {}
    return by_hand(dry_row(calls=calls, sections={"air": DAY}, **(NOBODY | forces | tables)))


def kinds(sim: Simulation, subject: str) -> list[Kind]:
    return [row.kind for row in so_far(sim).rows(subject=subject)][1:]


# ---- called off


def test_called_off_on_the_road_it_stands_at_the_end_of_the_link_and_is_free_there() -> None:
    sim = on_the_row(ask("school", 1.0))
    sim.env.run(until=1.01)
    crew = sim.crews[0]
    assert crew.under_way
    assert sim.command.call_off(crew)
    assert not sim.command.call_off(crew), "once is enough"
    sim.env.run(until=3)
    assert kinds(sim, "team")[:5] == [Kind.ASSIGNED, Kind.TURNS_OUT, Kind.SETS_OFF, Kind.CALLED_OFF, Kind.FREE]
    freed = so_far(sim).first(Kind.FREE)
    assert sim.world.ids[freed.place] == "depot"
    first = sim.world.first["roads"]
    link = sim.world.ids.index("depot-station") - first
    assert freed.time_h == pytest.approx(1 + float(sim.world.network.hours["truck"][link]))
    sim.env.run(until=5)
    assert len(so_far(sim).rows(Kind.SERVED)) == 1, "its request was open again, and it was free"


def test_called_off_at_a_turning_it_does_not_go_on() -> None:
    sim = on_the_row(ask("school", 1.0))
    first = sim.world.first["roads"]
    hours = float(sim.world.network.hours["truck"][sim.world.ids.index("depot-station") - first])
    sim.env.run(until=1 + hours)
    assert sim.command.call_off(sim.crews[0])
    sim.env.run(until=1 + hours + 1e-9)
    assert sim.world.ids[sim.crews[0].here] == "depot"


def test_called_off_on_scene_it_leaves_the_job_undone_and_another_does_it() -> None:
    sim = on_the_row(ask("depot", 1.0, on_site_h=4.0), teams=(team(), team(id="other")))
    sim.env.run(until=2)
    crew = next(one for one in sim.crews if one.mission is not None)
    assert sim.command.call_off(crew)
    assert crew.may_stop
    sim.env.run(until=2.001)
    assert crew.mission is None or crew.mission.request.number == 0
    sim.env.run(until=20)
    story = so_far(sim)
    assert len(story.rows(Kind.SERVED)) == 1
    assert story.one(Kind.SERVED).time_h == pytest.approx(6), "begun anew"


def test_who_has_no_mission_cannot_be_called_off() -> None:
    sim = on_the_row()
    assert not sim.command.call_off(sim.crews[0])


def test_called_off_it_is_free_at_once_and_the_next_decision_sends_it_elsewhere() -> None:
    sim = on_the_row(ask("school", 1.0, on_site_h=1), ask("station", 1.01, number=1, on_site_h=1))
    sim.env.run(until=1.02)
    crew = sim.crews[0]
    request = crew.mission.request
    assert sim.command.call_off(crew)
    request.refused = frozenset({crew.index})  # whoever calls it off has his reason
    sim.env.run(until=10)
    assert [sim.world.ids[row.place] for row in so_far(sim).rows(Kind.SERVED)] == ["station"]


def test_an_aircraft_waiting_for_light_can_be_called_off() -> None:
    heli = Helicopter(id="heli", base="station", tasks=("rescue",), turnout_h=0, serviceable=1, breakdown=0)
    sim = by_hand(
        dry_row(
            calls=(ask("school", 1.0, on_site_h=0.1),),
            sections={"air": Air(sunrise_h=9.4, sunset_h=18)},
            **(NOBODY | {"helicopters": (heli,)}),
        )
    )
    sim.env.run(until=1.2)
    assert so_far(sim).one(Kind.HELD).time_h == 1
    assert sim.command.call_off(sim.crews[0])
    sim.env.run(until=1.3)
    assert so_far(sim).one(Kind.FREE).time_h == 1.2


def test_called_off_with_goods_aboard_they_go_back_into_stock() -> None:
    truck = Truck(id="truck", base="station", turnout_h=0, breakdown=0)
    scenario = flooded_row(**(NOBODY | {"trucks": (truck,)}))
    sim = by_hand(scenario)
    crew = sim.crews[0]
    while not (crew.mission is not None and getattr(crew.mission, "is_loaded", False) and crew.under_way):
        sim.env.run(until=sim.env.now + 0.05)
    depot = sim.depots[sim.world.ids.index("depot")]
    before, load = list(depot.stock), list(crew.mission.load)
    assert sim.command.call_off(crew)
    called_h = sim.env.now
    while not (back := [row for row in so_far(sim).rows(Kind.STOCKED) if row.time_h > called_h]):
        sim.env.step()
    assert sum(row.amount for row in back) == pytest.approx(sum(load))
    assert depot.stock == pytest.approx([was + came for was, came in zip(before, load, strict=True)])


def test_called_off_with_people_aboard_they_are_brought_to_a_shelter_first() -> None:
    sim = by_hand(flooded_row())
    crew = next(one for one in sim.crews if one.member.id == "boat-1")
    while not (crew.mission is not None and crew.mission.aboard):
        sim.env.step()
    aboard = crew.mission.persons
    assert sim.command.call_off(crew)
    called_h = sim.env.now
    while crew.mission is not None:
        sim.env.run(until=sim.env.now + 0.05)
    down = next(row for row in so_far(sim).rows(Kind.SETS_DOWN, subject="boat-1") if row.time_h >= called_h)
    assert down.persons == aboard


@pytest.mark.parametrize("under_way", [False, True], ids=["while they board", "on the way"])
def test_called_off_with_people_aboard_it_goes_on_as_if_nothing_had_been_said(under_way: bool) -> None:
    stories = []
    for called_off in (False, True):
        sim = by_hand(flooded_row())
        crew = next(one for one in sim.crews if one.member.id == "boat-1")
        while not (crew.mission is not None and crew.mission.aboard and crew.under_way == under_way):
            sim.env.step()
        assert not called_off or sim.command.call_off(crew)
        began_h, mission = sim.env.now, crew.mission
        while mission.aboard:
            sim.env.step()
        told = (Kind.SETS_OFF, Kind.ARRIVES, Kind.SETS_DOWN)
        rows = [row for row in so_far(sim).rows(*told, subject="boat-1") if row.time_h >= began_h]
        stories.append([(row.kind, row.time_h, row.place, row.persons) for row in rows])
    assert stories[0] == stories[1]


@pytest.mark.parametrize("each_h", [0.3, 1.1, 2.7])
def test_nobody_and_nothing_is_lost_however_often_all_are_called_off(each_h: float) -> None:
    world = compile_world(flooded_row(hours=72.0))
    sim = build(world, 3, 0)
    called = 0
    while sim.env.now < 70:
        sim.env.run(until=sim.env.now + each_h)
        for crew in sim.crews:
            called += sim.command.call_off(crew)
    sim.env.run(until=72)
    finish(sim)
    story = so_far(sim)
    assert called > 10
    ledger = Ledger(world).keep(story.log)
    ended = sum(row.persons for row in story.rows(Kind.ENDS))
    assert ended == sum(village.population for village in world.scenario.villages)
    for item in range(len(NEEDS)):
        assert ledger.goods(item) == pytest.approx(ledger.stocked[item])
    assert all(need.coming >= 0 for need in sim.command.requests.values())


def test_a_crew_called_off_before_a_closed_road_is_not_stuck() -> None:
    sim = by_hand(ring(teams=(team(base="town"),), calls=(ask("village", 1.0),)))
    while not sim.crews[0].under_way:
        sim.env.run(until=sim.env.now + 0.05)
    sim.roads.water(sim.world.ids.index("bridge") - sim.world.first["roads"], 3.0)
    assert sim.command.call_off(sim.crews[0])
    sim.env.run(until=12)
    assert so_far(sim).rows(Kind.FREE)


# ---- stops, priority, queues


class RoundTrip(Mission[CallRequest]):
    """The scene, then a hospital with one bed that takes its time, then a second drop point."""

    beds: Servers

    def legs(self) -> Iterator[Leg]:
        ids = self.sim.world.ids
        yield Leg(self.request.place, self.serve, 0.5, starts=True)
        yield Leg(ids.index("depot"), self.hand_over, 1.0)
        yield Leg(ids.index("station"), self.serve, 0.5)

    def serve(self, row: int) -> Steps:
        self.request.amount = 0.0
        yield self.crew.moves.work(0.5)
        return self.sim.log(Kind.SERVED, self.crew.index, self.crew.here, row, self.request.number)

    def hand_over(self, row: int) -> Steps:
        yield from self.beds.enter()
        yield self.crew.moves.work(1.0)
        self.beds.leave()
        return self.sim.log(Kind.SERVED, self.crew.index, self.crew.here, row, self.request.number)


def test_a_mission_has_as_many_stops_as_its_legs_and_waits_its_turn_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(MISSIONS, CallRequest, RoundTrip)
    calls = (ask("school", 1.0), ask("school", 1.0, number=1))
    sim = on_the_row(*calls, teams=(team(), team(id="other")))
    monkeypatch.setattr(RoundTrip, "beds", Servers(sim.env, 1), raising=False)
    sim.env.run(until=12)
    story = so_far(sim)
    for who in ("team", "other"):
        rows = story.rows(Kind.SERVED, subject=who)
        assert [sim.world.ids[row.place] for row in rows] == ["school", "depot", "station"]
    first, second = sorted(story.times(Kind.SERVED, place="depot"))
    assert second - first == pytest.approx(1.0), "the second waits until the bed is free"


def test_servers_serve_first_come_first_served() -> None:
    env, done = Environment(), list[tuple[int, float]]()
    servers = Servers(env, 2)

    def visit(number: int) -> Iterator[Any]:
        yield env.timeout(number * 0.1)
        yield from servers.enter()
        yield env.timeout(1.0)
        servers.leave()
        done.append((number, env.now))

    for number in range(5):
        env.process(visit(number))  # type: ignore[arg-type]
    env.run()
    assert [number for number, _ in done] == list(range(5))
    assert [at for _, at in done] == pytest.approx([1.0, 1.1, 2.0, 2.1, 3.0])
    assert servers.busy == 0


def has_leave(crew: Any) -> None:
    crew.moves.readiness.granted_h = 0.0


def makes_ready(crew: Any) -> None:
    crew.moves.ready_since_h = -10.0


@pytest.mark.parametrize(
    ("fields", "is_sooner"),
    [({"request_h": 3.0}, has_leave), ({"turnout_h": 3.0}, makes_ready)],
    ids=("leave", "ready"),
)
@pytest.mark.parametrize("sooner", [0, 1, 2])
def test_of_crews_of_one_row_the_one_goes_that_is_there_first(
    fields: dict[str, Any], is_sooner: Callable[[Any], None], sooner: int
) -> None:
    """They stand at one place, and are alike but for what has happened to each."""
    sim = on_the_row(ask("school", 1.0), teams=(team(count=3, **fields),))
    is_sooner(sim.command.crews[sooner])
    sim.env.run(until=3.0)
    assert so_far(sim).one(Kind.SETS_OFF).subject == sim.command.crews[sooner].index


@pytest.mark.parametrize("policy", ["nearest", "priority", "optimal"])
def test_a_request_with_a_head_start_is_served_before_others(policy: str) -> None:
    from simrescue.scenario.records import Command

    command = Command(report_h=0, decision_h=0, contact_loss=0, policy=policy)  # type: ignore[arg-type]
    calls = (ask("depot", 1.0, number=0), ask("depot", 1.5, number=1), ask("depot", 1.6, number=2))
    scenario = dry_row(calls=calls, command=command, sections={"air": DAY}, **(NOBODY | {"teams": (team(),)}))
    plain = by_hand(scenario)
    plain.env.run(until=8)
    assert [row.request for row in so_far(plain).rows(Kind.SERVED)] == [0, 1, 2]
    sim = by_hand(scenario)
    sim.env.run(until=1.7)
    need = sim.command.requests[2]
    need.head_start_h = 10.0
    sim.command.withdraw(need, 0.0)
    sim.env.run(until=8)
    assert [row.request for row in so_far(sim).rows(Kind.SERVED)] == [0, 2, 1]


def test_a_crew_that_waits_before_closed_roads_does_not_set_off_every_hour_to_give_up_at_once() -> None:
    """Whoever gives up has met a closed road: nobody sets off without knowing a way."""
    world = compile_world(load(Path(__file__).parents[2] / "scenarios" / "tiny-flood"))
    given_up = 0
    for replication in range(6):
        log = simulate(world, 1, replication)
        rows = log.where(Kind.GIVES_UP)
        given_up += len(rows)
        assert set(log.kind[log.cause[rows]].tolist()) <= {Kind.TURNS_ROUND}
    assert given_up
