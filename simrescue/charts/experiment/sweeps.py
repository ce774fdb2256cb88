"""Charts of an experiment, drawn from its stored tables alone: which there are depends on its design."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator
from typing import TYPE_CHECKING, Any

from simrescue.charts.experiment.answer_words import metric_words, named, tell
from simrescue.charts.experiment.sensitivity_words import METRIC
from simrescue.charts.experiment.sweep_data import sweep_name, watched
from simrescue.charts.experiment.sweep_factors import distributions, index_chart, tornado_chart
from simrescue.charts.experiment.sweep_heat import heat
from simrescue.charts.experiment.sweep_lines import costs, lines
from simrescue.charts.shared.heading import titled
from simrescue.charts.shared.style import look, save
from simrescue.errors import SimrescueError
from simrescue.experiment.analysis.death_curves import span_of_deaths, with_span
from simrescue.experiment.store.append_tables import seal_also
from simrescue.experiment.store.whole_files import make_folder
from simrescue.experiment.studies.sensitivity import MAIN, design_kind, experiment_of
from simrescue.wording import Words

if TYPE_CHECKING:
    from pathlib import Path

    from matplotlib.figure import Figure

    from simrescue.experiment.store.sweep_results import SweepResults
    from simrescue.wording import Language

MOST_CLAUSES = 4

Chart = tuple[str, str, str, Callable[[], "Figure | None"]]
"""Name of the file, title, the clause below it, and what draws it."""


def chart_names(results: SweepResults) -> list[str]:
    """Names of the charts that the design of a sweep asks for, whether or not there is enough to draw each."""
    return [name for name, *_ in _charts(results, "en")]


def draw_sweep(
    results: SweepResults, lang: Language = "en", folder: Path | None = None, only: Container[str] | None = None
) -> list[Path]:
    """Draw what the design of a sweep allows as PNG and SVG into `charts` of its folder (or `folder`); gives the files.

    Chinese charts are called `<name>-zh`. A chart that needs more than is there yet (an unfinished sweep, a missing
    extra) is left out. Raises ResultsError when a table is missing or a file cannot be written.

    Args:
        results: what is drawn.
        lang: its language.
        folder: where the files go; None: into the results, whose manifest then knows them.
        only: names of the charts wanted; None: all.
    """
    target = folder or results.folder / "charts"
    make_folder(target)
    paths = []
    below = sweep_name(results, lang)
    for name, title, of, draw in _charts(results, lang):
        if only is not None and name not in only:
            continue
        with look():
            try:
                drawn = draw()
            except SimrescueError:
                continue
            if drawn is not None:
                titled(drawn, title, f"{of}\n{below}" if of else below)
                paths += save(drawn, target, name if lang == "en" else f"{name}-{lang}")
    if folder is None:
        seal_also(results.folder, paths)
    return paths


def _charts(results: SweepResults, lang: Language) -> Iterator[Chart]:
    kind = design_kind(results)
    for clause in watched(results)[:MOST_CLAUSES]:
        title = f"{clause['clause']}  {named(clause, 'title', lang, '')}"
        yield from _of_clause(results, kind, clause, title, lang)
    for metric in experiment_of(results).watch.metrics or (METRIC,):
        if metric not in results.replications.columns:
            continue
        span = span_of_deaths(results.replications) if metric == "deaths" else Words("", "")
        name = with_span(metric_words(metric), span)[lang == "zh"]
        of = name if span.en else ""
        if kind not in MAIN:
            yield f"spread-{metric}", tell("distributions", lang), of, _later(distributions, results, metric, lang)
        if kind == "one-at-a-time":
            yield f"tornado-{metric}", tell("tornado", lang), name, _later(tornado_chart, results, metric, lang)
        if kind in MAIN:
            yield f"indices-{metric}", tell("indices", lang), name, _later(index_chart, results, metric, lang)


def _of_clause(results: SweepResults, kind: str, clause: dict[str, Any], title: str, lang: Language) -> Iterator[Chart]:
    name, key = clause["clause"], clause["key"]
    if kind in ("grid", "list"):
        yield f"lines-{name}", tell("lines", lang), title, _later(lines, results, clause, lang)
    if kind == "grid":
        yield f"heat-{name}", tell("heat", lang), title, _later(heat, results, clause, lang)
    if kind == "one-at-a-time":
        yield f"tornado-{name}", tell("tornado", lang), title, _later(tornado_chart, results, key, lang)
    if kind in MAIN:
        yield f"indices-{name}", tell("indices", lang), title, _later(index_chart, results, key, lang)
    yield f"costs-{name}", tell("costs", lang), title, _later(costs, results, clause, lang)


def _later(draw: Callable[..., Figure | None], *given: Any) -> Callable[[], Figure | None]:
    return lambda: draw(*given)
