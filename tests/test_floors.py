"""The import floors hold: nothing reaches up, nothing goes in circles, SimPy stays in the simulation."""

from __future__ import annotations

from pathlib import Path

import pytest

TOP = Path(__file__).parents[1]


def test_contracts_are_kept(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    cli = pytest.importorskip("importlinter.cli", reason="import-linter comes with the dev extra")
    monkeypatch.chdir(TOP)
    assert cli.lint_imports(no_cache=True) == 0, capsys.readouterr().out
