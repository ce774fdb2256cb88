"""The kept run of results/summaries comes out again: a figure of the docs that no longer does fails here."""

from __future__ import annotations

import json
import runpy
from pathlib import Path

import pytest
from click.testing import CliRunner

from simrescue.cli import main

TOP = Path(__file__).parents[2]


def test_the_kept_run_comes_out_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Tables are compared by their figures, not as bytes: other versions of libraries write the same table otherwise.

    Where the model was changed on purpose: `python results/rebuild.py reproduced`.
    """
    monkeypatch.chdir(TOP)
    monkeypatch.syspath_prepend(str(TOP / "results"))
    rebuild = runpy.run_path(str(TOP / "results" / "rebuild.py"))
    home, again = TOP / "results" / "summaries" / rebuild["REPRODUCED"], tmp_path / "again"
    words = ["reproduce", str(home / "manifest.json"), "--keep", str(again), "--json", "-w", "1"]
    told = json.loads(CliRunner().invoke(main, words, catch_exceptions=False).stdout)
    assert {item["file"]: item["equal"] for item in told["items"]}["verdicts.csv"], told["items"]
    page = (home / "README.md").read_text(encoding="utf-8")
    assert page.endswith(f"\n{rebuild['figure_lines'](rebuild['figures'](again))}\n")
