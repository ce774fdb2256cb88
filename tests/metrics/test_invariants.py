"""What must hold for every log: nobody lost, nobody in two places, shares between 0 and 1, the unmet infinite."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from simrescue.events import EventKind as Kind
from simrescue.events import EventLog
from simrescue.metrics import curves, places_table, summarise
from simrescue.metrics.people import relief
from simrescue.metrics.people import whereabouts as people
from tests.metrics.logs import BOAT, HALL, LOWER, SCHOOL, UPPER, facts, log, row
from tests.work import calls

STEPS = st.lists(st.tuples(st.integers(0, 21), st.sampled_from([UPPER, LOWER]), st.integers(1, 60)), max_size=60)


class Book:
    """Keeps people by village and state, and shelters by village, so that only possible moves are written."""

    def __init__(self) -> None:
        self.states = {UPPER: [100, *[0] * 8], LOWER: [200, *[0] * 8]}
        self.inside = {(village, shelter): 0 for village in (UPPER, LOWER) for shelter in (SCHOOL, HALL)}
        self.rows: list[tuple[float, ...]] = []

    def move(self, village: int, start: int, end: int, persons: int) -> int:
        """As many of the persons as there are."""
        persons = min(persons, self.states[village][start])
        self.states[village][start] -= persons
        self.states[village][end] += persons
        return persons

    def write(self, kind: Kind, subject: int, place: int, **more: float) -> None:
        self.rows.append(row(float(len(self.rows) // 3), kind, subject, place, **more))  # type: ignore[arg-type]

    def step(self, choice: int, village: int, persons: int) -> None:
        shelter = SCHOOL if persons % 2 else HALL
        simple = {
            0: (Kind.LEAVE, 0, 1, 0), 1: (Kind.TURN_BACK, 1, 0, -1), 2: (Kind.STRANDED, 0, 3, -1),
            3: (Kind.TRAPPED, 3, 4, -1), 4: (Kind.FREED, 4, 3, 0), 5: (Kind.FREED, 3, 0, 1), 6: (Kind.DIED, 4, 6, 0),
            18: (Kind.CAUGHT, 1, 8, 0), 19: (Kind.CAUGHT, 5, 8, 1), 20: (Kind.GOES_ON, 8, 1, -1),
        }  # fmt: skip
        if choice in simple:
            kind, start, end, item = simple[choice]
            self.write(kind, village, shelter, item=item, persons=self.move(village, start, end, persons))
        elif choice in (7, 8):
            moved = self.move(village, 1 if choice == 7 else 5, 2, persons)
            self.inside[village, shelter] += moved
            self.write(Kind.ARRIVE_SHELTER, village, shelter, item=choice - 7, persons=moved)
        elif choice in (9, 10, 11):
            moved = self.move(village, (4, 3, 0)[choice - 9], 5, persons)
            self.write(Kind.PICKS_UP, BOAT, village, item=choice - 9, persons=moved)
        elif choice == 12:
            moved = self.move(village, 2, 1, min(persons, self.inside[village, shelter]))
            self.inside[village, shelter] -= moved
            self.write(Kind.LEAVE, village, shelter, item=2, persons=moved)
        elif choice == 21:
            moved = self.move(village, 8, 5, persons)
            self.write(Kind.TAKEN_FROM_ROAD, BOAT, shelter, item=village, persons=moved)
        elif choice in (16, 17):
            moved = self.move(village, 1 if choice == 16 else 5, 7, persons)
            self.write(Kind.LODGES, village, shelter, item=choice - 16, persons=moved)
        else:
            place, kind = shelter if choice == 13 else village, Kind.MET if choice < 15 else Kind.LAPSES
            for item in range(5) if persons % 3 else (persons % 5,):
                self.write(kind, place, place, item=item, amount=persons * 4 if kind is Kind.MET else persons)

    def log(self) -> EventLog:
        return log(*self.rows)


@given(STEPS)
@settings(max_examples=150, deadline=None)
def test_people_are_neither_lost_nor_doubled(steps: list[tuple[int, int, int]]) -> None:
    book = Book()
    for step in steps:
        book.step(*step)
    events = book.log()
    states = people.counts_by_village(events, facts(), np.inf)
    assert states.tolist() == [book.states[UPPER], book.states[LOWER]]
    groups = relief.affected(events, facts())
    affected = np.bincount(groups.village, weights=groups.persons, minlength=2)
    assert (affected <= facts().population + 1e-9).all()
    assert (affected >= facts().population - states[:, people.HOME] - 1e-9).all()
    assert groups.persons[groups.dead].sum() == states[:, people.DEAD].sum()


@given(STEPS)
@settings(max_examples=100, deadline=None)
def test_shares_are_shares_and_the_unmet_never_end(steps: list[tuple[int, int, int]]) -> None:
    book = Book()
    for step in steps:
        book.step(*step)
    events = book.log()
    groups = relief.affected(events, facts())
    assert (groups.relieved_h >= groups.affected_h).all()
    assert np.isinf(groups.relieved_h[groups.dead]).all()
    assert ((groups.site == -1) == np.isinf(groups.relieved_h)).all()
    numbers = summarise(events, facts())
    for name, value in numbers.items():
        if name.startswith("share_"):
            assert np.isnan(value) or -1e-12 <= value <= 1 + 1e-12, name
    if np.isinf(groups.relieved_h).any():
        assert numbers["relief_last_h"] == np.inf
    curve = curves(events, facts())["share_relieved"]
    assert np.isnan(curve).all() or (np.diff(curve) >= 0).all()
    table = places_table(events, facts())
    assert (table["late_person_h"] >= 0).all()


def read_whole(steps: int) -> int:
    """Calls that it takes to read a log of so many steps."""
    pace = np.random.default_rng(1)
    book = Book()
    book.states = {UPPER: [10**6, 0, 0, 0, 0, 0, 0], LOWER: [10**6, 0, 0, 0, 0, 0, 0]}
    for choice, village, persons in zip(
        pace.integers(0, 16, steps), pace.integers(0, 2, steps), pace.integers(1, 60, steps), strict=True
    ):
        book.step(int(choice), int(village), int(persons))
    events = log(*book.rows)
    events.persons[:2] = 10**6
    small = facts(population=np.array([1e6, 1e6]), duration_h=14_000.0)
    return calls(summarise, events, small) + calls(places_table, events, small)


def test_reading_a_log_is_no_more_work_than_the_log_is_long() -> None:
    read_whole(10)  # what is imported and remembered once
    assert read_whole(8000) < 2.5 * read_whole(4000)
