"""A second import of files that an office has changed, into a folder that a planner has changed too."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from simrescue.intake.importing import import_files
from simrescue.intake.mapping import mapping_file, read_table

pytest.importorskip("pypinyin")
VILLAGES = """乡镇,行政村,常住人口,经度,纬度,高程(m)
白沙镇,东风村,900,115.1,38.1,20
白沙镇,前进村,350,115.12,38.11,21
白沙镇,红旗村,400,115.14,38.12,22
青山乡,东风村,800,115.2,38.2,30
青山乡,石桥村,280,115.22,38.21,31
"""
ROADS = "路名,起点,终点,里程(km)\nX1,东风村（白沙镇）,前进村,2\nX2,前进村,石桥村,5\nX3,红旗村,石桥村,4\n"


def given(home: Path, villages: str, roads: str) -> list[Path]:
    paths = [home / "村庄.csv", home / "道路.csv"]
    for path, text in zip(paths, (villages, roads), strict=True):
        path.write_text(text, encoding="gb18030")
    return paths


def by_id(home: Path, table: str) -> dict[str, dict[str, str]]:
    return {row["id"]: row for row in read_table(home / f"made/{table}.csv") or []}


def by_hand(home: Path, changes: dict[str, dict[str, str]]) -> None:
    """Cells changed, and the rows turned round."""
    rows = {name: row | changes.get(name, {}) for name, row in by_id(home, "villages").items()}
    with (home / "made/villages.csv").open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, list(next(iter(rows.values()))))
        writer.writeheader()
        writer.writerows(reversed(rows.values()))


def test_nothing_is_lost_or_doubled_and_what_conflicts_is_said(tmp_path: Path) -> None:
    """Roads whose end was renamed got new ids, a new column was left out, and nobody heard of rows that were gone."""
    import_files(tmp_path / "made", given(tmp_path, VILLAGES, ROADS))
    by_hand(tmp_path, {"dongfengcun": {"population": "1000"}, "shiqiaocun": {"elevation": "33 m"}})
    lines = VILLAGES.replace("前进村,350", "新前进村,360").replace("东风村,900", "东风村,950").splitlines()
    del lines[3]
    newer = "\n".join(f"{line},{'房屋数' if not number else 90}" for number, line in enumerate(lines))
    roads = ROADS.replace("前进村", "新前进村").replace("X3,红旗村,石桥村,4\n", "")
    imported = import_files(tmp_path / "made", given(tmp_path, newer, roads))
    villages = by_id(tmp_path, "villages")
    assert {name: (row["name_zh"], row["population"], row["houses"]) for name, row in villages.items()} == {
        "dongfengcun": ("东风村", "1000", "90"), "qianjincun": ("新前进村", "360", "90"),
        "dongfengcun-2": ("东风村", "800", "90"), "shiqiaocun": ("石桥村", "280", "90"),
    }  # fmt: skip
    assert villages["shiqiaocun"]["elevation"] == "33 m"
    assert list(by_id(tmp_path, "roads")) == ["X1", "X2"]
    said = "\n".join(remark.en for remark in imported.remarks)
    assert "东风村（白沙镇） population: 1000, in the files 950" in said
    assert "villages.csv: no longer in the files, and so left out: 红旗村（白沙镇）" in said
    assert "roads.csv: no longer in the files, and so left out: X3" in said
    assert imported.kept == 2


def test_a_place_whose_spot_the_files_correct_is_the_same(tmp_path: Path) -> None:
    """It had got a second id, and stood there twice where somebody had changed it."""
    import_files(tmp_path / "made", given(tmp_path, VILLAGES, ROADS))
    by_hand(tmp_path, {"qianjincun": {"population": "355"}})
    import_files(tmp_path / "made", given(tmp_path, VILLAGES.replace("115.12", "115.13"), ROADS))
    villages = by_id(tmp_path, "villages")
    assert len(villages) == 5
    assert (villages["qianjincun"]["lon"], villages["qianjincun"]["population"]) == ("115.13", "355")


def test_a_later_file_names_places_that_stand_in_the_folder(tmp_path: Path) -> None:
    """No place was called so."""
    import_files(tmp_path / "made", given(tmp_path, VILLAGES, ROADS))
    teams = tmp_path / "救援队伍.csv"
    teams.write_text("队伍名称,驻地,人数\n民兵,石桥,30\n消防,东风村（青山乡）,20", encoding="gb18030")
    imported = import_files(tmp_path / "made", [teams])
    assert [row["base"] for row in by_id(tmp_path, "teams").values()] == ["shiqiaocun", "dongfengcun-2"]
    assert not imported.unclear


def test_two_columns_of_one_head_are_both_read_again(tmp_path: Path) -> None:
    """The mapping knew the first of them alone: half of the tents were gone, and every latitude."""
    text = "仓库名称,坐标,坐标,帐篷,帐篷\n县库,31.5,112.1,10,20"
    for _ in range(2):
        (tmp_path / "储备库.csv").write_text(text, encoding="gb18030")
        import_files(tmp_path / "made", [tmp_path / "储备库.csv"])
        [store] = by_id(tmp_path, "depots").values()
        assert (store["lon"], store["lat"], store["shelter"]) == ("112.1", "31.5", "180")


def test_a_column_that_was_taken_out_of_the_mapping_stays_out(tmp_path: Path) -> None:
    files = given(tmp_path, VILLAGES, ROADS)
    import_files(tmp_path / "made", files)
    path = mapping_file(tmp_path / "made")
    text = path.read_text(encoding="utf-8")
    assert "      高程(m): elevation m\n" in text
    path.write_text(text.replace("      高程(m): elevation m\n", ""), encoding="utf-8")
    import_files(tmp_path / "made", files)
    assert not any(row.get("elevation") for row in by_id(tmp_path, "villages").values())


def test_a_series_of_hours_is_as_long_as_it_is_and_a_plan_is_asked_for(tmp_path: Path) -> None:
    """A series of 30 hours since the start was cut at 24, and that nothing is judged was found out after the run."""
    (tmp_path / "levels.csv").write_text("zone,time_h,level_m\na,0,20\na,30,21\n", encoding="utf-8")
    imported = import_files(tmp_path / "made", [*given(tmp_path, VILLAGES, ROADS), tmp_path / "levels.csv"])
    assert "duration: 30 h" in (tmp_path / "made/scenario.yaml").read_text(encoding="utf-8")
    assert "no plan is named" in imported.said_of_plan.en
    settings = tmp_path / "made/scenario.yaml"
    variant = "plan: hebei-2023-2027\noverrides:\n  more:\n    boats.town.count: 6\n"
    settings.write_text(settings.read_text(encoding="utf-8") + variant, encoding="utf-8")
    again = import_files(tmp_path / "made", given(tmp_path, VILLAGES, ROADS))
    assert not again.said_of_plan.en
    assert [fault.field for fault in again.faults] == ["overrides.more.boats.town.count"], "as check has it"


def test_a_new_namesake_takes_no_id_from_a_place_that_stands_as_before(tmp_path: Path) -> None:
    """Written above it, it had got the id, and with it all that was changed by hand."""
    import_files(tmp_path / "made", given(tmp_path, VILLAGES, ROADS))
    by_hand(tmp_path, {"qianjincun": {"population": "351"}})
    head, *rows = VILLAGES.splitlines()
    newer = "\n".join([head, "白沙镇,前进村,70,115.3,38.3,25", *rows])
    import_files(tmp_path / "made", given(tmp_path, newer, ROADS))
    villages = by_id(tmp_path, "villages")
    assert (villages["qianjincun"]["lon"], villages["qianjincun"]["population"]) == ("115.12", "351")
    assert villages["qianjincun-2"]["population"] == "70"


def test_a_place_that_is_told_without_its_township_has_no_other_name(tmp_path: Path) -> None:
    import_files(tmp_path / "made", given(tmp_path, VILLAGES, ROADS))
    newer = "\n".join(line.partition(",")[2] for line in VILLAGES.splitlines())
    imported = import_files(tmp_path / "made", given(tmp_path, newer, ROADS))
    assert "township" not in by_id(tmp_path, "villages")["shiqiaocun"]
    assert not [remark.en for remark in imported.remarks if "under another name" in remark.en]


def test_for_how_many_an_article_is_may_be_changed_and_is_no_assumption_then(tmp_path: Path) -> None:
    path = tmp_path / "物资.csv"
    path.write_text("仓库,经度,纬度,饮用水（万瓶）\n县库,115.2,38.1,0.5\n", encoding="utf-8")
    import_files(tmp_path / "made", [path])
    assert by_id(tmp_path, "depots")["xianku"]["water"] == "916.5"
    mapping = mapping_file(tmp_path / "made")
    mapping.write_text(mapping.read_text(encoding="utf-8").replace("water * 1833", "water * 5000"), encoding="utf-8")
    imported = import_files(tmp_path / "made", [path])
    assert by_id(tmp_path, "depots")["xianku"]["water"] == "2500"
    assert not [column.basis for taken in imported.taken for column in taken.understood.columns if column.basis]
