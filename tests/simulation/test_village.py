"""People of a village in the water: who is stranded, trapped, freed, carried off or lost, and when it is told."""

from __future__ import annotations

import math
from random import Random
from typing import Any

import pytest

from simrescue.events import EventKind as Kind
from simrescue.hazards.flood.mortality import CURVES, Water
from simrescue.parameters import Parameters
from simrescue.places import Village
from simrescue.scenario.records import Command, Health
from simrescue.simulation.places.hospital import Patients, Prognosis
from simrescue.simulation.places.shelter import CARRIED, OWN_MEANS
from simrescue.simulation.state import Simulation
from simrescue.streams import binomial
from tests.factories import at
from tests.simulation.story import AT_ONCE, NOBODY, by_hand, dry_row, so_far, water_at

DEPTH = {0: 0.0, 1: 0.2, 2: 0.4, 3: 0.8, 4: 1.5, 5: 3.0, 6: 5.0}
"""A depth of each hazard class in still water."""


def village(
    persons: int = 300,
    command: Command = AT_ONCE,
    health: Health | None = None,
    numbers: dict[str, float] | None = None,
    **fields: Any,
) -> Simulation:
    """One village of three, with nobody to help; `fields` are its own."""
    rows = [Village(id=f"village-{i}", population=persons, **at(i, 0), **fields) for i in range(3)]
    sections = {"health": health or Health(injured=0), "parameters": Parameters(**(numbers or {}))}
    return by_hand(dry_row(command=command, villages=tuple(rows), sections=sections, **NOBODY))


def water(sim: Simulation, water_class: int, at_h: float | None = None) -> None:
    """The first village is in that class from then on."""
    if at_h is not None:
        sim.env.run(until=at_h)
    water_at(sim, 0, DEPTH[water_class], water_class)


def counts(sim: Simulation) -> dict[str, int]:
    """People of the first village where there are any."""
    states = ("home", "moving", "sheltered", "stranded", "trapped", "aboard", "dead")
    return {state: getattr(sim.villages[0], state) for state in states if getattr(sim.villages[0], state)}


# ---- water


@pytest.mark.parametrize(
    ("water_class", "expected"),
    [
        (1, {"home": 300}),
        (2, {"stranded": 300}),
        (3, {"stranded": 228, "trapped": 72}),
        (4, {"trapped": 300}),
        (6, {"trapped": 300}),
    ],
)
def test_classes(water_class: int, expected: dict[str, int]) -> None:
    """In H3 the helpless and who has no refuge, each by himself: 1 - 0.8 x 0.95 = 24 %."""
    sim = village(vulnerable=0.2, upper_floor=0.95)
    water(sim, water_class)
    assert counts(sim) == expected


@pytest.mark.parametrize(
    ("vulnerable", "upper_floor", "trapped"), [(0.2, 0.5, 180), (0, 1, 0), (1, 1, 300), (0, 0, 300)]
)
def test_h3_traps_the_helpless_and_who_has_no_refuge(vulnerable: float, upper_floor: float, trapped: int) -> None:
    sim = village(vulnerable=vulnerable, upper_floor=upper_floor)
    water(sim, 3)
    assert counts(sim).get("trapped", 0) == trapped


def test_first_water_warns_those_whom_nobody_warned() -> None:
    sim = village()
    water(sim, 1)
    story = so_far(sim)
    arrived = story.one(Kind.WATER_ARRIVES)
    warned = story.one(Kind.WARNED)
    assert (warned.cause, warned.persons) == (arrived.number, 300)


def test_rise_and_fall_tell_their_story() -> None:
    sim = village()
    for step, water_class in enumerate((1, 3, 4, 2, 0)):
        water(sim, water_class, step + 1.0)
    story = so_far(sim)
    told = [row.kind for row in story.rows(Kind.WATER_ARRIVES, Kind.WATER_RISES, Kind.WATER_FALLS, Kind.WATER_LEAVES)]
    assert told == [Kind.WATER_ARRIVES, Kind.WATER_RISES, Kind.WATER_RISES, Kind.WATER_FALLS, Kind.WATER_LEAVES]
    freed = [(row.time_h, row.item, row.persons) for row in story.rows(Kind.FREED)]
    left = counts(sim).get("sheltered", 0)  # a few who saw the water while it was shallow
    assert freed == [(4.0, 0, 300 - left), (5.0, 1, 300 - left)]
    assert counts(sim) == {"home": 300 - left, "sheltered": left}
    assert 0 < left < 60


