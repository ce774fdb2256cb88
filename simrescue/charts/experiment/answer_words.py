"""What the charts of experiments say, in English and in Chinese."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from simrescue.charts.shared.style import drawable
from simrescue.wording import Words, bilingual
from simrescue.wording.unit_words import unit_in_chinese

if TYPE_CHECKING:
    from collections.abc import Mapping

    from simrescue.experiment.design.experiment_records import Experiment, Factor
    from simrescue.wording import Language

_WORDS: dict[str, Words] = {
    "lines": bilingual("How often the clause holds"),
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
    "edge": bilingual("no cheaper point holds as often"),
    "difference": bilingual("Change against the base ({base})"),
    "clear": bilingual("clear difference"),
    "unclear": bilingual("may be nothing"),
    "main": bilingual("first-order index: alone"),
    "total": bilingual("total index: with interactions"),
    "mu_star": bilingual("mean size of the effect over the whole range"),
    "sigma": bilingual("spread of the effect (interactions, curvature)"),
    "noise": bilingual("{share} of the variance is the luck of single replications"),
    "share of variance": bilingual("Share of the variance"),
    "effect": bilingual("Effect"),
    "up to": bilingual("Share of replications with no more than this"),
    "never in": bilingual("{name} (never in {count})"),
    "sweep": bilingual("{points} points, {replications} replications, seed {seed}"),
    "unfinished": bilingual("unfinished"),
    "mend": bilingual("Single changes and what they do"),
    "now": bilingual("as it is now"),
}

METRICS: dict[str, tuple[str, str]] = {
    "late_person_h": bilingual("Person-hours of waiting beyond 10 h"),
    "lapsed_person_h": bilingual("Person-hours without some need, after relief"),
    "affected": bilingual("People affected"),
    "trapped": bilingual("People trapped"),
    "rescued": bilingual("People rescued"),
    "died": bilingual("Deaths"),
    "share_relieved_10h": bilingual("Share relieved within 10 h"),
    "relief_p95_h": bilingual("Hours until 95 % are relieved"),
    "requests_unmet": bilingual("Requests unmet"),
    "share_moved_before_impact": bilingual("Moved out before the hazard came"),
    "burned_ha": bilingual("Burned area (ha)"),
    "fire_found_h": bilingual("Beginning to report, hours"),
    "fire_on_line_h": bilingual("Report to first crew on the line, hours"),
    "fire_contained_h": bilingual("Report to containment, hours"),
    "exposed_to_flames": bilingual("People still there when flames came"),
    "houses_exposed": bilingual("Houses that flames came to"),
    "overrun": bilingual("Firefighters overrun"),
}
"""Names of metrics as charts and sentences write them; others go by their own name."""


def tell(key: str, lang: Language, **values: object) -> str:
    """The words for a key in a language, with values in their places. Raises KeyError for an unknown key."""
    return _WORDS[key][lang == "zh"].format(**values)


def metric_name(name: str, lang: Language) -> str:
    """A metric as people call it."""
    return METRICS.get(name, (name, name))[lang == "zh"]


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


def axis_words(experiment: Experiment, name: str, value: Any, lang: Language) -> str:
    """A factor at a value, as a sentence says it: "Helicopters 6", "order delay 40 min"."""
    factor = experiment.factors[name]
    label = factor.label_zh or factor.label if lang == "zh" else factor.label or factor.label_zh
    if value is None or value != value:
        text = tell("as it is", lang)
    elif value in factor.levels:
        level = factor.levels[value]
        text = level.label_zh or level.label if lang == "zh" else level.label or level.label_zh
        text = text or str(value)
    else:
        number = f"{value:g}" if isinstance(value, (int, float)) else str(value)
        text = number_words(number, "" if isinstance(value, str) else unit_name(factor, lang))
    return f"{label or name} {text}"
