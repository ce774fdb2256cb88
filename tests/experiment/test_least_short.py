"""Which of several ways leaves least short: named only where chance does not explain it."""

from __future__ import annotations

import numpy as np
import pytest

from simrescue.experiment.analysis.least_short import LeastShort, least_short, least_short_text
from simrescue.wording import Words

STANDING = Words("62 %", "62%")
NAMES = [Words(name, name) for name in "ABCDEFGHIJ"]


def test_a_way_that_is_clearly_ahead_is_named_alone() -> None:
    common = np.random.default_rng(1).normal(1000, 200, 30)
    least = least_short([common, common - 300 + np.arange(30), common + 50], 0.95)
    assert least == LeastShort(first=1, kept=(1,), pairs=30, told=True)
    assert least_short_text(least, NAMES, STANDING).en == "Least is short with B (30 pairs of replications): 62 %."


def test_what_chance_may_have_done_is_not_named() -> None:
    """Ways that are alike: the least mean is named in at most one study of twenty."""
    named = 0
    for seed in range(200):
        draws = np.random.default_rng(seed)
        least = least_short(list(1000 + draws.normal(0, 100, 30) + draws.normal(0, 50, (3, 30))), 0.95)
        assert least is not None
        named += least.told
        if not least.told:
            text = least_short_text(least, NAMES, STANDING).en
            assert text == "Which leaves least short cannot be told from chance (30 pairs of replications)."
    assert named <= 10


def test_ways_that_may_be_as_good_stand_beside_the_one_ahead() -> None:
    draws = np.random.default_rng(2)
    common = draws.normal(1000, 100, 30)
    least = least_short([common, common - 500, common - 500 + draws.normal(0, 30, 30)], 0.95)
    assert least is not None
    assert set(least.kept) == {1, 2}
    text = least_short_text(least._replace(first=1), NAMES, STANDING).en
    assert text == (
        "Ahead is B: 62 %. As little may be short with C; the rest leave more (30 pairs of replications)."
    )  # fmt: skip


@pytest.mark.parametrize(
    "shorts",
    [
        [[1.0, 2.0, 3.0]],
        [[1.0], [2.0]],
        [[1.0, np.inf, 3.0], [1.0, 2.0, 3.0]],
        [[0.0, 0.0, 0.0], [1.0, 2.0, 3.0]],
        [[np.nan, 1.0], [1.0, np.nan]],
        [[], []],
    ],
)
def test_where_there_is_nothing_to_choose(shorts: list[list[float]]) -> None:
    """One way, one pair, a wait without end, nothing short with one of them, no replication that all were tested in."""
    assert least_short(shorts, 0.95) is None


def test_replications_that_tested_not_all_ways_are_left_out() -> None:
    base = np.arange(40.0) % 7 + 100
    worse = base + 50
    worse[3] = np.nan
    least = least_short([base, worse], 0.95)
    assert least is not None
    assert (least.first, least.kept, least.pairs) == (0, (0,), 39)
