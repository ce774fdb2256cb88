"""What a fire costs: growth, suppression, and a plain search over the same cells, measured in one run.

    python -m benchmarks.fire [--rounds 3] [--sizes 50 100 200] [--hours 24] [--out FILE]

Ground is generated: hills, three fuels, roads and clearings that do not burn; wind turns from hour to hour. On it, per
round, CPU time (`time.process_time`), medians over rounds: rates of spread by hour; free growth; a fire fought by crews
and water drops, looked at every 5 minutes as the simulation does; and the yardstick, Dijkstra on eight neighbours with
a heap, pure Python, constant rates. The plain search stops at nothing, turns with no wind and is wrong between its
eight directions; it shows what a search over so many cells costs at the least.
"""

from __future__ import annotations

import argparse
import heapq
import json
import math
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from statistics import median
from typing import NamedTuple

import numpy as np

from simrescue.hazards.base import BURNING, CONTAINED, Drop, Effort, Tools, Work
from simrescue.hazards.wildfire.fire_course import FireCourse, FireField
from simrescue.hazards.wildfire.landscape.terrain import DEGREE_M, Landscape
from simrescue.hazards.wildfire.settings import FireUncertainty
from simrescue.hazards.wildfire.settings import Wildfire as Rules
from simrescue.hazards.wildfire.spread.travel_time import RING, Metric
from simrescue.places import Ignition
from simrescue.scenario.records import Jurisdiction, Scenario, Settings, Weather

CELL_M = 60.0
CREWS, PERSONS, WALK_IN_H = 4, 20, 3.0
HELICOPTERS, TONNES = 1, 3.0
SEED = 1


class Timed(NamedTuple):
    """One measurement."""

    cpu_s: float
    area_ha: float


def ground(size: int, seed: int = SEED) -> Landscape:
    """Hills, three fuels in patches, a net of roads and some clearings."""
    draws = np.random.default_rng(seed)
    y, x = np.mgrid[0:size, 0:size] * CELL_M
    waves = [(draws.uniform(0, math.tau), draws.uniform(1500, 4000), draws.uniform(0, math.tau)) for _ in range(6)]
    height = sum(60 * np.sin(math.tau * (x * math.cos(a) + y * math.sin(a)) / far + b) for a, far, b in waves)
    patches = sum(np.sin(math.tau * (x * math.cos(b) + y * math.sin(b)) / (far / 3) + a) for a, far, b in waves)
    fuel = np.choose(np.digitize(patches, (-0.8, 0.8)), (2, 4, 8)).astype(np.int16)
    fuel[::40, :] = fuel[:, ::40] = np.int16(99)
    fuel[2::40, ::7] = np.int16(99)
    for gap in range(5, size, 8):
        fuel[::40, gap] = fuel[gap, ::40] = np.int16(2)
    degrees = CELL_M / DEGREE_M
    cover = np.where(fuel == 8, 0.6, 0.0)
    return Landscape(
        114.0, 38.0, degrees / math.cos(math.radians(38.0)), degrees, fuel, height, cover, 12.0 * (cover > 0)
    )


