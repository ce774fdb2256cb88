"""Rows of verdicts as data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from simrescue.experiment.analysis.distance import read_places
from simrescue.experiment.analysis.verdict_words import place_names

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd


def verdict_record(row: Mapping[Any, Any], names: Mapping[str, tuple[str, str]]) -> dict[str, Any]:
    """A row of verdicts.csv as data: `where` is a list of places with their numbers, the largest first.

    Args:
        row: of the verdicts of a run or an experiment.
        names: id of a place -> its name in English and Chinese; others are called by their id.
    """
    where = [(place, *names.get(place, (place, place)), number) for place, number in read_places(row["where"])]
    columns = ("place", "name", "name_zh", "short")
    return {str(name): value for name, value in row.items()} | {
        "where": [dict(zip(columns, place, strict=True)) for place in where]
    }


def verdict_records(verdicts: pd.DataFrame, things: pd.DataFrame) -> list[dict[str, Any]]:
    """All rows, each as `verdict_record`. `things`: with the columns `id`, `name`, `name_zh`."""
    names = place_names(things)
    return [verdict_record(row, names) for row in verdicts.to_dict("records")]
