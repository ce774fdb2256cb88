#!/usr/bin/env python3
"""Make every kept figure anew: key figures of the scenarios, kept summaries, figures and pictures of README and docs.

    python results/rebuild.py             # everything (half an hour on two cores)
    python results/rebuild.py figures     # some of: reproduced, figures, validation, summaries, readme, pictures

To be run when a change of the model has moved its figures, with the package and its extra `browser` installed. Prints
a table of the key figures before and after, for the changelog.
"""

from __future__ import annotations

import csv
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
from keep import HOME, keep
from PIL import Image

from simrescue import read_results
from simrescue.report.pdf import browser

TOP = Path(__file__).parents[1]
RESULTS = TOP / "results"
SCENARIOS = (
    "tiny-flood", "zhuozhou-2023", "huaiji-2025", "fangshan-mentougou-2023", "weihui-2021", "tiny-fire", "taihang-fire",
    "muli-2019", "xichang-2020", "beibei-2022",
)  # fmt: skip
NUMBERS = (
    "affected", "moved_before_impact", "trapped", "rescued", "deaths", "share_relieved_10h", "share_relieved_12h",
    "relief_p50_h", "late_person_h", "share_warned_before_impact", "requests", "missions", "delivered_food",
    "fire_found_h", "fire_on_line_h", "fire_contained_h", "burned_ha", "line_km", "spots", "withdrawals",
)  # fmt: skip
"""Columns of replications.parquet that tell most; a scenario shows those that it has."""
PAGE = """# Key figures of the kept scenarios 各情景主要结果

Each row: `{command}`, then over its replications the median, 5 % and 95 %
(never: infinite) of a column of `replications.parquet`, or simulated beside recorded from `recorded.csv`.
Made by `python results/rebuild.py figures`; `figures.csv` holds the same with more digits.

| Scenario | Figure | Recorded | Median | 5 % | 95 % |
| --- | --- | --- | --- | --- | --- |
{rows}
"""
Row = dict[str, str]


def say(text: str) -> None:
    """Progress on the error stream."""
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()


def simrescue(*words: str, columns: int = 118) -> str:
    """Run a command of the package as a user does; answers what it prints, in lines of so many columns."""
    say(f"simrescue {' '.join(words)}")
    command, wide = (
        (sys.executable, "-m", "simrescue", *words),
        {**os.environ, "COLUMNS": str(columns), "SIMRESCUE_LANG": "en"},
    )
    return subprocess.run(command, cwd=TOP, env=wide, check=True, stdout=subprocess.PIPE, text=True).stdout  # noqa: S603


def fresh_run(name: str) -> str:
    """Run a kept scenario from nothing; answers the screen."""
    shutil.rmtree(RESULTS / name, ignore_errors=True)
    return simrescue("run", f"scenarios/{name}")


# ---- key figures


def figures(folder: Path) -> list[Row]:
    """The key figures of the stored run of a scenario in a folder."""
    results = read_results(folder)
    name = str(results.manifest["scenario"]["name"])
    table, rows = results.replications, []
    for column in (column for column in NUMBERS if column in table and table[column].notna().any()):
        values = table[column].dropna().to_numpy(dtype=float)
        low, middle, high = np.quantile(values, (0.05, 0.5, 0.95), method="inverted_cdf")
        rows.append(row(name, column, "", middle, low, high))
    recorded = results.path / "recorded.csv"
    if recorded.exists():
        with recorded.open(encoding="utf-8-sig", newline="") as file:
            for line in csv.DictReader(file):
                numbers = (float(line[key] or "nan") for key in ("median", "low", "high"))
                rows.append(row(name, line["what"], line["recorded"], *numbers))
    return rows


def row(scenario: str, figure: str, recorded: str, middle: float, low: float, high: float) -> Row:
    """One line of figures.csv."""
    numbers = {"median": middle, "low": low, "high": high}
    return {"scenario": scenario, "figure": figure, "recorded": recorded} | {k: f"{v:.6g}" for k, v in numbers.items()}


