"""How far a clause is from its promise: band, what is short and where, the honest promise, and how it is told."""

from __future__ import annotations

import json
import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simrescue import read_results, run
from simrescue.cli.run.run_screen import duty_lines
from simrescue.experiment.analysis.distance import (
    Reached,
    distance_of,
    median_replication,
    places_short,
    promise_of,
    read_places,
    shortfall,
    static_distance,
    surely_kept,
    written_places,
)
from simrescue.experiment.analysis.statistics import fewest_met, judge_clause
from simrescue.experiment.analysis.verdict_words import (
    band_text,
    chance_text,
    needed_text,
    place_names,
    promise_text,
    short_text,
    value_text,
)
from simrescue.experiment.replications.packed_job import clause_key
from simrescue.experiment.replications.verdict_rows import verdict_rows
from simrescue.metrics.base import Tally
from simrescue.plans import DISTANCE_COLUMNS, Clause, Line
from tests.experiment.test_judging import PLAN
from tests.experiment.test_statistics import clause
from tests.factories import flooded_row

INF = math.inf
PLAIN = PLAN.model_copy(update={"clauses": (clause(),)})
NAMES = {"a": ("Ash", "白蜡村"), "b": ("Birch", "桦树村"), "c": ("Cedar", "雪松村")}
DEATHS = clause(measure="deaths_per_million", settings={}, threshold=1, comparison="below")
LAST = clause(measure="relief_last_h", settings={}, threshold=12, comparison="at_most")


def reached(value: list[float], counted: float = 100.0, needed: list[float] | None = None) -> Reached:
    n = len(value)
    limits = np.array(needed if needed is not None else [math.nan] * n)
    return Reached(np.array(value), np.full(n, counted), limits, limits, np.arange(n, dtype=float))


# ---- three villages by hand


def three_villages() -> pd.DataFrame:
    """100 people in a, b, c: 50, 30, 20. In time: all of a; of b 15 and then 25; of c nobody and then 10."""
    rows = [(0, 0, 50, 50), (0, 1, 30, 15), (0, 2, 20, 0), (1, 0, 50, 50), (1, 1, 30, 25), (1, 2, 20, 10)]
    return pd.DataFrame(rows, columns=["replication", "place", "counted", "kept"])


def test_which_are_short_and_by_how_much() -> None:
    """Of two in the middle the lower value is told; what is short and where is of the same replication."""
    every, came = clause(threshold=1.0), reached([0.65, 0.85])
    where = places_short(every, three_villages(), came, ("a", "b", "c"))
    assert where == [("b", 15.0), ("c", 20.0)]
    away = distance_of(every, came, where)
    assert (away.value, away.value_low, away.value_high, away.counted) == (0.65, 0.65, 0.85, 100)
    assert (away.short, away.short_low, away.short_high, away.short_unit) == pytest.approx((35, 15, 35, "persons"))
    assert away.where == (("c", 20.0), ("b", 15.0)), "it adds up"


def test_of_those_that_nobody_tested_none_is_in_the_middle() -> None:
    came = reached([math.nan, 0.9, 0.65, 0.85])
    rows = three_villages().replace({"replication": {0: 2, 1: 3}})
    assert median_replication(clause(threshold=1.0), came) == 3
    assert places_short(clause(threshold=1.0), rows, came, ("a", "b", "c")) == [("b", 5.0), ("c", 10.0)]


def test_to_nine_in_ten_less_is_short_and_it_is_divided_among_those_left_out() -> None:
    most, came = clause(threshold=0.9), reached([0.65, 0.85])
    away = distance_of(most, came, places_short(most, three_villages(), came, ("a", "b", "c")))
    assert (away.short_low, away.short) == pytest.approx((5, 25))
    assert sum(number for _, number in away.where) == pytest.approx(25)


