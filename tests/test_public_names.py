"""The public surface: few names, all there, and nothing heavy behind `import simrescue` or `--help`."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

import simrescue

HEAVY = ("numpy", "scipy", "pandas", "matplotlib", "pyarrow", "pydantic", "simpy", "rich", "yaml")
NOT_FOR_READING = ["simpy", "scipy", "simrescue.simulation.run", "simrescue.experiment.replications.packed_job"]


def test_at_most_twelve_names_in_order() -> None:
    assert len(simrescue.__all__) <= 12
    assert simrescue.__all__ == sorted(simrescue.__all__)


@pytest.mark.parametrize("name", simrescue.__all__)
def test_each_name_is_there(name: str) -> None:
    assert getattr(simrescue, name).__module__.startswith("simrescue.")


def test_unknown_name_tells_the_known_ones() -> None:
    with pytest.raises(AttributeError, match="public names: EventKind"):
        simrescue.nothing  # noqa: B018


@pytest.mark.parametrize("arguments", [[], ["run"]], ids=["simrescue", "run"])
def test_help_imports_nothing_heavy(arguments: list[str]) -> None:
    code = f"""
import json, sys
from simrescue.cli import main
try:
    main({[*arguments, "--help"]!r})
except SystemExit:
    print(json.dumps([name for name in {HEAVY!r} if name in sys.modules]))
"""
    out = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=Path(__file__).parents[1]
    )
    assert json.loads(out.stdout.splitlines()[-1]) == []


def test_a_report_reads_and_runs_nothing() -> None:
    """What tells of stored results comes up without what simulates: half of its imports would be that."""
    code = f"""
import json, sys
import simrescue.report.writer
print(json.dumps([name for name in {NOT_FOR_READING!r} if name in sys.modules]))
"""
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert json.loads(out.stdout) == []
