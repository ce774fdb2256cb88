"""Forest fires as a process: step by step they grow against those who fight them, and reach villages and roads.

What the hazard says becomes rows of the log and changes of places and roads, in this order at each step: fires,
villages and roads; then the crews (`fires.apply`); then, at the times of reports, command and the evacuation.
"""

from __future__ import annotations

import math
from collections.abc import Generator
from typing import TYPE_CHECKING, Any

from simrescue.events import EventKind as Kind
from simrescue.hazards.base import CONTAINED, CONTROLLED, ESCAPED, OUT, FireChanges
from simrescue.network import great_circle_km
from simrescue.places import Ignition
from simrescue.responders import SUPPRESSION
from simrescue.simulation.clock import HAZARD, TimerAt
from simrescue.simulation.command.fire_stages import CLOSED
from simrescue.simulation.hazards import detection
from simrescue.simulation.places import evacuation
from simrescue.simulation.places.unsafe import becomes_unsafe, is_safe_again, may_land_again
from simrescue.simulation.requests import fire_key
from simrescue.simulation.roads.isolation import Isolation
from simrescue.simulation.state import ALL_CLASS, WADING_CLASS
from simrescue.units import next_step_h, step_end_h

if TYPE_CHECKING:
    from simrescue.simulation.places.village import Village
    from simrescue.simulation.state import Simulation

STATE_KINDS = {CONTAINED: Kind.CONTAINED, CONTROLLED: Kind.CONTROLLED, OUT: Kind.FIRE_OUT, ESCAPED: Kind.ESCAPED}
BY_TIME, BY_DISTANCE = 0, 1
"""Why a village is ordered out, as in the `item` of FRONT_NEARS."""


class Fire:
    """One ignition of one replication: what is known of it, and the last row of the log about it."""

    def __init__(self, sim: Simulation, number: int) -> None:
        self.sim = sim
        self.number = number
        self.index = sim.world.first["ignitions"] + number
        self.record: Ignition = sim.world.scenario.ignitions[number]
        self.row = -1
        self.begun = False
        self.told = 0
        self.reported_h: float | None = None

    @property
    def burns(self) -> bool:
        """Whether it has begun and is not out yet."""
        return self.begun and self.sim.fires.hazard.state(self.number).state != OUT

    @property
    def area_ha(self) -> float:
        """What it has burned so far."""
        return self.sim.fires.hazard.state(self.number).area_ha

    def begin(self) -> None:
        """The fire starts; everybody who may find it begins to look."""
        self.begun = True
        self.row = self.sim.log(Kind.IGNITES, self.index, self.index)
        self.stands(True)
        detection.start(self.sim, self)
        self.tell_size()

    def stands(self, needs_hands: bool) -> None:
        """Whether it can spread, and so needs somebody, known or not."""
        self.sim.true_needs.tell(fire_key(self.number), SUPPRESSION, self.index, 1 if needs_hands else 0)

    def report(self, cause: int) -> None:
        """Command hears of the fire; the first report counts."""
        if self.reported_h is not None:
            return
        self.reported_h = self.sim.env.now
        command = self.sim.world.command
        row = self.sim.log(Kind.REPORTED, command, self.index, cause, item=SUPPRESSION, amount=self.area_ha)
        self.inform(row)

    def inform(self, cause: int) -> None:
        """Command is told how the fire stands, decides what it wants, and has villages ordered out."""
        self.sim.fires.report(self.number, cause)
        order_out(self.sim, self, cause)

    def tell_size(self) -> None:
        """Write down how large it is, and go on doing so while it burns; once it is known, command hears it too."""
        state = self.sim.fires.hazard.state(self.number)
        item = state.state
        self.sim.log(Kind.AREA, self.index, self.index, self.row, item=item, amount=state.area_ha)
        row = self.sim.log(Kind.PERIMETER, self.index, self.index, self.row, item=item, amount=state.perimeter_km)
        if self.reported_h is not None and self.reported_h < self.sim.env.now:
            self.inform(row)
        if item != OUT:
            self.told += 1
            due = self.record.time_h + step_end_h(self.told, self.sim.settings.wildfire.reports_h)
            TimerAt(self.sim.env, due).callbacks.append(lambda _: self.tell_size())


