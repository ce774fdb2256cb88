"""The command `simrescue reproduce`: stored results computed once more, each item equal or not."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import click

from simrescue.cli import options
from simrescue.cli.language import on_screen, screen_language
from simrescue.wording import LANGUAGES, bilingual

if TYPE_CHECKING:
    from collections.abc import Sequence

    from simrescue.experiment.replications.reproduction import InputCompared, ItemCompared

OTHERWISE = 1


@click.command()
@click.argument("results", type=click.Path(path_type=Path))
@click.option("--keep", type=click.Path(path_type=Path, file_okay=False), help="Keep what is computed in this folder.")
@options.as_json("comparison")
@options.workers()
def reproduce(results: Path, keep: Path | None, as_json: bool, workers: int | None) -> None:
    """Compute stored RESULTS once more and tell item by item whether they came out the same.

    RESULTS is a results folder, whose files are compared as they lie there, or the manifest.json of one: that alone
    knows the command, the versions and the checksum of every table and event log. The command is given again in the
    folder where it was given, or in this one where that is gone; what the results depend on is compared first:
    scenario, plans, seed, replications, version, code, platform. The stored folder is left as it is.

    \b
    simrescue reproduce results/zhuozhou-2023
    simrescue reproduce results/tiny-flood --json

    Exit code 0: verdicts, tables and event logs are byte for byte the same; 1: something is not.
    """
    from simrescue.cli.stored.computed_again import compute_again
    from simrescue.errors import ResultsError
    from simrescue.experiment.replications.reproduction import inputs_compared, items_compared
    from simrescue.experiment.store.manifest import read_manifest

    if not results.exists():
        raise click.UsageError(on_screen("{results}: no such folder of results", results=results))
    folder, stored = _stored(results)
    if not stored["complete"]:
        text = bilingual("{results}: cut short; its command carries on, then it can be reproduced", results=results)
        raise ResultsError(text)
    if keep and keep.exists() and any(keep.iterdir()):
        raise click.UsageError(on_screen("--keep {folder}: there is something in it", folder=keep))
    with TemporaryDirectory(prefix="simrescue-") as made:
        again = (keep or Path(made) / "again").resolve()
        compute_again(results, stored, again, workers)
        now = read_manifest(again)
        inputs, items = inputs_compared(stored, now), items_compared(folder, stored, again, now)
    if as_json:
        click.echo(_as_json(results, inputs, items))
    else:
        _tell(results, inputs, items)
    if not all(item.is_same for item in items):
        sys.exit(OTHERWISE)


def _stored(results: Path) -> tuple[Path, dict[str, Any]]:
    """The folder and the manifest to go by. Raises ResultsError where there is none with checksums."""
    from simrescue.errors import ResultsError
    from simrescue.experiment.replications.reproduction import lying_there
    from simrescue.experiment.store.manifest import manifest_in
    from simrescue.experiment.store.verify import believed

    is_alone = results.is_file()
    folder, manifest = (results.parent, manifest_in(results)) if is_alone else (results, believed(results))
    if manifest.get("kind") == "memory" or "files" not in manifest:
        raise ResultsError(
            bilingual("{results}: no run or experiment whose files have checksums, nothing to compare", results=results)
        )
    return folder, manifest if is_alone else lying_there(folder, manifest)


def _tell(results: Path, inputs: Sequence[InputCompared], items: Sequence[ItemCompared]) -> None:
    from simrescue.cli.show.answer_words import tell
    from simrescue.cli.show.tables import screen

    console, lang = screen(), LANGUAGES.index(screen_language())
    for row in inputs:
        if not row.is_same:
            click.echo(on_screen("{name}: {now} now, stored {stored}",
                                 name=row.name[lang], stored=_short(row.stored), now=_short(row.now)))  # fmt: skip
    if all(row.is_same for row in inputs):
        click.echo(
            on_screen("Scenario, plans, seed, replications, version, code and platform are those of the results.")
        )
    for item in items:
        words = on_screen("equal") if item.is_same else on_screen("not equal: {how}", how=item.difference[lang])
        name = on_screen("event logs") if item.name.endswith("/") else item.name
        tell(console, bilingual("{item}: {words}", item=name, words=words), margin="  ")
    other = sum(not item.is_same for item in items)
    if other:
        click.echo(on_screen("{results}: not reproduced, {other} of {count} items differ",
                             results=results, other=other, count=len(items)))  # fmt: skip
    else:
        click.echo(on_screen("{results}: reproduced, all {count} items are equal byte for byte",
                             results=results, count=len(items)))  # fmt: skip


def _short(value: str | None) -> str:
    """A value in a line of the screen: of a checksum as much as tells two apart; JSON has it whole."""
    return re.sub(r"\b([0-9a-f]{12})[0-9a-f]{20,}\b", r"\1", value or "-")


def _as_json(results: Path, inputs: Sequence[InputCompared], items: Sequence[ItemCompared]) -> str:
    from simrescue.cli.show.json_text import as_text

    return as_text(
        {
            "results": str(results),
            "equal": all(item.is_same for item in items),
            "inputs": [
                {"name": row.name.en, "name_zh": row.name.zh, "stored": row.stored, "now": row.now,
                 "equal": row.is_same}
                for row in inputs
            ],
            "items": [
                {"file": item.name, "equal": item.is_same, "difference": item.difference.en,
                 "difference_zh": item.difference.zh}
                for item in items
            ],
        }
    )  # fmt: skip
