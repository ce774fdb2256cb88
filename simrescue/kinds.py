"""The kinds of things of a scenario, each registered once: everything that is true of a kind is read from its record.

    UAV = Kind(name="uav", table="uavs", record=Uav, role="responder", moves="air", ...)
    register(UAV)

From then on there may be a table uavs.csv; its rows are read, checked, sent, drawn, told and counted like all others.
The kinds of the program itself stand beside their records, in `places.KINDS` and `responders.KINDS`. No list of kinds
is kept anywhere else, no `else` means one, and a name that is not registered is an error that tells the known ones.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from typing import Any, Generic, TypeVar

from simrescue import places, responders
from simrescue.communication import channels, posts
from simrescue.errors import nearest
from simrescue.parameters import Parameters
from simrescue.records import MOVES, SYMBOLS, Kind, Record, Role, add_field, drop_field, for_a_while, key_in_file
from simrescue.wording import Words

KINDS: dict[str, Kind] = {}
"""Name -> kind, in the order of registration, which numbers them."""

Value = TypeVar("Value")
Row = TypeVar("Row", bound=Record)
_DERIVED: list[Derived[Any]] = []
TAKEN: set[str] = set()
"""Names that a scenario has for something else, and that are no kind's table; `scenario.records` tells them."""
EFFECTS: set[str] = set()
"""Names of the types of effects of hazards; `hazards.kinds` tells them."""


class Derived(Mapping[str, Value], Generic[Value]):
    """A table made from the registry: made when first read, and again after a kind was registered or forgotten."""

    def __init__(self, make: Callable[[], dict[str, Value]]) -> None:
        self._make = make
        self._made: dict[str, Value] | None = None
        _DERIVED.append(self)

    def _table(self) -> dict[str, Value]:
        if self._made is None:
            self._made = self._make()
        return self._made

    def __getitem__(self, key: str) -> Value:
        return self._table()[key]

    def __contains__(self, key: object) -> bool:
        # Not by `__getitem__`, as a Mapping does: a table may answer for a key that it does not have.
        return key in self._table()

    def __iter__(self) -> Iterator[str]:
        return iter(self._table())

    def __len__(self) -> int:
        return len(self._table())

    def outdate(self) -> None:
        """Have it made again when it is next read."""
        self._made = None


NUMBER = Derived(lambda: {name: number for number, name in enumerate(KINDS)})
"""Name of a kind -> its number, as in `metrics.facts.Facts.kinds`."""
_OF_RECORD = Derived(lambda: {_record_name(kind.record): kind for kind in KINDS.values() if kind.record})


def register(*kinds: Kind) -> None:
    """Make kinds known to everything, all of them or none; they may refer to one another.

    Raises ValueError that tells all that is missing or wrong in them.
    """
    before, wrong = dict(KINDS), list[str]()
    together = {*KINDS, *(kind.name for kind in kinds)}
    for kind in kinds:
        if faults := [*_faults(kind), *_unknown(kind, together)]:
            wrong.append(f"the kind {kind.name!r} is not fully registered: " + "; ".join(faults))
        KINDS.setdefault(kind.name, kind)
    if wrong:
        KINDS.clear()
        KINDS.update(before)
        raise ValueError("\n".join(wrong))
    _outdate()


def forget(name: str) -> None:
    """Undo `register`. Raises KeyError where no kind has the name."""
    del KINDS[name]
    _outdate()


def _outdate() -> None:
    for table in _DERIVED:
        table.outdate()


@contextmanager
def registered(*kinds: Kind) -> Iterator[None]:
    """Have kinds registered for a while, as in a test."""
    register(*kinds)
    try:
        yield
    finally:
        for kind in kinds:
            forget(kind.name)


def is_made_for(kind: Kind, task: str) -> bool:
    """Whether responders of a kind are made for a task."""
    return any(known.name == kind.name for known in made_for_task(task))


def register_need(need: places.NeedKind) -> places.NeedKind:
    """Make a need known to everything: a column of stores, a mass, a word. Raises ValueError with all that is wrong."""
    if faults := list(_need_faults(need)):
        raise ValueError(f"the need {need.name!r} is not fully registered: " + "; ".join(faults))
    for record, field in places.FIELDS_OF_NEEDS.items():
        add_field(record, need.name, *field(need))
    places.NEED_KINDS.append(need)
    places.list_needs()
    return need


