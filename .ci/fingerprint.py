"""Print checksums of event logs, of a flood and of fires: the same on every Python version and machine."""

from __future__ import annotations

import hashlib
import sys
import tempfile
from pathlib import Path

from simrescue import load, simulate
from simrescue.scenario.new import create

FIRES = ("tiny-fire", "taihang-fire")
SCENARIOS = Path(__file__).parents[1] / "scenarios"

with tempfile.TemporaryDirectory() as folder:
    logs = {"starter": simulate(load(create(Path(folder) / "starter")), seed=1, replication=0)}
logs |= {name: simulate(load(SCENARIOS / name), seed=1, replication=0) for name in FIRES}
for name, log in logs.items():
    digest = hashlib.sha256(b"".join(column.tobytes() for column in log))
    sys.stdout.write(f"{name} {digest.hexdigest()} {len(log.time_h)} rows\n")
