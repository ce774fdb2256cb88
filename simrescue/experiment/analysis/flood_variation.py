"""How much the flood of a run differed between its replications."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from simrescue.hazards.kinds import stored
from simrescue.scenario.preflight.hazards.flood_spread import sentences, spread_of

if TYPE_CHECKING:
    import pandas as pd


class StoredFloods(Protocol):
    """The stored results of a run (`experiment.store.stored_results`), as far as they are read here."""

    @property
    def manifest(self) -> dict[str, Any]:
        """What was run."""

    @property
    def places(self) -> pd.DataFrame:
        """By replication and village."""

    @property
    def things(self) -> pd.DataFrame:
        """Places, roads and responders."""


def spread_sentences(results: StoredFloods) -> tuple[str, str] | None:
    """How much first water and crest differed between replications, beside the uncertainty that the scenario states.

    Args:
        results: a run.

    Returns:
        Sentences in English and Chinese; None where there is no flood, nothing came often enough, or older results lack
        the column.
    """
    hazard, places = stored(results.manifest["scenario"]["settings"]).get("flood"), results.places
    if hazard is None or "water_h" not in places:
        return None
    tables = [places.pivot(index="replication", columns="village", values=name) for name in ("water_h", "max_depth_m")]
    found = spread_of(*(table.to_numpy(float) for table in tables))
    if found is None:
        return None
    things = results.things.set_index("index")[["id", "name", "name_zh"]].loc[tables[0].columns].to_numpy()
    names = [(name or name_zh or one, name_zh or name or one) for one, name, name_zh in things.tolist()]
    return sentences(found, hazard["uncertainty"], names)
