"""What `compare` shows: warnings, differences, plain sentences, and JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rich.text import Text

from simrescue.charts.experiment.answer_words import metric_words
from simrescue.cli.language import between, figure_text, on_screen, pick
from simrescue.cli.show.answer_words import tell
from simrescue.cli.show.tables import plain_table, screen, with_note
from simrescue.cli.show.verdict_json import verdict_record
from simrescue.experiment.analysis.verdict_words import needed_text, standing
from simrescue.experiment.studies import comparison
from simrescue.metrics import MEASURES
from simrescue.units import NO_UNIT, write_share
from simrescue.wording import ITEMS, PARTS, Words, bilingual, bilingual_as, listed
from simrescue.wording.unit_words import measure as unit_measure
from simrescue.wording.unit_words import unit_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console
    from rich.table import Table

    from simrescue.experiment.studies.arms import Arm
    from simrescue.experiment.studies.comparison import Comparison

INDENT = "  "
WORDS = {
    "higher": bilingual("higher"),
    "lower": bilingual("lower"),
    "no clear difference": bilingual("no clear difference"),
}
"""What a difference was shown to be -> how it is written."""


def show_comparison(
    rows: Sequence[Comparison], arms: Sequence[Arm], best: str | None, smallest: bool, confidence: float
) -> None:
    """Warnings, each clause on each side with its differences, a table of numbers, and the best.

    `confidence` is that of all of it together, and of the choice of the best.
    """
    console = screen()
    for warning in comparison.warnings(arms):
        tell(console, bilingual("Warning: {warning}.", warning=warning))
    for key in dict.fromkeys(row.what for row in rows if row.of != "number"):
        _show_clause(console, key, [row for row in rows if row.what == key and row.of != "number"], arms)
    if numbers := [row for row in rows if row.of == "number"]:
        console.print(_numbers_table(numbers, arms))
    for spread in comparison.spans_of_deaths(arms, rows):
        tell(console, spread)
    if best:
        tell(console, _best(arms, best, smallest, confidence))
    tell(
        console,
        bilingual(
            "All of it holds together with {confidence} confidence (p by Holm, intervals by Bonferroni), "
            "however often it is looked at.",
            confidence=unit_measure(write_share(confidence)),
        ),
        style="dim",
    )


def _show_clause(console: Console, key: str, rows: Sequence[Comparison], arms: Sequence[Arm]) -> None:
    """One clause: how it stands on each side, value before chance, then what differs."""
    plan, _, clause = key.partition("/")
    title, row = arms[0].titles.get(key, (plan, plan)), arms[0].verdicts.get(key, {})
    tell(console, listed([part for part in (bilingual("{clause} {title}", clause=clause, title=title),
                                            needed_text(row)) if part.en], PARTS), style="bold")  # fmt: skip
    for arm in arms:
        if (stands := standing(arm.verdicts.get(key, {}), arm.places)).en:
            tell(console, bilingual("{side}: {told}", side=arm.label, told=stands), INDENT)
    for changed in dict.fromkeys(row.changed for row in rows):
        differences = [_difference(row) for row in rows if row.changed == changed and row.difference.interval.n]
        outcome = listed(differences, ITEMS) if differences else bilingual("no pair of replications put it to the test")
        against = bilingual("{changed} against {base}: {told}", changed=changed, base=arms[0].label, told=outcome)
        tell(console, against, INDENT)
    console.print()


def _difference(row: Comparison) -> Words:
    interval = row.difference.interval
    low, high = (comparison.signed(value, row) for value in (interval.low, interval.high))
    return bilingual(
        "{what} {difference} ({low} to {high}, p {p:.2g}): {word}",
        what=_what(row), p=row.p, low=low, high=high,
        difference=comparison.difference_text(row), word=WORDS[row.word],
    )  # fmt: skip


def _what(row: Comparison) -> Words:
    if row.of == "chance":
        return bilingual_as("of holding", "chance")
    if row.of == "left":
        return bilingual("left out, {unit}", unit=unit_words(row.unit))
    if row.unit in NO_UNIT or row.unit == "share":
        return bilingual("value")
    return bilingual("value, {unit}", unit=unit_words(row.unit))


def _numbers_table(rows: Sequence[Comparison], arms: Sequence[Arm]) -> Table:
    """The numbers, a row each and side; the side is left out where there are two."""
    base, changed, difference = on_screen("Base"), on_screen("With it"), on_screen("Difference")
    side = (on_screen("Side"),) if len(arms) > 2 else ()
    names = {"changed": arms[1].label, "base": arms[0].label}
    title = on_screen("Paired differences") if side else on_screen("{changed} against {base}", **names)
    table = plain_table(title, "", *side, base, changed, difference, "p", "",
                        right=(base, changed, difference, "p"))  # fmt: skip
    table.columns[-3].no_wrap = True  # an interval stays on one line
    for row in rows:
        interval = row.difference.interval
        cells = [comparison.signed(value, row) for value in (interval.estimate, interval.low, interval.high)]
        unit = on_screen("difference in percentage points") if row.is_share else ""
        table.add_row(
            with_note(pick(metric_words(row.what)), unit), *([row.changed] if side else []),
            figure_text(comparison.plain(row.base_value, row)), figure_text(comparison.plain(row.changed_value, row)),
            with_note(cells[0], between(cells[1], cells[2])), f"{row.p:.2g}", _difference_word(row.word),
        )  # fmt: skip
    return table


def _names(row: Comparison, arms: Sequence[Arm]) -> tuple[str, str]:
    if row.of == "number":
        return metric_words(row.what)
    name, name_zh = arms[0].titles.get(row.what, (row.what, row.what))
    return comparison.subject(row, (f"{row.what.partition('/')[2]} {name}", name_zh))


def _difference_word(word: str) -> Text:
    return Text(pick(WORDS[word]), style="dim" if word == "no clear difference" else "bold")


def _best(arms: Sequence[Arm], what: str, smallest: bool, confidence: float) -> tuple[str, str]:
    choice = comparison.best_of(arms, what, confidence, not smallest)
    best = arms[choice.best].label
    others = [arms[i].label for i in choice.kept if i != choice.best]
    sure, slack = write_share(confidence), _slack(what, choice.slack)
    name, name_zh = metric_words(what)
    if not others:
        return bilingual(
            "Best in {name}: {best}, with {sure} confidence ({n} replications of each).",
            name=(name, name_zh),
            best=best,
            sure=sure,
            n=choice.n,
        )
    return bilingual(
        "Ahead in {name}: {best}; {others} may also be the best. With {sure} confidence {best} is within "
        "{slack} of the best ({n} replications of each).",
        name=(name, name_zh), best=best, others=listed([(label, label) for label in others]), sure=sure, slack=slack,
        n=choice.n,
    )  # fmt: skip


def _slack(what: str, slack: float) -> Words:
    """By how much the side ahead may be worse than the best: of a share, and of how often a clause holds, in points."""
    if what.startswith("share_") or what not in MEASURES:
        return comparison.in_points(comparison.amount(slack * 100, share=False))
    number = comparison.amount(slack, share=False)
    return Words(number, number)


def comparison_json(
    rows: Sequence[Comparison], arms: Sequence[Arm], best: str | None, smallest: bool, confidence: float
) -> dict[str, Any]:
    """A comparison as data; `confidence` is that of all of it together."""
    keys = list(dict.fromkeys(row.what for row in rows if row.of != "number"))
    content: dict[str, Any] = {
        "warnings": [english for english, _ in comparison.warnings(arms)],
        "confidence": confidence,
        "comparisons": [
            {
                "what": row.what, "of": row.of, "unit": row.unit, "base": row.base, "changed": row.changed,
                "base_value": row.base_value,
                "changed_value": row.changed_value, "difference": row.difference.interval.estimate,
                "low": row.difference.interval.low, "high": row.difference.interval.high, "p": row.p,
                "pairs": row.difference.interval.n, "word": row.word, "method": row.difference.method,
                "sentence": comparison.sentence(row, _names(row, arms)).en,
                "sentence_zh": comparison.sentence(row, _names(row, arms)).zh,
            }
            for row in rows
        ],
        "sides": [
            {
                "side": arm.label,
                "verdicts": [verdict_record(arm.verdicts[key], arm.places) for key in keys if key in arm.verdicts],
            }
            for arm in arms
        ],
        "deaths": [spread.en for spread in comparison.spans_of_deaths(arms, rows)],
    }  # fmt: skip
    if best:
        choice = comparison.best_of(arms, best, confidence, not smallest)
        content["best"] = {
            "what": best, "side": arms[choice.best].label, "may_be_best": [arms[i].label for i in choice.kept],
            "within": choice.slack, "replications": choice.n,
        }  # fmt: skip
    return content
