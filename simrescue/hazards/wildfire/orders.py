"""The rows of fire_orders.csv and fire_lines.csv: what a planner has crews do at a fire, and lines on the ground."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from simrescue.records import FIRE, PAGES, ReadBy, Record
from simrescue.units import Id, Latitude, Longitude, MetresLong, Moment, NameList, Persons, Whole, YesNo

TacticName = Literal["anchor", "rear", "flank", "head", "parallel", "indirect", "hold", "protect"]


class FireOrder(Record):
    """An order to crews at a fire; of several in force for a crew the latest counts, of those of one time the first id.

    Crews do as ordered where they master the flames, have time and a way out; else they work as they see fit.
    """

    only = (FIRE,)

    id: Id
    time_h: Moment = Field(alias="time")
    """When it is given."""
    until_h: Moment | None = Field(default=None, alias="until")
    """When it ends; empty: never."""
    fire: str = ""
    """Id of the ignition; empty: all fires."""
    stage: Whole = Field(default=0, ge=0, le=1000)
    """Only from this stage of the response on, the first being 1; 0: from the first crew on."""
    tactic: TacticName
    """`anchor`: where it ties in best; `rear`, `flank`, `head`: from there on; `parallel`, `indirect`: in front of the
    edge; `hold`: a line of fire_lines.csv, built before the fire comes and burned out from; `protect`: the same around
    a place."""
    distance_m: MetresLong = 0.0
    """With `indirect`: from the edge to the line; 0: the nearest that leaves time."""
    line: str = ""
    """With `hold`: the line."""
    place: str = ""
    """With `protect`: id of a village or institution."""
    width_m: Annotated[MetresLong, Field(le=1000)] = 0.0
    """With `hold` and `protect`: how wide the line is to be; 0: as the flames ask that are expected there."""
    crews: NameList = ()
    """Ids of the rows whose crews it is for; empty: all."""
    kinds: NameList = ()
    """Kinds of the teams that it is for; empty: all."""
    persons: Persons = 0
    """Hands in all that it is for, of those who come first and can do it; 0: all."""
    assumed: Annotated[YesNo, ReadBy(PAGES)] = False


class FireLinePoint(Record):
    """A point of a line on the ground: a break that stands before the fire comes, or one that can be ordered."""

    only = (FIRE,)

    line: Id
    """Name of the line; it runs straight from point to point."""
    point: Whole = Field(ge=0, le=1_000_000)
    """Number of the point along its line."""
    lon: Longitude
    lat: Latitude
    width_m: Annotated[MetresLong, Field(le=1000)] = 0.0
    """Of bare ground from here to the next point, as it stands; 0: nothing is built there yet."""
    assumed: Annotated[YesNo, ReadBy(PAGES)] = False
