"""The plan library: every clause reads, keeps its source, and is measured or says why not; and how clauses are read."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from simrescue.errors import PlanError
from simrescue.experiment.store.replication_result import VERDICT_COLUMNS
from simrescue.metrics import MEASURES
from simrescue.plans import (
    NO_DISTANCE,
    Clause,
    Line,
    Plan,
    Verdict,
    by_nature,
    lines,
    sentence,
    verdict_row,
    with_nature,
)
from simrescue.responders import TEAM_KINDS
from simrescue.scenario.plans.plans_file import checksums, is_static, load_compared, load_plan, plan_files
from simrescue.wording import Words

LIBRARY = Path(__file__).parents[1] / "scenarios" / "plans"
TEMPLATE = "county-template"
NAMES = [
    "china-forest-fire", TEMPLATE, "guangdong-2025", "guangxi-2025", "guangzhou-2025", "hebei-2023-2027",
    "hebei-standards-2025", "henan-2025", "huaiji-drill-2025", "hubei-2025", "mentougou-drill-2023",
    "tianjin-hebei-district-2021-2025",
]  # fmt: skip
INVENTED = {"huaiji-drill-2025", "mentougou-drill-2023"}
SMALL = """\
name: small
title: Small plan
title_zh: 小规划
jurisdiction: Somewhere
jurisdiction_zh: 某地
documents:
  paper: {title: Paper, title_zh: 文件, date: "2024"}
clauses:
  - id: A1
    kind: obligation
    name: Relief within 8 h
    name_zh: 8小时内得到救助
    text_zh: 8小时内得到救助
    document: paper
    year: 2024
    measure: share_relieved
    settings: {limit: 8 h}
    threshold: 95 %
