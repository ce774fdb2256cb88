"""What pages of the model name: numbers of the table of parameters, keys of the scenario, or columns of results."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from simrescue.parameters import table

DOCS = Path(__file__).parents[2] / "docs"
NAME = re.compile(r"`([a-z]+(?:_[a-z0-9]+)+)`")


@pytest.mark.parametrize("page", ["model.md", "hazards.md", "fire.md"])
def test_named_numbers_exist(page: str) -> None:
    keys = "".join((DOCS / name).read_text(encoding="utf-8") for name in ("scenario-format.md", "results.md"))
    named = set(NAME.findall((DOCS / page).read_text(encoding="utf-8")))
    assert len(named) > 5
    assert not {name for name in named - table().keys() if f"`{name}`" not in keys}
