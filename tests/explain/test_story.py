"""Stories: from the log alone, in both languages, nothing folded that was not alike, nothing of it lost."""

from __future__ import annotations

from datetime import datetime
from string import Formatter

import pytest

from simrescue.events import EventKind as Kind
from simrescue.events import EventLog, log_from_rows
from simrescue.explain import Sentence, Things
from simrescue.explain.stories.forces import Forces
from simrescue.explain.stories.naming import Names, clock, measured, people, span
from simrescue.explain.stories.sentences import ITEM_WORDS, TEMPLATES
from simrescue.explain.stories.story import fold, story
from simrescue.kinds import kind_named
from simrescue.metrics.people.whereabouts import PERSON_STATES
from simrescue.places import NEEDS
from simrescue.responders import RESCUE, RESPONSE_LEVELS, TASKS
from simrescue.simulation.hazards.detection import MEANS
from simrescue.simulation.run import simulate
from simrescue.simulation.world import World, compile_world
from simrescue.wording import AND, listed
from simrescue.wording.unit_words import in_chinese
from tests.factories import flooded_row
from tests.metrics.logs import BOAT, DEPOT, SCHOOL, THINGS, UPPER, row

START = datetime.fromisoformat("2023-07-29T08:00+08:00")
NAMES = ("Upper", "Lower", "School", "Hall", "Depot", "", "Team", "Boats", "Trucks", "Helicopter", "command")
NAMES_ZH = ("上村", "下村", "学校", "礼堂", "储备库", "", "队伍", "舟艇", "", "直升机", "指挥部")
SMALL = Things([f"{kind}-{i}" for i, kind in enumerate(THINGS)], list(THINGS), list(NAMES), list(NAMES_ZH))


def things(world: World) -> Things:
    return Things(list(world.ids), list(world.kinds), [""] * len(world.ids), [""] * len(world.ids))


@pytest.fixture(scope="module")
def flood() -> tuple[World, EventLog]:
    world = compile_world(flooded_row())
    return world, simulate(world, 1, 0)


def test_every_thing_has_a_story_in_order(flood: tuple[World, EventLog]) -> None:
    world, log = flood
    for thing in range(len(world.ids)):
        told = story(log, things(world), thing, START)
        assert [one.time_h for one in told] == sorted(one.time_h for one in told)
        for one in told:
            assert one.text_en.endswith(".")
            assert one.text_zh.endswith("。")
            assert "{" not in one.text_en + one.text_zh
            assert one.until_h >= one.time_h


def test_a_village_tells_what_befell_it(flood: tuple[World, EventLog]) -> None:
    world, log = flood
    told = {one.kind for one in story(log, things(world), 0, START)}
    there = set(log.kind[(log.subject == 0) & (log.place == 0)].tolist())
    assert {kind.name for kind in TEMPLATES if kind in there} <= told


def test_templates_use_known_values_only() -> None:
    known = {"who", "those", "where", "people", "amount", "last", "item", "items", "count", "number", "other"}
    for kind, template in TEMPLATES.items():
        assert "{item" not in " ".join((*template.one, *(template.many or ()))) or kind.item in {
            *ITEM_WORDS,
            "cause",
        }, kind
        for words in (template.one, template.many or ()):
            for text in words:
                assert {name for _, name, _, _ in Formatter().parse(text) if name} <= known, kind


def test_every_kind_has_its_word() -> None:
    """The words stand in the order of the lists that `item` is the index of."""
    assert len(ITEM_WORDS["task"]) == len(TASKS)
    assert len(ITEM_WORDS["need"]) == len(NEEDS)
    assert len(ITEM_WORDS["state"]) == len(PERSON_STATES)
    assert len(ITEM_WORDS["means"]) == len(MEANS)
    assert [words.en for words in ITEM_WORDS["level"]] == ["", *RESPONSE_LEVELS, "none"]


def test_one_sentence_word_for_word() -> None:
    log = log_from_rows(
        [row(0.0, Kind.LIVES, UPPER, UPPER, persons=1200), row(45.73, Kind.TRAPPED, UPPER, UPPER, persons=1)]
    )
    told = story(log, SMALL, UPPER, START)
    assert [(one.when_en, one.text_en) for one in told] == [
        ("29 Jul 08:00", "Residents of Upper: 1,200 people."),
        ("31 Jul 05:44", "Trapped in Upper: 1 person."),
    ]
    assert [(one.when_zh, one.text_zh) for one in told] == [
        ("7月29日08:00", "上村有居民1,200人。"),
        ("7月31日05:44", "上村1人被困。"),
    ]


def trips(number: int, apart_h: float) -> EventLog:
    return log_from_rows(
        [row(apart_h * i, Kind.PICKS_UP, BOAT, UPPER, item=0, request=0, persons=6) for i in range(number)]
    )


