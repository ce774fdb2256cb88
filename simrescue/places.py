"""Where things are: villages, shelters, depots, bases, landing sites and the junctions of roads.

Every place is a node of the road network under its own id. Coordinates are WGS84.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Annotated, Any, ClassVar, Literal, NamedTuple

from pydantic import Field

from simrescue.errors import Text
from simrescue.parameters import default
from simrescue.records import BY_CHANNELS, BY_LEVELS, CLAUSES, FIRE, FLOOD, PAGES, Kind, OneOf, ReadBy, Record
from simrescue.units import (
    Hours,
    Id,
    Kilometres,
    KilometresPerHour,
    Latitude,
    Longitude,
    Metres,
    MetresLong,
    Moment,
    Number,
    Persons,
    Share,
    Tonnes,
    TonnesPerHour,
    Whole,
    YesNo,
)
from simrescue.wording import Words, bilingual, bilingual_as, noun

RoadClass = Literal["expressway", "class1", "class2", "class3", "class4", "track"]
"""Classes of roads, best first."""
DepotTier = Literal["province", "city", "county", "township", "hospital", "agreement"]
"""Who keeps a store: a level of government, a hospital, or a firm by agreement."""


class NeedKind(NamedTuple):
    """One need of people. Goods for it are a column of stores, and have a mass (`relief.<name>`) in scenarios."""

    name: str
    words: Words
    """What its goods are called."""
    used_up: bool
    """Whether it is used up day by day (counted in person-days) or given once (in persons equipped)."""
    price_yuan: float | str = ""
    """Price of a person-day or a set of it, yuan, in the menu of changes; a text: the parameter that has it."""
    kg: float = 0.0
    """Mass of a person-day or a set of it where a scenario says none; of the program's own, that of their parameter."""


NEED_KINDS = [
    NeedKind("food", bilingual("food"), used_up=True, price_yuan="price_food_yuan"),
    NeedKind("clothing", bilingual("clothing"), used_up=False, price_yuan="price_clothing_yuan"),
    NeedKind("water", bilingual_as("sentences", "water"), used_up=True, price_yuan="price_water_yuan"),
    NeedKind("shelter", bilingual("shelter"), used_up=False, price_yuan="price_shelter_yuan"),
    NeedKind("medical", bilingual("medical supplies"), used_up=True, price_yuan="price_medical_yuan"),
]
"""All needs, those of `kinds.register_need` last; the lists below are made from it."""
BASIC_NEEDS = tuple(need.name for need in NEED_KINDS)
"""The five basic needs of the plan documents.

"Food to eat, clothes to wear, clean water to drink, a safe place to stay for the time being, timely treatment for the
ill" (Hebei, 14th Five-Year Plan results, 2025).
"""
NEEDS: list[str] = []
"""The names of all needs, in the order used in every array."""
NEED_WORDS: list[Words] = []
"""What the goods for each need are called."""
CONSUMABLE: list[bool] = []
"""Whether a need is used up day by day (person-days) or given once (persons equipped)."""


def list_needs() -> None:
    """Have the lists of needs say what is registered now."""
    NEEDS[:] = [need.name for need in NEED_KINDS]
    NEED_WORDS[:] = [need.words for need in NEED_KINDS]
    CONSUMABLE[:] = [need.used_up for need in NEED_KINDS]


list_needs()
Need = Annotated[str, OneOf(NEEDS)]
CLOTHING, SHELTER = map(NEEDS.index, ("clothing", "shelter"))
"""Indexes of needs that rules name: whose clothes got wet, whose house is lost."""


OFFICERS = "ABCDE"
"""What the officers of a village are called, in the order of being called; the place is their number in logs."""


class Place(Record):
    """Anything with a spot on the map that roads lead to."""

    id: Id
    """Name used by other tables; unique over all tables of the scenario."""
    name: Annotated[str, ReadBy(PAGES)] = Field(default="", max_length=200)
    """English or pinyin name as shown."""
    name_zh: Annotated[str, ReadBy(PAGES)] = Field(default="", max_length=200)
    """Chinese name as shown."""
    lon: Longitude
    """Degrees east, WGS84."""
    lat: Latitude
    """Degrees north, WGS84."""
    elevation_m: Annotated[Metres, ReadBy(FLOOD)] = 0.0
    """Height of the ground (of the lowest street, for a village: see `ground_spread`) above the datum of the water
    levels."""
    zone: Annotated[str, ReadBy(BY_LEVELS, PAGES)] = Field(default="", max_length=64)
    """The gauge reach or detention basin whose water level rules here; empty: never flooded by levels."""
    assumed: Annotated[YesNo, ReadBy(PAGES)] = False
    """True where the row is built by a stated method and not read from a source."""


