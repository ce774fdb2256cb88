"""The default numbers behind a run, and whether the doubt about each is chance or ignorance (`parameters.DOUBTS`)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from simrescue.experiment.store.csv_cells import as_csv
from simrescue.experiment.store.whole_files import make_folder, write_whole
from simrescue.parameters import DOUBTS, Parameter, Parameters, table
from simrescue.scenario.records import Scenario
from simrescue.wording import PARTS, Words, bilingual, listed

INPUT_COLUMNS = (
    "scenario", "number", "value", "low", "high", "unit", "doubt", "doubt_zh", "what", "what_zh", "source",
)  # fmt: skip
"""Columns of inputs.csv, in order; docs/metrics.md tells them."""


def numbers_behind(hazards: Iterable[str]) -> list[Parameter]:
    """The default numbers that count in an event with these kinds of hazards, in the order of the table."""
    kinds = {"all", *hazards}
    return [row for row in table().values() if row.hazard in kinds]


def input_rows(scenario: Scenario) -> Iterator[dict[str, Any]]:
    """Rows of inputs.csv: each number as the scenario has it. One that it sets is taken as known."""
    numbers: Parameters = scenario.parameters
    for row in numbers_behind(scenario.settings.hazards):
        doubt, what = row.doubt(is_set=row.name in numbers.model_fields_set), bilingual(row.used_for)
        yield {
            "scenario": scenario.settings.name, "number": row.name, "value": getattr(numbers, row.name),
            "low": row.low, "high": row.high, "unit": row.unit, "doubt": doubt.en, "doubt_zh": doubt.zh,
            "what": what.en, "what_zh": what.zh, "source": row.source,
        }  # fmt: skip


def write_inputs(scenarios: Sequence[Scenario], folder: Path) -> Path:
    """Write inputs.csv into a folder; answers its path."""
    make_folder(folder)
    path = folder / "inputs.csv"
    write_whole(path, as_csv(INPUT_COLUMNS, (row for scenario in scenarios for row in input_rows(scenario))))
    return path


def doubt_sentence(doubts: Iterable[Words]) -> Words:
    """How many numbers are in doubt by chance, how many by ignorance. `doubts`: of each number."""
    counts = Counter(doubts)
    parts = [bilingual("{doubt} {number}", doubt=doubt, number=counts[doubt]) for doubt in DOUBTS.values()]
    return bilingual(
        "Doubt of the {number} default numbers: {parts}.", number=counts.total(), parts=listed(parts, PARTS)
    )
