"""The numbers that the pages of the model name are in the table of parameters, or keys of the scenario."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from simrescue.parameters import table

DOCS = Path(__file__).parents[2] / "docs"
NAME = re.compile(r"`([a-z]+(?:_[a-z0-9]+)+)`")


@pytest.mark.parametrize("page", ["model.md", "hazards.md", "fire.md"])
def test_named_numbers_exist(page: str) -> None:
    keys = (DOCS / "scenario-format.md").read_text(encoding="utf-8")
    named = set(NAME.findall((DOCS / page).read_text(encoding="utf-8")))
    assert len(named) > 5
    assert not {name for name in named - table().keys() if f"`{name}`" not in keys}
