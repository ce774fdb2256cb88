"""What the charts of experiments say, in English and in Chinese."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from simrescue.charts.shared.style import drawable

if TYPE_CHECKING:
    from collections.abc import Mapping

    from simrescue.charts.shared.words import Language
    from simrescue.experiment.design.design import Experiment, Factor

_WORDS: dict[str, tuple[str, str]] = {
    "lines": ("How often the clause holds", "指标成立的概率"),
    "heat": ("Where the clause is met", "指标在何处达到"),
    "tornado": ("What the answer hangs on", "结论取决于什么"),
    "indices": ("What the answer hangs on", "结论取决于什么"),
    "costs": ("What the money buys", "投入与效果"),
    "distributions": ("The whole spread, point by point", "各方案的结果分布"),
    "holds in": ("Share of replications in which the clause holds", "指标成立的重复占比"),
    "required": ("required {}", "要求{}"),
    "point": ("point {}", "方案点{}"),
    "as it is": ("as the scenario says", "按情景"),
    "other factors": ("{} combinations of the other factors: mean and range", "其余因素{}种组合：均值与范围"),
    "met": ("met", "达到"),
    "not met": ("not met", "未达到"),
    "undecided": ("undecided", "未定"),
    "cost": ("Cost, million yuan", "费用（百万元）"),
    "edge": ("no cheaper point holds as often", "同等费用下成立概率最高"),
    "difference": ("Change against the base ({})", "与基准相比的变化（基准{}）"),
    "clear": ("clear difference", "差别明显"),
    "unclear": ("may be nothing", "差别不明显"),
    "main": ("first-order index: alone", "一阶指数：单独作用"),
    "total": ("total index: with interactions", "总指数：含交互作用"),
    "mu_star": ("mean size of the effect over the whole range", "全范围平均效应"),
    "sigma": ("spread of the effect (interactions, curvature)", "效应的离散程度（交互或非线性）"),
    "noise": ("{} of the variance is the luck of single replications", "方差中{}来自重复的随机性"),
    "share of variance": ("Share of the variance", "占方差比例"),
    "effect": ("Effect", "效应"),
    "up to": ("Share of replications with no more than this", "不超过该值的重复占比"),
    "never in": ("{} (never in {})", "{}（{}从未）"),
    "sweep": ("{} points, {} replications, seed {}", "{}个方案点，{}次重复，随机种子{}"),
    "unfinished": ("unfinished", "未完成"),
    "mend": ("Single changes and what they do", "单项改进及其效果"),
    "now": ("as it is now", "现状"),
}

METRICS = {
    "late_person_h": ("Person-hours of waiting beyond 10 h", "超过10小时的等待人时"),
    "lapsed_person_h": ("Person-hours without some need, after relief", "救助后又中断的人时"),
    "affected": ("People affected", "受灾人口"),
    "trapped": ("People trapped", "被困人数"),
    "rescued": ("People rescued", "获救人数"),
    "died": ("Deaths", "死亡人数"),
    "share_relieved_10h": ("Share relieved within 10 h", "10小时内得到救助的比例"),
    "relief_p95_h": ("Hours until 95 % are relieved", "95%得到救助用时（小时）"),
    "requests_unmet": ("Requests unmet", "未满足的需求数"),
}
"""Names of metrics as charts and sentences write them; others go by their own name."""


def tell(key: str, lang: Language, *values: object) -> str:
    """The words for a key in a language, with values in their places. Raises KeyError for an unknown key."""
    return _WORDS[key][lang == "zh"].format(*values)


def metric_name(name: str, lang: Language) -> str:
    """A metric as people call it."""
    return METRICS.get(name, (name, name))[lang == "zh"]


def named(record: Mapping[str, Any], first: str, lang: Language, fallback: str) -> str:
    """The label of something in the language, the other one failing that, else a fallback."""
    texts = (str(record.get(first, "") or ""), str(record.get(f"{first}_zh", "") or ""))
    return drawable(*(texts if lang == "en" else texts[::-1]), fallback) or fallback


UNITS_ZH = {
    "min": "分钟", "h": "小时", "d": "天", "km": "公里", "m": "米", "t": "吨", "km/h": "公里/小时", "m/s": "米/秒",
    "t/h": "吨/小时",
}  # fmt: skip
"""Units that scenario files know, as Chinese charts write them."""


def unit_name(factor: Factor, lang: Language) -> str:
    """The unit of a factor's numbers in the language; empty for none."""
    return (factor.unit_zh or UNITS_ZH.get(factor.unit, factor.unit)) if lang == "zh" else factor.unit


def number_words(number: str, unit: str) -> str:
    """A number with its unit: "40 min", "40分钟", "3艘", "5 %"."""
    return f"{number}{unit}" if unit and not unit.isascii() else f"{number} {unit}".strip()


def axis_words(experiment: Experiment, name: str, value: Any, lang: Language) -> str:
    """A factor at a value, as a sentence says it: "Helicopters 6", "order delay 40 min"."""
    factor = experiment.factors[name]
    label = factor.label_zh or factor.label if lang == "zh" else factor.label or factor.label_zh
    if value is None or value != value:
        told = {"en": "as the scenario says", "zh": "按情景"}[lang]
    elif value in factor.levels:
        level = factor.levels[value]
        told = level.label_zh or level.label if lang == "zh" else level.label or level.label_zh
        told = told or str(value)
    else:
        number = f"{value:g}" if isinstance(value, (int, float)) else str(value)
        told = number_words(number, "" if isinstance(value, str) else unit_name(factor, lang))
    return f"{label or name} {told}"
