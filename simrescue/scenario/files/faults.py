"""From the validator's errors to faults in a planner's words, at the place in the file where they stand."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple, get_args, get_origin

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from simrescue.errors import Fault, Text, nearest
from simrescue.records import Record
from simrescue.wording import NAMES, Words, bilingual
from simrescue.wording.unit_words import unit_in_chinese

Place = tuple[str | int, ...]
"""Keys and list positions from the top of a record to a value."""


class Spot(NamedTuple):
    """Where a value was written."""

    file: str
    where: str
    field: str


_EXPECTED = {
    "missing": bilingual("a value: it is required"),
    "extra_forbidden": bilingual("a known key"),
    "union_tag_invalid": bilingual("one of {expected_tags}"),
    "union_tag_not_found": bilingual("a value: it is required"),
    "greater_than": bilingual("more than {gt:g}"),
    "greater_than_equal": bilingual("{ge:g} or more"),
    "less_than": bilingual("less than {lt:g}"),
    "less_than_equal": bilingual("{le:g} or less"),
    "string_too_long": bilingual("at most {max_length} characters"),
    "string_too_short": bilingual("at least {min_length} characters"),
    "too_short": bilingual("at least {min_length} of them"),
    "too_long": bilingual("at most {max_length} of them"),
    "finite_number": bilingual("a finite number"),
    **dict.fromkeys(("int_parsing", "int_type", "int_from_float", "int_parsing_size"), bilingual("a whole number")),
    **dict.fromkeys(("float_parsing", "float_type"), bilingual("a number")),
    **dict.fromkeys(("bool_parsing", "bool_type"), bilingual("true or false")),
    **dict.fromkeys(("string_type", "string_unicode"), bilingual("text")),
    **dict.fromkeys(("model_type", "model_attributes_type", "dict_type"), bilingual("keys and values below it")),
    **dict.fromkeys(("tuple_type", "list_type"), bilingual("a list")),
    **dict.fromkeys(
        ("timezone_aware", "datetime_type", "datetime_parsing", "datetime_from_date_parsing"),
        bilingual("a date and time with its offset from UTC, e.g. 2023-07-29T08:00+08:00"),
    ),
}
"""The validator's types of errors -> what was expected, with the placeholders that their contexts fill."""


FEW_KEYS = 8
"""So many keys of a section are listed where an unknown one is near none of them."""
_LIMITS = ("greater_than", "greater_than_equal", "less_than", "less_than_equal")
_UNITS = {
    "_t_per_h": "t/h", "_m_per_h": "m/h", "_kmh": "km/h", "_km": "km", "_ms": "m/s", "_m": "m", "_h": "h", "_t": "t",
    "_deg": "degrees", "_ha": "ha", "_mm": "mm", "_kg": "kg",
}  # fmt: skip
"""Ends of the names of fields -> unit."""


def faults_of(error: ValidationError, record: type[Record], locate: Callable[[Place], Spot]) -> Iterator[Fault]:
    """One fault for each thing that the validator found wrong.

    Args:
        error: of one record.
        record: its class.
        locate: where the value at a place of the record was written.

    Yields:
        Faults in the order of the error: what was expected in a planner's words, limits with the unit of the field,
        unknown words with the nearest known one.
    """
    for details in error.errors(include_url=False):
        expected = _instead(details, record) or _expected(details)
        if details["type"] in _LIMITS:
            expected = _with_unit(expected, details, record)
        near = _nearest(details, record)
        if details["type"] == "extra_forbidden" and not near:
            expected = _one_of_few(details, record) or expected
        yield Fault(*locate(_place(details)), _written(details), expected, near)


def instead_of(record: type[Record], place: Place) -> Words | None:
    """What to write in place of a key below `record` that an earlier version knew; None for any other."""
    home = record_at(record, place[:-1])
    return home.replaced.get(str(place[-1])) if home else None


def _one_of_few(details: ErrorDetails, record: type[Record]) -> Words | None:
    """The keys of a section that has few, where an unknown one is near none of them; None where it has many."""
    home = record_at(record, _plain(details["loc"][:-1]))
    if _instead(details, record) or home is None or len(keys(home)) > FEW_KEYS:
        return None
    return bilingual("one of {known}", known=", ".join(keys(home)))


def _instead(details: ErrorDetails, record: type[Record]) -> Words | None:
    return instead_of(record, _plain(details["loc"])) if details["type"] == "extra_forbidden" else None


