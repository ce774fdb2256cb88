"""JSON Schema of scenario.yaml, of the rows of its tables and of plans, so that editors complete and check.

Keys are as in the files. Each description is the field's own docstring, with the default where a field has one.
"""

from __future__ import annotations

import ast
import inspect
from functools import cache
from itertools import pairwise
from textwrap import dedent
from typing import Any

from pydantic.json_schema import GenerateJsonSchema
from pydantic_core import PydanticUndefined, core_schema

from simrescue.metrics.base import MEASURES, Measure
from simrescue.plans import Plan
from simrescue.records import NOTHING, PAGES, UNIT_SUFFIXES, Record
from simrescue.scenario.files.faults import keys
from simrescue.scenario.plans import static_measures  # noqa: F401 - plans can name its measures
from simrescue.scenario.preflight.without_effect.unread import readers
from simrescue.scenario.records import TABLES, Settings

_UNITS = {"_kmh": "km/h", "_ms": "m/s", "_t_per_h": "t/h", "_m_per_h": "m/h"}
DIALECT = "https://json-schema.org/draft/2020-12/schema"


def json_schema() -> dict[str, Any]:
    """The schema of scenario.yaml."""
    return {"$schema": DIALECT, **Settings.model_json_schema(schema_generator=_InFiles)}


def table_schema(name: str) -> dict[str, Any]:
    """The schema of one row of `<name>.csv`. Raises KeyError where there is no such table."""
    return {"$schema": DIALECT, **TABLES[name].model_json_schema(schema_generator=_InFiles)}


def plan_schema() -> dict[str, Any]:
    """The schema of a plan file: the settings of a clause are those of the measure that it names."""
    schema = Plan.model_json_schema(schema_generator=_InFiles)
    del schema["properties"]["checksum"]  # comes from the file as a whole
    clause = schema["$defs"]["Clause"]
    clause["properties"]["measure"]["enum"] = ["", *MEASURES]
    clause["properties"]["settings"].pop("$ref", None)
    clause["properties"]["settings"]["type"] = "object"
    clause["allOf"] = [_settings_of(measure) for measure in MEASURES.values()]
    schema["$defs"].pop("Settings", None)
    return {"$schema": DIALECT, **schema}


def _settings_of(measure: Measure[Any]) -> dict[str, Any]:
    settings = measure.settings.model_json_schema(schema_generator=_InFiles)
    then: dict[str, Any] = {"properties": {"settings": {**settings, "title": f"{measure.words.en} {measure.words.zh}"}}}
    if settings.get("required"):
        then["required"] = ["settings"]
    return {"if": {"properties": {"measure": {"const": measure.name}}, "required": ["measure"]}, "then": then}


class _InFiles(GenerateJsonSchema):
    """Schemas of what files hold: moments without seconds are good, and defaults are told in words with their unit."""

    def datetime_schema(self, schema: core_schema.DatetimeSchema) -> dict[str, Any]:  # noqa: ARG002
        return {"type": "string", "examples": ["2023-07-29T08:00+08:00"]}

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> dict[str, Any]:
        return self.generate_inner(schema["schema"])

    def model_schema(self, schema: core_schema.ModelSchema) -> dict[str, Any]:
        model = super().model_schema(schema)
        if issubclass(schema["cls"], Record):
            for key, field in keys(schema["cls"]).items():
                if text := _docstrings(schema["cls"]).get(field):
                    model["properties"][key]["description"] = text
                _tell_readers(model["properties"][key], schema["cls"], field)
                _tell_default(model["properties"][key], schema["cls"], field)
        return model


@cache
def _docstrings(record: type[Record]) -> dict[str, str]:
    """The docstrings of the fields of a record by name, read from its source.

    Pydantic would do it whenever a record is defined, which is a sixth of the time that it takes to load them all.
    """
    texts = {}
    for part in reversed(record.__mro__):
        if not issubclass(part, Record):
            continue
        try:
            source = dedent(inspect.getsource(part))
        except (OSError, TypeError):  # not from a file
            continue
        for field, text in pairwise(ast.parse(source).body[0].body):  # type: ignore[attr-defined]
            match field, text:
                case ast.AnnAssign(target=ast.Name(id=name)), ast.Expr(value=ast.Constant(value=str(words))):
                    texts[name] = inspect.cleandoc(words)
    return texts


def _tell_readers(property_: dict[str, Any], record: type[Record], field: str) -> None:
    who = readers(record, field)
    if who and PAGES not in who:
        sentence = "Nothing reads it." if who == (NOTHING,) else f"For {' and '.join(who)} only."
        property_["description"] = f"{property_.get('description', '')} {sentence}".strip()


def _tell_default(property_: dict[str, Any], record: type[Record], field: str) -> None:
    info = record.model_fields[field]
    value = None if info.is_required() else info.get_default(call_default_factory=True, validated_data={})
    if value in (None, "", (), PydanticUndefined) or isinstance(value, (Record, dict)):
        return
    unit = next((_UNITS.get(suffix, suffix.strip("_")) for suffix in UNIT_SUFFIXES if field.endswith(suffix)), "")
    # The name of "mop_up_h_m" ends in a part of its unit: one that is a quotient is that of the example.
    unit = next((end for end in map(_unit_of, _examples(property_)) if "/" in end), unit)
    sentence = f"Default: {_short(value)} {unit}".strip() + "."
    property_["description"] = f"{property_.get('description', '')} {sentence}".strip()


def _examples(property_: dict[str, Any]) -> list[str]:
    choices = property_.get("anyOf", property_.get("oneOf", [property_]))
    return [str(example) for choice in choices for example in choice.get("examples", [])]


def _unit_of(example: str) -> str:
    return example.partition(" ")[2]


def _short(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:.4g}"
    return ";".join(str(part) for part in value) if isinstance(value, tuple) else str(value)
