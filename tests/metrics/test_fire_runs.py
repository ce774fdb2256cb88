"""What is measured of simulated fires agrees with what the fires themselves say, and with itself."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from simrescue import load
from simrescue.events import EventKind as Kind
from simrescue.events import EventLog
from simrescue.metrics import Facts, curves, fires_table, places_table, summarise
from simrescue.metrics.wildfire import fire_line
from simrescue.simulation.run import replicate
from simrescue.simulation.world import compile_world

TINY = Path(__file__).parents[2] / "scenarios" / "tiny-fire"

Run = tuple[EventLog, Facts]


@pytest.fixture(scope="module", params=[0, 1])
def run(request: pytest.FixtureRequest) -> Run:
    world = compile_world(load(TINY))
    return replicate(world, 3, request.param).log, world.facts


def test_areas_are_those_that_the_fires_tell(run: Run) -> None:
    log, facts = run
    told = log.where(Kind.AREA, Kind.CONTAINED, Kind.CONTROLLED, Kind.FIRE_OUT)
    assert len(told)
    burned = log.time_h[log.where(Kind.BURNS)]
    for row in told:
        before = (burned < log.time_h[row]).sum() * facts.cell_ha
        by_then = (burned <= log.time_h[row]).sum() * facts.cell_ha
        assert before - 1e-9 <= log.amount[row] <= by_then + 1e-9


def test_curves_end_in_the_numbers(run: Run) -> None:
    log, facts = run
    table, last, numbers = fires_table(log, facts), curves(log, facts), summarise(log, facts)
    for name in ("burned_ha", "line_km", "drops", "water_t", "perimeter_km"):
        assert last[name][-1] == pytest.approx(numbers[name])
        assert table[name].sum() == pytest.approx(numbers[name])
    assert (np.diff(last["burned_ha"]) >= 0).all()
    assert (np.diff(last["line_km"]) >= -1e-9).all()


def test_nobody_is_on_two_lines_at_once(run: Run) -> None:
    log, facts = run
    spells = fire_line.line_assignments(log, facts)
    assert len(spells.crew)
    for crew in np.unique(spells.crew):
        mine = spells.crew == crew
        order = np.argsort(spells.start_h[mine], kind="stable")
        starts, ends = spells.start_h[mine][order], spells.end_h[mine][order]
        assert (ends >= starts).all()
        assert (starts[1:] >= ends[:-1]).all()
    assert curves(log, facts)["persons_on_line"].max() <= fire_line.crew_size(log, facts).sum()


def test_steps_follow_one_another(run: Run) -> None:
    table = fires_table(*run)
    for first, second in (
        ("began_h", "reported_h"), ("reported_h", "staged_h"), ("staged_h", "on_line_h"),
        ("on_line_h", "contained_h"), ("contained_h", "controlled_h"), ("controlled_h", "out_h"),
    ):  # fmt: skip
        assert (table[first] <= table[second]).all()


def test_people_caught_are_people_of_the_village(run: Run) -> None:
    table = places_table(*run)
    for name in ("exposed_to_flames", "exposed_to_smoke"):
        assert (table[name] >= 0).all()
    assert (table["exposed_to_flames"] <= table["population"] + 1e-9).all()
    assert (table["exposed_to_flames"][np.isinf(table["flames_h"])] == 0).all()
