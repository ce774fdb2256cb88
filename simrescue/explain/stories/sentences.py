"""What stories say: for each kind of event a sentence in English and in Chinese, and one for many alike.

In braces: `who` (the subject), `where` (the place), `people`, `amount`, `item`; in a sentence for many also `count`,
`those` (who they were, counted by kind), `items` (all that were named) and `last` (the amount of the last).
"""

from __future__ import annotations

from typing import NamedTuple

from simrescue.events import EventKind as Kind
from simrescue.responders import RECONNAISSANCE, WATER_DROP

Words = tuple[str, str]
"""English, Chinese."""

NEED_WORDS: tuple[Words, ...] = (
    ("food", "食品"), ("clothing", "衣被"), ("water", "饮用水"), ("shelter", "临时住所"), ("medical supplies",
     "医药用品"),
)  # fmt: skip
TASK_WORDS: tuple[Words, ...] = (
    ("transport for those leaving", "转移接送"), ("rescue", "救援"), ("relief goods", "救灾物资"),
    ("medical care", "医疗救治"), ("reconnaissance", "侦察"), ("hands against the fire", "扑火力量"),
    ("water from the air", "吊桶洒水"),
)  # fmt: skip
STATE_WORDS: tuple[Words, ...] = (
    ("at home", "在家"), ("on the road", "在途"), ("in shelters", "在避难场所"), ("stranded", "滞留"),
    ("trapped", "被困"), ("aboard with a crew", "在救援力量车船上"), ("dead", "死亡"),
)  # fmt: skip
FIRE_STATES: tuple[Words, ...] = (
    ("burning", "燃烧中"), ("contained", "已合围"), ("controlled", "已控制"), ("out", "已熄灭"), ("off the map",
     "越出地图"),
)  # fmt: skip

ITEMS: dict[str, tuple[Words, ...]] = {
    "need": NEED_WORDS,
    "task": TASK_WORDS,
    "state": STATE_WORDS,
    "fire": FIRE_STATES,
    "held": (("darkness", "夜间"), ("weather", "天气"), ("the crew's hours", "机组飞行时限")),
    "level": (("", ""), ("I", "Ⅰ级"), ("II", "Ⅱ级"), ("III", "Ⅲ级"), ("IV", "Ⅳ级")),
    "people": (("trapped", "被困"), ("stranded", "滞留"), ("waiting", "待转移")),
    "means": (
        ("a satellite", "卫星"), ("a lookout", "瞭望塔"), ("a camera", "视频监控"), ("a patrol", "地面巡护"),
        ("a drone", "无人机"), ("residents", "群众报警"),
    ),
    "by": (("flames", "火焰"), ("thick smoke", "浓烟")),
    "why": (
        ("danger", "危险"), ("end of the shift", "换班"), ("no longer needed", "任务解除"),
        ("nothing left that it could do", "无法施展"), ("relieved", "被接替"),
    ),
    "method": (("directly", "直接扑打"), ("in parallel", "平行开设"), ("from afar", "间接开设"), ("with water",
     "以水灭火")),
    "more": (("people", "人"), ("aircraft", "架航空器")),
    "stock": (("used up", "耗尽"), ("lost", "损毁")),
}  # fmt: skip
"""Words for what `item` is the index of (`EventKind.item`), where a sentence names it."""


class Template(NamedTuple):
    """How one kind of event is told."""

    one: Words
    many: Words | None = None
    """For three or more alike; None: each is told by itself."""


