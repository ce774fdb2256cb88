from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from simrescue.kinds import kind_of, of_role
from simrescue.parameters import Parameters
from simrescue.places import Base, Depot, Junction, LandingSite, Shelter
from simrescue.responders import TASKS, Boat, Helicopter, Responder, Team, Truck
from simrescue.scenario.load import load
from simrescue.scenario.preflight.check import check
from simrescue.scenario.preflight.findings import SEVERITIES, Finding
from simrescue.scenario.records import Command, Relief, ResponseLevel
from simrescue.scenario.travel_times import best_arrival
from tests.scenario.small import at, road, scenario, village

FLOOD = Path(__file__).parents[2] / "scenarios" / "tiny-flood"


def topic(made: Any, name: str, subject: str | None = None) -> list[Finding]:
    return [f for f in check(made) if f.topic == name and subject in (None, f.subject)]


CREWS = (Team, Boat, Truck, Helicopter)
HELICOPTER = Helicopter(id="heli", base="base", turnout_h=0.5, cruise_kmh=200)
CUT_OFF = (*scenario().villages, village("d", 30))
"""A fourth village without a road."""


class TestTasks:
    @pytest.mark.parametrize("task", TASKS)
    @pytest.mark.parametrize("crew", CREWS, ids=lambda crew: crew.__name__)
    def test_a_task_that_only_other_kinds_are_made_for(self, crew: type[Responder], task: str) -> None:
        row = crew.model_validate({"id": "crew", "base": "base", "tasks": [task]})
        made = scenario(**{kind_of(row).table: (row,)})
        messages = [found.message for found in topic(made, "responder", "crew") if "not made for" in found.message]
        assert len(messages) == (task not in kind_of(row).tasks)
        assert all(f"the task {task}, which {kind_of(row).noun.many} are" in message for message in messages)

    def test_aircraft_that_set_crews_down_are_made_for_it(self) -> None:
        made = scenario(helicopters=(Helicopter(id="crew", base="base", tasks=("evacuate",)),))
        assert not [found for found in topic(made, "responder", "crew") if "not made for" in found.message]

    def test_one_who_is_not_there_is_not_told(self) -> None:
        made = scenario(trucks=(Truck(id="crew", base="base", count=0, tasks=("suppression",)),))
        assert not topic(made, "responder", "crew")

    def test_every_kind_is_made_for_what_it_does_by_default(self) -> None:
        for kind in of_role("responder"):
            assert set(kind.record.model_fields["tasks"].default) <= set(kind.tasks), kind.name


class TestReach:
    def test_all_is_well(self) -> None:
        assert not topic(scenario(), "reach")

    def test_village_without_road_or_helicopter(self) -> None:
        found = topic(scenario(villages=CUT_OFF), "reach")
        assert [(f.severity, f.subject) for f in found] == [("doubtful", "d")]

    def test_village_that_only_helicopters_reach(self) -> None:
        [found] = topic(scenario(villages=CUT_OFF, helicopters=(HELICOPTER,)), "reach")
        assert (found.severity, found.subject) == ("shortfall", "d")
        assert found.numbers["air_h"] == pytest.approx(0.5 + 30 / 200, rel=1e-3)

    def test_shelter_without_a_road(self) -> None:
        lost = Shelter(id="lost", **at(5), capacity=10)
        [found] = topic(scenario(shelters=(*scenario().shelters, lost)), "reach")
        assert (found.severity, found.subject) == ("doubtful", "lost")

    @pytest.mark.parametrize(("km", "doubted"), [(10.5, False), (15.0, True)])
    def test_a_store_without_a_road_is_of_use_where_people_walk_to_it(self, km: float, doubted: bool) -> None:
        store = Depot(id="store", **at(km), elevation_m=30.0, tier="township", food=1e5)
        made = scenario(depots=(*scenario().depots, store))
        assert bool(topic(made, "reach", "store")) is doubted
        [short] = [found for found in topic(scenario(), "stock") if found.subject == "food"] or [None]
        held = [found.numbers["held"] for found in topic(made, "stock") if found.subject == "food"]
        assert short is None or bool(held) is doubted


