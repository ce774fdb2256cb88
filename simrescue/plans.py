"""Plans and their clauses as data: what a document promises, how it is measured here, and the verdict on it.

A clause keeps the sentence of its document as printed, and says in its own words what that sentence leaves open and
what was chosen. What cannot be measured says why; no clause is left out.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal, NamedTuple, Self

from pydantic import (
    BeforeValidator,
    Field,
    SerializeAsAny,
    ValidationError,
    ValidationInfo,
    WithJsonSchema,
    field_validator,
    model_validator,
)
from pydantic_core import ErrorDetails, InitErrorDetails, PydanticCustomError, PydanticKnownError

from simrescue.metrics.base import MEASURES, Measure, MeasureSettings
from simrescue.records import Record
from simrescue.units import Id, NameList, Share, Whole, write_share, wrong
from simrescue.wording import Words, bilingual, listed

ClauseKind = Literal["obligation", "comparison"]
"""How a clause counts for one scenario: as a promise it is judged by, or as a line to compare with."""


PERCENT = ("share", "ratio")
"""Units of measures of which so many per cent can be required."""
LESS_IS_BETTER = ("h", "per million", "ha", "persons", "yuan")
"""Units of measures that promises keep down: a wait, deaths, burned land, what it costs."""


def _threshold(value: Any) -> float:
    what = bilingual('a number such as 1, or a share such as "90 %"')
    if isinstance(value, str) and value.strip().endswith("%"):
        try:
            value = float(value.strip().removesuffix("%")) / 100
        except ValueError:
            raise wrong(what) from None
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
        raise wrong(what)
    return float(value)


Threshold = Annotated[
    float,
    BeforeValidator(_threshold),
    WithJsonSchema({"anyOf": [{"type": "number"}, {"type": "string", "pattern": r"^[0-9.]+\s*%$"}]}),
]


def _issued(value: Any) -> str:
    text = str(value) if isinstance(value, int) else value
    if not isinstance(text, str) or not re.fullmatch(r"\d{4}(-\d{2}(-\d{2})?)?", text):
        raise wrong(bilingual("a year, month or day as 2025, 2025-06 or 2025-06-01"))
    return text


IssueDate = Annotated[
    str,
    BeforeValidator(_issued),
    WithJsonSchema({"type": "string", "pattern": r"^\d{4}(-\d{2}(-\d{2})?)?$"}),
]


class Document(Record):
    """The paper or speech that a clause stands in."""

    title: str = Field(max_length=300)
    title_zh: str = Field(max_length=300)
    publisher_zh: str = Field(default="", max_length=200)
    date: IssueDate
    """Day (or month, or year) of issue."""
    note: str = Field(default="", max_length=1000)


class Clause(Record):
    """One promise of a document."""

    id: Id
    kind: Literal["obligation", "reading", "standard", "result"]
    """`obligation`: a duty a government set itself; `reading`: a second way to read one, shown beside it; `standard`: a
    service said to be in place; `result`: a figure reported as achieved. Only an obligation of the scenario's own
    plan, in its years, is judged as a promise."""
    nature: Literal["", "binding", "indicative"] = ""
    """Where the document says so: `binding` or `indicative`; empty: it does not say."""
    name: str = Field(max_length=200)
    name_zh: str = Field(max_length=200)
    text_zh: str = Field(max_length=1000)
    """The sentence of the document as printed."""
    document: str
    """Key of one of the plan's documents."""
    year: Whole = Field(ge=1990, le=2100)
    """First year in which it holds."""
    until: Whole | None = Field(default=None, ge=1990, le=2100)
    """Last year, where a later clause takes its place; empty: open."""
    measure: str = ""
    """Name of the measure; empty where it is not measured."""
    settings: SerializeAsAny[MeasureSettings] = Field(default_factory=dict, validate_default=True)
    """What it sets of its measure, as the measure's own record; what it leaves out has the measure's default."""
    comparison: Literal["at_least", "at_most", "below"] = "at_least"
    """How the value must stand to the threshold; left out: `at_most` where less is better (`_is_kept_down`)."""
    threshold: Threshold | None = None
    reliability: Annotated[Share, Field(gt=0)] = 0.9
    """Required probability that the clause holds when the event happens."""
    confidence: Annotated[float, Field(gt=0.5, lt=1), BeforeValidator(_threshold)] = 0.95
    """Confidence of the interval behind the verdict."""
    chosen: str = Field(default="", max_length=2000)
    """What the text leaves open, and what was chosen here."""
    chosen_zh: str = Field(default="", max_length=2000)
    not_measured: str = Field(default="", max_length=1000)
    """Why the model cannot measure it; empty: it is measured."""
    not_measured_zh: str = Field(default="", max_length=1000)

    @field_validator("measure")
    @classmethod
    def _known_measure(cls, name: str) -> str:
        if name and name not in MEASURES:
            raise PydanticKnownError("literal_error", {"expected": " or ".join(f"'{known}'" for known in MEASURES)})
        return name

    @model_validator(mode="before")
    @classmethod
    def _at_most_where_less_is_better(cls, given: Any) -> Any:
        """A promise of hours says how many at most: read as at least it would be kept by who is late."""
        name = given.get("measure") if isinstance(given, dict) else None
        measure = MEASURES.get(name) if isinstance(name, str) else None
        if measure and _is_kept_down(measure) and given.get("comparison") is None:
            return {**given, "comparison": "at_most"}
        return given

    @field_validator("comparison")
    @classmethod
    def _no_promise_to_be_late(cls, comparison: str, info: ValidationInfo) -> str:
        name = info.data.get("measure")
        if name and comparison == "at_least" and _is_kept_down(MEASURES[name]):
            raise wrong(bilingual("at_most or below: of {measure} less is better", measure=name))
        return comparison

    @field_validator("until")
    @classmethod
    def _ends_after_it_begins(cls, until: int | None, info: ValidationInfo) -> int | None:
        if until is not None and until < info.data.get("year", until):
            raise wrong(bilingual("a year not before {setting}", setting="year"))
        return until

    @field_validator("threshold")
    @classmethod
    def _share_of_a_whole(cls, threshold: float | None, info: ValidationInfo) -> float | None:
        """A bare 90 of a share is 9,000 %, which nothing reaches; what is always so is no promise."""
        name = info.data.get("measure")
        if threshold is None or not name or MEASURES[name].unit != "share":
            return threshold
        if not 0 <= threshold <= 1:
            raise wrong(bilingual("a share from 0 to 1, or 0 % to 100 %"))
        if (info.data.get("comparison"), threshold) in (("at_least", 0), ("at_most", 1)):
            raise wrong(bilingual("a share that is not kept whatever happens"))
        return threshold

    @field_validator("threshold", mode="before")
    @classmethod
    def _percent_is_of_a_share(cls, value: Any, info: ValidationInfo) -> Any:
        """90 % of a measure in hours would be read as 0.9 h."""
        name = info.data.get("measure")
        if name and isinstance(value, str) and value.strip().endswith("%") and MEASURES[name].unit not in PERCENT:
            raise wrong(bilingual("a bare number: {measure} is no share", measure=name))
        return value

    @field_validator("settings", mode="wrap")
    @classmethod
    def _settings_of_the_measure(cls, given: Any, _: Any, info: ValidationInfo) -> MeasureSettings:
        """Every fault of the settings at once; those of an unknown measure cannot be read, and it is told itself."""
        name = info.data.get("measure")
        if name is None:
            return MeasureSettings()
        record = MEASURES[name].settings if name else MeasureSettings
        if isinstance(given, record):
            return given
        if not isinstance(given, dict):
            raise wrong(_named(record))
        if not name:  # a setting that some measure has may stand there for the day when the clause is measured
            given = {key: value for key, value in given.items() if key not in _of_any_measure()}
        in_file = bool(info.context and info.context.get("from_file"))
        try:
            return record.model_validate(given, context=info.context, by_alias=True, by_name=not in_file)
        except ValidationError as error:
            faults = [_fault(fault, name, record) for fault in error.errors(include_url=False)]
            raise ValidationError.from_exception_data(record.__name__, faults) from None

    @model_validator(mode="after")
    def _measured_or_not(self) -> Self:
        if self.not_measured and self.measure:
            raise wrong(bilingual("either `measure` or `not_measured`, not both"))
        if not self.not_measured and (not self.measure or self.threshold is None):
            raise wrong(bilingual("`measure` and `threshold`, or the reason why it is `not_measured`"))
        return self

    def holds(self, value: float) -> bool:
        """Whether a measured value keeps the promise; a value that is not a number does not."""
        if self.threshold is None:
            return False
        if self.comparison == "below":
            return value < self.threshold
        margin = 1e-9 * max(1.0, abs(self.threshold))
        if self.comparison == "at_most":
            return value <= self.threshold + margin
        return value >= self.threshold - margin

    def in_force(self, year: int) -> bool:
        """Whether the clause holds in a year."""
        return self.year <= year and (self.until is None or year <= self.until)


