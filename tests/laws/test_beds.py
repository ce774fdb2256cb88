"""Beds: nobody is without one while a shelter that he can get to has room, however water, roads and people change."""

from __future__ import annotations

from collections.abc import Iterator

from hypothesis import given
from hypothesis import settings as tries
from hypothesis import strategies as st

from simrescue.events import EventKind as Kind
from simrescue.events import log_from_rows
from simrescue.hazards.flood.settings import Flood
from simrescue.metrics.people.whereabouts import PERSON_STATES
from simrescue.places import Shelter, Village
from simrescue.scenario.records import Command, Depth, Evacuation, Scenario, Warning
from simrescue.simulation.run import build, finish, simulate
from simrescue.simulation.state import Simulation
from simrescue.simulation.world import compile_world
from tests.factories import CERTAIN, at, flooded_row, settings
from tests.laws.ledger import Ledger
from tests.laws.test_persons import agree

HOURS = 30.0
SPOTS: dict[str, dict[str, float]] = {"school": at(0, 1), "hall": at(1, 1), "gym": at(2, 1)}
DRY: tuple[tuple[float, float], ...] = ((0.0, 0.0),)
COURSES = (
    DRY,
    ((0.0, 1.0), (8.0, 1.0), (8.5, 0.0)),
    ((0.0, 0.0), (6.0, 0.0), (6.5, 1.0), (14.0, 1.0), (14.5, 0.0)),
    ((0.0, 0.0), (9.0, 0.0), (9.5, 1.0)),
    ((0.0, 0.0), (3.0, 0.0), (3.5, 1.0), (5.0, 1.0), (5.5, 0.0), (12.0, 0.0), (12.5, 1.0), (20.0, 1.0), (20.5, 0.0)),
)
"""Depths (h, m) of a shelter or a road: dry, wet until, wet for a while, wet from, wet twice."""


@st.composite
def crowded(draw: st.DrawFn) -> Scenario:
    """Three small shelters and the roads between them, which are wet by turns; people walk, drive or are fetched."""
    tight = st.sampled_from([0, 1, 60, 150, 400])
    rows = tuple(Shelter(id=one, capacity=draw(tight), **spot) for one, spot in SPOTS.items())
    plain = flooded_row()
    link = plain.roads[0]
    more = [("village-0", "school"), ("school", "hall"), ("hall", "gym"), ("hall", "depot"), ("gym", "village-2")]
    more += draw(st.lists(st.sampled_from([("school", "gym"), ("village-1", "hall")]), max_size=2, unique=True))
    roads = tuple(link.model_copy(update={"id": f"{a}-{b}", "start": a, "end": b}) for a, b in more)
    roads += tuple(road for road in plain.roads if "school" not in (road.start, road.end))
    wet = {one: draw(st.sampled_from(COURSES)) for one in (*SPOTS, *(road.id for road in roads[: len(more)]))}
    wet |= {f"village-{i}": draw(st.sampled_from((DRY, ((0.0, 0.0), (10.0, 0.0), (11.0, 1.5))))) for i in range(3)}
    return plain.model_copy(
        update={
            "settings": settings(
                HOURS,
                hazard=Flood(source="depths", uncertainty=CERTAIN),
                warning=Warning(order=draw(st.sampled_from([0.0, 4.0, 9.0])), reach=1.0),
                evacuation=Evacuation(refuse=0.0, shelter_half_life_h=87600),
                command=Command(
                    road_report_h=draw(st.sampled_from([0.0, 2.0])), driver_report_h=draw(st.sampled_from([0.0, 3.0]))
                ),
            ),
            "villages": tuple(
                Village(id=f"village-{i}", population=draw(st.sampled_from([0, 7, 200])), zone="river",
                        cars=draw(st.sampled_from([0.3, 1.0])), public_shelter=1.0, **at(i, 0))
                for i in range(3)
            ),
            "shelters": rows,
            "roads": roads,
            "levels": (),
            "depths": tuple(Depth(subject=one, time_h=h, depth_m=d) for one, points in wet.items() for h, d in points),
        }
    )  # fmt: skip


def moments(sim: Simulation) -> Iterator[float]:
    """Run to the end; stop where all of a moment has happened, and answer the hours until the next one."""
    while (until := min(sim.env.peek(), sim.world.duration_h)) < sim.world.duration_h:
        if until > sim.env.now:
            yield until - sim.env.now
        sim.env.step()
    yield 0.0


