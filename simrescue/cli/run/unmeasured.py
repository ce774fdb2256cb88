"""What a run could not measure, in a few lines: how many clauses, and for which reasons most of them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from simrescue.cli.language import on_screen, pick

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd

_END = re.compile(r"[.;\u3002\uff1b]")
"""Where the first part of a reason ends; what follows is about the one clause."""


def reasons(verdicts: pd.DataFrame) -> tuple[list[tuple[int, str, str]], int]:
    """The reasons that several of these clauses share, in both languages, most frequent first, and how many share none.

    Reasons count as the same where their first part is: "The model has no economic damage".
    """
    parts = verdicts.assign(**{name: verdicts[name].map(_first_part) for name in ("reason", "reason_zh")})
    groups = parts.groupby("reason", sort=False)["reason_zh"].agg(["size", "first"])
    shared = groups[groups["size"] > 1].sort_values("size", ascending=False, kind="stable")
    counted = [(int(number), str(reason), str(reason_zh)) for reason, number, reason_zh in shared.itertuples()]
    return counted, int((groups["size"] == 1).sum())


def unmeasured_lines(verdicts: pd.DataFrame) -> Iterator[str]:
    """A heading with the number of clauses, then a line for each reason that several share; the others together."""
    duties = int((verdicts["kind"] == "obligation").sum())
    yield on_screen(
        "Not measured: {number} clauses, {duties} of them obligations (--all lists each)",
        number=len(verdicts), duties=duties,
    )  # fmt: skip
    shared, alone = reasons(verdicts)
    for number, reason, reason_zh in shared:
        yield f"{number:5d}  {pick((reason, reason_zh))}"
    if alone:
        yield f"{alone:5d}  " + on_screen("each for a reason of its own")


def _first_part(reason: str) -> str:
    return _END.split(reason, maxsplit=1)[0].strip()
