"""Places of one name in two townships are told apart wherever a name is shown; others keep their names."""

from __future__ import annotations

from pathlib import Path

from simrescue.scenario.load import load
from simrescue.scenario.namesakes import own_names, told_apart
from simrescue.scenario.preflight.slips.place_slips import same_place_twice
from tests.scenario.small import scenario, village


def test_namesakes_of_two_townships_are_called_with_their_township() -> None:
    rows = [
        village("a", 0, name_zh="河西村", township="林西镇"), village("b", 10, name_zh="河西村", township="云禾镇"),
        village("c", 20, name_zh="河东村", township="林西镇"),
    ]  # fmt: skip
    told = told_apart(rows)
    assert [each.name_zh for each in told] == ["河西村（林西镇）", "河西村（云禾镇）", "河东村"]
    assert [each.name for each in told] == ["", "", ""]
    assert [own_names(each) for each in told] == [("", "河西村"), ("", "河西村"), ("", "河东村")]


def test_within_a_township_and_without_one_nothing_is_added() -> None:
    rows = [village("a", 0, name_zh="河西村", township="林西镇"), village("b", 10, name_zh="河西村", township="林西镇")]
    assert told_apart(rows) == tuple(rows)
    rows = [village("a", 0, name_zh="河西村", township=""), village("b", 10, name_zh="河西村", township="林西镇")]
    assert [each.name_zh for each in told_apart(rows)] == ["河西村", "河西村（林西镇）"]


def test_a_scenario_that_is_read_has_them_told_apart(folder: Path, edit: object) -> None:
    del edit
    table = folder / "villages.csv"
    rows = table.read_text(encoding="utf-8")
    names = [line.split(",") for line in rows.splitlines()]
    at, township = names[0].index("name_zh"), names[0].index("township")
    first, second = next(
        (one, other) for one in names[1:] for other in names[1:] if one[township] != other[township]
    )  # fmt: skip
    second[at] = first[at]
    table.write_text("\n".join(",".join(line) for line in names), encoding="utf-8")
    told = {each.id: each.name_zh for each in load(folder).villages}
    assert told[first[0]] == f"{first[at]}（{first[township]}）"
    assert told[second[0]] == f"{first[at]}（{second[township]}）"


def test_one_place_written_under_two_townships_is_still_doubted() -> None:
    rows = told_apart(
        [village("a", 0, name_zh="河西村", township="林西镇"), village("b", 0, name_zh="河西村", township="云禾镇")]
    )
    assert [slip.value for slip in same_place_twice(scenario(villages=(*rows, village("c", 20))))] == ["b"]
