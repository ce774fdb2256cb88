"""What stands fixed while the events happen: the villages, their people, and what kind of thing each index is.

The log tells what happened; these few arrays tell to whom. They are built once from the scenario.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import get_args

import numpy as np
from numpy.typing import NDArray

from simrescue.errors import ResultsError
from simrescue.kinds import NUMBER, names
from simrescue.records import Role
from simrescue.responders import TEAM_KINDS, LevelOfGovernment
from simrescue.wording import bilingual

GOVERNMENT_LEVELS = ("", *get_args(LevelOfGovernment))
"""Levels of government that a responder can belong to, in the order of `Facts.levels`."""
KINDS_OF_TEAMS = ("", *TEAM_KINDS)
"""Kinds of teams, in the order of `Facts.teams`."""


@dataclass(frozen=True, eq=False)
class Facts:
    """The fixed side of a log. `V` villages, `T` things; a village's row is its place in `villages`."""

    villages: NDArray[np.intp]
    """Thing index of each village, shape (V,)."""
    ids: tuple[str, ...]
    """Id of each village."""
    zones: tuple[str, ...]
    """Zone (reach or detention basin) of each village, empty where it has none."""
    population: NDArray[np.float64]
    """Residents of each village at the start, shape (V,)."""
    kinds: NDArray[np.int8]
    """Number of the kind of each thing (`kinds.NUMBER`), shape (T,)."""
    levels: NDArray[np.int8]
    """Index into `GOVERNMENT_LEVELS` of each thing, 0 where it has none, shape (T,)."""
    duration_h: float
    """Length of the scenario, hours."""
    teams: NDArray[np.int8] | None = None
    """Index into `KINDS_OF_TEAMS` of each thing, 0 where it is no team, shape (T,); None: it is not known."""
    townships: tuple[str, ...] = ()
    """Township of each thing, empty where it is in none, length T; empty altogether: of none it is known."""
    jurisdiction_population: float = 0.0
    """Residents of the jurisdiction whose plan is tested; 0 where not given."""
    jurisdiction_gdp_yuan: float = 0.0
    """Its gross domestic product of a year, yuan; 0 where not given."""
    ordered_share: NDArray[np.float64] | float = 1.0
    """Share of the residents of each village whom an order tells to leave, shape (V,), or one for all."""
    tracked: tuple[int, ...] = (0, 1, 2, 3, 4)
    """Needs (indexes of `places.NEEDS`) that must be met before a person counts as relieved."""
    hazards: tuple[str, ...] = ("flood",)
    """Kinds of hazards of the scenario."""
    fires: tuple[str, ...] = ()
    """Id of each ignition, in the order of the table of things."""
    cell_ha: float = 0.0
    """Hectares of one cell of the landscape that a fire runs over; 0: no landscape."""

    @cached_property
    def told_to_leave(self) -> NDArray[np.float64]:
        """Residents of each village whom an order tells to leave, shape (V,)."""
        persons: NDArray[np.float64] = np.round(self.population * self.ordered_share)
        return persons

    @cached_property
    def row_of(self) -> NDArray[np.intp]:
        """Village row of each thing index, -1 for other things; shape (T + 1,) so that index -1 answers -1."""
        rows = np.full(len(self.kinds) + 1, -1, dtype=np.intp)
        rows[self.villages] = np.arange(len(self.villages))
        return rows

    def of_kinds(self, kinds: tuple[str, ...]) -> NDArray[np.bool_]:
        """Which things are of the named kinds, or teams of one: shape (T + 1,), the last entry (index -1) false.

        Raises KeyError for no kind, ResultsError for a kind of teams where an older run does not say which they are.
        """
        of_teams = [name for name in kinds if name in TEAM_KINDS and name not in NUMBER]
        answer = np.zeros(len(self.kinds) + 1, dtype=bool)
        answer[:-1] = np.isin(self.kinds, [NUMBER[name] for name in kinds if name not in of_teams])
        if of_teams:
            if self.teams is None:
                raise ResultsError(bilingual("these results do not say of which kind teams are: run it again"))
            answer[:-1] |= np.isin(self.teams, [KINDS_OF_TEAMS.index(name) for name in of_teams])
        return answer

    def of_role(self, role: Role) -> NDArray[np.bool_]:
        """Which things are of a role (all responders, all places); shape (T + 1,), the last entry false."""
        return self.of_kinds(names(role))

    def of_levels(self, levels: tuple[str, ...]) -> NDArray[np.bool_]:
        """Which things belong to the named levels of government: shape (T + 1,), the last entry false.

        Raises ValueError for a name that is none of `GOVERNMENT_LEVELS`.
        """
        answer = np.zeros(len(self.kinds) + 1, dtype=bool)
        answer[:-1] = np.isin(self.levels, [GOVERNMENT_LEVELS.index(name) for name in levels])
        return answer

    def chosen(self, place: str) -> NDArray[np.bool_]:
        """The villages meant by an id of a village or of a zone (empty: all), as a mask of shape (V,).

        A zone takes in its parts: `basin` also means `basin-north`.

        Raises ValueError where neither is known: a figure for an unknown place must not read as zero.
        """
        if not place:
            return np.ones(len(self.ids), dtype=bool)
        pairs = zip(self.ids, self.zones, strict=True)
        mask = np.array([own == place or f"{zone}-".startswith(f"{place}-") for own, zone in pairs], dtype=bool)
        if not mask.any():
            raise ValueError(f"{place!r} is neither a village nor a zone of this scenario")
        return mask

    def chosen_fires(self, place: str) -> NDArray[np.bool_]:
        """The fires meant by the id of an ignition (empty: all), as a mask of shape (F,).

        Raises ValueError for another id.
        """
        mask = np.array([not place or own == place for own in self.fires], dtype=bool)
        if place and not mask.any():
            raise ValueError(f"{place!r} is no ignition of this scenario")
        return mask
