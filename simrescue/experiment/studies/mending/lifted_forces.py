"""Forces however absurd: what would turn a verdict that nothing on a menu turns.

All forces are multiplied together, twice to 64 times, and all else that holds them up is taken away: orders and
call-outs a day earlier, news and decisions at once, roads open, nobody who refuses. Each is a change like those of a
menu, "priced" by how absurd it is: the binary logarithm of how many times, and 1 for a thing that is lifted whole.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from typing import Any

from simrescue.experiment.studies.mending.changes import Change, hours_text
from simrescue.experiment.studies.mending.menu import all_roads_open, sooner
from simrescue.hazards.kinds import extend, hazard_named
from simrescue.kinds import kind_named, of_role
from simrescue.places import NEEDS
from simrescue.scenario.records import Scenario
from simrescue.wording import Words, bilingual

TIMES = (2, 4, 16, 64)
"""How many times the forces there are."""
MOST = 5000
"""Most responders of one row that a scenario may have."""
EARLIER_H = 24.0


def forces_of(scenario: Scenario) -> list[Change]:
    """What may be multiplied or lifted in a scenario, as steps of changes."""
    of_hazards = [change for name in scenario.settings.hazards for change in hazard_named(name).lifted(scenario)]
    return [*_multiplied(scenario), *_lifted(scenario), *{change.id: change for change in of_hazards}.values()]


def _multiplied(scenario: Scenario) -> Iterator[Change]:
    for kind in of_role("responder"):
        counts = {f"{kind.table}.{row.id}.count": row.count for row in scenario.table(kind.table) if row.count}
        yield from _times(kind.table, bilingual("{things}", things=(kind.noun.many, kind.noun.zh)), counts, MOST)
    stock = {
        f"depots.{depot.id}.{need}": amount
        for depot in scenario.depots
        for need, amount in zip(NEEDS, depot.amounts(), strict=True)
        if amount > 0
    }
    yield from _times("stock", bilingual("stock of all depots"), stock)
    docks = {f"depots.{depot.id}.docks": depot.docks for depot in scenario.depots if depot.docks}
    yield from _times("docks", bilingual("loading docks"), docks)
    room = {f"shelters.{one.id}.capacity": one.capacity for one in scenario.table(kind_named("shelter").table)}
    yield from _times("room", bilingual("room in shelters"), room)


def _times(name: str, words: Words, amounts: dict[str, Any], most: float = math.inf) -> Iterator[Change]:
    for times in TIMES if amounts else ():
        sets = {path: round(min(times * amount, max(most, amount))) for path, amount in amounts.items()}
        label = bilingual("{times} times as many: {what}", times=times, what=words)
        yield Change(f"{name}-x{times}", *label, sets, math.log2(times))


def _lifted(scenario: Scenario) -> Iterator[Change]:
    soon = {"command.report": hours_text(1 / 60), "command.decision": hours_text(1 / 60)}
    yield Change("at-once", *bilingual("news and decisions within a minute"), soon, 1.0)
    if scenario.villages:
        yield Change("nobody-refuses", *bilingual("nobody refuses to leave"), {"evacuation.refuse": "0 %"}, 1.0)


def _of_a_flood(scenario: Scenario) -> Iterable[Change]:
    if scenario.villages:
        order, call = sooner(scenario, EARLIER_H)
        yield Change("a-day-earlier", *bilingual("orders and call-outs a day earlier"), order | call, 1.0)
    if raised := all_roads_open(scenario):
        yield Change("roads-open", *bilingual("all roads above the water"), raised, 1.0)


def _of_a_fire(scenario: Scenario) -> Iterable[Change]:
    lead = scenario.settings.wildfire.order_lead_h + EARLIER_H
    words = bilingual("villages ordered out a day earlier")
    yield Change("a-day-earlier", *words, {"hazard.order_lead": hours_text(lead)}, 1.0)


extend("flood", lifted=_of_a_flood)
extend("wildfire", lifted=_of_a_fire)
