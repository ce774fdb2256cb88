"""What responders can do: teams, boats, trucks and helicopters as frozen records."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from operator import attrgetter
from typing import Annotated, Any, Literal, NamedTuple, Protocol, get_args

from pydantic import Field

from simrescue.errors import Text
from simrescue.parameters import default
from simrescue.records import BY_CHANNELS, CLAUSES, FIRE, NOTHING, PAGES, Kind, OneOf, ReadBy, Record
from simrescue.units import (
    Hours,
    Id,
    Kilometres,
    KilometresPerHour,
    Metres,
    MetresLong,
    MetresPerSecond,
    Moment,
    NameList,
    Number,
    Persons,
    Share,
    Tonnes,
    Whole,
    YesNo,
)
from simrescue.wording import Words, bilingual, bilingual_as, noun

Vehicle = Literal["foot", "two_wheeler", "car", "bus", "truck", "high_clearance", "boat"]


class VehicleKind(NamedTuple):
    """A way of moving over the road network."""

    name: Vehicle
    speeds: Literal["foot", "two_wheeler", "car", "truck"] = "truck"
    """Whose speeds on dry roads are its own."""
    bound_by: Vehicle = "truck"
    """The vehicle by whose roads command tells what hangs together for it."""
    carrier: Vehicle | Literal[""] = ""
    """What brings its hull over dry links: a boat floats where that cannot go on; empty: it has no hull."""


VEHICLE_KINDS: dict[str, VehicleKind] = {
    task.name: task
    for task in (
        VehicleKind("foot", "foot", "foot"),
        VehicleKind("two_wheeler", "two_wheeler"),
        VehicleKind("car", "car"),
        VehicleKind("bus"),
        VehicleKind("truck"),
        VehicleKind("high_clearance", bound_by="high_clearance"),
        VehicleKind("boat", bound_by="boat", carrier="truck"),
    )
}
"""All ways of moving by name; those of crews that fly are none."""
VEHICLES = tuple(VEHICLE_KINDS)
LevelOfResponse = Literal["I", "II", "III", "IV"]
"""Response levels as command declares them, highest first."""
RESPONSE_LEVELS: dict[str, int] = {level: number for number, level in enumerate(get_args(LevelOfResponse), 1)}
"""Response level -> its number: a level sets free who waits for it or for a lower one."""
LevelOfGovernment = Literal["village", "township", "county", "city", "province", "national"]
"""Levels of government, lowest first."""
TeamKind = Literal[
    "fire",
    "forest_fire",
    "semi_professional",
    "militia",
    "mobile",
    "local",
    "medical",
    "social",
    "military",
    "transport",
    "repair",
    "general",
]
"""Kinds of teams."""
TEAM_KINDS: tuple[str, ...] = get_args(TeamKind)
"""All of them."""


class TaskKind(NamedTuple):
    """What a task asks of a crew."""

    name: str
    words: Words
    """What is done, as missions and requests are told of."""
    covers: Literal["seats", "payload_t", "hands", ""] = ""
    """What of a crew counts against the open amount of a request: seats (persons), payload (t), or hands on the fire
    line or at a repair; empty: one crew does it."""
    room: Literal["seats", "payload_t", "bucket_t", ""] = ""
    """Field of its row without which a crew is sent in vain; empty: none."""
    reads: tuple[str, ...] = ()
    """Fields that the rows of a kind made for it must have."""
    by_call: bool = False
    """Whether an emergency call can ask for it: a crew on the spot does it at once."""
    effect: str = ""
    """Name of the type of a hazard's effects (`hazards.base`) without which nobody asks for it; empty: any."""
    is_response: bool = True
    """Whether it answers people in need, or a fire: clauses that name no tasks count those alone."""
    as_urgent_as: str = ""
    """Task beside which it stands in line by priority; empty: it has a step of its own (`dispatch.priority`)."""
    done_by: tuple[str, ...] = ()
    """Names of kinds of responders that are made for it, the first to think of first, besides those that say so
    themselves."""


