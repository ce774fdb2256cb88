from __future__ import annotations

import math
from typing import Any

import pytest
from pydantic import ValidationError

from simrescue.communication.channels import Channel, Station
from simrescue.communication.posts import StaffedPost
from simrescue.metrics import MEASURES
from simrescue.places import Base, Depot, Shelter
from simrescue.responders import Helicopter, Team
from simrescue.scenario.plans.static_measures import measured, measured_by_place, static_measures
from simrescue.scenario.records import Scenario
from tests.scenario.small import at, road, scenario, village


def measure(name: str, made: object = None, **settings: object) -> float:
    return measured(made or scenario(), name, settings)  # type: ignore[arg-type]


class TestForces:
    teams = (
        Team(id="big", base="base", size=50, count=1, level="county", turnout_h=0.1),
        Team(id="few", base="base", size=49, count=3, level="county", turnout_h=0.3),
        Team(id="town", base="c", size=20, level="township", kind="militia", turnout_h=0.2),
    )

    def test_staffing(self) -> None:
        made = scenario(teams=self.teams)
        assert measure("share_teams_staffed", made, level="county") == 0.25
        assert measure("share_teams_staffed", made, level="county", minimum=49) == 1
        assert measure("share_teams_staffed", made, level="township") == 1
        assert math.isnan(measure("share_teams_staffed", made, level="city"))
        assert math.isnan(measure("share_teams_staffed", made, level="county", kinds=["fire"]))

    def test_count(self) -> None:
        made = scenario(teams=self.teams)
        assert measure("count_teams", made) == 5
        assert measure("count_teams", made, levels=["county"]) == 4
        assert measure("count_teams", made, kinds=["militia"]) == 1

    def test_people(self) -> None:
        made = scenario(teams=self.teams)
        assert measure("people_in_teams", made, levels=["county"]) == 50 + 3 * 49
        assert measure("people_in_teams", made, kinds=["militia"]) == 20
        assert math.isnan(measure("people_in_teams", made, levels=["city"]))

    def test_an_area_has_a_team_of_so_many_people_whatever_small_ones_it_has_besides(self) -> None:
        squads = (*self.teams[1:], Team(id="bus", base="base", kind="transport", size=2, count=40, level="county"))
        asked: dict[str, object] = {"area": "county", "levels": ["county"], "kinds": ["general"]}
        assert measure("share_areas_with_team", scenario(teams=squads), **asked, minimum=3 * 49) == 1
        assert measure("share_areas_with_team", scenario(teams=squads), **asked, minimum=3 * 49 + 1) == 0

    def test_a_team_store_or_shelter_is_of_the_township_that_it_names_wherever_it_stands(self) -> None:
        first, *others = scenario().villages
        country = tuple(village.model_copy(update={"township": "Country"}) for village in others)
        towns = (first.model_copy(update={"township": "Town"}), *country)
        rows: tuple[tuple[str, str, Team | Depot | Shelter], ...] = (
            ("teams", "share_areas_with_team", Team(id="t", base="base", township="Country")),
            ("depots", "share_areas_with_depot", scenario().depots[0].model_copy(update={"township": "Country"})),
            ("shelters", "share_areas_with_shelter", scenario().shelters[0].model_copy(update={"township": "Country"})),
        )
        for table, name, row in rows:
            changed: dict[str, Any] = {table: (row,)}
            made = scenario(villages=towns, **changed)
            lacking = measured_by_place(made, name, {"area": "township"})
            assert lacking is not None
            assert dict(zip(lacking.place, lacking.kept, strict=True)) == {"Town": 0, "Country": 1}, table

    def test_reached_by_road_includes_turnout(self) -> None:
        made = scenario(teams=self.teams)
        assert measure("share_reached_by_road", made, limit_h=0.31, levels=["county"]) == pytest.approx(2 / 3)
        assert measure("share_reached_by_road", made, limit_h=0.31) == 1
        assert measure("share_reached_by_road", made, limit_h=0.29, levels=["county"]) == pytest.approx(1 / 3)
        assert measure("share_reached_by_road", scenario(teams=()), limit_h=100) == 0

    def test_reached_by_air(self) -> None:
        made = scenario(helicopters=(Helicopter(id="h", base="base", turnout_h=0.5, cruise_kmh=100),))
        assert measure("share_reached_by_air", made, limit_h=0.5) == pytest.approx(1 / 3)
        assert measure("share_reached_by_air", made, limit_h=0.605) == pytest.approx(2 / 3)
        assert measure("share_reached_by_air", made, limit_h=0.75) == 1
        assert measure("share_reached_by_air", scenario(), limit_h=2.0) == 0

    def test_areas_with_a_team_of_their_own(self) -> None:
        far = (*scenario().villages, village("d", 40, county="L"))
        assert measure("share_areas_with_team", scenario(villages=far), area="county") == 0.5
        unnamed = Team(id="u", base="there")
        made = scenario(villages=far, bases=(*scenario().bases, Base(id="there", **at(38))), teams=(unnamed,))
        assert measure("share_areas_with_team", made, area="county") == 0.5
        assert measure("share_areas_with_team", made, area="township") == 0.25
        with pytest.raises(ValidationError, match="'county' or 'township'"):
            measure("share_areas_with_team", area="village")


