"""What the charts of experiments say, in English and in Chinese."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from simrescue.charts.experiment.metric_names import scalar_words
from simrescue.charts.shared.style import drawable
from simrescue.experiment.design.experiment_records import Label
from simrescue.metrics import MEASURES
from simrescue.units import AS_WRITTEN, NO_UNIT
from simrescue.wording import Words, bilingual
from simrescue.wording.unit_words import unit_in_chinese, unit_words

if TYPE_CHECKING:
    from collections.abc import Mapping

    from simrescue.experiment.design.experiment_records import Experiment, Factor
    from simrescue.wording import Language

_WORDS: dict[str, Words] = {
    "lines": bilingual("What the clause comes to, and how often it holds"),
    "shade": bilingual("Shade and upper number: {value} ({needed})"),
    "heat": bilingual("Where the clause is met"),
    "tornado": bilingual("What the answer hangs on"),
    "indices": bilingual("What the answer hangs on"),
    "costs": bilingual("What the money buys"),
    "distributions": bilingual("The whole spread, point by point"),
    "holds in": bilingual("Share of replications in which the clause holds"),
    "required": bilingual("required {share}"),
    "point": bilingual("point {number}"),
    "as it is": bilingual("as the scenario says"),
    "other factors": bilingual("{count} combinations of the other factors: mean and range"),
    "met": bilingual("met"),
    "not met": bilingual("not met"),
    "undecided": bilingual("undecided"),
    "cost": bilingual("Cost, million yuan"),
    "edge": bilingual("no cheaper point does as well"),
    "difference of number": bilingual("Change against the base ({base})"),
    "difference of points": bilingual("Change against the base ({base}), percentage points"),
    "difference of chance": bilingual("Change of the chance against the base ({base}), percentage points"),
    "clear": bilingual("clear difference"),
    "unclear": bilingual("may be nothing"),
    "main": bilingual("first-order index: alone"),
    "total": bilingual("total index: with interactions"),
    "mu_star": bilingual("mean size of the effect over the whole range"),
    "sigma": bilingual("spread of the effect (interactions, curvature)"),
    "noise": bilingual("{share} of the variance is chance of single replications"),
    "share of variance": bilingual("Share of the variance"),
    "effect": bilingual("Effect"),
    "up to": bilingual("Share of replications with no more than this"),
    "never in": bilingual("{name} (never in {count})"),
    "sweep": bilingual("{points} points, {replications} replications, seed {seed}"),
    "unfinished": bilingual("unfinished"),
    "mend": bilingual("What the money buys"),
    "and more": bilingual("{shown} and {count} more"),
    "short share": bilingual("Still short, share (mean)"),
    "short persons": bilingual("Still short, people (mean)"),
    "short h": bilingual("Still short, hours (mean)"),
    "short ha": bilingual("Still too much, hectares (mean)"),
    "short yuan": bilingual("Still too much, yuan (mean)"),
    "short per million": bilingual("Still too many, per million (mean)"),
    "short": bilingual("Still short (mean)"),
    "now": bilingual("as it is now"),
    "one change": bilingual("one change"),
    "package": bilingual("several changes"),
    "edge of packages": bilingual("nothing cheaper leaves as little short"),
    "turns": bilingual("shown to be enough"),
}

METRICS: dict[str, Words] = {
    "late_person_h": bilingual("Person-hours of waiting beyond 10 h"),
    "lapsed_person_h": bilingual("Person-hours without some need, after relief"),
    "traffic_person_h": bilingual("Person-hours lost in traffic"),
    "traffic_crew_h": bilingual("Hours of crews lost in traffic"),
    "affected": bilingual("People affected"),
    "trapped": bilingual("People trapped"),
    "rescued": bilingual("People rescued"),
    "deaths": bilingual("Deaths"),
    "deaths_lifesim": bilingual("Deaths expected by LifeSim"),
    "deaths_jonkman": bilingual("Deaths expected by Jonkman 2008"),
    "deaths_boyd": bilingual("Deaths expected by Boyd 2005"),
    "deaths_screening": bilingual("Deaths expected by the World Bank screening fit"),
    "worsened": bilingual("Injured who got worse"),
    "admitted": bilingual("Badly hurt in hospital beds"),
    "without_bed": bilingual("Badly hurt who found no bed free"),
    "houses_collapsed": bilingual("Houses collapsed"),
    "direct_loss_yuan": bilingual("Direct loss of houses, contents and crops, yuan"),
    "crop_loss_yuan": bilingual("Direct loss of crops, yuan"),
    "institution_persons": bilingual("People in care homes, schools, hospitals"),
    "institution_moved_before_impact": bilingual("Of these moved out before the hazard came"),
    "institution_deaths": bilingual("Deaths in care homes, schools, hospitals"),
    "relief_p95_h": bilingual("Hours until 95 % are relieved"),
    "requests_unmet": bilingual("Requests unmet"),
    "share_moved_before_impact": bilingual("Moved out before the hazard came"),
    "burned_ha": bilingual("Burned area (ha)"),
    "fire_found_h": bilingual("Beginning to report, hours"),
    "fire_on_line_h": bilingual("Report to first crew on the line, hours"),
    "fire_contained_h": bilingual("Report to containment, hours"),
    "exposed_to_flames": bilingual("People still there when flames came"),
    "houses_exposed": bilingual("Houses that flames came to"),
    "entrapped": bilingual("Firefighters entrapped"),
    "overrun": bilingual("Firefighters burned over"),
}
"""Names of metrics as charts and sentences write them; see `metric_words` for others."""


def tell(key: str, lang: Language, **values: object) -> str:
    """The words for a key in a language, with values in their places. Raises KeyError for an unknown key."""
    return _WORDS[key][lang == "zh"].format(**values)


def metric_name(name: str, lang: Language) -> str:
    """A metric as people call it, in one language."""
    return metric_words(name)[lang == "zh"]


def metric_words(name: str) -> Words:
    """What a metric is called, with its unit; one that has no words goes by its own name."""
    if name in METRICS:
        return METRICS[name]
    if within := re.fullmatch(r"share_relieved_(\d+)h", name):
        return bilingual("Share relieved within {hours} h", hours=within[1])
    if name not in MEASURES:
        return scalar_words(name) or Words(name, name)
    measure = MEASURES[name]
    label = Words(measure.words.en[:1].upper() + measure.words.en[1:], measure.words.zh)
    if measure.unit in NO_UNIT or names_its_unit(label.en, measure.unit):
        return label
    return bilingual("{label}, {unit}", label=label, unit=unit_words(measure.unit))


def named(record: Mapping[str, Any], first: str, lang: Language, fallback: str) -> str:
    """The label of something in the language, the other one failing that, else a fallback."""
    texts = (str(record.get(first, "") or ""), str(record.get(f"{first}_zh", "") or ""))
    return drawable(*(texts if lang == "en" else texts[::-1]), fallback) or fallback


def unit_name(factor: Factor, lang: Language) -> str:
    """The unit of a factor's numbers in the language; empty for none."""
    return (factor.unit_zh or unit_in_chinese(factor.unit)) if lang == "zh" else factor.unit


