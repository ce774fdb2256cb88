"""Every command in English without Chinese, in Chinese without English, and as one JSON document."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from contextlib import nullcontext
from contextvars import Context
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import click
import pytest
import yaml
from click.testing import CliRunner, Result

from simrescue.cli import main
from simrescue.cli.help import messages
from simrescue.cli.language import screen_language
from simrescue.cli.main import COMMANDS
from simrescue.cli.show.lines import cells
from simrescue.parameters import table
from simrescue.scenario.plans.plans_file import load_plan
from simrescue.wording import translated
from tests.conftest import ENGLISH
from tests.experiment.judged import judged

CHINESE = re.compile(r"[\u2e80-\u303f\u3400-\u9fff\uf900-\ufaff\uff00-\uffef]")
FIRE = Path(__file__).parents[1] / "scenarios" / "tiny-fire"
LEVER = {"label": "Town boats", "label_zh": "镇舟艇", "path": "boats.boats-town.count", "values": [1, 12]}
REPORT = {"label": "Report", "label_zh": "报告用时", "path": "command.report", "unit": "min", "values": [2, 240]}
MENU: dict[str, Any] = {
    "many": {"label": "many boats", "label_zh": "多艘舟艇", "cost": 9, "set": {"boats.boats-town.count": 18}}
}
HISTORY = """
history:
  - {what: out by noon, what_zh: 中午前转出, metric: evacuated_by, at: 12 h, value: 99999, unit: persons, source: --}
  - {what: rescued at least, what_zh: 至少救出, metric: rescued, value: 1, bound: at least, source: --}
  - {what: water comes, what_zh: 来水, metric: water_arrives, moment: 1 h, source: --}
  - {what: food for one, what_zh: 一人得到食物, metric: food_h, value: 0.01, source: --, doubt: copied}
"""
QUICK = ("-n", "2", "-w", "1", "--no-charts")


def call(lang: str, *words: object, width: int = 400) -> Result:
    result = CliRunner().invoke(main, ["--lang", lang, *map(str, words)], env={"COLUMNS": str(width)})
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a scenario, experiments, a menu, stored runs, one of them damaged, and a sweep."""
    place = judged(tmp_path_factory.mktemp("screen")).parent
    shutil.copytree(FIRE, place / "tiny-fire")
    shutil.copytree(place / "tiny-flood", place / "recorded")
    with (place / "recorded" / "scenario.yaml").open("a", encoding="utf-8") as file:
        file.write(HISTORY)
    given = {"simrescue": 1, "scenario": "tiny-flood", "watch": {"clauses": ["S1"]}, "replications": 2}
    rule = {"min": 2, "max": 4, "batch": 2}
    uncertain = {"r": {**REPORT, "role": "uncertainty"}}
    for name, more in {
        "boats": {"factors": {"boats": LEVER}, "replications": rule},
        "tornado": {"factors": uncertain, "design": {"kind": "one-at-a-time"}},
    }.items():
        (place / f"{name}.yaml").write_text(yaml.safe_dump({"name": name, **given, **more}), encoding="utf-8")
    shutil.copy(place / "tiny-flood" / "villages.csv", place)
    (place / "menu.yaml").write_text(yaml.safe_dump({"simrescue": 1, "changes": MENU}), encoding="utf-8")
    for out, words in {
        "plain": ("run", place / "tiny-flood", *QUICK),
        "slow": ("run", place / "tiny-flood", "-v", "slow", *QUICK),
        "swept": ("sweep", place / "tornado.yaml", *QUICK),
    }.items():
        assert call("en", *words, "--out", place / out).exit_code == 0
    shutil.copytree(place / "plain", place / "broken")
    next((place / "broken").rglob("*.csv")).write_text("", encoding="utf-8")
    return place


