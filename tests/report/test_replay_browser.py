"""The replay page in a real browser: offline, quiet, playing, telling, in both languages, whatever the names."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from simrescue import Results, load, read_results
from simrescue import run as run_scenario
from simrescue.kinds import registered
from simrescue.report.replay import write
from simrescue.scenario.new import create
from tests.extension.door import run, with_table
from tests.extension.test_place import FLOOD_TABLE as HOSPITALS
from tests.extension.test_place import HOSPITAL
from tests.extension.test_responder import TABLE as UAVS
from tests.extension.test_responder import UAV

pytestmark = pytest.mark.browser
Open = Callable[..., Any]


@pytest.fixture(scope="module")
def pages(flood: Results, fire: Results, nasty: Results, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    folder = tmp_path_factory.mktemp("pages")
    runs = {"flood": flood, "fire": fire, "nasty": nasty}
    return {name: write(results, 0, folder / f"{name}.html").as_uri() for name, results in runs.items()}


def ready(watched: Any) -> Any:
    watched.sheet.wait_for_selector("body[data-ready]")
    return watched.sheet


def until(sheet: Any, condition: str) -> None:
    """Wait for a condition; the page's own policy forbids the driver's way, which is eval."""
    for _ in range(6000):
        if sheet.evaluate(condition):
            return
        sheet.wait_for_timeout(50)
    pytest.fail(f"never came true: {condition}")


def dark_pixels(sheet: Any, layer: int) -> int:
    """Pixels that a canvas of the map has drawn on."""
    script = """n => { const c = document.querySelectorAll('.leaflet-overlay-pane canvas')[n];
      const d = c.getContext('2d').getImageData(0, 0, c.width, c.height).data;
      let k = 0; for (let i = 3; i < d.length; i += 4) k += d[i] > 0; return k; }"""
    return int(sheet.evaluate(script, layer))


@pytest.mark.parametrize("name", ["flood", "fire", "nasty"])
def test_it_opens_from_disk_and_asks_for_nothing(name: str, pages: dict[str, str], open_page: Open) -> None:
    watched = open_page(pages[name])
    sheet = ready(watched)
    sheet.evaluate("replay.seek(replay.world.time + 10)")
    assert dark_pixels(sheet, 0) > 500
    assert dark_pixels(sheet, 1) > 500
    assert watched.fetched() == []
    assert watched.complaints == []


def test_it_plays_and_pauses_by_button_and_by_key(pages: dict[str, str], open_page: Open) -> None:
    sheet = ready(open_page(pages["flood"]))
    sheet.click("#play")
    until(sheet, "replay.world.time > 0.5")
    assert "Pause" in sheet.inner_text("#play")
    sheet.click("#play")
    stood = sheet.evaluate("replay.world.time")
    sheet.wait_for_timeout(300)
    assert sheet.evaluate("replay.world.time") == stood
    sheet.focus("#map")
    sheet.keyboard.press("Space")
    until(sheet, f"replay.world.time > {stood}")


def test_keys_move_the_time(pages: dict[str, str], open_page: Open) -> None:
    sheet = ready(open_page(pages["flood"]))
    for key, expected in (("ArrowRight", 0.25), ("Shift+ArrowRight", 1.25), ("ArrowLeft", 1.0), ("Home", 0.0)):
        sheet.keyboard.press(key)
        assert sheet.evaluate("replay.world.time") == pytest.approx(expected)
    sheet.keyboard.press("End")
    assert sheet.evaluate("replay.world.time === D.duration_h")


def test_scrubbing_there_and_back_shows_the_same(pages: dict[str, str], open_page: Open) -> None:
    sheet = ready(open_page(pages["flood"]))
    read = "() => [...replay.world.value.map((v) => [...v].join()), byId('counters').innerText].join('|')"
    sheet.evaluate("replay.seek(12)")
    first = sheet.evaluate(read)
    for hours in (30, 3, 12):
        sheet.evaluate(f"replay.seek({hours})")
    assert sheet.evaluate(read) == first


def test_villages_are_drawn_while_the_fire_moves(pages: dict[str, str], open_page: Open) -> None:
    sheet = ready(open_page(pages["fire"]))
    start = "replay.seek(T.cell_h[0]); replay.world.placesChanged = true; replay.ground.burning.moves"
    assert sheet.evaluate(start)
    sheet.evaluate("replay.redrawChanged(1e6); replay.redrawChanged(1e6)")
    assert not sheet.evaluate("replay.world.placesChanged")


def test_line_changes_its_colour_as_it_fares(pages: dict[str, str], open_page: Open) -> None:
    sheet = ready(open_page(pages["fire"]))
    assert sheet.evaluate("T.light.length === D.landscape.rows * D.landscape.columns")
    assert sheet.evaluate("lineState(0, T.line_closed[0] - 0.1) === null")
    every = "[...T.line_cell.keys()].flatMap((i) => [T.line_closed[i], D.duration_h].map((h) => lineState(i, h)))"
    states = set(sheet.evaluate(every))
    assert {"line open", "line mopped"} <= states <= {"line open", "line", "line mopped", "line lost", None}


def test_the_clock_is_in_the_language_of_the_page(pages: dict[str, str], open_page: Open) -> None:
    sheet = ready(open_page(pages["fire"]))
    sheet.evaluate("replay.speak(true)")
    assert "月" in sheet.inner_text("#clock")
    sheet.evaluate("replay.speak(false)")
    assert "月" not in sheet.inner_text("#clock")


def test_the_time_bar_scrubs(pages: dict[str, str], open_page: Open) -> None:
    sheet = ready(open_page(pages["flood"]))
    box = sheet.locator("#time").bounding_box()
    sheet.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    assert sheet.evaluate("replay.world.time / D.duration_h") == pytest.approx(0.5, abs=0.02)


def test_responders_move(pages: dict[str, str], open_page: Open) -> None:
    sheet = ready(open_page(pages["flood"]))
    spots = set()
    for hours in (10.0, 10.5, 11.0, 11.5, 12.0):
        sheet.evaluate(f"replay.seek({hours})")
        spots.add(sheet.evaluate("[...replay.movers.seen.slice(0, 3 * replay.movers.count)].map(Math.round).join()"))
    assert len(spots) > 2


def test_a_click_on_a_village_tells_its_story(pages: dict[str, str], open_page: Open) -> None:
    sheet = ready(open_page(pages["flood"]))
    sheet.evaluate("replay.seek(20)")
    spot = sheet.evaluate("""() => replay.places.spots.find(([i, x, y]) =>
      D.kinds[i] === 'village' && replay.places.hit(x, y) === i && replay.movers.hit(x, y) < 0)""")
    box = sheet.locator("#map").bounding_box()
    sheet.mouse.click(box["x"] + spot[1], box["y"] + spot[2])
    assert sheet.inner_text("#detail h2") == sheet.evaluate(f"D.names[{spot[0]}]")
    assert sheet.locator("#detail .story li").count() > 2
    sheet.keyboard.press("Escape")
    assert sheet.is_hidden("#detail")


def test_a_responder_is_found_by_name_and_its_story_opens(pages: dict[str, str], open_page: Open) -> None:
    sheet = ready(open_page(pages["fire"]))
    name = sheet.evaluate("D.names[D.kinds.indexOf('team')]")
    sheet.fill("#find-text", name)
    sheet.press("#find-text", "Enter")
    assert sheet.inner_text("#detail h2") == name
    before = sheet.evaluate("replay.world.time")
    sheet.locator("#detail .story button").last.click()
    assert sheet.evaluate("replay.world.time") > before


def test_the_language_switches_all_words(pages: dict[str, str], open_page: Open) -> None:
    sheet = ready(open_page(pages["flood"]))
    english = sheet.inner_text("#panel")
    sheet.click("#language")
    chinese = sheet.inner_text("#panel")
    assert "affected so far" in english
    assert "累计受影响" in chinese
    assert "affected so far" not in chinese
    assert sheet.get_attribute("html", "lang") == "zh-CN"
    assert "播放" in sheet.inner_text("#play")


def test_it_begins_in_the_language_of_the_browser(pages: dict[str, str], open_page: Open) -> None:
    for locale, word in (("zh-CN", "播放"), ("en-US", "Play"), ("de-DE", "播放")):
        assert word in ready(open_page(pages["flood"], locale=locale)).inner_text("#play")


@pytest.fixture(scope="module")
def posted(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A small county whose word goes through the posts of townships to command's own."""
    folder = tmp_path_factory.mktemp("posted")
    scenario = load(create(folder / "county", "county", response=True))
    return write(run_scenario(scenario, replications=1, workers=1, out=folder / "run"), 0, folder / "r.html").as_uri()


