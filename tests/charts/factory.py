"""A made-up but plausible run over a small river plain: the store and the charts are tested on it."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import numpy as np

from simrescue.events import EventKind, EventLog, log_from_rows
from simrescue.experiment.store.replication_result import RESULTS_FORMAT, ReplicationResult
from simrescue.experiment.store.run_writer import Results, RunWriter

TOWNS = (
    ("Zhuozhou", "涿州市区", 115.974, 39.485, 60_000),
    ("Matou", "码头镇", 116.047, 39.527, 22_000),
    ("Diaowo", "刁窝镇", 116.105, 39.432, 15_000),
    ("Yihezhuang", "义和庄镇", 116.135, 39.505, 9_000),
    ("Dongxianpo", "东仙坡镇", 115.905, 39.555, 12_000),
    ("Baichikan", "百尺竿镇", 115.930, 39.520, 8_000),
    ("Songlindian", "松林店镇", 115.885, 39.395, 11_000),
    ("Doudian", "豆庄镇", 116.000, 39.430, 7_000),
    ("Gaoguanzhuang", "高官庄镇", 115.870, 39.480, 6_000),
    ("Linjiatun", "林家屯镇", 115.925, 39.420, 7_500),
    ("Sunzhuang", "孙庄乡", 115.835, 39.440, 5_000),
    ("Shunhe", "顺和屯", 116.075, 39.475, 3_500),
)
DURATION_H = 96


def things() -> dict[str, list[Any]]:
    """Columns of the table of things: towns, hamlets, the response's places, roads, a boat and command."""
    rows = [("village", name, name_zh, lon, lat) for name, name_zh, lon, lat, _ in TOWNS]
    spread = np.random.default_rng(5)
    for number in range(28):
        _, _, lon, lat, _ = TOWNS[number % len(TOWNS)]
        shift = spread.normal(0, 0.022, 2)
        rows.append(("village", f"Hamlet {number + 1}", f"{number + 1}号村", lon + shift[0], lat + shift[1]))
    rows += [
        ("shelter", "School 1", "第一中学", 115.955, 39.492),
        ("shelter", "School 2", "松林店学校", 115.893, 39.389),
        ("depot", "City depot", "涿州储备库", 115.962, 39.470),
        ("depot", "Baoding depot", "保定储备库", 115.464, 38.874),
        ("base", "Fire station", "消防救援站", 115.980, 39.478),
        ("base", "Shijiazhuang airfield", "石家庄机场", 114.697, 38.281),
        ("landing_site", "Stadium", "体育场", 115.990, 39.492),
    ]
    places = len(rows)
    rows += [("road", f"Road {number + 1}", "", 116.0, 39.5) for number in range(len(_links()))]
    rows += [("boat", "Boat 1", "舟艇1", 115.98, 39.478), ("command", "Command", "指挥部", 115.974, 39.485)]
    kinds, names, names_zh, lons, lats = (list(column) for column in zip(*rows, strict=True))
    return {
        "index": list(range(len(rows))),
        "id": [f"thing-{number}" for number in range(len(rows))],
        "kind": kinds,
        "name": names,
        "name_zh": names_zh,
        "lon": lons,
        "lat": lats,
        "township": ["" for _ in rows],
        "county": ["涿州市" if number < places else "" for number in range(len(rows))],
    }


def roads() -> dict[str, list[Any]]:
    """Columns of the table of roads."""
    links = _links()
    first = len(TOWNS) + 28 + 7
    return {
        "index": [first + number for number in range(len(links))],
        "id": [f"road-{number}" for number in range(len(links))],
        "from": [a for a, _ in links],
        "to": [b for _, b in links],
        "kind": ["expressway" if number < 3 else "class2" if number < 14 else "class4" for number in range(len(links))],
    }


def _links() -> list[tuple[int, int]]:
    town_links = [
        (0, 1),
        (0, 6),
        (4, 0),
        (1, 3),
        (3, 2),
        (2, 7),
        (7, 0),
        (0, 5),
        (5, 4),
        (6, 9),
        (9, 0),
        (8, 0),
        (10, 8),
        (11, 1),
    ]
    hamlets = [(len(TOWNS) + number, number % len(TOWNS)) for number in range(28)]
    sites = [(40, 0), (41, 6), (42, 0), (43, 6), (44, 0), (45, 43), (46, 0)]
    return town_links + hamlets + sites


def log(replication: int) -> EventLog:
    """A short log in which the same eastern roads flood every time and one more in every second replication."""
    first = roads()["index"][0]
    flooded = [3, 4, 5, 13, 14 + 1, 14 + 3] + ([6] if replication % 2 else [])
    rows = [(0.0, EventKind.LIVES, 0, 0, -1, -1, -1, 60_000.0, 0.0)]
    rows += [
        (30.0 + number, EventKind.ROAD_FLOODS, first + number, first + number, -1, -1, -1, 0.0, 0.6)
        for number in flooded
    ]
    return log_from_rows(rows)


