"""A sand table for emergency plans: a disaster happens many times over; which clauses of the plan hold?

The names below are the whole public surface. Each is imported when it is first asked for, so that
`import simrescue` and `simrescue --help` cost next to nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from simrescue.errors import ScenarioError
    from simrescue.events import EventKind, EventLog
    from simrescue.experiment.replications.runner import run
    from simrescue.experiment.store.run_writer import Results, read_results
    from simrescue.plans import Plan
    from simrescue.scenario.load import load
    from simrescue.scenario.plans.plans_file import load_plan
    from simrescue.scenario.preflight.check import check
    from simrescue.scenario.records import Scenario
    from simrescue.simulation.run import simulate

__version__ = "0.1.0"

__all__ = [
    "EventKind",
    "EventLog",
    "Plan",
    "Results",
    "Scenario",
    "ScenarioError",
    "check",
    "load",
    "load_plan",
    "read_results",
    "run",
    "simulate",
]

_HOMES = {
    "EventKind": "events",
    "EventLog": "events",
    "Plan": "plans",
    "Results": "experiment.store.run_writer",
    "Scenario": "scenario.records",
    "ScenarioError": "errors",
    "check": "scenario.preflight.check",
    "load": "scenario.load",
    "load_plan": "scenario.plans.plans_file",
    "read_results": "experiment.store.run_writer",
    "run": "experiment.replications.runner",
    "simulate": "simulation.run",
}


_DRAWN = ("Results", "read_results", "run")
"""Names that lead to results: these draw themselves by the charts, a floor above, once it is imported."""


def __getattr__(name: str) -> Any:
    """Import a public name on first use (PEP 562)."""
    if name not in _HOMES:
        raise AttributeError(f"module 'simrescue' has no attribute {name!r}; public names: {', '.join(__all__)}")
    from importlib import import_module

    if name in _DRAWN:
        import_module("simrescue.charts")
    value = getattr(import_module(f"simrescue.{_HOMES[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