def test_the_switch_shows_what_is_true_and_what_each_post_knows(posted: str, open_page: Open) -> None:
    """Nobody knows of a village in need before it is so; a post's view is made of other steps, and counters stay."""
    sheet = ready(open_page(posted))
    assert sheet.evaluate("[...document.querySelectorAll('#view option')].map((one) => one.value)") == [
        "true", "command", "township",
    ]  # fmt: skip
    states = "[...replay.world.shown('state')].map((one) => D.states[one])"
    pictures, since = dict[str, list[list[str]]](), dict[str, int]()
    for view in ("true", "command", "township"):
        sheet.select_option("#view", view)
        pictures[view] = [sheet.evaluate(f"(replay.seek({hour}), {states})") for hour in range(49)]
        in_need = [hour for hour in range(49) if {"waiting", "trapped"}.intersection(pictures[view][hour])]
        since[view] = min(in_need, default=49)
    assert since["true"] <= min(since["command"], since["township"])
    assert pictures["true"] != pictures["command"] != pictures["township"] != pictures["true"]
    sheet.evaluate("replay.seek(D.duration_h)")
    counters, notes = set(), []
    for view in ("true", "command", "township"):
        sheet.select_option("#view", view)
        counters.add(sheet.inner_text("#counters"))
        notes.append(sheet.inner_text("#note"))
    assert len(counters) == 1
    assert notes[0] != notes[1] == notes[2]
    drawn = {view: sheet.select_option("#view", view) and dark_pixels(sheet, 1) for view in ("true", "township")}
    assert min(drawn.values()) > 500


