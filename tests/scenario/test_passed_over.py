"""Files beside the known ones are named, never passed over in silence."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from simrescue.cli import main
from simrescue.scenario.preflight.without_effect.passed_over import names_zh, passed_over
from simrescue.scenario.records import TABLES

SCENARIOS = Path(__file__).parents[2] / "scenarios"


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("boats.xlsx", "boats.csv, which is read"),
        ("boats.CSV", "boats.csv, which is read"),
        ("Boats.csv", "boats.csv"),
        ("BOATS.XLS", "boats.csv"),
        ("boats.csv.bak", "boats.csv"),
        ("boats (1).csv", "boats.csv"),
        ("~$boats.xlsx", "boats.csv"),
        ("boats_old.ods", "boats.csv"),
        ("boat.et", "boats.csv"),
        ("舟艇.csv", "boats.csv"),
        ("村庄表.xlsx", "villages.csv"),
        ("landing-sites.txt", "landing_sites.csv"),
        ("depths.tsv", "depths.csv"),
        ("scenario.yml", "scenario.yaml, which is read"),
        ("Scenario.yaml.bak", "scenario.yaml"),
        ("全部数据.xlsx", "no table has this name"),
        ("population.csv", "no table has this name"),
    ],
)
def test_what_nothing_reads_is_named_with_what_would_be(folder: Path, name: str, meant: str) -> None:
    (folder / name).write_bytes(b"x")
    [told] = passed_over(folder)
    assert told.message.startswith(f"{name}: not read; ")
    assert meant in told.message
    assert (told.severity, told.subject) == ("doubtful", name)


@pytest.mark.parametrize("name", ["SOURCES.md", "notes.txt", "build.py", "rebuild", "fuel.asc", "map.png", "menu.yaml"])
def test_other_files_are_nobodys_business(folder: Path, name: str) -> None:
    (folder / name).write_bytes(b"x")
    assert list(passed_over(folder)) == []


@pytest.mark.parametrize(
    "home", sorted(path.parent for path in SCENARIOS.glob("*/scenario.yaml")), ids=lambda p: p.name
)
def test_kept_scenarios_hold_no_such_file(home: Path) -> None:
    assert list(passed_over(home)) == []


def test_every_table_has_its_chinese_names() -> None:
    assert set(names_zh()) == set(TABLES)
    assert len({name for names in names_zh().values() for name in names}) == sum(map(len, names_zh().values()))


def test_check_and_run_say_so(folder: Path, tmp_path: Path) -> None:
    (folder / "舟艇.xlsx").write_bytes(b"x")
    checked = CliRunner().invoke(main, ["check", str(folder)])
    assert checked.exit_code == 0
    assert "舟艇.xlsx: not read" in checked.output
    out = str(tmp_path / "out")
    ran = CliRunner().invoke(main, ["run", str(folder), "-n", "1", "--workers", "1", "--no-charts", "--out", out])
    assert ran.exit_code == 0
    assert "舟艇.xlsx: not read; what would be is boats.csv" in ran.output