class TestParameters:
    def test_the_numbers_of_the_table_are_no_finding(self) -> None:
        assert not topic(scenario(), "parameter")

    def test_outside_the_range_and_for_nothing(self) -> None:
        made = scenario()
        numbers = Parameters(boarding_h_per_person=0.5, treatment_h=0.2, fire_wind_sd=0.3, price_dock_yuan=1.0)
        odd = made.model_copy(update={"settings": made.settings.model_copy(update={"parameters": numbers})})
        assert [(found.severity, found.subject) for found in topic(odd, "parameter")] == [
            ("doubtful", "boarding_h_per_person"), ("doubtful", "fire_wind_sd"), ("doubtful", "price_dock_yuan"),
            ("note", "boarding_h_per_person"), ("note", "treatment_h"),
        ]  # fmt: skip
        assert "nothing in this kind of event reads it" in topic(odd, "parameter", "fire_wind_sd")[0].message


class TestBestArrival:
    def test_road_and_air(self) -> None:
        boat = Boat(id="boat", base="c", turnout_h=0.1)
        best = best_arrival(scenario(boats=(boat,), helicopters=(HELICOPTER,)))
        assert best.village == ("a", "b", "c")
        assert best.by_road.responder == ("team", "team", "boat")
        assert best.by_road.hours == pytest.approx([0, 10 / 50, 0.1])
        assert best.by_air.hours == pytest.approx([0.5, 0.55, 0.6], abs=1e-4)
        assert best.hours == pytest.approx([0, 0.2, 0.1])

    def test_nobody_at_all(self) -> None:
        best = best_arrival(scenario(teams=(), trucks=()))
        assert np.isinf(best.hours).all()
        assert best.by_road.responder == ("", "", "")

    def test_late_villages_by_limit(self) -> None:
        assert not topic(scenario(), "arrival")
        slow = Team(id="team", base="base", turnout_h=0.9)
        found = topic(scenario(teams=(slow,), trucks=()), "arrival")
        assert [(f.numbers["limit_h"], f.numbers["villages"]) for f in found] == [(0.5, 3), (1.0, 2)]
        assert {f.severity for f in found} == {"note"}

    def test_beyond_the_relief_limit_is_a_shortfall(self) -> None:
        far = Team(id="team", base="base", turnout_h=10.1)
        found = topic(scenario(teams=(far,), trucks=()), "arrival")
        assert [f.numbers["limit_h"] for f in found if f.severity == "shortfall"] == [10.0]


class TestResponders:
    def test_all_of_use(self) -> None:
        assert not topic(scenario(), "responder")

    def test_level_never_declared(self) -> None:
        teams = (*scenario().teams, Team(id="mobile", base="base", release="II"))
        assert [f.subject for f in topic(scenario(teams=teams), "responder")] == ["mobile"]
        declared = Command(levels=(ResponseLevel(level="II", time_h=3),))
        assert not topic(scenario({"command": declared}, teams=teams), "responder")

    @pytest.mark.parametrize(("level", "time_h", "free"), [("II", 47.9, True), ("II", 48, False), ("I", 3, True)])
    def test_level_declared_after_the_end(self, level: Any, time_h: float, free: bool) -> None:
        teams = (*scenario().teams, Team(id="mobile", base="base", release="II"))
        levels = (ResponseLevel(level=level, time_h=time_h), ResponseLevel(level="II", time_h=60))
        found = topic(scenario({"command": Command(levels=levels)}, teams=teams), "responder")
        assert [f.subject for f in found] == ([] if free else ["mobile"])
        assert all("only after the end of the run" in f.message for f in found)

    def test_available_after_the_end(self) -> None:
        teams = (*scenario().teams, Team(id="convoy", base="base", available=48))
        [found] = topic(scenario(teams=teams), "responder")
        assert (found.severity, found.numbers) == ("doubtful", {"available_h": 48})

    def test_base_without_a_road(self) -> None:
        lost = Base(id="island", **at(2))
        boats = (Boat(id="boat", base="island"),)
        [found] = topic(scenario(bases=(*scenario().bases, lost), boats=boats), "responder")
        assert (found.severity, found.subject) == ("doubtful", "boat")

    def test_too_far_for_every_limit(self) -> None:
        far, way = Base(id="far", **at(90)), road("far", "c", 600)
        trucks = (*scenario().trucks, Truck(id="slow", base="far"))
        made = scenario(bases=(*scenario().bases, far), roads=(*scenario().roads, way), trucks=trucks)
        [found] = topic(made, "responder")
        assert (found.severity, found.subject) == ("note", "slow")
        assert found.numbers["soonest_h"] == pytest.approx(0.5 + 600 / 50)


