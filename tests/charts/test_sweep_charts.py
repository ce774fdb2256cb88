"""Charts of experiments: which there are for which design, that they hold what they should, in both languages."""

from __future__ import annotations

import math
import re
from pathlib import Path

import numpy as np
import pytest

from simrescue.charts.experiment.answer_words import axis_words, metric_words, names_its_unit
from simrescue.charts.experiment.mending import draw_mending
from simrescue.charts.experiment.sweep_data import axis_name, value_name, watched
from simrescue.charts.experiment.sweep_factors import distributions, index_chart, tornado_chart
from simrescue.charts.experiment.sweep_heat import heat
from simrescue.charts.experiment.sweep_lines import costs, lines
from simrescue.charts.experiment.sweeps import draw_sweep
from simrescue.charts.shared.style import look
from simrescue.experiment.analysis.statistics import judge
from simrescue.experiment.design.experiment_file import read_experiment
from simrescue.experiment.design.sampling import rows
from simrescue.experiment.replications.runner import clause_lines
from simrescue.experiment.studies.changes import Change
from simrescue.experiment.studies.mending.mend import FrontierPoint, Mending
from simrescue.scenario.load import load
from tests.experiment.judged import judged
from tests.experiment.sweeps import CLAUSE, experiment, sweep

EXPERIMENTS = [
    path
    for path in sorted((Path(__file__).parents[2] / "experiments").glob("*.yaml"))
    if "\nfactors:" in path.read_text("utf-8")
]
BOATS = {"label": "Boats", "label_zh": "舟艇", "path": "boats.*.count", "values": [2, 4, 6], "cost": {"yuan": 80000}}
DELAY = {
    "label": "Order delay",
    "label_zh": "转移令延迟",
    "unit": "min",
    "path": "warning.order_delay",
    "values": [20, 60],
}
UNSURE = {"path": "hazard.uncertainty.level", "role": "uncertainty", "range": {"low": 0, "high": 1}}


