"""How long villages are silent, when the first word comes out of them, and which call-outs are acknowledged."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from simrescue.communication.messages import MessageKind
from simrescue.events import EventKind, EventLog
from simrescue.metrics.base import Cases, Measure, MeasureSettings, Within
from simrescue.metrics.facts import Facts
from simrescue.metrics.reading import add_up, first_times, remembered, rows_of, share_within, slowest, village_times
from simrescue.units import SAME_H
from simrescue.wording import bilingual


def lasting_h(log: EventLog, facts: Facts, begins: EventKind, ends: EventKind) -> NDArray[np.float64]:
    """Hours of each village between events that begin something and those that end it, shape (V,), to the end.

    `log`, `facts`: the log and its fixed side; `begins`, `ends`: kinds whose `subject` is the village, in turn.
    """
    # Each counted to the end: an end takes back what its beginning counts too much, whatever the pairs.
    begun, ended = (_to_end_h(log, facts, kind) for kind in (begins, ends))
    return np.maximum(begun - ended, 0.0)


def _to_end_h(log: EventLog, facts: Facts, kind: EventKind) -> NDArray[np.float64]:
    rows = rows_of(log, kind)
    village = facts.row_of[log.subject[rows]]
    own = village >= 0
    return add_up(village[own], facts.duration_h - log.time_h[rows][own], len(facts.villages))


@remembered
def silent_h(log: EventLog, facts: Facts) -> NDArray[np.float64]:
    """Hours for which nobody in each village can be reached, shape (V,)."""
    return lasting_h(log, facts, EventKind.CONTACT_LOST, EventKind.CONTACT_RESTORED)


@remembered
def first_word_h(log: EventLog, facts: Facts) -> NDArray[np.float64]:
    """Hours from the first loss of contact to the next word of each village, shape (V,).

    Word is a message that comes to command or to whoever passes it on, or contact that is back; 0 for a village that
    was never silent, infinite where no word came before the end.
    """
    lost = village_times(log, facts, EventKind.CONTACT_LOST)
    heard = log.where(EventKind.RECEIVED, EventKind.CONTACT_RESTORED)
    sender = np.where(log.kind[heard] == EventKind.RECEIVED, log.place[heard], log.subject[heard])
    village = facts.row_of[sender]
    after = (village >= 0) & (log.time_h[heard] > lost[village])
    word = first_times(village[after], log.time_h[heard][after], len(facts.villages))
    # The inner 0 keeps infinity less infinity out, which is no number.
    return np.where(np.isfinite(lost), word - np.where(np.isfinite(lost), lost, 0.0), 0.0)


def word_after_cut_h(log: EventLog, facts: Facts) -> NDArray[np.float64]:
    """Hours from the first loss of public network, or of contact, until each village can be heard, shape (V,).

    0 where another channel stands at that moment, whatever becomes of it later; nan where neither was lost.
    """
    network, lost = (village_times(log, facts, kind) for kind in (EventKind.NETWORK_LOST, EventKind.CONTACT_LOST))
    cut = np.minimum(network, lost)
    silent = np.isfinite(lost) & (lost <= cut)
    return np.where(np.isfinite(cut), np.where(silent, first_word_h(log, facts), 0.0), np.nan)


CUTS = (
    (EventKind.ISOLATED, EventKind.REACHABLE), (EventKind.POWER_LOST, EventKind.POWER_BACK),
    (EventKind.NETWORK_LOST, EventKind.NETWORK_BACK),
)  # fmt: skip
"""Events that begin and end being without a road, without power and without public network."""


@remembered
def worst_cuts(log: EventLog, facts: Facts) -> tuple[float, NDArray[np.bool_]]:
    """Hour at which most villages are without all three, and which of `CUTS` each is without then, shape (3, V).

    The first such hour; 0 and nothing where no village ever is.
    """
    cut = np.zeros((len(CUTS), len(facts.villages)), dtype=bool)
    which = {
        kind: (number, state)
        for number, pair in enumerate(CUTS)
        for kind, state in zip(pair, (True, False), strict=True)
    }
    most, worst = 0, (0.0, cut.copy())
    for row in log.where(*which):
        village = facts.row_of[log.subject[row]]
        if village >= 0:
            number, state = which[EventKind(log.kind[row])]
            cut[number, village] = state
            if (count := int(cut.all(axis=0).sum())) > most:
                most, worst = count, (float(log.time_h[row]), cut.copy())
    return worst


def most_cut_three_ways(log: EventLog, facts: Facts) -> float:
    """Most villages at one time without a road, without power and without public network."""
    return float(worst_cuts(log, facts)[1].all(axis=0).sum())


def holds_at(log: EventLog, facts: Facts, begins: EventKind, ends: EventKind, at_h: float) -> NDArray[np.bool_]:
    """Whether what events of one kind begin and those of another end holds at an hour, for each village, shape (V,).

    `log`, `facts`: the log and its fixed side; `begins`, `ends`: kinds whose `subject` is the village; `at_h`: hours
    since the start; what happens at it counts.
    """
    rows = log.where(begins, ends)
    rows = rows[log.time_h[rows] <= at_h + SAME_H]
    village = facts.row_of[log.subject[rows]]
    rows, village = rows[village >= 0], village[village >= 0]
    holds = np.zeros(len(facts.villages), dtype=bool)
    holds[village] = log.kind[rows] == begins  # the last row holds
    return holds


def _cases(log: EventLog, facts: Facts, _: MeasureSettings) -> Cases:
    word = first_word_h(log, facts)
    silent = np.isfinite(village_times(log, facts, EventKind.CONTACT_LOST))
    return Cases(facts.villages[silent].astype(np.int64), np.ones(int(silent.sum())), word[silent])


def _silences(log: EventLog, facts: Facts, _: MeasureSettings) -> Cases:
    """Villages that were ever silent, and the hours of it in all."""
    silent = np.isfinite(village_times(log, facts, EventKind.CONTACT_LOST))
    return Cases(facts.villages[silent].astype(np.int64), np.ones(int(silent.sum())), silent_h(log, facts)[silent])


def _silent_within(log: EventLog, facts: Facts, settings: Within) -> float:
    return share_within(_silences(log, facts, settings), settings.limit_h)


def _longest_silence(log: EventLog, facts: Facts, settings: MeasureSettings) -> float:
    return slowest(_silences(log, facts, settings))


def _cut_off(log: EventLog, facts: Facts, _: Within) -> Cases:
    word = word_after_cut_h(log, facts)
    cut = ~np.isnan(word)
    return Cases(facts.villages[cut].astype(np.int64), np.ones(int(cut.sum())), word[cut])


def _heard_after_cut(log: EventLog, facts: Facts, settings: Within) -> float:
    return share_within(_cut_off(log, facts, settings), settings.limit_h)


def _heard_within(log: EventLog, facts: Facts, settings: Within) -> float:
    return share_within(_cases(log, facts, settings), settings.limit_h)


def feedback_h(log: EventLog, facts: Facts) -> NDArray[np.float64]:
    """Hours from the first order or call-out of each village until command knows that it has come, shape (V,).

    Where messages are told in the log, by the answer that comes back; else the answer is heard where it is given.
    Infinite for never, nan for a village that was never called.
    """
    if len(rows_of(log, EventKind.SENT)):
        return _acknowledged(log, facts)
    called = np.minimum(village_times(log, facts, EventKind.ORDERED), village_times(log, facts, EventKind.CALLED_OUT))
    was_called = np.isfinite(called)
    answered = village_times(log, facts, EventKind.ANSWERED)
    return np.where(was_called, answered - np.where(was_called, called, 0.0), np.nan)


def _acknowledged(log: EventLog, facts: Facts) -> NDArray[np.float64]:
    """Hours from the first order or call-out of each village to the first answer that it has come, shape (V,)."""
    called = np.minimum(village_times(log, facts, EventKind.ORDERED), village_times(log, facts, EventKind.CALLED_OUT))
    rows = rows_of(log, EventKind.ACKNOWLEDGED)
    rows = rows[log.amount[rows] == MessageKind.CALL_OUT]
    village = facts.row_of[log.subject[rows]]
    answered = first_times(village[village >= 0], log.time_h[rows][village >= 0], len(facts.villages))
    return np.where(np.isfinite(called), answered - np.where(np.isfinite(called), called, 0.0), np.nan)


def _answers(log: EventLog, facts: Facts, _: Within) -> Cases:
    took = _acknowledged(log, facts)
    # Without channels nobody answers in the log, and nothing is to be measured.
    called = ~np.isnan(took) & bool(len(rows_of(log, EventKind.SENT)))
    return Cases(facts.villages[called].astype(np.int64), np.ones(int(called.sum())), took[called])


def _acknowledged_within(log: EventLog, facts: Facts, settings: Within) -> float:
    return share_within(_answers(log, facts, settings), settings.limit_h)


MEASURES = (
    Measure(
        "share_heard_again", bilingual("silent villages of which word came in time"),
        "share", Within, _heard_within, counts="villages", of_cases=_cases,
    ),
    Measure(
        "share_silence_within", bilingual("silent villages that were silent no longer in all"),
        "share", Within, _silent_within, counts="villages", of_cases=_silences,
    ),
    Measure(
        "longest_silence_h", bilingual("hours for which the village silent longest was silent"),
        "h", MeasureSettings, _longest_silence, counts="villages", of_cases=_silences,
    ),
    Measure(
        "share_heard_after_cut", bilingual("villages that could be heard in time after the loss of their network"),
        "share", Within, _heard_after_cut, counts="villages", of_cases=_cut_off,
    ),
    Measure(
        "share_call_outs_acknowledged", bilingual("call-outs of villages that were acknowledged in time"),
        "share", Within, _acknowledged_within, counts="villages", of_cases=_answers,
    ),
)  # fmt: skip
