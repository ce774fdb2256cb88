"""A headless Chromium for the tests of pages, and small stored runs to show."""

from __future__ import annotations

import csv
import json
import re
import shutil
from collections.abc import Iterator
from itertools import cycle
from pathlib import Path
from typing import Any

import pytest

from simrescue import Results, load, run

CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge")
QUIET = (
    "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--no-first-run",
)  # fmt: skip


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """A browser to open pages in; skips where this machine has none."""
    api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed (pip install .[browser])")
    program = next((path for path in map(shutil.which, CHROMIUM) if path), None)
    if program is None:
        pytest.skip("no Chromium, Chrome or Edge on the path")
    with api.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=program, args=list(QUIET))
        yield browser
        browser.close()


class Watched:
    """A page in the browser, with all that it asked for and complained of."""

    def __init__(self, sheet: Any) -> None:
        self.sheet, self.asked, self.complaints = sheet, list[str](), list[str]()
        sheet.on("request", lambda request: self.asked.append(request.url))
        sheet.on("console", lambda message: self.complaints.append(message.text))
        sheet.on("pageerror", lambda error: self.complaints.append(str(error)))

    def fetched(self) -> list[str]:
        """Addresses that were not part of the page itself."""
        return [url for url in self.asked if not url.startswith(("data:", "blob:", "file:"))]


@pytest.fixture
def open_page(chromium: Any) -> Iterator[Any]:
    """Opens an address in a fresh window of a given size, with nothing but the network of this machine."""
    made: list[Any] = []

    def opened(url: str, width: int = 1280, height: int = 800, locale: str = "en-GB") -> Watched:
        context = chromium.new_context(viewport={"width": width, "height": height}, locale=locale)
        made.append(context)
        context.set_default_timeout(300_000)  # milliseconds; no page is slow, machines are busy
        watched = Watched(context.new_page())
        watched.sheet.goto(url)
        return watched

    yield opened
    for context in made:
        context.close()


def _stored(name: str, folder: Path) -> Results:
    return run(load(f"scenarios/{name}"), replications=3, seed=1, workers=1, out=folder / name)


@pytest.fixture(scope="session")
def flood(tmp_path_factory: pytest.TempPathFactory) -> Results:
    """Three replications of the small flood."""
    return _stored("tiny-flood", tmp_path_factory.mktemp("flood"))


@pytest.fixture(scope="session")
def fire(tmp_path_factory: pytest.TempPathFactory) -> Results:
    """Three replications of the small fire."""
    return _stored("tiny-fire", tmp_path_factory.mktemp("fire"))


NASTY = (
    "<img src=x onerror=\"document.title='broken'\">",
    "</script><script>document.title='broken'</script>",
    "\"'><svg onload=alert(1)>&amp;{{7*7}}",
    "long" * 50,
    "قرية النهر שלום",
    "🚒🏘️👩‍🚒 字",
)
"""Names that a scenario may carry: markup, quotes, very long, right to left, emoji. Direction characters it may not."""


@pytest.fixture(scope="session")
def nasty(tmp_path_factory: pytest.TempPathFactory) -> Results:
    """The small flood with names that no page must trip over, in every table and in the title."""
    folder = tmp_path_factory.mktemp("nasty") / "scenario"
    shutil.copytree("scenarios/tiny-flood", folder)
    for table in ("villages", "shelters", "depots", "teams", "boats"):
        _rename(folder / f"{table}.csv")
    text = (folder / "scenario.yaml").read_text(encoding="utf-8")
    text = re.sub(r"(?m)^title: .*$", lambda _: f"title: {json.dumps(NASTY[0] + NASTY[4])}", text)
    (folder / "scenario.yaml").write_text(text, encoding="utf-8")
    return run(load(folder), replications=1, seed=1, workers=1, out=folder.parent / "runs" / "<b>nasty &amp; 'name'")


def _rename(path: Path) -> None:
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for row, name in zip(rows, cycle(NASTY)):
        row["name"] = row["name_zh"] = name
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
