"""Shapefiles, beside one another or in a .zip, without GDAL; attributes in the codings that offices use."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

from simrescue.errors import ScenarioError
from simrescue.intake.geodata.road_file import MOST_BYTES, RoadFile, broken, lines_of, too_large
from simrescue.intake.spreadsheets.sheet import refused
from simrescue.wording import bilingual

PARTS = (".shp", ".dbf", ".shx", ".prj", ".cpg")
CODINGS = ("utf-8", "gb18030")
"""Tried in this order, strictly, on all attributes: .cpg is often missing or wrong."""
SHP, DBF = struct.Struct(">i"), struct.Struct("<HH")
MAGIC, HEAD, RECORD_HEAD = 9994, 100, 8
LINES = frozenset({3, 13, 23})
"""Types of shapes that are lines: plain, with heights, with measures."""


def read_shapefile(path: Path) -> RoadFile:
    """The lines of a shapefile.

    Args:
        path: of its .shp, with the other parts beside it, or of a .zip that holds one shapefile.

    Raises:
        ScenarioError: it is broken, hostile, too large, or holds no lines.
    """
    parts = _zipped(path) if path.suffix.lower() == ".zip" else _beside(path)
    if ".shp" not in parts or ".dbf" not in parts:
        raise refused(path.name, bilingual("a shapefile with its parts {parts}", parts=".shp, .dbf"))
    _looked_through(path.name, parts[".shp"], parts[".dbf"])
    coding = _coding(parts[".dbf"])
    if not coding:
        raise refused(path.name, bilingual("attributes in UTF-8 or GB 18030"))
    import shapefile

    try:
        # File objects and never a path: of a path pyshp would open what the name asks for, an address in the net too.
        with shapefile.Reader(shp=io.BytesIO(parts[".shp"]), dbf=io.BytesIO(parts[".dbf"]), encoding=coding) as reader:
            lines = lines_of(path.name, _parts_of(path.name, reader))
    except ScenarioError:
        raise
    except (shapefile.ShapefileException, struct.error, UnicodeDecodeError, ValueError, IndexError, TypeError,
            AttributeError, OSError, EOFError, MemoryError, OverflowError, KeyError):  # fmt: skip
        raise broken(path.name, "shapefile") from None
    remarks = [bilingual("attributes read as {coding}", coding=coding)]
    return RoadFile(path.name, lines, parts.get(".prj", b"").decode("utf-8", "replace").strip(), remarks=remarks)


def _beside(path: Path) -> dict[str, bytes]:
    parts = {}
    for ending in PARTS:
        part = next((part for part in (path.with_suffix(ending), path.with_suffix(ending.upper())) if part.is_file()),
                    None)  # fmt: skip
        if part:
            if part.stat().st_size > MOST_BYTES:
                raise too_large(part.name)
            parts[ending] = part.read_bytes()
    return parts


def _zipped(path: Path) -> dict[str, bytes]:
    parts = dict[str, bytes]()
    try:
        with zipfile.ZipFile(path) as packed:
            wanted = [(Path(part.filename).suffix.lower(), part) for part in packed.infolist() if not part.is_dir()]
            wanted = [(ending, part) for ending, part in wanted if ending in PARTS]
            if len({ending for ending, _ in wanted}) < len(wanted):
                raise refused(path.name, bilingual("one shapefile in a .zip"))
            if sum(part.file_size for _, part in wanted) > MOST_BYTES:
                raise too_large(path.name)
            for ending, part in wanted:
                with packed.open(part) as stream:
                    parts[ending] = stream.read(MOST_BYTES + 1)
    except (zipfile.BadZipFile, zipfile.LargeZipFile, RuntimeError, EOFError, OSError, zlib.error, NotImplementedError):
        raise broken(path.name, ".zip") from None
    if sum(map(len, parts.values())) > MOST_BYTES:
        raise too_large(path.name)
    return parts


def _looked_through(file: str, shp: bytes, dbf: bytes) -> None:
    """Refuse what would have the reader make room for more than the file holds."""
    if len(shp) < HEAD or SHP.unpack_from(shp)[0] != MAGIC or len(dbf) < 33:
        raise broken(file, "shapefile")
    at = HEAD
    while at + RECORD_HEAD <= len(shp):
        words = SHP.unpack_from(shp, at + 4)[0]
        if words < 2 or at + RECORD_HEAD + 2 * words > len(shp):
            raise broken(file, "shapefile")
        kind = int.from_bytes(shp[at + 8 : at + 12], "little")
        if kind in LINES:
            lines, points = struct.unpack_from("<ii", shp, at + 44) if words >= 22 else (-1, -1)
            if lines < 0 or points < 0 or 44 + 4 * lines + 16 * points > 2 * words:
                raise broken(file, "shapefile")
        at += RECORD_HEAD + 2 * words
    rows = int.from_bytes(dbf[4:8], "little")
    head, row = DBF.unpack_from(dbf, 8)
    if head < 33 or row < 1 or head + rows * row > len(dbf) + 1:
        raise broken(file, "shapefile")


def _coding(dbf: bytes) -> str:
    """The coding of a table of attributes: the first in which its names and rows can be read; empty: none."""
    (head, row), rows = DBF.unpack_from(dbf, 8), int.from_bytes(dbf[4:8], "little")
    names = [dbf[at : at + 11].split(b"\0")[0] for at in range(32, head - 1, 32) if dbf[at : at + 1] != b"\r"]
    widths = [dbf[at + 16] for at in range(32, head - 1, 32) if dbf[at : at + 1] != b"\r"]
    cells, begin = list(names), 1
    for width in widths:
        column = [dbf[head + n * row + begin : head + n * row + begin + width] for n in range(min(rows, 20_000))]
        cells += [cell for cell in set(column) if not cell.isascii()]
        begin += width
    for coding in CODINGS:
        try:
            for cell in cells:
                cell.decode(coding)
        except UnicodeDecodeError:
            continue
        return coding
    return ""


def _parts_of(file: str, reader: Any) -> Iterator[tuple[Any, dict[str, Any]]]:
    for pair in reader.iterShapeRecords():
        shape = pair.shape
        if shape.shapeType == 0:
            continue
        if shape.shapeType not in LINES:
            raise refused(file, bilingual("lines, the middle of roads; these are points or areas"))
        attributes = pair.record.as_dict()
        for begin, end in pairwise([*shape.parts, len(shape.points)]):
            yield shape.points[begin:end], attributes
