"""Validation: all figures on record beside what is simulated, over one or several scenarios, with one score for all.

A figure is inside where the simulated 80 % band meets the interval in which the record lies by its source. Coverage is
the share of figures inside: a model that knows how sure it is has about 80 % of them there. A band that is wide enough
holds everything, so the median width of the bands stands beside it. Nothing is fitted: a miss is told by place, from
the replication in the middle of the band.

The band of a run holds chance alone: each number is as it is assumed. With the numbers that nobody has verified drawn
from their ranges (`unsure`) there is a second band, which holds ignorance too, with a score of its own.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from simrescue.errors import Fault, ScenarioError
from simrescue.events import EventLog
from simrescue.experiment.analysis.death_curves import spread_of_deaths
from simrescue.experiment.replications.recorded_event import RECORDED, recorded_rows
from simrescue.experiment.store.csv_cells import as_csv
from simrescue.experiment.store.stored_results import Results
from simrescue.experiment.store.whole_files import make_folder, write_whole
from simrescue.hazards.kinds import stored
from simrescue.metrics.people import whereabouts
from simrescue.metrics.people.whereabouts import DEAD, HOME, MOVING, STRANDED, TRAPPED
from simrescue.metrics.reading import quantile
from simrescue.metrics.recorded import MOMENT, Figure, figures
from simrescue.metrics.renamed import current_name
from simrescue.plans import numbers_named
from simrescue.scenario.history import figures_on_record
from simrescue.scenario.records import Scenario
from simrescue.units import write_hours, write_persons, write_share
from simrescue.wording import NAMES, PARTS, Words, bilingual, listed
from simrescue.wording.unit_words import measure

if TYPE_CHECKING:
    from simrescue.experiment.studies.unsure import Drawn
    from simrescue.simulation.world import World

BAND = 0.8
"""Share of what is simulated that lies between `p10` and `p90`."""
VALIDATION_COLUMNS = (
    "scenario", "what", "what_zh", "metric", "place", "at_h", "recorded", "recorded_low", "recorded_high", "over",
    "p10", "median", "p90", "inside", "off", "width", "drawn_p10", "drawn_median", "drawn_p90", "drawn_inside",
    "drawn_width", "moved_by", "moved_by_zh", "unit", "reason", "reason_zh", "doubt", "source",
)  # fmt: skip
"""Columns of validation.csv, in order; docs/metrics.md tells them."""
NO_MISS = Words("", "")
INSIDE, OUTSIDE = bilingual("inside"), bilingual("outside")
UNKNOWN, DOUBTFUL = bilingual("nothing simulated"), bilingual("doubtful")
_NAMED = 3
"""Places named in a reason."""
_TELLING = 0.05
"""Share of people from which a state is named."""
_STATES = {
    HOME: bilingual("still at home"), STRANDED: bilingual("cut off at home"), TRAPPED: bilingual("trapped"),
    MOVING: bilingual("on the way"), DEAD: bilingual("dead"),
}  # fmt: skip


@dataclass(frozen=True)
class Compared:
    """One figure of the record beside the simulated band."""

    scenario: str
    row: dict[str, Any] = field(repr=False)
    """Its row of recorded.csv."""
    unit: str
    """Unit in which the metric is read."""
    reason: Words = NO_MISS
    """Where and how the simulation misses it, of deaths also what other curves give; else empty."""
    drawn: Compared | None = field(default=None, repr=False)
    """The same figure with the unverified numbers drawn; None where they were not."""
    moved_by: Words = NO_MISS
    """The unverified numbers that move it more than chance would; empty for none, and where they were not drawn."""
    title: Words = NO_MISS
    """What the scenario is called; empty: by its id."""

    @property
    def is_known(self) -> bool:
        """Whether anything was simulated to stand beside it."""
        return not math.isnan(self.row["p10"])

    @property
    def is_inside(self) -> bool:
        """Whether the simulated band meets the recorded interval."""
        return bool(self.row["p10"] <= self.row["recorded_high"] and self.row["recorded_low"] <= self.row["p90"])

    @property
    def is_scored(self) -> bool:
        """Whether it counts: it is not doubtful, and something was simulated."""
        return self.is_known and not self.row["doubt"]

    @property
    def word(self) -> Words:
        """Whether it is inside, or why that does not count."""
        if not self.is_known:
            return UNKNOWN
        if self.row["doubt"]:
            return DOUBTFUL
        return INSIDE if self.is_inside else OUTSIDE

    @property
    def off(self) -> float:
        """How far the simulated band lies below (positive) or above (negative) the recorded interval; 0 inside."""
        if not self.is_known:
            return math.nan
        below, above = self.row["recorded_low"] - self.row["p90"], self.row["recorded_high"] - self.row["p10"]
        return float(below if below > 0 else min(above, 0.0))

    @property
    def width(self) -> float:
        """`p90 / p10`; 1 where both are the same, infinite from nothing or to never, nan for a moment or nothing."""
        low, high = self.row["p10"], self.row["p90"]
        if not self.is_known or self.unit == MOMENT:
            return math.nan
        if low == high:
            return 1.0
        return float(high / low) if low > 0 else math.inf


class Score(NamedTuple):
    """What the figures of all scenarios come to."""

    figures: int
    """Figures that are scored."""
    inside: int
    """Of these, figures inside the 80 % band."""
    width: float
    """Median width of the bands of those scored; nan where none has any."""
    doubtful: int
    """Figures that are doubtful and not scored."""
    untested: int
    """Figures beside which nothing was simulated."""

    @property
    def coverage(self) -> float:
        """Share of the scored figures that are inside; nan for none."""
        return self.inside / self.figures if self.figures else math.nan


def score(comparisons: Sequence[Compared]) -> Score:
    """One score for the figures of any number of scenarios."""
    scored = [one for one in comparisons if one.is_scored]
    widths = np.array([one.width for one in scored if not math.isnan(one.width)])
    return Score(
        len(scored), sum(one.is_inside for one in scored), quantile(widths, 0.5),
        sum(bool(one.row["doubt"]) for one in comparisons), sum(not one.is_known for one in comparisons),
    )  # fmt: skip


def score_sentence(found: Score) -> Words:
    """Coverage, width, and what was left out."""
    if not found.figures:
        return bilingual("No figure can be scored.")
    told = bilingual(
        "{inside} of {figures} recorded figures lie inside the {band} band ({share}); "
        "the median band is {width} times as high as it is low.",
        inside=found.inside, figures=found.figures, band=measure(write_share(BAND)),
        share=measure(write_share(found.coverage)),
        width=bilingual("infinitely many") if math.isinf(found.width) else f"{found.width:.3g}",
    )  # fmt: skip
    if not (found.doubtful or found.untested):
        return told
    more = bilingual(
        " Not scored: {doubtful} doubtful, {untested} beside which nothing was simulated.",
        doubtful=found.doubtful,
        untested=found.untested,
    )
    return Words(told.en + more.en, told.zh + more.zh)


def score_drawn(comparisons: Sequence[Compared]) -> Score | None:
    """The score with the unverified numbers drawn; None where they were not."""
    drawn = [one.drawn for one in comparisons if one.drawn is not None]
    return score(drawn) if drawn else None


def compared(results: Results) -> list[Compared]:
    """Every figure of the history of a stored run beside it, without reasons; of those that this program knows.

    Raises:
        ResultsError: no table of them is stored.
    """
    scenario = results.manifest["scenario"]
    known = figures(stored(scenario["settings"]))
    return [Compared(scenario["name"], row, known[row["metric"]].unit) for row in _rows(results)
            if row["metric"] in known]  # fmt: skip


def compare_with_record(scenario: Scenario, results: Results, drawn: Drawn | None = None) -> list[Compared]:
    """Every figure of a scenario's history beside a finished run of it, with the reason of each miss.

    Args:
        scenario: as it was run.
        results: its stored run; missed figures of places have one replication simulated again from its seed.
        drawn: the same replications with the unverified numbers drawn; None: there is no second band.
    """
    settings, known = scenario.settings, figures(scenario.settings.hazards)
    name, title = settings.name, Words(settings.title, settings.title_zh or settings.title)
    again = _Replications(scenario, int(results.manifest["seed"]))
    second = _drawn(scenario, known, drawn) if drawn else {}
    comparisons = []
    for number, row in enumerate(_rows(results)):
        figure = known[row["metric"]]
        one = Compared(name, row, figure.unit)
        if not one.is_known:
            reason = bilingual("Nobody was put to this test in the simulation.")
        elif one.is_inside:
            reason = NO_MISS
        else:
            reason = _reason(one, figure, number, results, again)
        if current_name(row["metric"]) == "deaths":
            reason = _with_curves(reason, results)
        beside, moved_by = second.get(number, (None, NO_MISS))
        comparisons.append(Compared(name, row, figure.unit, reason, beside, moved_by, title))
    return comparisons


def _with_curves(reason: Words, results: Results) -> Words:
    """A reason, and what the curves of deaths give over the whole run; empty where nobody was in the water."""
    told = spread_of_deaths(results)
    return Words(f"{reason.en} {told.en}".strip(), reason.zh + told.zh)


def _drawn(scenario: Scenario, known: Mapping[str, Figure], drawn: Drawn) -> dict[int, tuple[Compared, Words]]:
    """By its number in the history: each figure with the numbers drawn, and what moves it."""
    import pandas as pd

    from simrescue.experiment.studies.unsure import moving_rows

    table = pd.DataFrame(dict(drawn.recorded))
    found = {}
    for number, row in enumerate(recorded_rows(figures_on_record(scenario.settings.history), known, table)):
        values = drawn.recorded.get(f"{RECORDED}{number}")
        moved = NO_MISS if values is None else numbers_named(moving_rows(drawn, values))
        found[number] = Compared(scenario.settings.name, row, known[row["metric"]].unit), moved
    return found


def rows(comparisons: Iterable[Compared]) -> Iterator[dict[str, Any]]:
    """Rows of validation.csv."""
    for one in comparisons:
        more = {
            "scenario": one.scenario, "inside": _inside(one), "off": one.off, "width": one.width,
            "reason": one.reason.en, "reason_zh": one.reason.zh,
            "moved_by": one.moved_by.en, "moved_by_zh": one.moved_by.zh,
        }  # fmt: skip
        if drawn := one.drawn:
            more |= {f"drawn_{name}": drawn.row[name] for name in ("p10", "median", "p90")}
            more |= {"drawn_inside": _inside(drawn), "drawn_width": drawn.width}
        yield {name: ({**one.row, **more}).get(name, "") for name in VALIDATION_COLUMNS}


def _inside(one: Compared) -> bool | str:
    return one.is_inside if one.is_known else ""


def _rows(results: Results) -> Iterator[dict[str, Any]]:
    """Rows of recorded.csv; in older results nothing stands in the 80 % band."""
    for row in results.recorded.to_dict("records"):
        exactly = {"recorded_low": row["recorded"], "recorded_high": row["recorded"]}
        yield {"p10": math.nan, "p90": math.nan, "doubt": "", **exactly, **{str(key): row[key] for key in row}}


class _Replications:
    """Replications of a scenario, made again from their seed when a miss is to be told."""

    def __init__(self, scenario: Scenario, seed: int) -> None:
        self.scenario, self.seed = scenario, seed
        self.logs: dict[int, EventLog] = {}
        self._world: World | None = None

    @property
    def world(self) -> World:
        if self._world is None:
            from simrescue.simulation.world import compile_world  # a report reads what was compared, and runs nothing

            self._world = compile_world(self.scenario)
        return self._world

    def log(self, number: int) -> EventLog:
        if number not in self.logs:
            from simrescue.simulation.run import replicate

            self.logs[number] = replicate(self.world, self.seed, number).log
        return self.logs[number]


# ---- reasons


def _reason(one: Compared, figure: Figure, number: int, results: Results, again: _Replications) -> Words:
    """How the simulation misses a figure, and where."""
    if figure.waits:
        return _of_waits(one, results.replications, number)
    if figure.unit in (MOMENT, "h"):
        return _of_hours(one)
    if figure.each is None or figure.of != "villages":
        return _of_amounts(one)
    values = results.replications[f"{RECORDED}{number}"].to_numpy(float)
    middle = int(results.replications["replication"].to_numpy()[np.argsort(values, kind="stable")[len(values) // 2]])
    log, world = again.log(middle), again.world
    at_h = math.inf if math.isnan(one.row["at_h"]) else float(one.row["at_h"])
    chosen, each = world.facts.chosen(one.row["place"]), figure.each(log, world.facts, at_h)
    if figure.of_residents and one.off > 0:
        return _of_the_rest(log, world, np.where(chosen, world.facts.population - each, 0.0), at_h)
    shares = np.where(chosen, each, 0.0)
    if not shares.any():
        return _of_amounts(one)
    if np.sort(shares)[-_NAMED:].sum() < _TELLING * 2 * shares.sum():
        return _of_amounts(one)  # it is everywhere
    return Words(*(a + b for a, b in zip(_of_amounts(one), _where(world, shares), strict=True)))


def write_amount(amount: float) -> str:
    """A count or an amount in three figures: "149,000", "0.213"."""
    rounded = float(f"{amount:.3g}")
    return f"{rounded:,.0f}" if abs(rounded) >= 100 else f"{rounded:g}"


def _of_the_rest(log: EventLog, world: World, rest: NDArray[np.float64], at_h: float) -> Words:
    """Too few residents are counted: where the others live, and how they fare."""
    counts = whereabouts.counts_by_village(log, world.facts, at_h)[rest > 0]
    states = {state: counts[:, state].sum() for state in _STATES}
    whole = sum(states.values())
    fares = [
        bilingual("{share} {state}", share=write_share(n / whole), state=_STATES[state])
        for state, n in sorted(states.items(), key=lambda item: -item[1])
        if whole and n / whole >= _TELLING
    ]
    told = bilingual(
        "Too few: {persons} residents are not among them; of the people who are not out: {states}.",
        persons=write_persons(rest.sum()), states=listed(fares, PARTS) if fares else bilingual("nobody"),
    )  # fmt: skip
    return Words(*(a + b for a, b in zip(told, _where(world, rest), strict=True)))


def _where(world: World, amounts: NDArray[np.float64]) -> Words:
    """The places with most of an amount."""
    order = np.argsort(-amounts, kind="stable")[:_NAMED]
    places = [world.places[world.facts.villages[i]] for i in order if amounts[i] > 0]
    names = listed([(place.name or place.name_zh, place.name_zh or place.name) for place in places], NAMES)
    share = amounts[order].sum() / amounts.sum()
    return bilingual(" {share} of it in {places}.", share=write_share(share), places=names)


def _of_amounts(one: Compared) -> Words:
    """Too few or too many, and by how much."""
    low, high = one.row["p10"], one.row["p90"]
    if one.off > 0:
        return bilingual("Too few: at most {high} in nine of ten runs.", high=write_amount(high))
    return bilingual("Too many: at least {low} in nine of ten runs.", low=write_amount(low))


def _of_hours(one: Compared) -> Words:
    """Too early or too late, and by how much."""
    hours = write_hours(abs(one.off))
    if math.isinf(one.off):
        return bilingual("It does not happen in the simulation by then.")
    by = measure(hours)
    return bilingual("Too early by {hours}.", hours=by) if one.off > 0 else bilingual("Too late by {hours}.", hours=by)


def _of_waits(one: Compared, replications: Any, number: int) -> Words:
    """How long the persons of the place wait, and how many for ever."""
    parts = replications.filter(regex=rf"^{RECORDED}{number}_part_\d+$").to_numpy(float)
    persons = replications[f"{RECORDED}{number}_persons"].to_numpy(float)
    never = float((np.isinf(parts).mean(axis=1) * persons).sum() / persons.sum()) if persons.sum() else 0.0
    median = write_hours(one.row["median"])
    told = bilingual(
        "Half of the persons there wait no longer than {median}; {never} are not served by the end.",
        median=measure(median), never=write_share(never),
    )  # fmt: skip
    early = bilingual("Too early. ") if one.off > 0 else bilingual("Too late. ")
    return Words(*(a + b for a, b in zip(early, told, strict=True)))


def refuse_without_record(scenarios: Sequence[Scenario]) -> None:
    """Raises ScenarioError where one of the scenarios has no figure on record, naming all that have none."""
    without = [scenario for scenario in scenarios if not figures_on_record(scenario.settings.history)]
    if without:
        expected = bilingual("figures on record to compare with")
        raise ScenarioError(Fault(f"{one.folder}/scenario.yaml", "", "history", None, expected) for one in without)


def write_validation(comparisons: Sequence[Compared], folder: Path) -> Path:
    """Write validation.csv into a folder; answers its path."""
    make_folder(folder)
    path = folder / "validation.csv"
    write_whole(path, as_csv(VALIDATION_COLUMNS, rows(comparisons)))
    return path
