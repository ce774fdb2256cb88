"""The kinds of hazards, each registered once: everything that is true of a kind is read from its record.

    register(HazardKind(name="landslide", words=bilingual("landslide"), settings=Landslide, course=Slide, ...))

From then on `hazard: {kind: landslide}` may stand in a scenario.yaml, alone or in a list beside other hazards; its keys
are read and checked, its course is run on the one clock, and it is told by its own words. The kinds of the program
itself stand in `flood.kind` and `wildfire.kind`. Floors above add what only they can know (checks, charts, changes of
a menu) to the same record by `extend`. No `else` means a kind, and an unknown one is an error with the known names.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, fields, replace
from typing import Any, NamedTuple, get_args

import numpy as np

from simrescue import kinds
from simrescue.errors import ResultsError, nearest
from simrescue.hazards.base import Effect, EffectType, Floats, Hazard
from simrescue.records import Record, for_a_while
from simrescue.responders import TASK_KINDS
from simrescue.wording import Words, bilingual, bilingual_as, listed

EFFECTS: tuple[EffectType, ...] = get_args(Effect)
kinds.EFFECTS.update(effect.__name__ for effect in EFFECTS)
for _task in TASK_KINDS:  # registered before the effects were known
    if _task.effect and _task.effect not in kinds.EFFECTS:
        raise ValueError(f"the task {_task.name!r} is not fully registered: {kinds.unknown_effect(_task)}")
NOWHERE = Words("", "")
WITHOUT_A_KIND = "flood"
"""What a section of scenario.yaml is that names no kind: there was no other once."""
AND = bilingual_as("between hazards", " and ")
"""What stands between two things of a list, where all of them are meant."""


class Expected(NamedTuple):
    """A hazard as recorded or forecast, without draws and with nobody to fight it, one entry for each of S sites."""

    arrival_h: Floats
    """When it first comes; infinite: never."""
    depth_m: Floats
    """Greatest depth of its water; 0: none."""
    border_h: float = np.inf
    """When it comes to the border of the ground on which it is known; infinite: never."""


Course = tuple[tuple[float, int], ...]
"""Hours at which a site comes into another class of danger, rising, each with the class from then on; before: none."""


def no_forecast(_: Any, sites: int) -> tuple[Course, ...]:
    """Of a hazard whose course nobody foresees, at so many sites."""
    return ((),) * sites


def nowhere(_: Any, sites: int) -> Expected:
    """What is expected of a hazard that nobody foresees."""
    return Expected(np.full(sites, np.inf), np.zeros(sites))


class ScenarioTemplate(NamedTuple):
    """A small scenario that `simrescue new` copies."""

    option: str
    """What `--hazard` calls it."""
    name: str
    folder: str
    """Where the package keeps it."""


def _nothing(*_: Any) -> Iterable[Any]:
    return ()


def _no_columns(*_: Any) -> Mapping[str, Any]:
    return {}


def _no_course(field: Any, seed: int, replication: int) -> Hazard:
    raise NotImplementedError


@dataclass(frozen=True, eq=False)
class HazardKind:
    """Everything that the program must know of one kind of hazard."""

    name: str = ""
    """As in `hazard.kind` of scenario.yaml, in the parameters' column `hazard`, and in `measures`."""
    words: Words = NOWHERE
    """What it is called: "flood"."""
    events: Words = NOWHERE
    """What its events are called in general: "floods"; empty: `words`."""
    settings: type[Record] | None = None
    """Class of its section in scenario.yaml, with a field `kind: Literal[name]`."""
    course: Callable[[Any, int, int], Hazard] = _no_course
    """Its course in one replication, of the compiled field, the seed and the number of the replication. Draws come from
    streams that carry the kind's own name, so that one more hazard leaves the draws of all others as they were."""
    effects: tuple[EffectType, ...] = ()
    """Types of the effects that its course can have."""
    compile: Callable[[Any], Any] = lambda scenario: scenario
    """The field of a scenario, made once for all replications; left out: the scenario itself."""
    expected: Callable[[Any, int], Expected] = nowhere
    """Where it is expected to come, of the field and the number of sites."""
    forecast: Callable[[Any, int], tuple[Course, ...]] = no_forecast
    """How dangerous the first so many sites (places, as the table of things has them) are expected to be, and when, of
    the field: all that command has to go by where it hears nothing."""
    foreseen: bool = False
    """Whether there is a forecast by which people are warned before it comes."""
    village_hit: Words = NOWHERE
    """A village that it comes to: "village that floods". Empty: made of `words`."""
    people_hit: Words = NOWHERE
    """After a number of people, in Chinese before it: "get wet". Empty: made of `words`."""
    topic: str = "hazard"
    """Topic of its findings in `check`: "hazard", or one of its own."""
    topic_words: Words = NOWHERE
    """How a topic of its own is written; empty: `words`."""
    readers: Callable[[Any], frozenset[str]] | None = None
    """Names in the marks `ReadBy` of fields that it reads, of its settings; left out: "a <words>"."""
    key_numbers: tuple[str, ...] = ("share_relieved_10h", "relief_p95_h", "late_person_h", "deaths")
    """Metrics shown large in the report."""
    harm: str = "late_person_h"
    """Metric by which the middle replication of a run is chosen."""
    template: ScenarioTemplate | None = None

    colour: str = "#7d8a96"
    """What charts and the replay draw it in, as #rrggbb."""

    # added by floors above, for the kinds of the program itself
    village_columns: Callable[..., Mapping[str, Any]] = _no_columns
    """What is kept of each village with it, of the log and the facts: columns of shape (V,)."""
    metrics: Callable[..., Mapping[str, float]] = _no_columns
    """Numbers of a replication with it, of the log and the facts."""
    curves: Callable[..., Mapping[str, Any]] = _no_columns
    """What is counted of it at each hour, of the log, the facts and the hours."""
    figures: tuple[Any, ...] = ()
    """Figures that the record of a real event may give of it, as `metrics.recorded.Figure`."""
    faults: Callable[..., Iterable[Any]] = _nothing
    """What does not fit in a scenario with it: of the draft, the settings of all, its own, the rows that read well, the
    ground, and its place in scenario.yaml."""
    checks: tuple[Callable[[Any], Iterable[Any]], ...] = ()
    """Pre-flight checks of its own, of a `Look`."""
    slips: tuple[Callable[[Any], Iterator[Any]], ...] = ()
    """Looks for slips of the pen in its tables, of the scenario."""
    watch: Callable[[Any, Any], Any] | None = None
    """What goes with its course in the simulation, where it answers to the responders (`hazard.HazardWatch` there)."""
    charts: tuple[Any, ...] = ()
    """Charts of a run with it, as `charts.shared.chart.Chart`; empty: those of people."""
    numbers: Mapping[str, Any] = field(default_factory=dict)
    """Metrics of the report as `report.sections.numbers.KEY_NUMBERS`; empty: those of people."""
    menu: Callable[[Any], Iterable[Any]] = _nothing
    """Changes of a scenario that may make its harm less."""
    lifted: tuple[Any, ...] = ()
    """Causes of its own that may be taken out of a scenario, as `studies.causes.lifted.PossibleCause`."""