def number_words(number: str, unit: str) -> str:
    """A number with its unit: "40 min", "5 %"; a Chinese unit stands close."""
    return f"{number}{unit}" if unit and not unit.isascii() else f"{number} {unit}".strip()


def names_its_unit(label: str, unit: str) -> bool:
    """Whether a label says already what is counted: "Boats of the town" is not followed by ", boats"."""
    ways = {way for of_kind in AS_WRITTEN.values() for ways in of_kind.values() if unit in ways for way in ways}
    return any(re.search(rf"\b{re.escape(way)}\b", label, re.IGNORECASE) for way in {unit, *ways} if way)


def in_language(record: Label, lang: Language) -> tuple[str, str]:
    """The label of something in the language, then in the other one; either may be empty."""
    return (record.label, record.label_zh) if lang == "en" else (record.label_zh, record.label)


def value_texts(experiment: Experiment, name: str, value: Any, lang: Language) -> tuple[str, ...]:
    """What a value of a factor (or a variant) can be called, the best first; the last is never empty."""
    if value is None or value != value or value == "":
        return (tell("as it is", lang),)
    factor = experiment.factors.get(name)
    if factor is not None and value in factor.levels:
        level = factor.levels[value]
        return *in_language(level, lang), str(value) if level.set else tell("as it is", lang)
    if isinstance(value, str):
        return *in_language(experiment.labels.get(value, Label()), lang), value
    return (number_words(f"{value:g}", "" if factor is None else unit_name(factor, lang)),)


def axis_words(experiment: Experiment, name: str, value: Any, lang: Language) -> str:
    """A factor at a value, as a sentence says it: "Helicopters 6", "order delay 40 min"."""
    factor = experiment.factors[name]
    label = next((text for text in in_language(factor, lang) if text), name)
    if isinstance(value, float) and value == value and names_its_unit(label, unit_name(factor, lang)):
        return f"{label} {value:g}"
    blank = "" if lang == "zh" and not label.isascii() else " "
    return label + blank + next(text for text in value_texts(experiment, name, value, lang) if text)