def scenario(size: int, hours: float) -> Scenario:
    """One ignition in the middle of the ground, under a wind that turns."""
    land = ground(size)
    lon, lat = land.centre(np.array([(size // 2 + 3) * size + size // 2 + 3]))
    weather = [
        Weather(
            time_h=float(hour),
            wind_ms=7 + 3 * math.sin(hour / 4),
            visibility_km=10,
            wind_from_deg=(200 + 40 * math.sin(hour / 6)) % 360,
            temperature_c=18 + 6 * math.sin((hour - 3) / 24 * math.tau),
            humidity=0.2 - 0.08 * math.sin((hour - 3) / 24 * math.tau),
        )
        for hour in range(math.ceil(hours) + 1)
    ]
    settings = Settings(
        simrescue=1,
        name="fire-benchmark",
        start=datetime.fromisoformat("2024-04-04T08:00+08:00"),
        duration_h=hours,
        jurisdiction=Jurisdiction(name="Benchmark"),
        hazard=Rules(kind="wildfire", uncertainty=FireUncertainty(), spotting=0.002),
    )
    ignition = Ignition(id="fire", lon=float(lon[0]), lat=float(lat[0]), time_h=0.0)
    return Scenario(settings=settings, ignitions=(ignition,), weather=tuple(weather), landscape=land)


def free(field: FireField, replication: int) -> Timed:
    """Growth with nobody there, when the rates of the weather are known already."""
    course = field.course(SEED, replication)
    began = time.process_time()
    growth = field.growth(course, field.starts(SEED, replication))
    growth.advance(field.duration_h)
    cpu_s = time.process_time() - began
    return Timed(cpu_s, float(np.isfinite(growth.front.arrival_h).sum()) * field.landscape.cell_ha)


def rates(field: FireField, replication: int) -> Timed:
    """Rates of spread of all hours of one draw of the weather."""
    began = time.process_time()
    course = field.course(SEED, replication)
    for hour in range(math.ceil(field.duration_h)):
        course.field(hour)
    return Timed(time.process_time() - began, 0.0)


def fought(field: FireField, replication: int) -> Timed:
    """One replication with crews on the line and drops, step by step."""
    step_h, duration_h = field.rules.step_h, field.duration_h
    lon, lat = (float(figure[0]) for figure in field.landscape.centre(np.array([field.starts(SEED, 0)[0].cell])))
    began = time.process_time()
    fire, hour = FireCourse(field, SEED, replication), 0.0
    while hour < duration_h:
        hour = min(hour + step_h, duration_h)
        works, drops = [], []
        if hour > WALK_IN_H and fire.state(0).state in (BURNING, CONTAINED):
            for crew in range(CREWS):
                if fire.post(crew) or fire.take_post(crew, 0, lon, lat, Tools(1.5, True, crew % 2 == 0, hands=20.0)):
                    fire.danger_h(crew)
                    works.append(Work(crew, PERSONS * step_h))
            drops = [Drop(100 + number, 0, TONNES) for number in range(HELICOPTERS) if fire.water_point(number, 0)]
        fire.advance(hour, Effort(tuple(works), tuple(drops)))
    return Timed(time.process_time() - began, fire.state(0).area_ha)


def dijkstra(field: FireField) -> Timed:
    """The plain search: eight neighbours, a heap, the rates of the first hour from the first cell to the last."""
    spread_metric = field.course(SEED, 0).field(0)[1]
    rows, columns = field.landscape.shape
    steps, burns = _steps(spread_metric, field.landscape), field.landscape.burns.ravel().tolist()
    began = time.process_time()
    arrival = [math.inf] * (rows * columns)
    start = field.starts(SEED, 0)[0].cell
    arrival[start] = 0.0
    heap = [(0.0, start)]
    while heap:
        hour, cell = heapq.heappop(heap)
        if hour > arrival[cell]:
            continue
        row, column = divmod(cell, columns)
        for way, (down, right) in enumerate(RING.tolist()):
            r, c = row + down, column + right
            if 0 <= r < rows and 0 <= c < columns:
                beside = r * columns + c
                if burns[beside] and (due := hour + steps[way][beside]) < arrival[beside]:
                    arrival[beside] = due
                    heapq.heappush(heap, (due, beside))
    return Timed(time.process_time() - began, sum(hour < math.inf for hour in arrival) * field.landscape.cell_ha)


def _steps(travel: Metric, land: Landscape) -> list[list[float]]:
    """Hours of the step into each cell, by its direction."""
    cells = np.arange(land.n_cells)
    found = []
    for down, right in RING.tolist():
        # the neighbour at (down, right) is entered by that same step
        east, north = np.full(land.n_cells, right * land.cell_x_m), np.full(land.n_cells, -down * land.cell_y_m)
        found.append(travel.hours(cells, east, north).tolist())
    return found


def measure(size: int, hours: float, rounds: int) -> dict[str, float]:
    """One row of the table: medians over rounds, each with another draw of the weather."""
    field = FireField(scenario(size, hours))
    field.line_rates  # noqa: B018  compiled once, as for a scenario
    cases: dict[str, Callable[[int], Timed]] = {
        "rates": lambda number: rates(field, number),
        "free": lambda number: free(field, number),
        "fought": lambda number: fought(field, number),
        "dijkstra": lambda _: dijkstra(field),
    }
    found = {name: [case(number) for case in (cases[name],) for number in range(rounds)] for name in cases}
    row: dict[str, float] = {"cells": size * size, "hours": hours}
    for name, runs in found.items():
        row[f"{name}_s"] = median(run.cpu_s for run in runs)
        row[f"{name}_ha"] = median(run.area_ha for run in runs)
    row["fought_over_dijkstra"] = row["fought_s"] / row["dijkstra_s"]
    return row


def main() -> None:
    """Measure, print a table, and write it down if asked."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--sizes", type=int, nargs="+", default=[50, 100, 200])
    parser.add_argument("--hours", type=float, nargs="+", default=[24.0])
    parser.add_argument("--out", type=Path)
    args = parser.parse_args()
    rows = [measure(size, hours, args.rounds) for size in args.sizes for hours in args.hours]
    print("| cells | hours | rates s | free s (ha) | fought s (ha) | Dijkstra s (ha) | fought / Dijkstra |")
    print("| --- | --- | --- | --- | --- | --- | --- |")
    for row in rows:
        pairs = [f"{row[f'{name}_s']:.2f} ({row[f'{name}_ha']:,.0f})" for name in ("free", "fought", "dijkstra")]
        figures = [f"{row['cells']:,.0f}", f"{row['hours']:g}", f"{row['rates_s']:.2f}", *pairs]
        print(f"| {' | '.join(figures)} | {row['fought_over_dijkstra']:.1f} |")
    if args.out:
        args.out.write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