HAZARDS: dict[str, HazardKind] = {}
"""Name -> kind, in the order of registration."""
WATCHERS: list[Callable[[], None]] = []
"""Called whenever a kind was registered or forgotten: for what is compiled from the registry."""


def register(kind: HazardKind) -> HazardKind:
    """Make a kind known to everything. Raises ValueError that tells all that is missing or wrong in it."""
    if wrong := list(_faults(kind)):
        raise ValueError(f"the hazard {kind.name!r} is not fully registered: " + "; ".join(wrong))
    _put(kind)
    return kind


def _put(kind: HazardKind) -> None:
    en, zh = kind.words
    usual: dict[str, Any] = {
        "topic_words": kind.words,
        "events": kind.words,
        "village_hit": bilingual("village in the way of the {hazard}", hazard=(en, zh)),
        "people_hit": bilingual("live in the way of the {hazard}", hazard=(en, zh)),
    }
    HAZARDS[kind.name] = replace(kind, **{name: words for name, words in usual.items() if not any(getattr(kind, name))})
    for watcher in WATCHERS:
        watcher()


def forget(name: str) -> None:
    """Undo `register`. Raises KeyError where no kind has the name."""
    del HAZARDS[name]
    for watcher in WATCHERS:
        watcher()


def extend(name: str, **more: Any) -> None:
    """Add to the record of a kind what a floor above knows of it. Raises KeyError for an unknown kind or field."""
    kind = HAZARDS[name]
    known = {field.name for field in fields(HazardKind)}
    if unknown := sorted(more.keys() - known):
        raise KeyError(f"{', '.join(unknown)}: no field of a hazard")
    HAZARDS[name] = replace(kind, **more)


