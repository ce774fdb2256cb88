"""Every default number with its unit, range, source and whether it was verified, and what a scenario makes of it.

The table is `data/parameters.csv`. `Parameters` holds the number of each row as an attribute of its name, as the table
has it or as the `parameters:` section of a scenario sets it; it is made once a scenario and passed to whoever needs it.
Columns `low` and `high` are the range that is believed; `least` and `most` what is possible at all (empty: what the
unit allows, and nothing below zero).
"""

from __future__ import annotations

import csv
import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple, TypeVar, cast

from pydantic import ConfigDict, Field, create_model
from pydantic.fields import FieldInfo

from simrescue.records import Record
from simrescue.units import written_as
from simrescue.wording import Words, bilingual

DOUBTS = {
    (True, True): bilingual("chance and ignorance"),
    (True, False): bilingual("chance"),
    (False, True): bilingual("ignorance"),
    (False, False): bilingual("taken as known"),
}
"""What the doubt about an input is, by whether it rules a draw and whether its own value is unknown.

Chance (aleatory): by it something is drawn anew in every replication. Ignorance (epistemic): it is one constant in the
world that nobody has verified, so that more replications tell nothing of it.
"""
_DRAWN = re.compile(r"\b(chance|drawn|mean rate|mean time|standard deviation|variance)\b")
"""Words by which a row says that something is drawn by its number."""
STEPS = frozenset({"flood_step_h", "fire_step_h"})
"""How finely the model looks, which is nothing that the world could have otherwise."""


class Parameter(NamedTuple):
    """One sourced default number."""

    name: str
    value: float
    low: float | None
    high: float | None
    least: float
    most: float
    unit: str
    hazard: str
    """Hazard that it serves alone (flood, wildfire); `all`: any; `menu`: the menu of mend, no run."""
    needs: tuple[str, ...]
    """What must be there for it to count, besides: names in `scenario.preflight.idle.CONDITIONS`."""
    used_for: str
    """A message; so is `source`, where titles and names of sources stay as they are."""
    source: str
    verified: bool

    @property
    def rules_a_draw(self) -> bool:
        """Whether something is drawn by it anew in every replication."""
        return bool(_DRAWN.search(self.used_for))

    @property
    def is_unknown(self) -> bool:
        """Whether its value is an assumption that may be otherwise: it has a range and no checked source."""
        ranged = self.low is not None and self.high is not None and self.low < self.high
        return ranged and not self.verified and self.name not in STEPS

    def doubt(self, *, is_set: bool = False) -> Words:
        """Whether its doubt is chance or ignorance; a number that the scenario sets (`is_set`) is taken as known."""
        return DOUBTS[self.rules_a_draw, self.is_unknown and not is_set]

    def believes(self, number: float) -> bool:
        """Whether a number lies in the range that is believed."""
        return (self.low is None or self.low <= number) and (self.high is None or number <= self.high)

    def is_far_off(self, number: float) -> bool:
        """Whether a number lies farther outside the range that is believed than the range is wide."""
        wide = self.high - self.low if self.low is not None and self.high is not None else 0.0
        return (self.low is not None and number < self.low - wide) or (
            self.high is not None and number > self.high + wide
        )


@cache
def table() -> dict[str, Parameter]:
    """All parameters by name, read once from the package's table."""
    text = files("simrescue").joinpath("data/parameters.csv").read_text(encoding="utf-8")
    return {row["name"]: _read(row) for row in csv.DictReader(text.splitlines())}


def _read(row: dict[str, str]) -> Parameter:
    return Parameter(
        row["name"],
        float(row["value"]),
        float(row["low"]) if row["low"] else None,
        float(row["high"]) if row["high"] else None,
        float(row["least"] or 0.0),
        float(row["most"] or math.inf),
        row["unit"],
        row["hazard"],
        tuple(row["needs"].split()),
        row["used_for"],
        row["source"],
        row["verified"] == "yes",
    )


# ---- the numbers of a scenario

R = TypeVar("R", bound=Record)