def test_trapped_stay_trapped_while_the_water_stands_at_the_frail_limit() -> None:
    sim = village(upper_floor=1.0)
    water(sim, 4)
    water(sim, 3, 1.0)
    assert counts(sim) == {"trapped": 300}


# ---- roads


def test_cut_off_in_the_dry_strands_and_traps_nobody() -> None:
    sim = village()
    sim.villages[0].cut_off()
    assert counts(sim) == {"stranded": 300}
    assert sim.villages[0].in_need == 0
    sim.villages[0].reconnect()
    assert counts(sim) == {"home": 300}
    assert so_far(sim).times(Kind.ISOLATED, Kind.REACHABLE) == [0.0, 0.0]


def test_water_that_leaves_does_not_free_the_isolated() -> None:
    sim = village()
    water(sim, 2)
    sim.villages[0].cut_off()
    water(sim, 0, 1.0)
    assert counts(sim) == {"stranded": 300}
    sim.villages[0].reconnect()
    assert counts(sim) == {"home": 300}


# ---- lives


CERTAIN = {"high_danger_fatality": 1.0, "low_danger_fatality": 0.0, "adobe_share": 0.0}


def lifesim(persons: int = 1000, numbers: dict[str, float] | None = None, **fields: Any) -> Simulation:
    health = Health(injured=0, mortality="lifesim", exposure_h=1)
    return village(persons, health=health, numbers=numbers or CERTAIN, **fields)


def test_nobody_on_an_upper_floor_above_the_water_dies() -> None:
    sim = lifesim(upper_floor=1.0)
    water(sim, 5)
    water(sim, 4, 40.0)
    assert not so_far(sim).rows(Kind.DIED)


def test_only_the_share_without_an_upper_floor_is_exposed() -> None:
    sim = lifesim(upper_floor=0.9)
    water(sim, 5)
    water(sim, 4, 40.0)
    assert so_far(sim).persons(Kind.DIED) == 100


def test_water_over_the_upper_floor_reaches_the_helpless_first() -> None:
    """5 m: over the helpless (4.52 m), not yet at the ceiling of the able (5.7 m) or over the roof (7.22 m)."""
    sim = lifesim(upper_floor=0.9, vulnerable=0.2)
    water(sim, 6)
    water(sim, 5, 40.0)
    assert so_far(sim).persons(Kind.DIED) == 100 + 180


def test_in_one_storey_the_able_go_on_a_flat_roof_and_the_helpless_do_not() -> None:
    """3 m: over the helpless (1.52 m), at the ceiling of the able (2.7 m), not over the roof (4.22 m)."""
    sim = lifesim(single_storey=1.0, vulnerable=0.2, numbers=CERTAIN | {"flat_roof_share": 0.75})
    water(sim, 5)
    water(sim, 4, 40.0)
    assert so_far(sim).persons(Kind.DIED) == 200 + 200


def test_a_house_that_falls_kills_whoever_is_in_it_up_or_down() -> None:
    sim = lifesim(upper_floor=1.0, houses=200, numbers=CERTAIN | {"concrete_share": 0.25, "adobe_share": 0.05})
    water_at(sim, 0, 3.5, 6, velocity_ms=2.2)  # 7.7 m2/s: brick and adobe fall, concrete stands
    sim.env.run(until=2.0)
    water_at(sim, 0, 0.2, 1)
    story = so_far(sim)
    fell = story.one(Kind.HOUSES_COLLAPSE)
    assert (fell.amount, story.rows(Kind.WATER_ARRIVES)[0].number) == (150, fell.cause)
    assert story.persons(Kind.DIED) == pytest.approx(750, abs=5 * math.sqrt(1000 * 0.75 * 0.25))


