"""The options that several commands share, each defined once; commands differ in a limit or a sentence of help."""

from __future__ import annotations

import os
from copy import copy
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from simrescue.cli.language import on_screen, pick
from simrescue.experiment.replications.budget import MOST
from simrescue.wording import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from simrescue.wording import Language

    Option = Callable[[Any], Any]

TYPED = "simrescue.typed"
"""The words of the command line, in the context of the group."""


def typed() -> list[str]:
    """The command line as it was typed; empty where a command was called from Python."""
    context = click.get_current_context(silent=True)
    return list(context.find_root().meta.get(TYPED, ())) if context else []


def replications(least: int) -> Option:
    """`--replications`, at least so many: a spread needs two."""
    return click.option(
        "--replications", "-n", default=60, show_default=True, type=click.IntRange(least, 1_000_000),
        help="How often the event happens.",
    )  # fmt: skip


def until_settled(command: Any) -> Any:
    """How often the event happens: `--replications`, or until it is settled within `--most` and `--minutes`."""
    options = (
        click.option(
            "--replications", "-n", type=click.IntRange(1, 1_000_000),
            help="How often the event happens; default: until every obligation is settled.",
        ),
        click.option(
            "--until", type=click.Choice(["settled"]), default="settled", show_default=True,
            help="Stop when every obligation is met or not met at its confidence, after four replications at least.",
        ),
        click.option(
            "--most", default=MOST, show_default=True, type=click.IntRange(1, 1_000_000),
            help="Stop after so many replications though obligations are open.",
        ),
        click.option(
            "--minutes", type=click.FloatRange(0, min_open=True),
            help="Stop after so many minutes though obligations are open.",
        ),
    )  # fmt: skip
    for option in reversed(options):
        command = option(command)
    return command


def seed(text: str = "Which events.") -> Option:
    """`--seed`, with its sentence of help."""
    return click.option("--seed", default=1, show_default=True, type=click.IntRange(0, 2**63 - 1), help=text)


def workers(more: str = "") -> Option:
    """`--workers`, with what more there is to say."""
    text = f"Processes to use; default: one a CPU.{more}"
    return click.option("--workers", "-w", type=click.IntRange(1, 4096), help=text)


def plans(more: str = "") -> Option:
    """`--plan`, with what more there is to say."""
    text = f"Judge by this plan instead of the scenario's own.{more}"
    return click.option("--plan", "-p", "plans", multiple=True, metavar="NAME|FILE", help=text)


def sets(example: str = "") -> Option:
    """`--set`, with an example."""
    text = f"Change one setting{example}. May be repeated."
    return click.option("--set", "sets", multiple=True, metavar="PATH=VALUE", help=text)


def as_json(what: str) -> Option:
    """`--json` instead of a table."""
    return click.option("--json", "as_json", is_flag=True, help=f"Print the {what} as JSON.")


class NewPath(click.Path):
    """A file or folder that may be made: every part that is not there yet has a name that every system takes."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The path; a name that Windows cannot have is refused before anything is made."""
        from simrescue.units import file_name_words, is_file_name

        path = Path(os.fsdecode(super().convert(value, param, ctx)))
        for part in (path, *path.parents):
            if part.name not in ("", "..") and not part.exists() and not is_file_name(part.name):
                self.fail(on_screen("{name}: expected {expected}", name=part.name, expected=pick(file_name_words())))
        return path


def out_folder(text: str, default: Path | None = None) -> Option:
    """`--out`, a folder."""
    kind = NewPath(path_type=Path, file_okay=False)
    return click.option("--out", "-o", type=kind, default=default, show_default=default is not None, help=text)


def new_scenario_in(command: Any) -> Any:
    """`--dir`, where a command makes the folder of a scenario."""
    return click.option(
        "--dir", "folder", type=NewPath(path_type=Path, file_okay=False), default=Path(),
        help="Where to put it; default: here.",
    )(command)  # fmt: skip