class TestFlood:
    def test_who_gets_wet_and_when(self) -> None:
        [found] = [one for one in topic(scenario(), "flood") if "first_h" in one.numbers]
        assert found.severity == "note"
        assert found.numbers == {"villages": 2, "persons": 2000, "first_h": pytest.approx(11.05)}

    def test_how_sure_the_flood_is(self) -> None:
        [found] = [one for one in topic(scenario(), "flood") if "crest_sd_m" in one.numbers]
        stated = scenario().settings.flood.uncertainty
        assert found.severity == "note"
        assert found.numbers["crest_sd_m"] == pytest.approx(stated.level_m, rel=0.3)
        assert 0.8 * stated.arrival_h < found.numbers["first_water_sd_h"] <= found.numbers["worst_first_water_sd_h"]

    def test_water_over_the_houses(self) -> None:
        def limits(high_m: float) -> list[float]:
            water = tuple(level.model_copy(update={"level_m": level.level_m + high_m}) for level in scenario().levels)
            found = topic(scenario(levels=water), "flood")
            return [one.numbers["limit_m"] for one in found if "limit_m" in one.numbers]

        assert limits(0) == []
        assert limits(2.5) == [pytest.approx(4.52)]
        assert limits(9000) == [pytest.approx(4.52), 6.0]

    def test_nobody_gets_wet(self) -> None:
        [found] = [f for f in topic(scenario(levels=()), "flood") if not f.subject]
        assert (found.severity, found.numbers) == ("doubtful", {"villages": 0})

    def test_zone_without_levels(self) -> None:
        extra = (*scenario().villages, village("d", 25, zone="other"))
        [found] = topic(scenario(villages=extra), "flood", "other")
        assert found.severity == "doubtful"

    @pytest.mark.parametrize("table", ["shelters", "depots", "bases", "landing_sites"])
    def test_places_in_the_water(self, table: str) -> None:
        kind = {"shelters": Shelter, "depots": Depot, "bases": Base, "landing_sites": LandingSite}[table]
        more = {"capacity": 5} if table == "shelters" else {}
        low = kind(id="low", **at(10), elevation_m=21.0, zone="z", **more)
        shallow = kind(id="shallow", **at(10), elevation_m=22.8, zone="z", **more)
        made = scenario(**{table: (*getattr(scenario(), table), low, shallow)})
        [deep], [wet] = topic(made, "flood", "low"), topic(made, "flood", "shallow")
        assert deep.severity == "shortfall"
        assert deep.numbers == pytest.approx({"arrival_h": 12.05, "depth_m": 2.0})
        assert wet.severity == "note"

    def test_junctions_in_the_water_are_no_finding(self) -> None:
        crossing = Junction(id="x", **at(10), elevation_m=10.0, zone="z")
        assert len(topic(scenario(junctions=(crossing,)), "flood")) == len(topic(scenario(), "flood"))
        assert not topic(scenario(junctions=(crossing,)), "flood", "x")


class TestStock:
    def test_enough(self) -> None:
        assert not topic(scenario(), "stock")

    def test_short_by_one_person_day(self) -> None:
        depot = scenario().depots[0]
        made = scenario(depots=(depot.model_copy(update={"water": 5999.0}),))
        [found] = topic(made, "stock")
        assert found.subject == "water"
        assert found.numbers == {"held": 5999, "needed": 2000 * 3, "persons": 2000}

    def test_stock_of_shelters_counts_and_untracked_needs_do_not(self) -> None:
        depot = scenario().depots[0].model_copy(update={"food": 0.0, "clothing": 0.0})
        shelter = scenario().shelters[0].model_copy(update={"food": 6000.0})
        relief = Relief(tracked=("food", "water"))
        assert not topic(scenario({"relief": relief}, depots=(depot,), shelters=(shelter,)), "stock")

    def test_stock_that_no_road_leads_from_counts_for_nothing(self) -> None:
        made = scenario(roads=tuple(r for r in scenario().roads if r.start != "depot"))
        assert {f.subject for f in topic(made, "stock")} == {"food", "clothing", "water", "shelter", "medical"}


