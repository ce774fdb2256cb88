"""Why command heard late of a village that the hazard had reached: from the impact to the first word of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from simrescue.events import EventLog
from simrescue.explain.critical_path.bins import BIN_NUMBER
from simrescue.explain.critical_path.cases import Case
from simrescue.explain.critical_path.chains import Chains
from simrescue.explain.critical_path.pieces import join
from simrescue.metrics.facts import Facts
from simrescue.metrics.people.village_news import village_of, words_since_impact
from simrescue.metrics.people.whereabouts import impact_h
from simrescue.units import SAME_H


def reported_cases(chains: Chains, log: EventLog, facts: Facts, settings: Mapping[str, Any]) -> list[Case]:
    """Villages from the impact until the first word of them came to command; as `share_villages_reported`.

    What led to that word is its way: a telephone, a runner, the post of a township, a crew that came by. A village of
    which command never heard has waited for a report until the end.
    """
    limit_h, impact, rows = settings.get("limit_h", 0.0), impact_h(log, facts), words_since_impact(log, facts)
    village = facts.row_of[village_of(log, rows)]
    # Rows are in order of time, so the first of a village is its first word.
    known, first = np.unique(village, return_index=True)
    row_of = dict(zip(known.tolist(), rows[first].tolist(), strict=True))
    cases = []
    for hit in np.flatnonzero(np.isfinite(impact)).tolist():
        begin, row = float(impact[hit]), row_of.get(hit, -1)
        end = max(begin, float(log.time_h[row]) if row >= 0 else facts.duration_h)
        late = row < 0 or end - begin > limit_h + SAME_H
        walked = chains.walk(row, begin)[0] if row >= 0 and late else []
        pieces = join(walked, begin, end, BIN_NUMBER["report"])
        # A place without residents is still one wait.
        people = max(float(facts.population[hit]), 1.0)
        cases.append(Case(int(facts.villages[hit]), begin, end, people, row >= 0, late, pieces))
    return cases