TASK_KINDS = [
    TaskKind(
        "evacuate",
        bilingual("transport for those leaving"),
        covers="seats",
        room="seats",
        reads=("seats",),
        by_call=True,
    ),
    TaskKind("rescue", bilingual("rescue"), covers="seats", room="seats", reads=("seats",), by_call=True),
    TaskKind("relief", bilingual("relief goods"), covers="payload_t", room="payload_t"),
    TaskKind("medical", bilingual("medical care"), covers="seats", room="seats", by_call=True),
    TaskKind("reconnaissance", bilingual("reconnaissance"), by_call=True),
    TaskKind(
        "suppression",
        bilingual("firefighting on the ground"),
        covers="hands",
        reads=("pumps", "hose_km", "tank_t", "flame_limit_m", "kind"),
        by_call=True,
        effect="Flames",
        as_urgent_as="evacuate",  # it keeps people safe, as moving them does
    ),
    TaskKind(
        "water_drop",
        bilingual_as("sentences", "water from the air"),
        room="bucket_t",
        effect="Flames",
        as_urgent_as="evacuate",
    ),
    TaskKind("repair", bilingual("repair"), covers="hands", reads=("size",), is_response=False, as_urgent_as="relief"),
]
"""All tasks, in the order of their indexes, those of `kinds.register_task` last; the lists below are made from it."""
EVACUATE, RESCUE, RELIEF, MEDICAL, RECONNAISSANCE, SUPPRESSION, WATER_DROP, REPAIR = range(len(TASK_KINDS))
"""Indexes of the program's own tasks, as in the event log and in requests."""
TASKS: list[str] = []
TASK_WORDS: list[Words] = []
"""What each task is called."""
RESPONSE_TASKS: list[str] = []
"""Tasks that answer people in need, or a fire."""
RESPONSES: list[int] = []
"""Their indexes."""
CALL_TASKS: list[str] = []
"""Tasks that an emergency call can ask for."""


class Room(Protocol):
    """What a crew has to take on a request with, as `TaskKind.covers` names it."""

    @property
    def seats(self) -> float:
        """Persons in one trip."""

    @property
    def payload_t(self) -> float:
        """Tonnes of goods in one trip."""

    @property
    def hands(self) -> float:
        """People who can work on a fire line, or at a repair."""


def _whole(_: Room) -> float:
    return 1.0


COVERS: list[Callable[[Room], float]] = []
"""By task: how much of a request's open amount one crew takes on, in the unit of the amount: persons, tonnes, hands, or
1 where one crew does all of it."""


def list_tasks() -> None:
    """Have the lists of tasks say what is registered now."""
    TASKS[:] = [task.name for task in TASK_KINDS]
    TASK_WORDS[:] = [task.words for task in TASK_KINDS]
    RESPONSE_TASKS[:] = [task.name for task in TASK_KINDS if task.is_response]
    RESPONSES[:] = [number for number, task in enumerate(TASK_KINDS) if task.is_response]
    CALL_TASKS[:] = [task.name for task in TASK_KINDS if task.by_call]
    COVERS[:] = [attrgetter(task.covers) if task.covers else _whole for task in TASK_KINDS]


list_tasks()
Task = Annotated[str, OneOf(TASKS)]
CallTask = Annotated[str, OneOf(CALL_TASKS)]


TONNES_PER_SEAT = 0.08
"""Goods that take the room of one person."""


