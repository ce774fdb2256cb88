"""A copy of the tiny flood that a test may spoil, and how to spoil it."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from simrescue.errors import ScenarioError
from simrescue.scenario.load import load

TINY = Path(__file__).parents[2] / "scenarios/tiny-flood"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(TINY, tmp_path / "flood"))


@pytest.fixture
def edit(folder: Path) -> Callable[[str, str, str], None]:
    """Put one text for another in a file of the folder; the old one must be there."""

    def change(file: str, old: str, new: str) -> None:
        text = (folder / file).read_text(encoding="utf-8")
        assert old in text, f"{file} holds no {old!r}"
        (folder / file).write_text(text.replace(old, new, 1), encoding="utf-8")

    return change


@pytest.fixture
def line_of(folder: Path) -> Callable[[str], str]:
    """The line of scenario.yaml that begins with a text, as faults say it."""

    def find(text: str) -> str:
        lines = (folder / "scenario.yaml").read_text(encoding="utf-8").splitlines()
        return f"line {1 + next(number for number, line in enumerate(lines) if line.strip().startswith(text))}"

    return find


@pytest.fixture
def faults(folder: Path) -> Callable[..., list[str]]:
    """What loading the folder complains about, as lines."""

    def complaints(*args: object, **options: object) -> list[str]:
        with pytest.raises(ScenarioError) as caught:
            load(folder, *args, **options)
        return str(caught.value).splitlines()

    return complaints
