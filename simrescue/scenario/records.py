"""What a scenario folder says, typed and frozen: the settings of scenario.yaml and all tables beside it."""

from __future__ import annotations

import re
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any, Literal, NamedTuple

from pydantic import AfterValidator, AwareDatetime, BeforeValidator, Field, GetCoreSchemaHandler
from pydantic_core import PydanticCustomError, core_schema

from simrescue.communication.channels import Channel, PowerArea, Station, UavRelay
from simrescue.communication.posts import Partner, StaffedPost
from simrescue.dispatch import POLICIES
from simrescue.hazards.flood.houses import Province
from simrescue.hazards.flood.mortality import CurveName
from simrescue.hazards.flood.settings import Flood
from simrescue.hazards.kinds import HAZARDS, WATCHERS, WITHOUT_A_KIND
from simrescue.hazards.wildfire.danger.danger_grade import DangerPart
from simrescue.hazards.wildfire.orders import FireLinePoint, FireOrder
from simrescue.hazards.wildfire.settings import Stage, Wildfire
from simrescue.kinds import TAKEN, Derived, of_role
from simrescue.metrics.base import tell_ways
from simrescue.metrics.renamed import MetricName
from simrescue.parameters import Parameters, default
from simrescue.places import (
    BASIC_NEEDS,
    FIELDS_OF_NEEDS,
    NEED_KINDS,
    Base,
    Depot,
    Ignition,
    Institution,
    Junction,
    LandingSite,
    Need,
    NeedKind,
    Place,
    Road,
    Shelter,
    Village,
    WaterSource,
)
from simrescue.records import BY_DEPTHS, BY_LEVELS, FIRE, FLOOD, PAGES, Needs, ReadBy, Record, add_field
from simrescue.responders import Boat, CallTask, Helicopter, LevelOfResponse, Responder, Team, Truck
from simrescue.scenario.response_records import GaugeReading, Response, Trigger
from simrescue.units import (
    HourOfDay,
    Hours,
    Id,
    Kilometres,
    KilometresPerHour,
    Latitude,
    Longitude,
    Metres,
    MetresPerSecond,
    Moment,
    Number,
    Persons,
    Share,
    Tonnes,
    TonnesPerHour,
    Whole,
    YesNo,
    wrong,
)
from simrescue.wording import bilingual

# ---- rows of tables that are not places or responders


MapLineKind = Literal["river", "boundary"]
"""What a line on maps can be; a boundary is that of the county, or of what else the scenario is of."""


class Level(Record):
    """A point of a water level series; between points the level runs straight."""

    only = (BY_LEVELS,)

    zone: str = Field(max_length=64)
    time_h: Moment = Field(alias="time")
    level_m: Metres
    """Water surface above the datum of the elevations."""
    velocity_ms: MetresPerSecond = 0.0
    """Speed of the water over the ground there."""


class Depth(Record):
    """A point of a depth series at one place or road; between points the depth runs straight."""

    only = (BY_DEPTHS,)

    subject: str
    """Id of a place or a road."""
    time_h: Moment = Field(alias="time")
    depth_m: Metres = Field(ge=0)
    velocity_ms: MetresPerSecond = 0.0


class Weather(Record):
    """A point of the weather series, held until the next point."""

    time_h: Moment = Field(alias="time")
    wind_ms: MetresPerSecond
    """10 m above open ground, mean of 10 minutes."""
    visibility_km: Kilometres = 10.0
    """Default: that of clear air, as reports of airfields give it at most (9999: 10 km or more)."""
    wind_from_deg: Annotated[Number | None, ReadBy(FIRE)] = Field(default=None, ge=0, le=360)
    """Where the wind comes from, degrees clockwise from north; a fire needs it."""
    temperature_c: Annotated[Number | None, ReadBy(FIRE)] = Field(default=None, ge=-60, le=60)
    humidity: Annotated[Share | None, ReadBy(FIRE)] = None
    """Relative humidity; a fire needs it and the temperature."""
    rain_mm: Annotated[Number, ReadBy(FIRE)] = Field(default=0, ge=0, le=500)
    """Rain per hour."""


class MapPoint(Record):
    """A point of a line that is drawn on maps for orientation and changes nothing else: a river or a boundary."""

    line: Annotated[Id, ReadBy(PAGES)]
    """Name of the line; it runs straight from point to point."""
    point: Annotated[Whole, ReadBy(PAGES)] = Field(ge=0, le=1_000_000)
    """Number of the point along its line."""
    kind: Annotated[MapLineKind, ReadBy(PAGES)]
    """What the line is; the same at all its points."""
    lon: Annotated[Longitude, ReadBy(PAGES)]
    lat: Annotated[Latitude, ReadBy(PAGES)]


