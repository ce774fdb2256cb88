"""Tables of a run that are DataFrames as any other and do one thing more: show themselves, or draw themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from simrescue.experiment.analysis.verdict_words import chance_text, needed_text, short_text, value_text
from simrescue.plans import VERDICT_COLOURS, VERDICT_MARKS
from simrescue.wording import LANGUAGES, bilingual
from simrescue.wording.html import Coloured, html_table
from simrescue.wording.language import preferred

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from matplotlib.figure import Figure

    from simrescue.wording import Language

SHOWN = ("plan", "clause", "kind", "title", "title_zh", "verdict", "reason", "reason_zh", "estimate", "low", "high")
"""Columns that a table of verdicts must have to be shown as one."""
HEAD = (
    bilingual("Clause"), bilingual("Value"), bilingual("Needed"), bilingual("Short"), bilingual("Chance"),
    bilingual("Verdict"),
)  # fmt: skip
WORDS = {
    "met": bilingual("met"), "not met": bilingual("not met"), "undecided": bilingual("undecided"),
    "not measured": bilingual("not measured"),
}  # fmt: skip


class Verdicts(pd.DataFrame):
    """The table of verdicts; in a notebook each row reads as a sentence, in the reader's language."""

    _metadata = ("names",)
    names: Mapping[str, tuple[str, str]]
    """Id of a place -> its name in English and Chinese; a table that was made otherwise has none."""

    @property
    def _constructor(self) -> type[Verdicts]:
        return Verdicts

    def _repr_html_(self) -> str | None:
        if not {*SHOWN} <= {*self.columns}:  # some columns of it: a table as any other
            plain: Any = pd.DataFrame(self)
            html: str | None = plain._repr_html_()
            return html
        return verdicts_html(self, preferred(), getattr(self, "names", None))


def verdicts_html(verdicts: pd.DataFrame, lang: Language, names: Mapping[str, tuple[str, str]] | None = None) -> str:
    """Verdicts as a table of HTML, in the order of the rows.

    Args:
        verdicts: rows of verdicts.csv; those of older results say less.
        lang: of all texts.
        names: id of a place -> its name in English and Chinese; other ids stand for themselves.
    """
    side = LANGUAGES.index(lang)
    rows = [_cells(row, side, names) for row in verdicts.to_dict("records")]
    return html_table([words[side] for words in HEAD], rows)


def _cells(row: Mapping[Any, Any], side: int, names: Mapping[str, tuple[str, str]] | None) -> list[str | Coloured]:
    titles = (str(row["title"]), str(row["title_zh"]))
    word = str(row["verdict"])
    return [
        titles[side] or titles[1 - side] or str(row["clause"]),
        value_text(row)[side] or (str(row["reason_zh" if side else "reason"]) if word == "not measured" else ""),
        needed_text(row)[side],
        short_text(row, names)[side],
        chance_text(row)[side],
        Coloured(f"{VERDICT_MARKS[word]} {WORDS[word][side]}", VERDICT_COLOURS[word]),
    ]


class Curves(pd.DataFrame):
    """The table of curves; called, it draws them."""

    _metadata = ("draw",)
    draw: Callable[[Language | None], Figure]

    def __call__(self, lang: Language | None = None) -> Figure:
        """The curves of the run as a figure; `lang`: of its words, default: that of the reader."""
        return self.draw(lang)