class TestReserves:
    def test_supply_circle(self) -> None:
        depot = scenario().depots[0].model_copy(update={"opening_h": 1.0, "load_h": 0.5})
        made = scenario(depots=(depot,))
        assert measure("share_supplied_by_road", made, limit_h=0.2) == pytest.approx(2 / 3)
        assert measure("share_supplied_by_road", made, limit_h=1.6, start="order") == pytest.approx(1 / 3)
        assert measure("share_supplied_by_road", made, limit_h=5, tiers=["province"]) == 0
        with pytest.raises(ValidationError, match="'departure' or 'order'"):
            measure("share_supplied_by_road", limit_h=1, start="call")

    def test_near_a_shelter_or_depot(self) -> None:
        assert measure("share_near_shelter", limit_km=9.9) == pytest.approx(1 / 3)
        assert measure("share_near_shelter", limit_km=10.001) == pytest.approx(2 / 3)
        assert measure("share_near_depot", limit_km=25) == 1
        assert measure("share_near_depot", limit_km=25, tiers=["township"]) == 0

    def test_areas_with_a_depot_or_shelter(self) -> None:
        assert measure("share_areas_with_depot", area="county") == 1
        assert measure("share_areas_with_shelter", area="township") == pytest.approx(1 / 3)
        hall = Shelter(id="hall", **at(19), capacity=1)
        made = scenario(shelters=(*scenario().shelters, hall), roads=(*scenario().roads, road("hall", "c", 1)))
        assert measure("share_areas_with_shelter", made, area="township") == pytest.approx(2 / 3)

    def test_shelter_places(self) -> None:
        assert measure("shelter_places_per_person") == 1
        nobody = tuple(v.model_copy(update={"ordered": False}) for v in scenario().villages)
        assert math.isnan(measure("shelter_places_per_person", scenario(villages=nobody)))

    def test_stock_of_the_shortest_need(self) -> None:
        assert measure("stock_per_need") == 1
        assert measure("stock_per_need", persons=1000, days=1) == 2
        assert measure("stock_per_need", persons=4000) == 0.5
        assert math.isnan(measure("stock_per_need", scenario(levels=())))

    def test_forward_share_is_by_mass(self) -> None:
        made = scenario(
            depots=(
                Depot(id="one", **at(0), tier="county", food=100),
                Depot(id="two", **at(0), tier="township", water=100),
            )
        )
        relief = made.settings.relief
        assert measure("share_stock_forward", made) == pytest.approx(
            relief.water.kg / (relief.water.kg + relief.food.kg)
        )
        assert math.isnan(measure("share_stock_forward", scenario(depots=())))

    def test_tiers(self) -> None:
        assert measure("share_tiers_present") == 0.25
        assert measure("share_tiers_present", tiers=["county"]) == 1


def test_unknown_settings_are_refused() -> None:
    with pytest.raises(ValidationError, match="limit_hours"):
        measure("share_reached_by_air", limit_hours=1)
    with pytest.raises(ValidationError, match="distance"):
        measure("share_near_depot")
    assert set(MEASURES["share_reached_by_road"].settings.model_fields) == {"limit_h", "levels", "kinds"}


def with_channels(**changes: Any) -> Scenario:
    """The scenario with one channel, without which it is not known what a village has."""
    return scenario().model_copy(update={"channels": (Channel(id="public", kind="public"),), **changes})


