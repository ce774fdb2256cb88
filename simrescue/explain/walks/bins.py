"""What a person, a request or a fire can be waiting for: the named bins that every minute of a delay is put in.

Numbers of bins are their places in `BINS`; each kind of responders has one of its own.
Colours are for pictures: told apart by the colour-blind, and in print.
"""

from __future__ import annotations

from typing import NamedTuple

from simrescue.kinds import Derived, of_role
from simrescue.records import Kind


class Bin(NamedTuple):
    """One reason why time passes."""

    key: str
    name: str
    name_zh: str
    colour: str
    """As #rrggbb."""
    means: str
    """What counts, in one line."""


_ASKED = (
    Bin("hazard", "hazard not yet here, or not yet so bad", "灾害尚未到达或加重", "#9ecae1",
        "before the water or the fire is there, or before it traps those who are there"),
    Bin("found", "fire not yet found", "火情尚未发现", "#6baed6", "from its beginning until somebody sees it"),
    Bin("warning", "warning", "预警与叫应", "#3182bd", "until the forecast, and from order or call-out to the word"),
    Bin("leaving", "getting ready to leave", "群众准备转移", "#08519c", "from the warning until people set out"),
    Bin("refused", "would not leave", "拒绝转移", "#08306b", "people who had the warning and stayed"),
    Bin("report", "report to command", "向指挥部报告", "#c7e9c0",
        "from what happened until command knows: lost contact, people counted, the word on its way"),
    Bin("decision", "waiting for decision", "等待决策", "#74c476", "command knows and has not decided yet"),
)  # fmt: skip
"""From the hazard to the decision."""

_SENT = (
    Bin("turnout", "turnout", "出动准备", "#a63603", "from the order to leaving the base"),
    Bin("travel", "travel", "途中行驶", "#bcbddc", "by road, water or air, on foot to a shelter"),
    Bin("closed", "road closed and detour", "道路中断与绕行", "#756bb1",
        "after turning round at a closed road, standing without a way, or nobody sent because no way was known"),
    Bin("held", "night, weather, smoke or a full sky", "夜间、天气、烟雾或空域等待", "#54278f",
        "aircraft that could not fly, drop or come near"),
    Bin("rest", "refuelling, rest or repair", "加油、休整或修理", "#fbb4d9", "while under way or before setting out"),
    Bin("loading", "loading or dock queue", "装载或排队", "#c51b8a", "at a depot: staff, queue at the dock, load"),
    Bin("stock", "stock missing", "物资不足", "#7a0177", "no depot had the goods"),
    Bin("unloading", "unloading", "卸载发放", "#d9d9d9", "at the place, until the goods are handed over"),
    Bin("walking", "walking to the line", "徒步接近火线", "#969696", "crews of a fire on foot between road and line"),
    Bin("working", "working", "现场作业", "#636363",
        "launching, boarding, treating, fighting; the work that the clock waits for is under way"),
    Bin("never", "never served", "始终未得到服务", "#252525", "nobody had asked for it, or nobody could any more"),
)  # fmt: skip
"""From the order to the hand-over."""


def free_bin(kind: str) -> str:
    """Key of the bin of waiting for a free responder of a kind."""
    return f"free_{kind}"


def _free(kind: Kind) -> Bin:
    name, name_zh = f"waiting for a free {kind.noun.one}", f"等待空闲{kind.noun.zh}"
    colour = kind.waiting_colour or kind.colour
    return Bin(free_bin(kind.name), name, name_zh, colour, "who went was busy or not yet released")


BINS = Derived(lambda: {bin_.key: bin_ for bin_ in (*_ASKED, *map(_free, of_role("responder")), *_SENT)})
"""Key -> bin, all in the order in which they are shown: from the hazard to the hand-over."""

NUMBER = Derived(lambda: {key: number for number, key in enumerate(BINS)})
"""Key of a bin -> its number."""

BUSY, UNABLE, NOT_RELEASED = 1, 2, 3
NOTES = ("", "busy", "unable", "not_released")
"""Why somebody had to be waited for: all busy; some idle but none able (no way, range, skill); not yet there."""
NOTE_WORDS = (
    ("", ""),
    ("busy", "忙于其他任务"),
    ("idle, not able to go", "空闲但无法前往"),
    ("not yet set free or there", "尚未可调派"),
)
"""The notes in English and Chinese."""