def test_adobe_that_was_dry_between_soaks_anew() -> None:
    sim = lifesim(upper_floor=1.0, houses=200, numbers={"adobe_share": 0.5, "adobe_soak_h": 10.0})
    for hour, water_class in ((1.0, 3), (6.0, 0), (7.0, 3)):
        water(sim, water_class, hour)
    sim.env.run(until=30)
    assert so_far(sim).times(Kind.HOUSES_COLLAPSE) == [17.0]


def test_adobe_falls_when_it_has_soaked_and_not_before() -> None:
    sim = lifesim(upper_floor=1.0, houses=200, numbers={"adobe_share": 0.5, "adobe_soak_h": 10.0})
    water(sim, 4)
    water(sim, 0, 9.0)
    water(sim, 4, 20.0)
    water(sim, 5, 29.5)
    assert not so_far(sim).rows(Kind.HOUSES_COLLAPSE)
    water(sim, 4, 31.0)
    fell = so_far(sim).one(Kind.HOUSES_COLLAPSE)
    assert (fell.time_h, fell.amount) == (30.0, 100)


@pytest.mark.parametrize("curve", ["screening", "boyd"])
def test_the_exposed_die_by_the_published_share_and_no_more(curve: Any) -> None:
    """Over the hours of exposure, and not again when they have been through them."""
    sim = village(2000, health=Health(injured=0, mortality=curve, exposure_h=24))
    water(sim, 6)
    water(sim, 5, 24.0)
    expected = CURVES[curve](Water(DEPTH[6]), Parameters())[0]
    died = so_far(sim).persons(Kind.DIED)
    assert died == pytest.approx(2000 * expected, abs=5 * math.sqrt(2000 * expected * (1 - expected)))
    assert counts(sim) == {"trapped": 2000 - died, "dead": died}
    water(sim, 4, 72.0)
    assert so_far(sim).persons(Kind.DIED) == died


def test_who_comes_home_into_the_water_is_exposed_from_then_on() -> None:
    sim = village(2000, health=Health(injured=0, mortality="screening", exposure_h=24))
    home = sim.villages[0]
    home.leave_home(2000)
    water(sim, 6)
    sim.env.run(until=20)
    home.come_home(2000, OWN_MEANS, -1)
    water(sim, 5, 21.0)
    one_hour = 1 - (1 - CURVES["screening"](Water(DEPTH[6]), Parameters())[0]) ** (1 / 24)
    assert so_far(sim).persons(Kind.DIED) == pytest.approx(2000 * one_hour, abs=5 * math.sqrt(2000 * one_hour))


@pytest.mark.parametrize(("hours", "deadly"), [(1.0, True), (6.0, False)])
def test_a_rapid_rise_kills_more(hours: float, deadly: bool) -> None:
    """From 0.4 m to 1.5 m in an hour is a rapid rise (1.1 m/h), in six hours (0.18 m/h) it is none."""
    sim = village(10_000, health=Health(injured=0, exposure_h=1))
    home, rise = sim.villages[0], 1.1 / hours
    water(sim, 2)
    water(sim, 4, hours)
    assert home.ground.middle.water.rise_m_h == pytest.approx(rise)
    home.trapped -= home.ground.lose_lives(lambda: Random(0))
    died = so_far(sim).persons(Kind.DIED)
    water(sim, 5)
    water(sim, 4, hours + 5)
    share = CURVES["jonkman"](Water(DEPTH[5], rise_m_h=rise), Parameters())[0]
    assert so_far(sim).persons(Kind.DIED) - died == pytest.approx(1e4 * share, abs=5 * math.sqrt(1e4 * share))
    assert (share > 0.012) == deadly


def test_what_other_curves_would_have_given_is_told_of_the_same_people() -> None:
    """1,000 trapped for half of the exposure; then 400 are taken off, and the others stay to the end of it."""
    sim = village(1000, health=Health(injured=0, mortality="boyd", exposure_h=24), vulnerable=0, upper_floor=0.0)
    water(sim, 5)
    sim.env.run(until=12.0)
    home = sim.villages[0]
    home.lose_lives()
    there = home.trapped
    taken = round(0.4 * there)
    home.take(len(sim.villages), taken, -1, -1)
    water(sim, 4, 24.0)
    home.close()
    share = CURVES["screening"](Water(DEPTH[5]), Parameters())[0]
    half = 1 - math.sqrt(1 - share)
    expected = 1000 * half + 1000 * (1 - half) * (1 - taken / there) * half
    rows = {row.item: row.amount for row in so_far(sim).rows(Kind.EXPECTED_DEATHS)}
    assert rows[3] == pytest.approx(expected)
    assert set(rows) == {0, 1, 2, 3}


