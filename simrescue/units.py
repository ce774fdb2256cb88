"""Measurement: what people write ("90 km/h", "1 h 20 min", also in Chinese) against what the simulation holds.

Inside are hours since the start of the scenario, kilometres, kilometres per hour, metres, metres per second and
tonnes, all as plain numbers. The types below read both: a number given from Python is taken as the inside unit;
a number from a file must carry its unit, since a bare `45` may be minutes or hours. The difference is told by the
validation context: `from_file` (bool) and, for moments, `start` (datetime with offset: hour zero). A date and time
that is written without an offset, as a spreadsheet saves it, has the offset of `start`.
"""

from __future__ import annotations

import csv
import math
import re
import unicodedata
from datetime import datetime, timedelta, tzinfo
from functools import partial
from importlib.resources import files
from typing import Annotated, Any, NamedTuple

from pydantic import BeforeValidator, ValidationInfo, WithJsonSchema
from pydantic_core import PydanticCustomError

from simrescue.errors import Text, said
from simrescue.wording import Words, bilingual, listed
from simrescue.wording.unit_words import unit_in_chinese

SAME_H = 1e-9
"""Hours by which two moments may differ and be the same: what happens at a moment belongs to a figure of that moment,
however either was written or added up."""


# ---- what can be written


class Quantity(NamedTuple):
    """A kind of measurement: what it is called, how it may be written, and what is still believable."""

    noun: Words
    example: Text
    factors: dict[str, float]
    """Unit as written (lower case) -> how many inside units it is."""
    low: float
    high: float
    sums: bool = False
    """Whether "1 h 20 min" is read as a sum of terms, larger units first."""


def _as_written() -> dict[str, dict[str, tuple[str, ...]]]:
    """`data/as_written.csv`: kind of value -> what is meant -> how people write it, in English and Chinese."""
    text = files("simrescue").joinpath("data/as_written.csv").read_text(encoding="utf-8")
    found: dict[str, dict[str, tuple[str, ...]]] = {}
    for row in csv.DictReader(text.splitlines()):
        found.setdefault(row["of"], {})[row["is"]] = tuple(row["written"].split("|"))
    return found


AS_WRITTEN = _as_written()


def _factors(of: str) -> dict[str, float]:
    """Unit as written -> how many inside units it is."""
    found = {}
    for factor, units in AS_WRITTEN[of].items():
        number, _, by = factor.partition("/")
        found.update(dict.fromkeys(units, float(number) / float(by or 1)))
    return found


DURATION = Quantity(bilingual("a duration"), "45 min", _factors("duration"), low=0.0, high=87_600.0, sums=True)
HOUR_OF_DAY = DURATION._replace(noun=bilingual("an hour of the clock"), example="8 h", high=24.0)
DISTANCE = Quantity(bilingual("a distance"), "3.5 km", _factors("distance"), low=0.0, high=20_040.0, sums=True)
HEIGHT = Quantity(bilingual("a height or depth"), "1.5 m", _factors("height"), low=-500.0, high=9_000.0)
LENGTH = Quantity(bilingual("a length"), "30 m", HEIGHT.factors, low=0.0, high=20_000.0)
SPEED = Quantity(bilingual("a speed"), "90 km/h", _factors("speed"), low=0.0, high=2_000.0)
_METRES_PER_SECOND = {unit: factor / 3.6 for unit, factor in SPEED.factors.items()}
FLOW_SPEED = Quantity(bilingual("a speed"), "1.5 m/s", _METRES_PER_SECOND, low=0.0, high=150.0)
MASS = Quantity(bilingual("a mass"), "3.5 t", _factors("mass"), low=0.0, high=1e6, sums=True)
RATE = Quantity(bilingual("a number of tonnes an hour"), "8 t/h", _factors("rate"), low=0.0, high=1e5)


def _scaled(kind: Quantity, by: float, example: str) -> Quantity:
    """The same quantity held in a unit that is `by` times smaller."""
    factors = {unit: factor * by for unit, factor in kind.factors.items()}
    return kind._replace(example=example, factors=factors, low=kind.low * by, high=kind.high * by)


