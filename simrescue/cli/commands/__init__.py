"""One command a file, named as it is typed; `simrescue.cli.main` lists them."""
