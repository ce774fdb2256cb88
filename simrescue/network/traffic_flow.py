"""How fast traffic flows on a road: speed by density, for the vehicles that go in one direction.

The modified Greenshields model of two regimes (Mahmassani et al. 2009; USACE LifeSim Technical Reference Manual v1.0,
ch. 7): free up to a break point, then v0 + (vi - v0) (1 - k / kj)^a, with the intercept vi such that the speed does not
jump at the break. Beyond the jam density a queue stands, which leaves at the flow of the jam.
"""

from __future__ import annotations

import math
from typing import NamedTuple

from simrescue.parameters import Parameters
from simrescue.places import Road

SLOT_H = 0.25
"""Over so long those who set out together are taken to set out, and those on a road are counted together."""
MOST_STEPS = 60
SAME_H = 1e-9


class Flow(NamedTuple):
    """How one direction of a road takes traffic; vehicles are passenger cars, or what takes up as much of the road."""

    length_km: float
    lanes: float
    free_kmh: float
    """Speed of cars on the empty, dry road."""
    break_per_km: float
    """Vehicles per km and lane up to which they drive freely."""
    power: float
    jam_per_km: float
    """Vehicles per km and lane in a standing jam."""
    stop_and_go_kmh: float
    capacity_per_h: float = math.inf
    """Vehicles an hour that can pass at most, all lanes together."""

    def speed_kmh(self, per_km: float) -> float:
        """Speed at a density in vehicles per km and lane; it never grows with the density.

        It is never above the free speed, and the flow never above what passes in an hour.
        """
        # A little less than nothing too, which rounding leaves of vehicles that have been withdrawn.
        if per_km <= 0:
            return self.free_kmh
        slow = min(self.stop_and_go_kmh, self.free_kmh)
        if per_km >= self.jam_per_km:
            speed = slow * self.jam_per_km / per_km
        elif per_km <= self.break_per_km:
            speed = self.free_kmh
        else:
            room = (self.jam_per_km - per_km) / (self.jam_per_km - self.break_per_km)
            speed = slow + (self.free_kmh - slow) * room**self.power
        return min(speed, self.capacity_per_h / (per_km * self.lanes))

    @property
    def free_vehicle_h(self) -> float:
        """Hours that vehicles can spend on it within a slot, all together, without anybody being slowed."""
        per_km = min(self.break_per_km, self.jam_per_km, self.capacity_per_h / (self.free_kmh * self.lanes))
        return per_km * SLOT_H * self.length_km * self.lanes

    def hours(self, own_h: float, spent_h: float, vehicles: float) -> float:
        """Hours that vehicles need which enter together, never less than without the others.

        What they need depends on their own density, and that on what they need: the least time that fits is found by
        repeated substitution from below, so that it grows with the vehicles and with the others.

        Args:
            own_h: what they would need without anybody else.
            spent_h: hours that others spend on the road within the slot (Edie 1963).
            vehicles: how many they are; 0: they do not slow one another, as a convoy that keeps its distances.
        """
        place, hours = SLOT_H * self.length_km * self.lanes, own_h
        if place <= 0:
            return own_h
        for _ in range(MOST_STEPS):
            # Within the slot nobody spends more time than it has.
            per_km = (spent_h + vehicles * min(hours, SLOT_H)) / place
            longer = max(own_h, self.length_km / self.speed_kmh(per_km))
            if longer <= hours + SAME_H:
                break
            hours = longer
        return hours


def flow_of(road: Road, length_km: float, truck_kmh: float, parameters: Parameters) -> Flow:
    """How a road takes traffic in either direction: by its class where its row states nothing.

    Args:
        road: its row.
        length_km: its length.
        truck_kmh: speed of loaded trucks on it, empty and dry.
        parameters: the default numbers of the scenario.
    """
    jam_per_km = road.jam_density or parameters.jam_density
    return Flow(
        length_km,
        road.lanes or parameters.lanes(road.kind),
        truck_kmh * parameters.car_speed_factor,
        # A row may state a jam density below the break of its class, and the curve needs room between the two.
        min(parameters.break_density(road.kind), jam_per_km / 2),
        parameters.congestion_power(road.kind),
        jam_per_km,
        parameters.stop_and_go_kmh,
        road.capacity or math.inf,
    )


def cars_of(vehicle: str, persons: float, parameters: Parameters) -> float:
    """Passenger cars that take up as much of a road as the vehicles of so many people; 0 on foot.

    Args:
        vehicle: a way of moving; a boat counts as what carries it.
        persons: who go in it.
        parameters: the default numbers of the scenario.
    """
    if vehicle == "foot" or persons <= 0:
        return 0.0
    if vehicle == "car":
        return persons / parameters.persons_per_car
    if vehicle == "two_wheeler":
        return persons / parameters.persons_per_two_wheeler * parameters.two_wheeler_cars
    each = parameters.carried_per_driver if vehicle == "bus" else parameters.persons_per_lorry
    return max(1.0, persons / each) * parameters.heavy_vehicle_cars