HEADER_UNITS = frozenset(
    unit
    for kind in (DURATION, DISTANCE, HEIGHT, SPEED, MASS)
    for unit in kind.factors
    if unit.isascii() and "/" not in unit
)
"""Units that a table's column name may end with, as in `turnout_min`."""

_NUMBER = r"[+-]?(?:\d{1,3}(?:,\d{3})+|\d+)?(?:\.\d+|(?<=\d)\.?)(?:e[+-]?\d+)?"
_TERM = re.compile(rf"\s*({_NUMBER})\s*([^\s\d.,+-]*m2(?=$|[\s/])(?:/[^\s\d.,+-]+)?|[^\s\d.,+-]+)")
_CLOCK = re.compile(r"(\d{1,2}):([0-5]\d)(?::([0-5]\d))?")
_MULTIPLES = _factors("multiple")
_NUMERAL = re.compile(rf"({_NUMBER})\s*([{''.join(_MULTIPLES)}])?")
_PEOPLE = re.compile(f"(?:{'|'.join(_factors('people'))})$")
_SLUG = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")


def wrong(what: Text) -> PydanticCustomError:
    """The error of a value that cannot be read; `what` ends the sentence "expected ..."."""
    return PydanticCustomError("unreadable", "expected {what}", {"what": said(what, "en"), "told": what})


def as_plain(text: str) -> str:
    """Full-width digits, letters and signs as plain ones, in lower case."""
    return unicodedata.normalize("NFKC", text).strip().lower()


def _from_file(info: ValidationInfo) -> bool:
    return bool(info.context and info.context.get("from_file"))


# ---- reading quantities


def parse(kind: Quantity, text: str) -> float:
    """A written quantity in inside units; raises ValueError with the expected form.

    >>> parse(DURATION, "1 h 30 min")
    1.5
    """
    total, at, last, plain = 0.0, 0, math.inf, re.sub(r"\s1/", " /", as_plain(text))
    while at < len(plain):
        term = _TERM.match(plain, at)
        factor = kind.factors.get(term[2]) if term else None
        if term is None or factor is None or factor >= last or (at and not kind.sums):
            raise wrong(_expected(kind))
        sign = -1.0 if plain.startswith("-") and at else 1.0
        total += sign * float(term[1].replace(",", "")) * factor
        at, last = term.end(), factor
    if not plain:
        raise wrong(_expected(kind))
    return total


def _expected(kind: Quantity) -> Words:
    return bilingual("{noun} with its unit, e.g. {example}", noun=kind.noun, example=kind.example)


def _unitless(kind: Quantity) -> Words:
    return bilingual("{noun} with its unit: write a unit, e.g. {example}", noun=kind.noun, example=kind.example)


def _bounded(kind: Quantity, number: float) -> float:
    if not kind.low <= number <= kind.high:
        unit = next(u for u, factor in kind.factors.items() if factor == 1.0)
        limits = {"noun": kind.noun, "low": kind.low, "high": kind.high, "unit": (unit, unit_in_chinese(unit))}
        told = bilingual("{noun} from {low:g} to {high:g} {unit}", **limits)
        if math.isinf(kind.high):
            del limits["high"]
            told = bilingual("{noun} {low:g} or more {unit}", **limits)
        raise wrong(Words(*(text.strip() for text in told)))
    return number


def _quantity(kind: Quantity, value: Any, info: ValidationInfo) -> float:
    if isinstance(value, str):
        try:
            number = parse(kind, value)
        except ValueError:
            raise wrong(_unitless(kind) if math.isfinite(read_number(value)) else _expected(kind)) from None
        return _bounded(kind, number)
    if not _is_number(value):
        raise wrong(_expected(kind))
    if _from_file(info):
        raise wrong(_unitless(kind))
    return _bounded(kind, float(value))


def _hour_of_day(value: Any, info: ValidationInfo) -> float:
    """An hour of the clock, as "8 h" or 08:00, with or without seconds."""
    if isinstance(value, str) and (shown := _CLOCK.fullmatch(as_plain(value))):
        return _bounded(HOUR_OF_DAY, sum(int(part or 0) / 60**i for i, part in enumerate(shown.groups())))
    return _quantity(HOUR_OF_DAY, value, info)


