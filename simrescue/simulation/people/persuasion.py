"""Who of a village is moved to leave by a telling, and when: each telling is one more chance.

An order, a call-out, a round by loudspeaker or from door to door, neighbours who leave, the first water, smoke: each
reaches a share of those whom none has reached yet, and moves a share of those who have refused. Whoever has once
decided to go goes. The shares are carried on exactly, so that many tellings of a small village round no more than one.

The word spreads and people act by the curve P(t) = 1 - exp(-a t^b) (Lindell; USACE LifeSim Technical Reference
Manual, eq. 9).
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from simrescue.streams import stream

if TYPE_CHECKING:
    from simrescue.scenario.records import Warning
    from simrescue.simulation.protocols import VillageState
    from simrescue.simulation.state import Replication, Simulation

HOUSEHOLD = 3
"""Persons who decide and leave together: households of China have 2.62 (2020 census), USACE LifeSim groups of three."""
NOWCAST = "nowcast"
"""What a short-term warning is called as a telling."""
DAY_H = 24.0
"""With so much time or more before the water people get ready as slowly as they ever do."""


class Telling(NamedTuple):
    """What one telling does, as shares of 0 to 1."""

    by: str
    """What tells: its draws are its own."""

    reach: float
    """Of those whom none has reached yet: who have the word by it."""
    refuse: float
    """Of these: who will not leave."""
    persuades: float
    """Of those who have refused before: who leave now."""
    is_order: bool = True
    """Whether it is meant only for those whom the village orders to leave (`ordered_share`)."""
    is_spread: bool = True
    """Whether the word goes round; else all whom it reaches have it at once."""


def by_call(sim: Simulation, village: VillageState) -> Telling:
    """An order, a call-out or smoke: loudspeakers, telephones, the officers."""
    refuse = _refuse(sim, village)
    return Telling("call", sim.contact.reach(village.index), refuse, sim.settings.evacuation.persuaded_by_call)


def by_knock(sim: Replication, village: VillageState) -> Telling:
    """Officers and militia at the door, under an order."""
    refuse = _refuse(sim, village)
    return Telling("knock", sim.settings.warning.knock_reach, refuse, sim.settings.evacuation.persuaded_by_knock)


def by_guide(sim: Replication, village: VillageState, share: float) -> Telling:
    """Guides at the doors of a share of the households, face to face."""
    persuades = share * sim.settings.evacuation.persuaded_by_knock
    reach = share * sim.settings.warning.knock_reach
    return Telling("guide", reach, _refuse(sim, village), persuades, is_spread=False)


def by_nowcast(sim: Simulation, village: VillageState) -> Telling:
    """A short-term warning without an order: of those who hear it some leave by themselves, the others wait."""
    share = sim.contact.reach(village.index) * sim.settings.evacuation.leave_by_cue
    return Telling(NOWCAST, share, 0.0, 0.0, is_order=False)


def by_speaker(sim: Simulation, village: VillageState) -> Telling:
    """Once more by loudspeaker, for those in earshot; in the dark fewer hear it, and nobody where it has no power."""
    # Light begins and ends in turn, the first a beginning: after an odd number of them it is day.
    is_light = bisect_right(sim.world.sky.light_changes[village.index], sim.env.now) % 2
    heard = (
        village.record.speakers
        * sim.contact.speaks(village.index)
        * (1.0 if is_light else sim.settings.warning.speaker_night)
    )
    return Telling("speaker", heard, _refuse(sim, village), heard * sim.settings.evacuation.persuaded_by_speaker)


def by_cue(sim: Replication, _: VillageState) -> Telling:
    """Water seen, or neighbours leaving: some leave by themselves, the others still wait for an order."""
    share = sim.settings.evacuation.leave_by_cue
    return Telling("cue", share, 0.0, share, is_order=False)


def _refuse(sim: Replication, village: VillageState) -> float:
    """Share who will not leave at the first word; earlier false alarms have cost trust."""
    own = village.record.false_alarms
    alarms = sim.settings.warning.false_alarms if own is None else own
    return float(1 - (1 - _stubborn(sim, village)) * (1 - sim.parameters.false_alarm_refuse) ** alarms)


def _stubborn(sim: Replication, village: VillageState) -> float:
    """`refuse` as this event and this village have it: of all events and all villages it is the median.

    A logistic model with two normal effects, of the event and of the village in it.
    """
    state, parameters = village.warning_state, sim.parameters
    # Once a replication: later tellings meet the same people, and not a new draw.
    drawn: float | None = state.refuse
    if drawn is None:
        drawn = sim.settings.evacuation.refuse
        # At 0 and 1 the logit has no value: nobody refuses, or everybody, in every event.
        if 0 < drawn < 1:
            # Without a village in its name: all villages of a replication share the event.
            event = stream(sim.seed, sim.replication, "refusal").gauss(0, parameters.refuse_event_sd)
            own = sim.stream("refusal", village.index).gauss(0, parameters.refuse_village_sd)
            drawn = 1 / (1 + math.exp(-(math.log(drawn / (1 - drawn)) + event + own)))
        state.refuse = drawn
    return drawn


class Group(NamedTuple):
    """People of a village who hear and act together."""

    warned_h: float
    leaves_h: float
    persons: int
    """Whom no telling had reached before."""
    stays: int
    """Of them those who will not leave."""
    persuaded: int
    """Who had refused and leave now."""
    going: int
    """Who leave: neither those who stay nor anybody who had decided before."""
    aware: int
    """Who hear it too, though it is not meant for them: warned, and not told to leave."""


def groups(sim: Replication, village: VillageState, telling: Telling) -> list[Group]:
    """The groups of one telling in order of hearing: who hears when, acts when, or stays.

    It goes to those who can still leave and have not decided to. Shares are kept over all groups, however small.
    """
    warning, evacuation = sim.settings.warning, sim.settings.evacuation
    count, pace = evacuation.batches, readiness(sim, village)
    reached, stays, persuaded = _moved(village, telling)
    aware = _hear_besides(village, telling)
    # When they hear says nothing of how quickly they act: so the order of acting is drawn by itself.
    act_order = village.rng(f"leaving by {telling.by}").sample(range(count), count)
    made, before = [], (0, 0, 0, 0)
    for i in range(count):
        share = (i + 1) / count
        persons, again, also = _households(reached, share), _households(persuaded, share), _households(aware, share)
        # Of running totals, like all that are counted here, and differences taken: rounding never adds up over groups.
        staying = round(persons * stays / reached) if reached else 0
        heard = heard_h(warning, (i + 0.5) / count) if telling.is_spread else 0.0
        acts = quantile_h((act_order[i] + 0.5) / count, evacuation.act_t50_h, evacuation.act_b)
        new, stay, turned, knows = persons - before[0], staying - before[1], again - before[2], also - before[3]
        leaves_h = heard + pace.hours(sim.env.now + heard, acts)
        made.append(Group(heard, leaves_h, new, stay, turned, new - stay + turned, knows))
        before = (persons, staying, again, also)
    return made


def heard_h(warning: Warning, share: float) -> float:
    """Hours after which a share (0..1) of those who will ever hear a word that goes round has heard it."""
    return quantile_h(share, warning.diffusion_t50_h, warning.diffusion_b)


def _households(persons: int, share: float) -> int:
    """A share of some persons in whole households, none of which is divided; never fewer than the share."""
    return min(persons, HOUSEHOLD * math.ceil(persons * share / HOUSEHOLD))


def _hear_besides(village: VillageState, telling: Telling) -> int:
    """How many hear an order for the first time that is not meant for them; brings the share forward."""
    state, people = village.warning_state, int(village.record.population)
    if not telling.is_order:  # it is meant for all
        return 0
    before = min(state.unaware, state.unaddressed)  # others have heard what is meant for all
    state.unaware = before * (1 - telling.reach)
    hear = round(people * (state.unaddressed - state.unaware)) - round(people * (state.unaddressed - before))
    return max(0, min(int(hear), int(village.home)))


def _moved(village: VillageState, telling: Telling) -> tuple[int, int, int]:
    """Persons newly reached, of them those who refuse, and those persuaded; brings the shares forward.

    Those who go are rounded, once, and those who refuse are the rest: rounded each by itself, a telling that reaches
    more could let one more refuse and so one fewer go.
    """
    state, people = village.warning_state, int(village.record.population)
    # Of those who have decided as many can still leave as of all who are still in the village.
    can_leave, there = village.home + village.walkers, village.there
    at_home = can_leave / there if there else 1.0
    undecided = max(0, can_leave - village.waiting - round((state.held.total() + state.leaving) * at_home))
    refusing = min(round(state.refused * at_home), undecided)
    unaddressed = state.unaddressed * (1.0 if telling.is_order else 1 - telling.reach)
    unreached = unaddressed + (state.unreached - state.unaddressed) * (1 - telling.reach)
    aimed = round(people * (1 - unreached)) - state.reached
    # Who has refused was reached before: only the others can be reached anew.
    reached = max(0, min(round(aimed * at_home), undecided - refusing))
    if reached < aimed:  # who was not at home to hear it can be reached later
        unreached = 1 - (state.reached + reached) / people
    resisting = state.unwilling * (1 - telling.persuades)
    unwilling = resisting + telling.refuse * (state.unreached - unreached)
    willing = round(people * (1 - unreached - unwilling)) - (state.reached - state.refused)
    going = max(0, min(willing, reached + refusing))
    persuaded = max(going - reached, 0, min(state.refused - round(people * resisting), refusing, going))
    stays = reached + persuaded - going
    state.unreached, state.unwilling, state.unaddressed = unreached, unwilling, min(unaddressed, unreached)
    state.reached += reached
    state.refused += stays - persuaded
    state.leaving += going
    return reached, stays, persuaded


# ---- when


class Readiness(NamedTuple):
    """How fast people get ready: a quantity of work that gets on by the light and by the nearness of the water."""

    arrival_h: float
    """Hour at which the water is foreseen; infinite: none is."""
    slower: float
    """How many times longer everything takes with a day's lead or more than when the water is there; 1 or more."""
    night_rate: float
    """Speed in the dark, against daylight."""
    light_changes: Sequence[float]
    """Hours at which light begins and ends in turn, the first a beginning."""

    def hours(self, start_h: float, work_h: float) -> float:
        """Hours from `start_h` on for what takes `work_h` by day with the water near; infinite where it never ends.

        The time that an hour's work takes grows in a straight line with the lead up to a day: with the lead L, the
        work done from L to a shorter lead M is ln((1 + a L) / (1 + a M)) / a, a = (slower - 1) / day.
        """
        at, now_h, a = bisect_right(self.light_changes, start_h), start_h, (self.slower - 1) / DAY_H
        while True:
            rate = 1.0 if at % 2 else self.night_rate
            lead_h = self.arrival_h - now_h if math.isfinite(self.arrival_h) else 0.0
            dusk_h = self.light_changes[at] if at < len(self.light_changes) else math.inf
            if a <= 0 or lead_h <= 0:
                until_h, needs_h = dusk_h, _divided(work_h, rate)
            elif lead_h > DAY_H:
                until_h, needs_h = min(dusk_h, self.arrival_h - DAY_H), _divided(work_h * self.slower, rate)
            else:
                until_h = min(dusk_h, self.arrival_h)
                left = ((1 + a * lead_h) * math.exp(-a * _divided(work_h, rate)) - 1) / a
                # Below 0 it would be done after the water has come, and from then on the pace is another.
                needs_h = lead_h - left if left >= 0 else math.inf
            if now_h + needs_h <= until_h or until_h == math.inf:
                return now_h + needs_h - start_h
            work_h -= self._done(now_h, until_h, rate, a)
            at, now_h = at + (until_h == dusk_h), until_h

    def _done(self, from_h: float, to_h: float, rate: float, a: float) -> float:
        """Work done in a time of one light, before, in or after the last day before the water."""
        lead_h = self.arrival_h - from_h if math.isfinite(self.arrival_h) else 0.0
        if a <= 0 or lead_h <= 0:
            return rate * (to_h - from_h)
        if lead_h > DAY_H:
            return rate * (to_h - from_h) / self.slower
        return rate * math.log((1 + a * lead_h) / (1 + a * (self.arrival_h - to_h))) / a


def _divided(work: float, rate: float) -> float:
    return work / rate if rate > 0 else (math.inf if work > 0 else 0.0)


def readiness(sim: Replication, village: VillageState) -> Readiness:
    """How fast the people of a village get ready now; under an order the night does not slow them."""
    going, arrival_h = sim.settings.evacuation, float(sim.world.arrival_h[village.index])
    is_led = math.isfinite(arrival_h) and going.act_t50_h > 0
    return Readiness(
        arrival_h,
        max(1.0, going.act_t50_day_h / going.act_t50_h) if is_led else 1.0,
        1.0 if village.warning_state.is_ordered else going.night_rate,
        sim.world.sky.light_changes[village.index],
    )


@lru_cache(maxsize=1024)
def quantile_h(share: float, t50_h: float, b: float) -> float:
    """Time at which a share has acted under P(t) = 1 - exp(-a t^b), with half of them by `t50_h` (Lindell form)."""
    if share >= 1:
        return math.inf
    return float(t50_h * (math.log(1 / (1 - share)) / math.log(2)) ** (1 / b)) if t50_h > 0 else 0.0
