"""Metrics: numbers and tables from an event log, and nothing else."""

from simrescue.metrics.base import MEASURES, Measure, MeasureSettings, Timed, TimedWithin, Within, register
from simrescue.metrics.facts import Facts
from simrescue.metrics.measures import measure, measure_from_need
from simrescue.metrics.recorded import Figure, figures, recorded_value, recorded_waits
from simrescue.metrics.summary import curves, places_table, responses_table, summarise
from simrescue.metrics.wildfire.fire_summary import begun_fires, fires_table

__all__ = [
    "MEASURES",
    "Facts",
    "Figure",
    "Measure",
    "MeasureSettings",
    "Timed",
    "TimedWithin",
    "Within",
    "begun_fires",
    "curves",
    "figures",
    "fires_table",
    "measure",
    "measure_from_need",
    "places_table",
    "recorded_value",
    "recorded_waits",
    "register",
    "responses_table",
    "summarise",
]
