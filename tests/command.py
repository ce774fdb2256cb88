"""The command as typed, in this process: what a process of its own would print and answer, without seconds of start."""

from __future__ import annotations

import contextlib
from pathlib import Path

from click.testing import CliRunner, Result

from simrescue.cli import main


def call(*words: object, where: Path | None = None, width: int = 80, code: int | None = None) -> Result:
    """Run the command; a fault of the program, which a user would see as a traceback, fails the test at once.

    `where`: working folder. `width`: columns of the screen. `code`: the exit code that it must end with.
    """
    with contextlib.chdir(where or Path()):
        result = CliRunner().invoke(main, [str(word) for word in words], env={"COLUMNS": str(width)})
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    assert code in (None, result.exit_code), result.output
    return result