def test_cuts_are_known_by_word_and_townships_are_named_in_the_language(posted: str, open_page: Open) -> None:
    """No post knows of a village without road, power or network before it is so; 石桥 is how Stone Bridge is called."""
    sheet = ready(open_page(posted, locale="zh-CN"))
    cuts = "[...D.kinds.keys()].filter((i) => D.kinds[i] === 'village').map((i) => replay.world.cutsOf(i).length)"
    first = dict[str, int]()
    for view in ("true", "command"):
        sheet.select_option("#view", view)
        shown = [sum(sheet.evaluate(f"(replay.seek({hour}), {cuts})")) for hour in range(49)]
        first[view] = next(hour for hour, count in enumerate(shown) if count)
    assert first["true"] <= first["command"] < 48
    sheet.evaluate("replay.choose(D.names.indexOf('East Ferry'), true)")
    assert "石桥" in sheet.inner_text("#detail")
    assert "Stone Bridge" not in sheet.inner_text("#detail")


def test_without_posts_there_is_no_switch(pages: dict[str, str], open_page: Open) -> None:
    sheet = ready(open_page(pages["fire"]))
    assert not sheet.is_visible("#view")


def test_filters_hide_a_kind(pages: dict[str, str], open_page: Open) -> None:
    sheet = ready(open_page(pages["flood"]))
    sheet.evaluate("replay.seek(12)")
    drawn = dark_pixels(sheet, 1)
    sheet.uncheck('input[data-kind="village"]')
    assert dark_pixels(sheet, 1) < drawn


def test_fire_spreads_on_the_map(pages: dict[str, str], open_page: Open) -> None:
    sheet = ready(open_page(pages["fire"]))
    sheet.evaluate("replay.seek(0.1)")
    before = sheet.evaluate("replay.ground.burning.next")
    sheet.evaluate("replay.seek(D.duration_h)")
    assert sheet.evaluate("replay.ground.burning.next") > before + 5
    assert sheet.evaluate("replay.ground.burning.image.data.filter((v, i) => i % 4 === 3 && v > 0).length") > 5