def forget_need(name: str) -> None:
    """Undo `register_need`. Raises ValueError for one of the program's own, and where no need has the name."""
    del places.NEED_KINDS[_outside(name, places.NEEDS, len(places.BASIC_NEEDS))]
    for record in places.FIELDS_OF_NEEDS:
        drop_field(record, name)
    places.list_needs()


def needs_registered(*needs: places.NeedKind) -> AbstractContextManager[None]:
    """Have needs registered for a while, as in a test."""
    return for_a_while(needs, register_need, forget_need)


def register_task(task: responders.TaskKind) -> responders.TaskKind:
    """Make a task known to everything. Raises ValueError with all that is wrong.

    Calls can ask for it where it is `by_call`; for other requests, and for more than time on scene, it needs a mission
    (`simulation.missions`).
    """
    if faults := list(_task_faults(task)):
        raise ValueError(f"the task {task.name!r} is not fully registered: " + "; ".join(faults))
    responders.TASK_KINDS.append(task)
    responders.list_tasks()
    return task


def forget_task(name: str) -> None:
    """Undo `register_task`. Raises ValueError for one of the program's own, and where no task has the name."""
    del responders.TASK_KINDS[_outside(name, responders.TASKS, responders.REPAIR + 1)]
    responders.list_tasks()


def tasks_registered(*tasks: responders.TaskKind) -> AbstractContextManager[None]:
    """Have tasks registered for a while, as in a test."""
    return for_a_while(tasks, register_task, forget_task)


def _outside(name: str, names: Sequence[str], own: int) -> int:
    """Index of a name behind the first `own`, which are the program's."""
    if name not in names[own:]:
        raise ValueError(f"{name!r} was not registered from outside, these were: {', '.join(names[own:]) or 'none'}")
    return names.index(name)


def kind_named(name: str) -> Kind:
    """The kind of a name. Raises ValueError, with the known names, where none has it."""
    if name not in KINDS:
        near = nearest(name, KINDS)
        hint = f"; did you mean {near!r}?" if near else ""
        raise ValueError(f"{name!r} is no registered kind of thing, known are {', '.join(KINDS)}{hint}")
    return KINDS[name]


def kind_of(record: Record) -> Kind:
    """The kind of a row of a table. Raises KeyError where its class belongs to no kind."""
    return _OF_RECORD[_record_name(type(record))]


def of_role(role: Role) -> tuple[Kind, ...]:
    """All kinds of a role, in the order of registration: that of their tables, and of their things."""
    return tuple(kind for kind in KINDS.values() if kind.role == role)


def names(role: Role) -> tuple[str, ...]:
    """Names of all kinds of a role."""
    return tuple(kind.name for kind in of_role(role))


def tables(role: Role) -> tuple[str, ...]:
    """Tables of all kinds of a role."""
    return tuple(kind.table for kind in of_role(role) if kind.table)


def sites() -> tuple[Kind, ...]:
    """Kinds of places with a symbol of their own that every hazard may come to."""
    return tuple(kind for kind in of_role("place") if kind.is_drawn and kind.record and not kind.record.only)


def made_for_task(task: str) -> tuple[Kind, ...]:
    """Kinds of responders that are made for a task, the first to think of first."""
    named = next((known.done_by for known in responders.TASK_KINDS if known.name == task), ())
    kinds = (kind for kind in of_role("responder") if task in kind.tasks)
    ranked = sorted(kinds, key=lambda kind: kind.tasks[task])
    return tuple(dict.fromkeys([*(KINDS[name] for name in named if name in KINDS), *ranked]))


def vehicle_of(row: Record) -> str:
    """Vehicle of the road network by which a crew moves: by its row, else by its kind; empty: it flies."""
    kind = kind_of(row)
    return str(getattr(row, "vehicle", kind.vehicle)) if kind.moves == "road" else kind.vehicle


def moving(moves: str) -> tuple[str, ...]:
    """Names of the kinds of responders that move so: by road, water or air. Raises ValueError for another way."""
    if moves not in MOVES:
        raise ValueError(f"{moves!r} is no way of moving, known are {', '.join(MOVES)}")
    return tuple(kind.name for kind in of_role("responder") if kind.moves == moves)


def _record_name(record: type[Record]) -> str:
    return f"{record.__module__}.{record.__qualname__}"


# ---- what a kind must have