TEMPLATES: dict[Kind, Template] = {
    Kind.LIVES: Template(("Residents of {where}: {people}.", "{where}有居民{people}。")),
    Kind.WATER_ARRIVES: Template(
        ("Water reaches {where}, {amount} deep.", "洪水进入{where}，水深{amount}。")),
    Kind.WATER_RISES: Template(
        ("The water in {where} has risen to {amount}.", "{where}水深涨至{amount}。"),
        ("The water in {where} rises to {last}.", "{where}水深逐步涨至{last}。")),
    Kind.WATER_DEEPENS: Template(
        ("The water in {where} is {amount} deep.", "{where}水深达{amount}。"),
        ("The water in {where} deepens to {last}.", "{where}水深逐步达到{last}。")),
    Kind.WATER_FALLS: Template(
        ("The water in {where} has fallen to {amount}.", "{where}水深退至{amount}。"),
        ("The water in {where} falls to {last}.", "{where}水深逐步退至{last}。")),
    Kind.WATER_LEAVES: Template(("{where} is dry again.", "{where}积水退尽。")),
    Kind.ROAD_CLOSES: Template(("{who} is {item}.", "{who}{item}。")),
    Kind.ROAD_OPENS: Template(("{who} is no longer {item}.", "{who}不再{item}。")),
    Kind.ISOLATED: Template(("The last open road to {who} is cut.", "通往{who}的最后一条道路中断。")),
    Kind.REACHABLE: Template(("A road to {who} is open again.", "通往{who}的道路恢复通行。")),
    Kind.CONTACT_LOST: Template(("Contact with {who} is lost.", "与{who}失去联系。")),
    Kind.CONTACT_RESTORED: Template(("{who} can be reached again.", "与{who}恢复联系。")),
    Kind.LEVEL_RAISED: Template(("Response level {item} is declared.", "启动{item}响应。")),
    Kind.FORECAST: Template(("The forecast warns {who}.", "预报预警覆盖{who}。")),
    Kind.ORDERED: Template(("The order to leave {who} is given.", "对{who}下达转移命令。")),
    Kind.CALLED_OUT: Template(("The officers of {who} are called.", "对{who}负责人叫应。")),
    Kind.ANSWERED: Template(("The officers of {who} answer.", "{who}负责人应答。")),
    Kind.WARNED: Template(
        ("The warning reaches {people} in {who}.", "{who}{people}收到预警。"),
        ("The word goes round in {who} and reaches {people}.", "预警在{who}逐步传开，共{people}收到。")),
    Kind.REFUSE: Template(
        ("{people} in {who} will not leave.", "{who}{people}不愿转移。"),
        ("{people} in {who} will not leave.", "{who}共{people}不愿转移。")),
    Kind.LEAVE: Template(
        ("Setting out from {who} for {where}: {people}.", "{who}{people}前往{where}。"),
        ("Setting out from {who} for shelters: {people}, in {count} groups.",
         "{who}共{people}分{count}批前往避难场所。")),
    Kind.ARRIVE_SHELTER: Template(
        ("Arriving at {where} from {who}: {people}.", "{who}{people}到达{where}。"),
        ("Arriving at shelters from {who}: {people}, in {count} groups.", "{who}共{people}分{count}批到达避难场所。")),
    Kind.TURNED_AWAY: Template(
        ("{where} is full and sends on {people} from {who}.", "{where}已满，{who}{people}被引往他处。"),
        ("Full shelters send on {people} from {who}.", "避难场所已满，{who}共{people}被引往他处。")),
    Kind.TURN_BACK: Template(
        ("No way is left for {people} from {who}: back home.", "{who}{people}无路可走，折返。"),
        ("No way is left for {people} from {who}, in {count} groups: back home.",
         "{who}共{people}分{count}批无路可走，折返。")),
    Kind.SHELTER_OPENS: Template(("{who} opens.", "{who}开放。")),
    Kind.SHELTER_CLOSES: Template(
        ("{who} has to close with {people} inside.", "{who}被迫关闭，内有{people}。")),
    Kind.SENT_ON: Template(
        ("{where} has no bed for {people} from {who}: on to where there are some.",
         "{where}无床位，{who}{people}转往有床位的避难场所。"),
        ("On from overfull shelters to free beds: {people} from {who}.",
         "{who}共{people}从超员避难场所转往空余床位。")),
    Kind.STRANDED: Template(
        ("Stranded in {who}: {people}.", "{who}{people}滞留。"),
        ("Stranded in {who}: {people}.", "{who}先后{people}滞留。")),
    Kind.TRAPPED: Template(
        ("Trapped in {who}: {people}.", "{who}{people}被困。"),
        ("Trapped in {who}: {people}.", "{who}先后{people}被困。")),
    Kind.FREED: Template(("Out of danger in {who}: {people}.", "{who}{people}脱险。")),
    Kind.INJURED: Template(
        ("Injured in {who}: {people}.", "{who}{people}受伤。"),
        ("Injured in {who}: {people}.", "{who}先后{people}受伤。")),
    Kind.TREATED: Template(
        ("Injured treated at {who}: {people}.", "{who}伤员{people}得到救治。"),
        ("Injured treated: {people}.", "伤员共{people}得到救治。")),
    Kind.DIED: Template(
        ("Lives lost in {who}: {people}.", "{who}{people}遇难。"),
        ("Lives lost in {who}: {people}.", "{who}先后{people}遇难。")),
    Kind.CALL: Template(("A call for help comes from {where}: {item}.", "{where}来电求助：{item}。")),
    Kind.CALL_LOST: Template(("The caller at {where} rings off.", "{where}求助者挂断。")),
    Kind.NEVER_REPORTED: Template(
        ("Nobody ever heard what {where} needed: {item}.", "{where}的需要始终无人知晓：{item}。")
    ),
    Kind.REPORTED: Template(
        ("Command hears that {where} needs {item} ({people}).", "指挥部获悉{where}需要{item}（{people}）。")),
    Kind.REQUEST_CLOSED: Template(
        ("The request of {where} for {item} is closed.", "{where}的{item}需求关闭。"),
        ("Requests of {where} are closed: {items}.", "{where}的需求关闭：{items}。")),
    Kind.NO_RESPONDER: Template(
        ("Nobody idle can serve the request of {where} for {item}.", "没有空闲力量能满足{where}的{item}需求。"),
        ("Nobody idle can serve the requests of {where}: {items}.", "没有空闲力量能满足{where}的需求：{items}。")),
    Kind.NO_STOCK: Template(
        ("{who} finds no goods for {where} in stock.", "{who}未能为{where}取到库存物资。"),
        ("No goods in stock for {where}: {those}.", "{those}未能为{where}取到库存物资。")),
    Kind.ASSIGNED: Template(
        ("{who} is sent to {where}: {item}.", "派{who}前往{where}：{item}。"),
        ("Sent to {where}: {those} ({count} missions: {items}).", "派{those}前往{where}（{count}次任务：{items}）。")),
    Kind.RELEASED: Template(("{who} is set free.", "{who}可供调派。")),
    Kind.UNSERVICEABLE: Template(("{who} is in maintenance.", "{who}检修停用。")),
    Kind.STANDS: Template(("{who} stands at {where}.", "{who}驻{where}。")),
    Kind.TURNS_OUT: Template(("{who} leaves {where}.", "{who}从{where}出动。")),
    Kind.SETS_OFF: Template(
        ("{who} sets off for {where}.", "{who}前往{where}。"),
        ("{who} sets off {count} times.", "{who}共{count}次出发。")),
    Kind.ARRIVES: Template(
        ("{who} arrives at {where}.", "{who}到达{where}。"),
        ("Arrivals at {where}: {those}, {count} times.", "{those}到达{where}，共{count}次。")),
    Kind.TURNS_ROUND: Template(
        ("A closed road ({where}) turns back {who}.", "{who}遇道路中断（{where}），掉头绕行。"),
        ("Closed roads turn back {those}, {count} times.", "{those}遇道路中断掉头，共{count}次。")),
    Kind.CALLED_OFF: Template(("{who} is called off.", "{who}奉命改派或撤回。")),
    Kind.GIVES_UP: Template(
        ("{who} finds no way to {where}.", "{who}找不到通往{where}的路。"),
        ("No way known to {where} for {those}, {count} times.", "{those}找不到通往{where}的路，共{count}次。")),
    Kind.WAITS_DOCK: Template(
        ("{who} waits at {where} to load.", "{who}在{where}等待装载。"),
        ("Waiting to load at {where}: {those}, {count} times.", "{those}在{where}等待装载，共{count}次。")),
    Kind.LOADED: Template(
        ("{who} has loaded {item} at {where}.", "{who}在{where}装载{item}。"),
        ("Loaded at {where}: {items}, by {those}.", "{those}在{where}装载{items}。")),
    Kind.PICKS_UP: Template(
        ("{who} takes {people} aboard at {where} ({item}).", "{who}在{where}接上{people}（{item}）。"),
        ("Taken aboard at {where}: {people}, by {those}, in {count} trips.",
         "{those}在{where}分{count}次接走{people}。")),
    Kind.SETS_DOWN: Template(
        ("{who} sets {people} down at {where}.", "{who}将{people}送达{where}。"),
        ("Set down at {where}: {people}, by {those}, in {count} trips.", "{those}分{count}次将{people}送达{where}。")),
    Kind.DELIVERS: Template(
        ("{who} delivers {item} at {where}.", "{who}向{where}交付{item}。"),
        ("Delivered at {where}: {items}, by {those}.", "{those}向{where}交付{items}。")),
    Kind.RETURNS: Template(("{who} sets off home.", "{who}返程。")),
    Kind.RESTS: Template(("{who} rests for {amount}.", "{who}休整{amount}。")),
    Kind.BREAKS_DOWN: Template(("{who} breaks down.", "{who}发生故障。")),
    Kind.REPAIRED: Template(("{who} is repaired.", "{who}修复。")),
    Kind.REFUELS: Template(("{who} refuels at {where}.", "{who}在{where}加油。")),
    Kind.HELD: Template(
        ("{who} is held back by {item} for {amount}.", "{who}因{item}待命{amount}。")),
    Kind.SEES: Template(("{who} looks at how things stand in {where}.", "{who}查明{where}情况。")),
    Kind.SERVED: Template(("{who} has done what {where} called for.", "{who}完成{where}的求助任务。")),
    Kind.NEEDS: Template(
        ("{where} asks for {item}.", "{where}请求{item}。"),
        ("{where} asks for {items}.", "{where}请求{items}。")),
    Kind.MET: Template(
        ("{item} for {people} in {where}.", "{where}{people}得到{item}。"),
        ("Provided for in {where}: {items}.", "{where}得到{items}保障。")),
    Kind.RELIEVED: Template(
        ("Everybody in {where} has basic relief: {people}.", "{where}基本生活救助到位：{people}。")),
    Kind.LAPSES: Template(
        ("In {where} {people} are left without: {item}.", "{where}{people}的{item}中断。"),
        ("{where} runs out: {items}.", "{where}的{items}中断。")),
    Kind.FETCHED: Template(
        ("People of {who} fetch on foot from {where}: {item}.", "{who}群众步行到{where}领取{item}。"),
        ("People of {who} fetch on foot from {where}: {items}.", "{who}群众步行到{where}领取{items}。")),
    Kind.OWN_STOCK: Template(
        ("In {who} {people} can live on what they have for {amount}.", "{who}{people}家中存粮可维持{amount}。")),
    Kind.OWN_STOCK_ENDS: Template(("Own stock in {who} is {item}.", "{who}家中存粮{item}。")),
    Kind.IGNITES: Template(("A fire begins at {who}.", "{who}起火。")),
    Kind.SPOTS: Template(
        ("An ember starts a new front of {who}.", "{who}飞火引燃新火头。"),
        ("Embers start {count} new fronts of {who}.", "{who}飞火引燃{count}处新火头。")),
    Kind.DETECTED: Template(
        ("The fire at {who} is seen by {item} ({amount}).", "{item}发现{who}火情（{amount}）。")),
    Kind.AREA: Template(
        ("The fire at {who} covers {amount} ({item}).", "{who}火场面积{amount}（{item}）。"),
        ("The fire at {who} has reached {last}.", "{who}火场面积达{last}。")),
    Kind.CONTAINED: Template(
        ("The fire at {who} is contained at {amount}.", "{who}火场合围，面积{amount}。")),
    Kind.CONTROLLED: Template(("The fire at {who} is mopped up.", "{who}火场清理完毕，得到控制。")),
    Kind.FIRE_OUT: Template(("The fire at {who} is out.", "{who}明火全部熄灭。")),
    Kind.ESCAPED: Template(("The fire at {who} has got away.", "{who}火场失控。")),
    Kind.REKINDLES: Template(
        ("The fire at {who} breaks out again.", "{who}复燃越线。"),
        ("The fire at {who} breaks out {count} times.", "{who}复燃越线{count}次。")),
    Kind.FIRE_ARRIVES: Template(("Flames reach {where}.", "火头到达{where}。")),
    Kind.PLACE_LOST: Template(("{where} is buried or torn away.", "{where}被掩埋或冲毁。")),
    Kind.FIRE_LEAVES: Template(("Nothing burns at {where} any more.", "{where}火已过境。")),
    Kind.SMOKE_ARRIVES: Template(("Thick smoke lies over {where}.", "浓烟笼罩{where}。")),
    Kind.SMOKE_LEAVES: Template(("The smoke over {where} is gone.", "{where}浓烟散去。")),
    Kind.EXPOSED: Template(
        ("Still in {who} when {item} come: {people}.", "{item}到达时{who}仍有{people}。")),
    Kind.FRONT_NEARS: Template(("Command expects the front at {who}.", "指挥部判断火头将逼近{who}。")),
    Kind.WALKS_IN: Template(
        ("{who} walks in to the fire at {where}.", "{who}徒步进入{where}火场。"),
        ("Walking in to the fire at {where}: {those}.", "{those}徒步进入{where}火场。")),
    Kind.TAKES_POST: Template(
        ("{who} begins to work on the line at {where} ({item}).", "{who}在{where}火线展开（{item}）。"),
        ("Work on the line at {where}: {those}, {count} spells.", "{those}在{where}火线作业，共{count}班次。")),
    Kind.WITHDRAWS: Template(
        ("{who} leaves the line at {where}: {item}.", "{who}因{item}撤出{where}火线。"),
        ("Leaving the line at {where}: {those}, {count} times.", "{those}撤出{where}火线，共{count}次。")),
    Kind.OVERRUN: Template(("The front reaches {who}: {people}.", "火头包围{who}：{people}。")),
    Kind.FILLS: Template(
        ("{who} fills its bucket at {where}.", "{who}在{where}取水。"),
        ("Buckets filled at {where}: {those}, {count} times.", "{those}在{where}取水{count}次。")),
    Kind.DROPS: Template(
        ("{who} drops water on {where}.", "{who}向{where}洒水。"),
        ("Water dropped on {where}: {count} loads, by {those}.", "{those}向{where}洒水{count}桶。")),
    Kind.SMOKED_OUT: Template(
        ("Smoke keeps {who} from dropping at {where}.", "烟雾使{who}无法在{where}洒水。"),
        ("Smoke keeps {those} from dropping at {where}, {count} times.", "烟雾使{those}{count}次无法在{where}洒水。")),
    Kind.REINFORCES: Template(
        ("Command wants {number} {item} at {where}.", "指挥部要求{where}增至{number}{item}。")),
    Kind.STAGES: Template(("Crews are to gather at {other}.", "力量集结点定在{other}。")),
    Kind.UNMET: Template(
        ("Still open at the end: {item} for {where}.", "至结束仍未满足：{where}的{item}。"),
        ("Still open at the end for {where}: {items}.", "至结束{where}仍未满足：{items}。")),
    Kind.ENDS: Template(("At the end {item}: {people} of {who}.", "结束时{who}{people}{item}。")),
}  # fmt: skip
"""Kinds that are told; the others stand behind those."""

SPECIAL: dict[tuple[Kind, int], Template] = {
    (Kind.DELIVERS, -1): Template(
        ("People of {where} have carried home: {item}.", "{where}群众徒步运回{item}。"),
        ("People of {where} have carried home: {items}.", "{where}群众徒步运回{items}。")),
    (Kind.REPORTED, -1): Template(("Command hears of the fire at {where}.", "指挥部接报{where}火情。")),
    (Kind.REPORTED, RECONNAISSANCE): Template(
        ("Command wants somebody to look at {where}.", "指挥部要求查明{where}情况。")),
    (Kind.REPORTED, WATER_DROP): Template(
        ("Command wants water from the air at {where} ({number} aircraft).",
         "指挥部要求对{where}吊桶洒水（{number}架）。")),
}  # fmt: skip
"""Kinds that are told otherwise for one item (-1: a row without a request)."""


def template_of(kind: Kind, item: int, request: int) -> Template:
    """The template for one event. Raises KeyError for a kind that is not told."""
    return SPECIAL.get((kind, item if request >= 0 else -1)) or TEMPLATES[kind]
