"""A page as PDF, printed by a browser of this machine without a window."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory

from simrescue.errors import ResultsError
from simrescue.wording import bilingual

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge",
            "microsoft-edge")  # fmt: skip
"""Names under which a browser that can print is looked for on the path."""
WAIT_S = 180


def browser() -> str | None:
    """The path of a browser that can print, if there is one."""
    return next((path for name in BROWSERS if (path := shutil.which(name))), None)


def print_pdf(page: Path) -> Path:
    """Print a page beside itself as PDF; gives the file. Raises ResultsError where no browser is found or it fails."""
    program = browser()
    if program is None:
        raise ResultsError(
            bilingual(
                "--pdf needs a browser on the path, one of {known}: none was found. Any browser can print "
                "{page} by hand",
                known=", ".join(BROWSERS),
                page=page,
            )
        )
    target = page.with_suffix(".pdf")
    with TemporaryDirectory() as profile:
        command = [
            program, "--headless", "--disable-gpu", "--no-sandbox", "--no-first-run", "--disable-background-networking",
            "--disable-component-update", "--disable-sync", f"--user-data-dir={profile}", "--no-pdf-header-footer",
            "--accept-lang=zh-CN",  # a page in both languages is printed in the same one on every machine
            f"--print-to-pdf={target.resolve()}", page.resolve().as_uri(),
        ]  # fmt: skip
        try:
            done = subprocess.run(command, capture_output=True, text=True, timeout=WAIT_S, check=False)  # noqa: S603
        except (OSError, subprocess.TimeoutExpired) as problem:
            raise ResultsError(
                bilingual("{program} could not print {page}: {problem}", program=program, page=page, problem=problem)
            ) from problem
    if done.returncode or not target.exists():
        raise ResultsError(
            bilingual(
                "{program} could not print {page}: {problem}",
                program=program,
                page=page,
                problem=done.stderr.strip()[-500:],
            )
        )
    return target