def read_number(text: str) -> float:
    """A bare number as people and spreadsheets write it; nan where it is none.

    Full-width digits, thousands apart and the Chinese for ten thousand (wan) and a hundred million (yi) are read.

    >>> read_number("12,000")
    12000.0
    """
    found = _NUMERAL.fullmatch(as_plain(text))
    # Rounded, since 0.2 times ten thousand has to be a whole number.
    return round(float(found[1].replace(",", "")) * _MULTIPLES.get(found[2], 1), 9) if found else math.nan


def _is_number(value: Any) -> bool:
    return not isinstance(value, bool) and isinstance(value, (int, float)) and math.isfinite(value)


def _moment(value: Any, info: ValidationInfo) -> float:
    start = info.context.get("start") if info.context else None
    if isinstance(value, str):
        value = _aware(value) or _calendar_time(value, start) or value
    if not isinstance(value, datetime):
        return _quantity(_SINCE_START, value, info)
    if value.tzinfo is None or not isinstance(start, datetime):
        raise wrong(_expected(_SINCE_START))
    return _bounded(_SINCE_START, (value - start).total_seconds() / 3600)


def _aware(text: str) -> datetime | None:
    """A date and time in any form of ISO 8601 that has its offset."""
    try:
        found = datetime.fromisoformat(text.strip())
    except ValueError:
        return None
    return found if found.tzinfo else None


_YEAR, _MONTH, _DAY, _HOUR, _MINUTE = (marks[0] for marks in AS_WRITTEN["date"].values())
_CALENDAR = re.compile(
    rf"(\d{{4}})(?:[-/.](\d{{1,2}})[-/.]|{_YEAR}(\d{{1,2}}){_MONTH})(\d{{1,2}}){_DAY}?(?:\s*t\s*|\s*)"
    rf"(\d{{1,2}})(?::(\d{{2}})(?::(\d{{2}})(?:\.\d+)?)?|{_HOUR}(?:(\d{{1,2}}){_MINUTE})?)"
    r"\s*(z|[+-]\d{2}:?\d{2})?"
)
"""A date and time of day as ISO 8601 and the spreadsheets write it: 2023-07-31T05:44+08:00, 2023/7/31 5:44."""


def _calendar_time(text: str, start: Any) -> datetime | None:
    """A written date and time; one without an offset has that of `start`. None where the text is no such thing.

    Raises the error of an unreadable value for a day or an hour that does not exist.
    """
    found = _CALENDAR.fullmatch(as_plain(text))
    if found is None:
        return None
    year, month, chinese_month, day, hour, minute, second, chinese_minute, offset = found.groups()
    numbers = [int(part or 0) for part in (year, month or chinese_month, day, hour, minute or chinese_minute, second)]
    try:
        zone = datetime.strptime(offset.upper(), "%z").tzinfo if offset else None
        return datetime(*numbers, tzinfo=zone or getattr(start, "tzinfo", None))  # type: ignore[arg-type, misc]
    except ValueError:
        noun, example = _SINCE_START.noun, _SINCE_START.example
        raise wrong(bilingual("{noun} that exists, e.g. {example}", noun=noun, example=example)) from None


def moment_of(text: str, zone: tzinfo | None) -> datetime | None:
    """A written date and time of day; one that states no offset has that of `zone`. None where the text is no such."""
    try:
        return _aware(text) or _calendar_time(text, datetime(2000, 1, 1, tzinfo=zone))
    except ValueError:
        return None


_SINCE_START = DURATION._replace(
    noun=bilingual("a moment"),
    example=bilingual("2023-07-31T05:44+08:00, 2023/7/31 5:44 or 36 h since the start"),
    low=-DURATION.high,
)


# ---- quantities by the unit that they are held in

