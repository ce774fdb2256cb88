"""A plan goes into a workbook and comes back; what is wrong in the workbook is told by sheet, row and column."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import get_args

import pytest
from click.testing import CliRunner, Result

from simrescue.cli import main
from simrescue.cli.prepare.lists import _settings_told
from simrescue.errors import PlanError, ScenarioError
from simrescue.export.plan_workbook import choices, plan_workbook
from simrescue.export.workbook_writer import Cell, WrittenSheet, workbook_bytes
from simrescue.intake.columns import packaged_rows
from simrescue.intake.plan_book.plan_cells import in_plan_words
from simrescue.intake.plan_book.plan_sheets import is_as_written, read_plan_sheets
from simrescue.intake.spreadsheets.workbook import read_workbook
from simrescue.kinds import names
from simrescue.metrics import MEASURES
from simrescue.plans import Plan
from simrescue.responders import TeamKind
from simrescue.scenario.files.faults import keys
from simrescue.scenario.plans.plans_file import load_plan, plan_files
from simrescue.wording import LANGUAGES, Language

LIBRARY = ("county-template", "hebei-2023-2027", "henan-2025", "huaiji-drill-2025", "china-forest-fire")


def call(*words: object) -> Result:
    return CliRunner().invoke(main, ["--lang", "zh", *map(str, words)], catch_exceptions=False)


def edited(path: Path, change: Callable[[str, list[list[Cell]]], None]) -> Path:
    """The workbook after somebody changed the rows of its sheets, by their names."""
    sheets = []
    for sheet in read_workbook(path):
        rows: list[list[Cell]] = [list(row) for row in sheet.rows]
        change(sheet.name, rows)
        sheets.append(WrittenSheet(sheet.name, rows))
    path.write_bytes(workbook_bytes(sheets))
    return path


def put(sheet: str, row: int, head: str, value: str) -> Callable[[str, list[list[Cell]]], None]:
    """A change of one cell, by row as Excel counts and by head."""

    def change(name: str, rows: list[list[Cell]]) -> None:
        if name == sheet:
            rows[row - 1][rows[0].index(head)] = value

    return change


def same(one: Plan, other: Plan) -> bool:
    return one.model_copy(update={"checksum": ""}) == other.model_copy(update={"checksum": ""})


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", LIBRARY)
def test_a_plan_comes_back_from_its_workbook(tmp_path: Path, name: str, lang: Language) -> None:
    path = tmp_path / f"{name}.xlsx"
    path.write_bytes(plan_workbook(load_plan(name), lang))
    plan, text = read_plan_sheets(path)
    assert same(plan, load_plan(name))
    again = tmp_path / f"{name}.yaml"
    again.write_text(text, encoding="utf-8")
    assert same(load_plan(again), load_plan(name)), "and from the plan file that is written of it"


def test_what_is_changed_in_the_workbook_comes_into_the_plan(tmp_path: Path) -> None:
    assert call("plans", "new", "my-county", "--dir", tmp_path).exit_code == 0
    sheet, file = tmp_path / "my-county.xlsx", tmp_path / "my-county.yaml"
    before = load_plan(file)
    assert [each.text_zh for each in before.clauses] == [each.text_zh for each in load_plan("county-template").clauses]
    assert "# ---- 到场" in file.read_text(encoding="utf-8")
    edited(sheet, put("条目", 2, "时限", "３０分钟"))
    edited(sheet, put("条目", 2, "属性", "约束性指标"))
    edited(sheet, put("条目", 4, "响应等级", "Ⅲ级"))
    edited(sheet, put("条目", 2, "其他设定", "tasks: rescue，relief；kinds：boat"))
    assert call("plans", "read", sheet).exit_code == 0
    first, _, third, *_ = load_plan(file).clauses
    assert first.settings.given() == {
        "limit_h": 0.5,
        "clock": "report",
        "tasks": ("rescue", "relief"),
        "kinds": ("boat",),
    }
    assert first.nature == "binding"
    assert third.settings.given()["level"] == "III"
    shown = json.loads(call("plans", file, "--json").stdout)
    assert shown[0]["clauses"][0]["nature"] == "binding"
    assert call("plans", "read", sheet).exit_code == 0, "reading again writes the same"


def test_all_faults_of_a_workbook_are_told_at_once_and_nothing_is_written(tmp_path: Path) -> None:
    call("plans", "new", "my-county", "--dir", tmp_path)
    sheet, file = tmp_path / "my-county.xlsx", tmp_path / "my-county.yaml"
    kept = file.read_bytes()
    edited(sheet, put("条目", 2, "时限", "2"))
    edited(sheet, put("条目", 3, "起算", "出发"))
    edited(sheet, put("条目", 5, "文件", "抗旱预案"))
    edited(sheet, put("条目", 6, "要求值", "很快"))
    edited(sheet, put("条目", 7, "其他设定", "乡镇"))
    edited(sheet, put("文件", 2, "日期", "去年"))
    answer = call("plans", "read", sheet)
    assert answer.exit_code == 2
    lines = answer.stderr.splitlines()
    for name, row, head in (("条目", 2, "时限"), ("条目", 3, "起算"), ("条目", 6, "要求值"), ("文件", 2, "日期")):
        assert any(name in line and f"第{row}行" in line and head in line for line in lines), lines
    assert file.read_bytes() == kept


def test_a_head_that_is_not_known_and_a_sheet_that_lacks_are_told(tmp_path: Path) -> None:
    path = tmp_path / "plan.xlsx"
    path.write_bytes(plan_workbook(load_plan("county-template"), "zh"))

    def misspell(name: str, rows: list[list[Cell]]) -> None:
        if name == "条目":
            rows[0][rows[0].index("时限")] = "时  艰"

    with pytest.raises(PlanError, match="时  艰"):
        read_plan_sheets(edited(path, misspell))
    sheets: Sequence[WrittenSheet] = [WrittenSheet("条目", [["编号", "原文"]])]
    path.write_bytes(workbook_bytes(sheets))
    with pytest.raises(PlanError, match="Plan/预案, Documents/文件"):
        read_plan_sheets(path)
    with pytest.raises(ScenarioError):
        read_plan_sheets(tmp_path / "plan.docx")


def test_a_plan_file_that_was_changed_by_hand_is_not_written_over(tmp_path: Path) -> None:
    call("plans", "new", "my-county", "--dir", tmp_path)
    sheet, file = tmp_path / "my-county.xlsx", tmp_path / "my-county.yaml"
    text = file.read_text(encoding="utf-8")
    assert is_as_written(text)
    by_hand = text.replace("limit: 2 h", "limit: 3 h", 1)
    file.write_text(by_hand, encoding="utf-8")
    answer = call("plans", "read", sheet)
    assert answer.exit_code == 2
    assert "my-county.yaml" in answer.stderr
    assert file.read_text(encoding="utf-8") == by_hand


def test_a_workbook_is_no_plan_file_and_a_name_is_used_once(tmp_path: Path) -> None:
    call("plans", "new", "my-county", "--dir", tmp_path)
    answer = call("plans", tmp_path / "my-county.xlsx")
    assert answer.exit_code == 2
    assert "simrescue plans read" in answer.stderr
    assert call("plans", "new", "my-county", "--dir", tmp_path).exit_code == 2
    assert call("plans", "new", "My County", "--dir", tmp_path).exit_code == 2
    assert sorted(path.name for path in tmp_path.iterdir()) == ["my-county.xlsx", "my-county.yaml"]


@pytest.mark.parametrize(
    ("key", "written", "meant"),
    [
        ("limit", "两小时内", "2小时"), ("limit", "2个小时", "2小时"), ("limit", "半天", "12 h"),
        ("limit", "三十分钟以内", "30分钟"), ("limit", "当日24时前", "当日24时前"), ("threshold", "九成以上", "90 %"),
        ("threshold", "９５％", "95%"), ("threshold", "百分之九十", "90 %"), ("threshold", "全部", "100 %"),
        ("threshold", "不低于90%", "90%"), ("clock", "自接报起", "report"), ("clock", "接到指令后", "order"),
        ("clock", "灾害发生后", "village_impact"), ("level", "3级", "III"), ("stage", "到行政村", "village"),
        ("clock", "适时", "适时"),
    ],
)  # fmt: skip
def test_words_of_a_planner_in_the_cells(key: str, written: str, meant: str) -> None:
    assert in_plan_words(key, written) == meant


def test_a_fault_of_a_cell_names_the_words_of_the_sheet_and_ninety_is_no_share(tmp_path: Path) -> None:
    path = tmp_path / "plan.xlsx"
    number = next(i for i, clause in enumerate(load_plan("county-template").clauses, 2) if clause.id == "K9")
    for head, value, says in (
        ("起算", "下达指令", "“下达指令”，应为受灾、灾害开始、接报、需求出现或启动响应"),
        ("要求值", "90", "应为0至1的比例"),
    ):
        path.write_bytes(plan_workbook(load_plan("county-template"), "zh"))
        with pytest.raises(PlanError) as error:
            read_plan_sheets(edited(path, put("条目", number, head, value)))
        assert says in "\n".join(fault.text("zh") for fault in error.value.faults)


def test_other_settings_are_read_and_written_in_chinese(tmp_path: Path) -> None:
    """What `tasks: rescue` is in a plan file is 任务：救援 in a sheet, and its faults are told in those words."""
    path = tmp_path / "plan.xlsx"
    path.write_bytes(plan_workbook(load_plan("county-template"), "zh"))
    [clauses] = [sheet for sheet in read_workbook(path) if sheet.name == "条目"]
    written = [row[clauses.rows[0].index("其他设定")] for row in clauses.rows]
    assert "对象: 应转移群众" in written
    assert "预报: 6 h; 预警: 3 h; 叫应: 1 h; 反馈: 30 min" in written
    for text, meant in (
        ("任务：救援、转移；力量种类：冲锋舟", {"tasks": ("rescue", "evacuate"), "kinds": ("boat",)}),
        ("力量种类：消防救援队伍、民兵", {"kinds": ("fire", "militia")}),
        ("力量层级: 乡镇", {"levels": ("township",)}),
    ):
        path.write_bytes(plan_workbook(load_plan("county-template"), "zh"))
        plan, _ = read_plan_sheets(edited(path, put("条目", 2, "其他设定", text)))
        given = plan.clauses[0].settings.given()
        assert {key: given[key] for key in meant} == meant
    path.write_bytes(plan_workbook(load_plan("county-template"), "zh"))
    with pytest.raises(PlanError) as error:
        read_plan_sheets(edited(path, put("条目", 2, "其他设定", "任务：救火船")))
    [fault] = error.value.faults
    assert "第2行，其他设定 任务：“救火船”，应为转移或救援" in fault.text("zh")


def test_a_setting_that_its_measure_does_not_have_is_told_in_its_own_column(tmp_path: Path) -> None:
    path = tmp_path / "plan.xlsx"
    path.write_bytes(plan_workbook(load_plan("county-template"), "zh"))
    number = next(i for i, clause in enumerate(load_plan("county-template").clauses, 2) if clause.id == "K5")
    with pytest.raises(PlanError) as error:
        read_plan_sheets(edited(path, put("条目", number, "时限", "6小时")))
    assert [fault.field for fault in error.value.faults] == ["时限"]


def test_every_word_of_the_sheet_is_one_that_a_setting_takes() -> None:
    """A row of `plan_words.csv` for no setting, or for a word that none takes, would never be read."""
    taken: dict[str, set[str]] = {}
    for measure in MEASURES.values():
        for key, field in keys(measure.settings).items():
            words = (
                {*names("responder"), *get_args(TeamKind)}
                if field == "kinds"
                else choices(measure.settings.model_fields[field].annotation)
            )
            taken.setdefault(key, set()).update(words)
    rows = packaged_rows("plan_words.csv")
    for row in rows:
        if row["key"] == "settings":
            assert row["value"] in taken
        elif row["key"] in taken and taken[row["key"]]:
            assert row["value"] in taken[row["key"]], row
    written = {(row["key"], row["value"]) for row in rows}
    assert {("settings", key) for key in taken} <= written
    assert {(key, word) for key, words in taken.items() for word in words} <= written


@pytest.mark.parametrize(
    ("clause", "head", "written", "meant"),
    [
        ("K5", "要求值", "30分钟", 0.5), ("K5", "要求值", "不超过六小时", 6.0), ("K5", "要求值", "六", 6.0),
        ("K5", "要求值", "6", 6.0),
        ("K1", "起始年份", "二〇二五年", 2025), ("K1", "起始年份", "2026年起", 2026),
        ("K1", "截止年份", "２０３０年底", 2030),
    ],
)  # fmt: skip
def test_years_and_hours_as_people_write_them(
    tmp_path: Path, clause: str, head: str, written: str, meant: float
) -> None:
    path = tmp_path / "plan.xlsx"
    path.write_bytes(plan_workbook(load_plan("county-template"), "zh"))
    number = next(i for i, each in enumerate(load_plan("county-template").clauses) if each.id == clause)
    plan, _ = read_plan_sheets(edited(path, put("条目", number + 2, head, written)))
    field = {"要求值": "threshold", "起始年份": "year", "截止年份": "until"}[head]
    assert getattr(plan.clauses[number], field) == meant


@pytest.mark.parametrize(
    ("clause", "head", "written", "says"),
    [
        ("K5", "要求值", "90%", "“自转移指令至全部转出的时间”不是比例"), ("K5", "要求值", "很快", "应为数字"),
        ("K1", "要求值", "2小时", "应为数字"), ("K1", "起始年份", "今年", "应为整数"),
        ("K1", "指标量", "按时达到的求助", "应为指标量表中的名称或含义"),
        ("K4", "指标量", "灾害到达之前转移的群众", "是否想写“灾害到达前转移的群众”"),
    ],
)  # fmt: skip
def test_what_is_no_year_no_hours_and_no_measure_is_told_at_its_cell(
    tmp_path: Path, clause: str, head: str, written: str, says: str
) -> None:
    path = tmp_path / "plan.xlsx"
    path.write_bytes(plan_workbook(load_plan("county-template"), "zh"))
    number = next(i for i, each in enumerate(load_plan("county-template").clauses, 2) if each.id == clause)
    with pytest.raises(PlanError) as error:
        read_plan_sheets(edited(path, put("条目", number, head, written)))
    [line] = [fault.text("zh") for fault in error.value.faults if fault.field == head]
    assert f"第{number}行" in line
    assert says in line


def test_every_setting_of_every_plan_has_a_chinese_word(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that the clauses of a plan are shown in one language, and a Chinese sheet of it reads as one."""
    monkeypatch.setenv("SIMRESCUE_LANG", "zh")
    for name in plan_files():
        for clause in load_plan(name).clauses:
            if clause.measure:
                [*settings] = _settings_told(MEASURES[clause.measure], clause)
                assert not [told for told in settings if re.search("[a-z]{3}", told)], (name, clause.id)