def _is_kept_down(measure: Measure[Any]) -> bool:
    return measure.is_harm or measure.unit in LESS_IS_BETTER


def _fault(fault: ErrorDetails, measure: str, record: type[MeasureSettings]) -> InitErrorDetails:
    """A fault of one setting, in words that name the measure where the setting is unknown or left out."""
    where = fault["loc"]
    key = str(where[0]) if where else ""
    kind: PydanticCustomError | str = fault["type"]
    given, context = fault["input"], fault.get("ctx", {})
    if kind == "extra_forbidden":
        settings = bilingual("settings of a clause that is not measured: {known}", known=_named(record))
        if measure:
            settings = bilingual("settings of {measure}: {known}", measure=measure, known=_named(record))
        kind, where, given = wrong(settings), (), key
    elif kind == "missing":
        kind, where, given = wrong(bilingual("a {key}, which {measure} needs", key=key, measure=measure)), (), None
    elif kind == "unreadable":
        kind = wrong(context["told"])
    return InitErrorDetails(type=kind, loc=where, input=given, ctx=context)


def _of_any_measure() -> set[str]:
    return {key for measure in MEASURES.values() for key in _keys(measure.settings)}


def _keys(record: type[MeasureSettings]) -> list[str]:
    """What a file calls the settings of a record."""
    return [field.alias or name for name, field in record.model_fields.items()]


