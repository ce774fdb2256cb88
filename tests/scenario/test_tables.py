"""Tables as spreadsheets save them: rows and columns are found again, sizes are bounded."""

import os

import pytest

from simrescue.places import Village
from simrescue.responders import Team
from simrescue.scenario.files import tables
from simrescue.scenario.files.tables import decode, read, read_bytes

HEADER = "id,name_zh,lon,lat,population\n"


def complaints(text, record=Village):
    return [str(fault) for fault in read("villages", text, record).faults]


def test_chinese_with_byte_order_mark_and_windows_line_ends():
    text, faults = decode("\ufeffid,name_zh,lon,lat,population\r\na,涿州,115.9,39.5,300\r\n".encode(), "villages.csv")
    rows = read("villages", text, Village).rows
    assert not faults
    assert rows[0].cells == {"id": "a", "name_zh": "涿州", "lon": "115.9", "lat": "39.5", "population": "300"}


def test_a_table_saved_in_another_encoding_is_refused_with_the_way_out():
    _, faults = decode((HEADER + "a,涿州,115.9,39.5,300\n").encode("gb18030"), "villages.csv")
    assert str(faults[0]) == 'villages.csv line 2: expected text saved as UTF-8 (in a spreadsheet: "CSV UTF-8")'


@pytest.mark.parametrize("separator", [";", "\t", "，", "；", "|"])
def test_cells_may_stand_apart_by_what_gives_the_header_its_columns(separator):
    text = HEADER + 'a,涿州,115.9,39.5,"1,300"\n'
    expected = read("villages", text, Village).rows
    other = text.replace('"1,300"', "#").replace(",", separator).replace("#", "1,300")
    assert read("villages", other, Village).rows == expected
    quoted = other.replace("id", '"id"', 1)
    assert read("villages", quoted, Village).rows == expected


def test_lists_in_cells_keep_their_semicolons():
    rows = read("teams", "id,base,tasks\na,b,rescue;evacuate\n", Team).rows
    assert rows[0].cells["tasks"] == "rescue;evacuate"


@pytest.mark.parametrize("coding", ["utf-8", "utf-8-sig", "utf-16"])
def test_text_of_unicode_is_read_however_it_is_saved(coding):
    text = HEADER + "a,涿州,115.9,39.5,300\n"
    assert decode(text.encode(coding), "villages.csv") == (text, [])


@pytest.mark.parametrize("data", [HEADER.encode("utf-16-le"), b"id\0", b"\xff\xfea", b"\xff"])
def test_bytes_that_are_no_text_are_one_fault(data):
    assert "saved as UTF-8" in str(*decode(data, "villages.csv")[1])


def test_capitals_and_full_width_letters_in_a_header_are_read():
    assert read("villages", "ID,Ｌon,Lat,Population\na,1,2,3\n", Village).rows[0].cells["id"] == "a"


def test_cells_below_no_name_are_told_once_for_each_column():
    found = complaints("id,lon,lat,population,,\na,1,2,3,x,\nb,1,2,3,y,\n")
    assert found == ['villages.csv row 2: "x" - expected a name in row 1 for column 5, or nothing in it']


def test_a_unit_in_the_header_goes_to_the_cells():
    rows = read("teams", "id,base,turnout_min\na,b,45\n", Team).rows
    assert rows[0].cells["turnout"] == "45 min"
    assert rows[0].spot("turnout").field == "turnout_min"


def test_rows_count_as_in_a_spreadsheet_and_empty_cells_leave_the_default():
    table = read("villages", HEADER + '\n,,,,\na,"two\nlines",1,2,\n', Village)
    assert [row.where for row in table.rows] == ["row 4"]
    assert "population" not in table.rows[0].cells


@pytest.mark.parametrize("cell", ["１５", "1_5", "1,5", "x", "15 min"])
def test_below_a_unit_stands_a_bare_number(cell):
    table = read("teams", f'id,base,turnout_min\na,b,"{cell}"\n', Team)
    assert bool(table.faults) == (cell != "１５")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "id,lon,lat,populaton,population\n",
            'row 1, column populaton: expected a known column; did you mean "population"?',
        ),
        ("id,lon,lat,population,elevation,elevation_m\n", 'elevation_m: expected one column for "elevation"'),
        ("id,lon,population\n", "row 1, column lat: expected this column: it is required"),
        (HEADER + "a,b,1,2\n", "row 2: expected 5 cells as in the header, not 4"),
        (HEADER + "a,b,1,2,3,4\n", "row 2: expected 5 cells as in the header, not 6"),
        (HEADER + f"a,{'x' * 10_001},1,2,3\n", "at most 10,000 characters"),
        (HEADER + f"a,{'x' * 200_000},1,2,3\n", "CSV that can be read (a cell is too long"),
        (HEADER + 'a,"b,1,2,3\n', "CSV that can be read (a quotation mark is opened and not closed)"),
        ("id,lon,lat,population,elevation_m\na,1,2,3,4 m\n", '"4 m" - expected a bare number: the header says m'),
    ],
)
def test_refuses(text, expected):
    found = complaints(text)
    assert len(found) == 1
    assert expected in found[0]


def test_too_many_rows(monkeypatch):
    monkeypatch.setattr(tables, "MAX_ROWS", 2)
    assert complaints(HEADER + "a,b,1,2,3\n" * 5) == ["villages.csv row 4: expected at most 2 rows"]


def test_too_many_bytes_are_not_even_read(tmp_path):
    (tmp_path / "villages.csv").write_bytes(b"x" * 2_000_001)
    data, faults = read_bytes(tmp_path, "villages.csv", 2_000_000)
    assert data is None
    assert str(faults[0]) == "villages.csv: expected a file of at most 2 MB"


def test_a_link_out_of_the_folder_is_refused_and_one_inside_is_not(tmp_path):
    home = tmp_path / "home"
    home.mkdir()
    (tmp_path / "secret.csv").write_text("id\n")
    (home / "real.csv").write_text("id\n")
    (home / "villages.csv").symlink_to(tmp_path / "secret.csv")
    (home / "roads.csv").symlink_to(home / "real.csv")
    assert "not a link out of it" in str(read_bytes(home, "villages.csv", 100)[1][0])
    assert read_bytes(home, "roads.csv", 100) == (b"id\n", [])


def test_only_plain_files_are_read(tmp_path):
    os.mkfifo(tmp_path / "roads.csv")
    (tmp_path / "villages.csv").mkdir()
    for name in ("roads.csv", "villages.csv"):
        assert "a plain file" in str(read_bytes(tmp_path, name, 100)[1][0])