NO_UNIT = frozenset({"", "-", "share", "factor", "ratio", "log"})
"""What stands for a unit where there is none."""
AREA = Quantity(bilingual("an area"), "0.1 ha", _factors("area"), 0.0, 1e9)
_HELD_IN: dict[str, Quantity] = {
    "h": DURATION,
    "s": _scaled(DURATION, 3600, "90 s"),
    "days": _scaled(DURATION, 1 / 24, "3 days"),
    "km": DISTANCE,
    "m": HEIGHT,
    "mm": _scaled(HEIGHT, 1000, "5 mm"),
    "km/h": SPEED,
    "m/s": FLOW_SPEED,
    "t": MASS,
    "kg": _scaled(MASS, 1000, "3 kg"),
    "t/h": RATE,
    "ha": AREA,
    "m2": _scaled(AREA, 10_000, "45 m2"),
    "deg": Quantity(bilingual("an angle"), "15 deg", _factors("angle"), 0.0, 360.0),
    "yuan": Quantity(bilingual("a price"), "350,000 yuan", _factors("price"), 0.0, 1e15),
    "kW": Quantity(bilingual("a heat output"), "500 kW", _factors("power"), 0.0, 1e9),
    "persons": Quantity(bilingual("a number of people"), "30 persons", _factors("people"), 0.0, 2e9),
    "crews": Quantity(bilingual("a number of crews"), "3 crews", _factors("crews"), 0.0, 1e6),
    "house": Quantity(bilingual("a number of houses"), "1 house", _factors("houses"), 0.0, 1e9),
}
"""Quantities by the unit of the number inside."""
WHOLE = frozenset({"persons", "crews"})
"""Units of which there are no parts."""


def held_in(unit: str, least: float = -math.inf, most: float = math.inf) -> Quantity:
    """How a number is written that is held in a unit: a simple one, "persons/km", "1/km/h", or none ("share").

    `least` and `most`: what is possible, in that unit; the believable range of the quantity holds too. Raises KeyError
    for a unit that is not known.
    """
    if unit in NO_UNIT:
        kind = Quantity(bilingual("a number"), "0.5 or 50 %", {"": 1.0, "%": 0.01}, 0.0, math.inf)
    else:
        kind = _HELD_IN.get(unit) or _compound(unit)
    return kind._replace(low=max(least, kind.low), high=min(most, kind.high))


def is_another(word: str, unit: str) -> bool:
    """Whether a word is a unit of measurement, and not this one: "km2" for "ha". A word that is none is not another.

    Args:
        word: a unit as somebody wrote it.
        unit: the unit that is meant; of a count of things ("villages") every unit of measurement is another.
    """
    written, own = as_plain(word), _HELD_IN[unit].factors if unit in _HELD_IN else {}
    return own.get(written) != 1.0 and any(written in kind.factors for kind in _HELD_IN.values())


def _compound(unit: str) -> Quantity:
    over, *under = unit.split("/")
    factors = {"": 1.0} if over == "1" else dict(_HELD_IN[over].factors)
    for part in under:
        factors = {f"{a}/{b}": of / by for a, of in factors.items() for b, by in _HELD_IN[part].factors.items()}
    return Quantity(
        bilingual("a number of {unit}", unit=unit), f"2 {unit}".replace(" 1/", " /"), factors, 0.0, math.inf
    )


def written_as(unit: str, least: float, most: float) -> tuple[BeforeValidator, WithJsonSchema]:
    """What makes a float read a quantity that is held in a unit, and its JSON schema; arguments as of `held_in`."""
    kind = held_in(unit, least, most)
    if unit in NO_UNIT:
        bounds = {"minimum": kind.low} | ({"maximum": kind.high} if math.isfinite(kind.high) else {})
        schema = {"anyOf": [{"type": "number", **bounds}, _PERCENT], "examples": [0.5, "50 %"]}
        return BeforeValidator(partial(_ratio, kind)), WithJsonSchema(schema)
    if unit in WHOLE:
        schema = {
            "anyOf": [{"type": "integer", "minimum": math.ceil(kind.low)}, _COUNTED],
            "examples": [said(kind.example, "en")],
        }
        return BeforeValidator(partial(_whole_quantity, kind)), WithJsonSchema(schema)
    return BeforeValidator(partial(_quantity, kind)), _written(kind)


def _ratio(kind: Quantity, value: Any) -> float:
    if isinstance(value, str):
        plain = as_plain(value)
        value = read_number(plain.removesuffix("%")) / (100 if plain.endswith("%") else 1)
    if not _is_number(value):
        raise wrong(bilingual("{noun}, e.g. {example}", noun=kind.noun, example=kind.example))
    return _bounded(kind, float(value))


