"""Rivers and boundaries of a scenario folder: read into the manifest of a run, or every fault told."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from simrescue.errors import ScenarioError
from simrescue.experiment.store.manifest import describe
from simrescue.scenario.load import load
from simrescue.simulation.run import simulate

TINY = Path(__file__).parents[2] / "scenarios/tiny-flood"
HEAD = "line,point,kind,lon,lat\n"


def with_lines(home: Path, rows: str) -> Path:
    folder = Path(shutil.copytree(TINY, home / "flood"))
    (folder / "map_lines.csv").write_text(HEAD + rows, encoding="utf-8")
    return folder


def test_points_are_taken_by_their_numbers(tmp_path: Path) -> None:
    rows = "yun,2,river,115.2,38.1\nyun,1,river,115.1,38.2\ncounty,1,boundary,115,38\ncounty,7,boundary,116,38\n"
    scenario = load(with_lines(tmp_path, rows))
    for written in (scenario, scenario.in_order()):
        assert describe(written, {}, 1, 1, "0")["scenario"]["map_lines"] == [
            {"kind": "boundary", "points": [[115.0, 38.0], [116.0, 38.0]]},
            {"kind": "river", "points": [[115.1, 38.2], [115.2, 38.1]]},
        ]


def test_lines_on_maps_change_no_event(tmp_path: Path) -> None:
    with_map, plain = load(TINY), with_lines(tmp_path, "")
    (plain / "map_lines.csv").unlink()
    assert "map_lines" not in describe(load(plain), {}, 1, 1, "0")["scenario"]
    for one, other in zip(simulate(with_map), simulate(load(plain)), strict=True):
        assert one.tobytes() == other.tobytes()


def test_all_faults_of_lines_are_told_at_once(tmp_path: Path) -> None:
    rows = "yun,1,river,115,38\nyun,2,river,115,38\nyun,1,boundary,115,38\nspur,1,river,115,38\n"
    rows += "yun,3,brook,115,38\nyun,4,river,215,x\n"
    with pytest.raises(ScenarioError) as caught:
        load(with_lines(tmp_path, rows))
    said = str(caught.value).splitlines()
    assert sorted(line.partition(":")[0] for line in said) == [
        "map_lines.csv row 4, column kind", "map_lines.csv row 4, column point", "map_lines.csv row 5, column line",
        "map_lines.csv row 6, column kind", "map_lines.csv row 7, column lat", "map_lines.csv row 7, column lon",
    ]  # fmt: skip
