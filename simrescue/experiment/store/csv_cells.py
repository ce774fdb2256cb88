"""CSV files that a spreadsheet opens as what they are: text stays text, and no cell is taken for a formula."""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from simrescue.errors import ResultsError
from simrescue.wording import bilingual

if TYPE_CHECKING:
    import pandas as pd

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
"""What a spreadsheet takes a cell for a formula by; full-width signs too."""
_MARK = "'"
"""Put in front of such a text, spreadsheets show it as it is; our own readers take it away again."""


def as_csv(columns: tuple[str, ...], rows: Iterable[Mapping[str, Any]]) -> bytes:
    """Rows as a CSV file that spreadsheets open with its Chinese; what is not a number becomes a gap."""
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, columns, lineterminator="\n")
    writer.writeheader()
    for row in rows:
        writer.writerow({name: _cell(value) for name, value in row.items()})
    return text.getvalue().encode("utf-8-sig")  # with the mark that spreadsheets need to read Chinese


def read_csv(path: Path, gaps: Mapping[str, list[str]]) -> pd.DataFrame:
    """A table that `as_csv` wrote; `gaps`: columns of numbers -> what stands for none.

    Raises FileNotFoundError, and ResultsError where it cannot be read.
    """
    import pandas as pd

    try:
        frame = pd.read_csv(path, encoding="utf-8-sig", keep_default_na=False, na_values=gaps)
    except FileNotFoundError:
        raise
    except (OSError, ValueError) as problem:
        raise ResultsError(bilingual("{path} cannot be read: {problem}", path=path, problem=problem)) from problem
    for name in frame.columns:
        marked = [isinstance(value, str) and value.startswith(_MARK) for value in frame[name]]
        if any(marked):
            frame[name] = [_plain(value) for value in frame[name]]
    return frame


def _cell(value: Any) -> Any:
    if isinstance(value, str):
        return f"{_MARK}{value}" if _looks_like_formula(value) else value
    return "" if value != value else value  # nan becomes a gap


def _plain(value: Any) -> Any:
    marked = isinstance(value, str) and value.startswith(_MARK) and _looks_like_formula(value[1:])
    return value[1:] if marked else value


def _looks_like_formula(text: str) -> bool:
    """Also what is marked already, so that reading gives back what was written."""
    first = unicodedata.normalize("NFKC", text.lstrip(_MARK + " ")[:1])
    return first.startswith(_FORMULA) and not _is_number(text)


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