def _whole_quantity(kind: Quantity, value: Any, info: ValidationInfo) -> float:
    number = float(value) if isinstance(value, int) and not isinstance(value, bool) else _quantity(kind, value, info)
    if number != int(number):
        raise wrong(bilingual("{noun}, whole, e.g. {example}", noun=kind.noun, example=kind.example))
    return _bounded(kind, number)


# ---- reading counts, shares, coordinates and names


def _persons(value: Any) -> int:
    if isinstance(value, str):
        value = read_number(_PEOPLE.sub("", as_plain(value)))
    if not _is_number(value) or value != int(value) or not 0 <= value <= 2e9:
        raise wrong(bilingual("a whole number of people, 0 or more"))
    return int(value)


def _written_number(what: Words, value: Any) -> Any:
    """A written number as a number; what is no text is left to the field's own type."""
    number = read_number(value) if isinstance(value, str) else value
    if isinstance(number, bool) or (isinstance(number, float) and not math.isfinite(number)):
        raise wrong(what)
    return number


_WHOLE_NUMBER = bilingual("a whole number")


def _whole(value: Any) -> Any:
    what = _WHOLE_NUMBER
    number = _written_number(what, value)
    if isinstance(number, float) and not number.is_integer():
        raise wrong(what)
    return int(number) if isinstance(number, float) else number


_TRUTHS = {word: answer == "yes" for answer, words in AS_WRITTEN["answer"].items() for word in words}
_IN_CHINESE = [next(word for word in words if not word.isascii()) for words in AS_WRITTEN["answer"].values()]
_ANSWERS = listed([(word, word) for word in _IN_CHINESE], bilingual(" or "))
"""Yes and no in Chinese, as a fault names them."""


def _truth(value: Any) -> bool:
    if isinstance(value, str):
        value = _TRUTHS.get(as_plain(value))
    elif isinstance(value, (int, float)) and value in (0, 1):
        value = bool(value)
    if not isinstance(value, bool):
        raise wrong(bilingual("yes or no ({chinese})", chinese=_ANSWERS))
    return value


def _share(value: Any) -> float:
    if isinstance(value, str):
        plain = as_plain(value)
        value = read_number(plain.removesuffix("%")) / (100 if plain.endswith("%") else 1)
    if not _is_number(value) or not 0 <= value <= 1:
        raise wrong(bilingual("a share from 0 to 1, or 0 % to 100 %"))
    return float(value)


def _degrees(limit: float, noun: Words, value: Any) -> float:
    number = read_number(value) if isinstance(value, str) else value
    if not _is_number(number) or not -limit <= number <= limit:
        what = bilingual("{noun} in degrees (WGS84) from {low:g} to {high:g}", noun=noun, low=-limit, high=limit)
        raise wrong(what)
    return float(number)


def is_id(text: str) -> bool:
    """Whether a text can be the id of a thing, a plan or a scenario; such a text is never a path."""
    return bool(_SLUG.fullmatch(text))


_DEVICES = frozenset(
    {"con", "prn", "aux", "nul", *(f"{port}{number}" for port in ("com", "lpt") for number in range(1, 10))}
)
"""Names that Windows keeps for devices, whatever stands behind a full stop (learn.microsoft.com, Naming Files)."""
_NO_FILE = re.compile(r'[<>:"/\\|?*\x00-\x1f]|[. ]$')
MOST_FILE_BYTES = 200
"""Of the name of a file or folder in UTF-8: systems take 255, and files beside it have longer names."""


def is_file_name(text: str) -> bool:
    """Whether every system takes a text as the name of a file or folder, Windows too."""
    stem = text.partition(".")[0].strip().casefold()
    return bool(text) and stem not in _DEVICES and not _NO_FILE.search(text) and len(text.encode()) <= MOST_FILE_BYTES


def file_name_words() -> Words:
    """What is expected where a text is not `is_file_name`."""
    return bilingual(
        "a name that every system takes: of {most} bytes at most, none of < > : \" / \\ | ? *, no blank or full stop at"
        " its end, and not CON, NUL, AUX, PRN, COM1 or LPT1, which Windows keeps for devices", most=MOST_FILE_BYTES,
    )  # fmt: skip


