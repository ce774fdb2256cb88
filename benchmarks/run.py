"""What a run costs, against a bare SimPy model with the same number of missions, measured in one go.

    python -m benchmarks.run [--rounds 5] [--places 200 2000] [--out benchmarks/results.json]

CPU time of this process (`time.process_time`), models taken in turn in every round, medians over rounds; the
ratios are medians of the ratios within a round, so that a busy machine disturbs both sides alike.
"""

from __future__ import annotations

import argparse
import gc
import json
import platform
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

from benchmarks.bare import Map, bare_map, run_bare
from benchmarks.province import province
from simrescue.scenario.load import load
from simrescue.scenario.records import Scenario
from simrescue.simulation.run import replicate
from simrescue.simulation.world import World, compile_world

ROOT = Path(__file__).resolve().parents[1]
REAL = ROOT / "scenarios" / "zhuozhou-2023"
SEED = 1
HEAVY = ("pandas", "scipy", "matplotlib", "pyarrow", "numpy", "simpy", "pydantic", "yaml")
LIMITS = {"times_bare": 3.0, "kernel_events_per_mission": 10.0, "log_cost": 1.15, "growth": 1.5}
"""What we aim at; the table says where we are."""


class Case(NamedTuple):
    """One scenario, compiled, with the bare model of its size."""

    name: str
    world: World
    bare: Map


class Round(NamedTuple):
    """One replication of a case and of its bare twin."""

    cpu_s: float
    cpu_silent_s: float
    bare_s: float
    missions: int
    kernel_events: int
    bare_kernel_events: int
    rows: int


def case(name: str, scenario: Scenario) -> Case:
    """Compile a scenario and make the map of a bare model with as many villages, responders and depots."""
    world = compile_world(scenario)
    sizes = len(scenario.villages), max(1, len(world.members)), max(1, len(scenario.depots))
    return Case(name, world, bare_map(*sizes))


def timed(call: Callable[[], Any]) -> tuple[float, Any]:
    """CPU seconds of a call, and its answer."""
    gc.collect()
    start = time.process_time()
    answer = call()
    return time.process_time() - start, answer


def measure(one: Case, replication: int) -> Round:
    """The same replication with the log, without it, and the bare model with its number of missions."""
    cpu_s, outcome = timed(lambda: replicate(one.world, SEED, replication))
    silent_s, _ = timed(lambda: replicate(one.world, SEED, replication, log=False))
    hours = one.world.duration_h
    bare_s, bare = timed(lambda: run_bare(one.bare, outcome.missions, hours, seed=replication))
    rows = len(outcome.log.kind)
    return Round(cpu_s, silent_s, bare_s, outcome.missions, outcome.kernel_events, bare.kernel_events, rows)


def summary(rounds: list[Round]) -> dict[str, float]:
    """Medians over the rounds of one case."""

    def middle(of: Callable[[Round], float]) -> float:
        return median(of(one) for one in rounds)

    return {
        "missions": middle(lambda one: one.missions),
        "log_rows": middle(lambda one: one.rows),
        "cpu_ms": 1e3 * middle(lambda one: one.cpu_s),
        "bare_ms": 1e3 * middle(lambda one: one.bare_s),
        "times_bare": middle(lambda one: one.cpu_s / one.bare_s),
        "kernel_events_per_mission": middle(lambda one: one.kernel_events / max(1, one.missions)),
        "bare_kernel_events_per_mission": middle(lambda one: one.bare_kernel_events / max(1, one.missions)),
        "us_per_mission": 1e6 * middle(lambda one: one.cpu_s / max(1, one.missions)),
        "log_cost": middle(lambda one: one.cpu_s / one.cpu_silent_s),
    }


def start_up(runs: int = 5) -> dict[str, Any]:
    """Wall milliseconds of `simrescue --help` and of bare Python, and the heavy modules that it did not need."""

    def wall_ms(*arguments: str) -> float:
        took = []
        for _ in range(runs):
            start = time.perf_counter()
            subprocess.run([sys.executable, *arguments], capture_output=True, check=True, cwd=ROOT)
            took.append(1e3 * (time.perf_counter() - start))
        return min(took)

    code = (
        "import sys\nfrom simrescue.cli import main\n"
        "try:\n    main(['--help'])\nexcept SystemExit:\n    pass\n"
        f"print('\\n' + ' '.join(name for name in {HEAVY!r} if name in sys.modules))"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    imported = told.stdout.rstrip("\n").rsplit("\n", 1)[-1].split()
    return {
        "python_ms": wall_ms("-c", "pass"),
        "help_ms": wall_ms("-m", "simrescue", "--help"),
        "heavy_imported": imported,
        "heavy_not_imported": [name for name in HEAVY if name not in imported],
    }


def table(results: dict[str, dict[str, float]]) -> str:
    """The cases side by side, one line a figure."""
    names = list(results)
    lines = [f"{'':32}" + "".join(f"{name:>16}" for name in names)]
    for figure in next(iter(results.values())):
        cells = "".join(f"{results[name][figure]:>16.2f}" for name in names)
        aim = f"   aim <= {LIMITS[figure]:g}" if figure in LIMITS else ""
        lines.append(f"{figure:32}{cells}{aim}")
    return "\n".join(lines)


def main() -> None:
    """Measure, print, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--places", type=int, nargs="*", default=[200, 2000], help="sizes of the generated province")
    parser.add_argument("--out", type=Path, default=None, help="JSON file for the figures")
    options = parser.parse_args()
    cases = [case(f"province {places}", province(places)) for places in options.places]
    if REAL.is_dir():
        cases.insert(0, case("Zhuozhou 2023", load(REAL)))
    rounds: dict[str, list[Round]] = {one.name: [] for one in cases}
    for replication in range(options.rounds + 1):
        for one in cases:
            measured = measure(one, replication)
            # The first round fills the memory of dry paths and imports what is lazy; a worker does that once.
            if replication:
                rounds[one.name].append(measured)
    results = {name: summary(measured) for name, measured in rounds.items()}
    print(table(results))
    figures: dict[str, Any] = {"cases": results, "rounds": options.rounds, "python": platform.python_version()}
    if len(options.places) > 1:
        few, many = options.places[0], options.places[-1]
        growth = results[f"province {many}"]["us_per_mission"] / results[f"province {few}"]["us_per_mission"]
        figures["growth"] = growth
        print(f"\ncost of a mission at {many} against {few} places: {growth:.2f}   aim <= {LIMITS['growth']:g}")
    figures["start_up"] = start = start_up()
    print(f"\nsimrescue --help {start['help_ms']:.0f} ms, bare Python {start['python_ms']:.0f} ms; "
          f"not imported: {', '.join(start['heavy_not_imported'])}")  # fmt: skip
    if options.out:
        options.out.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
