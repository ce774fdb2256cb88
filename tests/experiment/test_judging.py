"""Rows of verdicts: one a clause, a second one where replications with drawn numbers are given."""

from __future__ import annotations

import math

from simrescue.experiment.replications.packed_job import clause_key
from simrescue.experiment.replications.verdict_rows import verdict_rows
from simrescue.plans import Line, Plan
from tests.experiment.test_statistics import clause
from tests.factories import flooded_row

RUN = clause(id="A1")
STATIC = clause(id="A2", measure="share_reached_by_air")
SILENT = clause(id="A3", measure="", settings={}, threshold=None, not_measured="no damage", not_measured_zh="无")
FIRE = clause(id="A4", measure="share_fires_found")
PLAN = Plan.model_validate({
    "name": "paper", "title": "P", "title_zh": "甲", "jurisdiction": "C", "jurisdiction_zh": "县", "documents": {},
    "clauses": (),
})  # fmt: skip
LINES = [Line(PLAN, one, "obligation") for one in (RUN, STATIC, SILENT, FIRE)]
KEYS = [clause_key(line) for line in LINES]


def test_drawn_numbers_give_a_second_row_below_the_first() -> None:
    values = {key: [1.0] * 60 for key in KEYS}
    drawn = {key: [1.0] * 40 + [0.0] * 40 + [math.nan] * 5 for key in KEYS}
    rows = verdict_rows(flooded_row(), LINES, values, {}, drawn)
    told = [(row["clause"], row["numbers"], row["verdict"], row["replications"], row["untested"]) for row in rows]
    assert told[:2] == [("A1", "assumed", "met", 60, 0), ("A1", "drawn", "not met", 80, 5)]
    assert [row[:2] for row in told[2:]] == [("A2", "assumed"), ("A3", "assumed"), ("A4", "assumed")]
    assert all(math.isnan(row["best"]) for row in rows if row["numbers"] == "drawn")


def test_without_drawn_numbers_there_is_one_row_a_clause() -> None:
    rows = verdict_rows(flooded_row(), LINES, {KEYS[0]: [0.5] * 60}, {KEYS[0]: [1.0] * 60})
    assert [row["numbers"] for row in rows] == ["assumed"] * 4
    assert (rows[0]["verdict"], rows[0]["best"]) == ("not met", 1.0)


def test_nobody_concerned_counts_neither_way() -> None:
    """The same kept and broken replications, with any number of untested ones between them: the same interval."""
    plain = verdict_rows(flooded_row(), LINES[:1], {KEYS[0]: [1.0] * 55 + [0.0] * 5}, {})[0]
    mixed = verdict_rows(flooded_row(), LINES[:1], {KEYS[0]: [1.0, math.nan] * 55 + [0.0] * 5}, {})[0]
    assert (mixed.pop("untested"), plain.pop("untested")) == (55, 0)
    assert all(mixed[name] == plain[name] or mixed[name] != mixed[name] for name in plain)
    nobody = verdict_rows(flooded_row(), LINES[:1], {KEYS[0]: [math.nan] * 60}, {})[0]
    assert (nobody["verdict"], nobody["replications"], nobody["untested"]) == ("undecided", 0, 60)
    assert nobody["reason"]
