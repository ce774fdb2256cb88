"""The pre-flight: what fails on paper already, before anything is run.

Roads are open, the weather is fair for travel, the hazard comes as recorded or forecast, without draws, and nobody
fights a fire.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

import numpy as np

from simrescue.communication.posts import StaffedPost
from simrescue.hazards.kinds import extend, hazard_named
from simrescue.metrics.amounts import amount_text, needed_amount
from simrescue.metrics.base import MEASURES
from simrescue.places import CONSUMABLE, NEED_WORDS, NEEDS, Depot, Place, Village
from simrescue.plans import Clause, lines
from simrescue.responders import Responder
from simrescue.scenario.communication.coverage import distance_km
from simrescue.scenario.plans.plans_file import is_static, load_compared, load_plan
from simrescue.scenario.plans.static_measures import measured, measured_by_place
from simrescue.scenario.preflight.channel_check import power_in_vain, silent_places
from simrescue.scenario.preflight.clause_check import CLAUSE_CHECKS
from simrescue.scenario.preflight.clock_check import CLOCK_CHECKS
from simrescue.scenario.preflight.findings import (
    Finding,
    Findings,
    after_acceptance,
    duration,
    in_order,
    is_accepted,
    named,
    several,
    shown,
)
from simrescue.scenario.preflight.forces.call_check import calls_nobody_can_serve
from simrescue.scenario.preflight.forces.force_check import (
    limits_beyond_the_run,
    obligations_of_other_hazards,
    obligations_of_other_years,
    obligations_without_force,
)
from simrescue.scenario.preflight.forces.responder_check import LATEST_H, RESPONDER_CHECKS
from simrescue.scenario.preflight.hazards.fire_check import FIRE_CHECKS
from simrescue.scenario.preflight.hazards.flood_check import FLOOD_CHECKS
from simrescue.scenario.preflight.level_check import LEVEL_CHECKS
from simrescue.scenario.preflight.look import Look
from simrescue.scenario.preflight.post_check import posts_under_load
from simrescue.scenario.preflight.setting_check import SETTING_CHECKS
from simrescue.scenario.preflight.slips import SLIPS
from simrescue.scenario.preflight.slips.fire_slips import FIRE_SLIPS
from simrescue.scenario.preflight.slips.flood_slips import FLOOD_SLIPS
from simrescue.scenario.preflight.slips.slip import findings
from simrescue.scenario.preflight.slips.zone_slips import ZONE_SLIPS
from simrescue.scenario.preflight.variant_check import of_variants
from simrescue.scenario.preflight.without_effect.idle import idle
from simrescue.scenario.preflight.without_effect.passed_over import passed_over
from simrescue.scenario.preflight.without_effect.unread import unread
from simrescue.scenario.records import Scenario
from simrescue.wording import Words, bilingual, bilingual_counted

ARRIVAL_LIMITS_H = (0.5, 1.0, 2.0, LATEST_H)
"""Limits of the plans and service circles: 30 min, 1 h and 2 h to arrive, 10 h for relief."""


def check(scenario: Scenario, with_variants: bool = False) -> Findings:
    """Everything that can be said without a run, gravest first, then by topic and subject.

    Args:
        scenario: what is looked at.
        with_variants: whether the slips of its variants are looked for too, each of which is loaded for it.

    Raises ValueError, with the known ones, where a check of a hazard makes up a topic or a severity.
    """
    look = Look.at(scenario)
    hazards = [hazard_named(name) for name in scenario.settings.hazards]
    checks = (*CHECKS, *(ask for kind in hazards for ask in kind.checks))
    slips = (*SLIPS, *(ask for kind in hazards for ask in kind.slips))
    of_files = {"passed_over": passed_over(scenario.folder), "unread": unread(scenario), "idle": idle(scenario)}
    all_findings = [finding for ask in checks for finding in _called(ask.__name__, ask(look))]
    all_findings += [finding for ask in slips for finding in findings(scenario, ask)]
    all_findings += [finding for name, rows in of_files.items() for finding in _called(name, rows)]
    all_findings += of_variants(scenario) if with_variants else ()
    return in_order(after_acceptance(all_findings, scenario.settings.accepted))


def doubts(scenario: Scenario) -> Findings:
    """What of a check speaks against the scenario itself, and what the scenario has accepted: for its report."""
    accepted = scenario.settings.accepted
    return Findings(
        finding
        for finding in check(scenario)
        if finding.severity in ("fault", "doubtful") or is_accepted(finding.name, accepted)
    )


def _called(check_name: str, findings: Iterable[Finding]) -> Iterator[Finding]:
    """Findings with the name by which a scenario can accept them."""
    return (finding._replace(name=f"{check_name} {finding.subject}".strip()) for finding in findings)


def unreachable_places(look: Look) -> Iterator[Finding]:
    """Places that no road leads to from where help comes from."""
    for village, road, air in zip(look.scenario.villages, look.best.by_road.hours, look.best.by_air.hours, strict=True):
        if np.isinf(road) and np.isinf(air):
            yield Finding(
                "doubtful",
                "reach",
                village.id,
                *bilingual("{place}: no responder has a road there, and there is no helicopter", place=shown(village)),
                {"population": float(village.population)},
            )
        elif np.isinf(road):
            yield Finding(
                "shortfall",
                "reach",
                village.id,
                *bilingual("{place}: no responder has a road there, only helicopters reach it", place=shown(village)),
                {"population": float(village.population), "air_h": float(air)},
            )
    for place in (*look.scenario.shelters, *look.scenario.depots):
        if np.isinf(look.ground.drive_h("truck", place.id)).all() and not _on_foot(look, place, look.scenario.villages):
            message = bilingual("{place}: no road leads to any village", place=shown(place))
            yield Finding("doubtful", "reach", place.id, *message, {})


def _on_foot(look: Look, store: Place, villages: Sequence[Village]) -> bool:
    """Whether people of one of the villages fetch goods there themselves."""
    reach_km = look.scenario.settings.relief.fetch_within_km
    return isinstance(store, Depot) and any(distance_km(village, store) <= reach_km for village in villages)


def late_villages(look: Look) -> Iterator[Finding]:
    """For each limit, villages that even the nearest responder cannot reach in time."""
    hours = look.best.hours
    for limit in ARRIVAL_LIMITS_H:
        late = [v for v, h in zip(look.scenario.villages, hours, strict=True) if h > limit]
        if late:
            yield Finding(
                "shortfall" if limit >= LATEST_H else "note",
                "arrival",
                "",
                *bilingual_counted(
                    "{number} of {total} villages is beyond {limit} for every responder, even on open roads: {names}",
                    "{number} of {total} villages are beyond {limit} for every responder, even on open roads: {names}",
                    len(late),
                    total=len(hours),
                    limit=duration(limit),
                    names=named(late),
                ),
                {"limit_h": limit, "villages": float(len(late)), "share": len(late) / len(hours)},
            )


def short_stock(look: Look) -> Iterator[Finding]:
    """Needs of which all stock together does not reach for those whose village is hit."""
    relief, people = look.scenario.settings.relief, sum(village.population for village in look.hit)
    stores = (*look.scenario.depots, *look.scenario.shelters)
    reached = [
        store
        for store in stores
        if np.isfinite(look.to_concerned(look.ground.drive_h("truck", store.id))) or _on_foot(look, store, look.hit)
    ]
    for need in relief.tracked:
        number = NEEDS.index(need)
        wanted = people * (relief.days_sent if CONSUMABLE[number] else 1.0)
        held = float(sum(getattr(store, need) for store in reached))
        if held < wanted:
            values: dict[str, Any] = {"need": NEED_WORDS[number], "held": held, "wanted": wanted, "people": people}
            values["hit"] = look.hazard.people_hit
            if CONSUMABLE[number]:
                message = bilingual(
                    "stock of {need} is for {held:,.0f} of {wanted:,.0f} person-days ({people:,} people {hit})",
                    **values,
                )
            else:
                message = bilingual(
                    "stock of {need} is for {held:,.0f} of {wanted:,.0f} people ({people:,} people {hit})", **values
                )
            numbers = {"held": held, "needed": wanted, "persons": float(people)}
            yield Finding("shortfall", "stock", need, *message, numbers)


def short_shelters(look: Look) -> Iterator[Finding]:
    """Shelters with less room than people sent there."""
    concerned = look.scenario.villages if look.is_foreseen else look.hit
    ordered = [village for village in concerned if village.ordered]
    people, room = _without_roof(ordered), sum(s.capacity for s in look.scenario.shelters)
    if room < people:
        yield Finding(
            "shortfall",
            "shelter",
            "",
            *bilingual(
                "shelters have room for {room:,} of {people:,} people under the evacuation order with no other roof",
                room=room,
                people=people,
            ),
            {"capacity": float(room), "persons": float(people)},
        )
    for shelter in look.scenario.shelters:
        sent = _without_roof(village for village in ordered if village.shelter == shelter.id)
        if sent > shelter.capacity:
            yield Finding(
                "note",
                "shelter",
                shelter.id,
                *bilingual(
                    "{place} has room for {room:,}; {people:,} people with no other roof are sent there",
                    place=shown(shelter),
                    room=shelter.capacity,
                    people=sent,
                ),
                {"capacity": float(shelter.capacity), "persons": float(sent)},
            )


def _without_roof(villages: Iterable[Village]) -> int:
    """People of villages who will need a public shelter when all leave."""
    return sum(round(village.population * village.public_shelter) for village in villages)


def broken_clauses(look: Look) -> Iterator[Finding]:
    """Clauses that the scenario alone answers, and breaks: a warning for an obligation, else a note."""
    scenario = look.scenario
    own = [load_plan(name, scenario.folder) for name in scenario.settings.plan_names]
    for line in lines(own, load_compared(own, scenario.folder), scenario.settings.judged_year):
        clause = line.clause
        if clause.threshold is None or clause.measure is None or clause.not_measured or not is_static(clause):
            continue
        value = measured(scenario, clause.measure, clause.settings)
        if not np.isnan(value) and not clause.holds(value):
            yield Finding(
                "shortfall" if line.kind == "obligation" else "note",
                "clause",
                f"{line.plan.name} {clause.id}",
                *_broken(scenario, clause, value),
                {"reached": value, "threshold": clause.threshold},
            )


def _broken(scenario: Scenario, clause: Clause, value: float) -> Words:
    """Value and need of a clause, and of places or crews which are not as it asks for."""
    measure, limit = MEASURES[str(clause.measure)], float(clause.threshold or 0.0)
    reached, needed = amount_text(measure.told_unit, value), needed_amount(measure.told_unit, clause.comparison, limit)
    title, tally = (clause.name, clause.name_zh), measured_by_place(scenario, clause.measure, clause.settings)
    if tally is not None and measure.unit == "share":
        whole = amount_text(measure.counts, float(tally.counted.sum()))
        reached = bilingual("{share} of {whole}", share=reached, whole=whole)
    things: tuple[Place | Responder | StaffedPost, ...] = (*scenario.places, *scenario.responders, *scenario.posts)
    names = {thing.id: shown(thing) for thing in things}
    lacking = [] if tally is None else tally.place[tally.kept < tally.counted].tolist()
    if not lacking or clause.comparison != "at_least" or not set(lacking) <= names.keys():
        return bilingual("{clause}: {value}, {needed}", clause=title, value=reached, needed=needed)
    where = several([names[lacks] for lacks in lacking])
    return bilingual(
        "{clause}: {value}, {needed}; not so: {names}", clause=title, value=reached, needed=needed, names=where
    )


CHECKS: tuple[Callable[[Look], Iterator[Finding]], ...] = (
    unreachable_places,
    late_villages,
    *RESPONDER_CHECKS,
    *LEVEL_CHECKS,
    posts_under_load,
    calls_nobody_can_serve,
    silent_places,
    power_in_vain,
    *SETTING_CHECKS,
    *CLOCK_CHECKS,
    short_stock,
    short_shelters,
    broken_clauses,
    obligations_without_force,
    obligations_of_other_hazards,
    obligations_of_other_years,
    limits_beyond_the_run,
    *CLAUSE_CHECKS,
)
"""Asked of every scenario."""
extend("flood", checks=FLOOD_CHECKS, slips=(*FLOOD_SLIPS, *ZONE_SLIPS))
extend("wildfire", checks=FIRE_CHECKS, slips=FIRE_SLIPS)
