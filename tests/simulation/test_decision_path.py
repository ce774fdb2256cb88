"""How far one has to read to follow a decision: files entered and moves between files, counted by a tracer.

A ratchet: whoever makes it longer has to say why. Counted are all calls of functions of the package that are made
directly by another of its files (also the resuming of a process), in one replication of tiny-flood.
"""

from __future__ import annotations

import sys
from pathlib import Path
from statistics import fmean, median
from types import FrameType
from typing import Any

import pytest

import simrescue
from simrescue import load
from simrescue.simulation.run import replicate, simulate
from simrescue.simulation.world import compile_world

PACKAGE = str(Path(simrescue.__file__).parent)
SCENARIO = Path(__file__).parents[2] / "scenarios" / "tiny-flood"
MANY_TO_CARRY = dict.fromkeys(
    ("parameters.upstairs_share", "parameters.to_neighbours_share", "parameters.taken_along_share"), 0
)


class Tracer:
    """What is entered while a replication runs."""

    def __init__(self) -> None:
        self.moves = 0
        self.decisions: list[tuple[set[str], bool]] = []
        """Files entered by each decision, and whether it sent anybody."""
        self._decision: FrameType | None = None

    def __call__(self, frame: FrameType, event: str, _: Any) -> None:
        if event == "return" and frame is self._decision:
            self._decision = None
        file = frame.f_code.co_filename
        if event != "call" or not file.startswith(PACKAGE):
            return
        caller = frame.f_back.f_code.co_filename if frame.f_back else ""
        self.moves += caller.startswith(PACKAGE) and caller != file
        name = frame.f_code.co_name
        if name == "_decide":
            self._decision = frame
            self.decisions.append(({file}, False))
        elif self._decision is not None:
            entered, sends = self.decisions[-1]
            entered.add(file)
            self.decisions[-1] = entered, sends or name == "_assign"


@pytest.fixture(scope="module")
def traced() -> Tracer:
    world = compile_world(load(SCENARIO, sets=MANY_TO_CARRY))
    replicate(world, 1, 0)  # what is remembered from one replication to the next is in place
    tracer = Tracer()
    sys.setprofile(tracer)
    try:
        replicate(world, 1, 0)
    finally:
        sys.setprofile(None)
    return tracer


def test_the_median_decision_enters_few_files(traced: Tracer) -> None:
    assert len(traced.decisions) > 100
    assert median(len(files) for files, _ in traced.decisions) <= 6


def test_the_median_decision_that_sends_somebody_enters_few_files(traced: Tracer) -> None:
    sending = [files for files, sends in traced.decisions if sends]
    assert len(sending) > 40
    # Beside the six of a plain errand: where people are set ashore, or which stock is set aside. Since people go
    # upstairs or to neighbours on higher ground, fewer boats are sent, and most errands are of these.
    assert min(len(files) for files in sending) <= 6
    assert median(len(files) for files in sending) <= 7
    assert fmean(len(files) for files in sending) <= 7.7
    assert sum(len(files) <= 6 for files in sending) >= 0.35 * len(sending)


def test_moves_between_files_do_not_grow(traced: Tracer) -> None:
    """For each row of the log: a model in which more happens moves more, and is not harder to follow for it."""
    rows = len(simulate(compile_world(load(SCENARIO, sets=MANY_TO_CARRY)), 1, 0).time_h)
    # Boats that are shared by need are asked for the hours of their round trips, villages for who can wade, also as the
    # water rises, and for how long they are fed; what crews and stops tell goes through the one door of messages.
    # A point at the water's edge asks which vehicles are to come, a road that water changes whether it closes on foot.
    assert 0 < traced.moves <= 9.95 * rows