class _Numbers(Record):
    """The default numbers of a scenario; every one left out is as `simrescue parameters` lists it."""

    model_config = ConfigDict(alias_generator=None)
    replaced = {  # noqa: RUF012 - a class variable of Record
        "upper_floor_share": bilingual(
            "single_storey_share and flat_roof_share; or the share itself as upper_floor in villages.csv, for all"
            " villages at once by the override villages.*.upper_floor"
        )
    }

    def depth_limit_m(self, vehicle: str) -> float:
        """Deepest water that a vehicle goes through, people on foot too; for a boat that of its carrier truck."""
        return float(getattr(self, f"depth_limit_{'truck' if vehicle == 'boat' else vehicle}_m"))

    def speed_kmh(self, kind: str) -> float:
        """Speed of a loaded truck on a dry road of a class."""
        return float(getattr(self, f"speed_{kind}_kmh"))

    def channel_battery_h(self, whose: str) -> float:
        """Hours that what a channel needs works at a place without mains; `whose`: as of `channels.ChannelKind`."""
        return float(getattr(self, f"{whose}_battery_h"))

    def channel_delay_h(self, whose: str) -> float:
        """Hours that a message by a channel takes longer; `whose`: as of `channels.ChannelKind`."""
        return float(getattr(self, f"{whose}_delay_h"))

    def road_width_m(self, kind: str) -> float:
        """Bare width of a road of a class, m."""
        return float(getattr(self, f"road_width_{kind}_m"))

    def lanes(self, kind: str) -> float:
        """Lanes of a class of road in one direction."""
        return float(getattr(self, f"lanes_{kind}"))

    def break_density(self, kind: str) -> float:
        """Vehicles per km and lane of a class of road up to which they drive freely."""
        return float(getattr(self, f"break_density_{kind}"))

    def congestion_power(self, kind: str) -> float:
        """How steeply speed falls with density on a class of road."""
        return float(getattr(self, f"congestion_power_{kind}"))

    def single_storey_share_of(self, province: str) -> float:
        """Share of rural people in one storey in a province (`hazards.flood.houses.Province`); empty: in China."""
        return float(getattr(self, f"single_storey_{province}_share" if province else "single_storey_share"))

    def helpless_share_of(self, kind: str) -> float:
        """Share of the people of an institution who cannot walk, by its kind (`places.Institution.kind`)."""
        return float(getattr(self, f"{kind}_helpless_share"))

    def yuan(self, price: float | str) -> float:
        """A price in yuan, or that of the parameter of this name. Raises AttributeError where there is no such one."""
        return float(getattr(self, price)) if isinstance(price, str) else price

    def changed(self) -> dict[str, float]:
        """Name -> number of those that are not as in the table."""
        return {name: number for name, number in self if number != table()[name].value}

    def follow(self, record: R) -> R:
        """The record with every field that was left out at the number of its parameter, and all records in it."""
        changed = dict(_followed(self, record))
        if not changed:
            return record
        # not model_copy: what is filled in must go on counting as left out
        copied = type(record).model_construct(record.model_fields_set, **{**dict(record), **changed})
        return cast("R", copied)


if TYPE_CHECKING:

    class Parameters(_Numbers):
        """One frozen number for each row of the table."""

        def __getattr__(self, name: str) -> float: ...

else:
    Parameters = create_model(
        "Parameters",
        __base__=_Numbers,
        __module__=__name__,
        __doc__=_Numbers.__doc__,
        **{
            row.name: (
                Annotated[float, *written_as(row.unit, row.least, row.most)],
                Field(default=row.value, description=f"{row.used_for[0].upper()}{row.used_for[1:]}."),
            )
            for row in table().values()
        },
    )


def stored(settings: Mapping[str, Any]) -> Parameters:
    """The numbers of a run by the settings in its manifest; those that it does not name as in the table."""
    held = settings.get("parameters", {})
    return Parameters(**{name: held[name] for name in table() if name in held})


# ---- defaults of fields


@dataclass(frozen=True)
class _Default:
    """Makes the default of a field: the number of a row, or a record around it."""

    name: str
    around: type[Record] | None = None
    field: str = ""

    def __call__(self) -> Any:
        return self.of(table()[self.name].value)

    def of(self, number: float) -> Any:
        return number if self.around is None else self.around(**{self.field: number})


def default_of(info: FieldInfo) -> str:
    """Name of the parameter that is the default of a field; empty: none is."""
    return info.default_factory.name if isinstance(info.default_factory, _Default) else ""


def default(name: str, around: type[Record] | None = None, field: str = "") -> Any:
    """A pydantic field whose default is the named parameter, within what is possible for it.

    `around`: where the field is a record with that number as its `field`. Raises KeyError for an unknown name.
    """
    row = table()[name]
    made = _Default(name, around, field)
    if around:
        return Field(default_factory=made)
    return Field(default_factory=made, ge=row.least, le=row.most if math.isfinite(row.most) else None)


def _followed(parameters: _Numbers, record: Record) -> Iterator[tuple[str, Any]]:
    """Field and new value of what changes in a record."""
    for name, info in type(record).model_fields.items():
        old = getattr(record, name)
        made = info.default_factory
        if name not in record.model_fields_set and isinstance(made, _Default):
            new = made.of(getattr(parameters, made.name))
        elif isinstance(old, Record) and not isinstance(old, _Numbers):
            new = parameters.follow(old)
        elif isinstance(old, tuple) and any(isinstance(part, Record) for part in old):
            new = tuple(parameters.follow(part) if isinstance(part, Record) else part for part in old)
        else:
            continue
        if new is not old and new != old:
            yield name, new
