"""A run as layers of a map: places and sites are points, roads, closures and tracks lines, fires areas, with times.

Figures of places are over all replications; closures, tracks and fires are of the one that is shown.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import numpy as np

from simrescue.experiment.analysis.township_names import township_names
from simrescue.explain import Names, facts_of, start_of, things_of
from simrescue.export.burned_areas import Polygon, burned_areas
from simrescue.hazards.wildfire.landscape.ascii_grid import Grid
from simrescue.kinds import kind_named
from simrescue.report.replay.states import OPEN, WHAT, road_looks, steps
from simrescue.report.replay.tracks import places_of, tracks
from simrescue.wording import Words, bilingual

if TYPE_CHECKING:
    from simrescue.events import EventLog
    from simrescue.experiment.store.stored_results import Results

Value = str | float | int | None
_TEXT, _NUMBER, _COUNT, _TIME = "TEXT", "REAL", "INTEGER", "DATETIME"
_NAMED = {"id": _TEXT, "name": _TEXT, "name_zh": _TEXT, "kind": _TEXT, "kind_zh": _TEXT}
_SPAN = {"from_h": _NUMBER, "to_h": _NUMBER, "from_time": _TIME, "to_time": _TIME}
MEANS = ("affected", "evacuated", "trapped", "rescued", "deaths", "late_person_h")
"""Columns of places.parquet whose mean over the replications stands in the layer of places."""
MIDDLES = ("order_h", "impact_h", "first_relief_h", "relief_p95_h")
"""Columns whose middle replication stands there; a gap where it is never."""


class Feature(NamedTuple):
    """One thing on a map."""

    points: tuple[tuple[float, float], ...]
    """Longitude and latitude, WGS84; one of a point, two or more of a line."""
    values: tuple[Value, ...]
    """In the order of the layer's fields."""
    polygons: tuple[Polygon, ...] = ()
    """Of an area, in the place of points."""


class MapLayer(NamedTuple):
    """Features of one kind."""

    name: str
    title: Words
    geometry: Literal["Point", "LineString", "MultiPolygon"]
    fields: dict[str, str]
    """Name -> type, as SQLite and GeoPackage call it."""
    features: list[Feature]


def map_layers(results: Results, replication: int | None) -> list[MapLayer]:
    """The layers of a run.

    Args:
        results: stored, with its tables.
        replication: whose closures, tracks and fires are shown; None: no log was kept, and these layers are left out.

    Raises:
        ResultsError: a table or the log is missing or damaged.
    """
    layers = [_places(results), _sites(results)]
    if replication is None:
        return [*layers, _roads(results, {})]
    log = results.log(replication)
    closures = list(_closures(results, log))
    hours = dict[int, float]()
    for road, _, from_h, to_h in closures:
        hours[road] = hours.get(road, 0.0) + to_h - from_h
    layers += [_roads(results, hours), _closure_layer(results, closures), _track_layer(results, log)]
    return [*layers, _fire_layer(results, log)] if results.manifest["scenario"].get("landscape") else layers


def _is_settled(kind: str) -> bool:
    return kind in ("village", "institution")


def _words(names: Names, index: int, kind: str) -> tuple[str, str, str, str]:
    noun = kind_named(kind).noun
    return (*names.of(index), noun.one, noun.zh)


def _places(results: Results) -> MapLayer:
    """Villages and institutions with what became of their people."""
    names, figures, townships = Names(things_of(results.things)), place_figures(results), called(results)
    fields = {
        **_NAMED, "township": _TEXT, "township_zh": _TEXT, "county": _TEXT, "residents": _NUMBER,
        **dict.fromkeys((*MEANS, *MIDDLES, "never_relieved"), _NUMBER),
    }  # fmt: skip
    features = [
        Feature(((row["lon"], row["lat"]),), (
            row["id"], *_words(names, row["index"], row["kind"]), *townships[row["township"]], row["county"],
            *(_finite(figures[name].get(row["index"], np.nan))
              for name in ("population", *MEANS, *MIDDLES, "never_relieved")),
        ))
        for row in results.things.to_dict("records") if _is_settled(row["kind"])
    ]  # fmt: skip
    return MapLayer("places", bilingual("Villages and institutions"), "Point", fields, features)


