"""What the charts say, in English and in Chinese."""

from __future__ import annotations

from typing import Literal

from simrescue.units import write_hours

Language = Literal["en", "zh"]

_WORDS: dict[str, tuple[str, str]] = {
    "map": ("Time to basic relief, place by place", "各地获得基本生活救助的时间"),
    "curves": ("How fast relief comes, and how many are trapped", "救助进度与被困人数"),
    "responses": ("From report to first responder on the spot", "从接报到救援力量首次到场的时间"),
    "verdicts": ("Does the plan keep its promises?", "预案指标判定"),
    "within": ("relieved within {}", "{}内得到救助"),
    "later": ("later", "更晚"),
    "never": ("not by the end", "至结束仍未得到救助"),
    "untouched": ("not affected in most replications", "多数重复中未受灾"),
    "relief classes": (
        "95 % of affected people\n(median over replications)",
        "95%受灾群众得到救助\n（各次重复的中位数）",
    ),
    "depth": ("Deepest water (median)", "最大水深（中位数）"),
    "sites": ("Sites", "设施"),
    "shelter": ("shelter", "避难场所"),
    "depot": ("depot", "储备库"),
    "base": ("base", "驻地"),
    "landing_site": ("landing site", "起降点"),
    "road": ("road, thicker = higher class", "道路，越粗等级越高"),
    "flooded road": ("floods in most replications", "多数重复中被淹"),
    "share relieved": ("Affected people relieved", "已得到救助的受灾群众"),
    "hours since": ("Hours since the flood reached the people's village", "自洪水影响其所在村庄起的小时数"),
    "trapped": ("People trapped", "被困人数"),
    "clock": ("Local time", "当地时间"),
    "median": ("median of {} replications", "{}次重复的中位数"),
    "band": ("5 % to 95 % of replications", "重复的5%至95%区间"),
    "limit": ("limit {}", "时限{}"),
    "comparison limit": ("{} (comparison)", "{}（对照）"),
    "requests": ("Requests answered within so many hours", "在该时间内已有人到场的需求"),
    "hours to arrive": ("Hours from report to arrival", "从接报到到场的小时数"),
    "unserved": ("No responder came", "无救援力量到场"),
    "of requests": (
        "Share of requests (unmet, or the need passed first)",
        "占全部需求的比例（未满足，或需求先已解除）",
    ),
    "half and most": ("{}: half within {}, 95 % within {} (n = {})", "{}：半数{}内，95%{}内（n = {}）"),
    "team": ("team", "队伍"),
    "boat": ("boat", "舟艇"),
    "truck": ("truck", "运输车"),
    "helicopter": ("helicopter", "直升机"),
    "evacuate": ("evacuation", "转移避险"),
    "rescue": ("rescue", "救援"),
    "relief": ("relief", "物资"),
    "medical": ("medical", "医疗"),
    "reconnaissance": ("reconnaissance", "侦察"),
    "obligation": ("Obligations of the plan", "规划指标（义务）"),
    "comparison": ("Comparison lines (no obligation here)", "对照标准（非本地义务）"),
    "not measured group": ("Not measured by this model", "本模型尚不能测量"),
    "met": ("met", "达到"),
    "not met": ("not met", "未达到"),
    "undecided": ("undecided", "未定"),
    "not measured": ("not measured", "未测"),
    "holds in": ("Share of replications in which the clause holds", "指标成立的重复占比"),
    "required": ("required", "要求"),
    "interval": ("estimate and interval", "估计值与区间"),
    "from the scenario": ("{} (from the scenario alone)", "{}（由情景直接判定）"),
    "no data": ("Nothing to show: no such event happened", "没有可显示的内容：未发生此类事件"),
    "replications": ("{} replications, seed {}", "{}次重复，随机种子{}"),
    "variant": ("variant {}", "方案变体{}"),
}


def say(key: str, lang: Language, *values: object) -> str:
    """The words for a key in a language, with values in their places. Raises KeyError for an unknown key."""
    return _WORDS[key][lang == "zh"].format(*values)


def hours(value: float, lang: Language) -> str:
    """A duration: "1 h 20 min", "1小时20分钟"."""
    written = write_hours(value)
    if lang == "en":
        return written
    return (
        written.replace(" ", "").replace("h", "小时").replace("min", "分钟").replace("s", "秒").replace("never", "从未")
    )


def width(text: str) -> int:
    """Width of a line in columns; a Chinese character is two wide."""
    return sum(2 if ord(character) > 0x2E80 else 1 for character in text)


def wrap(text: str, columns: int) -> str:
    """Text in lines of at most so many columns, broken at blanks or beside Chinese characters."""
    lines = [""]
    for piece in _pieces(text):
        if lines[-1] and width(lines[-1]) + width(piece.rstrip()) > columns:
            lines.append("")
        lines[-1] += piece if lines[-1] else piece.lstrip()
    return "\n".join(line.strip() for line in lines)


def _pieces(text: str) -> list[str]:
    pieces = [""]
    for character in text:
        last = pieces[-1][-1:]
        breakable = last == " " or width(character) == 2 or width(last) == 2
        if last and breakable and character not in "，。：；、）」》%":
            pieces.append("")
        pieces[-1] += character
    return pieces
