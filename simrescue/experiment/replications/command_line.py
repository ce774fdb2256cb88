"""The command line that makes a results folder, as the manifest keeps it: to repeat the run, to mend, to heal."""

from __future__ import annotations

import json
import shlex
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from simrescue.plans import Plan

if TYPE_CHECKING:
    from simrescue.scenario.records import Scenario


def run_command(
    scenario: Scenario, plans: Sequence[Plan | str] | None, replications: int | None, seed: int, events: str,
    out: Path, *, unsure: bool = False, most: int = 0, typed: Sequence[str] = (),
) -> dict[str, Any]:  # fmt: skip
    """What to type to get this run, and in which folder; a plan that is no file goes by its name.

    `replications`: None: until settled, with `most` at most. `typed`: the command as it was typed, if it was; it may
    leave out defaults, or stand for several runs.
    """
    count = ("--most", str(most)) if replications is None else ("--replications", str(replications))
    words = ["simrescue", "run", *_of_scenario(scenario, plans), *count]
    words += ["--unsure"] if unsure else []
    words += ["--seed", str(seed), *(() if events == "all" else ("--events", events)), "--out", str(out)]
    return _given(words) | ({"typed": list(typed)} if typed else {})


def sweep_command(file: str, replications: int | None, out: Path) -> dict[str, Any]:
    """What to type to get an experiment; `replications` where they are not those of the file."""
    count = () if replications is None else ("--replications", str(replications))
    return _given(["simrescue", "sweep", file, *count, "--out", str(out)])


def _of_scenario(scenario: Scenario, plans: Sequence[Plan | str] | None) -> list[str]:
    words = [scenario.folder or f"scenarios/{scenario.settings.name}"]
    words += ["--variant", scenario.variant] if scenario.variant else []
    for change in scenario.sets:
        words += ["--set", change]
    for plan in plans or ():
        words += ["--plan", plan.name if isinstance(plan, Plan) else str(plan)]
    return words


def _given(words: Sequence[str]) -> dict[str, Any]:
    return {"words": list(words), "folder": str(Path.cwd())}


def command_line(manifest: Mapping[str, Any]) -> str:
    """The command as text for a shell."""
    return shlex.join(_words(manifest))


def typed_line(manifest: Mapping[str, Any]) -> str:
    """The command as it was typed, as text for a shell; `command_line` where that is not known."""
    return shlex.join((manifest.get("command") or {}).get("typed") or _words(manifest))


def mending_line(manifest: Mapping[str, Any]) -> str:
    """The command that looks for what would mend the run: the same scenario, changes, plans and seed."""
    words = _without(_words(manifest), "--replications", "--most", "--events", "--out")
    words = [word for word in words if word != "--unsure"]
    return shlex.join(["simrescue", "mend", *words[2:]])


def continuing_line(manifest: Mapping[str, Any], most: int) -> str:
    """The command that adds replications to a run, in its folder, until it is settled or has so many."""
    words = _without(_words(manifest), "--replications", "--most")
    return shlex.join([*words[:3], "--most", str(most), *words[3:]])


def _without(words: Sequence[str], *options: str) -> list[str]:
    """The words but options with their values."""
    dropped = {at + step for at, word in enumerate(words) if word in options for step in (0, 1)}
    return [word for at, word in enumerate(words) if at not in dropped]


def _words(manifest: Mapping[str, Any]) -> list[str]:
    if given := manifest.get("command"):
        return list(given["words"])
    if manifest.get("kind") == "sweep":  # older results do not tell their command
        return ["simrescue", "sweep", f"{manifest['experiment']['file']['name']}.yaml"]
    scenario = manifest["scenario"]
    words = ["simrescue", "run", f"scenarios/{scenario['name']}"]
    if scenario["variant"]:
        words += ["--variant", scenario["variant"]]
    else:
        for path, value in scenario["applied"].items():
            words += ["--set", f"{path}={value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)}"]
    return [*words, "--replications", str(manifest["replications"]), "--seed", str(manifest["seed"])]
