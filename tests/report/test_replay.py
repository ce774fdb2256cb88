"""What the replay is made of: ways found again, states by time, moments, the choice of a replication, the file."""

from __future__ import annotations

import json
import zlib
from base64 import b64decode
from collections import defaultdict
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner

from simrescue import Results
from simrescue.cli import main
from simrescue.errors import ResultsError
from simrescue.events import EventKind as Kind
from simrescue.events import EventLog, log_from_rows
from simrescue.explain import Names, facts_of, things_of
from simrescue.metrics.people import whereabouts as people
from simrescue.parameters import Parameters
from simrescue.report.replay import page, which
from simrescue.report.replay.curves import curves
from simrescue.report.replay.moments import moments
from simrescue.report.replay.page_words import WORDS
from simrescue.report.replay.states import TRAPPED, VILLAGE_STATES, WHAT, StateSteps, steps
from simrescue.report.replay.stories import reasons, stories
from simrescue.report.replay.tracks import Tracks, tracks
from tests.metrics.logs import LOWER, facts
from tests.metrics.logs import log as log_of
from tests.metrics.logs import row as row_of

DEFAULT = Parameters()


def ways(results: Results, log: EventLog) -> Tracks:
    return tracks(log, results.things, results.roads, results.manifest["scenario"])


def legs_of(found: Tracks) -> dict[int, list[tuple[float, float, list[int]]]]:
    each = defaultdict(list)
    for who, begin, end, way in zip(found.who, found.from_h, found.to_h, found.way, strict=True):
        each[int(who)].append((begin, end, found.point[found.first[way] : found.first[way + 1]].tolist()))
    return each


# ---- tracks


@pytest.mark.parametrize("name", ["flood", "fire"])
def test_legs_of_a_responder_follow_one_another_in_time(name: str, request: pytest.FixtureRequest) -> None:
    results: Results = request.getfixturevalue(name)
    for number in range(3):
        for legs in legs_of(ways(results, results.log(number))).values():
            for (_, end, _), (begin, _, _) in pairwise(legs):
                assert begin >= end - 2e-3


def test_whoever_sets_off_from_where_he_is_ends_where_the_log_says_he_arrives(flood: Results) -> None:
    log = flood.log(0)
    legs = legs_of(ways(flood, log))
    arrivals = log.where(Kind.ARRIVES)
    checked = 0
    for row in arrivals.tolist():
        who, time_h = int(log.subject[row]), float(log.time_h[row])
        for _, end, points in legs.get(who, []):
            if end == time_h:
                assert points[-1] == log.place[row]
                checked += 1
    assert checked > 50


def test_legs_hang_together_and_go_along_roads(flood: Results) -> None:
    log = flood.log(0)
    roads = {frozenset(pair) for pair in zip(flood.roads["from"], flood.roads["to"], strict=True)}
    kinds = flood.things["kind"].tolist()
    jumps = by_road = 0
    for who, legs in legs_of(ways(flood, log)).items():
        for (_, _, points), (_, _, after) in pairwise(legs):
            jumps += points[-1] != after[0]
        if kinds[who] != "helicopter":
            for _, _, points in legs:
                by_road += len(points) - 1
                assert all(frozenset(pair) in roads for pair in pairwise(points))
    assert jumps == 0
    assert by_road > 100


def test_nobody_drives_over_a_road_that_command_knew_closed_when_he_set_off(flood: Results) -> None:
    index = {
        frozenset((a, b)): i
        for i, a, b in zip(flood.roads["index"], flood.roads["from"], flood.roads["to"], strict=True)
    }
    kinds, ids = flood.things["kind"].tolist(), flood.things["id"].tolist()
    seen = 0
    for log in map(flood.log, range(3)):
        news = [(log.time_h[row], int(log.place[row]), log.kind[row] == Kind.ROAD_KNOWN_CLOSED)
                for row in log.where(Kind.ROAD_KNOWN_CLOSED, Kind.ROAD_KNOWN_OPEN).tolist()]  # fmt: skip
        assert news
        given_up = {int(log.subject[row]) for row in log.where(Kind.GIVES_UP).tolist()}
        for who, legs in legs_of(ways(flood, log)).items():
            if not (kinds[who] == "truck" or ids[who].startswith("bus-town")) or who in given_up:
                continue  # other teams have high-clearance vehicles, and drive where it is known closed to trucks
            for begin, _, points in legs:
                closed = dict.fromkeys((road for time_h, road, shut in news if time_h < begin and shut), True)
                closed.update({road: False for time_h, road, shut in news if time_h < begin and not shut})
                for pair in pairwise(points):
                    seen += 1
                    assert not closed.get(index[frozenset(pair)], False)
    assert seen > 10


