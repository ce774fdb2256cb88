"""Fires that start by chance: on a day of a grade of danger so many of each cause, at places drawn for the scenario.

Fires of one cause are a Poisson process, whose rate in the hours of the day of that cause follows from the grade of
the day. Its moments are drawn by inverse transform: a process of rate 1 has its k-th point where so many fires are
expected by then. So a higher rate brings every fire forward and adds others, and never takes one away.

A fire is a place, and places are the same in all replications. So each cause has spots, drawn once for the scenario;
each replication puts them in an order of its own, and its k-th fire starts at the k-th. A spot burns once at most.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from itertools import accumulate
from typing import TYPE_CHECKING, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from simrescue.hazards.base import Floats
from simrescue.hazards.wildfire.danger.danger_days import DAY_H, DangerDay
from simrescue.hazards.wildfire.landscape.terrain import Landscape
from simrescue.hazards.wildfire.spread.reached_sites import metres
from simrescue.places import Ignition
from simrescue.streams import cell_stream, exponential, stream

if TYPE_CHECKING:
    from simrescue.hazards.scenario_view import Scenario

Mask = NDArray[np.bool_]


class IgnitionRate(Protocol):
    """A row of ignition_rates.csv."""

    @property
    def id(self) -> str:
        """Of the cause."""

    @property
    def per_day(self) -> tuple[float, ...]:
        """Fires a day on the whole landscape, on a day of each grade, I first."""

    @property
    def from_h(self) -> float:
        """Hour of the clock from which they start."""

    @property
    def to_h(self) -> float:
        """Hour of the clock to which they start; before `from_h`: of the next day."""

    @property
    def near_km(self) -> float | None:
        """Most distance from a road or from built-up land; None: anywhere."""

    @property
    def spots(self) -> int:
        """Places at which they can start, and most fires of the cause in a replication."""


class Span(NamedTuple):
    """A time in which fires of a cause start at one rate."""

    start_h: float
    end_h: float
    fires: float
    """Expected in it."""


def spot_id(cause: str, number: int) -> str:
    """Id of a spot of a cause, numbered from 1."""
    return f"{cause}-{number}"


def spots(scenario: Scenario, rates: Iterable[IgnitionRate]) -> tuple[Ignition, ...]:
    """The places at which fires of these causes can start, as ignitions whose hour is infinite.

    Of the cells with fuel that are near enough, the `spots` with the least of an exponential draw each: they keep their
    places when there are more of them, and those near a road keep theirs when the whole ground is free.
    """
    return tuple(spot for rate in rates for spot in _spots_of(scenario, rate))


def _spots_of(scenario: Scenario, rate: IgnitionRate) -> list[Ignition]:
    ground: Landscape = scenario.landscape
    # Seed and replication 0: spots are of the scenario, the same in all runs of it.
    draws = cell_stream(0, 0, f"ignition-spots/{rate.id}", ground.shape)
    cells = np.flatnonzero(cells_of(scenario, rate))
    chosen = cells[np.argsort(draws[cells], kind="stable")[: rate.spots]]
    lon, lat = ground.centre(chosen)
    name, name_zh = getattr(rate, "name", "") or rate.id, getattr(rate, "name_zh", "")
    return [
        Ignition.model_construct(
            id=spot_id(rate.id, number),
            name=f"{name} {number}",
            name_zh=f"{name_zh}{number}" if name_zh else "",
            lon=x,
            lat=y,
            assumed=True,
            time_h=math.inf,
        )
        for number, (x, y) in enumerate(zip(lon.tolist(), lat.tolist(), strict=True), 1)
    ]


def cells_of(scenario: Scenario, rate: IgnitionRate) -> Mask:
    """(N,) cells with fuel in which fires of a cause can start."""
    ground: Landscape = scenario.landscape
    burns: Mask = ground.burns.ravel()
    return burns if rate.near_km is None else burns & _near_people(scenario, rate.near_km * 1000).ravel()


def _near_people(scenario: Scenario, near_m: float) -> Mask:
    """(R, C) cells whose middle lies within a distance of a road, as a straight line, or of built-up land."""
    ground: Landscape = scenario.landscape
    near = np.zeros(ground.shape, dtype=bool)
    where = {place.id: metres(ground, place.lon, place.lat) for place in scenario.places}
    for village in scenario.settlements:
        _mark(ground, near, where[village.id], where[village.id], near_m + village.radius_km * 1000)
    for road in scenario.roads:
        _mark(ground, near, where[road.start], where[road.end], near_m)
    return near


Point = tuple[Floats, Floats]
"""Metres east and north of the south-west corner."""


def _mark(ground: Landscape, near: Mask, start: Point, end: Point, far_m: float) -> None:
    """Mark the cells within a distance of a straight line, metres."""
    (ax, ay), (bx, by) = (tuple(map(float, point)) for point in (start, end))
    rows, columns = ground.shape
    # Only the box around the line: a landscape has many times as many cells.
    first = max(0, math.floor((min(ax, bx) - far_m) / ground.cell_x_m))
    last = min(columns, math.ceil((max(ax, bx) + far_m) / ground.cell_x_m))
    top = max(0, math.floor(rows - (max(ay, by) + far_m) / ground.cell_y_m))
    bottom = min(rows, math.ceil(rows - (min(ay, by) - far_m) / ground.cell_y_m))
    if first >= last or top >= bottom:
        return
    x = (np.arange(first, last) + 0.5) * ground.cell_x_m - ax
    y = ((rows - np.arange(top, bottom) - 0.5) * ground.cell_y_m - ay)[:, None]
    east, north = bx - ax, by - ay
    length2 = east**2 + north**2
    along = np.clip((x * east + y * north) / length2, 0, 1) if length2 else 0.0
    near[top:bottom, first:last] |= np.hypot(x - along * east, y - along * north) <= far_m


# ---- when they start


def spans(rate: IgnitionRate, days: Sequence[DangerDay], duration_h: float) -> list[Span]:
    """The times in which fires of a cause start, in order, from the start of the scenario to its end.

    Args:
        rate: of the cause.
        days: their grades of danger; the first begins at or before hour 0.
        duration_h: of the scenario.
    """
    from_h, to_h = rate.from_h, rate.to_h
    hours = [(from_h, to_h)] if from_h < to_h else [(0.0, to_h), (from_h, DAY_H)]
    total_h = math.fsum(end - start for start, end in hours)
    answer = []
    for day in days:
        per_h = rate.per_day[day.grade - 1] / total_h
        for start, end in hours:
            begin_h, end_h = max(0.0, day.begin_h + start), min(duration_h, day.begin_h + end)
            if begin_h < end_h and per_h:
                answer.append(Span(begin_h, end_h, per_h * (end_h - begin_h)))
    return answer


def expected_fires(rate: IgnitionRate, days: Sequence[DangerDay], duration_h: float) -> float:
    """Mean number of fires of a cause in a scenario; arguments as of `spans`. Spots may be fewer than it takes."""
    return math.fsum(span.fires for span in spans(rate, days, duration_h))


def drawn_h(
    rate: IgnitionRate, days: Sequence[DangerDay], duration_h: float, n_spots: int, seed: int, replication: int
) -> dict[int, float]:
    """Spots of a cause that burn in a replication -> the hour at which they begin to.

    Args:
        rate: of the cause.
        days: their grades of danger.
        duration_h: of the scenario.
        n_spots: that there are.
        seed: of the run.
        replication: its number.

    Returns:
        Numbers of spots, 0 to `n_spots` - 1, in order of time. Whatever is done in the replication, they are the same.
    """
    times = spans(rate, days, duration_h)
    by_then = list(accumulate(span.fires for span in times))
    if not by_then:
        return {}
    draws, order = stream(seed, replication, "ignitions", rate.id), list(range(n_spots))
    # A stream of its own: more spots shift no hour.
    stream(seed, replication, "ignition-order", rate.id).shuffle(order)
    answer, reached = dict[int, float](), exponential(draws.random())
    for spot in order:
        if reached >= by_then[-1]:
            break
        span = times[bisect_left(by_then, reached)]
        left = (by_then[bisect_left(by_then, reached)] - reached) / span.fires
        answer[spot] = span.end_h - left * (span.end_h - span.start_h)
        reached += exponential(draws.random())
    return answer
