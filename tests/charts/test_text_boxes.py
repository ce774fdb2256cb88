"""No chart cuts a text off or lays one over another: plain and long words, few rows and many, in both languages."""

from __future__ import annotations

from copy import deepcopy
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure

from simrescue.charts import charts_of
from simrescue.charts.experiment.mending import mending_chart
from simrescue.charts.experiment.sweep_data import watched
from simrescue.charts.experiment.sweep_factors import distributions, index_chart, tornado_chart
from simrescue.charts.experiment.sweep_heat import heat
from simrescue.charts.experiment.sweep_lines import costs, lines
from simrescue.charts.experiment.validation import validation_chart
from simrescue.charts.shared.heading import heading, titled
from simrescue.charts.shared.map_frame import frame_axes
from simrescue.charts.shared.map_names import write_names
from simrescue.charts.shared.style import figure, look
from simrescue.charts.shared.summaries import band
from simrescue.experiment.analysis.statistics import judge
from simrescue.experiment.design.sampling import rows
from simrescue.experiment.replications.runner import clause_lines
from simrescue.experiment.store.run_writer import Results, RunWriter
from simrescue.experiment.store.sweep_results import SweepResults
from simrescue.experiment.studies.changes import Change
from simrescue.experiment.studies.comparison_with_record import Compared
from simrescue.experiment.studies.mending.mend import FrontierPoint, Mending
from simrescue.scenario.load import load
from simrescue.wording import Language, Words
from tests.charts import factory, fire_factory
from tests.charts.boxes import boxes, faults
from tests.charts.test_sweep_charts import grid as small_sweep
from tests.experiment.judged import judged
from tests.experiment.sweeps import CLAUSE, experiment, sweep

LONG = "of the administrative district on the left bank of the river below the old brick kiln "
LONG_ZH = "河道左岸老砖窑下游联合行政管理片区（含新迁入安置小区和两处临时板房）"
SCENARIOS = sorted(path.parent for path in (Path(__file__).parents[2] / "scenarios").glob("*/scenario.yaml"))


