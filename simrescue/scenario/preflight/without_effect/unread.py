"""Tables, columns and settings of a scenario that nothing in its simulation reads, from the marks at the fields."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from simrescue.hazards.kinds import AND, HAZARDS, hazard_named
from simrescue.records import BY_CHANNELS, NOTHING, PAGES, ReadBy, Record
from simrescue.scenario.files.faults import keys
from simrescue.scenario.preflight.findings import Finding
from simrescue.scenario.preflight.without_effect.idle import sections
from simrescue.scenario.records import TABLES, Scenario
from simrescue.wording import Words, bilingual, listed

READERS = {
    words.en: words
    for words in (
        bilingual("a flood"), bilingual("a forest fire"), bilingual("a flood by levels"),
        bilingual("a flood by depths"), bilingual("static clauses"), bilingual("pages and maps"), bilingual("nothing"),
        bilingual("messages by channels"), bilingual("a flood by rasters"),
    )
}  # fmt: skip
"""What the marks `ReadBy` at the fields of the program say; a registered hazard adds its own."""


def readers(record: type[Record], name: str) -> tuple[str, ...]:
    """Who reads a field, where not everybody does; empty: every simulation. `name` is the Python name."""
    marks = [mark for mark in record.model_fields[name].metadata if isinstance(mark, ReadBy)]
    return tuple(reader for mark in marks for reader in mark if reader)


def reading(scenario: Scenario) -> frozenset[str]:
    """Who reads anything of this scenario: its hazard, its pages and maps."""
    names = {PAGES, *((BY_CHANNELS,) if scenario.channels else ())}
    for name, section in scenario.settings.hazards.items():
        kind = hazard_named(name)
        names |= kind.readers(section) if kind.readers else {f"a {kind.words.en}"}
    return frozenset(names)


def unread(scenario: Scenario) -> Iterator[Finding]:
    """A note for each kind of reader that the scenario lacks, with all columns, tables, settings for it alone."""
    here, unread_places = reading(scenario), dict[tuple[str, ...], list[str]]()
    for table, record in TABLES.items():
        titles = scenario.written[table].titles if table in scenario.written else {}
        if record.only and not here & set(record.only):
            if scenario.table(table):
                unread_places.setdefault(record.only, []).append(f"{table}.csv")
        else:
            _sort(unread_places, f"{table}.csv", record, titles, here)
    for path, section in sections(scenario.settings):
        given = {key for key, name in keys(type(section)).items() if name in section.model_fields_set}
        _sort(unread_places, f"scenario.yaml {path}", type(section), given, here)
    for who, places in unread_places.items():
        if who == (NOTHING,):
            message = bilingual("nothing in this simulation reads {places}", places=", ".join(places))
        else:
            readers = listed([_words_of(reader) for reader in who], AND)
            message = bilingual(
                "nothing in this simulation reads {places}: for {readers} only",
                places=", ".join(places),
                readers=readers,
            )
        yield Finding("note", "input", "", *message, {})


def _words_of(reader: str) -> Words:
    """A reader in both languages: one of `READERS`, or a registered hazard's own."""
    if reader in READERS:
        return READERS[reader]
    return Words(reader, next(kind.words.zh for kind in HAZARDS.values() if reader == f"a {kind.words.en}"))


def _sort(
    places: dict[tuple[str, ...], list[str]],
    place: str,
    record: type[Record],
    written: Iterable[str],
    here: frozenset[str],
) -> None:
    """Put the written fields that nothing reads here under who does."""
    known, columns = keys(record), dict[tuple[str, ...], list[str]]()
    for key in written:
        who = readers(record, known[key]) if key in known else ()
        if who and not here & set(who):
            columns.setdefault(who, []).append(key)
    for who, names in columns.items():
        places.setdefault(who, []).append(f"{place} ({', '.join(names)})")
