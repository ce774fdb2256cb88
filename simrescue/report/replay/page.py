"""Puts the replay page together: the data packed, the libraries, script, style and font inside one file.

What comes from scenario files goes into the packed data only, and from there to the screen as text, never as markup. A
content security policy lets the page run its own three scripts, by their checksums, and load nothing.
"""

from __future__ import annotations

import json
import re
import zlib
from base64 import b64encode
from hashlib import sha256
from html import escape
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Literal, get_args

import numpy as np
from numpy.typing import NDArray

from simrescue.charts.wildfire.fire_look import CELL_COLOURS, WIDTH_SHARES, WIDTHS_M
from simrescue.events import EventKind as Kind
from simrescue.experiment.analysis.death_curves import span_of_deaths
from simrescue.experiment.analysis.scenario_title import scenario_title
from simrescue.experiment.analysis.township_names import township_names
from simrescue.experiment.store.whole_files import make_folder, write_whole
from simrescue.explain import Names, facts_of, start_of, things_of
from simrescue.hazards.base import Flames, WaterDepth
from simrescue.hazards.kinds import HAZARDS, brings, called, stored
from simrescue.hazards.wildfire.landscape.shaded_relief import STEPS, unpacked
from simrescue.kinds import KINDS
from simrescue.metrics.people.deaths import expected_deaths
from simrescue.metrics.reading import rows_of
from simrescue.metrics.wildfire.line_cells import DANGERS, danger_marks, line_cells
from simrescue.places import RoadClass
from simrescue.report.fonts import face
from simrescue.report.replay.curves import curves
from simrescue.report.replay.moments import moments
from simrescue.report.replay.page_words import WORDS
from simrescue.report.replay.states import OPEN, VIEWS, VILLAGE_STATES, WHAT, StateSteps, road_looks, steps
from simrescue.report.replay.stories import reasons, stories
from simrescue.report.replay.tracks import places_of, tracks
from simrescue.responders import TASK_WORDS
from simrescue.wording import bilingual, bilingual_as

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

    from simrescue.events import EventLog
    from simrescue.experiment.store.stored_results import Results
    from simrescue.metrics.facts import Facts

Language = Literal["both", "en", "zh"]
SCRIPTS = (
    "vendor/leaflet.js",
    "vendor/uPlot.iife.min.js",
    ("data.js", "world.js", "layers.js", "panel.js", "player.js"),
)
STYLES = ("vendor/leaflet.css", "vendor/uPlot.min.css", "replay.css")
LATIN = 0x2000
"""Characters up to here are in the fonts of any machine."""
MOST_STORIES_BYTES = 24_000_000
"""Stories beyond so much text are left out, those of responders that did least first."""


def write(results: Results, replication: int, path: Path, lang: Language = "both") -> Path:
    """Write the page of one replication to a file; answers its path. Raises ResultsError where the log is missing."""
    make_folder(path.parent)
    write_whole(path, page(results, replication, lang))
    return path


def page(results: Results, replication: int, lang: Language = "both", first: str = "") -> bytes:
    """The whole page of one replication as UTF-8.

    `lang`: its language; `both` has a switch, and begins with `first` (en, zh; empty: the browser's, else Chinese).
    """
    log = results.log(replication)
    names = Names(things_of(results.things))
    told = stories(results, log)
    data, tables = _data(results, log, names, replication, (lang, first))
    details = {"stories": _within(told), "reasons": reasons(results, replication)}
    settings = results.manifest["scenario"]["settings"]
    title = scenario_title(settings)[lang == "zh"]
    glyphs = {character for text in _texts([data, details]) for character in text}
    return _html(title, "zh-CN" if lang == "zh" else "en", _packed(data, tables), _packed(details, {}), glyphs)


def _within(told: dict[str, list[list[Any]]]) -> dict[str, list[list[Any]]]:
    """The stories that there is room for, longest first."""
    room, kept = MOST_STORIES_BYTES, {}
    for thing, sentences in sorted(told.items(), key=lambda item: -len(item[1])):
        room -= sum(len(one[1]) + 3 * len(one[2]) for one in sentences)
        if room < 0:
            break
        kept[thing] = sentences
    return kept


# ---- data

