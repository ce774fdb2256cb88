"""Write the table of measures at the end of metrics.md from their records.

Run it after changing a measure: `python docs/build_metrics.py`. A test compares.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from simrescue.metrics.base import MEASURES, Measure
from simrescue.scenario.plans import static_measures  # noqa: F401 - registers the measures of the scenario alone

PAGE = Path(__file__).with_name("metrics.md")
MARK = "<!-- below: written by build_metrics.py -->\n"
HEAD = """
## Measures that clauses can name

Each is one record beside its function ([Extending](extending.md#a-measure)). Settings are written as here; what a
clause leaves out has the default. *Explained*: the way in which `simrescue explain` walks its delays back; *bounded*:
the bound on what any dispatch could have done.
"""


def page() -> str:
    """The whole page: its hand-written head, and every measure after it."""
    runs = [one for one in MEASURES.values() if not one.is_static]
    static = [one for one in MEASURES.values() if one.is_static]
    parts = [PAGE.read_text(encoding="utf-8").partition(MARK)[0], MARK, HEAD, "\n### Measured in each replication\n\n"]
    parts += _table(runs, ("Hazard", "Explained", "Bounded"))
    parts += ["\n### Answered by the scenario alone\n\n", *_table(static, ())]
    return "".join(parts)


def _table(measures: list[Measure[Any]], more: tuple[str, ...]) -> list[str]:
    heads = ("Name", "What it is", "Unit", "Settings", *more)
    rows = [f"| {' | '.join(heads)} |\n", f"|{' --- |' * len(heads)}\n"]
    for one in measures:
        cells = [f"`{one.name}`", f"{one.words.en} {one.words.zh}", one.unit, _settings(one)]
        if more:
            cells += [", ".join(sorted(one.hazards)) or "any", one.explained or "-", one.bounded or "-"]
        rows.append(f"| {' | '.join(cells)} |\n")
    return rows


def _settings(one: Measure[Any]) -> str:
    fields = one.settings.model_fields.items()
    return (
        ", ".join(f"`{info.alias or name}`{' (required)' if info.is_required() else ''}" for name, info in fields)
        or "-"
    )


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
