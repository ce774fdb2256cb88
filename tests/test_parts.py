"""The parts of a network, kept up to date link by link, are those that a fresh look finds."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from simrescue.network import Components

NODES = 8
links = st.lists(st.tuples(st.integers(0, NODES - 1), st.integers(0, NODES - 1)), min_size=1, max_size=14)


def near_by(ends: list[tuple[int, int]], closed: set[int], node: int) -> list[tuple[int, int, float]]:
    """Open links from a node."""
    there = [(b, link, 1.0) for link, (a, b) in enumerate(ends) if a == node and link not in closed]
    return there + [(a, link, 1.0) for link, (a, b) in enumerate(ends) if b == node and link not in closed]


def looked_at(ends: list[tuple[int, int]], closed: set[int]) -> list[int]:
    """For each node the first node that it hangs together with."""
    first = list(range(NODES))
    for _ in range(NODES):
        for link, (a, b) in enumerate(ends):
            if link not in closed:
                first[a] = first[b] = min(first[a], first[b])
    return first


def same(one: list[int], other: list[int]) -> bool:
    """Whether two namings mean the same parts."""
    return len(set(zip(one, other, strict=True))) == len(set(one)) == len(set(other))


@given(ends=links, toggles=st.lists(st.integers(0, 100), max_size=30))
def test_parts_follow_links(ends: list[tuple[int, int]], toggles: list[int]) -> None:
    closed: set[int] = set()
    near = [near_by(ends, closed, node) for node in range(NODES)]
    parts = Components(near, looked_at(ends, closed))
    for toggle in toggles:
        link = toggle % len(ends)
        before = looked_at(ends, closed)
        if link in closed:
            parts.join(*ends[link])
        closed ^= {link}
        for node in ends[link]:
            near[node] = near_by(ends, closed, node)
        if link in closed:
            parts.split(*ends[link])
        after = looked_at(ends, closed)
        assert same(parts.part, after)
        assert all(parts.sizes[number] == parts.part.count(number) for number in set(parts.part))
        assert parts.part.count(parts.largest()) == max(map(parts.part.count, parts.part))
        grown = parts.take_grown()
        joined = any(after[a] == after[b] and before[a] != before[b] for a in range(NODES) for b in range(NODES))
        assert bool(grown) == joined


def test_a_part_that_grew_is_told_of_even_if_it_has_split_since() -> None:
    near: list[list[tuple[int, int, float]]] = [[], [(2, 1, 1.0)], [(1, 1, 1.0)]]
    parts = Components(near, [0, 1, 1])
    parts.join(0, 1)
    near[0], near[1] = [(1, 0, 1.0)], [(2, 1, 1.0), (0, 0, 1.0)]
    near[1], near[2] = [(0, 0, 1.0)], []
    parts.split(1, 2)
    assert {parts.part[0], parts.part[1], parts.part[2]} <= parts.take_grown()
    assert not parts.take_grown()
