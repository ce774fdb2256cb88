"""The runs stored under a folder, as a list to choose from: whole, cut short, or damaged."""

from __future__ import annotations

import os
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from simrescue.errors import ResultsError
from simrescue.experiment.analysis.scenario_title import scenario_title
from simrescue.experiment.store.manifest import MANIFEST, read_manifest
from simrescue.experiment.store.stored_results import Results
from simrescue.hazards.kinds import called, stored
from simrescue.report.figures import Pair, pair, same
from simrescue.wording import bilingual

if TYPE_CHECKING:
    from collections.abc import Iterator

DEEPEST = 3
"""Folders below the one served in which runs are looked for."""
MOST = 2000
VERDICTS = ("met", "not met", "undecided", "not measured")
EMPTY: Pair = ("", "")


class Stored(NamedTuple):
    """One results folder."""

    name: str
    """Its path below the folder served, with `/`."""
    path: Path
    title: Pair
    kind: str
    """`run`, `sweep` or `damaged`."""
    hazard: Pair
    replications: Pair
    """`40`, or `12 of 40` for a run cut short."""
    cut_short: bool
    seed: str
    ended: str
    verdicts: tuple[int, int, int, int]
    """Obligations by `VERDICTS`."""
    fault: str
    """What is wrong with a damaged store."""


def stored_runs(folder: Path) -> list[Stored]:
    """All results folders below a folder, by name. Only data is read, and no link followed."""
    root = folder.resolve()
    return [_look(root, path) for path in sorted(_folders(root))[:MOST]]


def _folders(root: Path) -> Iterator[Path]:
    """Folders with a manifest, the folder itself included; what lies inside a results folder belongs to it."""
    for here, below, names in os.walk(root, followlinks=False):
        path = Path(here)
        if MANIFEST in names:
            yield path
            below.clear()
        elif len(path.relative_to(root).parts) >= DEEPEST:
            below.clear()


def _look(root: Path, path: Path) -> Stored:
    name = path.relative_to(root).as_posix() if path != root else path.name
    try:
        return _described(name, path, read_manifest(path))
    except ResultsError as problem:
        return _damaged(name, path, str(problem))
    except (KeyError, TypeError, AttributeError, ValueError) as problem:
        return _damaged(name, path, f"its manifest lacks what a run has: {type(problem).__name__} {problem}")


def _damaged(name: str, path: Path, fault: str) -> Stored:
    return Stored(name, path, EMPTY, "damaged", EMPTY, EMPTY, False, "", "", (0, 0, 0, 0), fault)


def _described(name: str, path: Path, manifest: dict[str, Any]) -> Stored:
    if manifest.get("kind") == "sweep":
        experiment = dict((manifest.get("experiment") or {}).get("file") or {})
        title = pair(
            str(experiment.get("title") or experiment.get("name") or name), str(experiment.get("title_zh") or "")
        )
        return Stored(
            name, path, title, "sweep", EMPTY, EMPTY, False, str(manifest["seed"]), _ended(manifest), (0, 0, 0, 0), ""
        )
    settings = manifest["scenario"]["settings"]
    asked, finished = int(manifest["replications"]), int(manifest.get("finished", 0))
    cut_short = not manifest.get("complete")
    return Stored(
        name=name,
        path=path,
        title=scenario_title(settings),
        kind="run",
        hazard=_hazards(settings),
        replications=bilingual("{finished} of {count}", finished=finished, count=asked)
        if cut_short
        else same(str(asked)),
        cut_short=cut_short,
        seed=str(manifest["seed"]),
        ended=_ended(manifest),
        verdicts=_obligations(Results(path, manifest)),
        fault=_missing(path, manifest),
    )


def _hazards(settings: dict[str, Any]) -> Pair:
    """Their words; of a kind that this program does not know, what is wrong."""
    try:
        return called(stored(settings))
    except ResultsError as unknown:
        return same(str(unknown))


def _ended(manifest: dict[str, Any]) -> str:
    return str((manifest.get("run") or {}).get("ended") or "")[:16].replace("T", " ")


def _obligations(results: Results) -> tuple[int, int, int, int]:
    """How many obligations have each verdict; none where a run was cut short before its verdicts."""
    try:
        table = results.verdicts
    except ResultsError:
        return (0, 0, 0, 0)
    count = Counter(table.loc[table["kind"] == "obligation", "verdict"])
    met, not_met, undecided, not_measured = (int(count[verdict]) for verdict in VERDICTS)
    return met, not_met, undecided, not_measured


def _missing(path: Path, manifest: dict[str, Any]) -> str:
    """Tables that a complete run must have and this one has not."""
    if not manifest.get("complete"):
        return ""
    wanted = ("things.parquet", "replications.parquet", "verdicts.csv")
    gone = [name for name in wanted if not (path / name).is_file()]
    return f"missing: {', '.join(gone)}" if gone else ""
