"""Consoles that lack characters, and names that a system cannot have: no command dies of them."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from simrescue.cli import main
from simrescue.cli.console import PLAINER


@pytest.mark.parametrize(("encoding", "text", "shown"), [
    ("gbk", "5 m² ✓ 村", "5 m2 ? 村"), ("cp437", "Zhuō 村", "Zhuo ?"), ("ascii", "x² ≤ 3", "x2 ? 3"),
])  # fmt: skip
def test_plainer_characters(encoding: str, text: str, shown: str) -> None:
    assert text.encode(encoding, PLAINER).decode(encoding) == shown


@pytest.mark.parametrize("encoding", ["gbk", "cp437"])
def test_help_in_chinese_on_a_console_without_chinese(encoding: str) -> None:
    """It died of it: help came before the console was told what to do."""
    command = [sys.executable, "-m", "simrescue", "--lang", "zh", "--help"]
    done = subprocess.run(command, env=os.environ | {"PYTHONIOENCODING": encoding, "PYTHONUTF8": "0"},
                          capture_output=True, check=False)  # fmt: skip
    assert (done.returncode, done.stderr) == (0, b"")


@pytest.mark.parametrize("name", ["CON", "NUL.csv", "a/aux/b", "blank ", "stop.", "a:b", "a\\b"])
@pytest.mark.parametrize("command", ["run {home} -n 2 --out", "validate {home} --out", "new c --dir"])
def test_results_go_into_folders_that_every_system_can_have(command: str, name: str, tmp_path: Path) -> None:
    """`run --out CON` made a folder that no Windows can copy, open or delete."""
    args = [*command.format(home=tmp_path).split(), str(tmp_path / name)]
    result = CliRunner().invoke(main, args)
    assert result.exit_code == 2
    assert "which Windows keeps for devices" in " ".join(result.output.split())
    assert not (tmp_path / name).exists()
