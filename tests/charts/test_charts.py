"""Every chart in both languages: drawn without a missing glyph, as files that can be opened, the same each time."""

from __future__ import annotations

import re
import warnings
from pathlib import Path
from xml.etree import ElementTree as ET

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib.image import imread

from simrescue.charts import ALWAYS, PEOPLE, draw_all
from simrescue.charts.run.relief_curves import _draw_limits
from simrescue.charts.run.relief_map import MAP
from simrescue.charts.run.verdicts import VERDICTS
from simrescue.charts.shared.chart import Chart
from simrescue.charts.shared.map_frame import KM_PER_DEGREE, frame_around
from simrescue.charts.shared.map_names import with_townships, write_names
from simrescue.charts.shared.map_roads import closed_in, mostly_closed, road_legend
from simrescue.charts.shared.style import drawable, figure, look
from simrescue.charts.shared.summaries import Band, Limit, band, occurring, relief_limits, villages
from simrescue.charts.shared.symbols import CLASSES, relief_class
from simrescue.charts.shared.words import hours, width, wrap
from simrescue.errors import ResultsError
from simrescue.events import NONE, EventKind, log_from_rows
from simrescue.experiment.store.replication_result import ReplicationResult
from simrescue.experiment.store.run_writer import Results, RunWriter, read_results
from simrescue.network.closures import CAUSES, Cause, registered
from simrescue.wording import Language, Words
from tests.charts import factory

NEVER = len(CLASSES) - 1

CHARTS = [chart.name for chart in (*PEOPLE, *ALWAYS)]


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Results:
    return factory.stored(tmp_path_factory.mktemp("results") / "run", 4)


