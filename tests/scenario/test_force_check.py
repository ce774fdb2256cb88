"""Obligations for which nobody or nothing is there, told before a run."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from simrescue.metrics import MEASURES
from simrescue.scenario.load import load
from simrescue.scenario.new import create
from simrescue.scenario.plans import static_measures  # noqa: F401 - registers the measures of the scenario alone
from simrescue.scenario.preflight.forces.force_check import (
    LACKS,
    limits_beyond_the_run,
    obligations_of_other_hazards,
    obligations_of_other_years,
    obligations_without_force,
)
from simrescue.scenario.preflight.look import Look

TEMPLATE = "county-template"


def found(folder: Path, **sets: Any) -> dict[str, str]:
    """Clause of the template of county plans -> what it lacks."""
    scenario = load(folder, sets={"plan": TEMPLATE} | {name.replace("__", "."): value for name, value in sets.items()})
    return {
        finding.subject.removeprefix(f"{TEMPLATE} "): finding.message.rpartition(": ")[2]
        for finding in obligations_without_force(Look.at(scenario))
    }


@pytest.fixture
def county(tmp_path: Path) -> Path:
    return create(tmp_path / "county", response=True)


def test_every_measure_that_can_lack_force_is_one() -> None:
    assert set(LACKS) <= set(MEASURES)


def test_a_new_county_lacks_what_starts_its_levels(county: Path) -> None:
    """Level II is declared at an hour of scenario.yaml (K3 has its clock), and no trigger ever makes it due (K13)."""
    assert found(county) == {
        "K13": "nothing starts response level II",
        "K21": "nobody passes reports on to those above (command.reports_above)",
    }
    assert set(found(county, command__reports_above="yes")) == {"K13"}


def test_without_channels_partners_and_stock_clauses_lack_them(county: Path) -> None:
    (county / "partners.csv").unlink()
    for table in ("boats", "teams"):
        path = county / f"{table}.csv"
        rows = path.read_text(encoding="utf-8").splitlines()
        path.write_text("\n".join(row for row in rows if not row.endswith((",neighbour", ",garrison"))), "utf-8")
    lacks = found(county, **{"depots.*.food": 0, "depots.*.water": 0, "depots.*.clothing": 0, "depots.*.shelter": 0,
                             "depots.*.medical": 0})  # fmt: skip
    assert lacks["K14"] == "nobody with crews to send is ever asked for aid"
    assert lacks["K6"] == lacks["K7"] == "no depot holds anything"


def test_without_crews_nobody_can_be_sent(county: Path) -> None:
    lacks = found(county, **{"teams.*.count": 0, "boats.*.count": 0, "helicopters.*.count": 0, "trucks.*.count": 0})
    assert lacks["K1"] == lacks["K10"] == "no crew that counts can be sent"


def test_the_shipped_small_flood_lacks_nothing() -> None:
    folder = Path(__file__).parents[2] / "scenarios" / "tiny-flood"
    assert not list(obligations_without_force(Look.at(load(folder))))


def test_a_plan_that_begins_after_the_event_judges_nothing(tmp_path: Path) -> None:
    """The template holds from 2025 on; the flood of the small county is of another year."""
    folder = create(tmp_path / "county")
    years = {"plan": TEMPLATE, "start": "2019-07-10T06:00+08:00"}
    (finding,) = obligations_of_other_years(Look.at(load(folder, sets=years)))
    assert (finding.severity, finding.subject) == ("doubtful", TEMPLATE)
    assert "is in force in 2019" in finding.message
    assert "begins in 2025" in finding.message
    assert not list(obligations_of_other_years(Look.at(load(folder, sets=years | {"plan_year": 2025}))))


def test_a_time_longer_than_the_run_is_told(county: Path) -> None:
    """The run of the template has 48 h: with 5 h the clauses of 6 h and more would fail whatever is done."""
    short = limits_beyond_the_run(Look.at(load(county, sets={"plan": TEMPLATE, "plan_year": 2025, "duration": "5 h"})))
    assert {f"{TEMPLATE} K14", f"{TEMPLATE} K15"} <= {finding.subject for finding in short}
    whole = load(county, sets={"plan": TEMPLATE, "plan_year": 2025})
    assert not list(limits_beyond_the_run(Look.at(whole)))


def test_a_plan_of_another_hazard_judges_nothing(county: Path) -> None:
    (county.parent / "plans").mkdir()
    text = """\
name: fire-plan
title: Fire plan
title_zh: 防火预案
jurisdiction: A county
jurisdiction_zh: 某县
documents: {paper: {title: Paper, title_zh: 文件, date: "2020"}}
clauses:
  - {id: F1, kind: obligation, name: Nobody is overrun, name_zh: 无人被围, text_zh: 无人被围, document: paper,
     year: 2020, measure: overrun, settings: {}, threshold: 0}
"""
    (county.parent / "plans/fire-plan.yaml").write_text(text, encoding="utf-8")
    (finding,) = obligations_of_other_hazards(Look.at(load(county, sets={"plan": "fire-plan"})))
    assert (finding.severity, finding.subject) == ("doubtful", "fire-plan")
    assert not list(obligations_of_other_hazards(Look.at(load(county, sets={"plan": TEMPLATE}))))
