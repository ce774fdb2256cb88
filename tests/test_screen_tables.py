"""Tables and sentences on a narrow screen: no word is broken, no number is parted from its unit."""

from __future__ import annotations

import io

import pytest
from rich.console import Console

from simrescue.cli.answers.sensitivities import _change_head, _signed
from simrescue.cli.show.lines import cells, lines_of
from simrescue.cli.show.tables import plain_table
from simrescue.experiment.studies.sensitivity import Output


def shown(width: int, *rows: tuple[str, ...]) -> list[str]:
    table = plain_table("", "What it is called", "Difference", "Interval", right=("Difference",))
    for row in rows:
        table.add_row(*row)
    file = io.StringIO()
    Console(file=file, width=width).print(table)
    return file.getvalue().splitlines()


@pytest.mark.parametrize("width", [44, 60, 80])
def test_a_table_breaks_no_word_where_there_is_room_for_the_longest(width: int) -> None:
    words = "Person-hours of waiting beyond 10 h, counted by villages"
    lines = shown(width, (words, "+1,234,567", "-272,000.5 to +172,000.5"), ("Deaths", "0", "0 to 0"))
    assert max(map(cells, lines)) <= width
    text = " ".join(lines)
    assert all(word in text for word in (*words.split(), "+1,234,567", "-272,000.5", "+172,000.5"))


def test_a_name_that_is_not_to_be_wrapped_stays_whole_where_words_have_no_room() -> None:
    table = plain_table("", "Name", "Used for", "Source")
    table.columns[0].no_wrap = True
    table.add_row("parameters.heli_cruise_kmh", "aircraft-over-the-mountains", "handbook-of-civil-aviation")
    file = io.StringIO()
    Console(file=file, width=50).print(table)
    assert "parameters.heli_cruise_kmh" in file.getvalue()
    assert max(map(cells, file.getvalue().splitlines())) <= 50


def test_a_table_without_room_for_its_words_still_fits() -> None:
    assert max(map(cells, shown(24, ("one-very-long-identifier", "1", "another-long-one")))) <= 24


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [
        ("holds in 5 % (0.2 % to 18.2 %)", 24, ["holds in 5 % (0.2 % to", "18.2 %)"]),
        ("其余村01(合并,假定)等", 10, ["其余村01", "(合并,假", "定)等"]),
        ("waits 14 h and more", 8, ["waits", "14 h and", "more"]),
        ("火场 王林口镇学校操场", 19, ["火场", "王林口镇学校操场"]),
        ("洪涝 柏树村", 8, ["洪涝", "柏树村"]),
        ("达标概率5%（0.2%至18.2%）", 12, ["达标概率5%", "（0.2%至", "18.2%）"]),
    ],
)
def test_a_number_stays_with_its_unit_and_a_bracket_with_what_it_opens(text: str, width: int, lines: list[str]) -> None:
    assert lines_of(text, width) == lines


@pytest.mark.parametrize("width", [36, 40, 56])
def test_a_chinese_cell_breaks_no_number(width: int) -> None:
    told = "受灾人员基本生活12小时内得到有效救助(2023年、2025年目标)，370M专网覆盖60%以上"
    lines = shown(width, (told, "0%", "73%至95%"), ("死亡人数", "0", "0至0"))
    assert max(map(cells, lines)) <= width
    assert all(any(whole in line for line in lines) for whole in ("12小时", "(2023年", "2025年", "370M", "60%"))
    assert not any(line.lstrip().startswith((")", "，", "、")) for line in lines), "no line begins with what closes"


def test_a_column_of_chinese_amounts_is_as_wide_as_they_are() -> None:
    lines = shown(48, ("增加8架直升机、道路保持在水面以上5项、储备和装卸位4项、舟艇2项", "1,280,000", "247人"))
    assert any("247人" in line for line in lines)


@pytest.mark.parametrize(
    ("output", "head", "told"),
    [
        (Output("plan/T02a", "value", "per million"), "Change, per million", "-0.336"),
        (Output("plan/T01a", "chance"), "Change, percentage points", "-33.6"),
        (Output("deaths", "number"), "Difference", "-0.336"),
    ],
)
def test_a_change_stands_below_its_unit_and_does_not_repeat_it(output: Output, head: str, told: str) -> None:
    assert (_change_head(output), _signed(output, -0.336)) == (head, told)
