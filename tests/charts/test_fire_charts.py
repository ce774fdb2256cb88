"""The charts of a forest fire: in both languages, from stored tables alone, and what they say of single courses."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree as ET

import numpy as np
import pytest
from matplotlib.image import imread

from simrescue.charts import charts_of, draw_all
from simrescue.charts.shared.bands import local_time
from simrescue.charts.shared.style import figure, look
from simrescue.charts.wildfire import fire_legend
from simrescue.charts.wildfire.fire_cells import Grid, band_edges, burned
from simrescue.charts.wildfire.fire_map import FIRE_MAP, villages
from simrescue.charts.wildfire.fire_steps import last_h, steps
from simrescue.experiment.store.run_writer import Results, RunWriter
from simrescue.hazards.wildfire.landscape.shaded_relief import packed
from simrescue.wording import Language
from tests.charts import factory, fire_factory
from tests.fire_factories import ground
from tests.stores import without_logs

REPLICATIONS = 6


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Results:
    return fire_factory.stored(tmp_path_factory.mktemp("fire") / "run", REPLICATIONS)


@pytest.fixture(scope="module")
def english(results: Results, tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """The files of all charts in English, drawn once."""
    return draw_all(results, "en", tmp_path_factory.mktemp("english"))


# Warnings are errors in the tests, so a character that no font has would fail here.
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_all_charts_of_a_fire_are_files_that_open(
    results: Results, english: list[Path], tmp_path: Path, lang: Language
) -> None:
    paths = english if lang == "en" else draw_all(results, lang, tmp_path / "charts")
    ending = "" if lang == "en" else "-zh"
    assert {path.name for path in paths} == {
        f"{chart.name}{ending}.{kind}" for chart in charts_of(results) for kind in ("png", "svg")
    }
    for path in paths:
        if path.suffix == ".svg":
            assert ET.parse(path).getroot().tag.endswith("svg")
        else:
            picture = imread(path)
            assert min(picture.shape[:2]) > 600 or path.stem.startswith("verdicts")
            assert len(np.unique(picture[..., 0])) > 20


def test_same_results_same_bytes(results: Results, english: list[Path], tmp_path: Path) -> None:
    again = draw_all(results, "en", tmp_path)
    assert [path.read_bytes() for path in english] == [path.read_bytes() for path in again]


def test_floods_and_fires_have_their_own_charts(results: Results, tmp_path: Path) -> None:
    names = [chart.name for chart in charts_of(results)]
    assert names == ["fire_map", "fire_size", "fire_forces", "responses", "verdicts"]
    names = [chart.name for chart in charts_of(factory.stored(tmp_path / "flood", 1))]
    assert names == ["map", "curves", "responses", "verdicts"]


def test_the_chance_of_burning_is_that_of_the_logs(results: Results) -> None:
    found = burned(results)
    assert found is not None
    assert found.logs == REPLICATIONS
    area = results.replications["burned_ha"]
    assert found.chance.sum() * fire_factory.CELL_HA == pytest.approx(area.mean())
    assert found.chance.max() == 1


def test_the_course_shown_is_that_of_the_middle_area(results: Results) -> None:
    found = burned(results)
    assert found is not None
    course, area = found.course, results.replications.set_index("replication")["burned_ha"]
    assert area[course.replication] == area.sort_values().iloc[(REPLICATIONS - 1) // 2]
    burnt = ~np.isnan(course.hours)
    assert burnt.sum() * fire_factory.CELL_HA == pytest.approx(area[course.replication])
    assert course.hours[burnt].min() >= 0
    assert len(course.line.cell)
    assert course.gathering == (2,)


def test_line_that_burned_is_told_from_line_that_holds(results: Results) -> None:
    found = burned(results)
    assert found is not None
    line = found.course.line

    def legend(lost_h: float, width_m: float) -> list[str]:
        changed = line._replace(lost_h=np.full(len(line.cell), lost_h), width_m=np.full(len(line.cell), width_m))
        shown = found._replace(course=found.course._replace(line=changed))
        return [str(patch.get_label()) for patch in fire_legend._line(shown, "en")]

    assert "line that burned" in legend(5.0, 1.5)
    assert "line that burned" not in legend(np.inf, 1.5)
    assert legend(np.inf, 1.5)[0] == "line, less than 5 m wide"
    assert legend(np.inf, 5.0)[0] == "line, 5 to 20 m wide"
    assert legend(np.inf, 30.0)[0] == "line, 20 m wide and more"


def test_hills_are_drawn_where_they_are_stored(results: Results, tmp_path: Path) -> None:
    plain = fire_factory.manifest(1)
    shape = fire_factory.ROWS, fire_factory.COLUMNS
    land = ground(np.full(shape, 8), np.tile(np.arange(shape[1]) * 20.0, (shape[0], 1)))
    plain["scenario"]["relief"] = packed(land)
    with RunWriter(tmp_path / "run", plain, fire_factory.things(), fire_factory.roads()) as writer:
        writer.add(fire_factory.result(0))
        hilly = writer.finish(fire_factory.verdicts(), [])
    with look():
        plain_map, with_hills = (FIRE_MAP.draw(of, "zh").axes[0] for of in (results, hilly))
    assert with_hills.images[0].get_array().shape == shape
    assert len(with_hills.images) == len(plain_map.images) + 1


def test_without_event_logs_the_map_says_so(tmp_path: Path) -> None:
    results = without_logs(fire_factory.stored(tmp_path / "with", 2), tmp_path / "run")
    found = burned(results)
    assert found is not None
    assert found.logs == 0
    assert len(draw_all(results, "zh", tmp_path / "charts")) == 2 * len(charts_of(results))


def test_without_a_landscape_there_is_no_map(tmp_path: Path) -> None:
    plain = fire_factory.manifest(1)
    del plain["scenario"]["landscape"]
    with RunWriter(tmp_path / "run", plain, fire_factory.things(), fire_factory.roads()) as writer:
        writer.add(fire_factory.result(0))
        results = writer.finish(fire_factory.verdicts(), [])
    assert burned(results) is None
    assert len(draw_all(results, "en", tmp_path / "charts")) == 2 * len(charts_of(results))


def test_villages_by_what_came_to_them(results: Results) -> None:
    fate = villages(results, 0)["fate"]
    table = results.places[results.places["replication"] == 0].set_index("village")
    for village, one in fate.items():
        row = table.loc[village]
        expected = "smoke" if np.isfinite(row["smoke_h"]) else "not reached"
        if np.isfinite(row["flames_h"]):
            expected = "caught" if row["exposed_to_flames"] else "moved in time"
        assert one == expected
    assert {"caught", "moved in time", "smoke", "not reached"} == set(fate)


def test_steps_come_in_order_and_count_the_fires_that_got_away(results: Results) -> None:
    found = {step.name: step for step in steps(results)}
    order = [found[name].median for name in ("began", "reported", "staged", "on_line", "contained", "out")]
    assert order == sorted(order)
    assert found["reported"].share == 1
    assert found["contained"].share == pytest.approx(5 / 6)
    assert found["contained"].high == np.inf
    assert found["off_map"].share == pytest.approx(1 / 6)


def test_the_axis_ends_after_the_last_step(results: Results) -> None:
    hour = np.unique(results.curves["hour"].to_numpy(float))
    end = last_h(results, hour)
    assert max(step.median for step in steps(results) if step.share > 0.5) < end <= hour[-1]


@pytest.mark.parametrize(
    ("longest_h", "edges"),
    [(0.2, (0.25,)), (1.6, (0.25, 0.5, 0.75, 1.0, 1.25, 1.5, 1.75)), (7.0, (1, 2, 3, 4, 5, 6, 7)), (7.1, (2, 4, 6, 8))],
)
def test_bands_of_hours(longest_h: float, edges: tuple[float, ...]) -> None:
    assert band_edges(longest_h) == edges


def test_bands_hold_fires_of_any_length() -> None:
    for longest_h in np.geomspace(0.01, 2000, 60):
        edges = band_edges(float(longest_h))
        assert edges[-1] >= longest_h - 1e-9
        assert len(edges) <= 7


def test_corners_of_cells() -> None:
    grid = Grid(100.0, 40.0, 0.1, 0.2, 3, 4)
    which = np.zeros(12, dtype=bool)
    which[[1, 6]] = True
    lon, lat = grid.corners(which)
    assert lon == pytest.approx([100.1, 100.3])
    assert lat == pytest.approx([39.6, 40.0])
    assert grid.extent == pytest.approx((100.0, 100.4, 39.4, 40.0))


def test_ticks_are_round_local_times(results: Results) -> None:
    with look():
        axes = figure(8, 4).subplots()
        local_time(axes, results, 0.5, 20.0, "en")
    assert [label.get_text() for label in axes.get_xticklabels()][:2] == ["03-09\n15:00", "03-09\n18:00"]
    assert axes.get_xlim() == (0.5, 20.0)
