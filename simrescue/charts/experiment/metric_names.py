"""What each number of a replication is called, beside those that charts and sentences write most (`answer_words`)."""

from __future__ import annotations

import re

from simrescue.kinds import kind_named, names
from simrescue.places import NEED_WORDS, NEEDS
from simrescue.responders import TASK_WORDS, TASKS
from simrescue.wording import Words, bilingual
from simrescue.wording.unit_words import measure

NUMBERS: dict[str, Words] = {
    "population": bilingual("Residents"),
    "villages_reached": bilingual("Villages that the hazard reached"),
    "residents_reached": bilingual("Residents of villages that the hazard reached"),
    "moved_before_impact": bilingual("People moved out before the hazard came"),
    "injured": bilingual("Injured"),
    "relief_p50_h": bilingual("Hours until half are relieved"),
    "requests": bilingual("Requests"),
    "villages_silent": bilingual("Villages that were silent"),
    "silent_village_h": bilingual("Village-hours of silence"),
    "without_power_village_h": bilingual("Village-hours without power"),
    "without_network_village_h": bilingual("Village-hours without public network"),
    "road_damaged_h": bilingual("Hours of damaged roads"),
    "roads_repaired": bilingual("Roads repaired"),
    "roads_repaired_by_crews": bilingual("Roads repaired by crews of the scenario"),
    "stations_repaired_by_crews": bilingual("Base stations repaired by crews of the scenario"),
    "power_repaired_by_crews": bilingual("Power areas repaired by crews of the scenario"),
    "first_word_last_h": bilingual("Hours until the last first word"),
    "villages_cut_three_ways": bilingual("Villages without road, power and network at once"),
    "never_reported": bilingual("Needs never reported"),
    "aid_asked": bilingual("Crews asked of partners"),
    "aid_granted": bilingual("Crews granted by partners"),
    "aid_handed_over": bilingual("Crews handed over by partners"),
    "first_aid_h": bilingual("Hours until the first aid is handed over"),
    "post_messages": bilingual("Messages handled by posts"),
    "post_queue_h": bilingual("Message-hours in the queues of posts"),
    "post_queue_p95_h": bilingual("Hours that one message in twenty waits longer in the queue of a post"),
    "missions": bilingual("Missions"),
    "turned_round": bilingual("Drivers turned back by water"),
    "given_up": bilingual("Missions given up for want of a way"),
    "found_nobody": bilingual("Missions that found nobody"),
    "breakdowns": bilingual("Breakdowns"),
    "events": bilingual("Events in the log"),
    "fires": bilingual("Fires"),
    "fires_contained": bilingual("Fires contained for good"),
    "fires_escaped": bilingual("Fires that escaped"),
    "fires_off_map": bilingual("Fires that ran off the landscape"),
    "crowned_ha": bilingual("Area with crown fire (ha)"),
    "rekindles": bilingual("Fires that broke out again"),
    "breaches": bilingual("Fronts that crossed line"),
    "spots": bilingual("New fires from embers"),
    "person_h": bilingual("Person-hours on the line"),
    "line_km": bilingual("Line built, km"),
    "line_taken_km": bilingual("Line taken by the fire, km"),
    "burned_out": bilingual("Times that crews burned out"),
    "drops": bilingual("Loads of water dropped"),
    "water_t": bilingual("Water dropped, t"),
    "pumped_t": bilingual("Water pumped, t"),
    "relays": bilingual("Times that pumps were set in series"),
    "without_water_h": bilingual("Crew-hours without water"),
    "waited_for_water_h": bilingual("Crew-hours with too little water"),
    "withdrawals": bilingual("Withdrawals of crews"),
    "fled_person_h": bilingual("Person-hours off the line after withdrawals"),
    "stood_down_person_h": bilingual("Person-hours stood down by rules"),
    "cut_off": bilingual("Firefighters with every way out cut"),
    "orders_refused": bilingual("Orders that a crew could not follow"),
    "unmanned_h": bilingual("Hours with nobody on the line"),
    "crew_h": bilingual("Crew-hours on the line"),
    "reported_ha": bilingual("Area when reported (ha)"),
    "perimeter_km": bilingual("Outer edge of all fires, km"),
    "fire_false_alarms": bilingual("False alarms"),
    "fire_false_alarm_h": bilingual("Crew-hours on false alarms"),
    "reserve_person_h": bilingual("Person-hours kept in reserve"),
    "flight_h": bilingual("Hours in the air"),
    "drops_per_flight_h": bilingual("Loads dropped an hour in the air"),
    "villages_in_flames": bilingual("Villages that flames came to"),
    "villages_in_smoke": bilingual("Villages that thick smoke came to"),
    "exposed_to_smoke": bilingual("People still there when smoke came"),
    "road_closed_h": bilingual("Hours of roads closed by fire"),
    "line_anchor_km": bilingual("Line built at an anchor point, km"),
    "line_rear_km": bilingual("Line built at the rear, km"),
    "line_flank_km": bilingual("Line built at the flanks, km"),
    "line_head_km": bilingual("Line built at the head, km"),
    "line_parallel_km": bilingual("Line built parallel to the fire, km"),
    "line_indirect_km": bilingual("Line built at a distance, km"),
    "line_hold_km": bilingual("Line built while holding, km"),
    "line_protect_km": bilingual("Line built around what is protected, km"),
}
"""Name of a scalar -> what it is called."""
_STEPS: dict[str, Words] = {
    "staged": bilingual("First crew on foot"),
    "on_line": bilingual("First crew on the line"),
    "by_air": bilingual("First aircraft"),
    "dropped": bilingual("First water dropped"),
    "contained": bilingual("Containment"),
    "controlled": bilingual("Mop-up"),
    "out": bilingual("Out"),
}
"""Step of fighting a fire, as in `fire_<step>_h`."""
_WARNINGS: dict[str, Words] = {
    "forecast": bilingual("First forecast"),
    "warning": bilingual("Warning"),
    "order": bilingual("Order to leave"),
    "call_out": bilingual("Call-out"),
    "answered": bilingual("Answered call-out"),
}
"""Step of the warning, as in `lead_<step>_p50_h`."""


