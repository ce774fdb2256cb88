"""How smoothly the replay of a generated province plays in headless Chromium, and how large its page is.

    python -m benchmarks.replay                     2,000 villages, 550 responders, 72 h
    python -m benchmarks.replay --villages 500
    python -m benchmarks.replay --results results/zhuozhou-2023

Needs playwright and a Chromium; without a graphics card all is drawn by the processor.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path
from shutil import which as find_program

from benchmarks.province import province
from simrescue import read_results, run
from simrescue.report.replay import which, write

CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
SECONDS = 12


def play(page: Path) -> dict[str, float]:
    """Play a page from a third of its time; milliseconds from frame to frame."""
    from playwright.sync_api import sync_playwright

    program = next(path for path in map(find_program, CHROMIUM) if path)
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=program, args=list(QUIET))
        sheet = browser.new_page(viewport={"width": 1280, "height": 800})
        began = time.perf_counter()
        sheet.goto(page.as_uri())
        sheet.wait_for_selector("body[data-ready]", timeout=120_000)
        ready = time.perf_counter() - began
        sheet.evaluate("replay.seek(0.35 * D.duration_h); replay.frames = []; replay.play(true)")
        sheet.wait_for_timeout(SECONDS * 1000)
        frames = sorted(sheet.evaluate("replay.frames"))
        browser.close()
    return {
        "ready_s": ready,
        "frames": len(frames),
        "per_second": 1000 * len(frames) / sum(frames),
        "median_ms": frames[len(frames) // 2],
        "p95_ms": frames[int(0.95 * len(frames))],
        "longest_ms": frames[-1],
    }


def main() -> None:
    """Run, write the page, play it, print the figures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--villages", type=int, default=2000)
    parser.add_argument("--results", type=Path, help="a stored run instead of the province")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        if asked.results:
            results = read_results(asked.results)
        else:
            results = run(province(asked.villages), [], replications=1, seed=1, workers=1, out=Path(folder) / "run")
        began = time.perf_counter()
        page = write(results, which(results, "median"), Path(folder) / "replay.html")
        print(f"page: {page.stat().st_size / 1e6:.1f} MB, made in {time.perf_counter() - began:.1f} s")
        for name, value in play(page).items():
            print(f"{name:12} {value:8.1f}")


if __name__ == "__main__":
    main()
