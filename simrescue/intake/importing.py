"""A scenario folder made from a county's files, or brought up to date; nothing is written before all is read."""

from __future__ import annotations

import csv
import io
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from simrescue.errors import Fault, ScenarioError
from simrescue.intake.column_words import field_words
from simrescue.intake.columns import understand
from simrescue.intake.county_tables import CountyTables, Taken, columns_in_order
from simrescue.intake.file_read import FileFact, FileRead
from simrescue.intake.file_sheets import named_in, plans_in, settings_text, table_of
from simrescue.intake.first_settings import (
    first_settings,
    is_of_fire,
    kind_in,
    source_in,
    with_depths,
    with_layers,
)
from simrescue.intake.gaps import gaps, rows_of_folder
from simrescue.intake.geodata.coordinates import datum_of
from simrescue.intake.geodata.road_formats.shapefiles import PARTS
from simrescue.intake.mapping import (
    Merged,
    Tables,
    entry_of,
    ids_of_renamed,
    mapping_file,
    mapping_text,
    merged,
    read_mapping,
    read_table,
    understood_before,
)
from simrescue.intake.naming.place_ids import id_of
from simrescue.intake.places_and_roads import (
    ROADS,
    BroughtIn,
    Datums,
    bring_in_places_and_roads,
    lines_file,
    lines_text,
)
from simrescue.intake.plan_book.plan_sheets import PlanFromSheets, holds_plan, plan_from_sheets
from simrescue.intake.raster_files.county_rasters import RasterOptions, RastersBroughtIn, bring_in_rasters
from simrescue.intake.raster_files.raster_roles import ENDINGS as RASTERS
from simrescue.intake.raster_files.raster_roles import RasterRoles, roles_of
from simrescue.intake.shapes.reshape import reshaped
from simrescue.intake.shapes.sheet_parts import parts_of
from simrescue.intake.shapes.station_series import years_in
from simrescue.intake.shapes.title_units import units_of_title
from simrescue.intake.spreadsheets.sheet import Sheet
from simrescue.intake.spreadsheets.sheets import TEXTS, WORKBOOKS, kinds_that_are_read, read_sheets
from simrescue.kinds import tables
from simrescue.scenario.files.depth_raster_files import lines_of_text
from simrescue.scenario.files.draft import SCENARIO_FILE
from simrescue.scenario.load import load
from simrescue.scenario.records import TABLES
from simrescue.scenario.unused import faults_elsewhere
from simrescue.units import file_name_words, is_file_name, is_id
from simrescue.wording import LANGUAGES, NAMES, Words, bilingual, listed

OFFSET = "+08:00"
"""Offset from UTC of moments that state none: the one zone of China."""
NEEDED = ("villages", "roads", "levels")
NEEDED_OF_FIRE = ("villages", "roads", "ignitions", "weather")
PLANS = "plans"
"""Folder beside that of the scenario, where it looks for the plans that it names."""
MOST_NAMED = 10
"""Rows of a table that are named, of those that another import leaves out or keeps."""
PARTS_OF_FILES = frozenset((*PARTS[1:], ".sbn", ".sbx", ".qix", ".qmd", ".xml", ".tfw", ".ovr"))
"""Endings of what lies beside shapefiles and rasters and is no file of its own."""
KEPT_LINES = "roads.geojson"
"""Name of the lines of roads in the folder, where depth rasters are kept there."""