class Settlement(Place):
    """Where people are who can be affected; what villages and institutions have in common."""

    county: Annotated[str, ReadBy(CLAUSES)] = Field(default="", max_length=100)
    township: str = Field(default="", max_length=100)
    shelter: str = ""
    """Id of the shelter the evacuation plan names; empty: the nearest by road."""
    ordered: YesNo = True
    """Whether the evacuation order covers this place (a detention basin, a river-side village)."""
    order: Moment | None = None
    """When its evacuation order is given; empty: as for the whole scenario."""
    call_out: Moment | None = None
    """When its officers are called out (jiaoying); empty: as for the whole scenario."""
    rescue_skill: str = Field(default="", max_length=64)
    """What a crew must be trained for to rescue people here, in the words of its `skills` (water, mountain, rope, ...);
    empty: nothing."""
    radius_km: Annotated[Kilometres, ReadBy(FIRE)] = default("village_radius_km")
    """Built-up land lies within this of its spot: flames there are flames in it. At most 5 km: a larger town
    is written as several places."""


class Village(Settlement):
    """Any populated place that can be affected."""

    population: Persons
    """Residents present when the scenario starts."""
    ordered_share: Share = 1.0
    """Share of people whom an order or call-out tells to leave, those in the lowest houses; the others may leave at the
    sight of water. 1: all, as where a basin or a whole village is cleared."""
    town: Annotated[YesNo, ReadBy(FLOOD)] = False
    """Whether it is built as a town: part of its people (`high_building_share`) live in houses of four storeys or more,
    stay there above the water, and are not meant by an order to leave."""
    ground_spread_m: Annotated[Metres, ReadBy(FLOOD)] = default("ground_spread_m")
    """Height of the highest house above the lowest street: houses lie evenly in between; 0: all at the street."""
    vulnerable: Share = default("vulnerable_share")
    """Share of people who cannot leave without help (old, ill, small children alone)."""
    single_storey: Annotated[Share | None, ReadBy(FLOOD)] = None
    """Share of people who live in one storey; empty: as in rural houses of the province (`jurisdiction.province`)."""
    upper_floor: Annotated[Share | None, ReadBy(FLOOD)] = None
    """Share of people who find a safe upper floor when water stands in the house; empty: by `single_storey`, and flat
    roofs (`flat_roof_share`)."""
    cars: Share = default("car_share")
    """Share of people who can leave by car."""
    two_wheelers: Share = default("two_wheeler_share")
    """Share of the others who can leave by motorcycle, electric bicycle or tricycle; the rest walk or take a bus."""
    public_shelter: Share = default("public_shelter_share")
    """Share of those who come out who have no other roof than a public shelter; the rest go to relatives, friends or a
    hotel, and need nothing from the public."""
    speakers: Share = default("speaker_share")
    """Share of people who hear the loudspeakers of the village by day."""
    satellite_phones: Annotated[Whole, ReadBy(BY_CHANNELS)] = Field(default=0, ge=0, le=1000)
    """Satellite phones in the village, which need neither base stations nor mains."""
    trained: Annotated[Share, ReadBy(BY_CHANNELS)] = default("satellite_trained_share")
    """Chance that somebody who can use it is at a satellite phone."""
    officers: Whole | None = Field(default=None, ge=1, le=len(OFFICERS))
    """Officers who are called in turn, A, B and so on; each may be away or not hear the call. Empty: somebody always
    answers."""
    guides: Whole | None = Field(default=None, ge=0, le=10_000)
    """Guides who stand at the doors of households (`guide_households` each, one after the other) when an order has been
    answered, beside the rounds from door to door; empty: none."""
    false_alarms: Whole | None = Field(default=None, ge=0, le=100)
    """Earlier orders for this place after which no danger came; empty: as for the whole scenario."""
    craft: Annotated[Number | None, ReadBy(FLOOD)] = Field(default=None, ge=0, le=1000)
    """Loaders, tractors and boats with which neighbours rescue without orders; empty: by `neighbour_craft`."""
    houses: Annotated[Whole | None, ReadBy(FLOOD, FIRE)] = Field(default=None, ge=0, le=10_000_000)
    """Houses; empty: one for `persons_per_house` people."""
    crop_ha: Annotated[Number | None, ReadBy(FLOOD)] = Field(default=None, ge=0, le=10_000_000)
    """Hectares of standing crops that flood with its lowest street; empty: `crop_ha_per_person` for each resident."""


