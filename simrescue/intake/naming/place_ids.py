"""Ids from names, in pinyin: only a suggestion, since homophones collide and some county names are read wrong."""

from __future__ import annotations

import re
from collections.abc import Container
from importlib.util import find_spec

from simrescue.intake.spreadsheets.sheet import refused
from simrescue.units import is_id
from simrescue.wording import bilingual

LONGEST = 40


def id_of(name: str, taken: Container[str], given: str = "") -> str:
    """An id that nothing has yet: the given one, else one from the name, numbered where it is taken.

    Args:
        name: Chinese or other.
        taken: ids that are used.
        given: an id that the sheet states; used as it is where it can be one.

    Raises:
        ScenarioError: a Chinese name, and pypinyin is not installed.
    """
    first = given if is_id(given) else _slug(name)
    made, number = first, 1
    while made in taken:
        number += 1
        made = f"{first}-{number}"
    return made


def _slug(name: str) -> str:
    text = name
    if not name.isascii():
        if find_spec("pypinyin") is None:
            raise refused(name, bilingual("the extra {extra} for ids from Chinese names: {command}", extra="import",
                                          command="pip install 'simrescue[import]'"))  # fmt: skip
        from pypinyin import lazy_pinyin

        text = "".join(lazy_pinyin(name))
    slug = re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")[:LONGEST].rstrip("-")
    return slug or "unnamed"
