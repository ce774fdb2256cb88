"""The spread of the published curves stands beside every figure of deaths, in both languages."""

from __future__ import annotations

import math
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest

from simrescue.charts.experiment import sweeps
from simrescue.cli.run import side_by_side
from simrescue.events import EventKind as Kind
from simrescue.events import log_from_rows
from simrescue.experiment.analysis.death_curves import (
    COLUMNS,
    beside_record,
    clause_by_curves,
    span_of_deaths,
    spread_of_deaths,
    with_span,
)
from simrescue.experiment.studies import comparison_with_record
from simrescue.experiment.studies.arms import Arm
from simrescue.experiment.studies.comparison import compare, spans_of_deaths
from simrescue.hazards.flood.mortality import CURVE_NAMES
from simrescue.report.replay.page import _words
from simrescue.report.sections import numbers
from simrescue.units import write_share
from simrescue.wording import Words

DEATHS = {"jonkman": [3.0, 6.2, 40.0], "boyd": [0.0, 0.04, 2.0], "lifesim": [9.0, 12.0, 80.0], "screening": [1e3] * 3}
SPAN = Words("by published curves 0.04 to 1,000", "按各已发表曲线为0.04至1,000")


def run(residents: int = 1_000_000, **columns: Any) -> Any:
    """A run of three replications, as far as it is read for deaths."""
    table = {COLUMNS[name]: values for name, values in DEATHS.items()} | {"deaths": [2.0, 7.0, 41.0]} | columns
    settings = {"health": {"mortality": "jonkman"}, "jurisdiction": {"population": residents}, "hazard": {}}
    return SimpleNamespace(replications=pd.DataFrame(table), manifest={"scenario": {"settings": settings}})


def clause(limit: float, metric: str = "deaths_per_million") -> dict[str, Any]:
    return {"metric": metric, "limit": limit}


def test_the_span_is_the_least_and_the_most_at_the_middle_replication() -> None:
    assert span_of_deaths(run().replications) == SPAN
    assert with_span(Words("7", "7"), SPAN) == ("7 (by published curves 0.04 to 1,000)", f"7（{SPAN.zh}）")


def test_the_span_holds_the_deaths_that_the_run_drew() -> None:
    """Deaths are whole persons, drawn around what a curve gives: their middle lies below it as often as above."""
    assert span_of_deaths(run(deaths=[0.0, 0.0, 3.0]).replications).en == "by published curves 0 to 1,000"
    assert span_of_deaths(run(deaths=[1200.0] * 3).replications).en == "by published curves 0.04 to 1,200"


def test_where_nobody_was_in_the_water_nothing_is_told() -> None:
    dry = run(**{column: [0.0] * 3 for column in COLUMNS.values()})
    for told in (span_of_deaths(dry.replications), spread_of_deaths(dry), clause_by_curves(dry, clause(1.0))):
        assert told == ("", "")
    assert span_of_deaths({"deaths": [1.0]}) == ("", ""), "results of an earlier version"
    assert with_span(Words("7", "7"), Words("", "")) == ("7", "7")


def test_the_sentence_names_the_curve_that_is_applied_first() -> None:
    told = spread_of_deaths(run())
    assert told.en.startswith("Deaths are by Jonkman 2008, by zone of the flood (6 to be expected at the median)")
    assert "0.04 to 1,000" in told.en
    assert "Jonkman 2008" in told.zh
    assert "0.04" in told.zh


@pytest.mark.parametrize(
    ("limit", "low", "high"), [(2000.0, 1.0, 1.0), (0.0, 0.0, (1 + math.exp(-0.04) + math.exp(-2)) / 3)]
)
def test_how_often_a_clause_holds_by_the_other_curves(limit: float, low: float, high: float) -> None:
    """As many deaths as expected is no count: "none at all" is kept with the chance exp(-expected)."""
    told = clause_by_curves(run(), clause(limit)).en
    assert told == f"By other published curves of deaths it would hold in {write_share(low)} to {write_share(high)}."
    assert clause_by_curves(run(), clause(limit, "share_relieved")) == ("", "")
    assert clause_by_curves(run(), clause(math.nan)) == ("", "")
    assert clause_by_curves(run(residents=0), clause(limit)) == ("", "")