def kept_figures() -> list[Row]:
    """What figures.csv held before."""
    path = HOME / "scenarios" / "figures.csv"
    if not path.exists():
        return []
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def keep_figures(rows: list[Row]) -> None:
    """Write figures.csv and its page."""
    home = HOME / "scenarios"
    home.mkdir(parents=True, exist_ok=True)
    with (home / "figures.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, ("scenario", "figure", "recorded", "median", "low", "high"), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    lines = [
        f"| {one['scenario']} | {one['figure']} | {short(one['recorded'])} | {short(one['median'])} "
        f"| {short(one['low'])} | {short(one['high'])} |"
        for one in rows
    ]
    command = "simrescue run scenarios/SCENARIO"
    (home / "README.md").write_text(PAGE.format(command=command, rows="\n".join(lines)), encoding="utf-8")


def short(number: str) -> str:
    """A number for a page: three figures, thousands apart."""
    if number in ("", "nan"):
        return ""
    value = float(number)
    return "never" if np.isinf(value) else f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def compared(before: list[Row], after: list[Row]) -> str:
    """Medians before and after as a table of the changelog."""
    old = {(one["scenario"], one["figure"]): one["median"] for one in before}
    lines = ["| Scenario | Figure | Before | Now |", "| --- | --- | --- | --- |"]
    for one in after:
        was = old.get((one["scenario"], one["figure"]), "")
        lines.append(f"| {one['scenario']} | {one['figure']} | {short(was)} | {short(one['median'])} |")
    return "\n".join(lines)


# ---- a run that CI reproduces

REPRODUCED = "tiny-flood"
REPRODUCED_COMMAND = ("run", f"scenarios/{REPRODUCED}", "-n", "20", "--events", "none", "--no-charts")
REPRODUCED_PAGE = """# A kept run that CI reproduces 由持续集成复现的结果

Made by `{command}`
(`python results/rebuild.py reproduced`). `manifest.json` is that of the run without place and time;
`simrescue reproduce results/summaries/{name}/manifest.json` runs it again and tells table by table whether
it comes out the same. A test does so, and compares the figures below.

| Figure | Median | 5 % | 95 % |
| --- | --- | --- | --- |
{rows}
"""


def reproduced() -> None:
    """Keep the manifest and the key figures of a small run, for the test that reproduces it."""
    made, home = RESULTS / REPRODUCED, HOME / REPRODUCED
    shutil.rmtree(made, ignore_errors=True)
    simrescue(*REPRODUCED_COMMAND)
    home.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(made / "manifest.copy.json", home / "manifest.json")
    command = f"simrescue {' '.join(REPRODUCED_COMMAND)}"
    page = REPRODUCED_PAGE.format(command=command, name=REPRODUCED, rows=figure_lines(figures(made)))
    (home / "README.md").write_text(page, encoding="utf-8")


def figure_lines(rows: list[Row]) -> str:
    """Key figures of one run as lines of a table, in all digits that are kept."""
    return "\n".join(f"| {one['figure']} | {one['median']} | {one['low']} | {one['high']} |" for one in rows)


# ---- what is on record

RECORD_PAGE = """# What is on record beside what is simulated 实录与模拟

Made by `simrescue validate {scenarios} --unsure` (`python results/rebuild.py validation`). {score}

![Recorded and simulated](validation.png)

| Scenario | On record | Recorded | 80 % band | | With unverified numbers drawn | | Why not | Moved by |
| --- | --- | --- | --- | --- | --- | --- | --- | --- |
{rows}

A figure is inside where the band of the middle 80 % of what is simulated meets the interval in which the record lies;
a doubtful figure (all sources copy one, or sources contradict each other) is shown and not scored. Of one house the
band is that of all persons of its place. Moments are hours since the start of the scenario. The first band holds
chance: what is different from one replication to the next. The second holds ignorance too: each replication also
draws every number that nobody has verified from its range; numbers that move a figure more than chance would stand in
the last column, with their rank correlation. `validation.csv` holds the same with sources.
"""