class FireDanger(Record):
    """A class of the table of fire danger: what a part gives up to a value."""

    only = (FIRE,)

    part: DangerPart
    """What is looked at: temperature_c, humidity_pct, dry_days, wind_force, or the grade by the sum of the points."""
    up_to: Number | None = None
    """Highest value of the class; empty: all above the others."""
    points: Number = Field(ge=0, le=1000)
    """What it gives; of the part `grade` the grade, 1 to 5."""


class IgnitionRate(Record):
    """How often fires of one cause start by chance, by the fire danger of the day, and where."""

    only = (FIRE,)

    id: Id
    """Of the cause: `people`, `lightning`. Its fires are called by it and a number."""
    name: Annotated[str, ReadBy(PAGES)] = Field(default="", max_length=200)
    name_zh: Annotated[str, ReadBy(PAGES)] = Field(default="", max_length=200)
    grade_1: Number = Field(default=0, ge=0, le=1000)
    """Fires a day on the whole landscape, on a day of grade I."""
    grade_2: Number = Field(default=0, ge=0, le=1000)
    grade_3: Number = Field(default=0, ge=0, le=1000)
    grade_4: Number = Field(default=0, ge=0, le=1000)
    grade_5: Number = Field(default=0, ge=0, le=1000)
    from_h: HourOfDay = Field(default=0.0, le=24)
    """Hour of the clock from which they start."""
    to_h: HourOfDay = Field(default=24.0, le=24)
    """Hour of the clock to which they start; before `from`: of the next day."""
    near_km: Kilometres | None = None
    """They start within this distance of a road or of the built-up land of a village; empty: wherever there is fuel."""
    spots: Whole = Field(default=40, ge=1, le=1000)
    """Places at which they can start, drawn once for the scenario, and most fires of the cause in a replication."""
    assumed: Annotated[YesNo, ReadBy(PAGES)] = False

    @property
    def per_day(self) -> tuple[float, ...]:
        """Fires a day on the whole landscape on a day of each grade, I first."""
        return self.grade_1, self.grade_2, self.grade_3, self.grade_4, self.grade_5


DetectorKind = Literal["satellite", "lookout", "camera", "patrol", "uav", "residents"]


class Detector(Record):
    """One means of finding fires: a satellite, a lookout, a camera, a patrol, a UAV, or the people who live there."""

    only = (FIRE,)

    id: Id
    name: Annotated[str, ReadBy(PAGES)] = Field(default="", max_length=200)
    name_zh: Annotated[str, ReadBy(PAGES)] = Field(default="", max_length=200)
    kind: DetectorKind
    lon: Longitude | None = None
    """Where it stands; empty (with `lat`): it covers the whole landscape."""
    lat: Latitude | None = None
    range_km: Kilometres | None = None
    """How far it sees; empty: everywhere."""
    revisit_h: Hours = Field(ge=0.01)
    """Time from one look to the next."""
    delay_h: Hours
    """From the look to the report at command."""
    chance: Share = default("detection_chance")
    """Chance that one look finds a fire that is large enough, by day and in clear air."""
    night_factor: Number = Field(default=1.0, ge=0, le=1)
    """Chance by night against that by day."""
    haze_factor: Number = Field(default=1.0, ge=0, le=1)
    """Chance in haze (visibility below `haze_visibility_km`) against that in clear air."""
    smallest_ha: Number = Field(default=0.0, ge=0, le=10_000)
    """Fires smaller than this it does not see."""
    false_per_day: Number = Field(default=0.0, ge=0, le=1000)
    """Reports a day of a fire where there is none, each of which sends a crew to look; 0: all are checked before."""
    assumed: Annotated[YesNo, ReadBy(PAGES)] = False


class Call(Record):
    """An emergency call (110, 119, 120) that needs one crew on scene for a while."""

    id: Id
    time_h: Moment = Field(alias="time")
    place: str
    """Id of the place it comes from."""
    task: CallTask = "rescue"
    """What a crew on the spot can do at once: goods and water from the air are asked for by those who need them."""
    persons: Persons = 1
    """People concerned; a look, or a fire that is put out, takes one crew whatever their number."""
    on_site_h: Hours = default("call_on_site_h")
    """Work on scene."""
    skill: str = Field(default="", max_length=64)
    """Skill that a crew must have; empty: any crew that has the task."""
    patience_h: Hours | None = None
    """Rings off when nobody has been sent by then; with somebody on the way waits as long again. Empty: never."""


