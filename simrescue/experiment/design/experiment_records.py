"""An experiment file as it is written: which scenario, what is varied, how often it runs, what is watched."""

from __future__ import annotations

import math
import re
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BeforeValidator, Discriminator, Field, Tag, WithJsonSchema, model_validator

from simrescue.experiment.store.replication_result import RESULT_TABLES
from simrescue.metrics.renamed import MetricName
from simrescue.records import Record
from simrescue.units import Id, Share, YesNo, wrong
from simrescue.wording import bilingual


def _name(value: str) -> str:
    if re.fullmatch(r"[a-z][a-z0-9_]{0,39}", value):
        return value
    raise wrong(bilingual("a name of 1 to 40 letters a-z, digits or _, beginning with a letter"))


def _word(value: Any) -> Any:
    """YAML's true and false are words of the scenario, not the numbers 1 and 0."""
    return str(value).lower() if isinstance(value, bool) else value


FactorName = Annotated[str, AfterValidator(_name)]
"""Name of a factor: it becomes a column of the design."""
Given = Annotated[float | str, BeforeValidator(_word)]
"""A number or a word, as a factor takes it."""
FiniteNumber = Annotated[float, Field(allow_inf_nan=False)]
RESERVED = frozenset({"point", "key", "variant", "cost", "replication"})
"""Columns of the design that no factor may take."""
MORE_TABLES = tuple(name for name in RESULT_TABLES if name not in ("replications", "clauses"))
"""Tables that an experiment may keep besides the two that it always keeps."""
SAMPLED = ("latin-hypercube", "sobol", "morris", "saltelli")
"""Designs that draw places in the unit cube; the others name their values."""


class Range(Record):
    """Evenly spread numbers from low to high; with a step only its multiples."""

    low: FiniteNumber
    high: FiniteNumber
    step: Annotated[float, Field(gt=0)] | None = None

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if not self.low < self.high:
            raise wrong(bilingual("low below high"))
        return self


class Distribution(Record):
    """How the world's number scatters; `low` and `high` cut it off (left out: at 0.1 % and 99.9 %)."""

    kind: Literal["uniform", "normal", "lognormal", "triangular"]
    mean: FiniteNumber | None = None
    sd: Annotated[float, Field(gt=0)] | None = None
    """Standard deviation; of a lognormal: of the logarithm."""
    median: Annotated[float, Field(gt=0)] | None = None
    mode: FiniteNumber | None = None
    low: FiniteNumber | None = None
    high: FiniteNumber | None = None

    @model_validator(mode="after")
    def _complete(self) -> Self:
        needed = {"uniform": ("low", "high"), "normal": ("mean", "sd"), "lognormal": ("median", "sd"),
                  "triangular": ("low", "mode", "high")}[self.kind]  # fmt: skip
        allowed = {*needed, "low", "high"}
        given = {name for name in ("mean", "sd", "median", "mode", "low", "high") if getattr(self, name) is not None}
        if not set(needed) <= given <= allowed:
            raise wrong(bilingual("{needed} for a {kind} distribution", needed=", ".join(needed), kind=self.kind))
        known = [bound for bound in (self.low, self.mode, self.high) if bound is not None]
        if known != sorted(known) or (self.low is not None and self.low == self.high):
            raise wrong(bilingual("low below high, and the mode between them"))
        return self


class Cost(Record):
    """What more of a factor costs: so many yuan for each `per` above its least value."""

    yuan: Annotated[float, Field(ge=0, le=1e15)]
    per: Annotated[float, Field(gt=0)] = 1.0


class Label(Record):
    """What tables and charts call something, in English and in Chinese."""

    label: str = Field(default="", max_length=200)
    label_zh: str = Field(default="", max_length=200)

    @property
    def is_told(self) -> bool:
        """Whether it says anything."""
        return bool(self.label or self.label_zh)


class FactorLevel(Label):
    """One way in which a factor can be set that is no number: a place, a policy, a bundle of changes."""

    set: dict[str, Any] = Field(default_factory=dict)
    """Changes path -> value, as `--set` takes them; empty: the scenario as written."""
    cost: Annotated[float, Field(ge=0, le=1e15)] = 0.0
    """Yuan."""