class Institution(Settlement):
    """A care home, school or hospital: people who do not leave by themselves, and staff who bring them to safety."""

    kind: Literal["care_home", "school", "hospital"]
    persons: Persons
    """People in its care when the scenario starts (of a day school: in school hours); its staff are not counted."""
    helpless: Share | None = None
    """Share of them who cannot walk; empty: by its kind (`care_home_helpless_share`, ...)."""
    boarding: YesNo = False
    """Schools: whether pupils live there; else they are there in school hours only, and their parents fetch them."""
    staff_day: Whole = Field(ge=0, le=100_000)
    """Staff on duty by daylight."""
    staff_night: Whole | None = Field(default=None, ge=0, le=100_000)
    """Staff on duty in the dark; empty: `night_staff_share` of those by day."""
    storeys: Annotated[Whole, ReadBy(FLOOD)] = Field(default=1, ge=1, le=100)
    """Storeys of the building: with two or more staff carry upstairs who cannot walk."""
    seats: Persons = 0
    """Seats in vehicles of its own, which go to its shelter and back until all are out."""
    free_beds: Whole = Field(default=0, ge=0, le=10_000_000)
    """Hospitals: beds free for the badly hurt."""

    @property
    def population(self) -> int:
        """People who are there when the scenario starts."""
        return int(self.persons)

    @property
    def vulnerable(self) -> float:
        """Share of people who cannot leave without help."""
        return self.helpless or 0.0

    @property
    def public_shelter(self) -> float:
        """Share of those who come out who need a public shelter: nobody has relatives at hand who can care for them."""
        return 1.0

    @property
    def ordered_share(self) -> float:
        """Share of people whom an order tells to leave."""
        return 1.0

    @property
    def ground_spread_m(self) -> float:
        """Height of the highest house above the lowest street: it is one building."""
        return 0.0

    @property
    def single_storey(self) -> float:
        """Share of people in one storey."""
        return float(self.storeys == 1)

    town: ClassVar[bool] = False
    cars: ClassVar[float] = 0.0
    speakers: ClassVar[float] = 0.0
    officers: ClassVar[int | None] = None
    guides: ClassVar[int | None] = None
    satellite_phones: ClassVar[int] = 0
    trained: ClassVar[float] = 0.0
    false_alarms: ClassVar[int] = 0
    two_wheelers: ClassVar[float] = 0.0
    upper_floor: ClassVar[float | None] = None
    craft: ClassVar[int] = 0
    houses: ClassVar[int] = 1
    crop_ha: ClassVar[float] = 0.0


class Stock(Record):
    """Relief goods held at a place, counted in what one person needs: see the units of each."""

    food: Number = Field(default=0, ge=0, le=1e9)
    """Person-days of food."""
    clothing: Number = Field(default=0, ge=0, le=1e9)
    """Persons equipped with clothing and bedding."""
    water: Number = Field(default=0, ge=0, le=1e9)
    """Person-days of clean drinking water."""
    shelter: Number = Field(default=0, ge=0, le=1e9)
    """Persons housed by tents and folding beds."""
    medical: Number = Field(default=0, ge=0, le=1e9)
    """Person-days of basic medical supplies."""

    def amounts(self) -> tuple[float, ...]:
        """The stocks in the order of `NEEDS`, in person-days or persons equipped."""
        return tuple(float(getattr(self, need)) for need in NEEDS)


def _held(need: NeedKind) -> tuple[Any, Any]:
    unit = "Person-days" if need.used_up else "Sets"
    return Number, Field(default=0, ge=0, le=1e9, description=f"{unit} of {need.words.en}.")