def grid(**factors: dict):
    made = experiment(factors or {"boats": BOATS, "delay": DELAY}, {"kind": "grid"}, title="Boats $5", title_zh="舟艇")
    points = math.prod(len(factor["values"]) for factor in (factors or {"a": BOATS, "b": DELAY}).values())
    chance = np.linspace(0.3, 1.0, points)[:, None]
    held = np.random.default_rng(1).random((points, 60)) < chance
    waits = np.random.default_rng(2).gamma(2, 50, (points, 60))
    waits[:, 0] = math.inf
    prices = [80000.0 * (i // 2) for i in range(points)]
    return sweep(made, {"late_person_h": waits}, holds=held, columns={"cost": prices})


def texts(figure) -> str:
    from matplotlib.text import Text

    return "\n".join(text.get_text() for text in figure.findobj(Text))


@pytest.mark.parametrize(("lang", "word"), [("en", "required 90 %"), ("zh", "要求90%")])
def test_lines_stand_beside_what_is_required(lang, word) -> None:
    results = grid()
    with look():
        drawn = lines(results, watched(results)[0], lang)
    assert word in texts(drawn)
    assert len(drawn.axes) == 1
    assert {len(line.get_xdata()) for line in drawn.axes[0].lines if line.get_label()[0] != "_"} == {3}


def test_maps_mark_what_is_decided() -> None:
    results = grid()
    with look():
        drawn = heat(results, watched(results)[0], "en")
    text = texts(drawn)
    verdicts = results.verdicts["verdict"]
    for word, mark in (("met", "✓"), ("not met", "✕"), ("undecided", "? ")):
        assert (
            sum(line.startswith(mark) and line[-1].isdigit() for line in text.split("\n")) == (verdicts == word).sum()
        )
    hatched = [patch for patch in drawn.axes[0].patches if patch.get_hatch()]
    assert len(hatched) == (verdicts == "undecided").sum() > 0


def test_the_efficient_edge_never_falls() -> None:
    results = grid()
    with look():
        drawn = costs(results, watched(results)[0], "en")
    edge = next(line for line in drawn.axes[0].lines if "cheaper" in line.get_label())
    assert list(edge.get_ydata()) == sorted(edge.get_ydata())
    assert list(edge.get_xdata()) == sorted(edge.get_xdata())
    one = grid(delay=DELAY)
    vars(one)["design"]["cost"] = 0.0
    assert costs(one, watched(one)[0], "en") is None


def test_distributions_say_how_often_never() -> None:
    with look():
        drawn = distributions(grid(), "late_person_h", "zh")
    assert "（2%从未）" in texts(drawn)
    assert len(drawn.axes[0].lines) == 6


def test_a_tornado_has_a_bar_for_each_value() -> None:
    made = experiment({"boats": {**BOATS, "base": 4}, "delay": {**DELAY, "base": 20}}, {"kind": "one-at-a-time"})
    waits = np.random.default_rng(3).normal(100, 5, 20) + np.array([[0], [8], [-6], [1]])
    results = sweep(made, {"late_person_h": waits}, holds=waits < 104)
    with look():
        drawn = tornado_chart(results, "late_person_h", "en")
        shares = tornado_chart(results, CLAUSE, "zh")
    assert len(drawn.axes[0].patches) == len(shares.axes[0].patches) == 3
    assert {"60 min", "2", "6"} <= set(texts(drawn).split("\n"))
    assert [label.get_text() for label in drawn.axes[0].get_yticklabels()] == ["Boats", "Order delay, min"]
    for axes in (drawn.axes[0], shares.axes[0]):
        low, high = axes.get_xlim()
        ends = np.concatenate([segment[:, 0] for whole in axes.collections for segment in whole.get_segments()])
        assert low <= ends.min() < ends.max() <= high, "an interval that is cut would be read as a narrow one"


def test_indices_with_their_noise() -> None:
    pytest.importorskip("SALib")
    made = experiment({"a": UNSURE, "b": UNSURE}, {"kind": "saltelli", "points": 16})
    place = np.array([row.places["a"] for row in rows(made)])
    results = sweep(made, {"y": place[:, None] + np.random.default_rng(4).normal(0, 0.1, (len(place), 3))})
    with look():
        drawn = index_chart(results, "y", "en")
    assert "of the variance is chance" in texts(drawn)
    assert len(drawn.axes[0].patches) == 4


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_sweep_is_drawn_whole_and_the_same_twice(lang, tmp_path: Path) -> None:
    first = draw_sweep(grid(), lang, tmp_path / "a")
    again = draw_sweep(grid(), lang, tmp_path / "b")
    ending = "" if lang == "en" else "-zh"
    names = {path.stem for path in first}
    assert names == {f"{name}{ending}" for name in ("lines-A1", "heat-A1", "costs-A1", "spread-late_person_h")}
    assert [path.read_bytes() for path in first] == [path.read_bytes() for path in again]


def test_one_factor_has_no_map(tmp_path: Path) -> None:
    names = {path.stem for path in draw_sweep(grid(boats=BOATS), "en", tmp_path)}
    assert "lines-A1" in names
    assert "heat-A1" not in names


@pytest.mark.parametrize("unit", ["share", "persons", "h", "ha", "yuan", "per million", "teams", ""])
def test_what_packages_leave_short_is_drawn_over_their_cost(tmp_path: Path, unit: str) -> None:
    line = clause_lines(load(judged(tmp_path)))[0]
    boats = Change("a", "more boats", "增加舟艇", {}, 80000)
    helicopter = Change("b", "a helicopter", "一架直升机", {}, 3e7)
    base = judge([False] * 20, 0.6, 0.8)
    spots = [FrontierPoint((), 0.0, 0.4), FrontierPoint((boats,), 80000, 0.2), FrontierPoint((helicopter,), 3e7, 0.3),
             FrontierPoint((helicopter, boats), 3.008e7, 0.0)]  # fmt: skip
    found = Mending(line, base, 0.4, unit, 2, frontier=tuple(spots))
    assert [spot.cost for spot in found.edge] == [0.0, 80000, 3.008e7]
    paths = draw_mending([found], "zh", tmp_path / "charts")
    assert [path.name for path in paths] == ["mend-S1-zh.png", "mend-S1-zh.svg"]
    assert draw_mending([Mending(line, base, 0.4, unit, 2)], "en", tmp_path / "charts") == []


@pytest.mark.parametrize(
    ("factor", "english", "chinese"),
    [
        ({"unit": "min", "label_zh": "提前"}, ("x, min", "40 min"), ("提前（分钟）", "40分钟")),
        ({"unit": "boats", "unit_zh": "艘", "label_zh": "舟艇"}, ("x, boats", "40 boats"), ("舟艇（艘）", "40艘")),
        ({"unit": "%", "label_zh": "拒绝"}, ("x, %", "40 %"), ("拒绝（%）", "40 %")),
        ({"label_zh": "数"}, ("x", "40"), ("数", "40")),
        (
            {"unit": "boats", "unit_zh": "艘", "label": "Boats of the town", "label_zh": "镇舟艇"},
            ("Boats of the town", "40 boats"),
            ("镇舟艇（艘）", "40艘"),
        ),
    ],
)
def test_units_are_told_in_the_language_of_the_chart(
    factor: dict[str, str], english: tuple[str, str], chinese: tuple[str, str]
) -> None:
    results = grid(x={**DELAY, "label": "x", "label_zh": "", "unit": "", **factor})
    for lang, told in (("en", english), ("zh", chinese)):
        assert (axis_name(results, "x", lang), value_name(results, "x", 40.0, lang)) == told


def test_a_sentence_counts_once_what_a_label_counts_already() -> None:
    made = experiment(
        {"x": {**BOATS, "label": "Boats of the town", "unit": "boats", "unit_zh": "艘"}}, {"kind": "grid"}
    )
    assert axis_words(made, "x", 4.0, "en") == "Boats of the town 4"
    assert axis_words(made, "x", 4.0, "zh") == "舟艇4艘"
    assert names_its_unit("Hours until the water comes", "h")
    assert not names_its_unit("Call-out earlier by", "min")
    assert not names_its_unit("Stock", "")


def test_metrics_have_words_with_their_unit() -> None:
    assert metric_words("share_relieved_12h") == ("Share relieved within 12 h", "12小时内得到救助的比例")
    assert metric_words("largest_fire_ha") == ("Area of the largest fire, ha", "最大一场火过火面积（公顷）")
    assert metric_words("fire_out_h").en == "Hours to put out the slowest fire"
    assert metric_words("response_boat_p95_need_h").zh == "舟艇：自需要至首批到达用时（小时，95%分位）"
    assert metric_words("lead_call_out_p50_h").en == "Call-out: hours before the hazard came (median village)"
    assert metric_words("nothing_known") == ("nothing_known", "nothing_known")


@pytest.mark.slow
@pytest.mark.parametrize("file", EXPERIMENTS, ids=lambda file: file.stem)
def test_a_chinese_chart_of_a_kept_experiment_has_no_english_words(file: Path) -> None:
    designed = read_experiment(file)
    results = sweep(designed.experiment, {})
    told = [axis_name(results, name, "zh") for name in designed.experiment.factors]
    told += [value_name(results, name, value, "zh") for name in (*designed.experiment.factors, "variant")
             for value in set(designed.columns[name])]  # fmt: skip
    assert not [text for text in told if re.search("[A-Za-z]{2}", text)]