def test_houses_and_contents_are_lost_by_depth() -> None:
    """300 people with 50 m2 each at 1,000 yuan, of which 0.6 x 0.6 x 1.5 can be lost, and 0.494 is at 1 m."""
    sim = village(numbers={"floor_area_m2": 50.0, "adobe_share": 0.0})
    water_at(sim, 0, 1.0, 3)
    sim.villages[0].close()
    lost = so_far(sim).one(Kind.HOUSES_DAMAGED)
    assert lost.amount == pytest.approx(300 * 50 * 1000 * 0.6 * 0.6 * 1.5 * 0.494)


@pytest.mark.parametrize(("stated", "hectares"), [(40.0, 40), (0.0, 0), (None, 300 * 0.25)])
def test_crops_are_lost_by_depth(stated: float | None, hectares: float) -> None:
    """Hectares as stated, or a quarter for each of 300 residents, at 17,000 yuan, of which 0.37 is lost at 1 m."""
    sim = village(numbers={"crop_ha_per_person": 0.25, "crop_value_yuan": 17000}, crop_ha=stated)
    water_at(sim, 0, 1.0, 3)
    sim.villages[0].close()
    assert sum(row.amount for row in so_far(sim).rows(Kind.CROPS_DAMAGED)) == pytest.approx(hectares * 17000 * 0.37)


SURE = {"severe_share": 1.0, "adobe_share": 0.0, "ambulance_h": 0.0, "hospital_stay_h": 87600.0}


def test_the_badly_hurt_die_unless_somebody_comes_in_time() -> None:
    """All 100 trapped are badly hurt; 40 are treated at once, and of the others no one lives after so many means."""
    sim = village(
        100,
        health=Health(injured=1.0, mortality="boyd", beds=40),
        upper_floor=1.0,
        numbers=SURE | {"severe_untreated_h": 0.5},
    )
    water(sim, 4)
    for patient in sim.villages[0].care_for(40):
        sim.hospital.aid(patient, 0, -1)
    sim.env.run(until=10.0)
    story = so_far(sim)
    hurt = story.one(Kind.INJURED).number
    assert {(row.cause, row.item, row.persons) for row in story.rows(Kind.DIED)} == {(hurt, 0, 1)}
    assert counts(sim) == {"trapped": 40, "dead": 60}
    assert (sim.villages[0].hurt, story.persons(Kind.ADMITTED), sim.hospital.beds) == (0, 40, 0)
    half = sum(row.time_h <= 0.5 for row in story.rows(Kind.DIED)) / 60
    assert half == pytest.approx(1 - math.exp(-1), abs=0.2)


def test_who_dies_at_home_takes_no_seat_of_those_who_wait_for_the_bus() -> None:
    sim = village()
    place = sim.villages[0]
    place.waiting = 10
    place.loses(Patients(place, 4, Prognosis(1.0, 1.0, 1.0, 1.0, 1.0), -1))
    assert (place.dead, place.home, place.waiting) == (4, 296, 10)


def test_without_a_free_bed_the_badly_hurt_wait_and_die_and_who_comes_first_is_first() -> None:
    """Three badly hurt and two beds: the third waits, and dies when his time is over."""
    sim = village(
        3,
        health=Health(injured=1.0, mortality="boyd", beds=2),
        upper_floor=1.0,
        numbers=SURE | {"severe_untreated_h": 87600.0, "severe_aided_h": 2.0},
    )
    water(sim, 4)
    patients = sim.villages[0].care_for(3)
    for number, patient in enumerate(patients):
        sim.hospital.aid(patient, 0, number)
    sim.env.run(until=1e-9)
    story = so_far(sim)
    assert [row.cause for row in story.rows(Kind.ADMITTED)] == [0, 1]
    assert [row.cause for row in story.rows(Kind.NO_BED)] == [2]
    sim.env.run(until=40.0)
    assert [row.time_h for row in so_far(sim).rows(Kind.DIED)] == pytest.approx([patients[2].prognosis.aided_h])


