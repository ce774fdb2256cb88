"""Rescue that takes a skill: only who has it is sent, and who has it is sent as ever."""

from __future__ import annotations

import numpy as np

from simrescue.events import EventKind as Kind
from simrescue.responders import RESCUE, Boat, Helicopter, Team
from simrescue.scenario.preflight.check import check
from simrescue.scenario.records import Scenario
from simrescue.simulation.run import simulate
from tests.factories import flooded_row


def county(skill: str, *skills: str) -> Scenario:
    """Villages in the flood that ask for a skill, and crews with some."""
    plain = flooded_row()
    changes = {"rescue_skill": skill, "cars": 0.0, "two_wheelers": 0.0}
    villages = tuple(village.model_copy(update=changes) for village in plain.villages)
    crews = {
        "boats": (Boat(id="boat", base="station", count=2, skills=skills),),
        "teams": (Team(id="team", base="station", tasks=("evacuate", "rescue"), skills=skills),),
        "helicopters": (Helicopter(id="helicopter", base="station", skills=skills),),
    }
    return plain.model_copy(update={"villages": villages, **crews})


def test_nobody_without_the_skill_is_sent_to_rescue() -> None:
    log = simulate(county("rope", "water"))
    sent = log.where(Kind.ASSIGNED)
    assert len(sent)
    assert RESCUE not in log.item[sent]


def test_who_has_it_is_sent_as_where_nothing_is_asked_for() -> None:
    plain, skilled = simulate(county("")), simulate(county("rope", "water", "rope"))
    assert all(np.array_equal(ours, theirs) for ours, theirs in zip(plain, skilled, strict=True))
    assert RESCUE in plain.item[plain.where(Kind.ASSIGNED)]


def test_check_tells_of_a_skill_that_nobody_has() -> None:
    def told(scenario: Scenario) -> list[str]:
        return [finding.subject for finding in check(scenario) if "rope" in finding.message]

    assert told(county("rope", "water")) == ["rope"]
    assert not told(county("rope", "rope"))
