"""Every command that reads a stored run answers with a sentence, whatever the plan and however little happened.

Plans whose clauses cannot be explained, runs without an affected person, without a village reached, of a fire that
never starts, of one replication: exit code 0 and words, never a traceback.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from http.client import HTTPConnection
from pathlib import Path
from threading import Thread
from urllib.parse import quote

import pytest
from click.testing import CliRunner

from simrescue import Results, run
from simrescue.charts import draw_all
from simrescue.cli import main
from simrescue.places import Ignition
from simrescue.report.local import make_server
from simrescue.scenario.plans.plans_file import load_plan, plan_files
from simrescue.scenario.records import Scenario
from tests.factories import flooded_row
from tests.fire_factories import spot
from tests.simulation.test_odd_fires import burning

BY_PLAN = (("explain",), ("report",), ("replay",))
"""Readers whose answer hangs on the clauses."""
READERS = (*BY_PLAN, ("explain", "--lang", "zh"), ("explain", "--place", "{place}"), ("compare", "{again}"))


def nobody_lives_there() -> Scenario:
    return flooded_row(length=2, persons=0, hours=14.0)


def the_water_stays_low() -> Scenario:
    return flooded_row(length=2, depth_m=-0.5, hours=14.0)


def nobody_comes() -> Scenario:
    return flooded_row(length=2, hours=14.0, teams=(), boats=(), trucks=(), helicopters=(), depots=(), roads=())


def one_village() -> Scenario:
    return flooded_row(length=2, hours=14.0)


def no_fire() -> Scenario:
    return burning(hours=2.0, fuel=98)


def nothing_is_lit() -> Scenario:
    return burning(hours=2.0, ignitions=())


def a_fire_at_the_end() -> Scenario:
    return burning(hours=2.0, ignitions=(Ignition(id="fire", time_h=1.99, **spot(15.5, 15.5)),))


ODD: tuple[Callable[[], Scenario], ...] = (
    one_village, nobody_lives_there, the_water_stays_low, nobody_comes, no_fire, nothing_is_lit,
    a_fire_at_the_end, burning,
)  # fmt: skip


def answers(results: Path, place: str = "", readers: Sequence[tuple[str, ...]] = READERS) -> None:
    """Readers on a stored run, one after the other."""
    told = {"place": place, "again": str(results)}
    for command, *options in readers:
        words = [command, str(results), *(option.format(**told) for option in options)]
        result = CliRunner().invoke(main, words)
        assert result.exit_code == 0, (words, result.output, result.exception)
        assert result.output.strip(), words


def served(folder: Path, page: str) -> None:
    with make_server(folder, 0) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            for path in ("/", page):
                connection = HTTPConnection("127.0.0.1", server.server_port, timeout=120)
                connection.request("GET", path)
                assert connection.getresponse().status == 200, path
                connection.close()
        finally:
            server.shutdown()
            thread.join()


EACH_HAZARD = pytest.mark.parametrize("made", [one_village, burning], ids=["flood", "fire"])


@EACH_HAZARD
@pytest.mark.parametrize("plan", plan_files())
def test_every_plan_of_the_library_is_explained(made: Callable[[], Scenario], plan: str, tmp_path: Path) -> None:
    answers(run(made(), [load_plan(plan)], replications=1, workers=1, out=tmp_path / "run").path, readers=BY_PLAN[:1])


@EACH_HAZARD
def test_all_plans_of_the_library_at_once(made: Callable[[], Scenario], tmp_path: Path) -> None:
    plans = [load_plan(plan) for plan in plan_files()]
    answers(run(made(), plans, replications=1, workers=1, out=tmp_path / "run").path, readers=BY_PLAN)


@pytest.mark.slow
@EACH_HAZARD
@pytest.mark.parametrize("plan", plan_files())
def test_every_plan_of_the_library_is_reported(made: Callable[[], Scenario], plan: str, tmp_path: Path) -> None:
    answers(run(made(), [load_plan(plan)], replications=1, workers=1, out=tmp_path / "run").path, readers=BY_PLAN[1:])


@pytest.fixture(scope="module", params=ODD, ids=lambda made: made.__name__)
def little_happens(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Results:
    """A stored run of each odd scenario."""
    out = tmp_path_factory.mktemp("served") / "run"
    return run(request.param(), [load_plan("hebei-2023-2027")], replications=1, workers=1, out=out)


def test_runs_in_which_little_happens(little_happens: Results) -> None:
    things = little_happens.things
    answers(little_happens.path, str(things.loc[things["kind"] == "village", "id"].iloc[0]))


@pytest.mark.slow
def test_pages_and_charts_of_runs_in_which_little_happens(little_happens: Results) -> None:
    draw_all(little_happens, "en")
    served(little_happens.path.parent, f"/run/{quote('run')}")


def test_a_run_without_a_measured_clause(tmp_path: Path) -> None:
    """All clauses of the plan are unmeasured: there is nothing to judge, and every reader says so."""
    plan = load_plan("hebei-2023-2027")
    silent = plan.model_copy(update={"clauses": tuple(one for one in plan.clauses if one.not_measured)})
    assert silent.clauses
    path = run(one_village(), [silent], replications=1, workers=1, out=tmp_path / "run").path
    answers(path, readers=BY_PLAN)
