"""What a run was asked, with which forces, and how to run it again: from the manifest and the table of things."""

from __future__ import annotations

import shlex
from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from simrescue.charts.shared.summaries import occurring
from simrescue.dispatch import POLICIES
from simrescue.experiment.analysis.scenario_title import scenario_title
from simrescue.experiment.analysis.verdict_words import LEVELS_OF_GOVERNMENT
from simrescue.experiment.replications.command_line import command_line, typed_line
from simrescue.hazards.kinds import HazardKind, called, hazard_named, stored
from simrescue.kinds import of_role
from simrescue.report import figures
from simrescue.report.figures import Pair, between, pair, same
from simrescue.scenario.preflight.findings import SEVERITY_WORDS
from simrescue.wording import PARTS, bilingual, bilingual_as, bilingual_counted, listed

if TYPE_CHECKING:
    from simrescue.experiment.store.stored_results import Results

Fact = tuple[Pair, Pair]
"""A label and what it says."""
LEVELS = {**LEVELS_OF_GOVERNMENT, "": bilingual_as("level of government", "not told")}


class Force(NamedTuple):
    """How many of one kind there are."""

    kind: Pair
    number: Pair
    levels: Pair


def title(results: Results) -> Pair:
    """What the scenario is called."""
    return scenario_title(results.manifest["scenario"]["settings"])


def label(results: Results) -> str:
    """Short name of a run: scenario, variant and what was set."""
    scenario = results.manifest["scenario"]
    changed = [f"{path}={value}" for path, value in scenario["applied"].items()] if not scenario["variant"] else []
    return " ".join([":".join(filter(None, (scenario["name"], scenario["variant"]))), *changed])


def hazards(results: Results) -> tuple[HazardKind, ...]:
    """The kinds of the hazards of a run, in the order of the scenario."""
    return tuple(hazard_named(name) for name in stored(results.manifest["scenario"]["settings"]))


def named(results: Results) -> Pair:
    """What the hazards of a run are called."""
    return called(kind.name for kind in hazards(results))


def asked(results: Results) -> list[Fact]:
    """Scenario, hazard, time, plan, replications and seed."""
    manifest = results.manifest
    scenario, settings = manifest["scenario"], manifest["scenario"]["settings"]
    where = settings.get("jurisdiction") or {}
    plans = list(dict.fromkeys(results.verdicts[results.verdicts["kind"] == "obligation"]["plan"]))
    plans = plans or [settings.get("plan") or "-"]
    facts = [
        (bilingual("Scenario"), same(scenario["name"])),
        (bilingual("Variant"), same(scenario["variant"])),
        (bilingual("Changed"), same("; ".join(f"{path} = {value}" for path, value in scenario["applied"].items()))),
        (bilingual("Hazard"), named(results)),
        (bilingual("Period"), span(results)),
        (bilingual("Jurisdiction"), pair(where.get("name") or "", where.get("name_zh") or "")),
        (bilingual("Plan"), listed([results.plan_titles.get(plan, same(plan)) for plan in plans])),
        *_people(results),
        (bilingual("Dispatch"), _policy(settings["command"]["policy"])),
        (bilingual("Replications"), same(str(manifest["finished"]))),
        (bilingual("Random seed"), same(str(manifest["seed"]))),
    ]  # fmt: skip
    return [fact for fact in facts if fact[1][0]]


def _policy(name: str) -> Pair:
    """What a policy is called; its bare name where it is none of this program's any more."""
    return pair(*POLICIES[name].words) if name in POLICIES else same(name)


def span(results: Results) -> Pair:
    """From when to when the scenario runs, in its local time."""
    return between(_at(results, 0), _at(results, results.manifest["scenario"]["settings"]["duration_h"]))


def beginning(results: Results) -> Pair:
    """When the scenario begins, in its local time."""
    return _at(results, 0)


