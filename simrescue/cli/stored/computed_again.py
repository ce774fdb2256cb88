"""Stored results computed once more by the command that their manifest keeps."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import click

from simrescue.wording import bilingual


def compute_again(results: Path, manifest: Mapping[str, Any], place: Path, workers: int | None) -> None:
    """Run the command of a manifest once more.

    Args:
        results: the folder that is spoken of in messages.
        manifest: of the results: its command, replications, seed and event logs kept.
        place: folder to compute into, absolute. What is whole there is not run again.
        workers: processes; None: one for each core.

    Raises:
        ResultsError: the manifest tells no command, or the command cannot be given any more.
    """
    from simrescue.errors import ResultsError, SimrescueError, told_of
    from simrescue.experiment.replications.command_line import command_line

    words, kind = (manifest.get("command") or {}).get("words", ()), manifest.get("kind", "run")
    if kind == "memory":
        return  # the next search that uses it fills it up
    if len(words) < 3 or words[1] != kind:
        raise ResultsError(
            bilingual(
                "{results}: its manifest does not tell the command that made it; give that again", results=results
            )
        )
    try:
        with _inside(Path(manifest["command"].get("folder", "")), Path(words[2])):
            _again(kind, words[2:], place, manifest, workers)
    except (SimrescueError, click.UsageError) as problem:
        text = problem.message if isinstance(problem, click.UsageError) else told_of(problem)
        raise ResultsError(
            bilingual(
                "{folder} cannot be computed again as it was: {problem}\n"
                "What is whole stays. The command was: {command}",
                folder=results, problem=text, command=command_line(manifest),
            )
        ) from problem  # fmt: skip


@contextlib.contextmanager
def _inside(folder: Path, path: Path) -> Iterator[None]:
    """Relative paths mean what they meant when the command was given, where that folder is still there."""
    is_there = folder.is_dir() and not path.exists()
    with contextlib.chdir(folder) if is_there else contextlib.nullcontext():
        yield


def _again(kind: str, words: Sequence[str], place: Path, manifest: Mapping[str, Any], workers: int | None) -> None:
    if kind == "sweep":
        from dataclasses import replace

        from simrescue.cli.run.sweep import sweep
        from simrescue.cli.show.progress import Progress
        from simrescue.experiment.design.experiment_file import read_experiment
        from simrescue.experiment.sweep.experiment_run import run_experiment

        given = sweep.make_context("sweep", list(words)).params
        designed = read_experiment(given["experiment"])
        if given["replications"]:
            changed = designed.experiment.model_copy(update={"replications": given["replications"]})
            designed = replace(designed, experiment=changed)
        _same_file(designed.checksum, manifest)
        with Progress(designed.experiment.name, sys.stderr) as progress:
            run_experiment(designed, out=place, workers=workers, progress=progress)
        return
    from simrescue.cli.run.run import run
    from simrescue.cli.run.running import HowOften, simulate
    from simrescue.scenario.load import load

    given = run.make_context("run", list(words)).params
    scenario = load(given["scenario"], given["variant"], given["sets"])
    count = HowOften(None if given["replications"] is None else manifest["replications"], given["most"])
    simulate(
        scenario, place, count, plans=given["plans"], seed=manifest["seed"], workers=workers,
        events=manifest["events"], unsure=given["unsure"], replace=False, given=manifest["command"].get("typed", ()),
    )  # fmt: skip


def _same_file(checksum: str, manifest: Mapping[str, Any]) -> None:
    from simrescue.errors import ResultsError

    if checksum != manifest["experiment"]["checksum"]:
        raise ResultsError(bilingual("the experiment file has changed since"))
