"""Validation: what counts as inside, what the score is, and the command from a folder to its files."""

from __future__ import annotations

import csv
import json
import math
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from simrescue import load
from simrescue.cli import main
from simrescue.errors import ScenarioError
from simrescue.experiment.design.unverified import unverified
from simrescue.experiment.store.stored_results import read_results
from simrescue.experiment.studies.comparison_with_record import (
    VALIDATION_COLUMNS,
    Compared,
    refuse_without_record,
    rows,
    score,
    score_drawn,
)
from simrescue.experiment.studies.input_doubt import INPUT_COLUMNS
from simrescue.experiment.studies.unsure import Drawn, moving_rows, run_drawn
from simrescue.metrics.reading import quantile
from simrescue.report.pages import run_page

HOME = Path(__file__).parents[2] / "scenarios" / "tiny-flood"
FIGURES = st.floats(0, 100)


def compared(low: float, high: float, p10: float, p90: float, *, unit: str = "persons", doubt: str = "") -> Compared:
    row: dict[str, Any] = {
        "what": "a figure", "what_zh": "", "metric": "rescued", "place": "", "at_h": math.nan, "recorded": low,
        "recorded_low": low, "recorded_high": high, "over": "replications", "p10": p10, "median": (p10 + p90) / 2,
        "p90": p90, "unit": unit, "doubt": doubt, "source": "paper",
    }  # fmt: skip
    return Compared("toy", row, unit)


@pytest.mark.parametrize(("record", "band", "inside", "off"), [
    ((10, 10), (5, 20), True, 0), ((10, 10), (11, 20), False, -1), ((10, 10), (2, 7), False, 3),
    ((10, 12), (11.5, 20), True, 0), ((300, math.inf), (100, 299), False, 1), ((300, math.inf), (100, 9999), True, 0),
    ((-math.inf, 5), (6, 9), False, -1), ((-math.inf, 5), (0, 9), True, 0),
    ((10, 10), (math.inf, math.inf), False, -math.inf),
])  # fmt: skip
def test_inside_is_where_the_band_meets_the_record(
    record: tuple[float, float], band: tuple[float, float], inside: bool, off: float
) -> None:
    one = compared(*record, *band)
    assert (one.is_inside, one.off) == (inside, off)


def test_the_score_leaves_out_what_is_doubtful_or_not_simulated() -> None:
    figures = [
        compared(10, 10, 5, 20), compared(10, 10, 20, 40), compared(10, 10, 5, 20, doubt="copied"),
        compared(10, 10, math.nan, math.nan), compared(10, 10, 9, 11, unit="moment"),
    ]  # fmt: skip
    found = score(figures)
    assert (found.figures, found.inside, found.doubtful, found.untested) == (3, 2, 1, 1)
    assert found.coverage == pytest.approx(2 / 3)
    assert found.width == 2  # 4 and 2: the lower median; a moment has none


def test_no_figure_has_no_coverage() -> None:
    assert math.isnan(score([]).coverage)
    assert math.isnan(score([]).width)


@given(FIGURES, FIGURES, FIGURES, FIGURES, st.floats(0, 50))
def test_more_doubt_of_the_record_never_puts_it_outside(a: float, b: float, c: float, d: float, more: float) -> None:
    (low, high), (p10, p90) = sorted((a, b)), sorted((c, d))
    narrow, wide = compared(low, high, p10, p90), compared(low - more, high + more, p10, p90)
    assert wide.is_inside >= narrow.is_inside
    assert abs(wide.off) <= abs(narrow.off)


@given(FIGURES, FIGURES, FIGURES, FIGURES)
def test_off_is_nothing_just_where_it_is_inside(a: float, b: float, c: float, d: float) -> None:
    (low, high), (p10, p90) = sorted((a, b)), sorted((c, d))
    one = compared(low, high, p10, p90)
    assert one.is_inside == (one.off == 0)


@given(FIGURES, FIGURES)
def test_a_width_is_one_or_more(a: float, b: float) -> None:
    p10, p90 = sorted((a, b))
    assert compared(1, 1, p10, p90).width >= 1


