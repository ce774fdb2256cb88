"""Why late, as a report shows it: bars of reasons by clause and by place, and the stories of the worst places."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from simrescue.experiment.analysis.distance import read_places
from simrescue.explain import BINS, Names, Promise, chosen, explain_results, start_of, things_of
from simrescue.explain.stories.story import story
from simrescue.metrics.amounts import amount_text, mean_text
from simrescue.metrics.base import MEASURES
from simrescue.report.figures import Pair, count, pair, same, share
from simrescue.report.sections.middle_course import MiddleCourse, middle_course
from simrescue.report.sections.verdicts import worst_first
from simrescue.wording import bilingual, bilingual_as

if TYPE_CHECKING:
    import pandas as pd

    from simrescue.experiment.store.stored_results import Results
    from simrescue.explain import Explained, Sentence

PLACES, STORIES, SENTENCES = 6, 3, 10
"""Worst places shown, how many of them with a story, and sentences of each."""
LEAST_TELLING = (
    "LOUDSPEAKERS", "KNOCKS", "WAITS_FOR_MORE", "PERSUADED", "LODGES", "EXPECTED_DEATHS",
    "LIVES", "WATER_DEEPENS", "WATER_FALLS", "REQUEST_CLOSED", "ANSWERED", "FORECAST", "MET", "WATER_RISES", "NEEDS",
    "LAPSES", "TREATED", "CONTACT_RESTORED", "TURNED_AWAY", "REFUSE", "INJURED", "LEAVE", "ARRIVES", "NO_RESPONDER",
    "CALLED_OUT",
)  # fmt: skip
"""Kinds of sentences that a short story does without, the first first."""
FIRST_PLACES = 3
"""Places that the first page names."""
LEAST_SHARE = 0.005
"""Reasons with less of the late hours go together as the rest."""


class ReasonShare(NamedTuple):
    """One piece of a bar of reasons."""

    name: Pair
    colour: str
    start: float
    """Per cent of the bar."""
    width: float
    share: Pair

    @property
    def told(self) -> Pair:
        """The reason with its share."""
        return bilingual_as("reason and share", "{reason} ({share})", reason=self.name, share=self.share)


class ClauseReasons(NamedTuple):
    """Where the late hours of one clause went, over all places."""

    title: Pair
    kind: str
    sentence: Pair
    person_h: Pair
    parts: tuple[ReasonShare, ...]


class LatePlace(NamedTuple):
    """A place that lost many hours by the clause looked at."""

    thing: int
    """Its index in the table of things."""
    name: Pair
    persons: Pair
    person_h: Pair
    parts: tuple[ReasonShare, ...]
    """In the order of the bins; never empty."""

    @property
    def top(self) -> ReasonShare:
        """The largest reason."""
        return max(self.parts, key=lambda part: part.width)


class PlaceStory(NamedTuple):
    """What happened at a place in one replication."""

    thing: int
    """Index of the place in the table of things."""
    name: Pair
    replication: int
    sentences: tuple[Sentence, ...]
    more: int
    """Sentences left out."""


class RunReasons(NamedTuple):
    """Why people of a run were late."""

    key: str
    """The clause that places are sorted by, `plan/clause`; empty where no clause counts waiting."""
    main: Pair
    """Its title."""
    is_comparison: bool
    """Whether it is no obligation of the plan: nobody was late by any of those."""
    clauses: tuple[ClauseReasons, ...]
    places: tuple[LatePlace, ...]
    stories: tuple[PlaceStory, ...]
    replications: int
    """How many the reasons are means over."""
    legend: tuple[ReasonShare, ...]
    """Every reason that is shown anywhere, in the order of the bins."""
    short: tuple[Pair, ...] = ()
    """Where most is short by the clause, in the replication that its shortfall is of; empty where nothing is, then."""

    @property
    def legend_of_places(self) -> tuple[ReasonShare, ...]:
        """The reasons that bars of places show."""
        shown = {part.name for place in self.places for part in place.parts}
        return tuple(part for part in self.legend if part.name in shown)


def why(results: Results) -> RunReasons | None:
    """The reasons of a stored run; None where it keeps neither reasons nor event logs."""
    if results.reasons is None and not results.logged():
        return None
    rows = results.verdicts.to_dict("records")
    held = {f"{row['plan']}/{row['clause']}": float(row["estimate"]) for row in rows}
    promises = sorted(
        chosen(results, None), key=lambda one: (one.kind != "obligation", *worst_first(one.verdict, held[one.key]))
    )
    if not promises:
        return RunReasons("", ("", ""), False, (), (), (), 0, ())
    found = _explained(results, promises)
    late = {one.key: one for one in promises if one.key in found and len(found[one.key].why)}
    main = next(iter(late.values()), promises[0])
    clauses = tuple(_clause(found[key], one) for key, one in late.items())
    places = _places(found[main.key], main.key, Names(things_of(results.things)))
    shown = [part for one in clauses for part in one.parts] + [part for one in places for part in one.parts]
    named = {part.name: part for part in shown}
    order = [(bin_.name, bin_.name_zh) for bin_ in BINS.values()]
    legend = tuple(named[name] for name in order if name in named)
    course = middle_course(results, main.key)
    replications = len(found[main.key].replications)
    row = next(row for row in rows if f"{row['plan']}/{row['clause']}" == main.key)
    index = {one: at for at, one in enumerate(results.things["id"])}
    lacking = {index[place]: number for place, number in read_places(row.get("where")) if place in index}
    told = [*list(lacking), *(place.thing for place in places if place.thing not in lacking)][:STORIES]
    stories = _stories(results, told, course) if course else ()
    return RunReasons(
        main.key, pair(main.title, main.title_zh), main.kind != "obligation", clauses, places, stories, replications,
        legend, tuple(_short(row, lacking, places, Names(things_of(results.things)))),
    )  # fmt: skip


def _short(
    row: Mapping[Any, Any], lacking: Mapping[int, float], places: Sequence[LatePlace], names: Names
) -> Iterator[Pair]:
    """The places where most of a clause is short, each with how much and, as far as is known, mainly why."""
    reasons = {place.thing: place.top.told for place in places}
    unit = MEASURES[row["metric"]].counts if row["short_unit"] == "h" else row["short_unit"]
    for thing, number in list(lacking.items())[:FIRST_PLACES]:
        amount = amount_text(unit, number)
        told = bilingual("{place}: {amount}", place=names.of(thing), amount=amount)
        if thing in reasons:
            told = bilingual("{told}; mainly {reason}", told=told, reason=reasons[thing])
        yield told


def _explained(results: Results, promises: list[Promise]) -> dict[str, Explained]:
    """Clause -> its reasons: all obligations; where nobody was late by any, the next clause by which somebody was."""
    found: dict[str, Explained] = {}
    for one in promises:
        if one.kind != "obligation" and any(len(explained.why) for explained in found.values()):
            break
        found[one.key] = explain_results(results, one.key)
    return found


def _clause(found: Explained, promise: Promise) -> ClauseReasons:
    rows = found.why[found.why["clause"] == promise.key]
    return ClauseReasons(
        pair(promise.title, promise.title_zh), promise.kind, found.sentences[promise.key],
        count(float(rows["person_h"].sum())), _parts(rows),
    )  # fmt: skip


def _places(found: Explained, clause: str, names: Names) -> tuple[LatePlace, ...]:
    """The places with most late hours, worst first."""
    rows = found.places[found.places["clause"] == clause]
    worst = rows.groupby("place")["person_h"].sum().nlargest(PLACES)
    made = []
    for place, person_h in worst.items():
        of_place, thing = rows[rows["place"] == place], int(str(place))
        persons = same(mean_text(float(of_place["persons"].iloc[0])))
        made.append(LatePlace(thing, names.of(thing), persons, count(float(person_h)), _parts(of_place)))
    return tuple(made)


def _parts(rows: pd.DataFrame) -> tuple[ReasonShare, ...]:
    """A bar of reasons in the order of the bins, as far as each has a visible share."""
    shares = rows.set_index("bin")["share"]
    made, start = [], 0.0
    for bin_ in BINS.values():
        width = float(shares.get(bin_.key, 0.0))
        if width >= LEAST_SHARE:
            made.append(ReasonShare((bin_.name, bin_.name_zh), bin_.colour, start * 100, width * 100, share(width)))
            start += width
    return tuple(made)


# ---- stories


def _stories(results: Results, places: list[int], course: MiddleCourse) -> tuple[PlaceStory, ...]:
    number = course.replication
    log, things, start = results.log(number), things_of(results.things), start_of(results)
    names, made = Names(things), []
    for place in places:
        told = story(log, things, place, start)
        kept = _telling(told)
        made.append(PlaceStory(place, names.of(place), number, kept, len(told) - len(kept)))
    return tuple(made)


def _telling(told: list[Sentence]) -> tuple[Sentence, ...]:
    """As many sentences as a story has room for: the least telling kinds go first, then the last but one."""
    kept = list(told)
    for kind in LEAST_TELLING:
        if len(kept) <= SENTENCES:
            break
        kept = [one for one in kept if one.kind != kind]
    return tuple(kept if len(kept) <= SENTENCES else [*kept[: SENTENCES - 1], kept[-1]])
