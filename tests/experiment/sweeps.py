"""Sweeps made by hand, for tests of what is read off them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from simrescue.experiment.design.experiment_records import Experiment
from simrescue.experiment.design.sampling import rows
from simrescue.experiment.store.sweep_results import SweepResults

CLAUSE = "paper/A1"


def experiment(factors: Mapping[str, Any], design: Mapping[str, Any], **more: Any) -> Experiment:
    file = {"simrescue": 1, "name": "made-up", "scenario": ".", "factors": factors, "design": design, **more}
    return Experiment.model_validate(file)


def sweep(
    made: Experiment,
    outputs: Mapping[str, Any],
    holds: Any = None,
    columns: Mapping[str, Sequence[Any]] | None = None,
    folder: Path = Path("made-up"),
) -> SweepResults:
    """A sweep with outputs of shape (points, replications); `holds`, of that shape too, is the clause paper/A1."""
    drawn = rows(made)
    points = len(drawn)
    cells: dict[str, Any] = {"point": range(points), "key": [str(i) for i in range(points)], "variant": [""] * points}
    for name in made.factors:
        cells[name] = [np.nan if row.values[name] is None else row.values[name] for row in drawn]
    cells["cost"] = [0.0] * points
    cells |= {f"u_{name}": [row.places[name] for row in drawn] for name in drawn[0].places}
    tables = {name: np.asarray(value, dtype=float).reshape(points, -1) for name, value in outputs.items()}
    held = np.ones((points, 1), dtype=bool) if holds is None else np.asarray(holds, dtype=bool).reshape(points, -1)
    n = next(iter(tables.values())).shape[1] if tables else held.shape[1]
    number = np.tile(np.arange(n), points)
    results = SweepResults(folder, _manifest(made))
    vars(results)["design"] = pd.DataFrame(cells | dict(columns or {}))
    spread = {"point": np.repeat(np.arange(points), n), "replication": number}
    vars(results)["replications"] = pd.DataFrame(spread | {name: table.ravel() for name, table in tables.items()})
    shape = held.shape[1]
    vars(results)["clauses"] = pd.DataFrame({
        "point": np.repeat(np.arange(points), shape), "replication": np.tile(np.arange(shape), points),
        "clause": CLAUSE, "value": held.ravel().astype(float), "holds": held.ravel(),
    })  # fmt: skip
    return results


def _manifest(made: Experiment) -> dict[str, Any]:
    clause = {
        "key": CLAUSE, "plan": "paper", "clause": "A1", "kind": "obligation", "title": "All are relieved within 10 h",
        "title_zh": "10小时内全部得到救助", "reliability": 0.9, "confidence": 0.95, "watched": True,
    }  # fmt: skip
    file = made.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    return {"seed": 1, "experiment": {"file": file, "clauses": [clause]}}
