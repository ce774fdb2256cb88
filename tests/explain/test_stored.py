"""Reasons from a results folder alone: the same as from the world, every clause, both languages, bad input named."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner, Result

from simrescue import Results, load, run
from simrescue.cli import main
from simrescue.cli.answers.explanations import show_reasons
from simrescue.errors import ResultsError
from simrescue.explain import BINS, chosen, explain, explain_results, facts_of, reasons_of
from simrescue.explain.stored import sentence
from simrescue.simulation.run import simulate
from simrescue.simulation.world import compile_world
from tests.explain.chains_of import explained
from tests.stores import without_logs

TINY = Path(__file__).parents[2] / "scenarios" / "tiny-flood"


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Results:
    return run(load(TINY), replications=2, out=tmp_path_factory.mktemp("explain") / "run")


def before_reasons(results: Results) -> Results:
    """The same as a version wrote it that kept no reasons."""
    files = {name: sums for name, sums in results.manifest["files"].items() if name != "reasons.parquet"}
    return Results(results.path, results.manifest | {"files": files})


def call(*words: str | Path) -> Result:
    result = CliRunner().invoke(main, [str(word) for word in words])
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def test_facts_are_those_of_the_world(results: Results) -> None:
    facts, world = facts_of(results, results.log(1)), compile_world(load(TINY)).facts
    for name in ("villages", "population", "kinds", "levels"):
        assert np.array_equal(getattr(facts, name), getattr(world, name)), name
    for name in ("ids", "duration_h", "tracked", "fires"):
        assert getattr(facts, name) == getattr(world, name), name


def test_the_same_reasons_as_without_a_store(results: Results) -> None:
    world = compile_world(load(TINY))
    log = simulate(world, 1, 1)
    for one in chosen(results, None):
        decision_h = world.scenario.settings.command.decision_h
        fresh = explain(log, world.facts, one.measure, one.settings, decision_h)
        assert reasons_of(results, one, 1) == fresh


def test_settings_of_clauses_come_from_the_manifest(results: Results) -> None:
    (onset,) = chosen(results, "T01a-onset")
    assert onset.settings["clock"] == "scenario_onset"
    without = Results(results.path, {k: v for k, v in results.manifest.items() if k != "clauses"})
    (limit_only,) = chosen(without, "T01a-onset")
    assert limit_only.settings == {"limit_h": 12.0}


def test_shares_sum_to_one_for_each_clause_and_place(results: Results) -> None:
    found = explain_results(results)
    assert found.replications == (0, 1)
    assert np.allclose(found.why.groupby("clause")["share"].sum(), 1)
    assert np.allclose(found.places.groupby(["clause", "place"])["share"].sum(), 1)
    by_place = found.places.groupby("clause")["person_h"].sum()
    assert np.allclose(by_place, found.why.groupby("clause")["person_h"].sum()[by_place.index])
    assert set(found.sentences) == {one.key for one in chosen(results, None)}
    assert {one.measure for one in chosen(results, None)} <= set(explained())


def test_the_sentence_names_the_largest_bin(results: Results) -> None:
    found = explain_results(results, "T01a")
    top = found.why.nlargest(1, "person_h").iloc[0]
    (english, chinese), *_ = found.sentences.values()
    assert english.startswith(f"{top['share'] * 100:.0f} % of the late hours: ")
    assert chinese.startswith(f"超时时间的{top['share'] * 100:.0f}%用于")


def test_one_replication(results: Results) -> None:
    both = explain_results(results, "T01a").why["person_h"].sum()
    each = [explain_results(results, "T01a", (number,)).why["person_h"].sum() for number in (0, 1)]
    assert both == pytest.approx(sum(each) / 2)


def test_what_workers_kept_is_what_the_logs_say(results: Results) -> None:
    old = before_reasons(results)
    assert results.reasons is not None
    assert old.reasons is None
    for numbers in (None, (1,)):
        kept, read = explain_results(results, None, numbers), explain_results(old, None, numbers)
        pd.testing.assert_frame_equal(kept.why, read.why)
        pd.testing.assert_frame_equal(kept.places, read.places)
        assert (kept.sentences, kept.replications) == (read.sentences, read.replications)


def test_a_run_without_logs_is_explained_all_the_same(results: Results, tmp_path: Path) -> None:
    bare = without_logs(results, tmp_path / "bare")
    pd.testing.assert_frame_equal(explain_results(bare).why, explain_results(results).why)
    assert call("explain", bare.path).exit_code == 0
    with pytest.raises(ResultsError, match="no replication 7"):
        explain_results(results, None, (7,))


def test_without_logs_and_reasons_it_says_so(results: Results, tmp_path: Path) -> None:
    with pytest.raises(ResultsError, match="no event log"):
        explain_results(before_reasons(without_logs(results, tmp_path / "bare")))
    with pytest.raises(ResultsError, match="replication 7"):
        explain_results(before_reasons(results), None, (7,))


def test_unknown_clause(results: Results) -> None:
    with pytest.raises(KeyError):
        explain_results(results, "T99")


def test_command_for_the_whole_run(results: Results) -> None:
    told = call("explain", results.path)
    assert told.exit_code == 0
    assert "of the late hours" in told.output
    assert "Where most hours are lost" in told.output


@pytest.mark.parametrize(("lang", "words"), [("en", "Residents of East Ferry"), ("zh", "有居民")])
def test_command_for_a_village(results: Results, lang: str, words: str) -> None:
    told = call("explain", results.path, "--place", "East Ferry", "-k", "1", "--lang", lang)
    for row in results.verdicts.to_dict("records"):  # each clause that is told bears its title
        key, title = f"{row['plan']}/{row['clause']}", row["title" if lang == "en" else "title_zh"]
        assert f"{key}  " not in told.output or "".join(f"{key}{title}".split()) in "".join(told.output.split())
    assert told.exit_code == 0
    assert words in told.output


def test_command_for_a_responder(results: Results) -> None:
    boat = results.things.loc[results.things["kind"] == "boat", "id"].iloc[0]
    told = call("explain", results.path, "--place", boat)
    assert told.exit_code == 0
    assert "late" not in told.output


@pytest.mark.parametrize("column", ["name", "name_zh", "id"])
def test_a_name_that_several_crews_share_is_answered_with_their_ids(results: Results, column: str) -> None:
    crews = results.things[results.things["kind"] == "truck"]
    shared = crews[column].str.replace(r"-\d+$", "", regex=True).mode()[0]
    told = call("explain", results.path, "--place", shared, "--no-test")
    assert told.exit_code == 2
    ids = crews["id"][crews[column].str.replace(r"-\d+$", "", regex=True) == shared].tolist()
    assert len(ids) > 1
    assert f"{len(ids)} are called {shared!r}: give the id of one, {ids[0]} to {ids[-1]}" in told.output


@pytest.mark.parametrize(
    ("words", "says"),
    [(["--place", "Nowhere"], "no id"), (["--clause", "T99"], "T01a"), (["-k", "9"], "no replication 9")],
)
def test_command_with_bad_input(results: Results, words: list[str], says: str) -> None:
    told = call("explain", results.path, *words)
    assert told.exit_code in (1, 2)
    assert says in told.output


def test_command_without_results(tmp_path: Path) -> None:
    told = call("explain", tmp_path)
    assert told.exit_code == 1
    assert "no results folder" in told.output


def test_manifest_keeps_what_clauses_set(results: Results) -> None:
    kept = json.loads((results.path / "manifest.json").read_text(encoding="utf-8"))["clauses"]
    assert kept["hebei-2023-2027/T01a"]["limit_h"] == 12.0


def test_an_obligation_that_nothing_tested_is_told_so(results: Results, capsys: pytest.CaptureFixture[str]) -> None:
    """It may well count a delay; there was nobody to be late for."""
    untested = Results(results.path, results.manifest)
    table = results.verdicts.copy()
    table["untested"], table["replications"] = table["replications"], 0
    vars(untested)["verdicts"] = table
    show_reasons(untested, [f"{row['plan']}/{row['clause']}" for row in table.head(2).to_dict("records")], None, [])
    assert f"put {table['clause'][0]}, {table['clause'][1]} to the test" in " ".join(capsys.readouterr().out.split())


def test_a_bin_of_a_kind_that_is_not_known_any_more_is_called_by_its_key() -> None:
    why = pd.DataFrame(
        {"clause": ["p/c"] * 2, "bin": ["free_gone", "report"], "person_h": [3.0, 1.0], "share": [0.75, 0.25]}
    )
    assert "free_gone" in sentence(why, "p/c").en
    assert BINS["free_gone"].name_zh == "free_gone"
    assert "free_gone" not in BINS