def test_phones_and_coverage_are_counted_where_channels_are_named() -> None:
    assert math.isnan(measured(scenario(), "share_with_substitute_officer", {}))
    for officers, share in ((1, 0), (2, 1)):
        villages = tuple(village.model_copy(update={"officers": officers}) for village in scenario().villages)
        assert measured(scenario(villages=villages), "share_with_substitute_officer", {}) == share
    assert math.isnan(measured(scenario(), "share_with_satellite_phone", {}))
    assert measured(with_channels(), "share_with_satellite_phone", {}) == 0
    villages = tuple(village.model_copy(update={"satellite_phones": 1}) for village in scenario().villages)
    assert measured(with_channels(villages=villages), "share_with_satellite_phone", {}) == 1
    spot = {"lon": villages[0].lon, "lat": villages[0].lat}
    for kind, share in (("public", 0), ("mhz370", 1)):
        mast = Station(id="mast", kind=kind, radius_km=500, **spot)
        assert measured(with_channels(stations=(mast,)), "share_covered_by_radio", {}) == share


def test_every_measure_stays_in_its_unit() -> None:
    needed = {"level": "county", "limit_h": 1.0, "limit_km": 5.0, "area": "county"}
    villages = tuple(village.model_copy(update={"officers": 2}) for village in scenario().villages)
    whole = with_channels(villages=villages, posts=(StaffedPost(id="office", command=True),))
    for name, one in MEASURES.items():
        if not one.is_static:
            continue
        got = measured(whole, name, {key: needed[key] for key in needed if key in one.settings.model_fields})
        assert 0 <= got <= (1 if one.unit == "share" else 1e6), name


def test_table_at_the_limits_of_the_plans() -> None:
    table = static_measures(scenario())
    assert table["share_teams_staffed_county"] == 1
    assert table["share_supplied_by_road_1_h"] == 1
    assert table["share_reached_by_air_2_h"] == 0
    assert math.isnan(table["share_teams_staffed_city"])


class TestSelfSupply:
    def test_stores_are_shared_by_the_villages_that_reach_them(self) -> None:
        """Households have a day; a store beside village a adds a day of food and two of water for its people."""
        first = scenario().villages[0]
        people = first.population
        store = Depot(id="store", lon=first.lon, lat=first.lat, food=people, water=2 * people)
        made = scenario(depots=(store,))
        others = 1 / len(made.villages)
        assert measure("share_self_supplied", made, limit_h=24.0, distance_km=0.1) == 1
        assert measure("share_self_supplied", made, limit_h=48.0, distance_km=0.1) == pytest.approx(others)
        assert measure("share_self_supplied", made, limit_h=49.0, distance_km=0.1) == 0
        assert measure("share_self_supplied", made, limit_h=72.0, distance_km=0.1, needs=["water"]) == pytest.approx(
            others
        )
        assert measure("share_self_supplied", made, limit_h=48.0, distance_km=1000.0) == 0

    def test_nobody_keeps_medicine_at_home(self) -> None:
        assert measure("share_self_supplied", scenario(depots=()), limit_h=1.0, needs=["medical"]) == 0

    def test_what_is_not_used_up_lasts_for_ever(self) -> None:
        with pytest.raises(ValidationError, match="food, water, medical"):
            measure("share_self_supplied", limit_h=1.0, needs=["clothing"])


class TestPosts:
    posts = (
        StaffedPost(id="fused", level="township", staff=4, upper="county"),
        StaffedPost(id="small", level="township", staff=2, upper="county"),
        StaffedPost(id="by-day", level="township", staff=3, upper="county", from_h=8, to_h=18),
        StaffedPost(id="county", level="county", staff=2, command=True),
    )

    def test_staff_on_duty(self) -> None:
        made = scenario(posts=self.posts)
        assert measure("share_posts_staffed", made, level="township", minimum=3) == pytest.approx(2 / 3)
        assert measure("share_posts_staffed", made, level="township", minimum=3, maximum=3) == pytest.approx(1 / 3)
        assert measure("share_posts_staffed", made, level="township", minimum=3, whole_day=True) == pytest.approx(1 / 3)
        assert measure("share_posts_staffed", made, level="county", whole_day=True) == 1

    def test_nothing_to_be_measured_without_such_posts(self) -> None:
        assert math.isnan(measure("share_posts_staffed", level="township"))
        assert math.isnan(measure("share_posts_staffed", scenario(posts=self.posts), level="city"))
