"""When a response level is due, who declares it, what it orders: triggers.csv, readings.csv, `response` of a scenario.

A plan says its levels in conditions of seven kinds (`TriggerKind`). Rows of one level are joined by "any of"; rows of
one level with the same name in `together` must all hold. Thresholds of neighbouring counties differ a hundredfold, so
there are no default rows. Nothing here is evaluated: a condition is a row of a closed form.
"""

from __future__ import annotations

import math
from typing import Annotated, Any, Literal, NamedTuple

from pydantic import Field, GetCoreSchemaHandler
from pydantic_core import core_schema

from simrescue.parameters import default
from simrescue.records import PAGES, Needs, ReadBy, Record
from simrescue.responders import RESPONSE_LEVELS, LevelOfResponse
from simrescue.units import (
    AS_WRITTEN,
    HourOfDay,
    Hours,
    Id,
    Moment,
    NameList,
    Share,
    YesNo,
    as_plain,
    read_number,
    wrong,
)
from simrescue.wording import bilingual

COLOUR, LEVEL = "colour", "level"
"""Units of what has an order and no measure: colours of warnings, and response levels."""
COLOURS = tuple(AS_WRITTEN["colour"])
"""Colours of warnings, lowest first."""
_ORDERED = {COLOUR: AS_WRITTEN["colour"], LEVEL: dict(reversed(AS_WRITTEN["response level"].items()))}
"""Unit -> what has an order in it, lowest first, each as people write it."""
_WORDS = {
    word: (float(number), unit)
    for unit, ordered in _ORDERED.items()
    for number, words in enumerate(ordered.values(), 1)
    for word in words
}
_UNITS = {word: unit for unit, words in AS_WRITTEN["reading"].items() for word in words}
_LONGEST_FIRST = sorted(_UNITS, key=len, reverse=True)


class Measured(NamedTuple):
    """A reading with its unit."""

    value: float
    """Of colours and levels the place in their order, the lowest 1."""
    unit: str
    """m, mm, m3/s, h, ha, `COLOUR`, `LEVEL`; empty: a plain number."""

    @classmethod
    def __get_pydantic_core_schema__(cls, _: Any, __: GetCoreSchemaHandler) -> core_schema.CoreSchema:
        """Read by `measured`."""
        return core_schema.no_info_plain_validator_function(measured)

    @classmethod
    def __get_pydantic_json_schema__(cls, *_: Any) -> dict[str, Any]:
        """As people write it."""
        return {"type": ["string", "number"], "examples": ["27.5 m", "2,000", "orange", "II"]}

    def __str__(self) -> str:
        """As in a file: "27.5 m", "orange"."""
        if self.unit in _ORDERED:
            return list(_ORDERED[self.unit])[int(self.value) - 1]
        return f"{self.value:g} {self.unit}".strip()


def measured(value: Any) -> Measured:
    """A reading as people write it: "27.5 m", "22000 m3/s", "2,000 persons", "orange", "II"; a bare number is a count.

    Args:
        value: a text, a number, or a `Measured` as it is.

    Raises:
        PydanticCustomError: where it is none of these.
    """
    if isinstance(value, Measured):
        return value
    text = as_plain(str(value)) if isinstance(value, (str, int, float)) and not isinstance(value, bool) else ""
    if text in _WORDS:
        return Measured(*_WORDS[text])
    for word in ("", *_LONGEST_FIRST):
        number = read_number(text.removesuffix(word)) if text.endswith(word) else math.nan
        if math.isfinite(number):
            factor, _, unit = _UNITS.get(word, "1").partition(" ")
            return Measured(round(number * float(factor), 9), unit)
    raise wrong(bilingual("a reading, e.g. {example}", example="27.5 m, 2,000, orange, II"))


TriggerKind = Literal["reading", "warning", "loss", "age", "count", "judgement", "order"]
"""Kinds of conditions by which plans start a level; all 265 published ones are of these."""
OF_KINDS: dict[str, tuple[str, ...]] = {
    "loss": ("moved", "affected", "trapped", "dead"),
    "age": ("fire", "silence", "request"),
    "count": ("flooded", "cut_off", "silent", "fires"),
    "reading": ("burned", "danger"),
    "warning": (),
    "order": (),
    "judgement": (),
}
"""Kind of trigger -> what it can be of, besides zones of levels.csv (readings) and gauges of readings.csv (readings,
warnings and orders)."""
UNITS_OF_KINDS: dict[str, tuple[str, ...]] = {
    "loss": ("",),
    "age": ("h",),
    "count": ("",),
    "reading": ("m", "mm", "m3/s", "ha", "h", ""),
    "warning": (COLOUR,),
    "order": (LEVEL,),
    "judgement": (),
}
"""Kind of trigger -> units that its threshold can be in."""


