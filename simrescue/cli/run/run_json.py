"""What a run came to, as data: for `run --json` and `batch --json`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from simrescue.cli.show.verdict_json import verdict_records
from simrescue.experiment.replications.command_line import command_line

if TYPE_CHECKING:
    import pandas as pd

    from simrescue import Results


def run_json(results: Results) -> dict[str, Any]:
    """One run: which, how often, its verdicts and figures of record as in their tables, and its folder."""
    manifest = results.manifest
    scenario = manifest["scenario"]
    return {
        "scenario": scenario["name"], "variant": scenario["variant"],
        "replications": manifest["finished"], "seed": manifest["seed"], "complete": manifest["complete"],
        "settled": not open_duties(results.verdicts), "verdicts": verdict_records(results.verdicts, results.things),
        "drawn_verdicts": verdict_records(results.drawn_verdicts, results.things),
        "assumptions": _rows(results.assumptions),
        "recorded": _rows(results.recorded), "results": str(results.path), "command": command_line(manifest),
    }  # fmt: skip


def open_duties(verdicts: pd.DataFrame) -> list[dict[str, Any]]:
    """The obligations that runs measure and that are neither met nor not met, as rows of `verdicts`."""
    duties = verdicts[(verdicts["kind"] == "obligation") & (verdicts["verdict"] == "undecided")]
    return [{str(name): value for name, value in row.items()} for row in duties.to_dict("records")]


def _rows(table: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(name): value for name, value in row.items()} for row in table.to_dict("records")]
