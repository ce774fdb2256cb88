"""How late posts knew: by hand, from the rows of a log, and that slower posts never know sooner."""

from __future__ import annotations

import numpy as np
import pytest

from simrescue.explain import Names, Things
from simrescue.explain.word_delay import word_delay, word_delay_told
from simrescue.metrics.requests.response import requests, unheard
from tests.simulation.story import Story, tell
from tests.simulation.test_posts import first_village, post, with_posts


def told_by(office_h: float, town_h: float) -> Story:
    """A township's post under the county's, each with a time of its own for a report; of the first village alone."""
    town = post("town", "township", "office", serves=(first_village(),), report_h=town_h, staff=50)
    office = post("office", "county", command=True, report_h=office_h, staff=50)
    return tell(with_posts((town, office)))


def names_of(story: Story) -> Names:
    ids = list(story.world.ids)
    return Names(Things(ids, ["village"] * len(ids), ids, ids))


def test_command_knows_as_late_as_the_log_says_and_of_what_it_never_heard_never() -> None:
    story = told_by(1.0, 2.0)
    facts, asked, silent = story.world.facts, requests(story.log), unheard(story.log)
    delay = word_delay(story.log, facts)
    heard = asked.confirmed & (facts.row_of[asked.place] >= 0)
    assert delay.command_h[: heard.sum()] == pytest.approx(np.maximum(asked.reported_h - asked.need_h, 0.0)[heard])
    assert np.isinf(delay.command_h[heard.sum() :]).all()
    assert len(delay.command_h) == heard.sum() + (facts.row_of[silent.place] >= 0).sum() > 0


def test_a_township_knows_before_command_and_only_of_the_places_that_it_serves() -> None:
    story = told_by(3.0, 0.5)
    delay = word_delay(story.log, story.world.facts)
    served = delay.place == story.world.ids.index(first_village())
    assert served.any()
    assert np.isnan(delay.township_h[~served]).all()
    both = served & np.isfinite(delay.command_h)
    assert both.any()
    assert np.median(delay.township_h[both]) < np.median(delay.command_h[both])


def test_slower_posts_do_not_know_sooner_in_the_middle() -> None:
    middle = [np.median(word_delay(story.log, story.world.facts).command_h)
              for story in (told_by(0.0, 0.0), told_by(1.0, 1.0), told_by(4.0, 4.0))]  # fmt: skip
    assert middle == sorted(middle)
    assert middle[0] < middle[-1]


def test_the_sentence_tells_both_posts_and_without_posts_there_is_none() -> None:
    story = told_by(1.0, 2.0)
    sentence = word_delay_told(story.log, story.world.facts, names_of(story))
    assert sentence.en.startswith("From a need until command knew of it (")
    assert "Until word passed the post of the township" in sentence.en
    assert "乡镇值守" in sentence.zh
    plain = tell(with_posts(()))
    assert word_delay_told(plain.log, plain.world.facts, names_of(plain)) == ("", "")
