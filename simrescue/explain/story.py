"""What happened to a place, and what a responder did, as sentences in English and Chinese."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from simrescue.events import EventLog

if TYPE_CHECKING:
    import pandas as pd


class Things(NamedTuple):
    """What the indexes of a log point to: columns of things.parquet as lists."""

    ids: list[str]
    kinds: list[str]
    names: list[str]
    names_zh: list[str]


class Sentence(NamedTuple):
    """One sentence of a story."""

    time_h: float
    until_h: float
    """Of the last event that it tells of (many alike are folded into one sentence)."""
    kind: str
    """Name of the event kind."""
    subject: int
    place: int
    text_en: str
    text_zh: str


def things_of(table: pd.DataFrame) -> Things:
    """From `Results.things`."""
    return Things(*(table[name].tolist() for name in ("id", "kind", "name", "name_zh")))


def story(log: EventLog, things: Things, thing: int, start: datetime) -> list[Sentence]:
    """The story of a place or of a responder (its index), in the order of time; `start` is the scenario's start."""
    raise NotImplementedError