def _faults(kind: Kind) -> Iterator[str]:
    """All that is missing or wrong, in words that name the field."""
    if not re.fullmatch(r"[a-z][a-z_]*", kind.name):
        yield "name: small letters and underlines"
    if kind.name in KINDS:
        yield f"name: another than {kind.name!r}, which is registered already"
    if kind.name in responders.TASKS:
        yield f"name: another than {kind.name!r}, which is a task: numbers of both have one name"
    for field in ("one", "many", "zh", "counter_zh"):
        if not getattr(kind.noun, field):
            yield f"noun.{field}: a word"
    if kind.role in _OF_ROLE:
        yield from _in_table(kind)
        yield from _drawn(kind)
        yield from _OF_ROLE[kind.role](kind)
    elif kind.role not in ("road", "command"):
        yield f"role: one of place, road, responder, command, not {kind.role!r}"


def _in_table(kind: Kind) -> Iterator[str]:
    if not re.fullmatch(r"[a-z][a-z_]*", kind.table):
        yield "table: name of its file without .csv"
    if other := next((known.name for known in KINDS.values() if kind.table and known.table == kind.table), ""):
        yield f"table: another than {kind.table!r}, which is that of {other!r}"
    if kind.table in TAKEN:
        yield f"table: another than {kind.table!r}, which a scenario has for something else"
    base = _RECORD_OF[kind.role]
    if not _record_as(kind, base):
        yield f"record: a subclass of {_record_name(base)}"
    elif other := next((known.name for known in KINDS.values() if known.record is kind.record), ""):
        yield f"record: another than that of {other!r}"


def _need_faults(need: places.NeedKind) -> Iterator[str]:
    yield from _name_faults(need.name, need.words)
    if need.name in places.NEEDS:
        yield f"name: another than {need.name!r}, which is registered already"
    for record in places.FIELDS_OF_NEEDS:
        made = (record, *record.__subclasses__())
        if other := next((each for each in made if need.name in {*each.model_fields, *_columns(each)}), None):
            yield f"name: another than {need.name!r}, which is a column or setting of {other.__name__}"
            break
    yield from _price_faults({"price_yuan": need.price_yuan})
    if not need.kg > 0:
        yield "kg: mass of a person-day or a set, more than 0"


def _task_faults(task: responders.TaskKind) -> Iterator[str]:
    yield from _name_faults(task.name, task.words)
    if task.name in responders.TASKS:
        yield f"name: another than {task.name!r}, which is registered already"
    if task.name in KINDS:
        yield f"name: another than {task.name!r}, which is a kind: numbers of both have one name"
    for field, known in {"covers": _COVERED, "room": _ROOMS}.items():
        if getattr(task, field) not in known:
            yield f"{field}: empty or one of {', '.join(known[1:])}"
    steps = [known.name for known in responders.TASK_KINDS if not known.as_urgent_as]
    if task.as_urgent_as not in steps:
        yield f"as_urgent_as: one of {', '.join(steps)}"
    if not task.done_by or not set(task.done_by) <= set(names("responder")):
        yield f"done_by: kinds of responders among {', '.join(names('responder'))}"
    if task.effect and EFFECTS and task.effect not in EFFECTS:
        yield unknown_effect(task)


def unknown_effect(task: responders.TaskKind) -> str:
    """What is to be said of a task whose effect no hazard can have."""
    return f"effect: a type of effects of hazards ({', '.join(sorted(EFFECTS))}), not {task.effect!r}"


def _name_faults(name: str, words: Words) -> Iterator[str]:
    if not re.fullmatch(r"[a-z][a-z_]*", name):
        yield "name: small letters and underlines"
    if not (words.en and words.zh):
        yield "words: English and Chinese"


def _price_faults(prices: Mapping[str, float | str | None]) -> Iterator[str]:
    for name, price in prices.items():
        if price is None or (isinstance(price, str) and price not in Parameters.model_fields):
            yield f"{name}: yuan, or the name of a parameter"


def _record_as(kind: Kind, base: type[Row]) -> type[Row] | None:
    """The record of a kind where it is a subclass of `base`; else None."""
    return kind.record if isinstance(kind.record, type) and issubclass(kind.record, base) else None


def _unknown(kind: Kind, known: set[str]) -> Iterator[str]:
    """Columns that there are not, and kinds that there are not, in what it refers to."""
    columns = _columns(kind.record) if kind.record else set[str]()
    for column, of in kind.refers.items():
        if column not in columns or of not in known:
            yield f"refers: a column of its table and a registered kind, not {column!r} and {of!r}"


