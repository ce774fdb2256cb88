"""The experiments that come with the program are without faults, and as small as their first lines say."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from simrescue import load
from simrescue.experiment.design.experiment_file import read_experiment
from simrescue.experiment.design.experiment_records import Sequential
from simrescue.experiment.studies.mending.levers import levers_of
from simrescue.experiment.studies.mending.menu import read_menu
from simrescue.experiment.sweep.cost_forecast import replications, too_few
from tests.experiment.judged import SCENARIOS

READY = sorted(path for path in (Path(__file__).parents[2] / "experiments").glob("*.yaml") if "menu" not in path.name)


@pytest.mark.parametrize("path", READY, ids=lambda path: path.stem)
def test_a_ready_experiment_has_no_fault_and_is_small(path: Path) -> None:
    designed = read_experiment(path)
    assert designed.watched
    assert path.stem == designed.experiment.name
    _, most = replications(designed, len(set(designed.columns["key"])))
    assert most <= 720
    assert not too_few(designed)


def test_an_experiment_that_cannot_show_met_is_warned_of() -> None:
    """ "Met" at 90 % needs 51 replications without a failure: with 50, or a budget of 50, no point can be met."""
    designed = read_experiment(next(path for path in READY if path.stem == "tiny-boats"))
    for few in (50, Sequential(min=10, max=50, batch=10)):
        less = replace(designed, experiment=designed.experiment.model_copy(update={"replications": few}))
        ((english, chinese),) = too_few(less)
        assert "50 replications a point" in english
        assert "T01a (51)" in english
        assert "T01a（51次）" in chinese
    poor = replace(designed, experiment=designed.experiment.model_copy(update={"budget": 50}))
    assert too_few(poor)
    enough = replace(designed, experiment=designed.experiment.model_copy(update={"replications": 51}))
    assert not too_few(enough)


def test_the_fire_is_judged_by_clauses_of_fires() -> None:
    designed = read_experiment(next(path for path in READY if path.stem == "taihang-fire"))
    assert {"F02", "F03", "F04"} <= {line.clause.id for line in designed.watched}
    assert set(designed.experiment.factors) == {"detection", "crews", "helicopters"}


def test_the_menu_of_zhuozhou_has_ladders_that_go_together() -> None:
    """Each change alone has no fault (`read_menu` tries it), and so have all together."""
    scenario = load(SCENARIOS / "zhuozhou-2023")
    menu = read_menu(READY[0].parent / "menu-zhuozhou.yaml", scenario)
    levers = levers_of(menu, scenario)
    assert sum(len(ladder) > 1 for ladder in levers.ladders) > len(levers.ladders) / 2
    assert all(change.cost > 0 and change.label and change.label_zh for change in menu)
    load(SCENARIOS / "zhuozhou-2023", "", levers.sets(levers.all))
