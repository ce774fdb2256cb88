"""The experiments that come with the program are without faults, and as small as their first lines say."""

from __future__ import annotations

from pathlib import Path

import pytest

from simrescue.experiment.design_file import read_experiment
from simrescue.experiment.forecast import replications

READY = sorted(path for path in (Path(__file__).parents[2] / "experiments").glob("*.yaml") if "menu" not in path.name)


@pytest.mark.parametrize("path", READY, ids=lambda path: path.stem)
def test_a_ready_experiment_has_no_fault_and_is_small(path: Path) -> None:
    designed = read_experiment(path)
    assert designed.watched
    assert path.stem == designed.experiment.name
    _, most = replications(designed, len(set(designed.columns["key"])))
    assert most <= 600


def test_the_fire_is_judged_by_clauses_of_fires() -> None:
    designed = read_experiment(next(path for path in READY if path.stem == "taihang-fire"))
    assert {"F02", "F03", "F04"} <= {line.clause.id for line in designed.watched}
    assert set(designed.experiment.factors) == {"detection", "crews", "helicopters"}
