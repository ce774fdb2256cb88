"""What `sensitivity` shows: of each clause its value, then its chance; indices and bars, plain sentences, and JSON."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from simrescue.charts.experiment.answer_words import axis_words, metric_words
from simrescue.charts.experiment.sensitivity_words import clause_title, moving_sentences, output_text
from simrescue.charts.experiment.sweep_data import axis_name
from simrescue.cli.language import between, figure_text, on_screen, pick, screen_language
from simrescue.cli.show.answer_words import tell
from simrescue.cli.show.tables import plain_table, screen, with_note
from simrescue.experiment.studies import sensitivity
from simrescue.experiment.studies.comparison import amount
from simrescue.units import NO_UNIT, write_share
from simrescue.wording.unit_words import unit_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.table import Table
    from rich.text import Text

    from simrescue.experiment.store.sweep_results import SweepResults
    from simrescue.experiment.studies.comparison import Of
    from simrescue.experiment.studies.sensitivity import Bar, Index, Output


def show_sensitivity(results: SweepResults, outputs: Sequence[str], confidence: float) -> None:
    """Indices or bars of each output with intervals of a `confidence`, and in plain words what moves it."""
    console, kind = screen(), sensitivity.design_kind(results)
    for what in _names(results, outputs):
        analysed = sensitivity.outputs_of(results, what)
        tell(console, _title(results, what), style="bold")
        if kind == "one-at-a-time":
            console.print(_bars(results, analysed, confidence))
        for output in analysed:
            if kind in sensitivity.MAIN:
                console.print(_indices(results, output, confidence))
            for sentence in moving_sentences(results, output, confidence):
                tell(console, sentence)
        console.print()


def _names(results: SweepResults, chosen: Sequence[str]) -> list[str]:
    clauses = results.manifest["experiment"]["clauses"]
    if not chosen:
        return [clause["key"] for clause in clauses if clause["watched"]]
    full = {clause["clause"]: clause["key"] for clause in clauses}
    return [full.get(name, name) for name in chosen]


def _title(results: SweepResults, what: str) -> tuple[str, str]:
    return clause_title(results, what) if "/" in what else metric_words(what)


def _head(of: Of) -> str:
    return {"value": on_screen("Mean value"), "chance": on_screen("Holds in"), "number": on_screen("Mean")}[of]


def _bars(results: SweepResults, outputs: Sequence[Output], confidence: float) -> Table:
    """The base, then each factor alone at each of its values: what each output comes to, with its change below."""
    columns = [head for output in outputs for head in (_head(output.of), _change_head(output))]
    table = plain_table("", on_screen("Factor"), *columns, right=columns)
    of_outputs = [sensitivity.tornado(results, output, confidence) for output in outputs]
    made, lang = sensitivity.experiment_of(results), screen_language()
    by_factor = [{(bar.factor, bar.value): bar for bar in bars} for bars in of_outputs]
    if of_outputs[0]:
        base = [pick(output_text(output, bars[0].base)) for output, bars in zip(outputs, of_outputs, strict=True)]
        table.add_row(on_screen("the base"), *(cell for text in base for cell in (text, "")))
    for bar in of_outputs[0]:
        cells = [
            cell
            for output, known in zip(outputs, by_factor, strict=True)
            for cell in _bar_cells(output, known[bar.factor, bar.value])
        ]
        table.add_row(axis_words(made, bar.factor, bar.value, lang), *cells)
    return table


def _change_head(output: Output) -> str:
    """What stands above differences: their unit, which the numbers below do not repeat."""
    if output.is_share:
        return on_screen("Change, percentage points")
    if output.unit in NO_UNIT:
        return on_screen("Difference")
    return on_screen("Change, {unit}", unit=unit_words(output.unit))


def _bar_cells(output: Output, bar: Bar) -> tuple[str, Text]:
    interval = bar.difference.interval
    change, low, high = (_signed(output, number) for number in interval[:3])
    return pick(output_text(output, bar.base + interval.estimate)), with_note(change, between(low, high))


def _signed(output: Output, number: float) -> str:
    """A difference with its sign, without its unit: of shares in percentage points."""
    sign = "+" if number > 0 else "-" if number < 0 else ""
    if math.isinf(number):
        return f"{sign}∞"
    return sign + amount(abs(number) * (100 if output.is_share else 1), share=False)


def _indices(results: SweepResults, output: Output, confidence: float) -> Table:
    indices = sensitivity.indices(results, output, confidence)
    sobol, lang = sensitivity.design_kind(results) == "saltelli", screen_language()
    main, total = (
        (on_screen("Alone"), on_screen("With interactions"))
        if sobol
        else (on_screen("Effect mu*"), on_screen("Spread sigma"))
    )
    table = plain_table(_head(output.of), on_screen("Factor"), main, total, right=(main, total))
    for index in indices:
        table.add_row(axis_name(results, index.factor, lang, unit=False), *_index_cells(output, index, sobol=sobol))
    if indices and indices[0].noise == indices[0].noise:
        noise = figure_text(write_share(indices[0].noise))
        table.caption = on_screen("{share} of the variance is chance of single replications.", share=noise)
        table.caption_justify = "left"
    return table


def _index_cells(output: Output, index: Index, *, sobol: bool) -> list[Text]:
    """Shares of the variance as they are; effects in the unit of the output, over the whole range of the factor."""
    cells = []
    for part in (index.main, index.total):
        shown = [amount(end, share=False) if sobol else pick(output_text(output, end)) for end in part[:3]]
        cells.append(with_note(shown[0], "" if math.isnan(part.low) else between(shown[1], shown[2])))
    return cells


def sensitivity_json(results: SweepResults, outputs: Sequence[str], confidence: float) -> dict[str, Any]:
    """Indices and bars with intervals of a `confidence`, and sentences, as data: of a clause its value and chance."""
    content = {
        what: {output.of: _output_json(results, output, confidence) for output in sensitivity.outputs_of(results, what)}
        for what in _names(results, outputs)
    }
    return {"design": sensitivity.design_kind(results), "confidence": confidence, "outputs": content}


def _output_json(results: SweepResults, output: Output, confidence: float) -> dict[str, Any]:
    kind, sentences = sensitivity.design_kind(results), moving_sentences(results, output, confidence)
    title = _title(results, output.what)
    content: dict[str, Any] = {
        "title": title[0], "title_zh": title[1], "unit": "share" if output.is_share else output.unit,
        "sentences": [english for english, _ in sentences], "sentences_zh": [chinese for _, chinese in sentences],
    }  # fmt: skip
    if kind == "one-at-a-time":
        content["bars"] = [
            {"factor": bar.factor, "value": bar.value, "base": bar.base, "p": bar.p,
             **bar.difference.interval._asdict()}
            for bar in sensitivity.tornado(results, output, confidence)
        ]  # fmt: skip
    elif kind in sensitivity.MAIN:
        content["indices"] = [
            {"factor": index.factor, "noise": index.noise, sensitivity.MAIN[kind]: index.main._asdict(),
             sensitivity.TOTAL[kind]: index.total._asdict()}
            for index in sensitivity.indices(results, output, confidence)
        ]  # fmt: skip
    return content
