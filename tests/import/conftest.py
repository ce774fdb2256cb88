"""The files of the nasty county, made once, and a folder imported from them."""

from __future__ import annotations

from pathlib import Path

import pytest

pytest.importorskip("python_calamine")
pytest.importorskip("pypinyin")
pytest.importorskip("xlsxwriter")


@pytest.fixture(scope="session")
def county(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Workbook, roads in GBK, shelters in UTF-16."""
    import importlib.util
    import sys

    spec = importlib.util.spec_from_file_location("nasty_county", Path(__file__).with_name("nasty_county.py"))
    assert spec
    assert spec.loader
    made = importlib.util.module_from_spec(spec)
    sys.modules["nasty_county"] = made
    spec.loader.exec_module(made)
    home = tmp_path_factory.mktemp("county")
    paths = [home / "county.xlsx", home / "roads.csv", home / "shelters.txt"]
    for write, path in zip((made.workbook, made.roads, made.shelters), paths, strict=True):
        write(path)
    return paths