@dataclass
class ImportedCounty:
    """What an import did."""

    folder: Path
    taken: list[Taken]
    """Sheets that were read."""
    not_read: list[Sheet]
    """Sheets that are of no known table."""
    rows: dict[str, int]
    """Table -> rows that stand in the folder now."""
    unclear: list[Words] = field(default_factory=list)
    kept: int = 0
    """Cells and rows that are as people changed them."""
    start: str = ""
    """Start of the run that was written; empty: the folder had one."""
    has_series: bool = True
    """Whether that start is the first moment of a series, and not assumed."""
    missing: list[str] = field(default_factory=list)
    """Tables without which it does not run."""
    blank: list[Words] = field(default_factory=list)
    """Columns with blank cells without which it does not run."""
    left_out: list[Words] = field(default_factory=list)
    """Rows that are left out for want of what they must say."""
    remarks: list[Words] = field(default_factory=list)
    """How roads and coordinates were read."""
    files: list[FileRead] = field(default_factory=list)
    """How files of roads, rasters and plans were read."""
    has_depths: bool = False
    """Whether the flood comes by depths."""
    is_fire: bool = False
    """Whether it is of a forest fire."""
    faults: tuple[Fault, ...] = ()
    """What else `check` refuses in the folder: words where numbers belong, names of no place."""
    has_plan: bool = True
    """Whether scenario.yaml names a plan, by which a run is judged."""

    @property
    def stopping(self) -> list[Words]:
        """All without which it does not run."""
        return [*(Words(f"{table}.csv", f"{table}.csv") for table in self.missing), *self.blank]

    @property
    def said_of_faults(self) -> Words:
        """How many faults the folder has yet, with the first of them; empty: none, or more is missing."""
        if self.stopping or not self.faults:
            return Words("", "")
        first = Words(*map(self.faults[0].text, LANGUAGES))
        return bilingual("faults that check names: {number}, the first {fault}",
                         number=len(self.faults), fault=first)  # fmt: skip

    @property
    def said_of_plan(self) -> Words:
        """That no plan is named, and so nothing judged; empty: one is."""
        if self.has_plan:
            return Words("", "")
        return bilingual("no plan is named, so that nothing is judged: write plan: NAME into {file}, or run with"
                         " --plan; simrescue plans lists them", file=SCENARIO_FILE)  # fmt: skip

    @property
    def said_of_start(self) -> Words:
        """Where the start comes from, if this import wrote it."""
        if self.has_series:
            return bilingual("start of the run, from the first moment of the series: {start}", start=self.start)
        if self.has_depths:
            return bilingual("start of the run, assumed: the hours of the rasters count from it (scenario.yaml): "
                             "{start}", start=self.start)  # fmt: skip
        return bilingual(
            "start of the run, assumed: no series states a date (scenario.yaml): {start}", start=self.start
        )


