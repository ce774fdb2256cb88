"""All charts of a results folder, drawn on several processes: the same bytes as one by one."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from simrescue.charts import charts_of, draw_all
from simrescue.charts.experiment.sweeps import chart_names, draw_sweep
from simrescue.experiment.replications.processes import side_by_side
from simrescue.experiment.store.append_tables import seal_also
from simrescue.experiment.store.manifest import read_manifest
from simrescue.experiment.store.stored_results import read_results
from simrescue.experiment.store.sweep_results import SweepResults, read_sweep
from simrescue.experiment.store.whole_files import make_folder

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from simrescue.wording import Language


def draw_charts(folder: Path, languages: Sequence[Language], workers: int | None = 1) -> list[Path]:
    """Draw every chart of a run or an experiment into `charts` of its folder, and give the files in a fixed order.

    Args:
        folder: of the results.
        languages: those to draw in.
        workers: processes; None: one a core, 1: this process itself.

    Raises:
        ResultsError: a table is missing, or a file cannot be written.
    """
    results = _read(folder)
    names = chart_names(results) if isinstance(results, SweepResults) else [chart.name for chart in charts_of(results)]
    make_folder(folder / "charts")
    calls = [(folder, name, lang) for lang in languages for name in names]
    paths = [path for files in side_by_side(_draw, calls, workers) for path in files]
    seal_also(folder, paths)
    _read.cache_clear()
    return paths


@lru_cache(1)
def _read(folder: Path) -> Any:
    return read_sweep(folder) if read_manifest(folder).get("kind") == "sweep" else read_results(folder)


def _draw(folder: Path, name: str, lang: Language) -> list[Path]:
    """One chart in one language. The manifest is not touched here: several processes would write it at once."""
    results, home = _read(folder), folder / "charts"
    draw = draw_sweep if isinstance(results, SweepResults) else draw_all
    return draw(results, lang, home, (name,))