# ---- sections of scenario.yaml


class Jurisdiction(Record):
    """Whose plan is tested."""

    name: Annotated[str, ReadBy(PAGES)]
    name_zh: Annotated[str, ReadBy(PAGES)] = ""
    population: Persons = 0
    gdp_yuan: Number = Field(default=0, ge=0)
    """Gross domestic product of a year, against which a loss is measured."""
    province: Annotated[Province, ReadBy(FLOOD)] = ""
    """Province whose rural houses the villages have where they do not state `single_storey`; empty: those of China."""


def _shape(value: Any) -> str:
    return "several" if isinstance(value, list | tuple) else "one"


def _kind_of_hazard(value: Any) -> str:
    return str(value.get("kind", WITHOUT_A_KIND) if isinstance(value, dict) else getattr(value, "kind", WITHOUT_A_KIND))


if TYPE_CHECKING:
    AnyHazard = Any
else:

    class AnyHazard:
        """The hazards by their `kind`, as registered in `hazards.kinds`: one section, or a list, each kind once.

        A section without a kind is a flood. The union is made when a model that holds it is built, and again after a
        kind has been registered (`Settings.model_rebuild`).
        """

        @classmethod
        def __get_pydantic_core_schema__(cls, _: Any, handler: GetCoreSchemaHandler) -> core_schema.CoreSchema:
            sections = {name: handler.generate_schema(kind.settings) for name, kind in HAZARDS.items()}
            section = core_schema.tagged_union_schema(sections, _kind_of_hazard)
            several = core_schema.tuple_variable_schema(section, min_length=1)
            return core_schema.tagged_union_schema({"one": section, "several": several}, _shape)

        @classmethod
        def records(cls) -> list[type[Record]]:
            """The sections that may stand here."""
            return [kind.settings for kind in HAZARDS.values() if kind.settings]


class Warning(Record):
    """From forecast to the people: when each zone's order is given and how it spreads."""

    forecast: Moment | None = None
    """When the forecast is out; empty: `forecast_lead` before the first water."""
    forecast_lead_h: Annotated[Hours, ReadBy(FLOOD), Needs("forecast_left_out")] = default("forecast_lead_h")
    order: Annotated[Moment | None, Needs("ordered_together")] = None
    """When the evacuation order for ordered villages is given; empty: `order_delay` after the forecast."""
    order_delay_h: Annotated[Hours, Needs("order_left_out", "ordered_together", "forecast")] = default("order_delay_h")
    order_again: Annotated[tuple[Moment, ...], Needs("ordered")] = ()
    """Further orders to leave, as when the water comes again: in all villages that have had the first one, for who has
    come home (`evacuation.return_after`) or has stayed. A level declared anew that orders `evacuate` gives one too,
    where people have come home."""
    call_out: Annotated[Moment | None, Needs("foreseen", "called_together")] = None
    """When village officers not under the order are called out; empty: `call_out_lead` before the water."""
    call_out_lead_h: Annotated[Hours, ReadBy(FLOOD), Needs("call_out_left_out", "foreseen", "called_together")] = (
        default("call_out_lead_h")
    )
    forecast_told_h: Annotated[Hours | None, Needs("foreseen")] = None
    """How long before the water, by the forecast, the officers of each village are told of it; empty: not before the
    order or call-out."""
    nowcast_lead_h: Annotated[Hours | None, Needs("foreseen")] = None
    """How long before the water, by the forecast, a short-term warning goes to the officers of each village, and by
    them to its people: some leave by themselves (`leave_by_cue`); empty: none."""
    feedback_h: Hours | None = None
    """A village of which nobody has answered a step of the warning for so long is called on: somebody walks there from
    the nearest place that can be reached; empty: nobody does."""
    answer_h: Hours = default("call_out_answer_h")
    """Time until a village officer answers the call."""
    reach: Share = default("warning_reach")
    """Share of those whom no telling has reached yet whom loudspeakers and phones reach, at each order or call-out."""
    knock_reach: Annotated[Share, Needs("ordered")] = default("knock_reach")
    """The same of one round from door to door."""
    door_rounds: Annotated[Number, Needs("ordered")] = default("door_rounds")
    """Rounds from door to door under an order; 0: none."""
    door_round_h: Annotated[Hours, Needs("ordered")] = default("door_round_h")
    """From the officers' answer to the first round, and from one to the next."""
    speaker_rounds: Number = default("speaker_rounds")
    """Rounds by loudspeaker after an order or call-out has been answered; 0: none."""
    speaker_round_h: Annotated[Hours, Needs("speakers")] = default("speaker_round_h")
    """From the officers' answer to the first round by loudspeaker, and from one to the next."""
    speaker_night: Annotated[Share, Needs("speakers")] = default("speaker_night")
    """Share of those who hear a loudspeaker by day whom it reaches in the dark."""
    false_alarms: Annotated[Whole, Needs("alarmed_together")] = Field(default=0, ge=0, le=100)
    """Earlier orders after which no danger came: each has cost trust (`false_alarm_refuse`)."""
    alone_after_h: Annotated[Hours | None, Needs("silence")] = None
    """After so long without word a silent village goes by its own page of rules, until word comes; empty: never."""
    alone_on: Annotated[tuple[Literal["silence", "water"], ...], Needs("alone")] = ("silence", "water")
    """When its officers then order people to leave by themselves: silence: at once, where the order is meant for the
    village; water: when there is water or flames in it."""
    diffusion_t50_h: Hours = default("warning_t50_h")
    """Half of those reached have the warning after this time: P(t) = 1 - exp(-a t^b)."""
    diffusion_b: Number = default("warning_b")


