"""The door: a task registered from outside (disinfection after the water, by call) with a mission of its own."""

from __future__ import annotations

import gc
import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from simrescue import EventKind, ScenarioError, load, read_results, simulate
from simrescue.charts.experiment.metric_names import scalar_words
from simrescue.dispatch.priority import head_start_h
from simrescue.kinds import forget_task, made_for_task, register_task, tasks_registered
from simrescue.responders import CALL_TASKS, COVERS, RELIEF, RESPONSE_TASKS, TASK_KINDS, TASK_WORDS, TASKS, TaskKind
from simrescue.simulation import missions
from simrescue.simulation.missions.base import Mission, Steps
from simrescue.simulation.missions.call import AnswerCall
from simrescue.simulation.requests import CallRequest, OpenRequest
from simrescue.wording import Words
from tests.extension.door import SCENARIOS, call, replayed, reported, run, swept

DISINFECT = TaskKind(
    "disinfect", Words("disinfection", "消杀"), by_call=True, as_urgent_as="relief", done_by=("team",)
)  # fmt: skip


class Disinfect(AnswerCall):
    """Two rounds of spraying, each as long as the call says."""

    def serve(self, row: int) -> Steps:
        if not (yield from self.crew.pause(self.sim.env.timeout(self.request.call.on_site_h))):
            return row
        return (yield from super().serve(row))


def sprayed(folder: Path) -> Path:
    """The small flood with a crew that sprays and two calls for it."""
    shutil.copytree(SCENARIOS / "tiny-flood", folder)
    with (folder / "teams.csv").open("a", encoding="utf-8") as file:
        file.write("spray,Spraying Team,消杀队,town-station,general,6,truck,6,disinfect,10,,county,Yunhe\n")
    calls = ("id,time,place,task,persons,on_site", *(f"{i},{i} h,market-town,disinfect,40,1 h" for i in (2, 3)))
    (folder / "calls.csv").write_text("\n".join(calls) + "\n", encoding="utf-8")
    return folder


@pytest.fixture(scope="module", autouse=True)
def known() -> Iterator[None]:
    with tasks_registered(DISINFECT), missions.registered("disinfect", Disinfect):
        yield


@pytest.fixture(scope="module")
def scenario(tmp_path_factory: pytest.TempPathFactory, known: None) -> Path:
    return sprayed(tmp_path_factory.mktemp("spray") / "scenario")


@pytest.fixture(scope="module")
def results(scenario: Path) -> Path:
    return run(scenario)


def test_run_sends_who_can_and_counts_it(results: Path) -> None:
    stored = read_results(results)
    log, task = stored.log(0), TASKS.index("disinfect")
    sent = log.where(EventKind.ASSIGNED)
    who = set(log.subject[sent[log.item[sent] == task]])
    assert [stored.things["id"][one] for one in who] == ["spray"]
    assert (stored.responses["task"] == "disinfect").sum() == 6
    assert (stored.replications["share_answered_disinfect"] == 1).all()
    assert scalar_words("share_answered_disinfect") == Words(
        "Disinfection: share at which anybody arrived", "消杀：有人到场的比例"
    )


def test_its_mission_takes_twice_the_time_on_scene(scenario: Path) -> None:
    def on_scene_h() -> float:
        log = simulate(load(scenario), seed=1)
        served = log.where(EventKind.SERVED)[0]
        arrived = next(row for row in log.where(EventKind.ARRIVES) if log.subject[row] == log.subject[served])
        return float(log.time_h[served] - log.time_h[arrived])

    twice = on_scene_h()
    missions.forget("disinfect")
    try:
        assert twice == pytest.approx(on_scene_h() + 1.0)
    finally:
        missions.register("disinfect", Disinfect)


def test_check_knows_it_and_who_cannot_do_it(scenario: Path, tmp_path: Path) -> None:
    assert "disinfect" not in call("check", scenario).output
    alone = sprayed(tmp_path / "alone")
    (alone / "teams.csv").write_text((SCENARIOS / "tiny-flood" / "teams.csv").read_text("utf-8"), "utf-8")
    assert "no crew has the task disinfect" in " ".join(call("check", alone).output.split())
    wrong = call("check", scenario, "--set", "calls.2.task=disinfec", code=2).output
    assert "'disinfect'" in wrong, "an unknown task tells the known ones"


def test_report_explain_and_replay_name_it(results: Path) -> None:
    for lang, word in (("en", "disinfection"), ("zh", "消杀")):
        assert word in reported(results, lang)
        assert word in call("--lang", lang, "explain", results, "--place", "spray", "-k", "0").output
    assert replayed(results)["words"][f"task_{TASKS.index('disinfect')}"] == ["disinfection", "消杀"]


