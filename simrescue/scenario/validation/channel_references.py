"""Whether stations and power areas name places and roads that are there, and every place is fed once."""

from __future__ import annotations

from collections.abc import Iterator

from simrescue.errors import Fault, nearest
from simrescue.kinds import tables
from simrescue.scenario.files.draft import Draft
from simrescue.scenario.validation.fire_references import Checked
from simrescue.wording import Words, bilingual


def faults(draft: Draft, checked: Checked) -> Iterator[Fault]:
    """What does not fit in stations.csv and power.csv.

    Args:
        draft: as read from the folder, with overrides applied; rows that could not be read still lend their ids.
        checked: rows that read well, by table.
    """
    for table in ("stations", "power"):
        yield from _unknown(draft, checked, table, "line", bilingual("a known road"), ("roads",))
    yield from _unknown(draft, checked, "power", "feeds", bilingual("a known place"), tables("place"))
    fed = dict[str, str]()
    for row, area in checked["power"]:
        for name in area.feeds:
            if name in fed:
                expected = bilingual("a place that is fed once; {other} feeds it too", other=fed[name])
                yield Fault(*row.spot("feeds"), name, expected)
            fed.setdefault(name, area.id)


def _unknown(
    draft: Draft, checked: Checked, table: str, column: str, expected: Words, of: tuple[str, ...]
) -> Iterator[Fault]:
    if not all(draft.tables[name].whole for name in of):
        return
    names = {str(row.cells.get("id", "")): None for name in of for row in draft.tables[name].rows}
    for row, record in checked[table]:
        for name in getattr(record, column):
            if name not in names:
                yield Fault(*row.spot(column), name, expected, nearest(name, names))