def registered(*kinds: HazardKind) -> AbstractContextManager[None]:
    """Have kinds registered for a while, as in a test."""
    return for_a_while(kinds, register, forget)


def hazard_named(name: str) -> HazardKind:
    """The kind of a name. Raises ValueError, with the known names, where none has it."""
    if name not in HAZARDS:
        near = nearest(name, HAZARDS)
        hint = f"; did you mean {near!r}?" if near else ""
        raise ValueError(f"{name!r} is no registered kind of hazard, known are {', '.join(HAZARDS)}{hint}")
    return HAZARDS[name]


def stored(settings: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """The hazards of a run by the settings in its manifest: name of the kind -> its section.

    Raises ResultsError, with the known names, for a kind that is not registered.
    """
    hazard = settings.get("hazard") or {}
    written = hazard if isinstance(hazard, list | tuple) else [hazard]
    sections = {str(section.get("kind", WITHOUT_A_KIND)): section for section in written}
    for name in sections:
        if name not in HAZARDS:
            sentence = bilingual(
                "{name!r} is no registered kind of hazard, known are {known}", name=name, known=", ".join(HAZARDS)
            )
            if near := nearest(name, HAZARDS):
                sentence = bilingual('{told}; did you mean "{nearest}"?', told=sentence, nearest=near)
            raise ResultsError(sentence)
    return sections


def is_foreseen(names: Iterable[str]) -> bool:
    """Whether one of some kinds is foreseen, so that people are warned beforehand."""
    return any(hazard_named(name).foreseen for name in names)


def brings(effect: EffectType, names: Iterable[str]) -> bool:
    """Whether one of some kinds has effects of a type: `brings(Flames, ...)` where something can burn."""
    return any(effect in hazard_named(name).effects for name in names)


def called(names: Iterable[str]) -> Words:
    """Several kinds in one phrase: "flood and landslide"."""
    return listed([hazard_named(name).words for name in names], AND)


def _faults(kind: HazardKind) -> Iterator[str]:
    if not re.fullmatch(r"[a-z][a-z_]*", kind.name):
        yield "name: small letters and underlines"
    if kind.name in HAZARDS:
        yield f"name: another than {kind.name!r}, which is registered already"
    if not (kind.words.en and kind.words.zh):
        yield "words: English and Chinese"
    if not (isinstance(kind.settings, type) and issubclass(kind.settings, Record)):
        yield "settings: a subclass of Record"
    elif kind.name not in get_args(getattr(kind.settings.model_fields.get("kind"), "annotation", None)):
        yield f'settings: with a field kind: Literal["{kind.name}"]'
    if kind.course is _no_course:
        yield "course: of the field, the seed and the replication"
    if not re.fullmatch(r"#[0-9a-f]{6}", kind.colour):
        yield "colour: as #rrggbb"
    yield from _charts(kind)
    if not kind.effects:
        yield "effects: types of the effects that it can have"
    if unknown := [getattr(effect, "__name__", repr(effect)) for effect in kind.effects if effect not in EFFECTS]:
        known = ", ".join(effect.__name__ for effect in EFFECTS)
        yield f"effects: {', '.join(unknown)} have no handler, known are {known}"


def _charts(kind: HazardKind) -> Iterator[str]:
    if not isinstance(kind.charts, tuple) or not all(hasattr(chart, "draw") for chart in kind.charts):
        yield "charts: records of charts.shared.chart.Chart"
        return
    names = [chart.name for chart in kind.charts]
    taken = {chart.name for known in HAZARDS.values() for chart in known.charts}
    if twice := sorted({name for name in names if name in taken or names.count(name) > 1}):
        yield f"charts: others than {', '.join(twice)}, which are registered already"
