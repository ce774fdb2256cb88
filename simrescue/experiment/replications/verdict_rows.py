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

from simrescue.experiment.analysis.distance import Distance, Reached, distance_of, static_distance
from simrescue.experiment.analysis.statistics import judge_clause, judge_static
from simrescue.experiment.replications.packed_job import clause_key, is_run
from simrescue.hazards.kinds import hazard_named
from simrescue.metrics import MEASURES
from simrescue.plans import NO_DISTANCE, Clause, Line, Verdict, verdict_row
from simrescue.scenario.plans.plans_file import is_static
from simrescue.scenario.plans.static_measures import measured, measured_by_place
from simrescue.scenario.records import Scenario
from simrescue.wording import AND, Words, bilingual, listed

ClauseValues = Mapping[str, ArrayLike | Reached]
"""Name of a clause (plan/id) -> its value in each replication, shape (n,); nan: nobody was concerned."""
PlacesShort = Mapping[str, Sequence[tuple[str, float]]]
"""Name of a clause (plan/id) -> places where most is short, with how much (`distance.places_short`)."""


def verdict_rows(
    scenario: Scenario,
    lines: Sequence[Line],
    values: ClauseValues,
    bounds: ClauseValues,
    drawn: ClauseValues | None = None,
    from_need: ClauseValues | None = None,
    where: PlacesShort | None = None,
    drawn_where: PlacesShort | None = None,
) -> list[dict[str, Any]]:
    """One row a clause, in the order of `lines`.

    Args:
        scenario: what was simulated, with its numbers as they are assumed.
        lines: the clauses, each with how it counts.
        values: what each replication came to: its values alone, or all that is `Reached`.
        bounds: the same for the best that any dispatch could have done; nan where there is no bound.
        drawn: what replications with drawn numbers came to; each clause in it has a second row, `numbers` "drawn".
        from_need: the second reading of clauses that are timed from a report; nan for others.
        where: name of a clause -> places where most is short, with how much.
        drawn_where: the same for the second rows.
    """
    rows = []
    for line in lines:
        key = clause_key(line)
        reached = reached_of(values.get(key, ()))
        verdict = _verdict(scenario, line.clause, reached.value)
        best, need = (_beside(line.clause, side.get(key, ())) for side in (bounds, from_need or {}))
        away = NO_DISTANCE
        if verdict.static:
            away = _on_paper(scenario, line.clause, verdict.estimate).columns()
        elif verdict.n:
            away = distance_of(line.clause, reached, (where or {}).get(key, ())).columns()
        rows.append(verdict_row(line, verdict, best, from_need=need, distance=away))
        if drawn is not None and key in drawn and is_measured(line, scenario):
            found = reached_of(drawn[key])
            away = distance_of(line.clause, found, (drawn_where or {}).get(key, ())).columns()
            rows.append(verdict_row(line, judge_clause(line.clause, found.value), numbers="drawn", distance=away))
    return rows


def reached_of(values: Reached | ArrayLike) -> Reached:
    """All that a clause came to, from that or from its values alone (shape (n,); nan: nobody was concerned)."""
    return values if isinstance(values, Reached) else Reached.of_values(values)


def _on_paper(scenario: Scenario, clause: Clause, value: float) -> Distance:
    return static_distance(clause, value, measured_by_place(scenario, clause.measure, clause.settings))


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
    known = reached_of(values).value
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