FIELDS_OF_NEEDS: dict[type[Record], Callable[[NeedKind], tuple[Any, Any]]] = {Stock: _held}
"""Record with a field for each need -> type and default of the field; floors above have such records too."""


class Shelter(Place, Stock):
    """Takes evacuees up to its capacity, once opened; `shelter` stock is for extra tents."""

    capacity: Persons
    """Persons it can house."""
    opening_h: Hours = default("shelter_opening_h")
    """From the order to doors open."""
    county: Annotated[str, ReadBy(CLAUSES)] = Field(default="", max_length=100)
    """The county it belongs to; empty: that of the village nearest to it."""
    township: str = Field(default="", max_length=100)
    """The township it belongs to; empty: as `county`."""


class Depot(Place, Stock):
    """A store of relief goods with loading docks."""

    tier: Annotated[DepotTier, ReadBy(CLAUSES)] = "county"
    docks: Whole = Field(default=2, ge=1, le=1000)
    """Trucks that can be loaded at once."""
    load_h: Hours = default("depot_load_h")
    """Time at the dock for one full truck."""
    upper: str = ""
    """Id of the depot that restocks this one; empty: nobody does."""
    opening_h: Hours = default("depot_opening_h")
    """From the first order to staff at work."""
    county: Annotated[str, ReadBy(CLAUSES)] = Field(default="", max_length=100)
    """The county it belongs to; empty: that of the village nearest to it."""
    township: str = Field(default="", max_length=100)
    """The township it belongs to; empty: as `county`."""


class Base(Place):
    """A fire station, barracks, airfield or town hall where responders stand."""


class LandingSite(Place):
    """Helicopters land here when the village itself gives no room."""

    serves_km: Kilometres = 2.0
    """Villages within this distance may use it."""


class Junction(Place):
    """A crossing or bend of roads with nobody living there."""


class WaterSource(Place):
    """A lake, reservoir, river pool or tank that pumps draw from and helicopters fill at."""

    only = (FIRE,)

    kind: Annotated[Literal["reservoir", "lake", "river", "pond", "tank"], ReadBy(PAGES)] = "reservoir"
    depth_m: Metres = default("water_source_depth_m")
    """Depth of water; aircraft need `dip_depth` of it, a pump any."""
    holds_t: Annotated[Tonnes | None, ReadBy(FIRE)] = None
    """Water that can be taken from it, full at the start (1 m3 is 1 t); 0: none; empty: it never runs out."""
    inflow_t_h: Annotated[TonnesPerHour, ReadBy(FIRE)] = 0.0
    """Water that comes into it, up to what it holds."""


class Ignition(Place):
    """Where a forest fire starts."""

    only = (FIRE,)

    time_h: Moment = Field(alias="time")
    """When it starts."""


class Road(Record):
    """A road link between two places, of both directions unless it is one-way."""

    id: Id
    start: str = Field(alias="from")
    end: str = Field(alias="to")
    length_km: Kilometres | None = None
    """Length; empty: 1.3 times the great circle."""
    kind: RoadClass = "class3"
    """Class of road, which sets its free speed, its lanes and how traffic flows on it."""
    lanes: Annotated[Number | None, Field(ge=0.5, le=20)] = None
    """Lanes in one direction (0.5: one lane for both); empty: by its class."""
    jam_density: Annotated[Number | None, Field(ge=20, le=500)] = None
    """Passenger cars per km and lane in a standing jam; empty: as the parameter of that name says."""
    capacity: Annotated[Number | None, Field(ge=1, le=100_000)] = None
    """Passenger cars an hour that can pass in one direction (a bridge, a gate, a police post); empty: as its lanes
    give it."""
    width_m: Annotated[MetresLong | None, Field(le=200), ReadBy(FIRE)] = None
    """Bare width that a fire has to cross; 0: it holds nothing; empty: by its class, and 0 for a road that is more than
    half as long again as the straight line between its ends."""
    elevation_m: Annotated[Metres | None, ReadBy(FLOOD)] = None
    """Height of its lowest point; empty: the lower end's ground."""
    zone: Annotated[str, ReadBy(BY_LEVELS)] = Field(default="", max_length=64)
    """Zone whose water level rules here; empty with both ends in one zone: that zone."""
    bridge: Annotated[YesNo, ReadBy(FLOOD)] = False
    one_way: YesNo = False
    """Whether vehicles may drive from `from` to `to` only; on foot it is used both ways."""
    speed_kmh: Annotated[KilometresPerHour | None, Field(ge=1, le=200)] = None
    """Speed of a loaded truck when it is dry and empty; empty: by its class, or by `drive`."""
    speed_back_kmh: Annotated[KilometresPerHour | None, Field(ge=1, le=200)] = None
    """The same from `to` to `from`; empty: as the other way."""
    drive_h: Annotated[Hours | None, Field(gt=0)] = None
    """Time that a loaded truck takes when it is dry and empty, in the place of a speed."""
    drive_back_h: Annotated[Hours | None, Field(gt=0)] = None
    """The same from `to` to `from`; empty: as the other way."""
    closed: Moment | None = None
    """When an order closes it to vehicles, which command knows at once; people on foot go on. Empty: never."""
    reopened: Moment | None = None
    """When that order ends; empty: not before the end."""
    assumed: Annotated[YesNo, ReadBy(PAGES)] = False


