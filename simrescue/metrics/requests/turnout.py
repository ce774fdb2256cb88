"""From command's order to a crew that stands at its base until it leaves: whether it turned out in time."""

from __future__ import annotations

from typing import Annotated

import numpy as np
from numpy.typing import NDArray
from pydantic import AfterValidator

from simrescue import units
from simrescue.events import EventKind, EventLog
from simrescue.metrics.base import Cases, Measure, Within
from simrescue.metrics.facts import Facts
from simrescue.metrics.reading import NEVER, rows_of, share_within
from simrescue.metrics.requests.response import known_kinds, responders_among
from simrescue.responders import TASKS, LevelOfGovernment, Task
from simrescue.wording import bilingual


class TurnedOut(Within):
    """Settings of the share of orders upon which a crew left its base in time."""

    tasks: tuple[Task, ...] = ()
    """Tasks counted; empty: all."""
    kinds: Annotated[units.NameList, AfterValidator(known_kinds)] = ()
    """Kinds of responders (boats, trucks, ...) or of teams (fire, militia, ...) counted; empty: all."""
    levels: tuple[LevelOfGovernment, ...] = ()
    """Levels of government whose responders count; empty: all."""


def turnout_cases(log: EventLog, facts: Facts, settings: TurnedOut) -> Cases:
    """Orders to crews at their bases, by the place they are sent to, and hours from the order until the crew left.

    Who never left waits for ever; an order to a crew that is out already is none of these, nor one that was taken back
    before the crew had left.

    Args:
        log: of one replication.
        facts: its fixed side.
        settings: the tasks and crews that count.
    """
    sent, left = rows_of(log, EventKind.ASSIGNED), rows_of(log, EventKind.TURNS_OUT)
    order = _order_of(log, left, sent)
    left, order = left[order >= 0], order[order >= 0]
    never = _unanswered(log, sent)
    rows = np.concatenate((order, never))
    took = np.concatenate((log.time_h[left] - log.time_h[order], np.full(len(never), NEVER)))
    counts = responders_among(facts, settings.kinds, settings.levels)[log.subject[rows]]
    if settings.tasks:
        counts &= np.isin(log.item[rows], [TASKS.index(task) for task in settings.tasks])
    return Cases(log.place[rows][counts].astype(np.int64), np.ones(int(counts.sum())), took[counts])


def _order_of(log: EventLog, left: NDArray[np.intp], sent: NDArray[np.intp]) -> NDArray[np.intp]:
    """The row of the order that each turnout answers: the last to the same crew for the same request; -1 for none."""
    # Row by row, since an order may be given again before the crew leaves, and the last one counts.
    latest: dict[tuple[int, int], int] = {}
    answers = np.full(len(left), -1, dtype=np.intp)
    position = {row: number for number, row in enumerate(left.tolist())}
    for row in np.union1d(left, sent).tolist():
        crew = int(log.subject[row]), int(log.request[row])
        if row in position:
            answers[position[row]] = latest.get(crew, -1)
        else:
            latest[crew] = row
    return answers


def _unanswered(log: EventLog, sent: NDArray[np.intp]) -> NDArray[np.intp]:
    """Rows of the last orders to crews that stood at their bases then, and neither left nor were called off."""
    left, moved = rows_of(log, EventKind.TURNS_OUT), rows_of(log, EventKind.SETS_OFF)
    base = dict(zip(log.subject[left].tolist(), log.place[left].tolist(), strict=True))
    last_moved = dict(zip(log.subject[moved].tolist(), moved.tolist(), strict=True))
    last_left = dict(zip(log.subject[left].tolist(), left.tolist(), strict=True))
    off = rows_of(log, EventKind.CALLED_OFF)
    called_off = set(zip(log.subject[off].tolist(), log.request[off].tolist(), strict=True))
    never = []
    for crew, row in dict(zip(log.subject[sent].tolist(), sent.tolist(), strict=True)).items():
        went = last_moved.get(crew, -1)
        # Who never turned out has no base in the log, and stands there.
        is_home = crew not in base or (went >= 0 and log.place[went] == base[crew])
        if is_home and row > max(went, last_left.get(crew, -1)) and (crew, int(log.request[row])) not in called_off:
            never.append(row)
    return np.array(never, dtype=np.intp)


def _turned_out(log: EventLog, facts: Facts, settings: TurnedOut) -> float:
    return share_within(turnout_cases(log, facts, settings), settings.limit_h)


MEASURES = (
    Measure(
        "share_turned_out", bilingual("orders upon which the crew left its base in time"),
        "share", TurnedOut, _turned_out, counts="crews", of_cases=turnout_cases,
    ),
)  # fmt: skip
