"""The words of the local pages, English and Chinese."""

from __future__ import annotations

WORDS: dict[str, tuple[str, str]] = {
    "stored_runs": ("Stored runs", "已存结果"), "language": ("中文", "English"), "other": ("zh", "en"),
    "search": ("Name contains", "名称包含"), "verdict": ("Obligations", "义务指标"), "filter": ("Show", "筛选"),
    "all": ("all", "全部"), "any_not_met": ("some not met", "有未达到"),
    "any_undecided": ("some undecided", "有未判定"),
    "all_met": ("all met", "全部达到"), "damaged": ("damaged", "已损坏"), "cut_short": ("cut short", "未完成"),
    "run": ("Run", "运行"), "sweep": ("experiment", "实验"), "scenario": ("Scenario", "情景"),
    "hazard": ("Hazard", "灾种"),
    "flood": ("flood", "洪水"), "wildfire": ("forest fire", "森林火灾"), "replications": ("Replications", "重复次数"),
    "seed": ("Seed", "随机种子"), "ended": ("Ended (UTC)", "结束时间（UTC）"), "open": ("Open", "打开"),
    "compare": ("Compare", "对比"), "compare_two": ("Compare two runs", "对比两次运行"), "first": ("First", "甲"),
    "second": ("Second", "乙"), "none": ("There is no run here that fits.", "没有符合条件的结果。"),
    "met": ("met", "达到"), "not met": ("not met", "未达到"), "undecided": ("undecided", "未判定"),
    "not measured": ("not measured", "未测量"), "clause": ("Clause", "指标"), "plan": ("Plan", "预案"),
    "estimate": ("Held in, or value", "达到比例或数值"), "decided": ("Verdict", "判定"),
    "required": ("Required", "要求"), "obligation": ("obligation", "义务"),
    "comparison": ("comparison", "对照"), "report": ("Report", "报告"), "replay": ("Replay", "回放"),
    "median": ("middle course", "中位过程"), "worst": ("worst course", "最差过程"), "course": ("replication", "重复"),
    "back": ("All runs", "全部结果"), "measure": ("Median over replications", "各次重复的中位数"),
    "problem": ("Cannot be shown", "无法显示"),
    "no_verdicts": ("No verdicts: the run was cut short.", "无判定：运行未完成。"),
    "waiting": ("Building a page can take some seconds.", "生成页面可能需要数秒。"),
    "affected": ("people affected", "受影响人数"), "moved_before_impact": ("moved before impact", "提前转移人数"),
    "trapped": ("trapped", "被困人数"), "rescued": ("rescued", "救出人数"), "died": ("deaths", "死亡人数"),
    "share_relieved_10h": ("relieved within 10 h", "10小时内获救助比例"),
    "relief_p95_h": ("relief of 95 %, hours", "95%获救助用时（小时）"),
    "late_person_h": ("late person-hours", "超时人时"), "burned_ha": ("burned, ha", "过火面积（公顷）"),
}  # fmt: skip
MEASURES = (
    "affected", "moved_before_impact", "trapped", "rescued", "died", "share_relieved_10h", "relief_p95_h",
    "late_person_h", "burned_ha",
)  # fmt: skip
"""Metrics set side by side, where a run has them."""
