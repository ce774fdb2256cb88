"""Small experiment files for the tests, on the smallest scenario there is."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

TOP = Path(__file__).parents[2]
TINY = TOP / "scenarios" / "tiny-flood"
BOATS: dict[str, Any] = {
    "label": "Boats of the town", "unit": "boats", "path": "boats.boats-town.count", "values": [2, 6],
    "cost": {"yuan": 150_000},
}  # fmt: skip
LEAD: dict[str, Any] = {"unit": "min", "path": "warning.call_out_lead", "change": "add", "values": [30]}


def experiment(**changes: Any) -> dict[str, Any]:
    """An experiment of two points with three replications each; None takes a key out."""
    plain: dict[str, Any] = {
        "simrescue": 1, "name": "boats", "scenario": str(TINY), "factors": {"boats": BOATS}, "replications": 3,
    }  # fmt: skip
    return {name: value for name, value in (plain | changes).items() if value is not None}


def written(folder: Path, **changes: Any) -> Path:
    """The file of such an experiment."""
    path = folder / "experiment.yaml"
    path.write_text(yaml.safe_dump(experiment(**changes), sort_keys=False, allow_unicode=True), encoding="utf-8")
    return path
