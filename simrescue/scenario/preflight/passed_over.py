"""Files of a scenario folder that look like tables and that nothing reads: boats.xlsx, Boats.csv, 舟艇.csv."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from difflib import get_close_matches
from pathlib import Path

from simrescue.kinds import KINDS
from simrescue.scenario.files.draft import SCENARIO_FILE
from simrescue.scenario.preflight.findings import Finding
from simrescue.scenario.records import TABLES

SHEETS = frozenset({"csv", "tsv", "xlsx", "xls", "xlsm", "ods", "et", "numbers"})
"""Endings of tables, also of spreadsheets that are used in China."""
TEXTS = frozenset({"txt", "tab", "json", "parquet", "dbf"})
"""Endings of files that may hold a table, or something else."""
ALIKE = 0.8
"""Likeness of two names, 0 to 1, from which one is taken for a slip of the other."""
SETTINGS = frozenset({"yaml", "yml", "json"})
SERIES_ZH = {
    "levels": ("水位",),
    "depths": ("水深", "淹没深度"),
    "weather": ("天气", "气象"),
    "calls": ("报警", "呼叫", "警情", "接警"),
    "detectors": ("监测", "探测", "瞭望"),
}
"""What planners call the tables that are not of a kind of things in Chinese."""


def names_zh() -> dict[str, tuple[str, ...]]:
    """Table -> what planners call it in Chinese."""
    of_things = {kind.table: (kind.noun.zh, *kind.noun.also_zh) for kind in KINDS.values() if kind.table}
    return of_things | SERIES_ZH


def passed_over(folder: str | Path) -> Iterator[Finding]:
    """Files beside the known ones that somebody may take for a part of the scenario, in order of name."""
    home = Path(folder)
    if not folder or not home.is_dir():
        return
    for path in sorted(home.iterdir()):
        meant, ending = _meant(path.name), path.suffix.lower().strip(".")
        if path.name in (SCENARIO_FILE, meant) or not (meant or ending in SHEETS):
            continue
        beside = (home / meant).exists() if meant else False
        also, also_zh = (", which is read", "，该文件已读取") if beside else ("", "")
        what = f"what would be is {meant}{also}" if meant else "no table has this name (see docs/scenario-format.md)"
        what_zh = f"程序只读 {meant}{also_zh}" if meant else "没有这个名称的表"
        message, message_zh = f"{path.name}: not read; {what}", f"{path.name}：未读取；{what_zh}"
        yield Finding("warning", "input", path.name, message, message_zh, {})


def _meant(name: str) -> str:
    """The file that is read in the place of one of this name, or its own name if it is read; empty: none."""
    words = unicodedata.normalize("NFKC", name).lower().split(".")
    stem, endings = words[0].strip(" _-~$"), set(words[1:])
    table = _table(stem)
    if table and endings & (SHEETS | TEXTS):
        return f"{table}.csv"
    return SCENARIO_FILE if get_close_matches(stem, ["scenario"], cutoff=ALIKE) and endings & SETTINGS else ""


def _table(stem: str) -> str:
    """The table that a file of this name is meant to be, as `boats (2)`, `1-boats`, `boats_old`, `舟艇表`."""
    bare = "_".join(re.sub(r"[^\w]|_", " ", stem).split()).strip("0123456789_")
    chinese = bare.removesuffix("表").removesuffix("数据").removesuffix("信息")
    begun = [table for table in TABLES if f"{bare}_".startswith(f"{table}_")]
    of_chinese = {name: table for table, names in names_zh().items() for name in names}
    return next(iter([*begun, *get_close_matches(bare, TABLES, 1, ALIKE)]), of_chinese.get(chinese, ""))
