"""What the command shows after a run: verdicts, worst places, recorded against simulated, files."""

from __future__ import annotations

import sys
from itertools import chain
from typing import TYPE_CHECKING, Any

import numpy as np
from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from simrescue.cli.bounds import at_most, best_column, missed_duties
from simrescue.cli.unmeasured import unmeasured_lines
from simrescue.experiment.analysis.flood_spread import told_spread
from simrescue.metrics.summary import LATE_AFTER_H
from simrescue.units import write_hours, write_metres

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import pandas as pd

    from simrescue import Results

WORST = 8
"""Places shown by name; places.parquet has them all."""

SHOWN = {
    "met": ("met 达到", "bold green"),
    "not met": ("not met 未达到", "bold red"),
    "undecided": ("undecided 未定", "bold yellow"),
    "not measured": ("not measured 未测", "dim"),
}
"""Verdict -> how it is written and its colour; the words carry the meaning, the colour only helps."""

SECTIONS = {
    "obligation": "Obligations of the plan 规划指标",
    "comparison": "Comparison lines, no obligation here 对照标准",
}
"""Kind of a clause -> title of its table, in the order shown."""

NUMBERS = {
    "affected": "People affected 受灾人口",
    "trapped": "Trapped 被困",
    "rescued": "Rescued 获救",
    "died": "Died 死亡",
    "share_relieved_10h": "Share relieved within 10 h 10小时内得到救助",
    "relief_p95_h": "Hours until 95 % are relieved 95%得到救助用时",
    "late_person_h": f"Person-hours beyond {LATE_AFTER_H:g} h 超时人时",
    "lapsed_person_h": "Person-hours without, after relief 救助后中断人时",
    "fire_found_h": "Hours until fires are found 发现用时",
    "fire_on_line_h": "Hours from report to crews on the line 接报至到达火线用时",
    "fire_contained_h": "Hours from report to containment 接报至合围用时",
    "burned_ha": "Hectares burned 过火面积",
    "exposed_to_flames": "People caught by flames 明火到达时未撤人数",
}
"""Metric of a replication -> how `batch` calls it; those of fires are shown where there are fires."""


def screen() -> Console:
    """Standard output; wide enough for a table where it is no terminal."""
    return Console(width=None if sys.stdout.isatty() else 150, highlight=False, markup=False)


def plain_table(title: str, *columns: str, right: Sequence[str] = ()) -> Table:
    """An open table whose columns in `right` hold numbers."""
    table = Table(title=title, title_justify="left", title_style="bold", box=box.SIMPLE_HEAD, pad_edge=False)
    for column in columns:
        table.add_column(column, justify="right" if column in right else "left", overflow="fold")
    return table


def both(text: str, text_zh: str) -> Text:
    """A text with its Chinese below it."""
    return Text(text).append(f"\n{text_zh}" if text_zh else "", style="dim")


GIVEN_FIRE = (
    "The fire comes from another model's arrival times: nothing that responders do slows it."
    " 火场到达时间取自其他模型，扑救不影响火势蔓延。"
)


def show_run(results: Results, each: bool = False) -> None:
    """Everything that a planner wants to know first about one run; `each`: also every clause that is not measured."""
    console = screen()
    console.print(_headline(results))
    if results.fire_is_given:
        console.print(GIVEN_FIRE, soft_wrap=True)
    for kind, title in SECTIONS.items():
        chosen = results.verdicts[(results.verdicts["kind"] == kind) & _measured(results.verdicts)]
        if len(chosen):
            console.print(_verdicts(title, chosen))
    for sentence in chain(told_spread(results) or (), *missed_duties(results.verdicts)):
        console.print(sentence, soft_wrap=True)
    if len(left_out := results.verdicts[~_measured(results.verdicts)]):
        _show_unmeasured(console, left_out, each)
    is_fire = "burned_ha" in results.replications
    if len(results.fires):
        console.print(_fires(results))
    if is_fire and np.isfinite(results.places["flames_h"]).any():
        console.print(_threatened(results))
    console.print(_worst_places(results, with_water=not is_fire))
    if len(results.recorded):
        console.print(_recorded(results.recorded))
    for line in _files(results):
        console.print(line, soft_wrap=True)


def show_batch(found: Sequence[Results], labels: Sequence[str]) -> None:
    """Several runs side by side: one row a clause or number, one column a run."""
    console = screen()
    columns = [result.verdicts[_measured(result.verdicts)].set_index(["kind", "plan", "clause"]) for result in found]
    rows = dict.fromkeys(key for column in columns for key in column.index)
    table = plain_table("Verdicts side by side 判定对照", "", "Plan", "Clause", *labels)
    for key in sorted(rows, key=lambda row: list(SECTIONS).index(row[0])):
        cells = [_verdict_and_estimate(column.loc[key]) if key in column.index else Text("-") for column in columns]
        clause = next(column.loc[key] for column in columns if key in column.index)
        table.add_row(key[0], key[1], both(clause["title"], clause["title_zh"]), *cells)
    console.print(table)
    console.print(_numbers(found, labels))
    unmeasured = max(int((~_measured(result.verdicts)).sum()) for result in found)
    console.print(f"{unmeasured} more clauses are not measured: verdicts.csv in each folder tells which and why.")
    for result in found:
        console.print(f"Results: {result.path}", soft_wrap=True)


