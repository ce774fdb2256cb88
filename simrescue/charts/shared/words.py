"""What the charts say, in English and in Chinese."""

from __future__ import annotations

from typing import Literal

from simrescue.records import Kind
from simrescue.units import write_hours

Language = Literal["en", "zh"]

_WORDS: dict[str, tuple[str, str]] = {
    "map": ("Time to basic relief, place by place", "各地获得基本生活救助的时间"),
    "curves": ("How fast relief comes, and how many are trapped", "救助进度与被困人数"),
    "responses": ("From report to first responder on the spot", "从接报到救援力量首次到场的时间"),
    "verdicts": ("Does the plan keep its promises?", "预案指标判定"),
    "fire_map": ("When it burned, what stood against it, what it came to", "过火时间、扑救与受威胁村庄"),
    "fire_size": ("How the fire grows and is held", "火场发展与控制过程"),
    "fire_forces": ("Who is at the fire, and what they get done", "火场力量与扑救进展"),
    "no logs": ("No event logs are kept: the map needs them", "未保存事件日志，无法绘图"),
    "burned within": (
        "Burned within (replication {},\nthe one of middle area)",
        "起火后过火用时\n（第{}次重复，过火面积居中）",
    ),
    "line": ("line built", "隔离带"),
    "wetted": ("wetted by drops", "吊桶洒水处"),
    "villages": ("Villages", "村庄"),
    "caught": ("flames, people still there", "明火到达时仍有人未撤"),
    "moved in time": ("flames, everybody gone", "明火到达前已全部撤离"),
    "smoke": ("thick smoke only", "仅受浓烟影响"),
    "not reached": ("not reached", "未受影响"),
    "gathering": ("where crews gather", "集结点"),
    "edge of landscape": ("edge of the landscape", "地形数据边界"),
    "burning road": ("closed by flames or smoke", "因明火或浓烟中断"),
    "chance of burning": ("Chance of burning ({} replications)", "过火概率（{}次重复）"),
    "burned area": ("Burned area", "过火面积"),
    "fire edge": ("Length of the edge", "火场周长"),
    "steps": (
        "Steps of the response (right: share of replications in which they come)",
        "处置进程（右侧：出现该步的重复占比）",
    ),
    "step began": ("first fire begins", "首个火点起火"),
    "step reported": ("first report", "首次接报"),
    "step staged": ("first crew walks in", "首支队伍徒步进山"),
    "step on_line": ("first crew on the line", "首支队伍到火线"),
    "step by_air": ("first aircraft", "首架飞机到达"),
    "step dropped": ("first drop", "首次洒水"),
    "step contained": ("all contained", "全部合围"),
    "step controlled": ("all mopped up", "全部清理完毕"),
    "step out": ("all out", "全部熄灭"),
    "area limit": ("largest fire {} ha", "最大单起火灾{}公顷"),
    "persons_on_line": ("People on the line", "火线人数"),
    "line_km": ("Line built so far, km", "已建隔离带（公里）"),
    "aircraft": ("Aircraft dropping water (in the past hour)", "洒水飞机架数（过去1小时）"),
    "water_t": ("Water dropped so far, t", "累计洒水量（吨）"),
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
    "evacuate": ("evacuation", "转移避险"),
    "rescue": ("rescue", "救援"),
    "relief": ("relief", "物资"),
    "medical": ("medical", "医疗"),
    "reconnaissance": ("reconnaissance", "侦察"),
    "suppression": ("people on the fire line", "火线扑救"),
    "water_drop": ("water from the air", "航空洒水"),
    "obligation": ("Obligations of the plan", "规划指标（义务）"),
    "comparison": ("Comparison lines (no obligation here)", "对照标准（非本地义务）"),
    "left out": ("{} more not measured: verdicts.csv tells why", "另有{}项未测，原因见 verdicts.csv"),
    "met": ("met", "达到"),
    "not met": ("not met", "未达到"),
    "undecided": ("undecided", "未定"),
    "not measured": ("not measured", "未测"),
    "holds in": ("Share of replications in which the clause holds", "指标成立的重复占比"),
    "required": ("required", "要求"),
    "at best": ("most that any dispatch keeps", "任何调度的上限"),
    "interval": ("estimate and interval", "估计值与区间"),
    "from the scenario": ("{} (from the scenario alone)", "{}（由情景直接判定）"),
    "no data": ("Nothing to show: no such event happened", "没有可显示的内容：未发生此类事件"),
    "replications": ("{} replications, seed {}", "{}次重复，随机种子{}"),
    "variant": ("variant {}", "方案变体{}"),
}


def say(key: str, lang: Language, *values: object) -> str:
    """The words for a key in a language, with values in their places. Raises KeyError for an unknown key."""
    return _WORDS[key][lang == "zh"].format(*values)


def noun_of(kind: Kind, lang: Language) -> str:
    """What one thing of a kind is called."""
    return kind.noun.zh if lang == "zh" else kind.noun.one


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
