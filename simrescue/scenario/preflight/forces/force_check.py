"""Obligations that nobody in the scenario can keep, told before a run: no crew, store, partner or rule behind them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from simrescue.communication.posts import POST_LEVELS, ways_up
from simrescue.hazards.kinds import called
from simrescue.kinds import kind_of
from simrescue.metrics.base import MEASURES
from simrescue.plans import lines
from simrescue.responders import RESPONSE_LEVELS, TASKS, Responder, team_kind
from simrescue.scenario.plans.plans_file import load_compared, load_plan
from simrescue.scenario.plans.static_measures import can_act
from simrescue.scenario.preflight.findings import Finding, Severity, duration
from simrescue.scenario.preflight.look import Look
from simrescue.scenario.preflight.without_effect.idle import partners_with_crews
from simrescue.scenario.records import Scenario
from simrescue.wording import Words, bilingual

Settings = dict[str, Any]
Lack = Callable[[Scenario, Settings], Words | None]
"""What a scenario lacks for a clause with some settings, in words; None: nothing."""


def obligations_without_force(look: Look) -> Iterator[Finding]:
    """Obligations of the scenario's own plans for which nobody or nothing is there."""
    scenario = look.scenario
    own = [load_plan(name, scenario.folder) for name in scenario.settings.plan_names]
    for line in lines(own, load_compared(own, scenario.folder), scenario.settings.judged_year):
        clause, hazards = line.clause, scenario.settings.hazards
        if clause.kind != "obligation" or line.plan.name not in {plan.name for plan in own}:
            continue
        if not clause.measure or not MEASURES[clause.measure].is_for(hazards):
            continue
        settings = MEASURES[clause.measure].filled(clause.settings.given())
        lacks = LACKS.get(clause.measure, _nothing)(scenario, settings) or _lacks_level(scenario, settings)
        if lacks:
            message = bilingual(
                "{clause}: no force behind it: {lack}", clause=(clause.name, clause.name_zh), lack=lacks
            )
            # What is of another year is no promise for this event: to know.
            severity: Severity = "shortfall" if line.kind == "obligation" else "note"
            yield Finding(severity, "clause", f"{line.plan.name} {clause.id}", *message, {})


def limits_beyond_the_run(look: Look) -> Iterator[Finding]:
    """Obligations of own plans whose time is longer than the run: what has not happened by its end counts as never."""
    settings = look.scenario.settings
    for name in settings.plan_names:
        plan = load_plan(name, look.scenario.folder)
        for clause in plan.clauses:
            limit_h = getattr(clause.settings, "limit_h", 0.0)
            is_judged = clause.measure and clause.kind == "obligation" and clause.in_force(settings.judged_year)
            if is_judged and not MEASURES[clause.measure].is_static and limit_h >= settings.duration_h:
                message = bilingual(
                    "{clause}: its time, {limit}, is not shorter than the run ({run}): what has not happened by the end"
                    " counts as never",
                    clause=(clause.name, clause.name_zh), limit=duration(limit_h), run=duration(settings.duration_h),
                )  # fmt: skip
                yield Finding("doubtful", "clause", f"{plan.name} {clause.id}", *message, {"limit_h": limit_h})


def obligations_of_other_hazards(look: Look) -> Iterator[Finding]:
    """Own plans none of whose measured obligations is for a hazard of the scenario: nothing would be judged by them."""
    settings = look.scenario.settings
    for name in settings.plan_names:
        plan = load_plan(name, look.scenario.folder)
        measured = [clause for clause in plan.clauses if clause.kind == "obligation" and clause.measure]
        if measured and not any(MEASURES[clause.measure].is_for(settings.hazards) for clause in measured):
            message = bilingual(
                "none of the obligations of {plan} can be measured in a {hazard}, so that none is judged",
                plan=(plan.title, plan.title_zh), hazard=called(settings.hazards),
            )  # fmt: skip
            yield Finding("doubtful", "clause", plan.name, *message, {})


def obligations_of_other_years(look: Look) -> Iterator[Finding]:
    """Own plans none of whose obligations is in force in the year of the event: nothing would be judged by them."""
    settings = look.scenario.settings
    for name in settings.plan_names:
        plan = load_plan(name, look.scenario.folder)
        duties = [clause for clause in plan.clauses if clause.kind == "obligation"]
        if duties and not any(clause.in_force(settings.judged_year) for clause in duties):
            message = bilingual(
                "none of the obligations of {plan} is in force in {year}, so that none is judged: the first begins in "
                "{first}; `plan_year` holds the event to the plan of another year",
                plan=(plan.title, plan.title_zh), year=settings.judged_year,
                first=min(clause.year for clause in duties),
            )  # fmt: skip
            yield Finding("doubtful", "clause", plan.name, *message, {})


def _nothing(_: Scenario, __: Settings) -> Words | None:
    return None


def _coming(scenario: Scenario) -> list[Responder]:
    """Crews that can act and are there, come at an hour of the record, or are set free or granted by somebody."""
    settings, partners = scenario.settings, {partner.id for partner in scenario.partners}
    is_raised = bool(scenario.triggers or settings.command.levels)
    return [
        row
        for row in scenario.responders
        if can_act(row)
        and (row.available is not None or not row.release or is_raised)
        and (row.available is not None or not row.partner or row.partner in partners)
    ]