def import_files(
    folder: Path, paths: Sequence[Path], offset: str = OFFSET, *, datum: str = "", roads_datum: str = "",
    rasters: RasterOptions | None = None,
) -> ImportedCounty:  # fmt: skip
    """Make a scenario folder from files, or bring one up to date that was made so.

    Args:
        folder: of the scenario, under any name that a folder may have; the scenario has it too, in pinyin where it is
            Chinese.
        paths: workbooks, text tables, roads, rasters and the workbook of a plan; later ones add to earlier ones.
        offset: from UTC, of moments that state none.
        datum: of the coordinates in workbooks and text tables, as `geodata.coordinates.datum_of` reads it; empty: as
            the last import had it, else as far as it can be seen.
        roads_datum: the same of roads; empty: as their files say.
        rasters: what rasters do not say themselves; None: nothing.

    Raises:
        ScenarioError: a file cannot be read or is none that is known, or the folder was not made by an import. Then
            nothing is written.
        PlanError: the workbook of a plan has faults. Then nothing is written.
    """
    _may_be_written(folder)
    paths = _without_parts(paths)
    _may_be_read(paths)
    mapping, options = read_mapping(mapping_file(folder)), rasters or RasterOptions()
    options = replace(options, datum=datum_of(options.datum) if options.datum else "")
    made = CountyTables(ids={str(key): str(value) for key, value in mapping.get("ids", {}).items()})
    in_rasters = [path for path in paths if path.suffix.lower() in RASTERS]
    roads = [path for path in paths if path.suffix.lower() in ROADS]
    of_sheets = [path for path in paths if path not in (*in_rasters, *roads)]
    sheets = {path: read_sheets(path) for path in of_sheets}
    plans = [plan_from_sheets(path, of_path, folder.parent / PLANS) for path, of_path in sheets.items()
             if holds_plan(of_path)]  # fmt: skip
    of_tables = [sheet for of_path in sheets.values() if not holds_plan(of_path) for sheet in of_path]
    not_read, old, settings = _read_all(of_tables, scenario_name(folder), mapping, made)
    standing = _text_of(folder / SCENARIO_FILE)
    known = named_in(settings or standing)
    roles = roles_of(in_rasters, known)
    roles.named.extend(path for path in roads if path.name in known)
    roads = [path for path in roads if path.name not in known]
    if not (made.rows or settings or plans or in_rasters or roads or roles.named):
        expected = bilingual("a sheet whose heads are known, as the page docs/cli.md lists them")
        raise ScenarioError([Fault(", ".join(path.name for path in paths), "", "", None, expected)])
    made.standing = {table: rows for table in tables("place") if (rows := read_table(folder / f"{table}.csv"))}
    unclear = list(dict.fromkeys([*made.rename_zones(), *made.refer()]))
    places = {table: made.rows[table] for table in tables("place") if table in made.rows}
    renamed = list(made.keep_ids(ids_of_renamed(places, mapping.get("written", {}))))
    left_out, given = [*old, *made.leave_out_unfit()], [*renamed, *made.give_tasks()]
    datums = Datums.of(datum or str(mapping.get("datum", "")), roads_datum or str(mapping.get("roads_datum", "")))
    brought_in = bring_in_places_and_roads(folder, made, roads, datums)
    lines, zone = brought_in.lines or _lines_before(folder), datetime.fromisoformat(f"2000-01-01T00:00{offset}").tzinfo
    of_rasters = bring_in_rasters(folder, made, roles, mapping, lines, zone, options)
    texts, written, kept, stay = _tables(folder, made, mapping.get("written", {}))
    result = ImportedCounty(folder, made.taken, not_read, {}, unclear, kept, left_out=left_out,
                            remarks=[*brought_in.remarks, *given, *made.said, *stay],
                            files=[*brought_in.read, *of_rasters.read, *map(_plan_read, plans)])  # fmt: skip
    last, hazard = str(mapping.get("settings") or ""), _hazard(made, roles, of_rasters, options, bool(lines))
    if settings and not _is_by_hand(folder / SCENARIO_FILE, last):
        texts[SCENARIO_FILE] = settings
    elif not standing:
        own = [plan.plan for plan in plans]
        made_now = first_settings(scenario_name(folder), folder.name, made, of_rasters.depths, hazard, zone, own)
        texts[SCENARIO_FILE], result.start, result.has_series = made_now
    elif settings and settings != last:
        result.kept += 1
    if (roles.depth or roles.level) and SCENARIO_FILE not in texts:
        _told_of_source(folder, standing, hazard.get("source", "levels"), texts, result)
    _told_of_layers(standing, roles, texts, result)
    result.remarks += _told_of_plans(plans, texts.get(SCENARIO_FILE, standing))
    if lines and (options.keep or KEPT_LINES in known):
        texts[KEPT_LINES] = lines_text(lines)
    besides = _besides(folder, mapping, made, written, settings or last, brought_in, of_rasters)
    _write(folder, texts, besides | {plan.file: plan.text for plan in plans},
           [*roles.named, *(roles.depth if options.keep else []), *layers_of(roles).values()])  # fmt: skip
    _told_of_missing(folder, result, bool(settings))
    return result


def _told_of_missing(folder: Path, result: ImportedCounty, has_settings: bool) -> None:
    """Put what stands in a folder, and what of it keeps the scenario from running, into what an import tells.

    Args:
        folder: as it is now written.
        result: gets rows, kind of hazard, missing tables and blank columns.
        has_settings: whether scenario.yaml was among the files.
    """
    settings = _text_of(folder / SCENARIO_FILE)
    result.has_depths, result.is_fire = source_in(settings) in ("depths", "rasters"), kind_in(settings) == "wildfire"
    result.rows = {table: len(read_table(folder / f"{table}.csv") or ()) for table in TABLES}
    needed: tuple[str, ...] = NEEDED if (result.start or not has_settings) and not result.has_depths else NEEDED[:2]
    if result.is_fire:
        needed = NEEDED_OF_FIRE
        if "layers:" not in settings:
            result.blank.append(bilingual("rasters of fuel and of heights on one grid (fuel.asc, elevation.asc)"))
    result.missing = [table for table in needed if not result.rows[table]]
    for gap in gaps(rows_of_folder(folder), by_depths=result.has_depths, of_fire=result.is_fire):
        if gap.stops and gap.key:
            column = field_words(gap.table, gap.key)
            result.blank.append(bilingual("{table} {column}", table=f"{gap.table}.csv", column=column))
    try:
        scenario = load(folder)
        result.faults, result.has_plan = tuple(faults_elsewhere(scenario)), bool(scenario.settings.plan_names)
    except ScenarioError as error:
        result.faults = error.faults


