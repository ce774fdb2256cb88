"""What `size` shows: what was tried by cost, plain sentences, and JSON."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from rich.text import Text

from simrescue.charts.experiment.answer_words import axis_words
from simrescue.cli.language import figure_text, on_screen, pick
from simrescue.cli.show.answer_words import (
    between,
    settling,
    share,
    tell,
    value_text,
    verdict_json,
    yuan,
)
from simrescue.cli.show.tables import plain_table, screen
from simrescue.experiment.analysis.distance import unit_of_shortfall
from simrescue.experiment.replications.packed_job import clause_key
from simrescue.metrics import MEASURES
from simrescue.metrics.amounts import amount_text
from simrescue.units import write_share
from simrescue.wording import ITEMS, PARTS, bilingual, listed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from simrescue.experiment.design.experiment_records import Experiment, Factor
    from simrescue.experiment.studies.sizing import SizingResult, Tried
    from simrescue.plans import Verdict

ANSWERS = {
    "enough": (bilingual("enough"), "bold green"),
    "too little": (bilingual("too little"), "bold red"),
    "undecided": (bilingual("undecided"), "bold yellow"),
}
"""What a combination was shown to be -> how it is written and its colour."""
LISTED = 6
"""Combinations named in one sentence."""


def show_size(answer: SizingResult, experiment: Experiment) -> None:
    """What was tried, by cost, and the answer."""
    console = screen()
    names = list(answer.tried[0].candidate.values) if answer.tried else []
    labels = [pick(_factor(name, experiment.factors[name])) for name in names]
    cost, held, number = on_screen("Cost, yuan"), on_screen("Holds in"), on_screen("Replications")
    short = on_screen("Still short")
    table = plain_table(
        on_screen("What was tried"), *labels, *([cost] if answer.priced else []),
        short, held, on_screen("Interval"), on_screen("Answer"), number, right=(cost, short, held, number),
    )  # fmt: skip
    for tried in sorted(answer.tried, key=lambda tried: (tried.candidate.cost, tried.candidate.place)):
        worst = _worst(tried)
        words, style = ANSWERS[tried.word]
        table.add_row(
            *(value_text(value) for value in tried.candidate.values.values()),
            *([yuan(tried.candidate.cost)] if answer.priced else []),
            pick(_lacking(answer, tried)), figure_text(share(worst.estimate)), pick(between(worst)),
            Text(pick(words), style=style), str(tried.replications),
        )  # fmt: skip
    console.print(table)
    for sentence in size_sentences(answer, experiment):
        tell(console, sentence)


def _lacking(answer: SizingResult, tried: Tried) -> tuple[str, str]:
    """What the clause that decides is short of with a combination, on the mean."""
    which = tried.verdicts.index(_worst(tried))
    unit = unit_of_shortfall(MEASURES[answer.lines[which].clause.measure])
    return amount_text(unit, tried.shorts[which] if tried.shorts else math.nan)


def size_sentences(answer: SizingResult, experiment: Experiment) -> list[tuple[str, str]]:
    """The answer in plain words: what is enough, what too little, what is open between them, what it cost to know."""
    clauses = ", ".join(line.clause.id for line in answer.lines)
    sentences = [_enough(answer, answer.best, experiment, clauses)]
    if answer.best is None and answer.tried:
        sentences.append(_nearest(answer, experiment))
    sentences += [_too_little(answer.too_little, experiment)] if answer.too_little else []
    sentences += _left_open(answer, experiment)
    if answer.broken:
        pairs = [
            bilingual("{less} met, {more} not", less=_short(less.values), more=_short(more.values))
            for less, more in answer.broken
        ]
        sentences.append(bilingual("More did not always help: {pairs}.", pairs=listed(pairs, ITEMS)))
    elif answer.best and answer.checked:
        sentences.append(bilingual("One step more of each lever and the most were run too and did no worse."))
    elif answer.best:
        sentences.append(
            bilingual("The budget ended before all neighbours of the answer were run: something cheaper may do.")
        )
    if names := [_factor(name, factor) for name, factor in experiment.factors.items() if factor.role == "uncertainty"]:
        message = bilingual(
            "Drawn anew in each replication, the same for all combinations: {names}.", names=listed(names)
        )
        sentences.append(message)
    tried, among = len(answer.tried), answer.candidates
    sentences.append(
        bilingual(
            "{spent} replications spent; {tried} of {among} combinations run.",
            spent=answer.spent, tried=tried, among=among,
        )
    )  # fmt: skip
    return sentences


def _nearest(answer: SizingResult, experiment: Experiment) -> tuple[str, str]:
    """How near the combination comes that leaves least short: chances may all stand at 0 %."""

    def short(tried: Tried) -> tuple[float, float]:
        return tried.shorts[tried.verdicts.index(_worst(tried))], tried.candidate.cost

    best, most = min(answer.tried, key=short), max(answer.tried, key=short)
    return bilingual(
        "Least is short with {values}: {short} on the mean, against {most} with {other}.",
        values=_values(best, experiment), short=_lacking(answer, best), most=_lacking(answer, most),
        other=_values(most, experiment),
    )  # fmt: skip


def _left_open(answer: SizingResult, experiment: Experiment) -> list[tuple[str, str]]:
    """What lies between too little and enough, and how many replications would settle it."""
    sentences = list[tuple[str, str]]()
    if answer.undecided:
        tried = _listed(answer.undecided, experiment)
        forecast = settling(max(candidate.settled_by for candidate in answer.undecided))
        sentences.append(
            bilingual(
                "Undecided, and not shown to be too little: {tried}. The least that is enough may be one. {forecast}",
                tried=tried, forecast=forecast,
            )
        )  # fmt: skip
    if answer.unknown:
        sentences.append(
            bilingual(
                "Not run, and not ruled out either: {count} more between too little and enough.", count=answer.unknown
            )
        )
    return sentences


def _too_little(edge: Sequence[Tried], experiment: Experiment) -> tuple[str, str]:
    return bilingual("Shown to be too little, with all below: {tried}.", tried=_listed(edge, experiment))


def _listed(tried: Sequence[Tried], experiment: Experiment) -> tuple[str, str]:
    """Combinations with how often they held, the first few."""
    first = [
        bilingual("{values} ({share})", values=_values(candidate, experiment), share=share(_worst(candidate).estimate))
        for candidate in tried[:LISTED]
    ]
    if len(tried) <= LISTED:
        return listed(first, ITEMS)
    return bilingual(
        "{first} and {more} more", first=listed(first, ITEMS), more=(f"{len(tried) - LISTED}", f"{len(tried)}")
    )


def _factor(name: str, factor: Factor) -> tuple[str, str]:
    return factor.label or name, factor.label_zh or factor.label or name


def _values(candidate: Tried, experiment: Experiment) -> tuple[str, str]:
    values = candidate.candidate.values.items()
    parts = [
        (axis_words(experiment, name, value, "en"), axis_words(experiment, name, value, "zh")) for name, value in values
    ]
    return listed(parts, PARTS)


def _worst(tried: Tried) -> Verdict:
    """The verdict that decides what is said of a combination."""
    return min(tried.verdicts, key=lambda verdict: verdict.estimate - verdict.required)


def _enough(answer: SizingResult, best: Tried | None, experiment: Experiment, clauses: str) -> tuple[str, str]:
    if best is None and (answer.undecided or answer.unknown or not answer.tried):
        return bilingual("None was shown to be enough for {clauses}; that is not to say that none is.", clauses=clauses)
    if best is None:
        return bilingual("None does: each combination is too little for {clauses}.", clauses=clauses)
    worst = min(best.verdicts, key=lambda verdict: verdict.low - verdict.required)
    price = bilingual(" for {cost} yuan", cost=yuan(best.candidate.cost)) if answer.priced else ""
    held = bilingual("{share} ({between})", share=share(worst.estimate), between=between(worst))
    return bilingual(
        "Enough{price}: {values}. {clauses} is met: it holds in {held}; {need} is required.",
        price=price, values=_values(best, experiment), clauses=clauses, held=held, need=write_share(worst.required),
    )  # fmt: skip


def _short(values: dict[str, Any]) -> str:
    return ", ".join(f"{name} {value_text(value)}" for name, value in values.items())


def size_json(answer: SizingResult) -> dict[str, Any]:
    """The answer of a search as data."""
    keys = [clause_key(line) for line in answer.lines]

    def as_data(tried: Tried) -> dict[str, Any]:
        verdicts = dict(zip(keys, map(verdict_json, tried.verdicts), strict=True))
        return {
            "values": tried.candidate.values, "cost": tried.candidate.cost, "answer": tried.word,
            "replications": tried.replications, "short": list(tried.shorts), "settled_by": tried.settled_by,
            "verdicts": verdicts,
        }  # fmt: skip

    return {
        "best": as_data(answer.best) if answer.best else None,
        "too_little": [as_data(tried) for tried in answer.too_little],
        "undecided": [as_data(tried) for tried in answer.undecided], "unknown": answer.unknown,
        "tried": [as_data(tried) for tried in answer.tried],
        "broken": [[less.values, more.values] for less, more in answer.broken], "checked": answer.checked,
        "spent": answer.spent, "candidates": answer.candidates,
    }  # fmt: skip
