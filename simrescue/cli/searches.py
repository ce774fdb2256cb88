"""What `size` and `mend` show: what was tried by cost, plain sentences in English and Chinese, and JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rich.text import Text

from simrescue.charts.experiment.answer_words import axis_words
from simrescue.cli.answer_words import between, share, tell_both, value_text, verdict_json, verdict_word, yuan
from simrescue.cli.tables import both, plain_table, screen
from simrescue.experiment.analysis.statistics import settled_by
from simrescue.experiment.replications.work import clause_key
from simrescue.units import write_share

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console
    from rich.table import Table

    from simrescue.experiment.design.design import Experiment
    from simrescue.experiment.search.change import Change
    from simrescue.experiment.search.mend import Confirmed, Mending
    from simrescue.experiment.search.size import Answer, Tried
    from simrescue.plans import Verdict
    from simrescue.scenario.records import Scenario

ANSWERS = {
    "enough": ("enough 足够", "bold green"),
    "too little": ("too little 不足", "bold red"),
    "undecided": ("undecided 未定", "bold yellow"),
}
"""What a combination was shown to be -> how it is written and its colour."""
LISTED = 6
"""Combinations named in one sentence."""
SCREENED = 8
"""Changes shown that were only screened."""


def show_size(answer: Answer, experiment: Experiment) -> None:
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


def size_sentences(answer: Answer, experiment: Experiment) -> list[tuple[str, str]]:
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


def _left_open(answer: Answer, experiment: Experiment) -> list[tuple[str, str]]:
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


def settling(needed: float) -> tuple[str, str]:
    """What would settle what is undecided, if the shares stay as they are."""
    if needed == float("inf"):
        return (
            "They lie too close to what is required for any affordable number of replications.",
            "与要求过于接近，可承受的重复次数内无法判定。",
        )
    rounded = int(float(f"{needed:.2g}"))
    return (
        f"If the shares stay as they are, some {rounded:,} replications of each settle it (`max` and --budget).",
        f"若成立概率不变，各需约{rounded:,}次重复方可判定（提高max和--budget）。",
    )


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


def _enough(answer: Answer, best: Tried | None, experiment: Experiment, clauses: str) -> tuple[str, str]:
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


def size_json(answer: Answer) -> dict[str, Any]:
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


def show_mending(found: Sequence[Mending], spent: int) -> None:
    """Clause by clause: how it stands, what turns it by cost, and what was only screened."""
    console = screen()
    for one in found:
        console.print()
        console.print(Text(f"{clause_key(one.line)}  {one.line.clause.name}", style="bold"), soft_wrap=True)
        console.print(Text(one.line.clause.name_zh, style="dim"), soft_wrap=True)
        if one.confirmed:
            console.print(_confirmed(one))
        if one.base.verdict != "met":
            _screened(console, one)
        for english, chinese in mending_sentences(one):
            tell_both(console, english, chinese)
    tell_both(console, f"{spent} replications spent.", f"共用{spent}次重复。")


def _confirmed(one: Mending) -> Table:
    table = plain_table(
        "Run until settled, by cost 逐项推演（按费用）",
        "Change", "Cost, yuan", "Holds in", "Interval", "Gain", "Verdict", "Replications",
        right=("Cost, yuan", "Holds in", "Gain", "Replications"),
    )  # fmt: skip
    base = one.base
    now = (share(base.estimate), between(base), "", verdict_word(base), str(base.n))
    table.add_row(both("as it is now", "现状"), "0", *now)
    for close in one.confirmed:
        verdict = close.verdict
        cells = (share(verdict.estimate), between(verdict), _gain(close), verdict_word(verdict), str(verdict.n))
        change = close.change
        table.add_row(both(change.label or change.id, change.label_zh), yuan(change.cost), *cells)
    return table


def _gain(close: Confirmed) -> str:
    estimate = close.difference.interval.estimate
    return "-" if estimate != estimate else f"{estimate * 100:+.3g} %"


def _screened(console: Console, one: Mending) -> None:
    closely = {close.change.id for close in one.confirmed}
    rest = [row for row in one.screened if row.change.id not in closely and (row.gained > 0 or row.moved > 0)]
    if not rest:
        return
    names = ", ".join(row.change.label or row.change.id for row in rest[:SCREENED])
    more = f" and {len(rest) - SCREENED} more" if len(rest) > SCREENED else ""
    console.print(Text(f"Also moved it in screening: {names}{more}.", style="dim"), soft_wrap=True)


def mending_sentences(one: Mending) -> list[tuple[str, str]]:
    """What the menu can do for one clause, in plain words."""
    name = one.line.clause.id
    if one.base.verdict == "met":
        return [(f"{name} is met as it is: nothing to mend.", f"{name}现状即达到，无需改进。")]
    if not one.turning:
        return [_none_turns(one), *_may_turn(one)]
    best = one.turning[0]
    held, now = f"{share(best.verdict.estimate)} ({between(best.verdict)})", share(one.base.estimate)
    english = (
        f"Cheapest change that turns {name}: {best.change.label or best.change.id}, {yuan(best.change.cost)} yuan; "
        f"it then holds in {held}, against {now} now."
    )
    chinese = (
        f"使{name}达到的最省单项改进：{best.change.label_zh or best.change.id}，{yuan(best.change.cost)}元；"
        f"成立概率{held}，现状{now}。"
    )
    return [(english, chinese)]


def _none_turns(one: Mending) -> tuple[str, str]:
    name = one.line.clause.id
    if len(one.confirmed) == one.menu and not one.undecided:
        return (
            f"None does: each of {one.menu} single changes was run until settled, and does not turn {name}.",
            f"均不能：{one.menu}项单项改进均已逐项推演，没有一项能使{name}达到。",
        )
    english = (
        f"None was shown to turn {name}, of {one.menu} single changes ({len(one.screened)} screened, "
        f"{len(one.confirmed)} run until settled); that is not to say that none does."
    )
    chinese = (
        f"{one.menu}项单项改进（初筛{len(one.screened)}项，逐项推演{len(one.confirmed)}项）中尚无一项被证明能使{name}达到，"
        "但不等于都不能。"
    )
    return english, chinese


def _may_turn(one: Mending) -> list[tuple[str, str]]:
    """Changes that were run and are neither shown to turn the clause nor shown not to."""
    if not one.undecided:
        return []
    english = ", ".join(close.change.label or close.change.id for close in one.undecided)
    chinese = "、".join(close.change.label_zh or close.change.id for close in one.undecided)
    forecast, forecast_zh = settling(max(settled_by(close.verdict) for close in one.undecided))
    return [(f"Undecided: {english}. {forecast}", f"未定：{chinese}。{forecast_zh}")]


def mending_json(found: Sequence[Mending], spent: int) -> dict[str, Any]:
    """What a menu can do as data."""
    return {
        "spent": spent,
        "clauses": [
            {
                "clause": clause_key(one.line), "base": verdict_json(one.base), "menu": one.menu,
                "turning": [close.change.id for close in one.turning],
                "undecided": [close.change.id for close in one.undecided],
                "confirmed": [
                    {
                        "change": close.change.id, "label": close.change.label, "label_zh": close.change.label_zh,
                        "cost": close.change.cost, "sets": close.change.sets, **verdict_json(close.verdict),
                        "gain": close.difference.interval.estimate, "p": close.difference.p,
                    }
                    for close in one.confirmed
                ],
                "screened": [
                    {"change": row.change.id, "cost": row.change.cost, "gained": row.gained, "moved": row.moved}
                    for row in one.screened
                ],
            }
            for one in found
        ],
    }  # fmt: skip


def show_menu_file(changes: Sequence[Change], scenario: Scenario) -> None:
    """A menu as a file that `mend --menu` reads."""
    import click
    import yaml

    content = {
        "simrescue": 1,
        "title": f"Changes for {scenario.settings.name}",
        "changes": {
            one.id: {"label": one.label, "label_zh": one.label_zh, "cost": float(f"{one.cost:.6g}"), "set": one.sets}
            for one in changes
        },
    }
    click.echo("# Single changes with their prices in yuan, for `simrescue mend --menu`.")
    click.echo("# All prices are assumptions: put your own.")
    click.echo(yaml.safe_dump(content, allow_unicode=True, sort_keys=False, width=120), nl=False)
