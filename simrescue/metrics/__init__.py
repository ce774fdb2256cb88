"""Metrics: numbers and tables from an event log, and nothing else."""

from simrescue.metrics.facts import Facts
from simrescue.metrics.measures import MEASURES, has_two_clocks, measure, measure_from_need
from simrescue.metrics.recorded import RECORDED, recorded_value, recorded_waits
from simrescue.metrics.summary import curves, places_table, responses_table, summarise
from simrescue.metrics.wildfire.fire_summary import fires_table

__all__ = [
    "MEASURES",
    "RECORDED",
    "Facts",
    "curves",
    "fires_table",
    "has_two_clocks",
    "measure",
    "measure_from_need",
    "places_table",
    "recorded_value",
    "recorded_waits",
    "responses_table",
    "summarise",
]
