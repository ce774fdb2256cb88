"""The door: a hazard registered from outside, ice on power lines, cuts power and the lines of base stations."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

import pytest

from simrescue import load
from simrescue.communication.channels import OUTAGES
from simrescue.events import EventKind as Kind
from simrescue.events import EventLog
from simrescue.hazards.base import Effect, Effort, LineLost, PowerLost
from simrescue.hazards.kinds import HazardKind, registered
from simrescue.records import Record
from simrescue.scenario.records import Scenario
from simrescue.simulation.run import simulate
from simrescue.simulation.world import compile_world
from simrescue.units import Hours, Moment
from simrescue.wording import Words
from tests.extension.door import SCENARIOS, call, reported, run

POWER_H, LINE_H = 5.0, 8.0
SECTION = {"kind": "icing", "time": "1 h", "hours": f"{POWER_H} h", "power": "town-room", "station": "town-mast"}


class Icing(Record):
    """Ice breaks the lines of a power area and of a base station."""

    kind: Literal["icing"]
    time_h: Moment
    hours_h: Hours = 24.0
    power: str = ""
    """Id of a power area, or of a place that one feeds."""
    station: str = ""


class Ice:
    """One course of it."""

    def __init__(self, scenario: Scenario, seed: int, replication: int) -> None:
        del seed, replication
        rules: Any = scenario.settings.hazards["icing"]
        sites = {place.id: number for number, place in enumerate(scenario.places)}
        falls: list[Effect] = [PowerLost(sites[rules.power], rules.hours_h)]
        falls += [LineLost(sites[rules.station], LINE_H)] if rules.station else []
        self.due: list[tuple[float, list[Effect]]] = [(rules.time_h, falls)]

    def next_time(self) -> float:
        return self.due[0][0] if self.due else float("inf")

    def advance(self, now: float, effort: Effort) -> list[Effect]:
        del now, effort
        return self.due.pop(0)[1]


ICING = HazardKind(
    "icing", Words("icing", "覆冰"), settings=Icing, course=Ice, effects=(PowerLost, LineLost), colour="#6699cc"
)


@pytest.fixture(scope="module", autouse=True)
def known() -> Iterator[None]:
    with registered(ICING):
        yield


def iced(**changes: str) -> tuple[list[str], EventLog]:
    """Ids of all things, and the log of the small flood by channels with ice beside it."""
    sets = {"hazard": [{"kind": "flood"}, SECTION | changes]}
    world = compile_world(load(SCENARIOS / "tiny-flood", variant="channels", sets=sets))
    return list(world.ids), simulate(world)


def told(log: EventLog, kind: Kind, thing: int) -> list[tuple[float, str]]:
    rows = log.where(kind)
    rows = rows[log.subject[rows] == thing]
    return [(float(log.time_h[row]), OUTAGES[log.item[row]] if log.item[row] >= 0 else "") for row in rows]


def test_power_and_a_line_fail_and_are_back_after_their_hours() -> None:
    ids, log = iced()
    room, mast = ids.index("town-room"), ids.index("town-mast")
    assert told(log, Kind.POWER_LOST, room)[0] == (1.0, "hazard")
    assert told(log, Kind.POWER_BACK, room)[0][0] == 1.0 + POWER_H
    assert told(log, Kind.STATION_DOWN, mast)[0] == (1.0, "hazard")
    assert told(log, Kind.STATION_UP, mast)[0][0] == 1.0 + LINE_H
    fed = log.where(Kind.POWER_LOST)
    fed = fed[(log.place[fed] == room) & (log.subject[fed] != room)]
    assert fed.size, "the places that it feeds are dark with it"
    assert set(log.item[fed].tolist()) == {OUTAGES.index("hazard")}


def test_a_place_loses_the_area_that_feeds_it() -> None:
    ids, by_area = iced(power="town-room", station="")
    rows = by_area.where(Kind.POWER_LOST)
    first = next(row for row in rows if by_area.place[row] == ids.index("town-room") != by_area.subject[row])
    _, by_place = iced(power=ids[by_area.subject[first]], station="")
    assert [column.tobytes() for column in by_area] == [column.tobytes() for column in by_place]


def test_what_never_comes_back_by_itself_stays_out() -> None:
    ids, log = iced(hours="87600 h", station="")
    assert told(log, Kind.POWER_LOST, ids.index("town-room"))
    assert not told(log, Kind.POWER_BACK, ids.index("town-room"))


def scenario(folder: Path) -> Path:
    """The small flood with ice, written."""
    shutil.copytree(SCENARIOS / "tiny-flood", folder)
    file = folder / "scenario.yaml"
    head, _, rest = file.read_text("utf-8").partition("\nhazard:\n")
    section, _, after = rest.partition("\n\n")
    flood = "  - " + "\n    ".join(line.removeprefix("  ") for line in section.splitlines())
    ice = "  - {" + ", ".join(f"{key}: {value}" for key, value in SECTION.items()) + "}"
    file.write_text(f"{head}\nhazard:\n{flood}\n{ice}\n\n{after}", encoding="utf-8")
    return folder


@pytest.mark.parametrize(("lang", "words"), [("en", "a line that the hazard cut"), ("zh", "被灾害切断的线路")])
def test_its_story_says_why(tmp_path: Path, lang: str, words: str) -> None:
    folder = scenario(tmp_path / "scenario")
    results = run(folder, "--variant", "channels")
    assert words in call("explain", results, "--place", "town-room", "-k", "0", "--lang", lang).output
    assert {"en": "icing", "zh": "覆冰"}[lang] in reported(results, lang)


def test_check_tells_that_there_is_no_power_to_cut(tmp_path: Path) -> None:
    folder = scenario(tmp_path / "scenario")
    file = folder / "scenario.yaml"
    file.write_text(file.read_text("utf-8").replace("power: town-room, station: town-mast", "power: new-farm"), "utf-8")
    assert "the icing cuts power in vain" in " ".join(call("check", folder).output.split())
