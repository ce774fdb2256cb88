"""Results folders in states that tests need."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from simrescue.experiment.store.manifest import write_manifest
from simrescue.experiment.store.stored_results import Results, read_results


def without_logs(results: Results, folder: Path) -> Results:
    """A copy as `--events none` would have left it."""
    shutil.copytree(results.path, folder)
    shutil.rmtree(folder / "events")
    files = {name: one for name, one in results.manifest["files"].items() if not name.startswith("events/")}
    write_manifest(folder, results.manifest | {"files": files})
    return read_results(folder)


def of_format_1(folder: Path) -> Path:
    """A results folder made over as versions before the seal left it: its files may be of any bytes."""
    path = folder / "manifest.json"
    manifest = json.loads(path.read_text(encoding="utf-8"))
    old = {key: value for key, value in manifest.items() if key not in ("files", "seal", "command")}
    path.write_text(json.dumps(old | {"results_format": 1}), encoding="utf-8")
    (folder / "manifest.copy.json").unlink()
    return folder
