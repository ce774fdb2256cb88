"""The protocol of an import: what was read from where, guessed, left out, is missing, and what to ask."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from simrescue.experiment.store.whole_files import write_whole
from simrescue.intake.column_words import basis_words, field_words
from simrescue.intake.columns import LOCATED
from simrescue.intake.county_tables import Taken
from simrescue.intake.file_read import FileRead
from simrescue.intake.gaps import Gap, gaps, question_of, rows_of_folder
from simrescue.intake.importing import ImportedCounty
from simrescue.report.protocol_map import PHONE, SpotMap, spot_map
from simrescue.report.templating import rendered
from simrescue.report.writer import page_around
from simrescue.scenario.files.draft import SCENARIO_FILE
from simrescue.wording import LANGUAGES, NAMES, Language, Words, bilingual, bilingual_counted, listed

QUESTIONS = 3
"""Questions that are asked."""
MOST_NAMED = 3
"""Places named in a question."""
NONE = Words("", "")


class ColumnRead(NamedTuple):
    """One column of a sheet and what it became."""

    head: str
    field: Words
    how: Words
    """Unit or factor, and whether it was assumed; empty: as it stands."""
    is_guessed: bool


class SheetProtocol(NamedTuple):
    """What one sheet gave."""

    title: str
    said: Words
    columns: tuple[ColumnRead, ...]


class MissingRow(NamedTuple):
    """One line of what is missing."""

    table: str
    field: Words
    number: Words
    stands_in: Words
    stops: bool


class Protocol(NamedTuple):
    """Everything that the protocol of an import tells."""

    name: str
    answer: Words
    runs: bool
    questions: tuple[Words, ...]
    map: SpotMap
    phone_map: SpotMap
    """The same, as wide as a phone."""
    sheets: tuple[SheetProtocol, ...]
    files: tuple[FileRead, ...]
    guessed: tuple[Words, ...]
    left_out: tuple[Words, ...]
    missing: tuple[MissingRow, ...]


def protocol_of(imported: ImportedCounty) -> Protocol:
    """The protocol of an import.

    Args:
        imported: what the import did; its folder is read once more.
    """
    rows = rows_of_folder(imported.folder)
    open_gaps = gaps(rows, "levels" in imported.missing, by_depths=imported.has_depths, of_fire=imported.is_fire)
    by_depths, is_ready = imported.has_depths or imported.is_fire, not (imported.stopping or imported.faults)
    return Protocol(
        imported.folder.name, _answer(imported), is_ready, tuple(_questions(imported, open_gaps)),
        spot_map(rows, by_depths=by_depths), spot_map(rows, by_depths=by_depths, width=PHONE),
        tuple(_sheet(taken) for taken in imported.taken),
        tuple(imported.files), tuple(_guessed(imported)),
        tuple(_left_out(imported)), (*_missing_plan(imported), *map(_missing, open_gaps)),
    )  # fmt: skip


def write_protocol(imported: ImportedCounty, lang: Language) -> list[Path]:
    """Write the protocol beside the folder, as a page in both languages and as text in one; gives the files.

    Args:
        imported: what the import did.
        lang: of the text, and of the page as it opens.

    Raises:
        ResultsError: a file cannot be written.
    """
    told = protocol_of(imported)
    title = bilingual("How the files of {name} were read", name=told.name)
    languages: list[Language] = sorted(LANGUAGES, key=lambda one: one != lang)
    articles = [rendered("simrescue.report", "protocol.html.j2", one, told=told, title=title) for one in languages]
    contents = {"html": page_around(title, articles, languages), "txt": protocol_text(told, lang)}
    files = []
    for ending, content in contents.items():
        path = imported.folder.with_name(f"{imported.folder.name}.protocol.{ending}")
        # With a byte order mark, so that an editor of any Windows shows Chinese.
        write_whole(path, content.encode("utf-8-sig" if ending == "txt" else "utf-8"))
        files.append(path)
    return files


# ---- what is told


def _answer(imported: ImportedCounty) -> Words:
    number = len(imported.taken)
    read = bilingual_counted("{number} table was read", "{number} tables were read", number) if number else NONE
    of_files = listed([Words(one.title, one.title) for one in imported.files], NAMES)
    files = bilingual("other files: {names}", names=of_files) if imported.files else NONE
    left = bilingual("{number} were not", number=len(imported.not_read)) if imported.not_read else NONE
    parts = listed([part for part in (read, files, left) if part.en])
    if imported.stopping:
        names = listed(imported.stopping, NAMES)
        return bilingual("{parts}. It does not run yet; missing: {names}.", parts=parts, names=names)
    if imported.faults:
        return bilingual("{parts}. It is not ready: {faults}.", parts=parts, faults=imported.said_of_faults)
    return bilingual("{parts}. It is ready to be checked and run.", parts=parts)


def _questions(imported: ImportedCounty, open_gaps: list[Gap]) -> Iterator[Words]:
    """The first questions by the rule of `intake.gaps`; what could not be referred comes with what stops."""
    asked = list[Words]()
    stopping = [_question(gap) for gap in open_gaps if gap.stops]
    unclear = [bilingual("{sentence}: which one is meant?", sentence=sentence) for sentence in imported.unclear]
    asked += [*stopping, *unclear, *(_question(gap) for gap in open_gaps if not gap.stops)]
    yield from list(dict.fromkeys(question for question in asked if question.en))[:QUESTIONS]


def _question(gap: Gap) -> Words:
    question = question_of(gap)
    if question is None:
        return NONE
    if not gap.key:
        return question
    named = listed([Words(name, name) for name in gap.names[:MOST_NAMED]], NAMES)
    if gap.missing > MOST_NAMED:
        named = bilingual("{names} and {number} more", names=named, number=gap.missing - MOST_NAMED)
    told = bilingual("{names}: {question}", names=named, question=question)
    if gap.residents < 1:
        return told
    people = bilingual("{number} residents", number=f"{gap.residents:,.0f}")
    return bilingual("{question} ({people})", question=told, people=people)


def _sheet(taken: Taken) -> SheetProtocol:
    table = f"{taken.understood.table}.csv"
    said = bilingual(
        "rows {first} to {last} became {number} rows of {table}; heads in row {heads}", first=taken.first_row,
        last=taken.last_row, number=taken.rows, table=table, heads=taken.head_row,
    )  # fmt: skip
    if taken.sheet.is_remade:
        said = bilingual("became {number} rows of {table}, put into another shape", number=taken.rows, table=table)
    elif not taken.rows:
        said = bilingual("heads of {table} in row {heads}, and no rows", table=table, heads=taken.head_row)
    columns = []
    for column in taken.understood.columns:
        of = column.beside or taken.understood.table
        how = NONE
        if column.basis:
            how = bilingual("assumed: {basis}", basis=basis_words(of, column))
        elif column.factor != 1.0:
            how = bilingual("times {factor}", factor=f"{column.factor:g}")
        elif column.unit:
            how = bilingual("in {unit}", unit=column.unit)
        elif column.key == LOCATED:
            how = bilingual("where a row has no coordinates or base of its own")
        field = field_words(of, column.key)
        if column.beside:
            field = bilingual("{table} {column}", table=f"{of}.csv", column=field)
        columns.append(ColumnRead(" ".join(column.head.split()), field, how, bool(column.basis)))
    return SheetProtocol(taken.sheet.title, said, tuple(columns))


def _guessed(imported: ImportedCounty) -> Iterator[Words]:
    for taken in imported.taken:
        for column in taken.understood.columns:
            if column.basis:
                yield bilingual("{sheet}, {head}: taken as {basis}", sheet=taken.sheet.title,
                                head=" ".join(column.head.split()),
                                basis=basis_words(taken.understood.table, column))  # fmt: skip
        for remark in taken.remarks:
            yield bilingual("{sheet}: {remark}", sheet=taken.sheet.title, remark=remark)
    for read in imported.files:
        for fact in read.facts:
            if fact.is_assumed:
                said = bilingual("{what}: {found}", what=fact.what, found=fact.found)
                yield bilingual("{file}: {text}", file=read.title, text=said)
    yield from (*imported.remarks, *imported.unclear)
    if imported.start:
        yield imported.said_of_start


def _left_out(imported: ImportedCounty) -> Iterator[Words]:
    yield from imported.left_out
    for sheet in imported.not_read:
        yield bilingual("{sheet}: not read, no table has such heads", sheet=sheet.title)
    for taken in imported.taken:
        if names := taken.understood.named_left_out:
            yield bilingual("{sheet}: columns left out: {heads}", sheet=taken.sheet.title, heads=names)
        for note in taken.notes:
            yield bilingual("{sheet}: the remark {text}", sheet=taken.sheet.title, text=note)
        if taken.totals:
            yield bilingual("{sheet}: rows of totals left out: {number}", sheet=taken.sheet.title, number=taken.totals)


def _missing_plan(imported: ImportedCounty) -> Iterator[MissingRow]:
    if imported.said_of_plan.en:
        yield MissingRow(SCENARIO_FILE, Words("plan", "plan"), NONE, imported.said_of_plan, False)


def _missing(gap: Gap) -> MissingRow:
    field = field_words(gap.table, gap.key) if gap.key else bilingual("the whole table")
    number = bilingual("{number} of {all}", number=gap.missing, all=gap.rows) if gap.key else NONE
    stands_in = gap.stands_in
    if gap.stops:
        stands_in = bilingual("nothing: it does not run without")
    elif not stands_in.en:
        stands_in = bilingual("nothing")
    return MissingRow(f"{gap.table}.csv", field, number, stands_in, gap.stops)


# ---- as text


def protocol_text(told: Protocol, lang: Language) -> str:
    """The protocol as plain text.

    Args:
        told: its content.
        lang: its language.
    """
    side = LANGUAGES.index(lang)
    lines = [bilingual("How the files of {name} were read", name=told.name)[side], "", told.answer[side]]
    lines += _section(bilingual("What would help most"), told.questions, side, numbered=True)
    lines += ["", bilingual("What was read from where")[side]]
    for sheet in told.sheets:
        lines += ["", f"  {sheet.title}", f"    {sheet.said[side]}"]
        for column in sheet.columns:
            how = f"  [{column.how[side]}]" if column.how.en else ""
            lines.append(f"    {column.head} -> {column.field[side]}{how}")
    for read in told.files:
        lines += ["", f"  {read.title}", f"    {read.said[side]}"]
        facts = [bilingual("{what}: {found}", what=fact.what, found=fact.found) for fact in read.facts]
        lines += [f"    {fact[side]}" for fact in facts]
    lines += _section(bilingual("What was guessed"), told.guessed, side)
    lines += _section(bilingual("What was left out"), told.left_out, side)
    missing = (
        Words(*(" ".join(filter(None, (row.table, row.field[at], row.number[at], "->", row.stands_in[at])))
                for at in range(len(LANGUAGES))))
        for row in told.missing
    )  # fmt: skip
    lines += _section(bilingual("What is missing, and what stands in for it"), tuple(missing), side)
    return "\n".join(lines) + "\n"


def _section(title: Words, sentences: tuple[Words, ...], side: int, numbered: bool = False) -> list[str]:
    shown = sentences or (bilingual("nothing"),)
    marks = [f"{number}." if numbered and sentences else "-" for number in range(1, len(shown) + 1)]
    return ["", title[side], *(f"  {mark} {text[side]}" for mark, text in zip(marks, shown, strict=True))]
