"""Files of a scenario folder that look like tables and that nothing reads: boats.xlsx, Boats.csv, boats in Chinese."""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Iterator
from difflib import get_close_matches
from functools import cache
from importlib.resources import files
from pathlib import Path

from simrescue.kinds import KINDS
from simrescue.scenario.files.draft import SCENARIO_FILE
from simrescue.scenario.preflight.findings import Finding
from simrescue.scenario.records import TABLES
from simrescue.wording import Words, bilingual

SHEETS = frozenset({"csv", "tsv", "xlsx", "xls", "xlsm", "ods", "et", "numbers"})
"""Endings of tables, also of spreadsheets that are used in China."""
TEXTS = frozenset({"txt", "tab", "json", "parquet", "dbf"})
"""Endings of files that may hold a table, or something else."""
ALIKE = 0.8
"""Likeness of two names, 0 to 1, from which one is taken for a slip of the other."""
SETTINGS = frozenset({"yaml", "yml", "json"})
ENDINGS = "*"
PAGE = "docs/scenario-format.md"


@cache
def _series_zh() -> dict[str, tuple[str, ...]]:
    """Tables that are not of a kind of things -> what planners call them in Chinese; `*`: what they put behind it."""
    text = files("simrescue").joinpath("data/table_names_zh.csv").read_text(encoding="utf-8")
    return {row["table"]: tuple(row["names"].split("|")) for row in csv.DictReader(text.splitlines())}


def names_zh() -> dict[str, tuple[str, ...]]:
    """Table -> what planners call it in Chinese."""
    of_things = {kind.table: (kind.noun.zh, *kind.noun.also_zh) for kind in KINDS.values() if kind.table}
    return of_things | {table: names for table, names in _series_zh().items() if table != ENDINGS}


def passed_over(folder: str | Path) -> Iterator[Finding]:
    """Files beside the known ones that somebody may take for a part of the scenario, in order of name."""
    home = Path(folder)
    if not folder or not home.is_dir():
        return
    for path in sorted(home.iterdir()):
        meant, ending = _meant(path.name), path.suffix.lower().strip(".")
        if path.name in (SCENARIO_FILE, meant) or not (meant or ending in SHEETS):
            continue
        yield Finding("doubtful", "input", path.name, *_not_read(path.name, meant, (home / meant).exists()), {})


def _not_read(file: str, meant: str, is_beside: bool) -> Words:
    if not meant:
        return bilingual("{file}: not read; no table has this name (see {page})", file=file, page=PAGE)
    if is_beside:
        return bilingual("{file}: not read; what would be is {meant}, which is read", file=file, meant=meant)
    return bilingual("{file}: not read; what would be is {meant}", file=file, meant=meant)


def _meant(name: str) -> str:
    """The file that is read in the place of one of this name, or its own name if it is read; empty: none."""
    words = unicodedata.normalize("NFKC", name).lower().split(".")
    stem, endings = words[0].strip(" _-~$"), set(words[1:])
    table = _table(stem)
    if table and endings & (SHEETS | TEXTS):
        return f"{table}.csv"
    return SCENARIO_FILE if get_close_matches(stem, ["scenario"], cutoff=ALIKE) and endings & SETTINGS else ""


def _table(stem: str) -> str:
    """The table that a file of this name is meant to be, as `boats (2)`, `1-boats`, `boats_old`, or in Chinese."""
    bare = "_".join(re.sub(r"[^\w]|_", " ", stem).split()).strip("0123456789_")
    chinese = bare
    for ending in _series_zh()[ENDINGS]:
        chinese = chinese.removesuffix(ending)
    begun = [table for table in TABLES if f"{bare}_".startswith(f"{table}_")]
    of_chinese = {name: table for table, names in names_zh().items() for name in names}
    return next(iter([*begun, *get_close_matches(bare, TABLES, 1, ALIKE)]), of_chinese.get(chinese, ""))
