"""How a notebook shows a thing: a heading, a quiet line, and a table, with every text escaped."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from typing import NamedTuple

_CELL = "text-align:left;vertical-align:top;padding:0.15em 0.9em 0.15em 0"


class Coloured(NamedTuple):
    """A text of a cell with a colour of CSS, which stands beside the word and never for it."""

    text: str
    colour: str


def shown(title: str, below: str, *tables: str) -> str:
    """A thing in a notebook: its title, what it is in a line below, and its tables (HTML of `html_table`)."""
    line = f"<div style='color:#6b6b6b'>{escape(below)}</div>" if below else ""
    return f"<div><strong>{escape(title)}</strong>{line}{''.join(tables)}</div>"


def html_table(head: Sequence[str], rows: Iterable[Sequence[str | Coloured]]) -> str:
    """A table of texts, all escaped; `head`: names of its columns, or nothing.

    Args:
        head: one text a column.
        rows: one text a column each; a `Coloured` one in its colour.
    """
    names = "".join(f"<th style='{_CELL}'>{escape(name)}</th>" for name in head)
    body = "".join(f"<tr>{''.join(_cell(text) for text in row)}</tr>" for row in rows)
    return f"<table>{f'<thead><tr>{names}</tr></thead>' if head else ''}<tbody>{body}</tbody></table>"


def _cell(cell: str | Coloured) -> str:
    text, colour = (cell.text, cell.colour) if isinstance(cell, Coloured) else (cell, "")
    style = f"{_CELL};color:{escape(colour)};font-weight:bold" if colour else _CELL
    return f"<td style='{style}'>{escape(text)}</td>"
