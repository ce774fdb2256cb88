"""The keys and columns that docs/scenario-format.md lists are those that the program reads."""

from __future__ import annotations

import runpy
from pathlib import Path

DOCS = Path(__file__).parents[2] / "docs"


def test_page_is_up_to_date() -> None:
    written = runpy.run_path(str(DOCS / "build_scenario_format.py"))["page"]()
    assert written == (DOCS / "scenario-format.md").read_text(encoding="utf-8"), "run docs/build_scenario_format.py"
