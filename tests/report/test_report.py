"""The report as a file: what stands in it, that it needs nothing else, and that anybody can read it."""

from __future__ import annotations

import csv
import json
import re
import shlex
import shutil
import sys
from base64 import b64decode
from html.parser import HTMLParser
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner

from simrescue import Results, load, parameters, run
from simrescue.cli import main
from simrescue.errors import ResultsError
from simrescue.experiment.store.manifest import write_manifest
from simrescue.experiment.store.stored_results import log_name, read_results
from simrescue.explain import explain_results
from simrescue.hazards.kinds import HAZARDS
from simrescue.metrics import MEASURES
from simrescue.report import figures, pdf
from simrescue.report.fonts import face
from simrescue.report.pages import run_page
from simrescue.report.pictures import map_pictures, pictures
from simrescue.report.sections.answers import answers
from simrescue.report.sections.assumptions import limits, numbers_of
from simrescue.report.sections.middle_course import middle_course
from simrescue.report.sections.numbers import key_numbers
from simrescue.report.sections.reasons import SENTENCES, why
from simrescue.report.sections.reviewers_sheet import reviewers_sheet
from simrescue.report.sections.verdicts import answer, judged, overall
from simrescue.report.writer import UNBROKEN, content_of, write_report
from simrescue.wording import bilingual, translated
from tests.stores import without_logs

from .conftest import CAUSES, NASTY, mended_row

REPORT = Path(__file__).parents[2] / "simrescue" / "report"
VOID = {"meta", "img", "br", "link", "input", "hr", "col"}


