"""Faults of a plan that came from a workbook, in the words of its sheets."""

from __future__ import annotations

import re
from dataclasses import replace

from simrescue.errors import Fault, nearest, said
from simrescue.intake.plan_book.plan_cells import (
    SETTINGS,
    cell_words,
    in_plan_words,
    known_heads,
    plain_text,
    sheet_columns,
    word_of,
)
from simrescue.metrics import MEASURES
from simrescue.wording import NAMES, Words, bilingual, translated


def in_words_of_cells(fault: Fault) -> Fault:
    """A fault of a clause whose words are those of the sheet: heads for keys, and in Chinese what its column takes.

    One of a setting that has a column of its own stands in that.
    """
    if own := _own_column(fault):
        empty = bilingual("an empty cell ({known})", known=fault.expected)
        fault = replace(fault, field=own, value=None, expected=empty)
    key = known_heads("clauses").get(plain_text(fault.field), "")
    key = key or in_plan_words("settings", fault.field.rpartition(" ")[2])
    if key == "measure" and isinstance(fault.value, str) and fault.value not in MEASURES:
        near = fault.nearest or _like_a_measure(fault.value)
        near = MEASURES[near].words[_side(fault.field)] if near in MEASURES else near
        return replace(
            fault, expected=bilingual("a name of the sheet of measures, or what it means there"), nearest=near
        )
    is_setting = key in (*SETTINGS, "settings") or key not in known_heads("clauses").values()
    sides = (said(fault.expected, "en"), said(fault.expected, "zh"))
    expected = Words(*(_in_words_of_sheet(text, key, side, is_setting) for side, text in enumerate(sides)))
    value = Words(fault.value, word_of(key, fault.value, 1)) if isinstance(fault.value, str) else fault.value
    return replace(fault, value=value, expected=expected)


QUOTED = (' "{}"', "\u201c{}\u201d")
_KEY = re.compile(r"`(\w+)(?:: (\w+))?`|'(\w*)'|\b([a-z_]{4,}|who)\b", re.ASCII)
"""A key and its word, as texts of plan files have them; a word of a cell, empty too; in Chinese any other word."""


def _in_words_of_sheet(text: str, key: str, side: int, is_setting: bool) -> str:
    """What a text of plan files says, for a reader of a sheet.

    Args:
        text: in one language.
        key: of the column that it is about.
        side: 0 English, 1 Chinese.
        is_setting: whether words that are both are settings rather than columns.
    """
    columns = sheet_columns("clauses")[1:]
    heads = {column.key: column.head[side] for column in columns}
    if side:
        heads |= {column.key.removesuffix("_zh"): column.head[1] for column in columns if column.key.endswith("_zh")}
    settings = {name: word_of("settings", name, side) for (of, _), name in cell_words().items() if of == "settings"}
    own = {name: heads[name] for name in SETTINGS}
    called = heads | settings | own if is_setting else settings | heads
    called |= {name: QUOTED[side].format(measure.words[side]).strip() for name, measure in MEASURES.items()}

    def in_words(match: re.Match[str]) -> str:
        name, of_name, word, bare = match.groups()
        if name:
            return f"{called.get(name, name)}{QUOTED[side].format(word_of(name, of_name, side)) if of_name else ''}"
        if side == 0:
            return match[0]
        if word is not None:
            return word_of(key, word, 1) if word else translated("blank", "zh")
        told = word_of(key, bare, 1)
        return told if told != bare else called.get(bare, bare)

    told = _KEY.sub(in_words, text)
    if side == 0:
        return told
    return re.sub(r"(?<=[^\x00-\x7f]) | (?=[^\x00-\x7f])", "", told.replace(", ", NAMES.zh))


def _like_a_measure(text: str) -> str:
    """The measure whose meaning, in either language, looks most like a text; empty where none does."""
    meanings = {plain_text(words): name for name, measure in MEASURES.items() for words in measure.words}
    return meanings.get(nearest(plain_text(text), meanings), "")


def _own_column(fault: Fault) -> str:
    """Head of the column of the setting that its measure does not have; empty for another fault."""
    if known_heads("clauses").get(plain_text(fault.field)) != "settings" or fault.value not in SETTINGS:
        return ""
    return _head_like(fault.field, str(fault.value))


def _head_like(head: str, key: str) -> str:
    """The head of another column in the language of a head of clauses."""
    by_key = {column.key: column.head for column in sheet_columns("clauses")[1:]}
    return by_key[key][by_key["settings"].index(head)] if head in by_key["settings"] else head


def setting_within(head: str, key: str) -> str:
    """A setting without a column of its own, beside the head under which it stands, in the language of that."""
    return f"{head} {word_of('settings', key, _side(head))}"


def _side(field: str) -> int:
    """The language of a head of clauses: 0 English, 1 Chinese."""
    return 0 if any(plain_text(field) == plain_text(column.head[0]) for column in sheet_columns("clauses")) else 1