@pytest.fixture(scope="module")
def english(results: Results, tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """The files of all charts in English, drawn once."""
    return draw_all(results, "en", tmp_path_factory.mktemp("english"))


def nobody_affected(number: int) -> ReplicationResult:
    result = factory.result(number)
    places = {name: np.zeros_like(column) for name, column in result.places.items()}
    places |= {"village": result.places["village"], "relief_p95_h": np.full(len(places["village"]), np.nan)}
    hour = result.curves["hour"]
    curves = {"hour": hour, "share_relieved": np.full(len(hour), np.nan), "trapped": 0 * hour, "sheltered": 0 * hour}
    responses = {name: column[:0] for name, column in result.responses.items()}
    return result._replace(places=places, curves=curves, responses=responses)


# Warnings are errors in the tests, so a character that no font has would fail here.
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_all_charts_are_files_that_open(results: Results, english: list[Path], tmp_path: Path, lang: Language) -> None:
    paths = english if lang == "en" else draw_all(results, lang, tmp_path / "charts")
    ending = "" if lang == "en" else "-zh"
    assert {path.name for path in paths} == {f"{name}{ending}.{kind}" for name in CHARTS for kind in ("png", "svg")}
    for path in paths:
        if path.suffix == ".svg":
            assert ET.parse(path).getroot().tag.endswith("svg")
        else:
            picture = imread(path)
            assert min(picture.shape[:2]) > 600
            assert len(np.unique(picture[..., 0])) > 20


def test_same_results_same_bytes(results: Results, english: list[Path], tmp_path: Path) -> None:
    again = draw_all(results, "en", tmp_path)
    assert [path.read_bytes() for path in english] == [path.read_bytes() for path in again]


def test_settings_of_the_user_stay_and_do_not_matter(results: Results, english: list[Path], tmp_path: Path) -> None:
    with mpl.rc_context({"font.family": ["serif"], "figure.facecolor": "black", "lines.linewidth": 9}):
        before = dict(mpl.rcParams)
        mine = draw_all(results, "en", tmp_path / "mine")
        assert dict(mpl.rcParams) == before
    assert [path.read_bytes() for path in english] == [path.read_bytes() for path in mine]


def test_a_run_in_which_nothing_happened(tmp_path: Path) -> None:
    with RunWriter(tmp_path / "run", factory.manifest(2), factory.things(), factory.roads()) as writer:
        for number in writer.missing:
            writer.add(nobody_affected(number))
        quiet = writer.finish([], [])
    assert len(draw_all(quiet)) == 2 * len(CHARTS)


def test_a_dollar_in_a_name_is_no_formula(tmp_path: Path) -> None:
    things = factory.things()
    things["name"] = ["costs $x^{$ \\frac"] * len(things["name"])
    with RunWriter(tmp_path / "run", factory.manifest(2), things, factory.roads()) as writer:
        for number in writer.missing:
            writer.add(factory.result(number))
        named = writer.finish([], [])
    assert len(draw_all(named)) == 2 * len(CHARTS)


@pytest.mark.parametrize(
    ("lang", "last", "short"),
    [
        ("en", "2 more not measured: verdicts.csv tells why", "11,440 people short"),
        ("zh", "另有2项未测，原因见 verdicts.csv", "11,440"),
    ],
)
def test_the_verdict_panel_keeps_to_what_is_measured(results: Results, lang: Language, last: str, short: str) -> None:
    with look():
        [axes] = VERDICTS.draw(results, lang).axes
    texts = [text.get_text() for text in axes.texts]
    rows = [text for text in texts if text.startswith(("hebei", "gu", "hubei"))]
    assert len(rows) == (results.verdicts["verdict"] != "not measured").sum()
    assert texts[-1] == last
    assert sum(short in text.replace("\n", " ") for text in texts) == 1


def test_verdict_bars_stand_at_the_value_and_the_need_and_say_never(results: Results) -> None:
    """Shares of 100 %, other values of a scale of their own: what is nearer to the need on paper is nearer."""
    with look():
        [axes] = VERDICTS.draw(results, "en").axes
    points = [(line.get_marker(), float(line.get_xdata()[0])) for line in axes.lines if line.get_marker() in ("o", ">")]
    table = results.verdicts
    measured = table[table["verdict"] != "not measured"].sort_values("kind", ascending=False, kind="stable")
    assert len(points) == len(measured)
    for (marker, at), row in zip(points, measured.to_dict("records"), strict=True):
        if np.isinf(row["value"]):
            assert (marker, at) == (">", 1.0)
        elif row["metric"].startswith("share"):
            assert (marker, at) == ("o", row["value"])
        else:
            assert 0 <= at < 1


def test_older_verdicts_without_values_are_told_by_their_chance(results: Results, tmp_path: Path) -> None:
    old = [
        {name: row[name] for name in row if name not in ("value", "value_low", "value_high", "needed", "short")}
        for row in factory.verdicts()
    ]
    with RunWriter(tmp_path / "run", factory.manifest(2), factory.things(), factory.roads()) as writer:
        for number in writer.missing:
            writer.add(factory.result(number))
        earlier = writer.finish(old, [])
    with look():
        [axes] = VERDICTS.draw(earlier, "en").axes
    assert any("holds in 40 %" in text.get_text() for text in axes.texts)
    assert not [line for line in axes.lines if line.get_marker() in ("o", ">")]


def test_a_run_that_was_killed_before_its_verdicts(tmp_path: Path) -> None:
    with RunWriter(tmp_path / "run", factory.manifest(3), factory.things(), factory.roads()) as writer:
        writer.add(factory.result(1))
        writer.flush()
        partial = read_results(tmp_path / "run")
    assert len(draw_all(partial, "zh")) == 2 * len(CHARTS)


def test_a_folder_that_cannot_be_written(results: Results, tmp_path: Path) -> None:
    (tmp_path / "charts").write_text("", encoding="utf-8")
    with pytest.raises(ResultsError, match="cannot write"):
        draw_all(results, "en", tmp_path / "charts")


# ---- what the charts show


def test_villages_by_hand(results: Results) -> None:
    table, places = villages(results), results.places
    east, west = 1, 4
    waits = np.sort(places.loc[places["village"] == east, "relief_p95_h"])
    assert waits[1] <= table.loc[east, "relief_h"] <= waits[2]
    assert np.isnan(table.loc[west, "relief_h"])
    assert table.loc[11, "relief_h"] == np.inf
    assert table.loc[east, "name_zh"] == "码头镇"


def test_relief_classes() -> None:
    waits = np.array([0.0, 3.0, 3.01, 10.0, 24.0, 24.5, np.inf, np.nan])
    assert list(relief_class(waits)) == [0, 0, 1, 1, 2, 3, NEVER, -1]


def test_roads_that_flood_in_half_of_the_logs(results: Results) -> None:
    first = factory.roads()["index"][0]
    assert mostly_closed(results)["water"] == {first + link for link in (3, 4, 5, 6, 13, 15, 17)}


def test_roads_are_told_by_what_closed_them_each_once() -> None:
    """By the first cause, in its words and colour."""
    rows = (
        (1.0, EventKind.ROAD_FLOODS, 7, NONE), (1.0, EventKind.ROAD_DAMAGED, 7, NONE),
        (1.0, EventKind.ROAD_BURNS, 8, NONE), (1.0, EventKind.ROAD_CLOSES, 9, len(CAUSES)),
        (2.0, EventKind.ROAD_OPENS, 9, len(CAUSES)), (2.0, EventKind.ROAD_CLEARS, 7, NONE),
    )  # fmt: skip
    log = log_from_rows([(at, kind, road, NONE, NONE, NONE, item, 0.0, 0.0) for at, kind, road, item in rows])
    with registered(Cause("rubble", Words("under rubble", "被瓦砾掩埋"), colour="#123456")):
        closed = closed_in(log)
        assert closed == {"water": {7}, "damage": {7}, "flames": {8}, "rubble": {9}}
        legend = [(line.get_label(), line.get_color()) for line in road_legend(closed, "mostly closed", "en")]
    assert legend[1:] == [
        ("under water in most replications", CAUSES["water"].colour),
        ("in flames in most replications", CAUSES["flames"].colour),
        ("under rubble in most replications", "#123456"),
    ]


def test_a_chart_without_words_is_refused() -> None:
    with pytest.raises(ValueError, match=r"half-registered: name.*title.*alt.*draw"):
        Chart("Two words", Words("a", ""), "map", None)  # type: ignore[arg-type]


def test_band_orders_and_keeps_the_grid(results: Results) -> None:
    relieved = band(results, "share_relieved")
    assert list(relieved.hour) == list(range(factory.DURATION_H + 1))
    assert (relieved.low <= relieved.median).all()
    assert (relieved.median <= relieved.high).all()
    at_12 = results.curves.loc[results.curves["hour"] == 12, "share_relieved"]
    assert relieved.high[12] == at_12.max()


def test_limits_of_relief(results: Results) -> None:
    limits = [tuple(limit) for limit in relief_limits(results)]
    assert limits == [(10.0, "obligation", "not met"), (12.0, "obligation", "met")]


@pytest.mark.parametrize("hours_to_all", [2, 6, 40])
def test_names_of_limits_stand_where_no_curve_is(hours_to_all: int) -> None:
    hour = np.arange(0, 49.0)
    share = np.clip(hour / hours_to_all, 0, 1)
    relieved = Band(hour, share * 0.9, share, np.minimum(share * 1.1, 1))
    limits = [Limit(10.0, "comparison", "not met"), Limit(12.0, "obligation", "met")]
    drawn = figure(9.5, 7.6)
    axes = drawn.subplots()
    axes.set(xlim=(0, 48), ylim=(0, 1.02))
    _draw_limits(axes, limits, relieved, 48.0, "en")
    drawn.draw_without_rendering()
    for name in axes.texts:
        box = name.get_window_extent().transformed(axes.transData.inverted())
        at = (box.x0 <= hour) & (hour <= box.x1)
        assert not ((relieved.low[at] < box.y1) & (box.y0 < relieved.high[at])).any(), name.get_text()


def test_quantiles_never_mix_with_never() -> None:
    assert occurring(np.array([1.0, np.inf, 2.0]), 0.5) == 2.0
    assert occurring(np.array([1.0, np.inf, np.inf]), 0.5) == np.inf
    assert np.isnan(occurring(np.array([]), 0.5))


def test_frame_holds_all_rows_in_true_proportion(results: Results) -> None:
    table = villages(results)
    frame = frame_around(table, 0.8)
    assert len(frame.within(table)) == len(table)
    tall, wide = (frame.north - frame.south) * KM_PER_DEGREE, (frame.east - frame.west) * frame.km_per_degree_east
    assert tall / wide == pytest.approx(0.8, rel=0.01)


@pytest.mark.parametrize("township", ["", "镇"])
def test_names_do_not_overlap(results: Results, township: str) -> None:
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    table = villages(results).assign(area=40.0)
    table["township"] = [township and f"{'东西'[number % 2]}{township}" for number in range(len(table))]
    with look():
        figure = Figure(figsize=(7, 6))
        FigureCanvasAgg(figure)
        axes = figure.add_axes((0, 0, 1, 1))
        frame = frame_around(table, 6 / 7)
        axes.set(xlim=(frame.west, frame.east), ylim=(frame.south, frame.north))
        write_names(axes, table, frame, "zh")
        boxes = [text.get_window_extent() for text in axes.texts]
        names = [text.get_text() for text in axes.texts]
    assert "码头镇" in names
    assert not any(re.search("[A-Za-z]", name) for name in names), "one language on a map"
    assert {"东镇", "西镇"} <= set(names) if township else any("号村" in name for name in names)
    assert not any(a.overlaps(b) for number, a in enumerate(boxes) for b in boxes[:number])


def test_rivers_and_boundaries_lie_under_the_map_and_change_nothing_else(results: Results, tmp_path: Path) -> None:
    river = {"kind": "river", "points": [[115.9, 39.6], [116.0, 39.5], [120.0, 39.4]]}
    county = {"kind": "boundary", "points": [[115.8, 39.3], [116.2, 39.3], [116.2, 39.6], [115.8, 39.3]]}
    manifest = factory.manifest(1)
    manifest["scenario"]["map_lines"] = [river, county]
    with RunWriter(tmp_path / "run", manifest, factory.things(), factory.roads()) as writer:
        writer.add(factory.result(0))
        lined = writer.finish([], [])
    with look():
        plain, drawn = (MAP.draw(of, "en") for of in (results, lined))
    before, after = ([line.get_xydata().tolist() for line in made.axes[0].lines] for made in (plain, drawn))
    assert [line for line in after if line not in before] == [river["points"], county["points"]]
    assert drawn.axes[0].get_xlim() == plain.axes[0].get_xlim()
    labels = [[text.get_text() for legend in made.legends for text in legend.get_texts()] for made in (plain, drawn)]
    assert labels[1][-2:] == ["river", "boundary"]
    assert not {"river", "boundary"} & set(labels[0])


# ---- words


def test_townships_have_the_name_of_their_seat_in_the_language_of_the_map() -> None:
    import pandas as pd

    seats = {"Matou town office": "码头镇政府", "Xiema": "歇马街道", "Datai": "大台村", "Pingyang": "上平阳村"}
    things = pd.DataFrame({"name": list(seats), "name_zh": list(seats.values())})
    townships = ["码头镇", "歇马街道", "大台乡", "平阳镇", "Stone Bridge", ""]
    table = pd.DataFrame({"township": townships})
    english = with_townships(table, things, "en")["township"].tolist()
    assert english == ["Matou", "Xiema", "Datai", "", "Stone Bridge", ""]
    assert with_townships(table, things, "zh")["township"].tolist() == [*townships[:4], "", ""]
    bridge = pd.DataFrame({"name": ["Stone Bridge"], "name_zh": ["石桥村"]})
    assert with_townships(table, bridge, "zh")["township"].tolist() == [*townships[:4], "石桥", ""]


@pytest.mark.parametrize(
    ("named", "shown"), [(("Long Hollow", "\U00020bb7洼村"), "Long Hollow"), (("", "\U00020bb7洼村"), "thing-1")]
)
def test_a_place_that_no_font_can_write_gives_way_in_every_chart(
    named: tuple[str, str], shown: str, tmp_path: Path
) -> None:
    """Its other name stands for it, else its id, never a box; also in the sentences beside the verdicts."""
    things = factory.things()
    things["name"] = [named[0]] * len(things["name"])
    things["name_zh"] = [named[1]] * len(things["name"])
    with RunWriter(tmp_path / "run", factory.manifest(2), things, factory.roads()) as writer:
        for number in writer.missing:
            writer.add(factory.result(number))
        rare = writer.finish(factory.verdicts(), [])
    with warnings.catch_warnings():
        warnings.filterwarnings("error", message="Glyph")
        draw_all(rare, "zh")
        with look():
            [axes] = VERDICTS.draw(rare, "zh").axes
    assert any(shown in text.get_text() for text in axes.texts)


def test_names_that_no_font_can_draw_give_way() -> None:
    assert drawable("涿州市") == "涿州市"
    assert drawable("㐁镇", "Duo") == "Duo"
    assert drawable("", "𠮷村") == ""


@pytest.mark.parametrize(
    "text", ["Basic relief of all affected people within 12 h", "受灾人员基本生活12小时内得到有效救助，含2023年。"]
)
@pytest.mark.parametrize("columns", [10, 17, 30])
def test_wrapped_lines_fit_and_lose_nothing(text: str, columns: int) -> None:
    lines = wrap(text, columns).split("\n")
    assert all(width(line) <= columns + 2 for line in lines)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    assert not any(line.startswith(("，", "。")) for line in lines)


def test_durations_in_words() -> None:
    assert [hours(1.5, "en"), hours(1.5, "zh"), hours(10, "zh"), hours(np.inf, "zh")] == [
        "1 h 30 min",
        "1小时30分钟",
        "10小时",
        "从未",
    ]
