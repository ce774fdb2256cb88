"""What searches found that lie beside a run: JSON of `simrescue mend` and `simrescue size` in its folder."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, NamedTuple

from simrescue.errors import ResultsError
from simrescue.report.figures import Pair, pair, share, yuan
from simrescue.report.words import told

_MAX_BYTES = 20_000_000


class Change(NamedTuple):
    """One change that was run until settled."""

    name: Pair
    cost: Pair
    verdict: str
    estimate: Pair
    interval: Pair


class Found(NamedTuple):
    """What a search found for one clause, or for all that it looked at."""

    sentence: Pair
    changes: tuple[Change, ...]
    turns: bool
    """Whether it found anything that turns the verdict."""


def answers(folder: Path) -> list[Found]:
    """All answers beside a run or a sweep: files `mend*.json` and `size*.json`, by name.

    Raises ResultsError for a file that `--json` of these commands did not write.
    """
    found: list[Found] = []
    for path in sorted([*folder.glob("mend*.json"), *folder.glob("size*.json")]):
        try:
            if path.stat().st_size > _MAX_BYTES:
                raise ValueError("it is too large")
            content = json.loads(path.read_text(encoding="utf-8"))
            found += _mended(content) if path.name.startswith("mend") else [_sized(content)]
        except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as problem:
            what = path.name[:4]
            raise ResultsError(
                f"{path} is no answer of `simrescue {what} --json`: {type(problem).__name__} {problem}"
            ) from problem
    return found


def _mended(content: dict[str, Any]) -> list[Found]:
    made = []
    for row in content["clauses"]:
        name = str(row["clause"]).partition("/")[2]
        changes = tuple(_change(one) for one in row["confirmed"])
        if row["base"]["verdict"] == "met":
            made.append(Found(told("mended met", name), changes, True))
        elif not row["turning"]:
            now = share(_number(row["base"]["estimate"]))
            open_ = len(row.get("undecided", ()))  # older answers do not say
            words = told("mended not", row["menu"], name, now, told("still open", open_) if open_ else ("", ""))
            made.append(Found(words, changes, False))
        else:
            best = next(one for one in row["confirmed"] if one["change"] == row["turning"][0])
            made.append(Found(_turning(name, best, row["base"]), changes, True))
    return made


def _turning(name: str, best: dict[str, Any], base: dict[str, Any]) -> Pair:
    shares = [share(_number(one)) for one in (best["estimate"], best["low"], best["high"], base["estimate"])]
    return told("mended", name, _label(best), yuan(_number(best["cost"])), *shares)


def _change(one: dict[str, Any]) -> Change:
    low, high = share(_number(one["low"])), share(_number(one["high"]))
    between = (f"{low[0]} to {high[0]}", f"{low[1]}至{high[1]}")
    return Change(_label(one), yuan(_number(one["cost"])), one["verdict"], share(_number(one["estimate"])), between)


def _label(one: dict[str, Any]) -> Pair:
    return pair(one.get("label") or str(one["change"]), one.get("label_zh") or "")


def _sized(content: dict[str, Any]) -> Found:
    best, count = content["best"], len(content.get("undecided", ()))
    open_ = told("still open", count) if count else ("", "")
    if best is None:
        return Found(told("sized not", open_), (), False)
    price = told("sized price", yuan(_number(best["cost"]))) if _number(best["cost"]) > 0 else ("", "")
    values = ", ".join(f"{name} {value:g}" if isinstance(value, float) else f"{name} {value}"
                       for name, value in best["values"].items())  # fmt: skip
    return Found(told("sized", price, values, open_), (), True)


def _number(value: Any) -> float:
    """A number of JSON, where null stands for what is infinite or none."""
    return float("nan") if value is None else float(value)
