"""What `size` shows: what was tried by cost, plain sentences, and JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rich.text import Text

from simrescue.charts.experiment.answer_words import axis_words
from simrescue.cli.language import figure_text, on_screen, pick
from simrescue.cli.show.answer_words import (
    between,
    settling,
    share,
    tell,
    yuan,
)
from simrescue.cli.show.factors import factor_cell, factor_head
from simrescue.cli.show.tables import plain_table, screen, with_note
from simrescue.cli.show.verdict_json import verdict_record
from simrescue.experiment.analysis.least_short import least_short_text
from simrescue.experiment.analysis.verdict_words import band_text, needed_text, plain_value, shortage, standing
from simrescue.experiment.replications.packed_job import clause_key
from simrescue.units import write_share
from simrescue.wording import ITEMS, PARTS, bilingual, listed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from simrescue.experiment.design.experiment_records import Experiment, Factor
    from simrescue.experiment.studies.sizing import SizingResult, Tried

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
    for line, stands in zip(
        answer.lines, answer.tried[0].rows if answer.tried else ({},) * len(answer.lines), strict=True
    ):
        title = line.clause.name or line.clause.name_zh, line.clause.name_zh or line.clause.name
        head = bilingual("{clause} {title}", clause=line.clause.id, title=title)
        tell(console, listed([part for part in (head, needed_text(stands)) if part.en], PARTS), style="bold")
    names = list(answer.tried[0].candidate.values) if answer.tried else []
    labels = [factor_head(name, experiment) for name in names]
    cost, value, short = on_screen("Cost, yuan"), on_screen("Value"), on_screen("Short")
    held, number = on_screen("Holds in"), on_screen("Replications")
    table = plain_table(
        on_screen("What was tried"), *labels, *([cost] if answer.priced else []),
        value, short, held, on_screen("Answer"), number, right=(cost, number),
    )  # fmt: skip
    for tried in sorted(answer.tried, key=lambda tried: (tried.candidate.cost, tried.candidate.place)):
        row, verdict = tried.rows[tried.weakest], tried.verdicts[tried.weakest]
        words, style = ANSWERS[tried.word]
        weakest = f"{answer.lines[tried.weakest].clause.id} " if len(answer.lines) > 1 else ""
        table.add_row(
            *(factor_cell(name, value, experiment) for name, value in tried.candidate.values.items()),
            *([yuan(tried.candidate.cost)] if answer.priced else []),
            with_note(f"{weakest}{pick(plain_value(row))}", pick(band_text(row))), pick(shortage(row)) or "-",
            with_note(figure_text(share(verdict.estimate)), pick(between(verdict))),
            Text(pick(words), style=style), str(tried.replications),
        )  # fmt: skip
    console.print(table)
    for sentence in size_sentences(answer, experiment):
        tell(console, sentence)


def size_sentences(answer: SizingResult, experiment: Experiment) -> list[tuple[str, str]]:
    """The answer in plain words: what is enough, what too little, what is open between them, what it cost to know."""
    clauses = listed([(line.clause.id,) * 2 for line in answer.lines])
    sentences = [_enough(answer, answer.best, experiment, clauses)]
    if answer.least:
        names = [_values(tried, experiment) for tried in answer.tried]
        sentences.append(least_short_text(answer.least, names, standing(*answer.stands)))
    sentences += [_too_little(answer.too_little, experiment)] if answer.too_little else []
    sentences += _left_open(answer, experiment)
    if answer.broken:
        pairs = [
            bilingual(
                "{less} met, {more} not",
                less=_combination(less.values, experiment),
                more=_combination(more.values, experiment),
            )
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
        bilingual(
            "{values} ({share})",
            values=_values(candidate, experiment),
            share=share(candidate.verdicts[candidate.weakest].estimate),
        )
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
    return _combination(candidate.candidate.values, experiment)


def _combination(values: dict[str, Any], experiment: Experiment) -> tuple[str, str]:
    parts = [
        (axis_words(experiment, name, value, "en"), axis_words(experiment, name, value, "zh"))
        for name, value in values.items()
    ]
    return listed(parts, PARTS)


def _enough(
    answer: SizingResult, best: Tried | None, experiment: Experiment, clauses: tuple[str, str]
) -> tuple[str, str]:
    if best is None and (answer.undecided or answer.unknown or not answer.tried):
        return bilingual("None was shown to be enough for {clauses}; that is not to say that none is.", clauses=clauses)
    if best is None:
        return bilingual("None does: each combination is too little for {clauses}.", clauses=_broken(answer))
    price = bilingual(" for {cost} yuan", cost=yuan(best.candidate.cost)) if answer.priced else ""
    need = write_share(best.verdicts[best.weakest].required)
    if len(answer.lines) > 1:
        return bilingual(
            "Enough{price}: {values}. {clauses} are all met; the least sure is {weakest}: {standing}; "
            "{need} is required.",
            price=price, values=_values(best, experiment), clauses=clauses, standing=standing(*answer.stands),
            weakest=answer.lines[best.weakest].clause.id, need=need,
        )  # fmt: skip
    return bilingual(
        "Enough{price}: {values}. {clauses} is met: {standing}; {need} is required.",
        price=price, values=_values(best, experiment), clauses=clauses, standing=standing(*answer.stands),
        need=need,
    )  # fmt: skip


def _broken(answer: SizingResult) -> tuple[str, str]:
    """The clauses that some combination was too little for: one not met is enough, the others may hold."""
    broken = [
        line.clause.id
        for at, line in enumerate(answer.lines)
        if any(tried.verdicts[at].verdict == "not met" for tried in answer.tried)
    ]
    return listed([(clause, clause) for clause in broken])


def size_json(answer: SizingResult, experiment: Experiment) -> dict[str, Any]:
    """The answer of a search as data."""
    keys, sentences = [clause_key(line) for line in answer.lines], size_sentences(answer, experiment)

    def as_data(tried: Tried) -> dict[str, Any]:
        rows = (verdict_record(row, {}) for row in tried.rows)
        return {
            "values": tried.candidate.values, "cost": tried.candidate.cost, "answer": tried.word,
            "replications": tried.replications, "settled_by": tried.settled_by,
            "verdicts": dict(zip(keys, rows, strict=True)),
        }  # fmt: skip

    return {
        "best": as_data(answer.best) if answer.best else None,
        "stands": verdict_record(*answer.stands) if answer.stands.row else None,
        "too_little": [as_data(tried) for tried in answer.too_little],
        "undecided": [as_data(tried) for tried in answer.undecided], "unknown": answer.unknown,
        "tried": [as_data(tried) for tried in answer.tried],
        "may_be_least_short": [answer.tried[way].candidate.values for way in answer.least.kept] if answer.least else [],
        "broken": [[less.values, more.values] for less, more in answer.broken], "checked": answer.checked,
        "spent": answer.spent, "candidates": answer.candidates,
        "sentences": [english for english, _ in sentences],
        "sentences_zh": [chinese for _, chinese in sentences],
    }  # fmt: skip
