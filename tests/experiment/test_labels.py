"""What a factor, a level or a word is called where the experiment file does not say it."""

from __future__ import annotations

from typing import Any

from simrescue.experiment.design.labels import labelled
from simrescue.scenario.load import load
from tests.experiment.sweeps import experiment

TOWN = load("scenarios/tiny-flood")
BOATS = TOWN.boats[0]


def of(**factors: dict[str, Any]) -> Any:
    return labelled(experiment(factors, {"kind": "grid"}), TOWN)


def count(path: str, **more: Any) -> dict[str, Any]:
    return {"path": path, "values": [1, 2], **more}


def test_a_factor_is_called_after_the_things_that_it_changes() -> None:
    made = of(x=count(f"boats.{BOATS.id}.count"))
    assert (made.factors["x"].label, made.factors["x"].label_zh) == (BOATS.name, BOATS.name_zh)
    assert BOATS.name_zh


def test_a_label_of_the_file_stays() -> None:
    assert of(x=count(f"boats.{BOATS.id}.count", label="Hulls")).factors["x"].label == "Hulls"
    assert of(x=count(f"boats.{BOATS.id}.count", label="Hulls")).factors["x"].label_zh == ""


def test_two_factors_of_one_thing_keep_their_names() -> None:
    made = of(x=count(f"boats.{BOATS.id}.count"), y=count(f"boats.{BOATS.id}.seats"))
    assert [factor.label for factor in made.factors.values()] == ["", ""]


def test_what_has_no_name_gives_none() -> None:
    assert of(x=count("command.report", unit="min")).factors["x"].label == ""
    assert of(x=count("boats.*.count")).factors["x"].label == ""
    both = {"paths": [f"boats.{BOATS.id}.count", "command.report"], "values": [1, 2]}
    assert of(x=both).factors["x"].label == ""


def test_levels_and_words_are_called_after_what_they_set() -> None:
    place = TOWN.bases[0]
    levels = {"there": {"set": {f"boats.{BOATS.id}.base": place.id}}, "here": {}}
    made = of(
        x={"levels": levels},
        y={"path": "command.policy", "values": ["nearest", "optimal"]},
        z={"path": f"boats.{BOATS.id}.base", "values": [place.id]},
    )
    assert made.factors["x"].levels["there"].label_zh == place.name_zh
    assert made.factors["x"].levels["here"].label == ""
    assert set(made.labels) == {"nearest", "optimal", place.id}
    assert made.labels["optimal"].label_zh
    assert made.labels[place.id].label == place.name
