"""Villages: how many lie where by the record, spread evenly over the area that the record gives them."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from plain import PLAIN
from plane import Points, Table, inside, spread
from scipy.optimize import linear_sum_assignment

KINDS = ("xiaoqinghe", "langouwa", "riverside", "town-low", "town", "rest")
TOGETHER = 4
"""Villages or communities outside the flood that are joined into one place."""
LOW_STREETS = 1000
"""Persons in the low streets of one flooded community (assumed)."""
GRID_KM = 0.25


class Totals(NamedTuple):
    """People of the county."""

    county: int
    urban_share: float
    basin: dict[str, int]
    """People to move, by basin."""


def villages(towns: Table, recorded: Table, areas: dict[str, Points], totals: Totals) -> Table:
    """All rows of villages.csv but ground and zone."""
    rows: Table = []
    for kind in KINDS:
        rows += _of_kind(kind, towns, [row for row in recorded if row["kind"] == kind], areas)
    _people(rows, towns, totals)
    return rows


def counts(towns: Table, kind: str) -> list[int]:
    """Places of a kind in each town."""
    flooded = [sum(int(town[k]) for k in ("xiaoqinghe", "langouwa", "riverside")) for town in towns]
    if kind == "rest":
        return [-(-(int(town["villages"]) - n) // TOGETHER) for town, n in zip(towns, flooded, strict=True)]
    if kind == "town":
        return [-(-(int(town["communities"]) - int(town["town-low"])) // TOGETHER) for town in towns]
    return [int(town[kind]) for town in towns]


def _of_kind(kind: str, towns: Table, recorded: Table, areas: dict[str, Points]) -> Table:
    wanted = counts(towns, kind)
    pinned = PLAIN.to_km(recorded)
    spots = spread(_region(kind, areas), sum(wanted) - len(recorded), pinned)
    names = [town["id"] for town in towns]
    left = np.array(wanted) - [sum(row["township"] == name for row in recorded) for name in names]
    owner = np.repeat(np.arange(len(towns)), left)
    cost = ((spots[:, None] - PLAIN.to_km(towns)[owner]) ** 2).sum(-1)
    town_of = owner[linear_sum_assignment(cost)[1]]
    rows = [_recorded(row, next(t for t in towns if t["id"] == row["township"])) for row in recorded]
    for number, town in enumerate(towns):
        mine = spots[town_of == number]
        order = np.lexsort((mine[:, 0].round(3), -mine[:, 1].round(3)))
        rows += [_built(kind, town, n + 1, spot) for n, spot in enumerate(mine[order])]
    return rows


def _region(kind: str, areas: dict[str, Points]) -> Points:
    """Grid points of the area of a kind; the rest is the county without all others."""
    low, high = areas["county"].min(axis=0), areas["county"].max(axis=0)
    xs, ys = (np.arange(a, b, GRID_KM) for a, b in zip(low, high, strict=True))
    grid = np.stack(np.meshgrid(xs, ys), axis=-1).reshape(-1, 2)
    if kind != "rest":
        return np.asarray(grid[inside(grid, areas[kind])])
    others = np.any([inside(grid, outline) for name, outline in areas.items() if name != "county"], axis=0)
    return np.asarray(grid[inside(grid, areas["county"]) & ~others])


def _recorded(row: dict[str, str], town: dict[str, str]) -> dict[str, str]:
    ordered = row["kind"] in ("xiaoqinghe", "langouwa")
    keep = {key: row[key] for key in ("id", "name", "name_zh", "lon", "lat", "population", "call_out", "kind")}
    return {**keep, "order": row["order"] or town["order"], "township": town["name_zh"], "ordered": _yes(ordered)}


def _yes(true: bool) -> str:
    return "true" if true else "false"


_NAMES = {
    "town-low": ("low", "low streets", "低洼社区{}(假定)"),
    "town": ("town", "communities", "社区{}(合并,假定)"),
    "rest": ("rest", "other villages", "其余村{}(合并,假定)"),
    "langouwa": ("langouwa", "village L", "兰沟洼{}村(假定)"),
    "riverside": ("river", "river village", "沿河{}村(假定)"),
    "xiaoqinghe": ("village", "village", "{}村(假定)"),
}
_CALL_OUT = {"riverside": "2023-07-31T08:00+08:00", "town-low": "2023-07-31T13:30+08:00"}


def _built(kind: str, town: dict[str, str], number: int, spot: Points) -> dict[str, str]:
    short, name, name_zh = _NAMES[kind]
    lon, lat = PLAIN.to_degrees(spot)
    ordered = kind in ("xiaoqinghe", "langouwa")
    return {
        "id": f"{town['id']}-{short}-{number:02d}",
        "name": f"{town['name']} {name} {number:02d}",
        "name_zh": town["name_zh"] + name_zh.format(f"{number:02d}"),
        "lon": str(lon),
        "lat": str(lat),
        "population": "",
        "township": town["name_zh"],
        "ordered": _yes(ordered),
        "order": town["order"] if ordered else "",
        "call_out": _CALL_OUT.get(kind, ""),
        "kind": kind,
    }


def _people(rows: Table, towns: Table, totals: Totals) -> None:
    """Fill in the populations: basins to their recorded totals, everything else by the mean of the county."""
    for basin, people in totals.basin.items():
        _share_out(
            [row for row in rows if row["kind"] == basin and not row["population"]], people - _known(rows, basin)
        )
    rural = round(totals.county * (1 - totals.urban_share)) - sum(totals.basin.values())
    outside = sum(int(t["villages"]) - int(t["xiaoqinghe"]) - int(t["langouwa"]) for t in towns)
    for row in (row for row in rows if row["kind"] == "riverside"):
        row["population"] = str(round(rural / outside))
    for row in (row for row in rows if row["kind"] == "town-low"):
        row["population"] = str(LOW_STREETS)
    _joined([row for row in rows if row["kind"] == "rest"], rural - _known(rows, "riverside"))
    _joined(
        [row for row in rows if row["kind"] == "town"], totals.county - sum(int(r["population"] or 0) for r in rows)
    )


def _known(rows: Table, kind: str) -> int:
    return sum(int(row["population"] or 0) for row in rows if row["kind"] == kind)


def _share_out(rows: Table, people: int) -> None:
    """Sizes of villages as the quantiles of a log-normal law (sigma 0.4, assumed), large and small mixed."""
    from statistics import NormalDist

    count = len(rows)
    sizes = np.exp([0.4 * NormalDist().inv_cdf((n + 0.5) / count) for n in range(count)])
    mixed = sizes[[n * 23 % count for n in range(count)]] if count % 23 else sizes
    _set(rows, mixed / mixed.sum() * people, people)


def _joined(rows: Table, people: int) -> None:
    _set(rows, np.full(len(rows), people / len(rows)), people)


def _set(rows: Table, shares: Points, people: int) -> None:
    """Whole numbers that add up."""
    upto = np.round(np.cumsum(shares)).astype(int)
    upto[-1] = people
    for row, number in zip(rows, np.diff(upto, prepend=0), strict=True):
        row["population"] = str(number)