"""


def written(folder: Path, text: str, name: str = "small") -> Path:
    path = folder / f"{name}.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def clause(**changes: object) -> Clause:
    settings: dict[str, object] = {
        "id": "A1", "kind": "obligation", "name": "A", "name_zh": "甲", "text_zh": "甲", "document": "paper",
        "year": 2024, "measure": "share_relieved", "settings": {"limit_h": 8.0}, "threshold": 0.95,
    }  # fmt: skip
    return Clause.model_validate(settings | changes)


# ---- the library


def test_the_library_is_whole() -> None:
    assert [name for name, path in plan_files().items() if path.parent == LIBRARY] == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_every_clause_is_measured_or_says_why_not(name: str) -> None:
    for each in load_plan(name).clauses:
        if each.not_measured:
            assert each.not_measured_zh
        else:
            assert each.measure in MEASURES
            assert each.chosen
            assert each.chosen_zh


def test_clause_ids_are_unique_over_the_library() -> None:
    ids = [each.id for name in NAMES for each in load_plan(name).clauses]
    assert len(ids) == len(set(ids))


def test_only_governments_own_plans_and_invented_ones_hold_obligations() -> None:
    own = {name for name in NAMES if any(each.kind == "obligation" for each in load_plan(name).clauses)}
    governments = {"china-forest-fire", "hebei-2023-2027", "henan-2025", "tianjin-hebei-district-2021-2025"}
    assert own == governments | INVENTED | {TEMPLATE}


@pytest.mark.parametrize("name", NAMES)
def test_what_is_invented_says_so_wherever_it_is_shown(name: str) -> None:
    plan = load_plan(name)
    english = [plan.title, *(each.name for each in plan.clauses)]
    chinese = [plan.title_zh, *(text for each in plan.clauses for text in (each.name_zh, each.text_zh))]
    told = ["invented" in text for text in english] + ["虚构" in text for text in chinese]
    assert set(told) == {name in INVENTED}


def test_the_template_says_what_it_is() -> None:
    plan = load_plan(TEMPLATE)
    assert "template" in plan.title
    assert "模板" in plan.title_zh
    assert {each.nature for each in plan.clauses} == {"", "binding", "indicative"}


def test_binding_and_indicative_are_counted_apart() -> None:
    assert by_nature([("", "met"), ("", "not met")]).en == ""
    judged = [("binding", "met"), ("binding", "undecided"), ("indicative", "not met"), ("", "met")]
    assert by_nature(judged).zh == "文件注明属性的承诺中，约束性2项中守住1项、预期性1项中守住0项。"
    assert with_nature(Words("A", "甲"), "binding") == ("A (binding)", "甲（约束性）")
    assert with_nature(Words("A", "甲"), "") == ("A", "甲")


def test_all_targets_are_there() -> None:
    found = {each.id.split("-")[0] for name in NAMES for each in load_plan(name).clauses}
    targets = [f"T01{i}" for i in "abcd"] + ["T02a", "T02b", "T02c", "T03a", "T03b", "T03c", "T04", "T05"]
    targets += [f"T06{i}" for i in "abcde"] + ["T07a", "T07b", "T08a", "T08b", "T08c", "T09", "T10a", "T11", "T12"]
    circles = ["C01", "C02", "C03a", "C03b", "C03c", "C04a", "C04b", "C04c", "C05", "C06", "C07", "C08", "C09"]
    circles += ["C10a", "C10b", "C11", "C12", "C13", "C14", "C15", "C16", "R01", "R02", "R04"]
    assert set(targets + circles) - found == set()


def test_hebei_is_judged_by_the_limit_of_its_year() -> None:
    plan = load_plan("hebei-2023-2027")

    def judged(year: int) -> list[str]:
        return [line.clause.id for line in lines([plan], [], year) if line.kind == "obligation"]

    assert judged(2022) == []
    assert judged(2023) == ["T01a", "T02a", "T03a", "T12-2023"]
    assert judged(2025) == ["T01b", "T02a", "T03a", "T12-2025"]
    assert judged(2027) == ["T01b", "T02b", "T03b", "T12-2027"]
    limits = {each.id: each.settings.given().get("limit_h") for each in plan.clauses}
    assert (limits["T01a"], limits["T01b"]) == (12, 10)


def test_comparison_lines_are_never_obligations() -> None:
    plan, henan = load_plan("hebei-2023-2027"), load_plan("henan-2025")
    found = list(lines([plan], [*load_compared([plan]), henan, plan], 2025))
    assert {line.kind for line in found if line.plan is not plan} == {"comparison"}
    assert len([line for line in found if line.plan is henan]) == len(henan.clauses)
    assert len(found) == len({(line.plan.name, line.clause.id) for line in found})


def test_the_two_hebeis_are_kept_apart() -> None:
    province, district = load_plan("hebei-2023-2027"), load_plan("tianjin-hebei-district-2021-2025")
    assert (province.jurisdiction_zh, district.jurisdiction_zh) == ("河北省", "天津市河北区")
    assert "hebei-standards-2025" not in district.compare_with


def test_doubtful_unit_is_kept_as_printed_and_said() -> None:
    deaths = next(each for each in load_plan("tianjin-hebei-district-2021-2025").clauses if each.id == "T02c")
    assert "0.1%" in deaths.text_zh
    assert deaths.threshold == 1
    assert deaths.chosen.startswith("Unit doubtful")


def test_times_and_areas_of_fires_are_no_obligations() -> None:
    kinds = {each.id: (each.kind, each.measure) for each in load_plan("china-forest-fire").clauses}
    assert {kind for kind, measure in kinds.values() if measure in {"fire_contained_h", "largest_fire_ha"}} == {
        "reading",
        "result",
    }


def test_minutes_and_hours_of_the_two_135() -> None:
    guangxi = {each.id: each.settings.given().get("limit_h") for each in load_plan("guangxi-2025").clauses}
    guangzhou = {each.id: each.settings.given().get("limit_h") for each in load_plan("guangzhou-2025").clauses}
    assert guangxi["C03b"] == 3
    assert guangzhou["C04b"] == pytest.approx(10 / 60)


# ---- reading files


def test_a_plan_by_path_with_its_checksum(tmp_path: Path) -> None:
    plan = load_plan(written(tmp_path, SMALL))
    assert plan.clauses[0].settings.given() == {"limit_h": 8.0}
    assert plan.clauses[0].threshold == 0.95
    assert plan.clauses[0].reliability == 0.9
    assert checksums([plan]) == {"small": plan.checksum}
    assert len(plan.checksum) == 64


def test_settings_of_a_clause_that_is_not_measured_wait_for_the_day(tmp_path: Path) -> None:
    measured = "    measure: share_relieved\n"
    assert measured in SMALL
    waiting = SMALL.replace(measured, "    not_measured: because\n    not_measured_zh: 因故\n")
    (clause,) = load_plan(written(tmp_path, waiting)).clauses
    assert not clause.settings.given()
    with pytest.raises(PlanError, match="hour_of_glory"):
        load_plan(written(tmp_path, waiting.replace("{limit: 8 h}", "{limit: 8 h, hour_of_glory: 8 h}")))


def test_a_plan_beside_the_scenario_comes_first(tmp_path: Path) -> None:
    (tmp_path / "plans").mkdir()
    written(tmp_path / "plans", SMALL.replace("name: small", "name: hubei-2025"), "hubei-2025")
    assert load_plan("hubei-2025", tmp_path / "zhuozhou").title == "Small plan"
    assert load_plan("hubei-2025").title != "Small plan"


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("measure: share_relieved", "measure: share_releived", 'line 16, clauses.0.measure: "share_releived"'),
        ("measure: share_relieved", "measure: share_releived", 'did you mean "share_relieved"'),
        ("{limit: 8 h}", "{limit: 8}", "with its unit"),
        ("{limit: 8 h}", "{clock: report}", "a limit, which share_relieved needs"),
        (
            "{limit: 8 h}",
            "{limit: 8 h, area: county}",
            "expected settings of share_relieved: clock, level, limit",
        ),
        ("{limit: 8 h}", "{limit: 8 h, clock: noon}", "'scenario_onset', 'report', 'need' or 'level'"),
        ("{limit: 8 h}", "[8 h]", "clock, level, limit, needs, who"),
        ("    settings: {limit: 8 h}\n", "", "a limit, which share_relieved needs"),
        (
            "share_relieved\n    settings: {limit: 8 h}",
            "share_responded\n    settings: {limit: 8 h, kinds: ship}",
            "kinds among",
        ),
        (
            "share_relieved\n    settings: {limit: 8 h}",
            "share_teams_staffed\n    settings: {level: village}",
            "a least number of people (minimum) for teams of village level",
        ),
        ("threshold: 95 %", "threshold: much", "a number such as 1"),
        ("threshold: 95 %", "confidance: 95 %", 'did you mean "confidence"'),
        ("    threshold: 95 %\n", "", "`measure` and `threshold`"),
        ("    threshold: 95 %\n", "    threshold: 1\n    not_measured: because\n", "not both"),
        ("document: paper", "document: papr", 'did you mean "paper"'),
        ("name: small", "name: large", "the name of the file, small"),
        ("year: 2024", "year: &x 2024", "not an anchor"),
    ],
)
def test_faults_name_line_and_cure(tmp_path: Path, old: str, new: str, message: str) -> None:
    with pytest.raises(PlanError) as caught:
        load_plan(written(tmp_path, SMALL.replace(old, new)))
    assert message in str(caught.value)


def test_all_faults_at_once(tmp_path: Path) -> None:
    text = SMALL.replace("year: 2024", "year: soon").replace("8 h", "8").replace("kind: obligation", "kind: duty")
    with pytest.raises(PlanError) as caught:
        load_plan(written(tmp_path, text))
    assert len(caught.value.faults) == 3


def test_one_id_twice(tmp_path: Path) -> None:
    twice = SMALL + SMALL[SMALL.index("  - id: A1") :]
    with pytest.raises(PlanError, match=r'line 19, clauses\.1\.id: "A1" - expected each clause'):
        load_plan(written(tmp_path, twice))


def test_unknown_names(tmp_path: Path) -> None:
    with pytest.raises(PlanError, match='did you mean "hebei-2023-2027"'):
        load_plan("hebei")
    with pytest.raises(PlanError, match="expected this file"):
        load_plan(tmp_path / "nothing.yaml")


# ---- clauses


@pytest.mark.parametrize(
    ("comparison", "threshold", "value", "holds"),
    [
        ("at_least", 0.95, 0.95, True),
        ("at_least", 1.0, 1 - 1e-12, True),
        ("at_least", 0.95, 0.9499, False),
        ("at_most", 10.0, 10.0, True),
        ("at_most", 10.0, math.inf, False),
        ("below", 1.0, 1.0, False),
        ("below", 1.0, 0.999, True),
        ("at_least", 0.95, math.nan, False),
        ("below", 0.95, math.nan, False),
    ],
)
def test_comparison_with_the_threshold(comparison: str, threshold: float, value: float, *, holds: bool) -> None:
    measured = {} if comparison == "at_least" else {"measure": "deaths_per_million", "settings": {}}
    assert clause(comparison=comparison, threshold=threshold, **measured).holds(value) is holds


def test_records_are_frozen_and_closed() -> None:
    with pytest.raises(ValidationError):
        clause().year = 2025
    with pytest.raises(ValidationError, match="Extra inputs"):
        clause(deadline=3)


def test_static_clauses_are_told_from_others() -> None:
    assert is_static(clause(measure="share_reached_by_air"))
    assert not is_static(clause())


# ---- what is said of a verdict

MET = Verdict("met", 1.0, 0.912, 1.0, 40, 0.9, 0.95, untested=2)


def test_rescue_teams_of_henan_are_of_all_kinds_but_those_that_the_clauses_name() -> None:
    counted = [frozenset(getattr(clause.settings, "kinds", ())) for clause in load_plan("henan-2025").clauses]
    rescue = frozenset(TEAM_KINDS) - {"transport", "medical", "repair", "military"}
    assert [kinds for kinds in counted if kinds and kinds != {"repair"}] == [rescue] * 5


def test_sentences() -> None:
    english, chinese = sentence(MET)
    assert english == (
        "Met: it held in 40 of 40 replications (95 % interval 91.2 % to 100 %); 90 % is required."
        " 2 more did not put it to the test."
    )
    assert chinese == ("达到：40次推演中40次达标（95%置信区间91.2%至100%），要求90%。另有2次未检验到。")
    assert sentence(Verdict("not measured", reason="no damage", reason_zh="无")) == (
        "Not measured: no damage", "未测量：无",
    )  # fmt: skip
    assert sentence(Verdict("undecided")).en == "Undecided: no replication put the clause to the test."
    one_look = sentence(replace(MET, confidence=math.nan))
    assert "(interval 91.2 % to 100 %)" in one_look.en
    static = Verdict("met", 1.0, n=1, static=True, reason="1, required at least 0.9")
    assert sentence(static).zh == "达到（由情景直接判定，无需推演）：1, required at least 0.9"


def test_row_of_a_verdict(tmp_path: Path) -> None:
    plan: Plan = load_plan(written(tmp_path, SMALL))
    (line,) = lines([plan], [], 2024)
    row = verdict_row(line, MET, MET, from_need=MET)
    assert tuple(row) == VERDICT_COLUMNS
    assert math.isnan(verdict_row(line, MET)["best"])
    assert row == {
        "plan": "small", "clause": "A1", "kind": "obligation", "nature": "", "title": "Relief within 8 h",
        "title_zh": "8小时内得到救助", "metric": "share_relieved", "limit": 8.0, "unit": "h", **NO_DISTANCE,
        "estimate": 1.0,
        "low": 0.912, "high": 1.0, "required": 0.9, "confidence": 0.95, "replications": 40, "untested": 2,
        "verdict": "met", "reason": "", "reason_zh": "", "numbers": "assumed",
        "from_need": 1.0, "from_need_low": 0.912, "from_need_high": 1.0, "best": 1.0, "best_low": 0.912,
        "best_high": 1.0,
    }  # fmt: skip


def test_limits_and_their_units() -> None:
    plan = load_plan("hebei-2023-2027")
    found: list[Line] = list(lines([plan], load_compared([plan]), 2023))
    limits = {line.clause.id: (verdict_row(line, MET)["limit"], verdict_row(line, MET)["unit"]) for line in found}
    assert limits["T01a"] == (12.0, "h")
    assert limits["T02a"] == (1.0, "per million")
    assert limits["C06"] == (1.0, "share")
    assert limits["C09"] == (1.0, "")
    assert limits["T03a"] == (0.01, "share")
    assert math.isnan(limits["T12-2023"][0])


@pytest.mark.parametrize("measure", [m for m in MEASURES.values() if m.unit == "h"], ids=lambda m: m.name)
def test_a_promise_of_hours_says_how_many_at_most(measure: Any) -> None:
    """Left out, as in a planner's sheet, it would be kept by who is late; and to be late is no promise."""
    required = [name for name, field in measure.settings.model_fields.items() if field.is_required()]
    settings = {"level": "II"} if "level" in required else {}
    given = {"measure": measure.name, "settings": settings, "threshold": 6}
    assert clause(**given).comparison == "at_most"
    with pytest.raises(ValidationError, match="less is better"):
        clause(**given, comparison="at_least")


@pytest.mark.parametrize(("changes", "says"), [
    ({"threshold": 90}, "a share from 0 to 1"),
    ({"threshold": "150 %"}, "a share from 0 to 1"),
    ({"threshold": "0 %"}, "whatever happens"),
    ({"threshold": "100 %", "comparison": "at_most"}, "whatever happens"),
    ({"until": 2020}, "a year not before year"),
    ({"reliability": 0}, "greater than 0"),
])  # fmt: skip
def test_what_no_promise_can_be_is_refused(changes: dict[str, Any], says: str) -> None:
    with pytest.raises(ValidationError, match=says):
        clause(**changes)


@pytest.mark.parametrize("measure", MEASURES.values(), ids=lambda measure: measure.name)
def test_a_measure_with_a_second_reading_from_the_need_knows_that_clock(measure: Any) -> None:
    """A run reads every clause that is timed from the report from the need as well."""
    given = {"limit_h": 1.0} if measure.has_limit else {}
    required = {name for name, field in measure.settings.model_fields.items() if field.is_required()}
    if required <= set(given) and measure.has_two_clocks(given):
        measure.settings.model_validate({**given, "clock": "need"}, by_name=True)
