"""The portable start of Windows, which cannot be run here: what can be said of it from its text."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

TOP = Path(__file__).parents[1]
TEXT = (TOP / "simrescue.bat").read_bytes()


def test_every_system_can_read_it() -> None:
    assert TEXT.isascii(), "cmd reads it in the code page of the machine, GBK or another"
    assert TEXT.count(b"\r\n") == TEXT.count(b"\n")


def test_it_goes_where_it_says_and_asks_for_what_there_is() -> None:
    text = TEXT.decode()
    labels = set(re.findall(r"^:(\w+)\r$", text, re.MULTILINE))
    assert set(re.findall(r"goto (\w+)", text)) == labels
    project = tomllib.loads((TOP / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    for extras in re.findall(r"\[([\w,]+)\]\"", text):
        assert set(extras.split(",")) <= set(project["optional-dependencies"])
    assert re.findall(r"\((\d+), (\d+)\)", text) == [tuple(project["requires-python"].removeprefix(">=").split("."))]


def test_a_first_call_that_was_broken_off_is_made_again() -> None:
    """Its .venv had a python without the program, and every later call failed for good."""
    lines = TEXT.decode().splitlines()
    ready = next(number for number, line in enumerate(lines) if line.endswith('> "%READY%"'))
    assert 'if exist "%READY%" goto start' in lines
    assert not [line for line in lines if line.startswith("if exist") and "%OWN%" in line]
    assert max(number for number, line in enumerate(lines) if "pip install" in line) < ready < lines.index(":start")