def _with_task(scenario: Scenario, *tasks: str) -> list[Responder]:
    return [row for row in _coming(scenario) if set(tasks) & set(getattr(row, "tasks", ()))]


def _no_responder(scenario: Scenario, settings: Settings) -> Words | None:
    """One task that somebody is asked for and no crew that counts has."""
    tasks, kinds, levels = (tuple(settings.get(name) or ()) for name in ("tasks", "kinds", "levels"))
    crews = [
        row
        for row in _with_task(scenario, *(tasks or TASKS))
        if (not kinds or {kind_of(row).name, team_kind(row)} & set(kinds))
        and (not levels or getattr(row, "level", "") in levels)
    ]
    return None if crews else bilingual("no crew that counts can be sent")


def _no_aircraft(scenario: Scenario, _: Settings) -> Words | None:
    flies = any(kind_of(row).moves == "air" for row in _coming(scenario))
    return None if flies else bilingual("no aircraft can be sent")


def _no_goods(scenario: Scenario, _: Settings) -> Words | None:
    if not any(any(depot.amounts()) for depot in scenario.depots):
        return bilingual("no depot holds anything")
    return None if _with_task(scenario, "relief") else bilingual("no crew carries goods")


def _no_relief(scenario: Scenario, settings: Settings) -> Words | None:
    """Goods in shelters serve those who come there, without any crew."""
    held = any(any(shelter.amounts()) for shelter in scenario.shelters)
    return None if held else _no_goods(scenario, settings)


def _no_partner(scenario: Scenario, _: Settings) -> Words | None:
    partners = [
        partner for partner in partners_with_crews(scenario) if partner.asked_at or partner.asked_after_h is not None
    ]
    return None if partners else bilingual("nobody with crews to send is ever asked for aid")


def _no_trigger(scenario: Scenario, settings: Settings) -> Words | None:
    wanted = RESPONSE_LEVELS[settings["level"]]
    if any(RESPONSE_LEVELS[trigger.level] <= wanted for trigger in scenario.triggers):
        return None
    return bilingual("nothing starts response level {level}", level=settings["level"])


def _lacks_level(scenario: Scenario, settings: Settings) -> Words | None:
    """The clock starts with a response level that nothing declares."""
    if settings.get("clock") != "level":
        return None
    wanted = RESPONSE_LEVELS[settings["level"]]
    if any(RESPONSE_LEVELS[step.level] <= wanted for step in scenario.settings.command.levels):
        return None
    return _no_trigger(scenario, settings)


def _nobody_above(scenario: Scenario, settings: Settings) -> Words | None:
    """No post of the level, or a higher one, stands above command, or nothing is passed on to it."""
    own = next((post for post in scenario.posts if post.command), None)
    above = ways_up(scenario.posts)[own.id][1:] if own else ()
    wanted = POST_LEVELS.index(settings.get("post", "city"))
    if not any(POST_LEVELS.index(post.level) >= wanted for post in above):
        return bilingual("no post of that level stands above command's own ({file})", file="posts.csv")
    if not scenario.settings.command.reports_above:
        return bilingual("nobody passes reports on to those above ({setting})", setting="command.reports_above")
    return None


def _no_repair(scenario: Scenario, _: Settings) -> Words | None:
    return None if _with_task(scenario, "repair") else bilingual("no repair crew: only what comes back by itself")


def _no_word(scenario: Scenario, _: Settings) -> Words | None:
    """Nothing stands where public network is gone, and nobody walks or looks."""
    second = any(channel.kind in ("satellite", "mhz370", "runner") for channel in scenario.channels)
    if second or scenario.relays or _with_task(scenario, "reconnaissance"):
        return None
    return bilingual("no second channel, and nobody who walks or is sent to look")


def _no_craft(scenario: Scenario, _: Settings) -> Words | None:
    unstated = scenario.parameters.neighbour_craft > 0
    has = any(unstated if village.craft is None else village.craft for village in scenario.villages)
    return None if has else bilingual("no village has loaders or boats")


LACKS: dict[str, Lack] = {
    "share_responded": _no_responder,
    "share_turned_out": _no_responder,
    "share_rescued": lambda scenario, _: _no_responder(scenario, {"tasks": ("rescue",)}),
    "share_air_arrivals": _no_aircraft,
    "share_supplied": _no_goods,
    "share_relieved": _no_relief,
    "relief_last_h": _no_relief,
    "share_aid_in_time": _no_partner,
    "share_reported_above": _nobody_above,
    "level_delay_h": _no_trigger,
    "share_roads_repaired": _no_repair,
    "share_power_back": _no_repair,
    "share_network_back": _no_repair,
    "share_heard_again": _no_word,
    "share_heard_after_cut": _no_word,
    "share_silence_within": _no_word,
    "longest_silence_h": _no_word,
    "share_helped_by_neighbours": _no_craft,
    "share_fires_attacked": lambda scenario, _: _no_responder(scenario, {"tasks": ("suppression",)}),
    "share_fires_by_air": _no_aircraft,
}
"""Measure -> what could be lacking for it; of others something is measured whatever there is."""