def test_sweep_compare_and_schema_reach_it(scenario: Path, results: Path) -> None:
    swept(scenario, "teams.spray.count", [0, 2], watch="metrics: [share_answered_disinfect]")
    assert "Disinfection" in call("compare", results, results, "--metric", "share_answered_disinfect").output
    assert '"disinfect"' in json.dumps(json.loads(call("schema", "--table", "calls").output))


def test_it_stands_in_line_where_it_says(known: None) -> None:
    task = TASKS.index("disinfect")
    assert head_start_h(task) == head_start_h(RELIEF)
    assert [kind.name for kind in made_for_task("disinfect")] == ["team"]


def test_workers_know_it(scenario: Path) -> None:
    call("run", scenario, "-n", "2", "-w", "2", "--no-charts", "--out", scenario.parent / "two")
    assert (read_results(scenario.parent / "two").replications["share_answered_disinfect"] == 1).all()


def test_forgotten_it_is_unknown_and_its_results_say_so(scenario: Path, results: Path) -> None:
    forget_task("disinfect")
    try:
        assert len(TASKS) == len(TASK_WORDS) == len(COVERS) == len(TASK_KINDS)
        assert "disinfect" not in {*TASKS, *RESPONSE_TASKS, *CALL_TASKS}
        with pytest.raises(ScenarioError, match="disinfect"):
            load(scenario)
        assert "disinfect" in call("report", results, code=1).output
        with pytest.raises(ValueError, match="was not registered from outside"):
            forget_task("rescue")
    finally:
        register_task(DISINFECT)


@pytest.mark.parametrize(
    ("task", "missing"),
    [
        (DISINFECT._replace(name="Spray it"), "name: small letters"),
        (DISINFECT._replace(name="rescue"), "name: another than 'rescue', which is registered"),
        (DISINFECT._replace(name="boat"), "which is a kind"),
        (DISINFECT._replace(name="spray", words=Words("", "消杀")), "words: English and Chinese"),
        (DISINFECT._replace(name="spray", covers="bottles"), "covers: empty or one of seats, payload_t, hands"),  # type: ignore[arg-type]
        (DISINFECT._replace(name="spray", room="bottles"), "room: empty or one of seats"),  # type: ignore[arg-type]
        (DISINFECT._replace(name="spray", effect="Germs"), "effect: a type of effects of hazards (Flames, LineLost"),
        (DISINFECT._replace(name="spray", as_urgent_as=""), "as_urgent_as: one of evacuate, rescue"),
        (DISINFECT._replace(name="spray", done_by=("sprayer",)), "done_by: kinds of responders among team, boat"),
    ],
)
def test_each_part_left_out_is_told(task: TaskKind, missing: str) -> None:
    before = list(TASK_KINDS)
    with pytest.raises(ValueError, match="is not fully registered") as refused:
        register_task(task)
    assert missing in str(refused.value)
    assert before == TASK_KINDS


def test_a_task_that_nobody_asks_for_is_refused_at_start(scenario: Path) -> None:
    idle = DISINFECT._replace(name="pump_out", by_call=False)
    with tasks_registered(idle), pytest.raises(ValueError, match="the task 'pump_out' is asked for by nobody"):
        simulate(load(scenario))


def test_a_request_without_a_mission_is_refused_at_start(scenario: Path) -> None:
    made = type("PumpOutRequest", (OpenRequest,), {})
    try:
        with pytest.raises(ValueError, match="the request PumpOutRequest has no mission"):
            simulate(load(scenario))
    finally:
        del made
        gc.collect()
    missions.check_served()


class Half(Mission[OpenRequest]):
    """Without legs."""


@pytest.mark.parametrize(
    ("serves", "mission", "missing"),
    [
        ("rescue", Half, "a subclass of AnswerCall"),
        ("relief", Disinfect, "for a task that calls can ask for"),
        ("disinfect", Disinfect, "for another task than 'disinfect', which has one"),
        (CallRequest, Disinfect, "for another request than CallRequest, which has one"),
        (OpenRequest, Half, "with the methods legs"),
        (int, Disinfect, "for a subclass of requests.OpenRequest"),
    ],
)
def test_half_a_mission_is_refused(
    serves: type[OpenRequest] | str, mission: type[Mission[OpenRequest]], missing: str
) -> None:
    with pytest.raises(ValueError, match=missing):
        missions.register(serves, mission)