def _named(record: type[MeasureSettings]) -> str:
    return ", ".join(sorted(_keys(record))) or "-"


class Plan(Record):
    """The clauses of one government, with their documents."""

    name: Id
    title: str = Field(max_length=300)
    title_zh: str = Field(max_length=300)
    jurisdiction: str = Field(max_length=200)
    jurisdiction_zh: str = Field(max_length=200)
    note: str = Field(default="", max_length=2000)
    documents: dict[str, Document]
    clauses: tuple[Clause, ...]
    compare_with: NameList = ()
    """Names of plans whose clauses are shown as comparison lines, never as obligations."""
    checksum: str = ""
    """SHA-256 of the file it was read from."""


class Line(NamedTuple):
    """One clause as it counts for one scenario."""

    plan: Plan
    clause: Clause
    kind: ClauseKind


def lines(plans: Sequence[Plan], compared: Sequence[Plan], year: int) -> Iterator[Line]:
    """All clauses for a scenario of a year: those of its own plans first, then those of plans to compare with.

    An obligation of an own plan that is in force in that year is an obligation; everything else is a comparison.
    """
    for plan in plans:
        for clause in plan.clauses:
            judged = clause.kind == "obligation" and clause.in_force(year)
            yield Line(plan, clause, "obligation" if judged else "comparison")
    own = {plan.name for plan in plans}
    for plan in compared:
        if plan.name not in own:
            yield from (Line(plan, clause, "comparison") for clause in plan.clauses)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the replications say about one clause."""

    verdict: Literal["met", "not met", "undecided", "not measured"]
    estimate: float = math.nan
    """Share of tested replications in which the clause held; for a static clause the value itself."""
    low: float = math.nan
    high: float = math.nan
    """Interval of the probability that it holds; nan for a static clause."""
    n: int = 0
    """Replications that put the clause to the test."""
    required: float = math.nan
    confidence: float = math.nan
    untested: int = 0
    """Replications in which nobody was concerned."""
    static: bool = False
    """Whether it was answered from the scenario alone, once."""
    reason: str = ""
    reason_zh: str = ""


DISTANCE_COLUMNS = (
    "value", "value_low", "value_high", "needed", "comparison", "counted", "short", "short_low", "short_high",
    "short_unit", "where", "promise_share", "promise_limit_h", "promise_all_limit_h",
)  # fmt: skip
"""Columns of verdicts.csv that tell how far a clause is from its promise, in order."""
_TEXTS = ("comparison", "short_unit", "where")
NO_DISTANCE: Mapping[str, Any] = {name: "" if name in _TEXTS else math.nan for name in DISTANCE_COLUMNS}
"""Of a clause that is not measured."""


def verdict_row(
    line: Line,
    verdict: Verdict,
    best: Verdict | None = None,
    numbers: Literal["assumed", "drawn"] = "assumed",
    from_need: Verdict | None = None,
    distance: Mapping[str, Any] = NO_DISTANCE,
) -> dict[str, Any]:
    """A verdict as a row of verdicts.csv. `limit` is the time limit of the clause in hours, else its threshold.

    `best`: the verdict on what any dispatch could have done at best, where there is such a bound. `numbers`: whether
    the numbers that nobody verified were taken as they are assumed, or drawn in each replication.
    `from_need`: how often the clause holds when its clock starts with the true need instead of the report, where it
    has two. `distance`: the columns of `experiment.analysis.distance.Distance`, by name.
    """
    clause = line.clause
    return {
        "plan": line.plan.name,
        "clause": clause.id,
        "kind": line.kind,
        "nature": line.clause.nature,
        "numbers": numbers,
        "title": clause.name,
        "title_zh": clause.name_zh,
        **limit_columns(clause),
        **distance,
        "estimate": verdict.estimate,
        "low": verdict.low,
        "high": verdict.high,
        "required": verdict.required,
        "confidence": verdict.confidence,
        "replications": verdict.n,
        "untested": verdict.untested,
        "verdict": verdict.verdict,
        "reason": verdict.reason,
        "reason_zh": verdict.reason_zh,
        "from_need": from_need.estimate if from_need else math.nan,
        "from_need_low": from_need.low if from_need else math.nan,
        "from_need_high": from_need.high if from_need else math.nan,
        "best": best.estimate if best else math.nan,
        "best_low": best.low if best else math.nan,
        "best_high": best.high if best else math.nan,
    }


def limit_columns(clause: Clause) -> dict[str, Any]:
    """The columns `metric`, `limit` and `unit` of a clause: its time limit in hours, else its threshold."""
    given = clause.settings.given()
    limit = given.get("limit_h", clause.threshold)
    return {
        "metric": clause.measure,
        "limit": math.nan if limit is None else limit,
        "unit": MEASURES[clause.measure].limit_unit(given) if clause.measure else "",
    }


VERDICT_COLOURS = {"met": "#1b7a5a", "not met": "#c0392b", "undecided": "#b8860b", "not measured": "#6b6b6b"}
"""Colour of a verdict wherever it is shown; it stands beside the word or the mark, never for them."""
VERDICT_MARKS = {"met": "✓", "not met": "✕", "undecided": "?", "not measured": "–"}
NATURES = {"binding": bilingual("binding"), "indicative": bilingual("indicative")}
"""Nature of a clause -> its word."""
MOST_NAMED = 5
"""Numbers named in a sentence."""
_VERDICTS = {"met": bilingual("met"), "not met": bilingual("not met"), "undecided": bilingual("undecided")}


def sentence(verdict: Verdict) -> Words:
    """A verdict as a plain sentence, in English and Chinese."""
    reason = verdict.reason, verdict.reason_zh or verdict.reason
    if verdict.verdict == "not measured":
        return bilingual("Not measured: {reason}", reason=reason)
    word = Words(_VERDICTS[verdict.verdict].en.capitalize(), _VERDICTS[verdict.verdict].zh)
    if verdict.static:
        return bilingual("{verdict}, from the scenario alone, without a run: {reason}", verdict=word, reason=reason)
    if not verdict.n:
        return bilingual("{verdict}: no replication put the clause to the test.", verdict=word)
    told = bilingual(
        "{verdict}: it held in {held} of {n} replications ({interval}); {required} is required.",
        verdict=word, held=round(verdict.estimate * verdict.n), n=verdict.n, interval=_interval(verdict),
        required=write_share(verdict.required),
    )  # fmt: skip
    if not verdict.untested:
        return told
    return bilingual("{told} {untested} more did not put it to the test.", told=told, untested=verdict.untested)


def _interval(verdict: Verdict) -> Words:
    low, high = write_share(verdict.low), write_share(verdict.high)
    if math.isnan(verdict.confidence):
        return bilingual("interval {low} to {high}", low=low, high=high)
    return bilingual("{sure} interval {low} to {high}", sure=write_share(verdict.confidence), low=low, high=high)


def with_nature(title: tuple[str, str], nature: str) -> Words:
    """The title of a clause, with the nature that its document gives it behind it; empty: it gives none."""
    return bilingual("{title} ({nature})", title=title, nature=NATURES[nature]) if nature else Words(*title)


def by_nature(judged: Iterable[tuple[str, str]]) -> Words:
    """How many binding and how many indicative clauses are kept, as a sentence; empty where no document says.

    Args:
        judged: nature and verdict of each measured obligation.
    """
    verdicts: dict[str, list[str]] = {nature: [] for nature in NATURES}
    for nature, verdict in judged:
        verdicts.get(nature, []).append(verdict)
    counts = [
        bilingual("{nature}: {met} of {number} kept", nature=NATURES[nature], met=own.count("met"), number=len(own))
        for nature, own in verdicts.items()
        if own
    ]
    if not counts:
        return Words("", "")
    return bilingual("Of the promises that their document calls so, {counts}.", counts=listed(counts))


def moving_numbers(assumptions: Iterable[Mapping[Any, Any]], clause: str) -> Words:
    """The unverified numbers that move a clause, strongest first, with their rank correlation; empty for none.

    `assumptions`: rows of assumptions.csv; `clause`: plan/clause.
    """
    return numbers_named(row for row in assumptions if row["clause"] == clause)


def numbers_named(moving: Iterable[Mapping[Any, Any]]) -> Words:
    """The first few of these rows of assumptions.csv as one text: each number with its rank correlation."""
    names = [
        bilingual(
            "{what} ({correlation:+.2f})", what=(row["what"], row["what_zh"] or row["what"]),
            correlation=row["correlation"],
        )
        for row in moving
    ]  # fmt: skip
    return listed(names[:MOST_NAMED]) if names else Words("", "")


def second_clock(row: Mapping[Any, Any]) -> Words:
    """The second reading of a row of verdicts.csv as a sentence in both languages; empty where it has none."""
    held = row.get("from_need", math.nan)
    if math.isnan(held):
        return Words("", "")
    return bilingual(
        "Timed from the true need instead of the report, it holds in {held} ({low} to {high}).",
        held=write_share(held), low=write_share(row["from_need_low"]), high=write_share(row["from_need_high"]),
    )  # fmt: skip
