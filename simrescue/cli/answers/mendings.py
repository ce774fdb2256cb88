"""What `mend` shows: what turns each clause, by cost, plain sentences, JSON, and a menu as a file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rich.text import Text

from simrescue.cli.language import figure_text, on_screen, pick
from simrescue.cli.show.answer_words import between, settling, share, tell, verdict_json, verdict_word, yuan
from simrescue.cli.show.tables import plain_table, screen
from simrescue.experiment.analysis.statistics import settled_by
from simrescue.experiment.replications.packed_job import clause_key
from simrescue.wording import bilingual, listed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console
    from rich.table import Table

    from simrescue.experiment.studies.changes import Change
    from simrescue.experiment.studies.mending import Confirmed, Mending
    from simrescue.plans import Verdict
    from simrescue.scenario.records import Scenario

SCREENED = 8
"""Changes shown that were only screened."""


def show_mending(mendings: Sequence[Mending], spent: int) -> None:
    """Clause by clause: how it stands, what turns it by cost, and what was only screened."""
    console = screen()
    for mending in mendings:
        console.print()
        name = pick((mending.line.clause.name, mending.line.clause.name_zh))
        console.print(Text(f"{clause_key(mending.line)}  {name}", style="bold"), soft_wrap=True)
        if mending.confirmed:
            console.print(_confirmed(mending))
        if mending.base.verdict != "met":
            _screened(console, mending)
        for sentence in mending_sentences(mending):
            tell(console, sentence)
    tell(console, bilingual("{spent} replications spent.", spent=spent))


def _confirmed(mending: Mending) -> Table:
    cost, held, gain, number = (
        on_screen("Cost, yuan"), on_screen("Holds in"), on_screen("Gain"), on_screen("Replications"),
    )  # fmt: skip
    table = plain_table(
        on_screen("Run until settled, by cost"), on_screen("Change"), cost, held, on_screen("Interval"), gain,
        on_screen("Verdict"), number, right=(cost, held, gain, number),
    )  # fmt: skip
    base = mending.base
    now = (figure_text(share(base.estimate)), pick(between(base)), "", verdict_word(base), str(base.n))
    table.add_row(on_screen("as it is now"), "0", *now)
    for close in mending.confirmed:
        verdict = close.verdict
        held_in = figure_text(share(verdict.estimate))
        cells = (held_in, pick(between(verdict)), _gain(close), verdict_word(verdict), str(verdict.n))
        table.add_row(pick(_label(close.change)), yuan(close.change.cost), *cells)
    return table


def _gain(close: Confirmed) -> str:
    estimate = close.difference.interval.estimate
    return "-" if estimate != estimate else figure_text(f"{estimate * 100:+.3g} %")


def _screened(console: Console, mending: Mending) -> None:
    closely = {close.change.id for close in mending.confirmed}
    rest = [row for row in mending.screened if row.change.id not in closely and (row.gained > 0 or row.moved > 0)]
    if not rest:
        return
    names = listed([_label(row.change) for row in rest[:SCREENED]])
    moved = on_screen("Also moved it in screening: {names}.", names=names)
    if len(rest) > SCREENED:
        more = (f"{len(rest) - SCREENED}", f"{len(rest)}")  # Chinese tells how many there are, English how many more
        moved = on_screen("Also moved it in screening: {names} and {more} more.", names=names, more=more)
    console.print(Text(moved, style="dim"), soft_wrap=True)


def mending_sentences(mending: Mending) -> list[tuple[str, str]]:
    """What the menu can do for one clause, in plain words."""
    name = mending.line.clause.id
    if mending.base.verdict == "met":
        return [bilingual("{name} is met as it is: nothing to mend.", name=name)]
    if not mending.turning:
        return [_none_turns(mending), *_may_turn(mending)]
    best = mending.turning[0]
    held, now = _held(best.verdict), share(mending.base.estimate)
    turns = bilingual(
        "Cheapest change that turns {name}: {change}, {cost} yuan; it then holds in {held}, against {now} now.",
        name=name, change=_label(best.change), cost=yuan(best.change.cost), held=held, now=now,
    )  # fmt: skip
    return [turns]


def _held(verdict: Verdict) -> tuple[str, str]:
    return bilingual("{share} ({between})", share=share(verdict.estimate), between=between(verdict))


def _label(change: Change) -> tuple[str, str]:
    return change.label or change.id, change.label_zh or change.label or change.id


def _none_turns(mending: Mending) -> tuple[str, str]:
    name = mending.line.clause.id
    if len(mending.confirmed) == mending.menu and not mending.undecided:
        return bilingual(
            "None does: each of {menu} single changes was run until settled, and does not turn {name}.",
            menu=mending.menu,
            name=name,
        )
    return bilingual(
        "None was shown to turn {name}, of {menu} single changes ({screened} screened, {run} run until settled); "
        "that is not to say that none does.",
        name=name, menu=mending.menu, screened=len(mending.screened), run=len(mending.confirmed),
    )  # fmt: skip


def _may_turn(mending: Mending) -> list[tuple[str, str]]:
    """Changes that were run and are neither shown to turn the clause nor shown not to."""
    if not mending.undecided:
        return []
    changes = listed([_label(close.change) for close in mending.undecided])
    forecast = settling(max(settled_by(close.verdict) for close in mending.undecided))
    return [bilingual("Undecided: {changes}. {forecast}", changes=changes, forecast=forecast)]


def mending_json(mendings: Sequence[Mending], spent: int) -> dict[str, Any]:
    """What a menu can do as data."""
    return {
        "spent": spent,
        "clauses": [
            {
                "clause": clause_key(mending.line), "base": verdict_json(mending.base), "menu": mending.menu,
                "turning": [close.change.id for close in mending.turning],
                "undecided": [close.change.id for close in mending.undecided],
                "confirmed": [
                    {
                        "change": close.change.id, "label": close.change.label, "label_zh": close.change.label_zh,
                        "cost": close.change.cost, "sets": close.change.sets, **verdict_json(close.verdict),
                        "gain": close.difference.interval.estimate, "p": close.difference.p,
                    }
                    for close in mending.confirmed
                ],
                "screened": [
                    {"change": row.change.id, "cost": row.change.cost, "gained": row.gained, "moved": row.moved}
                    for row in mending.screened
                ],
            }
            for mending in mendings
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
            change.id: {
                "label": change.label,
                "label_zh": change.label_zh,
                "cost": float(f"{change.cost:.6g}"),
                "set": change.sets,
            }
            for change in changes
        },
    }
    click.echo("# " + on_screen("Single changes with their prices in yuan, for `simrescue mend --menu`."))
    click.echo("# " + on_screen("All prices are assumptions: put your own."))
    click.echo(yaml.safe_dump(content, allow_unicode=True, sort_keys=False, width=120), nl=False)
