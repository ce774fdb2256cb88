"""Every kind of event says what its columns mean, and logs hold to it."""

from __future__ import annotations

import re
import runpy
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from simrescue import load
from simrescue.events import COLUMNS, ITEMS, UNITS, EventKind, EventLog
from simrescue.explain.stories.sentences import ITEM_WORDS, SPECIAL, TEMPLATES
from simrescue.simulation.run import simulate

TOP = Path(__file__).parents[1]


@cache
def logs() -> tuple[EventLog, ...]:
    return tuple(
        simulate(load(TOP / "scenarios" / name), seed, 0) for name in ("tiny-flood", "tiny-fire") for seed in (1, 2)
    )


@pytest.mark.parametrize("kind", EventKind, ids=lambda kind: kind.name)
def test_every_kind_says_what_happened_and_what_its_columns_mean(kind: EventKind) -> None:
    assert kind.says.endswith(".")
    assert set(re.findall(r"`(\w+)`", kind.says)) <= set(COLUMNS)
    assert kind.item in ITEMS or not kind.item
    assert kind.unit in UNITS
    assert bool(kind.amount) == bool(kind.unit)


@pytest.mark.parametrize("kind", EventKind, ids=lambda kind: kind.name)
def test_logs_leave_empty_what_a_kind_does_not_speak_of(kind: EventKind) -> None:
    for log in logs():
        rows = log.where(kind)
        if not kind.item:
            assert np.isin(log.item[rows], (-1, 0)).all()
        if not kind.amount:
            assert not log.amount[rows].any()
        if "`persons`" not in kind.says and kind.item != "task":
            assert not log.persons[rows].any() or kind in WEIGHED


WEIGHED = (EventKind.FETCHED, EventKind.DELIVERS)
"""Goods, told with the people that they are for."""


def test_a_sentence_names_only_what_its_kind_has() -> None:
    told = [*TEMPLATES.items(), *((kind, template) for (kind, _), template in SPECIAL.items())]
    for kind, template in told:
        for text in (*template.one, *(template.many or ())):
            if "{item" in text:
                assert kind.item in ITEM_WORDS or kind.item == "cause", kind  # a registered cause has its own words
            if "{amount}" in text or "{last}" in text:
                assert kind.unit in ("m", "h", "ha", "km", "t", "person-h", "expected"), kind


def test_the_page_is_up_to_date() -> None:
    written = runpy.run_path(str(TOP / "docs" / "build_events.py"))["page"]()
    assert written == (TOP / "docs" / "events.md").read_text(encoding="utf-8"), "run docs/build_events.py"