class Factor(Label):
    """One thing that is varied: a number at one or several paths of the scenario, or named levels."""

    unit: str = Field(default="", max_length=40)
    """Unit of the numbers; one that scenario files know (min, h, km, m, t, km/h, %) is written behind them there."""
    unit_zh: str = Field(default="", max_length=40)
    """The unit as Chinese charts say it; empty: translated where it is known."""
    role: Literal["lever", "uncertainty"] = "lever"
    """Ours to choose, or the world's."""
    path: str = ""
    paths: tuple[str, ...] = ()
    """Several paths that move together; instead of `path`."""
    change: Literal["set", "times", "add"] = "set"
    """Whether the number replaces what the scenario says there, multiplies it or is added to it."""
    values: tuple[Given, ...] = ()
    range: Range | None = None
    distribution: Distribution | None = None
    levels: dict[Id, FactorLevel] = Field(default_factory=dict)
    whole: bool = False
    """Whether numbers are rounded to whole ones."""
    base: Given | None = None
    """Where the factor stands while another moves (one-at-a-time); empty: as the scenario says."""
    cost: Cost | None = None

    @property
    def all_paths(self) -> tuple[str, ...]:
        """The paths that the number is written to; empty for named levels."""
        return (self.path,) if self.path else self.paths

    @property
    def least(self) -> float:
        """The lowest number it can take; nan for words and levels."""
        numbers = [value for value in self.values if isinstance(value, float)]
        if self.range:
            return self.range.low
        if self.distribution:
            return -math.inf if self.distribution.low is None else self.distribution.low
        return min(numbers, default=math.nan)

    @model_validator(mode="after")
    def _one_way_to_vary(self) -> Self:
        ways = [name for name in ("values", "range", "distribution", "levels") if getattr(self, name)]
        if len(ways) != 1:
            raise wrong(bilingual("exactly one of values, range, distribution and levels"))
        if self.levels and (self.path or self.paths or self.cost or self.unit):
            raise wrong(bilingual("levels with their own `set` and `cost`, without path, unit or cost of the factor"))
        if not self.levels and bool(self.path) == bool(self.paths):
            raise wrong(bilingual("either `path` or `paths`"))
        if self.cost and not math.isfinite(self.least):
            raise wrong(bilingual("numbers with a least one, where more of them costs something"))
        if self.base is not None and self.levels and self.base not in self.levels:
            raise wrong(bilingual("a base among the levels {known}", known=", ".join(self.levels)))
        return self


def _form_of(value: Any) -> str:
    """Which of two ways of writing was chosen; the brackets keep it out of the places that faults name."""
    return "(number)" if isinstance(value, (int, float, str)) else "(more)"


_Draws = Annotated[int, Field(ge=1, le=1_000_000), Tag("(number)")]
_Points = Annotated[tuple[dict[str, Given], ...], Tag("(more)")]


class Design(Record):
    """Which points of the space that the factors span are simulated."""

    kind: Literal["grid", "list", "one-at-a-time", "latin-hypercube", "sobol", "morris", "saltelli"] = "grid"
    points: Annotated[_Draws | _Points, Discriminator(_form_of)] | None = None
    """Number of draws (a power of two for sobol and saltelli); for a list the points themselves, factor -> value."""
    levels: Annotated[int, Field(ge=2, le=100)] = 4
    """Numbers taken of a range without step or of a distribution (grid, one-at-a-time); steps of Morris' grid."""
    trajectories: Annotated[int, Field(ge=2, le=100_000)] = 10
    """Morris: ways through the space; each costs one point more than there are factors."""
    second_order: bool = False
    """Saltelli: whether pairs of factors are told apart, at twice the points."""
    seed: Annotated[int, Field(ge=0, lt=2**32)] = 1
    """Seed of the draws; the replications have their own."""

    @model_validator(mode="after")
    def _points_fit(self) -> Self:
        if self.kind == "list" and not (isinstance(self.points, tuple) and self.points):
            raise wrong(bilingual("points: a list with the value of each factor"))
        if self.kind in ("latin-hypercube", "sobol", "saltelli") and not isinstance(self.points, int):
            raise wrong(bilingual("points: how many are drawn"))
        if self.kind in ("sobol", "saltelli") and isinstance(self.points, int) and self.points & (self.points - 1):
            raise wrong(bilingual("a power of two as number of points"))
        if self.kind in ("grid", "one-at-a-time", "morris") and self.points is not None:
            raise wrong(bilingual("no points: the factors and levels of a {kind} design give them", kind=self.kind))
        return self


