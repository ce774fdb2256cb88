"""How many villages were without road, power and network, by what, and what command heard of: in a sentence."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from simrescue.communication.channels import OUTAGE_WORDS
from simrescue.events import EventKind as Kind
from simrescue.metrics.people.silence import CUTS, holds_at, lasting_h, worst_cuts
from simrescue.wording import ITEMS, Words, bilingual, bilingual_as, listed

if TYPE_CHECKING:
    from simrescue.events import EventLog
    from simrescue.metrics.facts import Facts

STATES = (bilingual("without a road"), bilingual("without power"), bilingual("without public network"))
"""Each of `silence.CUTS` in words."""


def three_cuts_told(log: EventLog, facts: Facts) -> Words:
    """The sentence on one replication; empty where no village ever lost power or network.

    Args:
        log: of the replication.
        facts: its fixed side.
    """
    if not len(log.where(Kind.POWER_LOST, Kind.NETWORK_LOST)):
        return Words("", "")
    parts = []
    for words, (begins, ends) in zip(STATES, CUTS, strict=True):
        hours = lasting_h(log, facts, begins, ends)
        cut = hours > 0
        if cut.any():
            told = bilingual(
                "{state} {count} villages, {hours:.0f} h on the mean", state=words, count=int(cut.sum()),
                hours=float(hours[cut].mean()),
            )  # fmt: skip
            why = _causes(log, facts, begins)
            parts.append(bilingual("{told} ({why})", told=told, why=why) if why.en else told)
    told = bilingual("At some time {parts}", parts=listed(parts, ITEMS))
    at_h, cuts = worst_cuts(log, facts)
    if (worst := cuts.all(axis=0)).any():
        silent = holds_at(log, facts, Kind.CONTACT_LOST, Kind.CONTACT_RESTORED, at_h)
        told = bilingual(
            "{told}; all three at once at most {count}, {hours:.0f} h after the start, of which command could not hear "
            "{silent}", told=told, count=int(worst.sum()), hours=at_h, silent=int((worst & silent).sum()),
        )  # fmt: skip
    return bilingual_as("whole sentence", "{told}.", told=told)


def _causes(log: EventLog, facts: Facts, begins: Kind) -> Words:
    """What stopped power or network, the commonest first; empty for roads, whose causes are told road by road."""
    rows = log.where(begins)
    told_by = rows[facts.row_of[log.subject[rows]] >= 0]
    if begins is Kind.NETWORK_LOST:  # by what stopped the base station
        causes = log.cause[told_by]
        causes = causes[causes >= 0]
        items = log.item[causes[log.kind[causes] == Kind.STATION_DOWN]]
    elif begins is Kind.POWER_LOST:
        items = log.item[told_by]
    else:
        return Words("", "")
    counts = Counter(items.tolist())
    return listed(
        [bilingual("{cause} {count}", cause=OUTAGE_WORDS[item], count=number) for item, number in counts.most_common()],
        ITEMS,
    )
