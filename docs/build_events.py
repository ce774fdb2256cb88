"""Write events.md from the kinds of events.

Run it after changing one: `python docs/build_events.py`. A test compares.
"""

from __future__ import annotations

from pathlib import Path

from simrescue.events import ITEMS, UNITS, EventKind

PAGE = Path(__file__).with_name("events.md")
HEAD = """\
# Kinds of events

Every row of an [event log](results.md#events) is of one of these kinds. `subject` and `place` are indexes in
`things.parquet`, `persons` are people; what `item` and `amount` mean depends on the kind. Written by `build_events.py`.

| Kind | Number | What happened | `item` | `amount` |
| --- | --- | --- | --- | --- |
"""


def page() -> str:
    """The whole page."""
    rows = [
        f"| `{kind.name}` | {kind.value} | {kind.says} | {kind.item or '-'} | {_amount(kind)} |\n" for kind in EventKind
    ]
    items = [f"| {name} | {meaning} |\n" for name, meaning in ITEMS.items()]
    return "".join([HEAD, *rows, "\n| `item` | is |\n| --- | --- |\n", *items])


def _amount(kind: EventKind) -> str:
    return f"{kind.amount}, {UNITS[kind.unit]}" if kind.amount else "-"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