class TestShelters:
    def test_room_for_all(self) -> None:
        assert not topic(scenario(), "shelter")

    def test_too_little_room_for_those_ordered(self) -> None:
        small = scenario().shelters[0].model_copy(update={"capacity": 2999})
        [found] = topic(scenario(shelters=(small,)), "shelter")
        assert (found.severity, found.numbers) == ("shortfall", {"capacity": 2999, "persons": 3000})
        at_home = tuple(v.model_copy(update={"ordered": v.id != "a"}) for v in scenario().villages)
        assert not topic(scenario(shelters=(small,), villages=at_home), "shelter")

    @pytest.mark.parametrize(("capacity", "found"), [(360, 0), (359, 1)])
    def test_only_those_with_no_other_roof_need_a_bed(self, capacity: int, found: int) -> None:
        """Of 3,000 people 12 % are 360."""
        few = scenario().shelters[0].model_copy(update={"capacity": capacity})
        villages = tuple(v.model_copy(update={"public_shelter": 0.12}) for v in scenario().villages)
        assert len(topic(scenario(shelters=(few,), villages=villages), "shelter")) == found

    def test_one_shelter_named_by_too_many(self) -> None:
        other = Shelter(id="hall", **at(10), elevation_m=30, capacity=1500)
        sent = tuple(v.model_copy(update={"shelter": "hall" if v.id != "a" else ""}) for v in scenario().villages)
        made = scenario(
            shelters=(*scenario().shelters, other), villages=sent, roads=(*scenario().roads, road("hall", "b", 0))
        )
        [found] = topic(made, "shelter")
        assert (found.severity, found.subject) == ("note", "hall")
        assert found.numbers == {"capacity": 1500, "persons": 2000}


def test_gravest_first_and_in_two_languages() -> None:
    slow = Team(id="team", base="base", turnout_h=12)
    made = scenario(villages=CUT_OFF, levels=(), teams=(slow,))
    found = check(made)
    ranks = [SEVERITIES.index(f.severity) for f in found]
    assert ranks == sorted(ranks)
    assert set(ranks) == {1, 2, 3}
    assert all(f.message and any("\u4e00" <= sign <= "\u9fff" for sign in f.message_zh) for f in found)
    assert found.of("doubtful") == tuple(f for f in found if f.severity == "doubtful")


HENAN = {"plan": "henan-2025", "start": datetime(2025, 7, 1, tzinfo=UTC)}
"""The year in which the targets of that plan are obligations."""


class TestClauses:
    def test_broken_standards_are_notes_and_broken_obligations_shortfalls(self) -> None:
        crew = Team(id="team", base="base", kind="fire", level="county", size=10)
        found = topic(scenario(HENAN, teams=(crew,)), "clause")
        assert ("shortfall", "henan-2025 T06b") in {(f.severity, f.subject) for f in found}
        assert all(f.numbers["reached"] != f.numbers["threshold"] for f in found)
        compared = topic(scenario({"plan": "hebei-2023-2027"}), "clause")
        assert {f.severity for f in compared} == {"note"}

    def test_it_says_of_what_and_which_are_not_so(self) -> None:
        found = topic(scenario({"plan": "hebei-standards-2025"}), "clause")
        assert "of 3 villages, needed 100 %; not so: b, c" in " ".join(f.message for f in found)

    def test_clauses_that_hold_are_silent(self) -> None:
        crew = Team(id="team", base="base", kind="fire", level="county", size=50)
        found = topic(scenario(HENAN, teams=(crew,)), "clause")
        assert "henan-2025 T06b" not in {f.subject for f in found}


def test_institutions_in_the_water_are_told_and_warned_of_where_nobody_can_be_carried_up() -> None:
    """The level passes 21.1 m at 11 h and rises 0.7 m an hour: 5 cm over 21.2 m is at 11.21 h."""
    home = {"lon": 115.2684, "lat": 38.046, "zone": "basin", "elevation": "21.2 m", "kind": "care_home", "persons": 40}

    def told(storeys: int) -> list[tuple[str, str]]:
        scenario = load(FLOOD, sets={"institutions.h": {**home, "staff_day": 4, "storeys": storeys}})
        return [(one.severity, one.message) for one in check(scenario) if "institution" in one.message]

    assert told(2) == [("note", "1 of 1 institutions with 40 people get wet, the first after 11 h 13 min")]
    assert [severity for severity, _ in told(1)] == ["shortfall"]
    assert told(1)[0][1].endswith("with one storey only: h")
