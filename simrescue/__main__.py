"""`python -m simrescue` is the command `simrescue`."""

import sys

INTERRUPTED = 130
"""Exit code after Ctrl-C, as `simrescue.cli` has it."""


def start() -> None:
    """Run the program; Ctrl-C ends it without a traceback even while it is still being imported."""
    try:
        from simrescue.cli import main
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)
    main()


if __name__ == "__main__":
    start()
