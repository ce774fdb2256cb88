"""What speaks against what in the files of a scenario, found without a run.

Each slip names file, row, column and value, and what speaks against it, and is graded: a fault cannot be so, what is
doubtful hardly can. It runs as written; `accepted` in scenario.yaml says which of them are right.
"""

from __future__ import annotations

from collections.abc import Callable

from simrescue.scenario.preflight.slips.force_slips import FORCE_SLIPS
from simrescue.scenario.preflight.slips.moment_slips import MOMENT_SLIPS
from simrescue.scenario.preflight.slips.place_slips import PLACE_SLIPS
from simrescue.scenario.preflight.slips.response_slips import RESPONSE_SLIPS
from simrescue.scenario.preflight.slips.road_slips import ROAD_SLIPS
from simrescue.scenario.preflight.slips.row_slips import ROW_SLIPS
from simrescue.scenario.preflight.slips.slip import Slips
from simrescue.scenario.preflight.slips.unusual_values import MAGNITUDE_SLIPS
from simrescue.scenario.records import Scenario

SLIPS: tuple[Callable[[Scenario], Slips], ...] = (
    *PLACE_SLIPS,
    *ROAD_SLIPS,
    *FORCE_SLIPS,
    *MOMENT_SLIPS,
    *ROW_SLIPS,
    *RESPONSE_SLIPS,
    *MAGNITUDE_SLIPS,
)
"""Asked of every scenario."""