def validation() -> None:
    """Every figure on record beside its band, in results/summaries/validation and, as one sentence, in README."""
    files = TOP.glob("scenarios/*/scenario.yaml")
    scenarios = sorted(path.parent.name for path in files if "\nhistory:" in path.read_text(encoding="utf-8"))
    home = HOME / "validation"
    shutil.rmtree(home, ignore_errors=True)
    folders = [f"scenarios/{name}" for name in scenarios]
    screen = simrescue("validate", *folders, "--unsure", "--out", str(home), columns=1000)  # a sentence a line
    score = " ".join(line.strip() for line in screen.splitlines() if " recorded figures lie " in line)
    with (home / "validation.csv").open(encoding="utf-8-sig", newline="") as file:
        lines = [
            f"| {one['scenario']} | {one['what']} | {span(one['recorded_low'], one['recorded_high'])} "
            f"| {span(one['p10'], one['p90'])} | {word(one, one['inside'])} "
            f"| {span(one['drawn_p10'], one['drawn_p90'])} | {word(one, one['drawn_inside'])} "
            f"| {one['reason']} | {one['moved_by']} |"
            for one in csv.DictReader(file)
        ]
    page = RECORD_PAGE.format(scenarios=" ".join(folders), score=score, rows="\n".join(lines))
    (home / "README.md").write_text(page, encoding="utf-8")
    for picture in home.glob("*.png"):
        save(Image.open(picture), picture)
    for drawing in home.glob("*.svg"):
        drawing.unlink()
    path = TOP / "README.md"
    text, mark = path.read_text(encoding="utf-8"), r"(<!-- record -->\n).*?(<!-- end -->)"
    text, changed = re.subn(f"(?s){mark}", lambda found: f"{found[1]}{score.strip()}\n{found[2]}", text, count=1)
    if not changed:
        raise SystemExit("README.md has no place for the score")
    path.write_text(text, encoding="utf-8")


def span(low: str, high: str) -> str:
    """An interval for a page."""
    if low == high:
        return short(low)
    if high == "inf":
        return f"{short(low)} or more" if low != "inf" else "never"
    return f"up to {short(high)}" if low == "-inf" else f"{short(low)} to {short(high)}"


def word(one: Row, inside: str) -> str:
    """Inside, outside, or not scored."""
    if one["doubt"]:
        return "doubtful"
    return {"True": "inside", "False": "**outside**"}.get(inside, "nothing simulated")


# ---- summaries, README, pictures


def summaries() -> None:
    """The kept summaries of experiments, each by the command on its page."""
    for page in sorted(HOME.glob("*/README.md")):
        made = re.search(r"Made by `simrescue (sweep [^`]+)`", page.read_text(encoding="utf-8"))
        if made:
            folder = RESULTS / "sweeps" / page.parent.name
            shutil.rmtree(folder, ignore_errors=True)
            simrescue(*made[1].split(), "--out", str(folder))
            keep(folder, f"simrescue {made[1]}")


ANSWER = "Obligations of the plan"
"""Line of the screen of `run` with which the answer begins; all from there on is shown in README."""


def readme(screen: str) -> None:
    """Put the first line of the run's screen and the answer at its end into README's block of text."""
    lines = [line.rstrip() for line in screen.strip().splitlines()]
    if ANSWER not in lines:
        raise SystemExit(f"the screen of run has no line {ANSWER!r}")
    path = TOP / "README.md"
    text, block = path.read_text(encoding="utf-8"), "\n".join([lines[0], "...", "", *lines[lines.index(ANSWER) :]])
    text, changed = re.subn(r"(?s)(```text\n).*?(\n```)", lambda found: found[1] + block + found[2], text, count=1)
    if not changed:
        raise SystemExit("README.md has no block of text to renew")
    path.write_text(text, encoding="utf-8")