def lengthened(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Verdict rows whose words are three lines long."""
    return [
        {
            name: value + 2 * (LONG_ZH if name.endswith("_zh") else LONG)
            if value and name in ("title", "title_zh", "reason", "reason_zh")
            else value
            for name, value in row.items()
        }
        for row in rows
    ]


def stored(folder: Path, of: Any, length: str) -> Results:
    """A made-up run: `plain`; `long`: each name, title and reason is long; `bare`: it has no verdicts."""
    manifest, things, verdicts = of.manifest(4), of.things(), of.verdicts()
    if length == "long":
        settings = manifest["scenario"]["settings"]
        settings |= {"title": 3 * LONG, "title_zh": 3 * LONG_ZH, "attribution": (LONG_ZH + LONG) * 3}
        manifest["scenario"]["variant"] = "boats-everywhere-and-orders-one-hour-earlier"
        things["name"] = [f"{name} {LONG}" for name in things["name"]]
        things["name_zh"] = [f"{name}{LONG_ZH}" for name in things["name_zh"]]
        things["township"] = [f"{number % 7}{LONG_ZH}" for number in range(len(things["name"]))]
        verdicts = lengthened(verdicts)
    with RunWriter(folder, manifest, things, of.roads()) as writer:
        for number in writer.missing:
            writer.add(of.result(number))
        return writer.finish([] if length == "bare" else verdicts, [])


def drawn(results: Results, lang: Language) -> dict[str, Figure]:
    made = {}
    for chart in charts_of(results):
        with look():
            made[chart.name] = chart.draw(results, lang)
            heading(made[chart.name], results, chart, lang)
    return made


@pytest.mark.parametrize("length", ["plain", "long", "bare"])
@pytest.mark.parametrize("of", [factory, fire_factory], ids=["flood", "fire"])
def test_texts_of_a_run(of: Any, length: str, tmp_path: Path) -> None:
    results = stored(tmp_path / "run", of, length)
    wrong = {
        (name, lang): bad
        for lang in ("en", "zh")
        for name, made in drawn(results, lang).items()
        if (bad := faults(made))
    }
    assert not wrong


@pytest.mark.parametrize("limits", [(1.0,), (0.99,), (1.28,), (0.95, 1.0), (0.5, 0.52, 0.54, 1.0)])
def test_names_of_limits_meet_neither_the_strip_of_danger_nor_one_another(
    limits: tuple[float, ...], tmp_path: Path
) -> None:
    """Limits as parts of the largest area: the worst ones lie right under the strip, or close together."""
    results = stored(tmp_path / "run", fire_factory, "plain")
    results.manifest["scenario"]["danger"] = [{"begin_h": float(at), "grade": 3} for at in range(0, 48, 6)]
    highest = float(band(results, "burned_ha").high.max())
    [row] = fire_factory.verdicts()
    vars(results)["verdicts"] = pd.DataFrame([row | {"limit": part * highest} for part in limits])
    for lang in ("en", "zh"):
        made = drawn(results, lang)["fire_size"]
        assert (lang, faults(made)) == (lang, [])
        assert sum("(comparison)" in text or "（对照）" in text for text, _ in boxes(made)) == len(limits)


def long_sweep(factors: dict[str, Any], length: str) -> SweepResults:
    """A made-up sweep over a clause whose value is known; `long`: each factor and named value has a long name."""
    for name, factor in factors.items():
        if length == "long":
            factor |= {"label": f"{name} {LONG}", "label_zh": f"{LONG_ZH}{name}"}
    results = small_sweep(**factors)
    [clause] = results.manifest["experiment"]["clauses"]
    clause |= {"metric": "share_relieved", "threshold": 0.95, "comparison": "at_least", "limit": 10.0, "unit": "h"}
    vars(results)["clauses"]["value"] = np.linspace(0.3, 1.0, len(results.clauses))
    return results


NUMBERS = {"path": "boats.*.count", "values": [2, 4, 6]}
TIMES = {"path": "warning.order_delay", "values": [20, 60, 90, 120], "unit": "min"}
HELP = {"path": "helicopters.*.count", "values": [0, 2, 8]}


@pytest.mark.parametrize("length", ["plain", "long"])
def test_texts_of_an_experiment(length: str) -> None:
    """One factor, two, three: lines, map and costs."""
    wrong = {}
    for factors in ({"boats": NUMBERS}, {"boats": NUMBERS, "delay": TIMES}, {"a": NUMBERS, "b": TIMES, "c": HELP}):
        results = long_sweep(deepcopy(factors), length)
        for draw in (lines, heat, costs):
            for lang in ("en", "zh"):
                with look():
                    if made := draw(results, watched(results)[0], lang):
                        titled(made, LONG if length == "long" else "Clause", f"{LONG_ZH}\n{LONG}")
                if made and (bad := faults(made)):
                    wrong[tuple(factors), draw.__name__, lang] = bad
    assert not wrong


def one_at_a_time(length: str) -> SweepResults:
    """A made-up sweep of single factors: numbers, and named levels; one is more powerful than all others."""
    more = {"label": LONG, "label_zh": LONG_ZH} if length == "long" else {}
    level = {"set": {"boats.*.count": 9}, **more}
    factors = {"boats": {**NUMBERS, "base": 4, **more}, "delay": {**TIMES, "base": 20, **more},
               "style": {"levels": {"usual": {"set": {}}, "bold": level}, "base": "usual", **more}}  # fmt: skip
    made = experiment(factors, {"kind": "one-at-a-time"})
    points = 1 + 2 + 3 + 1
    waits = np.random.default_rng(3).normal(1e6, 5e4, (points, 20)) + 1e6 * np.arange(points)[:, None]
    return sweep(made, {"late_person_h": waits}, holds=waits < 3e6)


@pytest.mark.parametrize("length", ["plain", "long"])
def test_texts_of_what_an_answer_hangs_on(length: str) -> None:
    results = one_at_a_time(length)
    for what in ("late_person_h", CLAUSE):
        for draw in (tornado_chart, distributions):
            for lang in ("en", "zh"):
                if draw is distributions and what == CLAUSE:
                    continue
                with look():
                    made = draw(results, what, lang)
                    assert made
                    titled(made, "What the answer hangs on", f"{LONG_ZH}\n{LONG}")
                assert (draw.__name__, what, lang, faults(made)) == (draw.__name__, what, lang, [])


@pytest.mark.parametrize("kind", ["morris", "saltelli"])
@pytest.mark.parametrize("length", ["plain", "long"])
def test_texts_of_indices(kind: str, length: str) -> None:
    pytest.importorskip("SALib")
    more = {"label": LONG, "label_zh": LONG_ZH} if length == "long" else {}
    unit = {"role": "uncertainty", "path": "hazard.uncertainty.level", "range": {"low": 0, "high": 1}, **more}
    size = {"trajectories": 4} if kind == "morris" else {"points": 8}
    made = experiment(dict.fromkeys(("a", "b", "c"), unit), {"kind": kind, **size})
    results = sweep(made, {"late_person_h": np.random.default_rng(5).normal(1e6, 3e5, (len(rows(made)), 3))})
    for lang in ("en", "zh"):
        with look():
            drawn_indices = index_chart(results, "late_person_h", lang)
            assert drawn_indices
            titled(drawn_indices, "What the answer hangs on", f"{LONG_ZH}\n{LONG}")
        assert (lang, faults(drawn_indices)) == (lang, [])


@pytest.mark.parametrize("length", ["plain", "long"])
def test_texts_of_figures_beside_their_record(length: str) -> None:
    words = {"what": "People moved", "what_zh": "转移人数"}
    if length == "long":
        words = {"what": 2 * LONG, "what_zh": 2 * LONG_ZH}
    numbers = {"recorded": 100.0, "recorded_low": 100.0, "doubt": "", "low": 20.0, "p10": 40.0, "median": 90.0,
               "p90": 220.0, "high": 900.0}  # fmt: skip
    recorded = [words | numbers | {"recorded_high": high} for high in (100.0, np.inf, 120.0)]
    second = Compared("zhuozhou-2023", recorded[0], "persons")
    title = Words(2 * LONG, 2 * LONG_ZH) if length == "long" else Words("A flood", "洪水")
    shown = [Compared(name, row, "persons", drawn=second, title=title) for name in ("a", "b") for row in recorded]
    for lang in ("en", "zh"):
        made = validation_chart(shown, lang)
        assert made
        assert faults(made) == []


@pytest.mark.parametrize("length", ["plain", "long"])
def test_texts_of_packages(length: str, tmp_path: Path) -> None:
    line = clause_lines(load(judged(tmp_path)))[0]
    more, more_zh = (LONG, LONG_ZH) if length == "long" else ("boats", "舟艇")
    changes = tuple(
        Change(f"c{number}", f"{number} more {more}", f"增加{number}{more_zh}", {f"boats.b{number}.count": 2}, 8e4)
        for number in range(5)
    )
    costs_yuan = (8e4, 8.1e4, 8.2e4, 2e5, 3e6, 3.1e6, 3.15e6, 3e7, 3.02e7, 4e7)
    shorts = (210, 209, 208, 120, 60, 59, 20, 19.5, 3, 0)
    spots = [FrontierPoint(changes[: 1 + at % 5], cost, short)
             for at, (cost, short) in enumerate(zip(costs_yuan, shorts, strict=True))]  # fmt: skip
    frontier = (FrontierPoint((), 0.0, 211.0), *spots, FrontierPoint(changes[:1], 4e7, 211.0))
    found = Mending(line, judge([False] * 20, 0.6, 0.8), 211.0, "persons", 66, frontier=frontier)
    for lang in ("en", "zh"):
        made = mending_chart(found, lang)
        assert made
        assert faults(made) == []


@pytest.mark.parametrize("folder", SCENARIOS, ids=lambda folder: folder.name)
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_names_of_places_meet_no_other_text(folder: Path, lang: Language) -> None:
    """And who has no name on the map is counted."""
    columns = ("lon", "lat", "name", "name_zh", "township", "population")
    villages = load(folder).villages
    table = pd.DataFrame({name: [getattr(village, name) for village in villages] for name in columns})
    table = table.assign(area=40.0, affected=table["population"])
    with look():
        made = figure(9, 8, arranged=False)
        axes = made.add_axes((0.02, 0.02, 0.96, 0.9))
        frame = frame_axes(axes, table)
        left_out = write_names(axes, table.assign(township=""), frame, lang)
    assert faults(made) == []
    named = len(axes.texts) - len(("scale", "arrow to the north"))
    assert left_out == len(table) - named < len(table)


def test_a_cut_text_and_one_over_another_are_seen() -> None:
    with look():
        made = figure(4, 3)
        made.text(0.5, 0.5, "one")
        made.text(0.52, 0.5, "two")
        made.text(0.9, 0.1, "far beyond the edge")
        made.text(0.1, 0.1, "not visible " * 9, visible=False)
    assert faults(made) == ["cut off: 'far beyond the edge'", "laid over: 'one' and 'two'"]


@pytest.mark.parametrize("arranged", [True, False])
def test_a_long_heading_takes_room_and_moves_nothing(arranged: bool) -> None:
    with look():
        made = figure(5, 4, arranged=arranged)
        axes = made.subplots() if arranged else made.add_axes((0.2, 0.2, 0.7, 0.55))
        axes.set(xlabel="hours", title="shares")
        if not arranged:
            made.text(0.5, 0.01, "foot")
        titled(made, 3 * LONG, 4 * LONG_ZH)
    assert made.get_figheight() > 4
    assert len(boxes(made)) > 4
    assert faults(made) == []
