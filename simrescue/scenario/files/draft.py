"""A scenario folder as it is written, before it is checked: the data of scenario.yaml and the rows of the tables."""

from __future__ import annotations

from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

from simrescue.errors import Fault, nearest
from simrescue.scenario.files import tables, yaml_lines
from simrescue.scenario.files.faults import Place, Spot
from simrescue.scenario.files.tables import Table
from simrescue.scenario.records import TABLES
from simrescue.wording import bilingual

SCENARIO_FILE = "scenario.yaml"


@dataclass(slots=True)
class Draft:
    """What the files say, where they say it, and what was wrong so far."""

    data: dict[str, Any]
    lines: yaml_lines.Lines
    tables: dict[str, Table]
    digest: str
    """SHA-256 over the names and bytes of all files read."""
    changed: dict[Place, Spot] = field(default_factory=dict)
    """Settings that an override has set, and where that override stands."""
    faults: list[Fault] = field(default_factory=list)

    def spot(self, place: Place) -> Spot:
        """Where a setting was written: by the override that set it or something above it, or in scenario.yaml."""
        for end in range(len(place), 0, -1):
            if spot := self.changed.get(place[:end]):
                below = place[end:]
                return spot._replace(field=".".join([spot.field, *map(str, below)]))
        return Spot(SCENARIO_FILE, f"line {self.lines.line(place)}", ".".join(str(part) for part in place))


def read(folder: Path) -> Draft:
    """Read scenario.yaml and every table of the folder that is there.

    Never raises for what the files hold: a file that is missing, misspelt, too large, no text or no YAML is a fault of
    the draft, so that all faults of a folder are told at once.

    Args:
        folder: of the scenario.
    """
    faults: list[Fault] = []
    digest = sha256()
    text = _text(folder, SCENARIO_FILE, yaml_lines.MAX_BYTES, faults, digest)
    if text is None and not faults:
        faults.append(Fault(SCENARIO_FILE, "", "", None, bilingual("this file in {folder}", folder=folder)))
    lines = yaml_lines.read(text or "", SCENARIO_FILE)
    faults += lines.faults
    data = lines.data
    if not isinstance(data, dict):
        if not faults:
            faults.append(Fault(SCENARIO_FILE, "line 1", "", None, bilingual("keys and values")))
        data = {}
    tables = {name: _table(folder, name, faults, digest) for name in TABLES}
    faults += _misspelt(folder)
    return Draft(data, lines, tables, digest.hexdigest(), faults=faults)


def _table(folder: Path, name: str, faults: list[Fault], digest: Any) -> Table:
    before = len(faults)
    text = _text(folder, f"{name}.csv", tables.MAX_BYTES, faults, digest)
    if text is None or len(faults) > before:
        if name in ("villages", "roads") and len(faults) == before:
            faults.append(Fault(f"{name}.csv", "", "", None, bilingual("this file in {folder}", folder=folder)))
        return Table(name, whole=len(faults) == before)
    table = tables.read(name, text, TABLES[name])
    faults += table.faults
    return table


def _text(folder: Path, name: str, limit: int, faults: list[Fault], digest: Any) -> str | None:
    data, wrong = tables.read_bytes(folder, name, limit)
    faults += wrong
    if data is None:
        return None
    digest.update(f"{name}\n{len(data)}\n".encode() + data)
    text, wrong = tables.decode(data, name)
    faults += wrong
    return text


def _misspelt(folder: Path) -> list[Fault]:
    """Tables that nothing reads since their name is nearly right."""
    names = sorted(path.stem for path in folder.glob("*.csv") if path.stem not in TABLES)
    close = ((name, nearest(name, TABLES)) for name in names)
    return [Fault(f"{name}.csv", "", "", None, bilingual("a known table"), known) for name, known in close if known]