def _slug(value: Any) -> str:
    text = str(value) if isinstance(value, int) and not isinstance(value, bool) else value
    if not isinstance(text, str) or not is_id(text):
        raise wrong(bilingual("an id of 1 to 64 letters a-z, digits, - or _, beginning with a letter or digit"))
    return text


def _name_list(value: Any) -> tuple[str, ...]:
    if isinstance(value, str):
        for mark in AS_WRITTEN["list"][";"]:
            value = value.replace(mark, ";")
        value = [word.strip() for word in value.split(";") if word.strip()]
    if not isinstance(value, (list, tuple)) or not all(isinstance(word, str) and word for word in value):
        raise wrong(bilingual('names with ";" between them, e.g. {example}', example="rescue;evacuate"))
    if len(value) > 100 or len(set(value)) < len(value):
        raise wrong(bilingual("at most 100 names, each once"))
    return tuple(value)


# ---- times in steps


def step_end_h(number: int, each_h: float) -> float:
    """The hour at which a step ends, of so many of this length: never added up, and whole seconds to the last digit.

    >>> 3 * 0.1, step_end_h(3, 0.1)
    (0.30000000000000004, 0.3)
    """
    exact = number * each_h
    seconds = round(exact * 3600)
    return seconds / 3600 if abs(seconds - exact * 3600) < 1e-6 else exact


def step_ends_h(number: int, each_h: float) -> list[float]:
    """The hours at which the steps from 0 to a number end, as `step_end_h`; one more than the number."""
    return [step_end_h(step, each_h) for step in range(number + 1)]


def next_step_h(now_h: float, step_h: float) -> float:
    """The first end of a step after `now_h`, which may itself be one but for its last digits."""
    return step_end_h(math.floor(now_h / step_h + 1e-9) + 1, step_h)


# ---- the types


def _term(kind: Quantity) -> str:
    """One number with a unit, as a pattern."""
    units = "|".join(re.escape(unit) for unit in kind.factors)
    return rf"[+-]?[0-9][0-9,]*(\.[0-9]+)?\s*({units})"


def _written(kind: Quantity) -> WithJsonSchema:
    term = _term(kind)
    more = rf"(\s*{term})*" if kind.sums else ""
    description = f"{kind.noun.en[0].upper()}{kind.noun.en[1:]} with its unit."
    return WithJsonSchema(
        {
            "type": "string",
            "pattern": f"^{term}{more}$",
            "description": description,
            "examples": [said(kind.example, "en")],
        }
    )


_PERCENT = {"type": "string", "pattern": r"^[0-9]+(\.[0-9]+)?\s*%$", "examples": ["90 %"]}
Number = Annotated[float, BeforeValidator(partial(_written_number, bilingual("a number")))]
"""A plain number without a unit."""
Whole = Annotated[int, BeforeValidator(_whole)]
"""A whole number."""
YesNo = Annotated[bool, BeforeValidator(_truth)]
_WAN = next(iter(_MULTIPLES))
_COUNTED = {
    "type": "string",
    "pattern": rf"^[0-9][0-9,]*(\.[0-9]+)?\s*{_WAN}?\s*({'|'.join(_factors('people'))})?$",
}