SAID: dict[str, tuple[str, ...]] = {
    "batch": ("batch", "tiny-flood", "tiny-flood:slow", *QUICK, "--out", "{new}"),
    "bound": ("bound", "tiny-flood", "-n", "2"),
    "check": ("check", "tiny-flood"),
    "check of a fire": ("check", "tiny-fire"),
    "compare": ("compare", "plain", "slow"),
    "compare for the best": ("compare", "plain", "slow", "-m", "deaths", "--best", "deaths", "--smallest"),
    "explain": ("explain", "plain"),
    "explain of a place": ("explain", "plain", "--place", "east-ferry"),
    "export": ("export", "plain", "--out", "{new}"),
    "export of a scenario": ("export", "tiny-flood", "--out", "{new}"),
    "import": ("import", "county", "villages.csv", "--dir", "{new}"),
    "mend": ("mend", "tiny-flood", "--menu", "menu.yaml", "-c", "S1", "--budget", "10", "-w", "1"),
    "mend, its menu": ("mend", "tiny-flood", "--menu", "menu.yaml", "--show-menu"),
    "new": ("new", "county", "--dir", "{new}"),
    "parameters": ("parameters", "tiny-flood", "boat_seats", "--set", "parameters.boat_seats=3"),
    "plans": ("plans",),
    "plans, one": ("plans", "hebei-2023-2027"),
    "replay": ("replay", "plain", "--out", "{new}.html"),
    "report": ("report", "plain", "--out", "{new}.html"),
    "run": ("run", "tiny-flood", *QUICK, "--plan", "hebei-2023-2027", "--out", "{new}"),
    "run, each clause": ("run", "tiny-flood", *QUICK, "--plan", "hebei-2023-2027", "--out", "{new}", "--all"),
    "run of a fire": ("run", "tiny-fire", *QUICK, "--out", "{new}"),
    "sensitivity": ("sensitivity", "swept"),
    "serve": ("serve", "."),
    "size": ("size", "boats.yaml", "-w", "1"),
    "sweep": ("sweep", "boats.yaml", "-w", "1", "--no-charts", "--out", "{new}"),
    "sweep, forecast": ("sweep", "boats.yaml", "--dry-run"),
    "validate": ("validate", "recorded", "-n", "2", "-w", "1", "--out", "{new}"),
    "reproduce": ("reproduce", "plain", "-w", "1"),
    "reproduce of what is damaged": ("reproduce", "broken", "-w", "1"),
    "triggers": ("triggers",),
    "triggers, one table": ("triggers", "yellow-river-flood"),
    "triggers, copied": ("triggers", "nanyang-urban-flood", "--out", "{new}"),
    "verify": ("verify", "plain"),
    "verify of what is damaged": ("verify", "broken"),
}  # fmt: skip


SIMULATES = ("batch", "bound", "mend", "run", "sweep", "validate")
"""Commands that tell on stderr how far they are, however quick they are (`size` does when a minute has passed)."""


def sources(words: tuple[str, ...], lang: str) -> Iterator[str]:
    """What is printed as it was published, whatever the language."""
    if words[0] == "parameters":
        yield from (translated(row.source, lang) for row in table().values())
    if words[:2] == ("plans", "hebei-2023-2027"):
        yield from "".join(clause.text_zh for clause in load_plan("hebei-2023-2027").clauses)  # in cells, broken
    if "--show-menu" in words:
        yield MENU["many"]["label_zh"]


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("words", [(), *((name,) for name in COMMANDS)])
def test_help_speaks_one_language_and_fits_the_screen(words: tuple[str, ...], lang: str) -> None:
    shown = call(lang, *words, "--help", width=80)
    assert shown.exit_code == 0
    wrong = CHINESE if lang == "en" else ENGLISH
    text = re.sub(r"simrescue .*", "", shown.output)
    assert not wrong.search(text), wrong.findall(text)
    assert max(map(cells, shown.output.splitlines())) <= 80, "wide characters take two cells"


def commands_of(group: click.Group) -> Iterator[click.Command]:
    for command in group.commands.values():
        yield command
        if isinstance(command, click.Group):
            yield from commands_of(command)


