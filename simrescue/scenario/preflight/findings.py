"""What the pre-flight finds, and how it is put in words, English and Chinese."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, NamedTuple

from simrescue.places import Place

Severity = Literal["error", "warning", "note"]
SEVERITIES: tuple[Severity, ...] = ("error", "warning", "note")
TOPICS = (
    "input", "reach", "arrival", "responder", "call", "flood", "fire", "hazard", "stock", "shelter", "staff",
    "parameter", "clause",
)  # fmt: skip
"""In the order shown."""
NAMED = 5
"""Places named in one message."""


class Finding(NamedTuple):
    """One thing to know before a run."""

    severity: Severity
    topic: str
    """One of `TOPICS`."""
    subject: str
    """Id of the place, responder or need it is about; empty: the whole scenario."""
    message: str
    message_zh: str
    numbers: dict[str, float]
    """The figures of the message by name, in inside units."""


class Findings(tuple[Finding, ...]):
    """All findings, gravest first."""

    __slots__ = ()

    def of(self, severity: Severity) -> Findings:
        """Those of one severity."""
        return Findings(one for one in self if one.severity == severity)


def shown(place: Place) -> str:
    """A place in an English message."""
    return place.name or place.id


def shown_zh(place: Place) -> str:
    """A place in a Chinese message."""
    return place.name_zh or place.name or place.id


def hours_zh(hours: float) -> str:
    """A duration in a Chinese message, in hours to a tenth."""
    return f"{round(hours, 1):g} 小时"


def named(places: Iterable[Place]) -> tuple[str, str]:
    """The first few by name, in English and Chinese."""
    rows = list(places)
    more, more_zh = (", ...", "等") if len(rows) > NAMED else ("", "")
    first = rows[:NAMED]
    return ", ".join(map(shown, first)) + more, "、".join(map(shown_zh, first)) + more_zh
