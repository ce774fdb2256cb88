"""The report in a real browser: from disk, without network, readable, in both languages, on small screens, printed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from simrescue import Results
from simrescue.report.pdf import print_pdf
from simrescue.report.writer import write_report

pytestmark = pytest.mark.browser

CONTRAST = """() => {
  const channel = (value) => (value /= 255) <= 0.03928 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  const numbers = (colour) => colour.match(/[0-9.]+/g).map(Number);
  const light = (colour) => {
    const [r, g, b] = numbers(colour).map(channel);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ground = (element) => {
    for (let one = element; one; one = one.parentElement) {
      const colour = getComputedStyle(one).backgroundColor;
      if (!(numbers(colour)[3] === 0)) return colour;
    }
    return "rgb(255, 255, 255)";
  };
  const poor = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  let looked = 0;
  while (walker.nextNode()) {
    const parent = walker.currentNode.parentElement;
    if (!walker.currentNode.data.trim() || parent.closest("script, style, [hidden], svg")) continue;
    const [a, b] = [light(getComputedStyle(parent).color), light(ground(parent))].sort((x, y) => y - x);
    looked += 1;
    if ((a + 0.05) / (b + 0.05) < 4.5) poor.push(walker.currentNode.data.trim().slice(0, 40));
  }
  return [looked, poor];
}"""


@pytest.fixture(scope="module")
def addresses(
    flood: Results, fire: Results, nasty: Results, everything: Results, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, str]:
    folder = tmp_path_factory.mktemp("reports")
    runs = {"flood": [flood.path], "fire": [fire.path], "nasty": [nasty.path], "everything": [everything.path],
            "batch": [flood.path, fire.path]}  # fmt: skip
    return {name: write_report(run, "both", folder / f"{name}.html").as_uri() for name, run in runs.items()}


@pytest.mark.parametrize("name", ["flood", "fire", "nasty", "batch"])
def test_opens_from_disk_without_network_and_without_complaint(
    name: str, addresses: dict[str, str], open_page: Any
) -> None:
    watched = open_page(addresses[name])
    sheet = watched.sheet
    assert watched.fetched() == []
    assert watched.complaints == []
    assert sheet.title() != "broken"
    assert sheet.evaluate("[...document.images].every((one) => one.complete && one.naturalWidth > 100)")


def test_the_embedded_font_is_used(addresses: dict[str, str], open_page: Any) -> None:
    sheet = open_page(addresses["flood"]).sheet
    sheet.evaluate("document.fonts.ready")
    assert sheet.evaluate('document.fonts.check("16px Simrescue Sans", "预案")')
    assert sheet.evaluate("[...document.fonts].map((one) => one.status)") == ["loaded"]


def test_switches_language_by_keyboard(addresses: dict[str, str], open_page: Any) -> None:
    sheet = open_page(addresses["flood"], locale="zh-CN").sheet
    assert sheet.locator("article[lang=zh-CN]").is_visible()
    assert not sheet.locator("article[lang=en]").is_visible()
    sheet.keyboard.press("Tab")
    sheet.keyboard.press("Tab")
    sheet.keyboard.press("Enter")
    assert sheet.locator("article[lang=en]").is_visible()
    assert not sheet.locator("article[lang=zh-CN]").is_visible()
    assert sheet.evaluate("document.documentElement.lang") == "en"
    assert sheet.locator("button[aria-pressed=true]").inner_text() == "English"


@pytest.mark.parametrize(
    ("locale", "lang"), [("en-GB", "en"), ("en", "en"), ("zh-TW", "zh-CN"), ("de-DE", "zh-CN"), ("zh", "zh-CN")]
)
def test_opens_in_the_language_of_the_browser(
    locale: str, lang: str, addresses: dict[str, str], open_page: Any
) -> None:
    sheet = open_page(addresses["flood"], locale=locale).sheet
    assert sheet.evaluate("document.documentElement.lang") == lang
    assert sheet.locator(f"article[lang={lang}]").is_visible()
    assert sheet.locator("article:visible").count() == 1


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("name", ["flood", "fire", "batch"])
def test_text_stands_out_from_its_ground(name: str, lang: str, addresses: dict[str, str], open_page: Any) -> None:
    sheet = open_page(addresses[name]).sheet
    sheet.click(f"button[data-lang={lang}]")
    looked, poor = sheet.evaluate(CONTRAST)
    assert looked > 50
    assert poor == []


@pytest.mark.parametrize("name", ["flood", "nasty", "batch"])
@pytest.mark.parametrize("width", [1280, 360])
def test_nothing_runs_out_of_the_page(name: str, width: int, addresses: dict[str, str], open_page: Any) -> None:
    sheet = open_page(addresses[name], width=width).sheet
    for lang in ("zh", "en"):
        sheet.click(f"button[data-lang={lang}]")
        assert sheet.evaluate("document.documentElement.scrollWidth") <= width


CRAMPED = """(language) =>
  [...document.querySelectorAll(`article[lang=${language}] > section:not(.behind) :is(td, th)`)]
  .filter((cell) => cell.offsetWidth && cell.innerText.trim().length > 5 && cell.clientWidth < 45)
  .map((cell) => cell.innerText)"""


@pytest.mark.parametrize("lang", ["zh-CN", "en-GB"])
@pytest.mark.parametrize("name", ["flood", "fire"])
@pytest.mark.parametrize("width", [1280, 360])
def test_no_cell_is_so_narrow_that_words_run_down_it(
    width: int, name: str, lang: str, addresses: dict[str, str], open_page: Any
) -> None:
    sheet = open_page(addresses[name], width=width, locale=lang).sheet
    assert sheet.evaluate(CRAMPED, "zh-CN" if lang == "zh-CN" else "en") == []


@pytest.mark.parametrize("lang", ["zh-CN", "en-GB"])
@pytest.mark.parametrize("name", ["flood", "fire", "everything"])
def test_each_page_is_one_sheet_of_a4(name: str, lang: str, addresses: dict[str, str], open_page: Any) -> None:
    printed = open_page(addresses[name], locale=lang).sheet.pdf(prefer_css_page_size=True)
    assert printed.count(b"/Type /Page\n") == len(("answer", "places", "actions", "reproduce"))


@pytest.mark.parametrize("name", ["flood", "fire"])
def test_prints_four_pages_and_what_is_unfolded(name: str, addresses: dict[str, str], open_page: Any) -> None:
    sheet = open_page(addresses[name], width=688, locale="zh-CN").sheet
    sheet.emulate_media(media="print")
    sections = sheet.locator("article[lang=zh-CN] > section:visible")
    assert sections.count() == 4
    assert all(sections.nth(number).bounding_box()["height"] < 1009 for number in range(4))
    sheet.emulate_media(media="screen")
    sheet.click("button[data-whole]")
    sheet.emulate_media(media="print")
    assert sections.count() == 5
    assert sheet.locator("article[lang=zh-CN] details[open]").count() >= 8


def test_names_on_the_map_lead_to_what_is_done_there(addresses: dict[str, str], open_page: Any) -> None:
    sheet = open_page(addresses["flood"], locale="en-GB").sheet
    spots = sheet.locator("article[lang=en] a.spot")
    assert spots.count() > 3
    first = spots.first
    target = first.get_attribute("href")
    first.click()
    assert sheet.locator(target).is_visible()  # though it was folded
    assert first.get_attribute("aria-label") in sheet.locator(target).inner_text()


def test_prints_the_answer_on_page_one(addresses: dict[str, str], open_page: Any) -> None:
    sheet = open_page(
        addresses["flood"], width=688, locale="zh-CN"
    ).sheet  # the width of a page of A4 between its margins
    sheet.emulate_media(media="print")
    assert not sheet.locator("header.bar").is_visible()
    assert sheet.locator("article[lang=zh-CN] .first").bounding_box()["height"] < 1009  # and its height


def test_the_pdf_is_one(flood: Results, tmp_path: Path, chromium: Any) -> None:
    printed = print_pdf(write_report([flood.path], "en", tmp_path / "report.html"))
    assert printed == tmp_path / "report.pdf"
    content = printed.read_bytes()
    assert content.startswith(b"%PDF-")
    assert content.count(b"/Type /Page\n") == 4
