"""The manifest of a results folder: what was simulated, with which inputs, versions and settings."""

from __future__ import annotations

import json
import platform
import shlex
from datetime import UTC, datetime
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from simrescue.errors import ResultsError, Text
from simrescue.events import EventKind
from simrescue.experiment.store.replication_result import RESULTS_FORMAT
from simrescue.experiment.store.seal import is_whole, sealed
from simrescue.experiment.store.whole_files import write_whole
from simrescue.network.closures import CAUSES, OWN
from simrescue.places import BASIC_NEEDS, NEEDS
from simrescue.responders import REPAIR, TASKS
from simrescue.wording import Words, bilingual

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from simrescue.scenario.records import Scenario

MANIFEST = "manifest.json"
COPY = "manifest.copy.json"
"""The same once more: with the manifest lost, what the folder holds would be worth nothing."""
_MAX_BYTES = 500_000_000
_OF_THE_RUN = ("replications", "finished", "complete", "run", "experiment", "command", "files", "seal", "doubts")


def default_folder(scenario: Scenario) -> Path:
    """`results/<name>` or `results/<name>-<variant>` under the working directory."""
    name = scenario.settings.name
    return Path("results") / (f"{name}-{scenario.variant}" if scenario.variant else name)


def describe(
    scenario: Scenario, plans: Mapping[str, str], seed: int, replications: int, version: str
) -> dict[str, Any]:
    """The manifest of a run to come: all that its results depend on. `plans` maps plan names to checksums."""
    settings = scenario.settings
    return {
        **_of_program(version),
        "scenario": {
            "name": settings.name,
            "variant": scenario.variant,
            "checksum": scenario.checksum,
            "applied": scenario.applied,
            "settings": settings.model_dump(mode="json"),
            **(_of_fire(scenario) if scenario.landscape else {}),
            **({"map_lines": _map_lines(scenario)} if scenario.map_lines else {}),
            **from_outside(),
        },
        "plans": dict(plans),
        "seed": seed,
        "replications": replications,
    }


def from_outside() -> dict[str, list[str]]:
    """Names of needs, tasks and causes of closed roads from outside the program, in the order of their numbers."""
    names = {"needs": NEEDS[len(BASIC_NEEDS) :], "tasks": TASKS[REPAIR + 1 :], "causes": [*CAUSES][OWN:]}
    return {field: more for field, more in names.items() if more}


def _of_fire(scenario: Scenario) -> dict[str, Any]:
    """What charts of a fire need besides: the grid and the relief of the landscape, the grade of danger of each day."""
    from simrescue.hazards.wildfire.fire_course import scenario_danger
    from simrescue.hazards.wildfire.landscape.shaded_relief import packed

    danger = [{"begin_h": day.begin_h, "grade": day.grade} for day in scenario_danger(scenario)]
    land = scenario.landscape
    return {"landscape": land.grid._asdict(), "relief": packed(land), "danger": danger}


def doubts_of(scenario: Scenario) -> list[dict[str, str]]:
    """What `check` finds contradictory or doubtful in a scenario, and what the scenario has accepted.

    It takes as long as a part of a replication, so that it comes into the manifest with the last of them.
    """
    from simrescue.scenario.preflight.check import doubts

    return [
        {"severity": one.severity, "name": one.name, "message": one.message, "message_zh": one.message_zh}
        for one in doubts(scenario)
    ]


def _map_lines(scenario: Scenario) -> list[dict[str, Any]]:
    """Rivers and boundaries for maps: kind and points (degrees east and north) of each line."""
    lines = dict[str, dict[str, Any]]()
    for point in sorted(scenario.map_lines, key=lambda point: (point.line, point.point)):
        line = lines.setdefault(point.line, {"kind": point.kind, "points": []})
        line["points"].append([point.lon, point.lat])
    return [*lines.values()]


def describe_sweep(
    plans: Mapping[str, str], seed: int, tables: Sequence[str], version: str, experiment: Mapping[str, Any]
) -> dict[str, Any]:
    """The manifest of a sweep to come. Its points are keyed by their scenarios, so `experiment` may change under it."""
    return {
        **_of_program(version),
        "kind": "sweep",
        "plans": dict(plans),
        "seed": seed,
        "tables": list(tables),
        "experiment": dict(experiment),
    }


def _of_program(version: str) -> dict[str, Any]:
    return {
        "results_format": RESULTS_FORMAT,
        "simrescue": version,
        "code": code_checksum(),
        "platform": {
            "python": platform.python_version(),
            "numpy": np.__version__,
            "system": platform.system(),
            "machine": platform.machine(),
        },
        "event_kinds": {int(kind): kind.name for kind in EventKind},
    }


