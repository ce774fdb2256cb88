"""Places that no message reaches, and villages that fall silent with their only channel, told before a run."""

from __future__ import annotations

from collections.abc import Iterator

from simrescue.hazards.base import PowerLost
from simrescue.hazards.kinds import brings, called
from simrescue.kinds import kind_of
from simrescue.scenario.communication.coverage import both_ways
from simrescue.scenario.preflight.findings import Finding, named
from simrescue.scenario.preflight.look import Look
from simrescue.wording import bilingual


def silent_places(look: Look) -> Iterator[Finding]:
    """Places without any channel from the start, and villages that the hazard comes to with one channel alone."""
    scenario = look.scenario
    kinds = {str(channel.kind) for channel in scenario.channels}
    if not kinds:
        return
    staffed = [place for place in scenario.places if kind_of(place).staffed]
    channels = {place.id: both_ways(scenario, place, kinds) for place in staffed}
    if silent := [place for place in staffed if not channels[place.id]]:
        message = bilingual("no channel reaches {places}: nobody there can be told anything", places=named(silent))
        yield Finding("doubtful", "reach", "", *message, {"places": float(len(silent))})
    if single := [village for village in look.hit if len(channels[village.id]) == 1]:
        message = bilingual(
            "villages without a second channel, which fall silent with their only one: {number} ({places})",
            number=len(single), places=named(single),
        )  # fmt: skip
        yield Finding("note", "reach", "", *message, {"villages": float(len(single))})


def power_in_vain(look: Look) -> Iterator[Finding]:
    """A hazard that cuts power where nothing is fed: its effects come to nothing."""
    settings, scenario = look.scenario.settings, look.scenario
    cutting = [name for name in settings.hazards if brings(PowerLost, (name,))]
    if cutting and not (scenario.channels and scenario.power):
        message = bilingual(
            "the {hazard} cuts power in vain: there is none without rows in channels.csv and power.csv",
            hazard=called(cutting),
        )
        yield Finding("doubtful", "reach", "", *message, {})
