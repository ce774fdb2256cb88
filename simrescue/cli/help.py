"""`--help` in the language of the screen: what commands and options say of themselves, and lines of wide characters."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterable, Iterator
from copy import copy
from typing import TypeVar

import click

from simrescue.cli.language import on_screen
from simrescue.cli.show.lines import cells, lines_of

AnyCommand = TypeVar("AnyCommand", bound=click.Command)
VERBATIM = "\b"
"""What stands before a paragraph that click does not wrap."""
_PIECE = re.compile(r"(\n\s*|(?<=\S) {2,}|\x08)")
"""What stands between the pieces of a paragraph that is not wrapped: a new line, the gap between two columns."""


def messages(command: click.Command) -> Iterator[str]:
    """All that a command says in its help, as the catalogue has it."""
    for part in paragraphs(command.help or ""):
        yield from filter(_is_message, _PIECE.split(part)) if part.startswith(VERBATIM) else [part]
    for param in command.params:
        yield from filter(None, (getattr(param, "help", None), _metavar(param)))


def paragraphs(text: str) -> list[str]:
    """The paragraphs of a docstring, each on one line; examples and lists stay as they are."""
    parts = inspect.cleandoc(text).split("\n\n")
    return [part if part.startswith(VERBATIM) else " ".join(part.split()) for part in parts]


def in_language(command: AnyCommand) -> AnyCommand:
    """The command with help and names of values in the language of the screen; what it does stays the same."""
    own = copy(command)
    own._help_option = None  # noqa: SLF001 - click keeps the one that it made in another language
    own.params = [_param_in_language(param) for param in command.params]
    parts = paragraphs(command.help or "")
    own.help = "\n\n".join(
        "".join(map(_piece, _PIECE.split(part))) if part.startswith(VERBATIM) else _said(part) for part in parts
    )
    own.options_metavar = on_screen("[OPTIONS]")
    if isinstance(own, click.Group):
        own.subcommand_metavar = on_screen("COMMAND [ARGS]...")
    own.context_class = WideContext
    return own


def _is_message(piece: str) -> bool:
    """Whether a piece is words, and no command to type."""
    return bool(re.search(r"[a-z]{2}", piece)) and not piece.startswith(("simrescue ", "# yaml"))


def _piece(piece: str) -> str:
    return _said(piece) if _is_message(piece) else piece


def _said(message: str) -> str:
    """What the build has extracted from the commands themselves (`messages`)."""
    return on_screen(message)


def _param_in_language(param: click.Parameter) -> click.Parameter:
    own = copy(param)
    if isinstance(own, click.Option) and own.help:
        own.help = _said(own.help)
    if metavar := _metavar(param):
        own.metavar = _said(metavar)
    return own


def _metavar(param: click.Parameter) -> str | None:
    """What stands for the value in the help; None where the values themselves do, or there is none."""
    if isinstance(param, click.Argument):
        return param.metavar or (param.name or "").upper()
    names_them = type(param.type).get_metavar is not click.ParamType.get_metavar
    if names_them or getattr(param, "is_flag", False):
        return None
    if isinstance(param.type, click.Path):
        # click names a path in the language of the moment in which the command is loaded.
        is_file, is_folder = param.type.file_okay, param.type.dir_okay
        return param.metavar or ("PATH" if is_file and is_folder else "FILE" if is_file else "DIRECTORY")
    return param.metavar or param.type.name.upper()


def short_help(command: click.Command, width: int) -> str:
    """The first sentence of a command's help, cut to so many cells."""
    first = paragraphs(command.help or "")[0]
    ends = [end.end() for end in re.finditer(r"\.(?= |$)|\N{IDEOGRAPHIC FULL STOP}|: ", first)]
    sentence = first[: ends[0]].rstrip(".: \N{IDEOGRAPHIC FULL STOP}") if ends else first
    return sentence if cells(sentence) <= width else next(iter(lines_of(sentence, width - 3))) + "..."


class WideHelp(click.HelpFormatter):
    """click's layout of help, for characters of any width."""

    def write_heading(self, heading: str) -> None:
        """A heading with the colon of its language."""
        self.write(" " * self.current_indent + on_screen("{heading}:", heading=heading) + "\n")

    def write_text(self, text: str) -> None:
        """Paragraphs, wrapped at the width of the screen; those that begin with \\b as they are."""
        margin = " " * self.current_indent
        for number, part in enumerate(text.split("\n\n")):
            whole = part.removeprefix(VERBATIM).strip("\n").splitlines()
            shown = whole if part.startswith(VERBATIM) else lines_of(" ".join(part.split()), self.width - len(margin))
            self.write("\n" * bool(number) + "".join(f"{margin}{line}\n" for line in shown))

    def write_dl(self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2) -> None:
        """Terms and what they mean, in two columns."""
        rows = list(rows)
        first = min(max(cells(term) for term, _ in rows), col_max) + col_spacing
        margin = " " * self.current_indent
        for term, meaning in rows:
            short = cells(term) <= first - col_spacing
            self.write(margin + term + (" " * (first - cells(term)) if short else "\n" + margin + " " * first))
            wrapped = lines_of(meaning, max(self.width - first - 2, 10))
            self.write(f"\n{margin}{' ' * first}".join(wrapped).rstrip() + "\n")


class WideContext(click.Context):
    """A context whose help is laid out so."""

    formatter_class = WideHelp
