"""A made-up but plausible forest fire on a slope above three villages: the charts of fires are tested on it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from simrescue.events import EventKind as Kind
from simrescue.events import EventLog, log_from_rows
from simrescue.experiment.store.replication_result import ReplicationResult
from simrescue.experiment.store.run_writer import Results, RunWriter
from simrescue.kinds import NUMBER
from simrescue.metrics import Facts, curves, fires_table, places_table, responses_table, summarise
from tests.charts import factory

ROWS, COLUMNS, DLON, DLAT = 90, 110, 0.00070, 0.00054
WEST, NORTH = 113.60, 38.30
CELL_HA = 0.36
DURATION_H = 36.0
PLACES = (
    ("village", "Shangzhuang", "上庄村", 113.668, 38.272, 320),
    ("village", "Xiazhuang", "下庄村", 113.660, 38.286, 540),
    ("village", "Lijiagou", "李家沟村", 113.650, 38.262, 210),
    ("village", "Hekou", "河口镇", 113.612, 38.259, 2100),
    ("shelter", "School", "河口学校", 113.614, 38.257, 0),
    ("base", "Fire brigade", "森林消防大队", 113.609, 38.261, 0),
    ("landing_site", "Meadow", "草地起降点", 113.618, 38.266, 0),
    ("water_source", "Reservoir", "水库", 113.606, 38.268, 0),
    ("ignition", "North slope", "北坡", 113.630, 38.278, 0),
)
LINKS = ((3, 2, "class3"), (2, 0, "class4"), (0, 1, "track"), (3, 4, "class3"), (3, 5, "class3"))
VILLAGES, FIRE = 4, 8
ROAD, TEAM, HELICOPTER, COMMAND = len(PLACES), len(PLACES) + len(LINKS), len(PLACES) + len(LINKS) + 4, 18


def things() -> dict[str, list[Any]]:
    """Columns of the table of things."""
    rows = [place[:5] for place in PLACES]
    rows += [("road", f"Road {number + 1}", "", float("nan"), float("nan")) for number in range(len(LINKS))]
    rows += [("team", f"Crew {number + 1}", f"{number + 1}中队", 113.609, 38.261) for number in range(4)]
    rows += [("helicopter", "Helicopter", "直升机", 113.609, 38.261), ("command", "Command", "指挥部", 0.0, 0.0)]
    kinds, names, names_zh, lons, lats = (list(column) for column in zip(*rows, strict=True))
    return {
        "index": list(range(len(rows))), "id": [f"thing-{number}" for number in range(len(rows))], "kind": kinds,
        "name": names, "name_zh": names_zh, "lon": lons, "lat": lats,
        "township": [""] * len(rows), "county": [""] * len(rows),
    }  # fmt: skip


def roads() -> dict[str, list[Any]]:
    """Columns of the table of roads."""
    return {
        "index": [ROAD + number for number in range(len(LINKS))],
        "from": [link[0] for link in LINKS], "to": [link[1] for link in LINKS], "kind": [link[2] for link in LINKS],
    }  # fmt: skip


def facts() -> Facts:
    """The fixed side of the logs."""
    kinds = np.array([NUMBER[kind] for kind in things()["kind"]], dtype=np.int8)
    people = np.array([place[5] for place in PLACES[:VILLAGES]], dtype=float)
    ids = tuple(things()["id"][:VILLAGES])
    return Facts(
        np.arange(VILLAGES), ids, ("",) * VILLAGES, people, kinds, np.zeros(len(kinds), dtype=np.int8), DURATION_H,
        hazards=("wildfire",), fires=("north",), cell_ha=CELL_HA,
    )  # fmt: skip


def log(number: int) -> EventLog:
    """A fire that runs before the wind to the east until it is held; in every fifth replication it is not."""
    draw = np.random.default_rng(40 + number)
    held_h = float("inf") if number % 5 == 4 else 9.0 + draw.uniform(0, 8)
    arrival = _arrival_h(draw, held_h)
    rows = [(0.0, Kind.LIVES, i, i, -1, -1, -1, place[5], 0.0) for i, place in enumerate(PLACES[:VILLAGES])]
    rows += [(0.0, Kind.STANDS, TEAM + i, 5, -1, -1, -1, size, 0.0) for i, size in enumerate((30, 60, 120, 40))]
    rows += _course(draw, held_h) + _line(draw, arrival, held_h) + _villages(arrival)
    rows += [(float(arrival[i]), Kind.BURNS, FIRE, FIRE, -1, -1, -1, 0.0, i) for i in np.flatnonzero(arrival < 99)]
    for hour in np.arange(1.0, min(held_h, DURATION_H), 1.0):
        length = 0.06 * 4 * float(np.sqrt((arrival <= hour).sum()))
        rows.append((float(hour), Kind.PERIMETER, FIRE, FIRE, -1, -1, 0, 0.0, length))
    return log_from_rows(sorted(rows, key=lambda row: row[0]))


def _arrival_h(draw: np.random.Generator, held_h: float) -> np.ndarray:
    """Hour at which each cell burns; 99: never."""
    row, column = np.divmod(np.arange(ROWS * COLUMNS), COLUMNS)
    east, south = column - 42, row - 41
    speed = draw.uniform(3.5, 6.0)
    away = np.hypot(east, 1.9 * south) - 0.75 * east + 3 * np.sin(row / 6) * np.sin(column / 7)
    hours = 1.0 + np.maximum(away, 0) / (0.35 * speed)
    return np.where(hours <= min(held_h, DURATION_H), hours, 99.0)


def _course(draw: np.random.Generator, held_h: float) -> list[tuple[float, ...]]:
    found = 1.0 + draw.uniform(0.2, 1.2)
    gone = min(held_h + 3, DURATION_H)
    rows: list[tuple[float, ...]] = [
        (1.0, Kind.IGNITES, FIRE, FIRE, -1, -1, -1, 0.0, 0.0),
        (found, Kind.DETECTED, FIRE, FIRE, -1, -1, 1, 0.0, 2.0),
        (found + 0.1, Kind.REPORTED, COMMAND, FIRE, -1, 0, 5, 200.0, 0.0),
        (found + 0.1, Kind.STAGES, COMMAND, FIRE, -1, -1, -1, 0.0, 2.0),
        (found + 0.1, Kind.REQUEST_OPENED, COMMAND, 2, -1, 0, 5, 200.0, 0.0),
    ]
    for crew in range(4):
        start = found + 1.0 + 0.8 * crew
        rows.append((found + 0.2, Kind.ASSIGNED, TEAM + crew, 2, -1, 0, 5, 0.0, 0.0))
        rows.append((start - 0.3, Kind.ARRIVES, TEAM + crew, 2, -1, 0, -1, 0.0, 0.0))
        rows.append((start - 0.3, Kind.WALKS_IN, TEAM + crew, FIRE, -1, 0, -1, 0.0, 0.5))
        rows.append((start, Kind.TAKES_POST, TEAM + crew, FIRE, -1, 0, 0, 0.0, 0.0))
        rows.append((gone, Kind.WITHDRAWS, TEAM + crew, FIRE, -1, 0, 2, 0.0, 0.0))
        rows.append((gone, Kind.LINE_BUILT, TEAM + crew, FIRE, -1, 0, 0, 0.0, 110 * (gone - start)))
    for at in np.arange(found + 2.0, gone, 0.45):
        rows.append((float(at) - 0.2, Kind.SETS_OFF, HELICOPTER, FIRE, -1, 1, -1, 0.0, 0.2))
        rows.append((float(at), Kind.DROPS, HELICOPTER, FIRE, -1, 1, -1, 0.0, 3.0))
    if held_h < DURATION_H:
        rows.append((held_h, Kind.CONTAINED, FIRE, FIRE, -1, -1, -1, 0.0, 0.0))
        rows.append((held_h + 5, Kind.FIRE_OUT, FIRE, FIRE, -1, -1, -1, 0.0, 0.0))
    else:
        rows.append((DURATION_H - 1, Kind.ESCAPED, FIRE, FIRE, -1, -1, 0, 0.0, 0.0))
    return rows


def _line(draw: np.random.Generator, arrival: np.ndarray, held_h: float) -> list[tuple[float, ...]]:
    """Line and water on the cells beside the burnt ground."""
    burnt = (arrival < 99).reshape(ROWS, COLUMNS)
    beside = np.zeros_like(burnt)
    for shift, axis in ((1, 0), (-1, 0), (1, 1), (-1, 1)):
        beside |= np.roll(burnt, shift, axis)
    edge = np.flatnonzero((beside & ~burnt).ravel())
    built = edge[draw.random(len(edge)) < (0.95 if held_h < DURATION_H else 0.3)]
    wet = draw.choice(edge, 20, replace=False)
    until = min(held_h, DURATION_H)
    rows: list[tuple[float, ...]] = []
    for kind, cells, who in ((Kind.LINE, built, TEAM), (Kind.WETS, wet, HELICOPTER)):
        times = np.sort(draw.uniform(4, until, len(cells)))
        rows += [(float(at), kind, who, FIRE, -1, -1, -1, 0.0, float(i)) for at, i in zip(times, cells, strict=True)]
    return rows


def _villages(arrival: np.ndarray) -> list[tuple[float, ...]]:
    rows: list[tuple[float, ...]] = []
    for village, (_, _, _, lon, lat, people) in enumerate(PLACES[:VILLAGES]):
        cell = int((NORTH - lat) / DLAT) * COLUMNS + int((lon - WEST) / DLON)
        at = float(arrival[cell])
        if at < 99:
            there = people * (0.2 if village % 2 == 0 else 0.0)
            rows.append((max(at - 2, 1.5), Kind.LEAVE, village, 4, -1, -1, 0, people - there, 0.0))
            rows.append((at - 0.5, Kind.SMOKE_ARRIVES, village, village, -1, -1, -1, 0.0, 0.0))
            rows.append((at, Kind.FIRE_ARRIVES, village, village, -1, -1, -1, 0.0, 0.0))
            rows.append((at, Kind.EXPOSED, village, village, -1, -1, 0, there, 0.0))
            rows.append((at, Kind.ROAD_BURNS, ROAD + 1, ROAD + 1, -1, -1, -1, 0.0, 0.0))
        elif village == 2:
            rows.append((4.0, Kind.SMOKE_ARRIVES, village, village, -1, -1, -1, 0.0, 0.0))
    return rows


def result(number: int) -> ReplicationResult:
    """One replication, measured off its log."""
    story, ground = log(number), facts()
    values = summarise(story, ground)
    clauses = [("china-forest-fire/F03", values["largest_fire_ha"], values["largest_fire_ha"] < 100)]
    return ReplicationResult(
        number, story, values, places_table(story, ground), clauses, curves(story, ground),
        responses_table(story, ground), fires_table(story, ground),
    )  # fmt: skip


def manifest(replications: int, **changes: Any) -> dict[str, Any]:
    """A manifest like that of `describe` for a fire."""
    plain = factory.manifest(replications)
    plain["scenario"] |= {
        "name": "slope",
        "settings": {
            "name": "slope", "title": "A fire on the slope", "title_zh": "山坡火灾",
            "start": "2025-03-09T13:00:00+08:00", "duration_h": DURATION_H, "hazard": {"kind": "wildfire"},
        },
        "landscape": {"west": WEST, "north": NORTH, "dlon": DLON, "dlat": DLAT, "rows": ROWS, "columns": COLUMNS},
    }  # fmt: skip
    return plain | changes


def verdicts() -> list[dict[str, Any]]:
    """One clause on the area, shown beside the curve."""
    return [{
        "plan": "china-forest-fire", "clause": "F03", "kind": "comparison", "title": "No fire becomes a major one",
        "title_zh": "不发展为重大森林火灾", "metric": "largest_fire_ha", "limit": 100, "unit": "ha", "estimate": 0.5,
        "low": 0.2, "high": 0.8, "required": 0.9, "replications": 10, "verdict": "not met", "reason": "",
        "reason_zh": "",
    }]  # fmt: skip


def stored(folder: Path, replications: int = 10) -> Results:
    """The whole made-up fire, in a folder."""
    with RunWriter(folder, manifest(replications), things(), roads()) as writer:
        for number in writer.missing:
            writer.add(result(number))
        return writer.finish(verdicts(), [])