def run(sim: Simulation) -> Generator[Any, Any, None]:
    """Move all fires on, step by step while anything burns or is worked on, else from one ignition to the next."""
    env, each_h, end_h = sim.env, sim.settings.wildfire.step_h, sim.world.duration_h
    burning = [Fire(sim, number) for number in range(len(sim.world.scenario.ignitions))]
    coming = sorted(burning, key=lambda fire: (fire.record.time_h, fire.number))
    isolation = Isolation(sim)
    while True:
        due = math.inf
        if sim.fires.active or any(fire.burns for fire in burning):
            due = next_step_h(env.now, each_h)
        if coming:
            due = min(due, max(env.now, coming[0].record.time_h))
        if due > end_h:
            return
        yield TimerAt(env, due, HAZARD)
        changes = sim.fires.hazard.advance(env.now, sim.fires.effort(env.now))
        while coming and coming[0].record.time_h <= env.now:
            coming.pop(0).begin()
        rows = write_down(sim, burning, changes)
        for site, arrives in changes.flames:
            if not sim.is_fire(site):
                flames(sim, site, arrives)
        for site, arrives in changes.smoke:
            if not sim.is_fire(site):
                smoke(sim, site, arrives)
        isolation.review()
        sim.fires.apply(changes, rows)


def write_down(sim: Simulation, burning: list[Fire], changes: FireChanges) -> dict[int, int]:
    """Rows for cells that burn and fires whose state is another; answers the row of each such state by fire."""
    log, rows = sim.log, {}
    for _, number, cell in changes.burns:
        log(Kind.BURNS, burning[number].index, burning[number].index, burning[number].row, amount=cell)
    for _, number, cell in changes.spots:
        log(Kind.SPOTS, burning[number].index, burning[number].index, burning[number].row, amount=cell)
    for number, cell in changes.rekindles:
        log(Kind.REKINDLES, burning[number].index, burning[number].index, burning[number].row, amount=cell)
    for number, state in changes.states:
        burning[number].stands(state not in CLOSED)
        if state in STATE_KINDS:
            fire, area_ha = burning[number], sim.fires.hazard.state(number).area_ha
            rows[number] = log(STATE_KINDS[state], fire.index, fire.index, fire.row, amount=area_ha)
    return rows


# ---- what it reaches


def flames(sim: Simulation, site: int, arrive: bool) -> None:
    """Flames have come to a place or a road, or burn there no more."""
    if site >= sim.world.n_places:
        sim.roads.flames(site - sim.world.n_places, arrive)
        return
    was = sim.danger.get(site, 0)
    sim.danger[site] = ALL_CLASS if arrive else 0
    if site < len(sim.villages):
        sim.villages[site].flames(arrive)
        return
    row = sim.log(Kind.FIRE_ARRIVES if arrive else Kind.FIRE_LEAVES, site, site)
    if arrive and was < WADING_CLASS:
        becomes_unsafe(sim, site, row)
    elif was >= WADING_CLASS and not arrive:
        is_safe_again(sim, site, row)


def smoke(sim: Simulation, site: int, thick: bool) -> None:
    """Thick smoke has come to a place or a road, or is gone; people who see it make ready to leave."""
    if site >= sim.world.n_places:
        sim.roads.smoke(site - sim.world.n_places, thick)
        return
    (sim.smoky.add if thick else sim.smoky.discard)(site)
    row = sim.log(Kind.SMOKE_ARRIVES if thick else Kind.SMOKE_LEAVES, site, site)
    if thick and site < len(sim.villages):
        sim.villages[site].expose(row, by_smoke=True)
        evacuation.smoke_seen(sim, sim.villages[site], row)
    elif not thick:
        may_land_again(sim, site)


def order_out(sim: Simulation, fire: Fire, cause: int) -> None:
    """Villages that the front may soon reach, as command reckons, get their order; none once no edge is open."""
    rules = sim.settings.wildfire
    if not sim.fires.hazard.state(fire.number).open_km:
        return
    for village in sim.villages:
        if village.ordered_out:
            continue
        why, amount = nearing(sim, fire, village, rules.order_lead_h, rules.order_within_km)
        if why >= 0:
            village.ordered_out = True
            row = sim.log(Kind.FRONT_NEARS, village.index, fire.index, cause, item=why, amount=amount)
            kind = Kind.ORDERED if village.record.ordered else Kind.CALLED_OUT
            evacuation.call_out(sim, village, kind, row)


def nearing(sim: Simulation, fire: Fire, village: Village, lead_h: float, within_km: float) -> tuple[int, float]:
    """Why a village should leave (`BY_TIME`, `BY_DISTANCE`; -1: it need not), with the hours it has left."""
    record, hazard = village.record, sim.fires.hazard
    expected_h = hazard.expected_h(village.index)
    if expected_h <= lead_h:
        return BY_TIME, expected_h
    point = hazard.edge_point(fire.number, record.lon, record.lat)
    if point and float(great_circle_km(*point, record.lon, record.lat)) <= within_km:
        return BY_DISTANCE, expected_h
    return -1, expected_h
