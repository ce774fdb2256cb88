"""The example notebook runs, and what it ends its cells with shows itself; so do scenarios, results and verdicts.

Its cells are run in this process, as a kernel would: the starts of kernels fail now and then, cells do not.
"""

from __future__ import annotations

import ast
import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import simrescue
from simrescue.experiment.notebook.shown_tables import WORDS, Verdicts
from simrescue.scenario.load import load
from simrescue.wording.html import Coloured, html_table, shown
from simrescue.wording.language import preferred
from tests.charts import factory

TOP = Path(__file__).parents[2]
NOTEBOOK = TOP / "docs" / "example.ipynb"


def run_cell(source: str, names: dict[str, Any]) -> Any:
    """The value of the last expression of a cell."""
    *before, last = ast.parse(source).body
    assert isinstance(last, ast.Expr), "each cell shows something"
    exec(compile(ast.Module(before, []), "cell", "exec", dont_inherit=True), names)
    return eval(compile(ast.Expression(last.value), "cell", "eval", dont_inherit=True), names)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_example_notebook_runs_and_shows_what_it_makes(
    lang: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(NOTEBOOK.parent)
    monkeypatch.setenv("SIMRESCUE_LANG", lang)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    notebook = json.loads(NOTEBOOK.read_text(encoding="utf-8"))
    assert (notebook["nbformat"], notebook["nbformat_minor"]) == (4, 5)
    assert len({cell["id"] for cell in notebook["cells"]}) == len(notebook["cells"])
    names: dict[str, Any] = {"__name__": "__main__"}
    pictures, pages = 0, 0
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            assert (cell["outputs"], cell["execution_count"]) == ([], None), "kept without outputs"
            made = run_cell("".join(cell["source"]), names)
            if hasattr(made, "_repr_png_"):
                assert made._repr_png_().startswith(b"\x89PNG")
                pictures += 1
            else:
                assert "<table" in made._repr_html_()
                pages += 1
    assert pictures >= 2
    assert pages >= 4


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> simrescue.Results:
    return simrescue.read_results(factory.stored(tmp_path_factory.mktemp("shown") / "run", 2).path)


def test_results_show_their_obligations_in_one_language(
    results: simrescue.Results, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SIMRESCUE_LANG", "en")
    english = results._repr_html_()
    assert all(
        text in english for text in ("A flood on the plain", "2 replications", "11,440 people short", "✕ not met")
    )
    assert not any("\u4e00" <= character <= "\u9fff" for character in english)
    assert english.count("<tr>") == 1 + (results.verdicts["kind"] == "obligation").sum()
    monkeypatch.setenv("SIMRESCUE_LANG", "zh")
    assert all(text in results._repr_html_() for text in ("平原洪水", "2次推演", f"✕ {WORDS['not met'].zh}"))


def test_verdicts_stay_a_table_as_any_other(results: simrescue.Results) -> None:
    verdicts = results.verdicts
    chosen = verdicts[verdicts["verdict"] == "met"]
    assert isinstance(chosen, Verdicts)
    assert "✓" in chosen._repr_html_()
    columns = verdicts[["plan", "clause"]]
    assert "relief-12h" in columns._repr_html_()
    pd.testing.assert_frame_equal(pd.DataFrame(verdicts), pd.DataFrame(verdicts.copy()))
    assert verdicts.groupby("kind").size().sum() == len(verdicts)


def test_verdicts_call_places_by_name(results: simrescue.Results, monkeypatch: pytest.MonkeyPatch) -> None:
    place = results.things[results.things["name"] != ""].iloc[0]
    verdicts = results.verdicts.assign(where=f"{place['id']} 12")
    for lang, column in (("en", "name"), ("zh", "name_zh")):
        monkeypatch.setenv("SIMRESCUE_LANG", lang)
        html = verdicts[verdicts["kind"] == "obligation"]._repr_html_()
        assert place[column] in html
        assert place["id"] not in html


def test_curves_are_a_table_that_draws_itself(results: simrescue.Results) -> None:
    assert {"hour", "share_relieved"} <= set(results.curves.columns)
    english, chinese = results.curves("en"), results.curves("zh")
    assert len(english.axes) == len(chinese.axes) == 2
    assert english.axes[0].get_title(loc="left") != chinese.axes[0].get_title(loc="left")


def test_what_files_say_is_escaped(results: simrescue.Results) -> None:
    evil = "<script>alert('x')</script>"
    assert "<script" not in shown(evil, evil, html_table([evil], [[evil, Coloured(evil, evil)]]))
    scenario = load(TOP / "scenarios" / "tiny-flood", sets={"title": evil, "title_zh": evil})
    assert "<script" not in scenario._repr_html_()
    table = results.verdicts.assign(title=evil, title_zh=evil)
    assert "<script" not in table._repr_html_()


@pytest.mark.parametrize(
    ("variable", "locale", "expected"),
    [("zh", "en_GB", "zh"), ("EN ", "zh_CN", "en"), ("", "zh_CN.UTF-8", "zh"), ("klingon", "", "en")],
)
def test_the_language_is_that_of_the_variable_else_of_the_computer(
    variable: str, locale: str, expected: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SIMRESCUE_LANG", variable)
    monkeypatch.setenv("LC_ALL", locale)
    for name in ("LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    assert preferred() == expected