def test_no_leg_by_road_is_faster_than_its_way_allows(flood: Results) -> None:
    columns = (flood.roads[name] for name in ("from", "to", "kind", "length_km"))
    hours: dict[frozenset[int], float] = {}
    for start, end, kind, km in zip(*columns, strict=True):
        pair = frozenset((start, end))
        hours[pair] = min(hours.get(pair, np.inf), km / DEFAULT.speed_kmh(kind))
    kinds, ratios = flood.things["kind"].tolist(), []
    for log in map(flood.log, range(3)):
        for who, legs in legs_of(ways(flood, log)).items():
            if kinds[who] == "truck":  # teams may have vehicles that go through water
                ratios += [(end - begin) / sum(hours[frozenset(pair)] for pair in pairwise(points))
                           for begin, end, points in legs]  # fmt: skip
    assert len(ratios) > 30
    assert min(ratios) > 1 - 1e-6
    # By day on dry roads exactly so long: the way found is the way that was driven.
    assert np.isclose(ratios, 1.0, atol=1e-6).mean() > 0.3


def test_a_crew_on_the_line_stands_at_the_cell_that_it_closed(fire: Results) -> None:
    log, grid = fire.log(0), fire.manifest["scenario"]["landscape"]
    found = ways(fire, log)
    rows = log.where(Kind.LINE)
    assert len(rows)
    cells = {int(log.amount[row]) for row in rows.tolist()}
    spots = {(round(lon, 9), round(lat, 9)) for lon, lat in found.extra.tolist()}
    for cell in cells:
        row, column = divmod(cell, grid["columns"])
        spot = grid["west"] + (column + 0.5) * grid["dlon"], grid["north"] - (row + 0.5) * grid["dlat"]
        assert (round(spot[0], 9), round(spot[1], 9)) in spots


# ---- states and curves


def at(found: StateSteps, what: str, time_h: float) -> dict[int, float]:
    mine = (found.what == WHAT.index(what)) & (found.time_h <= time_h)
    return dict(zip(found.thing[mine].tolist(), found.value[mine].tolist(), strict=True))


def test_villages_with_trapped_people_are_the_ones_shown_as_trapped(flood: Results) -> None:
    log = flood.log(0)
    facts = facts_of(flood, log)
    found = steps(log, facts)
    for time_h in np.linspace(1.0, facts.duration_h - 1.0, 40):
        counts = people.counts_by_village(log, facts, np.nextafter(time_h, np.inf))
        trapped = {int(facts.villages[v]) for v in np.flatnonzero(counts[:, people.TRAPPED] > 0.5)}
        shown = {thing for thing, state in at(found, "state", time_h).items() if state == TRAPPED}
        assert shown == trapped


def test_people_in_shelters_and_people_shown_in_them_are_the_same_number(flood: Results) -> None:
    log = flood.log(0)
    facts = facts_of(flood, log)
    found, by_time = steps(log, facts), curves(log, facts)
    for number in range(0, len(by_time["hour"]), 40):
        inside = sum(at(found, "inside", float(by_time["hour"][number])).values())
        assert inside == pytest.approx(by_time["sheltered"][number])


def test_everybody_is_somewhere_at_all_times(flood: Results) -> None:
    log = flood.log(0)
    facts = facts_of(flood, log)
    by_time = curves(log, facts)
    total = sum(by_time[name] for name in people.PERSON_STATES)
    assert np.allclose(total, facts.population.sum())
    assert (np.diff(by_time["affected"]) >= 0).all()
    assert (by_time["relieved"] <= by_time["affected"] + 1e-9).all()
    assert by_time["rescued"][-1] == pytest.approx(people.rescued(log, facts).sum())


def test_the_fire_in_the_counters_is_the_fire_of_the_tables(fire: Results) -> None:
    log = fire.log(0)
    by_time = curves(log, facts_of(fire, log))
    built = log.amount[log.where(Kind.LINE_BUILT)].sum() / 1000
    assert by_time["line"][-1] == pytest.approx(built)
    assert (np.diff(by_time["line"]) >= -1e-12).all()
    last = fire.fires[fire.fires["replication"] == 0]["burned_ha"].sum()
    assert by_time["area"][-1] == pytest.approx(last)


def test_stock_falls_by_what_is_loaded_and_is_never_below_nothing() -> None:
    rows: list[tuple[Any, ...]] = [
        (0.0, Kind.STOCKED, 1, 1, -1, -1, 0, 0.0, 100.0),
        (0.0, Kind.STOCKED, 1, 1, -1, -1, 1, 0.0, 50.0),
        (2.0, Kind.LOADED, 2, 1, -1, -1, 0, 0.0, 25.0),
        (3.0, Kind.LOADED, 2, 1, -1, -1, 1, 0.0, 50.0),
        (4.0, Kind.FETCHED, 0, 1, -1, -1, 0, 0.0, 75.0),
    ]
    from simrescue.report.replay.states import _stocks

    assert [value for *_, value in _stocks(log_from_rows(rows))] == pytest.approx([1.0, 1.0, 0.875, 0.375, 0.0])


