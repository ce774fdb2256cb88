"""Faults in parts of a scenario folder that one run does not touch: its other variants, and the plans that it names.

A variant is read only when somebody asks for it, a plan only when it judges; a pre-flight should not wait until then.
"""

from __future__ import annotations

from collections.abc import Iterator

from simrescue.errors import Fault, FaultsError
from simrescue.scenario.load import load
from simrescue.scenario.plans_file import load_compared, load_plan
from simrescue.scenario.records import Scenario


def faults_elsewhere(scenario: Scenario) -> list[Fault]:
    """What is wrong in the variants of a scenario's folder and in its plans, each fault once."""
    return list(dict.fromkeys([*_of_variants(scenario), *_of_plans(scenario)]))


def _of_variants(scenario: Scenario) -> Iterator[Fault]:
    for variant in scenario.settings.variants:
        try:
            load(scenario.folder, variant)
        except FaultsError as error:
            yield from error.faults


def _of_plans(scenario: Scenario) -> Iterator[Fault]:
    named = scenario.settings.plan
    for name in (named,) if isinstance(named, str) else named:
        try:
            load_compared([load_plan(name, scenario.folder)], scenario.folder)
        except FaultsError as error:
            yield from error.faults
