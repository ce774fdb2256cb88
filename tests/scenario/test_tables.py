"""Tables as spreadsheets save them: rows and columns are found again, sizes are bounded."""

import os

import pytest

from simrescue.places import Village
from simrescue.responders import Team
from simrescue.scenario import tables
from simrescue.scenario.tables import decode, read, read_bytes

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


def test_a_unit_in_the_header_goes_to_the_cells():
    rows = read("teams", "id,base,turnout_min\na,b,45\n", Team).rows
    assert rows[0].cells["turnout"] == "45 min"
    assert rows[0].spot("turnout").field == "turnout_min"


def test_rows_count_as_in_a_spreadsheet_and_empty_cells_leave_the_default():
    table = read("villages", HEADER + '\n,,,,\na,"two\nlines",1,2,\n', Village)
    assert [row.where for row in table.rows] == ["row 4"]
    assert "population" not in table.rows[0].cells


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
        (HEADER + f"a,{'x' * 200_000},1,2,3\n", "CSV (field larger than field limit"),
        (HEADER + 'a,"b,1,2,3\n', "CSV (unexpected end of data)"),
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