CHARTS = {
    "zhuozhou-map.png": "zhuozhou-2023/charts/map.png",
    "taihang-fire.png": "taihang-fire/charts/fire_map.png",
}
"""Pictures of docs/images that are charts of a run."""


def pictures() -> None:
    """The pictures of README and docs: charts, and pages as a browser shows them."""
    images = TOP / "docs" / "images"
    for name, chart in CHARTS.items():
        save(Image.open(RESULTS / chart), images / name)
    from playwright.sync_api import sync_playwright

    program = browser()
    if program is None:
        raise SystemExit("pictures of pages need Chromium, Chrome or Edge on the path")
    simrescue("report", "results/zhuozhou-2023", "--lang", "en")
    for name in ("zhuozhou-2023", "taihang-fire"):
        simrescue("replay", f"results/{name}")
    with sync_playwright() as driver:
        window = driver.chromium.launch(executable_path=program, args=["--no-sandbox", "--disable-gpu"])
        shoot(window, "zhuozhou-2023/report-en.html", images / "report-zhuozhou.png", size=(1060, 930))
        shoot(window, "zhuozhou-2023/replay.html", images / "replay-zhuozhou.png", hour=54.0, place="Matou village 05")
        shoot(window, "taihang-fire/replay.html", images / "replay-taihang-zh.png", hour=9.0, locale="zh-CN")
        window.close()


def shoot(
    window: Any,
    page: str,
    picture: Path,
    *,
    size: tuple[int, int] = (1280, 800),
    hour: float | None = None,
    place: str = "",
    locale: str = "en-GB",
) -> None:
    """One page of a run as a picture; a replay at an hour of its event, with the story of a place."""
    context = window.new_context(viewport={"width": size[0], "height": size[1]}, locale=locale)
    sheet = context.new_page()
    sheet.goto((RESULTS / page).as_uri())
    if hour is not None:
        sheet.wait_for_selector("body[data-ready]")
        sheet.evaluate(f"replay.seek({hour})")
        if place:
            sheet.fill("input[type=search]", place)
            sheet.press("input[type=search]", "Enter")
        sheet.wait_for_timeout(2000)
    sheet.screenshot(path=str(picture))
    context.close()
    save(Image.open(picture), picture)


def save(picture: Image.Image, path: Path) -> None:
    """In few colours: small in the repository."""
    picture.convert("RGB").quantize(128, dither=Image.Dither.NONE).save(path, optimize=True)


def main(wanted: list[str]) -> None:
    """Make the wanted parts anew, or all."""
    parts = ("reproduced", "figures", "validation", "summaries", "readme", "pictures")
    unknown = set(wanted) - set(parts)
    if unknown:
        raise SystemExit(f"unknown: {', '.join(sorted(unknown))}; known are {', '.join(parts)}")
    chosen = wanted or list(parts)
    if "reproduced" in chosen:  # first: it lies where the run of that scenario is put
        reproduced()
    runs = set(SCENARIOS) if "figures" in chosen else set()
    runs |= {"zhuozhou-2023"} if {"readme", "pictures"} & set(chosen) else set()
    runs |= {"taihang-fire"} if "pictures" in chosen else set()
    screens = {name: fresh_run(name) for name in SCENARIOS if name in runs}
    if "readme" in chosen:
        readme(screens["zhuozhou-2023"])
    if "pictures" in chosen:
        pictures()
    if "figures" in chosen:
        before, after = kept_figures(), [one for name in SCENARIOS for one in figures(RESULTS / name)]
        keep_figures(after)
        sys.stdout.write(compared(before, after) + "\n")
    if "validation" in chosen:
        validation()
    if "summaries" in chosen:  # last: they take longest
        summaries()


if __name__ == "__main__":
    main(sys.argv[1:])