def _numbers(found: Sequence[Results], labels: Sequence[str]) -> Table:
    table = plain_table("Medians over the replications 各次重复的中位数", "", *labels, right=labels)
    for metric, title in NUMBERS.items():
        if all(metric in result.replications for result in found):
            table.add_row(title, *(_figure(result.replications[metric].median()) for result in found))
    return table


def _measured(verdicts: pd.DataFrame) -> pd.Series[bool]:
    return verdicts["verdict"] != "not measured"


def _headline(results: Results) -> Text:
    manifest = results.manifest
    settings = manifest["scenario"]["settings"]
    title = " ".join(part for part in (settings.get("title") or settings["name"], settings.get("title_zh")) if part)
    variant = manifest["scenario"]["variant"]
    course = f"{manifest['finished']} replications, seed {manifest['seed']}"
    return Text(title, style="bold").append(f"{f', variant {variant}' if variant else ''}: {course}", style="default")


def _verdicts(title: str, verdicts: pd.DataFrame) -> Table:
    best = best_column(verdicts)
    columns = ("Plan", "Clause", "Verdict", "Holds in", "Interval", "Needed", *best)
    table = plain_table(title, *columns, right=("Holds in", "Needed", *best))
    for row in verdicts.to_dict("records"):
        if np.isnan(row["low"]) or not row["replications"]:
            shares = (Text(""), Text(row["reason"], style="dim"), "")
        else:
            between = Text(f"{_percent(row['low'])} to {_percent(row['high'])}")
            shares = (_held_in(row), between, _percent(row["required"]))
        beside = [at_most(row["best"])] if best else []
        table.add_row(
            row["plan"], both(row["title"], row["title_zh"]), _verdict(row["verdict"]), *shares, *beside
        )  # fmt: skip
    return table


def _held_in(row: dict[Any, Any]) -> Text:
    """How often a clause held, also by its second clock, and in how many replications where that is not all."""
    untested, need = row.get("untested", 0), row.get("from_need", np.nan)
    held, n = Text(_percent(row["estimate"])), int(row["replications"])
    if not np.isnan(need):
        held.append(f"\n{_percent(need)} from the need 自需要起", style="dim")
    return held.append(f"\nof {n} tested, {untested:.0f} not 检验{n}次", style="dim") if untested > 0 else held


def _show_unmeasured(console: Console, verdicts: pd.DataFrame, each: bool) -> None:
    """Clauses that are not measured: by reason, or `each` with its own."""
    if each:
        console.print(_not_measured(verdicts))
        return
    for number, line in enumerate(unmeasured_lines(verdicts)):
        console.print(Text(line, style="dim" if number else "bold"), soft_wrap=True)
    console.print()


def _not_measured(verdicts: pd.DataFrame) -> Table:
    table = plain_table("Not measured 未测", "Plan", "", "Clause", "Why")
    for row in verdicts.to_dict("records"):
        clause = Text(row["title_zh"] or row["title"], style="dim")
        table.add_row(
            Text(row["plan"], style="dim"), Text(row["kind"], style="dim"), clause, Text(row["reason"], style="dim")
        )
    return table


def _verdict(verdict: str) -> Text:
    words, style = SHOWN[verdict]
    return Text(words, style=style)


def _verdict_and_estimate(row: Any) -> Text:
    text = _verdict(row["verdict"])
    return text if np.isnan(row["low"]) else text.append(f"\n{_percent(row['estimate'])}", style="default")


def _percent(share: float) -> str:
    return "" if np.isnan(share) else f"{share * 100:.0f} %"


STEPS = {
    "Crew on the line": "on_line_h",
    "Aircraft": "by_air_h",
    "First drop": "dropped_h",
    "Contained": "contained_h",
    "Out": "out_h",
}
"""Column of the table of fires -> the moment whose wait since the report it shows."""


def _fires(results: Results) -> Table:
    """Medians over the replications; waits run from the report, but the first."""
    numbers = ("Found after", *STEPS, "Contained in", "Burned", "5 % to 95 %")
    table = plain_table("Fires, hours after the report 火场（接报后用时）", "Fire", *numbers, right=numbers)
    names = results.things.set_index("index")[["name", "name_zh", "id"]]
    for fire, rows in results.fires.groupby("fire"):
        reported, low, high = rows["reported_h"], *(rows["burned_ha"].quantile((0.05, 0.95)))
        waits = [_wait(rows[moment], reported) for moment in STEPS.values()]
        table.add_row(
            _name(names.loc[fire].to_dict()), _wait(reported, rows["began_h"]), *waits,
            _percent(float(np.isfinite(rows["contained_h"]).mean())), f"{_figure(rows['burned_ha'].median())} ha",
            f"{_figure(low)} to {_figure(high)}",
        )  # fmt: skip
    return table


