"""Every fixed word and sentence of the report, in English and in Chinese: one table."""

from __future__ import annotations

import csv
from functools import cache
from importlib.resources import files

from simrescue.report.figures import Pair

METRICS: dict[str, tuple[str, str, str, bool]] = {
    "affected": ("People affected", "受灾人口", "count", False),
    "share_moved_before_impact": ("Moved out before the hazard came", "灾害到达前已转移的比例", "share", True),
    "trapped": ("People trapped", "被困人数", "count", False),
    "died": ("Deaths", "死亡人数", "count", False),
    "share_relieved_10h": ("Relieved within 10 h", "10小时内得到救助的比例", "share", True),
    "relief_p95_h": ("Time until 95 % are relieved", "95%受灾群众得到救助用时", "hours", False),
    "late_person_h": ("Person-hours of waiting beyond 10 h", "超过10小时的等待人时", "count", False),
    "requests_unmet": ("Requests never met", "未满足的需求数", "count", False),
}
"""Metric of a run -> name, Chinese name, how it is written, whether low values are the bad ones."""

FIRE_METRICS: dict[str, tuple[str, str, str, bool]] = {
    "burned_ha": ("Hectares burned", "过火面积（公顷）", "count", False),
    "fire_found_h": ("Beginning to report", "起火至接报用时", "hours", False),
    "fire_on_line_h": ("Report to first crew on the line", "接报至首支队伍到火线用时", "hours", False),
    "fire_contained_h": ("Report to containment", "接报至合围用时", "hours", False),
    "exposed_to_flames": ("People still there when flames came", "明火到达时仍未撤离的人数", "count", False),
    "houses_exposed": ("Houses that flames came to", "明火所到房屋", "count", False),
    "overrun": ("Firefighters overrun", "被火追及的扑救人员", "count", False),
    "affected": ("People affected", "受灾人口", "count", False),
}


@cache
def _words() -> dict[str, Pair]:
    text = files("simrescue").joinpath("report/words.csv").read_text(encoding="utf-8")
    return {row["key"]: (row["en"], row["zh"]) for row in csv.DictReader(text.splitlines())}


def told(key: str, *values: object) -> Pair:
    """The words for a key in both languages; a value that is itself a pair is put in by language.

    Raises KeyError for an unknown key.
    """
    english, chinese = ([one[side] if isinstance(one, tuple) else one for one in values] for side in (0, 1))
    words = _words()[key]
    return words[0].format(*english), words[1].format(*chinese)
