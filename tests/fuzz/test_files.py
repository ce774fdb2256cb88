"""A fuzzer that knows what files look like: whatever is written in them, they are read or refused with faults.

Keys, columns, rows and values of good files are dropped, doubled, swapped and put in another's place, or made of what
people, programs and attackers write. Only a `FaultsError` may come of it, and nothing outside the folder is read.
`SIMRESCUE_FUZZ` sets how many files of each kind are tried (default 40); a failure names the seed that makes it again.
"""

from __future__ import annotations

import csv
import io
import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import pytest

from simrescue.errors import FaultsError
from simrescue.experiment.design.experiment_file import read_experiment
from simrescue.experiment.studies.mending.menu import read_menu
from simrescue.scenario.files import yaml_lines
from simrescue.scenario.load import load
from simrescue.scenario.plans.plans_file import load_plan
from simrescue.scenario.preflight.check import check
from simrescue.scenario.unused import faults_elsewhere

TRIES = int(os.environ.get("SIMRESCUE_FUZZ", "40"))
TOP = Path(__file__).parents[2]
SCENARIOS = TOP / "scenarios"
ODD: tuple[Any, ...] = (
    None, True, False, 0, -1, 1e308, -1e308, 10**30, 0.1, "", " ", "~", "NaN", "inf", "１２", "1,000", "1e999", "九",
    "0 h", "1e9 d", "100000 km", "0 km/h", "9999-12-31T23:59+00:00", "0001-01-01T00:00+14:00", "2024-02-30 8:00",
    "../../etc/passwd", "/etc/passwd", "a" * 3000, "\u202e村\u200b", "é\u0301", "=1+1", "*", "a.b.c", "..", "{}", "[]",
    [], {}, [[]], [None], {"": None}, {"a": {"b": {"c": 1}}}, [1] * 200, "river", "school", "rescue;rescue", "是",
)  # fmt: skip
BYTES = (b"", b"\x00", b"\xff\xfe", b"\xef\xbb\xbf", b"\xff", b"a: &a [*a]\n", b"[" * 2000, b"{a: " * 500, b"\t- \n",
         b"!!python/object/apply:os.system [id]\n", b"<<: *x\n", b"---\na: 1\n---\n", b",;" * 3000, b"\r")  # fmt: skip
MENU = b"""simrescue: 1
title: small
changes:
  boats: {label: more, label_zh: \xe6\x9b\xb4\xe5\xa4\x9a, cost: 8e4, set: {boats.boats-town.count: 6}}
  site: {cost: 100, set: {landing_sites.new: {lon: 115.2, lat: 38.1}}}
"""


# ---- mutations


def _spots(tree: Any) -> list[tuple[Any, Any]]:
    """Every container of a tree with every key or position in it."""
    found = []
    keys: Any = tree.keys() if isinstance(tree, dict) else range(len(tree)) if isinstance(tree, list) else ()
    for key in list(keys):
        found.append((tree, key))
        found += _spots(tree[key])
    return found


def mutate_tree(tree: Any, chance: Random) -> Any:
    """Change one thing in nested dicts and lists."""
    spots = _spots(tree)
    if not spots:
        return chance.choice(ODD)
    home, key = chance.choice(spots)
    other_home, other_key = chance.choice(spots)
    what = chance.randrange(7)
    if what == 0:
        del home[key]
    elif what == 1 and isinstance(home, dict):
        home[chance.choice(["", "x", "id", str(other_key), f"{key} ", str(key).upper(), "村"])] = home.pop(key)
    elif what == 2:
        home[key] = json.loads(json.dumps(other_home[other_key]))
    elif what == 3 and isinstance(home, list):
        home += [home[key]] * chance.choice([1, 2, 300])
    elif what == 4:
        deep = home[key]
        for _ in range(chance.choice([1, 5, 18, 30])):
            deep = chance.choice([[deep], {"a": deep}])
        home[key] = deep
    else:
        home[key] = chance.choice(ODD)
    return tree


def mutate_yaml(data: bytes, chance: Random) -> bytes:
    """Another YAML file: a changed tree, written as JSON is, or changed bytes."""
    if chance.random() < 0.25:
        return mutate_bytes(data, chance)
    tree = yaml_lines.read(data.decode(), "x").data
    for _ in range(chance.choice([1, 1, 2, 5])):
        tree = mutate_tree(tree, chance)
    return json.dumps(tree, ensure_ascii=chance.random() < 0.5, allow_nan=True).encode()


