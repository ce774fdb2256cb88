"""Places that bear one name in different townships: each is called with its township, wherever a name is shown."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from simrescue.wording import bilingual


def told_apart(rows: Sequence[Any]) -> tuple[Any, ...]:
    """The rows of one table, namesakes of different townships with the township behind their name.

    Args:
        rows: records of one table; those of tables without a column `township` stay as they are.
    """
    for field, side in (("name", 0), ("name_zh", 1)):
        townships = defaultdict[str, set[str]](set)
        for row in rows:
            townships[getattr(row, field, "")].add(getattr(row, "township", ""))
        rows = [
            _with_township(row, field, side) if len(townships[getattr(row, field, "")]) > 1 else row for row in rows
        ]
    return tuple(rows)


def own_names(row: Any) -> tuple[str, str]:
    """The names of a place as its table has them, without the township."""
    ends = bilingual("{name} ({township})", name="", township=getattr(row, "township", ""))
    return row.name.removesuffix(ends.en), row.name_zh.removesuffix(ends.zh)


def _with_township(row: Any, field: str, side: int) -> Any:
    name, township = getattr(row, field, ""), getattr(row, "township", "")
    if not name or not township:
        return row
    whole = bilingual("{name} ({township})", name=name, township=township)[side]
    return row.model_copy(update={field: whole})
