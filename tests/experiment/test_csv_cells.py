"""No cell that we write is taken for a formula, and reading gives back what was written."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simrescue.experiment.store.csv_cells import as_csv, read_csv

STARTS = ("=", "+", "-", "@", "\t", "\r", " =", "'=", "＝")


def written(value: object, tmp_path: Path) -> tuple[str, object]:
    path = tmp_path / "table.csv"
    path.write_bytes(as_csv(("number", "text"), [{"number": 1, "text": value}, {"number": 2, "text": "plain"}]))
    with path.open(encoding="utf-8-sig", newline="") as file:
        cell = next(csv.DictReader(file))["text"]
    return cell, read_csv(path, {})["text"][0]


@pytest.mark.parametrize("start", STARTS)
def test_what_looks_like_a_formula_is_marked_and_read_back(start: str, tmp_path: Path) -> None:
    text = f'{start}HYPERLINK("http://x","y")'
    cell, back = written(text, tmp_path)
    assert cell.startswith("'")
    assert back == text


@pytest.mark.parametrize("number", [-5, -0.25, -1e-7, float("-inf"), "-5", "-1.5e3", "+7"])
def test_negative_numbers_stay_numbers(number: float | str, tmp_path: Path) -> None:
    cell, _ = written(number, tmp_path)
    assert float(cell) == float(number)


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1))
def test_any_text_comes_back(text: str) -> None:
    lines = as_csv(("text",), [{"text": text}]).decode("utf-8-sig")
    cell = next(csv.DictReader(io.StringIO(lines, newline="")))["text"]
    assert cell in (text, f"'{text}")
    assert not cell.lstrip().startswith(("=", "@"))
