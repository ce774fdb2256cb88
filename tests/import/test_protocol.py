"""The protocol of an import: from where to where, what was guessed and left out, what is missing, what to ask."""

from __future__ import annotations

import re
from itertools import combinations
from pathlib import Path

import pytest
from click.testing import CliRunner

from simrescue.cli import main
from simrescue.intake.column_words import field_words
from simrescue.intake.gaps import ASKED, gaps, question_of, rows_of_folder
from simrescue.intake.importing import import_files
from simrescue.kinds import tables
from simrescue.report.import_protocol import Protocol, protocol_of, protocol_text, write_protocol
from simrescue.report.protocol_map import LINE, PHONE, WIDTH, spot_map
from simrescue.scenario.load import load
from simrescue.scenario.records import TABLES


@pytest.fixture(scope="module")
def protocol(county: list[Path], tmp_path_factory: pytest.TempPathFactory) -> Protocol:
    return protocol_of(import_files(tmp_path_factory.mktemp("made") / "yunhe", county))


def test_each_column_is_told_with_rows_and_sheet(protocol: Protocol) -> None:
    sheets = {sheet.title: sheet for sheet in protocol.sheets}
    villages = sheets["county.xlsx 行政村"]
    assert villages.said.en == "rows 4 to 9 became 6 rows of villages.csv; heads in row 3"
    assert ("常住人口 （人）", "population") in [(column.head, column.field.en) for column in villages.columns]
    [tents] = [column for column in sheets["county.xlsx 物资储备库"].columns if column.head == "帐篷（顶）"]
    assert (tents.field.en, tents.how.en, tents.is_guessed) == ("shelter", "assumed: 6 / 顶", True)


def test_what_is_left_out_and_guessed_is_told(protocol: Protocol) -> None:
    left_out = " ".join(sentence.zh for sentence in protocol.left_out)
    assert all(text in left_out for text in ("村支书电话", "数据截至2024年6月", "合计行1行"))
    guessed = " ".join(sentence.en for sentence in protocol.guessed)
    assert all(
        text in guessed for text in ("2 places are called 李庄", "流速: taken as m/s", "first moment of the series")
    )


def test_defaults_are_those_that_the_scenario_takes(county: list[Path], tmp_path: Path) -> None:
    """Two routes to one figure: what the protocol says stands in, and what the loaded scenario has."""
    folder = tmp_path / "yunhe"
    told = {(row.table, row.field.en): row for row in protocol_of(import_files(folder, county)).missing}
    [team] = [team for team in load(folder).teams if team.id == "shiqiaominbingyingjidui"]
    assert told["teams.csv", "seats"].stands_in.en == f"{team.seats:g}"
    assert told["teams.csv", "seats"].number.en == "1 of 2"
    village = load(folder).villages[0]
    assert told["villages.csv", "vulnerable"].stands_in.en == f"{village.vulnerable:g}"
    assert told["villages.csv", "ground_spread"].stands_in.en == f"{village.ground_spread_m:g} m"
    assert told["villages.csv", "zone"].number.en == "1 of 6"
    assert ("villages.csv", "population") not in told


def test_what_stops_it_is_asked_first_then_what_most_live_with() -> None:
    village = {"name_zh": "甲村", "lon": "115", "lat": "38", "zone": "z", "elevation": "20 m", "population": "100"}
    few = {**village, "id": "few", "population": "10", "zone": ""}
    rows = {"villages": [{**village, "id": "many"}, few], "roads": [{"id": "r", "from": "many", "to": "few"}]}
    asked = [(gap.table, gap.key) for gap in gaps(rows)]
    assert asked[0] == ("levels", "")
    assert asked.index(("boats", "")) < asked.index(("villages", "zone")), "boats concern all, the zone one in eleven"
    rows["villages"][1] = {**few, "population": "900"}
    asked = [(gap.table, gap.key) for gap in gaps(rows, of_levels=False)]
    assert asked[0] == ("villages", "zone")
    rows["villages"].append({"id": "nobody-knows"})
    assert {key for table, key in [(gap.table, gap.key) for gap in gaps(rows)][:4]} == {"", "population", "lon", "lat"}


def test_the_three_questions_are_of_the_rule(protocol: Protocol) -> None:
    assert [question.en for question in protocol.questions] == [
        "teams.csv, base: 2 places are called 李庄; lizhuang (石桥镇) is taken: which one is meant?",
        "How many boats are there, with how many seats, and where?",
        "Which trucks bring goods out, and from where?",
    ]


def test_every_question_is_of_a_table_and_a_column() -> None:
    for asked in ASKED:
        assert asked.table in TABLES
        assert not asked.key or asked.key in TABLES[asked.table].model_json_schema()["properties"], asked


def test_a_scenario_that_is_whole_is_asked_nothing_that_stops() -> None:
    rows = rows_of_folder(Path(__file__).parents[2] / "scenarios" / "tiny-flood")
    assert not [gap for gap in gaps(rows) if gap.stops]
    assert all(question_of(gap) is None or question_of(gap).en for gap in gaps(rows))  # type: ignore[union-attr]


