"""Queues of posts: how many messages were handled, and how long they stood before anybody took them up."""

from __future__ import annotations

import numpy as np

from simrescue.events import EventKind, EventLog
from simrescue.metrics.facts import Facts
from simrescue.metrics.reading import rows_of


def numbers(log: EventLog, facts: Facts) -> dict[str, float]:
    """`post_messages`, `post_queue_h` (the sum over all) and `post_queue_p95_h` (0 where none came).

    A message counts once at each post that takes it up. Nothing in a scenario without posts.
    """
    if not facts.of_kinds(("post",)).any():
        return {}
    waited_h = log.amount[rows_of(log, EventKind.POST_TAKES)]
    p95_h = float(np.quantile(waited_h, 0.95)) if len(waited_h) else 0.0
    return {"post_messages": float(len(waited_h)), "post_queue_h": float(waited_h.sum()), "post_queue_p95_h": p95_h}