def test_a_village_is_shown_as_relieved_while_nobody_there_waits() -> None:
    events = log_of(
        row_of(2, Kind.STRANDED, LOWER, persons=150),
        row_of(3, Kind.RELIEVED, LOWER, LOWER, persons=150),
        row_of(4, Kind.STRANDED, LOWER, persons=20),
        row_of(5, Kind.RELIEVED, LOWER, LOWER, persons=170),
        row_of(6, Kind.LAPSES, LOWER, LOWER, item=0, persons=170),
    )
    found = steps(events, facts())
    shown = [VILLAGE_STATES[int(at(found, "state", time_h)[LOWER])] for time_h in (2.5, 3.5, 4.5, 5.5, 6.5)]
    assert shown == ["waiting", "relieved", "waiting", "relieved", "waiting"]


# ---- moments, stories, choice


def test_moments_are_in_order_and_in_both_languages(flood: Results, fire: Results) -> None:
    for results in (flood, fire):
        log = results.log(0)
        by_time = curves(log, facts_of(results, log))
        found = moments(log, Names(things_of(results.things)), by_time["hour"], by_time["trapped"])
        assert len(found) > 3
        assert [one.time_h for one in found] == sorted(one.time_h for one in found)
        assert all(one.text_en and one.text_zh and "{" not in one.text_en + one.text_zh for one in found)


def test_every_village_has_its_story_and_late_ones_their_reasons(flood: Results) -> None:
    told, why = stories(flood, flood.log(0)), reasons(flood, 0)
    villages = flood.things.index[flood.things["kind"] == "village"]
    assert all(str(village) in told for village in villages)
    assert why["places"]
    for rows in why["places"].values():
        for clause, hours, parts in rows:
            assert 0 <= clause < len(why["clauses"])
            assert hours > 0
            assert sum(share for _, share in parts) <= 1.01


def test_the_worst_replication_harms_most(flood: Results) -> None:
    table = flood.replications.set_index("replication")
    worst, median = which(flood, "worst"), which(flood, "median")
    harm = [(row.deaths, row.late_person_h) for row in table.itertuples()]
    assert harm[worst] == max(harm)
    assert sorted(harm)[1] == harm[median]
    assert which(flood, 2) == 2


def test_a_replication_without_log_is_told(flood: Results, tmp_path: Path) -> None:
    with pytest.raises(ResultsError, match="no event log of replication 7"):
        which(flood, 7)


def test_all_words_are_there_twice() -> None:
    assert all(english and chinese for english, chinese in WORDS.values())
    assert set(VILLAGE_STATES) <= set(WORDS)


# ---- the file


def content_of(html: str, name: str) -> dict[str, Any]:
    packed = html.partition(f'<script type="text/plain" id="{name}">')[2].partition("</script>")[0]
    raw = zlib.decompress(b64decode(packed))
    size = int.from_bytes(raw[:4], "little")
    return json.loads(raw[4 : 4 + size])["content"]


def test_a_fire_alone_speaks_of_no_water(flood: Results, fire: Results) -> None:
    waiting = [content_of(page(results, 0).decode(), "data")["words"]["waiting"] for results in (flood, fire)]
    assert [text for text, _ in waiting] == ["cut off or in water, waiting", "cut off, waiting"]


def test_names_are_in_the_packed_data_only(nasty: Results) -> None:
    html = page(nasty, 0).decode()
    assert content_of(html, "data")["names"][0].startswith("<img src=x")
    head = html.partition("<style>")[0]
    assert "<img" not in html.partition("<body>")[2].partition("<script>")[0]
    assert "&lt;img src=x" in head
    assert "<script>document" not in html
    assert html.count("<script") == 5


def test_the_same_run_gives_the_same_page(flood: Results) -> None:
    assert page(flood, 0) == page(flood, 0)


def test_the_page_asks_for_nothing(flood: Results) -> None:
    html = page(flood, 0).decode()
    assert "sourceMappingURL" not in html
    assert "default-src 'none'" in html
    style = html.partition("<style>")[2].partition("</style>")[0]
    assert all(part.startswith(("data:", '"data:')) for part in (piece.strip() for piece in style.split("url(")[1:]))


def test_the_command_writes_the_page_and_refuses_two_choices(flood: Results, tmp_path: Path) -> None:
    out = tmp_path / "there" / "replay.html"
    done = CliRunner().invoke(main, ["replay", str(flood.path), "--worst", "--out", str(out), "--lang", "zh"])
    assert done.exit_code == 0, done.output
    assert f"回放第{which(flood, 'worst')}次推演" in done.output
    assert content_of(out.read_text(encoding="utf-8"), "data")["lang"] == "zh"
    both = CliRunner().invoke(main, ["replay", str(flood.path), "--worst", "--median"])
    assert both.exit_code == 2
    assert "choose one" in both.output
    nothing = CliRunner().invoke(main, ["replay", str(tmp_path)])
    assert nothing.exit_code == 1
