"""Which channels a place has while everything works: base stations that cover it, satellite phones."""

from __future__ import annotations

from simrescue.communication.channels import Station
from simrescue.network import great_circle_km
from simrescue.places import Place, Village
from simrescue.scenario.records import Scenario


def both_ways(scenario: Scenario, place: Place, kinds: set[str]) -> set[str]:
    """Channels by which a place can be told and asked while all stations work.

    Args:
        scenario: the place's own.
        place: any place with people.
        kinds: channels that the scenario has.
    """
    standing = {network for network in kinds & {"public", "mhz370"} if is_covered(scenario, place, network)}
    if "satellite" in kinds and isinstance(place, Village) and place.satellite_phones and place.trained > 0:
        standing.add("satellite")
    return standing


def is_covered(scenario: Scenario, place: Place, network: str) -> bool:
    """Whether a network (of `channels.NetworkName`) covers a place; a public one without stations does everywhere."""
    stations: list[Station] = [station for station in scenario.stations if station.kind == network]
    if not stations:
        return network == "public"
    return any(covers(scenario, station, place) for station in stations)


def covers(scenario: Scenario, station: Station, place: Place) -> bool:
    """Whether a place lies within the radius of a base station: its own, or that of its kind."""
    parameters, own = scenario.parameters, station.radius_km
    of_kind = parameters.station_radius_km if station.kind == "public" else parameters.mhz370_radius_km
    return distance_km(station, place) <= (of_kind if own is None else own)


def distance_km(a: Place, b: Place) -> float:
    """Distance of two places in a straight line, km."""
    return float(great_circle_km(a.lon, a.lat, b.lon, b.lat))