CUT_LOOKS = [
    [*bilingual_as("replay", "no road"), "#7a4a1e"],
    [*bilingual_as("replay", "no power"), "#d4a400"],
    [*bilingual_as("replay", "no public network"), "#7b3fa0"],
]
"""English, Chinese and colour of each of `metrics.people.silence.CUTS`."""


def _words(log: EventLog, facts: Facts) -> dict[str, tuple[str, str]]:
    """Words of the page: for deaths what the published curves come to in the end, and none of water without it."""
    drawn = float(log.persons[rows_of(log, Kind.DIED)].sum())
    span = span_of_deaths({name: [died] for name, died in (*expected_deaths(log, facts).items(), ("deaths", drawn))})
    words: dict[str, tuple[str, str]] = {**WORDS, **{f"task_{i}": task for i, task in enumerate(TASK_WORDS)}}
    if not len(rows_of(log, Kind.WATER_ARRIVES)):
        words["waiting"] = bilingual("cut off, waiting")
    return words | {"dead": bilingual("deaths (in the end {span})", span=span)} if span.en else words


def _data(
    results: Results, log: EventLog, names: Names, replication: int, languages: tuple[Language, str]
) -> tuple[dict[str, Any], dict[str, NDArray[Any]]]:
    """What the page knows: small things as JSON, long columns as arrays."""
    things, roads, scenario = results.things, results.roads, results.manifest["scenario"]
    settings, facts = scenario["settings"], facts_of(results, log)
    hazards = stored(settings)
    legs = tracks(log, things, roads, scenario)
    changed = steps(log, facts, settings["command"]["silence_h"])
    by_time = curves(log, facts)
    start = start_of(results)
    marks = moments(log, names, by_time["hour"], by_time["trapped"])
    tables: dict[str, NDArray[Any]] = {
        "lon": things["lon"].to_numpy(np.float64), "lat": things["lat"].to_numpy(np.float64),
        "persons": _residents(log, len(things)),
        "road_index": roads["index"].to_numpy(np.uint32), "road_from": roads["from"].to_numpy(np.uint32),
        "road_to": roads["to"].to_numpy(np.uint32), "road_class": _classes(roads["kind"].tolist()),
        "leg_who": legs.who.astype(np.uint32), "leg_from": legs.from_h.astype(np.float32),
        "leg_to": legs.to_h.astype(np.float32), "leg_way": legs.way.astype(np.uint32),
        "way_first": legs.first.astype(np.uint32), "way_point": legs.point.astype(np.uint32),
        "way_part": np.round(legs.part * 65535).astype(np.uint16), "extra": legs.extra.ravel(),
        "step_h": changed.time_h.astype(np.float32), "step_what": changed.what.astype(np.uint8),
        "step_thing": changed.thing.astype(np.uint32), "step_value": changed.value.astype(np.float32),
        **_standing(log), **_cells(log), **_line(log), **_relief(scenario),
        **_danger(log, things, scenario.get("landscape")),
        **{f"curve_{name}": values.astype(np.float32) for name, values in by_time.items()},
    }  # fmt: skip
    burn_out_h = (section["burn_out_h"] for section in hazards.values() if "burn_out_h" in section)
    data = {
        "lang": languages[0], "first": languages[1], "words": _words(log, facts), "what": WHAT,
        "states": (*VILLAGE_STATES, "silent"),
        "views": ["true", *(view for view in VIEWS if _values(changed, f"state_{view}"))], "things": _kinds(),
        "title": scenario_title(settings),
        "attribution": settings.get("attribution", ""),
        "replication": replication, "duration_h": facts.duration_h, "seed": results.manifest["seed"],
        "start": [start.year, start.month, start.day, start.hour, start.minute],
        "fire": brings(Flames, facts.hazards), "others": not all(brings(Flames, [name]) for name in facts.hazards),
        "water": brings(WaterDepth, facts.hazards),
        "landscape": scenario.get("landscape"), "version": results.manifest["simrescue"],
        "hazard": list(called(hazards)), "burn_out_h": next(burn_out_h, 0.5),
        "colours": {name: hazard.colour for name, hazard in HAZARDS.items()},
        "roads": road_looks(), "road_states": sorted({OPEN, *_values(changed, "road")}), "cells": CELL_COLOURS,
        "names": names.english, "names_zh": names.chinese, "kinds": _kinds_shown(things, log),
        "light_steps": STEPS, "light_every": scenario.get("relief", {}).get("every", 1), "width_shares": WIDTH_SHARES,
        "dangers": MARKS, "cuts": CUT_LOOKS if _values(changed, "cuts") else [],
        "places": places_of(things),
        "counties": things["county"].tolist() if things["county"][things["county"] != ""].nunique() > 1 else [],
        "townships": things["township"].tolist(), "called": township_names(sorted(set(things["township"])), things),
        "moments": [list(mark) for mark in marks],
    }  # fmt: skip
    return data, tables


