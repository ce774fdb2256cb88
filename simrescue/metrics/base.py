"""What a measure is, and the table of all: one record each, declared beside the function that computes it.

A clause of a plan names a measure and sets it. Everything else that the program knows of a measure is read from its
record: which settings a plan may give and of what type, the unit of the limit, the hazards it applies to, the clock
that a second reading starts, and how its delays are explained and its best value is bounded.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, Generic, Literal, NamedTuple, TypeVar, get_args

import numpy as np
from numpy.typing import NDArray

from simrescue.events import EventLog
from simrescue.hazards.kinds import HAZARDS
from simrescue.metrics.facts import Facts
from simrescue.records import Record, for_a_while
from simrescue.units import Hours, write_hours, write_km
from simrescue.wording import Words

Unit = Literal["share", "h", "ha", "yuan", "per million", "persons", "count", "ratio"]
"""Units of a measure. A share is a number from 0 to 1; `inf` stands for never, `nan` for nothing to be measured."""
PLAIN: tuple[Unit, ...] = ("persons", "count", "ratio")
"""Units that a limit is written without, in verdicts.csv too: the measure says what is counted."""
Counted = Literal[
    "", "persons", "needs", "fires", "villages", "teams", "areas", "tiers", "crews", "posts", "roads", "tonnes", "yuan"
]
"""What a measure counts, and so what falls short where it does; empty: nothing that could be counted."""
SCALES: dict[Unit, float] = {"share": 1.0, "ratio": 1.0, "per million": 1e6}
"""Units of a part of a whole: by what the part over the whole is multiplied."""


class Cases(NamedTuple):
    """What a measure asks to happen in time, as columns with one entry a case: people who went the same way, a fire."""

    place: NDArray[np.int64]
    """Index in the table of things; -1: nowhere."""
    number: NDArray[np.float64]
    """How many it stands for, in what the measure counts."""
    took: NDArray[np.float64]
    """What is held against the limit (hours, or hectares); infinite for never."""


class Tally(NamedTuple):
    """Part and whole of a measure by place, as columns with one entry a place.

    The value of a share is the sum of `kept` over the sum of `counted`; of a sum, where nothing is counted, that of
    `kept`.
    """

    place: NDArray[Any]
    """Index in the table of things (-1: the whole jurisdiction); of a measure of the scenario alone, the id."""
    counted: NDArray[np.float64]
    """How much the measure counts there."""
    kept: NDArray[np.float64]
    """The part of it that is so: in time, moved, lost."""


class MeasureSettings(Record):
    """What a clause may set of its measure: the fields of a subclass, with the measure's own defaults.

    This one has no fields, for a measure that leaves nothing open.
    """

    def given(self) -> dict[str, Any]:
        """What the clause sets, by Python name in inside units (hours, km).

        What it leaves out, and None, is not in the answer.
        """
        return self.model_dump(exclude_unset=True, exclude_none=True, by_alias=False)


class Within(MeasureSettings):
    """Settings of a measure that asks whether something happened in time."""

    limit_h: Hours
    """Time within which it must have happened."""


class Timed(MeasureSettings):
    """Settings of a measure whose clock starts with a report, and so has a second reading."""

    clock: Literal["report", "need"] = "report"
    """When the time starts: with the report to command, or when the need was true."""


class TimedWithin(Timed, Within):
    """Settings of a share of what happened in time, by a clock that starts with a report."""


S = TypeVar("S", bound=MeasureSettings)


@dataclass(frozen=True)
class Measure(Generic[S]):
    """What a clause can be measured by. Exactly one of `of_log` and `of_scenario` is given."""

    name: str
    """Name that a plan uses, e.g. "share_relieved"."""
    words: Words
    """What the number is, without its settings: "affected people relieved in time"."""
    unit: Unit
    settings: type[S]
    of_log: Callable[[EventLog, Facts, S], float] | None = None
    """The number of one replication; nan where nothing was there to be measured."""
    of_scenario: Callable[[Any, S], float] | None = None
    """The number that a `scenario.records.Scenario` gives on paper, without a run; nan where there is nothing."""
    hazards: frozenset[str] = frozenset()
    """Kinds of hazards that it can be measured in; empty: any."""
    against: str = ""
    """Field of `jurisdiction` that the number is set against; where a scenario leaves it out nothing is measured."""
    explained: str = ""
    """Name of the way in which its delays are explained, of `explain.clauses.CASE_FINDERS`; empty: it counts none."""
    bounded: str = ""
    """Name of the bound on the best dispatch, of `experiment.bound.replication_bound.BOUNDS`; empty: there is none."""
    counts: Counted = ""
    """What it counts: of a share the whole, of a time those who wait; empty: it cannot be said by place."""
    is_harm: bool = False
    """Whether less of it is better though its unit does not say so: a share that is lost, or moved in vain."""
    of_cases: Callable[[EventLog, Facts, S], Cases] | None = None
    """What it holds against a time (or size), case by case; the limit of the settings, or else the clause's threshold,
    divides them."""
    of_places: Callable[[Any, Any, S], Tally] | Callable[[Any, S], Tally] | None = None
    """Its part and whole by place, from what its function takes, where it has no `of_cases`."""

    @property
    def is_static(self) -> bool:
        """Whether the scenario alone answers it, without a run."""
        return self.of_scenario is not None

    @property
    def has_limit(self) -> bool:
        """Whether a clause sets a time limit of it, as the field `limit_h` of its settings."""
        return "limit_h" in self.settings.model_fields

    @property
    def is_part(self) -> bool:
        """Whether its value is a part of a whole, and so what is short a number of those who are counted."""
        return self.unit in SCALES and bool(self.counts)

    def is_for(self, hazards: Iterable[str]) -> bool:
        """Whether it can be measured in a scenario with these kinds of hazards."""
        return not self.hazards or not self.hazards.isdisjoint(hazards)

    def read(self, given: Mapping[str, Any] | MeasureSettings) -> S:
        """Settings as the measure's own record.

        Args:
            given: by Python name, in inside units; or a record made before.

        Raises:
            pydantic.ValidationError: for a setting that it does not have, a value that is none of its type, or one that
                it needs and that is not given.
        """
        return given if isinstance(given, self.settings) else self.settings.model_validate(given)

    def filled(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """Settings as an explanation or a bound reads them.

        Args:
            given: what a clause sets, by Python name; it is not checked again.

        Returns:
            The same with the measure's own defaults for the rest; what has neither is left out.
        """
        fields = self.settings.model_fields.items()
        defaults = {name: info.default for name, info in fields if not info.is_required() and info.default is not None}
        return {**defaults, **given}

    def has_two_clocks(self, given: Mapping[str, Any]) -> bool:
        """Whether it is timed from a report with these settings, and so has a second reading, from the true need."""
        clock = self.settings.model_fields.get("clock")
        return clock is not None and "need" in get_args(clock.annotation) and self.filled(given)["clock"] == "report"

    @property
    def told_unit(self) -> str:
        """The unit in which its value is told (`metrics.amounts`): what is counted, of a number of them."""
        return self.counts if self.unit in ("persons", "count") else self.unit

    def limit_unit(self, given: Mapping[str, Any]) -> str:
        """The unit in which a clause's limit is shown and stored.

        Args:
            given: what the clause sets, by Python name.

        Returns:
            "h" where it sets a time limit, else the unit of the measure; empty where that is `PLAIN`.
        """
        if given.get("limit_h") is not None:
            return "h"
        return "" if self.unit in PLAIN else self.unit


WAYS: dict[str, set[str]] = {"explained": set(), "bounded": set(), "against": set()}
"""Field of a measure -> what floors above have for it, as they tell (`tell_ways`)."""
MEASURES: dict[str, Measure[Any]] = {}
"""All measures by name, filled by `register`."""


def register(measure: Measure[Any]) -> Measure[Any]:
    """Let clauses of plans name a measure.

    Args:
        measure: its whole record.

    Returns:
        The same record.

    Raises:
        ValueError: where it is half a record, with all that is missing, or where its name is taken.
    """
    if lacks := list(_lacks(measure)):
        raise ValueError(f"measure {measure.name or '(no name)'} is half-registered: {'; '.join(lacks)}")
    MEASURES[measure.name] = measure
    return measure


def forget(name: str) -> None:
    """Undo `register`. Raises KeyError where no measure has the name."""
    del MEASURES[name]


def registered(*measures: Measure[Any]) -> AbstractContextManager[None]:
    """Have measures registered until the end of a block, as in a test. Raises ValueError as `register`."""
    return for_a_while(measures, register, forget)


def _lacks(measure: Measure[Any]) -> Iterator[str]:
    if not measure.name.isidentifier():
        yield f"a name of letters, digits and _ (it is {measure.name!r})"
    if measure.name in MEASURES:
        yield "a name of its own (this one is taken)"
    if (measure.of_log is None) == (measure.of_scenario is None):
        yield "one function, of_log or of_scenario"
    if not (measure.words.en and measure.words.zh):
        yield "words in both languages"
    if measure.unit not in get_args(Unit):
        yield f"a unit of {', '.join(get_args(Unit))} (it is {measure.unit!r})"
    if not (isinstance(measure.settings, type) and issubclass(measure.settings, MeasureSettings)):
        yield "settings that are a record of metrics.base.MeasureSettings"
    yield from _lacks_for_places(measure)
    if measure.is_static and (measure.explained or measure.bounded):
        yield "no explanation and no bound, which need a run"
    if unknown := sorted(measure.hazards - set(HAZARDS)):
        yield f"hazards of {', '.join(HAZARDS)} (it has {', '.join(unknown)})"
    yield from _unknown_ways(measure)


def _lacks_for_places(measure: Measure[Any]) -> Iterator[str]:
    if (measure.of_cases or measure.of_places) and not measure.counts:
        yield "what it counts (counts), since it tells it by place"
    if measure.of_cases and measure.of_places:
        yield "its places from one function, of_cases or of_places"
    if measure.counts not in get_args(Counted):
        yield f"counts of {', '.join(get_args(Counted)[1:])} (it is {measure.counts!r})"


def _unknown_ways(measure: Measure[Any]) -> Iterator[str]:
    """What it names of floors above, as far as these have told what they have."""
    for field, known in WAYS.items():
        name = getattr(measure, field)
        # Floors above tell theirs when they are imported: until then nothing is known, and nothing wrong.
        if known and name and name not in known:
            yield f"{field}: one of {', '.join(sorted(known))} (it is {name!r})"


def tell_ways(field: str, names: Iterable[str]) -> None:
    """What a floor above has for measures to name.

    Args:
        field: of a measure, a key of `WAYS`.
        names: all that it may be.

    Raises:
        ValueError: where a measure that is registered names something else.
    """
    WAYS[field].update(names)
    lacks = ((measure.name, lack) for measure in MEASURES.values() for lack in _unknown_ways(measure))
    if wrong := [f"measure {name} is half-registered: {lack}" for name, lack in lacks]:
        raise ValueError("; ".join(wrong))


def settings_as_written(measure: Measure[Any], given: Mapping[str, Any]) -> dict[str, str]:
    """What a clause sets, as it stands in files: limit -> "10 h", clock -> "report"; values parted by "; ".

    Args:
        measure: its measure.
        given: by Python name, in inside units.

    Raises:
        KeyError: for a setting that the measure does not have.
    """
    fields = measure.settings.model_fields
    return {fields[name].alias or name: _in_file(name, value) for name, value in given.items()}


def _in_file(name: str, value: Any) -> str:
    # Before numbers, since a bool is one in Python.
    if isinstance(value, bool):
        return str(value).lower()
    if name.endswith("_h"):
        return write_hours(value)
    if name.endswith("_km"):
        return write_km(value)
    return "; ".join(map(str, value)) if isinstance(value, (tuple, list)) else str(value)
