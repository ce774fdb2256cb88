"""What `sensitivity` shows: indices and bars, plain sentences, and JSON."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from simrescue.charts.experiment.answer_words import axis_words, metric_words
from simrescue.cli.language import between, figure_text, on_screen, pick
from simrescue.cli.show.answer_words import tell, value_text
from simrescue.cli.show.tables import plain_table, screen
from simrescue.experiment.studies import sensitivity
from simrescue.experiment.studies.comparison import amount
from simrescue.units import write_share
from simrescue.wording import bilingual

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.table import Table

    from simrescue.experiment.design.experiment_records import Experiment
    from simrescue.experiment.store.sweep_results import SweepResults


def show_sensitivity(results: SweepResults, outputs: Sequence[str], confidence: float) -> None:
    """Indices or bars of each output with intervals of a `confidence`, and in plain words what breaks which clause."""
    console = screen()
    for what in _outputs(results, outputs):
        if sensitivity.design_kind(results) == "one-at-a-time":
            console.print(_bars(results, what, confidence))
        else:
            if sensitivity.design_kind(results) in sensitivity.MAIN:
                console.print(_indices(results, what, confidence))
        for sentence in breaking_sentences(results, what, confidence):
            tell(console, sentence)


def _outputs(results: SweepResults, chosen: Sequence[str]) -> list[str]:
    clauses = results.manifest["experiment"]["clauses"]
    if not chosen:
        return [clause["key"] for clause in clauses if clause["watched"]]
    full = {clause["clause"]: clause["key"] for clause in clauses}
    return [full.get(name, name) for name in chosen]


def _indices(results: SweepResults, what: str, confidence: float) -> Table:
    indices = sensitivity.indices(results, what, confidence)
    sobol = sensitivity.design_kind(results) == "saltelli"
    main, total = (
        (on_screen("Alone"), on_screen("With interactions"))
        if sobol
        else (on_screen("Effect mu*"), on_screen("Spread sigma"))
    )
    table = plain_table(
        what, on_screen("Factor"), main, on_screen("Interval"), total, on_screen("Interval"), right=(main, total)
    )
    made = sensitivity.experiment_of(results)
    for index in indices:
        main_one, low, high, other = (amount(number, share=False) for number in (*index.main[:3], index.total.estimate))
        cells = [main_one, between(low, high), other]
        low, high = (amount(number, share=False) for number in index.total[1:3])
        last = "" if math.isnan(index.total.low) else between(low, high)
        factor = made.factors[index.factor]
        table.add_row(pick((factor.label, factor.label_zh)) or index.factor, *cells, last)
    if indices and indices[0].noise == indices[0].noise:
        noise = figure_text(write_share(indices[0].noise))
        table.caption = on_screen("{share} of the variance is chance of single replications.", share=noise)
        table.caption_justify = "left"
    return table


def _bars(results: SweepResults, what: str, confidence: float) -> Table:
    base_title, change = on_screen("Base"), on_screen("Change")
    bars = sensitivity.tornado(results, what, confidence)
    if bars and _is_share(what, bars[0].is_clause):
        change = on_screen("Change, percentage points")
    table = plain_table(
        what, on_screen("Factor"), on_screen("Value"), base_title, change, on_screen("Interval"), "p",
        right=(base_title, change, "p"),
    )  # fmt: skip
    made = sensitivity.experiment_of(results)
    for bar in bars:
        interval, factor = bar.difference.interval, made.factors[bar.factor]
        cells = [_signed(number, what, bar.is_clause) for number in (interval.estimate, interval.low, interval.high)]
        base = _plain(bar.base, what, bar.is_clause)
        name = pick((factor.label, factor.label_zh)) or bar.factor
        table.add_row(
            name, value_text(bar.value), figure_text(base), cells[0], between(cells[1], cells[2]),
            f"{bar.p:.2g}",
        )  # fmt: skip
    return table


def _plain(number: float, what: str, is_clause: bool) -> str:
    return amount(number, share=_is_share(what, is_clause))


def _is_share(what: str, is_clause: bool) -> bool:
    return is_clause or what.startswith("share_")


def _signed(number: float, what: str, is_clause: bool) -> str:
    points = number * 100 if _is_share(what, is_clause) else number
    return ("+" if number > 0 else "") + amount(points, share=False)


def breaking_sentences(results: SweepResults, what: str, confidence: float) -> list[tuple[str, str]]:
    """In plain words which uncertainty (or lever) breaks a clause, or moves a number.

    Args:
        results: a sweep.
        what: a clause or a metric.
        confidence: with which a difference is called one, 0.5..1; nothing is said of the others.
    """
    made = sensitivity.experiment_of(results)
    if sensitivity.design_kind(results) == "one-at-a-time":
        bars = sensitivity.tornado(results, what, confidence)
        sentences = [_bar_sentence(made, bar) for bar in bars if bar.p <= 1 - confidence]
    else:
        ends = sensitivity.ends(results, what)
        sentences = [_ends_sentence(made, pair) for pair in ends if pair.p <= 1 - confidence]
    name, name_zh = _output_name(what)
    nothing = bilingual("No single factor clearly moves {name} over the values tried.", name=(name, name_zh))
    return sentences or [nothing]


def _output_name(what: str) -> tuple[str, str]:
    clause = what.partition("/")[2]
    return (clause, clause) if clause else metric_words(what)


def _bar_sentence(made: Experiment, bar: sensitivity.Bar) -> tuple[str, str]:
    factor, factor_zh = (axis_words(made, bar.factor, bar.value, lang) for lang in ("en", "zh"))
    name, name_zh = _output_name(bar.what)
    by, base = (
        _signed(bar.difference.interval.estimate, bar.what, bar.is_clause),
        _plain(bar.base, bar.what, bar.is_clause),
    )
    return bilingual(
        "{factor} moves {name} by {by} from {base}.", factor=(factor, factor_zh), name=(name, name_zh), by=by, base=base
    )


def _ends_sentence(made: Experiment, ends: sensitivity.Ends) -> tuple[str, str]:
    factor, is_clause = made.factors[ends.factor], "/" in ends.what
    label, label_zh = factor.label or ends.factor, factor.label_zh or factor.label or ends.factor
    name, name_zh = _output_name(ends.what)
    low, high = (_plain(number, ends.what, is_clause) for number in (ends.low, ends.high))
    verb, verb_zh = bilingual("breaks") if is_clause and factor.role == "uncertainty" else bilingual("moves")
    return bilingual(
        "{label} {verb} {name}: {low} on average in its lowest third, {high} in the highest.",
        label=(label, label_zh),
        verb=(verb, verb_zh),
        name=(name, name_zh),
        low=low,
        high=high,
    )


def sensitivity_json(results: SweepResults, outputs: Sequence[str], confidence: float) -> dict[str, Any]:
    """Indices and bars with intervals of a `confidence`, and sentences, as data."""
    kind, content = sensitivity.design_kind(results), {}
    for what in _outputs(results, outputs):
        sentences = breaking_sentences(results, what, confidence)
        output: dict[str, Any] = {"sentences": [english for english, _ in sentences]}
        if kind == "one-at-a-time":
            output["bars"] = [
                {
                    "factor": bar.factor,
                    "value": bar.value,
                    "base": bar.base,
                    "p": bar.p,
                    **bar.difference.interval._asdict(),
                }
                for bar in sensitivity.tornado(results, what, confidence)
            ]
        elif kind in sensitivity.MAIN:
            output["indices"] = [
                {
                    "factor": index.factor, "noise": index.noise, sensitivity.MAIN[kind]: index.main._asdict(),
                    sensitivity.TOTAL[kind]: index.total._asdict(),
                }
                for index in sensitivity.indices(results, what, confidence)
            ]  # fmt: skip
        content[what] = output
    return {"design": kind, "confidence": confidence, "outputs": content}
