"""A first scenario folder for a planner to change: small, commented, and it runs."""

from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from simrescue.errors import Fault, ScenarioError, nearest
from simrescue.hazards.kinds import HAZARDS, ScenarioTemplate
from simrescue.scenario.files.draft import SCENARIO_FILE
from simrescue.units import Id, file_name_words, is_file_name
from simrescue.wording import bilingual


def templates() -> dict[str, ScenarioTemplate]:
    """What a planner calls a hazard -> its template, of all registered kinds that have one."""
    return {kind.template.option: kind.template for kind in HAZARDS.values() if kind.template}


def _template(hazard: str) -> ScenarioTemplate:
    """Raises ScenarioError, with what there is, for a hazard that is not registered or has no template."""
    known, kind = templates(), HAZARDS.get(hazard)
    if hazard in known:
        return known[hazard]
    expected = bilingual("a hazard with a template: {known}", known=", ".join(known))
    if kind and not kind.template:
        expected = bilingual(
            "a hazard with a template: {known} ({hazard} is registered without one)",
            known=", ".join(known),
            hazard=hazard,
        )
    meant = kind.template.option if kind and kind.template else nearest(hazard, known)
    raise ScenarioError([Fault("--hazard", "", "", hazard, expected, meant)])


RESPONSE = "data/new-response"
"""Folder of the package with the tables of the response system for the first scenario, and what scenario.yaml says of
them."""


def create(folder: str | Path, name: str = "", hazard: str = "flood", *, response: bool = False) -> Path:
    """Write a small scenario into a new or empty folder and return the folder.

    Args:
        folder: where the files go; made with its parents where it does not exist.
        name: name of the scenario, letters a-z, digits, - and _; empty: the name of the folder. Where it is another
            than the folder's, that is its Chinese title.
        hazard: what a planner calls a hazard; one of `templates`.
        response: whether to add the tables of the response system (channels, base stations, power, posts,
            partners).

    Raises:
        ScenarioError: the hazard has no template, or none with these tables, the name cannot be used, or the folder
            holds something already.
    """
    template = _template(hazard)
    if response and hazard != "flood":
        raise ScenarioError(
            [Fault("--response", "", "", hazard, bilingual("the hazard flood, for which there are tables"))]
        )
    home = Path(folder)
    own = name or home.resolve().name
    if not is_file_name(home.resolve().name):
        raise ScenarioError([Fault(SCENARIO_FILE, "", "name", home.resolve().name, file_name_words())])
    try:
        TypeAdapter(Id).validate_python(own)
    except ValidationError as error:
        raise ScenarioError([Fault(SCENARIO_FILE, "", "name", own, error.errors()[0]["ctx"]["told"])]) from None
    if home.exists() and (not home.is_dir() or any(home.iterdir())):
        raise ScenarioError([Fault(str(home), "", "", None, bilingual("a new or empty folder"))])
    home.mkdir(parents=True, exist_ok=True)
    folders = [template.folder, *([RESPONSE] if response else [])]
    for source in (source for folder in folders for source in files("simrescue").joinpath(folder).iterdir()):
        text = source.read_text(encoding="utf-8")
        if source.name == SCENARIO_FILE:
            text = text.replace(f"\nname: {template.name}\n", f"\nname: {own}\n", 1)
            if own != home.resolve().name:
                title = f"title_zh: {json.dumps(home.resolve().name, ensure_ascii=False)}"
                text = "\n".join(title if line.startswith("title_zh: ") else line for line in text.split("\n"))
        (home / source.name).write_text(text, encoding="utf-8", newline="\n")
    return home