class Trigger(Record):
    """A condition under which a response level is due: by itself, or together with others."""

    id: Id
    name: Annotated[str, ReadBy(PAGES)] = Field(default="", max_length=200)
    """What it says, in a few words."""
    name_zh: Annotated[str, ReadBy(PAGES)] = Field(default="", max_length=200)
    level: LevelOfResponse
    kind: TriggerKind
    """`reading`: at a gauge; `warning`: its colour; `loss`: people, in a band; `age`: hours of what is not under
    control; `count`: of lower events; `judgement`: somebody finds that it is so; `order`: from above."""
    of: str = Field(default="", max_length=64)
    """What is looked at. `reading`: a zone of levels.csv, a gauge of readings.csv, burned (area that is known), or
    danger (grade of fire danger of the day, 1 to 5). `warning`, `order`: a gauge of readings.csv. `loss`: moved,
    affected (in villages with water or flames), trapped, dead. `age`: fire (since its report, or since it burns anew
    after it was out, not contained), silence (of the village that has been silent longest), request (that has waited
    longest for somebody to be sent). `count`: flooded, cut_off, silent (villages), fires."""
    at_least: Measured | None = None
    """It holds from this value on, with its unit; a judgement has none."""
    below: Measured | None = None
    """And below this; empty: without end."""
    ahead_h: Hours = 0.0
    """Readings and warnings that are forecast for up to so many hours ahead count too: for a zone by the mean flood."""
    together: str = Field(default="", max_length=64)
    """Rows of one level with the same name here must all hold; empty: this one is enough."""
    chance: Share = 1.0
    """Of a judgement: that those who judge find it so, once the others of `together` hold."""
    delay_h: Hours = 0.0
    """Of a judgement: how long the others have held by then."""
    source: Annotated[str, ReadBy(PAGES)] = Field(default="", max_length=300)
    """Plan and paragraph."""
    assumed: Annotated[YesNo, ReadBy(PAGES)] = False


class GaugeReading(Record):
    """A reading from outside: of a gauge, a weather bureau, or the post above; held until the next of its series.

    It changes nothing but what triggers see.
    """

    gauge: Id
    time_h: Moment = Field(alias="time")
    """When it is so."""
    value: Measured
    """A number with its unit, a colour, or a response level."""
    known_h: Moment | None = Field(default=None, alias="known")
    """When it is known: earlier than `time` for a forecast, later for a reading that comes late; empty: at once."""


LevelOrder = Literal["open_depots", "ready_crews", "ready_aircraft", "evacuate"]
"""What a level can order besides setting free those who wait for it (`release`)."""


class LevelRule(Record):
    """Who declares one response level, how long that takes, and what it orders; levels above add to it."""

    decided_by: Annotated[str, ReadBy(PAGES)] = Field(default="", max_length=100)
    """Whose name stands under it."""
    consultation_h: Annotated[Hours, Needs("triggers")] = default("consultation_h")
    """From its being due to the decision: figures looked through, consultation, signature."""
    consulted_at: Annotated[tuple[Annotated[HourOfDay, Field(lt=24)], ...], Needs("triggers")] = ()
    """Hours of the clock at which the consultations begin that a level of this kind waits for, e.g. 8 h and 17 h;
    empty: one is called as soon as it is due."""
    approval_h: Annotated[Hours, Needs("triggers")] = 0.0
    """Until the post above has agreed; 0: nobody is asked."""
    lowered_after_h: Annotated[Hours, Needs("triggers")] = default("lowered_after_h")
    """It is lowered, by the same hand, when nothing that starts it has held for so long."""
    orders: tuple[LevelOrder, ...] = ()
    """What is ordered with it: open_depots (staff are called before the first lorry comes), ready_crews and
    ready_aircraft (turnout begins), evacuate (the order to leave comes now, where it was still to come)."""
    zones: NameList = ()
    """Zones whose villages `evacuate` is about; empty: all."""


class Response(Record):
    """Response levels by rule: how often readings are looked at, and each level in turn."""

    watch_h: Annotated[Hours, Field(gt=0), Needs("watched")] = default("level_watch_h")
    """How often the duty officers look at readings and counts, and at what waits for partners to be asked."""
    approved_later: Annotated[YesNo, Needs("approvals")] = False
    """Whether a level is in force once it is decided, and the post above agrees afterwards: move first, paperwork
    later; no: its approval is awaited."""
    count_growth_h: Annotated[Hours, Needs("watched")] = 0.0
    """Mean time until a death that a village has told of stands in the count that triggers look at, which grows for
    days; 0: at once. After nine days 97 of 380 stood in that of Zhengzhou 2021, as with a mean of 30 days."""
    level_1: LevelRule = Field(default=LevelRule(), alias="I")
    level_2: LevelRule = Field(default=LevelRule(), alias="II")
    level_3: LevelRule = Field(default=LevelRule(), alias="III")
    level_4: LevelRule = Field(default=LevelRule(), alias="IV")

    def of(self, number: int) -> LevelRule:
        """The rule of a level by its number, 1 (I) to 4 (IV)."""
        return (self.level_1, self.level_2, self.level_3, self.level_4)[number - 1]


NO_LEVEL = len(RESPONSE_LEVELS) + 1
"""Number of "no response level is in force"."""
