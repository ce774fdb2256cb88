"""Changes to a scenario without touching its files: named overrides, variants that list them, and `--set path=value`.

Order of priority, lowest first; the later one wins:

1. the package's defaults (`data/parameters.csv`), or as the section `parameters` sets them,
2. the tables and scenario.yaml,
3. the named overrides of the variant, in the order in which the variant lists them,
4. `--set`, in the order given.

A path names a setting (`command.report`, `hazard.uncertainty.level`, `parameters.turnout_h`; of several hazards with
the kind, `hazard.flood.step`) or a field of a table's rows by id (`boats.fire-boats.count`, `boats.*.count`, 0 for
none of them; for levels by zone, for depths by subject). A mapping as value sets everything in it.
`teams.new-team: {whole row}` adds a row, `teams.old-team: null` takes one out.
Values are written as in scenario.yaml, with their units; null goes back to the default.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from simrescue.errors import Fault, nearest
from simrescue.hazards.kinds import HAZARDS, WITHOUT_A_KIND
from simrescue.records import Record
from simrescue.scenario.files import yaml_lines
from simrescue.scenario.files.draft import Draft
from simrescue.scenario.files.faults import Place, Spot, instead_of, keys, sections
from simrescue.scenario.files.tables import TableRow
from simrescue.scenario.records import TABLES, Settings
from simrescue.wording import bilingual

SET = "--set"
FIXED = frozenset({"simrescue", "name", "overrides", "variants"})
"""Settings that no override may change."""
_ROW_KEYS = {
    "levels": "zone", "depths": "subject", "weather": "", "fire_danger": "part",
    "fire_lines": "line", "map_lines": "line", "readings": "gauge",
}  # fmt: skip
"""Column by which rows are named, where it is not `id`."""


AppliedChange = tuple[str, Any, Spot]
"""Path, value, and where it is written."""


def apply(draft: Draft, variant: str, sets: Mapping[str, Any] | Iterable[str] | None) -> dict[str, Any]:
    """Change the draft by a variant's overrides and by `sets`.

    Args:
        draft: as read from the folder; what cannot be applied becomes one of its faults.
        variant: name of a variant; empty: none.
        sets: path -> value, or texts `path=value` as `--set` takes them.

    Returns:
        Path -> value of all that was set, in the order of application: of a path set twice the last value, at its last
        place.
    """
    return _apply(draft, [*_of_variant(draft, variant), *_of_sets(draft, sets)])


def as_texts(sets: Mapping[str, Any] | Iterable[str]) -> tuple[str, ...]:
    """Single changes as --set takes them: values of a mapping as JSON, which is YAML too."""
    if isinstance(sets, Mapping):
        return tuple(f"{path}={json.dumps(value, ensure_ascii=False, default=str)}" for path, value in sets.items())
    return tuple(sets)


def apply_one(draft: Draft, name: str) -> dict[str, Any]:
    """Change the draft by one named override alone.

    Args:
        draft: as read from the folder; what cannot be applied becomes one of its faults.
        name: of the override; an unknown one changes nothing.

    Returns:
        Path -> value of all that was set, in order.
    """
    return _apply(draft, _of_names(draft, [name]))


def _apply(draft: Draft, changes: Iterable[AppliedChange]) -> dict[str, Any]:
    applied: dict[str, Any] = {}
    for path, value, spot in changes:
        # Put in again at its last place: the order of the answer is that in which changes took effect.
        applied.pop(path, None)
        applied[path] = value
        _change(draft, tuple(path.split(".")), value, spot)
    return applied


def _of_variant(draft: Draft, variant: str) -> list[AppliedChange]:
    if not variant:
        return []
    variants = _mapping(draft.data.get("variants"))
    if variant not in variants:
        place = draft.spot(("variants",))
        draft.faults.append(Fault(*place, variant, bilingual("a known variant"), nearest(variant, variants)))
        return []
    names = variants[variant] if isinstance(variants[variant], list) else []
    return _of_names(draft, names)


def _of_names(draft: Draft, names: Iterable[Any]) -> list[AppliedChange]:
    overrides = _mapping(draft.data.get("overrides"))
    return [
        (path, value, draft.spot(("overrides", name, path)))
        for name in names
        if isinstance(name, str)
        for path, value in _mapping(overrides.get(name)).items()
    ]


def _mapping(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _of_sets(draft: Draft, sets: Mapping[str, Any] | Iterable[str] | None) -> list[AppliedChange]:
    if isinstance(sets, Mapping):
        return [(path, value, Spot(SET, "", path)) for path, value in sets.items()]
    changes = []
    for text in sets or ():
        path, equals, written = text.partition("=")
        lines = yaml_lines.read(written, SET)
        if not equals or lines.faults:
            draft.faults.append(Fault(SET, "", "", text, bilingual("path=value, e.g. boats.fire-boats.count=4")))
        else:
            changes.append((path.strip(), lines.data, Spot(SET, "", path.strip())))
    return changes


def _change(draft: Draft, path: tuple[str, ...], value: Any, spot: Spot) -> None:
    if path[0] in TABLES:
        _change_table(draft, path, value, spot)
    else:
        _change_setting(draft, path, value, spot)


def _below(draft: Draft, path: tuple[str, ...], value: dict[str, Any], spot: Spot) -> None:
    for key, inner in value.items():
        _change(draft, (*path, key), inner, spot._replace(field=f"{spot.field}.{key}"))


# ---- settings


def _change_setting(draft: Draft, path: tuple[str, ...], value: Any, spot: Spot) -> None:
    paths = [*_paths(Settings), *_of_kinds(), *TABLES]
    if ".".join(path) not in paths:
        instead = instead_of(Settings, path)
        expected, near = (instead, "") if instead else (bilingual("a known path"), nearest(".".join(path), paths))
        draft.faults.append(Fault(*spot, None, expected, near))
        return
    if isinstance(value, dict) and any(known.startswith(".".join(path) + ".") for known in paths):
        _below(draft, path, value, spot)
        return
    place = _place(draft, path, spot)
    if not place:
        return
    home: Any = draft.data
    for part in place[:-1]:
        if isinstance(part, str) and home.get(part) is None:
            home[part] = {}
        home = home[part]
        if not isinstance(home, dict) and part != "hazard":
            return
    if value is None:
        home.pop(place[-1], None)
    else:
        home[place[-1]] = value
    draft.changed[place] = spot


def _place(draft: Draft, path: tuple[str, ...], spot: Spot) -> Place:
    """Where in scenario.yaml a setting stands; nothing, and a fault of the draft, where there is no such hazard.

    `hazard.flood.step` is the step of the flood, alone or beside other hazards; `hazard.step` that of the only hazard.
    """
    if path[0] != "hazard" or len(path) == 1:
        return path
    written = draft.data.get("hazard") or {}
    sections = written if isinstance(written, list) else [written]
    kinds = [str(section.get("kind", WITHOUT_A_KIND)) for section in sections if isinstance(section, dict)]
    if path[1] not in HAZARDS and not isinstance(written, list):
        return path
    if path[1] not in kinds or len(path) == 2:
        known = ", ".join(f"hazard.{kind}" for kind in kinds)
        draft.faults.append(
            Fault(*spot, None, bilingual("a setting of a hazard of this scenario: below {known}", known=known))
        )
        return ()
    return ("hazard", kinds.index(path[1]), *path[2:]) if isinstance(written, list) else ("hazard", *path[2:])


def _of_kinds() -> list[str]:
    """Paths of settings of hazards by their kind."""
    kinds = [(f"hazard.{name}", kind.settings) for name, kind in HAZARDS.items() if kind.settings]
    return [path for above, settings in kinds for path in (above, *_paths(settings, f"{above}."))]


def _paths(record: type[Record], above: str = "") -> list[str]:
    """All paths of settings, sections before what is in them."""
    paths = []
    for key, name in keys(record).items():
        if above or key not in FIXED:
            paths.append(above + key)
            for kind in sections(record.model_fields[name].annotation):
                paths += _paths(kind, f"{above}{key}.")
    return list(dict.fromkeys(paths))


# ---- tables


def _change_table(draft: Draft, path: tuple[str, ...], value: Any, spot: Spot) -> None:
    if len(path) == 1 and isinstance(value, dict):
        _below(draft, path, value, spot)
    elif len(path) == 2 and value is None:
        _remove(draft, path, spot)
    elif len(path) == 2 and isinstance(value, dict):
        if not _rows(draft, path) and path[1] != "*" and path[0] not in _ROW_KEYS:
            _add(draft, path, value, spot)
        elif _found(draft, path, spot):
            _below(draft, path, value, spot)
    elif len(path) == 3:
        _set_field(draft, path, value, spot)
    else:
        expected = bilingual("the fields of a row, or null")
        if len(path) != 2:
            expected = bilingual("a field of a row, as table.id.field")
        draft.faults.append(Fault(*spot, None, expected))


def _name(table: str, row: TableRow) -> str:
    return str(row.cells.get(_ROW_KEYS.get(table, "id"), ""))


def _rows(draft: Draft, path: tuple[str, ...]) -> list[TableRow]:
    rows = draft.tables[path[0]].rows
    return rows if path[1] == "*" else [row for row in rows if _name(path[0], row) == path[1]]


def _found(draft: Draft, path: tuple[str, ...], spot: Spot) -> list[TableRow]:
    rows = _rows(draft, path)
    if not rows and draft.tables[path[0]].whole:
        known = {_name(path[0], row) for row in draft.tables[path[0]].rows}
        draft.faults.append(
            Fault(*spot, None, bilingual("a row of {file}", file=f"{path[0]}.csv"), nearest(path[1], sorted(known)))
        )
    return rows


def _remove(draft: Draft, path: tuple[str, ...], spot: Spot) -> None:
    gone = {id(row) for row in _found(draft, path, spot)}
    table = draft.tables[path[0]]
    table.rows = [row for row in table.rows if id(row) not in gone]


def _add(draft: Draft, path: tuple[str, ...], value: dict[str, Any], spot: Spot) -> None:
    cells = {"id": path[1], **{key: cell for key, cell in value.items() if cell is not None}}
    spots = {key: spot._replace(field=f"{spot.field}.{key}") for key in (*keys(TABLES[path[0]]), *cells)}
    draft.tables[path[0]].rows.append(TableRow(cells, spot.file, spot.where, changed=spots))


def _set_field(draft: Draft, path: tuple[str, ...], value: Any, spot: Spot) -> None:
    known = [key for key in keys(TABLES[path[0]]) if key != _ROW_KEYS.get(path[0], "id")]
    rows = _found(draft, path, spot)
    if path[2] not in known:
        draft.faults.append(
            Fault(*spot, None, bilingual("a field of {file}", file=f"{path[0]}.csv"), nearest(path[2], known))
        )
        return
    for row in rows:
        if value is None:
            row.cells.pop(path[2], None)
        else:
            row.cells[path[2]] = value
        row.changed[path[2]] = spot
