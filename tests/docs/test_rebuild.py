"""The script that makes kept figures anew: figures of a run, its page, the comparison, the block of README."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

from simrescue import load, run

TOP = Path(__file__).parents[2]


@pytest.fixture
def rebuild(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> ModuleType:
    monkeypatch.syspath_prepend(str(TOP / "results"))
    spec = importlib.util.spec_from_file_location("rebuild", TOP / "results" / "rebuild.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, "rebuild", module)
    spec.loader.exec_module(module)
    monkeypatch.setattr(module, "HOME", tmp_path / "summaries")
    monkeypatch.setattr(module, "RESULTS", tmp_path)
    monkeypatch.setattr(module, "TOP", tmp_path)
    return module


def test_figures_are_kept_and_compared(rebuild: ModuleType, tmp_path: Path) -> None:
    results = run(load(TOP / "scenarios" / "tiny-flood"), replications=3, workers=1, out=tmp_path / "tiny-flood")
    rows = rebuild.figures(results.path)
    trapped = next(one for one in rows if one["figure"] == "trapped")
    assert float(trapped["median"]) == results.replications["trapped"].median()
    rebuild.keep_figures(rows)
    assert rebuild.kept_figures() == rows
    assert f"| tiny-flood | trapped | {rebuild.short(trapped['median'])} |" in rebuild.compared(rows, rows)


def test_readme_shows_the_answer(rebuild: ModuleType, tmp_path: Path) -> None:
    screen = (
        f"A flood: 4 replications\n Head\n ───\n row 1\n\n{rebuild.ANSWER}\nT01a met  All of it\nObligations: 1 met.\n"
    )
    (tmp_path / "README.md").write_text("before\n```text\nold\n```\nafter\n", encoding="utf-8")
    rebuild.readme(screen)
    text = (tmp_path / "README.md").read_text(encoding="utf-8")
    assert text.startswith("before\n```text\nA flood: 4 replications\n...\n")
    assert text.endswith("T01a met  All of it\nObligations: 1 met.\n```\nafter\n")
    assert "old" not in text
    assert "row 1" not in text
    with pytest.raises(SystemExit, match="no line"):
        rebuild.readme("nothing")
