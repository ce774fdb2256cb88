"""The door: a hazard registered from outside, a slide that cuts roads, happens together with a flood, on one clock."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pytest

from simrescue import load, read_results
from simrescue.charts import charts_of, draw_all
from simrescue.charts.shared.chart import Chart
from simrescue.charts.shared.style import figure
from simrescue.errors import Fault, ScenarioError
from simrescue.events import EventKind as Kind
from simrescue.events import EventLog
from simrescue.hazards.base import Effect, Effort, LineLost, PlaceLost, RoadCleared, RoadClosed
from simrescue.hazards.kinds import HAZARDS, HazardKind, ScenarioTemplate, registered
from simrescue.metrics import Figure, measure, recorded_value, summarise
from simrescue.network import closures
from simrescue.network.closures import CAUSES, Cause
from simrescue.records import Record
from simrescue.responders import TASKS
from simrescue.scenario.new import create
from simrescue.scenario.preflight.check import check
from simrescue.scenario.preflight.findings import Finding, topics
from simrescue.scenario.records import Scenario
from simrescue.simulation.run import build, simulate
from simrescue.simulation.world import compile_world
from simrescue.streams import stream
from simrescue.units import Hours, Moment
from simrescue.wording import Words
from tests.extension.door import SCENARIOS, call, legend, replayed, reported, run, swept


class Landslide(Record):
    """A slope comes down on roads, and what it buries is lost."""

    only = ("a landslide",)

    kind: Literal["landslide"]
    time_h: Moment
    spread_h: Hours = 0.0
    """It comes so much later at most, evenly distributed."""
    roads: tuple[str, ...] = ()
    buries: str = ""
    """Id of a place that it buries, whose neighbours lose their telephones for a day."""
    cleared_h: Hours = 1000.0
    """Until the roads are clear again."""

    def faults(self, draft: Any, checked: Any, _: Any, place: Any) -> Iterator[Fault]:
        roads = {road.id for _, road in checked["roads"]}
        for number, name in enumerate(self.roads):
            if name not in roads:
                yield Fault(*draft.spot((*place, "roads", number)), name, "a known road")


class Rockfall(Landslide):
    kind: Literal["rockfall"]  # type: ignore[assignment]


class Slide:
    """One course of it."""

    def __init__(self, scenario: Scenario, seed: int, replication: int) -> None:
        rules: Any = scenario.settings.hazards["landslide"]
        first = len(scenario.places)
        sites = [first + number for number, road in enumerate(scenario.roads) if road.id in rules.roads]
        lost = [number for number, place in enumerate(scenario.places) if place.id == rules.buries]
        down_h = rules.time_h + rules.spread_h * stream(seed, replication, "landslide", "").random()
        buried = [effect for site in lost for effect in (PlaceLost(site), LineLost(site, 24.0))]
        self.due: list[tuple[float, list[Effect]]] = [
            (down_h, [*(RoadClosed(site, "slide") for site in sites), *buried]),
            (down_h + rules.cleared_h, [RoadCleared(site, "slide") for site in sites]),
        ]

    def next_time(self) -> float:
        return self.due[0][0] if self.due else float("inf")

    def advance(self, now: float, effort: Effort) -> list[Effect]:
        found = []
        while self.due and self.due[0][0] <= now:
            found += self.due.pop(0)[1]
        return found


def roads_cut(log: EventLog, facts: Any, at_h: float = float("inf"), place: str = "") -> float:
    """Roads that a slide lay on by an hour."""
    del facts, place
    rows = log.where(Kind.ROAD_CLOSES)
    rows = rows[log.item[rows] == list(CAUSES).index(SLIDE.name)]  # others have lost a bridge
    return float((log.time_h[rows] <= at_h).sum())


def roads_cut_curve(log: EventLog, facts: Any, hour: Any) -> dict[str, Any]:
    return {"roads_cut": np.array([roads_cut(log, facts, at_h) for at_h in hour])}


def draw_slide(results: Any, lang: str) -> Any:
    """Bars of how many roads each replication lost."""
    drawn = figure(8, 4)
    drawn.subplots().bar(results.replications["replication"], results.replications["roads_cut"])
    return drawn


def steep(look: Any) -> list[Finding]:
    return [Finding("note", "slope", look.scenario.roads[0].id, "steep above the road", "道路上方坡陡", {})]


SLIDE = Cause("slide", Words("under a slide", "被滑坡掩埋"), open_to=frozenset({"foot"}), colour="#7a4b12")
CUT = Chart(
    "roads_cut", Words("Roads that the slide cut", "滑坡阻断的道路"),
    Words("Bars: roads cut in each replication.", "柱状图：每次推演中阻断的道路。"), draw_slide, side_by_side=True,
)  # fmt: skip
LANDSLIDE = HazardKind(
    "landslide", Words("landslide", "滑坡"), settings=Landslide, course=Slide,
    effects=(RoadClosed, RoadCleared, PlaceLost, LineLost),
    faults=lambda draft, section, *others: section.faults(draft, *others),
    metrics=lambda log, facts: {"roads_cut": roads_cut(log, facts)}, curves=roads_cut_curve,
    village_columns=lambda _, facts: {"roads_cut_near": np.zeros(len(facts.villages))},
    figures=(Figure("roads_cut", "roads", roads_cut, of="roads"),), topic="slope",
    topic_words=Words("slope", "坡体"), checks=(steep,), charts=(CUT,),
)  # fmt: skip
ONLY_ROAD = "south-road"
"""The one way to the villages of the basin."""


@pytest.fixture(scope="module", autouse=True)
def known() -> Iterator[None]:
    with closures.registered(SLIDE), registered(LANDSLIDE):
        yield


def written(folder: Path, *slide: str, base: str = "tiny-flood") -> Path:
    """A scenario of the library with a slide beside its own hazard."""
    shutil.copytree(SCENARIOS / base, folder)
    file = folder / "scenario.yaml"
    head, _, rest = file.read_text("utf-8").partition("\nhazard:\n")
    section, _, after = rest.partition("\n\n")
    items = ["  - " + "\n    ".join(line.removeprefix("  ") for line in section.splitlines())]
    items.append("  - " + "\n    ".join(("kind: landslide", *slide)))
    file.write_text(head + "\nhazard:\n" + "\n".join(items) + "\n\n" + after, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def scenario(tmp_path_factory: pytest.TempPathFactory, known: None) -> Path:
    return written(tmp_path_factory.mktemp("slide") / "scenario", "time: 7 h", f"roads: [{ONLY_ROAD}]")


@pytest.fixture(scope="module")
def results(scenario: Path) -> Path:
    return run(scenario)


def logged(folder: Path, **sets: Any) -> tuple[list[str], EventLog]:
    world = compile_world(load(folder, sets=sets))
    return list(world.ids), simulate(world)


def test_it_cuts_the_road_and_command_learns_of_it(scenario: Path) -> None:
    ids, log = logged(scenario)
    road = ids.index(ONLY_ROAD)
    closes = log.where(Kind.ROAD_CLOSES)
    assert log.subject[closes].tolist() == [road]
    assert log.time_h[closes].tolist() == [7.0]
    assert list(CAUSES)[log.item[closes[0]]] == "slide"
    known = log.where(Kind.ROAD_KNOWN_CLOSED)
    first = known[log.place[known] == road][0]
    assert log.time_h[first] > 7.0
    assert set(log.subject[log.where(Kind.ISOLATED)].tolist()) >= {ids.index("new-farm"), ids.index("duck-pond")}
    late = log.where(Kind.TURNS_ROUND)
    late = late[(log.place[late] == road) & (log.time_h[late] > log.time_h[first])]
    set_off = log.where(Kind.SETS_OFF, Kind.LEAVE)
    for row in late.tolist():
        began = set_off[(log.subject[set_off] == log.subject[row]) & (set_off < row)][-1]
        assert log.time_h[began] <= log.time_h[first], "nobody sets out for a road that command knows is closed"


def turned_round(log: EventLog, began: Kind) -> Any:
    """Rows of those who turned round, once or again, on a way that began with a row of this kind."""
    rows = log.where(Kind.TURNS_ROUND)
    first = log.cause[rows]
    while (again := log.kind[first] == Kind.TURNS_ROUND).any():
        first = np.where(again, log.cause[first], first)
    return rows[log.kind[first] == began]


def test_nobody_turns_round_for_ever(scenario: Path, tmp_path: Path) -> None:
    """Trucks that cannot get there are sent no more often than before; residents on their way turn round once."""
    ids, cut = logged(scenario)
    _, plain = logged(SCENARIOS / "tiny-flood")
    assert cut.where(Kind.ASSIGNED).size <= 1.5 * plain.where(Kind.ASSIGNED).size + 5
    assert turned_round(cut, Kind.SETS_OFF).size <= 1.5 * turned_round(plain, Kind.SETS_OFF).size + 5
    road = ids.index(ONLY_ROAD)
    assert (cut.place[turned_round(cut, Kind.SETS_OFF)] == road).sum() <= len(TASKS)
    residents = turned_round(cut, Kind.LEAVE)
    assert residents.size + turned_round(cut, Kind.SETS_OFF).size == cut.where(Kind.TURNS_ROUND).size
    roads_met = list(zip(cut.cause[residents].tolist(), cut.place[residents].tolist(), strict=True))
    assert len(set(roads_met)) == len(roads_met), "a party meets a road once, and knows it from then on"
    known = cut.where(Kind.ROAD_KNOWN_CLOSED)
    known_h = cut.time_h[known[cut.place[known] == road][0]]
    assert (cut.time_h[cut.cause[residents[cut.place[residents] == road]]] <= known_h).all()


def test_the_road_is_open_again_when_it_is_cleared(scenario: Path) -> None:
    ids, log = logged(scenario, **{"hazard.landslide.cleared": "2 h"})
    road = ids.index(ONLY_ROAD)
    assert log.time_h[log.where(Kind.ROAD_OPENS)].tolist() == [9.0]
    opened = log.where(Kind.ROAD_KNOWN_OPEN)
    assert road in log.place[opened].tolist()


@pytest.mark.parametrize("base", ["tiny-flood", "tiny-fire"])
def test_one_that_touches_nothing_changes_nothing(base: str, tmp_path: Path) -> None:
    folder = written(tmp_path / "scenario", "time: 7 h", "spread: 5 h", base=base)
    for seed in (1, 2):
        plain, beside = (simulate(load(one), seed) for one in (SCENARIOS / base, folder))
        assert [column.tobytes() for column in plain] == [column.tobytes() for column in beside]


def test_a_place_that_is_buried_is_lost_to_the_end(scenario: Path, tmp_path: Path) -> None:
    folder = written(tmp_path / "scenario", "time: 3 h", "buries: new-farm")
    ids, log = logged(folder)
    place = ids.index("new-farm")
    row = log.where(Kind.PLACE_LOST)
    assert (log.place[row].tolist(), log.time_h[row].tolist()) == ([place], [3.0])
    trapped = log.where(Kind.TRAPPED)
    assert 3.0 in log.time_h[trapped[log.subject[trapped] == place]]
    assert place in log.subject[log.where(Kind.CONTACT_LOST)].tolist()
    freed = log.where(Kind.FREED)
    assert place not in log.subject[freed].tolist(), "the water going away does not dig anybody out"
    depot = written(tmp_path / "depot", "time: 3 h", "buries: county-depot")
    sim = build(compile_world(load(depot)), 1, 0)
    sim.env.run(until=40.0)
    assert list(sim.world.ids).index("county-depot") in sim.unsafe


def test_run_and_explain(results: Path) -> None:
    things = read_results(results)
    assert list(things.manifest["scenario"]["settings"]["hazard"][1])[:2] == ["kind", "time_h"]
    account = json.loads(call("explain", results, "--no-test", "--json").output)["clauses"]["hebei-2023-2027/T01a"][
        "account"
    ]
    assert {one["bin"]: one["person_h"] for one in account}["closed"] > 0
    for lang, words in (("en", "is under a slide."), ("zh", "被滑坡掩埋。")):
        assert words in call("explain", results, "--place", "new-farm", "-k", "0", "--lang", lang).output


def test_what_it_counts_is_kept(results: Path) -> None:
    things = read_results(results)
    assert (things.replications["roads_cut"] == 1).all()
    assert things.curves.loc[things.curves["hour"].isin([6, 7]), "roads_cut"].tolist()[:2] == [0, 1]
    assert "roads_cut_near" in things.places
    assert "roads_cut" not in summarise(*_of(SCENARIOS / "tiny-flood"))


def test_a_measure_of_another_hazard_has_no_value(scenario: Path) -> None:
    log, facts = _of(scenario)
    assert np.isnan(measure(log, facts, "burned_ha", {}))
    assert not np.isnan(measure(log, facts, "share_warned_in_steps", {}))


def _of(folder: Path) -> tuple[EventLog, Any]:
    world = compile_world(load(folder))
    return simulate(world), world.facts


def test_a_record_may_give_its_figures(scenario: Path, tmp_path: Path) -> None:
    shutil.copytree(scenario, tmp_path / "scenario")
    with (tmp_path / "scenario" / "scenario.yaml").open("a", encoding="utf-8") as file:
        for place in (ONLY_ROAD, "south-rod"):
            file.write(
                f"{'history:' if place == ONLY_ROAD else ''}\n"
                f"  - {{what: cut, metric: roads_cut, place: {place}, value: 1, source: made up}}\n"
            )
    with pytest.raises(ScenarioError) as told:
        load(tmp_path / "scenario")
    [fault] = told.value.faults
    assert (fault.field, fault.value) == ("history.1.place", "south-rod")
    assert "expected a known road" in str(fault)
    entry = {"what": "cut", "metric": "roads_cut", "value": 1, "source": "made up"}
    made = load(scenario, sets={"history": [entry]})
    assert recorded_value(simulate(made), compile_world(made).facts, "roads_cut", 6.0) == 0.0
    with pytest.raises(ScenarioError) as told:
        load(SCENARIOS / "tiny-flood", sets={"history": [entry]})
    assert "a figure of a flood" in str(told.value)


def test_check_names_what_is_wrong_in_its_section(scenario: Path, tmp_path: Path) -> None:
    call("check", scenario)
    folder = written(tmp_path / "scenario", "time: 7 h", "roads: [south-rod]")
    with pytest.raises(ScenarioError) as told:
        load(folder)
    [fault] = told.value.faults
    assert (fault.field, fault.value, fault.expected) == ("hazard.1.roads.0", "south-rod", "a known road")
    with pytest.raises(ScenarioError) as told:
        load(scenario, sets={"hazard.landslide.roads": [], "hazard.landslide.tme": "3 h"})
    assert "hazard.landslide.time" in str(told.value)
    with pytest.raises(ScenarioError) as told:
        load(written(tmp_path / "twice", "time: 7 h", "-"), sets={})
    assert told.value.faults


def test_its_findings_have_a_topic_of_its_own(scenario: Path) -> None:
    """A topic that was in no list broke the order of all findings."""
    told = call("check", scenario).output
    assert "slope" in told or "坡体" in told
    found = [finding.topic for finding in check(load(scenario)) if finding.severity == "note"]
    assert "slope" in found
    assert found == sorted(found, key=list(topics()).index)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"topic": "slop"}, r"the topic 'slop', known are input.*slope.*did you mean 'slope'"),
        ({"severity": "grave"}, r"the severity 'grave', known are fault, doubtful, shortfall, note"),
    ],
)
def test_a_finding_of_an_unknown_topic_is_told_with_the_known_ones(
    scenario: Path, change: dict[str, str], told: str
) -> None:
    def flat(_: Any) -> list[Finding]:
        return [Finding("note", "slope", "", "too flat", "太平", {})._replace(**change)]  # type: ignore[arg-type]

    loaded = load(scenario)
    HAZARDS["landslide"] = replace(before := HAZARDS["landslide"], checks=(flat,))
    try:
        with pytest.raises(ValueError, match=rf"'too flat' has {told}"):
            check(loaded)
    finally:
        HAZARDS["landslide"] = before


@pytest.mark.parametrize(("lang", "title"), [("en", "Roads that the slide cut"), ("zh", "滑坡阻断的道路")])
def test_its_chart_is_drawn_and_shown_in_the_report(results: Path, tmp_path: Path, lang: Any, title: str) -> None:
    ending = "" if lang == "en" else "-zh"
    assert tmp_path / f"roads_cut{ending}.svg" in draw_all(read_results(results), lang, tmp_path)
    assert f'alt="{title}' in reported(results, lang)
    page = tmp_path / "both.html"
    call("report", results, results, "--out", page, "--lang", lang)
    assert page.read_text("utf-8").count(f'alt="{title}') == 2


def test_two_charts_of_one_name_are_an_error(results: Path) -> None:
    with (
        pytest.raises(ValueError, match="charts: others than roads_cut"),
        registered(replace(LANDSLIDE, name="rockfall", settings=Rockfall)),
    ):
        pass
    kept = HAZARDS["landslide"]
    HAZARDS["landslide"] = replace(kept, charts=(replace(CUT, name="verdicts"),))
    try:
        with pytest.raises(ValueError, match="two charts of this run are called 'verdicts'"):
            charts_of(read_results(results))
    finally:
        HAZARDS["landslide"] = kept


@pytest.mark.parametrize(("lang", "words"), [("en", "under a slide in most"), ("zh", "被滑坡掩埋")])
def test_the_map_shows_the_roads_that_it_closes(results: Path, lang: Any, words: str) -> None:
    from simrescue.charts.run import relief_map

    found = [(told, line.get_color()) for told, line in legend(relief_map.draw, results, lang) if words in told]
    assert [colour for _, colour in found] == [SLIDE.colour]


def test_new_copies_its_template(tmp_path: Path) -> None:
    sloping = replace(
        LANDSLIDE,
        name="rockfall",
        settings=Rockfall,
        charts=(),
        template=ScenarioTemplate("rocks", "tiny-fire", "data/new-fire"),
    )
    with registered(sloping):
        assert "[flood|fire|rocks]" in call("new", "--help").output
        call("new", "--hazard", "rocks", "--dir", tmp_path, "mine")
        assert load(tmp_path / "mine").settings.name == "mine"
    told = call("new", "--hazard", "rocks", "--dir", tmp_path, "other", code=2).output
    assert "flood" in told
    assert "fire" in told
    with pytest.raises(ScenarioError, match="a hazard with a template: flood, fire"):
        create(tmp_path / "third", hazard="rocks")


def test_unknown_kinds_are_told_the_known_ones(tmp_path: Path) -> None:
    shutil.copytree(SCENARIOS / "tiny-flood", tmp_path / "scenario")
    with pytest.raises(ScenarioError) as told:
        load(tmp_path / "scenario", sets={"hazard.kind": "landslides"})
    assert "'landslide'" in str(told.value)
    assert "'wildfire'" in str(told.value)


def test_each_kind_stands_once(scenario: Path, tmp_path: Path) -> None:
    shutil.copytree(scenario, tmp_path / "scenario")
    file = tmp_path / "scenario" / "scenario.yaml"
    text = file.read_text("utf-8")
    file.write_text(text.replace("kind: landslide\n    time", "kind: flood\n    step", 1), encoding="utf-8")
    with pytest.raises(ScenarioError) as told:
        load(tmp_path / "scenario")
    assert any(fault.expected == "each kind of hazard once" for fault in told.value.faults) or told.value.faults


def test_a_hazard_without_a_template_is_refused_with_those_that_have_one(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match=r"template: flood, fire \(landslide is registered without one\)"):
        create(tmp_path / "hill", hazard="landslide")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(("lang", "words"), [("en", "flood and landslide"), ("zh", "洪涝、滑坡")])
def test_the_report_is_headed_by_all_hazards(results: Path, lang: str, words: str) -> None:
    assert words in reported(results, lang)


def test_the_replay_shows_it(results: Path) -> None:
    content = replayed(results)
    assert content["hazard"] == ["flood and landslide", "洪涝、滑坡"]
    assert (content["water"], content["fire"], content["others"]) == (True, False, True)
    assert content["colours"]["landslide"] == LANDSLIDE.colour
    state = 2 + list(CAUSES).index("slide")
    assert content["roads"][state] == [["under a slide, not yet known", "被滑坡掩埋，尚未获知"], SLIDE.colour]
    assert state in content["road_states"]
    told = [(moment[3], moment[4]) for moment in content["moments"]]
    assert any("under a slide" in english and "被滑坡掩埋" in chinese for english, chinese in told)


def test_the_replay_of_a_fire_beside_it_counts_people_too(known: None, tmp_path: Path) -> None:
    """What only fires have is shown beside what every other hazard does to people."""
    shutil.copytree(SCENARIOS / "tiny-fire", tmp_path / "alone")
    assert (replayed(run(tmp_path / "alone"))["fire"], replayed(tmp_path / "results")["others"]) == (True, False)
    both = tmp_path / "both" / "scenario"
    shutil.copytree(SCENARIOS / "tiny-fire", both)
    text = (both / "scenario.yaml").read_text("utf-8")
    section = re.search(r"(?m)^hazard:.*\n((?:[ #].*\n|\n)+)", text)
    assert section is not None
    lines = section[1].splitlines()
    listed = "\n".join(["hazard:", f"  - {lines[0].strip()}", *(f"  {line}" for line in lines[1:])])
    listed += "\n  - {kind: landslide, time: 2 h}\n"
    (both / "scenario.yaml").write_text(text.replace(section[0], listed), "utf-8")
    content = replayed(run(both))
    assert (content["fire"], content["others"]) == (True, True)


def test_it_can_be_swept(scenario: Path) -> None:
    assert swept(scenario, "hazard.landslide.time", ["3 h", "20 h"])


def test_the_schema_knows_its_keys() -> None:
    schema = json.loads(call("schema").output)
    assert "Landslide" in schema["$defs"]
    assert "buries" in schema["$defs"]["Landslide"]["properties"]


def test_alone_it_is_no_flood(tmp_path: Path) -> None:
    shutil.copytree(SCENARIOS / "tiny-flood", tmp_path / "scenario")
    file = tmp_path / "scenario" / "scenario.yaml"
    head, _, rest = file.read_text("utf-8").partition("\nhazard:\n")
    rest = rest.partition("\n\n")[2]
    section = f"\nhazard:\n  kind: landslide\n  time: 7 h\n  roads: [{ONLY_ROAD}]\n\n"
    file.write_text(head + section + rest, encoding="utf-8")
    found = run(tmp_path / "scenario")
    assert "landslide" in reported(found, "en")
    call("check", tmp_path / "scenario")
    call("explain", found, "--no-test")
    content = replayed(found)
    assert content["hazard"] == ["landslide", "滑坡"]
    assert not content["water"]
    assert not content["fire"]
    assert not {"flood", "wildfire"} & set(load(tmp_path / "scenario").settings.hazards)


@pytest.mark.parametrize(
    ("change", "missing"),
    [
        ({"name": "Land Slide"}, "name"),
        ({"name": "flood"}, "registered already"),
        ({"words": Words("slide", "")}, "words"),
        ({"settings": None}, "settings"),
        ({"effects": ()}, "effects"),
        ({"effects": (int,)}, "int have no handler"),
        ({"charts": {"roads_cut": draw_slide}}, "charts: records of"),
    ],
)
def test_a_half_registered_hazard_is_refused(change: dict[str, Any], missing: str) -> None:
    changed: dict[str, Any] = {"name": "slip", "charts": ()} | change
    with pytest.raises(ValueError, match=missing), registered(replace(LANDSLIDE, **changed)):
        pass
    assert "slip" not in HAZARDS
    with (
        pytest.raises(ValueError, match=r"settings.*course.*colour.*effects"),
        registered(HazardKind("slip", Words("a", "b"), colour="blue")),
    ):
        pass


def test_forgotten_it_is_unknown_again(scenario: Path) -> None:
    kept = HAZARDS.pop("landslide")
    try:
        from simrescue.hazards.kinds import WATCHERS

        for tell in WATCHERS:
            tell()
        with pytest.raises(ScenarioError, match="one of 'flood', 'wildfire'"):
            load(scenario)
    finally:
        HAZARDS["landslide"] = kept
        for tell in WATCHERS:
            tell()
