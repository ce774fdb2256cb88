"""Keep a small summary of a finished experiment in results/summaries: its design, verdicts, means and some charts.

Use: `python results/keep.py results/zhuozhou-dispatch "simrescue sweep experiments/zhuozhou-dispatch.yaml"`
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import numpy as np
from PIL import Image

from simrescue.experiment.sweep.experiment_run import read_sweep

HOME = Path(__file__).with_name("summaries")
CHARTS = ("heat", "lines", "edge", "tornado")
"""Beginnings of the names of charts that are kept."""
PAGE = """# {title} {title_zh}

Made by `{command}` ({points} points, {replications} replications, seed {seed}).
Tables: `design.csv` the points, `verdicts.csv` each watched clause at each point with its interval, `means.csv` the
mean of each watched number over the replications in which it is finite.
"""


def keep(folder: Path, command: str) -> Path:
    """Copy what is small and write what each point came to; answers the new folder."""
    results = read_sweep(folder)
    file, home = results.manifest["experiment"]["file"], HOME / folder.name
    shutil.rmtree(home, ignore_errors=True)
    home.mkdir(parents=True)
    for name in ("design.csv", "verdicts.csv"):
        shutil.copy(folder / name, home)
    numbers = [name for name in file["watch"]["metrics"] if name in results.replications]
    table = results.replications[["point", *numbers]].replace([np.inf, -np.inf], np.nan)
    table.groupby("point").mean().round(4).to_csv(home / "means.csv")
    for picture in sorted((folder / "charts").glob("*.png")):
        if picture.name.startswith(CHARTS):
            small = Image.open(picture).convert("RGB").quantize(64, dither=Image.Dither.NONE)
            small.save(home / picture.name, optimize=True)
    points, seed = table["point"].nunique(), results.manifest["seed"]
    titles = {"title": file["title"], "title_zh": file["title_zh"]}
    page = PAGE.format(**titles, command=command, points=points, replications=len(table), seed=seed)
    (home / "README.md").write_text(page, encoding="utf-8")
    return home


if __name__ == "__main__":
    keep(Path(sys.argv[1]), sys.argv[2])
