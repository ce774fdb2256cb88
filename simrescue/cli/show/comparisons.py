"""What `compare` shows: warnings, differences, plain sentences in English and Chinese, and JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rich.text import Text

from simrescue.charts.experiment.answer_words import METRICS
from simrescue.cli.show.answer_words import tell_both
from simrescue.cli.show.tables import both, plain_table, screen
from simrescue.experiment.studies import comparison
from simrescue.units import write_share

if TYPE_CHECKING:
    from collections.abc import Sequence

    from simrescue.experiment.studies.arms import Arm
    from simrescue.experiment.studies.comparison import Comparison


def show_comparison(
    rows: Sequence[Comparison], arms: Sequence[Arm], best: str | None, smallest: bool, confidence: float
) -> None:
    """Warnings, a table, and a sentence for each clear difference."""
    console = screen()
    for english, chinese in comparison.warnings(arms):
        tell_both(console, f"Warning: {english}.", f"注意：{chinese}。")
    table = plain_table("Paired differences 配对差值", "", "Side", "Base", "With it", "Difference", "Interval", "p", "",
                        right=("Base", "With it", "Difference", "p"))  # fmt: skip
    for row in rows:
        name, name_zh = _names(row, arms)
        interval = row.difference.interval
        cells = [comparison.written(value, row) for value in (interval.estimate, interval.low, interval.high)]
        table.add_row(
            both(name, name_zh), row.changed,
            comparison.plain(row.base_value, row), comparison.plain(row.changed_value, row),
            cells[0], f"{cells[1]} to {cells[2]}", f"{row.p:.2g}", _difference_word(row.word),
        )  # fmt: skip
    console.print(table)
    for row in rows:
        if row.word != "no clear difference" or len(rows) <= 4:
            name, name_zh = _names(row, arms)
            tell_both(console, comparison.sentence(row, name), comparison.sentence_zh(row, name_zh))
    if best:
        tell_both(console, *_best(arms, best, smallest, confidence))
    console.print(
        f"All of it holds together with {write_share(confidence)} confidence (p by Holm, intervals by Bonferroni), "
        f"however often it is looked at. 以上结论同时成立的置信度为{write_share(confidence)}，追加重复后再看仍有效。",
        style="dim",
    )


def _names(row: Comparison, arms: Sequence[Arm]) -> tuple[str, str]:
    if row.is_clause:
        name, name_zh = arms[0].titles.get(row.what, (row.what, row.what))
        return f"{row.what.partition('/')[2]} {name}", name_zh
    return METRICS.get(row.what, (row.what, row.what))


def _difference_word(word: str) -> Text:
    chinese = {"higher": "更高", "lower": "更低", "no clear difference": "无明显差别"}[word]
    return Text(f"{word} {chinese}", style="dim" if word == "no clear difference" else "bold")


def _best(arms: Sequence[Arm], what: str, smallest: bool, confidence: float) -> tuple[str, str]:
    found = comparison.best_of(arms, what, confidence, not smallest)
    best = arms[found.best].label
    others = [arms[i].label for i in found.kept if i != found.best]
    sure, slack = write_share(confidence), f"{found.slack:.3g}"
    name, name_zh = METRICS.get(what, (what, what))
    if not others:
        return (
            f"Best in {name}: {best}, with {sure} confidence ({found.n} replications of each).",
            f"“{name_zh}”最优：{best}，置信度{sure}（各{found.n}次重复）。",
        )
    english = (
        f"Ahead in {name}: {best}; {', '.join(others)} may also be the best. With {sure} confidence {best} is within "
        f"{slack} of the best ({found.n} replications of each)."
    )
    chinese = (
        f"“{name_zh}”暂列第一：{best}；{'、'.join(others)}也可能最优。{best}与最优之差不超过{slack}，"
        f"置信度{sure}（各{found.n}次重复）。"
    )
    return english, chinese


def comparison_json(
    rows: Sequence[Comparison], arms: Sequence[Arm], best: str | None, smallest: bool, confidence: float
) -> dict[str, Any]:
    """A comparison as data."""
    content: dict[str, Any] = {
        "warnings": [english for english, _ in comparison.warnings(arms)],
        "confidence": confidence,
        "comparisons": [
            {
                "what": row.what, "base": row.base, "changed": row.changed, "base_value": row.base_value,
                "changed_value": row.changed_value, "difference": row.difference.interval.estimate,
                "low": row.difference.interval.low, "high": row.difference.interval.high, "p": row.p,
                "pairs": row.difference.interval.n, "word": row.word, "method": row.difference.method,
                "sentence": comparison.sentence(row, _names(row, arms)[0]),
                "sentence_zh": comparison.sentence_zh(row, _names(row, arms)[1]),
            }
            for row in rows
        ],
    }  # fmt: skip
    if best:
        found = comparison.best_of(arms, best, confidence, not smallest)
        content["best"] = {
            "what": best, "side": arms[found.best].label, "may_be_best": [arms[i].label for i in found.kept],
            "within": found.slack, "replications": found.n,
        }  # fmt: skip
    return content
