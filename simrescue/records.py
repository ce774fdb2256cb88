"""The base of every record that a file can hold: frozen, typed, nothing unknown let in.

A field carries its unit in its Python name (`turnout_h`) and not in the file (`turnout: 45 min`):
the file's value carries the unit itself. Tables may put the unit in the header instead (`turnout_min`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, ClassVar, Literal, NamedTuple, Protocol, TypeVar, get_args

from pydantic import BaseModel, ConfigDict, GetCoreSchemaHandler, GetJsonSchemaHandler, field_validator
from pydantic.fields import FieldInfo
from pydantic_core import CoreSchema, PydanticCustomError, PydanticKnownError, core_schema

from simrescue.errors import HIDDEN, Text
from simrescue.wording import Noun, Words, bilingual

T = TypeVar("T")


class Named(Protocol):
    """A record of a registry: a kind, a policy, a measure."""

    @property
    def name(self) -> str:
        """Its name in the registry."""


@contextmanager
def for_a_while(records: Iterable[T], register: Callable[[T], Named], forget: Callable[[str], None]) -> Iterator[None]:
    """Have records registered one after the other until the end of a block; those that were made are forgotten.

    Args:
        records: what to register.
        register: adds one and answers it; what it raises is raised here, after the earlier ones are forgotten.
        forget: takes one away again, by its name.
    """
    made = list[str]()
    try:
        made.extend(register(record).name for record in records)
        yield
    finally:
        for name in made:
            forget(name)


def lacks_as_policy(name: str, words: Words, taken: Container[str]) -> Iterator[str]:
    """What any policy that a scenario can name still lacks: a name of its own in the form of one, words.

    Args:
        name: as a scenario would write it.
        words: what pages and tables call it.
        taken: names of the policies of its sort.
    """
    if not re.fullmatch(r"[a-z][a-z0-9_-]*", name):
        yield f"a name of small letters, digits, - and _ (it is {name!r})"
    if name in taken:
        yield "a name of its own (this one is taken)"
    if not (words.en and words.zh):
        yield "words in both languages"


UNIT_SUFFIXES = ("_t_per_h", "_m_per_h", "_kmh", "_ms", "_km", "_m2", "_kg", "_h", "_m", "_t")
"""Endings of Python field names that name the unit held inside; longest first."""


def key_in_file(field: str) -> str:
    """The key a planner writes for a Python field name: the name without its unit ending."""
    for suffix in UNIT_SUFFIXES:
        if field.endswith(suffix):
            return field.removesuffix(suffix)
    return field


FLOOD, FIRE, BY_LEVELS, BY_DEPTHS = "a flood", "a forest fire", "a flood by levels", "a flood by depths"
BY_RASTERS = "a flood by rasters"
CLAUSES, PAGES, NOTHING = "static clauses", "pages and maps", "nothing"
BY_CHANNELS = "messages by channels"


class ReadBy(NamedTuple):
    """Marks a field (as `Annotated[..., ReadBy(FIRE)]`) that not everything reads: who does.

    Fields without this mark are read by every simulation. `check` lists from it what nothing reads in a scenario.
    """

    first: str
    second: str = ""


class Needs(NamedTuple):
    """Marks a setting that counts only where some conditions hold: names in `scenario.preflight.idle.CONDITIONS`."""

    first: str
    second: str = ""
    third: str = ""


class Record(BaseModel):
    """One thing of a scenario or a plan: frozen, and closed to unknown keys."""

    only: ClassVar[tuple[str, ...]] = ()
    """Who reads such a record at all; empty: every simulation."""
    replaced: ClassVar[Mapping[str, Words]] = {}
    """Keys that earlier versions knew -> what to write instead."""

    model_config = ConfigDict(
        defer_build=True,
        frozen=True,
        extra="forbid",
        alias_generator=key_in_file,
        validate_by_name=True,
        validate_by_alias=True,
        validate_default=False,
        allow_inf_nan=False,
    )

    @field_validator("*", mode="before")
    @classmethod
    def _nothing_hidden(cls, value: Any) -> Any:
        """No text that moves a terminal's cursor or turns the order of what is read: it would reach every page."""
        if isinstance(value, (str, list, tuple, dict)):
            for text in _texts(value):
                if found := re.search(HIDDEN, text):
                    told = bilingual(
                        "text without control or direction characters (found U+{code:04X})", code=ord(found[0])
                    )
                    raise PydanticCustomError("unreadable", "{what}", {"what": told.en, "told": told})
        return value


class OneOf:
    """Marks a text (as `Annotated[str, OneOf(NEEDS)]`) that is a name of a registry, as it is when the text is read."""

    def __init__(self, names: Sequence[str]) -> None:
        """`names`: the list that the registry keeps."""
        self.names = names

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_after_validator_function(self._known, handler(source))

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return {**handler(schema), "enum": list(self.names)}

    def _known(self, name: str) -> str:
        if name not in self.names:
            raise PydanticKnownError("literal_error", {"expected": " or ".join(f"'{known}'" for known in self.names)})
        return name