def _wait(moment: pd.Series[float], start: pd.Series[float]) -> str:
    """The middle wait, as it occurs; what never came waits for ever."""
    waits = np.where(np.isfinite(moment), np.maximum(moment - start.where(np.isfinite(start), moment), 0.0), np.inf)
    return write_hours(float(np.quantile(waits, 0.5, method="inverted_cdf")))


def _threatened(results: Results) -> Table:
    """Villages that flames came to, most people caught first; means over the replications in which they did."""
    numbers = ("Flames in", "Residents", "Moved before", "Still there", "Houses")
    table = plain_table("Villages that flames came to 明火所到村庄", "Village", *numbers, right=numbers)
    places = results.places
    names = results.things.set_index("index")[["name", "name_zh", "id"]]
    hit = places[np.isfinite(places["flames_h"])].groupby("village")
    means = hit[["population", "moved_before", "exposed_to_flames", "houses_exposed"]].mean()
    means["share"] = hit.size() / results.manifest["finished"]
    means = means.sort_values(["exposed_to_flames", "share"], ascending=False, kind="stable").head(WORST)
    for row in means.join(names).to_dict("records"):
        counts = (row[name] for name in ("population", "moved_before", "exposed_to_flames", "houses_exposed"))
        table.add_row(_name(row), _percent(row["share"]), *(f"{count:,.0f}" for count in counts))
    return table


def _worst_places(results: Results, *, with_water: bool) -> Table:
    water = ("Deepest water",) if with_water else ()
    waiting = (f"Person-hours beyond {LATE_AFTER_H:g} h", "95 % relieved after", "Never in")
    numbers = ("Affected", "Trapped", *water, *waiting)
    table = plain_table("Where people wait longest 最薄弱的村", "Village", *numbers, right=numbers)
    for row in worst_places(results).to_dict("records"):
        depth = (write_metres(row["max_depth_m"]),) if with_water else ()
        table.add_row(
            _name(row), f"{row['affected']:,.0f}", f"{row['trapped']:,.0f}", *depth,
            f"{row['late_person_h']:,.0f}", write_hours(row["relief_p95_h"]), _percent(row["never"]),
        )  # fmt: skip
    return table


def worst_places(results: Results, number: int = WORST) -> pd.DataFrame:
    """The villages with most person-hours of waiting beyond the limit, one row each.

    Means over the replications in which the village was affected; `relief_p95_h` is a median (infinite: never) and
    `never` the share of those replications in which more than 5 % of its people saw no relief.
    """
    places = results.places
    hit = places[places["affected"] > 0].assign(never=lambda rows: np.isinf(rows["relief_p95_h"]))
    villages = hit.groupby("village")
    means = villages[["affected", "trapped", "max_depth_m", "late_person_h", "never"]].mean()
    means["relief_p95_h"] = villages["relief_p95_h"].median()
    worst = means.sort_values(["late_person_h", "affected"], ascending=False, kind="stable").head(number)
    return worst.join(results.things.set_index("index")[["name", "name_zh", "id"]]).reset_index()


def _name(row: dict[Any, Any]) -> str:
    return " ".join(part for part in (row["name"], row["name_zh"]) if part) or str(row["id"])


def _recorded(recorded: pd.DataFrame) -> Table:
    table = plain_table(
        "Recorded and simulated 实录与模拟", "What", "Recorded", "Simulated (median)", "5 % to 95 %", "Below it",
        "Unit", "Source", right=("Recorded", "Simulated (median)"),
    )  # fmt: skip
    for row in recorded.to_dict("records"):
        between = "-" if np.isnan(row["low"]) else f"{_figure(row['low'])} to {_figure(row['high'])}"
        table.add_row(
            both(row["what"], row["what_zh"]),
            _figure(row["recorded"]),
            _figure(row["median"]),
            between,
            _below(row),
            row["unit"],
            Text(row["source"], style="dim"),
        )
    return table


def _below(row: dict[Any, Any]) -> str:
    """Where the record lies in what is simulated; older results do not say."""
    share = row.get("below", np.nan)
    of = {"persons": " of persons 人", "replications": " of runs 次"}.get(row.get("over", ""), "")
    return "-" if np.isnan(share) else _percent(share) + of


def _figure(number: float) -> str:
    if np.isnan(number):
        return "-"
    if np.isinf(number):
        return "never"
    return f"{number:,.0f}" if abs(number) >= 100 else f"{number:.3g}"


def _files(results: Results) -> Iterable[str]:
    duties = results.verdicts[results.verdicts["kind"] == "obligation"]["verdict"]
    words = {"met": "达到", "not met": "未达到", "undecided": "未定", "not measured": "未测"}
    yield "Obligations: " + ", ".join(f"{(duties == word).sum()} {word} {zh}" for word, zh in words.items()) + "."
    yield f"Results: {results.path}"
    charts = sorted((results.path / "charts").glob("*.png"))
    if charts:
        yield f"Charts:  {results.path / 'charts'} ({', '.join(chart.stem for chart in charts)})"
    if not results.manifest["complete"]:
        yield f"Cut short: {results.manifest['finished']} of {results.manifest['replications']} replications."
