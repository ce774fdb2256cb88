"""The rows of verdicts.csv: what the replications of a scenario, or the scenario alone, say of each clause.

A second set of replications, with the numbers that nobody verified drawn anew in each from their ranges, gives each
clause that is measured in runs a second row below its first: the first says how sure the verdict is if the assumptions
are right, the second how sure it is as they are.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from simrescue.experiment.analysis.statistics import judge_clause, judge_static
from simrescue.experiment.replications.packed_job import clause_key, is_run
from simrescue.hazards.kinds import hazard_named
from simrescue.metrics import MEASURES
from simrescue.plans import Clause, Line, Verdict, verdict_row
from simrescue.scenario.plans_file import is_static
from simrescue.scenario.records import Scenario
from simrescue.scenario.static_measures import measured
from simrescue.wording import AND, Words, bilingual, listed

ClauseValues = Mapping[str, ArrayLike]
"""Name of a clause (plan/id) -> its value in each replication, shape (n,); nan: nobody was concerned."""


def verdict_rows(
    scenario: Scenario,
    lines: Sequence[Line],
    values: ClauseValues,
    bounds: ClauseValues,
    drawn: ClauseValues | None = None,
    from_need: ClauseValues | None = None,
) -> list[dict[str, Any]]:
    """One row a clause, in the order of `lines`.

    Args:
        scenario: what was simulated, with its numbers as they are assumed.
        lines: the clauses, each with how it counts.
        values: what each replication came to.
        bounds: the same for the best that any dispatch could have done; nan where there is no bound.
        drawn: what replications with drawn numbers came to; each clause in it has a second row, `numbers` "drawn".
        from_need: the second reading of clauses that are timed from a report; nan for others.
    """
    rows = []
    for line in lines:
        key = clause_key(line)
        verdict = _verdict(scenario, line.clause, values.get(key, ()))
        best, need = (_beside(line.clause, side.get(key, ())) for side in (bounds, from_need or {}))
        rows.append(verdict_row(line, verdict, best, from_need=need))
        if drawn is not None and key in drawn and is_measured(line, scenario):
            rows.append(verdict_row(line, judge_clause(line.clause, drawn[key]), numbers="drawn"))
    return rows


def _verdict(scenario: Scenario, clause: Clause, values: ArrayLike) -> Verdict:
    if other := other_hazard(clause, scenario):
        reason = bilingual("It concerns {hazards}.", hazards=other)
        return Verdict("not measured", reason=reason.en, reason_zh=reason.zh)
    if unknown := left_out(clause, scenario):
        reason = bilingual("The scenario does not give {setting}.", setting=unknown)
        return Verdict("not measured", reason=reason.en, reason_zh=reason.zh)
    if clause.measure and is_static(clause):
        return judge_static(clause, measured(scenario, clause.measure, clause.settings))
    return judge_clause(clause, values)


def is_measured(line: Line, scenario: Scenario) -> bool:
    """Whether a run of the scenario measures a clause: it is of its hazards, and what it is set against is given."""
    return is_run(line) and not other_hazard(line.clause, scenario) and not left_out(line.clause, scenario)


def _beside(clause: Clause, values: ArrayLike) -> Verdict | None:
    """What other values of a clause come to (the best dispatch's, the second clock's); None where there are none."""
    known = np.asarray(values, dtype=float)
    return judge_clause(clause, known) if not np.isnan(known).all() else None


def left_out(clause: Clause, scenario: Scenario) -> str:
    """The setting that a clause is measured against where the scenario leaves it out; empty: none is left out."""
    known = MEASURES.get(clause.measure)
    if known is None or not known.against or getattr(scenario.settings.jurisdiction, known.against):
        return ""
    return f"jurisdiction.{known.against}"


def other_hazard(clause: Clause, scenario: Scenario) -> Words | None:
    """What a clause is about where that is not the hazard of the scenario, in both languages."""
    known = MEASURES.get(clause.measure)
    if known is None or known.is_for(scenario.settings.hazards):
        return None
    return listed([hazard_named(name).events for name in sorted(known.hazards)], last=AND)
