"""Published start conditions: a scenario can hold each, and a copied table runs once its gauges are there."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from simrescue.errors import ScenarioError
from simrescue.events import EventKind as Kind
from simrescue.scenario.load import load
from simrescue.scenario.response_records import OF_KINDS, UNITS_OF_KINDS
from simrescue.scenario.trigger_library import copy_table, start_table, start_tables
from simrescue.simulation.run import simulate
from simrescue.simulation.world import compile_world
from tests.scenario.conftest import TINY


def test_every_condition_is_of_a_kind_and_unit_that_triggers_have() -> None:
    rows = [row for table in start_tables().values() for row in table.triggers]
    assert len(rows) == len({row.id for row in rows}) > 150
    for row in rows:
        assert row.at_least is not None
        assert row.at_least.unit in UNITS_OF_KINDS[row.kind], row.id
        assert row.below is None or (row.below.unit == row.at_least.unit and row.below.value > row.at_least.value)
        assert row.kind in ("reading", "warning") or row.of in OF_KINDS[row.kind]
        assert row.name
        assert row.name_zh
        assert row.source


def test_dead_while_a_fire_burns_are_two_conditions_that_must_both_hold() -> None:
    for table in start_tables().values():
        groups: dict[str, set[str]] = {}
        for row in table.triggers:
            if row.together:
                groups.setdefault(row.together, set()).add(row.kind)
        assert all(kinds == {"loss", "count"} for kinds in groups.values())


def test_a_copied_table_starts_the_level_that_its_gauge_reaches(tmp_path: Path) -> None:
    home = tmp_path / "county"
    shutil.copytree(TINY, home)
    table = copy_table("nanyang-urban-flood", home / "triggers.csv")
    assert table.gauges == ("rain-warning",)
    with pytest.raises(ScenarioError, match="rain-warning"):
        load(home, "", {"command.levels": []})
    (home / "readings.csv").write_text("gauge,time,value\nrain-warning,1 h,yellow\nrain-warning,5 h,red\n", "utf-8")
    scenario = load(home, "", {"command.levels": [], "duration": "10 h"})
    assert [row.id for row in scenario.triggers] == [row.id for row in start_table("nanyang-urban-flood").triggers]
    log = simulate(compile_world(scenario), 1, 0)
    due = log.where(Kind.LEVEL_DUE)
    assert [(float(log.time_h[row]), int(log.item[row])) for row in due] == [(1.0, 3), (5.0, 1), (5.0, 2)]


def test_a_table_is_not_written_over_a_file_or_into_nowhere(tmp_path: Path) -> None:
    (tmp_path / "triggers.csv").write_text("mine", encoding="utf-8")
    for file in (tmp_path / "triggers.csv", tmp_path / "nowhere" / "triggers.csv"):
        with pytest.raises(ScenarioError, match="a new file"):
            copy_table("nanyang-urban-flood", file)
    assert (tmp_path / "triggers.csv").read_text(encoding="utf-8") == "mine"
    with pytest.raises(ScenarioError, match="nanyang-urban-flood"):
        copy_table("nanyang-urban-floods", tmp_path / "new.csv")
