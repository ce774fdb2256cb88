"""What `size` shows: what was tried by cost, plain sentences in English and Chinese, and JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rich.text import Text

from simrescue.charts.experiment.answer_words import axis_words
from simrescue.cli.show.answer_words import (
    between,
    settling,
    share,
    tell_both,
    value_text,
    verdict_json,
    yuan,
)
from simrescue.cli.show.tables import plain_table, screen
from simrescue.experiment.replications.packed_job import clause_key
from simrescue.units import write_share

if TYPE_CHECKING:
    from collections.abc import Sequence

    from simrescue.experiment.design.experiment_records import Experiment
    from simrescue.experiment.studies.sizing import SizingResult, Tried
    from simrescue.plans import Verdict

ANSWERS = {
    "enough": ("enough 足够", "bold green"),
    "too little": ("too little 不足", "bold red"),
    "undecided": ("undecided 未定", "bold yellow"),
}
"""What a combination was shown to be -> how it is written and its colour."""
LISTED = 6
"""Combinations named in one sentence."""


def show_size(answer: SizingResult, experiment: Experiment) -> None:
    """What was tried, by cost, and the answer."""
    console = screen()
    names = list(answer.tried[0].candidate.values) if answer.tried else []
    labels = [experiment.factors[name].label or name for name in names]
    table = plain_table(
        "What was tried 已试方案", *labels, *(["Cost, yuan"] if answer.priced else []),
        "Holds in", "Interval", "Answer", "Replications", right=("Cost, yuan", "Holds in", "Replications"),
    )  # fmt: skip
    for one in sorted(answer.tried, key=lambda one: (one.candidate.cost, one.candidate.place)):
        worst = _worst(one)
        words, style = ANSWERS[one.word]
        table.add_row(
            *(value_text(value) for value in one.candidate.values.values()),
            *([yuan(one.candidate.cost)] if answer.priced else []),
            share(worst.estimate), between(worst), Text(words, style=style), str(one.replications),
        )  # fmt: skip
    console.print(table)
    for english, chinese in size_sentences(answer, experiment):
        tell_both(console, english, chinese)


def size_sentences(answer: SizingResult, experiment: Experiment) -> list[tuple[str, str]]:
    """The answer in plain words: what is enough, what too little, what is open between them, what it cost to know."""
    clauses = ", ".join(line.clause.id for line in answer.lines)
    told = [_enough(answer, answer.best, experiment, clauses)]
    told += [_too_little(answer.too_little, experiment)] if answer.too_little else []
    told += _left_open(answer, experiment)
    if answer.broken:
        pairs = "; ".join(f"{_short(less.values)} met, {_short(more.values)} not" for less, more in answer.broken)
        told.append((f"More did not always help: {pairs}.", f"并非越多越好：{pairs}。"))
    elif answer.best and answer.checked:
        told.append((
            "One step more of each lever and the most were run too and did no worse.",
            "多一级和最多的方案也已推演，并不更差。",
        ))  # fmt: skip
    elif answer.best:
        told.append((
            "The budget ended before all neighbours of the answer were run: something cheaper may do.",
            "预算在核对相邻方案前用尽：可能还有更省的方案。",
        ))  # fmt: skip
    if names := [one.label or name for name, one in experiment.factors.items() if one.role == "uncertainty"]:
        chinese = [one.label_zh or name for name, one in experiment.factors.items() if one.role == "uncertainty"]
        told.append((
            f"Drawn anew in each replication, the same for all combinations: {', '.join(names)}.",
            f"每次重复重新抽取、各组合相同的不确定因素：{'、'.join(chinese)}。",
        ))  # fmt: skip
    told.append((
        f"{answer.spent} replications spent; {len(answer.tried)} of {answer.candidates} combinations run.",
        f"共用{answer.spent}次重复；在{answer.candidates}种组合中推演了{len(answer.tried)}种。",
    ))  # fmt: skip
    return told


def _left_open(answer: SizingResult, experiment: Experiment) -> list[tuple[str, str]]:
    """What lies between too little and enough, and how many replications would settle it."""
    told = []
    if answer.undecided:
        english, chinese = _listed(answer.undecided, experiment)
        needed = max(one.settled_by for one in answer.undecided)
        forecast, forecast_zh = settling(needed)
        told.append((
            f"Undecided, and not shown to be too little: {english}. The least that is enough may be one. {forecast}",
            f"未定（并未证明不足）：{chinese}。最少够用的方案可能在其中。{forecast_zh}",
        ))  # fmt: skip
    if answer.unknown:
        told.append((
            f"Not run, and not ruled out either: {answer.unknown} more between too little and enough.",
            f"另有{answer.unknown}种介于不足与足够之间的方案未推演，亦未排除。",
        ))  # fmt: skip
    return told


def _too_little(edge: Sequence[Tried], experiment: Experiment) -> tuple[str, str]:
    english, chinese = _listed(edge, experiment)
    return f"Shown to be too little, with all below: {english}.", f"已证明不足（更少者亦然）：{chinese}。"


def _listed(tried: Sequence[Tried], experiment: Experiment) -> tuple[str, str]:
    """Combinations with how often they held, the first few."""
    named = [_values(one, experiment) for one in tried[:LISTED]]
    held = [share(_worst(one).estimate) for one in tried[:LISTED]]
    more = len(tried) - LISTED
    english = "; ".join(f"{names[0]} ({often})" for names, often in zip(named, held, strict=True))
    chinese = "；".join(f"{names[1]}（{often}）" for names, often in zip(named, held, strict=True))
    return english + (f" and {more} more" if more > 0 else ""), chinese + (f"等{len(tried)}种" if more > 0 else "")


def _values(one: Tried, experiment: Experiment) -> tuple[str, str]:
    english = ", ".join(axis_words(experiment, name, value, "en") for name, value in one.candidate.values.items())
    return english, "，".join(axis_words(experiment, name, value, "zh") for name, value in one.candidate.values.items())


def _worst(one: Tried) -> Verdict:
    """The verdict that decides what is said of a combination."""
    return min(one.verdicts, key=lambda verdict: verdict.estimate - verdict.required)


def _enough(answer: SizingResult, best: Tried | None, experiment: Experiment, clauses: str) -> tuple[str, str]:
    if best is None and (answer.undecided or answer.unknown or not answer.tried):
        return (
            f"None was shown to be enough for {clauses}; that is not to say that none is.",
            f"尚无方案被证明足以达到{clauses}，但不等于都不够。",
        )
    if best is None:
        return f"None does: each combination is too little for {clauses}.", f"均不满足：各种组合都不足以达到{clauses}。"
    worst = min(best.verdicts, key=lambda verdict: verdict.low - verdict.required)
    price = f" for {yuan(best.candidate.cost)} yuan" if answer.priced else ""
    price_zh = f"，费用{yuan(best.candidate.cost)}元" if answer.priced else ""
    english, chinese = _values(best, experiment)
    held, held_zh = f"{share(worst.estimate)} ({between(worst)})", f"{share(worst.estimate)}（{between(worst)}）"
    need = write_share(worst.required)
    return (
        f"Enough{price}: {english}. {clauses} is met: it holds in {held}; {need} is required.",
        f"足够{price_zh}：{chinese}。{clauses}达到：成立概率{held_zh}，要求{need}。",
    )


def _short(values: dict[str, Any]) -> str:
    return ", ".join(f"{name} {value_text(value)}" for name, value in values.items())


def size_json(answer: SizingResult) -> dict[str, Any]:
    """The answer of a search as data."""
    keys = [clause_key(line) for line in answer.lines]

    def told(one: Tried) -> dict[str, Any]:
        verdicts = dict(zip(keys, map(verdict_json, one.verdicts), strict=True))
        return {
            "values": one.candidate.values, "cost": one.candidate.cost, "answer": one.word,
            "replications": one.replications, "settled_by": one.settled_by, "verdicts": verdicts,
        }  # fmt: skip

    return {
        "best": told(answer.best) if answer.best else None,
        "too_little": [told(one) for one in answer.too_little],
        "undecided": [told(one) for one in answer.undecided], "unknown": answer.unknown,
        "tried": [told(one) for one in answer.tried],
        "broken": [[less.values, more.values] for less, more in answer.broken], "checked": answer.checked,
        "spent": answer.spent, "candidates": answer.candidates,
    }  # fmt: skip
