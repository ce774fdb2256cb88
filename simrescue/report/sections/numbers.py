"""The key numbers of a run, bad cases first, and what else stands in tables: fires, the record of the real event."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from simrescue.charts.shared.summaries import occurring
from simrescue.explain import Names, things_of
from simrescue.hazards.kinds import extend
from simrescue.report import figures
from simrescue.report.figures import Pair, pair, share
from simrescue.report.sections.inputs import hazards
from simrescue.report.words import FIRE_METRICS, METRICS, told

extend("wildfire", numbers=FIRE_METRICS)

if TYPE_CHECKING:
    from simrescue.experiment.store.stored_results import Results

_WRITE: dict[str, Callable[[float], Pair]] = {"count": figures.count, "share": figures.share, "hours": figures.hours}


class Number(NamedTuple):
    """One number over the replications."""

    metric: str
    name: Pair
    bad: Pair
    """The value that 95 % of the replications do not fall behind."""
    worst: Pair
    middle: Pair
    low_is_bad: bool

    @property
    def note(self) -> Pair:
        """What the bad value means, with the worst and the middle one."""
        if self.bad == figures.NEVER:
            return told("tile never", self.middle)
        return told("tile low" if self.low_is_bad else "tile", self.worst, self.middle)


def key_numbers(results: Results) -> list[Number]:
    """The numbers that matter for the hazard of a run; those that no replication has are left out."""
    table = results.replications
    chosen = {name: row for kind in hazards(results) for name, row in (kind.numbers or METRICS).items()}
    made = []
    for metric, (english, chinese, kind, low_is_bad) in chosen.items():
        values = table[metric].dropna().to_numpy(float) if metric in table else np.array([])
        if len(values):
            write = _WRITE[kind]
            bad, worst, middle = (occurring(values, 1 - q if low_is_bad else q) for q in (0.95, 1.0, 0.5))
            made.append(Number(metric, (english, chinese), write(bad), write(worst), write(middle), low_is_bad))
    return made


class Fire(NamedTuple):
    """One fire over the replications: middle waits after the report, and how large it grew."""

    name: Pair
    found: Pair
    on_line: Pair
    contained: Pair
    contained_in: Pair
    burned: Pair
    burned_95: Pair


def fires(results: Results) -> list[Fire]:
    """One row a fire; none where the hazard is another."""
    names, made = Names(things_of(results.things)), []
    for fire, rows in results.fires.groupby("fire"):
        reported = rows["reported_h"]
        burned = rows["burned_ha"].to_numpy(float)
        on_line, contained = (_wait(rows[moment], reported) for moment in ("on_line_h", "contained_h"))
        middle, large = (told("hectares", figures.count(occurring(burned, q))) for q in (0.5, 0.95))
        held = share(float(np.isfinite(rows["contained_h"]).mean()))
        found = _wait(reported, rows["began_h"])
        made.append(Fire(names.of(int(str(fire))), found, on_line, contained, held, middle, large))
    return made


def _wait(moment: Any, start: Any) -> Pair:
    """The middle wait as it occurs; what never came waits for ever."""
    waits = np.where(np.isfinite(moment), np.maximum(moment - start.where(np.isfinite(start), moment), 0.0), np.inf)
    return figures.hours(occurring(waits, 0.5))


class Recorded(NamedTuple):
    """One figure of the real event beside the simulated ones."""

    what: Pair
    recorded: Pair
    simulated: Pair
    range: Pair
    inside: bool | None
    """Whether the record lies in the range; None where there is none."""
    below: Pair
    """Where the record lies: the share of the replications, or of the persons, below it."""
    unit: str
    source: str


def recorded(results: Results) -> list[Recorded]:
    """The record of the real event, as far as the scenario has one."""
    return [_recorded(row) for row in results.recorded.to_dict("records")]


def _recorded(row: dict[Any, Any]) -> Recorded:
    known = not np.isnan(row["low"])
    low, high = figures.count(row["low"]), figures.count(row["high"])
    return Recorded(
        pair(row["what"], row["what_zh"]), figures.exact(row["recorded"]) if row["recorded"] >= 1000 else
        figures.count(row["recorded"]), figures.count(row["median"]),
        (f"{low[0]} to {high[0]}", f"{low[1]}至{high[1]}") if known else figures.NOTHING,
        bool(row["low"] <= row["recorded"] <= row["high"]) if known else None, _below(row), row["unit"], row["source"],
    )  # fmt: skip


def _below(row: dict[Any, Any]) -> Pair:
    """Older results do not say."""
    below = row.get("below", float("nan"))
    return figures.NOTHING if np.isnan(below) else told(f"below {row['over']}", share(below))
