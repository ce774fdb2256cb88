"""What an answer rests on: the default numbers with their sources, data that were made, and what is not modelled."""

from __future__ import annotations

import csv
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, NamedTuple

from simrescue import parameters
from simrescue.report.asked import hazard
from simrescue.report.figures import Pair, pair

if TYPE_CHECKING:
    from simrescue.experiment.reading import Results

_OF_FIRES = (
    "fire_", "line_", "bucket_", "drop_", "ember_", "spotting_", "smoke_", "mop_up_", "watch_", "hose_", "live_",
    "crew_flame_", "pump_", "air_flame_", "insertion_", "post_", "walk_in_", "walk_climb_", "staging_", "way_out_",
    "escape_", "burn_out_", "haze_", "detection_", "indirect_", "rekindle_", "approach_km", "village_radius_km",
    "persons_per_house", "water_source_depth_m",
)  # fmt: skip
_OF_FLOODS = (
    "flood_", "depth_", "boat_", "bridge_damage_", "road_damage_", "fatality_", "upper_floor_", "roof_",
    "call_out_lead_h", "forecast_lead_h",
)  # fmt: skip
_OF_SEARCHES = ("price_", "lookout_")
"""How the names of parameters begin that only one kind of event uses; all others serve every event."""


class Assumed(NamedTuple):
    """One default number."""

    name: str
    value: str
    range: str
    unit: str
    used_for: Pair
    source: str
    verified: bool


def numbers_of(results: Results) -> list[Assumed]:
    """The default numbers behind a run of its hazard; those without a checked source first."""
    left_out = (_OF_FLOODS if hazard(results) == "wildfire" else _OF_FIRES) + _OF_SEARCHES
    rows = [row for row in parameters.table().values() if not row.name.startswith(left_out)]
    return [_assumed(row) for row in sorted(rows, key=lambda row: row.verified)]


def _assumed(row: parameters.Parameter) -> Assumed:
    between = "" if row.low is None or row.high is None else f"{row.low:g} - {row.high:g}"
    said = pair(row.used_for, _chinese().get(row.name, ""))
    return Assumed(row.name, f"{row.value:g}", between, row.unit, said, row.source, row.verified)


@cache
def _chinese() -> dict[str, str]:
    """Name of a parameter -> what it is, in Chinese."""
    return {row["name"]: row["used_for_zh"] for row in _rows("parameters_zh.csv")}


def made_things(results: Results) -> tuple[int, int]:
    """How many places and forces carry "assumed" (假定) in their names, and how many there are."""
    things = results.things[~results.things["kind"].isin(["road", "junction", "command"])]
    marked = things["name_zh"].str.contains("假定") | things["name"].str.contains("assumed", case=False)
    return int(marked.sum()), len(things)


def limits(results: Results) -> list[Pair]:
    """What the model leaves out, for the hazard of a run."""
    concerned = {"all", hazard(results), "given" if results.fire_is_given else ""}
    return [(row["text"], row["text_zh"]) for row in _rows("limits.csv") if row["hazard"] in concerned]


@cache
def _rows(name: str) -> tuple[dict[str, str], ...]:
    text = files("simrescue").joinpath(f"report/{name}").read_text(encoding="utf-8")
    return tuple(csv.DictReader(text.splitlines()))
