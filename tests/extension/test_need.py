"""The door: a need registered from outside (lamp oil, used up day by day) takes part in everything."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from simrescue import EventKind, ScenarioError, load, read_results, simulate
from simrescue.charts.experiment.metric_names import scalar_words
from simrescue.experiment.studies.mending.menu import menu_of
from simrescue.kinds import forget_need, needs_registered, register_need
from simrescue.places import BASIC_NEEDS, NEED_KINDS, NEEDS, NeedKind, Stock
from simrescue.scenario.records import Relief, Settings
from simrescue.wording import Words
from tests.extension.door import SCENARIOS, call, replayed, reported, run, swept

OIL = NeedKind("lamp_oil", Words("lamp oil", "灯油"), used_up=True, price_yuan=1.5, kg=0.1)
TRACKED = ("--set", "relief.tracked=[food, water, lamp_oil]")


def with_oil(folder: Path, litres: int) -> Path:
    """The small flood, with so much oil in the depot of the county."""
    shutil.copytree(SCENARIOS / "tiny-flood", folder)
    file = folder / "depots.csv"
    first, second, *others = file.read_text("utf-8").splitlines()
    rows = [f"{first},lamp_oil", f"{second},{litres}", *(f"{line}," for line in others)]
    file.write_text("\n".join(rows) + "\n", "utf-8")
    return folder


@pytest.fixture(scope="module", autouse=True)
def known() -> Iterator[None]:
    with needs_registered(OIL):
        yield


@pytest.fixture(scope="module")
def scenario(tmp_path_factory: pytest.TempPathFactory, known: None) -> Path:
    return with_oil(tmp_path_factory.mktemp("oil") / "scenario", 3000)


@pytest.fixture(scope="module")
def results(scenario: Path) -> Path:
    return run(scenario, *TRACKED)


@pytest.fixture(scope="module")
def without(tmp_path_factory: pytest.TempPathFactory, known: None) -> Path:
    """Results of the same with an empty depot."""
    return run(with_oil(tmp_path_factory.mktemp("no-oil") / "scenario", 0), *TRACKED)


def test_run_brings_it_and_counts_it(results: Path) -> None:
    stored = read_results(results)
    log = stored.log(0)
    need = NEEDS.index("lamp_oil")
    brought = log.where(EventKind.DELIVERS)
    assert (log.item[brought] == need).any()
    assert (stored.replications["delivered_lamp_oil"] > 0).all()
    assert scalar_words("delivered_lamp_oil") == Words("Delivered: lamp oil", "送达：灯油")


def test_who_has_none_of_it_is_not_relieved(results: Path, without: Path) -> None:
    had, had_not = read_results(results).replications, read_results(without).replications
    assert (had_not["delivered_lamp_oil"] == 0).all()
    assert had_not["share_relieved_12h"].mean() < had["share_relieved_12h"].mean()


def test_untracked_it_is_stocked_and_nothing_else(scenario: Path) -> None:
    """What nobody tracks is not sent: all other events are those of the scenario without it."""
    plain, log = simulate(load(SCENARIOS / "tiny-flood"), seed=3), simulate(load(scenario), seed=3)
    rest = (log.item != NEEDS.index("lamp_oil")) | (log.kind != EventKind.STOCKED)
    assert log.amount[rest].tolist() == plain.amount.tolist()
    assert log.time_h[rest].tolist() == plain.time_h.tolist()


def test_check_asks_for_its_stock_and_has_its_faults(scenario: Path, tmp_path: Path) -> None:
    assert "lamp_oil" not in call("check", scenario).output
    none = with_oil(tmp_path / "none", 0)
    assert "lamp oil" in call("check", none, *TRACKED).output
    assert "灯油" in call("--lang", "zh", "check", none, *TRACKED).output
    assert "column lamp_oil" in call("check", with_oil(tmp_path / "wrong", -4), code=2).output
    wrong = call("check", scenario, "--set", "relief.tracked=[lamp_oill]", code=2).output
    assert "'lamp_oil'" in wrong, "an unknown need tells the known ones"


def test_explain_tells_of_it(results: Path) -> None:
    stored = read_results(results)
    log = stored.log(0)
    row = next(row for row in log.where(EventKind.DELIVERS) if log.item[row] == NEEDS.index("lamp_oil"))
    place = stored.things["id"][log.place[row]]
    for lang, word in (("en", "lamp oil"), ("zh", "灯油")):
        assert word in call("--lang", lang, "explain", results, "--place", place, "-k", "0").output


def test_the_report_names_it_and_the_replay_plays(results: Path) -> None:
    assert "lamp oil" in reported(results, "en")
    assert "灯油" in reported(results, "zh")
    assert replayed(results)["replication"] == 0, "its map shows goods by how full stores are, and names none"


def test_sweep_menu_and_schema_reach_it(scenario: Path) -> None:
    swept(scenario, "depots.county-depot.lamp_oil", [10, 4000], watch="metrics: [delivered_lamp_oil]")
    sets = [change.sets for change in menu_of(load(scenario, sets={"relief.tracked": ["food", "lamp_oil"]}))]
    assert any("depots.county-depot.lamp_oil" in one for one in sets)
    assert "lamp oil" in call("schema", "--table", "depots").output
    assert '"lamp_oil"' in call("schema").output


def test_compare_names_it(results: Path, without: Path) -> None:
    for lang, word in (("en", "lamp oil"), ("zh", "灯油")):
        assert word in call("--lang", lang, "compare", without, results, "--metric", "delivered_lamp_oil").output


def test_a_workbook_of_the_scenario_has_its_column(scenario: Path, tmp_path: Path) -> None:
    call("export", scenario, "--out", tmp_path)
    call("import", tmp_path / "back", *tmp_path.glob("*.xlsx"))
    assert (tmp_path / "back" / "depots.csv").read_text("utf-8") == (scenario / "depots.csv").read_text("utf-8")


def test_results_where_it_is_not_known_say_so(results: Path) -> None:
    forget_need("lamp_oil")
    try:
        assert "lamp_oil" in call("report", results, code=1).output
        assert "lamp_oil" in call("explain", results, code=1).output
    finally:
        register_need(OIL)


def test_forgotten_nothing_is_left_of_it() -> None:
    forget_need("lamp_oil")
    try:
        assert tuple(NEEDS) == BASIC_NEEDS
        assert "lamp_oil" not in {*Stock.model_fields, *Relief.model_fields}
        assert not hasattr(Settings.model_fields["relief"].default, "lamp_oil")
        with pytest.raises(ScenarioError, match="food"):
            load(SCENARIOS / "tiny-flood", sets={"relief.tracked": ["lamp_oil"]})
        with pytest.raises(ValueError, match="was not registered from outside"):
            forget_need("food")
    finally:
        register_need(OIL)


@pytest.mark.parametrize(
    ("need", "missing"),
    [
        (OIL._replace(name="Lamp oil"), "name: small letters"),
        (OIL._replace(name="food"), "name: another than 'food', which is registered"),
        (OIL._replace(name="docks"), "which is a column or setting of Depot"),
        (OIL._replace(name="tracked"), "which is a column or setting of Relief"),
        (OIL._replace(name="oil", words=Words("oil", "")), "words: English and Chinese"),
        (OIL._replace(name="oil", price_yuan="price_of_oil_yuan"), "price_yuan: yuan, or the name of a parameter"),
        (OIL._replace(name="oil", kg=0.0), "kg: mass"),
    ],
)
def test_each_part_left_out_is_told(need: NeedKind, missing: str) -> None:
    before = list(NEED_KINDS)
    with pytest.raises(ValueError, match="is not fully registered") as refused:
        register_need(need)
    assert missing in str(refused.value)
    assert before == NEED_KINDS


def test_workers_know_it(scenario: Path) -> None:
    call("run", scenario, *TRACKED, "-n", "2", "-w", "2", "--no-charts", "--out", scenario.parent / "two")
    two = read_results(scenario.parent / "two").replications["delivered_lamp_oil"]
    assert (two > 0).all()
