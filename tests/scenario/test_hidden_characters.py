"""ESC, other controls and characters of direction in names are refused where they are read, and shown as escapes."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from simrescue import ScenarioError, load
from simrescue.errors import PlanError
from simrescue.scenario.plans.plans_file import load_plan

TINY = Path(__file__).parents[2] / "scenarios" / "tiny-flood"
HIDDEN = ("\x1b", "\x07", "\x00", "\x9b", "\u202e", "\u2066", "\u200f", "\x08")


@pytest.mark.parametrize("character", [one for one in HIDDEN if one != "\x00"])
def test_in_a_table(tmp_path: Path, character: str) -> None:
    home = Path(shutil.copytree(TINY, tmp_path / "county"))
    path = home / "villages.csv"
    lines = path.read_text(encoding="utf-8").splitlines()
    names = lines[0].split(",")
    cells = lines[1].split(",")
    cells[names.index("name")] = f"Ma{character}[2Jtou"
    path.write_text("\n".join([lines[0], ",".join(cells), *lines[2:]]), encoding="utf-8")
    with pytest.raises(ScenarioError) as told:
        load(home)
    (fault,) = told.value.faults
    assert (fault.file, fault.where, fault.field) == ("villages.csv", "row 2", "name")
    assert f"found U+{ord(character):04X}" in str(fault)
    assert character not in str(told.value)


@pytest.mark.parametrize("character", HIDDEN)
def test_in_a_setting(tmp_path: Path, character: str) -> None:
    home = Path(shutil.copytree(TINY, tmp_path / "county"))
    path, escape = home / "scenario.yaml", f"\\u{ord(character):04x}"
    lines = path.read_text(encoding="utf-8").splitlines()
    number = next(i for i, line in enumerate(lines) if line.startswith("title:"))
    lines[number] = f'title: "A flood{escape}"'
    path.write_text("\n".join(lines), encoding="utf-8")
    with pytest.raises(ScenarioError) as told:
        load(home)
    assert [(fault.field, fault.where) for fault in told.value.faults] == [("title", f"line {number + 1}")]
    assert character not in str(told.value)


def test_in_a_set_and_in_a_plan(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match=r"without control or direction characters"):
        load(TINY, "", {"title": "A\u202eB"})
    library = TINY.parent / "plans"
    plan = next(path for path in sorted(library.glob("*.yaml")))
    text = plan.read_text(encoding="utf-8")
    where = text.index("\nname:") if "\nname:" in text else text.index("\ntitle:")
    end = text.index("\n", where + 1)
    (tmp_path / "plan.yaml").write_text(f"{text[:end]}\u202e{text[end:]}", encoding="utf-8")
    with pytest.raises(PlanError, match="direction characters"):
        load_plan(tmp_path / "plan.yaml")


def test_lines_and_tabs_in_a_text_are_no_fault() -> None:
    assert load(TINY, "", {"title": "Two\nlines\tand a tab"}).settings.title == "Two\nlines\tand a tab"
