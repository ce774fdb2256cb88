"""What README and docs show: Python examples run, command lines name options that exist, links lead to files."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import click
import pytest

from simrescue.cli import main
from simrescue.metrics import MEASURES
from simrescue.scenario.plans.plans_file import load_plan

TOP = Path(__file__).parents[2]
PAGES = [TOP / "README.md", *sorted((TOP / "docs").glob("*.md"))]
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\((?!https?:|mailto:|#)([^)#]+)(?:#[^)]*)?\)")


def blocks(page: Path, *languages: str) -> list[str]:
    return [body for language, body in BLOCK.findall(page.read_text(encoding="utf-8")) if language in languages]


def commands() -> list[str]:
    lines = [line for page in PAGES for body in blocks(page, "console", "bash", "sh") for line in body.splitlines()]
    found = [re.search(r"(?:^|/|&& )(simrescue \S.*)$", line.split("  #")[0]) for line in lines]
    return sorted({match[1].strip() for match in found if match})


def read_together() -> list[list[Path]]:
    """Pages with examples in Python; those that run the same experiment together, since it is run once in a folder."""
    together: dict[str, list[Path]] = {}
    for page in PAGES:
        if examples := "".join(blocks(page, "python")):
            experiment = re.search(r"run_experiment\(\"([^\"]+)", examples)
            together.setdefault(experiment[1] if experiment else page.name, []).append(page)
    return list(together.values())


def test_plans_that_pages_show_are_read_and_measured(tmp_path: Path) -> None:
    shown = [body for page in PAGES for body in blocks(page, "yaml") if "\nclauses:" in body]
    for number, body in enumerate(shown):
        name = re.search(r"^name: (\S+)", body, re.MULTILINE)
        assert name, body
        path = tmp_path / f"{name[1]}.yaml"
        path.write_text(body, encoding="utf-8")
        assert all(clause.measure in MEASURES for clause in load_plan(path).clauses), number
    assert shown


@pytest.mark.parametrize("pages", read_together(), ids=lambda pages: "-".join(page.stem for page in pages))
def test_python_examples_run_and_sql_on_what_they_wrote(
    pages: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("scenarios", "experiments"):
        (tmp_path / name).symlink_to(TOP / name, target_is_directory=True)
    monkeypatch.chdir(tmp_path)
    for page in pages:
        names: dict[str, object] = {"__name__": "__main__"}
        for body in blocks(page, "python"):
            exec(compile(body, page.name, "exec", dont_inherit=True), names)
        if statements := sql(page):
            duckdb = pytest.importorskip("duckdb")
            for statement in statements:
                assert duckdb.sql(statement).fetchall(), statement


def sql(page: Path) -> list[str]:
    return [line for body in blocks(page, "sql") for line in body.split(";") if line.strip()]


def test_sql_is_shown_only_where_python_writes_what_it_reads() -> None:
    assert len(sql(TOP / "docs" / "results.md")) >= 4
    assert all(blocks(page, "python") for page in PAGES if sql(page))


@pytest.mark.parametrize("line", commands())
def test_commands_exist(line: str) -> None:
    words = shlex.split(line)[1:]
    command: click.Command = main
    if not words[0].startswith("-"):
        assert words[0] in main.commands, line
        named = main.get_command(click.Context(main), words[0])  # with `--lang`, which every command takes
        assert named is not None
        command = named
    # parsing refuses unknown options and missing arguments, and runs nothing
    command.make_context(
        words[0], [word for word in words[1:] if word not in ("--help", "-h")], parent=click.Context(main)
    )


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    broken = [
        target for target in LINK.findall(page.read_text(encoding="utf-8")) if not (page.parent / target).exists()
    ]
    assert not broken