class Parsed(HTMLParser):
    """All elements of a page with their attributes and the text in them."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.texts: list[str] = []
        self._open: list[str] = []
        self.feed(page)
        assert not self._open, f"never closed: {self._open}"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        if not self._open or self._open[-1] not in ("script", "style"):
            self.texts.append(data.replace(UNBROKEN, " "))

    @property
    def text(self) -> str:
        return " ".join(self.texts)

    def all(self, *tags: str) -> list[dict[str, str]]:
        return [attributes for tag, attributes in self.elements if tag in tags]


@pytest.fixture(scope="session")
def files(flood: Results, fire: Results, nasty: Results, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("reports")
    runs = {"flood": flood, "fire": fire, "nasty": nasty}
    return {name: write_report([run.path], "both", folder / f"{name}.html") for name, run in runs.items()}


@pytest.fixture(scope="session", params=["flood", "fire", "nasty"])
def page(request: pytest.FixtureRequest, files: dict[str, Path]) -> Parsed:
    return Parsed(files[request.param].read_text(encoding="utf-8"))


# ---- what stands in it


def test_every_clause_is_told_with_its_verdict_in_both_languages(flood: Results, files: dict[str, Path]) -> None:
    text = Parsed(files["flood"].read_text(encoding="utf-8")).text
    for row in flood.verdicts.to_dict("records"):
        assert row["title"] in text
        assert row["title_zh"] in text
    for one in judged(flood):
        assert one.sentence[0] in text
        assert one.sentence[1] in text


def test_the_answer_is_the_worst_verdict_on_the_measured_obligations(flood: Results, files: dict[str, Path]) -> None:
    duties = flood.verdicts[flood.verdicts["kind"] == "obligation"]["verdict"]
    order = ["not met", "undecided", "met"]
    expected = min((verdict for verdict in duties if verdict in order), key=order.index)
    clauses = judged(flood)
    assert overall(clauses) == expected
    text = Parsed(files["flood"].read_text(encoding="utf-8")).text
    assert answer(clauses)[0] in text
    assert text.index(answer(clauses)[1]) < text.index(bilingual("What was asked").zh)


def test_the_answer_without_measured_obligations_says_that_it_cannot_be_said(flood: Results) -> None:
    only = [one._replace(verdict="not measured") for one in judged(flood)]
    assert overall(only) == "not measured"
    assert answer(only)[0].startswith("It cannot be said: no promise")


@pytest.mark.parametrize(("name", "word"), [("flood", "flood"), ("fire", "wildfire")])
def test_what_is_not_modelled_and_every_number_behind_it_are_told(
    name: str, word: str, request: pytest.FixtureRequest, files: dict[str, Path]
) -> None:
    results: Results = request.getfixturevalue(name)
    text = Parsed(files[name].read_text(encoding="utf-8")).text
    assert all(english in text and chinese in text for english, chinese in limits(results))
    assert all(row.source.en in text for row in numbers_of(results))
    assert HAZARDS[word].words.zh in text


def test_numbers_of_one_hazard_do_not_stand_in_the_report_on_the_other(flood: Results, fire: Results) -> None:
    of_flood, of_fire = ({row.name for row in numbers_of(results)} for results in (flood, fire))
    assert "flood_level_sd_m" in of_flood - of_fire
    assert "fire_wind_sd" in of_fire - of_flood
    assert of_flood | of_fire == {name for name, row in parameters.table().items() if row.hazard != "menu"}


def test_numbers_that_the_scenario_sets_stand_first_with_the_default(tmp_path: Path) -> None:
    sets = {"parameters.boarding_h_per_person": "90 s", "parameters.depot_load_h": "3 h"}
    results = run(load(REPORT.parents[1] / "scenarios/tiny-flood", sets=sets), replications=1, out=tmp_path / "results")
    told = numbers_of(results)
    assert [(row.name, row.value, row.instead_of, row.believed, row.verified) for row in told[:2]] == [
        ("boarding_h_per_person", "0.025", "0.0167", True, False),
        ("depot_load_h", "3", "1", False, False),
    ]
    assert not any(row.instead_of for row in told[2:])
    text = Parsed(write_report([results.path]).read_text(encoding="utf-8")).text
    assert "set by the scenario; default 0.0167" in text
    assert "情景设定，默认1; 超出范围" in text


def test_it_tells_how_to_run_it_again(flood: Results) -> None:
    facts = {label[0]: text[0] for label, text in run_page(flood).reproduce}
    words = ["simrescue", "run", "scenarios/tiny-flood", "--replications", "3", "--seed", "1", "--out", str(flood.path)]
    assert shlex.split(facts["Command as it was given"]) == words
    assert facts["Given in the folder"] == str(Path.cwd())
    assert facts["SHA-256 of the scenario"] == flood.manifest["scenario"]["checksum"]


def test_the_same_results_give_the_same_bytes(flood: Results, tmp_path: Path) -> None:
    # the page names the tables beside it, so both are called alike
    first, second = (write_report([flood.path], "zh", tmp_path / name / "a.html").read_bytes() for name in "ab")
    assert first == second


# ---- it needs nothing else


def test_it_reaches_for_nothing_outside(page: Parsed) -> None:
    addresses = [one[name] for _, one in page.elements for name in ("src", "href", "data", "action") if name in one]
    assert addresses
    assert all(address.startswith(("data:image/svg+xml;base64,", "#")) for address in addresses)
    assert not page.all("link", "iframe", "object", "embed", "base", "form")


def test_links_lead_to_places_on_the_page_and_names_are_given_once(page: Parsed) -> None:
    ids = [one["id"] for _, one in page.elements if "id" in one]
    assert len(ids) == len(set(ids))
    assert {one["href"].removeprefix("#") for one in page.all("a")} <= set(ids)


def test_it_stays_below_five_megabytes(files: dict[str, Path]) -> None:
    assert max(path.stat().st_size for path in files.values()) < 5_000_000


# ---- anybody can read it


def test_headings_come_in_order(page: Parsed) -> None:
    levels = [int(tag[1]) for tag, _ in page.elements if re.fullmatch(r"h[1-6]", tag)]
    assert levels.count(1) == len(page.all("article"))
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_pictures_have_a_text_that_stands_for_them(page: Parsed) -> None:
    assert page.all("img")
    assert all(len(one["alt"]) > 20 for one in page.all("img"))
    for one in page.all("svg"):
        assert one.get("aria-hidden") == "true" or (one["role"] == "img" and len(one["aria-label"]) > 5)


def test_heads_of_tables_say_what_they_head(page: Parsed) -> None:
    assert all(one.get("scope") in ("col", "row", "rowgroup") for one in page.all("th"))


def test_languages_are_told(page: Parsed) -> None:
    assert [one["lang"] for one in page.all("html", "article")] == ["zh-CN", "zh-CN", "en"]
    assert [one["data-lang"] for one in page.all("article")] == ["zh", "en"]


# ---- names from scenario files


def test_markup_in_names_stays_text(nasty: Results, files: dict[str, Path]) -> None:
    page = Parsed(files["nasty"].read_text(encoding="utf-8"))
    assert not [name for _, one in page.elements for name in one if name.startswith("on")]
    assert len(page.all("script")) == 1
    assert all(one["src"].startswith("data:") for one in page.all("img"))
    assert NASTY[0] in page.text
    assert any(name in page.text for name in NASTY[1:])
    assert "49" not in re.findall(r"&amp;(\d+)", page.text)


def test_markup_in_names_stays_text_inside_pictures_too(files: dict[str, Path]) -> None:
    page = Parsed(files["nasty"].read_text(encoding="utf-8"))
    for one in page.all("img"):
        picture = ET.fromstring(b64decode(one["src"].partition(",")[2]))
        for element in picture.iter():
            assert element.tag.rpartition("}")[2] not in ("script", "foreignObject", "a", "img")
            assert not [name for name in element.attrib if name.startswith("on")]


# ---- several runs, experiments


def test_runs_side_by_side_on_one_page(flood: Results, fire: Results, tmp_path: Path) -> None:
    text = write_report([flood.path, fire.path], "en", tmp_path / "batch.html").read_text(encoding="utf-8")
    page = Parsed(text)
    for results in (flood, fire):
        assert results.manifest["scenario"]["name"] in page.text
        titles = results.verdicts[results.verdicts["verdict"] != "not measured"]["title"]
        assert all(title in page.text for title in titles)
    assert [one["lang"] for one in page.all("article")] == ["en"]


def test_runs_of_equal_name_are_told_apart_by_their_folders(flood: Results, tmp_path: Path) -> None:
    page = Parsed(write_report([flood.path, flood.path], "en", tmp_path / "batch.html").read_text(encoding="utf-8"))
    assert f"tiny-flood ({flood.path.name})" in page.text


@pytest.fixture(scope="session")
def swept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sweep") / "boats"
    words = ["sweep", "experiments/tiny-boats.yaml", "-n", "2", "-w", "1", "--no-charts", "--out", str(folder)]
    done = CliRunner().invoke(main, words)
    assert done.exit_code == 0, done.output
    return folder


def test_an_experiment_has_its_answer_design_pictures_and_points(swept: Path, tmp_path: Path) -> None:
    page = Parsed(write_report([swept], "both", tmp_path / "sweep.html").read_text(encoding="utf-8"))
    assert re.search(r"(No point of|[1-6] of) 6 (points are|is) shown to meet T01a", page.text)
    assert re.search(r"Value, and what is needed.*\d % of [0-9,]+ people within 12 h", page.text, re.DOTALL)
    assert len(page.all("img")) >= 6
    assert len([one for one in page.all("img") if "Heat map" in one["alt"]]) >= 1
    assert "镇冲锋舟" in page.text


ONE_BY_ONE = """
simrescue: 1
name: one-by-one
scenario: {scenario}
factors:
  boats: {{label: Boats, path: boats.boats-town.count, range: {{low: 0, high: 8}}, whole: true, base: 2}}
  refuse: {{label: Stay, role: uncertainty, path: evacuation.refuse, range: {{low: 0, high: 0.9}}, base: 0.1}}