def test_many_alike_are_one_sentence() -> None:
    (told,) = story(trips(14, 0.25), SMALL, UPPER, START)
    assert told.text_en == "Taken aboard at Upper: 84 people, by Boats, in 14 trips."
    assert told.text_zh == "舟艇在上村分14次接走84人。"
    assert (told.when_en, told.when_zh) == ("29 Jul 08:00 to 11:15", "7月29日08:00至11:15")


def test_few_or_far_apart_are_told_by_themselves() -> None:
    assert len(story(trips(2, 0.25), SMALL, UPPER, START)) == 2
    assert len(story(trips(4, 7.0), SMALL, UPPER, START)) == 4


def test_folding_loses_no_row(flood: tuple[World, EventLog]) -> None:
    _, log = flood
    rows = list(range(len(log.kind)))
    folded = [one for group in fold(rows, log.time_h.tolist(), log.kind.tolist()) for one in group]
    assert sorted(folded) == [one for one in rows if Kind(int(log.kind[one])) in TEMPLATES]


def test_a_driver_turned_round_is_told_at_the_place_he_was_sent_to() -> None:
    log = log_from_rows([
        row(1.0, Kind.REQUEST_OPENED, 10, UPPER, request=3, item=RESCUE),
        row(2.0, Kind.TURNS_ROUND, BOAT, 5, request=3, amount=1.0),
        row(3.0, Kind.TURNS_ROUND, BOAT, 5, request=4, amount=1.0),
    ])  # fmt: skip
    assert [one.time_h for one in story(log, SMALL, UPPER, START)] == [2.0]


def test_a_long_wait_tells_who_was_busy() -> None:
    log = log_from_rows([
        row(0.5, Kind.ASSIGNED, BOAT, 1, request=0, item=RESCUE),
        row(1.0, Kind.REQUEST_OPENED, 10, UPPER, request=1, item=RESCUE),
        row(5.0, Kind.FREE, BOAT, 1),
        row(5.0, Kind.ASSIGNED, BOAT, UPPER, request=1, item=RESCUE),
    ])  # fmt: skip
    (wait,) = [one for one in story(log, SMALL, UPPER, START) if one.kind == "WAITS"]
    assert (
        wait.text_en == "For 4 h nobody is sent for rescue; half way through, 1 of 1 boat there is out (1 for rescue)."
    )
    assert wait.text_zh == "救援需求4小时无人可派；其间在位1艘舟艇中1艘在执行任务（救援1艘）。"


def test_who_comes_later_is_not_there() -> None:
    log = log_from_rows([row(9.0, Kind.RELEASED, BOAT, UPPER)])
    forces = Forces(log, SMALL)
    assert forces.words("boat", 3.0) is None
    assert forces.out("boat", 10.0) == (1, {})


def test_needs_of_one_moment_are_one_sentence() -> None:
    log = log_from_rows([row(1.0, Kind.NEEDS, SCHOOL, SCHOOL, item=item) for item in (0, 2)])
    assert [one.text_en for one in story(log, SMALL, SCHOOL, START)] == ["School asks for food and water."]


def test_names_are_text_whatever_they_hold() -> None:
    nasty = '<b onclick="x">{who} %s 100 % \u202e'
    odd = SMALL._replace(names=[nasty] * len(NAMES), names_zh=[nasty] * len(NAMES))
    (told,) = story(log_from_rows([row(1.0, Kind.ISOLATED, UPPER, UPPER)]), odd, UPPER, START)
    assert nasty in told.text_en
    assert nasty in told.text_zh


def test_equal_responders_are_told_apart_by_their_number() -> None:
    four = Things(
        ["boat-1", "boat-2", "team", "x"], ["boat"] * 4, ["Boats", "Boats", "Team", ""], ["舟艇", "舟艇", "", ""]
    )
    assert [Names(four).of(i) for i in range(4)] == [
        ("Boats 1", "舟艇1号"), ("Boats 2", "舟艇2号"), ("Team", "Team"), ("x", "x"),
    ]  # fmt: skip
    assert Names(four).of(-1) == ("-", "-")
    assert Names(SMALL).crowd([BOAT, BOAT]) == ("Boats", "舟艇")
    assert Names(SMALL).places([UPPER, DEPOT, SCHOOL]) == ("3 places", "3处")