def result(replication: int) -> ReplicationResult:
    """One replication; the same number gives the same rows."""
    draw = np.random.default_rng(100 + replication)
    villages = len(TOWNS) + 28
    lon = np.array(things()["lon"][:villages])
    wet = lon > 115.98
    population = np.array([town[4] for town in TOWNS] + [400 + 37 * number for number in range(28)], float)
    affected = np.where(wet, population * draw.uniform(0.5, 1.0, villages), 0.0)
    impact = np.where(wet, 26 + 60 * (116.14 - lon) + draw.normal(0, 1.5, villages), np.inf)
    late = draw.gamma(3.0, 3.2, villages) + 25 * (np.arange(villages) % 9 == 3)
    late[np.arange(villages) % 13 == 11] = np.inf
    relief = impact + late
    hour = np.arange(DURATION_H + 1, dtype=float)
    places = {
        "village": np.arange(villages, dtype=np.int32),
        "population": population,
        "affected": affected,
        "trapped": np.round(affected * 0.08),
        "max_depth_m": np.where(wet, draw.gamma(4.0, 0.45, villages), 0.0),
        "impact_h": impact,
        "first_relief_h": relief,
        "relief_p95_h": np.where(affected > 0, late, 0.0),
    }
    share = [float(affected[wet & (late <= at)].sum() / affected.sum()) for at in hour]
    curves = {
        "hour": hour,
        "share_relieved": np.array(share),
        "trapped": np.round(5000 * np.exp(-(((hour - 45) / 12) ** 2)) * draw.uniform(0.7, 1.2)),
        "sheltered": np.round(40_000 / (1 + np.exp(-(hour - 38) / 5))),
    }
    return ReplicationResult(
        replication,
        log(replication),
        {"affected": float(affected.sum()), "relief_p95_h": float(np.quantile(late[np.isfinite(late)], 0.95))},
        places,
        [("relief-12h", share[12], share[12] > 0.55), ("relief-10h", share[10], share[10] > 0.5)],
        curves,
        _responses(draw, villages),
        {"fire": np.zeros(0, np.int32)},
    )


def _responses(draw: np.random.Generator, villages: int) -> dict[str, Any]:
    kinds = np.repeat(["team", "boat", "truck", "helicopter", ""], [25, 40, 60, 12, 9])
    reported = draw.uniform(20, 60, len(kinds))
    assigned = reported + draw.gamma(1.5, 0.4, len(kinds))
    pace = {"team": 1.2, "boat": 2.4, "truck": 4.0, "helicopter": 0.8, "": np.inf}
    arrived = assigned + np.array([pace[kind] for kind in kinds]) * draw.gamma(3.0, 0.4, len(kinds))
    tasks = {"team": "evacuate", "boat": "rescue", "truck": "relief", "helicopter": "medical", "": "rescue"}
    return {
        "request": np.arange(len(kinds), dtype=np.int32),
        "task": np.array([tasks[kind] for kind in kinds]),
        "place": draw.integers(0, villages, len(kinds)).astype(np.int32),
        "responder_kind": kinds,
        "reported_h": reported,
        "assigned_h": np.where(kinds == "", np.inf, assigned),
        "arrived_h": arrived,
    }


def manifest(replications: int = 8, **changes: Any) -> dict[str, Any]:
    """A manifest like that of `describe`, with changes laid over it."""
    settings = {
        "name": "plain",
        "title": "A flood on the plain",
        "title_zh": "平原洪水",
        "start": "2023-07-29T00:00:00+08:00",
        "duration_h": DURATION_H,
    }
    return {
        "results_format": RESULTS_FORMAT,
        "simrescue": "0.0.0",
        "scenario": {"name": "plain", "variant": "", "checksum": "1", "applied": {}, "settings": settings},
        "plans": {"hebei-2023-2027": "2"},
        "seed": 1,
        "replications": replications,
    } | changes


def verdicts() -> list[dict[str, str]]:
    """Verdict rows of every sort, as in the file beside this module."""
    text = Path(__file__).with_name("verdicts.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


def recorded() -> list[dict[str, Any]]:
    """One figure of a real event."""
    return [
        {
            "what": "People affected",
            "what_zh": "受灾人口",
            "metric": "affected",
            "recorded": 133_913,
            "median": 120_000,
            "source": "news",
        }
    ]


def stored(folder: Path, replications: int = 8) -> Results:
    """The whole made-up run, in a folder."""
    with RunWriter(folder, manifest(replications), things(), roads()) as writer:
        for number in writer.missing:
            writer.add(result(number))
        return writer.finish(verdicts(), recorded())
