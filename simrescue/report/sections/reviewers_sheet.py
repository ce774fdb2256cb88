"""What a reviewer of a simulation study asks for, answered from the stored run.

The items are those of STRESS-DES (Monks, Currie, Onggo, Robinson, Kunc and Taylor 2019, Strengthening the reporting of
empirical simulation studies: introducing the STRESS guidelines, Journal of Simulation 13(1), 55-67), in our own words.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from simrescue.dispatch import POLICIES
from simrescue.explain.stories.sentences import STATE_WORDS
from simrescue.metrics import MEASURES
from simrescue.metrics.people.whereabouts import PERSON_STATES
from simrescue.report import figures
from simrescue.report.figures import NOTHING, Pair, pair, same, sentences
from simrescue.report.sections import assumptions, inputs
from simrescue.responders import TASK_WORDS, TASKS
from simrescue.wording import PARTS, bilingual, bilingual_as, bilingual_counted, listed

if TYPE_CHECKING:
    from simrescue.experiment.store.stored_results import Results
    from simrescue.report.sections.assumptions import Assumed


class SheetItem(NamedTuple):
    """One item: its number in the checklist, what it asks for, and what is so in this run."""

    number: str
    question: Pair
    answer: Pair


class SheetSection(NamedTuple):
    """Items that belong together."""

    title: Pair
    items: tuple[SheetItem, ...]


def reviewers_sheet(results: Results, assumed: Sequence[Assumed]) -> list[SheetSection]:
    """The checklist filled in for a run.

    Args:
        results: stored, with verdicts.
        assumed: the default numbers behind it.
    """
    return [
        SheetSection(bilingual("Objectives"), tuple(_objectives(results))),
        SheetSection(bilingual("Logic"), tuple(_logic(results))),
        SheetSection(bilingual("Data"), tuple(_data(results, assumed))),
        SheetSection(bilingual("Experimentation"), tuple(_experimentation(results))),
        SheetSection(bilingual("Implementation"), tuple(_implementation(results))),
        SheetSection(bilingual("Code access"), (_code(results),)),
    ]


def _objectives(results: Results) -> list[SheetItem]:
    verdicts = results.verdicts
    duties = verdicts[verdicts["kind"] == "obligation"]
    called = results.plan_titles
    plans = listed([called.get(plan, same(plan)) for plan in dict.fromkeys(duties["plan"])] or [same("-")])
    confidences = sorted(verdicts["confidence"].dropna().unique()) if "confidence" in verdicts else []
    measures = [_measure(name) for name in sorted({str(one) for one in verdicts["metric"].dropna()} - {""})]
    return [
        SheetItem("1.1", bilingual("Purpose"), bilingual(
            "Whether plan {plan} holds in: {title} ({hazard}).",
            plan=plans, title=inputs.title(results), hazard=inputs.named(results))),
        SheetItem("1.2", bilingual("Outputs and their errors"), sentences(
            bilingual(
                "{count} clauses, {duties} of them obligations; measures: {measures}.",
                count=len(verdicts), duties=len(duties), measures=listed(measures, PARTS) if measures else NOTHING),
            bilingual(
                "For each clause the share of replications in which it holds, with intervals of {confidence}.",
                confidence=listed([figures.share(one) for one in confidences]) if confidences else NOTHING))),
        SheetItem("1.3", bilingual("Aims of the experiment"), _changes(results)),
    ]  # fmt: skip


def _measure(name: str) -> Pair:
    """A measure as it is called; one that a script registered and that is not here, by its name."""
    return MEASURES[name].words if name in MEASURES else same(name)


def _changes(results: Results) -> Pair:
    """What was set against the scenario as it is written, and whether unverified numbers were drawn."""
    scenario = results.manifest["scenario"]
    changed = "; ".join(f"{path} = {value}" for path, value in scenario["applied"].items())
    base = (
        bilingual("The scenario with changes: {changes}.", changes=changed)
        if changed
        else bilingual("The scenario as it is written, without changes.")
    )
    drawn = bilingual("Once more with every unverified number drawn.") if len(results.drawn_verdicts) else ("", "")
    return sentences(base, drawn)


def _logic(results: Results) -> list[SheetItem]:
    settings = results.manifest["scenario"]["settings"]
    policy = settings["command"]["policy"]
    words = pair(*POLICIES[policy].words) if policy in POLICIES else same(policy)
    forces = [
        bilingual_as("forces counted", "{kind}: {number}", kind=row.kind, number=row.number)
        for row in inputs.forces(results)
    ]
    kinds = results.things["kind"].value_counts()
    return [
        SheetItem("2.1", bilingual("Diagram of the model"), bilingual(
            "In the documentation (docs/design.md), not in this report.")),
        SheetItem("2.2", bilingual("Logic of the model"), bilingual(
            "Hazard: {hazard}, on people, roads and forces. Command knows what is reported, and sends forces by its "
            "policy: {policy}.",
            hazard=inputs.named(results), policy=words)),
        SheetItem("2.3", bilingual("Logic of the scenarios"), _changes(results)),
        SheetItem("2.4", bilingual("Algorithms"), bilingual(
            "Dispatch: {policy}; shortest ways on the open roads that are known; each step of the hazard by its "
            "published model (docs/).", policy=words)),
        SheetItem("2.5.1", bilingual("Entities"), bilingual(
            "{people} residents of {villages} villages, in parties; {requests} requests (median replication).",
            people=figures.exact(results.replications["population"].max()), villages=int(kinds.get("village", 0)),
            requests=_middle(results, "requests"))),
        SheetItem("2.5.2", bilingual("Activities"), bilingual(
            "Tasks that were asked for, mean of the replications: {tasks}.", tasks=_tasks(results))),
        SheetItem("2.5.3", bilingual("Resources"), listed(forces, PARTS) if forces else NOTHING),
        SheetItem("2.5.4", bilingual("Queues"), bilingual(
            "Requests wait for command, which ranks them by its policy: {policy}; {unmet} were never met (median "
            "replication). Lorries wait at docks, people for seats and beds, first come, first served.",
            policy=words, unmet=_middle(results, "requests_unmet"))),
        SheetItem("2.5.5", bilingual("Where entities enter and leave"), bilingual(
            "All residents are at home at the start; at the end (mean): {states}.", states=_at_the_end(results))),
    ]  # fmt: skip


def _middle(results: Results, column: str) -> Pair:
    table = results.replications
    if column not in table or table[column].dropna().empty:
        return NOTHING
    return figures.exact(float(np.quantile(table[column].dropna().to_numpy(float), 0.5, method="inverted_cdf")))


def _tasks(results: Results) -> Pair:
    counted = results.responses["task"].value_counts()
    replications = max(len(results.replications), 1)
    return listed([
        bilingual_as("forces counted", "{kind}: {number}", kind=words, number=figures.count(n / replications))
        for task, words in zip(TASKS, TASK_WORDS, strict=True) if (n := int(counted.get(task, 0)))
    ], PARTS)  # fmt: skip


def _at_the_end(results: Results) -> Pair:
    curves = results.curves
    last = curves[curves["hour"] == curves["hour"].max()]
    means = [(words, float(last[state].mean())) for state, words in zip(PERSON_STATES, STATE_WORDS, strict=True)
             if state in last]  # fmt: skip
    return listed(
        [
            bilingual_as("forces counted", "{kind}: {number}", kind=words, number=figures.count(mean))
            for words, mean in means
            if mean >= 0.5
        ],
        PARTS,
    )


def _data(results: Results, assumed: Sequence[Assumed]) -> list[SheetItem]:
    settings = results.manifest["scenario"]["settings"]
    made, count = assumptions.made_things(results)
    set_here = [row.name for row in assumed if row.instead_of]
    unsure = sum(not row.verified for row in assumed)
    return [
        SheetItem("3.1", bilingual("Sources of data"), same(str(settings.get("attribution") or "-"))),
        SheetItem("3.2", bilingual("Preparation of data"), bilingual(
            "{made} of {count} places and forces are marked as made, not recorded.", made=made, count=count)),
        SheetItem("3.3", bilingual("Input parameters"), sentences(
            bilingual("{count} default numbers of this kind of event, all listed below with their ranges.",
                      count=len(assumed)),
            bilingual("Set by the scenario: {names}.", names=", ".join(set_here)) if set_here else ("", ""))),
        SheetItem("3.4", bilingual("Assumptions"), bilingual(
            "{unsure} of these numbers are assumptions or have no checked source; what is not modelled is listed "
            "below.", unsure=unsure)),
    ]  # fmt: skip


def _experimentation(results: Results) -> list[SheetItem]:
    manifest = results.manifest
    settings = manifest["scenario"]["settings"]
    tested = results.verdicts["replications"].max()
    return [
        SheetItem("4.1", bilingual("Initial state"), bilingual(
            "It begins at {start}, everybody at home and all forces at their bases; no warm-up, since the event has a "
            "beginning.", start=inputs.beginning(results))),
        SheetItem("4.2", bilingual("Length of a replication"), bilingual(
            "{hours} h, then the clock stops; what is open then counts as never.",
            hours=f"{settings['duration_h']:g}")),
        SheetItem("4.3", bilingual("Estimation"), sentences(
            bilingual_counted("{number} replication with seed {seed}.", "{number} replications with seed {seed}.",
                              manifest["finished"], seed=manifest["seed"]),
            bilingual("No clause was put to the test in more than {count} of them.", count=f"{tested:.0f}")
            if np.isfinite(tested) else ("", ""),
            ("", "") if manifest["complete"] else bilingual("The run was cut short."))),
    ]  # fmt: skip


def _implementation(results: Results) -> list[SheetItem]:
    manifest = results.manifest
    platform, run = manifest.get("platform") or {}, manifest.get("run") or {}
    return [
        SheetItem("5.1", bilingual("Software"), bilingual(
            "simrescue {version} (discrete events by SimPy), Python {python}, NumPy {numpy}.",
            version=manifest["simrescue"], python=platform.get("python", "?"), numpy=platform.get("numpy", "?"))),
        SheetItem("5.2", bilingual("Random sampling"), bilingual(
            "One stream of random numbers for each cause and thing, keyed by seed {seed}, replication and name, so "
            "that variants meet the same event.", seed=manifest["seed"])),
        SheetItem("5.3", bilingual("Execution"), bilingual(
            "By events; at one moment first the hazard, then ends of activities, then command. Replications know "
            "nothing of one another.")),
        SheetItem("5.4", bilingual("Computer and time"), bilingual(
            "{system} {machine}; {started} to {ended} (UTC).",
            system=platform.get("system", "?"), machine=platform.get("machine", "?"),
            started=inputs.moment(run.get("started")), ended=inputs.moment(run.get("ended")))),
    ]  # fmt: skip


def _code(results: Results) -> SheetItem:
    manifest = results.manifest
    return SheetItem("6.1", bilingual("Sharing of the model"), bilingual(
        "Open source (MIT); code SHA-256 {code}, scenario SHA-256 {scenario}. `simrescue reproduce` runs it again and "
        "compares every table.", code=manifest["code"], scenario=manifest["scenario"]["checksum"]))  # fmt: skip
