"""From rows of a log to a sentence: what the braces of its template stand for."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from simrescue.events import EventKind as Kind
from simrescue.events import EventLog
from simrescue.explain.stories.naming import Names, measured, people, span
from simrescue.explain.stories.sentences import ITEM_WORDS, template_of
from simrescue.network.closures import words_of
from simrescue.wording import AND, Words, listed


class Sentence(NamedTuple):
    """One sentence of a story, with what a page needs to sort and link it.

    Hours are those since the start of the scenario.
    """

    time_h: float
    until_h: float
    """Of the last event that it tells of (many alike are folded into one sentence)."""
    kind: str
    """Name of the event kind; WAITS for a request that waited long for its first crew."""
    subject: int
    place: int
    text_en: str
    text_zh: str
    when_en: str
    """Clock time or span: "31 Jul 05:44"."""
    when_zh: str


class Renderer:
    """Tells of rows of one log; `start` is the scenario's start, with its offset from UTC."""

    def __init__(self, log: EventLog, names: Names, start: datetime) -> None:
        self.names, self.start = names, start
        self.time, self.kind = log.time_h.tolist(), log.kind.tolist()
        self.subject, self.place, self.item = log.subject.tolist(), log.place.tolist(), log.item.tolist()
        self.request = log.request.tolist()
        self.persons, self.amount = log.persons.tolist(), log.amount.tolist()

    def tell(self, rows: Sequence[int]) -> Sentence:
        """One sentence for some rows.

        Args:
            rows: row numbers of one kind of event, in order of time. Several are told together where the kind has a
                template for many, else the first alone.

        Raises:
            KeyError: for a kind that is not told (`sentences.TEMPLATES`).
        """
        first, last = rows[0], rows[-1]
        kind = Kind(self.kind[first])
        template = template_of(kind, self.item[first], self.request[first])
        many = template.many if len(rows) > 1 else None
        values = self._of_many(kind, rows) if many else self._of_one(kind, first)
        english, chinese = (
            (many or template.one)[i].format(**{n: pair[i] for n, pair in values.items()}) for i in (0, 1)
        )
        when = span(self.time[first], self.time[last], self.start)
        return Sentence(
            self.time[first], self.time[last], kind.name, self.subject[first], self.place[first],
            english[:1].upper() + english[1:], chinese, *when,
        )  # fmt: skip

    def _of_one(self, kind: Kind, row: int) -> dict[str, Words]:
        amount = self.amount[row]
        # The amount of some kinds is the index of another thing; of the others it may be any number.
        whole, thing = f"{amount or self.persons[row]:,.0f}", int(amount) if 0 <= amount < len(self.names.kinds) else -1
        return {
            "who": self.names.of(self.subject[row]),
            "where": self.names.of(self.place[row]),
            "people": people(self.persons[row]),
            "amount": measured(amount, kind.unit),
            "item": _item(kind, self.item[row]),
            "number": Words(whole, whole),
            "other": self.names.of(thing),
        }

    def _of_many(self, kind: Kind, rows: Sequence[int]) -> dict[str, Words]:
        items = list(dict.fromkeys(_item(kind, self.item[row]) for row in rows))
        count = str(len(rows))
        return {
            "who": self.names.of(self.subject[rows[0]]),
            "those": self.names.crowd(self.subject[row] for row in rows),
            "where": self.names.places(self.place[row] for row in rows),
            "people": people(sum(self.persons[row] for row in rows)),
            "last": measured(self.amount[rows[-1]], kind.unit),
            "items": listed(items, last=AND),
            "count": Words(count, count),
        }


def _item(kind: Kind, item: int) -> Words:
    if kind.item == "cause":
        return words_of(item)
    table = ITEM_WORDS.get(kind.item, ())
    return table[item] if 0 <= item < len(table) else Words("-", "-")
