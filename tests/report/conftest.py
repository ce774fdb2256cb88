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
from click.testing import CliRunner

from simrescue import Results, load, read_results, run
from simrescue.cli import main
from simrescue.experiment.store.csv_cells import as_csv
from simrescue.experiment.studies.causes.kept import CAUSES_FILE, KeptEffect, made_from

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


@pytest.fixture(scope="session")
def everything(tmp_path_factory: pytest.TempPathFactory) -> Results:
    """The small flood with unknowns drawn, causes tested and packages looked for, in the words of a long search."""
    folder = tmp_path_factory.mktemp("everything") / "tiny-flood"
    words = ["run", "scenarios/tiny-flood", "--unsure", "-n", "3", "-w", "1", "--no-charts", "--out", str(folder)]
    done = CliRunner().invoke(main, words)
    assert done.exit_code == 0, done.output
    found = read_results(folder)
    (found.path / "mend.json").write_text(json.dumps({"clauses": [mended_row(found)]}), encoding="utf-8")
    rows = [kept_effect(found, *row)._asdict() for row in CAUSES]
    (found.path / CAUSES_FILE).write_bytes(as_csv(KeptEffect._fields, rows))
    return found


CAUSES = (
    ("boats", "boats in every village", "各村均有舟艇", 0.999, 0.12, 0.002, 0.34),
    ("early", "forecast, order and call-out 6 h earlier", "预报、转移令和叫应提前6小时", 0.95, 0.07, 0.02, 0.15),
    ("boats+stay", "boats in every village and nobody who refuses to leave", "各村均有舟艇且无人拒绝转移", 1.0, 0.15,
     0.05, 0.38),
    ("all", "all causes lifted", "全部原因排除", 1.0, 0.14, 0.1, 0.3),
)  # fmt: skip
"""Ids and words of causes, the value without them, and what is gained, with its interval."""


def kept_effect(
    results: Results, cause: str, words: str, words_zh: str, after: float, gained: float, low: float, high: float
) -> KeptEffect:
    """A row of causes.csv that was found for the first obligation of a run by this program."""
    return KeptEffect(
        deciding(results), cause, words, words_zh, cause.count("+") + 1, 8, 0.88, after, 1299.0, 1299.0, "at_least",
        1299.0 * gained, 1299.0 * low, 1299.0 * high, "persons", better=8, worse=0, broken=8, p=0.008, seed=1, spent=90,
        cpu_s=60.0, whole=True, budget=150, minutes=float("inf"), made_from=made_from(results),
    )  # fmt: skip


def deciding(results: Results) -> str:
    """The first obligation, `plan/clause`."""
    row = results.verdicts[results.verdicts["kind"] == "obligation"].iloc[0]
    return f"{row['plan']}/{row['clause']}"


def mended_row(results: Results) -> dict[str, Any]:
    """The answer of a search on the first obligation, as `mend --json` writes it: nothing turns it, long names."""
    changes = "8 more teams: City Mobile Team, command hears twice as fast, 8 more boats: Market Town Boats, "
    changes_zh = "市机动队增加8支、指挥部获知加快一倍、镇冲锋舟增加8艘、叫应提前60分钟、转移令提前60分钟，"
    told = [
        (("No package turns T01a: with everything on the menu together (66 changes) it holds in "
         "61.1 % (26.7 % to 89.3 %)."),
         "没有组合能使T01a达标：同时采用全部66项措施，达标概率为61.1%（26.7%至89.3%）。"),
        (f"The best gets from 218 people short to 1 person: {2 * changes}7,540,000 yuan.",
         f"最好的组合使缺口由218人降至1人：{2 * changes_zh}共754万元。"),
        ("What would do it, however absurd: nobody refuses to leave.", "不计代价：无人拒绝转移。"),
    ]  # fmt: skip
    base = {"verdict": "not met", "estimate": 0.0, "low": 0.0, "high": 0.16, "n": 20, "required": 0.9}
    return {
        "clause": deciding(results), "base": base, "menu": 66, "turning": [], "confirmed": [],
        "sentences": [one for one, _ in told], "sentences_zh": [one for _, one in told],
    }  # fmt: skip


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
