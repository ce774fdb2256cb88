"""What the page of the plan file says of measures, settings and clocks is what they have."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import pytest

from simrescue.errors import PlanError
from simrescue.metrics import MEASURES
from simrescue.scenario.files.faults import keys
from simrescue.scenario.plans.plans_file import load_plan

PAGE = (Path(__file__).parents[2] / "docs/plan-format.md").read_text(encoding="utf-8")
NO_CLOCK = {"share_moved_in_time"}
"""Counts from the order by `clock: order`, which the row of the order to leave tells."""


def rows(heading: str) -> Iterator[list[str]]:
    """The cells of the first table under a heading."""
    for line in PAGE.split(f"## {heading}\n", 1)[1].split("\n## ")[0].splitlines():
        if line.startswith("| ") and "---" not in line:
            yield [cell.strip() for cell in line.strip("|").split("|")]


def named(cell: str) -> list[str]:
    return re.findall(r"`(\w+)`", cell)


def test_settings_of_each_sentence_are_those_of_its_measure() -> None:
    looked_at = 0
    for _, measures, settings, _ in rows("What a sentence needs"):
        own = [name for name in named(measures) if name in MEASURES]
        if len(own) != 1 or "kinds: [" in measures:
            continue
        has, told = set(keys(MEASURES[own[0]].settings)), set(named(settings))
        assert has <= told, own
        choices = {word for name in has for word in words(MEASURES[own[0]].settings.model_fields.get(name))}
        assert told - has <= choices, own
        looked_at += 1
    assert looked_at > 10


def words(field: Any) -> set[str]:
    """The words among which a field chooses."""
    annotation = getattr(field, "annotation", field)
    if isinstance(annotation, str):
        return {annotation}
    return {word for part in get_args(annotation) for word in words(part)}


def test_each_clock_names_all_measures_that_have_it() -> None:
    clocks = set[str]()
    for _, setting, measures in rows("Clocks"):
        if found := re.match(r"`clock: (\w+)`", setting):
            clock = found.group(1)
            clocks.add(clock)
            have = {
                name for name, measure in MEASURES.items() if clock in words(measure.settings.model_fields.get("clock"))
            }
            of_fires = {name for name in have if "fire" in name}
            told = {name for name in named(measures) if name in MEASURES}
            assert told - of_fires == have - of_fires - (NO_CLOCK if clock == "order" else set()), clock
            assert bool(of_fires) == ("fires" in measures), clock
    assert clocks == {"report", "need", "village_impact", "scenario_onset", "order", "level"}


@pytest.mark.parametrize(("change", "is_refused"), [
    ({}, False), ({"threshold: 90 %": "threshold: 90"}, True), ({"threshold: 90 %": "threshold: 0 %"}, True),
    ({"share_responded": "order_to_out_h", "      limit: 2 h\n": "", "clock: level": "out: 100 %",
      "      level: II\n": ""}, True),
    ({"threshold: 90 %": "comparison: at_most\n    threshold: 90 %"}, False),
])  # fmt: skip
def test_the_clause_of_the_page_is_read_and_what_it_says_is_refused_is(
    tmp_path: Path, change: dict[str, str], is_refused: bool
) -> None:
    clause = PAGE.split("```yaml\n", 1)[1].split("```", 1)[0]
    for old, new in change.items():
        clause = clause.replace(old, new)
    head = (
        "name: mine\ntitle: M\ntitle_zh: 预案\njurisdiction: J\njurisdiction_zh: 某县\n"
        "documents:\n  flood-plan: {title: D, title_zh: 文件, publisher_zh: 县政府, date: '2025'}\nclauses:\n"
    )
    (tmp_path / "mine.yaml").write_text(head + clause, encoding="utf-8")
    if is_refused:
        with pytest.raises(PlanError, match="threshold"):
            load_plan(str(tmp_path / "mine.yaml"))
    else:
        assert [one.id for one in load_plan(str(tmp_path / "mine.yaml")).clauses] == ["K3"]