def test_words() -> None:
    assert listed([("a", "x"), ("b", "y"), ("c", "z")], last=AND) == ("a, b and c", "x、y、z")
    assert listed([("a", "x"), ("b", "y")]) == ("a, b", "x、y")
    assert listed([("a", "x")], last=AND) == ("a", "x")
    assert listed([], last=AND) == ("", "")
    assert people(1) == ("1 person", "1人")
    assert people(12_345_678) == ("12,345,678 people", "12,345,678人")
    assert measured(1.5, "h") == ("1 h 30 min", "1小时30分钟")
    assert measured(0.4, "m")[1] == "0.4米"
    assert measured(1234.0, "ha") == ("1,234 ha", "1,234公顷")
    assert in_chinese("never") == "从未"
    assert in_chinese("1 per million") == "1permillion", "no metre begins a longer word"
    assert in_chinese("3 m to 4.5 km/h") == "3米to4.5公里/小时"
    assert in_chinese("6 h 45 min") == "6小时45分钟"
    assert in_chinese("2024-07-10 13:45") == "2024-07-10 13:45", "day and hour do not run into one another"
    assert clock(24.0, START) == ("30 Jul 08:00", "7月30日08:00")
    assert span(0.0, 24.5, START) == ("29 Jul 08:00 to 30 Jul 08:30", "7月29日08:00至7月30日08:30")


def test_an_empty_log_has_no_story() -> None:
    assert story(log_from_rows([]), SMALL, UPPER, START) == []


def test_relief_in_a_shelter_belongs_to_the_village() -> None:
    log = log_from_rows([
        row(1.0, Kind.ARRIVE_SHELTER, UPPER, SCHOOL, item=0, persons=5),
        row(2.0, Kind.RELIEVED, SCHOOL, SCHOOL, persons=5),
        row(3.0, Kind.RELIEVED, 3, 3, persons=9),
    ])  # fmt: skip
    told: list[Sentence] = story(log, SMALL, UPPER, START)
    assert [one.kind for one in told] == ["ARRIVE_SHELTER", "RELIEVED"]


UNTOLD = {
    Kind.STOCKED, Kind.ROAD_FLOODS, Kind.ROAD_CLEARS, Kind.ROAD_DAMAGED, Kind.ROAD_REPAIRED,
    Kind.ROAD_KNOWN_CLOSED, Kind.ROAD_KNOWN_OPEN, Kind.REQUEST_OPENED, Kind.FREE, Kind.BURNS, Kind.PERIMETER,
    Kind.ROAD_BURNS, Kind.ROAD_BURNT_OUT, Kind.HOUSES_EXPOSED, Kind.LINE, Kind.LINE_BUILT, Kind.WETS, Kind.MOPS_UP,
    Kind.INSERTED, Kind.CLOCK_STOPS, Kind.HOUSES_DAMAGED, Kind.CROPS_DAMAGED,
}  # fmt: skip
"""Kinds that stand behind others: roads by themselves, cells of a fire, what the next sentence says again."""


def test_every_kind_is_told_or_left_out_on_purpose() -> None:
    assert set(Kind) == set(TEMPLATES) | UNTOLD
    assert not set(TEMPLATES) & UNTOLD


def test_first_word_of_a_fire_and_what_command_wants_there() -> None:
    log = log_from_rows([
        row(1.0, Kind.REPORTED, 10, UPPER, item=5),
        row(1.0, Kind.REPORTED, 10, UPPER, item=6, request=1, persons=2),
        row(1.0, Kind.REPORTED, 10, UPPER, item=5, request=2, persons=75),
    ])  # fmt: skip
    assert [one.text_en for one in story(log, SMALL, UPPER, START)] == [
        "Command hears of the fire at Upper.",
        "Command wants water from the air at Upper (2 aircraft).",
        "Command hears that Upper needs firefighting on the ground (75 people).",
    ]


def test_roads_without_a_name_are_called_by_their_ends_and_parallel_ones_with_their_ids() -> None:
    names = Names(Things(
        ["east", "west", "j-1", "r7", "r8", "r9"], ["village", "village", "junction", "road", "road", "road"],
        ["East", "", "", "", "", ""], ["东村", "西村", "", "", "", ""], {3: (0, 1), 4: (1, 0), 5: (0, 2)},
    ))  # fmt: skip
    assert [names.of(road) for road in (3, 4, 5)] == [
        ("East–西村 (r7)", "东村–西村 (r7)"), ("西村–East (r8)", "西村–东村 (r8)"), ("East–j-1", "东村–路口j-1"),
    ]  # fmt: skip


def test_a_road_without_a_name_is_called_by_its_ends_and_a_junction_by_what_it_is() -> None:
    names = Names(Things(["east", "j-1", "east--j-1", "r7"], ["village", "junction", "road", "road"],
                         ["East Ferry", "", "", ""], ["东渡村", "", "", ""]))  # fmt: skip
    junction = kind_named("junction").noun.zh
    assert names.of(1) == ("j-1", f"{junction}j-1")
    assert names.of(2) == ("East Ferry–j-1", f"东渡村–{junction}j-1")
    assert names.of(3) == ("r7", "r7")
