"""Doubts about the files of a scenario stand in the report of its run, with their grade and what was accepted."""

from __future__ import annotations

from pathlib import Path

import simrescue
from simrescue.report.writer import write_report

FLOOD = Path(__file__).parents[2] / "scenarios/tiny-flood"


def test_contradictions_stand_in_the_report(tmp_path: Path) -> None:
    changes = {"roads.highway.length": "31 m", "boats.*.speed": "95 km/h", "accepted": {"unusual_values": "hovercraft"}}
    scenario = simrescue.load(FLOOD, sets=changes)
    results = simrescue.run(scenario, replications=1, seed=1, workers=1, out=tmp_path / "out")
    english = write_report([results.path], "en").read_text(encoding="utf-8")
    assert "Doubts about the files of the scenario" in english
    assert "<b>fault</b>: <bdi>roads.csv row 2, column length_km" in english
    assert "(accepted: hovercraft)" in english
    assert "The check finds 1 contradiction or doubt" in english
    chinese = write_report([results.path], "zh").read_text(encoding="utf-8")
    assert "<b>矛盾</b>：<bdi>roads.csv 第2行" in chinese


def test_a_scenario_without_doubts_has_no_such_section(tmp_path: Path) -> None:
    results = simrescue.run(simrescue.load(FLOOD), replications=1, seed=1, workers=1, out=tmp_path / "out")
    assert "Doubts about the files" not in write_report([results.path], "en").read_text(encoding="utf-8")
