"""Every number of a replication has words in both languages: a planner compares none by its name in the code."""

from __future__ import annotations

from pathlib import Path

import pytest

from simrescue import load, run
from simrescue.charts.experiment.answer_words import metric_words

SCENARIOS = Path(__file__).parents[2] / "scenarios"


@pytest.mark.parametrize("name", ["tiny-flood", "tiny-fire"])
def test_every_scalar_has_words(name: str, tmp_path: Path) -> None:
    results = run(load(SCENARIOS / name), replications=1, workers=1, out=tmp_path / "run", events="none")
    scalars = [scalar for scalar in results.replications if scalar not in ("replication", "seed")]
    assert [scalar for scalar in scalars if metric_words(scalar) == (scalar, scalar)] == []
    assert not [scalar for scalar in scalars if metric_words(scalar).zh.isascii()]