def test_what_lies_at_no_place_is_in_no_village() -> None:
    rows = pd.DataFrame({"replication": [0, 0], "place": [0, -1], "counted": [0.0, 1e6], "kept": [3.0, 0.0]})
    came = reached([3.0], counted=1e6)
    where = places_short(DEATHS, rows, came, ("a",))
    assert where == [("a", 3.0)]
    away = distance_of(DEATHS, came, where)
    assert (away.short, away.short_unit) == pytest.approx((2.0, "persons")), "one death in a million may be"
    assert dict(away.where) == pytest.approx({"a": 2.0})


def test_hours_are_short_in_hours_and_where_it_is_late_in_people() -> None:
    rows = pd.DataFrame({"replication": [0, 0], "place": [0, 1], "counted": [50.0, 30.0], "kept": [50.0, 10.0]})
    away = distance_of(LAST, reached([31.0, 31.0]), places_short(LAST, rows, reached([31.0, 31.0]), ("a", "b")))
    assert (away.short, away.short_unit, away.where) == (19.0, "h", (("b", 20.0),))


def test_never_stays_whole() -> None:
    away = distance_of(LAST, reached([5.0, INF, INF, INF]))
    assert (away.value, away.value_low, away.value_high) == (INF, 5.0, INF)
    assert (away.short_low, away.short) == (0, INF)


def test_what_is_kept_is_not_short_though_rounding_takes_a_hair() -> None:
    assert shortfall(clause(threshold=1.0), np.array([1 - 1e-12, 1.0]), np.array([1e6, 1e6])).tolist() == [0, 0]


def test_who_was_not_concerned_counts_neither_way() -> None:
    plain, mixed = (distance_of(clause(), reached(values)) for values in ([0.5, 0.7], [math.nan, 0.5, 0.7, math.nan]))
    assert plain._replace(promise=mixed.promise) == mixed


@given(st.lists(st.tuples(st.floats(0, 1), st.integers(1, 9)), min_size=1, max_size=9), st.floats(0.05, 1.0))
def test_never_more_are_short_than_are_counted(runs: list[tuple[float, int]], asked: float) -> None:
    """Two replications with 5 and 7 needs, none of them kept: 7 short "of 5" would be told otherwise."""
    value, counted = (np.array(column, dtype=float) for column in zip(*runs, strict=True))
    nothing = np.full(len(runs), math.nan)
    away = distance_of(clause(threshold=asked), Reached(value, counted, nothing, nothing, nothing))
    assert away.short <= away.counted


def test_value_what_is_counted_and_what_is_short_are_of_one_replication() -> None:
    """5, 4 and 5 villages, of which none, none and one is heard: "0 % of 5, 4 short" would be of two replications."""
    nothing = np.full(3, math.nan)
    came = Reached(np.array([0.0, 0.0, 0.2]), np.array([5.0, 4.0, 5.0]), nothing, nothing, nothing)
    away = distance_of(clause(threshold=1.0), came)
    assert (away.value, away.counted, away.short) == (0.0, 4.0, 4.0)
    assert away.short == pytest.approx((away.needed - away.value) * away.counted)


def static(measure: str, value: float, needed: float, *rows: tuple[str, float, float]) -> str:
    """What is told to be short of a clause that the scenario alone answers; rows: place, whole and part."""
    one = Clause.model_construct(measure=measure, threshold=needed, comparison="at_least")
    place, counted, kept = zip(*rows, strict=True)
    tally = Tally(np.array(place), np.array(counted, dtype=float), np.array(kept, dtype=float))
    row = {"metric": measure, **static_distance(one, value, tally).columns()}
    return short_text(row, {"a": ("A", "A"), "food": ("food", "F")}).en


def test_of_what_stands_on_paper_as_much_is_told_as_of_a_run() -> None:
    assert static("share_near_shelter", 1 / 3, 1.0, ("a", 1, 0), ("b", 1, 1), ("c", 1, 0)) == "2 villages short: A, c"
    assert static("shelter_places_per_person", 0.879, 1.0, ("", 1000, 879)) == "121 people short", "at no one place"
    assert static("stock_per_need", 0.5, 1.0, ("food", 4000, 2000)) == "2,000 people short: food"
    assert static("share_stock_forward", 0.2, 0.5, ("a", 8, 0), ("b", 2, 2)) == "3 t short in 1 place: A"


