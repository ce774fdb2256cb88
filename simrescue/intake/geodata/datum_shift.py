"""Whether villages lie beside the roads by the shift of another datum: numbers alone do not tell theirs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from simrescue.intake.geodata.coordinates import Points, bd09, gcj02, to_wgs84
from simrescue.intake.geodata.loose_pieces import feet
from simrescue.intake.geodata.noding import RoadWeb
from simrescue.wording import Words, bilingual

FEWEST, NEAR_M, TIMES = 5, 100.0, 3.0
"""Villages that can tell, the median distance to roads that is none, and how many times nearer another datum puts them.
Assumed; the shift of GCJ-02 is 506 m in the median over China, 678 m at most."""


class Shift(NamedTuple):
    """Where villages lie against the roads."""

    datum: str
    """In which the villages fit to the roads; empty: as they are, or none does better."""
    roads_datum: str
    """In which the roads fit to the villages."""
    as_read_m: float
    """Median distance of the villages to the roads, as read."""
    shifted_m: float
    """The same in the other datum."""

    @property
    def sentence(self) -> Words | None:
        """What has to be said of it; None: nothing."""
        if self.datum or self.roads_datum:
            option, datum = ("--datum", self.datum) if self.datum else ("--roads-datum", self.roads_datum)
            of = bilingual("places") if self.datum else bilingual("roads")
            return bilingual(
                "places lie {before:.0f} m off the roads in the median, and {after:.0f} m with the {of} read as {datum}"
                ", which was done; {option} says otherwise",
                before=self.as_read_m, after=self.shifted_m, of=of, datum=datum, option=f"{option} wgs84",
            )  # fmt: skip
        return None


def shift_of(web: RoadWeb, places: Points, *, places_known: bool, roads_known: bool) -> Shift:
    """By which datum places fit to roads.

    Args:
        web: roads, as WGS84.
        places: shape (P, 2), as WGS84.
        places_known: whether somebody has said the datum of the places.
        roads_known: whether somebody, or a format with one datum only, has said that of the roads.
    """
    if len(places) < FEWEST or (places_known and roads_known):
        return Shift("", "", float("nan"), float("nan"))
    every = np.ones(len(web.links), dtype=bool)

    def median_m(spots: Points) -> float:
        return float(np.median([foot.apart_m for foot in feet(web, spots, every)]))

    as_read_m, fits = median_m(places), list[tuple[float, str, str]]()
    if not places_known:
        fits += [(median_m(to_wgs84(places, datum)), datum, "") for datum in ("gcj02", "bd09")]
    if not roads_known:
        # Roads shifted one way lie beside villages as villages shifted the other way.
        fits += [(median_m(gcj02(places)), "", "gcj02"), (median_m(bd09(gcj02(places))), "", "bd09")]
    best_m, datum, roads_datum = min(fits)
    if as_read_m < NEAR_M or best_m * TIMES > as_read_m:
        return Shift("", "", as_read_m, as_read_m)
    return Shift(datum, roads_datum, as_read_m, best_m)


def shifts_by_file(webs: Sequence[RoadWeb], places: Points, known: Sequence[bool]) -> list[Shift]:
    """By which datum the roads of each of several files fit to the places beside them, where those of another fit.

    Args:
        webs: of each file (F), as WGS84.
        places: shape (P, 2), as WGS84.
        known: for each file whether its datum has been said.

    Returns:
        One for each file, with no datum where it fits as read, where it has too few places beside it, or where no
        other file says that it is not the places that are shifted.
    """
    apart_m = [[foot.apart_m for foot in feet(web, places, np.ones(len(web.links), dtype=bool))] for web in webs]
    beside = np.argmin(np.array(apart_m), axis=0)
    found = [
        shift_of(web, places[beside == number], places_known=True, roads_known=False) for number, web in enumerate(webs)
    ]
    fits = any(shift.as_read_m < NEAR_M for shift in found)
    if fits and not any(shift.roads_datum and said for shift, said in zip(found, known, strict=True)):
        return found
    return [Shift("", "", shift.as_read_m, shift.as_read_m) for shift in found]
