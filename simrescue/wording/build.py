"""Bring the catalogues up to date with the messages in the code: `python -m simrescue.wording.build` (needs Babel).

Extracts every message, merges them into `<language>.po` (new ones without a translation, to be filled in there; stale
ones are dropped), compiles `<language>.mo`, and tells what is missing. Exit code 1 where something is.
"""

from __future__ import annotations

import csv
import sys
from importlib import import_module
from importlib.resources import files
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from babel.messages.catalog import Catalog

WORDING = Path(__file__).parent
PACKAGE = WORDING.parent
COLUMNS = {"data/parameters.csv": ("used_for", "source"), "report/limits.csv": ("text",)}
"""Tables with messages -> the columns that they stand in."""
KEYWORDS: Mapping[str, tuple[int | tuple[int, str], ...] | None] = {
    "_": (1,),
    "_as": ((1, "c"), 2),
    "translated": (1,),
    "bilingual": (1,),
    "on_screen": (1,),
    "translated_as": ((1, "c"), 2),
    "bilingual_as": ((1, "c"), 2),
    "bilingual_counted": (1, 2),
}
"""Functions whose arguments are messages -> which arguments; c: the context."""
NOUNS = {"noun": (1, 2)}
"""As `KEYWORDS`, for those that `simrescue.wording.noun` makes two messages of."""
TRANSLATED = ("zh",)
CLICK_MODULES = ("core", "decorators", "exceptions", "formatting", "parser", "types")
"""Modules of click whose words people see."""
CLICK_KEYWORDS: Mapping[str, tuple[int, ...] | None] = {"_": None, "ngettext": (1, 2)}


def messages_of_table(
    file: BinaryIO, _keywords: object, _tags: object, options: Mapping[str, str]
) -> Iterator[tuple[int, None, str, list[str]]]:
    """The messages in columns of a CSV table, as Babel wants them; `options` names the columns."""
    for row in csv.DictReader(file.read().decode("utf-8").splitlines()):
        for column in options["columns"].split():
            yield 0, None, row[column], []


METHODS = (
    ("**.py", "python"),
    ("**.j2", "jinja2.ext:babel_extract"),
    *((path, f"{__package__}.build:messages_of_table") for path in COLUMNS),
)
"""Which files hold messages, and how Babel reads them."""
OPTIONS = {"**.j2": {"silent": "false"}, **{path: {"columns": " ".join(columns)} for path, columns in COLUMNS.items()}}


def extracted() -> Catalog:
    """Every message of the package, with the files that use it."""
    from babel.messages.catalog import Catalog
    from babel.messages.extract import extract_from_dir

    found = Catalog(project="simrescue", charset="utf-8", fuzzy=False)
    for name, _, message, _, context in extract_from_dir(
        PACKAGE, method_map=METHODS, options_map=OPTIONS, keywords=KEYWORDS
    ):
        found.add(message, locations=[(f"simrescue/{name}", 0)], context=context)
    for _, _, pair, _, _ in extract_from_dir(PACKAGE, method_map=METHODS[:1], keywords=NOUNS):
        one, many = list(pair)
        found.add((f"{{number}} {one}", f"{{number}} {many}"))
        found.add(many, context="names of a table")
    for message in (*help_messages(), *click_messages()):
        found.add(message)
    return found


def help_messages() -> Iterator[str]:
    """What the commands say of themselves in `--help`."""
    # By name, since this is a tool for all floors and stands on the lowest.
    messages = import_module("simrescue.cli.help").messages
    group = import_module("simrescue.cli.main").main
    yield from messages(group)
    for command in group.commands.values():
        for own in (command, *getattr(command, "commands", {}).values()):
            yield from messages(own)


def click_messages() -> list[str | tuple[str, str]]:
    """What click says of itself: headings, hints and refusals."""
    from babel.messages.extract import extract_from_file

    home, found = Path(str(files("click"))), list[Any]()
    for name in CLICK_MODULES:
        source = str(home / f"{name}.py")
        found += [message for _, message, _, _ in extract_from_file("python", source, keywords=CLICK_KEYWORDS)]
    return list(dict.fromkeys(found))


def read(lang: str) -> Catalog:
    """The catalogue of a language as it is kept."""
    from babel.messages.pofile import read_po

    with (WORDING / f"{lang}.po").open("rb") as file:
        return read_po(file, locale=lang, charset="utf-8")


def written(catalog: Catalog) -> bytes:
    """A catalogue as it is kept: by message, without places, so that code that moves changes nothing."""
    from babel.messages.pofile import write_po

    file = BytesIO()
    write_po(file, catalog, width=0, sort_output=True, ignore_obsolete=True, no_location=True)
    return file.getvalue()


def compiled(catalog: Catalog) -> bytes:
    """A catalogue as gettext reads it."""
    from babel.messages.mofile import write_mo

    file = BytesIO()
    write_mo(file, catalog)
    return file.getvalue()


def of_click(catalog: Catalog) -> Catalog:
    """The part of a catalogue that click looks up by itself, with gettext."""
    from babel.messages.catalog import Catalog

    part = Catalog(locale=catalog.locale, project="click", charset="utf-8", fuzzy=False)
    part.creation_date, part.revision_date = catalog.creation_date, catalog.revision_date
    for message in click_messages():
        if kept := catalog.get(message):
            part.add(message, kept.string)
    return part


def click_file(lang: str) -> Path:
    """Where gettext finds the words of click in a language."""
    return WORDING / "locale" / lang / "LC_MESSAGES" / "click.mo"


def merged(lang: str) -> Catalog:
    """The kept catalogue with exactly the messages of the code."""
    kept, template = read(lang), extracted()
    template.creation_date = kept.creation_date
    kept.update(template, no_fuzzy_matching=True)
    kept.obsolete.clear()
    return kept


def missing(catalog: Catalog) -> list[str]:
    """Messages without a translation, or with one that lacks a plural form."""
    return [str(one.id) for one in catalog if one.id and not _is_translated(one.string)]


def _is_translated(string: Any) -> bool:
    return bool(string) and (isinstance(string, str) or all(string))


def main() -> int:
    """Extract, merge, compile."""
    left = 0
    for lang in TRANSLATED:
        catalog = merged(lang)
        (WORDING / f"{lang}.po").write_bytes(written(catalog))
        (WORDING / f"{lang}.mo").write_bytes(compiled(catalog))
        click_file(lang).parent.mkdir(parents=True, exist_ok=True)
        click_file(lang).write_bytes(compiled(of_click(catalog)))
        lacking = missing(catalog)
        left += len(lacking)
        sys.stdout.write(f"{lang}: {len(catalog)} messages, {len(lacking)} without a translation\n")
        sys.stdout.writelines(f"  {message}\n" for message in lacking)
    return int(left > 0)


if __name__ == "__main__":
    sys.exit(main())
