"""Every file of a store, lost or damaged in every way: it is told, never read as if nothing were, and healed."""

from __future__ import annotations

import json
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from simrescue import load, read_results, run
from simrescue.cli import main
from simrescue.errors import ResultsError
from simrescue.experiment.replications.command_line import command_line, mending_line
from simrescue.experiment.store.append_tables import seal_also
from simrescue.experiment.store.run_writer import RunWriter
from simrescue.experiment.store.seal import sealed
from simrescue.experiment.store.sweep_results import read_sweep
from simrescue.experiment.store.verify import flaws, others, put_right
from simrescue.experiment.sweep.experiment_run import run_experiment
from tests.charts import factory
from tests.experiment.experiments import written

TINY = Path(__file__).parents[2] / "scenarios" / "tiny-flood"
MANIFESTS = ("manifest.json", "manifest.copy.json")
TABLES = ("replications", "places", "clauses", "curves", "responses", "fires", "things", "roads")
FILES = (
    *(f"{name}.parquet" for name in TABLES), "verdicts.csv", "recorded.csv",
    "events/replication-00000.parquet", "events/replication-00001.parquet", *MANIFESTS,
)  # fmt: skip


def flip(path: Path, other: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 4
    path.write_bytes(content)


def double(path: Path, other: Path) -> None:
    shutil.copy(path, path.with_name(f"{path.stem}-2{path.suffix}"))


DAMAGES: dict[str, Callable[[Path, Path], object]] = {
    "deleted": lambda path, other: path.unlink(),
    "emptied": lambda path, other: path.write_bytes(b""),
    "truncated": lambda path, other: path.write_bytes(path.read_bytes()[: path.stat().st_size * 2 // 3]),
    "flipped": flip,
    "doubled": double,
    "of another run": lambda path, other: shutil.copy(other, path),
}


def contents(folder: Path) -> dict[str, bytes]:
    """All files but the manifests, whose times differ."""
    paths = (path for path in folder.rglob("*") if path.is_file() and path.name not in MANIFESTS)
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


def invoke(*words: object) -> Result:
    return CliRunner().invoke(main, list(map(str, words)), catch_exceptions=False)


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Two sound runs of different inputs."""
    top = tmp_path_factory.mktemp("made")
    factory.stored(top / "run", 2)
    with RunWriter(top / "other", factory.manifest(2, seed=9), factory.things(), factory.roads()) as writer:
        for number in (0, 1):
            writer.add(factory.result(number + 7)._replace(replication=number))
        writer.finish(factory.verdicts()[:3], [])
    for name in ("things", "roads", "fires"):  # the same in both runs, so that only other bytes can show it
        (top / "other" / f"{name}.parquet").write_bytes((top / "other" / "places.parquet").read_bytes())
    return top / "run", top / "other"


@pytest.fixture
def store(pair: tuple[Path, Path], tmp_path: Path) -> Path:
    return Path(shutil.copytree(pair[0], tmp_path / "run"))


def read_all(folder: Path) -> None:
    results = read_results(folder)
    for name in (*TABLES, "verdicts", "recorded"):
        getattr(results, name)
    assert results.logged() == [0, 1]
    for number in results.logged():
        results.log(number)


@pytest.mark.parametrize("damage", DAMAGES)
@pytest.mark.parametrize("file", FILES)
def test_told_when_read_and_healed_by_the_same_command(
    store: Path, pair: tuple[Path, Path], file: str, damage: str
) -> None:
    DAMAGES[damage](store / file, pair[1] / file)
    found = flaws(store)
    if damage == "doubled":
        name = (store / file).with_name(f"{Path(file).stem}-2{Path(file).suffix}").relative_to(store).as_posix()
        assert ([flaw.file for flaw in found] == [name]) == file.startswith("events/")
        assert name in [*[flaw.file for flaw in found], *others(store)]
        read_all(store)
    else:
        assert [flaw.file for flaw in found] == [file]
        if file != "manifest.copy.json":
            with pytest.raises(ResultsError, match=r"simrescue verify .* --mend"):
                read_all(store)
    again = factory.stored(store, 2)
    assert [flaw for flaw in flaws(store) if flaw.file.startswith("events/")] == []
    assert flaws(store) == []
    for name, content in contents(pair[0]).items():
        assert (store / name).read_bytes() == content, name
    assert again.manifest["complete"] is True


def test_a_damaged_table_takes_nothing_with_it_before_its_replacement_stands(store: Path) -> None:
    flip(store / "places.parquet", store)
    with RunWriter(store, factory.manifest(2), factory.things(), factory.roads()) as writer:
        assert writer.missing == [0, 1]  # and killed here
    assert len(read_results(store).verdicts) == len(factory.verdicts())
    assert len(read_results(store).replications) == 2


def test_a_lost_log_is_the_only_thing_run_again(store: Path) -> None:
    (store / "events/replication-00001.parquet").unlink()
    with RunWriter(store, factory.manifest(2), factory.things(), factory.roads()) as writer:
        assert writer.missing == [1]


def test_both_manifests_gone_says_what_to_do(store: Path) -> None:
    for name in MANIFESTS:
        (store / name).unlink()
    for reading in (read_results, flaws):
        with pytest.raises(ResultsError, match=r"it has no manifest\.json"):
            reading(store)
    before = contents(store)
    with pytest.raises(ResultsError, match="choose another folder, or move this one away"):
        factory.stored(store, 2)
    assert contents(store) == before


def test_a_manifest_that_only_seems_newer(store: Path) -> None:
    """A flipped digit of the format is no newer version, and the folder is not stuck."""
    changed = json.loads((store / "manifest.json").read_text(encoding="utf-8")) | {"results_format": 3}
    (store / "manifest.json").write_text(json.dumps(changed), encoding="utf-8")
    with pytest.raises(ResultsError, match=r"or the manifest is damaged: then `simrescue verify .* --mend`"):
        read_results(store)
    assert invoke("verify", store, "--mend").exit_code == 0
    assert read_results(store).manifest["results_format"] == 2
    (store / "manifest.json").write_text(json.dumps(sealed(changed)), encoding="utf-8")
    answer = invoke("verify", store, "--mend")
    assert answer.exit_code == 1
    assert "results format 3; this version reads up to 2" in answer.output


def test_notes_and_reports_are_left_alone(store: Path) -> None:
    (store / "notes.txt").write_text("mine", encoding="utf-8")
    (store / "report.html").write_text("<html>", encoding="utf-8")
    answer = invoke("verify", store, "--mend")
    assert answer.exit_code == 0
    assert "notes.txt: not of simrescue" in answer.output
    assert (store / "notes.txt").exists()
    assert (store / "report.html").exists()


def test_results_from_before_checksums_cannot_be_vouched_for(store: Path) -> None:
    old = {"results_format": 1, "simrescue": "0.0.9", "scenario": {}}
    (store / "manifest.copy.json").unlink()
    (store / "manifest.json").write_text(json.dumps(old), encoding="utf-8")
    answer = invoke("verify", store)
    assert answer.exit_code == 1
    assert "from before checksums" in answer.output


# ---- parts of a run that was killed


def unfinished(folder: Path) -> Path:
    """Two parts of two replications each, as a kill leaves them."""
    with RunWriter(folder, factory.manifest(6), factory.things(), factory.roads()) as writer:
        for number in range(4):
            writer.add(factory.result(number))
            if number % 2:
                writer.flush()
    return folder


PART = ("replications.parquet", "places.parquet", "seal.json")


@pytest.mark.parametrize("damage", ["deleted", "emptied", "truncated", "flipped"])
@pytest.mark.parametrize("file", [*PART, "../events/replication-00003.parquet"])
def test_a_damaged_part_counts_as_missing(tmp_path: Path, file: str, damage: str) -> None:
    folder = unfinished(tmp_path / "run")
    path = (folder / "parts" / "part-00001" / file).resolve()
    DAMAGES[damage](path, path)
    assert {flaw.file.partition("/")[2][:10] for flaw in flaws(folder)} == {"part-00001"}
    with pytest.raises(ResultsError, match=r"simrescue verify .* --mend"):
        read_results(folder).log(3) if "events" in file else (
            read_results(folder).replications,
            read_results(folder).places,
        )
    with RunWriter(folder, factory.manifest(6), factory.things(), factory.roads()) as writer:
        assert writer.missing == ([3, 4, 5] if "events" in file else [2, 3, 4, 5])
    put_right(folder)
    assert flaws(folder) == []
    factory.stored(folder, 6)
    factory.stored(tmp_path / "fresh", 6)
    assert contents(folder) == contents(tmp_path / "fresh")


def test_a_doubled_part_and_one_of_another_run(tmp_path: Path) -> None:
    folder, other = unfinished(tmp_path / "run"), tmp_path / "other"
    with RunWriter(other, factory.manifest(6, seed=4), factory.things(), factory.roads()) as writer:
        writer.add(factory.result(5))
    shutil.copytree(folder / "parts" / "part-00000", folder / "parts" / "part-00007")
    assert [flaw.file for flaw in flaws(folder)] == ["parts/part-00007"]
    assert list(read_results(folder).replications["replication"]) == [0, 1, 2, 3]
    shutil.copytree(other / "parts" / "part-00000", folder / "parts" / "part-00008")
    with pytest.raises(ResultsError, match="of another run"):
        _ = read_results(folder).replications
    assert invoke("verify", folder, "--mend").exit_code == 0
    assert flaws(folder) == []
    assert factory.stored(folder, 6).manifest["finished"] == 6
    factory.stored(tmp_path / "fresh", 6)
    assert contents(folder) == contents(tmp_path / "fresh")


# ---- the command, on real runs


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("real") / "run"
    words = ("run", TINY, "-n", 1, "--seed", 3, "--set", "boats.boats-town.count=3", "-p", "guangdong-2025", "-w", 1)
    assert invoke(*words, "--lang", "en", "--out", folder).exit_code == 0
    return folder


def test_verify_mends_every_file_of_a_run(real: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(real, tmp_path / "run"))
    assert invoke("verify", folder).exit_code == 0
    names = [*contents(folder), *MANIFESTS]
    assert sum(name.startswith("charts/") for name in names) == 8
    ways = ("deleted", "emptied", "truncated", "flipped")
    for number, name in enumerate(names):
        if name != "manifest.copy.json":
            DAMAGES[ways[number % 4]](folder / name, folder)
    told = invoke("verify", folder)
    assert told.exit_code == 1
    assert all(f"{name}: " in told.output for name in names if name != "manifest.copy.json")
    mended = invoke("verify", folder, "--mend", "-w", 1)
    assert mended.exit_code == 0, mended.output
    assert contents(folder) == contents(real)
    assert invoke("verify", folder).exit_code == 0


def test_the_printed_command_gives_the_same_tables(real: Path, tmp_path: Path) -> None:
    """In a fresh shell, with --set, --plan, seed and folder as they were given; `mend` looks at the same run."""
    kept, manifest = contents(real), read_results(real).manifest
    line = command_line(manifest)
    assert all(
        word in line for word in ("--set boats.boats-town.count=3", "--plan guangdong-2025", "--seed 3", str(real))
    )
    away = tmp_path / "away"
    real.rename(away)
    program = f"{shlex.quote(sys.executable)} -m simrescue"
    try:
        ended = subprocess.run(
            ["bash", "-c", f"{line.replace('simrescue', program, 1)} --no-charts"],
            cwd=manifest["command"]["folder"], capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert ended.returncode == 0, ended.stderr
        again = contents(real)
    finally:
        shutil.rmtree(real, ignore_errors=True)
        away.rename(real)
    assert again == {name: content for name, content in kept.items() if not name.startswith("charts/")}
    mending = mending_line(manifest)
    assert mending.startswith("simrescue mend ")
    assert "--set boats.boats-town.count=3 --plan guangdong-2025 --seed 3" in mending
    assert invoke(*shlex.split(mending)[1:], "--show-menu").exit_code == 0


def test_mending_needs_the_same_scenario(real: Path, tmp_path: Path) -> None:
    """With another scenario it says so, and what is whole stays."""
    scenario = Path(shutil.copytree(TINY, tmp_path / "county"))
    run(load(scenario), replications=1, workers=1, out=tmp_path / "run")
    (tmp_path / "run" / "curves.parquet").unlink()
    text = (scenario / "scenario.yaml").read_text(encoding="utf-8")
    (scenario / "scenario.yaml").write_text(f"{text}\n# changed\n", encoding="utf-8")
    before = contents(tmp_path / "run")
    answer = invoke("verify", tmp_path / "run", "--mend", "-w", 1)
    assert answer.exit_code == 1
    assert "cannot be computed again as it was" in answer.output
    assert "with another scenario" in answer.output
    assert contents(tmp_path / "run") == before


def test_verify_mends_an_experiment(tmp_path: Path) -> None:
    file = written(tmp_path, replications=2, events="failures")
    made = run_experiment(file, out=tmp_path / "made", workers=1).folder
    folder = Path(shutil.copytree(made, tmp_path / "run"))
    names = list(contents(folder))
    for name in names:
        flip(folder / name, folder)
    with pytest.raises(ResultsError, match="--mend"):
        _ = read_sweep(folder).design
    told = invoke("verify", folder)
    assert told.exit_code == 1
    assert all(f"{name}: damaged" in told.output for name in names)
    mended = invoke("verify", folder, "--mend", "-w", 1)
    assert mended.exit_code == 0, mended.output
    assert contents(folder) == contents(made)


@pytest.mark.parametrize("command", [("report",), ("replay",), ("explain",)])
def test_reading_commands_tell_damage(real: Path, tmp_path: Path, command: tuple[str, ...]) -> None:
    folder = Path(shutil.copytree(real, tmp_path / "run"))
    for name in ("events/replication-00000.parquet", "things.parquet"):
        flip(folder / name, folder)
    answer = invoke(*command, folder)
    assert answer.exit_code == 1
    assert "is damaged" in answer.output
    assert "--mend" in answer.output


def test_charts_drawn_later_are_sealed_too(store: Path) -> None:
    (store / "charts").mkdir()
    chart = store / "charts" / "map.png"
    chart.write_bytes(b"a picture")
    assert [flaw.file for flaw in flaws(store)] == ["charts/map.png"]
    seal_also(store, [chart])
    assert flaws(store) == []
    factory.stored(store, 2)  # nothing has changed: the chart is still of these results
    assert chart.exists()
    factory.stored(store, 1)
    assert not chart.exists()