def _values(changed: StateSteps, what: str) -> set[int]:
    """The states that something comes to."""
    return {int(value) for value in changed.value[changed.what == WHAT.index(what)]}


def _kinds() -> dict[str, dict[str, Any]]:
    """Of each kind of thing its words, English and Chinese, its look and what it holds."""
    return {
        kind.name: {
            "role": kind.role, "one": [kind.noun.one, kind.noun.zh], "many": [kind.noun.many, kind.noun.zh],
            "look": [kind.colour, kind.symbol], "drawn": kind.is_drawn, "capacity": kind.capacity,
            "of_hazard": kind.of_hazard,
        }
        for kind in KINDS.values()
    }  # fmt: skip


def _kinds_shown(things: pd.DataFrame, log: EventLog) -> list[str]:
    """Kind of each thing; a place at which no fire began is nothing to look at, as a junction."""
    lit, out = (
        set(zip(log.subject[rows].tolist(), log.time_h[rows].tolist(), strict=True))
        for rows in (log.where(Kind.IGNITES), log.where(Kind.FIRE_OUT))
    )
    began = {fire for fire, _ in lit - out}  # out the moment it was lit: it never burned
    kinds: list[str] = things["kind"].tolist()
    return ["junction" if kind == "ignition" and index not in began else kind for index, kind in enumerate(kinds)]


def _residents(log: EventLog, count: int) -> NDArray[np.float32]:
    people, rows = np.zeros(count, np.float32), log.where(Kind.LIVES)
    people[log.subject[rows]] = log.persons[rows]
    return people


def _standing(log: EventLog) -> dict[str, NDArray[Any]]:
    """Where responders stand at the start."""
    rows = log.where(Kind.STANDS)
    return {"stand_who": log.subject[rows].astype(np.uint32), "stand_at": log.place[rows].astype(np.uint32)}


CLASSES = get_args(RoadClass)[::-1]
"""Classes of roads by the number that the page has for them, worst first."""


def _classes(kinds: list[str]) -> NDArray[np.uint8]:
    return np.array([CLASSES.index(kind) for kind in kinds], np.uint8)


def _cells(log: EventLog) -> dict[str, NDArray[Any]]:
    """Cells that burn (in their crowns; from an ember) or are wetted, with their times."""
    rows = log.where(Kind.BURNS, Kind.WETS, Kind.SPOTS)
    code = {Kind.BURNS.value: 0, Kind.WETS.value: 1, Kind.SPOTS.value: 3}
    what = np.array([code[kind] for kind in log.kind[rows].tolist()], np.uint8)
    what[(log.kind[rows] == Kind.BURNS) & (log.item[rows] >= 0)] = 2
    return {
        "cell_h": log.time_h[rows].astype(np.float32), "cell": log.amount[rows].astype(np.uint32),
        "cell_what": what,
    }  # fmt: skip


def _line(log: EventLog) -> dict[str, NDArray[Any]]:
    """Cells of line: how wide (0 narrow, 1, 2 wide), and from when they are closed, left, mopped up, lost."""
    line = line_cells(log)
    times = {"closed": line.closed_h, "left": line.left_h, "mopped": line.mopped_h, "lost": line.lost_h}
    return {
        "line_cell": line.cell.astype(np.uint32),
        "line_width": np.searchsorted(WIDTHS_M, line.width_m, side="right").astype(np.uint8),
        **{f"line_{name}": hours.astype(np.float32) for name, hours in times.items()},
    }


MARKS = [*DANGERS, "dip"]
"""What the replay marks on the ground of a fire for a while."""


