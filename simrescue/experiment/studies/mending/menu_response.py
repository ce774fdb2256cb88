"""What a menu offers of the response system: phones, radio, relays, village stores, hands at posts, aid asked earlier.

Only what the tables of a scenario have a place for: phones, radio, UAV relays and village stores where it has channels,
hands where it has township posts, requests where it has partners.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from simrescue.communication.channels import Station
from simrescue.experiment.studies.changes import Change, hours_text
from simrescue.places import NEED_KINDS
from simrescue.responders import RESPONSE_LEVELS
from simrescue.scenario.communication.coverage import distance_km
from simrescue.scenario.records import Scenario
from simrescue.wording import bilingual


def response_changes(scenario: Scenario) -> Iterator[Change]:
    """All such changes of a scenario, each with its price."""
    yield from _satellite_phones(scenario)
    yield from _radio(scenario)
    yield from _relay(scenario)
    yield from _village_stores(scenario)
    yield from _fused_posts(scenario)
    yield from _asked_earlier(scenario)


def _satellite_phones(scenario: Scenario) -> Iterator[Change]:
    """One in every village that has none, and the channel where the scenario does not name it."""
    without = [village for village in scenario.villages if not village.satellite_phones]
    if not scenario.channels or not without:
        return
    sets: dict[str, Any] = {f"villages.{village.id}.satellite_phones": 1 for village in without}
    if not any(channel.kind == "satellite" for channel in scenario.channels):
        sets = {"channels.phones-new": {"kind": "satellite", "assumed": True}, **sets}
    price = len(without) * scenario.parameters.price_satellite_phone_yuan
    yield Change("phones", *bilingual("a satellite phone in every village"), sets, price)


def _radio(scenario: Scenario) -> Iterator[Change]:
    """370 MHz on every mast of the public network: its own battery and radio link, so that no torn line silences it."""
    masts = [station for station in scenario.stations if station.kind == "public"]
    if not masts or any(channel.kind == "mhz370" for channel in scenario.channels):
        return
    sets: dict[str, Any] = {"channels.radio-new": {"kind": "mhz370", "assumed": True}}
    sets |= {f"stations.{mast.id}-370": _like(mast) for mast in masts}
    price = len(masts) * scenario.parameters.price_radio_station_yuan
    yield Change("radio-370", *bilingual("370 MHz radio on every mast"), sets, price)


def _like(mast: Station) -> dict[str, Any]:
    row = {"lon": mast.lon, "lat": mast.lat, "elevation": f"{mast.elevation_m:.6g} m"}
    return {**row, **({"zone": mast.zone} if mast.zone else {}), "kind": "mhz370", "assumed": True}


def _relay(scenario: Scenario) -> Iterator[Change]:
    """Two large UAVs with a base station in turn, from where the helicopters or the first crews stand."""
    if not scenario.channels or scenario.relays or not scenario.bases:
        return
    homes = {row.base for row in scenario.helicopters}
    base = next((base for base in scenario.bases if base.id in homes), scenario.bases[0])
    row = {"lon": base.lon, "lat": base.lat, "aircraft": 2, "assumed": True}
    price = 2 * scenario.parameters.price_relay_yuan
    yield Change("uav-relay", *bilingual("two UAVs with a base station in turn"), {"relays.relay-new": row}, price)


def _village_stores(scenario: Scenario) -> Iterator[Change]:
    """Food, water and medicine on an upper floor in every village that has no store of its township on foot."""
    if not scenario.channels:
        return
    parameters, reach_km = scenario.parameters, scenario.settings.relief.fetch_within_km
    stores = [depot for depot in scenario.depots if depot.tier == "township"]
    without = [
        village
        for village in scenario.villages
        if village.population and all(distance_km(village, store) > reach_km for store in stores)
    ]
    kept = [need for need in NEED_KINDS if need.used_up and need.name in scenario.settings.relief.tracked]
    prices = [parameters.yuan(need.price_yuan) for need in kept]
    days, sets, price = parameters.village_store_days, {}, 0.0
    for village in without:
        amount = float(village.population * days)
        height_m = village.elevation_m + parameters.upper_floor_height_m
        row = {"lon": village.lon, "lat": village.lat, "elevation": f"{height_m:.6g} m", "tier": "township"}
        goods = dict.fromkeys((need.name for need in kept), amount)
        zone = {"zone": village.zone} if village.zone else {}
        sets[f"depots.{village.id}-store"] = {**row, **zone, **goods, "opening": "0 h", "assumed": True}
        price += amount * sum(prices)
    if sets:
        yield Change("village-stores", *bilingual("a store on foot in every village"), sets, price)


def _fused_posts(scenario: Scenario) -> Iterator[Change]:
    """Emergency office and fire post of a township in one room: the hands of both."""
    posts = [post for post in scenario.posts if post.level == "township"]
    if not posts:
        return
    price = sum(post.staff for post in posts) * scenario.parameters.price_post_staff_yuan
    sets = {f"posts.{post.id}.staff": 2 * post.staff for post in posts}
    yield Change("fused-posts", *bilingual("township posts fused, with twice the hands"), sets, price)


def _asked_earlier(scenario: Scenario) -> Iterator[Change]:
    """Partners asked when a request has waited half as long, or one response level lower."""
    waits = {partner.id: partner.asked_after_h for partner in scenario.partners if partner.asked_after_h}
    an_hour = scenario.parameters.price_earlier_yuan_per_h
    if waits:
        sets: dict[str, Any] = {f"partners.{name}.asked_after": hours_text(wait / 2) for name, wait in waits.items()}
        words = bilingual("aid asked for when a request has waited half as long")
        yield Change("aid-asked-sooner", *words, sets, an_hour * max(waits.values()) / 2)
    response = scenario.settings.response
    consultation_h = max(response.of(number).consultation_h for number in RESPONSE_LEVELS.values())
    declared = {level.level for level in scenario.settings.command.levels} | {row.level for row in scenario.triggers}
    lower = dict(pairwise(level for level in RESPONSE_LEVELS if level in declared))
    levels = {partner.id: lower[partner.asked_at] for partner in scenario.partners if partner.asked_at in lower}
    if levels:
        sets = {f"partners.{name}.asked_at": level for name, level in levels.items()}
        words = bilingual("aid asked for one response level earlier")
        yield Change("aid-asked-lower", *words, sets, an_hour * consultation_h)
    approval_h = max(response.of(number).approval_h for number in RESPONSE_LEVELS.values())
    if approval_h and scenario.triggers and not scenario.settings.command.levels and not response.approved_later:
        words = bilingual("response levels in force before the post above has agreed")
        yield Change("approved-later", *words, {"response.approved_later": True}, an_hour * approval_h)
