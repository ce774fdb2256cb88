"""posts.csv: every fault at once, and what the check says of posts under load."""

from __future__ import annotations

from pathlib import Path

import pytest

from simrescue.errors import ScenarioError
from simrescue.scenario.load import load
from simrescue.scenario.new import create
from simrescue.scenario.preflight.check import check
from tests.scenario.conftest import TINY

VARIANT = "through-posts"


def test_all_faults_are_named_at_once(tmp_path: Path) -> None:
    folder = create(tmp_path / "county", response=True)
    rows = (
        "id,level,upper,command,serves,staff,report,from,to\n"
        "a,parish,b,yes,Stone Bridge,3,6 min,,\n"
        "b,county,c,yes,Stone Bridge;nowhere,0,6,,25 h\n"
        "c,city,d,,,2,,,\n"
        "d,city,c,,,2,,,\n"
        "e,city,f,yes,Stone Bridge;nowhere,2,,,\n"
        "g,city,,yes,Stone Bridge,2,,,\n"
    )
    (folder / "posts.csv").write_text(rows, encoding="utf-8")
    with pytest.raises(ScenarioError) as caught:
        load(folder)
    faults = {(fault.where, fault.field) for fault in caught.value.faults if fault.file == "posts.csv"}
    assert faults == {
        ("row 2", "level"), ("row 3", "staff"), ("row 3", "report"), ("row 3", "to"), ("row 4", "upper"),
        ("row 5", "upper"), ("row 6", "upper"), ("row 6", "serves"), ("row 7", "serves"), ("row 7", "command"),
    }  # fmt: skip


def test_command_sits_somewhere_and_requests_go_up() -> None:
    sets = {"posts.county-office.command": "no"}
    with pytest.raises(ScenarioError) as caught:
        load(TINY, VARIANT, sets)
    assert "one post at which command sits" in str(caught.value)
    partner = {"partners.z": {"asked_at": "II", "asked_through": "bridge-duty"}}
    with pytest.raises(ScenarioError) as caught:
        load(TINY, VARIANT, partner)
    assert "the post of command or one above it (county-office, city-office)" in str(caught.value)
    assert load(TINY, VARIANT, {"partners.z": {"asked_at": "II", "asked_through": "city-office"}}).partners


def test_posts_sit_in_places_and_register_at_posts_that_are_there() -> None:
    wrong = {
        "posts.county-office.place": "nowhere",
        "partners.z": {"asked_at": "II", "unasked": "yes", "registered_by": "nobody"},
    }
    with pytest.raises(ScenarioError) as caught:
        load(TINY, VARIANT, wrong)
    assert {(fault.field, fault.value) for fault in caught.value.faults} == {
        ("posts.county-office.place", "nowhere"), ("partners.z.registered_by", "nobody"),
    }  # fmt: skip
    right = {
        "posts.county-office.place": "town-station",
        "partners.z": {"asked_at": "II", "unasked": "yes", "registered_by": "county-office"},
    }
    assert load(TINY, VARIANT, right).partners[-1].registered_by == "county-office"


def test_the_check_says_which_post_cannot_keep_up() -> None:
    def said(report: str) -> str:
        changes = {"posts.*.report": report}
        return " ".join(finding.message for finding in check(load(TINY, VARIANT, changes)) if finding.topic == "reach")

    assert "cannot keep up in the busiest hour" in said("3 h")
    assert "cannot keep up" not in said("30 s")
    assert "on duty, and wait" in said("8 min")
    assert "on duty" not in said("30 s")


def test_a_first_scenario_has_posts(tmp_path: Path) -> None:
    scenario = load(create(tmp_path / "county", response=True))
    assert [post.id for post in scenario.posts if post.command] == ["county-office"]
    assert scenario.partners[0].asked_through == "city-office"
