"""Orders to crews and lines on the ground, as written in a scenario folder: read, or every fault told."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from simrescue.errors import ScenarioError
from simrescue.scenario.load import load

TINY = Path(__file__).parents[2] / "scenarios/tiny-fire"
ORDERS = "id,time,until,stage,tactic,distance_m,line,place,width_m,crews,kinds,fire,persons\n"
LINES = "line,point,lon,lat,width_m\nridge,1,114.02,38.19,0\nridge,2,114.025,38.178,20\n"


@pytest.fixture
def fire(tmp_path: Path) -> Path:
    return Path(shutil.copytree(TINY, tmp_path / "fire"))


def complaints(folder: Path, orders: str, lines: str = LINES) -> list[str]:
    (folder / "fire_orders.csv").write_text(ORDERS + orders, encoding="utf-8")
    (folder / "fire_lines.csv").write_text(lines, encoding="utf-8")
    with pytest.raises(ScenarioError) as caught:
        load(folder)
    return str(caught.value).splitlines()


def test_orders_and_lines_are_read(fire: Path) -> None:
    (fire / "fire_lines.csv").write_text(LINES, encoding="utf-8")
    rows = "a,1 h,5 h,2,hold,,ridge,,8,brigade;villagers,,grave-field,60\nb,0 h,,,indirect,300,,,,,local,,\n"
    (fire / "fire_orders.csv").write_text(ORDERS + rows, encoding="utf-8")
    scenario = load(fire)
    hold, indirect = scenario.fire_orders
    assert (hold.time_h, hold.until_h, hold.stage, hold.line, hold.width_m) == (1.0, 5.0, 2, "ridge", 8.0)
    assert (hold.crews, hold.fire, hold.persons) == (("brigade", "villagers"), "grave-field", 60)
    assert (indirect.tactic, indirect.distance_m, indirect.kinds, indirect.until_h) == (
        "indirect", 300.0, ("local",), None,
    )  # fmt: skip
    assert [point.width_m for point in scenario.fire_lines] == [0.0, 20.0]


@pytest.mark.parametrize(
    ("row", "column", "expected"),
    [
        ("a,1 h,,,head,,,,,brigad,,,", "crews", 'a known responder; did you mean "brigade"?'),
        ("a,1 h,,,head,,,,,,lokal,,", "kinds", "a known kind"),
        ("a,1 h,,,head,,,,,,,grave-feld,", "fire", 'a known fire; did you mean "grave-field"?'),
        ("a,1 h,,,hold,,rige,,,,,,", "line", "a known line"),
        ("a,1 h,,,protect,,,stone-frd,,,,,", "place", "a known village or institution"),
        ("a,5 h,1 h,,head,,,,,,,,", "until", "later than time"),
        ("a,1 h,,9,head,,,,,,,,", "stage", "a stage of the response: 1 to 3"),
        ("a,1 h,,,head,300,,,,,,,", "distance", "nothing, or the tactic indirect"),
        ("a,1 h,,,head,,,,6,,,,", "width", "nothing, or the tactic hold, protect"),
        ("a,1 h,,,hold,,,,,,,,", "line", "a name, since the tactic is hold"),
        ("a,1 h,,,sideways,,,,,,,,", "tactic", "anchor"),
    ],
)
def test_faults_of_orders_name_file_row_and_column(fire: Path, row: str, column: str, expected: str) -> None:
    (found,) = complaints(fire, row + "\n")
    assert found.startswith("fire_orders.csv row 2, column " + column)
    assert expected in found


def test_all_faults_of_orders_are_told_at_once(fire: Path) -> None:
    rows = "a,5 h,1 h,9,protect,300,ridge,,,nobody,lokal,nowhere,\nb,1 h,,,hold,,,,,,,,\n"
    assert len(complaints(fire, rows)) == 9


def test_lines_have_points_once_and_more_than_one(fire: Path) -> None:
    found = complaints(fire, "", LINES + "ridge,2,114.03,38.17,0\nspur,1,114.03,38.17,0\n")
    assert [line.split(" - ")[0].partition(": ")[0] for line in found] == [
        "fire_lines.csv row 4, column point", "fire_lines.csv row 5, column line",
    ]  # fmt: skip


def test_an_unknown_policy_of_tactics_is_told_with_the_known_ones(fire: Path) -> None:
    with pytest.raises(ScenarioError, match='did you mean "head"'):
        load(fire, sets=["hazard.tactics=heads"])
    assert load(fire, sets=["hazard.tactics=head"]).settings.wildfire.tactics == "head"
