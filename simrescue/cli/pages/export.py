"""The command `export`: a run as workbook and map, a scenario as the workbook that `import` reads back."""

from __future__ import annotations

import shlex
from pathlib import Path

import click

from simrescue.cli import options
from simrescue.cli.language import on_screen, screen_language

SCENARIO_FILE = "scenario.yaml"


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@options.out_folder("Folder of the files; default: `export` in the results folder; of a scenario: here.")
@click.option(
    "--as", "forms", multiple=True, type=click.Choice(["xlsx", "gpkg", "geojson"]),
    help="Only these files of a run: workbook, GeoPackage, GeoJSON. May be repeated; default: all.",
)  # fmt: skip
@click.option(
    "--replication", "-k", type=click.IntRange(0),
    help="Whose forces, actions, closures and tracks are shown; default: the one in the middle.",
)  # fmt: skip
@options.as_json("files")
@options.screen_language("Language of heads and words; default: that of the screen.")
def export(folder: Path, out: Path | None, forms: tuple[str, ...], replication: int | None, as_json: bool) -> None:
    """Write a RESULTS folder as a workbook (.xlsx) and as maps (.gpkg, .geojson), or a SCENARIO folder as a workbook.

    The workbook of a run has verdicts, shortfall, villages, forces, causes, waiting and actions; the maps have places,
    sites, roads, closed roads and tracks with their times. That of a scenario has each of its files as a sheet:
    `simrescue import` reads it back unchanged. Text stays text: nothing in it is a formula.

    \b
    simrescue export results/zhuozhou-2023
    simrescue export results/zhuozhou-2023 --lang zh --as xlsx --out for-bureau
    simrescue export scenarios/tiny-flood
    simrescue import my-county tiny-flood.xlsx
    """
    if (folder / SCENARIO_FILE).is_file():
        if forms or replication is not None:
            raise click.UsageError(on_screen("--as and --replication are of a run; this is a scenario"))
        from simrescue.export.scenario_workbook import export_scenario

        files = export_scenario(folder, screen_language(), out or Path())
        words = " ".join(shlex.quote(file.as_posix()) for file in files)
        hint = on_screen("It comes back by: simrescue import NAME {files}", files=words)
    else:
        files = _run(folder, out, forms, replication)
        hint = ""
    if as_json:
        from simrescue.cli.show.json_text import as_text

        click.echo(as_text({"files": [file.as_posix() for file in files]}))
        return
    for file in files:
        click.echo(on_screen("{path} ({size:,.0f} kB)", path=file, size=max(1, file.stat().st_size / 1000)))
    if hint:
        click.echo(hint)


def _run(folder: Path, out: Path | None, forms: tuple[str, ...], replication: int | None) -> list[Path]:
    from simrescue.experiment.store.stored_results import read_results
    from simrescue.export.run_files import FORMS, export_run
    from simrescue.report.replay import which

    results = read_results(folder)
    number = which(results, "median" if replication is None else replication) if results.logged() else None
    return export_run(results, number, screen_language(), out or folder / "export", forms or FORMS)
