"""The real commands on a scenario with something registered from outside, in this process, and what they show."""

from __future__ import annotations

import json
import re
import shutil
import zlib
from base64 import b64decode
from collections.abc import Callable
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result
from matplotlib.figure import Figure

from simrescue import read_results
from simrescue.charts.shared import style
from simrescue.cli import main

SCENARIOS = Path(__file__).parents[2] / "scenarios"


def call(*words: str | Path, code: int = 0) -> Result:
    """Run the command as typed, and see that it ends as it should."""
    result = CliRunner().invoke(main, [str(word) for word in words])
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    assert result.exit_code == code, result.output
    return result


def with_table(name: str, folder: Path, table: str, text: str) -> Path:
    """A copy of a scenario of the library with one more table."""
    shutil.copytree(SCENARIOS / name, folder)
    (folder / f"{table}.csv").write_text(text, encoding="utf-8")
    return folder


def run(scenario: Path, *more: str) -> Path:
    """The results folder of three replications."""
    out = scenario.parent / "results"
    call("run", scenario, "-n", "3", "-w", "1", "--events", "all", "--no-charts", "--out", out, *more)
    return out


def replayed(results: Path) -> dict[str, Any]:
    """What the page of the first replication knows."""
    page = results.parent / "replay.html"
    call("replay", results, "-k", "0", "--out", page)
    packed = re.findall(r'<script type="text/plain" id="data">([^<]*)</script>', page.read_text("utf-8"))
    raw = zlib.decompress(b64decode(packed[0]))
    size = int.from_bytes(raw[:4], "little")
    content: dict[str, Any] = json.loads(raw[4 : 4 + size])["content"]
    return content


def reported(results: Path, lang: str) -> str:
    """The text of the report in a language."""
    page = results.parent / f"report-{lang}.html"
    call("report", results, "--out", page, "--lang", lang)
    return page.read_text("utf-8")


def legend(draw: Callable[..., Figure], results: Path, lang: str) -> list[tuple[str, Any]]:
    """The words of a chart's legends, each with its symbol."""
    with style.look():
        drawn = draw(read_results(results), lang)
    return [
        (text.get_text(), handle)
        for one in drawn.legends
        for text, handle in zip(one.get_texts(), one.legend_handles, strict=True)
    ]


def swept(scenario: Path, path: str, values: list[Any], watch: str = "metrics: [deaths]") -> str:
    """What a small sweep over one path prints."""
    file = scenario.parent / "experiment.yaml"
    file.write_text(
        f"simrescue: 1\nname: door\nscenario: {scenario}\nfactors:\n  number:\n"
        f"    label: the number\n    path: {path}\n    values: {values}\n"
        f"design: {{kind: grid}}\nreplications: {{min: 2, max: 2, batch: 2}}\nwatch: {{{watch}}}\n",
        encoding="utf-8",
    )
    return call("sweep", file, "-n", "2", "-w", "1", "--no-charts", "--out", scenario.parent / "sweep").output
