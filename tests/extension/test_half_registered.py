"""A kind that lacks something is refused with all that is missing; a table that no kind stands behind never runs."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from simrescue import load
from simrescue.errors import ScenarioError
from simrescue.kinds import KINDS, forget, kind_named, moving, register, registered
from simrescue.places import Place, Settlement, Stock, Village
from simrescue.records import MOVES, Kind
from simrescue.responders import Aircraft, Boat, Responder
from simrescue.scenario.records import TABLES
from simrescue.simulation.responders.crew import MOVES as STRATEGIES
from simrescue.simulation.world import compile_world
from simrescue.units import NameList, Whole
from simrescue.wording import Noun
from tests.extension.door import call, with_table


class Bare(Responder):
    """Neither size nor tasks."""


class Cart(Bare):
    """Just what every crew has."""

    size: Whole = 1
    tasks: NameList = ("relief",)


class Drone(Aircraft):
    """An aircraft."""


class Hamlet(Village):
    """A village by another name."""


class Camp(Settlement):
    """People in a table that nobody reads."""


class Cellar(Place, Stock):
    """Goods in a table that nobody reads."""


class Shrine(Place):
    """A place."""


NOUN = Noun("shrine", "shrines", "庙", "座")
SHRINE = Kind("shrine", "shrines", Shrine, "place", NOUN, "#010203", "kite", staffed=False)


UAV = Kind(
    "uav", "uavs", Drone, "responder", Noun("UAV", "UAVs", "无人机", "架"), "#112233", "kite",
    moves="air", tasks={"reconnaissance": 1}, price_yuan=1.0,
)  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "missing"),
    [
        (Kind(), ("name", "noun.one", "noun.many", "noun.zh", "noun.counter_zh", "role")),
        (
            Kind("dog", role="responder", record=Bare),
            (
                "noun.one",
                "table",
                "colour",
                "symbol",
                "moves",
                "tasks",
                "price_yuan",
                "without the fields size, tasks",
            ),
        ),
        (Kind("dog", role="responder", record=Bare, moves="water"), ("size, tasks, speed_kmh, launch_h",)),
        (Kind("dog", role="responder", record=Shrine, moves="swims"), ("moves: one of road, water, air", "record")),
        (Kind("shrine", role="place"), ("table", "record", "colour", "symbol", "staffed")),
        (replace(SHRINE, colour="red", symbol="dragon"), ("colour", "symbol")),
        (replace(SHRINE, table="villages", name="village"), ("name", "table")),
        (replace(SHRINE, colour="#444444", symbol="box"), ("others than those of 'depot'",)),
        (replace(SHRINE, record=Shrine, moves="air"), ("moves",)),
        (replace(SHRINE, refers={"keeper": "priest"}), ("refers",)),
        (replace(SHRINE, refers={"nothing": "village"}), ("refers",)),
        (replace(SHRINE, table="weather"), ("table",)),
        (replace(SHRINE, name="rescue"), ("which is a task",)),
        (replace(SHRINE, symbol="state"), ("symbol: another than state",)),
        (replace(SHRINE, fill="white", area=0), ("fill", "area")),
        (replace(UAV, record=Boat), ("record, moves: a subclass of responders.Aircraft",)),
        (replace(UAV, moves="road"), ("record, moves: a subclass of responders.Aircraft",)),
        (replace(UAV, symbol="none", price_yuan="price_of_love"), ("symbol", "price_yuan")),
        (
            replace(UAV, record=Cart, moves="road", tasks={"suppression": 1, "rescue": 2, "water_drop": 1}),
            (
                "water_drop where it moves by air only",
                "without the fields pumps, hose_km, tank_t, flame_limit_m, kind, seats",
            ),
        ),
        (replace(SHRINE, table="command"), ("table",)),
        (
            replace(SHRINE, record=Hamlet),
            ("no subclass of that of 'village', whose processes read the table 'villages'",),
        ),
        (replace(SHRINE, record="Shrine"), ("record: a subclass of simrescue.places.Place",)),  # type: ignore[arg-type]
        (replace(SHRINE, record=Camp), ("no subclass of Settlement or Stock",)),
        (replace(SHRINE, record=Cellar), ("no subclass of Settlement or Stock",)),
    ],
)
def test_a_half_registered_kind_is_refused_with_everything_that_is_missing(
    kind: Kind, missing: tuple[str, ...]
) -> None:
    before = list(KINDS)
    with pytest.raises(ValueError, match="is not fully registered") as told:
        register(kind)
    for word in missing:
        assert word in str(told.value)
    assert list(KINDS) == before


def test_what_was_registered_for_a_while_is_gone_again() -> None:
    tables = list(TABLES)
    with registered(SHRINE):
        assert "shrines" in TABLES
        assert kind_named("shrine") is SHRINE
    assert list(TABLES) == tables
    with pytest.raises(ValueError, match=r"'shrin' is no registered kind.*known are village, institution, shelter"):
        kind_named("shrin")
    with pytest.raises(KeyError):
        forget("shrine")


def test_ways_of_moving_are_known_or_an_error() -> None:
    assert set(STRATEGIES) == set(MOVES), "a kind that moves so has a process"
    assert moving("air") == ("helicopter",)
    with pytest.raises(ValueError, match="known are road, water, air"):
        moving("rail")


def test_a_table_that_no_kind_stands_behind_does_not_run(tmp_path: Path) -> None:
    folder = with_table("tiny-flood", tmp_path / "s", "shrines", "id,name,lon,lat\nold,Old,115.2,38.1\n")
    with registered(SHRINE):
        scenario = load(folder)
        assert [row.id for row in scenario.table("shrines")] == ["old"]
        compile_world(scenario)
    with pytest.raises(ScenarioError, match=r"shrines\.csv.*expected a table of a registered kind"):
        compile_world(scenario)
    with pytest.raises(KeyError, match="no registered kind of thing has the table 'shrines'"):
        scenario.table("shrines")
    assert "shrines.csv" in call("check", folder).output, "told as a file that nothing reads"


def test_results_with_a_kind_that_is_not_registered_say_so(tmp_path: Path) -> None:
    folder = with_table("tiny-flood", tmp_path / "s", "shrines", "id,name,lon,lat\nold,Old,115.2,38.1\n")
    out = tmp_path / "results"
    with registered(SHRINE):
        call("run", folder, "-n", "1", "-w", "1", "--events", "all", "--no-charts", "--out", out)
    for words in (("explain", out), ("replay", out, "--out", tmp_path / "r.html"), ("report", out)):
        output = call(*words, code=1).output
        assert "shrine" in output


OUTSIDE = """
from simrescue.kinds import register
from simrescue.records import MOVES, Kind
from simrescue.responders import Aircraft
from simrescue.wording import Noun


class Uav(Aircraft):
    by_night: bool = True


register(Kind("uav", "uavs", Uav, "responder", Noun("UAV", "UAVs", "无人机", "架"), "#112233", "kite",
              moves="air", tasks={"reconnaissance": 1}, price_yuan=1.0))
"""


def test_worker_processes_know_what_the_module_of_a_record_registers(tmp_path: Path) -> None:
    folder = with_table("tiny-flood", tmp_path / "s", "uavs", "id,name,base\nuav,Small,town-station\n")
    (tmp_path / "drones.py").write_text(OUTSIDE, "utf-8")
    script = "import sys, drones\nfrom simrescue.cli import main\nmain(sys.argv[1:])\n"
    words = ("run", folder, "-n", "4", "-w", "2", "--no-charts", "--out", tmp_path / "out")
    environment = os.environ | {"PYTHONPATH": os.pathsep.join((str(tmp_path), *sys.path))}
    done = subprocess.run(
        [sys.executable, "-c", script, *map(str, words)], env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "4 replications" in done.stdout
    assert "uav" in set(pd.read_parquet(tmp_path / "out" / "things.parquet")["kind"])
