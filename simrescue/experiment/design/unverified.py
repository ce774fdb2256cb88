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

STEP_PARAMETERS = frozenset({"flood_step_h", "fire_step_h"})
"""How finely the model looks, which is nothing that the world could have otherwise."""


def unverified(scenario: Scenario) -> dict[str, Factor]:
    """A factor, of the name of the number, for each number behind a run of the scenario that nobody has verified.

    The number is drawn from a triangular distribution over its range, with the default as its mode.
    """
    kept, hazards = STEP_PARAMETERS | scenario.parameters.model_fields_set, ("all", *scenario.settings.hazards)
    rows = (row for name, row in table().items() if name not in kept and row.hazard in hazards and not row.verified)
    found = {row.name: _factor(row) for row in rows}
    return {name: factor for name, factor in found.items() if factor is not None}


def _factor(row: Parameter) -> Factor | None:
    if row.low is None or row.high is None or not row.low < row.high:
        return None
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