class Evacuation(Record):
    """What people do with a warning, and how they travel."""

    refuse: Share = default("refuse_share")
    """Share of those reached who will not leave at the first word."""
    persuaded_by_call: Share = default("persuaded_by_call")
    """Share of those who have refused who leave at a further order or call-out."""
    persuaded_by_knock: Annotated[Share, Needs("ordered")] = default("persuaded_by_knock")
    """The same at a round from door to door."""
    persuaded_by_speaker: Annotated[Share, Needs("speakers")] = default("persuaded_by_speaker")
    """The same at a round by loudspeaker, of those who hear it."""
    leave_by_cue: Share = default("leave_by_cue")
    """Share of those who have not decided to go who leave by themselves at the first water, or when half have left."""
    act_t50_h: Hours = default("act_t50_h")
    """Half of the willing have left this long after their warning, when the water is near."""
    act_t50_day_h: Annotated[Hours, ReadBy(FLOOD), Needs("foreseen")] = default("act_t50_day_h")
    """The same with a day's lead; in between in a straight line. Never less than `act_t50`."""
    night_rate: Share = default("leave_night_rate")
    """How fast people without an order get ready in the dark, against daylight."""
    act_b: Number = default("act_b")
    walk_kmh: KilometresPerHour = default("walk_kmh")
    car_speed: Annotated[Share, Needs("cars")] = default("evacuation_car_speed")
    """Speed of cars against the free road, in the crowd of an evacuation."""
    batches: Whole = Field(default=5, ge=1, le=50)
    """Groups in which a village leaves (finer: slower, smoother)."""
    max_walk_km: Kilometres = default("max_walk_km")
    """Beyond this distance walkers wait for a bus."""
    wading: Annotated[Metres, ReadBy(FLOOD)] = default("wading_out_m")
    """Water at the house through which the able who have decided to leave still go on foot; 0: nobody wades."""
    early_return: Share = default("early_return_share")
    """Share of the people who are out that go home each day before it is safe; 0: nobody does."""
    return_after_h: Annotated[Hours | None, ReadBy(FLOOD), Needs("foreseen")] = None
    """People who are out go home when there has been no water in their village for so long, a way there is open, and
    none is forecast there for the next `forecast_lead`; empty: not before the end."""
    shelter_half_life_h: Hours = default("shelter_half_life_h")
    """Half of those in a public shelter have found another roof after this time."""


class ResponseLevel(Record):
    """A change of the response level by the record: where there are any, triggers.csv declares none."""

    level: LevelOfResponse
    time_h: Moment = Field(alias="time")


