"""Factors of an experiment and their values, as heads and cells of tables."""

from __future__ import annotations

from typing import Any

from simrescue.charts.experiment.answer_words import names_its_unit, unit_name, value_texts
from simrescue.cli.language import on_screen, pick
from simrescue.experiment.design.experiment_records import Experiment
from simrescue.wording import Language


def factor_head(name: str, experiment: Experiment) -> str:
    """What a factor (or the variant) is called, with its unit where its name does not say it already."""
    if name not in experiment.factors:
        return on_screen("variant")
    factor = experiment.factors[name]
    label = factor.label or name, factor.label_zh or factor.label or name
    unit = unit_name(factor, "en"), unit_name(factor, "zh")
    if not unit[0] or names_its_unit(label[0], unit[0]):
        return pick(label)
    return on_screen("{label}, {unit}", label=pick(label), unit=pick(unit))


def factor_cell(name: str, value: Any, experiment: Experiment) -> str:
    """A value under that head, which says the unit of a number; what is no number by its name."""
    if isinstance(value, (int, float)) and value == value:
        return f"{value:,.0f}" if abs(value) >= 1e5 else f"{value:,.6g}"
    return pick((_named(name, value, experiment, "en"), _named(name, value, experiment, "zh")))


def _named(name: str, value: Any, experiment: Experiment, lang: Language) -> str:
    return next(text for text in value_texts(experiment, name, value, lang) if text)