def _danger(log: EventLog, things: pd.DataFrame, landscape: dict[str, Any] | None) -> dict[str, NDArray[Any]]:
    """When and in which cell danger came to crews (of those who had closed no cell nothing), or aircraft took water."""
    marks, dips = danger_marks(log), log.where(Kind.FILLS)
    hours = np.append(marks.time_h, log.time_h[dips])
    cell = np.append(marks.cell, _cells_of(things, log.place[dips], landscape))
    what = np.append(marks.what, np.full(len(dips), MARKS.index("dip")))
    order = np.argsort(hours, kind="stable")
    order = order[cell[order] >= 0]
    return {
        "danger_h": hours[order].astype(np.float32), "danger_cell": cell[order].astype(np.uint32),
        "danger_what": what[order].astype(np.uint8),
    }  # fmt: skip


def _cells_of(things: pd.DataFrame, which: NDArray[Any], landscape: dict[str, Any] | None) -> NDArray[np.int64]:
    """Cells of the landscape in which things (their indexes) lie; -1 outside of it."""
    if landscape is None or not len(which):
        return np.full(len(which), -1, dtype=np.int64)
    spots = things.set_index("index").loc[which, ["lon", "lat"]].to_numpy(float)
    column = np.floor((spots[:, 0] - landscape["west"]) / landscape["dlon"])
    row = np.floor((landscape["north"] - spots[:, 1]) / landscape["dlat"])
    inside = (column >= 0) & (column < landscape["columns"]) & (row >= 0) & (row < landscape["rows"])
    return np.where(inside, row * landscape["columns"] + column, -1).astype(np.int64)


def _relief(scenario: dict[str, Any]) -> dict[str, NDArray[Any]]:
    """Light on the ground of each kept cell, row by row; none where it is not stored."""
    relief = scenario.get("relief")
    return {"light": unpacked(relief).ravel() if relief else np.zeros(0, np.uint8)}


def _packed(content: Any, tables: dict[str, NDArray[Any]]) -> str:
    """JSON and little-endian arrays, deflated, as base64: 4 bytes length of the JSON, the JSON, the arrays."""
    order = [[name, array.dtype.str[1:], len(array)] for name, array in tables.items()]
    head = json.dumps({"content": content, "tables": order}, ensure_ascii=False, allow_nan=False).encode()
    head += b" " * (-(len(head) + 4) % 8)
    body = [array.astype(array.dtype.newbyteorder("<")).tobytes() for array in tables.values()]
    whole = len(head).to_bytes(4, "little") + head + b"".join(part + b"\0" * (-len(part) % 8) for part in body)
    return b64encode(zlib.compress(whole, 9)).decode()


def _texts(content: Any) -> list[str]:
    if isinstance(content, str):
        return [content]
    if isinstance(content, dict):
        return [text for part in content.values() for text in _texts(part)]
    return [text for part in content for text in _texts(part)] if isinstance(content, (list, tuple)) else []


# ---- the file


def _asset(name: str) -> str:
    return files("simrescue.report.replay").joinpath("assets", name).read_text(encoding="utf-8")


def _script(names: str | tuple[str, ...]) -> str:
    """One script; a library's pointer to its source map would be a request."""
    each = [names] if isinstance(names, str) else names
    text = "\n".join(_asset(name) for name in each)
    return "\n" + re.sub(r"//# sourceMappingURL=\S*", "", text).strip() + "\n"


def _style(glyphs: set[str]) -> str:
    """All styles; pictures that a library would fetch are taken out, the font is put in."""
    text = "\n".join(_asset(name) for name in STYLES)
    text = re.sub(r"[^{};]*:\s*url\([^)]*\)[^;}]*;?", "", text)
    return f"{face(''.join(glyph for glyph in glyphs if ord(glyph) > LATIN))}\n{text}"


def _html(title: str, lang: str, data: str, details: str, glyphs: set[str]) -> bytes:
    scripts = [_script(names) for names in SCRIPTS]
    sums = " ".join(f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'" for text in scripts)
    policy = f"default-src 'none'; script-src {sums}; style-src 'unsafe-inline'; img-src data: blob:; font-src data:"
    parts = {
        "policy": policy, "title": escape(title), "lang": lang, "style": _style(glyphs), "data": data,
        "details": details, "script": "\n".join(f"<script>{text}</script>" for text in scripts),
        "no_script": escape(" ".join(WORDS["no_script"])),
    }  # fmt: skip
    text = re.sub(r"\{\{(\w+)\}\}", lambda found: parts[found[1]], _asset("page.html"))
    return text.encode()
