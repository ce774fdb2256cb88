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
from simrescue.charts.experiment.sweep_data import watched
from simrescue.charts.experiment.sweep_heat import heat
from simrescue.charts.experiment.sweep_lines import costs, lines
from simrescue.charts.shared.heading import heading, titled
from simrescue.charts.shared.map_frame import frame_axes
from simrescue.charts.shared.map_names import write_names
from simrescue.charts.shared.style import figure, look
from simrescue.experiment.store.run_writer import Results, RunWriter
from simrescue.experiment.store.sweep_results import SweepResults
from simrescue.scenario.load import load
from simrescue.wording import Language
from tests.charts import factory, fire_factory
from tests.charts.boxes import boxes, faults
from tests.charts.test_sweep_charts import grid as small_sweep

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
