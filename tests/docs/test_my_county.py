"""The tutorial: its commands run one after the other, in both languages the same, and end with files to hand on."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner

from simrescue.cli import main

pytest.importorskip("python_calamine")
pytest.importorskip("xlsxwriter")
PAGE = (Path(__file__).parents[2] / "docs" / "my-county.md").read_text(encoding="utf-8")
ENGLISH, CHINESE = PAGE.split("## 中文")


def commands(part: str) -> list[str]:
    return [line for block in re.findall(r"```console\n(.*?)```", part, re.DOTALL) for line in block.splitlines()]


def test_both_languages_show_the_same_commands() -> None:
    assert commands(ENGLISH) == commands(CHINESE)
    assert len(commands(ENGLISH)) >= 7


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_its_commands_run(lang: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for command in commands(ENGLISH):
        program, *words = shlex.split(command)
        assert program == "simrescue"
        done = CliRunner().invoke(main, ["--lang", lang, *words, *(("--workers", "1") if words[0] == "run" else ())])
        assert done.exit_code == 0, (command, done.output)
    for path in ("my-county.protocol.html", "results/my-county/report.html", "results/my-county/export/my-county.xlsx",
                 "results/my-county/export/my-county.gpkg"):  # fmt: skip
        assert (tmp_path / path).stat().st_size > 1000, path
