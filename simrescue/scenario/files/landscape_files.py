"""The ground of a forest fire: the files that `hazard.layers` names, read inside the scenario folder and checked.

The bytes of the files are part of the scenario's checksum. What is wrong becomes faults of the draft.
"""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from pydantic import ValidationError

from simrescue.errors import Fault, nearest
from simrescue.hazards.kinds import HAZARDS
from simrescue.hazards.wildfire.landscape.ascii_grid import LayerFile
from simrescue.hazards.wildfire.landscape.rasters import read_arrival, read_landscape
from simrescue.hazards.wildfire.landscape.terrain import Landscape
from simrescue.hazards.wildfire.settings import Layers
from simrescue.parameters import Parameters
from simrescue.scenario.files.draft import Draft
from simrescue.scenario.files.faults import Place
from simrescue.scenario.files.tables import read_bytes
from simrescue.wording import bilingual

MAX_BYTES = 64_000_000
"""Largest file of a layer that is read."""
MAX_CELLS = 4_000_000
"""Most cells of a landscape: 2,000 x 2,000."""
NEEDED = ("fuel", "elevation")
ENDINGS = (".asc", ".tif", ".tiff")


class LandscapeLayers(NamedTuple):
    """What the layers of a fire hold; None where there are none, or where they could not be read."""

    landscape: Landscape | None = None
    arrival_h: NDArray[np.float64] | None = None
    """(R, C) hours after the first ignition by another tool; None: the fire grows by itself."""


def read_ground(draft: Draft, folder: Path, context: dict[str, Any], parameters: Parameters) -> LandscapeLayers:
    """The landscape of a wildfire scenario. Never raises for what the files hold: the draft collects their faults.

    Works from the settings as written, so that faults elsewhere in scenario.yaml do not hide those of the layers. The
    bytes of all files are counted in the draft's digest.

    Args:
        draft: as read from the folder, with overrides applied.
        folder: the scenario; files outside it are refused.
        context: of the validation, as for scenario.yaml.
        parameters: those of the scenario, with which fuels are made.
    """
    place, hazard = _section(draft)
    if hazard is None:
        return LandscapeLayers()
    try:
        layers = Layers.model_validate(hazard.get("layers") or {}, context=context, by_alias=True, by_name=False)
    except ValidationError:
        return LandscapeLayers()
    before = len(draft.faults)
    read = {name: _file(draft, folder, place, name, getattr(layers, name)) for name in Layers.model_fields}
    files = {name: file for name, file in read.items() if file}
    arrival = files.pop("arrival", None)
    if len(draft.faults) > before:
        return LandscapeLayers()
    landscape, faults = read_landscape(files, MAX_CELLS, parameters)
    draft.faults += faults
    if landscape is None or arrival is None:
        return LandscapeLayers(landscape)
    hours, faults = read_arrival(arrival, landscape)
    draft.faults += faults
    return LandscapeLayers(landscape, hours)


def _section(draft: Draft) -> tuple[Place, dict[str, Any] | None]:
    """The section of a hazard that runs over layers, as it is written, and its place; None where there is none."""
    written = draft.data.get("hazard")
    layered = {name for name, kind in HAZARDS.items() if kind.settings and "layers" in kind.settings.model_fields}
    sections = enumerate(written) if isinstance(written, list) else [(None, written)]
    for number, section in sections:
        if isinstance(section, dict) and str(section.get("kind")) in layered:
            return ("hazard",) if number is None else ("hazard", number), section
    return ("hazard",), None


def _file(draft: Draft, folder: Path, section: Place, layer: str, name: str) -> LayerFile | None:
    """The bytes of one layer, counted in the draft's digest; None where none is asked for, or with a fault."""
    place = draft.spot((*section, "layers", layer))
    if not name:
        if layer in NEEDED:
            draft.faults.append(Fault(*place, "", bilingual("the name of a file: a fire needs it")))
        return None
    data, faults = read_bytes(folder, name, MAX_BYTES)
    if data is None:
        draft.faults += [Fault(*place, name, fault.expected) for fault in faults] or [_absent(folder, place, name)]
        return None
    draft.digest = sha256(f"{draft.digest}\n{layer}\n{name}\n{len(data)}\n".encode() + data).hexdigest()
    return LayerFile(name, data)


def _absent(folder: Path, place: tuple[str, str, str], name: str) -> Fault:
    rasters = sorted(path.name for path in folder.glob("*") if path.suffix.lower() in ENDINGS)
    return Fault(*place, name, bilingual("the name of a raster in the scenario folder"), nearest(name, rasters))