def out_file(text: str) -> Option:
    """`--out`, a file."""
    return click.option("--out", "-o", type=NewPath(path_type=Path, dir_okay=False), help=text)


def language(text: str) -> Option:
    """`--lang`: one language or both; the screen speaks the one that is asked for (`language_of`)."""
    return click.option("--lang", type=click.Choice(["both", *LANGUAGES]), default="both", show_default=True, help=text)


def screen_language(
    text: str = "Language of the screen; default: that of SIMRESCUE_LANG, else of the computer.",
) -> Option:
    """`--lang`: the language of the screen alone (`language_of`); the command itself is not told."""
    return click.option("--lang", type=click.Choice(LANGUAGES), expose_value=False, help=text)


def language_of(words: Sequence[str]) -> Language | None:
    """The language that a command line asks the screen to speak, wherever it does so; the first counts.

    It is looked for before anything is parsed, so that what is refused is refused in that language.
    """
    options = words[: words.index("--")] if "--" in words else words
    wanted = [
        following if word == "--lang" else word.removeprefix("--lang=")
        for word, following in pairwise([*options, ""]) if word == "--lang" or word.startswith("--lang=")
    ]  # fmt: skip
    return next((lang for lang in LANGUAGES if wanted[:1] == [lang]), None)


def with_language(command: click.Command) -> click.Command:
    """The command, taking `--lang` behind its name as the program does before it."""
    if any(param.name == "lang" for param in command.params):
        return command
    own = copy(command)
    own.params = list(command.params)
    screen_language()(own)
    return own


VARIANT = click.option("--variant", "-v", default="", metavar="NAME", help="A named variant from scenario.yaml.")
NO_CHARTS = click.option("--no-charts", is_flag=True, help="Draw no charts; else they are drawn after the answer.")
CHART_LANGUAGE = language("Language of the charts: English, Chinese or both.")
CLAUSES = click.option(
    "--clause", "-c", "clauses", multiple=True, metavar="ID",
    help="Only this clause, as id or plan/id. May be repeated.",
)  # fmt: skip
CONFIDENCE = click.option(
    "--confidence", default=0.95, show_default=True, type=click.FloatRange(0.5, 0.9999, min_open=True),
    help="Confidence with which all statements hold together.",
)  # fmt: skip


def budget(default: int) -> Option:
    """The option --budget, with its default."""
    return click.option(
        "--budget", default=default, show_default=True, type=click.IntRange(10, 10_000_000),
        help="Most replications to spend.",
    )  # fmt: skip


BUDGET = budget(2000)
MEMORY = click.option(
    "--memory", type=click.Path(path_type=Path, file_okay=False),
    help="Folder that remembers replications, so that a command that was stopped, or asks again, repeats none; "
    "default: .simrescue/memory/NAME of the scenario.",
)  # fmt: skip

RUN_OPTIONS = (
    plans(" May be repeated; see `simrescue plans`."),
    until_settled,
    seed("Same seed, same events: compare plans like for like."),
    workers(" Never changes a result."),
    sets(", e.g. --set command.policy=nearest or --set boats.*.count=20"),
    NO_CHARTS,
    CHART_LANGUAGE,
    click.option(
        "--events", type=click.Choice(["all", "failures", "none"]), default="all", show_default=True,
        help="Which replications keep their event log: all, those that break a clause, or none.",
    ),
    click.option(
        "--unsure", is_flag=True,
        help="Also run with every number that nobody has verified drawn from its range, the same for all alternatives: "
        "a second verdict for each clause, and the assumptions that move it. Twice the time.",
    ),
    click.option(
        "--fail-on", type=click.Choice(["not-met", "undecided"]),
        help="Exit 3 if an obligation is not met (undecided: or cannot be decided).",
    ),
)  # fmt: skip


def run_options(command: Any) -> Any:
    """The options that `run` and `batch` share."""
    for option in reversed(RUN_OPTIONS):
        command = option(command)
    return command
