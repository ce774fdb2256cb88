"""What `mend` shows: what changes take away and which package turns a verdict, in words and as data; a menu file."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, get_args

from rich.text import Text

from simrescue.cli.language import figure_text, on_screen, pick
from simrescue.cli.show.answer_words import between, settling, share, tell, verdict_json, verdict_word, yuan
from simrescue.cli.show.tables import plain_table, screen, with_note
from simrescue.cli.show.verdict_json import verdict_record
from simrescue.experiment.analysis.statistics import settled_by
from simrescue.experiment.analysis.verdict_words import needed_text, promise_text, standing
from simrescue.experiment.replications.packed_job import clause_key
from simrescue.experiment.studies.causes.lifted import MANY
from simrescue.experiment.studies.mending.package_words import NAMED, change_words, each_change, millions, package_words
from simrescue.metrics.amounts import BY_AMOUNT, amount_text
from simrescue.metrics.base import Counted
from simrescue.wording import ITEMS, Words, bilingual, bilingual_counted, listed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.table import Table

    from simrescue.experiment.analysis.statistics import Interval
    from simrescue.experiment.studies.changes import Change
    from simrescue.experiment.studies.mending.mend import Bought, ChangesTogether, FrontierPoint, Mending
    from simrescue.plans import Line, Verdict
    from simrescue.scenario.records import Scenario

SHOWN_SINGLES, SHOWN_EDGE, FORCES = 6, 8, 12
"""Single changes, packages of the frontier, and absurd forces by name, that are shown."""
LISTED = 24
"""Most changes of a package that are named one by one on the screen."""


def show_mending(mendings: Sequence[Mending], spent: int) -> None:
    """Clause by clause: how it stands, what single changes and packages do, and the answer last."""
    console = screen()
    for mending in mendings:
        console.print()
        name = pick((mending.line.clause.name, mending.line.clause.name_zh))
        title = f"{clause_key(mending.line)}  {name}"
        tell(console, (title, title), style="bold")
        telling = [kind for kind in mending.kinds if _tells(kind, mending.unit)]
        if telling:
            console.print(_kinds(telling, mending.unit))
        if silent := [kind for kind in mending.kinds if kind not in telling]:
            tell(console, _nothing_away(silent))
        if mending.singles:
            console.print(_singles(mending))
        if len(mending.edge) > 1:
            console.print(_edge(mending))
        if mending.confirmed:
            console.print(_confirmed(mending))
        for sentence in (*_as_it_is(mending), *mending_sentences(mending)):
            tell(console, sentence)
    tell(console, bilingual("{spent} replications spent.", spent=spent))


def _tells(kind: ChangesTogether, unit: str) -> bool:
    """Whether what a kind of changes takes away, or adds, is more than nothing as it is written."""
    return amount_text(unit, abs(kind.away)) != amount_text(unit, 0.0)


def _nothing_away(kinds: Sequence[ChangesTogether]) -> Words:
    """The kinds of changes that take nothing away by themselves, in one sentence."""
    changes = listed([package_words(kind.changes, 1, priced=False) for kind in kinds], ITEMS)
    pairs = bilingual_counted("1 pair", "{number} pairs", max(kind.pairs for kind in kinds))
    return bilingual("Without the others these take nothing away ({pairs} at most): {changes}.", pairs=pairs,
                     changes=changes)  # fmt: skip


def _package(mending: Mending, changes: Sequence[Change]) -> Words:
    """A package in a cell: that of all changes together is called so."""
    whole = {change.id for kind in mending.kinds for change in kind.changes}
    if len(changes) > NAMED and whole == {change.id for change in changes}:
        return bilingual("everything on the menu together")
    return package_words(changes, priced=False)


def _kinds(kinds: Sequence[ChangesTogether], unit: str) -> Table:
    cost, away, pairs = on_screen("Cost, yuan"), on_screen("Takes away"), on_screen("Pairs")
    table = plain_table(
        on_screen("All changes of one kind together, the most first"), on_screen("Changes"), cost, away, pairs,
        right=(cost, away, pairs),
    )  # fmt: skip
    for kind in kinds:
        table.add_row(
            pick(package_words(kind.changes, 1, priced=False)), yuan(kind.cost), pick(_signed(kind.away, unit)),
            str(kind.pairs),
        )  # fmt: skip
    return table


def _singles(mending: Mending) -> Table:
    cost, away, per = on_screen("Cost, yuan"), on_screen("Takes away"), on_screen("Per million yuan")
    table = plain_table(
        on_screen("Single changes, the most first"), on_screen("Change"), cost, away, on_screen("Interval"), per,
        right=(cost, away, per),
    )  # fmt: skip
    for single in mending.singles[:SHOWN_SINGLES]:
        interval, change = single.away, single.change
        known = math.isfinite(interval.low) and math.isfinite(interval.high)
        ends = bilingual(
            "{low} to {high}", low=_signed(interval.low, mending.unit), high=_signed(interval.high, mending.unit)
        ) if known else bilingual_counted("1 pair", "{number} pairs", interval.n)  # fmt: skip
        rate = interval.estimate / change.cost * 1e6 if change.cost else math.inf
        table.add_row(
            pick(change_words(change)), yuan(change.cost), pick(_signed(interval.estimate, mending.unit)), pick(ends),
            pick(_signed(rate, mending.unit)) if math.isfinite(rate) else "-",
        )  # fmt: skip
    return table


def _signed(amount: float, unit: str) -> Words:
    words = amount_text(unit, abs(amount))
    return Words(f"-{words.en}", f"-{words.zh}") if amount < 0 else words


def _edge(mending: Mending) -> Table:
    cost, short = on_screen("Cost, yuan"), on_screen("Still short (mean)")
    table = plain_table(
        on_screen("What the money buys: no cheaper package leaves as little short"), on_screen("Changes"), cost, short,
        right=(cost, short),
    )  # fmt: skip
    for spot in mending.edge[:SHOWN_EDGE]:
        table.add_row(
            pick(_package(mending, spot.changes)), yuan(spot.cost), pick(amount_text(mending.unit, spot.short))
        )
    return table


def _confirmed(mending: Mending) -> Table:
    cost, held, gain, number = (
        on_screen("Cost, yuan"), on_screen("Holds in"), on_screen("Gain, percentage points"), on_screen("Replications"),
    )  # fmt: skip
    table = plain_table(
        on_screen("Run until settled, by cost"), on_screen("Changes"), cost, held, gain, on_screen("Verdict"), number,
        right=(cost, gain, number),
    )  # fmt: skip
    base = mending.base
    table.add_row(on_screen("as it is now"), "0", _chance(base), "", verdict_word(base), str(base.n))
    for bought in mending.confirmed:
        verdict = bought.verdict
        cells = (_chance(verdict), _gain(bought), verdict_word(verdict), str(verdict.n))
        table.add_row(pick(_package(mending, bought.changes)), yuan(bought.cost), *cells)
    return table


def _chance(verdict: Verdict) -> Text:
    return with_note(figure_text(share(verdict.estimate)), pick(between(verdict)))


def _gain(bought: Bought) -> str:
    estimate = bought.difference.interval.estimate
    return "-" if estimate != estimate else f"{estimate * 100:+.3g}"


# ---- sentences


def mending_sentences(mending: Mending) -> list[tuple[str, str]]:
    """What the menu can do for one clause, in plain words, the answer first."""
    name = mending.line.clause.id
    if mending.base.verdict == "met":
        return [bilingual("{name} is met as it is: nothing to mend.", name=name)]
    if not mending.base.n:
        return [bilingual("No replication put {name} to the test.", name=name)]
    if not mending.frontier and mending.base.estimate >= mending.base.required:
        return [bilingual(
            "{name} holds in {held} of {number} replications ({between}): often enough so far, and not decided. There "
            "is nothing to mend as yet; `simrescue run` settles it.",
            name=name, held=round(mending.base.estimate * mending.base.n), number=mending.base.n,
            between=between(mending.base),
        )]  # fmt: skip
    sentences = [*(_turns(mending) if mending.turning else _none_turns(mending)), *_may_turn(mending)]
    if mending.singles:
        sentences.append(_most(mending))
    if not mending.finished:
        sentences.append(bilingual("The budget ended the search; with more (--budget, --minutes) it goes on."))
    return sentences


def _as_it_is(mending: Mending) -> list[tuple[str, str]]:
    """How the clause stands now, value before chance, and what could be promised instead."""
    if not mending.stands.row or not mending.base.n:
        return []
    row, places = mending.stands
    stands, promise = standing(row, places), promise_text(row)
    if promise.en:
        stands = listed([stands, promise], ITEMS)
    needed = needed_text(row)
    return [bilingual("{name} as it is, {needed}: {standing}.", name=mending.line.clause.id, needed=needed,
                      standing=stands)]  # fmt: skip


def _with_it(mending: Mending) -> list[tuple[str, str]]:
    """How the clause stands with the package that is named."""
    if not mending.mended.row:
        return []
    stands = standing(*mending.mended)
    row = mending.mended.row
    if not stands.en:
        return [bilingual("With it nobody is concerned any more.")]
    if row["untested"] > 0:
        concerned, number = int(row["replications"]), int(row["replications"] + row["untested"])
        return [bilingual(
            "With it, where anybody is still concerned ({concerned} of {number} replications): {standing}.",
            concerned=concerned, number=number, standing=stands,
        )]  # fmt: skip
    return [bilingual("With it: {standing}.", standing=stands)]


def _turns(mending: Mending) -> list[tuple[str, str]]:
    best = mending.turning[0]
    turns = bilingual(
        "Cheapest package that turns {name}: {package}, {cost}; it then holds in {held}, against {now} now.",
        name=mending.line.clause.id, package=package_words(best.changes), cost=millions(best.cost),
        held=_held(best.verdict), now=share(mending.base.estimate),
    )  # fmt: skip
    sentences = [turns, *_one_by_one(best.changes), *_with_it(mending)]
    if mending.proven:
        return [*sentences, bilingual("No cheaper package of the menu does, if more never harms.")]
    if 0 < mending.least_cost < best.cost:
        least = bilingual("A cheaper one may: all below {cost} are ruled out.", cost=millions(mending.least_cost))
        return [*sentences, least]
    return sentences


def _one_by_one(changes: Sequence[Change]) -> list[tuple[str, str]]:
    """Each change of a package that is too large for its sentence to name them; of a very large one how many."""
    if len(changes) > LISTED:
        return [bilingual("Its {count} changes, one by one: with --json.", count=len(changes))]
    return [bilingual("One by one: {changes}.", changes=each_change(changes))] if len(changes) > NAMED else []


def _held(verdict: Verdict) -> tuple[str, str]:
    return bilingual("{share} ({between})", share=share(verdict.estimate), between=between(verdict))


def _none_turns(mending: Mending) -> list[tuple[str, str]]:
    name, everything = mending.line.clause.id, mending.everything
    menu = bilingual_counted("1 change", "{number} changes", mending.menu)
    if everything is not None and everything.verdict == "not met":
        none = bilingual(
            "No package turns {name}: with everything on the menu together ({changes}) it holds in {held}.",
            name=name, changes=menu, held=_held(everything),
        )  # fmt: skip
    else:
        none = bilingual(
            "No package of the menu ({changes}) was shown to turn {name}; that is not to say that none does.",
            name=name, changes=menu,
        )  # fmt: skip
    return [none, *_gets(mending), *_forced(mending)]


def _gets(mending: Mending) -> list[tuple[str, str]]:
    far = mending.farthest
    if far is None or not far.changes:
        return []
    pairs = bilingual_counted("1 pair", "{number} pairs", far.away.n)
    if math.isfinite(far.away.low) and not far.away.low > 0:
        return [bilingual(
            "How far the best package gets cannot be told from chance ({pairs}).", pairs=pairs,
        )]  # fmt: skip
    now, still = amount_text(mending.unit, mending.frontier[0].short), amount_text(mending.unit, far.short)
    return [bilingual(
        "The best gets from {now} short to {still} on average ({certain}): {package}; {cost} in all.",
        now=now, still=still, certain=_certain(mending, far.away), package=package_words(far.changes),
        cost=millions(far.cost),
    ), *_one_by_one(far.changes), *_with_it(mending)]  # fmt: skip


def _certain(mending: Mending, away: Interval) -> Words:
    """How sure it is what is taken away: its interval, or how few pairs there are for one."""
    pairs = bilingual_counted("1 pair", "{number} pairs", away.n)
    if not (math.isfinite(away.low) and math.isfinite(away.high)):
        return bilingual("{pairs}, too few for an interval", pairs=pairs)
    # What is counted is named once: "21 to 236 people less".
    low = _signed(away.low, "" if mending.unit in get_args(Counted) and mending.unit not in BY_AMOUNT else mending.unit)
    return bilingual("{low} to {high} less, {pairs}", low=low, high=_signed(away.high, mending.unit), pairs=pairs)


def _forced(mending: Mending) -> list[tuple[str, str]]:
    forces = mending.forces
    if forces is None:
        return []
    package = listed([change_words(change) for change in forces.enough[:FORCES]])
    if len(forces.enough) > FORCES:
        package = bilingual(
            "{names} and {count} more changes", names=package, count=len(forces.enough) - FORCES
        )  # fmt: skip
    if forces.enough and forces.whole:
        return [bilingual("What would do it, however absurd: {package}.", package=package)]
    if forces.enough:
        return [bilingual(
            "What would do it, however absurd: {package}. Less may do: not all of it was tried without.",
            package=package,
        )]  # fmt: skip
    if not forces.short > 0:
        return [bilingual(
            "{times} times all forces, with all causes lifted together that `explain` tests, were not shown to be "
            "enough.",
            times=MANY,
        )]  # fmt: skip
    return [bilingual(
        "Even {times} times all forces, with all causes lifted together that `explain` tests, leave {short} short: "
        "what remains is no matter of forces.",
        times=MANY, short=amount_text(mending.unit, forces.short),
    )]  # fmt: skip


def _may_turn(mending: Mending) -> list[tuple[str, str]]:
    """Packages that were run and are neither shown to turn the clause nor shown not to."""
    if not mending.undecided:
        return []
    several = [millions(bought.cost) for bought in mending.undecided]
    packages = package_words(mending.undecided[0].changes)
    if len(several) > 1:
        packages = bilingual("the {number} packages for {costs}", number=len(several), costs=listed(several))
    forecast = settling(max(settled_by(bought.verdict) for bought in mending.undecided))
    return [bilingual("Undecided: {packages}. {forecast}", packages=packages, forecast=forecast)]


def _most(mending: Mending) -> tuple[str, str]:
    """The single change that takes most away, of those that chance does not explain."""
    singles = [single for single in mending.singles if single.away.low > 0]
    if not singles:
        return bilingual("No single change takes away so much that it can be told from chance.")
    most = singles[0]
    paid = [single for single in singles if single.change.cost > 0]
    best = max(paid, key=lambda single: single.away.estimate / single.change.cost, default=most)
    brings = bilingual(
        "Alone, {change} takes most away: {away} of {short} on average ({certain}).",
        change=change_words(most.change), away=_signed(most.away.estimate, mending.unit),
        short=amount_text(mending.unit, mending.frontier[0].short), certain=_certain(mending, most.away),
    )  # fmt: skip
    if best is most:
        return brings
    return bilingual("{brings} For its price: {change}.", brings=brings, change=change_words(best.change))


# ---- data


def mending_json(mendings: Sequence[Mending], spent: int) -> dict[str, Any]:
    """What a menu can do as data."""
    return {"spent": spent, "clauses": [_clause_json(mending) for mending in mendings]}


def _clause_json(mending: Mending) -> dict[str, Any]:
    far, forces = mending.farthest, mending.forces
    return {
        "clause": clause_key(mending.line), "base": verdict_json(mending.base), "menu": mending.menu,
        "short": mending.short, "unit": mending.unit, "finished": mending.finished,
        "stands": verdict_record(*mending.stands) if mending.stands.row else None,
        "mended": verdict_record(*mending.mended) if mending.mended.row else None,
        "everything": verdict_json(mending.everything) if mending.everything else None,
        "turning": [bought.id for bought in mending.turning],
        "undecided": [bought.id for bought in mending.undecided],
        "proven": mending.proven, "least_cost": mending.least_cost if math.isfinite(mending.least_cost) else None,
        "confirmed": [_bought_json(bought) for bought in mending.confirmed],
        "singles": [
            {
                "change": single.change.id, "label": single.change.label, "label_zh": single.change.label_zh,
                "cost": single.change.cost, "away": single.away.estimate, "low": single.away.low,
                "high": single.away.high, "pairs": single.away.n,
            }
            for single in mending.singles
        ],
        "farthest": _spot_json(far.changes, far.cost, far.short) if far else None,
        "frontier": [_spot_json(spot.changes, spot.cost, spot.short) for spot in mending.edge],
        "kinds": [
            {"changes": [change.id for change in kind.changes], "cost": kind.cost, "away": kind.away,
             "pairs": kind.pairs}
            for kind in mending.kinds
        ],
        "forces": {
            "enough": [change.id for change in forces.enough], "labels": [change.label for change in forces.enough],
            "labels_zh": [change.label_zh for change in forces.enough], "whole": forces.whole, "short": forces.short,
        } if forces else None,
        "sentences": [sentence[0] for sentence in mending_sentences(mending)],
        "sentences_zh": [sentence[1] for sentence in mending_sentences(mending)],
    }  # fmt: skip


def _bought_json(bought: Bought) -> dict[str, Any]:
    words = package_words(bought.changes)
    return {
        "change": bought.id, "label": words.en, "label_zh": words.zh, "cost": bought.cost,
        "changes": [change.id for change in bought.changes], "short": bought.short, **verdict_json(bought.verdict),
        "gain": bought.difference.interval.estimate, "p": bought.difference.p,
    }  # fmt: skip


def _spot_json(changes: Sequence[Change], cost: float, short: float) -> dict[str, Any]:
    return {"changes": [change.id for change in changes], "cost": cost, "short": short}


def progress_line(line: Line, best: FrontierPoint, unit: str) -> str:
    """Where a search stands, in one line.

    Args:
        line: the clause.
        best: the package that leaves least short so far.
        unit: of the shortfall.
    """
    return on_screen(
        "{name}: best so far {short} short, with {changes} for {cost}",
        name=line.clause.id, short=amount_text(unit, best.short), cost=millions(best.cost),
        changes=bilingual_counted("1 change", "{number} changes", len(best.changes)),
    )  # fmt: skip


def menu_content(changes: Sequence[Change], scenario: Scenario) -> dict[str, Any]:
    """What stands in a file of the changes that `mend --menu` reads."""
    return {
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


def show_menu_file(changes: Sequence[Change], scenario: Scenario) -> None:
    """A menu as a file that `mend --menu` reads."""
    import click
    import yaml

    content = menu_content(changes, scenario)
    click.echo("# " + on_screen("Single changes with their prices in yuan, for `simrescue mend --menu`."))
    click.echo("# " + on_screen("All prices are assumptions: put your own."))
    click.echo(yaml.safe_dump(content, allow_unicode=True, sort_keys=False, width=120), nl=False)