def test_a_bed_that_becomes_free_is_taken_by_who_waits() -> None:
    sim = village(
        2,
        health=Health(injured=1.0, mortality="boyd", beds=1),
        upper_floor=1.0,
        numbers=SURE | {"severe_untreated_h": 87600.0, "severe_aided_h": 87600.0, "hospital_stay_h": 3.0},
    )
    water(sim, 4)
    first, second = sim.villages[0].care_for(2)
    for patient in (first, second):
        sim.hospital.aid(patient, 0, -1)
    sim.env.run(until=40.0)
    entered = [row.time_h for row in so_far(sim).rows(Kind.ADMITTED)]
    assert entered == pytest.approx([0.0, first.prognosis.stay_h])


def test_who_is_slightly_hurt_gets_worse_unless_somebody_comes() -> None:
    """All ten would get worse within the hour or so, and die: four are treated at once."""
    sim = village(
        10,
        health=Health(injured=1.0, mortality="boyd"),
        upper_floor=1.0,
        numbers=SURE | {"severe_share": 0.0, "worsening_share": 1.0, "worsening_h": 0.2, "severe_untreated_h": 0.2},
    )
    water(sim, 4)
    assert sim.villages[0].care_for(4) == [], "nobody needs a bed yet"
    sim.env.run(until=30.0)
    story = so_far(sim)
    worse = {row.number for row in story.rows(Kind.WORSENS)}
    assert (story.persons(Kind.WORSENS), story.persons(Kind.DIED)) == (6, 6)
    assert {row.cause for row in story.rows(Kind.DIED)} == worse
    assert counts(sim) == {"trapped": 4, "dead": 6}


def test_the_badly_hurt_who_are_taken_off_wait_for_a_bed_in_the_shelter() -> None:
    """Aboard nobody dies; set down, both need a bed, and there is one: one dies in the shelter, and room is left."""
    sim = village(
        2,
        health=Health(injured=1.0, mortality="boyd", beds=1),
        numbers=SURE | {"severe_untreated_h": 3.0, "severe_aided_h": 1.0},
    )
    water(sim, 4)
    home, index = sim.villages[0], min(sim.shelters)
    home.take(len(sim.villages), 2, -1, -1)
    hurt, patients = home.carry_hurt(2)
    assert hurt == len(patients) == 2
    sim.env.run(until=90.0)
    assert not so_far(sim).rows(Kind.DIED)
    sim.shelters[index].receive(home, 2, CARRIED, -1)
    for patient in patients:
        sim.hospital.aid(patient, index, -1)
    sim.env.run(until=180.0)
    died = so_far(sim).one(Kind.DIED)
    assert (died.place, died.item, died.persons) == (index, 3, 1)
    assert counts(sim) == {"sheltered": 1, "dead": 1}
    assert (sim.shelters[index].persons, sim.sites[index].persons) == (1, 1)


def test_the_injured_whom_no_shelter_takes_are_at_home_again_as_they_were() -> None:
    sim = village(
        10, health=Health(injured=1.0, mortality="boyd"), upper_floor=1.0, numbers=SURE | {"severe_untreated_h": 0.5}
    )
    water(sim, 4)
    home = sim.villages[0]
    home.take(len(sim.villages), 10, -1, -1)
    hurt, patients = home.carry_hurt(10)
    home.bring_back(10, -1)
    home.bring_hurt_back(hurt, patients)
    sim.env.run(until=30.0)
    assert so_far(sim).persons(Kind.DIED) == 10
    assert home.hurt == 0


@pytest.mark.parametrize("beds", [0, 1, 5, 20])
def test_more_beds_never_kill(beds: int) -> None:
    """The same patients with the same fates: a law, one by one."""

    def dead(free: int) -> int:
        sim = village(
            40,
            health=Health(injured=1.0, mortality="boyd", beds=free),
            upper_floor=1.0,
            numbers=SURE
            | {"severe_untreated_h": 5.0, "severe_aided_h": 5.0, "ambulance_h": 1.0, "hospital_stay_h": 4.0},
        )
        water(sim, 4)
        for patient in sim.villages[0].care_for(20):
            sim.hospital.aid(patient, 0, -1)
        sim.env.run(until=60.0)
        return int(so_far(sim).persons(Kind.DIED))

    assert dead(beds + 1) <= dead(beds)
    assert dead(40) < dead(0)


