"""What is measured is what the benchmarks say: the province has its size, and the bare model does its missions."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain

import numpy as np
import pytest
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from benchmarks.bare import bare_map, run_bare
from benchmarks.province import gabriel, province
from simrescue.places import Place
from simrescue.scenario.records import Scenario


@pytest.fixture(scope="module")
def small() -> Scenario:
    return province(200)


def places(scenario: Scenario) -> Iterable[Place]:
    return chain(scenario.villages, scenario.shelters, scenario.depots, scenario.bases, scenario.landing_sites)


def test_everything_is_in_proportion(small: Scenario) -> None:
    responders = sum(len(table) for table in (small.teams, small.boats, small.trucks, small.helicopters))
    assert (len(small.villages), len(small.depots), len(small.shelters), len(small.bases)) == (200, 80, 10, 6)
    assert 54 <= responders <= 56


def test_roads_lead_everywhere(small: Scenario) -> None:
    index = {place.id: i for i, place in enumerate(places(small))}
    ends = np.array([(index[road.start], index[road.end]) for road in small.roads]).T
    graph = coo_array((np.ones(ends.shape[1]), tuple(ends)), shape=(len(index), len(index)))
    assert connected_components(graph, directed=False)[0] == 1
    links = sum(road.start.startswith("village") and road.end.startswith("village") for road in small.roads)
    assert 1.8 <= links / len(small.villages) <= 2.4


def test_a_quarter_of_the_villages_floods(small: Scenario) -> None:
    peaks = {
        zone: max(row.level_m for row in small.levels if row.zone == zone) for zone in {r.zone for r in small.levels}
    }
    flooded = [village for village in small.villages if village.zone and peaks[village.zone] > village.elevation_m]
    assert 0.23 <= len(flooded) / len(small.villages) <= 0.30


def test_the_same_seed_gives_the_same_province(small: Scenario) -> None:
    assert province(200) == small
    assert province(200, seed=2) != small


def test_neighbours_have_nobody_between_them() -> None:
    corners = np.array([[0.0, 0.0], [4.0, 0.0], [2.0, 0.1], [2.0, 5.0]])
    assert sorted(gabriel(corners)) == [(0, 2), (1, 2), (2, 3)]


def test_the_bare_model_does_all_its_missions() -> None:
    ran = run_bare(bare_map(200, 20, 80), missions=300, hours=72.0)
    assert ran.missions == 300
    assert [kind for _, kind, _, _ in ran.rows].count("done") == 300
    assert 10 <= ran.kernel_events / ran.missions <= 12
    assert run_bare(bare_map(200, 20, 80), missions=300, hours=72.0, log=False).rows == []
