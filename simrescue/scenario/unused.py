"""Faults in parts of a scenario folder that one run does not touch: its variants, overrides and the plans it names.

A variant is read only when somebody asks for it, a plan only when it judges; a pre-flight should not wait until then.
"""

from __future__ import annotations

from collections.abc import Iterator

from simrescue.errors import Fault, FaultsError
from simrescue.scenario.load import faults_of_override, load
from simrescue.scenario.plans.plans_file import load_compared, load_plan
from simrescue.scenario.records import Scenario


def faults_elsewhere(scenario: Scenario) -> list[Fault]:
    """What is wrong in the variants and overrides of a scenario's folder and in its plans, each fault once."""
    return list(dict.fromkeys([*_of_variants(scenario), *_of_overrides(scenario), *_of_plans(scenario)]))


def _of_variants(scenario: Scenario) -> Iterator[Fault]:
    for variant in scenario.settings.variants:
        try:
            load(scenario.folder, variant)
        except FaultsError as error:
            yield from error.faults


def _of_overrides(scenario: Scenario) -> Iterator[Fault]:
    """Those that no variant names, each alone."""
    named = {name for names in scenario.settings.variants.values() for name in names}
    for override in scenario.settings.overrides:
        if override not in named:
            yield from faults_of_override(scenario.folder, override)


def _of_plans(scenario: Scenario) -> Iterator[Fault]:
    for name in scenario.settings.plan_names:
        try:
            load_compared([load_plan(name, scenario.folder)], scenario.folder)
        except FaultsError as error:
            yield from error.faults
