"""What a run was asked, with which forces, and how to run it again: from the manifest and the table of things."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from simrescue.charts.shared.summaries import occurring
from simrescue.dispatch import POLICIES
from simrescue.experiment.replications.command_line import command_line
from simrescue.hazards.kinds import HazardKind, hazard_named, stored
from simrescue.hazards.kinds import told as called
from simrescue.kinds import of_role
from simrescue.report import figures
from simrescue.report.figures import Pair, pair, same
from simrescue.report.words import told

if TYPE_CHECKING:
    from simrescue.experiment.store.stored_results import Results

Fact = tuple[Pair, Pair]
"""A label and what it says."""
LEVELS = ("village", "township", "county", "city", "province", "national", "")


class Force(NamedTuple):
    """How many of one kind there are."""

    kind: Pair
    number: Pair
    levels: Pair


def title(results: Results) -> Pair:
    """What the scenario is called."""
    scenario = results.manifest["scenario"]
    settings = scenario["settings"]
    return pair(settings.get("title") or settings["name"], settings.get("title_zh") or "")


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
    facts = [
        (told("scenario"), same(scenario["name"])),
        (told("variant"), same(scenario["variant"])),
        (told("changed"), same("; ".join(f"{path} = {value}" for path, value in scenario["applied"].items()))),
        (told("hazard"), named(results)),
        (told("from to"), span(results)),
        (told("jurisdiction"), pair(where.get("name") or "", where.get("name_zh") or "")),
        (told("plan"), same(", ".join(plans or [settings.get("plan") or "-"]))),
        *_people(results),
        (told("policy"), _policy(settings["command"]["policy"])),
        (told("replications"), same(str(manifest["finished"]))),
        (told("seed"), same(str(manifest["seed"]))),
    ]  # fmt: skip
    return [fact for fact in facts if fact[1][0]]


def _policy(name: str) -> Pair:
    """What a policy is called; its bare name where it is none of this program's any more."""
    return pair(*POLICIES[name].words) if name in POLICIES else same(name)


def span(results: Results) -> Pair:
    """From when to when the scenario runs, in its local time."""
    settings = results.manifest["scenario"]["settings"]
    start = datetime.fromisoformat(settings["start"])
    first, last = (f"{at:%Y-%m-%d %H:%M}" for at in (start, start + timedelta(hours=settings["duration_h"])))
    return f"{first} to {last}", f"{first}至{last}"


def _people(results: Results) -> list[Fact]:
    table = results.replications
    villages = int((results.things["kind"] == "village").sum())
    facts = [(told("villages"), told("villages of", villages, figures.exact(table["population"].max())))]
    middle = occurring(table["villages_reached"].dropna().to_numpy(float), 0.5)
    if middle > 0:
        facts.append((told("reached"), told("reached of", figures.exact(middle))))
    return facts


def forces(results: Results) -> list[Force]:
    """Responders and sites by kind, and by level of government where that is told."""
    made, things = [], results.things
    drawn = [kind for kind in of_role("place") if kind.is_drawn and not kind.of_hazard]
    for kind in (*of_role("responder"), *drawn):
        mine = things[things["kind"] == kind.name]
        if len(mine):
            counts = mine["level"].value_counts().to_dict()
            levels = [(told(f"level {level}"), counts[level]) for level in LEVELS if counts.get(level)]
            if [name for name, _ in levels] == [told("level ")]:
                levels = []
            english = ", ".join(f"{name[0]} {number}" for name, number in levels)
            chinese = "，".join(f"{name[1]}{number}" for name, number in levels)
            made.append(Force(pair(kind.noun.many, kind.noun.zh), figures.exact(len(mine)), (english, chinese)))
    return made


def reproduce(results: Results) -> list[Fact]:
    """Command, versions and checksums."""
    manifest = results.manifest
    run, platform = manifest.get("run") or {}, manifest.get("platform") or {}
    sums = "\n".join(f"{name} {digest}" for name, digest in manifest["plans"].items())
    return [
        (told("command"), same(command_line(manifest))),
        (told("given in"), same(str((manifest.get("command") or {}).get("folder", "")))),
        (told("version"), same(str(manifest["simrescue"]))),
        (told("code"), same(str(manifest["code"]))),
        (told("checksum"), same(str(manifest["scenario"]["checksum"]))),
        (told("plan sums"), same(sums)),
        (told("platform"), same(", ".join(f"{name} {value}" for name, value in platform.items()))),
        (told("run at"), (f"{run.get('started', '?')} to {run.get('ended', '?')}",
                          f"{run.get('started', '?')}至{run.get('ended', '?')}")),
    ]  # fmt: skip
