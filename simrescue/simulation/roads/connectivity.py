"""Which places hang together by road, as command knows it: who can get where at all."""

from __future__ import annotations

from simrescue.network import Router
from simrescue.simulation.world import Member

LIKE = {
    **dict.fromkeys(("car", "bus", "truck"), "truck"),
    **{vehicle: vehicle for vehicle in ("high_clearance", "foot", "boat")},
}
"""Vehicles that roads bind, and whose roads they use; aircraft get everywhere."""
Group = tuple[str, int]
"""Way of moving ("": anywhere) and part of the road network: those who get to the same places."""
ANYWHERE: Group = ("", 0)


class RoadPicture:
    """For each way of moving of the responders, the parts that the network falls into."""

    def __init__(self, router: Router, members: tuple[Member, ...]) -> None:
        likes = sorted({LIKE[member.vehicle] for member in members if member.vehicle in LIKE})
        self.parts = {like: router.parts(like) for like in likes}

    def group(self, like: str, place: int) -> Group:
        """Of somebody at a place."""
        return (like, self.parts[like].part[place]) if like else ANYWHERE

    def reaches(self, group: Group, place: int) -> bool:
        """Whether those of a group can get to a place."""
        like, part = group
        return not like or self.parts[like].part[place] == part

    def around(self, place: int) -> list[Group]:
        """All who can get to a place."""
        return [ANYWHERE, *self.roads(place)]

    def roads(self, place: int) -> list[Group]:
        """Who can get to a place by road."""
        return [(like, parts.part[place]) for like, parts in self.parts.items()]

    def take_grown(self) -> set[Group]:
        """Groups that can get to more places than at some time since this was last asked."""
        return {(like, part) for like, parts in self.parts.items() for part in parts.take_grown()}