Hours = Annotated[float, BeforeValidator(partial(_quantity, DURATION)), _written(DURATION)]
HourOfDay = Annotated[
    float,
    BeforeValidator(_hour_of_day),
    WithJsonSchema(
        {
            "type": "string",
            "pattern": rf"^(?:{_CLOCK.pattern}|{_term(HOUR_OF_DAY)})$",
            "description": "An hour of the clock.",
            "examples": ["8 h", "08:00"],
        }
    ),
]
"""Hours of the clock, from 0 to 24."""
Kilometres = Annotated[float, BeforeValidator(partial(_quantity, DISTANCE)), _written(DISTANCE)]
KilometresPerHour = Annotated[float, BeforeValidator(partial(_quantity, SPEED)), _written(SPEED)]
Metres = Annotated[float, BeforeValidator(partial(_quantity, HEIGHT)), _written(HEIGHT)]
MetresLong = Annotated[float, BeforeValidator(partial(_quantity, LENGTH)), _written(LENGTH)]
MetresPerSecond = Annotated[float, BeforeValidator(partial(_quantity, FLOW_SPEED)), _written(FLOW_SPEED)]
Tonnes = Annotated[float, BeforeValidator(partial(_quantity, MASS)), _written(MASS)]
TonnesPerHour = Annotated[float, BeforeValidator(partial(_quantity, RATE)), _written(RATE)]
Persons = Annotated[
    int,
    BeforeValidator(_persons),
    WithJsonSchema(
        {"anyOf": [{"type": "integer", "minimum": 0}, _COUNTED], "examples": [2300, "86,000", f"8.6 {_WAN}"]}
    ),
]
Share = Annotated[
    float,
    BeforeValidator(_share),
    WithJsonSchema({"anyOf": [{"type": "number", "minimum": 0, "maximum": 1}, _PERCENT], "examples": [0.9, "90 %"]}),
]
Moment = Annotated[
    float,
    BeforeValidator(_moment),
    WithJsonSchema(
        {
            "type": "string",
            "description": "A date and time with its offset from UTC, or a duration since the start.",
            "examples": ["2023-07-31T05:44+08:00", "36 h"],
        }
    ),
]
Id = Annotated[
    str,
    BeforeValidator(_slug),
    WithJsonSchema({"type": "string", "pattern": f"^{_SLUG.pattern}$", "examples": ["boats-north"]}),
]
Latitude = Annotated[
    float,
    BeforeValidator(partial(_degrees, 90.0, bilingual("a latitude"))),
    WithJsonSchema({"type": "number", "minimum": -90, "maximum": 90}),
]
Longitude = Annotated[
    float,
    BeforeValidator(partial(_degrees, 180.0, bilingual("a longitude"))),
    WithJsonSchema({"type": "number", "minimum": -180, "maximum": 180}),
]
NameList = Annotated[
    tuple[str, ...],
    BeforeValidator(_name_list),
    WithJsonSchema({"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]}),
]


# ---- writing


def write_hours(hours: float) -> str:
    """A duration to the minute (to the second below one minute): "1 h 20 min"; "never" when infinite."""
    if not math.isfinite(hours):
        return "never" if hours > 0 else "-"
    sign, seconds = ("-" if hours < 0 else ""), abs(hours) * 3600
    if seconds < 59.5:
        return f"{sign}{round(seconds)} s"
    whole, minutes = divmod(round(seconds / 60), 60)
    terms = ([f"{whole} h"] if whole else []) + ([f"{minutes} min"] if minutes else [])
    return sign + " ".join(terms)


def write_moment(hours: float, start: datetime) -> str:
    """The calendar time of an hour since `start`, in the offset of `start`: "2023-07-31 05:44"."""
    if not math.isfinite(hours):
        return write_hours(hours)
    return (start + timedelta(hours=hours)).strftime("%Y-%m-%d %H:%M")


def write_km(km: float) -> str:
    """A distance to three figures: "850 m", "12.3 km"."""
    return f"{_short(km * 1000, 0)} m" if abs(km) < 0.9995 else f"{_short(km, 1)} km"


def write_kmh(kmh: float) -> str:
    """A speed: "90 km/h"."""
    return f"{_short(kmh, 1)} km/h"


def write_metres(metres: float) -> str:
    """A height or depth to the centimetre: "1.25 m"."""
    return f"{_short(metres, 2)} m"


def write_ms(speed: float) -> str:
    """A speed of wind or water: "1.5 m/s"."""
    return f"{_short(speed, 1)} m/s"


def write_tonnes(tonnes: float) -> str:
    """A mass: "350 kg", "3.5 t"."""
    return f"{_short(tonnes * 1000, 0)} kg" if abs(tonnes) < 0.9995 else f"{_short(tonnes, 1)} t"


def write_persons(persons: float) -> str:
    """A number of people with thousands apart: "133,913"."""
    return f"{round(persons):,}" if math.isfinite(persons) else "-"


def write_share(share: float) -> str:
    """A share in per cent, to a tenth: "90 %", "92.5 %"."""
    return f"{_short(share * 100, 1)} %"


def _short(number: float, digits: int) -> str:
    """At most `digits` decimals, none that are zero; "-" for what is not a number."""
    if not math.isfinite(number):
        return "-"
    text = f"{number:,.{digits}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
