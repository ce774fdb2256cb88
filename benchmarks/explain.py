"""What explaining a run costs, against the run itself, measured in one go.

    python -m benchmarks.explain [--rounds 5] [--places 200 2000] [--out benchmarks/explain.json]

CPU time of this process, run and explanation in turn in every round, medians over rounds. Explained are all clauses of
the scenario's plan and of the plans it is compared with that count waiting, each place of each, from the log alone;
told are the stories of the places that lost most.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.province import province
from benchmarks.run import REAL, SEED, timed
from simrescue.events import EventLog
from simrescue.experiment.replications.runner import clause_lines, things_table
from simrescue.explain import Stories, Things, explain, is_explained
from simrescue.scenario.load import load
from simrescue.scenario.records import Scenario
from simrescue.simulation.run import replicate
from simrescue.simulation.world import World, compile_world

STORIES = 20
"""Places whose story a report tells."""
LIMIT = 1.0
"""An explanation must cost less than the run that it explains."""

Clauses = list[tuple[str, dict[str, Any]]]


def clauses_of(scenario: Scenario) -> Clauses:
    """Measures with their settings, for all clauses that count waiting; relief within 10 h where the plan has none."""
    lines = [line.clause for line in clause_lines(scenario)]
    found = [(one.measure, one.settings.given()) for one in lines if is_explained(one.measure)]
    return found or [("share_relieved", {"limit_h": 10.0})]


def explain_all(world: World, log: EventLog, clauses: Clauses) -> list[int]:
    """All clauses explained and added up by place; answers the places that lost most hours by the first of them."""
    decision_h = world.scenario.settings.command.decision_h
    tables = [explain(log, world.facts, name, settings, decision_h).table() for name, settings in clauses]
    hours: dict[int, float] = {}
    for place, person_h in zip(tables[0]["place"].tolist(), tables[0]["person_h"].tolist(), strict=True):
        hours[place] = hours.get(place, 0.0) + person_h
    return sorted(hours, key=lambda place: -hours[place])[:STORIES]


def tell_all(world: World, log: EventLog, places: list[int]) -> int:
    """The stories of some places; answers how many sentences."""
    table = things_table(world)
    things = Things(*(table[name] for name in ("id", "kind", "name", "name_zh")))
    stories = Stories(log, things, world.scenario.settings.start)
    return sum(len(stories.of(place)) for place in places)


def measure(world: World, clauses: Clauses, replication: int) -> dict[str, float]:
    """One replication: CPU milliseconds of run, reasons and stories."""
    run_s, outcome = timed(lambda: replicate(world, SEED, replication))
    why_s, worst = timed(lambda: explain_all(world, outcome.log, clauses))
    story_s, sentences = timed(lambda: tell_all(world, outcome.log, worst))
    return {
        "log_rows": len(outcome.log.kind), "clauses": len(clauses), "run_ms": 1e3 * run_s, "reasons_ms": 1e3 * why_s,
        "stories_ms": 1e3 * story_s, "sentences": sentences, "reasons_to_run": why_s / run_s,
        "all_to_run": (why_s + story_s) / run_s,
    }  # fmt: skip


def main() -> None:
    """Measure, print, write; leaves with 1 where an explanation costs more than the run."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--places", type=int, nargs="*", default=[200, 2000], help="sizes of the generated province")
    parser.add_argument("--out", type=Path, default=None, help="JSON file for the figures")
    options = parser.parse_args()
    scenarios = {f"province {places}": province(places) for places in options.places}
    if REAL.is_dir():
        scenarios = {"Zhuozhou 2023": load(REAL), **scenarios}
    figures: dict[str, dict[str, float]] = {}
    for name, scenario in scenarios.items():
        world, clauses = compile_world(scenario), clauses_of(scenario)
        rounds = [measure(world, clauses, replication) for replication in range(options.rounds + 1)][1:]
        figures[name] = {figure: median(one[figure] for one in rounds) for figure in rounds[0]}
    print(f"{'':16}" + "".join(f"{name:>16}" for name in figures))
    for figure in next(iter(figures.values())):
        print(f"{figure:16}" + "".join(f"{one[figure]:>16.2f}" for one in figures.values()))
    if options.out:
        options.out.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
    if any(one["all_to_run"] >= LIMIT for one in figures.values()):
        raise SystemExit("explaining a run costs more than the run")


if __name__ == "__main__":
    main()
