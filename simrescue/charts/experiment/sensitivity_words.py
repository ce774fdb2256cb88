"""What the outcome of an experiment depends on, in sentences: for designs that vary what nobody can choose."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from simrescue.charts.experiment.answer_words import axis_words, metric_words
from simrescue.charts.experiment.sweep_data import axis_name, watched
from simrescue.errors import SimrescueError
from simrescue.experiment.analysis.death_curves import span_of_deaths, with_span
from simrescue.experiment.analysis.verdict_words import needed_text
from simrescue.experiment.studies.comparison import amount
from simrescue.experiment.studies.sensitivity import design_kind, ends, experiment_of, outputs_of, tornado
from simrescue.metrics.amounts import amount_text
from simrescue.wording import LANGUAGES, PARTS, Words, bilingual, listed
from simrescue.wording.unit_words import measure

if TYPE_CHECKING:
    from simrescue.experiment.store.sweep_results import SweepResults
    from simrescue.experiment.studies.sensitivity import Output

CHOOSING = ("grid", "list")
"""Designs whose points are ways that one may choose; in all others the points are what may happen."""
METRIC = "late_person_h"
"""Number that is looked at where the experiment names none."""
MOST = 3
"""Factors told for each output where all outputs are told."""


def sensitivity_sentences(results: SweepResults) -> list[Words]:
    """For each output watched what moves it most; of a clause its value. Nothing for designs to choose from."""
    if design_kind(results) in CHOOSING:
        return []
    metrics = experiment_of(results).watch.metrics or (METRIC,)
    sentences: list[Words] = []
    for what in (*(clause["key"] for clause in watched(results)), *metrics):
        try:
            sentences += moving_sentences(results, outputs_of(results, what)[0], titled=True)[:MOST]
        except SimrescueError:  # too few points yet
            continue
    return sentences


def moving_sentences(
    results: SweepResults, output: Output, confidence: float = 0.95, *, titled: bool = False
) -> list[Words]:
    """Which factors move an output, the most powerful first; that none clearly does, failing that.

    Args:
        results: a sweep.
        output: of `outputs_of`.
        confidence: with which a difference is called one, 0.5..1; nothing is said of the others.
        titled: whether a clause is told with its title.
    """
    name, in_words = _name(results, output, titled=titled), _ends
    if design_kind(results) == "one-at-a-time":
        in_words = _bars
    if sentences := in_words(results, output, name, 1 - confidence):
        return sentences
    if output.of == "number" and np.isinf(results.replications[output.what]).any():
        return [bilingual("{name}: in some replications it never comes, so that there is no mean to tell.", name=name)]
    return [bilingual("{name}: no single factor clearly moves it over the values tried.", name=name)]


def clause_title(results: SweepResults, what: str) -> Words:
    """A clause (plan/id) with its title and what is needed: "T01a Basic relief within 12 h, needed 100 %"."""
    described = {clause["key"]: clause for clause in results.manifest["experiment"]["clauses"]}[what]
    title = described["title"] or described["title_zh"], described["title_zh"] or described["title"]
    head = bilingual("{clause} {title}", clause=described["clause"], title=title)
    needed = needed_text({**described, "needed": described.get("threshold")})
    return listed([part for part in (head, needed) if part.en], PARTS)


def _name(results: SweepResults, output: Output, *, titled: bool) -> Words:
    if output.of == "number":
        span = span_of_deaths(results.replications) if output.what == "deaths" else Words("", "")
        return with_span(metric_words(output.what), span)
    clause = output.what.partition("/")[2]
    name = clause_title(results, output.what) if titled else Words(clause, clause)
    return bilingual("Chance of {clause}", clause=name) if output.of == "chance" else name


def _bars(results: SweepResults, output: Output, name: Words, most_p: float) -> list[Words]:
    made = experiment_of(results)
    bars = [bar for bar in tornado(results, output, 1 - most_p) if bar.p <= most_p]
    bars = [bar for bar in bars if math.isfinite(bar.base + bar.difference.interval.estimate)]
    bars.sort(key=lambda bar: -abs(bar.difference.interval.estimate))
    return [
        bilingual(
            "{name}: with {value} it goes from {base} to {after}.",
            name=name, base=output_text(output, bar.base),
            value=tuple(axis_words(made, bar.factor, bar.value, lang) for lang in LANGUAGES),
            after=output_text(output, bar.base + bar.difference.interval.estimate),
        )
        for bar in bars
    ]  # fmt: skip


def _ends(results: SweepResults, output: Output, name: Words, most_p: float) -> list[Words]:
    clear = [pair for pair in ends(results, output) if pair.p <= most_p and math.isfinite(pair.low + pair.high)]
    return [
        bilingual(
            '{name}: depends on "{factor}": {low} on average in its lowest third, {high} in its highest.',
            name=name, low=output_text(output, pair.low), high=output_text(output, pair.high),
            factor=tuple(axis_name(results, pair.factor, lang, unit=False) for lang in LANGUAGES),
        )
        for pair in sorted(clear, key=lambda pair: pair.p)
    ]  # fmt: skip


def output_text(output: Output, number: float) -> Words:
    """A number of an output as it is told: a value of a clause in its unit, a chance in per cent."""
    if output.of == "value":
        return amount_text(output.unit, number)
    return measure(amount(number, share=output.is_share))