class Command(Record):
    """The command post: how it learns and decides."""

    policy: str = Field(default="priority", json_schema_extra=lambda schema: schema.update(enum=list(POLICIES)))
    """How command decides who is sent where."""
    levels: tuple[ResponseLevel, ...] = ()
    report_h: Hours = default("report_h")
    """Mean time from an event in a village to command knowing it."""
    driver_report_h: Hours = default("driver_report_h")
    """From a driver at a flooded road to command knowing it."""
    road_report_h: Hours = default("road_report_h")
    """Mean time until road staff report a flooded or cleared road by themselves."""
    reports_above: Annotated[YesNo, Needs("posts_above")] = False
    """Whether the first report of each place goes on to the posts above command (`share_reported_above`), through the
    hands of its own post and each of theirs."""
    decision_h: Hours = default("decision_h")
    """From news to the next decision."""
    boats_shared_within_h: Annotated[Hours, Needs("anything_afloat")] = default("boats_shared_within_h")
    """Boats go to one place after the other, to each as many as take all off within this time, then to all more."""
    buses_ahead: Annotated[Share, Needs("buses", "ordered")] = default("buses_ahead_share")
    """Share of the people of an ordered village without a vehicle for whom buses are sent before they ask."""
    contact_loss: Share = default("contact_loss_share")
    """Chance that a village, shelter, depot or base loses all contact, each time it is flooded, burns or is cut off."""
    contact_restore_h: Annotated[Hours, Needs("lost_contact")] = default("contact_restore_h")
    """Mean time until contact is restored, if nobody comes."""
    silence_h: Annotated[Hours, Needs("lost_contact")] = default("silence_h")
    """A place that is silent for so long is looked at, and command acts on what it must expect there."""
    silent_head_start_h: Annotated[Hours, Needs("lost_contact", "forecast_dangers")] = default("silent_head_start_h")
    """Waiting that a look at a silent village counts as having behind it, where people must be expected in danger."""
    unconfirmed: Annotated[Share, Needs("lost_contact", "forecast_dangers")] = default("unconfirmed_weight")
    """How much a person counts whom command expects in need at a silent village, against one it has heard of."""


class Norm(Record):
    """What one person needs of one item."""

    kg: Number = Field(gt=0, le=1000)
    """Mass of one person-day (food, water, medical) or one person's set (clothing, shelter)."""


class Relief(Record):
    """Basic relief: what counts as tracked, how much is sent at once, when more is asked for."""

    food: Annotated[Norm, Needs("tracked_food")] = default("food_kg", Norm, "kg")
    clothing: Annotated[Norm, Needs("tracked_clothing")] = default("clothing_kg", Norm, "kg")
    water: Annotated[Norm, Needs("tracked_water")] = default("water_kg", Norm, "kg")
    shelter: Annotated[Norm, Needs("tracked_shelter")] = default("shelter_kg", Norm, "kg")
    medical: Annotated[Norm, Needs("tracked_medical")] = default("medical_kg", Norm, "kg")
    tracked: tuple[Need, ...] = (
        "food",
        "clothing",
        "water",
        "shelter",
        "medical",
    )
    """Needs that must be met before a person counts as relieved."""
    days_sent: Number = default("relief_days_sent")
    """Days of food, water and medical supplies sent with one request."""
    pushed: Annotated[Share, Needs("depots", "lorries")] = default("pushed_share")
    """Share of the people expected to be cut off, or to come to shelters, for whom first rations are sent with the
    forecast, before they ask, by lorries that bring nothing but goods; 0: nothing goes anywhere unasked."""
    pushed_days: Annotated[Number, Field(gt=0), Needs("pushed")] = default("pushed_days")
    """Days that these rations last them."""
    household_days: Number = default("household_days")
    """Days that people cut off in dry houses live on their own food, water and medicine."""
    reorder_h: Hours = default("relief_reorder_h")
    """More is asked for when less than this is left."""
    unload_t_per_h: TonnesPerHour = default("unload_t_per_h")
    """Unloading at the place."""
    replenishment_fleet: Annotated[Share, Needs("depots")] = default("replenishment_fleet_share")
    """Share of the lorries that bring nothing but goods which may go between depots at one time, rounded up; they do so
    only while no people can be served by them, and no boat, team or aircraft ever does."""
    replenishment_review: Annotated[Hours, Field(gt=0), Needs("depots")] = default("replenishment_review_h")
    """How often command orders what goes from depot to depot: what will be asked until goods of the next order come."""
    fetch_within_km: Annotated[Kilometres, Needs("depots")] = default("fetch_within_km")
    """People fetch goods on foot from a depot within this distance, and go no longer way round water."""
    fetch_load_t: Annotated[Tonnes, Needs("depots")] = default("fetch_load_t")
    """What they carry home in one go, for each person of the place."""


def _mass(need: NeedKind) -> tuple[Any, Any]:
    return Norm, Field(default=Norm(kg=need.kg), description=f"Mass of {need.words.en}.")