@cache
def code_checksum() -> str:
    """SHA-256 over the program's code and tables that results depend on: what only shows them is left out."""
    package = Path(__file__).parents[2]
    digest = sha256()
    for path in sorted(path for path in package.rglob("*") if path.suffix in {".py", ".csv"}):
        name = path.relative_to(package).as_posix()
        if not name.startswith(("charts/", "cli/", "report/")):
            digest.update(name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def read_manifest(folder: Path) -> dict[str, Any]:
    """The manifest of a results folder. Raises ResultsError: there is none, it is damaged, a newer version wrote it."""
    try:
        return manifest_in(folder / MANIFEST)
    except FileNotFoundError:
        told = bilingual("{folder} is no results folder: it has no {manifest}", folder=folder, manifest=MANIFEST)
        if (folder / COPY).exists():
            told = bilingual("{told}; it is lost, `{command}` puts its copy there", told=told, command=heal(folder))
        raise ResultsError(told) from None


class NewerError(ResultsError):
    """A newer version wrote the folder, or seems to have."""

    def __init__(self, told: Text, *, whole: bool) -> None:
        """`whole`: it is as it was sealed."""
        self.whole = whole
        super().__init__(told)


def manifests(folder: Path, *, damaged_is_lost: bool = False) -> dict[str, dict[str, Any]]:
    """The manifest and its copy by name, as far as they are whole. Raises NewerError as `read_manifest` does.

    `damaged_is_lost`: what only seems to be of a newer version, since it is not as it was sealed, is passed over.
    """
    found = {}
    for name in (MANIFEST, COPY):
        try:
            found[name] = manifest_in(folder / name)
        except NewerError as problem:
            if problem.whole or not damaged_is_lost:
                raise
        except (FileNotFoundError, ResultsError):
            continue
    return found


def write_manifest(folder: Path, content: Mapping[str, Any], *, copy: bool = True) -> None:
    """Seal a manifest and write it, its copy first; from then on the files that it names are the results."""
    plain = json.loads(json.dumps(content, default=str))
    if copy:
        write_whole(folder / COPY, as_json(copy_of(plain)))
    write_whole(folder / MANIFEST, as_json(sealed(plain)))


def copy_of(content: Mapping[str, Any]) -> dict[str, Any]:
    """What the copy of a manifest holds: all but when and where it was run, so that equal runs have equal copies."""
    kept = {name: value for name, value in content.items() if name != "run"}
    if "command" in kept:
        words = list(kept["command"]["words"])
        if "--out" in words:
            at = words.index("--out")
            del words[at : at + 2]
        kept["command"] = {"words": words}
    return sealed(kept)


def as_json(content: Mapping[str, Any]) -> bytes:
    """Data as a file to read."""
    return (json.dumps(content, ensure_ascii=False, indent=2) + "\n").encode()


def heal(folder: Path) -> str:
    """The command that mends a results folder."""
    return shlex.join(["simrescue", "verify", str(folder), "--mend"])


def manifest_in(path: Path) -> dict[str, Any]:
    """The manifest in a file of any name.

    Raises FileNotFoundError; ResultsError where it is damaged or none, NewerError where a newer version wrote it.
    """
    try:
        if path.stat().st_size > _MAX_BYTES:
            raise ResultsError(bilingual("{path} is too large for a manifest", path=path))
        manifest = json.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError):
        raise FileNotFoundError(path) from None
    except (OSError, ValueError, RecursionError) as problem:
        raise ResultsError(
            bilingual(
                "{path} cannot be read ({problem}); {advice}", path=path, problem=problem, advice=_advice(path.parent)
            )
        ) from problem
    found = manifest.get("results_format") if isinstance(manifest, dict) else None
    if type(found) is not int:
        raise ResultsError(
            bilingual(
                "{path} is not the manifest of a results folder: it has no results_format; {advice}",
                path=path,
                advice=_advice(path.parent),
            )
        )
    whole = is_whole(manifest)
    if found > RESULTS_FORMAT:
        told = bilingual(
            "{folder} was written by simrescue {version} in results format {found}; this version reads up to {newest}",
            folder=path.parent, version=manifest.get("simrescue", "?"), found=found, newest=RESULTS_FORMAT,
        )  # fmt: skip
        if not whole:
            told = bilingual(
                "{told} (or the manifest is damaged: then `{command}` mends it from its copy)",
                told=told, command=heal(path.parent),
            )  # fmt: skip
        raise NewerError(told, whole=whole)
    if not whole and ("seal" in manifest or found == RESULTS_FORMAT):
        raise ResultsError(
            bilingual("{path} is damaged: it is not as it was sealed; {advice}", path=path, advice=_advice(path.parent))
        )
    return dict(manifest)


def _advice(folder: Path) -> Words:
    return bilingual(
        "`{command}` mends it from its copy; where that is lost too, move the folder away and give the command that "
        "made it again",
        command=heal(folder),
    )


def inputs_of(manifest: Mapping[str, Any]) -> dict[str, Any]:
    """All of a manifest that the results depend on: two runs that agree in it may be put together."""
    return {name: value for name, value in manifest.items() if name not in _OF_THE_RUN}


def time_now() -> str:
    """The time of the clock on the wall, in UTC; kept apart from what results depend on."""
    return datetime.now(UTC).isoformat(timespec="seconds")
