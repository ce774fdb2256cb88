"""What the tables of answers share: sentences, verdicts, shares and money."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rich.text import Text

from simrescue.cli.language import pick
from simrescue.cli.show.lines import lines_of
from simrescue.cli.show.tables import SHOWN
from simrescue.units import write_share
from simrescue.wording import Words, bilingual
from simrescue.wording.unit_words import measure

if TYPE_CHECKING:
    from rich.console import Console

    from simrescue.plans import Verdict


def tell(console: Console, sentence: tuple[str, str], margin: str = "", style: str = "") -> None:
    """A sentence, in the language of the screen, in lines of its width behind a margin; all but the first indented."""
    for number, line in enumerate(lines_of(pick(sentence), console.width - len(margin) - 2)):
        console.print(Text(f"{margin}{'  ' * bool(number)}{line}", style=style), soft_wrap=True)


def verdict_word(verdict: Verdict) -> Text:
    """The verdict and its colour."""
    words, style = SHOWN[verdict.verdict]
    return Text(pick(words), style=style)


def span(low: str, high: str) -> Words:
    """An interval, from two measures as `simrescue.units` writes them."""
    return bilingual("{low} to {high}", low=measure(low), high=measure(high))


def between(verdict: Verdict) -> Words:
    """The interval of a verdict, or a dash where there is none."""
    return span(write_share(verdict.low), write_share(verdict.high)) if verdict.n else Words("-", "-")


def share(value: float) -> str:
    """A share (`value`: 0..1) in per cent, or a dash where there is none (nan)."""
    return "-" if value != value else write_share(value)


def yuan(amount: float) -> str:
    """An `amount` of yuan, whole, with its thousands apart."""
    return f"{amount:,.0f}"


def verdict_json(verdict: Verdict) -> dict[str, Any]:
    """A verdict as data."""
    return {
        "verdict": verdict.verdict, "estimate": verdict.estimate, "low": verdict.low, "high": verdict.high,
        "n": verdict.n, "required": verdict.required, "confidence": verdict.confidence,
    }  # fmt: skip


def settling(needed: float) -> tuple[str, str]:
    """What would settle what is undecided, if the shares stay as they are.

    `needed`: replications; infinite where no affordable number would do.
    """
    if needed == float("inf"):
        return bilingual("They lie too close to what is required for any affordable number of replications.")
    rounded = int(float(f"{needed:.2g}"))
    return bilingual(
        "If the shares stay as they are, some {rounded:,} replications of each settle it (`max` and --budget).",
        rounded=rounded,
    )