class Responder(Record):
    """One crew that is sent as a whole, or `count` equal ones."""

    id: Id
    name: Annotated[str, ReadBy(PAGES)] = Field(default="", max_length=200)
    name_zh: Annotated[str, ReadBy(PAGES)] = Field(default="", max_length=200)
    base: str
    """Id of the place where it stands."""
    count: Whole = Field(default=1, ge=0, le=5000)
    """Equal responders in this row; they are called id-1, id-2, ... 0: none of them."""
    turnout_h: Hours = default("turnout_h")
    """From order to leaving the base."""
    release: str = ""
    """Response level (I, II, III, IV) that sets it free; empty: free from the start."""
    available: Moment | None = None
    """Not before this moment (a convoy from another province); empty: from the start."""
    until: Moment | None = None
    """Not sent any more from this moment on: a lease, a seasonal post or a stay ends. Who is out then ends his mission
    first. Empty: there to the end."""
    partner: str = Field(default="", max_length=64)
    """Id of the partner in partners.csv that sends it when asked: it is not there before it has been handed over at its
    base. An hour in `available` (of a record) wins. Empty: one of the county's own."""
    shift_h: Hours = default("shift_h")
    """Time on duty before it must rest."""
    rest_h: Hours = default("rest_h")
    """Rest at base after a shift."""
    night_factor: Number = default("night_factor")
    """Work rate in darkness against daylight, and speed on foot and on water; on the road `night_driving_factor`."""
    breakdown: Share = default("breakdown_per_mission")
    """Chance per mission of a breakdown."""
    repair_h: Hours = default("repair_h")
    """Mean time to repair after a breakdown."""
    skills: NameList = ()
    """What it is trained for, in the words of the calls and of the villages (`rescue_skill`) that ask for it (water,
    mountain, rope, medical, ...); nothing else asks for skills."""
    level: Literal["", LevelOfGovernment] = ""
    """The level of government it belongs to, for staffing clauses."""
    county: Annotated[str, ReadBy(CLAUSES)] = Field(default="", max_length=100)
    """The county it belongs to; empty: that of the village nearest to its base."""
    township: Annotated[str, ReadBy(CLAUSES)] = Field(default="", max_length=100)
    """The township it belongs to, which may have its office in the county town; empty: as `county`."""
    assumed: Annotated[YesNo, ReadBy(PAGES)] = False

    def room(self) -> tuple[int, float]:
        """Persons, and tonnes of goods, that it has room for; goods take the seats where no payload is told of."""
        seats = int(getattr(self, "seats", 0))
        return seats, float(getattr(self, "payload_t", seats * TONNES_PER_SEAT))


LINE_TRAINED = ("forest_fire", "semi_professional", "mobile", "fire", "military")
"""Kinds of teams that build line at the rate of trained crews."""


class Team(Responder):
    """People with a road vehicle."""

    kind: TeamKind = "general"
    """`forest_fire`: a team of professional forest firefighters (senlin xiaofang duiwu), of a county or city;
    `semi_professional`: one of a township, part-time, trained; `mobile`: national or provincial mobile force; `local`:
    village people who beat, cut and mop up with hand tools; `militia`, `military`: by `request`; `repair`: people of
    the road, power and telephone companies, who need the task `repair` for it."""
    size: Whole = Field(default=10, ge=1, le=100_000)
    """People in the team: hands on the line or at the injured, and what it carries: see `carried_per_member`."""
    vehicle: Vehicle = "truck"
    seats: Persons = default("team_seats")
    """People it carries in one trip besides its crew (its whole convoy)."""
    pumps: Annotated[Whole, ReadBy(FIRE)] = Field(default=0, ge=0, le=10_000)
    """Sets of portable pump, hose and folding tank ("fight fire with water")."""
    hose_km: Annotated[Kilometres, ReadBy(FIRE)] = default("pump_hose_km")
    """All its hose: how far one relay reaches from water or a road; several share it."""
    tank_t: Annotated[Tonnes, ReadBy(FIRE)] = default("pump_tank_t")
    """Water on wheels that comes to the road with each pump, fetched anew from the nearest water source or its base."""
    flame_limit_m: Annotated[MetresLong, ReadBy(FIRE)] = default("crew_flame_limit_m")
    """Flames longer than this it cannot attack directly with what its hands hold."""
    dozers: Annotated[Whole, ReadBy(FIRE)] = Field(default=0, ge=0, le=1000)
    """Bulldozers that clear line beside its people, with their drivers among them."""
    excavators: Annotated[Whole, ReadBy(FIRE)] = Field(default=0, ge=0, le=1000)
    """Excavators, the same."""
    line_rate: Annotated[Number | None, ReadBy(FIRE)] = Field(default=None, gt=0, le=5)
    """Work rate on the line of its people against others of their training; empty: by kind
    (`semi_professional_line_rate`, else 1)."""
    turnout_night_h: Hours | None = None
    """From order to leaving the base in darkness; empty: as by day."""
    request_h: Hours | None = None
    """From the first order until it is granted, before it turns out; empty: for kind `military`, which comes by request
    of the government through the garrison, as `military_request_h`, for all others none. Of no use beside `partner`,
    which has granted it before it comes."""
    loaded_for: Literal["", "fire", "flood"] = ""
    """What its vehicles are loaded for at the start (a force with two sets of equipment); empty: for anything."""
    changeover_h: Hours = 0.0
    """To load for the other of the two when it is sent to it."""
    radio: Annotated[YesNo | None, ReadBy(BY_CHANNELS)] = None
    """Whether it has with it, when it is out, a satellite phone or a radio that works without any base station: orders
    reach it by that, and a silent place that it comes to is heard again. Who has none is told, and reports, by the
    channels of the place where it is; on the road it says and hears nothing. Empty: by kind, no for `transport`,
    `medical` and `local`, whose people have telephones of the public network, yes for all others (assumed)."""
    tasks: NameList = ("evacuate", "rescue")


