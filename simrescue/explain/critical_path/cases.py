"""Why late, as columns: cases (who waited for what, from when to when) and the pieces that their time falls into."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from simrescue.explain.critical_path.bins import BINS, NOTES

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
    """Its time in bins; none of who is not late, where nobody asks for it (`Chains.only_late`)."""

    def hours(self) -> list[float]:
        """Hours in each bin, in the order of `BINS`; their sum is `end_h - start_h`.

        That sum is what the tests hold for every case: no minute of a delay is lost or counted twice.
        """
        total = [0.0] * len(BINS)
        for piece in self.pieces:
            total[piece.bin] += piece.end_h - piece.start_h
        return total


class Reasons(NamedTuple):
    """All cases of one clause in one replication, served or not, late or not."""

    measure: str
    cases: tuple[Case, ...]

    def weight_h(self, only_late: bool = True) -> Floats:
        """Person-hours in each bin, shape (bins,), in the order of `BINS`.

        Args:
            only_late: over late cases only, as reports do; else over all, for instance to see what the served waited
                for.
        """
        total = np.zeros(len(BINS))
        for case in self.cases:
            # Late and not unserved: who was served too late breaks the clause as well.
            if case.late or not only_late:
                total += case.weight * np.array(case.hours())
        return total

    def table(self) -> dict[str, NDArray[Any]]:
        """One row a place, bin and note with time in it, over late cases.

        Columns: `place`, `bin`, `note` (numbers), `person_h`, and of the whole place `persons` and `cases`.
        """
        places: dict[int, _Place] = {}
        for case in self.cases:
            if case.late:
                places.setdefault(case.place, _Place()).add(case)
        notes = len(NOTES)
        # Persons and cases are those of the whole place in each of its rows: who adds up rows takes them once a place.
        rows = [
            (place, *divmod(slot, notes), person_h, its.persons, its.cases)
            for place, its in sorted(places.items())
            for slot, person_h in enumerate(its.person_h)
            # Most slots of a place are empty, and would be most of the table.
            if person_h > 0
        ]
        # Without a row the columns are still there, and still of their types: tables of replications are put together.
        columns = list(zip(*rows, strict=True)) if rows else [()] * 6
        types = (np.int32, np.int8, np.int8, np.float64, np.float64, np.int32)
        names = ("place", "bin", "note", "person_h", "persons", "cases")
        return {name: np.array(column, kind) for name, column, kind in zip(names, columns, types, strict=True)}


class _Place:
    """Late cases of one place added up; hours by bin and note."""

    def __init__(self) -> None:
        self.persons, self.cases = 0.0, 0
        self.person_h = [0.0] * (len(BINS) * len(NOTES))

    def add(self, case: Case) -> None:
        self.persons += case.weight
        self.cases += 1
        weight, person_h, notes = case.weight, self.person_h, len(NOTES)
        for piece in case.pieces:
            person_h[piece.bin * notes + piece.note] += weight * (piece.end_h - piece.start_h)