HISTORY = """
history:
  - {what: out by noon, what_zh: 中午前转出, metric: evacuated_by, at: 12 h, value: 100000, source: paper}
  - {what: rescued at least, what_zh: 至少救出, metric: rescued, value: 1, bound: at least, source: paper}
  - {what: dead, what_zh: 死亡, metric: deaths, value: 100000, source: paper, doubt: one copied figure}
  - {what: water comes, what_zh: 来水, metric: water_arrives, moment: 1 h, source: paper}
  - {what: food for one, what_zh: 一人得到食物, metric: food_h, value: 0.01, source: paper}
  - what: boats there
    what_zh: 到场舟艇
    metric: boats_deployed_by
    series: [{at: 10 h, value: 900}, {at: 40 h, value: 0}]
    source: paper
"""


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("recorded") / "tiny-flood"
    shutil.copytree(HOME, folder)
    with (folder / "scenario.yaml").open("a", encoding="utf-8") as file:
        file.write(HISTORY)
    return folder


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_command_tells_each_miss_and_the_score(lang: str, recorded: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(recorded.parent)
    out = recorded.parent / f"out-{lang}"
    words = ["--lang", lang, "validate", str(recorded), "-n", "2", "-w", "1", "--out", str(out)]
    result = CliRunner().invoke(main, words)
    assert result.exit_code == 0, result.output
    with (out / "validation.csv").open(encoding="utf-8-sig") as file:
        table = list(csv.DictReader(file))
    assert tuple(table[0]) == VALIDATION_COLUMNS
    assert len(table) == 7
    inside = {row["what"]: row["inside"] for row in table if row["metric"] != "boats_deployed_by"}
    assert inside["out by noon"] == inside["water comes"] == "False"
    assert inside["food for one"] == "True"
    assert {row["what"]: bool(row["reason"]) for row in table}["out by noon"]
    assert ("Too few" if lang == "en" else "偏少") in result.output
    assert ("Too late" if lang == "en" else "晚了") in result.output
    assert ("1 doubtful" if lang == "en" else "存疑1项") in result.output
    assert (out / "validation.png").stat().st_size > 0
    assert (out / "validation-zh.svg").stat().st_size > 0
    in_one_line = " ".join(result.output.split())  # the screen breaks it into lines
    assert ("chance and ignorance" if lang == "en" else "随机与认知不确定性") in in_one_line
    with (out / "inputs.csv").open(encoding="utf-8-sig") as file:
        inputs = {row["number"]: row for row in csv.DictReader(file)}
    assert tuple(inputs["report_h"]) == INPUT_COLUMNS
    drawn = {name for name, row in inputs.items() if "ignorance" in row["doubt"]}
    assert drawn == set(unverified(load(recorded))), "what --unsure draws"
    _the_report_says_the_same(lang, result.output)


def _the_report_says_the_same(lang: str, told: str) -> None:
    [manifest] = Path("results").glob("*/manifest.json")
    results = read_results(manifest.parent)
    [figures] = [sentence for sentence in run_page(results).sure if "80 %" in sentence[0]]
    assert "".join(figures[lang == "zh"].split()) in "".join(told.split())  # the screen breaks it into lines
    rows = {row.what[0]: row.fits[0] for row in run_page(results).recorded}
    assert rows["out by noon"] == "outside"
    assert "doubtful" in rows.values()


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_unverified_numbers_drawn_give_a_second_band(
    lang: str, recorded: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(recorded.parent)
    out = recorded.parent / f"unsure-{lang}"
    words = ["--lang", lang, "validate", str(recorded), "-n", "6", "-w", "1", "--unsure", "--out", str(out)]
    result = CliRunner().invoke(main, words)
    assert result.exit_code == 0, result.output
    with (out / "validation.csv").open(encoding="utf-8-sig") as file:
        table = list(csv.DictReader(file))
    assert all(row["drawn_inside"] in ("True", "False") for row in table)
    same = run_drawn(load(recorded), replications=6)  # what the command drew, by the other route
    values = same.recorded["recorded_0"]
    assert float(table[0]["drawn_p10"]) == quantile(values, 0.1)
    assert float(table[0]["drawn_p90"]) == quantile(values, 0.9)
    assert ("With unverified numbers drawn: " if lang == "en" else "未核实参数随机抽取时：") in result.output


def test_what_moves_a_figure_is_named() -> None:
    factors = dict(list(unverified(load(HOME)).items())[:2])
    numbers = np.random.default_rng(1).random((40, 2))
    drawn = Drawn(factors, numbers, {}, {"recorded_0": numbers[:, 1] * 7})
    (row,) = moving_rows(drawn, drawn.recorded["recorded_0"])
    assert row["number"] == list(factors)[1]
    assert row["correlation"] == pytest.approx(1)


def test_a_second_score_counts_the_second_bands() -> None:
    first, second = compared(10, 10, 11, 12), compared(10, 10, 5, 20)
    figures = [replace(first, drawn=second), replace(compared(1, 1, 1, 1, doubt="copied"), drawn=second)]
    drawn = score_drawn(figures)
    assert drawn is not None
    assert (score(figures).inside, drawn.inside, drawn.width) == (0, 2, 4)
    assert score_drawn([first]) is None


def test_as_json(recorded: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(recorded.parent)
    result = CliRunner().invoke(main, ["validate", str(recorded), "-n", "2", "-w", "1", "--json"])
    content = json.loads(result.stdout)
    assert content["score"]["figures"] == 6
    assert content["score"]["doubtful"] == 1
    assert {row["doubt"] for row in content["inputs"]} >= {"chance", "ignorance"}
    assert {row["metric"] for row in content["figures"]} >= {"evacuated_by", "boats_deployed_by"}


def test_a_scenario_without_a_record_is_refused(tmp_path: Path) -> None:
    result = CliRunner().invoke(main, ["validate", str(HOME), "-n", "2", "--out", str(tmp_path / "out")])
    assert result.exit_code == 2
    assert "history" in result.output
    assert not (tmp_path / "out").exists()
    with pytest.raises(ScenarioError):
        refuse_without_record([load(HOME)])


def test_rows_hold_every_column() -> None:
    assert [tuple(row) for row in rows([compared(1, 1, 0, 2)])] == [VALIDATION_COLUMNS]
