from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simrescue.network.closures import ALL, CAUSES, WATER, Cause, Closures, Passage, register, registered
from simrescue.parameters import Parameters
from simrescue.responders import VEHICLES
from simrescue.wording import Words
from tests.factories import flooded_row
from tests.simulation.story import by_hand

PASSAGES = [Passage.of(vehicle, Parameters()) for vehicle in VEHICLES]


@pytest.fixture
def rubble() -> Iterator[str]:
    with registered(Cause("rubble", Words("under rubble", "被瓦砾掩埋"), open_to=frozenset({"foot"}))):
        yield "rubble"


def closures() -> st.SearchStrategy[dict[str, float]]:
    others = st.dictionaries(st.sampled_from([name for name in CAUSES if name != WATER]), st.just(1.0))
    return st.builds(lambda depth, rest: rest | ({WATER: depth} if depth else {}), st.floats(0, 3), others)


@given(closures())
def test_a_further_cause_never_opens_a_road_to_those_who_drive_or_walk(closed: dict[str, float]) -> None:
    for cause in CAUSES:
        for passage in PASSAGES:
            if cause != WATER and passage.allows({**closed, cause: 1.0}):
                assert passage.allows(closed)


@given(st.lists(st.tuples(st.integers(0, 3), st.sampled_from(sorted(CAUSES)), st.sampled_from([0.0, 0.2, 1.0]))))
def test_what_stands_on_a_link_is_the_last_said_of_each_cause(news: list[tuple[int, str, float]]) -> None:
    kept, last = Closures(), dict[tuple[int, str], float]()
    for link, cause, amount in news:
        assert kept.put(link, cause, amount) == (last.get((link, cause), 0.0) != amount)
        last[link, cause] = amount
    for (link, cause), amount in last.items():
        assert kept.amount(link, cause) == amount
    assert all(kept.on.values())


def test_a_boat_passes_what_its_hull_floats_over_and_nothing_else() -> None:
    boat = next(passage for passage in PASSAGES if passage.vehicle == "boat")
    assert not boat.allows({"damage": 1.0})
    assert boat.allows({"damage": 1.0, WATER: 2.0})
    assert not boat.allows({"flames": 1.0, WATER: 2.0})
    deep = boat._replace(draft_m=0.5)
    assert not deep.allows({WATER: 0.4}), "too deep for its carrier, too shallow for its hull"


def test_command_learns_every_cause_of_a_closure_also_one_that_it_never_met(rubble: str) -> None:
    sim = by_hand(flooded_row())
    for cause in CAUSES:
        sim.roads.closures.put(0, cause, 1.0)
        sim.roads.learn(0)
        assert sim.roads.router.closures.of(0) == sim.roads.closures.of(0)
        for passage in PASSAGES:
            shut = sim.roads.router.is_closed(passage.vehicle, 0)
            assert shut is not passage.allows(sim.roads.closures.of(0))
        sim.roads.closures.put(0, cause, 0.0)
        sim.roads.learn(0)
        assert not any(sim.roads.router.is_closed(vehicle, 0) for vehicle in VEHICLES)


def test_a_cause_of_its_own_closes_the_road_for_each_way_of_moving_and_its_end_opens_it(rubble: str) -> None:
    sim = by_hand(flooded_row())
    sim.roads.close(0, rubble, closed=True)
    assert {vehicle for vehicle in VEHICLES if 0 in sim.roads.blocked[vehicle]} == ALL - {"foot"}
    sim.roads.close(0, rubble, closed=False)
    assert not any(sim.roads.blocked.values())


def test_the_same_name_twice_and_an_unknown_way_of_moving_are_refused() -> None:
    with pytest.raises(ValueError, match="already"):
        register(Cause(WATER, Words("wet", "湿")))
    with pytest.raises(ValueError, match="hovercraft"):
        register(Cause("mud", Words("muddy", "泥泞"), open_to=frozenset({"hovercraft"})))
    with pytest.raises(ValueError, match=r"colour: as #rrggbb"):
        register(Cause("mud", Words("muddy", "泥泞"), colour="brown"))
    with pytest.raises(ValueError, match=r"words: English and Chinese"):
        register(Cause("mud", Words("muddy", "")))
    with pytest.raises(ValueError, match=r"name: small letters"):
        register(Cause("", Words("muddy", "泥泞")))
    assert "mud" not in CAUSES
