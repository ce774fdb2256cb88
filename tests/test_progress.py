"""How far a run has come where there is no terminal: values first, verdicts when they change, a line a minute."""

from __future__ import annotations

from io import StringIO
from types import SimpleNamespace
from typing import Any

import pytest

from simrescue.cli.show import progress


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Seconds, as the progress sees them."""
    now = [0.0]
    monkeypatch.setattr(progress, "time", SimpleNamespace(monotonic=lambda: now[0]))
    return now


def row(**changes: Any) -> dict[str, Any]:
    away = {
        "value": 0.62, "value_low": 0.55, "value_high": 0.7, "needed": 1.0, "comparison": "at_least",
        "counted": 178_000.0, "short": 67_640.0, "short_unit": "persons", "where": "", "limit": 12.0, "unit": "h",
    }  # fmt: skip
    judged = {"estimate": 0.0, "low": 0.0, "high": 0.71, "replications": 4, "verdict": "not met"}
    return {"clause": "T01a", "metric": "share_relieved", **away, **judged, **changes}


def test_a_line_is_due_at_each_quarter_and_after_a_minute_of_silence(clock: list[float]) -> None:
    stream = StringIO()
    told = progress.Progress("sweep", stream)
    for done in range(1001):
        clock[0] = done * 0.9
        told(done, 1000)
    lines = stream.getvalue().splitlines()
    numbers = [int(line.split()[1]) for line in lines]
    assert {250, 500, 750, 1000} <= set(numbers)
    assert max(late - early for early, late in zip([0, *numbers], numbers, strict=False)) * 0.9 <= 61
    assert lines[0] == "sweep: 67 of 1000 replications, 1.1 a second, 14 min left"


def test_slow_replications_are_told_in_seconds_each(clock: list[float]) -> None:
    stream = StringIO()
    told = progress.Progress("run", stream)
    told(0, 60)
    clock[0] = 60.0
    told(2, 60)
    assert stream.getvalue() == "run: 2 of 60 replications, 30 s each, 29 min left\n"


@pytest.mark.usefixtures("clock")
def test_values_are_told_first_and_a_clause_again_when_its_verdict_changes() -> None:
    stream = StringIO()
    told = progress.Progress("run", stream)
    told.look(1, {"plan/T01a": row(value_low=0.62, value_high=0.62, replications=1, verdict="undecided")})
    told.look(4, {"plan/T01a": row()})
    told.look(5, {"plan/T01a": row()})
    told.look(6, {"plan/T01a": row(verdict="undecided")})
    value = "62 % of 178,000 people within 12 h (55 % to 70 %), needed 100 %"
    whole = f"{value}; 67,640 people short; holds in 0 % (0 % to 71 %)"
    assert stream.getvalue().splitlines() == [
        "run after 1 replication:",
        "  T01a: 62 % of 178,000 people within 12 h, needed 100 %; 67,640 people short",
        "run after 4 replications:",
        f"  T01a not met: {whole}",
        "run after 6 replications:",
        f"  T01a undecided: {whole}",
    ]