@given(st.lists(st.floats(0, 1), min_size=1, max_size=9), st.floats(0.05, 1.0), st.permutations(range(9)))
def test_order_of_replications_is_nothing_and_better_values_are_short_of_less(
    values: list[float], asked: float, order: list[int]
) -> None:
    one = clause(threshold=asked)
    shuffled = [values[at] for at in order if at < len(values)]
    away = distance_of(one, reached(values))
    assert repr(distance_of(one, reached(shuffled))) == repr(away)
    better = distance_of(one, reached([min(1.0, value + 0.1) for value in values]))
    assert better.short <= away.short
    assert better.value >= away.value
    assert (away.short == 0) == one.holds(away.value), "the middle of the shortfalls is that of the values"


def test_older_results_have_values_alone() -> None:
    away = distance_of(clause(), Reached.of(pd.DataFrame({"value": [0.5, 0.6, 0.7]})))
    assert (away.value, away.needed) == (0.6, 0.95)
    assert math.isnan(away.short)
    assert math.isnan(away.counted)


@given(st.lists(st.tuples(st.text("ab -", min_size=1, max_size=6).map(str.strip).filter(bool), st.floats(0.01, 1e6))))
def test_places_are_read_as_they_were_written(where: list[tuple[str, float]]) -> None:
    found = read_places(written_places(where))
    assert [place for place, _ in found] == [place for place, _ in where]
    assert [number for _, number in found] == pytest.approx([number for _, number in where], rel=1e-5)


# ---- the honest promise


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.sampled_from([0.0, 0.25, 0.5, 0.75, 1.0]), min_size=1, max_size=160),
    st.sampled_from([0.5, 0.8, 0.9]),
    st.sampled_from([0.9, 0.95]),
    st.sampled_from(["at_least", "at_most", "below"]),
)
def test_a_promise_is_what_the_run_would_call_met(
    values: list[float], reliability: float, confidence: float, comparison: str
) -> None:
    """No promise contradicts the word beside it, and none could be better: brute force over all thresholds."""
    one = clause(measure="share_relieved" if comparison == "at_least" else "deaths_per_million",
                 settings={"limit_h": 8} if comparison == "at_least" else {}, comparison=comparison,
                 reliability=reliability, confidence=confidence, threshold=0.5)  # fmt: skip
    promised = promise_of(one, Reached.of_values(values)).share
    called_met = [
        bar for bar in (0.0, 0.25, 0.5, 0.75, 1.0)
        if judge_clause(one.model_copy(update={"threshold": bar}), values).verdict == "met"
    ]  # fmt: skip
    if comparison == "below":
        # What is below the bar does not reach it: the next one above it is called met.
        assert (judge_clause(one, values).verdict == "met") == (promised < 0.5)
    elif called_met:
        assert promised == (max(called_met) if comparison == "at_least" else min(called_met))
    else:
        assert math.isnan(promised)
        assert len(values) < fewest_met(reliability, confidence)


@pytest.mark.parametrize("upper", [True, False])
@pytest.mark.parametrize(("reliability", "n"), [(0.9, 60), (0.5, 20)])
def test_the_promise_is_kept_as_often_as_it_says(reliability: float, n: int, upper: bool) -> None:
    """Brute force: in so many studies the share of all courses within the bound is the reliability or more."""
    studies = 2000
    draws = np.random.default_rng(5).exponential(1.0, (studies, n))
    bounds = np.array([surely_kept(row, reliability, 0.95, upper=upper) for row in draws])
    within = 1 - np.exp(-bounds) if upper else np.exp(-bounds)
    assert (within >= reliability).mean() >= 0.95 - 4 * math.sqrt(0.95 * 0.05 / studies)


def test_promises_of_a_share_are_its_limit_and_its_value() -> None:
    one = clause(threshold=0.95, reliability=0.9)
    values, limits = np.linspace(0.5, 0.9, 60), np.linspace(8, 31, 60)
    promise = promise_of(one, Reached(values, np.full(60, 100.0), limits, limits + 5, np.arange(60.0)))
    assert promise == (values[0], limits[-1], limits[-1] + 5)
    few = promise_of(one, Reached(values[:50], np.full(50, 100.0), limits[:50], limits[:50], np.arange(50.0)))
    assert all(math.isnan(number) for number in few)


