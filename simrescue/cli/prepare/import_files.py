"""The command `import`: a scenario folder from a county's own workbooks and tables."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from simrescue.cli.language import on_screen, pick, screen_language
from simrescue.cli.options import as_json, new_scenario_in
from simrescue.cli.options import screen_language as screen_language_option
from simrescue.wording import bilingual

if TYPE_CHECKING:
    from simrescue.intake.county_tables import Taken
    from simrescue.intake.importing import ImportedCounty


@click.command("import")
@click.argument("name")
@click.argument("paths", nargs=-1, required=True, metavar="FILES...", type=click.Path(path_type=Path))
@new_scenario_in
@click.option(
    "--offset",
    show_default="+08:00; NetCDF: +00:00",
    help="From UTC, of moments that state none.",
)
@click.option(
    "--datum",
    default="",
    help="Of coordinates in tables: wgs84, cgcs2000, xian80, beijing54, gcj02, bd09 or EPSG:4548.",
)
@click.option("--roads-datum", default="", help="Of roads, whatever their files say.")
@click.option("--rasters-datum", default="", help="Of rasters that do not say their coordinates.")
@click.option(
    "--rasters-unit", type=click.Choice(["m", "cm", "mm"]), help="Of depth in rasters that do not say it; default: m."
)
@click.option(
    "--keep-rasters",
    is_flag=True,
    help="Keep depth rasters in the folder, to be read whenever it is, and write no depths.csv.",
)
@as_json("sheets")
@screen_language_option("Language of the protocol; default: that of the screen.")
def import_files(
    name: str, paths: tuple[Path, ...], folder: Path, offset: str | None, datum: str, roads_datum: str,
    rasters_datum: str, rasters_unit: str | None, keep_rasters: bool, as_json: bool,
) -> None:  # fmt: skip
    """Make a scenario folder NAME from a county's own files, and say how they were read.

    Workbooks (.xlsx, .xlsm, .xls, .et, .ods) and tables (.csv, .tsv, .txt); roads as shapefile (.shp, .zip), GeoPackage
    (.gpkg), GeoJSON or OpenStreetMap (.osm, .pbf); depth of the flood as GeoTIFF or ASCII grid, one for each hour or
    band (depth_03h.tif, 20230731_1400.asc), or NetCDF (.nc); height of the ground (dem.tif); fuel and trees of a forest
    fire (fuel.asc, canopy_cover.asc); a plan as the workbook of `simrescue plans new`, by which the scenario is then
    judged.

    Importing again brings the folder up to date and keeps what was changed by hand; NAME.mapping.yaml beside it holds
    what was understood, and what is changed there wins.

    NAME.protocol.html and .txt beside it tell what was read from where, what was guessed, left out and is missing, on a
    map, and the three questions that would help most.

    \b
    simrescue import my-county villages.xlsx roads.csv levels.csv
    simrescue import my-county villages.xlsx roads.shp --datum gcj02
    simrescue import my-county villages.xlsx roads.shp dem.tif depth_*.tif
    """
    from datetime import datetime

    from simrescue.intake.importing import OFFSET
    from simrescue.intake.importing import import_files as bring_in
    from simrescue.intake.raster_files.county_rasters import RasterOptions
    from simrescue.report.import_protocol import write_protocol

    is_offset_told, offset = offset is not None, offset or OFFSET
    try:
        datetime.fromisoformat(f"2000-01-01T00:00{offset}").utcoffset()
    except ValueError:
        raise click.BadParameter(on_screen("an offset from UTC, as +08:00"), param_hint="--offset") from None
    of_rasters = RasterOptions(rasters_datum, rasters_unit or "", is_offset_told=is_offset_told, keep=keep_rasters)
    imported = bring_in(folder / name, paths, offset, datum=datum, roads_datum=roads_datum, rasters=of_rasters)
    page, text = write_protocol(imported, screen_language())
    if as_json:
        from simrescue.cli.show.json_text import as_text

        click.echo(as_text({**_as_data(imported), "protocol": [page.as_posix(), text.as_posix()]}))
    else:
        _show(imported, page)


def _as_data(imported: ImportedCounty) -> dict[str, object]:
    sheets = [
        {
            "sheet": taken.sheet.title, "table": taken.understood.table, "rows": taken.rows,
            "columns": {column.head: column.key for column in taken.understood.columns},
            "left_out": list(taken.understood.left_out), "totals": taken.totals,
            "notes": taken.notes, "remarks": [remark.en for remark in taken.remarks],
        }
        for taken in imported.taken
    ]  # fmt: skip
    return {
        "scenario": str(imported.folder), "sheets": sheets, "rows": {k: n for k, n in imported.rows.items() if n},
        "not_read": [sheet.title for sheet in imported.not_read],
        "unclear": [sentence.en for sentence in imported.unclear],
        "rows_left_out": [sentence.en for sentence in imported.left_out],
        "remarks": [sentence.en for sentence in imported.remarks],
        "files": [
            {"file": read.title, "said": read.said.en,
             "facts": {fact.what.en: fact.found.en for fact in read.facts}}
            for read in imported.files
        ],
        "kept": imported.kept, "missing": [stopping.en for stopping in imported.stopping],
        "faults": [fault.record("en") for fault in imported.faults],
    }  # fmt: skip


def _show(imported: ImportedCounty, protocol: Path) -> None:
    """How each sheet was read, what was assumed, what was left out, what is missing."""
    from simrescue.intake.column_words import basis_words

    for taken in imported.taken:
        of = taken.understood.table
        click.echo(_said_of_rows(taken))
        assumed = [
            f"{column.head} ({pick(basis_words(of, column))})" for column in taken.understood.columns if column.basis
        ]
        _line(on_screen("units or contents assumed: {heads}", heads=", ".join(assumed)), assumed)
        left_out = taken.understood.left_out
        _line(on_screen("columns left out: {heads}", heads=taken.understood.named_left_out), left_out)
        _line(on_screen("rows of totals left out: {number}", number=taken.totals), taken.totals)
        for note in taken.notes:
            _line(on_screen("left out: {text}", text=note), True)
        for remark in taken.remarks:
            _line(pick(remark), True)
    for sheet in imported.not_read:
        click.echo(on_screen("{sheet}: not read, no table has such heads", sheet=sheet.title))
    _show_files(imported)
    for sentence in (*imported.remarks, *imported.unclear, *imported.left_out):
        click.echo(pick(sentence))
    if imported.start:
        click.echo(pick(imported.said_of_start))
    if imported.kept:
        click.echo(on_screen("changes by hand that were kept: {number}", number=imported.kept))
    _show_what_is_next(imported, protocol)


def _said_of_rows(taken: Taken) -> str:
    title, table = taken.sheet.title, taken.understood.table
    if taken.sheet.is_remade:
        return on_screen("{sheet}: {rows} rows of {table}.csv", sheet=title, rows=taken.rows, table=table)
    return on_screen("{sheet}: {rows} rows of {table}.csv, heads in row {number}", sheet=title, rows=taken.rows,
                     table=table, number=taken.head_row)  # fmt: skip


def _show_what_is_next(imported: ImportedCounty, protocol: Path) -> None:
    """What keeps the scenario from being run, or the next command."""
    if imported.stopping:
        names = ", ".join(map(pick, imported.stopping))
        click.echo(on_screen("still missing, it does not run without: {things}", things=names))
    click.echo(on_screen("Protocol, with what to ask first: {path}", path=protocol))
    if imported.said_of_plan.en:
        click.echo(pick(imported.said_of_plan))
    if imported.said_of_faults.en:
        click.echo(pick(imported.said_of_faults))
    elif not imported.stopping:
        click.echo(on_screen("{folder} is ready. Next: simrescue check {folder}", folder=imported.folder))


def _show_files(imported: ImportedCounty) -> None:
    for read in imported.files:
        click.echo(pick(bilingual("{file}: {text}", file=read.title, text=read.said)))
        for fact in read.facts:
            _line(pick(bilingual("{what}: {found}", what=fact.what, found=fact.found)), True)


def _line(text: str, said: object) -> None:
    if said:
        click.echo(f"  {text}")
