"""The tutorial: its commands run one after the other, in both languages the same, and end with files to hand on."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
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


def test_a_console_in_gbk_and_folders_with_chinese_names_do(tmp_path: Path) -> None:
    """As on Windows in China: the console writes GBK, folders have Chinese names with blanks in them."""
    home = tmp_path / "应急 管理局"
    home.mkdir()
    shutil.copytree(Path(__file__).parents[2] / "scenarios" / "tiny-flood", home / "云禾县")
    environment = {**os.environ, "PYTHONIOENCODING": "gbk", "SIMRESCUE_LANG": "zh"}
    for words in (
        ("run", "云禾县", "-n", "1", "-w", "1", "--no-charts", "--out", "结果/甲"), ("report", "结果/甲"),
        ("export", "结果/甲"), ("export", "云禾县"), ("import", "新 县", "云禾县.xlsx"), ("check", "新 县"),
    ):  # fmt: skip
        done = subprocess.run(
            [sys.executable, "-m", "simrescue", *words], capture_output=True, check=False, cwd=home, env=environment
        )
        assert done.returncode == 0, (words, done.stderr.decode("gbk"))
        assert done.stdout.decode("gbk").strip()
    assert (home / "结果" / "甲" / "export" / "甲.xlsx").exists()
    assert "name: xin-xian" in (home / "新 县" / "scenario.yaml").read_text(encoding="utf-8")


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
