"""How late command, and the posts of townships, knew of what was needed: one course of an event, in a sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from simrescue.explain.stories.naming import measured
from simrescue.metrics.people.village_news import has_views, village_of, word_of_villages
from simrescue.metrics.reading import quantile
from simrescue.metrics.requests.response import requests, unheard
from simrescue.wording import Words, bilingual, bilingual_as

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from simrescue.events import EventLog
    from simrescue.explain.stories.naming import Names
    from simrescue.metrics.facts import Facts

LATE = 0.95
"""Share of the needs by which the sentence tells what "late" is."""


class WordDelay(NamedTuple):
    """Hours from when each need of a village was true until a post knew of it, shape (n,); infinite for never."""

    place: NDArray[np.int64]
    """Index in the table of things."""
    command_h: NDArray[np.float64]
    township_h: NDArray[np.float64]
    """Until the next word of the place passed the post of its township; nan where none ever did, of any need there."""


def word_delay(log: EventLog, facts: Facts) -> WordDelay:
    """How late posts knew of the needs of villages that were true, whether or not anybody ever heard of them.

    Args:
        log: of one replication.
        facts: its fixed side.
    """
    asked, silent = requests(log), unheard(log)
    place = np.concatenate([asked.place[asked.confirmed], silent.place])
    need_h = np.concatenate([asked.need_h[asked.confirmed], silent.need_h])
    # Needs of which it never heard are among them, or whoever is silent would be heard of soonest.
    known_h = np.concatenate([asked.reported_h[asked.confirmed], np.full(len(silent.place), np.inf)])
    of_village = facts.row_of[place] >= 0
    place, need_h, known_h = place[of_village], need_h[of_village], known_h[of_village]
    rows = word_of_villages(log, facts, "township")
    subject, word_h = village_of(log, rows), log.time_h[rows]
    township_h = np.full(len(place), np.nan)
    for village in np.unique(subject).tolist():
        words, own = np.sort(word_h[subject == village]), place == village
        after = np.append(words, np.inf)[np.searchsorted(words, need_h[own])]
        township_h[own] = after - need_h[own]
    return WordDelay(place, np.maximum(known_h - need_h, 0.0), township_h)


def word_delay_told(log: EventLog, facts: Facts, names: Names) -> Words:
    """The sentence on one replication; empty where posts know at once all that is true, or nothing was needed.

    Args:
        log: of the replication.
        facts: its fixed side.
        names: of all things.
    """
    if not has_views(log, facts) or not len((delay := word_delay(log, facts)).place):
        return Words("", "")
    heard = np.isfinite(delay.command_h)
    told = bilingual(
        "From a need until command knew of it ({count} needs): {spread}", count=len(delay.place),
        spread=_spread(delay.command_h),
    )  # fmt: skip
    if heard.any():
        # Among those heard of: the longest of all would be never.
        last = int(np.argmax(np.where(heard, delay.command_h, -1.0)))
        told = bilingual(
            "{told}; at the longest {longest} ({place})", told=told,
            longest=measured(float(delay.command_h[last]), "h"), place=names.of(int(delay.place[last])),
        )  # fmt: skip
    if silent := int((~heard).sum()):
        told = bilingual("{told}; of {count} it never heard", told=told, count=silent)
    known = delay.township_h[~np.isnan(delay.township_h)]
    if len(known):
        told = bilingual(
            "{told}. Until word passed the post of the township ({count} needs): {spread}", told=told,
            count=len(known), spread=_spread(known),
        )  # fmt: skip
    return bilingual_as("whole sentence", "{told}.", told=told)


def _spread(hours: NDArray[np.float64]) -> Words:
    middle, late = (_at_most(quantile(hours, share)) for share in (0.5, LATE))
    return bilingual("half of them {middle}, 95 % {late}", middle=middle, late=late)


def _at_most(hours: float) -> Words:
    if not np.isfinite(hours):
        return bilingual("never, since too few were heard of")
    return bilingual("{hours} at most", hours=measured(hours, "h"))