def test_some_of_the_trapped_are_injured() -> None:
    sim = village(health=Health(injured=1.0))
    water(sim, 4)
    assert so_far(sim).one(Kind.INJURED).persons == 300


# ---- news


def test_news_takes_its_time() -> None:
    sim = village(command=Command(report_h=0.5, contact_loss=0))
    water(sim, 4, 2.0)
    sim.env.run(until=40)
    reported = so_far(sim).first(Kind.REPORTED, place="village-0")
    assert reported.time_h > 2.0
    assert reported.persons == 300


def test_lost_contact_keeps_the_news_back() -> None:
    sim = village(command=Command(report_h=0, contact_loss=1, contact_restore_h=5, silence_h=40))
    water(sim, 4, 2.0)
    sim.env.run(until=47)
    story = so_far(sim)
    assert story.one(Kind.CONTACT_LOST).time_h == 2.0
    restored = story.one(Kind.CONTACT_RESTORED)
    assert story.first(Kind.REPORTED).time_h == restored.time_h > 2.0


def test_command_hears_that_the_water_has_gone() -> None:
    sim = village()
    water(sim, 4, 1.0)
    water(sim, 0, 5.0)
    sim.env.run(until=40)
    assert so_far(sim).first(Kind.REQUEST_CLOSED, place="village-0", item=1).time_h < 40


# ---- carried off


def test_trapped_first_then_stranded() -> None:
    sim = village(vulnerable=0.15, upper_floor=0.9)
    water(sim, 3)
    groups, _ = sim.villages[0].take(crew=sim.world.command, seats=75, cause=-1, request=0)
    assert [persons for persons, *_ in groups] == [70, 5]
    rows = so_far(sim).rows(Kind.PICKS_UP)
    assert [(row.item, row.persons) for row in rows] == [(0, 70), (1, 5)]
    assert counts(sim) == {"stranded": 225, "aboard": 75}


def test_then_those_who_wait_for_transport() -> None:
    sim = village()
    sim.villages[0].waiting = 30
    sim.villages[0].take(crew=sim.world.command, seats=50, cause=-1, request=0)
    row = so_far(sim).one(Kind.PICKS_UP)
    assert (row.item, row.persons) == (2, 30)
    assert counts(sim) == {"home": 270, "aboard": 30}


def test_stranded_in_the_dry_are_not_carried_off() -> None:
    sim = village()
    sim.villages[0].cut_off()
    groups, _ = sim.villages[0].take(crew=sim.world.command, seats=50, cause=-1, request=0)
    assert not groups


def test_brought_back_into_the_water_they_are_stranded_again() -> None:
    sim = village()
    water(sim, 2)
    sim.villages[0].take(crew=sim.world.command, seats=50, cause=-1, request=0)
    sim.villages[0].bring_back(50, -1)
    assert counts(sim) == {"stranded": 300}
    assert so_far(sim).one(Kind.TURN_BACK).item == 1


# ---- draws


@pytest.mark.parametrize(("n", "p"), [(40, 0.3), (500, 0.01), (5000, 0.4)], ids=["exact", "rare", "normal"])
def test_binomial_has_its_mean_and_spread(n: int, p: float) -> None:
    rng, times = Random(1), 3000
    drawn = [binomial(rng, n, p) for _ in range(times)]
    spread = math.sqrt(n * p * (1 - p))
    mean = sum(drawn) / times
    assert mean == pytest.approx(n * p, abs=4 * spread / math.sqrt(times))
    assert math.sqrt(sum((x - mean) ** 2 for x in drawn) / times) == pytest.approx(spread, rel=0.07)
    assert 0 <= min(drawn) <= max(drawn) <= n


@pytest.mark.parametrize(("n", "p", "expected"), [(0, 0.5, 0), (9, 0.0, 0), (9, 1.0, 9)])
def test_binomial_at_its_ends(n: int, p: float, expected: int) -> None:
    assert binomial(Random(1), n, p) == expected