def _as_ordered(row: Road) -> Iterator[tuple[str, Text]]:
    if row.speed_kmh is not None and row.drive_h is not None:
        yield "drive", bilingual("either a speed or a time")
    if row.speed_back_kmh is not None and row.drive_back_h is not None:
        yield "drive_back", bilingual("either a speed or a time")
    if row.one_way and row.speed_back_kmh is not None:
        yield "speed_back", bilingual("nothing: the road is one-way")
    if row.one_way and row.drive_back_h is not None:
        yield "drive_back", bilingual("nothing: the road is one-way")
    if row.reopened is not None and (row.closed is None or row.reopened <= row.closed):
        yield "reopened", bilingual("a time after `closed`")


def _of_its_kind(row: Institution) -> Iterator[tuple[str, Text]]:
    if row.boarding and row.kind != "school":
        yield "boarding", bilingual("no: only schools have pupils who live elsewhere")
    if row.free_beds and row.kind != "hospital":
        yield "free_beds", bilingual("nothing: only a hospital has beds for the badly hurt")


KINDS = (
    Kind(
        "village", "villages", Village, "place", noun("village", "villages"),
        "#a8a8a8", "state", staffed=True, refers={"shelter": "shelter"},
    ),
    Kind(
        "institution", "institutions", Institution, "place", noun("institution", "institutions"),
        "#b05a2a", "state", staffed=True, refers={"shelter": "shelter"}, checks=(_of_its_kind,),
    ),
    Kind(
        "shelter", "shelters", Shelter, "place", noun("shelter", "shelters"),
        "#2f9e6e", "triangle", fill="#ffffff", area=22.0, capacity="persons", staffed=True,
    ),
    Kind(
        "depot", "depots", Depot, "place", noun("depot", "depots"),
        "#444444", "box", fill="#222222", area=46.0, capacity="goods", staffed=True, refers={"upper": "depot"},
    ),
    Kind(
        "base", "bases", Base, "place", noun("base", "bases"),
        "#333333", "pentagon", fill="#222222", area=34.0, staffed=True, lands=True,
    ),
    Kind(
        "landing_site", "landing_sites", LandingSite, "place",
        noun("landing site", "landing sites"),
        "#8e4fa8", "pad", fill="#ffffff", area=60.0, staffed=False, lands=True,
    ),
    Kind(
        "junction", "junctions", Junction, "place", noun("junction", "junctions"),
        "#c4c4be", "none", staffed=False,
    ),
    Kind(
        "water_source", "water_sources", WaterSource, "place",
        noun("water source", "water sources"),
        "#2c8fd6", "drop", fill="#5aa9e6", area=46.0, staffed=False,
    ),
    Kind(
        "ignition", "ignitions", Ignition, "place", noun("ignition", "ignitions"),
        "#ffe100", "star", area=190.0, staffed=False, of_hazard=True,
    ),
    Kind("road", "roads", Road, "road", noun("road", "roads"), "#c4c4be", "none", checks=(_as_ordered,)),
)  # fmt: skip
"""The kinds of places, in the order of their tables, and the roads between them."""
