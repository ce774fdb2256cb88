"""A first scenario folder for a planner to change: small, commented, and it runs."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from simrescue.errors import Fault, ScenarioError
from simrescue.hazards.kinds import HAZARDS
from simrescue.scenario.files.draft import SCENARIO_FILE
from simrescue.units import Id
from simrescue.wording import bilingual


def templates() -> dict[str, tuple[str, str]]:
    """Hazard -> name of the scenario that is copied, an invented county, and where the package keeps it."""
    found = [kind.template for kind in HAZARDS.values() if kind.template]
    return {one.option: (one.name, one.folder) for one in found}


def create(folder: str | Path, name: str = "", hazard: str = "flood") -> Path:
    """Write a small scenario into a new or empty folder and return the folder.

    Args:
        folder: where the files go; made with its parents where it does not exist.
        name: name of the scenario, letters a-z, digits, - and _; empty: the name of the folder.
        hazard: what a registered kind of hazard calls its template.

    Raises:
        KeyError: no such hazard.
        ScenarioError: the name cannot be used, or the folder holds something already.
    """
    template, kept = templates()[hazard]
    home = Path(folder)
    own = name or home.resolve().name
    try:
        TypeAdapter(Id).validate_python(own)
    except ValidationError as error:
        raise ScenarioError([Fault(SCENARIO_FILE, "", "name", own, error.errors()[0]["ctx"]["told"])]) from None
    if home.exists() and (not home.is_dir() or any(home.iterdir())):
        raise ScenarioError([Fault(str(home), "", "", None, bilingual("a new or empty folder"))])
    home.mkdir(parents=True, exist_ok=True)
    for source in files("simrescue").joinpath(kept).iterdir():
        text = source.read_text(encoding="utf-8")
        if source.name == SCENARIO_FILE:
            text = text.replace(f"\nname: {template}\n", f"\nname: {own}\n", 1)
        (home / source.name).write_text(text, encoding="utf-8", newline="\n")
    return home
