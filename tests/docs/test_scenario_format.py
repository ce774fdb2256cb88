"""The keys and columns that docs/scenario-format.md lists are those that the program reads."""

from __future__ import annotations

import re
import runpy
from pathlib import Path

import pytest

from simrescue.dispatch import POLICIES

DOCS = Path(__file__).parents[2] / "docs"


def test_page_is_up_to_date() -> None:
    written = runpy.run_path(str(DOCS / "build_scenario_format.py"))["page"]()
    assert written == (DOCS / "scenario-format.md").read_text(encoding="utf-8"), "run docs/build_scenario_format.py"


@pytest.mark.parametrize("folder", ["new", "new-fire"])
def test_the_comments_of_a_new_scenario_name_every_policy(folder: str) -> None:
    text = (DOCS.parent / "simrescue" / "data" / folder / "scenario.yaml").read_text(encoding="utf-8")
    told = re.search(r"policy: \w+ *# (.*)", text)
    assert told
    assert re.split(r", | or ", told[1]) == list(POLICIES)
    page = (DOCS / "model.md").read_text(encoding="utf-8")
    assert [name for name in POLICIES if f"`{name}`" not in page] == []