def scalar_words(name: str) -> Words | None:
    """What a scalar of a replication is called, by itself or by its family; None for a name that is in neither."""
    if name in NUMBERS:
        return NUMBERS[name]
    for pattern, words in _FAMILIES:
        if (match := re.fullmatch(pattern, name)) and (name_of := words(match)):
            return name_of
    return None


def _response(match: re.Match[str]) -> Words | None:
    """`response_<task or kind>_p50_h` and the like."""
    who = _who(match["who"])
    values = {"who": who, "share": measure(f"{match['of']} %")}
    if who is None:
        return None
    if match["clock"]:
        return bilingual("{who}: hours from need to first arrival, {share} of cases", **values)
    return bilingual("{who}: hours from report to first arrival, {share} of cases", **values)


def _answered(match: re.Match[str]) -> Words | None:
    who = _who(match["who"])
    return who and bilingual("{who}: share at which anybody arrived", who=who)


def _who(name: str) -> Words | None:
    """A task or a kind of responder as a heading has it."""
    if name in TASKS:
        words = TASK_WORDS[TASKS.index(name)]
    elif name in names("responder"):
        words = Words(kind_named(name).noun.many, kind_named(name).noun.zh)
    else:
        return None
    return Words(words.en[:1].upper() + words.en[1:], words.zh)


def _lead(match: re.Match[str]) -> Words | None:
    step = _WARNINGS.get(match["step"])
    return step and bilingual("{step}: hours before the hazard came (median village)", step=step)


def _delivered(match: re.Match[str]) -> Words | None:
    if match["need"] not in NEEDS:
        return None
    return bilingual("Delivered: {need}", need=NEED_WORDS[NEEDS.index(match["need"])])


def _fire_step(match: re.Match[str]) -> Words | None:
    step = _STEPS.get(match["step"])
    if step is None:
        return None
    if match["clock"]:
        return bilingual("{step}: hours from the beginning of the fire", step=step)
    return bilingual("{step}: hours from the report", step=step)


def _from_onset(match: re.Match[str]) -> Words:
    return bilingual("Share relieved within {hours} h of the start", hours=match["hours"])


def _level(match: re.Match[str]) -> Words:
    if match["what"] == "due":
        return bilingual("Level {level} due, hours from the start", level=match["level"])
    return bilingual("Level {level} declared, hours from the start", level=match["level"])


_FAMILIES = (
    (r"response_(?P<who>[a-z_]+)_p(?P<of>50|95)(?P<clock>_need)?_h", _response),
    (r"share_answered_(?P<who>[a-z_]+)", _answered),
    (r"lead_(?P<step>[a-z_]+)_p50_h", _lead),
    (r"delivered_(?P<need>[a-z_]+)", _delivered),
    (r"fire_(?P<step>[a-z_]+?)(?P<clock>_need)?_h", _fire_step),
    (r"level_(?P<level>I|II|III|IV)_(?P<what>due|declared)_h", _level),
    (r"share_relieved_(?P<hours>\d+)h_from_onset", _from_onset),
)
"""Pattern of a name -> what makes its words."""
