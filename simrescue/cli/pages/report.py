"""The command `report`: stored results as one page that can be handed on."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Literal

import click

from simrescue.cli.language import on_screen
from simrescue.cli.options import as_json, language, out_file


@click.command()
@click.argument("results", nargs=-1, required=True, type=click.Path(path_type=Path, file_okay=False))
@language("Language of the page: English, Chinese, or both with a switch.")
@out_file("The file; default: report.html in the (first) results folder.")
@click.option("--pdf", is_flag=True, help="Print it as PDF too; needs Chromium, Chrome or Edge on the path.")
@click.option("--docx", is_flag=True, help="Write its pages as a Word file too; needs python-docx; of one run.")
@as_json("files")
def report(
    results: tuple[Path, ...], lang: Literal["both", "en", "zh"], out: Path | None, pdf: bool, docx: bool,
    as_json: bool,
) -> None:  # fmt: skip
    """Write the report on stored RESULTS: one HTML file that opens anywhere, answer first.

    One results folder gives the report on that run or experiment, several one page that sets them side by side.
    Answers of searches are told where they lie in the folder as mend*.json or size*.json.

    \b
    simrescue report results/zhuozhou-2023
    simrescue report results/zhuozhou-2023 --lang zh --pdf --docx
    simrescue report results/zhuozhou-2023 results/huaiji-2025 --out both.html
    simrescue mend scenarios/huaiji-2025 --json > results/huaiji-2025/mend.json
    """
    from simrescue.cli.show.json_text import as_text
    from simrescue.report.pdf import print_pdf
    from simrescue.report.writer import write_report, write_word

    if docx and len(results) > 1:
        raise click.UsageError(on_screen("--docx writes the report on one run"))

    say = partial(click.echo, err=as_json)
    path = write_report(results, lang, out)
    files = {"report": path}
    say(on_screen("Report: {path}", path=path))
    if pdf:
        files["pdf"] = print_pdf(path)
        say(on_screen("PDF:    {path}", path=files["pdf"]))
    if docx:
        files["docx"] = write_word(results[0], "en" if lang == "en" else "zh", path)
        say(on_screen("Word:   {path}", path=files["docx"]))
    if as_json:
        click.echo(as_text({name: str(file) for name, file in files.items()}))
