"""A fault is one line that a planner can act on; an error carries all of them."""

import pickle

import pytest

from simrescue.errors import Fault, FaultsError, PlanError, ResultsError, ScenarioError, SimrescueError, nearest
from simrescue.wording import LANGUAGES, Words


def test_a_fault_in_a_table_names_row_and_column():
    fault = Fault("villages.csv", "row 7", "population", "-5", "a whole number of people, 0 or more")
    assert str(fault) == 'villages.csv row 7, column population: "-5" - expected a whole number of people, 0 or more'


def test_a_fault_in_yaml_names_line_and_path_and_the_nearest_name():
    fault = Fault("scenario.yaml", "line 8", "command.polcy", None, "a known key", "policy")
    assert str(fault) == 'scenario.yaml line 8, command.polcy: expected a known key; did you mean "policy"?'


def test_a_fault_of_a_whole_file_stays_short():
    assert str(Fault("villages.csv", "", "", None, "this file")) == "villages.csv: expected this file"


def test_long_and_broken_values_are_shown_on_one_line():
    text = str(Fault("a.csv", "row 2", "name", "x\n" * 500, "a name"))
    assert "\n" not in text
    assert len(text) < 150


def test_an_error_lists_all_its_faults_and_survives_pickling():
    faults = [Fault("a.csv", f"row {n}", "id", "x", "an id") for n in (2, 3)]
    error = pickle.loads(pickle.dumps(ScenarioError(faults)))
    assert error.faults == tuple(faults)
    assert str(error).splitlines() == [str(fault) for fault in faults]


@pytest.mark.parametrize("kind", [FaultsError, ScenarioError, PlanError, ResultsError])
def test_one_name_catches_all(kind):
    assert issubclass(kind, SimrescueError)


def test_nearest_name_or_nothing():
    assert nearest("depot-noth", ["depot-north", "depot-south"]) == "depot-north"
    assert nearest("zzz", ["depot-north"]) == ""


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        (
            Fault("a.csv", "row 7", "population", "-5", Words("a number", "数字")),
            "a.csv 第7行，population 列：“-5”，应为数字",
        ),
        (
            Fault("b.yaml", "line 8", "pln", None, Words("a key", "键"), "plan"),
            "b.yaml 第8行，pln：应为键；是否想写“plan”？",
        ),
        (Fault("c.asc", "cell 3, 4", "", Words("2 cells", "2格"), "1"), "c.asc 栅格第3行第4列：“2格”，应为1"),
        (Fault("c.asc", "header", "", None, "1"), "c.asc 文件头：应为1"),
        (Fault("d", "", "", None, "1"), "d：应为1"),
    ],
)
def test_a_fault_is_told_in_chinese_too(fault: Fault, told: str) -> None:
    assert fault.text("zh") == told
    assert ScenarioError([fault, fault]).text("zh") == f"{told}\n{told}"


def test_errors_keep_their_languages_on_the_way_from_another_process() -> None:
    for error in (
        ResultsError(Words("lost", "丢失")),
        ScenarioError([Fault("a", "line 1", "", None, Words("b", "乙"))]),
    ):
        again = pickle.loads(pickle.dumps(error))
        assert type(again) is type(error)
        assert [again.text(lang) for lang in LANGUAGES] == [error.text(lang) for lang in LANGUAGES]
        assert str(again) == error.text("en")