@pytest.mark.parametrize(
    ("measure", "comparison", "value", "told"),
    [("share_relieved", "at_least", 0.629, "62 %"), ("share_relieved", "at_least", 0.9876, "98.7 %"),
     ("share_relieved", "at_most", 0.123, "at most 13 %"), ("deaths_per_million", "at_most", 0.2144, "at most 0.215"),
     ("deaths_per_million", "at_most", 0.2, "at most 0.2 per")],
)  # fmt: skip
def test_a_promise_is_rounded_to_the_side_on_which_it_holds(
    measure: str, comparison: str, value: float, told: str
) -> None:
    row = {"metric": measure, "comparison": comparison, "promise_share": value, "needed": 0.5, "low": 0.0,
           "replications": 60, "required": 0.9, "confidence": 0.95}  # fmt: skip
    assert promise_text(row).en.startswith(told)


def test_of_a_most_the_promise_is_the_worst_and_of_a_time_an_hour() -> None:
    assert promise_of(DEATHS, reached([float(n) for n in range(60)])).share == 59
    promise = promise_of(LAST, reached([float(n) for n in range(60)]))
    assert math.isnan(promise.share)
    assert promise.limit_h == 59


# ---- as it is told


def row_of(one: Clause, told: Reached, where: list[tuple[str, float]] | None = None) -> dict[str, object]:
    line = Line(PLAN, one, "obligation")
    key = clause_key(line)
    return verdict_rows(flooded_row(), [line], {key: told}, {}, where={key: where or []})[0]


def test_a_share_of_people() -> None:
    one = clause(threshold=1.0)
    row = row_of(one, reached([0.62] * 60, 178_000, [31.2] * 60), [("a", 3.0), ("b", 2.0), ("c", 1.0), ("d", 0.5)])
    assert value_text(row) == ("62 % of 178,000 people within 8 h", "8小时内178,000人中62%")
    assert band_text(row) == ("62 % to 62 %", "62%至62%")
    assert needed_text(row) == ("needed 100 %", "要求100%")
    assert short_text(row, NAMES).en == "67,640 people short in 4 places: Ash, Birch, Cedar ..."
    assert short_text(row, NAMES).zh == "缺67,640人，分布在4处：白蜡村、桦树村、雪松村等"
    assert chance_text(row).en.startswith("holds in 0 % (0 % to ")
    assert promise_text(row) == (
        "62 % within 8 h, or 100 % within 32 h would hold",
        "可兑现：8小时内62%，或32小时内100%",
    )


def test_a_share_that_is_nearly_kept_is_not_told_as_kept() -> None:
    row = row_of(clause(threshold=1.0), reached([0.99996] * 5, 1e6))
    assert value_text(row).en.startswith("99.9 % of ")
    assert short_text(row).en == "40 people short"


def test_no_limit_would_do() -> None:
    row = row_of(clause(threshold=1.0), reached([0.4] * 60, 100, [INF] * 60))
    assert promise_text(row).en == "40 % within 8 h would hold; no time limit would do for 100 %"


def test_too_few_replications_are_said_to_be_too_few() -> None:
    row = row_of(clause(threshold=1.0), reached([0.4] * 8, 100, [INF] * 8))
    assert promise_text(row).en == "known from 51 replications on (so far 8)"


def test_a_most_is_exceeded_and_hours_are_late() -> None:
    row = row_of(DEATHS, reached([3.0] * 5, 1e6), [("a", 3.0)])
    assert value_text(row) == ("3 per million", "每百万人3")
    assert needed_text(row).en == "needed below 1 per million"
    assert short_text(row, NAMES).en == "2 people over in 1 place: Ash"
    row = row_of(LAST, reached([31.0] * 5, 80), [("b", 20.0)])
    assert (value_text(row).en, needed_text(row).en) == ("31 h", "needed at most 12 h")
    assert short_text(row, NAMES).en == "19 h over, 20 people too late in 1 place: Birch"