class Health(Record):
    """People in water."""

    mortality: Annotated[CurveName, ReadBy(FLOOD)] = "jonkman"
    """Curve of deaths that is applied; what the others would have given stands beside the result. `lifesim`: by house,
    person and state; `jonkman`: by zone of the flood; `boyd`; `screening`: by depth alone."""
    injured: Share = default("injured_share")
    """Share of people trapped who need medical care."""
    beds: Annotated[Whole | None, ReadBy(FLOOD), Needs("injured", "no_named_hospital")] = Field(
        default=None, ge=0, le=10_000_000
    )
    """Hospital beds that are free for the badly hurt when the scenario begins, where no hospital is named in
    institutions.csv; empty: `free_beds_per_thousand` residents of the villages."""
    exposure_h: Annotated[Hours, ReadBy(FLOOD)] = default("fatality_exposure_h")
    """Hours in the same water over which the share of people who die in it is spread; no more die afterwards."""


class Air(Record):
    """Daylight for flying."""

    sunrise_h: HourOfDay | None = None
    """Clock time of sunrise (e.g. `5 h`); empty: computed from place and date."""
    sunset_h: HourOfDay | None = None


class DatedFigure(Record):
    """One entry of a series: what a figure was at a moment."""

    at: Moment
    value: Number


class Recorded(Record):
    """A figure from the record of the real event, to stand beside the simulated one.

    It says one of `value`, `low` and `high`, `moment` and `series` (`history.figures_on_record` reads them all).
    """

    what: str
    what_zh: str = ""
    metric: MetricName
    """Name of the metric it is compared with."""
    at: Moment | None = None
    """Moment at which the metric is read, where it runs in time."""
    place: str = ""
    """Id of a village or a zone, where the figure is for one; empty: the whole scenario."""
    value: Number | None = None
    bound: Literal["exact", "about", "at least", "at most"] = "exact"
    """How the value is to be read: "300 and more" is at least 300 and never a centre; about is within 10 %."""
    low: Number | None = None
    """With `high` instead of `value`: the interval in which the figure lies, as where sources differ."""
    high: Number | None = None
    moment: Moment | None = None
    """Instead of `value`, for a metric that answers a moment: when it happened."""
    series: tuple[DatedFigure, ...] = ()
    """Instead of `value` and `at`: what the figure was at several moments."""
    unit: str = ""
    """As people read it; empty: the unit in which the metric is read. A value in another unit is refused."""
    source: str
    doubt: str = ""
    """Why the figure is doubtful, as where all sources copy one; such figures are shown and not scored."""


Overrides = dict[str, Any]


def _date_as_written(value: Any) -> Any:
    # Bare numbers would pass as seconds since 1970: 20240710 is meant as a day of 2024.
    if isinstance(value, datetime) or (isinstance(value, str) and re.match(r"\s*\d{4}-", value)):
        return value
    raise PydanticCustomError("datetime_parsing", "a date and time")


def _year_of_our_time(value: datetime) -> datetime:
    if not 1000 <= value.year <= 3000:
        raise wrong(bilingual("a year from 1000 to 3000"))
    return value


Start = Annotated[AwareDatetime, BeforeValidator(_date_as_written), AfterValidator(_year_of_our_time)]
"""A date and time with its offset from UTC, in a year that every calendar and chart can count from."""


class Settings(Record):
    """scenario.yaml as written: everything but the tables."""

    simrescue: Literal[1]
    """Version of the file format."""
    name: Id
    title: str = ""
    title_zh: str = ""
    description: str = ""
    attribution: str = Field(default="", max_length=500)
    """Whose data it holds, as their licences want it said; written under every map."""
    start: Start
    """Start of the simulated clock, with its offset from UTC."""
    duration_h: Annotated[Hours, Field(gt=0, le=2400)]
    jurisdiction: Jurisdiction
    plan: str | tuple[str, ...] = ()
    """Name of the plan (or plans) in `scenarios/plans` that it is judged by."""
    plan_year: Annotated[Whole | None, Field(ge=1990, le=2100), ReadBy(PAGES)] = None
    """Year whose targets it is held to, as when an older event is played again under the plan of today; empty: that of
    the start."""
    hazard: AnyHazard = Flood()
    """The hazard, or a list of several, each of another `kind`."""
    warning: Warning = Warning()
    evacuation: Evacuation = Evacuation()
    command: Command = Command()
    response: Response = Response()
    relief: Relief = Relief()
    health: Health = Health()
    air: Air = Air()
    history: tuple[Recorded, ...] = ()
    parameters: Parameters = Parameters()
    accepted: dict[str, str] = Field(default_factory=dict)
    """What `check` finds doubtful and is right: the name of a finding (`road_lengths highway`), or of a check for all
    that it finds, -> the reason."""
    overrides: dict[str, Overrides] = Field(default_factory=dict)
    """Named sets of changes: path -> value."""
    variants: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    """Named lists of overrides, applied in order."""

    @property
    def plan_names(self) -> tuple[str, ...]:
        """Names of the plans that it is held to."""
        return (self.plan,) if isinstance(self.plan, str) else self.plan

    @property
    def judged_year(self) -> int:
        """Year whose targets it is held to."""
        return self.start.year if self.plan_year is None else self.plan_year

    @property
    def hazards(self) -> dict[str, Record]:
        """Kind -> section of each hazard, in the order of the file."""
        sections = self.hazard if isinstance(self.hazard, tuple) else (self.hazard,)
        return {section.kind: section for section in sections}

    @property
    def flood(self) -> Flood:
        """The flood. Raises TypeError where there is none."""
        flood: Flood = self._section("flood")
        return flood

    @property
    def wildfire(self) -> Wildfire:
        """The forest fire. Raises TypeError where there is none."""
        fire: Wildfire = self._section("wildfire")
        return fire

    @property
    def stages(self) -> tuple[Stage, ...]:
        """Stages of the response to its hazards; none where none has stages."""
        return tuple(stage for section in self.hazards.values() for stage in getattr(section, "stages", ()))

    def _section(self, kind: str) -> Any:
        sections = self.hazard if isinstance(self.hazard, tuple) else (self.hazard,)
        for section in sections:
            if section.kind == kind:
                return section
        raise TypeError(f"the hazard is a {' and a '.join(self.hazards)}")


