"""What each kind of page shows: one run, several runs side by side, an experiment. Everything in both languages."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from simrescue.experiment.analysis.flood_variation import spread_sentences
from simrescue.experiment.replications.command_line import mending_line
from simrescue.experiment.studies.causes.kept import outdated_told, tested_causes
from simrescue.experiment.studies.causes.told import causes_told, how_tested, what_ifs_told
from simrescue.experiment.studies.comparison_with_record import BAND, compared, score, score_sentence
from simrescue.experiment.studies.input_doubt import doubt_sentence
from simrescue.explain import Names, facts_of, things_of
from simrescue.explain.three_cuts import three_cuts_told
from simrescue.explain.word_delay import word_delay_told
from simrescue.metrics.wildfire.off_map import off_map
from simrescue.report.figures import NOTHING, Pair, same, share
from simrescue.report.sections import assumptions, inputs, verdicts
from simrescue.report.sections.action_list import ActionList, action_list
from simrescue.report.sections.answers import SearchAnswer, answers
from simrescue.report.sections.middle_course import MiddleCourse, middle_course
from simrescue.report.sections.numbers import FigureBesideRecord, FireSummary, Number, fires, key_numbers, recorded
from simrescue.report.sections.reasons import RunReasons, why
from simrescue.report.sections.reviewers_sheet import SheetSection, reviewers_sheet
from simrescue.units import write_share
from simrescue.wording import bilingual, bilingual_as, bilingual_counted, listed

if TYPE_CHECKING:
    from simrescue.experiment.store.stored_results import Results

FIRST_SENTENCES = 2
"""Sentences of an answer of a search on page one."""


class RunPage(NamedTuple):
    """The report of one run."""

    title: Pair
    label: str
    hazard: Pair
    span: Pair
    finished: int
    """Replications."""
    overall: str
    answer: Pair
    clauses: Sequence[verdicts.Judged]
    duties: Sequence[verdicts.Judged]
    why: RunReasons | None
    answers: Sequence[SearchAnswer]
    first_answers: Sequence[Pair]
    """What searches found for the clause that decides, in as many sentences as page one has room for."""
    mend_command: str
    sure: Sequence[Pair]
    tiles: Sequence[Number]
    numbers: Sequence[Number]
    fires: Sequence[FireSummary]
    off_map: Sequence[Pair]
    """What is said of fires that ran off the landscape."""
    recorded: Sequence[FigureBesideRecord]
    band: str
    """Share of what is simulated that lies in the band beside a figure on record."""
    asked: Sequence[inputs.Fact]
    forces: Sequence[inputs.Force]
    assumed: Sequence[assumptions.Assumed]
    made_things: tuple[int, int]
    limits: Sequence[Pair]
    reproduce: Sequence[inputs.Fact]
    attribution: str
    version: str
    causes: Sequence[Pair]
    """What tests of causes found for the clause that page one speaks of; empty where nobody tested."""
    cause_command: str
    what_ifs: Sequence[Pair]
    """What would become of that clause if things were worse, where causes were tested."""
    knew: Pair
    """How late posts knew of needs in the middle course, and which villages were cut off; empty where neither is so."""
    sure_rows: Sequence[tuple[Pair, Pair]]
    """How sure the deciding clause is: as assumed, and with unknowns drawn."""
    course: MiddleCourse | None
    """The replication that stands for all, where event logs are kept."""
    actions: ActionList | None
    """What is done in that replication."""
    sheet: Sequence[SheetSection]
    doubts: Sequence[inputs.Fact]
    """What speaks against the scenario itself."""


def run_page(results: Results) -> RunPage:
    """Everything that the report of a run tells. Raises ResultsError where the run has no verdicts or tables."""
    clauses, numbers = verdicts.judged(results), key_numbers(results)
    assumed = assumptions.numbers_of(results)
    tiled = dict.fromkeys(name for kind in inputs.hazards(results) for name in kind.key_numbers)
    reasons, duties = why(results), verdicts.duties(clauses)
    key = (reasons and reasons.key) or (duties[0].key if duties else "")
    course, found = middle_course(results, key), answers(results.path)
    by_name = {number.metric: number for number in numbers}
    return RunPage(
        title=inputs.title(results),
        label=inputs.label(results),
        hazard=inputs.named(results),
        span=inputs.span(results),
        finished=int(results.manifest["finished"]),
        overall=verdicts.overall(clauses),
        answer=verdicts.answer(clauses),
        clauses=clauses,
        duties=duties,
        why=reasons,
        answers=found,
        first_answers=_first_answers(found, duties),
        mend_command=_mend_command(results),
        sure=_sure(results, assumed),
        tiles=[by_name[name] for name in tiled if name in by_name],
        numbers=numbers,
        fires=fires(results),
        off_map=[*off_map(results.fires, results.manifest["finished"])],
        recorded=recorded(results),
        band=write_share(BAND),
        asked=inputs.asked(results),
        forces=inputs.forces(results),
        assumed=assumed,
        made_things=assumptions.made_things(results),
        limits=assumptions.limits(results),
        reproduce=inputs.reproduce(results),
        attribution=str(results.manifest["scenario"]["settings"].get("attribution") or ""),
        version=str(results.manifest["simrescue"]),
        causes=_causes(results, key),
        what_ifs=_what_ifs(results, key),
        knew=_knew(results, course),
        cause_command=f"simrescue explain {shlex.quote(results.path.as_posix())}",
        sure_rows=_sure_rows(duties[0]) if duties else [],
        course=course,
        actions=action_list(results, course.replication) if course else None,
        sheet=reviewers_sheet(results, assumed),
        doubts=inputs.doubts(results),
    )


def _causes(results: Results, clause: str) -> list[Pair]:
    """The strongest tested causes of one clause as sentences, with how they were tested."""
    rows = tested_causes(results, clause)
    if not rows:
        outdated = outdated_told(results, clause)
        return [outdated] if outdated.en else []
    return [*causes_told(rows, _metric(results, clause)), how_tested(rows)]


def _what_ifs(results: Results, clause: str) -> list[Pair]:
    rows = tested_causes(results, clause)
    return list(what_ifs_told(rows, _metric(results, clause))) if rows else []


def _metric(results: Results, clause: str) -> str:
    """The measure of a clause, `plan/clause`, of a run."""
    return next(str(row["metric"]) for row in results.verdicts.to_dict("records")
                if f"{row['plan']}/{row['clause']}" == clause)  # fmt: skip


def _knew(results: Results, course: MiddleCourse | None) -> Pair:
    if course is None:
        return "", ""
    log = results.log(course.replication)
    facts = facts_of(results, log)
    told = word_delay_told(log, facts, Names(things_of(results.things))), three_cuts_told(log, facts)
    return " ".join(one.en for one in told if one.en), "".join(one.zh for one in told)


def _sure_rows(duty: verdicts.Judged) -> list[tuple[Pair, Pair]]:
    """The chance that the deciding clause holds: as assumed, and with every unverified number drawn."""
    drawn = duty.drawn if duty.drawn[0] else bilingual("not drawn yet; the same command with --unsure draws them")
    return [(bilingual("As assumed"), duty.chance), (bilingual("Unknowns drawn"), drawn)]


def _first_answers(found: Sequence[SearchAnswer], duties: Sequence[verdicts.Judged]) -> list[Pair]:
    """What was found for the worst obligation that was looked at, and for all together: the beginning of each."""
    looked_at = {one.clause for one in found}
    deciding = next((duty.key for duty in duties if duty.key in looked_at), "")
    return [sentence for one in found if one.clause in ("", deciding) for sentence in one.told[:FIRST_SENTENCES]]


def _mend_command(results: Results) -> str:
    return f"{mending_line(results.manifest)} --json > {shlex.quote((results.path / 'mend.json').as_posix())}"


def _sure(results: Results, assumed: Sequence[assumptions.Assumed]) -> list[Pair]:
    """How sure the answer is, in sentences."""
    manifest = results.manifest
    unsure = sum(not row.verified for row in assumed)
    told: list[Pair] = [
        bilingual(
            "{count} replications of the event (seed {seed}); the verdicts have {confidence} intervals.",
            count=manifest["finished"], seed=manifest["seed"], confidence=_confidence(results),
        ),
        bilingual(
            "{unsure} of {count} default numbers behind it are assumptions or have no checked source (see below).",
            unsure=unsure, count=len(assumed),
        ),
    ]  # fmt: skip
    if open_doubts := sum(one["severity"] in ("fault", "doubtful") for one in inputs.stored_doubts(results)):
        told.append(
            bilingual_counted(
                "The check finds {number} contradiction or doubt in the files of the scenario (see below).",
                "The check finds {number} contradictions and doubts in the files of the scenario (see below).",
                open_doubts,
            )
        )
    if not manifest["complete"]:
        cut_short = bilingual(
            "The run was cut short: {finished} of {count} replications.",
            finished=manifest["finished"], count=manifest["replications"],
        )  # fmt: skip
        told.insert(1, cut_short)
    if record := compared(results):
        told.append(score_sentence(score(record)))
    told.append(doubt_sentence(row.doubt for row in assumed))
    if spread := spread_sentences(results):
        told.append(spread)
    return told


def _confidence(results: Results) -> Pair:
    """The confidence of the intervals; all of them where clauses ask for different ones."""
    found: Sequence[float] = (
        results.verdicts["confidence"].dropna().unique().tolist() if "confidence" in results.verdicts else []
    )
    return listed([share(one) for one in sorted(found)]) if found else NOTHING


# ---- several runs


class ComparedRow(NamedTuple):
    """One line of a table that sets runs side by side."""

    kind: str
    title: Pair
    cells: Sequence[tuple[str, Pair]]
    """For each run a verdict (empty: none) and what is written."""


class BatchPage(NamedTuple):
    """Several runs side by side."""

    title: Pair
    runs: Sequence[RunPage]
    labels: Sequence[str]
    clauses: Sequence[ComparedRow]
    numbers: Sequence[ComparedRow]
    differences: Sequence[Pair]
    version: str


def batch_page(found: Sequence[Results]) -> BatchPage:
    """Everything that a report on several runs tells, the first of them the base."""
    runs = [run_page(results) for results in found]
    labels = _labels([run.label for run in runs], [results.path.name for results in found])
    return BatchPage(
        bilingual("{count} runs side by side", count=len(runs)), runs, labels, _clause_rows(runs), _number_rows(runs),
        _differences(found, labels), runs[0].version,
    )  # fmt: skip


def _labels(labels: list[str], folders: list[str]) -> list[str]:
    """Names of runs that tell them apart."""
    if len(set(labels)) == len(labels):
        return labels
    return [f"{label} ({folder})" for label, folder in zip(labels, folders, strict=True)]


def _clause_rows(runs: Sequence[RunPage]) -> list[ComparedRow]:
    by_run = [{one.key: one for one in run.clauses if one.verdict != "not measured"} for run in runs]
    keys = dict.fromkeys(key for of_run in by_run for key in of_run)
    rows = []
    for key in keys:
        first = next(of_run[key] for of_run in by_run if key in of_run)
        cells = [(of_run[key].verdict, of_run[key].estimate) if key in of_run else ("", same("-")) for of_run in by_run]
        kinds = {of_run[key].kind for of_run in by_run if key in of_run}
        rows.append(ComparedRow("obligation" if "obligation" in kinds else "comparison", first.title, cells))
    return sorted(rows, key=lambda row: row.kind != "obligation")


def _number_rows(runs: Sequence[RunPage]) -> list[ComparedRow]:
    by_run = [{number.metric: number for number in run.numbers} for run in runs]
    keys = dict.fromkeys(key for of_run in by_run for key in of_run)
    rows = []
    for key in keys:
        name = next(of_run[key].name for of_run in by_run if key in of_run)
        cells = []
        for of_run in by_run:
            number = of_run.get(key)
            bad, middle = (number.bad, number.middle) if number else (same("-"), same("-"))
            cells.append(("", bilingual_as("bad case and middle", "{bad} ({middle})", bad=bad, middle=middle)))
        rows.append(ComparedRow("number", name, cells))
    return rows


def _differences(found: Sequence[Results], labels: Sequence[str]) -> list[Pair]:
    """What changes against the first run, event by event; none for runs that share no event."""
    from simrescue.charts.experiment.answer_words import metric_words
    from simrescue.errors import ResultsError
    from simrescue.experiment.studies.arms import arm_of_results
    from simrescue.experiment.studies.comparison import compare, sentence, spans_of_deaths, subject, warnings

    arms = [arm_of_results(results, label) for results, label in zip(found, labels, strict=True)]
    try:
        rows = compare(arms)
    except ResultsError as problem:
        return [same(str(problem))]
    titles = [subject(row, arms[0].titles.get(row.what) or metric_words(row.what)) for row in rows]
    sentences = [sentence(row, name) for row, name in zip(rows, titles, strict=True)]
    return [*warnings(arms), *sentences, *spans_of_deaths(arms, rows)]