def test_the_map_keeps_directions_and_tells_two_of_one_name_apart(protocol: Protocol) -> None:
    spots = {spot.name: spot for spot in protocol.map.spots}
    assert {"李庄 (石桥镇)", "李庄 (南堤乡)"} <= set(spots)
    assert spots["李庄 (石桥镇)"].y < spots["李庄 (南堤乡)"].y, "north is up"
    assert spots["云禾中学"].x < spots["东渡村"].x, "west is left"
    assert [spot.name for spot in protocol.map.spots if spot.lacks] == ["长塆"]
    assert len(protocol.map.roads) == 5
    assert all(0 <= spot.x <= protocol.map.width and 0 <= spot.y <= protocol.map.height for spot in protocol.map.spots)


def test_a_place_without_coordinates_is_counted_and_not_drawn() -> None:
    drawn = spot_map(
        {"villages": [{"id": "a", "lon": "115", "lat": "38"}, {"id": "b"}], "roads": [{"from": "a", "to": "b"}]}
    )
    assert (len(drawn.spots), drawn.without_place, drawn.roads) == (1, 1, ())
    assert spot_map({}).spots == ()


@pytest.mark.parametrize("name", ["东渡村", "河道左岸老砖窑下游联合片区", "Old Kiln below the River"])
def test_names_on_the_map_are_neither_cut_nor_laid_over_one_another(name: str) -> None:
    rows = [
        {"id": f"v{n}", "name": f"{name} {n}", "lon": f"{115 + (n % 2) * 0.1}", "lat": f"{38 + (n // 2) * 0.001}"}
        for n in range(49)
    ]
    drawn = spot_map({"villages": rows})
    named = [spot for spot in drawn.spots if spot.name]
    assert {spot.left for spot in named} == {True, False}, "where there is room"
    assert all(spot.span[0] >= 0 and spot.span[1] <= drawn.width for spot in named)
    assert not [
        (a.name, b.name)
        for a, b in combinations(named, 2)
        if abs(a.y - b.y) < LINE and a.span[0] < b.span[1] and b.span[0] < a.span[1]
    ]


def test_page_and_text_lie_beside_the_folder(county: list[Path], tmp_path: Path) -> None:
    done = CliRunner().invoke(main, ["--lang", "zh", "import", "yunhe", *map(str, county), "--dir", str(tmp_path)])
    assert done.exit_code == 0, done.output
    assert "yunhe.protocol.html" in done.output
    page = (tmp_path / "yunhe.protocol.html").read_text(encoding="utf-8")
    assert page.index('data-lang="zh">\n<section') < page.index('data-lang="en">\n<section')
    assert not re.search(r"<(script|img|link)[^>]+(src|href)=", page), "nothing is fetched"
    text = (tmp_path / "yunhe.protocol.txt").read_bytes()
    assert text.startswith("\ufeff".encode())
    assert "最值得补充的信息" in text.decode("utf-8-sig")


def test_markup_in_cells_is_text(tmp_path: Path) -> None:
    path = tmp_path / "村庄.csv"
    path.write_text("村名,人口,经度,纬度,<b>x</b>\n<script>alert(1)</script>,10,115,38,1\n", encoding="utf-8")
    imported = import_files(tmp_path / "odd", [path])
    page, text = write_protocol(imported, "en")
    assert "<script>alert" not in page.read_text(encoding="utf-8")
    assert "<b>x</b>" in text.read_text(encoding="utf-8-sig")
    assert "does not run yet; missing: roads.csv, levels.csv" in protocol_text(protocol_of(imported), "en")


def test_every_column_that_can_be_missing_has_a_chinese_name() -> None:
    open_gaps = gaps({table: [{"id": "a"}] for table in (*tables("place"), *tables("responder"), "roads")})
    assert len(open_gaps) > 40
    unnamed = [(gap.table, gap.key) for gap in open_gaps if gap.key and field_words(gap.table, gap.key).zh == gap.key]
    assert not unnamed


def test_the_map_for_a_phone_has_all_places_and_names_within_it() -> None:
    """The page had a map of 640 points on a screen of 390, which had to be moved aside."""
    villages = [{"id": f"v{n}", "name_zh": f"第{n}个很长的村名", "lon": f"{115 + n / 50}", "lat": f"{38 + n / 70}"}
                for n in range(12)]  # fmt: skip
    junctions = [{"id": "j", "lon": "115.1", "lat": "38.1"}]
    for width in (WIDTH, PHONE):
        drawn = spot_map({"villages": villages, "junctions": junctions}, width=width)
        assert len(drawn.spots) == len(villages), "junctions are no places to be read"
        assert all(0 <= spot.x <= drawn.width and 0 <= spot.y <= drawn.height for spot in drawn.spots)
        named = [spot for spot in drawn.spots if spot.name]
        assert len(named) > 5
        assert all(spot.span[0] >= 0 and spot.span[1] <= width for spot in named)
