"""What stands beside the record: quantiles over replications, or over persons, and where the record lies in them."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simrescue.experiment.replications.recorded_event import EQUAL_PARTS, recorded_numbers, recorded_rows
from simrescue.metrics.recorded import FIGURES, recorded_waits
from simrescue.scenario.history import FigureOnRecord, figures_on_record
from simrescue.scenario.records import Recorded
from tests.metrics.logs import facts
from tests.metrics.test_summary import EVENTS


def entry(metric: str, value: float, place: str = "lower") -> FigureOnRecord:
    said = Recorded(what="a figure", metric=metric, place=place, value=value, source="paper")
    return figures_on_record([said])[0]


def table(*scalars: dict[str, float]) -> pd.DataFrame:
    return pd.DataFrame(list(scalars))


def test_a_house_is_compared_with_the_persons_and_not_with_the_first_of_them() -> None:
    """Of 140 persons cut off 40 were taken off after 3 h: a record of 30 h is no late first rescue."""
    house = entry("rescue_h", 30.0)
    numbers = recorded_numbers(0, house, EVENTS, facts())
    row = recorded_rows([house], FIGURES, table(numbers, numbers))[0]
    assert (row["over"], row["low"], row["median"], row["high"]) == ("persons", 3.0, math.inf, math.inf)
    assert row["below"] == pytest.approx(40 / 140, abs=1 / EQUAL_PARTS)
    assert numbers["recorded_0_persons"] == 140


def test_each_person_counts_alike_whatever_the_replication() -> None:
    crowd = {f"recorded_0_part_{i}": 10.0 for i in range(1, EQUAL_PARTS + 1)} | {
        "recorded_0": 10.0,
        "recorded_0_persons": 90,
    }
    few = {f"recorded_0_part_{i}": 1.0 for i in range(1, EQUAL_PARTS + 1)} | {
        "recorded_0": 1.0,
        "recorded_0_persons": 10,
    }
    nobody = dict.fromkeys(few, math.nan) | {"recorded_0_persons": 0.0}
    row = recorded_rows([entry("relief_h", 5.0)], FIGURES, table(crowd, few, nobody))[0]
    assert row["below"] == pytest.approx(0.1)
    assert (row["low"], row["median"]) == (1.0, 10.0)


def test_a_figure_of_a_place_is_compared_with_replications() -> None:
    row = recorded_rows(
        [entry("rescued", 2.0)], FIGURES, table({"recorded_0": 1.0}, {"recorded_0": 2.0}, {"recorded_0": 9.0})
    )[0]
    assert (row["over"], row["median"], row["below"]) == ("replications", 2.0, 0.5)


@pytest.mark.parametrize("metric", ["rescued", "rescue_h"])
def test_without_replications_nothing_is_said(metric: str) -> None:
    row = recorded_rows([entry(metric, 2.0)], FIGURES, table())[0]
    assert all(math.isnan(row[name]) for name in ("low", "median", "high", "below"))


@given(st.floats(0, 60), st.floats(0, 60))
def test_a_later_record_lies_no_lower(one: float, other: float) -> None:
    rows = [entry("relief_h", value) for value in sorted((one, other))]
    numbers = recorded_numbers(0, rows[0], EVENTS, facts()) | recorded_numbers(1, rows[1], EVENTS, facts())
    low, high = (row["below"] for row in recorded_rows(rows, FIGURES, table(numbers)))
    assert 0 <= low <= high <= 1


def test_the_parts_are_those_of_the_persons() -> None:
    """Two routes to one figure: the share of persons within a limit, from the groups and from the parts."""
    hours, persons = recorded_waits(EVENTS, facts(), "relief_h", None, "lower")
    numbers = recorded_numbers(0, entry("relief_h", 1.0), EVENTS, facts())
    parts = np.array([numbers[f"recorded_0_part_{i}"] for i in range(1, EQUAL_PARTS + 1)])
    for limit_h in (1, 3, 5, 13):
        share = persons[hours <= limit_h].sum() / persons.sum()
        assert np.mean(parts <= limit_h) == pytest.approx(share, abs=1 / EQUAL_PARTS)


@pytest.mark.parametrize(("given", "expected"), [
    ({"value": 300.0}, [(300.0, 300.0, 300.0)]),
    ({"value": 300.0, "bound": "at least"}, [(300.0, 300.0, math.inf)]),
    ({"value": 300.0, "bound": "at most"}, [(300.0, -math.inf, 300.0)]),
    ({"value": 300.0, "bound": "about"}, [(300.0, 270.0, 330.0)]),
    ({"low": 29_000.0, "high": 68_000.0}, [(48_500.0, 29_000.0, 68_000.0)]),
    ({"moment": 12.5}, [(12.5, 12.5, 12.5)]),
    ({"series": ({"at": 3.0, "value": 5.0}, {"at": 4.0, "value": 7.0}), "bound": "at least"}, [
        (5.0, 5.0, math.inf), (7.0, 7.0, math.inf),
    ]),
])  # fmt: skip
def test_what_a_record_may_say(given: dict[str, object], expected: list[tuple[float, float, float]]) -> None:
    said = Recorded.model_validate({"what": "a figure", "metric": "rescued", "source": "paper", **given})
    found = figures_on_record([said])
    assert [(one.value, one.low, one.high) for one in found] == expected
    assert [one.at_h for one in found] == ([3.0, 4.0] if "series" in given else [None])
