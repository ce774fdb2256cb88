"""Clauses against the sentences that they stand for: another time, another share, a share that anything keeps."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator

from simrescue.metrics.base import MEASURES
from simrescue.plans import Clause
from simrescue.scenario.plans.plans_file import load_plan
from simrescue.scenario.preflight.findings import Finding, duration
from simrescue.scenario.preflight.look import Look
from simrescue.units import DURATION, SAME_H
from simrescue.wording import bilingual

FEW = 0.1
"""A promise to fewer than one in ten is none that anybody makes: the percent sign of a share was put behind it."""
HOURS = {word: factor for word, factor in DURATION.factors.items() if not word.isascii() and len(word) > 1}
"""Words for hours and minutes that stand for nothing else in a sentence."""
_TIME = re.compile(rf"(.{{0,5}}?)({'|'.join(HOURS)})")
_GOES_ON = re.compile(rf"\s*\d+(?![\d.]|\s*(?:{'|'.join(HOURS)}))")
"""A number right behind a time whose word is none of these: minutes by their short word."""
_PERCENT = re.compile(r"(\d+(?:\.\d+)?)\s*%")
SAME, ROUND_THE_CLOCK_H = 1e-6, 24.0
"""Shares that are one; what stands in sentences about duty rooms as often as it is a limit."""


def clauses_of_another_number(look: Look) -> Iterator[Finding]:
    """Obligations of own plans whose limit or share is none of those in their sentence."""
    for name in look.scenario.settings.plan_names:
        plan = load_plan(name, look.scenario.folder)
        for clause in plan.clauses:
            if clause.kind != "obligation" or not clause.measure:
                continue
            values = {"clause": (clause.name, clause.name_zh), "sentence": clause.text_zh}
            hours, times = _hours(clause), times_of(clause.text_zh)
            is_limit = any(time != ROUND_THE_CLOCK_H for time in times)
            if hours is not None and is_limit and min(abs(hours - time) for time in times) > SAME_H:
                message = bilingual("{clause}: its time is {hours}, and its sentence says another: {sentence}",
                                    hours=duration(hours), **values)  # fmt: skip
                yield Finding("doubtful", "clause", f"{plan.name} {clause.id}", *message, {"hours": hours})
            if clause.reliability < FEW:
                message = bilingual("{clause}: to be kept in {share:g} % of such events, which nearly anything does:"
                                    " {full:g} %?", clause=values["clause"], share=clause.reliability * 100,
                                    full=clause.reliability * 1e4)  # fmt: skip
                yield Finding("doubtful", "clause", f"{plan.name} {clause.id}", *message, {})
            share = clause.threshold if MEASURES[clause.measure].unit == "share" else None
            written = [
                float(number) / 100 for number in _PERCENT.findall(unicodedata.normalize("NFKC", clause.text_zh))
            ]
            if share is not None and written and min(abs(share - number) for number in written) > SAME:
                message = bilingual("{clause}: its share is {share:g} %, and its sentence says another: {sentence}",
                                    share=share * 100, **values)  # fmt: skip
                yield Finding("doubtful", "clause", f"{plan.name} {clause.id}", *message, {"share": share})
            elif share is not None and not written and share < FEW and clause.comparison == "at_least":
                message = bilingual("{clause}: a share of {share:g} % that nearly anything keeps: {full:g} %?",
                                    clause=values["clause"], share=share * 100, full=share * 1e4)  # fmt: skip
                yield Finding("doubtful", "clause", f"{plan.name} {clause.id}", *message, {"share": share})


def _hours(clause: Clause) -> float | None:
    """The time that a clause requires: its limit, or its value where that is in hours."""
    limit: float | None = getattr(clause.settings, "limit_h", None)
    return clause.threshold if limit is None and MEASURES[clause.measure].unit == "h" else limit


def times_of(sentence: str) -> list[float]:
    """The hours that a Chinese sentence names; none where one of them is not plainly a number.

    >>> times_of("")
    []
    """
    times: list[float] = []
    end, of = -1, 0.0
    for match in _TIME.finditer(sentence):
        before, word = match.groups()
        number = _number_before(before)
        if number is None or _GOES_ON.match(sentence, match.end()):
            return []
        is_rest = match.start() == end and HOURS[word] < of and len(re.findall(r"\d+|\S", before)) == 1
        times[len(times) - is_rest :] = [number * HOURS[word] + (times[-1] if is_rest else 0.0)]  # one hour 30 minutes
        end, of = match.end(), HOURS[word]
    return times


def _number_before(text: str) -> float | None:
    """The number at the end of a text, in digits or one numeral, a counting word behind it or none."""
    for end in (text, text[:-1]):
        if digits := re.search(r"\d+(?:\.\d+)?\s*$", end):
            return float(digits.group())
        if end and (numeral := unicodedata.numeric(end[-1], None)) is not None:
            return float(numeral) if len(end) < 2 or unicodedata.numeric(end[-2], None) is None else None
    return None


CLAUSE_CHECKS: tuple[Callable[[Look], Iterator[Finding]], ...] = (clauses_of_another_number,)
"""Asked of every scenario."""
