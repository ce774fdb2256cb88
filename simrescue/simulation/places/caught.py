"""A group of people of one village who are caught on the road, and what the water has done to it there."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from simrescue.hazards.flood.mortality import CURVES, CurveName, ExpectedDeaths, Water
from simrescue.simulation.places.hospital import OVER, Patients, first_of, in_good_hands
from simrescue.simulation.places.transfer_point import Party

if TYPE_CHECKING:
    from simrescue.simulation.protocols import VillageState


@dataclass(eq=False)
class Harm:
    """What the water has done to one group."""

    water: Water | None = None
    """In which they stand; None: in none that is dangerous to them."""
    row: int = -1
    """That tells of its coming."""
    since_h: float = 0.0
    """Deaths are reckoned up to here."""
    reached: int = 0
    """Whom it has reached."""
    hurt: int = 0
    patients: list[Patients] = field(default_factory=list)
    """Of the injured those who may die of it."""
    expected: dict[CurveName, ExpectedDeaths] = field(default_factory=dict)
    """By curve, of those whom it has reached; empty for the many whom it never does."""

    def enter(self, persons: int) -> None:
        """The water has reached so many more."""
        self.reached += persons
        for name in CURVES:
            self.expected.setdefault(name, ExpectedDeaths()).enter(0, persons)

    def take_away(self, persons: int, there: int) -> tuple[int, tuple[Patients, ...]]:
        """So many of `there` come aboard a crew, the injured first: answers the injured, and who needs a bed."""
        if not self.expected:
            return 0, ()
        hurt = min(self.hurt, persons)
        self.hurt -= hurt
        badly, self.patients = in_good_hands(self.patients, hurt)
        self.reached = max(0, self.reached - persons)
        for expected in self.expected.values():
            expected.alive[0] *= 1 - persons / there
        return hurt, tuple(badly)

    def lose(self, dead: int, left: int) -> None:
        """So many have died and so many are left: no more of them can be hurt."""
        self.reached = max(0, self.reached - dead)
        self.hurt = min(self.hurt, left)
        # Who died was not asked whether he was injured: no more patients may be left than injured people.
        self.patients, gone = first_of(self.patients, self.hurt)
        for patients in gone:
            patients.state = OVER

    def end(self) -> None:
        """The water lets them go, or they leave it."""
        self.water, self.reached = None, 0
        for expected in self.expected.values():
            expected.alive[0] = expected.dose[0] = 0.0


@dataclass(eq=False)
class Stopped:
    """People of one village who are caught at one place and would go on in the same kind of vehicle."""

    village: VillageState
    vehicle: str
    place: int
    persons: int
    cause: int
    """Row that tells how they came to be here."""
    returns: bool = False
    """Whether they are on the way home of their own will."""
    is_safe: bool = False
    """Whether they go since the danger is over, and not before."""
    harm: Harm = field(default_factory=Harm)
    """What water has done to them where they were caught."""

    def party(self, persons: int, item: int, row: int) -> Party:
        """So many of them, the injured first, in good hands from now on; `item` and `row` as of `Party`."""
        hurt, patients = self.harm.take_away(persons, self.persons)
        self.persons -= persons
        return Party(self.village, persons, item, hurt, row, patients)
