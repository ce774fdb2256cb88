"""What is kept of every replication of a fire: one row a fire, numbers over all fires, curves over the hours."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simrescue.events import EventKind, EventLog
from simrescue.hazards.base import TACTICS
from simrescue.hazards.kinds import extend
from simrescue.hazards.wildfire.kind import WILDFIRE
from simrescue.metrics.base import Cases, Measure, MeasureSettings, Tally, Timed, TimedWithin, Within
from simrescue.metrics.facts import Facts
from simrescue.metrics.reading import NEVER, at_villages, rows_of, share_within, slowest, village_times
from simrescue.metrics.wildfire import fire, fire_false_alarms, fire_line, fire_record, line_hands, pumped_water
from simrescue.metrics.wildfire.fire import Floats, fire_cases, since_h
from simrescue.metrics.wildfire.fire_record import CAUGHT
from simrescue.wording import Words, bilingual

FLAMES, SMOKE = 0, 1
"""Items of EXPOSED."""
NOBODY = -1
FOUND_H, CONTAINED_H = 2.0, 24.0
"""Limits of the two shares that every run shows; a clause sets its own."""


def fires_table(log: EventLog, facts: Facts) -> dict[str, NDArray[Any]]:
    """One row a fire; each column has shape (F,). Columns in `_h` are hours since the start, infinite for never.

    `means` is what found it (an index of `hazards.detection.MEANS`, -1: nothing did).
    """
    return {**_course(log, facts), **_size(log, facts), **_work(log, facts)}


def begun_fires(log: EventLog, facts: Facts) -> dict[str, NDArray[Any]]:
    """The rows of `fires_table` of fires that began: of the places where fires may start most stay as they are."""
    table = fires_table(log, facts)
    return {name: column[np.isfinite(table["began_h"])] for name, column in table.items()}


def _course(log: EventLog, facts: Facts) -> dict[str, NDArray[Any]]:
    rows, number = fire.rows_at(log, facts, EventKind.DETECTED, by_place=False)
    means = np.full(len(fire.fires(facts)), NOBODY, dtype=np.int16)
    # Backwards, so that of several detections of a fire the first stays.
    means[number[::-1]] = log.item[rows[::-1]]
    return {
        "fire": fire.fires(facts).astype(np.int32),
        "began_h": fire.began_h(log, facts),
        "reported_h": fire.reported_h(log, facts),
        "means": means,
        "staged_h": fire.staged_h(log, facts),
        "on_line_h": fire.on_line_h(log, facts),
        "by_air_h": fire.by_air_h(log, facts),
        "dropped_h": fire.dropped_h(log, facts),
        "contained_h": fire.contained_h(log, facts),
        "controlled_h": fire.controlled_h(log, facts),
        "out_h": fire.out_h(log, facts),
        "off_map_h": fire.off_map_h(log, facts),
    }


def _size(log: EventLog, facts: Facts) -> dict[str, NDArray[Any]]:
    contained = fire.contained_h(log, facts)
    return {
        "escaped": fire.escaped(log, facts),
        "reported_ha": fire.burned_ha(log, facts, fire.reported_h(log, facts)),
        "contained_ha": np.where(np.isfinite(contained), fire.burned_ha(log, facts, contained), np.nan),
        "burned_ha": fire.burned_ha(log, facts),
        "crowned_ha": fire.crowned_ha(log, facts),
        "perimeter_km": fire.perimeter_km(log, facts, np.array([np.inf]))[0],
        "rekindles": fire.counted(log, facts, EventKind.REKINDLES),
        "breaches": fire.counted(log, facts, EventKind.LINE_BREACHED),
        "spots": fire.counted(log, facts, EventKind.SPOTS),
    }


def _work(log: EventLog, facts: Facts) -> dict[str, NDArray[Any]]:
    return {
        "crews": fire_line.crews(log, facts),
        "person_h": fire_line.person_h(log, facts),
        "line_km": fire_line.line_km(log, facts),
        "line_taken_km": fire_line.amounts(log, facts, EventKind.LINE_TAKEN) / 1000,
        **{
            f"line_{name}_km": metres
            for name, metres in zip(TACTICS, fire_line.line_by_tactic_km(log, facts), strict=True)
        },
        "orders_refused": fire_line.refusals(log, facts),
        "line_held": fire_line.line_held(log, facts),
        "line_width_m": fire_line.line_width_m(log, facts),
        "burned_out": fire_line.burned_out(log, facts),
        "drops": fire_line.drops(log, facts),
        "water_t": fire_line.amounts(log, facts, EventKind.DROPS),
        "pumped_t": pumped_water.used_t(log, facts),
        "relays": pumped_water.relays(log, facts),
        "without_water_h": pumped_water.dry_h(log, facts),
        "waited_for_water_h": pumped_water.waited_h(log, facts),
        "unmanned_h": line_hands.unmanned_h(log, facts),
        "crew_h": line_hands.crew_h(log, facts),
        "withdrawals": fire_line.withdrawals(log, facts),
        "fled_person_h": fire_line.fled_person_h(log, facts),
        "stood_down_person_h": fire_line.stood_down_person_h(log, facts),
        "cut_off": fire_line.persons_told(log, facts, EventKind.CUT_OFF),
        "entrapped": fire_record.caught_by(log, facts),
        "overrun": fire_record.overrun_by(log, facts),
    }


def fire_numbers(log: EventLog, facts: Facts) -> dict[str, float]:
    """Scalar metrics of all fires of a replication.

    Waits are those of the slowest fire: infinite where one of them never got there.
    """
    table = fires_table(log, facts)
    began = np.isfinite(table["began_h"])
    sums = (
        "burned_ha", "crowned_ha", "rekindles", "breaches", "spots", "person_h", "line_km", "line_taken_km",
        "burned_out", "drops", "water_t",
        "pumped_t", "relays", "without_water_h", "waited_for_water_h",
        "withdrawals", "fled_person_h", "stood_down_person_h", "cut_off", "entrapped", "overrun",
        "orders_refused",
        *(f"line_{name}_km" for name in TACTICS),
        "unmanned_h", "crew_h",
    )  # fmt: skip
    return {
        "fires": float(began.sum()),
        **_waits(log, facts),
        "fires_contained": float((began & np.isfinite(table["contained_h"])).sum()),
        "fires_escaped": float(table["escaped"].sum()),
        "fires_off_map": float(np.isfinite(table["off_map_h"]).sum()),
        **{name: float(table[name].sum()) for name in sums},
        "reported_ha": float(table["reported_ha"][np.isfinite(table["reported_h"])].sum()),
        "largest_fire_ha": fire.largest_ha(log, facts),
        "perimeter_km": float(table["perimeter_km"].sum()),
        "fire_false_alarms": fire_false_alarms.false_alarms(log),
        "fire_false_alarm_h": fire_false_alarms.false_alarm_crew_h(log, facts),
        "reserve_person_h": line_hands.reserve_person_h(log, facts),
        "flight_h": fire_line.flight_h(log, facts),
        "drops_per_flight_h": fire_line.drops_per_flight_h(log, facts),
        **_harm(log, facts),
    }


def waits_h(log: EventLog, facts: Facts, clock: str = "report") -> dict[str, Floats]:
    """Hours of each fire from its beginning until it was found, and by a clock until each later step.

    The clock starts with the report, or with the fire (`need`). A fire that was never reported waits for ever by both,
    also one that goes out by itself: nobody has dealt with it.
    """
    reported, began = fire.reported_h(log, facts), fire.began_h(log, facts)
    known = np.isfinite(reported)
    steps = {
        "staged": fire.staged_h(log, facts),
        "on_line": fire.on_line_h(log, facts),
        "by_air": fire.by_air_h(log, facts),
        "dropped": fire.dropped_h(log, facts),
        "contained": fire.contained_h(log, facts),
        "controlled": fire.controlled_h(log, facts),
        "out": fire.out_h(log, facts),
    }
    start = began if clock == "need" else reported
    waits = {name: np.where(known, since_h(moment, start), NEVER) for name, moment in steps.items()}
    return {"found": since_h(reported, began), **waits}


def _waits(log: EventLog, facts: Facts) -> dict[str, float]:
    waits, since_began = waits_h(log, facts), waits_h(log, facts, "need")
    return {
        **{f"fire_{name}_h": slowest(fire_cases(log, facts, wait)) for name, wait in waits.items()},
        **{
            f"fire_{name}_need_h": slowest(fire_cases(log, facts, since_began[name]))
            for name in waits
            if name != "found"
        },
        "share_fires_found": share_within(fire_cases(log, facts, waits["found"]), FOUND_H),
        "share_fires_contained": share_within(fire_cases(log, facts, waits["contained"]), CONTAINED_H),
    }


def _harm(log: EventLog, facts: Facts) -> dict[str, float]:
    return {
        "villages_in_flames": float(np.isfinite(village_times(log, facts, EventKind.FIRE_ARRIVES)).sum()),
        "villages_in_smoke": float(np.isfinite(village_times(log, facts, EventKind.SMOKE_ARRIVES)).sum()),
        "exposed_to_flames": exposed_persons(log, facts),
        "exposed_to_smoke": float(exposed(log, facts, SMOKE).sum()),
        "houses_exposed": float(houses_exposed(log, facts).sum()),
        "road_closed_h": _road_closed_h(log, facts),
    }


def exposed(log: EventLog, facts: Facts, cause: int) -> Floats:
    """Most people still in each village when `FLAMES` or `SMOKE` came, which can be more than once; shape (V,)."""
    rows = rows_of(log, EventKind.EXPOSED)
    rows = rows[log.item[rows] == cause]
    return _most(facts, log.subject[rows], log.persons[rows])


def _crew_persons(log: EventLog, facts: Facts, *kinds: EventKind) -> float:
    return float(fire_line.persons_told(log, facts, *kinds).sum())


def exposed_persons(log: EventLog, facts: Facts) -> float:
    """People who had not left when the flames came to their village."""
    return float(exposed(log, facts, FLAMES).sum())


def houses_exposed(log: EventLog, facts: Facts) -> Floats:
    """Houses of each village when flames came, shape (V,)."""
    rows = rows_of(log, EventKind.HOUSES_EXPOSED)
    return _most(facts, log.subject[rows], log.amount[rows])


def _most(facts: Facts, thing: NDArray[Any], value: Floats) -> Floats:
    """Largest value of each village, shape (V,); 0 where there is none."""
    village = facts.row_of[thing]
    answer = np.zeros(len(facts.villages))
    np.maximum.at(answer, village[village >= 0], value[village >= 0])
    return answer


def _road_closed_h(log: EventLog, facts: Facts) -> float:
    """Hours for which flames or smoke closed roads, added up over the roads, to the end of the scenario."""
    shut, free = rows_of(log, EventKind.ROAD_BURNS), rows_of(log, EventKind.ROAD_BURNT_OUT)
    # Each counted to the end: an opening takes back what its closing counts too much.
    return float((facts.duration_h - log.time_h[shut]).sum() - (facts.duration_h - log.time_h[free]).sum())


def fire_curves(log: EventLog, facts: Facts, hour: Floats) -> dict[str, Floats]:
    """What is counted of all fires at each hour."""
    return {
        "burned_ha": fire.burned_curve_ha(log, facts, hour),
        "perimeter_km": fire.perimeter_km(log, facts, hour).sum(axis=1),
        "persons_on_line": fire_line.persons_on_line(log, facts, hour),
        "aircraft": fire_line.aircraft(log, facts, hour),
        "line_km": fire_line.line_curves_km(log, facts, hour).sum(axis=1),
        "drops": fire_line.total_curve(log, facts, EventKind.DROPS, hour, amount=False),
        "water_t": fire_line.total_curve(log, facts, EventKind.DROPS, hour, amount=True),
    }


def fire_columns(log: EventLog, facts: Facts) -> dict[str, NDArray[Any]]:
    """What a fire did to each village, shape (V,)."""
    return {
        "flames_h": village_times(log, facts, EventKind.FIRE_ARRIVES),
        "smoke_h": village_times(log, facts, EventKind.SMOKE_ARRIVES),
        "exposed_to_flames": exposed(log, facts, FLAMES),
        "exposed_to_smoke": exposed(log, facts, SMOKE),
        "houses_exposed": houses_exposed(log, facts),
    }


# ---- what clauses can name

_FIRES = frozenset({WILDFIRE.name})


def _cases_found(log: EventLog, facts: Facts, _: Within) -> Cases:
    return fire_cases(log, facts, waits_h(log, facts)["found"])


def _found(log: EventLog, facts: Facts, settings: Within) -> float:
    return share_within(_cases_found(log, facts, settings), settings.limit_h)


def _waiting_for(step: str) -> Callable[[EventLog, Facts, Timed], Cases]:
    """The fires with their waits for a step (a name of `waits_h`)."""
    return lambda log, facts, settings: fire_cases(log, facts, waits_h(log, facts, settings.clock)[step])


def _within(name: str, step: str, words: Words) -> Measure[TimedWithin]:
    """Share of the fires whose wait for a step (a name of `waits_h`) is within the limit."""
    cases = _waiting_for(step)

    def value(log: EventLog, facts: Facts, settings: TimedWithin) -> float:
        return share_within(cases(log, facts, settings), settings.limit_h)

    return Measure(
        name, words, "share", TimedWithin, value, hazards=_FIRES, explained=f"fire_{step}", counts="fires",
        of_cases=cases,
    )  # fmt: skip


def _slowest(name: str, step: str, words: Words) -> Measure[Timed]:
    """Hours of the slowest fire until a step (a name of `waits_h`)."""
    cases = _waiting_for(step)

    def value(log: EventLog, facts: Facts, settings: Timed) -> float:
        return slowest(cases(log, facts, settings))

    return Measure(
        name, words, "h", Timed, value, hazards=_FIRES, explained=f"fire_{step}", counts="fires", of_cases=cases
    )


def _burned(log: EventLog, facts: Facts, _: MeasureSettings) -> Tally:
    return fire.added_at_fires(facts, fire.burned_ha(log, facts))


def _sizes(log: EventLog, facts: Facts, _: MeasureSettings) -> Cases:
    return fire_cases(log, facts, fire.burned_ha(log, facts))


def _exposed_there(log: EventLog, facts: Facts, _: MeasureSettings) -> Tally:
    persons = exposed(log, facts, FLAMES)
    return at_villages(facts, np.zeros(len(persons)), persons)


def _crews_there(*kinds: EventKind) -> Callable[[EventLog, Facts, MeasureSettings], Tally]:
    def places(log: EventLog, facts: Facts, _: MeasureSettings) -> Tally:
        return fire.added_at_fires(facts, fire_line.persons_told(log, facts, *kinds))

    return places


MEASURES = (
    Measure(
        "share_fires_found", bilingual("fires found in time"), "share", Within, _found, hazards=_FIRES,
        explained="fire_found", counts="fires", of_cases=_cases_found,
    ),
    _within("share_fires_staged", "staged", bilingual("fires that a crew walks into in time")),
    _within("share_fires_attacked", "on_line", bilingual("fires attacked in time")),
    _within("share_fires_by_air", "by_air", bilingual("fires with an aircraft over them in time")),
    _within("share_fires_contained", "contained", bilingual("fires contained in time")),
    _within("share_fires_out", "out", bilingual("fires out in time")),
    _slowest("fire_contained_h", "contained", bilingual("hours to contain the slowest fire")),
    _slowest("fire_out_h", "out", bilingual("hours to put out the slowest fire")),
    Measure(
        "burned_ha", bilingual("area burned by all fires"), "ha", MeasureSettings,
        lambda log, facts, _: float(fire.burned_ha(log, facts).sum()), hazards=_FIRES, counts="fires",
        of_places=_burned,
    ),
    Measure(
        "largest_fire_ha", bilingual("area of the largest fire"), "ha", MeasureSettings,
        lambda log, facts, _: fire.largest_ha(log, facts), hazards=_FIRES, counts="fires", of_cases=_sizes,
    ),
    Measure(
        "exposed_to_flames", bilingual("people in a village in flames"), "persons", MeasureSettings,
        lambda log, facts, _: exposed_persons(log, facts), hazards=_FIRES, counts="persons", of_places=_exposed_there,
    ),
    Measure(
        "overrun", bilingual("people of crews that the front burned over"), "persons", MeasureSettings,
        lambda log, facts, _: _crew_persons(log, facts, EventKind.OVERRUN), hazards=_FIRES, counts="persons",
        of_places=_crews_there(EventKind.OVERRUN),
    ),
    Measure(
        "entrapped", bilingual("people of crews that flames came too near to, or burned over"), "persons",
        MeasureSettings,
        lambda log, facts, _: _crew_persons(log, facts, *CAUGHT), hazards=_FIRES, counts="persons",
        of_places=_crews_there(*CAUGHT),
    ),
)  # fmt: skip
extend(WILDFIRE.name, village_columns=fire_columns, metrics=fire_numbers, curves=fire_curves)
