"""The files that a run is handed on as: a workbook, a GeoPackage, and a GeoJSON file for each layer; all or none."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING

from simrescue.experiment.store.whole_files import make_folder, write_whole
from simrescue.export.geojson import geojson_bytes
from simrescue.export.geopackage import geopackage_bytes
from simrescue.export.map_layers import map_layers
from simrescue.export.run_sheets import run_sheets
from simrescue.export.workbook_writer import workbook_bytes

if TYPE_CHECKING:
    from simrescue.experiment.store.stored_results import Results
    from simrescue.wording import Language

FORMS = ("xlsx", "gpkg", "geojson")


def export_run(
    results: Results, replication: int | None, lang: Language, folder: Path, forms: Collection[str] = FORMS
) -> list[Path]:
    """Write the files of a run; gives them. Everything is made before the first is written.

    Args:
        results: stored, with verdicts.
        replication: whose forces, actions, closures and tracks are shown; None: no log was kept.
        lang: of heads and words.
        folder: where the files go; made where it is missing. They are called after the results folder.
        forms: which of `FORMS`.

    Raises:
        ResultsError: a table is missing or damaged, a library is missing, or the files cannot be written.
    """
    name = results.path.resolve().name
    contents = dict[str, bytes]()
    if "xlsx" in forms:
        contents[f"{name}.xlsx"] = workbook_bytes(run_sheets(results, replication, lang))
    if {"gpkg", "geojson"} & set(forms):
        layers = map_layers(results, replication)
        if "gpkg" in forms:
            contents[f"{name}.gpkg"] = geopackage_bytes(layers, lang)
        if "geojson" in forms:
            contents |= {f"{name}-{layer.name}.geojson": geojson_bytes(layer) for layer in layers}
    make_folder(folder)
    for file, content in contents.items():
        write_whole(folder / file, content)
    return [folder / file for file in contents]
