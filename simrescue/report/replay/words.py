"""All words of the replay page, English and Chinese, as data: the page's script asks for them by key."""

from __future__ import annotations

WORDS: dict[str, tuple[str, str]] = {
    "replay": ("Replay", "推演回放"),
    "replication": ("replication {}", "第{}次重复"),
    "language": ("中文", "English"),
    "play": ("Play", "播放"),
    "pause": ("Pause", "暂停"),
    "speed": ("Speed", "速度"),
    "per_second": ("{} of the event in a second", "每秒{}"),
    "time": ("Time", "时间"),
    "map": ("Map of roads, places and responders", "道路、地点与救援力量地图"),
    "curves": ("Curves", "曲线"),
    "show": ("Show", "显示"),
    "legend": ("Legend", "图例"),
    "moments": ("Key moments", "关键时刻"),
    "find": ("Find a place or responder", "查找地点或力量"),
    "nothing_found": ("Nothing of that name.", "没有找到。"),
    "close": ("Close", "关闭"),
    "story": ("What happened", "经过"),
    "no_story": ("Nothing happened here.", "此处未发生事件。"),
    "why": ("Where the late hours went", "超时原因"),
    "person_h": ("{} person-hours", "{}人时"),
    "now": ("Now", "此刻"),
    "keys": (
        "Space: play or pause · arrows: 15 min back or on, with Shift 1 h · Home, End · , and . slower, faster",
        "空格：播放/暂停 · 左右键：前后15分钟（加Shift为1小时）· Home、End：开始、结束 · 逗号、句号：减速、加速",
    ),
    "no_script": (
        "This page needs a browser of 2023 or later with scripts allowed.",
        "本页面需要2023年以后的浏览器并允许运行脚本。",
    ),
    "note": (
        (
            "Road vehicles take the shortest way by what command knew: the log stores legs, not roads. "
            "One course of events of many: it shows how, not how likely."
        ),
        "道路行驶路线为按当时指挥部所知路况的最短路；事件记录只保存每段起止。回放只是多次重复中的一次，说明过程，不说明概率。",
    ),
    # what the map can show besides the kinds of things
    "water": ("water", "积水"), "fire": ("fire", "火场"), "names": ("names", "名称"),
    "standing": ("standing by", "待命力量"),
    # states of villages
    "quiet": ("not affected", "未受影响"), "warned": ("warned or ordered out", "已预警或下达转移命令"),
    "left": ("people have left", "群众已转移"), "waiting": ("cut off or in water, waiting", "被水围困或断路，待救助"),
    "trapped": ("people trapped", "有人被困"), "relieved": ("cut off, relieved", "受困，基本生活已保障"),
    "flames": ("flames in it", "火已进村"),
    # roads
    "road_closed": ("closed, not yet known", "中断，尚未获知"), "road_known": ("closed, known", "中断，已获知"),
    "road_burning": ("flames or smoke on it", "有火或浓烟"), "road_open": ("open", "通行"),
    # fire
    "burning": ("burning", "燃烧中"), "burned": ("burned", "过火"), "line": ("fire line", "隔离带"),
    "wetted": ("wetted from the air", "空中洒水"), "smoke": ("thick smoke", "浓烟"),
    # counters
    "affected": ("affected so far", "累计受影响"), "share": ("relieved of them", "其中已获救助"),
    "trapped_now": ("trapped now", "当前被困"), "rescued": ("rescued", "累计救出"), "dead": ("deaths", "死亡"),
    "sheltered": ("in shelters", "在避难场所"), "moving": ("under way", "转移途中"),
    "busy": ("responders at work", "出动力量"),
    "area": ("burned, ha", "过火面积（公顷）"), "line_km": ("line built, km", "隔离带（公里）"),
    "crews": ("crews on the line", "在火线队伍"), "drops": ("drops of water", "洒水次数"),
    "home": ("at home", "在家"), "stranded": ("stranded", "受困待援"), "aboard": ("aboard", "运送中"),
    "persons": ("people", "人"), "depth": ("water", "水深"), "inside": ("people inside", "在内人数"),
    "stock": ("stock left", "库存余量"), "idle": ("standing by", "待命"),
    # tasks
    "task_0": ("evacuation", "转移群众"), "task_1": ("rescue", "救援"), "task_2": ("relief", "运送物资"),
    "task_3": ("medical care", "医疗救护"), "task_4": ("reconnaissance", "侦察"),
    "task_5": ("fighting the fire", "扑火"),
    "task_6": ("water drops", "吊桶灭火"),
}  # fmt: skip
"""Key -> English and Chinese; `{}` is filled in by the page."""
