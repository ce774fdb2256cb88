"""What an experiment's factors and values are called where its file does not say it: as the scenario calls them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from simrescue.dispatch import POLICIES
from simrescue.experiment.design.experiment_records import Experiment, Factor, Label
from simrescue.hazards.wildfire.tactics_policies import TACTICS_POLICIES
from simrescue.kinds import KINDS
from simrescue.scenario.records import Scenario
from simrescue.wording import listed


def labelled(experiment: Experiment, scenario: Scenario) -> Experiment:
    """The experiment with a label for all that its file leaves without one and the scenario has a name for.

    A factor is called after the things whose rows it changes, unless another factor without a label changes the same
    ones; a level after the things whose ids it sets; a value that is a word after the policy or the thing of that name.
    """
    things = _things(scenario)
    known = {name.partition(".")[2]: label for name, label in things.items()}
    policies = {name: policy.words for name, policy in POLICIES.items()}
    policies |= {name: policy.words for name, policy in TACTICS_POLICIES.items()}
    known |= {name: Label(label=words.en, label_zh=words.zh) for name, words in policies.items()}
    of_rows = {name: _of_rows(factor, things) for name, factor in experiment.factors.items() if not factor.is_told}
    often = Counter(of_rows.values())
    apart = {name: label for name, label in of_rows.items() if often[label] == 1}
    factors = {
        name: _with_levels(_called(factor, apart.get(name, Label())), known)
        for name, factor in experiment.factors.items()
    }
    words = {value for factor in experiment.factors.values() for value in factor.values if isinstance(value, str)}
    labels = {word: known[word] for word in sorted(words & known.keys())} | experiment.labels
    return experiment.model_copy(update={"factors": factors, "labels": labels})


def _things(scenario: Scenario) -> dict[str, Label]:
    """`table.id` -> label, of each row that has a name."""
    found = {}
    for table in (kind.table for kind in KINDS.values() if kind.table):
        for row in scenario.table(table):
            label = Label(label=getattr(row, "name", ""), label_zh=getattr(row, "name_zh", ""))
            if label.is_told:
                found[f"{table}.{row.id}"] = label
    return found


def _of_rows(factor: Factor, things: Mapping[str, Label]) -> Label:
    paths = factor.all_paths or [path for level in factor.levels.values() for path in level.set]
    return _together(things.get(path.rpartition(".")[0]) for path in paths)


def _with_levels(factor: Factor, known: Mapping[str, Label]) -> Factor:
    levels = {
        name: level if level.is_told else _called(level, _together(known.get(str(id_)) for id_ in level.set.values()))
        for name, level in factor.levels.items()
    }
    return factor.model_copy(update={"levels": levels})


def _together(labels: Iterable[Label | None]) -> Label:
    """Several things, each once; nothing where one of them has no name."""
    each = list(dict.fromkeys(labels))
    named = [(one.label or one.label_zh, one.label_zh or one.label) for one in each if one is not None]
    if not named or len(named) < len(each):
        return Label()
    words = listed(named)
    return Label(label=words.en[:200], label_zh=words.zh[:200])


def _called(record: Any, label: Label) -> Any:
    return record.model_copy(update={"label": label.label, "label_zh": label.label_zh}) if label.is_told else record