def mutate_bytes(data: bytes, chance: Random) -> bytes:
    """Cut, double, turn round or spoil a stretch of bytes, or put another in."""
    a, b = sorted(chance.randrange(len(data) + 1) for _ in range(2))
    middle = chance.choice([b"", data[a:b] * 2, data[a:b][::-1], bytes([chance.randrange(256)]), *BYTES])
    if chance.random() < 0.1:
        return middle
    return data[:a] + middle + data[b:]


def mutate_table(data: bytes, chance: Random) -> bytes:
    """Another table: columns, rows and cells dropped, doubled, swapped or spoilt."""
    if chance.random() < 0.2:
        return mutate_bytes(data, chance)
    rows = [row for row in csv.reader(io.StringIO(data.decode())) if row]
    for _ in range(chance.choice([1, 1, 2, 6])):
        at, column = chance.randrange(len(rows)), chance.randrange(len(rows[0]))
        what = chance.randrange(8)
        if what == 0 and len(rows) > 1:
            del rows[at]
        elif what == 1:
            rows.insert(at, list(rows[chance.randrange(len(rows))]))
        elif what == 2:
            rows = [row[:column] + row[column + 1 :] for row in rows]
        elif what == 3:
            rows = [[*row, row[column]] if column < len(row) else row for row in rows]
        elif what == 4:
            chance.shuffle(rows)
        elif column < len(rows[at]):
            other = rows[chance.randrange(len(rows))]
            rows[at][column] = str(chance.choice([*ODD, *other]))
        if not rows or not rows[0]:
            rows = [["id"], ["a"]]
    text = io.StringIO()
    csv.writer(text, delimiter=chance.choice(",,,;\t")).writerows(rows)
    return text.getvalue().encode(chance.choice(["utf-8", "utf-8", "utf-8-sig", "utf-16", "gb18030"]))


MUTATE = {".csv": mutate_table, ".yaml": mutate_yaml, ".asc": mutate_bytes}


# ---- what is tried


def _is_told(read: Callable[[], object]) -> None:
    """Whatever is read, only faults may come of it, and each has words."""
    try:
        read()
    except FaultsError as error:
        told = error
    else:
        return
    assert told.faults
    assert all(fault.file and fault.expected for fault in told.faults)
    assert str(told).encode()


def _look(folder: Path) -> None:
    scenario = load(folder)
    if faults := faults_elsewhere(scenario):
        raise FaultsError(faults)
    check(scenario)


@pytest.mark.parametrize("seed", range(TRIES))
@pytest.mark.parametrize("name", ["tiny-flood", "tiny-fire"])
def test_a_scenario_is_read_or_refused(name: str, seed: int, tmp_path: Path) -> None:
    chance = Random(f"{name} {seed}")
    folder = Path(shutil.copytree(SCENARIOS / name, tmp_path / name))
    (tmp_path / "secret.csv").write_text("id,lon,lat,population\nsecret,1,2,3\n")
    files = sorted(path for path in folder.iterdir() if path.suffix in MUTATE)
    for path in chance.sample(files, chance.choice([1, 1, 2, 4])):
        data, odd = path.read_bytes(), chance.random()
        path.unlink()
        if odd < 0.04:
            path.symlink_to(tmp_path / chance.choice(["secret.csv", "nothing", name]))
        elif odd > 0.08:
            path.write_bytes(MUTATE[path.suffix](data, chance))
    _is_told(lambda: _look(folder))


@pytest.mark.parametrize("seed", range(TRIES))
def test_a_plan_is_read_or_refused(seed: int, tmp_path: Path) -> None:
    chance = Random(f"plan {seed}")
    source = chance.choice(sorted((SCENARIOS / "plans").glob("*.yaml")))
    path = tmp_path / source.name
    path.write_bytes(mutate_yaml(source.read_bytes(), chance))
    _is_told(lambda: load_plan(path))


@pytest.mark.parametrize("seed", range(TRIES))
def test_an_experiment_is_read_or_refused(seed: int, tmp_path: Path) -> None:
    chance = Random(f"experiment {seed}")
    source = TOP / "experiments/tiny-boats.yaml"
    home = tmp_path / "experiments"
    home.mkdir()
    (tmp_path / "scenarios").symlink_to(SCENARIOS)
    path = home / source.name
    path.write_bytes(mutate_yaml(source.read_bytes(), chance))
    _is_told(lambda: read_experiment(path))


@pytest.mark.parametrize("seed", range(TRIES))
def test_a_menu_is_read_or_refused(seed: int, tmp_path: Path) -> None:
    chance = Random(f"menu {seed}")
    path = tmp_path / "menu.yaml"
    path.write_bytes(mutate_yaml(MENU, chance))
    scenario = load(SCENARIOS / "tiny-flood")
    _is_told(lambda: read_menu(path, scenario))
