"""The first word out of a village after it fell silent, whoever brings it."""

import numpy as np
import pytest

from simrescue.events import EventKind as Kind
from simrescue.metrics.people import silence
from simrescue.metrics.reading import first_times
from tests.metrics.logs import COMMAND, LOWER, UPPER, facts, log, row

LOST = row(1, Kind.CONTACT_LOST, LOWER, LOWER)
BACK = row(3, Kind.CONTACT_RESTORED, LOWER, LOWER)
EARLY, LATE = (row(hour, Kind.RECEIVED, COMMAND, LOWER) for hour in (2, 9))


@pytest.mark.parametrize(("rows", "word_h"), [((BACK, LATE), 2.0), ((EARLY, BACK), 1.0), ((LATE,), 8.0), ((), np.inf)])
def test_the_first_word_is_whichever_comes_first(rows: tuple[tuple[float, ...], ...], word_h: float) -> None:
    answer = silence.first_word_h(log(LOST, *rows), facts())
    assert answer.tolist() == [{UPPER: 0.0, LOWER: word_h}[village] for village in (UPPER, LOWER)]


def test_first_times_do_not_hang_on_the_order_of_rows() -> None:
    first = first_times(np.array([1, 0, 1]), np.array([9.0, 4.0, 3.0]), 3)
    assert first.tolist() == [4.0, 3.0, np.inf]
