"""Charts drawn on several processes are those drawn one by one, and belong to the results."""

from __future__ import annotations

import shutil
from pathlib import Path

from simrescue.charts.drawing import draw_charts
from simrescue.experiment.store.verify import flaws
from tests.charts.factory import stored


def test_workers_draw_the_same_bytes_and_the_manifest_knows_them(tmp_path: Path) -> None:
    stored(tmp_path / "one")
    shutil.copytree(tmp_path / "one", tmp_path / "two")
    alone = draw_charts(tmp_path / "one", ("en", "zh"), 1)
    together = draw_charts(tmp_path / "two", ("en", "zh"), 2)
    assert {"map.png", "map-zh.svg", "verdicts.svg", "verdicts-zh.png"} <= {path.name for path in alone}
    assert [path.name for path in alone] == [path.name for path in together]
    assert [path.read_bytes() for path in alone] == [path.read_bytes() for path in together]
    assert flaws(tmp_path / "two") == []
    (tmp_path / "two" / "charts" / "map.png").write_bytes(b"")
    assert [flaw.file for flaw in flaws(tmp_path / "two")] == ["charts/map.png"]
