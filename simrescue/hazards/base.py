"""What a hazard is to the simulation: it says when it next changes, and what it does then, in effects.

A hazard works on `sites`: all places, then all roads, in the order of the world's table of things. A flood runs its
course whatever anybody does; a fire is told what the responders did since the last time (`Effort`). Several hazards of
one scenario share one clock and know nothing of each other: what they do to one site is put together by the
simulation, whose table has one handler for each type of effect.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from enum import IntEnum
from types import MappingProxyType
from typing import NamedTuple, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

Indexes = NDArray[np.intp]
Floats = NDArray[np.float64]

ALL_FIRES = -1
"""Instead of the number of a fire."""
BURNING, CONTAINED, CONTROLLED, OUT, ESCAPED = range(5)
"""States of a fire: its edge is open somewhere; closed all round by line, water and bare ground; closed and mopped up;
nothing burns; it ran off the landscape."""
DIRECT, PARALLEL, INDIRECT, WATER = range(4)
"""Ways of building line: at the edge; some metres off; far off, with the ground between burnt out; with pumps."""
METHODS = ("direct", "parallel", "indirect", "water")
ZONE, AWAY, BARE, NOWHERE = range(4)
"""Where a crew makes for on its way out: a safety zone; away from the fire; bare ground that is none; it stays."""
AT_POST, FLEEING, ON_FOOT = range(3)
"""Where flames come to a crew: at its post; on its way out; on foot without a post, under way or waiting."""


class Tactic(IntEnum):
    """What a crew does on the line; in files by its name in small letters."""

    ANCHOR = 0
    """Begins where it is anchored best and works round the fire: what crews do by themselves."""
    REAR = 1
    """Begins at the rear of the fire."""
    FLANK = 2
    """Begins on a flank."""
    HEAD = 3
    """Begins at the head."""
    PARALLEL = 4
    """In front of the edge, some metres off."""
    INDIRECT = 5
    """Far off, with the ground between burnt out."""
    HOLD = 6
    """Builds a line along given points before the fire comes, and burns out from it."""
    PROTECT = 7
    """The same around a place."""


TACTICS = tuple(tactic.name.lower() for tactic in Tactic)
HELD = (Tactic.HOLD, Tactic.PROTECT)
"""Of lines that lie where they are ordered."""


class Refusal(IntEnum):
    """Why a crew cannot do as ordered."""

    TOO_HOT = 0
    """Flames longer than it masters, or than any line holds."""
    TOO_LATE = 1
    """The fire would be there before the line."""
    NOTHING_TO_DO = 2
    """Nothing is left to do there."""
    TOO_DANGEROUS = 3
    """The fire could cut it off."""


# ---- effects


class WaterDepth(NamedTuple):
    """Water of this depth stands at a site from now on, flowing at this speed (m, m/s)."""

    site: int
    depth_m: float
    velocity_ms: float
    danger: int
    """Hazard class of such water at a place (`depth_effects.hazard_class`)."""
    ford_m: float = 0.0
    """On a road: water over the bed of the stream under it, which who walks has to wade where a bridge is gone; where
    it is less than `depth_m`, that counts."""


class Flames(NamedTuple):
    """Flames have come to a site (True) or have left it (False)."""

    site: int
    arrive: bool


class Smoke(NamedTuple):
    """Thick smoke has come to a site (True) or has left it (False)."""

    site: int
    thick: bool


class RoadClosed(NamedTuple):
    """A road is closed by a cause (of `network.closures.CAUSES`) until the same cause is cleared."""

    site: int
    cause: str


class RoadCleared(NamedTuple):
    """A cause that closed a road is gone; other causes may still stand."""

    site: int
    cause: str


class PlaceLost(NamedTuple):
    """A place is buried or torn away: nothing works there to the end, and whoever is in it is trapped."""

    site: int


class LineLost(NamedTuple):
    """Telephones of a place, or the line of a base station, fail for so many hours (infinite: not by themselves)."""

    site: int
    hours: float


class PowerLost(NamedTuple):
    """The power area of a place (or itself one) fails for so many hours (infinite: until crews mend it)."""

    site: int
    hours: float


Effect = WaterDepth | Flames | Smoke | RoadClosed | RoadCleared | PlaceLost | LineLost | PowerLost
EffectType = type[WaterDepth | Flames | Smoke | RoadClosed | RoadCleared | PlaceLost | LineLost | PowerLost]


class Hazard(Protocol):
    """One drawn course of events; each replication has its own."""

    def next_time(self) -> float:
        """Hour at which `advance` is due next; infinite when nothing more can change.

        The clock asks again after each `advance`.
        """
        ...

    def advance(self, now: float, effort: Effort) -> list[Effect]:
        """Move to an hour; time never goes back.

        Args:
            now: hours since the start of the scenario.
            effort: what the responders did to the fires since the last call; other hazards need not look at it.

        Returns:
            What is different since then, in the order in which it takes effect; all of it counts as happening at `now`.
        """
        ...


@runtime_checkable
class Gauged(Protocol):
    """A hazard of which gauges stand somewhere."""

    def reading(self, gauge: str, now: float, ahead_h: float = 0.0) -> float:
        """What a gauge shows at an hour, and what is forecast for it, whichever is more.

        Args:
            gauge: its name.
            now: hours since the start.
            ahead_h: for so many hours the forecast counts.

        Returns:
            The reading in the unit of the gauge; nan: it has no such gauge.
        """
        ...


# ---- fire


class Work(NamedTuple):
    """What one crew on the line has put in since the last advance."""

    crew: int
    """Index of the crew in the table of things."""
    person_h: float
    """Person-hours at full strength: people x hours x (fatigue, darkness)."""
    water_t: float | None = None
    """Pumped water that it can use, t; None: as its tools were when it took its post, with all that it can use."""
    at_pumps: float = 0.0
    """Share of its people who stand at pumps, not at the edge, while it works with water."""
    persons: float = 0.0
    """Its people, who take up room at the edge; 0: as many as the person-hours are at full strength."""


class Drop(NamedTuple):
    """One load of water on the front."""

    crew: int
    """Index of the helicopter in the table of things."""
    fire: int
    tonnes: float


class Effort(NamedTuple):
    """What the responders did to the fires since the last advance."""

    works: tuple[Work, ...] = ()
    drops: tuple[Drop, ...] = ()


IDLE = Effort()


class FireChanges(NamedTuple):
    """What has happened to the fires in the last advance. They are numbered 0.. in the order of the ignitions.

    Cells are flat indexes of the landscape.
    """

    burns: tuple[tuple[float, int, int], ...] = ()
    """Cells that have caught fire: (hour, fire, cell), in order of time, then cell."""
    crowned: Mapping[int, float] = MappingProxyType({})
    """Crown fraction burned, above 0 to 1, of those cells whose crowns burn."""
    spots: tuple[tuple[float, int, int], ...] = ()
    """Embers that have started a new front: (hour, fire, cell)."""
    lines: tuple[tuple[int, int, int, float], ...] = ()
    """Cells closed by line: (crew, fire, cell, width in m), in the order of building."""
    built: tuple[tuple[int, float, int], ...] = ()
    """Metres of line of each crew that worked, and the method: (crew, metres, method)."""
    wets: tuple[tuple[int, int, int], ...] = ()
    """Cells wetted by drops: (crew, fire, cell)."""
    states: tuple[tuple[int, int], ...] = ()
    """Fires whose state has changed: (fire, state)."""
    rekindles: tuple[tuple[int, int], ...] = ()
    """Fires that broke out across their line: (fire, cell)."""
    overrun: tuple[int, ...] = ()
    """Crews that the front has burned over, wherever they were."""
    entrapped: tuple[tuple[int, int], ...] = ()
    """Crews that flames have come too near to, with ground to stand on: (crew, where: `AT_POST` and so on)."""
    breaches: tuple[tuple[int, int], ...] = ()
    """Fronts that crossed a line which they came to: (fire, cell)."""
    taken: tuple[tuple[int, float], ...] = ()
    """Metres of line that the fire took before they were closed: (crew, metres)."""
    lit: tuple[tuple[int, int, int], ...] = ()
    """Cells in which crews lit the ground between their line and the fire: (crew, fire, cell)."""
    poured: tuple[tuple[int, float, float], ...] = ()
    """Pumped water: (crew, t used, hours that it stood before flames which took more than came)."""


class FireState(NamedTuple):
    """How one fire stands now."""

    state: int
    area_ha: float
    perimeter_km: float
    """Length of its outer edge."""
    open_km: float
    """Part of the edge from which it can still spread."""
    line_km: float
    """Line built on it so far."""
    mopped: float
    """Share of the closed edge that is mopped up."""
    head_m_min: float
    """Fastest rate of spread on the open edge."""
    flame_m: float
    """Longest flames on the open edge."""


class Hands(NamedTuple):
    """People who build line."""

    number: float
    """At full strength."""
    trained: bool
    """Whether they build line at the rate of a trained crew."""
    machines: tuple[float, float] = (0.0, 0.0)
    """Dozers and excavators for each of them."""
    in_h: float = 0.0
    """Hours until they can begin: on foot, or still on the road."""


class Tools(NamedTuple):
    """What a crew works with on the line."""

    flame_limit_m: float
    """Longest flames that its tools master."""
    trained: bool
    """Whether it builds line at the rate of a trained crew."""
    water: bool
    """Whether it works with pumped water."""
    machines: tuple[float, float] = (0.0, 0.0)
    """Dozers and excavators for each of its people."""
    slope_limit: float = math.inf
    """Steepest ground (rise over run) that it may work on."""
    flame_bound_m: float = math.inf
    """Longest flames that it may work at, whatever its tools master."""
    hands: float = 1.0
    """Of the crew, at full strength."""
    together: tuple[Hands, ...] = ()
    """All who are to build the line that it is ordered to, itself among them, on the road too; empty: it is alone."""


class Order(NamedTuple):
    """What a crew is to do on the line."""

    tactic: Tactic = Tactic.ANCHOR
    distance_m: float = 0.0
    """With `INDIRECT`: of the line from the edge; 0: the nearest that leaves time."""
    line: str = ""
    """With `HOLD`: name of the line."""
    place: int = -1
    """With `PROTECT`: index of the place in the table of things."""
    width_m: float = 0.0
    """With `HOLD` and `PROTECT`: how wide the line is to be; 0: as the flames ask that are expected there."""


AS_FOUND = Order()
"""Nothing is ordered: crews begin where they see fit."""


class Post(NamedTuple):
    """Where a crew works on the line."""

    lon: float
    lat: float
    method: int
    tactic: Tactic = Tactic.ANCHOR
    refused: Refusal | None = None
    """Why it does not do as ordered, but as it sees fit; None: it does."""


class Escape(NamedTuple):
    """The way out of a crew that leaves its post for the flames."""

    hours: float
    """Until it is out of reach, from now."""
    cut_off: bool
    """Flames stand on every way out."""
    end: tuple[float, float] | None = None
    """Where it leads, as (lon, lat); None: the crew is not there."""
    cell: int = -1
    """The cell of that."""
    refuge: int = NOWHERE
    """What is there: `ZONE` and so on."""


class OnFoot(NamedTuple):
    """A crew near a fire and at no post: under way straight from one point to another, or waiting at one."""

    fire: int
    flame_limit_m: float
    """Longest flames that it masters."""
    start: tuple[float, float]
    """(lon, lat)."""
    end: tuple[float, float]
    """The same as `start` while it waits."""
    since_h: float
    """Hour at which it sets out."""
    hours: float
    """From start to end."""


class FireHazard(Hazard, Protocol):
    """One course of all fires of a scenario, which answers to those who fight it.

    `next_time` is that of the next change by itself: a cell catches fire, a spot, a change of the wind.
    """

    changes: FireChanges
    """What happened to the fires in the last advance."""
    begins_h: Sequence[float]
    """Hour at which each fire begins, in the order of the ignitions; infinite: not in this course."""

    def state(self, fire: int) -> FireState:
        """How a fire (its number, 0.. in the order of the ignitions) stood at the last advance."""
        ...

    @property
    def wind_ms(self) -> float:
        """Wind 10 m above open ground, as at the last advance at which something burned."""
        ...

    @property
    def temperature_c(self) -> float:
        """Of the air, degrees Celsius, as at that advance."""
        ...

    @property
    def humidity(self) -> float:
        """Relative humidity of the air, 0..1, as at that advance."""
        ...

    def danger_grade(self, hour: float) -> int:
        """Grade of fire danger, 1 to 5, of the day of an hour, as told in its morning."""
        ...

    def edge_point(self, fire: int, lon: float, lat: float) -> tuple[float, float] | None:
        """The point of a fire's outer edge nearest to a point (degrees), as (lon, lat).

        None before it begins and when it is out.
        """
        ...

    def reach_km(self, fire: int) -> float:
        """Distance, km, from where a fire began to its farthest burnt cell, and one cell more."""
        ...

    def take_post(
        self, crew: int, fire: int, lon: float, lat: float, tools: Tools, order: Order = AS_FOUND
    ) -> Post | None:
        """A crew begins work on a fire as ordered, else where it can do so best; the post that it had is given up.

        Args:
            crew: index of the crew in the table of things.
            fire: number of the fire.
            lon: of the point from which it comes, degrees.
            lat: the same.
            tools: what it works with.
            order: what it is to do there.

        Returns:
            Its post; None: nothing on this fire that it can do now (too hot, or nothing open). A contained fire gives
            posts for mopping up.
        """
        ...

    def line_point(self, order: Order, lon: float, lat: float) -> tuple[float, float] | None:
        """The point, as (lon, lat), nearest to another (degrees) on the line that an order is to hold.

        None where it is no such order or nothing of the line can burn.
        """
        ...

    def post(self, crew: int) -> Post | None:
        """Where a crew works now; None when it has no post or has lost it (then it may ask for another)."""
        ...

    def leave(self, crew: int) -> None:
        """The crew (its index) goes away; one that has no post may say so too."""
        ...

    def set_out(self, crew: int, walk: OnFoot) -> None:
        """A crew (its index) is on foot near a fire from now on until it says something else (`leave`, `take_post`).

        From now on `danger_h` answers for where it is, and `changes` tells if the front catches it there.
        """
        ...

    def danger_h(self, crew: int) -> float:
        """Hours until flames that the crew does not master can reach it, now or as foreseen.

        Infinite: they cannot; minus infinity: it runs from them already.
        """
        ...

    def is_foreseen(self, crew: int) -> bool:
        """Whether what `danger_h` tells of comes only with the next turn of the wind, as forecast."""
        ...

    def way_out_h(self, crew: int) -> float:
        """Hours on foot by daylight from where a crew is to a refuge, or to ground where the front does not come."""
        ...

    def flee(self, crew: int, pace: float) -> Escape:
        """A crew gets away from where it is by its way out; from now on `changes.overrun` tells of it there.

        Args:
            crew: its index.
            pace: of its walk, against daylight.

        Returns:
            How long that takes, whether there is a way out at all and where it leads; no time for who is not there.
        """
        ...

    def water_point(self, crew: int, fire: int) -> tuple[float, float] | None:
        """Where (lon, lat) a drop of an aircraft on a fire would do most good now.

        None when no open edge can be worked on from the air.
        """
        ...

    def smoke_at(self, lon: float, lat: float) -> bool:
        """Whether thick smoke lies over a point now."""
        ...

    def expected_h(self, place: int, fire: int = ALL_FIRES) -> float:
        """Hours from now until the front of a fire reaches a place, as command can reckon: as it stands and runs now.

        The straight way from the nearest open edge at the rate of spread of the edge towards it; infinite when it does
        not run there.
        """
        ...
