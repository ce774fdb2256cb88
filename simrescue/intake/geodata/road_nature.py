"""What the attributes of a road say, in the words of a scenario."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import NamedTuple

from simrescue.intake.columns import office_words, packaged_rows, plain
from simrescue.intake.file_read import FileFact, FileRead
from simrescue.intake.geodata.coordinates import Points
from simrescue.intake.geodata.road_file import RoadFile, RoadLine
from simrescue.parameters import Parameters
from simrescue.wording import Words, bilingual

UNKNOWN_CLASS = "class4"
"""What a road is whose file says nothing: a road of villages."""
MOST_NAMED, MOST_COLUMNS = 5, 12


class Nature(NamedTuple):
    """What is the same along a road: where it changes, one road ends and another begins."""

    kind: str
    one_way: bool = False
    """Whether it may be driven along its line only."""
    bridge: bool = False
    level: int = 0
    """Above others where it crosses them without meeting: bridges from 1 up, tunnels from -1 down."""
    limit_kmh: float = 0.0
    """Speed that is allowed, where it is below what its class gives; 0: nothing is said."""
    is_link: bool = False
    """Whether it was put in to join a place or a piece, and no file has it."""


class DrawnRoad(NamedTuple):
    """One line with what it is, in degrees of WGS84."""

    points: Points
    nature: Nature
    name: str = ""
    shares_points: bool = False


@cache
def _attributes() -> dict[str, str]:
    return {plain(name): row["key"] for row in packaged_rows("road_attributes.csv") for name in row["names"].split("|")}


@cache
def _words() -> dict[tuple[str, str], str]:
    return {
        (row["key"], plain(word)): row["value"]
        for row in packaged_rows("road_words.csv")
        for word in row["written"].split("|")
    }


def is_no_road(name: str) -> bool:
    """Whether a file or layer holds lines that are no roads, by its name.

    Args:
        name: in which a word for rivers, borders, railways, ... stands, and besides none for roads.
    """
    rest = bare = " ".join(re.split(r"[\W_]+", plain(name)))
    for word in office_words("other lines"):
        rest = re.sub(rf"\b{word}\b" if word.isascii() else word, "", rest)
    return rest != bare and not any(word in rest for word in office_words("road name"))


def roads_of(file: RoadFile, points: Iterable[Points]) -> tuple[list[DrawnRoad], list[Words], FileRead]:
    """The roads of a file that vehicles use, what has to be said of it, and how its attributes were read.

    Args:
        file: lines with attributes.
        points: of each line, in degrees of WGS84.
    """
    columns = {key for line in file.lines[:1000] for key in line.tags}
    read = {_attributes()[plain(name)] for name in columns if plain(name) in _attributes()}
    is_geofabrik = "fclass" in columns
    roads, left_out, unknown = list[DrawnRoad](), Counter[str](), Counter[str]()
    classes, by_number = Counter[tuple[str, str]](), 0
    for line, degrees in zip(file.lines, points, strict=True):
        said = _said(line)
        written = said.get("class", "")
        kind = _words().get(("class", plain(written)))
        if not written and (number := _number_class(said.get("ref", ""))):
            written, kind, by_number = said["ref"], number, by_number + 1
        elif not written and ("answer", plain(other := said.get("other", "no"))) not in _words():
            written, kind = other, ""
        if kind == "":
            left_out[written] += 1
            continue
        if kind is None:
            unknown[written] += 1
        direction = _direction(said, is_geofabrik)
        bridge, tunnel = (_answer(said.get(key, "")) for key in ("bridge", "tunnel"))
        kind = kind or UNKNOWN_CLASS
        classes[kind, written] += 1
        limit_kmh = _limit(said.get("limit", ""), class_kmh(kind))
        nature = Nature(kind, direction != "no", bridge, _level(said, bridge, tunnel), limit_kmh)
        along = degrees[::-1] if direction == "back" else degrees
        roads.append(DrawnRoad(along, nature, said.get("name") or said.get("ref", ""), file.shares_points))
    said_of_all = bilingual("{lines} lines became {roads} roads for vehicles", lines=len(file.lines), roads=len(roads))
    facts = (*_of_columns(columns), *_of_classes(classes), *_of_roads(roads))
    remarks = list(_remarks(file.shares_points, read, left_out, unknown, by_number))
    return roads, remarks, FileRead(file.file, said_of_all, facts)


def class_kmh(kind: str) -> float:
    """Speed of loaded trucks on a class of roads by default; the scenario, with numbers of its own, is not made yet."""
    return Parameters().speed_kmh(kind)


def _number_class(ref: str) -> str:
    """The class that a Chinese number of a road tells (GB/T 917) by its letter and how many digits it has; or empty.

    Args:
        ref: the number, behind which the six digits of the county may stand.
    """
    number = re.fullmatch(r"([a-z]\d{1,4})(?:\d{6})?", plain(ref))
    return _words().get(("class", re.sub(r"\d", "0", number[1])), "") if number else ""


def _meanings() -> dict[str, Words]:
    """What each attribute that is read becomes."""
    return {
        "class": bilingual("class of the road"), "name": bilingual("its name"),
        "ref": bilingual("its number, where it has no name"), "one_way": bilingual("one-way"),
        "bridge": bilingual("bridge"), "tunnel": bilingual("tunnel"), "level": bilingual("passes over or under"),
        "limit": bilingual("speed allowed, where it is below that of its class"), "junction": bilingual("roundabout"),
    }  # fmt: skip


def _of_columns(columns: Iterable[str]) -> Iterator[FileFact]:
    left_out = []
    for column in sorted(columns):
        if meaning := _meanings().get(_attributes().get(plain(column), "")):
            yield FileFact(bilingual("Column {name}", name=column), meaning)
        else:
            left_out.append(column)
    if left_out:
        names = ", ".join(left_out[:MOST_COLUMNS]) + (" ..." if len(left_out) > MOST_COLUMNS else "")
        yield FileFact(bilingual("Columns left out"), Words(names, names))


def _of_classes(classes: Counter[tuple[str, str]]) -> Iterator[FileFact]:
    for kind in sorted({kind for kind, _ in classes}):
        words = Counter({written: number for (of, written), number in classes.items() if of == kind})
        speed = class_kmh(kind)
        found = bilingual("{words}; loaded trucks {speed:g} km/h", words=_named(words), speed=speed)
        yield FileFact(Words(kind, kind), found)


def _of_roads(roads: Sequence[DrawnRoad]) -> Iterator[FileFact]:
    counted = (
        (bilingual("One-way"), sum(road.nature.one_way for road in roads)),
        (bilingual("Bridges"), sum(road.nature.bridge for road in roads)),
        (bilingual("With a speed of their own"), sum(road.nature.limit_kmh > 0 for road in roads)),
    )
    for what, number in counted:
        if number:
            yield FileFact(what, Words(str(number), str(number)))


def _remarks(
    shares_points: bool, read: set[str], left_out: Counter[str], unknown: Counter[str], by_number: int
) -> Iterable[Words]:
    if "class" not in read and not by_number:
        yield bilingual("no class of roads is stated: all are taken for {kind}", kind=UNKNOWN_CLASS)
    elif unknown:
        yield bilingual("roads of no known class, taken for {kind}: {number} ({named})", kind=UNKNOWN_CLASS,
                        number=unknown.total(), named=_named(unknown))  # fmt: skip
    if by_number:
        yield bilingual("classes by the number of the road, where none is stated: {number}", number=by_number)
    if left_out:
        yield bilingual("left out, no roads for vehicles: {number} ({named})", number=left_out.total(),
                        named=_named(left_out))  # fmt: skip
    if not shares_points and "one_way" not in read:
        yield bilingual("nothing is said of one-way roads: all are taken for two-way")


def _named(counted: Counter[str]) -> str:
    return ", ".join(f"{name or '-'} {number}" for name, number in counted.most_common(MOST_NAMED))


def _said(line: RoadLine) -> Mapping[str, str]:
    said: dict[str, str] = {}
    for name, value in line.tags.items():
        if (key := _attributes().get(plain(name))) and not (key == "class" and _class_stands(said)):
            said[key] = value
    return said


def _class_stands(said: Mapping[str, str]) -> bool:
    """Of several columns of classes the first counts that says one which is known."""
    return ("class", plain(said.get("class", ""))) in _words()


def _direction(said: Mapping[str, str], is_geofabrik: bool) -> str:
    """Yes, no or back: "T" is backwards in extracts of Geofabrik, and true elsewhere."""
    written = plain(said.get("one_way", ""))
    if not written:
        is_one_way = said.get("junction") == "roundabout" or said.get("class") == "motorway"
        return "yes" if is_one_way else "no"
    if written in ("t", "f") and not is_geofabrik:
        return "yes" if written == "t" else "no"
    return _words().get(("one_way", written), "no")


def _answer(written: str) -> bool:
    return _words().get(("answer", plain(written))) == "yes"


def _level(said: Mapping[str, str], bridge: bool, tunnel: bool) -> int:
    number = re.fullmatch(r"[+-]?\d{1,2}(?:\.0+)?", plain(said.get("level", "")))
    level = int(float(number[0])) if number else 0
    return level or int(bridge) - int(tunnel)


def _limit(written: str, class_kmh: float) -> float:
    number = re.match(r"(\d{1,3}(?:\.\d+)?)(mph)?", plain(written))
    limit = float(number[1]) * (1.609344 if number[2] else 1.0) if number else 0.0
    return limit if 5 <= limit < class_kmh else 0.0