@pytest.mark.parametrize(
    ("written", "measure", "meant"),
    [
        ("1%以内", "direct_loss_of_gdp", ("at_most", 0.01)),
        ("1%", "direct_loss_of_gdp", ("at_most", 0.01)),
        ("控制在1%以内", "direct_loss_of_gdp", ("at_most", 0.01)),
        ("小于0.9人", "deaths_per_million", ("below", 0.9)),
        ("50公顷", "burned_ha", ("at_most", 50)),
        ("750亩以下", "burned_ha", ("at_most", 50)),
        ("不少于九成", "share_warned_before_impact", ("at_least", 0.9)),
        ("90%以上", "share_warned_before_impact", ("at_least", 0.9)),
        ("6小时内", "order_to_out_h", ("at_most", 6)),
    ],
)
def test_a_required_value_says_how_it_is_compared(
    tmp_path: Path, written: str, measure: str, meant: tuple[str, float]
) -> None:
    path = tmp_path / "plan.xlsx"
    path.write_bytes(plan_workbook(load_plan("county-template"), "zh"))
    row = {
        "指标量": measure,
        "要求值": written,
        "比较": "",
        "时限": "",
        "起算": "",
        "响应等级": "",
        "送达": "",
        "其他设定": "",
    }

    def change(name: str, rows: list[list[Cell]]) -> None:
        if name == "条目":
            rows[1:] = [[row.get(str(head), cell) for head, cell in zip(rows[0], rows[1], strict=False)]]

    [clause] = read_plan_sheets(edited(path, change))[0].clauses
    assert (clause.comparison, clause.threshold) == (meant[0], pytest.approx(meant[1]))


