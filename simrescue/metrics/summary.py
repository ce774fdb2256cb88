"""What is kept of every replication: one row a village, one number a metric, curves over the hours, responses."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simrescue.events import EventKind, EventLog
from simrescue.hazards.kinds import HazardKind, hazard_named
from simrescue.kinds import KINDS, names
from simrescue.metrics import levels, restoration
from simrescue.metrics.facts import Facts
from simrescue.metrics.people import deaths, lost_in_traffic, relief, silence, village_news, warning, whereabouts
from simrescue.metrics.reading import NEVER, add_up, quantile, rows_of, share, village_sums, village_times
from simrescue.metrics.recorded import first_rescue_times
from simrescue.metrics.requests import aid, post_queues
from simrescue.metrics.requests.request_clocks import began_h
from simrescue.metrics.requests.response import missions, requests, response_quantile_h, unheard, wait_h
from simrescue.metrics.requests.supply import delivered
from simrescue.places import NEEDS
from simrescue.responders import RESPONSE_TASKS, RESPONSES, TASKS
from simrescue.units import SAME_H

QUANTILES = {0.5: "p50", 0.95: "p95"}
SUFFIXES = {"report": "", "need": "_need"}
"""Clock of a response -> what the names of its numbers end with, before the unit."""
LATE_AFTER_H = 10.0
"""Waiting beyond this counts as late in `late_person_h`: the national limit of the 14th Five-Year Plan period."""


def places_table(log: EventLog, facts: Facts) -> dict[str, NDArray[Any]]:
    """One row a village; each column has shape (V,). A hazard may add its own (`HazardKind.village_columns`).

    Columns in `_h` are hours since the start of the scenario, infinite for never, but `relief_last_h` and
    `relief_p95_h`, which run from the village's impact (nan: nobody affected), and lengths of time: `cut_off_h`,
    `silent_h`, `without_power_h`, `without_network_h`, and `first_word_h` from the first loss of silence.
    """
    return {
        **_people_columns(log, facts),
        **_time_columns(log, facts),
        **_relief_columns(log, facts),
        **_of_hazards(facts, lambda hazard: hazard.village_columns(log, facts)),
    }


def _of_hazards(facts: Facts, given: Callable[[HazardKind], Mapping[str, Any]]) -> dict[str, Any]:
    """What the hazards of the scenario add to a table."""
    return {name: value for hazard in facts.hazards for name, value in given(hazard_named(hazard)).items()}


def _people_columns(log: EventLog, facts: Facts) -> dict[str, NDArray[Any]]:
    groups, size = relief.affected(log, facts), len(facts.villages)
    return {
        "village": facts.villages.astype(np.int32),
        "population": facts.population,
        "affected": add_up(groups.village, groups.persons, size),
        "warned": warning.warned(log, facts),
        "warned_before": warning.warned_before_impact(log, facts),
        "moved_before": whereabouts.moved_before_impact(log, facts),
        "evacuated": whereabouts.away(log, facts, NEVER),
        "trapped": add_up(groups.village, groups.persons * groups.trapped, size),
        "rescued": whereabouts.rescued(log, facts),
        "deaths": deaths.died(log, facts),
        "injured": village_sums(log, facts, rows_of(log, EventKind.INJURED)),
        "traffic_person_h": lost_in_traffic.traffic_person_h(log, facts),
    }


def _time_columns(log: EventLog, facts: Facts) -> dict[str, NDArray[Any]]:
    requested, sent = requests(log), missions(log)
    arrived = np.full(len(requested.number), NEVER)
    np.minimum.at(arrived, sent.request, sent.arrived_h)
    of_people = np.isin(requested.task, RESPONSES)
    return {
        "impact_h": whereabouts.impact_h(log, facts),
        "water_h": village_times(log, facts, EventKind.WATER_ARRIVES),
        "max_depth_m": _max_depth_m(log, facts),
        "isolated_h": village_times(log, facts, EventKind.ISOLATED),
        "cut_off_h": silence.lasting_h(log, facts, EventKind.ISOLATED, EventKind.REACHABLE),
        "silent_h": silence.silent_h(log, facts),
        "first_word_h": silence.first_word_h(log, facts),
        "without_power_h": silence.lasting_h(log, facts, EventKind.POWER_LOST, EventKind.POWER_BACK),
        "without_network_h": silence.lasting_h(log, facts, EventKind.NETWORK_LOST, EventKind.NETWORK_BACK),
        "forecast_h": village_times(log, facts, EventKind.FORECAST),
        "order_h": village_times(log, facts, EventKind.ORDERED),
        "out_95_h": whereabouts.out_h(log, facts, 0.95),
        "call_out_h": village_times(log, facts, EventKind.CALLED_OUT),
        "answered_h": village_times(log, facts, EventKind.ANSWERED),
        "first_report_h": village_news.first_report_h(log, facts),
        "first_response_h": _earliest(facts, requested.place[of_people], arrived[of_people]),
        "first_relief_h": village_times(log, facts, EventKind.DELIVERS, by_place=True),
        "first_rescue_h": first_rescue_times(log, facts),
    }


def _max_depth_m(log: EventLog, facts: Facts) -> NDArray[np.float64]:
    kinds = (EventKind.WATER_ARRIVES, EventKind.WATER_RISES, EventKind.WATER_DEEPENS, EventKind.WATER_FALLS)
    rows = np.concatenate([rows_of(log, kind) for kind in kinds])
    return _at_villages(np.maximum, facts, log.subject[rows], log.amount[rows], 0.0)


def _earliest(facts: Facts, thing: NDArray[Any], time_h: NDArray[np.float64]) -> NDArray[np.float64]:
    return _at_villages(np.minimum, facts, thing, time_h, NEVER)


def _at_villages(
    choose: np.ufunc, facts: Facts, thing: NDArray[Any], value: NDArray[np.float64], start: float
) -> NDArray[np.float64]:
    answer, village = np.full(len(facts.villages), start), facts.row_of[thing]
    choose.at(answer, village[village >= 0], value[village >= 0])
    return answer


def _relief_columns(log: EventLog, facts: Facts) -> dict[str, NDArray[Any]]:
    groups, size = relief.waiting(log, facts), len(facts.villages)
    wait = relief.waited_h(log, facts, groups)
    total = add_up(groups.village, groups.persons, size)
    some = total > 0
    last, p95 = np.full(size, np.nan), np.full(size, np.nan)
    # Quantiles of all villages in one pass: there can be thousands, with a few groups each.
    order = np.lexsort((wait, groups.village))
    reached = np.cumsum(groups.persons[order])
    before = np.cumsum(total) - total
    ends = np.cumsum(np.bincount(groups.village, minlength=size))
    last[some] = wait[order][ends[some] - 1]
    # A hair below, as in `reading.quantile`.
    spot = np.searchsorted(reached, (before + 0.95 * total * (1 - 1e-12))[some])
    p95[some] = wait[order][np.minimum(spot, ends[some] - 1)]
    return {
        "relief_last_h": last,
        "relief_p95_h": p95,
        "share_relieved_10h": _share_within(groups, wait, total, 10.0),
        "share_relieved_12h": _share_within(groups, wait, total, 12.0),
        "late_person_h": relief.late_person_h(log, facts, LATE_AFTER_H),
        "lapsed_person_h": relief.lapsed_person_h(log, facts),
    }


def _share_within(
    groups: relief.Affected, wait: NDArray[np.float64], total: NDArray[np.float64], limit_h: float
) -> NDArray[np.float64]:
    within = add_up(groups.village, groups.persons * (wait <= limit_h + SAME_H), len(total))
    answer: NDArray[np.float64] = np.divide(within, total, out=np.full(len(total), np.nan), where=total > 0)
    return answer


def summarise(log: EventLog, facts: Facts) -> dict[str, float]:
    """The scalar metrics of one replication; nan where nothing was there to be measured, infinite for never."""
    return {
        **_people_numbers(log, facts),
        **_relief_numbers(log, facts),
        **_work_numbers(log, facts),
        **restoration.numbers(log, facts),
        **_of_hazards(facts, lambda hazard: hazard.metrics(log, facts)),
    }


def _people_numbers(log: EventLog, facts: Facts) -> dict[str, float]:
    groups = relief.affected(log, facts)
    impact = whereabouts.impact_h(log, facts)
    reached = np.isfinite(impact)
    return {
        "population": float(facts.population.sum()),
        "villages_reached": float(reached.sum()),
        "residents_reached": float(facts.population[reached].sum()),
        "affected": float(groups.persons.sum()),
        "moved_before_impact": float(whereabouts.moved_before_impact(log, facts)[reached].sum()),
        "share_moved_before_impact": whereabouts.share_moved_before_impact(log, facts, "impact"),
        "share_moved_in_vain": whereabouts.share_moved_in_vain(log, facts),
        "trapped": float(groups.persons[groups.trapped].sum()),
        "rescued": float(whereabouts.rescued(log, facts).sum()),
        "deaths": float(deaths.died(log, facts).sum()),
        "deaths_per_million": deaths.deaths_per_million(log, facts),
        **_of_institutions(log, facts),
        "injured": float(log.persons[rows_of(log, EventKind.INJURED)].sum()),
        "share_warned_before_impact": warning.share_warned_before_impact(log, facts),
        "share_warned_in_steps": warning.share_warned_in_steps(log, facts),
        **_contact_numbers(log, facts),
        **{f"lead_{step}_p50_h": warning.median_lead_h(log, facts, step) for step in warning.STEPS},
    }


def _of_institutions(log: EventLog, facts: Facts) -> dict[str, float]:
    """The same of care homes, schools and hospitals alone; nan where there are none."""
    own = whereabouts.institutions(facts)
    reached = own & np.isfinite(whereabouts.impact_h(log, facts))
    numbers = {
        "institution_persons": facts.population[own],
        "institution_moved_before_impact": whereabouts.moved_before_impact(log, facts)[reached],
        "institution_deaths": deaths.died(log, facts)[own],
    }
    return {name: float(persons.sum()) if own.any() else float("nan") for name, persons in numbers.items()}


def _contact_numbers(log: EventLog, facts: Facts) -> dict[str, float]:
    silent_h, word_h = silence.silent_h(log, facts), silence.first_word_h(log, facts)
    return {
        "villages_silent": float((silent_h > 0).sum()),
        "silent_village_h": float(silent_h.sum()),
        "first_word_last_h": float(word_h.max(initial=0.0)),
        "villages_cut_three_ways": silence.most_cut_three_ways(log, facts),
    }


def _relief_numbers(log: EventLog, facts: Facts) -> dict[str, float]:
    numbers = {
        "share_relieved_10h": relief.share_relieved(log, facts, 10.0),
        "share_relieved_12h": relief.share_relieved(log, facts, 12.0),
        "share_relieved_10h_from_onset": relief.share_relieved(log, facts, 10.0, "scenario_onset"),
        "share_relieved_12h_from_onset": relief.share_relieved(log, facts, 12.0, "scenario_onset"),
        "late_person_h": float(relief.late_person_h(log, facts, LATE_AFTER_H).sum()),
        "lapsed_person_h": float(relief.lapsed_person_h(log, facts).sum()),
    }
    for name, q in (("relief_p50_h", 0.5), ("relief_p95_h", 0.95), ("relief_last_h", 1.0)):
        numbers[name] = relief.relief_quantile_h(log, facts, q)
    return numbers


def _work_numbers(log: EventLog, facts: Facts) -> dict[str, float]:
    requested = requests(log)
    numbers = {
        "requests": float(len(requested.number)),
        "requests_unmet": float(np.isinf(requested.closed_h).sum()),
        "never_reported": float(len(unheard(log).task)),
        "missions": float(len(missions(log).request)),
        "turned_round": float(len(rows_of(log, EventKind.TURNS_ROUND))),
        "given_up": float(len(rows_of(log, EventKind.GIVES_UP))),
        "found_nobody": float(len(rows_of(log, EventKind.FINDS_NOBODY))),
        "traffic_person_h": float(lost_in_traffic.traffic_person_h(log, facts).sum()),
        "traffic_crew_h": lost_in_traffic.traffic_crew_h(log),
        "breakdowns": float(len(rows_of(log, EventKind.BREAKS_DOWN))),
        "events": float(len(log.kind)),
        **{f"delivered_{need}": float(amount) for need, amount in zip(NEEDS, delivered(log), strict=True)},
    }
    numbers |= levels.numbers(log) | aid.numbers(log, facts) | post_queues.numbers(log, facts)
    arrived = np.full(len(requested.number), NEVER)
    np.minimum.at(arrived, missions(log).request, missions(log).arrived_h)
    missed = unheard(log)
    for clock, of_clock in SUFFIXES.items():
        wait = wait_h(arrived, began_h(requested, clock))
        for task in RESPONSE_TASKS:
            number = TASKS.index(task)
            # Needs that nobody reported have waited for ever: without them silence would shorten the waits.
            never = np.full(int((missed.task == number).sum()), NEVER)
            of_task = np.concatenate([wait[requested.confirmed & (requested.task == number)], never])
            for q, name in QUANTILES.items():
                numbers[f"response_{task}_{name}{of_clock}_h"] = quantile(of_task, q)
            numbers[f"share_answered_{task}"] = share(float(np.isfinite(of_task).sum()), len(of_task))
        for kind in names("responder"):
            for q, name in QUANTILES.items():
                numbers[f"response_{kind}_{name}{of_clock}_h"] = response_quantile_h(log, facts, kind, q, clock)
    return numbers


def curves(log: EventLog, facts: Facts) -> dict[str, NDArray[np.float64]]:
    """One row an hour: `share_relieved` within so many hours on the clock, persons by state at that scenario hour.

    A hazard may add its own (`HazardKind.curves`).
    """
    # Whole hours may be a hair less in floats: the last of them is a row too.
    hour = np.arange(np.floor(facts.duration_h + 1e-9) + 1)
    states = whereabouts.counts(log, facts, hour)
    return {
        "hour": hour,
        "share_relieved": relief.share_relieved_curve(log, facts, hour),
        **{name: states[:, number] for number, name in enumerate(whereabouts.PERSON_STATES)},
        **_of_hazards(facts, lambda hazard: hazard.curves(log, facts, hour)),
    }


def responses_table(log: EventLog, facts: Facts) -> dict[str, NDArray[Any]]:
    """One row a request: the first responder to arrive, or (infinite, no kind) nobody.

    `task` and `responder_kind` are names; `assigned_h` is that of the responder who arrived first, else of the first.
    Needs that were never reported follow, with request -1 and all but `need_h` infinite.
    """
    requested, sent, missed = requests(log), missions(log), unheard(log)
    order = np.lexsort((sent.arrived_h, sent.request))
    request, first = np.unique(sent.request[order], return_index=True)
    best = order[first]
    # As wide as the longest name: a column of text cuts off what is longer.
    kinds = np.full(len(requested.number), "", dtype=f"<U{max(map(len, KINDS))}")
    assigned, arrived = requested.assigned_h.copy(), np.full(len(requested.number), NEVER)
    arrived[request] = sent.arrived_h[best]
    came = np.isfinite(arrived[request])
    assigned[request[came]] = sent.assigned_h[best[came]]
    kinds[request[came]] = np.array(list(KINDS))[facts.kinds[sent.responder[best[came]]]]
    never = np.full(len(missed.task), NEVER)
    return {
        "request": np.concatenate([requested.number, np.full(len(never), -1)]).astype(np.int32),
        "task": np.array(TASKS)[np.concatenate([requested.task, missed.task])],
        "place": np.concatenate([requested.place, missed.place]).astype(np.int32),
        "responder_kind": np.concatenate([kinds, np.full(len(never), "", dtype=kinds.dtype)]),
        "need_h": np.concatenate([requested.need_h, missed.need_h]),
        "reported_h": np.concatenate([requested.reported_h, never]),
        "assigned_h": np.concatenate([assigned, never]),
        "arrived_h": np.concatenate([arrived, never]),
    }