def _columns(record: type[Record]) -> set[str]:
    return {field.alias or key_in_file(name) for name, field in getattr(record, "model_fields", {}).items()}


def _drawn(kind: Kind) -> Iterator[str]:
    colours = {
        "colour": kind.colour,
        "fill": kind.fill or kind.colour,
        "waiting_colour": kind.waiting_colour or kind.colour,
    }
    for name, colour in colours.items():
        if not re.fullmatch(r"#[0-9a-f]{6}", colour):
            yield f"{name}: as #rrggbb"
    shapes = [shape for shape in SYMBOLS if shape != "none" or kind.role == "place"]
    if kind.symbol not in shapes:
        yield f"symbol: one of {', '.join(shapes)}"
    elif kind.symbol == "state" and not _record_as(kind, places.Settlement):
        yield "symbol: another than state, which is that of places where people are"
    if kind.area <= 0:
        yield "area: more than 0"
    alike = (known.name for known in KINDS.values() if (known.colour, known.symbol) == (kind.colour, kind.symbol))
    if kind.is_drawn and (other := next(alike, "")):
        yield f"colour, symbol: others than those of {other!r}"


def _of_place(kind: Kind) -> Iterator[str]:
    if kind.staffed is None:
        yield "staffed: whether people live or work there (True or False)"
    if kind.moves or kind.tasks:
        yield "moves, tasks: nothing, a place stays where it is"
    if kind not in places.KINDS and (record := _record_as(kind, places.Place)):
        yield from _people_and_goods(kind, record)


def _people_and_goods(kind: Kind, record: type[Record]) -> Iterator[str]:
    """People, stocks and work of the program's own places live in their own tables: elsewhere they would never run."""
    own = (known for known in places.KINDS if known.record and known.name != kind.name)
    if other := next((known for known in own if known.record and issubclass(record, known.record)), None):
        yield f"record: no subclass of that of {other.name!r}, whose processes read the table {other.table!r} alone"
    elif issubclass(record, places.Settlement | places.Stock):
        yield "record: no subclass of Settlement or Stock, people and goods are read from the program's own tables"


def _of_responder(kind: Kind) -> Iterator[str]:
    if kind.moves not in MOVES:
        yield f"moves: one of {', '.join(MOVES)}"
    if not kind.tasks or not set(kind.tasks) <= set(responders.TASKS):
        yield f"tasks: rank for each that it is made for, among {', '.join(responders.TASKS)}"
    yield from _price_faults({"price_yuan": kind.price_yuan, "ready_yuan": kind.ready_yuan or 0.0})
    if record := _record_as(kind, responders.Responder):
        yield from _crew(kind, record)


def _crew(kind: Kind, record: type[responders.Responder]) -> Iterator[str]:
    """What the processes of a crew that moves so and does such tasks read."""
    if (kind.moves == "air") != issubclass(record, responders.Aircraft):
        yield "record, moves: a subclass of responders.Aircraft where it moves by air, and only there"
    elif "water_drop" in kind.tasks and kind.moves != "air":
        yield "tasks: water_drop where it moves by air only"
    reads = {task.name: task.reads for task in responders.TASK_KINDS}
    tasks = (name for task in kind.tasks for name in reads.get(task, ()))
    needed = dict.fromkeys((*_FIELDS_OF_CREW, *_FIELDS_OF_MOVES.get(kind.moves, ()), *tasks))
    if missing := [name for name in needed if name not in record.model_fields]:
        yield f"record: without the fields {', '.join(missing)}"


_RECORD_OF: dict[str, type[Record]] = {"place": places.Place, "responder": responders.Responder}
_OF_ROLE: dict[str, Callable[[Kind], Iterator[str]]] = {"place": _of_place, "responder": _of_responder}
_FIELDS_OF_CREW = ("size", "tasks")
_FIELDS_OF_MOVES = {"water": ("speed_kmh", "launch_h", "puncture", "lost")}
"""What the processes of a crew read besides the fields of every responder, by how it moves."""
_COVERED, _ROOMS = ("", "seats", "payload_t", "hands"), ("", "seats", "payload_t", "bucket_t")

register(*places.KINDS, *responders.KINDS, *channels.KINDS, *posts.KINDS)