def test_chinese_help_calls_arguments_as_the_line_of_usage_does() -> None:
    for command in commands_of(main):
        said = list(messages(command))
        for name in {word for part in said for word in re.findall(r"\b[A-Z]{4,}\b", part) if word in said}:
            for part in said:
                assert not re.search(rf"\b{name}\b", translated(part, "zh"), re.ASCII), (command.name, part)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("mend",), "错误：缺少参数 '情景'"),
        (("--nope",), "错误：没有选项 '--nope'"),
        (("run", "x", "y"), "错误：多余的参数（y）"),
        (("run", "x", "--events", "some"), "'--events' 的取值无效：'some' 不在下列之中"),
        (("run", "x", "-n"), "选项 '-n' 需要1个取值"),
        (("run", "x", "-n", "0"), "'--replications' / '-n' 的取值无效：0 不在范围"),
        (("check", "nowhere"), "villages.csv：应为"),
        (("plans", "hebei"), "是否想写“hebei-2023-2027”"),
        (("verify", "nowhere"), "没有此结果文件夹"),
        (("reproduce", "nowhere"), "没有此结果文件夹"),
        (("explain", "nowhere"), "nowhere 不是结果文件夹"),
        (("compare", "nowhere"), "比较至少需要两个方案"),
    ],
)
def test_what_is_refused_is_told_in_chinese(
    words: tuple[str, ...], told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    shown = CliRunner().invoke(main, words, env={"SIMRESCUE_LANG": "zh"})
    assert shown.exit_code in (1, 2)
    assert told in shown.stderr
    assert not ENGLISH.search(re.sub(r"simrescue .*", "", shown.stderr)), shown.stderr


def test_every_command_is_looked_at() -> None:
    assert {words[0] for words in SAID.values()} == set(COMMANDS) - {"schema"}, "schema prints JSON alone"


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("what", SAID)
def test_each_command_speaks_one_language(
    what: str, lang: str, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    served = SimpleNamespace(server_port=1, serve_forever=lambda: None)
    monkeypatch.setattr("simrescue.report.local.make_server", lambda *_: nullcontext(served))
    monkeypatch.chdir(home)
    words = tuple(word.format(new=tmp_path / "new") for word in SAID[what])
    shown = call(lang, *words)
    assert shown.exit_code in (0, 1), shown.output
    text = re.sub(r"simrescue .*", "", shown.output)
    for source in sources(words, lang) if lang == "en" or words[0] == "parameters" else ():
        text = text.replace(source, "")
    assert text.strip()
    wrong = CHINESE if lang == "en" else ENGLISH
    assert not wrong.search(text), wrong.findall(text)
    assert lang == "en" or CHINESE.search(text)


@pytest.mark.parametrize("name", COMMANDS)
def test_the_language_may_stand_behind_every_command(name: str) -> None:
    behind = CliRunner().invoke(main, [name, "--lang", "zh", "--help"], env={"COLUMNS": "80"})
    assert behind.output == call("zh", name, "--help", width=80).output
    refused = CliRunner().invoke(main, [name, "--nope", "--lang=zh"])
    assert "错误：没有选项 '--nope'" in refused.stderr, "whatever stands before it"


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_takes_json(name: str) -> None:
    command = main.commands[name]
    assert any("--json" in option.opts for option in command.params), "each answer can be had as data"


@pytest.mark.parametrize(
    ("words", "code", "faults"),
    [
        (("run", "nowhere"), 2, 3),
        (("run", "tiny-flood", "--set", "command.nope=1", "--set", "relief.neither=2"), 2, 2),
        (("run", "tiny-flood", "--nope"), 2, 0),
        (("explain", "nowhere"), 1, 0),
        (("sensitivity", "plain"), 1, 0),
        (("plans", "nope"), 2, 1),
    ],
)  # fmt: skip
def test_what_fails_is_told_as_one_json_document_too(
    words: tuple[str, ...], code: int, faults: int, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(home)
    shown = call("en", *words, "--json")
    error = json.loads(shown.stdout)["error"]
    assert shown.exit_code == error["exit"] == code
    assert error["message"] in re.sub(r"\s+", " ", shown.stderr) or error["message"] in shown.stderr
    assert len(error["faults"]) == faults
    assert all(fault["file"] and fault["expected"] for fault in error["faults"])


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_command_that_is_stopped_says_so_as_one_json_document_too(lang: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def stopped(**_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(main.commands["plans"], "callback", stopped)
    shown = call(lang, "plans", "--json")
    error = json.loads(shown.stdout)["error"]
    assert shown.exit_code == error["exit"] == 130
    assert error["message"] == shown.stderr.strip()


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("what", [*SAID, "schema"])
def test_each_command_answers_with_one_json_document(
    what: str, lang: str, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    served = SimpleNamespace(server_port=1, serve_forever=lambda: None)
    monkeypatch.setattr("simrescue.report.local.make_server", lambda *_: nullcontext(served))
    monkeypatch.chdir(home)
    words = tuple(word.format(new=tmp_path / "new") for word in SAID.get(what, (what,)))
    shown = call(lang, *words, "--json")
    assert shown.exit_code in (0, 1), shown.output
    assert isinstance(json.loads(shown.stdout), (dict, list))
    if words[0] in SIMULATES and not {"--dry-run", "--show-menu"} & set(words):
        assert shown.stderr.strip(), "how far it is"
        assert (CHINESE if lang == "zh" else re.compile("replications?")).search(shown.stderr), shown.stderr


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({"SIMRESCUE_LANG": "zh", "LANG": "en_GB.UTF-8"}, "zh"),
        ({"SIMRESCUE_LANG": "en", "LANG": "zh_CN.UTF-8"}, "en"),
        ({"LANG": "zh_CN.UTF-8"}, "zh"),
        ({"LANG": "zh_TW", "LC_MESSAGES": "C"}, "en"),
        ({"LANG": "C", "LC_MESSAGES": "zh_CN", "LC_ALL": ""}, "zh"),
        ({"LANG": "zh_CN", "LC_MESSAGES": "zh_CN", "LC_ALL": "de_DE"}, "en"),
        ({}, "en"),
    ],
)
def test_the_environment_is_asked_in_the_order_of_posix(
    environment: dict[str, str], expected: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("SIMRESCUE_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert Context().run(screen_language) == expected  # nobody has asked for a language there


@pytest.mark.parametrize("words", [("--help",), ("plans",), ("--lang", "zh", "plans")])
def test_an_unknown_language_of_the_environment_is_refused_with_the_known_ones(words: tuple[str, ...]) -> None:
    result = CliRunner().invoke(main, words, env={"SIMRESCUE_LANG": "fr"})
    assert result.exit_code == 2
    assert "SIMRESCUE_LANG=fr: expected one of en, zh" in result.stderr


def test_what_stands_before_the_command_goes_before_all(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(home)
    wide = {"COLUMNS": "400"}
    chinese = CliRunner().invoke(main, ["explain", "plain", "--no-test", "--lang", "zh"], env=wide).output
    assert CHINESE.search(chinese)
    assert chinese == call("zh", "explain", "plain", "--no-test").output
    assert not CHINESE.search(call("en", "explain", "plain", "--no-test", "--lang", "zh").output)
    assert not CHINESE.search(CliRunner().invoke(main, ["explain", "plain", "--no-test"]).output), (
        "no command leaves its language"
    )
