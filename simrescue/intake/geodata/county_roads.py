"""Roads and junctions of a scenario from a county's road files, with its places joined to them."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from simrescue.intake.file_read import FileRead
from simrescue.intake.geodata.coordinates import (
    Points,
    is_of_old_survey,
    said_of_old_survey,
    system_of,
    to_wgs84,
)
from simrescue.intake.geodata.datum_shift import shift_of, shifts_by_file
from simrescue.intake.geodata.doubles import without_doubles
from simrescue.intake.geodata.junction_names import junction_names
from simrescue.intake.geodata.loose_pieces import (
    FAR_M,
    feet,
    joining_link,
    may_be_joined,
    nodes_at,
    without_pieces,
    without_traps,
)
from simrescue.intake.geodata.noding import Link, RoadWeb, noded
from simrescue.intake.geodata.road_file import RoadFile
from simrescue.intake.geodata.road_nature import DrawnRoad, is_no_road, roads_of
from simrescue.intake.geodata.simplifying import simplified
from simrescue.intake.naming.place_ids import id_of
from simrescue.intake.spreadsheets.sheet import refused
from simrescue.wording import Words, bilingual

MOST_NAMED = 8


@dataclass
class CountyRoads:
    """What road files gave."""

    files: list[RoadFile]
    junctions: list[dict[str, str]] = field(default_factory=list)
    roads: list[dict[str, str]] = field(default_factory=list)
    lines: dict[str, Points] = field(default_factory=dict)
    """Id of a road -> its line in degrees, shape (P, 2)."""
    remarks: list[Words] = field(default_factory=list)
    read: list[FileRead] = field(default_factory=list)
    """How each file was read."""
    datum: str = ""
    """Datum of the places that was found by their distance to the roads; empty: as was said, or WGS84."""


def county_roads(
    files: Sequence[RoadFile],
    places: Mapping[str, tuple[float, float]],
    ids: dict[str, str],
    taken: Container[str],
    *,
    roads_datum: str = "",
    places_known: bool = False,
    names: Mapping[str, str] | None = None,
) -> CountyRoads:
    """The roads and junctions of a scenario.

    Args:
        files: of roads.
        places: id of each place that is to be joined -> longitude and latitude, WGS84 as far as is known.
        ids: name and ends of a road -> its id, as an earlier import gave it; new ones are put in.
        taken: ids that are used.
        roads_datum: of roads whose file does not say, or that say it wrongly; empty: not known.
        places_known: whether the datum of the places has been said.
        names: id of a place -> what it is called; left out: its id.

    Raises:
        ScenarioError: no road is left, or coordinates cannot be read.
    """
    made = CountyRoads(list(files))
    read = [(file, roads) for file in files if (roads := _read(file, roads_datum, made))]
    if not read:
        raise refused(", ".join(file.file for file in files), bilingual("roads for vehicles"))
    spots = np.array(list(places.values()), dtype=float).reshape(-1, 2)
    roads_known = bool(roads_datum) or all(file.shares_points for file in files)
    if len(read) > 1 and len(spots) and not roads_known:
        read = _in_one_datum(read, spots, made)
    read, said = without_doubles(read)
    made.remarks += said
    web = noded([road for _, roads in read for road in roads])
    shift = shift_of(web, spots, places_known=places_known, roads_known=roads_known)
    if shift.roads_datum:
        web = _moved(web, shift.roads_datum)
    elif shift.datum:
        spots, made.datum = to_wgs84(spots, shift.datum), shift.datum
    made.remarks += [shift.sentence] if shift.sentence else []
    web, said = without_pieces(web, spots)
    made.remarks += said
    web, said = without_traps(web)
    made.remarks += said
    where, names = dict(zip(places, spots, strict=True)), names or {}
    whole, of_node = _joined(web, where, names, made)
    web = simplified(whole, of_node)
    called = junction_names(web, _junctions(web, of_node), where, names)
    _tables(web, of_node, ids, taken, called, made)
    return made


def _read(file: RoadFile, roads_datum: str, made: CountyRoads) -> list[DrawnRoad]:
    system = file.system if file.shares_points else roads_datum or file.system
    if is_no_road(Path(file.file).stem):
        made.remarks.append(bilingual("{file} is left out: by its name it holds no roads", file=file.file))
        return []
    sizes = np.cumsum([len(line.points) for line in file.lines])[:-1]
    written = np.concatenate([line.points for line in file.lines])
    points = to_wgs84(written, system, file.file)
    roads, said, read = roads_of(file, np.split(points, sizes))
    said += [said_of_old_survey()] if is_of_old_survey(system_of(written, system, file.file)) else []
    made.read.append(read)
    made.remarks += [bilingual("{file}: {text}", file=file.file, text=text) for text in (*file.remarks, *said)]
    return roads


def _in_one_datum(
    read: Sequence[tuple[RoadFile, list[DrawnRoad]]], spots: Points, made: CountyRoads
) -> list[tuple[RoadFile, list[DrawnRoad]]]:
    """The roads of each file, put in the datum of the others where the places beside them say so."""
    shifts = shifts_by_file([noded(roads) for _, roads in read], spots, [file.shares_points for file, _ in read])
    moved = []
    for (file, roads), shift in zip(read, shifts, strict=True):
        if shift.roads_datum and shift.sentence:
            made.remarks.append(bilingual("{file}: {text}", file=file.file, text=shift.sentence))
            there = [road._replace(points=to_wgs84(road.points, shift.roads_datum)) for road in roads]
            moved.append((file, there))
        else:
            moved.append((file, roads))
    return moved


def _moved(web: RoadWeb, datum: str) -> RoadWeb:
    links = [link._replace(points=to_wgs84(link.points, datum)) for link in web.links]
    return RoadWeb(to_wgs84(web.nodes, datum), links)


def _joined(
    web: RoadWeb, places: Mapping[str, Points], names: Mapping[str, str], made: CountyRoads
) -> tuple[RoadWeb, dict[int, str]]:
    """The web with every place as a node of its own at a short link, and the places of those nodes."""
    if not places:
        return web, {}
    spots = np.array(list(places.values()), dtype=float).reshape(-1, 2)
    on = feet(web, spots, may_be_joined(web))
    far = {name: foot.apart_m for name, foot in zip(places, on, strict=True) if foot.apart_m > FAR_M}
    near = [(name, spot, foot) for name, spot, foot in zip(places, spots, on, strict=True) if name not in far]
    if far:
        named = ", ".join(
            f"{names.get(name, name)} {apart / 1000:.1f} km" for name, apart in sorted(far.items())[:MOST_NAMED]
        )
        made.remarks.append(
            bilingual("places farther than {far:g} km from any road, not joined: {number} ({named})",
                      far=FAR_M / 1000, number=len(far), named=named)
        )  # fmt: skip
    cut, ends = nodes_at(web, [foot for _, _, foot in near])
    first = len(cut.nodes)
    whole = RoadWeb(np.concatenate([cut.nodes, *(spot[None] for _, spot, _ in near)]), cut.links)
    links = [joining_link(whole, first + number, end) for number, end in enumerate(ends)]
    of_node = {first + number: name for number, (name, _, _) in enumerate(near)}
    return RoadWeb(whole.nodes, [*whole.links, *links]), of_node


def _tables(web: RoadWeb, of_node: Mapping[int, str], ids: dict[str, str], taken: Container[str],
            called: Mapping[int, Words], made: CountyRoads) -> None:  # fmt: skip
    names, used = dict(of_node), _Used(taken, ids.values())
    for node in _junctions(web, of_node):
        lon, lat = (float(value) for value in web.nodes[node])
        names[node] = used.new(f"j-{round(lon * 1e5)}-{round(lat * 1e5)}")
        said = {"name": called[node].en, "name_zh": called[node].zh} if node in called else {}
        made.junctions.append({"id": names[node], **said, "lon": f"{lon:.6f}", "lat": f"{lat:.6f}"})
    numbers: dict[str, int] = {}
    for link in web.links:
        start, end = names[link.a], names[link.b]
        key = f"roads|{link.name or link.nature.kind}|{start}|{end}"
        while ids.get(key) in made.lines:
            key += "|"
        if key not in ids:
            ids[key] = _road_id(link, of_node, numbers, used)
        made.lines[ids[key]] = link.points
        made.roads.append(_row(ids[key], start, end, link))


def _junctions(web: RoadWeb, of_node: Mapping[int, str]) -> list[int]:
    """The nodes at ends of roads that are no places."""
    return sorted({end for link in web.links for end in (link.a, link.b)} - of_node.keys())


class _Used:
    """Ids that are used, and new ones."""

    def __init__(self, taken: Container[str], given: Any) -> None:
        self.taken, self.given = taken, set(given)

    def __contains__(self, name: object) -> bool:
        return name in self.given or name in self.taken

    def new(self, name: str) -> str:
        """The name, numbered where it is taken."""
        made = id_of("", self, name)
        self.given.add(made)
        return made


def _road_id(link: Link, of_node: Mapping[int, str], numbers: dict[str, int], used: _Used) -> str:
    if link.nature.is_link:
        return used.new(f"to-{of_node.get(link.a, 'piece')}"[:60])
    stem = id_of(link.name or link.nature.kind, ())
    while True:
        numbers[stem] = numbers.get(stem, 0) + 1
        name = f"{stem}-{numbers[stem]}"
        if name not in used:
            return used.new(name)


def _row(name: str, start: str, end: str, link: Link) -> dict[str, str]:
    nature = link.nature
    row = {"id": name, "from": start, "to": end, "length": f"{max(link.length_km, 0.001):.3f} km", "kind": nature.kind}
    if nature.one_way:
        row["one_way"] = "yes"
    if nature.limit_kmh:
        row["speed"] = f"{nature.limit_kmh:g} km/h"
    if nature.bridge:
        row["bridge"] = "yes"
    if nature.is_link:
        row["assumed"] = "yes"
    return row