def _expected(details: ErrorDetails) -> Words:
    kind, context = details["type"], details.get("ctx", {})
    if "told" in context:  # ours: `units.wrong`
        expected: Text = context["told"]
        return expected if isinstance(expected, Words) else Words(expected, expected)
    if kind == "literal_error":
        names = context["expected"]  # as "'flood', 'fire' or 'slide'"
        empty = bilingual("empty")
        return Words(
            names.replace("''", empty.en), names.replace("''", empty.zh).replace(*NAMES).replace(*bilingual(" or "))
        )
    if form := _EXPECTED.get(kind):
        return Words(*(words.format(**context) for words in form))
    return bilingual("another value ({problem})", problem=details["msg"])


def _quoted(names: str) -> list[str]:
    return re.findall(r"'([^']*)'", names)


def _with_unit(expected: Words, details: ErrorDetails, record: type[Record]) -> Words:
    """A limit in the unit that the name of the field ends with: "0.1 km/h or more"."""
    place = _plain(details["loc"])
    home = record_at(record, place[:-1])
    name = keys(home).get(str(place[-1]), "") if home else ""
    unit = next((unit for end, unit in _UNITS.items() if name.endswith(end)), "")
    number, ends = r"(-?[\d.e+-]*\d)", (f" {unit}", unit_in_chinese(unit))
    pairs = zip(expected, ends, strict=True)
    return Words(*(re.sub(number, rf"\1{end}", text, count=1) for text, end in pairs)) if unit else expected


def _written(details: ErrorDetails) -> str | None:
    value = details["ctx"]["tag"] if details["type"] == "union_tag_invalid" else details["input"]
    if details["type"] in ("missing", "extra_forbidden") or isinstance(value, (dict, list, tuple)):
        return None
    return "" if value is None else str(value)


def _place(details: ErrorDetails) -> Place:
    """Where in the file; without the kind of hazard and the names in brackets, which pydantic adds to the path."""
    place = _plain(details["loc"])
    if details["type"] == "union_tag_invalid":
        return (*_unkinded(place), "kind")
    return _unkinded(place)


def _unkinded(place: Place) -> Place:
    """Below `hazard` pydantic says "one" and the kind, or "several", the position and the kind."""
    if len(place) < 2 or place[0] != "hazard":
        return place
    below = place[2:] if place[1] in ("one", "several") else place[1:]
    at, below = (below[:1], below[1:]) if below and isinstance(below[0], int) else ((), below)
    return (place[0], *at, *below[1:])


def _plain(place: Place) -> Place:
    return tuple(part for part in place if not (isinstance(part, str) and part.startswith("(")))


def _nearest(details: ErrorDetails, record: type[Record]) -> str:
    context = details.get("ctx", {})
    if _instead(details, record):
        return ""
    if details["type"] == "extra_forbidden":
        home = record_at(record, _plain(details["loc"][:-1]))
        return nearest(str(details["loc"][-1]), keys(home)) if home else ""
    if details["type"] == "literal_error":
        return nearest(str(details["input"]), _quoted(context["expected"]))
    if details["type"] == "union_tag_invalid":
        return nearest(context["tag"], _quoted(context["expected_tags"]))
    return ""


def keys(record: type[Record]) -> dict[str, str]:
    """Keys as files write them -> Python field names, which have the unit behind: "turnout" -> "turnout_h"."""
    return {field.alias or name: name for name, field in record.model_fields.items()}


def record_at(record: type[Record], place: Place) -> type[Record] | None:
    """The kind of record that stands at a place below `record`; None where no record stands.

    Where several kinds may stand (`hazard`), the next part of the place is the kind, as pydantic tells it.
    """
    records: list[type[Record]] = [record]
    for part in place:
        if isinstance(part, int) or (len(records) > 1 and part in ("one", "several")):
            continue
        if len(records) > 1:
            records = [kind for kind in records if part in get_args(kind.model_fields["kind"].annotation)]
            continue
        field = keys(records[0]).get(part) if records else None
        records = _inner(records[0].model_fields[field].annotation) if field else []
    return records[0] if len(records) == 1 else None


def sections(annotation: Any) -> list[type[Record]]:
    """The records that may stand where a field has this annotation as a section: several for the kinds of hazards."""
    if isinstance(annotation, type) and issubclass(annotation, Record):
        return [annotation]
    if hasattr(annotation, "records"):  # several kinds, as registered
        kinds: list[type[Record]] = annotation.records()
        return kinds
    if get_origin(annotation) in (tuple, list, dict):
        return []
    return [record for part in get_args(annotation) for record in sections(part)]


def _inner(annotation: Any) -> list[type[Record]]:
    """The records in an annotation, also inside lists and mappings."""
    if isinstance(annotation, type) and issubclass(annotation, Record):
        return [annotation]
    if hasattr(annotation, "records"):
        return sections(annotation)
    return list(dict.fromkeys(record for part in get_args(annotation) for record in _inner(part)))
