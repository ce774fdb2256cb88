"""What the page tells at a click: the story of each place and responder, and where the hours of a late place went."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from simrescue.explain import BINS, chosen, explain_results, start_of, things_of
from simrescue.explain.stories.story import Stories
from simrescue.kinds import KINDS

if TYPE_CHECKING:
    from simrescue.events import EventLog
    from simrescue.experiment.store.stored_results import Results

LEAST_SHARE = 0.02
"""Bins with less of a place's late hours are left out."""


def stories(results: Results, log: EventLog) -> dict[str, list[list[Any]]]:
    """Thing index -> sentences as [time_h, English, Chinese], of all things to which anything happened."""
    things = things_of(results.things)
    all_ = Stories(log, things, start_of(results))
    told = {}
    shown = {kind.name for kind in KINDS.values() if kind.symbol not in ("", "none")}
    for thing in [i for i, kind in enumerate(things.kinds) if kind in shown]:
        sentences = [
            [round(one.time_h, 3), f"{one.when_en}  {one.text_en}", f"{one.when_zh} {one.text_zh}"]
            for one in all_.of(thing)
        ]
        if sentences:
            told[str(thing)] = sentences
    return told


def reasons(results: Results, replication: int) -> dict[str, Any]:
    """Where the late hours of each place went in one replication, by the clauses of the scenario's own plan.

    `bins`: [English, Chinese, colour]; `clauses`: [title, title_zh]; `places`: thing index -> rows of
    [clause, person-hours, [[bin, share], ...]].
    """
    promises = chosen(results, None)
    table = explain_results(results, None, (replication,)).places if promises else None
    number = {key: i for i, key in enumerate(BINS)}
    places: dict[str, list[list[Any]]] = defaultdict(list)
    for i, one in enumerate(promises):
        if table is None or one.kind != "obligation":
            continue
        for place, rows in table[table["clause"] == one.key].groupby("place"):
            hours = float(rows["person_h"].sum())
            kept = rows[rows["share"] >= LEAST_SHARE].sort_values("share", ascending=False)
            parts = [
                [number[key], round(float(share), 3)] for key, share in zip(kept["bin"], kept["share"], strict=True)
            ]
            if hours > 0 and parts:
                places[str(place)].append([i, round(hours, 1), parts])
    return {
        "bins": [[bin_.name, bin_.name_zh, bin_.colour] for bin_ in BINS.values()],
        "clauses": [[one.title, one.title_zh or one.title] for one in promises],
        "places": dict(places),
    }