def without_bed(sim: Simulation) -> int:
    return sum(max(0, shelter.persons - shelter.beds) for shelter in sim.shelters.values())


def keeps_the_books(sim: Simulation) -> None:
    shelters = sim.shelters.values()
    for village in sim.villages:
        assert sum(getattr(village, state) for state in PERSON_STATES) == village.record.population
    assert sum(village.sheltered for village in sim.villages) == sum(one.persons for one in shelters)
    assert all(one.persons == sum(sim.sites[one.index].people.beyond(0).values()) for one in shelters)
    assert 0 <= sum(one.coming for one in shelters) <= sum(village.moving for village in sim.villages)
    assert min(one.coming for one in shelters) >= 0


def nobody_is_forgotten(sim: Simulation) -> None:
    for shelter in sim.shelters.values():
        for village in sim.sites[shelter.index].people.beyond(shelter.beds):
            for other in sim.world.shelter_order[village]:
                free = other != shelter.index and sim.shelters[other].room > 0
                free = free and not {shelter.index, other} & sim.contact.dark.keys()  # they ask by telephone
                way_h = sim.roads.router.hours("bus", shelter.index, other, frozenset(shelter.seen))
                assert not (free and way_h < float("inf")), f"{sim.env.now} h: {shelter.record.id} to {other}"


@tries(max_examples=40, deadline=None)
@given(scenario=crowded(), seed=st.integers(0, 3))
def test_nobody_is_without_a_bed_while_another_shelter_has_room(scenario: Scenario, seed: int) -> None:
    world = compile_world(scenario)
    sim = build(world, seed, 0)
    for _ in moments(sim):
        keeps_the_books(sim)
        nobody_is_forgotten(sim)
    finish(sim)
    Ledger(world).keep(log_from_rows(sim.recorder.rows))


@tries(max_examples=30, deadline=None)
@given(scenario=crowded(), seed=st.integers(0, 3))
def test_the_metrics_follow_everybody_from_shelter_to_shelter(scenario: Scenario, seed: int) -> None:
    agree(scenario, seed)


@tries(max_examples=15, deadline=None)
@given(scenario=crowded())
def test_beds_that_nobody_can_get_to_change_nothing(scenario: Scenario) -> None:
    far = Shelter(id="far", capacity=9000, lon=100.0, lat=20.0)
    told = []
    for one in (scenario, scenario.model_copy(update={"shelters": (*scenario.shelters, far)})):
        world = compile_world(one)
        log = simulate(world, 1, 0)
        ids = (*world.ids, "")
        told.append([(h, kind, ids[who], ids[where], persons) for h, kind, who, where, persons in zip(
            log.time_h.tolist(), log.kind.tolist(), log.subject.tolist(), log.place.tolist(), log.persons.tolist(),
            strict=True)])  # fmt: skip
    assert told[0] == told[1]


def bedless_person_h(scenario: Scenario, replication: int) -> float:
    sim = build(compile_world(scenario), 1, replication)
    return sum(without_bed(sim) * hours for hours in moments(sim))


def tried(most: int) -> list[Scenario]:
    """The same scenarios each time."""
    found: list[Scenario] = []

    @tries(max_examples=most, deadline=None, derandomize=True, database=None)
    @given(scenario=crowded())
    def collect(scenario: Scenario) -> None:
        found.append(scenario)

    collect()
    return found


def test_more_beds_leave_no_more_people_without_one() -> None:
    """On the mean: beds in a shelter that is flooded later may well harm those whom they have drawn there."""
    rungs = []
    for beds in (0, 100, 400):
        total = 0.0
        for scenario in tried(25):
            wider = tuple(one.model_copy(update={"capacity": one.capacity + beds}) for one in scenario.shelters)
            total += bedless_person_h(scenario.model_copy(update={"shelters": wider}), 0)
        rungs.append(total)
    assert rungs[0] > rungs[1] > rungs[2]


def test_people_are_sent_on_in_what_is_tried_here() -> None:
    """The scenarios of this file are such that people do look again: a law over nothing holds always."""
    logs = [simulate(compile_world(scenario), 1, 0) for scenario in tried(25)]
    for kind in (Kind.SENT_ON, Kind.TURNED_AWAY, Kind.GIVES_UP):
        assert sum(len(log.where(kind)) > 0 for log in logs) >= 3, kind
