"""Results beside the same run done once more: which inputs differ, and which stored things came out the same."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from simrescue.errors import ResultsError
from simrescue.experiment.store import table_bytes
from simrescue.experiment.store.csv_cells import read_csv
from simrescue.experiment.store.seal import sum_of_file
from simrescue.wording import Words, bilingual, listed

if TYPE_CHECKING:
    import pandas as pd

CHARTS, LOGS = "charts/", "events/"
GONE = ""
"""Stands for the checksum of a file that is missing."""
MOST_NAMED = 5
"""Clauses or columns that are named where more differ."""


class InputCompared(NamedTuple):
    """One thing that results depend on, as it was and as it is."""

    name: Words
    stored: str
    now: str

    @property
    def is_same(self) -> bool:
        """Whether it is as it was."""
        return self.stored == self.now


class ItemCompared(NamedTuple):
    """One stored thing (a table, the verdicts, all event logs) beside what came out now."""

    name: str
    """Its file; `events/` for all event logs."""
    is_same: bool
    """Byte for byte."""
    difference: Words
    """What differs; empty where nothing does."""


def inputs_compared(stored: Mapping[str, Any], now: Mapping[str, Any]) -> list[InputCompared]:
    """What the results depend on, by two manifests: scenario, plans, seed, replications, version, code, platform."""
    plans = sorted({*stored.get("plans", {}), *now.get("plans", {})})
    rows = [
        (bilingual("Scenario (SHA-256)"), ("scenario", "checksum")),
        (bilingual("Experiment (SHA-256)"), ("experiment", "checksum")),
        *((bilingual("Plan {name} (SHA-256)", name=name), ("plans", name)) for name in plans),
        (bilingual("Random seed"), ("seed",)),
        (bilingual("Replications"), ("replications",)),
        (bilingual("Event logs kept"), ("events",)),
        (bilingual("Version"), ("simrescue",)),
        (bilingual("Code (SHA-256)"), ("code",)),
        (bilingual("Python"), ("platform", "python")),
        (bilingual("NumPy"), ("platform", "numpy")),
        (bilingual("System"), ("platform", "system")),
        (bilingual("Machine"), ("platform", "machine")),
    ]
    found = [InputCompared(name, _at(stored, path), _at(now, path)) for name, path in rows]
    return [one for one in found if one.stored or one.now]


def _at(manifest: Mapping[str, Any], path: tuple[str, ...]) -> str:
    found: Any = manifest
    for key in path:
        found = found.get(key) if isinstance(found, Mapping) else None
    return "" if found is None else str(found)


def lying_there(folder: Path, stored: Mapping[str, Any]) -> dict[str, Any]:
    """A manifest with the checksums of the files as they lie in its folder now; `GONE` of a file that is missing.

    Args:
        folder: of the results.
        stored: their manifest, with `files`.
    """
    sums = {name: sum_of_file(folder / name) if (folder / name).exists() else GONE for name in stored["files"]}
    return {**stored, "files": sums}


def items_compared(folder: Path, stored: Mapping[str, Any], again: Path, now: Mapping[str, Any]) -> list[ItemCompared]:
    """Every stored table and all event logs by their checksums; charts depend on drawing libraries and are left out.

    Of a whole folder of results what lies there counts (`lying_there`), and not what its manifest says of it.

    Args:
        folder: the stored results; may hold no more than a manifest, then differences are not told in detail.
        stored: its manifest, with `files`.
        again: the results that were computed now.
        now: their manifest.

    Returns:
        Verdicts first, then the other tables by name, event logs last.
    """
    sums, new = stored.get("files", {}), now.get("files", {})
    names = sorted({*sums, *new}, key=lambda name: (name != "verdicts.csv", name))
    tables = [name for name in names if not name.startswith((CHARTS, LOGS))]
    items = [ItemCompared(name, sums.get(name) == new.get(name), Words("", "")) for name in tables]
    items = [
        item if item.is_same else item._replace(difference=_told(item.name, folder, sums, again, new)) for item in items
    ]
    logs = [name for name in names if name.startswith(LOGS)]
    return [*items, *_logs(logs, sums, new)]


def _logs(names: list[str], sums: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[ItemCompared]:
    if not names:
        return
    other = [name for name in names if sums.get(name) != new.get(name)]
    if not other:
        yield ItemCompared(LOGS, True, Words("", ""))
        return
    if gone := [name for name in other if sums.get(name) == GONE]:
        missing = bilingual("missing {number} of {count}, the first is {first}", number=len(gone), count=len(names),
                            first=gone[0])  # fmt: skip
        yield ItemCompared(LOGS, False, missing)
        return
    difference = bilingual(
        "differing {number} of {count}, the first is {first}", number=len(other), count=len(names), first=other[0]
    )
    yield ItemCompared(LOGS, False, difference)


def _told(name: str, folder: Path, sums: Mapping[str, Any], again: Path, new: Mapping[str, Any]) -> Words:
    """What differs in a table that did not come out the same."""
    if name not in new:
        return bilingual("it was not made now")
    if name not in sums:
        return bilingual("it was not stored")
    if sums[name] == GONE:
        return bilingual("the stored file is missing")
    try:
        before, after = _table(folder / name), _table(again / name)
    except (OSError, ResultsError):
        return bilingual("its checksum differs; the stored file cannot be read, so that no more can be told")
    if len(before) != len(after):
        return bilingual("{now} rows, stored {stored}", now=len(after), stored=len(before))
    if name == "verdicts.csv" and (clauses := _other_verdicts(before, after)):
        return _named(clauses)
    columns = [column for column in dict.fromkeys([*before, *after]) if not _equal(before, after, column)]
    if not columns:
        return bilingual("its values are the same, its bytes are not")
    return bilingual("other values in: {columns}", columns=_named([Words(one, one) for one in columns]))


def _table(path: Path) -> pd.DataFrame:
    if path.suffix == ".csv":
        return read_csv(path, {})
    frame: pd.DataFrame = table_bytes.read(path).to_pandas()
    return frame


def _equal(before: pd.DataFrame, after: pd.DataFrame, column: str) -> bool:
    if column not in before or column not in after:
        return False
    one, other = before[column].to_numpy(), after[column].to_numpy()
    return one.dtype == other.dtype and bool(np.array_equal(one, other, equal_nan=one.dtype.kind == "f"))


def _other_verdicts(before: pd.DataFrame, after: pd.DataFrame) -> list[Words]:
    """Clauses whose verdict or value is another, in words; none where rows are of other clauses."""
    keys = [name for name in ("point", "plan", "clause", "numbers") if name in before and name in after]
    if before[keys].to_dict("records") != after[keys].to_dict("records"):
        return []
    rows = zip(before.to_dict("records"), after.to_dict("records"), strict=True)
    return [
        bilingual(
            "{plan} {clause}: {verdict} ({estimate}), stored {stored} ({stored_estimate})",
            plan=old["plan"], clause=old["clause"], verdict=VERDICTS[new["verdict"]], estimate=_short(new["estimate"]),
            stored=VERDICTS[old["verdict"]], stored_estimate=_short(old["estimate"]),
        )
        for old, new in rows
        if (old["verdict"], str(old["estimate"])) != (new["verdict"], str(new["estimate"]))
    ]  # fmt: skip


VERDICTS = {
    "met": bilingual("met"), "not met": bilingual("not met"), "undecided": bilingual("undecided"),
    "not measured": bilingual("not measured"),
}  # fmt: skip


def _short(estimate: Any) -> str:
    try:
        return f"{float(estimate):.4g}"
    except ValueError:
        return "-"


def _named(names: list[Words]) -> Words:
    shown = listed(names[:MOST_NAMED])
    more = len(names) - MOST_NAMED
    return bilingual("{shown} and {count} more", shown=shown, count=more) if more > 0 else shown
