"""What experiments cost: replications a second, the parent's share of the CPU, the store, memory, the stopping rule.

    python -m benchmarks.sweep [--scenario scenarios/zhuozhou-2023] [--replications 24] [--many 2000] [--out FILE]

Every run is a process of its own. Rates and shares are of the scenario named; memory is that of the starter scenario,
whose replications are short. The stopping rule is tried on outcomes drawn at known probabilities.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from scipy.stats import binomtest

from simrescue.experiment.analysis.statistics import Interval, anytime_interval
from simrescue.experiment.design.points import point
from simrescue.experiment.store.manifest import describe_sweep
from simrescue.experiment.store.sweep_store import SweepWriter
from simrescue.experiment.sweep.evaluation import evaluate

ROOT = Path(__file__).resolve().parents[1]
STUDIES = 400
LONGEST = 2_000
REQUIRED = 0.9

ONE_RUN = """
import json, re, sys, time
from pathlib import Path
from simrescue.experiment.sweep.experiment_run import run_experiment
if __name__ == "__main__":
    began, cpu = time.perf_counter(), time.process_time()
    run_experiment(sys.argv[1], out=sys.argv[2], workers=int(sys.argv[3]))
    most = re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())  # of this process alone
    print(json.dumps({"wall_s": time.perf_counter() - began, "parent_s": time.process_time() - cpu,
                      "most_mb": int(most[1]) / 1024}))
"""


def run(folder: Path, scenario: Path, replications: int, workers: int, **more: Any) -> dict[str, float]:
    """Wall time, CPU of the parent and its largest memory, of an experiment of one point in a process of its own."""
    file = folder / f"{scenario.name}-{replications}-{workers}.yaml"
    experiment = {"simrescue": 1, "name": file.stem, "scenario": str(scenario.resolve()), "replications": replications}
    file.write_text(json.dumps(experiment | more), encoding="utf-8")  # JSON is YAML
    code = folder / "one_run.py"
    code.write_text(ONE_RUN, encoding="utf-8")
    command = [sys.executable, str(code), str(file), str(folder / file.stem), str(workers)]
    told = subprocess.run(command, cwd=ROOT, env={**_environment()}, capture_output=True, text=True, check=True)
    found: dict[str, float] = json.loads(told.stdout)
    return found


def _environment() -> dict[str, str]:
    import os

    return {**os.environ, "PYTHONPATH": str(ROOT)}


def rates(folder: Path, scenario: Path, replications: int) -> dict[str, float]:
    """Replications a second on one process and on two, and what the parent of the two spends on each.

    `parent_share`: the parent's CPU time for one more replication, against that of the replication itself.
    """
    one, two = (run(folder, scenario, replications, workers) for workers in (1, 2))
    more = run(folder, scenario, 2 * replications, 2)
    logs, more_logs = (
        run(folder, scenario, count, 2, events="all") for count in (replications + 1, 2 * replications + 1)
    )
    each, each_log = ((b["parent_s"] - a["parent_s"]) / replications for a, b in ((two, more), (logs, more_logs)))
    return {
        "a_second_on_1": replications / one["wall_s"],
        "a_second_on_2": replications / two["wall_s"],
        "times_faster": one["wall_s"] / two["wall_s"],
        "parent_ms": 1e3 * each,
        "parent_ms_with_log": 1e3 * each_log,
        "parent_share": each * replications / one["parent_s"],
        "parent_share_with_log": each_log * replications / one["parent_s"],
    }


def store(folder: Path, scenario: Path, replications: int = 200) -> dict[str, float]:
    """Milliseconds a replication to store it, and to put the parts together; the replication is simulated once."""
    ((_, result),) = evaluate([point(scenario)], [0])
    began, cpu = time.perf_counter(), time.process_time()
    manifest = describe_sweep({}, 1, (), "benchmark", {})
    with SweepWriter(folder / "store", manifest, {"key": ["a"]}, replace=False) as writer:
        for number in range(replications):
            writer.add("a", result._replace(replication=number))
        writer.flush()
        stored, stored_cpu = time.perf_counter() - began, time.process_time() - cpu
        writer.finish({"a": replications}, [], ("point",))
    whole = time.perf_counter() - began
    return {
        "store_ms": 1e3 * stored / replications,
        "store_cpu_ms": 1e3 * stored_cpu / replications,
        "merge_ms": 1e3 * (whole - stored) / replications,
    }


def memory(folder: Path, few: int, many: int) -> dict[str, float]:
    """Largest memory of the parent with few and with many replications, on one process and on two."""
    tiny = ROOT / "scenarios" / "tiny-flood"
    return {
        f"most_mb_{count}_on_{workers}": run(folder, tiny, count, workers)["most_mb"]
        for workers in (1, 2)
        for count in (few, many)
    }


def stopping(probabilities: tuple[float, ...] = (1.0, 0.99, 0.97, 0.95, 0.85, 0.8, 0.6)) -> list[dict[str, float]]:
    """Replications to a settled verdict on a clause that has to hold in 90 %, by what is true.

    `fixed`: the least number that settles nine studies of ten with one look at the exact interval. `mean`, `ninety`:
    mean, and what nine studies of ten stay below, of the sequential rule with batches of ten.
    """
    draw = np.random.default_rng(5)
    rows = []
    for p in probabilities:
        sums = np.cumsum(draw.random((STUDIES, LONGEST)) < p, axis=1)
        looks = list(range(10, LONGEST + 1, 10))
        settled = np.array([[_settled(anytime_interval, int(row[n - 1]), n) for n in looks] for row in sums])
        spent = np.where(settled.any(axis=1), np.array(looks)[settled.argmax(axis=1)], LONGEST)
        once = [np.mean([_settled(exact_interval, int(row[n - 1]), n) for row in sums]) >= 0.9 for n in looks]
        fixed = looks[once.index(True)] if any(once) else LONGEST
        rows.append({"p": p, "fixed": fixed, "mean": float(spent.mean()), "ninety": float(np.quantile(spent, 0.9))})
    return rows


def exact_interval(held: int, n: int) -> Interval:
    """The interval for one look at a number fixed beforehand (Clopper and Pearson, Biometrika 26, 1934, 404-413)."""
    low, high = binomtest(held, n).proportion_ci(0.95)
    return Interval(held / n, low, high, n)


@cache
def _settled(interval: Any, held: int, n: int) -> bool:
    found = interval(held, n)
    return bool(found.low >= REQUIRED or found.high < REQUIRED)


def main() -> None:
    """Measure, print, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--scenario", type=Path, default=ROOT / "scenarios" / "zhuozhou-2023")
    parser.add_argument("--replications", type=int, default=24)
    parser.add_argument("--few", type=int, default=100)
    parser.add_argument("--many", type=int, default=2_000)
    parser.add_argument("--out", type=Path, default=None, help="JSON file for the figures")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        found: dict[str, Any] = {
            "rates": rates(folder, options.scenario, options.replications),
            "store": store(folder, options.scenario),
            "memory": memory(folder, options.few, options.many),
            "stopping": stopping(),
        }
    for part, figures in found.items():
        print(part)
        for line in figures if isinstance(figures, list) else [figures]:
            print("   " + "  ".join(f"{name} {value:.4g}" for name, value in line.items()))
    if options.out:
        options.out.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
