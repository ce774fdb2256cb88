"""Who hangs on what, the same in all replications: stations that cover each place, and the area that feeds it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from simrescue.communication.channels import CHANNEL_KINDS, CHANNEL_NUMBER, Channel, ChannelKind
from simrescue.scenario.communication.coverage import covers, distance_km
from simrescue.scenario.records import Scenario


class ChannelInUse(NamedTuple):
    """A channel of the scenario, with what it leaves out filled in."""

    kind: ChannelKind
    number: int
    """Of its kind, as in logs."""
    delay_h: float
    battery_h: float
    """Hours that it works without mains; infinite: it needs none."""


class Layout(NamedTuple):
    """Channels and what they hang on; places by index."""

    lines: tuple[ChannelInUse, ...]
    """In the order in which they are tried."""
    covering: dict[str, dict[int, tuple[int, ...]]]
    """Kind of network -> place -> stations that cover it; only networks with stations."""
    feeder: dict[int, int]
    """Place or station -> power area that feeds it."""

    def has(self, kind: str) -> bool:
        """Whether a kind of channel is used at all."""
        return any(line.kind.name == kind for line in self.lines)


def layout_of(scenario: Scenario, index: dict[str, int], staffed: Iterable[int]) -> Layout | None:
    """The layout of a scenario; None where it names no channels.

    Args:
        scenario: checked, its tables in order.
        index: id -> index of every place.
        staffed: places that can be told and asked.
    """
    if not scenario.channels:
        return None
    places, ends = scenario.places, sorted(staffed)
    lines = sorted((_rank(channel), _line(scenario, channel)) for channel in scenario.channels)
    covering: dict[str, dict[int, tuple[int, ...]]] = {}
    for station in scenario.stations:
        cover = covering.setdefault(station.kind, {})
        for i in ends:
            if covers(scenario, station, places[i]):
                cover[i] = (*cover.get(i, ()), index[station.id])
    fed = [*ends, *(index[station.id] for station in scenario.stations)]
    return Layout(tuple(line for _, line in lines), covering, _feeders(scenario, index, fed))


def _rank(channel: Channel) -> tuple[float, str]:
    own = channel.order
    return float(CHANNEL_NUMBER[channel.kind] + 1 if own is None else own), channel.id


def _line(scenario: Scenario, channel: Channel) -> ChannelInUse:
    number, parameters = CHANNEL_NUMBER[channel.kind], scenario.parameters
    kind = CHANNEL_KINDS[number]
    delay_h = parameters.channel_delay_h(kind.delay) if kind.delay else 0.0
    battery_h = parameters.channel_battery_h(kind.battery) if kind.battery else float("inf")
    return ChannelInUse(
        kind,
        number,
        delay_h if channel.delay_h is None else channel.delay_h,
        battery_h if channel.battery_h is None else channel.battery_h,
    )


def _feeders(scenario: Scenario, index: dict[str, int], fed: Iterable[int]) -> dict[int, int]:
    """Area of each place: the one that names it, else the nearest."""
    places = scenario.places
    feeder = {index[name]: index[area.id] for area in scenario.power for name in area.feeds}
    for i in fed:
        if i not in feeder and scenario.power:
            nearest = min(scenario.power, key=lambda area: (distance_km(area, places[i]), area.id))
            feeder[i] = index[nearest.id]
    return feeder
