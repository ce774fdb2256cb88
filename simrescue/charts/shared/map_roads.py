"""The roads of a map: what closed each, in the colour of the cause, and the same in the legend."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from simrescue.charts.shared.style import PALE
from simrescue.charts.shared.words import say
from simrescue.network.closures import CAUSES, CLOSING

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from matplotlib.axes import Axes
    from matplotlib.lines import Line2D

    from simrescue.events import EventLog
    from simrescue.experiment.store.run_writer import Results
    from simrescue.wording import Language

    Closed = Mapping[str, Collection[int]]

WIDTHS = {"expressway": 2.4, "class1": 2.0, "class2": 1.6, "class3": 1.2, "class4": 0.9, "track": 0.6}
DASHES = (0, (3.0, 1.8))


def closed_in(log: EventLog) -> dict[str, set[int]]:
    """Name of a cause -> indexes of the roads that it closed at any time in a log."""
    closed, names = dict[str, set[int]](), list(CAUSES)
    for kind in (kind for kind, (_, closes) in CLOSING.items() if closes):
        rows = log.where(kind)
        for road, item in zip(log.subject[rows].tolist(), log.item[rows].tolist(), strict=True):
            closed.setdefault(CLOSING[kind][0] or names[item], set()).add(road)
    return closed


def mostly_closed(results: Results) -> dict[str, set[int]]:
    """Name of a cause -> indexes of the roads that it closes in at least half of the replications with an event log."""
    counts: dict[tuple[str, int], int] = {}
    logged = sorted({*results.logged()} & {*results.replications["replication"].tolist()})
    for number in logged:
        for cause, roads in closed_in(results.log(number)).items():
            for road in roads:
                counts[cause, road] = counts.get((cause, road), 0) + 1
    mostly = dict[str, set[int]]()
    for (cause, road), count in counts.items():
        if 2 * count >= len(logged):
            mostly.setdefault(cause, set()).add(road)
    return mostly


def _by_cause(closed: Closed) -> dict[str, set[int]]:
    """Each road once, by the first of its causes in `CAUSES`; causes without a road are left out."""
    first, seen = dict[str, set[int]](), set[int]()
    for cause in CAUSES:
        if roads := set(closed.get(cause, ())) - seen:
            first[cause] = roads
            seen |= roads
    return first


def draw_roads(axes: Axes, results: Results, closed: Closed, wider: float = 0.0) -> None:
    """Draw all roads, those that a cause closed (name -> indexes) over the others; `wider`: points more for each."""
    from matplotlib.collections import LineCollection

    roads, things = results.roads, results.things.set_index("index")
    ends = [things.loc[roads[end], ["lon", "lat"]].to_numpy(float) for end in ("from", "to")]
    lines = np.stack(ends, axis=1)
    widths = roads["kind"].map(WIDTHS).fillna(1.0).to_numpy(float) + wider
    by_cause = _by_cause(closed)
    free = ~roads["index"].isin(set().union(*by_cause.values())).to_numpy()
    axes.add_collection(
        LineCollection(list(lines[free]), linewidths=widths[free], colors=PALE, zorder=2, capstyle="round")
    )
    for cause, numbers in by_cause.items():
        shut = roads["index"].isin(numbers).to_numpy()
        axes.add_collection(
            LineCollection(
                list(lines[shut]), linewidths=widths[shut] + 0.3, colors=CAUSES[cause].colour, linestyles=DASHES,
                zorder=2.1,
            )
        )  # fmt: skip


def road_legend(closed: Closed, key: str, lang: Language) -> list[Line2D]:
    """Lines of the legend: a road, and one that each cause closed; `key`: words of `say` with `{cause}`."""
    from matplotlib.lines import Line2D

    words = {cause: CAUSES[cause].words.zh if lang == "zh" else CAUSES[cause].words.en for cause in _by_cause(closed)}
    return [
        Line2D([], [], color=PALE, lw=2, label=say("road", lang)),
        *(
            Line2D([], [], color=CAUSES[cause].colour, lw=1.8, ls=DASHES, label=say(key, lang, cause=called))
            for cause, called in words.items()
        ),
    ]
