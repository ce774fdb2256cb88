"""`python -m simrescue` is the command `simrescue`."""

from simrescue.cli import main

if __name__ == "__main__":
    main()