def _rebuild() -> None:
    """Have scenario.yaml hold the kinds of hazards that are registered now."""
    Settings.model_rebuild(force=True)


WATCHERS.append(_rebuild)
FIELDS_OF_NEEDS[Relief] = _mass
for _need in NEED_KINDS[len(BASIC_NEEDS) :]:  # registered before this module was imported
    add_field(Relief, _need.name, *_mass(_need))


class Written(NamedTuple):
    """Where the rows of one table were written."""

    rows: tuple[str, ...]
    """File and row of each record, in their order."""
    titles: dict[str, str]
    """Key -> name of its column, for the columns that the table has."""


class Scenario(Record):
    """A whole scenario, read, overridden and checked: settings and tables."""

    settings: Settings
    villages: tuple[Village, ...] = ()
    institutions: tuple[Institution, ...] = ()
    shelters: tuple[Shelter, ...] = ()
    depots: tuple[Depot, ...] = ()
    bases: tuple[Base, ...] = ()
    landing_sites: tuple[LandingSite, ...] = ()
    junctions: tuple[Junction, ...] = ()
    water_sources: tuple[WaterSource, ...] = ()
    ignitions: tuple[Ignition, ...] = ()
    roads: tuple[Road, ...] = ()
    teams: tuple[Team, ...] = ()
    boats: tuple[Boat, ...] = ()
    trucks: tuple[Truck, ...] = ()
    helicopters: tuple[Helicopter, ...] = ()
    levels: tuple[Level, ...] = ()
    depths: tuple[Depth, ...] = ()
    weather: tuple[Weather, ...] = ()
    calls: tuple[Call, ...] = ()
    detectors: tuple[Detector, ...] = ()
    fire_danger: tuple[FireDanger, ...] = ()
    fire_orders: tuple[FireOrder, ...] = ()
    fire_lines: tuple[FireLinePoint, ...] = ()
    map_lines: tuple[MapPoint, ...] = ()
    triggers: tuple[Trigger, ...] = ()
    readings: tuple[GaugeReading, ...] = ()
    ignition_rates: tuple[IgnitionRate, ...] = ()
    stations: tuple[Station, ...] = ()
    power: tuple[PowerArea, ...] = ()
    relays: tuple[UavRelay, ...] = ()
    channels: tuple[Channel, ...] = ()
    partners: tuple[Partner, ...] = ()
    posts: tuple[StaffedPost, ...] = ()
    more: dict[str, tuple[Any, ...]] = Field(default_factory=dict)
    """Rows of the tables of kinds that are registered from outside the program, by name of the table."""
    landscape: Any = None
    """The ground of a fire, read from the files of `hazard.layers`: a `hazards.landscape.Landscape`; None: a flood."""
    arrival_h: Any = None
    """(R, C) hours from the first ignition to the front, by another tool; None: the fire grows by itself."""
    variant: str = ""
    """Name of the variant that was applied."""
    applied: dict[str, Any] = Field(default_factory=dict)
    """Overrides applied, path -> value, in order, stored with the results."""
    sets: tuple[str, ...] = ()
    """The single changes among them as they were given, as path=value."""
    checksum: str = ""
    """SHA-256 over all files of the folder and the applied overrides."""
    folder: str = ""
    written: dict[str, Written] = Field(default_factory=dict)
    """Where the rows of each table were written; nothing for a scenario made in Python."""
    lines: dict[tuple[str | int, ...], int] = Field(default_factory=dict)
    """Line in scenario.yaml of each path in it, as keys and list positions; none of what a change put there."""

    def _repr_html_(self) -> str:
        """The scenario in a notebook, in the reader's language."""
        from simrescue.scenario.shown_scenario import scenario_html
        from simrescue.wording.language import preferred

        return scenario_html(self, preferred())

    def in_order(self) -> Scenario:
        """The same with the rows of every table by id, points of series by theirs and by time.

        Things are numbered in this order, and of equals the first is taken: nothing hangs on how files are sorted.
        """
        rows = {name: tuple(sorted(self.table(name), key=_place_in_table)) for name in TABLES}
        return self.model_copy(update={**by_field(rows), "written": {}, "lines": {}})

    def table(self, name: str) -> tuple[Any, ...]:
        """The rows of a table. Raises KeyError, with the known names, for one that no registered kind has."""
        if name not in TABLES:
            raise KeyError(f"no registered kind of thing has the table {name!r}, known are {', '.join(TABLES)}")
        return tuple(getattr(self, name)) if name in type(self).model_fields else self.more.get(name, ())

    @property
    def parameters(self) -> Parameters:
        """The default numbers of this scenario."""
        return self.settings.parameters

    @property
    def settlements(self) -> tuple[Village | Institution, ...]:
        """All places with people who can be affected, in the order of their indexes: villages, then institutions."""
        return (*self.villages, *self.institutions)

    @property
    def places(self) -> tuple[Place, ...]:
        """All places in the order of their indexes."""
        return tuple(place for kind in of_role("place") for place in self.table(kind.table))

    @property
    def responders(self) -> tuple[Responder, ...]:
        """All rows of responders in the order of their indexes."""
        return tuple(row for kind in of_role("responder") for row in self.table(kind.table))

    @property
    def of_command(self) -> tuple[Trigger | Partner | StaffedPost, ...]:
        """Rows of what command goes by, whom it asks and through whom: things of the log that are nowhere, in order."""
        return (*self.triggers, *self.partners, *self.posts)

    def unknown_tables(self) -> list[str]:
        """Tables with rows that no registered kind has: nothing would happen to them."""
        return [name for name, rows in self.more.items() if rows and name not in TABLES]


