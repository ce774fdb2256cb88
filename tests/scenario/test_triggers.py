"""Triggers of response levels as written in a scenario folder: read, or every fault told; and what `check` says."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from simrescue.scenario.load import load
from simrescue.scenario.preflight.check import check
from simrescue.scenario.response_records import Measured, measured

HEAD = "id,level,kind,of,at_least,below,ahead,together,chance,delay\n"
READINGS = "gauge,time,value,known\nhydro,1 h,8000 m3/s,\nhydro,9 h,22000 m3/s,3 h\nbureau,2 h,橙色,\n"
GOOD = (
    "bank,III,reading,river,23.5 m,,3 h,,,\nflow,II,reading,hydro,20000立方米/秒,,6 h,,,\n"
    "red,I,warning,bureau,red,,,,,\nmoved,IV,loss,moved,15,20,,,,\nlong,II,age,request,4 h,,,,,\n"
    "wet,I,count,flooded,3,,,hard,,\nheld,I,judgement,,,,,hard,80 %,1 h\n"
)


@pytest.mark.parametrize(
    ("written", "value", "unit"),
    [
        ("27.5 m", 27.5, "m"), ("50厘米", 0.5, "m"), ("22,000 m3/s", 22000, "m3/s"), ("12 m³/s", 12, "m3/s"),
        ("2000", 2000, ""), (2000, 2000, ""), ("1.5万人", 15000, ""), ("2 days", 48, "h"), ("100 mm", 100, "mm"),
        ("orange", 3, "colour"), ("红色", 4, "colour"), ("II", 3, "level"), ("Ⅳ级", 1, "level"), ("5公顷", 5, "ha"),
    ],
)  # fmt: skip
def test_readings_are_read_as_people_write_them(written: object, value: float, unit: str) -> None:
    assert measured(written) == Measured(value, unit)


@pytest.mark.parametrize("text", ["27.5 m", "3", "orange", "II", "24 h", "8000 m3/s"])
def test_a_reading_is_shown_as_it_is_read(text: str) -> None:
    assert str(measured(text)) == text


def test_triggers_are_read(folder: Path) -> None:
    (folder / "triggers.csv").write_text(HEAD + GOOD, encoding="utf-8")
    (folder / "readings.csv").write_text(READINGS, encoding="utf-8")
    scenario = load(folder)
    assert [row.id for row in scenario.triggers] == ["bank", "flow", "red", "moved", "long", "wet", "held"]
    assert scenario.triggers[1].at_least == Measured(20000, "m3/s")
    assert scenario.readings[1].known_h == 3


@pytest.mark.parametrize(
    ("row", "column", "expected"),
    [
        ("a,II,reading,rivr,23 m,,,,,", "of", 'river; did you mean "river"?'),
        ("a,II,reading,river,23,,,,,", "at_least", "a value as in 27.5 m"),
        ("a,II,reading,river,,,,,,", "at_least", "a value, as in 27.5 m"),
        ("a,II,reading,hydro,23 m,,,,,", "at_least", "a value as in 8000 m3/s"),
        ("a,II,warning,hydro,red,,,,,", "of", "one of bureau"),
        ("a,II,warning,bureau,3,,,,,", "at_least", "a value as in orange"),
        ("a,II,loss,lost,3,,,,,", "of", "one of moved, affected, trapped, dead"),
        ("a,II,loss,moved,20,15,,,,", "below", "more than at_least"),
        ("a,II,loss,moved,20,,,,50 %,", "chance", "nothing, or the kind judgement"),
        ("a,II,judgement,,,,,,,", "together", "the name of other rows of this level that it judges"),
        ("a,II,judgement,river,,,,b,,\nb,II,loss,moved,3,,,b,,", "of", "nothing: a judgement has none"),
        ("a,II,age,fire,24,,,,,", "at_least", "a value as in 24 h"),
        ("a,V,reading,river,23 m,,,,,", "level", "IV"),
        ("a,II,reading,river,deep,,,,,", "at_least", "a reading, e.g. 27.5 m"),
    ],
)
def test_a_fault_names_row_and_column(
    folder: Path, faults: Callable[..., list[str]], row: str, column: str, expected: str
) -> None:
    (folder / "triggers.csv").write_text(f"{HEAD}{row}\n", encoding="utf-8")
    (folder / "readings.csv").write_text(READINGS, encoding="utf-8")
    told = [line for line in faults() if "triggers.csv row 2" in line]
    assert any(f"column {column}" in line and expected in line for line in told), told


def test_readings_of_one_gauge_are_alike_and_run_forward(folder: Path, faults: Callable[..., list[str]]) -> None:
    (folder / "readings.csv").write_text("gauge,time,value\npost,3 h,red\npost,2 h,4 m\n", encoding="utf-8")
    told = "\n".join(faults())
    assert "a value like the others of post: orange" in told
    assert "a time after the row before of gauge post" in told


def test_zones_of_orders_are_known_and_release_needs_a_level(faults: Callable[..., list[str]]) -> None:
    sets = {"response.II.zones": ["rivr"], "command.levels": []}
    told = "\n".join(faults(sets=sets))
    assert 'a zone of villages; did you mean "river"?' in told
    assert "a response level of command.levels or triggers.csv (none is set)" in told


def test_check_tells_when_a_reading_would_start_a_level() -> None:
    found = {finding.subject: finding for finding in check(load("scenarios/tiny-flood", "by-rule"))}
    assert found["river-high"].numbers["met_h"] == pytest.approx(3.33, abs=0.1)
    never = load("scenarios/tiny-flood", "by-rule", {"triggers.river-high.at_least": "26 m"})
    assert {f.subject: f for f in check(never)}["river-high"].severity == "doubtful"


def test_check_tells_that_hours_on_record_win_and_of_levels_that_change_nothing(folder: Path) -> None:
    (folder / "triggers.csv").write_text(f"{HEAD}a,IV,reading,river,23 m,,,,,\n", encoding="utf-8")
    said = " ".join(finding.message for finding in check(load(folder)))
    assert "triggers.csv declares nothing" in said
    assert "response level IV changes nothing" in said
