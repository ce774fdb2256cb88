"""Every message is an event: sent, then received or lost; lost, it is sent anew, walks, waits or is given up."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from simrescue.communication.channels import CHANNEL_NUMBER
from simrescue.communication.messages import ANSWERED_KINDS, MessageKind
from simrescue.events import EventKind as Kind
from simrescue.events import EventLog
from simrescue.scenario.load import load
from simrescue.scenario.new import create
from simrescue.simulation.run import simulate

STILL_NEWS = {MessageKind.SIGHTING, MessageKind.ROADSIDE, MessageKind.CALL_OUT, MessageKind.ORDER, MessageKind.REQUEST}
"""What is not given up: it is true still when contact is back."""
COUNTIES: dict[str, dict[str, Any]] = {
    "as it is": {},
    "one slow hand in each post": {"posts.*.staff": 1, "posts.*.report": "30 min", "posts.*.request": "1 h"},
    "a post that keeps office hours": {"posts.bridge-duty.from": "8 h", "posts.bridge-duty.to": "17 h"},
    "empty batteries": {"stations.*.backup": "1 h", "parameters.public_battery_h": "4 h"},
    "runners": {"stations.*.backup": "1 h", "channels.on-foot": {"kind": "runner"}},
    "loudspeakers alone": {
        "channels.public": None, "channels.radio-370": None, "channels.horn": {"kind": "loudspeaker"},
    },
    "officers away": {"villages.*.officers": 2, "parameters.officer_away_share": 1.0, "warning.feedback": "30 min"},
    "a desk in the water": {"posts.bridge-duty.place": "stone-bridge"},
}  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return create(tmp_path_factory.mktemp("county") / "county", response=True)


@pytest.mark.parametrize("name", list(COUNTIES))
@pytest.mark.parametrize("replication", [0, 1])
def test_no_message_vanishes(folder: Path, name: str, replication: int) -> None:
    county = load(folder, sets=COUNTIES[name])
    log = simulate(county, 1, replication)
    sent, received, unheard = (log.where(kind) for kind in (Kind.SENT, Kind.RECEIVED, Kind.UNHEARD))
    assert len(unheard) + len(received) > 0

    outcomes = np.concatenate([received, unheard])
    of_sent = log.cause[outcomes][np.isin(log.cause[outcomes], sent)]
    told, times = np.unique(of_sent, return_counts=True)
    assert (times == 1).all(), "sent once, heard or lost once"
    under_way = np.setdiff1d(sent, told)
    latest_h = county.settings.duration_h - 12 * county.settings.command.report_h
    assert (log.time_h[under_way] > latest_h).all(), "under way at the end"

    for row in received:
        by = log.kind[log.cause[row]]
        on_foot = log.item[row] == CHANNEL_NUMBER["runner"]
        assert by == (Kind.RUNNER_LEAVES if on_foot else Kind.SENT)
    answered = log.where(Kind.ACKNOWLEDGED)
    assert np.isin(log.amount[answered], ANSWERED_KINDS).all()

    taken, passed = log.where(Kind.POST_TAKES), log.where(Kind.POST_PASSES)
    assert len(np.unique(log.cause[passed])) == len(passed)
    assert np.isin(log.cause[passed], taken).all()

    for row in unheard:
        if not (MessageKind(int(log.amount[row])) in STILL_NEWS and _is_heard_again(log, int(row))):
            continue
        again = np.concatenate([sent, received, unheard])
        again = again[(again > row) & (log.amount[again] == log.amount[row])]
        ends = {int(log.subject[row]), int(log.place[row])}
        assert any({int(log.subject[i]), int(log.place[i])} == ends for i in again), f"row {row} is forgotten"


def _is_heard_again(log: EventLog, row: int) -> bool:
    """Whether the end that could not be reached was silent in the log, and is heard again after a row."""
    ends = {int(log.subject[row]), int(log.place[row])}
    back = log.where(Kind.CONTACT_RESTORED)
    return any(int(log.subject[i]) in ends and i > row for i in back)
