"""By what word gets through: channels, the base stations and power that they hang on. Frozen records and their kinds.

Without a row of channels.csv there is one channel that always works but for `command.contact_loss`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal, NamedTuple

from pydantic import Field

from simrescue.errors import Text
from simrescue.parameters import default
from simrescue.places import Place
from simrescue.records import BY_CHANNELS, PAGES, Kind, ReadBy, Record
from simrescue.units import (
    Hours,
    Id,
    Kilometres,
    KilometresPerHour,
    Metres,
    MetresPerSecond,
    Moment,
    NameList,
    Number,
    Whole,
    YesNo,
)
from simrescue.wording import Words, bilingual, noun

ChannelName = Literal["public", "mhz370", "satellite", "broadcast", "loudspeaker", "whistle", "runner"]
NetworkName = Literal["public", "mhz370"]


class ChannelKind(NamedTuple):
    """One kind of channel; the place in `CHANNEL_KINDS` is its number in logs, and its rank where none is given."""

    name: str
    words: Words
    both_ways: bool = False
    """Whether officers and command talk by it; else it only brings the word to people, or to officers on foot."""
    network: NetworkName | Literal[""] = ""
    """Base stations that it hangs on; empty: none."""
    battery: str = ""
    """Whose battery it has, of the parameters `<battery>_battery_h`; empty: it needs no power."""
    delay: str = ""
    """Whose delay a message by it has, of the parameters `<delay>_delay_h`; empty: none."""
    charged: bool = False
    """Whether its sets are charged from vehicles as long as these stand dry."""


CHANNEL_KINDS = (
    ChannelKind(
        "public", bilingual("public network"), both_ways=True, network="public", battery="public", charged=True,
    ),
    ChannelKind(
        "mhz370", bilingual("370 MHz radio"), both_ways=True, network="mhz370", battery="mhz370",
        delay="mhz370", charged=True,
    ),
    ChannelKind(
        "satellite", bilingual("satellite phone"), both_ways=True, battery="satellite",
        delay="satellite", charged=True,
    ),
    ChannelKind("broadcast", bilingual("emergency broadcast"), battery="speaker"),
    ChannelKind("loudspeaker", bilingual("village loudspeaker"), battery="speaker"),
    ChannelKind("whistle", bilingual("whistle or gong")),
    ChannelKind("runner", bilingual("runner")),
    ChannelKind("radio", bilingual("radio that a crew has brought"), both_ways=True),
    ChannelKind("uav_relay", bilingual("UAV relay"), both_ways=True, battery="public", charged=True),
)  # fmt: skip
"""All kinds; the last two are no rows of channels.csv: a crew that comes to a silent place leaves it a radio, and a UAV
relay brings public network to the phones that are still charged."""
CHANNEL_NUMBER = {kind.name: number for number, kind in enumerate(CHANNEL_KINDS)}
OUTAGES = ("water", "flames", "wind", "line", "order", "mains", "hazard")
"""What puts a station or power out of work, by its number in logs."""
OUTAGE_WORDS = (
    bilingual("water"), bilingual("flames"), bilingual("wind"), bilingual("a torn line"), bilingual("an order"),
    bilingual("an empty battery"), bilingual("a line that the hazard cut"),
)  # fmt: skip
"""The same in words."""


class Channel(Record):
    """One way in which word gets through. What is not in the table is not used."""

    only = (BY_CHANNELS,)

    id: Id
    kind: ChannelName
    """public: telephones and messages over base stations; mhz370: the command network of 370 MHz; satellite: satellite
    phones of villages; broadcast: emergency broadcast from outside by the village's loudspeakers; loudspeaker: the same
    by its own officers; whistle: whistle, gong, hand-held loudspeaker; runner: somebody walks."""
    order: Number | None = Field(default=None, ge=0, le=1000)
    """Rank: the first that stands carries a message; empty: as the kinds stand in the list above."""
    delay_h: Hours | None = None
    """How much longer a message by it takes; empty: as its kind."""
    battery_h: Hours | None = None
    """Hours that it works at a place without mains, nor vehicles where its sets are charged from these; empty: as its
    kind."""
    assumed: Annotated[YesNo, ReadBy(PAGES)] = False


class Station(Place):
    """A base station. It has mains, a battery and a line, and each of the three can fail by itself."""

    only = (BY_CHANNELS,)

    kind: NetworkName = "public"
    """Whose network it carries."""
    radius_km: Kilometres | None = None
    """Places within this distance in a straight line are covered; empty: as its kind."""
    backup_h: Hours | None = None
    """Hours that its battery lasts; empty: drawn, with the median `station_battery_h`."""
    line: NameList = ()
    """Ids of the roads and bridges that its line follows; where one is torn, so is the line. Empty: none."""
    line_backup_h: Hours | None = None
    """Hours that the line itself works without mains; empty: as long as the station."""
    depth_limit_m: Metres = default("station_depth_m")
    """Water at its foot from which it stands still."""
    wind_limit_ms: MetresPerSecond | None = None
    """Wind from which it stands still; empty: none."""
    repair_h: Hours = default("station_repair_h")
    """Mean time of repair, once water, flames or wind are gone, or the road of its line is open again."""


class PowerArea(Place):
    """What hangs on one switch room or substation: the mains of the places around it."""

    only = (BY_CHANNELS,)

    feeds: NameList = ()
    """Ids of the places and stations that it feeds; who is in no list is fed by the nearest."""
    depth_limit_m: Metres = default("power_depth_m")
    """Water at its own spot from which it is cut."""
    wind_limit_ms: MetresPerSecond | None = None
    """Wind from which its lines are down; empty: none."""
    line: NameList = ()
    """Ids of the roads and bridges that its line follows. Empty: none."""
    cut: Moment | None = None
    """When it is cut by order, for safety; empty: never."""
    restored: Moment | None = None
    """When the order ends; empty: `line_repair` after the cut."""
    line_repair_h: Hours = default("power_line_back_h")
    """Mean time until power is back after a line is torn, burnt or blown down."""
    room_repair_h: Hours = default("power_room_back_h")
    """Mean time until it is back after its room was flooded, from when the water is gone."""


class UavRelay(Place):
    """A base station that flies: over silent places, as long as it has fuel; called when nothing is heard from them."""

    only = (BY_CHANNELS,)

    aircraft: Annotated[Whole, Field(ge=1, le=100)] = 1
    """How many relieve one another from this airfield."""
    radius_km: Annotated[Kilometres, Field(gt=0)] = default("relay_radius_km")
    """Places within this distance of where it holds are covered."""
    call_up_h: Hours = default("relay_call_up_h")
    """From the call until the first can take off."""
    cruise_kmh: Annotated[KilometresPerHour, Field(gt=0)] = default("relay_cruise_kmh")
    endurance_h: Annotated[Hours, Field(gt=0)] = default("relay_endurance_h")
    """Hours in the air, there and back included."""
    turnround_h: Hours = default("relay_turnround_h")
    """On the ground between two flights."""
    wind_limit_ms: MetresPerSecond = default("relay_wind_ms")
    """Wind in which it does not fly."""


class Trained(NamedTuple):
    """Satellite phones of a village."""

    phones: int
    share: float
    """Chance that somebody can use one of them."""

    def works(self, draw: float) -> bool:
        """Whether anybody gets through by any of them, at a uniform draw in 0..1; more phones never make it false."""
        return draw < 1 - (1 - self.share) ** self.phones


def _ends_later(row: PowerArea) -> Iterator[tuple[str, Text]]:
    if row.restored is not None and (row.cut is None or row.restored <= row.cut):
        yield "restored", bilingual("a moment after {setting}", setting="cut")


KINDS = (
    Kind(
        "station", "stations", Station, "place", noun("base station", "base stations"),
        "#5b4b8a", "hexagon", fill="#7a68b3", area=30.0, staffed=False,
    ),
    Kind(
        "power_area", "power", PowerArea, "place", noun("power area", "power areas"),
        "#b38600", "diamond", fill="#e0ac14", area=30.0, staffed=False, checks=(_ends_later,),
    ),
    Kind(
        "relay", "relays", UavRelay, "place", noun("UAV relay station", "UAV relay stations"),
        "#3f6d8f", "hexagon", fill="#6fa0c4", area=30.0, staffed=False,
    ),
)  # fmt: skip
"""Kinds of places of this module, for `kinds.register`."""
