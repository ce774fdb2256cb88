"""Results folders in states that tests need."""

from __future__ import annotations

import shutil
from pathlib import Path

from simrescue.experiment.manifest import write_manifest
from simrescue.experiment.reading import Results, read_results


def without_logs(results: Results, folder: Path) -> Results:
    """A copy as `--events none` would have left it."""
    shutil.copytree(results.path, folder)
    shutil.rmtree(folder / "events")
    files = {name: one for name, one in results.manifest["files"].items() if not name.startswith("events/")}
    write_manifest(folder, results.manifest | {"files": files})
    return read_results(folder)