def _told_of_layers(standing: str, roles: RasterRoles, texts: dict[str, str], result: ImportedCounty) -> None:
    """Name the rasters of a fire in a standing scenario.yaml, or say what is to be changed in it."""
    if not roles.fuel or SCENARIO_FILE in texts:
        return
    layered = with_layers(standing, {layer: path.name for layer, path in layers_of(roles).items()})
    if layered != standing:
        texts[SCENARIO_FILE] = layered
    elif kind_in(standing) != "wildfire":
        result.remarks.append(bilingual("{file} has no forest fire: the raster {name} counts once {setting} is {value}",
                                        file=SCENARIO_FILE, name=roles.fuel[0].name, setting="hazard.kind",
                                        value="wildfire"))  # fmt: skip


def _text_of(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.exists() else ""


def _without_parts(paths: Sequence[Path]) -> list[Path]:
    """Files without those that are part of another one given with them, which is read with its parts beside it."""
    known = (*ROADS, *RASTERS)
    whole = {part for path in paths if path.suffix.lower() in known for part in (path.name, path.stem)}
    return [
        path for path in paths
        if path.suffix.lower() not in PARTS_OF_FILES or not any(path.name.startswith(f"{name}.") for name in whole)
    ]  # fmt: skip


def _may_be_read(paths: Sequence[Path]) -> None:
    expected = bilingual("a file that is there")
    if absent := [Fault(path.name, "", "", None, expected) for path in paths if not path.is_file()]:
        raise ScenarioError(absent)
    known = (*WORKBOOKS, *TEXTS, *ROADS, *RASTERS)
    expected = kinds_that_are_read(known)
    if others := [Fault(path.name, "", "", None, expected) for path in paths if path.suffix.lower() not in known]:
        raise ScenarioError(others)


def _tables(folder: Path, made: CountyTables, before: Tables) -> tuple[dict[str, str], Tables, int, list[Words]]:
    """The text of each new table by its file, all rows as they are written, how much by hand was kept, and what."""
    texts, written, kept, said = dict[str, str](), dict(before), 0, list[Words]()
    for table, rows in made.rows.items():
        now = read_table(folder / f"{table}.csv")
        of = Merged(rows) if now is None else merged(table, rows, before.get(table, []), now)
        said += _told_of_merged(table, of)
        texts[f"{table}.csv"] = _as_csv(table, of.rows, made.heads.get(table, ()))
        written[table], kept = rows, kept + of.kept
    return texts, written, kept, said


def _told_of_merged(table: str, of: Merged) -> Iterator[Words]:
    if of.stay:
        yield bilingual("{table}.csv: no longer in the files, but changed by hand, and so kept: {names}", table=table,
                        names=_first(of.stay))  # fmt: skip
    if of.gone:
        yield bilingual("{table}.csv: no longer in the files, and so left out: {names}", table=table,
                        names=_first(of.gone))  # fmt: skip
    if of.against:
        cells = listed(of.against[:MOST_NAMED], NAMES)
        yield bilingual("{table}.csv: changed by hand and in the files too, and so kept as changed by hand"
                        " ({number}): {cells}", table=table, number=len(of.against), cells=cells)  # fmt: skip


def _first(names: Sequence[str]) -> str:
    return ", ".join(names if len(names) <= MOST_NAMED else (*names[:MOST_NAMED], f"... ({len(names)})"))


def _told_of_source(folder: Path, standing: str, wanted: str, texts: dict[str, str], result: ImportedCounty) -> None:
    """Have the flood of a standing scenario.yaml come from the depths, or say what is to be changed in it."""
    source = source_in(standing)
    if source == "levels" and wanted == "depths" and not read_table(folder / "levels.csv"):
        texts[SCENARIO_FILE] = with_depths(standing)
    elif source != wanted:
        result.remarks.append(
            bilingual("{file} has {setting}: the rasters count once it is {value}", file=SCENARIO_FILE,
                      setting=f"hazard.source: {source}", value=wanted)
        )  # fmt: skip


def _plan_read(plan: PlanFromSheets) -> FileRead:
    clauses = plan.plan.clauses
    measured = sum(bool(clause.measure) for clause in clauses)
    said = bilingual("{number} clauses became the plan {file}", number=len(clauses), file=f"{PLANS}/{plan.file.name}")
    facts = [FileFact(bilingual("Clauses that are measured"), bilingual("{number} of {all}", number=measured,
                                                                        all=len(clauses)))]  # fmt: skip
    years = sorted({clause.year for clause in clauses if clause.year})
    if years:
        span = f"{years[0]}" if len(years) == 1 else f"{years[0]}-{years[-1]}"
        found = bilingual("{years}; of an event before them {setting} says which count", years=span,
                          setting=f"{SCENARIO_FILE} plan_year")  # fmt: skip
        facts.append(FileFact(bilingual("Years of its targets"), found))
    return FileRead(plan.sheet, said, tuple(facts))


def _told_of_plans(plans: Sequence[PlanFromSheets], settings: str) -> list[Words]:
    """What is said of plans that scenario.yaml, given as text, does not name."""
    return [
        bilingual("the plan {name} counts once {file} names it: {setting}", name=plan.plan.name, file=SCENARIO_FILE,
                  setting=f"plan: {plan.plan.name}")
        for plan in plans if plan.plan.name not in plans_in(settings)
    ]  # fmt: skip


def _besides(
    folder: Path, mapping: Mapping[str, Any], made: CountyTables, written: Tables, settings: str, brought_in: BroughtIn,
    rasters: RastersBroughtIn,
) -> dict[Path, str]:  # fmt: skip
    """What is written beside the folder: the mapping and the lines of roads."""
    of_sheets = [taken for taken in made.taken if not taken.as_written]
    understood_now = {taken.sheet.title: entry_of(taken.understood, taken.sheet.above) for taken in of_sheets}
    sheets = {**mapping.get("sheets", {}), **understood_now}
    kept = {"settings": settings, **brought_in.datums.kept, "ground": rasters.ground}
    besides = {mapping_file(folder): mapping_text(sheets, made.ids, written, kept)}
    if brought_in.lines:
        besides[lines_file(folder)] = lines_text(brought_in.lines)
    return besides


def _read_all(
    sheets: Sequence[Sheet], name: str, mapping: Mapping[str, Any], made: CountyTables
) -> tuple[list[Sheet], list[Words], str]:
    """Put some sheets into the tables, hidden ones last.

    Returns:
        Those of no known table; what is said of hidden ones that are left out; scenario.yaml, if any.
    """
    not_read, left_out, settings = list[Sheet](), list[Words](), ""
    years = {year for sheet in sheets for year in years_in(sheet)}
    for sheet in sorted(sheets, key=lambda sheet: sheet.is_hidden):
        settings = settings_text(sheet, name) or settings
        if table := table_of(sheet):
            made.add_as_written(table, sheet)
        elif not settings_text(sheet, name):
            not_read += _understand_all(sheet, years, mapping, made, left_out)
    return not_read, left_out, settings


def _understand_all(
    raw: Sheet, years: set[str], mapping: Mapping[str, Any], made: CountyTables, left_out: list[Words]
) -> list[Sheet]:
    """Put a sheet of a county's into the tables; gives what of it is of no known table.

    One that is hidden is an older or another state where sheets that are not give the same table: it is left out, which
    is said, unless the mapping names it.
    """
    not_read = []
    shown = {taken.understood.table for taken in made.taken if not taken.sheet.is_hidden}
    for sheet in (sheet for part in parts_of(raw) for sheet in reshaped(part, years)):
        before = understood_before(mapping, sheet)
        understood = before or understand(sheet.name or sheet.file, sheet.rows, sheet.file)
        understood = understood and units_of_title(understood, sheet.rows)
        if understood and raw.is_hidden and not before and understood.table in shown:
            table = f"{understood.table}.csv"
            left_out.append(bilingual("{sheet} is hidden and left out: sheets that are not give {table}; unhide it to"
                                      " have it read", sheet=sheet.title, table=table))  # fmt: skip
        elif understood:
            made.add(sheet, understood)
        else:
            not_read.append(sheet)
    return not_read


def _is_by_hand(path: Path, last: str) -> bool:
    """Whether a file is there and is not as the last import wrote it."""
    return path.exists() and path.read_text(encoding="utf-8") != last


def scenario_name(folder: Path) -> str:
    """Name of the scenario in a folder: that of the folder; of one with a Chinese or a free name the id made of it.

    Raises:
        ScenarioError: a Chinese name, and pypinyin is not installed.
    """
    return folder.name if is_id(folder.name) else id_of(folder.name, ())


def _may_be_written(folder: Path) -> None:
    if not any(letter.isalnum() for letter in folder.name):
        expected = bilingual("a name with letters or digits in it")
        raise ScenarioError([Fault(str(folder), "", "", folder.name, expected)])
    if not is_file_name(folder.name):
        raise ScenarioError([Fault(str(folder), "", "", folder.name, file_name_words())])
    if folder.exists() and (not folder.is_dir() or (any(folder.iterdir()) and not mapping_file(folder).exists())):
        expected = bilingual("a new or empty folder, or one that an import made (its mapping lies beside it)")
        raise ScenarioError([Fault(str(folder), "", "", None, expected)])


def _as_csv(table: str, rows: Sequence[dict[str, str]], heads: Sequence[str]) -> str:
    """A table as text, its columns as a sheet had them, then in the order of the format."""
    columns = [*heads, *columns_in_order(table, rows)]
    columns += [key for row in rows for key in row if key not in columns]
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, list(dict.fromkeys(columns)), restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def layers_of(roles: RasterRoles) -> dict[str, Path]:
    """The rasters of a forest fire by its layers; none without one of fuel."""
    if not roles.fuel:
        return {}
    layers = {"fuel": roles.fuel[0], "elevation": roles.ground[0]}
    return layers | ({"canopy_cover": roles.canopy[0]} if roles.canopy else {})


def _hazard(
    made: CountyTables, roles: RasterRoles, rasters: RastersBroughtIn, options: RasterOptions, has_lines: bool
) -> dict[str, Any]:
    """The section of a hazard from what was given of it: a flood, or a forest fire where its rasters or tables came."""
    if roles.fuel:
        return {"kind": "wildfire", "layers": {layer: path.name for layer, path in layers_of(roles).items()}}
    if is_of_fire(made.rows) and not rasters.depths:
        return {"kind": "wildfire"}
    source = ("rasters" if options.keep else "depths") if rasters.depths else "levels"
    section: dict[str, Any] = {"kind": "flood", "source": source}
    if source == "rasters":
        lines = {"road_lines": KEPT_LINES} if has_lines else {}
        said = {key: text for key, text in (("datum", options.datum), ("unit", options.unit)) if text}
        section["rasters"] = {"files": [path.name for path in roles.depth], **said, **lines}
    return section


def _lines_before(folder: Path) -> Mapping[str, Any]:
    """Lines of roads that an earlier import kept beside the folder; none where there are none that can be read."""
    try:
        return lines_of_text(lines_file(folder).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}


def _write(folder: Path, texts: Mapping[str, str], besides: Mapping[Path, str], copies: Sequence[Path]) -> None:
    """Write everything beside its place first, then move it there; `copies` go into the folder as they are."""
    folder.mkdir(parents=True, exist_ok=True)
    targets = {folder / name: text.encode() for name, text in texts.items()}
    targets |= {path: text.encode() for path, text in besides.items()}
    for path, data in targets.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.with_name(f"{path.name}.tmp").write_bytes(data)
    for path in copies:
        shutil.copyfile(path, folder / f"{path.name}.tmp")
    for path in (*targets, *(folder / path.name for path in copies)):
        path.with_name(f"{path.name}.tmp").replace(path)