def called(results: Results) -> dict[str, Words]:
    """Township, as the scenario has it -> its name in English and Chinese, in either language never empty.

    Args:
        results: a stored run.
    """
    townships = set(results.things["township"])
    known = township_names(townships, results.things)
    return {name: Words(*(text or name for text in known.get(name, (name, name)))) for name in townships}


def place_figures(results: Results) -> dict[str, dict[int, float]]:
    """Figure -> index of a place -> its value over the replications.

    Args:
        results: a stored run.

    Returns:
        `population` and `MEANS` as means, `MIDDLES` as the lower middle (infinite: never), and `never_relieved`: share
        of the replications that affected the place in which more than 5 % of its people saw no relief; nan: none did.
    """
    table = results.places
    by_place = table.groupby("village")
    figures: dict[str, Any] = {name: by_place[name].mean() for name in ("population", *MEANS)}
    for name in MIDDLES:
        figures[name] = by_place[name].apply(
            lambda hours: float(np.quantile(hours.fillna(np.inf), 0.5, method="inverted_cdf"))
        )
    hit = table[table["affected"] > 0]
    figures["never_relieved"] = np.isinf(hit["relief_p95_h"]).groupby(hit["village"]).mean()
    return {name: {int(place): float(value) for place, value in column.items()} for name, column in figures.items()}


def _finite(value: float) -> Value:
    return round(value, 4) if np.isfinite(value) else None


def _sites(results: Results) -> MapLayer:
    """Shelters, depots, bases, landing sites and whatever else is a place and no junction."""
    names, townships = Names(things_of(results.things)), called(results)
    fields = {**_NAMED, "township": _TEXT, "township_zh": _TEXT, "level": _TEXT}
    features = [
        Feature(((row["lon"], row["lat"]),), (
            row["id"], *_words(names, row["index"], row["kind"]), *townships[row["township"]], row.get("level") or "",
        ))
        for row in results.things.to_dict("records")
        if kind_named(row["kind"]).role == "place" and row["kind"] != "junction" and not _is_settled(row["kind"])
    ]  # fmt: skip
    return MapLayer("sites", bilingual("Sites"), "Point", fields, features)


def _ends(results: Results) -> dict[int, tuple[tuple[float, float], tuple[float, float]]]:
    """Index of a road -> where it begins and ends."""
    lon, lat = results.things["lon"].tolist(), results.things["lat"].tolist()
    return {
        row["index"]: ((lon[row["from"]], lat[row["from"]]), (lon[row["to"]], lat[row["to"]]))
        for row in results.roads.to_dict("records")
    }


def _roads(results: Results, closed_h: dict[int, float]) -> MapLayer:
    names, ends, ids = Names(things_of(results.things)), _ends(results), results.things["id"].tolist()
    fields = {
        **_NAMED, "from_id": _TEXT, "to_id": _TEXT, "class": _TEXT, "length_km": _NUMBER, "bridge": _COUNT,
        "closed_h": _NUMBER,
    }  # fmt: skip
    features = [
        Feature(ends[row["index"]], (
            ids[row["index"]], *_words(names, row["index"], "road"), ids[row["from"]], ids[row["to"]], row["kind"],
            _finite(row["length_km"]), int(row["bridge"]), _finite(closed_h.get(row["index"], 0.0)),
        ))
        for row in results.roads.to_dict("records")
    ]  # fmt: skip
    return MapLayer("roads", bilingual("Roads"), "LineString", fields, features)


Closure = tuple[int, int, float, float]
"""Index of a road, its state as in `states.road_looks`, from and to: hours since the start."""