def test_it_stands_on_the_screen_of_batch() -> None:
    shown = side_by_side._figure(run(), "deaths")
    assert SPAN.en in shown or SPAN.zh in shown
    assert "published" not in side_by_side._figure(run(trapped=[1.0, 2.0, 3.0]), "trapped")


def test_it_stands_in_the_numbers_of_a_report(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(numbers, "hazards", lambda _: [SimpleNamespace(numbers=None)])
    shown = {one.metric: one for one in numbers.key_numbers(run(trapped=[1.0, 2.0, 3.0]))}
    for language in (0, 1):
        assert SPAN[language] in shown["deaths"].middle[language]
        assert SPAN[language] in shown["deaths"].note[language]
        assert SPAN[language] not in shown["trapped"].note[language]


def test_it_stands_below_a_comparison_of_deaths_and_below_no_other() -> None:
    def arm(label: str, more: float) -> Arm:
        columns = {name: dict(enumerate(values)) for name, values in run().replications.items()}
        deaths = {number: value + more for number, value in columns["deaths"].items()}
        return Arm(label, {}, {}, columns | {"deaths": deaths, "trapped": deaths})

    arms = [arm("base", 0.0), arm("more boats", -1.0)]
    told = spans_of_deaths(arms, compare(arms, metrics=("deaths",)))
    assert [one.en for one in told] == [f"Deaths in {side}: {SPAN.en}." for side in ("base", "more boats")]
    assert [one.zh for one in told] == [f"{side}的死亡人数：{SPAN.zh}。" for side in ("base", "more boats")]
    assert spans_of_deaths(arms, compare(arms, metrics=("trapped",))) == []


def test_it_stands_beside_the_dead_of_a_replay() -> None:
    facts: Any = None
    rows = [
        (1.0, Kind.EXPECTED_DEATHS, 0, 0, -1, -1, number, 0, DEATHS[name][1]) for number, name in enumerate(CURVE_NAMES)
    ]
    words = _words(log_from_rows([*rows, (1.0, Kind.DIED, 0, 0, -1, -1, 0, 7.0, 0.0)]), facts)
    assert words["dead"] == (f"deaths (in the end {SPAN.en})", f"死亡（最终{SPAN.zh}）")
    assert _words(log_from_rows([]), facts)["dead"] == ("deaths", "死亡")


def test_it_stands_beside_deaths_on_record() -> None:
    told = comparison_with_record._with_curves(Words("Too few.", "太少。"), run())
    assert told == (f"Too few. {spread_of_deaths(run()).en}", f"太少。{spread_of_deaths(run()).zh}")


@pytest.mark.parametrize(
    ("at_h", "en", "zh"), [(math.nan, SPAN.en, SPAN.zh), (50.0, f"in the end {SPAN.en}", f"最终{SPAN.zh}")]
)
def test_it_stands_beside_the_simulated_figure_of_a_record(at_h: float, en: str, zh: str) -> None:
    row = {"metric": "deaths", "at_h": at_h}
    assert beside_record(Words("7", "7"), row, run()) == (f"7 ({en})", f"7（{zh}）")
    assert beside_record(Words("7", "7"), row | {"metric": "trapped"}, run()) == ("7", "7")


def test_it_stands_in_the_title_of_a_chart_of_deaths(monkeypatch: pytest.MonkeyPatch) -> None:
    watch = SimpleNamespace(watch=SimpleNamespace(metrics=("deaths", "trapped")))
    results: Any = run(trapped=[1.0, 2.0, 3.0])
    monkeypatch.setattr(sweeps, "experiment_of", lambda _: watch)
    monkeypatch.setattr(sweeps, "watched", lambda _: [])
    for kind in ("one-at-a-time", "grid", *sweeps.MAIN):
        monkeypatch.setattr(sweeps, "design_kind", lambda _, kind=kind: kind)
        for lang, text in (("en", SPAN.en), ("zh", SPAN.zh)):
            charts = list(sweeps._charts(results, lang))
            assert charts
            assert all((text in of) == name.endswith("deaths") for name, _, of, _ in charts)
