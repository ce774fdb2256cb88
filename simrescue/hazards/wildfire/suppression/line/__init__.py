"""The line: where it is built, how fast, how wide, and whether it holds."""
