"""Names that metrics had in earlier versions: what is stored or written under them is read under those of now."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator

from simrescue.hazards.flood.mortality import CURVE_NAMES

RENAMED = {
    "died": "deaths",
    "institution_died": "institution_deaths",
    **{f"died_{curve}": f"deaths_{curve}" for curve in CURVE_NAMES},
}
"""Name of an earlier version -> name now."""


def current_name(name: str) -> str:
    """The name that a metric has now; one that was never renamed stays."""
    return RENAMED.get(name, name)


MetricName = Annotated[str, AfterValidator(current_name)]
"""Name of a metric in a file."""