def _closures(results: Results, log: EventLog) -> Iterator[Closure]:
    """Each time that a road was closed, by what closed it and whether command knew."""
    facts = facts_of(results, log)
    changed = steps(log, facts)
    of_roads = changed.what == WHAT.index("road")
    columns = (changed.thing[of_roads].tolist(), changed.time_h[of_roads].tolist(), changed.value[of_roads].tolist())
    by_road: dict[int, list[tuple[float, int]]] = {}
    for road, time_h, value in zip(*columns, strict=True):
        course = by_road.setdefault(road, [])
        if not course or course[-1][1] != int(value):
            course.append((time_h, int(value)))
    for road, course in by_road.items():
        for (from_h, state), (to_h, _) in pairwise([*course, (facts.duration_h, OPEN)]):
            if state != OPEN and to_h > from_h:
                yield road, state, from_h, to_h


def _closure_layer(results: Results, closures: Sequence[Closure]) -> MapLayer:
    names, ends, ids = Names(things_of(results.things)), _ends(results), results.things["id"].tolist()
    looks, start = road_looks(), start_of(results)
    fields = {"id": _TEXT, "name": _TEXT, "name_zh": _TEXT, "state": _TEXT, "state_zh": _TEXT, **_SPAN}
    features = [
        Feature(ends[road], (ids[road], *names.of(road), *looks[state][0], *_span(from_h, to_h, start)))
        for road, state, from_h, to_h in closures if road in ends
    ]  # fmt: skip
    return MapLayer("closures", bilingual("Closed roads, from hour to hour"), "LineString", fields, features)


def _track_layer(results: Results, log: EventLog) -> MapLayer:
    """Legs of responders, each along the roads that it goes or straight through the air."""
    things = results.things
    legs = tracks(log, things, results.roads, results.manifest["scenario"])
    names, start = Names(things_of(things)), start_of(results)
    ids, kinds, places = things["id"].tolist(), things["kind"].tolist(), places_of(things)
    spots = [*zip(things["lon"].tolist(), things["lat"].tolist(), strict=True)][:places]
    spots += [(float(lon), float(lat)) for lon, lat in legs.extra]
    features = []
    for who, from_h, to_h, way in zip(*(column.tolist() for column in legs[:4]), strict=True):
        points = tuple(spots[point] for point in legs.point[legs.first[way] : legs.first[way + 1]].tolist())
        values = (ids[who], *_words(names, who, kinds[who]), *_span(from_h, to_h, start))
        features.append(Feature(points, values))
    return MapLayer("tracks", bilingual("Tracks of responders"), "LineString", {**_NAMED, **_SPAN}, features)


def _fire_layer(results: Results, log: EventLog) -> MapLayer:
    """What each fire had burned, from hour to hour; the edge of an area is the fire's perimeter."""
    names, start, ids = Names(things_of(results.things)), start_of(results), results.things["id"].tolist()
    facts, grid = facts_of(results, log), Grid(**results.manifest["scenario"]["landscape"])
    fields = {"id": _TEXT, "name": _TEXT, "name_zh": _TEXT, "area_ha": _NUMBER, **_SPAN}
    features = [
        Feature((), (ids[area.fire], *names.of(area.fire), _finite(area.area_ha),
                     *_span(area.from_h, area.to_h, start)), area.polygons)
        for area in burned_areas(log, grid, facts.duration_h)
    ]  # fmt: skip
    return MapLayer("burned", bilingual("Burned areas, from hour to hour"), "MultiPolygon", fields, features)


def _span(from_h: float, to_h: float, start: datetime) -> tuple[Value, ...]:
    """Hours since the start, and the same as moments in UTC, as a GeoPackage has them."""
    return (round(from_h, 4), round(to_h, 4), _moment(from_h, start), _moment(to_h, start))


def _moment(hours: float, start: datetime) -> str:
    moment = (start + timedelta(hours=hours)).astimezone(UTC)
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{moment.microsecond // 1000:03}Z"
