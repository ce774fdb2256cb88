"""Units that a title states for all heads below it that state none."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from simrescue.intake.columns import (
    OF_PEOPLE,
    Column,
    Understood,
    office_words,
    plain,
    times_of_head,
    units_of_heads,
)
from simrescue.units import AS_WRITTEN

SAME_KIND = (("distance", "height"), ("mass",), ("speed",), ("duration",))
"""Kinds of measurement whose units are written alike."""


def units_of_title(understood: Understood, rows: Sequence[Sequence[str]]) -> Understood:
    """A sheet whose heads have the units of a title above them, as in "unit: ten thousand persons, metres".

    Args:
        understood: what the sheet was taken for; columns whose heads state a unit stay as they are.
        rows: of the sheet.
    """
    units = units_stated({cell for row in rows[: understood.head_row] for cell in row if cell})
    if not units:
        return understood
    return understood._replace(columns=tuple(_with_unit(column, units) for column in understood.columns))


def units_stated(cells: set[str]) -> list[str]:
    """The units behind the word for it, in all the cells that hold it.

    Args:
        cells: that may state them, as a title or remark does.
    """
    words = "|".join(map(re.escape, office_words("title unit")))
    texts = (re.fullmatch(rf".*?(?<!\w)[(]?(?:{words}):([^:]+?)[)]?", unicodedata.normalize("NFKC", cell).strip())
             for cell in cells)  # fmt: skip
    return [plain(unit) for text in texts if text for unit in re.split(r"[,;/\u3001\s]+", text[1]) if unit]


def _states_a_unit(head: str) -> bool:
    """Whether a head names a unit itself: in any of its brackets, behind a stroke or at its end."""
    people = tuple(word for words in AS_WRITTEN["people"].values() for word in words)
    known = (*units_of_heads(), *people, *office_words("counter"))
    words = "|".join(map(re.escape, office_words("title unit")))
    within = re.findall(r"[(\[\u3014\u3010/]([^()\[\]\u3011\u3015/]+)", plain(head))
    inside = [re.sub(rf"^(?:{words}):?(?=.)", "", part) for text in within for part in re.split(r"[,;\u3001]", text)]
    return any(unit in known or times_of_head(unit) != 1.0 for unit in inside) or plain(head).endswith(units_of_heads())


def _with_unit(column: Column, units: Sequence[str]) -> Column:
    if _states_a_unit(column.head) or column.factor != 1.0 or column.is_summed:
        return column
    if column.key in OF_PEOPLE and not column.part_of:
        times = {times_of_head(unit) for unit in units} - {1.0}
        return column._replace(factor=times.pop(), basis=", ".join(units)) if len(times) == 1 else column
    for kinds in SAME_KIND:
        words = {unit for kind in kinds for of in AS_WRITTEN[kind].values() for unit in of}
        found = {unit for unit in units if unit in words}
        if column.basis and column.basis == column.unit and column.unit in words and len(found) == 1:
            unit = found.pop()
            return column._replace(unit=unit, basis=unit)
    return column
