"""What `compare` shows: warnings, differences, plain sentences, and JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rich.text import Text

from simrescue.charts.experiment.answer_words import metric_words
from simrescue.cli.language import between, figure_text, on_screen, pick
from simrescue.cli.show.answer_words import tell
from simrescue.cli.show.tables import plain_table, screen
from simrescue.experiment.studies import comparison
from simrescue.units import write_share
from simrescue.wording import bilingual, listed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from simrescue.experiment.studies.arms import Arm
    from simrescue.experiment.studies.comparison import Comparison

WORDS = {
    "higher": bilingual("higher"),
    "lower": bilingual("lower"),
    "no clear difference": bilingual("no clear difference"),
}
"""What a difference was shown to be -> how it is written."""


def show_comparison(
    rows: Sequence[Comparison], arms: Sequence[Arm], best: str | None, smallest: bool, confidence: float
) -> None:
    """Warnings, a table, and a sentence for each clear difference.

    `confidence` is that of all of it together, and of the choice of the best.
    """
    console = screen()
    for warning in comparison.warnings(arms):
        tell(console, bilingual("Warning: {warning}.", warning=warning))
    base, changed, difference = on_screen("Base"), on_screen("With it"), on_screen("Difference")
    table = plain_table(
        on_screen("Paired differences"), "", on_screen("Side"), base, changed, difference, on_screen("Interval"), "p",
        "", right=(base, changed, difference, "p"),
    )  # fmt: skip
    for row in rows:
        interval = row.difference.interval
        cells = [comparison.written(value, row) for value in (interval.estimate, interval.low, interval.high)]
        table.add_row(
            pick(_names(row, arms)), row.changed,
            figure_text(comparison.plain(row.base_value, row)), figure_text(comparison.plain(row.changed_value, row)),
            figure_text(cells[0]), between(cells[1], cells[2]), f"{row.p:.2g}", _difference_word(row.word),
        )  # fmt: skip
    console.print(table)
    for row in rows:
        if row.word != "no clear difference" or len(rows) <= 4:
            tell(console, comparison.sentence(row, _names(row, arms)))
    for spread in comparison.spans_of_deaths(arms, rows):
        tell(console, spread)
    if best:
        tell(console, _best(arms, best, smallest, confidence))
    console.print(
        on_screen(
            "All of it holds together with {confidence} confidence (p by Holm, intervals by Bonferroni), "
            "however often it is looked at.",
            confidence=figure_text(write_share(confidence)),
        ),
        style="dim",
    )


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
    sure, slack = write_share(confidence), f"{choice.slack:.3g}"
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


def comparison_json(
    rows: Sequence[Comparison], arms: Sequence[Arm], best: str | None, smallest: bool, confidence: float
) -> dict[str, Any]:
    """A comparison as data; `confidence` is that of all of it together."""
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
        "deaths": [spread.en for spread in comparison.spans_of_deaths(arms, rows)],
    }  # fmt: skip
    if best:
        choice = comparison.best_of(arms, best, confidence, not smallest)
        content["best"] = {
            "what": best, "side": arms[choice.best].label, "may_be_best": [arms[i].label for i in choice.kept],
            "within": choice.slack, "replications": choice.n,
        }  # fmt: skip
    return content