@pytest.mark.parametrize(
    ("cells", "told"),
    [
        ({"比较": "低于", "要求值": "不低于90%"}, "要求值：“不低于90%”，应为与“比较”列一致，或不写比较"),
        ({"响应等级": "Ⅱ级响应", "起算": ""}, "应为起算“启动响应”与响应等级（如II）同时给出，或都不给"),
        ({"截止年份": "2019"}, "截止年份：“2019”，应为不早于起始年份的年份"),
        ({"要求值": ""}, "应为指标量和要求值，或以无法测算说明不测量的原因"),
        (
            {"送达": "到村"},
            "送达：应为空单元格（“首批救援力量按时到达的求助”的设置：起算、力量种类、响应等级、力量层级、时限、任务）",
        ),
        (
            {"其他设定": "力量种类：救火车"},
            "其他设定 力量种类：应为下列种类：队伍、舟艇、车辆、直升机、消防救援队、森林消防队、",
        ),
        (
            {"指标量": "order_to_out_h", "比较": "至少"},
            "比较：“不低于”，应为不超过或低于：“自转移指令至全部转出的时间”越小越好",
        ),
    ],
)
def test_faults_of_a_chinese_sheet_are_in_its_heads_and_words(tmp_path: Path, cells: dict[str, str], told: str) -> None:
    path = tmp_path / "plan.xlsx"
    path.write_bytes(plan_workbook(load_plan("county-template"), "zh"))

    def change(name: str, rows: list[list[Cell]]) -> None:
        if name == "条目":
            for head, cell in cells.items():
                rows[1][rows[0].index(head)] = cell

    with pytest.raises(PlanError) as refused:
        read_plan_sheets(edited(path, change))
    assert any(told in fault.text("zh") for fault in refused.value.faults), refused.value.faults[0].text("zh")
