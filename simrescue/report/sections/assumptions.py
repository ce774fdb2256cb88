"""What an answer rests on: the default numbers with their sources, data that were made, and what is not modelled."""

from __future__ import annotations

import csv
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, NamedTuple

from simrescue import parameters
from simrescue.experiment.studies.input_doubt import numbers_behind
from simrescue.kinds import KINDS
from simrescue.report.figures import Pair
from simrescue.report.sections.inputs import hazards
from simrescue.wording import Words, bilingual
from simrescue.wording.unit_words import unit_words

if TYPE_CHECKING:
    from simrescue.experiment.store.stored_results import Results


class Assumed(NamedTuple):
    """One default number as the run had it."""

    name: str
    value: str
    instead_of: str
    """The default, where the scenario sets another number; else empty."""
    believed: bool
    """Whether the number lies in the range."""
    range: str
    unit: Words
    used_for: Pair
    source: Words
    verified: bool
    doubt: Words
    """Whether its doubt is chance or ignorance."""


def numbers_of(results: Results) -> list[Assumed]:
    """The default numbers behind a run of its hazard: those that the scenario sets, then those without checked source.

    A number that the scenario sets is its own, whatever the source of the default.
    """
    set_to = parameters.stored(results.manifest["scenario"]["settings"]).changed()
    rows = numbers_behind(kind.name for kind in hazards(results))
    rows.sort(key=lambda row: (row.name not in set_to, row.verified))
    return [_assumed(row, set_to.get(row.name)) for row in rows]


def _assumed(row: parameters.Parameter, set_to: float | None) -> Assumed:
    between = "" if row.low is None or row.high is None else f"{row.low:g} - {row.high:g}"
    number, verified = row.value if set_to is None else set_to, row.verified and set_to is None
    instead = "" if set_to is None else f"{row.value:g}"
    return Assumed(
        row.name, f"{number:g}", instead, row.believes(number), between, unit_words(row.unit), bilingual(row.used_for),
        bilingual(row.source), verified, row.doubt(is_set=set_to is not None),
    )  # fmt: skip


def made_things(results: Results) -> tuple[int, int]:
    """How many places and forces carry "assumed" in their names, and how many there are."""
    counted = [kind.name for kind in KINDS.values() if kind.symbol not in ("", "none")]
    things = results.things[results.things["kind"].isin(counted)]
    english, chinese = bilingual("assumed")
    marked = things["name_zh"].str.contains(chinese) | things["name"].str.contains(english, case=False)
    return int(marked.sum()), len(things)


def limits(results: Results) -> list[Pair]:
    """What the model leaves out, for the hazard of a run."""
    concerned = {"all", *(kind.name for kind in hazards(results)), "given" if results.fire_is_given else ""}
    return [bilingual(limit) for hazard, limit in _limits() if hazard in concerned]


@cache
def _limits() -> tuple[tuple[str, str], ...]:
    """Kind of hazard, and a message: what the model leaves out for it."""
    text = files("simrescue").joinpath("report/limits.csv").read_text(encoding="utf-8")
    return tuple((row["hazard"], row["text"]) for row in csv.DictReader(text.splitlines()))
