"""Whether the orders to crews at a fire fit the scenario: whom they are for, at which fire, when, and what they say."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any, get_args

from simrescue.errors import Fault, nearest
from simrescue.hazards.wildfire.orders import FireOrder
from simrescue.hazards.wildfire.settings import Wildfire
from simrescue.kinds import tables
from simrescue.responders import Team
from simrescue.scenario.files.draft import Draft
from simrescue.scenario.files.tables import TableRow
from simrescue.scenario.validation import line_points
from simrescue.wording import Words, bilingual

OF_TACTICS = {
    "distance_m": ("distance", ("indirect",)),
    "line": ("line", ("hold",)),
    "place": ("place", ("protect",)),
    "width_m": ("width", ("hold", "protect")),
}
"""Field of an order -> its column, and the tactics that use it."""
Checked = dict[str, list[tuple[TableRow, Any]]]


def faults(draft: Draft, fire: Wildfire, checked: Checked) -> Iterator[Fault]:
    """Orders to nobody or for no fire, that end before they begin, or that say what their tactic cannot use.

    Arguments as of `fire_references.faults`. Where a table that they name could not be read, nothing is called unknown.
    """
    team_kinds = get_args(Team.model_fields["kind"].annotation)
    known: dict[str, tuple[Collection[str] | None, Words]] = {
        "fire": (_ids(draft, ("ignitions",)), bilingual("a known fire")),
        "line": (_ids(draft, ("fire_lines",), "line"), bilingual("a known line")),
        "place": (_ids(draft, ("villages", "institutions")), bilingual("a known village or institution")),
        "crews": (_ids(draft, tables("responder")), bilingual("a known responder")),
        "kinds": (team_kinds, bilingual("a known kind: {known}", known=", ".join(team_kinds))),
    }
    for row, order in checked["fire_orders"]:
        yield from _unknown(row, order, known)
        yield from _contradictions(row, order, fire)
    yield from line_points.faults(checked["fire_lines"])


def _ids(draft: Draft, names: Collection[str], column: str = "id") -> Collection[str] | None:
    """Names in a column of tables; None where one of these could not be read whole."""
    if not all(draft.tables[name].whole for name in names):
        return None
    return {str(row.cells.get(column, "")) for name in names for row in draft.tables[name].rows}


def _unknown(
    row: TableRow, order: FireOrder, known: dict[str, tuple[Collection[str] | None, Words]]
) -> Iterator[Fault]:
    for column, (names, expected) in known.items():
        value = getattr(order, column)
        for name in (value,) if isinstance(value, str) else value:
            if name and names is not None and name not in names:
                yield Fault(*row.spot(column), name, expected, nearest(name, names))


def _contradictions(row: TableRow, order: FireOrder, fire: Wildfire) -> Iterator[Fault]:
    if order.until_h is not None and order.until_h <= order.time_h:
        yield Fault(*row.spot("until"), None, bilingual("later than {column}", column="time"))
    for field, (column, tactics) in OF_TACTICS.items():
        value, wanted = getattr(order, field), order.tactic in tactics
        if value and not wanted:
            expected = bilingual("nothing, or the tactic {value}", value=", ".join(tactics))
            yield Fault(*row.spot(column), str(value), expected)
        elif not value and wanted and field in ("line", "place"):
            yield Fault(*row.spot(column), None, bilingual("a name, since the tactic is {value}", value=order.tactic))
    if order.stage > len(fire.stages):
        expected = bilingual("a stage of the response: 1 to {last}", last=len(fire.stages))
        yield Fault(*row.spot("stage"), str(order.stage), expected)