class Sequential(Record):
    """Replications until we know enough: `min` first, then `batch` by `batch` up to `max`."""

    min: Annotated[int, Field(ge=1)] = 20
    max: Annotated[int, Field(ge=1, le=1_000_000)] = 400
    batch: Annotated[int, Field(ge=1)] = 20
    until: Literal["settled", "narrow"] = "settled"
    """`settled`: every watched verdict is met or not met at its clause's confidence. `narrow`: every watched clause's
    interval is at most `half_width` to each side."""
    half_width: Share = 0.05
    confidence: Annotated[Share, Field(gt=0.5, lt=1)] = 0.95
    """Confidence of the interval where `until` is narrow."""

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.min > self.max:
            raise wrong(bilingual("min at most max"))
        return self


class Watch(Record):
    """What the experiment is about."""

    clauses: tuple[str, ...] = ()
    """Clauses as `plan/id` or `id`; empty: every obligation that is measured in a run."""
    metrics: tuple[MetricName, ...] = ()
    """Scalar metrics that charts and summaries show."""


def _events(value: Any) -> Any:
    if isinstance(value, str) and re.fullmatch(r"none|failures|all|worst [1-9][0-9]{0,3}", value):
        return value
    raise wrong(bilingual("none, failures, all, or the worst few of each point, as: worst 3"))


Events = Annotated[str, BeforeValidator(_events), WithJsonSchema({"type": "string", "examples": ["none", "worst 3"]})]


def _table(value: Any) -> Any:
    if value in MORE_TABLES:
        return value
    raise wrong(bilingual("a table: {known}", known=", ".join(MORE_TABLES)))


KeptTable = Annotated[str, BeforeValidator(_table)]


_Fixed = Annotated[int, Field(ge=1, le=1_000_000), Tag("(number)")]
_Rule = Annotated[Sequential, Tag("(more)")]


def _free(factors: dict[str, Factor]) -> dict[str, Factor]:
    for name in factors:
        if name in RESERVED or name.startswith("u_"):
            raise wrong(bilingual("another name than {name}, which the design needs itself", name=name))
    return factors


class Experiment(Record):
    """An experiment: one scenario many times, with something varied from point to point."""

    simrescue: Literal[1]
    """Version of the file format."""
    name: Id
    title: str = Field(default="", max_length=300)
    title_zh: str = Field(default="", max_length=300)
    description: str = Field(default="", max_length=3000)
    scenario: str
    """Folder of the scenario, as seen from the folder of this file."""
    variants: tuple[str, ...] = ("",)
    """Variants of the scenario that every point is run with; empty text: as written."""
    plans: tuple[str, ...] = ()
    """Plans to judge by; empty: those that the scenario names."""
    factors: Annotated[dict[FactorName, Factor], AfterValidator(_free)] = Field(default_factory=dict)
    unverified: YesNo = False
    """Whether every default number that nobody has verified is drawn from its range too: one factor each, of its name,
    beside `factors`. Numbers that the scenario sets in `parameters` stay."""
    labels: dict[str, Label] = Field(default_factory=dict)
    """What variants, and values that are words, are called; policies and things of the scenario have names already."""
    design: Design = Design()
    replications: Annotated[_Fixed | _Rule, Discriminator(_form_of)] = 60
    budget: Annotated[int, Field(ge=1)] | None = None
    """Most replications over all points together."""
    watch: Watch = Watch()
    events: Events = "none"
    """Which event logs are kept: none, failures (a watched clause broke), all, or `worst k` of each point."""
    tables: tuple[KeptTable, ...] = ()
    """Tables kept besides replications and clauses."""
    seed: Annotated[int, Field(ge=0, lt=2**63)] = 1
    """Seed of all replications of all points."""

    @property
    def worst(self) -> int:
        """How many of the worst replications of each point keep their event log."""
        return int(self.events.removeprefix("worst ")) if self.events.startswith("worst ") else 0
