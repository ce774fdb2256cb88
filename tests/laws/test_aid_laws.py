"""Aid from partners: what is granted is handed over, order means nothing, and aid that is asked earlier never harms."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from simrescue.communication.posts import Partner
from simrescue.events import EventKind as Kind
from simrescue.experiment.bound.travel_bounds import TravelBounds
from simrescue.metrics.people.relief import late_person_h
from simrescue.scenario.load import load
from simrescue.simulation.run import simulate
from simrescue.simulation.world import compile_world
from tests.laws.test_level_laws import log_rows
from tests.scenario.conftest import TINY

PAIRS = 12
VARIANT = "asked-for"
CERTAIN: dict[str, Any] = {"partners.*.grant": 1}


def test_a_partner_without_crews_changes_nothing() -> None:
    scenario = load(TINY)
    more = Partner(id="z", asked_at="IV", asked_after_h=0.0)
    assert log_rows(scenario) == log_rows(scenario.model_copy(update={"partners": (more,)}))


def test_the_order_of_partners_means_nothing() -> None:
    scenario = load(TINY, VARIANT)
    turned = scenario.model_copy(update={"partners": scenario.partners[::-1]})
    assert log_rows(scenario) == log_rows(turned)


@pytest.mark.parametrize("replication", range(6))
def test_crews_that_are_handed_over_are_those_that_were_granted(replication: int) -> None:
    world = compile_world(load(TINY, VARIANT, {"duration": "200 h"}))
    log = simulate(world, 1, replication)
    crews = {kind: dict[int, float]() for kind in (Kind.PARTNER_ASKED, Kind.AID_GRANTED, Kind.AID_REFUSED,
                                                   Kind.AID_SETS_OUT, Kind.AID_HANDED_OVER)}  # fmt: skip
    for row in log.where(*crews).tolist():
        partner = int(log.place[row])
        assert partner not in crews[Kind(log.kind[row])], "once for each partner"
        crews[Kind(log.kind[row])][partner] = float(log.amount[row])
    granted, refused = crews[Kind.AID_GRANTED], crews[Kind.AID_REFUSED]
    assert granted == crews[Kind.AID_SETS_OUT] == crews[Kind.AID_HANDED_OVER]
    assert crews[Kind.PARTNER_ASKED] == granted | refused
    assert not granted.keys() & refused.keys()
    partner_of = {member.index: member.record.partner for member in world.members if member.record.partner}
    ids = {world.ids[partner] for partner in granted}
    for crew, partner in partner_of.items():
        freed = log.time_h[log.where(Kind.RELEASED)[log.subject[log.where(Kind.RELEASED)] == crew]]
        assert len(freed) == (partner in ids), world.ids[crew]
        sent = log.time_h[log.where(Kind.ASSIGNED)[log.subject[log.where(Kind.ASSIGNED)] == crew]]
        assert not len(sent) or (len(freed) and sent.min() >= freed[0])
    assert len(log.where(Kind.AID_GRANTED)) + len(refused) == len(crews[Kind.PARTNER_ASKED])


@pytest.mark.parametrize(
    ("column", "early", "late"),
    [("asked_after", "0 h", "12 h"), ("decision", "0 h", "12 h"), ("distance", "0 km", "600 km"), ("grant", 1, 0)],
)
def test_aid_that_is_asked_earlier_or_comes_sooner_never_harms(column: str, early: Any, late: Any) -> None:
    """On the mean of pairs: hours without relief beyond the limit."""

    def late_hours(value: Any) -> float:
        own = {"partners.neighbour.asked_after": value, "partners.garrison.asked_after": value}
        sets = own if column == "asked_after" else {f"partners.*.{column}": value}
        world = compile_world(load(TINY, VARIANT, CERTAIN | sets))
        logs = [simulate(world, 1, replication) for replication in range(PAIRS)]
        return float(np.mean([late_person_h(log, world.facts, 10.0).sum() for log in logs]))

    assert late_hours(early) <= late_hours(late)


def test_no_crew_of_a_partner_leaves_before_the_bound_says() -> None:
    world = compile_world(load(TINY, VARIANT, CERTAIN))
    bounds, log = TravelBounds(world), simulate(world, 1, 0)
    for member in world.members:
        if member.record.partner:
            rows = log.where(Kind.TURNS_OUT)
            out = log.time_h[rows[log.subject[rows] == member.index]]
            assert not len(out) or out.min() >= bounds.out_h(member, 0.0) - 1e-9