def _at(results: Results, hour: float) -> Pair:
    start = datetime.fromisoformat(results.manifest["scenario"]["settings"]["start"])
    return same(f"{start + timedelta(hours=hour):%Y-%m-%d %H:%M}")


def _people(results: Results) -> list[Fact]:
    table = results.replications
    villages = int((results.things["kind"] == "village").sum())
    residents = figures.exact(table["population"].max())
    facts: list[Fact] = [
        (bilingual("Villages"), bilingual("{count} with {residents} residents", count=villages, residents=residents))
    ]
    institutions = int((results.things["kind"] == "institution").sum())
    if institutions:
        persons = figures.exact(table["institution_persons"].max())
        facts.append(
            (
                bilingual("Care homes, schools, hospitals"),
                bilingual("{count} with {persons} people", count=institutions, persons=persons),
            )
        )
    middle = occurring(table["villages_reached"].dropna().to_numpy(float), 0.5)
    if middle > 0:
        reached = bilingual_counted(
            "{number} village (median replication)", "{number} villages (median replication)", middle
        )
        facts.append((bilingual("Villages reached"), reached))
    return facts


def forces(results: Results) -> list[Force]:
    """Responders and sites by kind, and by level of government where that is told."""
    made, things = [], results.things
    drawn = [kind for kind in of_role("place") if kind.is_drawn and not kind.of_hazard]
    for kind in (*of_role("responder"), *drawn):
        of_kind = things[things["kind"] == kind.name]
        if len(of_kind):
            name = pair(kind.noun.many, kind.noun.zh)
            made.append(Force(name, figures.exact(len(of_kind)), _by_level(of_kind["level"].tolist())))
    return made


def _by_level(levels: Sequence[str]) -> Pair:
    """How many of each level of government; empty where no level is told."""
    if not any(levels):
        return "", ""
    counts = Counter(levels)
    return listed(
        [
            bilingual_as("forces of a level", "{level} {count}", level=name, count=counts[level])
            for level, name in LEVELS.items()
            if counts[level]
        ],
        PARTS,
    )


def stored_doubts(results: Results) -> list[dict[str, Any]]:
    """What the check found doubtful in the scenario of a run; older results have it with the scenario."""
    manifest = results.manifest
    return manifest.get("doubts") or manifest["scenario"].get("doubts") or []


def doubts(results: Results) -> list[Fact]:
    """What the check found contradictory or doubtful in the scenario when it was run, with its grade."""
    found = stored_doubts(results)
    return [(SEVERITY_WORDS[one["severity"]], pair(one["message"], one["message_zh"])) for one in found]


def moment(written: str | None) -> str:
    """A moment as stored ("2024-07-10T06:00:00+00:00"), to the second."""
    return (written or "?")[:19].replace("T", " ")


def reproduce(results: Results) -> list[Fact]:
    """Command, versions and checksums."""
    manifest = results.manifest
    given = manifest.get("command") or {}
    run, platform = manifest.get("run") or {}, manifest.get("platform") or {}
    sums = "\n".join(f"{name} {digest}" for name, digest in manifest["plans"].items())
    return [
        (bilingual("Command as it was given"), same(typed_line(manifest))),
        *([(bilingual("The same with all settings"), same(command_line(manifest)))] if "typed" in given else []),
        (bilingual("Given in the folder"), same(str(given.get("folder", "")))),
        (bilingual("To check it"), same(shlex.join(["simrescue", "reproduce", results.path.as_posix()]))),
        (bilingual("Version"), same(str(manifest["simrescue"]))),
        (bilingual("SHA-256 of the code"), same(str(manifest["code"]))),
        (bilingual("SHA-256 of the scenario"), same(str(manifest["scenario"]["checksum"]))),
        (bilingual("SHA-256 of the plans"), same(sums)),
        (bilingual("Platform"), same(", ".join(f"{name} {value}" for name, value in platform.items()))),
        (bilingual("Run (UTC)"), between(*(same(moment(run.get(end))) for end in ("started", "ended")))),
    ]  # fmt: skip