def test_villages_are_their_own_places() -> None:
    one = clause(measure="share_warned_in_steps", settings={}, threshold=1.0)
    row = row_of(one, reached([0.5] * 5, 4), [("a", 1.0), ("b", 1.0)])
    assert value_text(row).en == "50 % of 4 villages"
    assert short_text(row, NAMES) == ("2 villages short: Ash, Birch", "缺2个村庄：白蜡村、桦树村")


def test_what_is_answered_on_paper_has_a_value_and_no_chance() -> None:
    one = clause(measure="share_reached_by_air", settings={"limit_h": 1.0}, threshold=1.0)
    row = row_of(one, reached([]))
    assert value_text(row).en == "0 % of 1 village within 1 h" or row["value"] == row["estimate"]
    assert row["needed"] == 1.0
    assert (chance_text(row).en, promise_text(row).en, band_text(row).en) == ("", "", "")
    assert not [line for line in duty_lines(row, NAMES) if "promised" in line]


def test_rows_of_older_results_say_nothing_rather_than_something_wrong() -> None:
    old = {"plan": "p", "clause": "A1", "metric": "share_relieved", "limit": 12.0, "unit": "h", "estimate": 0.5,
           "low": 0.2, "high": 0.8, "replications": 9, "required": 0.9, "confidence": 0.95}  # fmt: skip
    assert (value_text(old).en, needed_text(old).en, short_text(old).en, promise_text(old).en) == ("",) * 4
    assert chance_text(old).en == "holds in 50 % (20 % to 80 %)"


def test_a_folder_of_before_is_read_with_values_from_its_clauses(tmp_path: Path) -> None:
    """Without the table of shortfalls and the new columns: value and band are there, what is short is not known."""
    stored = run(flooded_row(length=2, hours=14.0), [PLAIN], 3, out=tmp_path / "run", events="none")
    told, short = stored.verdicts, stored.shortfalls
    for name in ("manifest.json", "manifest.copy.json"):
        manifest = json.loads((tmp_path / "run" / name).read_text(encoding="utf-8"))
        for key in ("files", "seal"):
            manifest.pop(key, None)
        (tmp_path / "run" / name).write_text(json.dumps(manifest | {"results_format": 1}), encoding="utf-8")
    (tmp_path / "run" / "shortfalls.parquet").unlink()
    columns = [name for name in told.columns if name not in (*DISTANCE_COLUMNS, "untested")]
    told[columns].to_csv(tmp_path / "run" / "verdicts.csv", index=False, encoding="utf-8-sig")
    old = read_results(tmp_path / "run")
    both = [frame.set_index("clause")[["value", "value_low", "value_high"]] for frame in (told, old.verdicts)]
    pd.testing.assert_frame_equal(*both)
    assert not len(old.shortfalls)
    assert list(old.shortfalls.columns) == list(short.columns)
    row = old.verdicts.to_dict("records")[0]
    assert value_text(row).en
    assert short_text(row) == ("", "")
    assert set(told.columns) == set(old.verdicts.columns), "who shows it meets every column"
    assert not row["untested"]


def test_units_townships_and_levels_have_names_in_both_languages() -> None:
    things = pd.DataFrame({
        "id": ["matou-office", "coaches-1", "coaches-2", "bare"],
        "name": ["Matou town office", "Coaches", "Coaches", ""],
        "name_zh": ["码头镇政府", "客运车队", "客运车队", ""], "township": ["码头镇", "", "", ""],
    })  # fmt: skip
    names = place_names(things)
    assert names["码头镇"] == ("Matou", "码头镇")
    assert names["coaches"] == names["coaches-2"] == ("Coaches", "客运车队")
    assert names["province"] == ("province", "省")
    assert names["bare"] == ("bare", "bare")
    assert place_names(things.drop(columns="township"))["matou-office"] == ("Matou town office", "码头镇政府")
