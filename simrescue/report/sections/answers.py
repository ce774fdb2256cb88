"""What searches found that lie beside a run: JSON of `simrescue mend` and `simrescue size` in its folder."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, NamedTuple

from simrescue.errors import ResultsError
from simrescue.report.figures import Pair, between, pair, sentences, share, yuan
from simrescue.wording import bilingual, bilingual_counted

_MAX_BYTES = 20_000_000


class TriedChange(NamedTuple):
    """One change that was run until settled."""

    name: Pair
    cost: Pair
    verdict: str
    estimate: Pair
    interval: Pair


class SearchAnswer(NamedTuple):
    """What a search found for one clause, or for all that it looked at."""

    clause: str
    """`plan/clause`; empty: all that it looked at."""
    told: tuple[Pair, ...]
    """What it found in sentences, the answer first."""
    changes: tuple[TriedChange, ...]
    turns: bool
    """Whether it found anything that turns the verdict."""

    @property
    def sentence(self) -> Pair:
        """All that it found."""
        return sentences(*self.told)


def answers(folder: Path) -> list[SearchAnswer]:
    """All answers beside a run or a sweep: files `mend*.json` and `size*.json`, by name.

    Raises ResultsError for a file that `--json` of these commands did not write.
    """
    found: list[SearchAnswer] = []
    for path in sorted([*folder.glob("mend*.json"), *folder.glob("size*.json")]):
        try:
            if path.stat().st_size > _MAX_BYTES:
                raise ValueError("it is too large")
            content = json.loads(path.read_text(encoding="utf-8"))
            found += _mended(content) if path.name.startswith("mend") else [_sized(content)]
        except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as problem:
            what = path.name[:4]
            raise ResultsError(
                bilingual(
                    "{path} is no answer of `simrescue {what} --json`: {kind} {problem}",
                    path=path,
                    what=what,
                    kind=type(problem).__name__,
                    problem=problem,
                )
            ) from problem
    return found


def _mended(content: dict[str, Any]) -> list[SearchAnswer]:
    made = []
    for row in content["clauses"]:
        key = str(row["clause"])
        name = key.partition("/")[2]
        changes = tuple(_change(one) for one in row["confirmed"])
        if "sentences" in row:
            turns = bool(row["turning"]) or row["base"]["verdict"] == "met"
            told = tuple(zip(row["sentences"], row["sentences_zh"], strict=True))
            made.append(SearchAnswer(key, told, changes, turns))
            continue
        if row["base"]["verdict"] == "met":
            made.append(SearchAnswer(key, (bilingual("{clause} is met as it is.", clause=name),), changes, True))
        elif not row["turning"]:
            none = bilingual_counted(
                "The one single change was not shown to turn {clause}; it holds in {share} now.",
                "None of {number} single changes was shown to turn {clause}; it holds in {share} now.",
                row["menu"], clause=name, share=share(_number(row["base"]["estimate"])),
            )  # fmt: skip
            made.append(SearchAnswer(key, (none, _undecided(row)), changes, False))
        else:
            best = next(one for one in row["confirmed"] if one["change"] == row["turning"][0])
            made.append(SearchAnswer(key, (_turning(name, best, row["base"]),), changes, True))
    return made


def _turning(name: str, best: dict[str, Any], base: dict[str, Any]) -> Pair:
    held, low, high, now = (
        share(_number(one)) for one in (best["estimate"], best["low"], best["high"], base["estimate"])
    )
    return bilingual(
        "Cheapest single change that turns {clause}: {change}, for {cost}; it then holds in {share} ({between}), "
        "against {now} now.",
        clause=name, change=_label(best), cost=yuan(_number(best["cost"])), share=held, between=between(low, high),
        now=now,
    )  # fmt: skip


def _change(one: dict[str, Any]) -> TriedChange:
    interval = between(share(_number(one["low"])), share(_number(one["high"])))
    return TriedChange(
        _label(one), yuan(_number(one["cost"])), one["verdict"], share(_number(one["estimate"])), interval
    )


def _label(one: dict[str, Any]) -> Pair:
    return pair(one.get("label") or str(one["change"]), one.get("label_zh") or "")


def _sized(content: dict[str, Any]) -> SearchAnswer:
    best, undecided = content["best"], _undecided(content)
    if "sentences" in content:
        told = tuple(zip(content["sentences"], content["sentences_zh"], strict=True))
        return SearchAnswer("", told, (), best is not None)
    if best is None:
        none = bilingual("No combination of levers that was tried was shown to be enough.")
        return SearchAnswer("", (none, undecided), (), False)
    values = ", ".join(f"{name} {value:g}" if isinstance(value, float) else f"{name} {value}"
                       for name, value in best["values"].items())  # fmt: skip
    cost = _number(best["cost"])
    enough = (
        bilingual("Enough for {cost}: {values}.", cost=yuan(cost), values=values)
        if cost > 0
        else bilingual("Enough: {values}.", values=values)
    )
    return SearchAnswer("", (enough, undecided), (), True)


def _undecided(content: dict[str, Any]) -> Pair:
    """How many were tried and are undecided; empty where none is, or where an older answer does not say."""
    if count := len(content.get("undecided", ())):
        return bilingual("Undecided: {count}, which more replications may settle.", count=count)
    return "", ""


def _number(value: Any) -> float:
    """A number of JSON, where null stands for what is infinite or none."""
    return float("nan") if value is None else float(value)