def team_kind(responder: Responder) -> str:
    """Which kind of team a responder is; empty: it is no team."""
    return responder.kind if isinstance(responder, Team) else ""


class Boat(Responder):
    """A boat with crew and carrier truck."""

    size: Whole = Field(default=4, ge=1, le=1000)
    """Crew, which limits what it carries: see `carried_per_member`."""
    seats: Persons = default("boat_seats")
    """People taken off in one trip."""
    speed_kmh: KilometresPerHour = default("boat_speed_kmh")
    """Over flooded ground with debris."""
    launch_h: Hours = default("boat_launch_h")
    """To put the boat on the water at the edge."""
    puncture: Number = default("boat_puncture_rate")
    """Holes for each hour that it is out; a hard hull has hardly any."""
    lost: Share = default("boat_lost_share")
    """Share of holed boats that are lost for good."""
    radio: Annotated[YesNo, ReadBy(BY_CHANNELS)] = True
    """As of teams; its crew has one unless the row says no."""
    tasks: NameList = ("rescue", "relief", "reconnaissance")


class Truck(Responder):
    """Lorry that carries relief goods from depots."""

    size: Whole = Field(default=2, ge=1, le=100)
    """Crew, which limits the goods it carries: see `stowed_t_per_member`."""
    vehicle: Vehicle = "truck"
    drivers: Whole = default("lorry_drivers")
    """Crews that drive it in turn: while one works the others rest, and the lorry goes on."""
    radio: Annotated[YesNo, ReadBy(BY_CHANNELS)] = False
    """As of teams: its drivers have telephones of the public network."""
    payload_t: Tonnes = default("truck_payload_t")
    tasks: NameList = ("relief",)