def add_field(record: type[Record], name: str, annotation: Any, default: Any) -> None:
    """Give a record, and those made from it, one more field: a column of their tables, a key of their section.

    Args:
        record: who gets it; what holds such records is compiled again with it.
        name: of the field; it must be new.
        annotation: its type.
        default: its default, or a `pydantic.Field` that has one.
    """
    changed = _made_from(record)
    for each in changed:
        each.__pydantic_fields__[name] = FieldInfo.from_annotated_attribute(annotation, default)
    _compile_again(changed)


def drop_field(record: type[Record], name: str) -> None:
    """Undo `add_field`. Raises KeyError where the record has no field of the name."""
    changed = _made_from(record)
    for each in changed:
        del each.__pydantic_fields__[name]
    _compile_again(changed)


def _made_from(record: type[Record]) -> list[type[Record]]:
    """A record and all loaded records that inherit from it, each behind those that it inherits from."""
    return list(dict.fromkeys([record, *(each for child in record.__subclasses__() for each in _made_from(child))]))


def _compile_again(changed: list[type[Record]]) -> None:
    """Have records, and all that hold them, read what fields they have now."""
    for record in changed:
        record.model_rebuild(force=True)
    for record in _made_from(Record):
        held = [info for info in record.model_fields.values() if _names(info.annotation, changed)]
        for info in held:
            old: Any = info.default
            if type(old) in changed:  # it was made without the field
                info.default = type(old)(**{name: getattr(old, name) for name in old.model_fields_set})
        if held:
            _compile_again([record])


def _names(annotation: Any, records: list[type[Record]]) -> bool:
    """Whether a type is, or holds, one of some records."""
    return annotation in records or any(_names(part, records) for part in get_args(annotation))


Role = Literal["place", "road", "responder", "command"]
MOVES = {"road": "truck", "water": "boat", "air": ""}
"""Ways of moving -> the vehicle of the road network that such a crew goes by where its row names none; air: none."""
SYMBOLS = (
    "state", "none", "triangle", "box", "pentagon", "pad", "drop", "star", "hexagon", "kite", "dot", "hull", "square",
    "rotor", "diamond",
)  # fmt: skip
"""Shapes that maps and replays can draw; `state`: by what has happened to the village; `none`: not drawn."""


@dataclass(frozen=True, eq=False)
class Kind:
    """Everything that the program must know of one kind of thing; checked and made known by `kinds.register`."""

    name: str = ""
    """As in things.parquet, plans and results."""
    table: str = ""
    """Name of its table, the file `<table>.csv`; empty for the command post, which has none."""
    record: type[Record] | None = None
    """Class of its rows: a subclass of `places.Place` or `responders.Responder`."""
    role: Role | Literal[""] = ""
    noun: Noun = Noun()  # noqa: RUF009 - a tuple
    colour: str = ""
    """As #rrggbb."""
    symbol: str = ""
    """One of `SYMBOLS`."""
    fill: str = ""
    """Colour of its symbol on printed maps, #rrggbb; empty: `colour`."""
    area: float = 46.0
    """Size of its symbol on printed maps, points squared."""
    capacity: Literal["", "persons", "goods"] = ""
    """What a place holds, which fills its symbol in the replay; empty: nothing."""
    staffed: bool | None = None
    """Places: whether people live or work there, so that roads should lead there and they can be telephoned."""
    moves: str = ""
    """Responders: one of `MOVES`; crews are built from it."""
    tasks: Mapping[str, int] = field(default_factory=dict)
    """Responders: task that it is made for -> rank among the kinds that are, 1 first."""
    price_yuan: float | str | None = None
    """Responders: price of one more, yuan, in the menu of changes; a text: the parameter that has it."""
    ready_yuan: float | str | None = None
    """Responders: price of making one ready in half the time, as `price_yuan`; None: the menu has no such change."""
    waiting_colour: str = ""
    """Responders: colour of the time that is spent waiting for a free one, #rrggbb; empty: `colour`."""
    based: bool = False
    """Responders: whether it goes home after every mission and does not stand by elsewhere."""
    lands: bool = False
    """Places: whether aircraft may land and wait there."""
    of_hazard: bool = False
    """Places: whether it is a part of the hazard and not of those who meet it."""
    refers: Mapping[str, str] = field(default_factory=dict)
    """Column -> kind of the things whose ids it may hold."""
    checks: tuple[Callable[[Any], Iterator[tuple[str, Text]]], ...] = ()
    """Checks of one row of its own: each is given the record and yields column and what was expected there."""

    @property
    def is_drawn(self) -> bool:
        """Whether maps and legends show it by a symbol of its own."""
        return self.symbol not in ("", "none", "state")

    @property
    def vehicle(self) -> str:
        """Vehicle of the road network where the row names none; empty: it flies."""
        return MOVES[self.moves]


def _texts(value: Any) -> Iterator[str]:
    """A text, those of a list, the keys and texts of a mapping; what lies deeper is looked at there."""
    if isinstance(value, str):
        yield value
    else:
        yield from (text for text in value if isinstance(text, str))
        if isinstance(value, dict):
            yield from (text for text in value.values() if isinstance(text, str))
