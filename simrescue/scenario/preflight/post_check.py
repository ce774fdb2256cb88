"""Posts on paper: whether their staff can handle what comes in the busiest hour of the hazard that is foreseen."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from simrescue.communication.messages import MessageKind
from simrescue.communication.posts import StaffedPost, erlang_wait_h, ways_up
from simrescue.scenario.preflight.findings import Finding, duration, shown
from simrescue.scenario.preflight.look import Look
from simrescue.wording import bilingual

REPORTS, CALLS = 2, 1
"""Messages of each village in its hour: how people are and what goods are short; and its order or call-out."""
LONG_H = 0.25
"""A mean wait that is worth telling."""


def posts_under_load(look: Look) -> Iterator[Finding]:
    """Posts whose queue grows in the busiest hour, or in which a message then waits long by Erlang's formula."""
    posts = look.scenario.posts
    own = next((post for post in posts if post.command), None)
    if own is None:
        return
    ways, entry = ways_up(posts), {name: post for post in posts for name in post.serves}
    arrival_h: dict[str, list[float]] = {post.id: [] for post in posts}
    for village in look.hit:
        way = ways[(entry.get(village.id) or entry.get(village.township, own)).id]
        for post in way[: way.index(own) + 1] if own in way else (*way[:1], own):
            arrival_h[post.id].append(float(look.crest.arrival_h[look.ground.index[village.id]]))
    for post in posts:
        villages = _busiest(arrival_h[post.id])
        if villages:
            yield from _at(post, villages)


def _busiest(hours: list[float]) -> int:
    """Most of some moments within one hour."""
    times = np.sort(hours)
    return int((np.searchsorted(times, times + 1.0) - np.arange(len(times))).max(initial=0))


def _at(post: StaffedPost, villages: int) -> Iterator[Finding]:
    per_h = villages * (REPORTS + CALLS)
    work_h = villages * (REPORTS * post.handling_h(MessageKind.REPORT) + CALLS * post.handling_h(MessageKind.CALL_OUT))
    wait_h = erlang_wait_h(per_h, work_h / per_h, post.staff)
    words = {"post": shown(post), "messages": per_h, "staff": post.staff}
    if np.isinf(wait_h):
        message = bilingual(
            "{post} cannot keep up in the busiest hour: {messages} messages for {staff} on duty take {hours} of work",
            hours=duration(work_h), **words,
        )  # fmt: skip
        yield Finding("doubtful", "reach", post.id, *message, {"messages": per_h, "work_h": work_h})
    elif wait_h > LONG_H:
        message = bilingual(
            "in the busiest hour {messages} messages come to {post} with {staff} on duty, and wait {hours} on the mean",
            hours=duration(wait_h), **words,
        )  # fmt: skip
        yield Finding("note", "reach", post.id, *message, {"messages": per_h, "wait_h": wait_h})
