"""The key numbers of a run, bad cases first, and what else stands in tables: fires, the record of the real event."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from simrescue.charts.shared.summaries import occurring
from simrescue.experiment.analysis.death_curves import beside_record, span_of_deaths, spread_of_deaths, with_span
from simrescue.experiment.studies.comparison_with_record import compared
from simrescue.explain import Names, things_of
from simrescue.hazards.kinds import extend
from simrescue.report import figures
from simrescue.report.figures import Pair, between, pair, share
from simrescue.report.sections.inputs import hazards
from simrescue.wording import Words, bilingual
from simrescue.wording.unit_words import unit_words

if TYPE_CHECKING:
    from simrescue.experiment.store.stored_results import Results
    from simrescue.experiment.studies.comparison_with_record import Compared


class KeyNumber(NamedTuple):
    """A metric of a run that its report shows."""

    name: Words
    write: Callable[[float], Pair]
    low_is_bad: bool = False


KEY_NUMBERS: dict[str, KeyNumber] = {
    "affected": KeyNumber(bilingual("People affected"), figures.count),
    "share_moved_before_impact": KeyNumber(bilingual("Moved out before the hazard came"), figures.share, True),
    "traffic_person_h": KeyNumber(bilingual("Person-hours lost in traffic"), figures.count),
    "trapped": KeyNumber(bilingual("People trapped"), figures.count),
    "deaths": KeyNumber(bilingual("Deaths"), figures.count),
    "share_relieved_10h": KeyNumber(bilingual("Relieved within 10 h"), figures.share, True),
    "relief_p95_h": KeyNumber(bilingual("Time until 95 % are relieved"), figures.hours),
    "late_person_h": KeyNumber(bilingual("Person-hours of waiting beyond 10 h"), figures.count),
    "requests_unmet": KeyNumber(bilingual("Requests never met"), figures.count),
}
"""Metric -> how it is shown, of a hazard that brings none of its own."""
FIRE_NUMBERS: dict[str, KeyNumber] = {
    "burned_ha": KeyNumber(bilingual("Burned area (ha)"), figures.count),
    "fire_found_h": KeyNumber(bilingual("Beginning to report"), figures.hours),
    "fire_on_line_h": KeyNumber(bilingual("Report to first crew on the line"), figures.hours),
    "fire_contained_h": KeyNumber(bilingual("Report to containment"), figures.hours),
    "exposed_to_flames": KeyNumber(bilingual("People still there when flames came"), figures.count),
    "houses_exposed": KeyNumber(bilingual("Houses that flames came to"), figures.count),
    "entrapped": KeyNumber(bilingual("Firefighters entrapped"), figures.count),
    "overrun": KeyNumber(bilingual("Firefighters burned over"), figures.count),
    "affected": KEY_NUMBERS["affected"],
}
extend("wildfire", numbers=FIRE_NUMBERS)


class Number(NamedTuple):
    """One number over the replications."""

    metric: str
    name: Pair
    bad: Pair
    """The value that 95 % of the replications do not fall behind."""
    worst: Pair
    middle: Pair
    low_is_bad: bool
    beside: Pair = ("", "")
    """What is to be read with it."""

    @property
    def note(self) -> Pair:
        """What the bad value means, with the worst and the middle one."""
        if self.bad == figures.NEVER:
            return bilingual("More than 1 of 20 events never get there; median {middle}", middle=self.middle)
        if self.low_is_bad:
            return bilingual(
                "19 of 20 events reach at least this; worst {worst}, median {middle}",
                worst=self.worst, middle=self.middle,
            )  # fmt: skip
        return bilingual(
            "19 of 20 events stay below this; worst {worst}, median {middle}", worst=self.worst, middle=self.middle
        )


def key_numbers(results: Results) -> list[Number]:
    """The numbers that matter for the hazard of a run; those that no replication has are left out."""
    table = results.replications
    chosen = {name: row for kind in hazards(results) for name, row in (kind.numbers or KEY_NUMBERS).items()}
    made = []
    for metric, (name, write, low_is_bad) in chosen.items():
        values = table[metric].dropna().to_numpy(float) if metric in table else np.array([])
        if len(values):
            bad, worst, middle = (occurring(values, 1 - q if low_is_bad else q) for q in (0.95, 1.0, 0.5))
            span = span_of_deaths(table) if metric == "deaths" else ("", "")
            beside = spread_of_deaths(results) if metric == "deaths" else ("", "")
            middle_text = with_span(Words(*write(middle)), Words(*span))
            made.append(Number(metric, name, write(bad), write(worst), middle_text, low_is_bad, beside))
    return made


class FireSummary(NamedTuple):
    """One fire over the replications: middle waits after the report, and how large it grew."""

    name: Pair
    found: Pair
    on_line: Pair
    contained: Pair
    contained_in: Pair
    burned: Pair
    burned_95: Pair


def fires(results: Results) -> list[FireSummary]:
    """One row a fire; none where the hazard is another."""
    names, made = Names(things_of(results.things)), []
    for fire, rows in results.fires.groupby("fire"):
        reported = rows["reported_h"]
        burned = rows["burned_ha"].to_numpy(float)
        on_line, contained = (_wait(rows[moment], reported) for moment in ("on_line_h", "contained_h"))
        middle, large = (_hectares(occurring(burned, q)) for q in (0.5, 0.95))
        held = share(float(np.isfinite(rows["contained_h"]).mean()))
        found = _wait(reported, rows["began_h"])
        made.append(FireSummary(names.of(int(str(fire))), found, on_line, contained, held, middle, large))
    return made


def _hectares(area: float) -> Pair:
    return bilingual("{area} ha", area=figures.count(area))


def _wait(moment: Any, start: Any) -> Pair:
    """The middle wait as it occurs; what never came waits for ever."""
    waits = np.where(np.isfinite(moment), np.maximum(moment - start.where(np.isfinite(start), moment), 0.0), np.inf)
    return figures.hours(occurring(waits, 0.5))


class FigureBesideRecord(NamedTuple):
    """One figure of the real event beside the simulated ones."""

    what: Pair
    recorded: Pair
    simulated: Pair
    range: Pair
    fits: Pair
    """Whether the record lies in the band, or why that does not count."""
    below: Pair
    """Where the record lies: the share of the replications, or of the persons, below it."""
    unit: Pair
    source: str


def recorded(results: Results) -> list[FigureBesideRecord]:
    """The record of the real event, as far as the scenario has one."""
    return [_recorded(one, results) for one in compared(results)]


def _recorded(one: Compared, results: Results) -> FigureBesideRecord:
    row = one.row
    low, high = figures.count(row["p10"]), figures.count(row["p90"])
    return FigureBesideRecord(
        pair(row["what"], row["what_zh"]), figures.exact(row["recorded"]) if row["recorded"] >= 1000 else
        figures.count(row["recorded"]), beside_record(Words(*figures.count(row["median"])), row, results),
        between(low, high) if one.is_known else figures.NOTHING, one.word, _below(row), unit_words(row["unit"]),
        row["source"],
    )  # fmt: skip


def _below(row: dict[Any, Any]) -> Pair:
    """Older results do not say."""
    below = share(row.get("below", float("nan")))
    if below == figures.NOTHING:
        return below
    if row["over"] == "persons":
        return bilingual("{share} of persons", share=below)
    return bilingual("{share} of replications", share=below)
