"""Tables, columns and settings of a scenario that nothing in its simulation reads, from the marks at the fields."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from simrescue.hazards.kinds import HAZARDS, hazard_named
from simrescue.records import CLAUSES, DEPTHS, FIRE, FLOOD, LEVELS, NOTHING, PAGES, ReadBy, Record
from simrescue.scenario.files.faults import keys
from simrescue.scenario.preflight.findings import Finding
from simrescue.scenario.preflight.idle import sections
from simrescue.scenario.records import TABLES, Scenario

ZH = {
    FLOOD: "洪水",
    FIRE: "森林火灾",
    LEVELS: "按水位的洪水",
    DEPTHS: "按水深的洪水",
    CLAUSES: "静态指标",
    PAGES: "页面与地图",
    NOTHING: "无",
}


def readers(record: type[Record], name: str) -> tuple[str, ...]:
    """Who reads a field, where not everybody does; empty: every simulation. `name` is the Python name."""
    marks = [mark for mark in record.model_fields[name].metadata if isinstance(mark, ReadBy)]
    return tuple(reader for mark in marks for reader in mark if reader)


def reading(scenario: Scenario) -> frozenset[str]:
    """Who reads anything of this scenario: its hazard, its pages and maps."""
    found = {PAGES}
    for name, section in scenario.settings.hazards.items():
        kind = hazard_named(name)
        found |= kind.readers(section) if kind.readers else {f"a {kind.words.en}"}
    return frozenset(found)


def unread(scenario: Scenario) -> Iterator[Finding]:
    """A note for each kind of reader that the scenario lacks, with all columns, tables, settings for it alone."""
    here, found = reading(scenario), dict[tuple[str, ...], list[str]]()
    for table, record in TABLES.items():
        titles = scenario.written[table].titles if table in scenario.written else {}
        if record.only and not here & set(record.only):
            if scenario.table(table):
                found.setdefault(record.only, []).append(f"{table}.csv")
        else:
            _sort(found, f"{table}.csv", record, titles, here)
    for path, section in sections(scenario.settings):
        given = {key for key, name in keys(type(section)).items() if name in section.model_fields_set}
        _sort(found, f"scenario.yaml {path}", type(section), given, here)
    for who, places in found.items():
        listed, whom, whom_zh = ", ".join(places), " and ".join(who), "、".join(_zh(one) for one in who)
        only, only_zh = ("", "") if who == (NOTHING,) else (f": for {whom} only", f"，仅用于{whom_zh}")
        message, message_zh = f"nothing in this simulation reads {listed}{only}", f"本次模拟不读取 {listed}{only_zh}"
        yield Finding("note", "input", "", message, message_zh, {})


def _zh(reader: str) -> str:
    """The Chinese of a reader: fixed, or a registered hazard's own."""
    return ZH.get(reader) or next(kind.words.zh for kind in HAZARDS.values() if reader == f"a {kind.words.en}")


def _sort(
    found: dict[tuple[str, ...], list[str]],
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
        found.setdefault(who, []).append(f"{place} ({', '.join(names)})")
