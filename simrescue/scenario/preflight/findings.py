"""What the pre-flight finds, and how it is put in words, English and Chinese."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Literal, NamedTuple

from simrescue.communication.posts import Partner, StaffedPost
from simrescue.errors import nearest
from simrescue.hazards.kinds import HAZARDS
from simrescue.places import Place
from simrescue.responders import TASK_KINDS, Responder
from simrescue.units import write_hours, write_km
from simrescue.wording import Words, bilingual, listed, translated

Severity = Literal["fault", "doubtful", "shortfall", "note"]
SEVERITIES: tuple[Severity, ...] = ("fault", "doubtful", "shortfall", "note")
"""Gravest first. `fault`: what is written contradicts itself and cannot be so; `doubtful`: it hardly can; `shortfall`:
it can be so, and fails on paper; `note`: to know."""
SEVERITY_WORDS: dict[Severity, Words] = {
    "fault": bilingual("fault"), "doubtful": bilingual("doubtful"), "shortfall": bilingual("shortfall"),
    "note": bilingual("note"),
}  # fmt: skip
TOPICS = {
    "input": bilingual("input"), "reach": bilingual("reach"), "arrival": bilingual("arrival"),
    "responder": bilingual("responder"), "level": bilingual("response level"), "call": bilingual("call"),
    "hazard": bilingual("hazard"),
    "stock": bilingual("stock"), "shelter": bilingual("shelter"),
    "parameter": bilingual("parameter"), "clause": bilingual("clause"),
}  # fmt: skip
"""What a finding is about -> how it is written, in the order shown; a kind of hazard may have a topic of its own."""
NAMED = 5
"""Places named in one message."""


class Finding(NamedTuple):
    """One thing to know before a run."""

    severity: Severity
    topic: str
    """One of `topics`."""
    subject: str
    """Id of the place, responder or need it is about; empty: the whole scenario."""
    message: str
    message_zh: str
    numbers: dict[str, float]
    """The figures of the message by name, in inside units."""
    name: str = ""
    """By which `accepted` of scenario.yaml knows it: the check that found it and its subject."""


class Findings(tuple[Finding, ...]):
    """All findings, gravest first."""

    __slots__ = ()

    def of(self, severity: Severity) -> Findings:
        """Those of one severity."""
        return Findings(finding for finding in self if finding.severity == severity)


def is_accepted(name: str, accepted: Mapping[str, str]) -> bool:
    """Whether a scenario says of a finding, or of all that its check finds, that it is right.

    Args:
        name: of the finding.
        accepted: the section of the scenario: name of a finding, or of a check alone, -> why it is right.
    """
    return name in accepted or name.partition(" ")[0] in accepted


def after_acceptance(findings: Iterable[Finding], accepted: Mapping[str, str]) -> Iterator[Finding]:
    """Findings as they stand once the scenario has had its say: what it accepts becomes a note with its reason.

    Args:
        findings: all of a check, with their names.
        accepted: the section of the scenario: name of a finding, or of a check alone, -> why it is right.

    Returns:
        The same, and a note for each name that nothing was found under.
    """
    unused = dict.fromkeys(accepted)
    for finding in findings:
        check = finding.name.partition(" ")[0]
        name = finding.name if finding.name in accepted else check
        if name not in accepted:
            yield finding
            continue
        unused.pop(name, None)
        sentence = Words(finding.message, finding.message_zh)
        message = bilingual("{finding} (accepted: {reason})", finding=sentence, reason=accepted[name])
        yield finding._replace(severity="note", message=message.en, message_zh=message.zh)
    for name in unused:
        message = bilingual('accepted: "{name}": nothing is found under this name (any more)', name=name)
        yield Finding("note", "input", name, *message, {}, "accepted")


def topics() -> dict[str, Words]:
    """All topics with their words, in the order shown: those of the registered hazards stand before "hazard"."""
    own = {kind.topic: kind.topic_words for kind in HAZARDS.values() if kind.topic not in TOPICS}
    pairs, at = list(TOPICS.items()), list(TOPICS).index("hazard")
    return dict([*pairs[:at], *own.items(), *pairs[at:]])


def in_order(findings: Iterable[Finding]) -> Findings:
    """Findings gravest first, then by topic and subject.

    Raises ValueError, with the known ones, for a topic that nobody has registered and for an unknown severity.
    """
    findings, order = tuple(findings), list(topics())
    for finding in findings:
        for what, name, known in (("topic", finding.topic, order), ("severity", finding.severity, SEVERITIES)):
            if name not in known:
                near = nearest(name, known)
                hint = f"; did you mean {near!r}?" if near else ""
                raise ValueError(
                    f"the finding {finding.message!r} has the {what} {name!r}, known are {', '.join(known)}{hint} "
                    "(a hazard has a topic of its own as `topic` of its HazardKind)"
                )
    return Findings(sorted(findings, key=lambda f: (SEVERITIES.index(f.severity), order.index(f.topic), f.subject)))


def shown(thing: Place | Responder | Partner | StaffedPost) -> Words:
    """What a place, a responder, a post or a partner is called in English and Chinese, in both by its only name."""
    return Words(thing.name or thing.name_zh or thing.id, thing.name_zh or thing.name or thing.id)


def task_called(name: str) -> Words:
    """A task as files have it, in Chinese by its words."""
    return Words(name, next((task.words.zh for task in TASK_KINDS if task.name == name), name))


def duration(hours: float, number_zh: str = "") -> Words:
    """A duration: to the minute in English, in hours in Chinese, by default to a tenth."""
    return Words(write_hours(hours), translated("{number} h", "zh", number=number_zh or f"{round(hours, 1):g}"))


def distance(km: float, number_zh: str) -> Words:
    """A distance to three figures in English, in kilometres as they are written in Chinese."""
    return Words(write_km(km), translated("{number} km", "zh", number=number_zh))


def several(texts: Sequence[tuple[str, str]]) -> Words:
    """The first few of some names, in English and Chinese."""
    if len(texts) > NAMED:
        return bilingual("{names}, ...", names=listed(texts[:NAMED]))
    return listed(texts)


def named(places: Iterable[Place]) -> Words:
    """The first few of some places by name, in English and Chinese."""
    return several([shown(place) for place in places])
