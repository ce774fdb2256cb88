"""Write the key and column tables of scenario-format.md from the records that read the files.

Run it after changing a record: `python docs/build_scenario_format.py`. A test compares.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from simrescue.kinds import KINDS
from simrescue.scenario.records import TABLES
from simrescue.scenario.schema import json_schema, table_schema

PAGE = Path(__file__).with_name("scenario-format.md")
MARK = "<!-- below: written by build_scenario_format.py -->\n"


def page() -> str:
    """The whole page: its hand-written head, and every key and column after it."""
    head = PAGE.read_text(encoding="utf-8").partition(MARK)[0]
    return f"{head}{MARK}\n{_settings(json_schema())}\n{_tables()}"


def _settings(schema: dict[str, Any]) -> str:
    parts = ["## Keys of scenario.yaml\n", _rows("Key", _named(schema))]
    sections = {name: _reference(field) for name, field in schema["properties"].items()}
    for name, record in sections.items():
        if record:
            parts += _section(name, schema["$defs"][record])
    parts += _section("hazard, kind flood", schema["$defs"]["Flood"])
    parts += _section("hazard.uncertainty of a flood", schema["$defs"]["Uncertainty"])
    parts += _section("hazard, kind wildfire", schema["$defs"]["Wildfire"])
    parts += _section("hazard.layers", schema["$defs"]["Layers"])
    parts += _section("hazard.danger", schema["$defs"]["Danger"])
    parts += _section("hazard.uncertainty of a wildfire", schema["$defs"]["FireUncertainty"])
    parts += _section("each entry of hazard.stages", schema["$defs"]["Stage"])
    parts += _section("each entry of command.levels", schema["$defs"]["ResponseLevel"])
    parts += _section("each of response.I, II, III, IV", schema["$defs"]["LevelRule"])
    parts += _section("each entry of history", schema["$defs"]["Recorded"])
    parts += _section("each of relief.food, clothing, water, shelter, medical", schema["$defs"]["Norm"])
    return "\n".join(parts)


def _section(name: str, record: dict[str, Any]) -> list[str]:
    return [f"### {name}\n", f"{record.get('description', '')}\n", _rows("Key", _named(record))]


def _tables() -> str:
    parts, chinese = ["## Tables\n"], {kind.table: f"{kind.noun.zh}: " for kind in KINDS.values()}
    for name in TABLES:
        schema = table_schema(name)
        says = f"{chinese.get(name, '')}{schema.get('description', '')}"
        parts += [f"### {name}.csv\n", f"{says}\n", _rows("Column", _named(schema))]
    return "\n".join(parts)


def _named(schema: dict[str, Any]) -> list[tuple[str, dict[str, Any], bool]]:
    needed = schema.get("required", [])
    return [(name, field, name in needed) for name, field in schema["properties"].items()]


def _rows(first: str, fields: list[tuple[str, dict[str, Any], bool]]) -> str:
    lines = [f"| {first} | Written as | Meaning |", "| --- | --- | --- |"]
    for name, field, needed in fields:
        meaning = field.get("description", "").replace("|", "\\|").replace("\n", " ")
        lines.append(f"| `{name}`{' (required)' if needed else ''} | {_kind(field)} | {meaning} |")
    return "\n".join(lines) + "\n"


def _kind(field: dict[str, Any]) -> str:
    choices = [choice for choice in field.get("anyOf", field.get("oneOf", [field])) if choice.get("type") != "null"]
    return " or ".join(dict.fromkeys(_one(choice) for choice in choices))


def _one(field: dict[str, Any]) -> str:
    if _reference(field) or "oneOf" in field:
        return "section"
    if examples := field.get("examples"):
        return ", ".join(f"`{example}`" for example in examples)
    if "enum" in field or "const" in field:
        return ", ".join(f"`{value}`" if value != "" else "empty" for value in field.get("enum", [field.get("const")]))
    names = {"string": "text", "integer": "whole number", "number": "number", "boolean": "`yes`, `no`"}
    return names.get(field.get("type", ""), {"array": "list", "object": "mapping"}.get(field.get("type", ""), "text"))


def _reference(field: dict[str, Any]) -> str:
    return str(field.get("$ref", "")).removeprefix("#/$defs/")


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
