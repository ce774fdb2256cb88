"""The numbers that nobody has verified as uncertainties: ready-made factors that draw each from its range.

A number that the scenario sets in `parameters` is its own and stays. A field that is written in a table or a section
wins over the default number, so that drawing the number leaves that field as it is.
"""

from __future__ import annotations

from simrescue.experiment.design.experiment_records import Distribution, Factor
from simrescue.parameters import Parameter, table
from simrescue.scenario.records import Scenario
from simrescue.units import NO_UNIT, WHOLE
from simrescue.wording import bilingual


def unverified(scenario: Scenario) -> dict[str, Factor]:
    """A factor, of the name of the number, for each number behind a run of the scenario that nobody has verified.

    The number is drawn from a triangular distribution over its range, with the default as its mode.
    """
    hazards = ("all", *scenario.settings.hazards)
    rows = (row for name, row in table().items() if name not in scenario.parameters.model_fields_set)
    return {row.name: _factor(row) for row in rows if row.is_unknown and row.hazard in hazards}


def _factor(row: Parameter) -> Factor:
    called = bilingual(row.used_for)
    return Factor(
        label=called.en,
        label_zh=called.zh,
        unit="" if row.unit in NO_UNIT else row.unit,
        role="uncertainty",
        path=f"parameters.{row.name}",
        distribution=Distribution(kind="triangular", low=row.low, mode=row.value, high=row.high),
        whole=row.unit in WHOLE,
    )