def test_no_name_runs_or_breaks_the_page(pages: dict[str, str], open_page: Open) -> None:
    watched = open_page(pages["nasty"], width=1280, height=800)
    sheet = ready(watched)
    dialogs = []
    sheet.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    villages = sheet.evaluate("[...D.kinds.keys()].filter((i) => ['village', 'team', 'shelter'].includes(D.kinds[i]))")
    for thing in villages:
        sheet.evaluate(f"replay.choose({thing}, true)")
        assert sheet.inner_text("#detail h2").strip() == sheet.evaluate(f"D.names[{thing}].trim()")
    assert dialogs == []
    assert "onerror" in sheet.title()
    assert sheet.locator("main img, #panel script, header img").count() == 0
    assert sheet.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert sheet.evaluate("document.getElementById('map').clientWidth") > 800
    assert watched.complaints == []


@pytest.mark.parametrize("name", ["flood", "nasty"])
def test_it_fits_a_small_screen(name: str, pages: dict[str, str], open_page: Open) -> None:
    sheet = ready(open_page(pages[name], width=390, height=844))
    assert sheet.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert sheet.is_visible("#play")
    assert sheet.evaluate("document.getElementById('map').clientHeight") > 250


def test_text_is_dark_enough_to_read(pages: dict[str, str], open_page: Open) -> None:
    sheet = ready(open_page(pages["flood"]))
    script = """() => { const lum = (c) => { const v = c.match(/[0-9.]+/g).map(Number).slice(0, 3)
        .map((x) => (x /= 255) <= 0.03928 ? x / 12.92 : ((x + 0.055) / 1.055) ** 2.4);
        return 0.2126 * v[0] + 0.7152 * v[1] + 0.0722 * v[2]; };
      const ground = (e) => { for (; e; e = e.parentElement) { const c = getComputedStyle(e).backgroundColor;
        if (!c.endsWith(', 0)')) return c; } return 'rgb(255,255,255)'; };
      return [...document.querySelectorAll('header *, #panel *, footer *')].filter((e) => e.childNodes.length
        && [...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim())).map((e) => {
          const [a, b] = [lum(getComputedStyle(e).color), lum(ground(e))].sort((x, y) => y - x);
          return [(a + 0.05) / (b + 0.05), e.textContent.slice(0, 40)]; }); }"""
    found = sheet.evaluate(script)
    assert len(found) > 40
    assert [text for contrast, text in found if contrast < 4.5] == []


def test_it_prints(pages: dict[str, str], open_page: Open, tmp_path: Path) -> None:
    sheet = ready(open_page(pages["flood"]))
    made = sheet.pdf(path=str(tmp_path / "replay.pdf"), landscape=True)
    assert made.startswith(b"%PDF")
    assert len(made) > 10_000


def test_kinds_from_outside_have_their_own_symbol_and_name(open_page: Open, tmp_path: Path) -> None:
    folder = with_table("tiny-flood", tmp_path / "scenario", "uavs", UAVS)
    (folder / "hospitals.csv").write_text(HOSPITALS, "utf-8")
    with registered(UAV, HOSPITAL):
        stored = read_results(run(folder))
        watched = open_page(write(stored, 0, tmp_path / "page.html").as_uri())
        sheet = ready(watched)
        legend = sheet.inner_text("#legend")
        assert "UAVs" in legend
        assert "hospitals" in legend
        uav, hospital = (
            int(stored.things.index[stored.things["id"] == one][0]) for one in ("uav-1", "county-hospital")
        )
        for thing, words in ((uav, "UAV"), (hospital, "hospital")):
            sheet.evaluate(f"replay.choose({thing}, true)")
            assert words in sheet.inner_text("#detail")
        sheet.evaluate("replay.seek(20)")
        assert dark_pixels(sheet, 1) > 500
        assert watched.complaints == []


def test_a_page_with_a_fire_and_another_hazard_counts_both(pages: dict[str, str], open_page: Open) -> None:
    sheet = ready(open_page(pages["flood"]))
    alone = sheet.locator("#counters dt").count()
    sheet.evaluate("() => { D.fire = true; replay.panel.parts.unshift('fire'); replay.panel.writeCounters(); }")
    assert sheet.locator("#counters dt").count() == 2 * alone - 1, "deaths stand once"
