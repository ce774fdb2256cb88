"""Why late, as columns: cases (who waited for what, from when to when) and the pieces that their time falls into."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from simrescue.explain.bins import BINS

Floats = NDArray[np.float64]


class Piece(NamedTuple):
    """A stretch of time with one reason; pieces of a case follow on one another without gap or overlap."""

    start_h: float
    end_h: float
    bin: int
    """Number in `bins.BINS`."""
    note: int = 0
    """Number in `bins.NOTES`."""
    row: int = -1
    """Row of the log that ends the piece (-1: none)."""


class Case(NamedTuple):
    """People, a request or a fire that waited for one thing: each is one reading of a clause at one place."""

    place: int
    """Thing index of the place that it is counted under: a village, the place of a request, a fire."""
    start_h: float
    """When the clock starts."""
    end_h: float
    """When it ended; where it never did, the end of the scenario (or the moment by which it had to be)."""
    weight: float
    """Persons; 1 for a fire and for a request without people."""
    served: bool
    """Whether it ever happened."""
    late: bool
    """Whether the clause counts it as broken."""
    pieces: tuple[Piece, ...]

    def hours(self) -> list[float]:
        """Hours in each bin, in the order of `BINS`; their sum is `end_h - start_h`."""
        total = [0.0] * len(BINS)
        for piece in self.pieces:
            total[piece.bin] += piece.end_h - piece.start_h
        return total


class Reasons(NamedTuple):
    """All cases of one clause in one replication."""

    measure: str
    cases: tuple[Case, ...]

    def weight_h(self, only_late: bool = True) -> Floats:
        """Person-hours in each bin over the late cases (or all of them), shape (bins,)."""
        total = np.zeros(len(BINS))
        for case in self.cases:
            if case.late or not only_late:
                total += case.weight * np.array(case.hours())
        return total

    def table(self) -> dict[str, NDArray[Any]]:
        """One row a place and bin with time in it, over late cases: `place`, `bin`, `person_h`, `persons`, `cases`."""
        places: dict[int, list[Case]] = {}
        for case in self.cases:
            if case.late:
                places.setdefault(case.place, []).append(case)
        rows = []
        for place, cases in sorted(places.items()):
            person_h = np.sum([case.weight * np.array(case.hours()) for case in cases], axis=0)
            persons = sum(case.weight for case in cases)
            rows += [(place, number, hours, persons, len(cases)) for number, hours in enumerate(person_h) if hours > 0]
        columns = list(zip(*rows, strict=True)) if rows else [()] * 5
        types = (np.int32, np.int8, np.float64, np.float64, np.int32)
        names = ("place", "bin", "person_h", "persons", "cases")
        return {name: np.array(column, kind) for name, column, kind in zip(names, columns, types, strict=True)}
