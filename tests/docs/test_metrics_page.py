"""The table of measures in docs/metrics.md is that of the records that the program reads."""

from __future__ import annotations

import runpy
from pathlib import Path

DOCS = Path(__file__).parents[2] / "docs"


def test_page_is_up_to_date() -> None:
    written = runpy.run_path(str(DOCS / "build_metrics.py"))["page"]()
    assert written == (DOCS / "metrics.md").read_text(encoding="utf-8"), "run docs/build_metrics.py"