class Aircraft(Responder):
    """Whatever flies, within wind, visibility, fuel (or battery) and crew limits."""

    model: Annotated[str, ReadBy(PAGES)] = Field(default="", max_length=100)
    size: Whole = Field(default=4, ge=1, le=100)
    """Crew, which limits what it carries: see `carried_per_member`."""
    cruise_kmh: KilometresPerHour = default("heli_cruise_kmh")
    endurance_h: Hours = default("heli_endurance_h")
    refuel_h: Hours = default("heli_refuel_h")
    shift_h: Annotated[Hours, ReadBy(NOTHING)] = default("shift_h")
    """An aircraft's crew rests by `crew_day`."""
    night_factor: Annotated[Number, ReadBy(NOTHING)] = default("night_factor")
    """It works by night as by day, if it flies then (`by_night`)."""
    seats: Persons = default("heli_seats")
    payload_t: Tonnes = default("heli_payload_t")
    hoist_h: Hours = default("heli_hoist_h")
    """Time to hoist one person, where it cannot land."""
    landing_h: Hours = default("heli_landing_h")
    """Time on the ground to load or unload, where it can land."""
    max_wind_ms: MetresPerSecond = default("heli_max_wind_ms")
    min_visibility_km: Kilometres = default("heli_min_visibility_km")
    by_night: YesNo = False
    """Whether it flies in the dark, as a UAV that sees by warmth does."""
    crew_day_h: Hours = default("heli_crew_day_h")
    """Flight hours of the crew in 24 h."""
    serviceable: Share = default("heli_serviceable")
    """Chance that it is not in maintenance during the scenario."""
    bucket_t: Annotated[Tonnes, ReadBy(FIRE)] = 0.0
    """Water in one drop, by bucket or tank; 0: none."""
    fill_h: Annotated[Hours, ReadBy(FIRE)] = default("bucket_fill_h")
    """Hovering to fill the bucket once."""
    drop_h: Annotated[Hours, ReadBy(FIRE)] = default("bucket_drop_h")
    """Run in, drop and way out at the front."""
    dip_depth_m: Annotated[Metres, ReadBy(FIRE)] = default("bucket_depth_m")
    """Least depth of water that it fills in; a tank with a snorkel needs less than a bucket."""
    tasks: NameList = ("rescue", "relief", "medical", "reconnaissance")


class Helicopter(Aircraft):
    """Flies by daylight (or `by_night`) within wind, visibility, fuel and crew limits. A UAV is one with 0 `seats`."""


def _leaves_later(row: Responder) -> Iterator[tuple[str, Text]]:
    if row.until is not None and row.until <= (row.available or 0.0):
        yield "until", bilingual("a moment after {setting}", setting="start" if row.available is None else "available")


BY_TELEPHONE = frozenset({"transport", "medical", "local"})
"""Kinds of teams that have the telephones of the public network only, unless their row says otherwise."""


def carries_radio(record: Any) -> bool:
    """Whether a responder (its row) has a radio with it that needs no base station; yes without such a column."""
    stated = getattr(record, "radio", True)
    return record.kind not in BY_TELEPHONE if stated is None else bool(stated)


KINDS = (
    Kind(
        "team", "teams", Team, "responder", noun("team", "teams"),
        "#0072b2", "dot", moves="road",
        tasks={"evacuate": 1, "rescue": 3, "medical": 1, "reconnaissance": 3, "suppression": 1, "repair": 1},
        price_yuan="price_team_yuan", ready_yuan="price_ready_team_yuan", waiting_colour="#fdd0a2",
        checks=(_leaves_later,),
    ),
    Kind(
        "boat", "boats", Boat, "responder", noun("boat", "boats"),
        "#009e73", "hull", moves="water", tasks={"evacuate": 2, "rescue": 1, "relief": 3, "reconnaissance": 2},
        price_yuan="price_boat_yuan", waiting_colour="#fdae6b",
        checks=(_leaves_later,),
    ),
    Kind(
        "truck", "trucks", Truck, "responder", noun("truck", "trucks"),
        "#d55e00", "square", moves="road", tasks={"relief": 1}, based=True,
        price_yuan="price_truck_yuan", waiting_colour="#fd8d3c",
        checks=(_leaves_later,),
    ),
    Kind(
        "helicopter", "helicopters", Helicopter, "responder",
        noun("helicopter", "helicopters"), "#8e4fa8", "rotor",
        moves="air",
        tasks={"evacuate": 3, "rescue": 2, "relief": 2, "medical": 2, "reconnaissance": 1, "water_drop": 1},
        price_yuan="price_helicopter_yuan", ready_yuan="price_ready_helicopter_yuan", waiting_colour="#e6550d",
        checks=(_leaves_later,),
    ),
    Kind("command", role="command", noun=noun("command", "commands")),
    Kind("trigger", role="command", noun=noun("trigger", "triggers")),
)  # fmt: skip
"""The kinds of responders, in the order of their tables, the command post, and what it goes by."""
