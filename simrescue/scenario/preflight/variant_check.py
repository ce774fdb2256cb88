"""What a scenario's variants bring in that the scenario itself does not have: slips, and changes of nothing."""

from __future__ import annotations

from collections.abc import Iterator

from simrescue.hazards.kinds import hazard_named
from simrescue.scenario.load import load
from simrescue.scenario.preflight.findings import Finding, Severity
from simrescue.scenario.preflight.slips import SLIPS
from simrescue.scenario.preflight.slips.slip import findings
from simrescue.scenario.records import TABLES, Scenario
from simrescue.wording import Words, bilingual


def of_variants(scenario: Scenario) -> Iterator[Finding]:
    """New slips of each variant of a `scenario` as its files say it, and variants that change nothing.

    What is doubtful is a note here: a variant says what would be, and may switch something off by a number like that.

    Raises:
        ScenarioError: where a variant has faults (`unused.faults_elsewhere` finds them all).
    """
    own = {(finding.name, finding.message) for finding in _slips(scenario)}
    for name in scenario.settings.variants:
        varied = load(scenario.folder, name)
        topic = f"variants.{name}"
        if _content(varied) == _content(scenario):
            message = bilingual("variant {name} changes nothing: its values stand in the files already", name=name)
            yield Finding("note", "input", name, *message, {}, f"of_variants {name}")
        for finding in _slips(varied):
            if finding.severity != "note" and (finding.name, finding.message) not in own:
                sentence = Words(finding.message, finding.message_zh)
                message = bilingual("variant {name}: {finding}", name=name, finding=sentence)
                grade: Severity = "fault" if finding.severity == "fault" else "note"
                yield finding._replace(severity=grade, subject=topic, message=message.en, message_zh=message.zh)


def _slips(scenario: Scenario) -> Iterator[Finding]:
    kinds = [hazard_named(name) for name in scenario.settings.hazards]
    for ask in (*SLIPS, *(ask for kind in kinds for ask in kind.slips)):
        yield from findings(scenario, ask)


def _content(scenario: Scenario) -> tuple[object, ...]:
    return scenario.settings, scenario.arrival_h is None, *(scenario.table(name) for name in TABLES)
