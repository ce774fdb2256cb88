"""What the bound on dispatch says beside a verdict: whether to mend the dispatch or to buy forces."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from simrescue.cli.language import figure_text, on_screen, pick
from simrescue.cli.show.answer_words import between, share, span, tell, verdict_json, verdict_word
from simrescue.cli.show.tables import plain_table, screen, with_note
from simrescue.experiment.replications.packed_job import clause_key
from simrescue.units import write_share
from simrescue.wording import bilingual, bilingual_counted
from simrescue.wording.unit_words import measure

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

    from simrescue.experiment.bound.replication_bound import Bounded
    from simrescue.plans import Verdict

BEST = bilingual("Best dispatch")
"""Column of what no dispatch of the same forces can beat."""


def show_bounds(bounded: Sequence[Bounded]) -> None:
    """Each clause with the simulated dispatch and the bound beside it."""
    console = screen()
    simulated, best, interval = on_screen("Simulated"), on_screen("At best"), on_screen("Interval")
    table = plain_table(
        on_screen("Simulated, and the best that any dispatch could do"),
        on_screen("Clause"), simulated, interval, "", best, interval, "", right=(simulated, best),
    )  # fmt: skip
    for clause in bounded:
        title = pick((clause.line.clause.name, clause.line.clause.name_zh))
        name = with_note(f"{clause.line.clause.id} {title}", pick((clause.line.plan.title, clause.line.plan.title_zh)))
        cells = [
            (figure_text(share(v.estimate)), pick(between(v)), verdict_word(v)) for v in (clause.simulated, clause.best)
        ]
        table.add_row(name, *cells[0], *cells[1])
    console.print(table)
    for clause in bounded:
        if clause.line.kind == "obligation" or len(bounded) <= 4:
            tell(console, bound_sentence(clause.line.clause.id, _row(clause.simulated, clause.best)))


def _row(simulated: Verdict, best: Verdict) -> dict[str, Any]:
    return {**asdict(simulated), "best": best.estimate, "best_low": best.low, "best_high": best.high}


def bounds_json(bounded: Sequence[Bounded]) -> list[dict[str, Any]]:
    """Bounds as data."""
    return [
        {
            "clause": clause_key(clause.line),
            "simulated": verdict_json(clause.simulated), "best": verdict_json(clause.best),
            "sentence": bound_sentence(clause.line.clause.id, _row(clause.simulated, clause.best))[0],
        }
        for clause in bounded
    ]  # fmt: skip


def best_column(verdicts: pd.DataFrame) -> tuple[str, ...]:
    """The column of bounds, where any of these verdicts has one."""
    return (pick(BEST),) if "best" in verdicts and verdicts["best"].notna().any() else ()


def at_most(best: float) -> str:
    """The share of replications in which the best dispatch could keep a clause, in a cell; empty for no bound."""
    return "" if best != best else on_screen("at most {share}", share=figure_text(write_share(best)))


def bound_sentence(name: str, row: Mapping[Any, Any]) -> tuple[str, str]:
    """What to mend. `row`: `verdict`, `estimate`, `required`, and of the bound `best`, `best_low`, `best_high`."""
    if row["estimate"] != row["estimate"]:
        return bilingual("{name}: no replication put it to the test.", name=name)
    if row["verdict"] == "met":
        return bilingual("{name} is met by the simulated dispatch.", name=name)
    if row["verdict"] == "undecided" and row["estimate"] >= row["best"]:
        return bilingual(
            "{name}: the simulated dispatch keeps it as often as any could; more replications will tell.", name=name
        )
    most, now = (measure(write_share(row[name])) for name in ("best", "estimate"))
    if row["best_high"] < row["required"]:
        return bilingual(
            "{name}: even the best dispatch of these forces keeps it in at most {most} ({between}); "
            "forces, stores, roads or reports must change.",
            name=name, most=most, between=span(write_share(row["best_low"]), write_share(row["best_high"])),
        )  # fmt: skip
    return bilingual(
        "{name}: the simulated dispatch keeps it in {now}, no dispatch in more than {most}: the bound leaves room for "
        "a better dispatch, and does not prove that there is one.",
        name=name, now=now, most=most,
    )  # fmt: skip


def missed_duties(verdicts: pd.DataFrame) -> list[tuple[str, str]]:
    """A sentence for each obligation with a bound that is not met or undecided; none for results without bounds."""
    if "best" not in verdicts:
        return []
    missed = (verdicts["kind"] == "obligation") & verdicts["best"].notna() & (verdicts["verdict"] != "met")
    return [bound_sentence(row["clause"], row) for row in verdicts[missed].to_dict("records")]


def over_points(verdicts: pd.DataFrame) -> list[tuple[str, str]]:
    """How many points of an experiment that do not meet one clause no dispatch could save, as at most one sentence."""
    missed = verdicts[(verdicts["verdict"] != "met") & verdicts["best"].notna()] if "best" in verdicts else verdicts[:0]
    if not len(missed):
        return []
    name, count, lost = missed["clause"].iloc[0], len(missed), int((missed["best_high"] < missed["required"]).sum())
    missed_at = bilingual_counted(
        "{name} is not shown to be met at {number} point.", "{name} is not shown to be met at {number} points.",
        count, name=name,
    )  # fmt: skip
    hopeless = bilingual("Not even the best dispatch keeps it there: forces, stores, roads or reports must change.")
    room = bilingual("The bound leaves room for a better dispatch there.")
    if 0 < lost < count:
        rest = bilingual(
            "At {lost} of them not even the best dispatch keeps it: forces, stores, roads or reports must change. "
            "At {rest} the bound leaves room for a better dispatch.",
            lost=lost, rest=count - lost,
        )  # fmt: skip
    else:
        rest = hopeless if lost else room
    return [bilingual("{first} {second}", first=missed_at, second=rest)]
