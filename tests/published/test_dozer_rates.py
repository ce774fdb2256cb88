"""Rates of dozers against the published table: those of type 3 (light dozers), which the model has, row by row.

The 8 rows of medium dozers (type 2, in grass only) are in the program as no machine of their own.
"""

from __future__ import annotations

import csv
from pathlib import Path

from simrescue.hazards.wildfire.suppression.line.line_rates import dozers

TABLE = Path(__file__).with_name("dozer_reference.csv")
LIGHT = "3"


def test_every_row_of_light_dozers_is_in_the_table_to_the_metre() -> None:
    with TABLE.open(encoding="utf-8") as file:
        published = [row for row in csv.DictReader(file) if row["dozer_type"] == LIGHT]
    assert len(published) == 48
    own = [(rate.slope_to, rate.low, rate.high) for rate in dozers()]
    assert len(own) == len(published)
    for row in published:
        models = {int(model) for model in row["fuel_models"].split()}
        slope_to = int(row["slope_pct"].split("-")[1]) / 100
        low, high = float(row["low_m_h"]), float(row["high_m_h"])
        ways = [rate for rate in dozers() if models <= set(rate.models) and rate.slope_to == slope_to]
        assert (low, high) in {(rate.low, rate.high) for rate in ways}, row
        assert len(ways) == 2  # up and down


def test_no_light_dozer_is_faster_than_the_medium_ones_of_the_table_in_grass() -> None:
    with TABLE.open(encoding="utf-8") as file:
        published = [row for row in csv.DictReader(file) if row["dozer_type"] != LIGHT]
    assert len(published) == 8
    for row in published:
        models = {int(model) for model in row["fuel_models"].split()}
        slope_to = int(row["slope_pct"].split("-")[1]) / 100
        own = [rate for rate in dozers() if models <= set(rate.models) and rate.slope_to == slope_to]
        assert len(own) == 2  # up and down
        assert min(rate.low for rate in own) <= float(row["low_m_h"])
        assert min(rate.high for rate in own) <= float(row["high_m_h"])
