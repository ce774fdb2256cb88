"""The group of commands, each imported when it is asked for, and the exit codes.

Nothing heavier than click is imported before a command needs it, so that `--help` answers at once.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping, MutableMapping
from importlib import import_module
from io import TextIOWrapper
from typing import Any, cast

import click

from simrescue import __version__
from simrescue.cli import options
from simrescue.cli.console import PLAINER
from simrescue.cli.help import WideContext, in_language, short_help
from simrescue.cli.language import on_screen, screen_language, speak, spoken
from simrescue.errors import FaultsError, ResultsError, SimrescueError
from simrescue.wording import bilingual

FAULT, BAD_INPUT, INTERRUPTED = 1, 2, 130
SHELVES = {
    "prepare": ("new", "import", "check", "parameters", "plans", "triggers", "schema"),
    "run": ("run", "batch", "sweep", "validate"),
    "answers": ("explain", "compare", "bound", "mend", "size", "sensitivity"),
    "pages": ("report", "replay", "export", "serve"),
    "stored": ("verify", "reproduce"),
}
"""Folder of `simrescue.cli` -> its commands, each a function of this name in the module of this name."""
MODULES = {"import": "import_files"}
"""Commands whose name no module can have -> their module and function."""
KEEPS = ("run", "batch", "sweep", "validate", "explain", "compare", "mend", "size")
"""Commands that keep finished replications, so that the same words carry on from them."""
COMMANDS = {name: shelf for shelf, names in SHELVES.items() for name in names}


class Imported(Mapping[str, click.Command]):
    """Name of a command -> the command, imported when it is asked for."""

    def __getitem__(self, name: str) -> click.Command:
        """Import the command. Raises KeyError for an unknown name."""
        if name not in COMMANDS:
            raise KeyError(name)
        module = MODULES.get(name, name)
        command: click.Command = getattr(import_module(f"simrescue.cli.{COMMANDS[name]}.{module}"), module)
        return command

    def __iter__(self) -> Iterator[str]:
        """All names, in the order of `--help`."""
        return iter(COMMANDS)

    def __len__(self) -> int:
        """How many commands there are."""
        return len(COMMANDS)


class Commands(click.Group):
    """A group whose commands answer bad input and Ctrl-C with a message and an exit code, never with a traceback."""

    context_class = WideContext

    def main(self, *args: Any, **extra: Any) -> Any:
        """Run the program in the language of the screen."""
        for stream in (sys.stdout, sys.stderr):
            if isinstance(stream, TextIOWrapper):
                stream.reconfigure(errors=PLAINER)
        with spoken():
            return super().main(*args, **extra)

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Keep the words as typed and speak their language; an unknown one of the environment is refused before all."""
        speak(None)
        speak(options.language_of(args))
        ctx.meta[options.TYPED] = ["simrescue", *args]
        return super().parse_args(ctx, args)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """A command with its help in the language of the screen."""
        command = super().get_command(ctx, cmd_name)
        return command and in_language(options.with_language(command))

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - as click asks
        """All names, shelf by shelf."""
        return list(COMMANDS)

    def get_usage(self, ctx: click.Context) -> str:
        """The line of usage, in the language of the screen."""
        usage: str = super(Commands, in_language(self)).get_usage(ctx)
        return usage

    def format_help(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The help of the program, in the language of the screen."""
        super(Commands, in_language(self)).format_help(ctx, formatter)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The commands under the headings of their shelves."""
        headings = {
            "prepare": on_screen("Prepare a scenario"), "run": on_screen("Run it"),
            "answers": on_screen("Find answers"), "pages": on_screen("Hand it on"),
            "stored": on_screen("Check stored results"),
        }  # fmt: skip
        width = max(map(len, COMMANDS))
        for shelf, names in SHELVES.items():
            commands = [(name, command) for name in names if (command := self.get_command(ctx, name))]
            limit = formatter.width - 6 - width
            with formatter.section(headings[shelf]):
                formatter.write_dl([(name.ljust(width), short_help(command, limit)) for name, command in commands])

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; all faults of a scenario or plan go to stderr together."""
        try:
            return _sentences_for_refusals(super().invoke, ctx)
        except SimrescueError as error:
            click.echo(error.text(screen_language()), err=True)
            code = BAD_INPUT if isinstance(error, FaultsError) else FAULT
            if _wants_json(ctx):
                click.echo(_error_json(error, code))
            ctx.exit(code)
        except click.ClickException as error:
            if _wants_json(ctx):
                click.echo(_error_json(error, error.exit_code))
            raise
        except KeyboardInterrupt:
            text = on_screen("Interrupted.")
            if ctx.invoked_subcommand in KEEPS:
                text = on_screen(
                    "Interrupted: finished replications are whole and marked; the same command carries on from them."
                )
            click.echo(text, err=True)
            if _wants_json(ctx):
                click.echo(_error_json(click.ClickException(text), INTERRUPTED))
            ctx.exit(INTERRUPTED)


def _sentences_for_refusals(command: Callable[[click.Context], Any], ctx: click.Context) -> Any:
    """Run a command; what the system refuses of a path becomes a fault of the program in words."""
    try:
        return command(ctx)
    except OSError as problem:
        if problem.filename is None or isinstance(problem, BrokenPipeError):
            raise
        words = bilingual(
            "the system refuses {path}: {reason}", path=problem.filename, reason=problem.strerror or str(problem)
        )
        raise ResultsError(words) from problem


def _wants_json(ctx: click.Context) -> bool:
    return "--json" in ctx.meta.get(options.TYPED, ())


def _error_json(error: SimrescueError | click.ClickException, code: int) -> str:
    """What went wrong as data: the exit code, the message, and every fault of the files by file and field."""
    from simrescue.cli.show.json_text import as_text

    lang = screen_language()
    message = error.text(lang) if isinstance(error, SimrescueError) else error.format_message()
    faults = [fault.record(lang) for fault in error.faults] if isinstance(error, FaultsError) else []
    return as_text({"error": {"exit": code, "message": message, "faults": faults}})


@click.group(
    cls=Commands, commands=cast("MutableMapping[str, click.Command]", Imported()),
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
)  # fmt: skip
@options.screen_language()
@click.version_option(__version__, prog_name="simrescue")
def main() -> None:
    """A sand table for emergency plans.

    Put the forces, stores and roads of a real place on a map, let a flood or a forest fire happen many times, and see
    which clauses of the plan hold, where and why it fails, what would mend it, and how sure that is.

    \b
    First steps:
      simrescue run scenarios/zhuozhou-2023   the flood of 2023, by the Hebei plan
      simrescue run scenarios/taihang-fire    two forest fires, fought and fled
      simrescue report results/zhuozhou-2023  verdicts, reasons, map and actions
      simrescue replay results/zhuozhou-2023  everybody moving on a map
      simrescue export results/zhuozhou-2023  as a workbook and layers of a map
      simrescue new my-county                 a small scenario of your own
      simrescue check my-county               what is wrong shows without a run
      simrescue run my-county --set command.policy=nearest

    \b
    Exit codes:
      0 done    1 the program or the results folder failed
      2 bad input, nothing written    3 --fail-on found a broken promise
      130 stopped by Ctrl-C, finished replications kept
    """
