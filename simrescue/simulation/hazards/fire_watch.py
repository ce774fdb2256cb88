"""Forest fires in the simulation: step by step they grow against those who fight them.

What the hazard says becomes rows of the log in this order at each step: fires; what they do to places and roads, as for
every hazard (`effects`); then the crews (`fires.apply`); then, at the times of reports, command and the evacuation.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from simrescue.events import NONE
from simrescue.events import EventKind as Kind
from simrescue.hazards.base import BURNING, CONTAINED, CONTROLLED, ESCAPED, OUT, Effort, FireChanges, FireHazard
from simrescue.hazards.wildfire.behaviour.crown_fire import ALL_CROWNED, CROWNED
from simrescue.network import great_circle_km
from simrescue.places import Ignition
from simrescue.responders import SUPPRESSION
from simrescue.simulation.clock import TimerAt
from simrescue.simulation.command.wildfire.fire_command import Fires
from simrescue.simulation.command.wildfire.fire_stages import CLOSED
from simrescue.simulation.hazards import detection, false_alarms
from simrescue.simulation.hazards.hazard import HazardWatch
from simrescue.simulation.people import evacuation
from simrescue.simulation.requests import fire_key
from simrescue.units import next_step_h

if TYPE_CHECKING:
    from simrescue.simulation.protocols import VillageState
    from simrescue.simulation.state import Simulation

STATE_KINDS = {CONTAINED: Kind.CONTAINED, CONTROLLED: Kind.CONTROLLED, OUT: Kind.FIRE_OUT, ESCAPED: Kind.ESCAPED}
SMOULDER_STEP_H = 1.0
"""Fires that are out are looked at so often, for what still smoulders beside their line."""
SMOULDERS = 5.0
"""Mean times (`smoulder_days`) after which what smoulders is no longer looked at: less than 1 % of it is left."""
BY_TIME, BY_DISTANCE = 0, 1
"""Why a village is ordered out, as in the `item` of FRONT_NEARS."""


class Fire:
    """One ignition of one replication: what is known of it, and the last row of the log about it."""

    def __init__(self, sim: Simulation, number: int, begins_h: float) -> None:
        self.sim = sim
        self.begins_h = begins_h
        self.number = number
        self.index = sim.world.first["ignitions"] + number
        self.record: Ignition = sim.world.scenario.ignitions[number]
        self.row = -1
        self.begun = False
        self.is_told = False
        """Whether its size is written down from time to time."""
        self.out_since_h = -math.inf
        self.reported_h: float | None = None
        self.crowned_h = -math.inf
        """When crowns last caught fire."""

    @property
    def burns(self) -> bool:
        """Whether it has begun and is not out yet."""
        return self.begun and self.sim.fires.hazard.state(self.number).state != OUT

    @property
    def smoulders(self) -> bool:
        """Whether it is out, and what smoulders beside its line may still light it anew."""
        mean_h = 24 * self.sim.parameters.smoulder_days
        return self.sim.env.now - self.out_since_h < SMOULDERS * mean_h

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
        # With the report itself command has been told how it stands.
        if self.reported_h is not None and self.reported_h < self.sim.env.now:
            self.inform(row)
        self.is_told = item != OUT
        if self.is_told:
            began_h, env = self.begins_h, self.sim.env
            due = began_h + next_step_h(env.now - began_h, self.sim.settings.wildfire.reports_h)
            TimerAt(env, due).callbacks.append(lambda _: self.tell_size())


class FireWatch(HazardWatch):
    """All fires of one replication: they are looked at step by step while one burns or is worked on."""

    def __init__(self, sim: Simulation, hazard: FireHazard) -> None:
        super().__init__(sim, hazard)
        sim.fires = Fires(sim, hazard)
        self.rows: dict[int, int] = {}
        self.burning = [Fire(sim, number, begins_h) for number, begins_h in enumerate(hazard.begins_h)]
        false_alarms.start(sim)
        begin = (fire for fire in self.burning if fire.begins_h < math.inf)
        self.coming = sorted(begin, key=lambda fire: (fire.begins_h, fire.number))

    def next_time(self) -> float:
        """The next step while anything burns or is worked on, else the next ignition, or look at what smoulders."""
        sim, due = self.sim, math.inf
        if sim.fires.active or any(fire.burns for fire in self.burning):
            due = next_step_h(sim.env.now, sim.settings.wildfire.step_h)
        elif any(fire.smoulders for fire in self.burning):
            due = next_step_h(sim.env.now, SMOULDER_STEP_H)
        if self.coming:
            due = min(due, max(sim.env.now, self.coming[0].begins_h))
        return due

    def effort(self, now: float) -> Effort:
        """What crews and aircraft did since the last step, up to hour `now`."""
        return self.sim.fires.effort(now)

    def before_effects(self, now: float) -> None:
        """Fires that begin, burn and change up to hour `now` are written down, before what they do to places."""
        while self.coming and self.coming[0].begins_h <= now:
            self.coming.pop(0).begin()
        self.rows = write_down(self.sim, self.burning, self.sim.fires.hazard.changes)

    def after_effects(self) -> None:
        """Those who fight the fires look at how they stand."""
        self.sim.fires.apply(self.sim.fires.hazard.changes, self.rows)

    def finish(self) -> None:
        """What those who fight have done until now is written down."""
        self.sim.fires.finish()
        # Its fires hold the arrays of the hazard (`hazard.finish`), and command holds them by this call.
        self.sim.command.when_ready = id
        del self.sim.fires


def write_down(sim: Simulation, burning: list[Fire], changes: FireChanges) -> dict[int, int]:
    """Rows for cells that burn and fires whose state is another; answers the row of each such state by fire."""
    log, rows = sim.log, {}
    for time_h, number, cell in changes.burns:
        fire, crown = burning[number], _crown(changes.crowned.get(cell, 0.0))
        log(Kind.BURNS, fire.index, fire.index, fire.row, item=crown, amount=cell)
        if crown != NONE:
            if time_h - fire.crowned_h > sim.settings.wildfire.burn_out_h:
                log(Kind.CROWNS, fire.index, fire.index, fire.row, item=crown, amount=cell)
            fire.crowned_h = time_h
    for _, number, cell in changes.spots:
        log(Kind.SPOTS, burning[number].index, burning[number].index, burning[number].row, amount=cell)
    for number, cell in changes.rekindles:
        log(Kind.REKINDLES, burning[number].index, burning[number].index, burning[number].row, amount=cell)
    for number, cell in changes.breaches:
        log(Kind.LINE_BREACHED, burning[number].index, burning[number].index, burning[number].row, amount=cell)
    for number, state in changes.states:
        row = _write_state(sim, burning[number], state)
        if row is not None:
            rows[number] = row
    return rows


def _write_state(sim: Simulation, fire: Fire, state: int) -> int | None:
    """The row of a fire's new state, if it has one; one that was out and burns again is told of anew."""
    fire.stands(state not in CLOSED)
    # Out and burning anew: the timer of its size ended with it.
    if state == BURNING and not fire.is_told:
        fire.tell_size()
    if state not in STATE_KINDS:
        return None
    area_ha = sim.fires.hazard.state(fire.number).area_ha
    # Where nothing has burned nothing smoulders, and steps need not go on.
    if state == OUT and area_ha > 0:
        fire.out_since_h = sim.env.now
    return sim.log(STATE_KINDS[state], fire.index, fire.index, fire.row, amount=area_ha)


def _crown(burned: float) -> int:
    """Item of BURNS by the crown fraction burned (Forestry Canada 1992: from 0.1 a crown fire, from 0.9 all of it)."""
    return NONE if burned < CROWNED else int(burned >= ALL_CROWNED)


# ---- what command does about it


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
            sim.fires.known[fire.number].threatens = True
            row = sim.log(Kind.FRONT_NEARS, village.index, fire.index, cause, item=why, amount=amount)
            kind = Kind.ORDERED if village.record.ordered else Kind.CALLED_OUT
            evacuation.call_out(sim, village, kind, row)


def nearing(sim: Simulation, fire: Fire, village: VillageState, lead_h: float, within_km: float) -> tuple[int, float]:
    """Why a village should leave (`BY_TIME`, `BY_DISTANCE`; -1: it need not), with the hours it has left."""
    record, hazard = village.record, sim.fires.hazard
    expected_h = hazard.expected_h(village.index, fire.number)
    if expected_h <= lead_h:
        return BY_TIME, expected_h
    point = hazard.edge_point(fire.number, record.lon, record.lat)
    if point and float(great_circle_km(*point, record.lon, record.lat)) <= within_km:
        return BY_DISTANCE, expected_h
    return -1, expected_h