design: {{kind: one-at-a-time}}
replications: 16
watch: {{clauses: [T01a], metrics: [share_moved_before_impact]}}
"""


@pytest.mark.slow
def test_an_experiment_on_what_nobody_chooses_says_what_moves_the_outcome(tmp_path: Path) -> None:
    file = tmp_path / "one.yaml"
    file.write_text(ONE_BY_ONE.format(scenario=Path("scenarios/tiny-flood").resolve()), encoding="utf-8")
    done = CliRunner().invoke(main, ["sweep", str(file), "-w", "1", "--no-charts", "--out", str(tmp_path / "out")])
    assert done.exit_code == 0, done.output
    page = Parsed(write_report([tmp_path / "out"], "en").read_text(encoding="utf-8"))
    assert "What the outcome depends on" in page.text
    assert re.search(
        r"Moved out before the hazard came: with Stay 0.9 it goes from [0-9.]+ % to [0-9.]+ %\.", page.text
    )
    told = page.text.partition("What the outcome depends on")[2].partition("Design of the experiment")[0]
    assert {line.partition(":")[0] for line in map(str.strip, told.split("\n")) if line} == {
        "T01a Basic relief of all affected within 12 h (2023 target), needed 100 %", "Moved out before the hazard came",
    }, "what the experiment watches, and nothing else"  # fmt: skip
    assert "shown to meet" not in page.text


def test_an_experiment_stands_alone(swept: Path, flood: Results) -> None:
    with pytest.raises(ResultsError, match="stands alone"):
        write_report([flood.path, swept])


# ---- answers of searches beside a run


def _mend(folder: Path, content: Any) -> Path:
    (folder / "mend.json").write_text(json.dumps(content), encoding="utf-8")
    return folder


VERDICT = {"verdict": "not met", "estimate": 0.1, "low": 0.0, "high": 0.3, "n": 20, "required": 0.9, "confidence": 0.95}


def test_the_cheapest_change_that_turns_a_verdict_is_told(tmp_path: Path) -> None:
    change = {
        "change": "boats",
        "label": "6 more boats",
        "label_zh": "增加6艘",
        "cost": 480_000.0,
        "sets": {},
        **VERDICT,
        "verdict": "met",
        "estimate": 0.98,
        "low": 0.93,
        "high": 1.0,
        "gain": 0.8,
        "p": 0.001,
    }
    clause = {
        "clause": "hebei/T01a",
        "base": VERDICT,
        "menu": 9,
        "turning": ["boats"],
        "confirmed": [change],
        "screened": [],
    }
    (found,) = answers(_mend(tmp_path, {"spent": 100, "clauses": [clause]}))
    assert found.sentence[0] == (
        "Cheapest single change that turns T01a: 6 more boats, for 0.48 million yuan; "
        "it then holds in 98 % (93 % to 100 %), against 10 % now."
    )
    assert "增加6艘" in found.sentence[1]
    assert found.changes[0].verdict == "met"


def test_a_menu_that_turns_nothing_says_so(tmp_path: Path) -> None:
    clause = {"clause": "hebei/T01a", "base": VERDICT, "menu": 9, "turning": [], "confirmed": [], "screened": []}
    (found,) = answers(_mend(tmp_path, {"spent": 100, "clauses": [clause]}))
    assert "9 single changes" in found.sentence[0]
    assert not found.turns


def test_what_could_not_be_settled_is_told_beside_what_was_found(tmp_path: Path) -> None:
    clause = {
        "clause": "hebei/T01a", "base": VERDICT, "menu": 9, "turning": [], "confirmed": [], "undecided": ["a", "b"],
    }  # fmt: skip
    (tmp_path / "size.json").write_text(json.dumps({"best": None, "undecided": [1]}), encoding="utf-8")
    mended, sized = answers(_mend(tmp_path, {"spent": 100, "clauses": [clause]}))
    assert mended.sentence[0].endswith("in 10 % now. Undecided: 2, which more replications may settle.")
    assert mended.sentence[1].endswith("另有2种未判定，增加推演次数可能得出判定。")
    assert sized.sentence[0].endswith("to be enough. Undecided: 1, which more replications may settle.")


@pytest.mark.parametrize("text", ["[]", "{}", "no json", '{"clauses": [{"clause": 1}]}', '{"clauses": 3}'])
def test_a_file_that_is_no_answer_is_named(text: str, tmp_path: Path) -> None:
    (tmp_path / "mend.json").write_text(text, encoding="utf-8")
    with pytest.raises(ResultsError, match=r"mend\.json is no answer"):
        answers(tmp_path)


def test_the_least_that_is_enough_is_told(tmp_path: Path) -> None:
    best = {"values": {"boats": 6.0, "mode": "fast"}, "cost": 1_500_000.0}
    (tmp_path / "size-boats.json").write_text(json.dumps({"best": best}), encoding="utf-8")
    assert answers(tmp_path)[0].sentence[0] == "Enough for 1.5 million yuan: boats 6, mode fast."
    told = {"sentences": ["Enough: Boats 6.", "20 spent."], "sentences_zh": ["足够：舟艇6艘。", "共20次。"]}
    (tmp_path / "size-boats.json").write_text(json.dumps({"best": best} | told), encoding="utf-8")
    (found,) = answers(tmp_path)
    assert found.told == (("Enough: Boats 6.", "足够：舟艇6艘。"), ("20 spent.", "共20次。"))
    assert found.turns


# ---- numbers and reasons


def test_bad_cases_come_from_the_side_that_is_bad(flood: Results) -> None:
    values = {number.metric: number for number in key_numbers(flood)}
    table = flood.replications
    assert values["share_relieved_10h"].worst == figures.share(table["share_relieved_10h"].min())
    assert values["late_person_h"].worst == figures.count(table["late_person_h"].max())
    assert values["late_person_h"].middle == figures.count(np.sort(table["late_person_h"])[1])


def test_reasons_are_those_of_explain(flood: Results) -> None:
    found = why(flood)
    assert found is not None
    for one in found.clauses:
        parts = sum(part.width for part in one.parts)
        assert 95 < parts <= 100 + 1e-9
    explained = explain_results(flood)
    hours = explained.places.groupby(["clause", "place"])["person_h"].sum()
    shown = {place.thing: place.person_h for place in found.places}
    main_clause = next(
        key
        for key in dict.fromkeys(explained.places["clause"])
        if {place for clause, place in hours.index if clause == key} >= set(shown)
        and all(figures.count(hours[key, place]) == said for place, said in shown.items())
    )
    assert shown
    assert main_clause
    assert all(0 < len(story.sentences) <= SENTENCES for story in found.stories)


def test_without_event_logs_the_reasons_are_told_and_no_stories(flood: Results, tmp_path: Path) -> None:
    bare = without_logs(flood, tmp_path / "bare")
    reasons, whole = why(bare), why(flood)
    assert reasons
    assert whole
    assert reasons.places
    assert reasons == whole._replace(stories=())
    page = Parsed(write_report([bare.path], "en").read_text(encoding="utf-8"))
    assert "No event logs are kept in this folder, so that no stories can be told." in page.text
    assert "Neither reasons nor event logs" not in page.text


def test_without_reasons_and_event_logs_it_cannot_tell_why(flood: Results, tmp_path: Path) -> None:
    bare = without_logs(flood, tmp_path / "bare")
    files = {name: one for name, one in bare.manifest["files"].items() if name != "reasons.parquet"}
    write_manifest(bare.path, bare.manifest | {"files": files})
    page = Parsed(write_report([bare.path], "en").read_text(encoding="utf-8"))
    assert "Neither reasons nor event logs are kept in this folder: why anybody was late cannot be told." in page.text


def test_reasons_are_means_over_all_replications_whoever_keeps_its_log(flood: Results, tmp_path: Path) -> None:
    some = tmp_path / "some"
    shutil.copytree(flood.path, some)
    kept = log_name(0)
    files = {
        name: one for name, one in flood.manifest["files"].items() if not name.startswith("events/") or name == kept
    }
    write_manifest(some, flood.manifest | {"files": files})
    reasons = why(read_results(some))
    assert reasons
    assert reasons.replications == len(flood.replications) > 1


def test_the_words_of_a_report_come_from_one_event_log(flood: Results, monkeypatch: pytest.MonkeyPatch) -> None:
    """However many replications the run has: the rest was stored by the workers that made them. Maps read all logs."""
    read, log = set(), Results.log

    def counted(self: Results, replication: int) -> Any:
        read.add(replication)
        return log(self, replication)

    monkeypatch.setattr(Results, "log", counted)
    page = run_page(flood)
    assert page.course
    assert read == {page.course.replication}


def test_page_one_tells_causes_packages_and_the_second_chance(everything: Results, tmp_path: Path) -> None:
    text = write_report([everything.path], "en", tmp_path / "all.html").read_text(encoding="utf-8")
    first = Parsed("<article>" + text.partition('<section class="first"')[2].partition(">")[2].partition("<nav")[0]
                   .rpartition("</section>")[0] + "</article>").text  # fmt: skip
    for row in CAUSES[:3]:
        assert f"With {row[1]}" in first
    assert "With all causes lifted together" in first
    best, absurd = mended_row(everything)["sentences"][1:]
    assert best in first
    assert absurd not in first
    assert absurd in Parsed(text).text
    (drawn,) = [one.drawn[0] for one in run_page(everything).duties[:1]]
    assert drawn in first


@pytest.mark.parametrize(
    ("number", "english", "chinese"),
    [
        (1.5, "1 h 30 min", "1小时30分钟"),
        (64.46, "64.5 h", "64.5小时"),
        (float("inf"), "never", "从未"),
        (float("nan"), "-", "-"),
    ],
)
def test_durations(number: float, english: str, chinese: str) -> None:
    assert figures.hours(number) == (english, chinese)


@pytest.mark.parametrize(
    ("number", "written"), [(1_829_278.0, "1,830,000"), (86.0, "86"), (0.0, "0"), (0.1234, "0.123"), (999.6, "1,000")]
)
def test_large_numbers_keep_three_figures(number: float, written: str) -> None:
    assert figures.count(number)[0] == written


def test_shares_near_the_ends_keep_a_tenth() -> None:
    assert [figures.share(share)[0] for share in (0.0, 0.004, 0.5, 0.995, 1.0)] == [
        "0 %",
        "0.4 %",
        "50 %",
        "99.5 %",
        "100 %",
    ]


# ---- words, fonts


def test_every_parameter_and_limit_has_its_chinese() -> None:
    """They are messages of tables, which no literal of the code shows."""
    texts = [row.used_for for row in parameters.table().values()]
    with (REPORT / "limits.csv").open(encoding="utf-8", newline="") as file:
        texts += [row["text"] for row in csv.DictReader(file)]
    assert len(texts) > 150
    assert [text for text in texts if translated(text, "zh") == text] == []


def test_every_chinese_character_of_the_page_is_in_its_font(files: dict[str, Path]) -> None:
    from fontTools.ttLib import TTFont

    text = files["flood"].read_text(encoding="utf-8")
    kept = re.search(r"font/woff;base64,([^\"]+)", text)
    assert kept
    known = set(TTFont(BytesIO(b64decode(kept[1]))).getBestCmap())
    assert not {one for one in Parsed(text).text if "\u4e00" <= one <= "\u9fff" and ord(one) not in known}


def test_the_font_has_the_characters_of_the_page() -> None:
    from fontTools.ttLib import TTFont

    rule = face("涿州 flood 12")
    kept = re.search(r"base64,([^\"]+)", rule)
    assert kept
    known = set(TTFont(BytesIO(b64decode(kept[1]))).getBestCmap())
    assert set(map(ord, "涿州flod12")) <= known
    assert ord("洪") not in known


# ---- the command


def test_the_command_writes_beside_the_results(flood: Results) -> None:
    done = CliRunner().invoke(main, ["report", str(flood.path), "--lang", "en"])
    assert done.exit_code == 0, done.output
    assert (flood.path / "report-en.html").exists()
    assert str(flood.path / "report-en.html") in done.output


def test_a_folder_without_results_is_told(tmp_path: Path) -> None:
    done = CliRunner().invoke(main, ["report", str(tmp_path)])
    assert done.exit_code == 1
    assert "is no results folder" in done.output


def test_pdf_without_a_browser_says_what_is_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf.shutil, "which", lambda _: None)
    with pytest.raises(ResultsError, match="needs a browser on the path"):
        pdf.print_pdf(tmp_path / "report.html")


def test_the_report_tells_the_spread_of_the_flood(flood: Results, fire: Results) -> None:
    def told_of(results: Results) -> list[str]:
        return [english for english, _ in run_page(results).sure if "first water" in english]

    [sentence] = told_of(flood)
    assert "(stated: arrival" in sentence
    assert not told_of(fire)


# ---- the action list, the middle course, the reviewer's sheet


def test_the_action_list_tells_each_mission_by_village_and_by_force(flood: Results, files: dict[str, Path]) -> None:
    page = run_page(flood)
    assert page.actions
    assert page.course
    sent = int((flood.events(page.course.replication)["event"] == "ASSIGNED").sum())
    for lang in ("en", "zh"):
        folder = files["flood"].parent
        with (folder / f"flood-forces-{lang}.csv").open(encoding="utf-8-sig", newline="") as file:
            assert len(list(csv.reader(file))) == sent + 1
        with (folder / f"flood-villages-{lang}.csv").open(encoding="utf-8-sig", newline="") as file:
            named = {line[0] for line in csv.reader(file)}
        assert {place.name[("en", "zh").index(lang)] for place in page.actions.places} <= named
    by_place = [row for place in page.actions.places for row in place.actions]
    by_force = [row for force in page.actions.forces for row in force.actions]
    assert sorted(by_place) == sorted(by_force)
    moments = [min(row.sent_h for row in force.actions) for force in page.actions.forces]
    assert moments == sorted(moments)


def test_a_fire_in_the_action_list_has_no_residents_and_no_order(fire: Results, files: dict[str, Path]) -> None:
    actions = run_page(fire).actions
    assert actions
    villages = set(fire.places["village"])
    assert {place.is_village for place in actions.places} == {True, False}
    assert all(place.is_village == (place.thing in villages) for place in actions.places)
    text = Parsed(files["fire"].read_text(encoding="utf-8")).text
    assert "- residents" not in text
    assert "居民-" not in text


def test_the_middle_course_has_the_middle_value(flood: Results) -> None:
    for clause, rows in flood.clauses.dropna(subset="value").groupby("clause"):
        course = middle_course(flood, str(clause))
        assert course
        values = rows.set_index("replication")["value"]
        middle = np.quantile(values.to_numpy(), 0.5, method="inverted_cdf")
        assert values[course.replication] == middle
    assert middle_course(flood, "no/clause")


def test_shortfall_places_and_story_are_of_one_replication(flood: Results) -> None:
    """What the first page says of where adds up to what it says is short, and the story is of the same replication."""
    found = why(flood)
    assert found is not None
    row = next(row for row in flood.verdicts.to_dict("records") if f"{row['plan']}/{row['clause']}" == found.key)
    course = middle_course(flood, found.key)
    assert course is not None
    rows = flood.shortfalls
    rows = rows[(rows["clause"] == found.key) & (rows["replication"] == course.replication)]
    lacking = (rows["counted"] - rows["kept"]).sum()
    assert lacking > 0
    assert row["short"] == pytest.approx(lacking)
    worst = rows.loc[(rows["counted"] - rows["kept"]).idxmax(), "place"]
    assert found.short[0].zh.startswith(flood.things["name_zh"][worst])
    assert {story.replication for story in found.stories} == {course.replication}


def test_the_middle_course_is_sought_among_the_logs_that_are_kept(flood: Results, tmp_path: Path) -> None:
    assert middle_course(without_logs(flood, tmp_path / "bare"), "no/clause") is None


def test_the_sheet_has_every_item_and_tells_the_run(flood: Results, fire: Results) -> None:
    numbers = [
        "1.1", "1.2", "1.3", "2.1", "2.2", "2.3", "2.4", "2.5.1", "2.5.2", "2.5.3", "2.5.4", "2.5.5", "3.1", "3.2",
        "3.3", "3.4", "4.1", "4.2", "4.3", "5.1", "5.2", "5.3", "5.4", "6.1",
    ]  # fmt: skip
    sheets = [reviewers_sheet(results, numbers_of(results)) for results in (flood, fire)]
    for sheet in sheets:
        items = [item for section in sheet for item in section.items]
        assert [item.number for item in items] == numbers
        assert all(text for item in items for text in (*item.question, *item.answer))
    told = [{item.number: item.answer[0] for section in sheet for item in section.items} for sheet in sheets]
    assert str(flood.manifest["code"]) in told[0]["6.1"]
    assert all(told[0][number] != told[1][number] for number in ("1.1", "2.5.1", "2.5.3", "4.1", "4.2"))
    texts = [text for sheet in sheets for section in sheet for item in section.items for text in item.answer]
    assert not any(name in text for text in texts for name in MEASURES), "measures are told by what they are called"
    assert not any(re.search(r"\de[+-]\d|\d{4}-\d{2}-\d{2}T|\b(\w+) \1\b", text) for text in texts)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_word_file_has_the_pages_of_the_report(lang: str, flood: Results, tmp_path: Path) -> None:
    docx = pytest.importorskip("docx", reason="python-docx is not installed (pip install .[word])")
    page = tmp_path / "report.html"
    words = ["--lang", "en", "report", str(flood.path), "--lang", lang, "--out", str(page), "--docx"]
    found = CliRunner().invoke(main, words, catch_exceptions=False)
    assert found.exit_code == 0
    document = docx.Document(str(page.with_suffix(".docx")))
    headings = [one.text for one in document.paragraphs if one.style.name in ("Heading 1", "Heading 2")]
    pages = [translated(text, lang) for text in ("Does the plan hold?", "Where, and what happened there", "Action list",
                                                 "How to reproduce it")]  # fmt: skip
    assert headings[1:] == pages
    assert len(document.inline_shapes) == 1
    at = ("en", "zh").index(lang)
    cells = {cell.text.replace(UNBROKEN, " ") for table in document.tables for row in table.rows for cell in row.cells}
    run = run_page(flood)
    assert {one.value[at] for one in run.duties} <= cells
    assert any(run.actions.places[0].name[at] in cell for cell in cells)
    assert any(run.reproduce[0][1][at] == cell for cell in cells)
    # Word has no bars, so neither their column nor the legend of their colours.
    assert translated("Where the time went", lang) not in cells
    assert {one.text for one in document.paragraphs}.isdisjoint(part.name[at] for part in run.why.legend_of_places)


def test_a_map_without_names_stands_among_the_pages_too(flood: Results, monkeypatch: pytest.MonkeyPatch) -> None:
    nameless = read_results(flood.path)
    vars(nameless)["things"] = flood.things.assign(name="", name_zh="")
    [shown] = [one for one in pictures(nameless, "en") if one.is_map]
    assert (shown.name, shown.spots) == ("map", [])
    assert list(map_pictures(nameless, "zh")) == ["map"]
    monkeypatch.setattr("simrescue.report.writer.read_results", lambda _: nameless)
    page = content_of([flood.path], "report").article("en")
    assert page.index('id="en-places"') < page.index('<figure id="en-map"') < page.index('id="en-actions"')


def test_a_clause_that_the_scenario_alone_answers_has_no_chance(flood: Results) -> None:
    static = read_results(flood.path)
    row = flood.verdicts.iloc[0].to_dict() | {
        "estimate": 0.114,
        "low": np.nan,
        "reason": "counted",
        "reason_zh": "计数",
    }
    vars(static)["verdicts"] = pd.DataFrame([row | {"verdict": "not met"}])
    [told] = judged(static)
    assert told.chance.en == "certain: the scenario alone answers it"
    assert "0.114" not in told.chance.en


def test_word_without_its_library_says_what_to_install(
    flood: Results, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "docx", None)
    words = ["--lang", "en", "report", str(flood.path), "--lang", "en", "--out", str(tmp_path / "a.html"), "--docx"]
    found = CliRunner().invoke(main, words, catch_exceptions=False)
    assert found.exit_code == 1
    assert "python-docx" in found.stderr
