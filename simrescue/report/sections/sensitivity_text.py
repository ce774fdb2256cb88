"""What the outcome of an experiment depends on, in sentences: for designs that vary what nobody can choose."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from simrescue.charts.experiment.answer_words import axis_words, metric_words
from simrescue.charts.experiment.sweep_data import axis_name, watched
from simrescue.charts.experiment.sweeps import METRIC
from simrescue.errors import SimrescueError
from simrescue.experiment.analysis.death_curves import span_of_deaths, with_span
from simrescue.experiment.studies.comparison import amount
from simrescue.experiment.studies.sensitivity import design_kind, ends, experiment_of, tornado
from simrescue.report.figures import Pair, pair
from simrescue.wording import Words, bilingual
from simrescue.wording.unit_words import measure

if TYPE_CHECKING:
    from simrescue.experiment.store.sweep_results import SweepResults

CHOOSING = ("grid", "list")
"""Designs whose points are ways that one may choose; in all others the points are what may happen."""
MOST = 3
"""Factors told for each output."""
CHANCE = 0.05
"""Differences that chance makes more often than this are not told."""


def sensitivity_sentences(results: SweepResults) -> list[Pair]:
    """For each output watched what moves it most; nothing for designs to choose from."""
    if design_kind(results) in CHOOSING:
        return []
    metrics = experiment_of(results).watch.metrics or (METRIC,)
    outputs = [*(clause["key"] for clause in watched(results)), *metrics]
    return [sentence for what in outputs for sentence in _of(results, what)]


def _of(results: SweepResults, what: str) -> list[Pair]:
    name = _name(results, what)
    try:
        found = _bars(results, what, name) if design_kind(results) == "one-at-a-time" else _ends(results, what, name)
    except SimrescueError:  # too few points yet
        return []
    if found:
        return found[:MOST]
    means = results.replications[what] if what in results.replications else np.zeros(1)
    if not np.isfinite(means).all():
        return [bilingual("{name}: in some replications it never comes, so that there is no mean to tell.", name=name)]
    return [bilingual("{name}: no single factor clearly moves it over the values tried.", name=name)]


def _name(results: SweepResults, what: str) -> Pair:
    for clause in watched(results):
        if what == clause["key"]:
            title = pair(clause["title"], clause["title_zh"])
            return bilingual("{clause} {title}", clause=clause["clause"], title=title)
    return with_span(metric_words(what), span_of_deaths(results.replications) if what == "deaths" else Words("", ""))


def _bars(results: SweepResults, what: str, name: Pair) -> list[Pair]:
    made = experiment_of(results)
    bars = [bar for bar in tornado(results, what) if bar.p <= CHANCE]
    bars = [bar for bar in bars if math.isfinite(bar.base + bar.difference.interval.estimate)]
    bars.sort(key=lambda bar: -abs(bar.difference.interval.estimate))
    sentences: list[Pair] = []
    for bar in bars:
        value = (axis_words(made, bar.factor, bar.value, "en"), axis_words(made, bar.factor, bar.value, "zh"))
        base, after = bar.base, bar.base + bar.difference.interval.estimate
        sentence = bilingual(
            "{name}: with {value} it goes from {base} to {after}.",
            name=name, value=value, base=_amount(base, what), after=_amount(after, what),
        )  # fmt: skip
        sentences.append(sentence)
    return sentences


def _ends(results: SweepResults, what: str, name: Pair) -> list[Pair]:
    sentences: list[Pair] = []
    clear = [one for one in ends(results, what) if one.p <= CHANCE and math.isfinite(one.low + one.high)]
    for one in sorted(clear, key=lambda one: one.p):
        factor = (axis_name(results, one.factor, "en", unit=False), axis_name(results, one.factor, "zh", unit=False))
        sentence = bilingual(
            '{name}: depends on "{factor}": {low} on average in its lowest third, {high} in its highest.',
            name=name, factor=factor, low=_amount(one.low, what), high=_amount(one.high, what),
        )  # fmt: skip
        sentences.append(sentence)
    return sentences


def _amount(value: float, what: str) -> Pair:
    return measure(amount(value, share="/" in what or what.startswith("share_")))