def by_field(rows: dict[str, tuple[Any, ...]]) -> dict[str, Any]:
    """Rows by table -> the fields of a `Scenario`: one for each table of the program, `more` for all others."""
    own = {name: table for name, table in rows.items() if name in Scenario.model_fields}
    return {**own, "more": {name: table for name, table in rows.items() if name not in own}}


def _place_in_table(row: Record) -> tuple[str, float]:
    """What a row is of, and when."""
    of = next((getattr(row, name) for name in ("id", "zone", "subject", "line", "gauge") if hasattr(row, name)), "")
    return of, 0.0 if hasattr(row, "id") else getattr(row, "time_h", 0.0)


SERIES: dict[str, type[Record]] = {
    "levels": Level,
    "depths": Depth,
    "weather": Weather,
    "calls": Call,
    "detectors": Detector,
    "fire_danger": FireDanger,
    "fire_orders": FireOrder,
    "fire_lines": FireLinePoint,
    "ignition_rates": IgnitionRate,
    "map_lines": MapPoint,
    "triggers": Trigger,
    "readings": GaugeReading,
    "channels": Channel,
    "partners": Partner,
    "posts": StaffedPost,
}
"""Tables of what is no thing that can be sent or gone to."""


def _tables() -> dict[str, type[Record]]:
    ordered = [kind for role in ("place", "road", "responder") for kind in of_role(role)]
    of_things = {kind.table: kind.record for kind in ordered if kind.record}
    if twice := of_things.keys() & TAKEN:
        raise ValueError(f"a kind of thing with the table {', '.join(sorted(twice))}, which is something else")
    return of_things | SERIES


tell_ways("against", Jurisdiction.model_fields)
TAKEN.update(SERIES, Settings.model_fields)
TABLES = Derived(_tables)
"""Table name (file `<name>.csv` in the scenario folder) -> its row: those of all registered kinds of things (places,
roads, responders), then the series. villages and roads are required."""
