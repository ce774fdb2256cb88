"""Who may be asked for help: partners outside the county, who grant or refuse, gather, drive and hand over crews.

Crews of a partner are rows of the tables of responders that name it (`partner`); they are not there before.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from simrescue.parameters import default
from simrescue.records import PAGES, Kind, ReadBy, Record
from simrescue.responders import LevelOfResponse
from simrescue.units import Hours, Id, Kilometres, KilometresPerHour, Share, YesNo
from simrescue.wording import noun


class Partner(Record):
    """Somebody who sends crews when asked: a neighbouring county, the city, a province, the garrison, an enterprise.

    Asked once, for all crews that name it in their column `partner`. Two ways to the same force, such as the order
    through the military organ and the direct call to the garrison in urgent danger, are two partners.
    """

    id: Id
    name: Annotated[str, ReadBy(PAGES)] = Field(default="", max_length=200)
    name_zh: Annotated[str, ReadBy(PAGES)] = Field(default="", max_length=200)
    asked_at: Literal["", LevelOfResponse] = ""
    """Asked when this response level, or a higher one, is declared; empty: not for that reason."""
    asked_after_h: Hours | None = None
    """Asked when a request that its crews could serve has waited so long, and own crews do not cover it; empty: not for
    that reason."""
    decided_by: Annotated[str, ReadBy(PAGES)] = Field(default="", max_length=100)
    """Who grants it."""
    grant: Share = default("aid_grant")
    """Chance that it is granted. Who has refused is not asked again."""
    decision_h: Hours = default("aid_decision_h")
    """Mean time from the request to the answer."""
    gathering_h: Hours = default("aid_gathering_h")
    """From the grant to setting out."""
    distance_km: Kilometres = 0.0
    """On the road from where its crews gather to their bases in this scenario."""
    speed_kmh: Annotated[KilometresPerHour, Field(gt=0)] = default("convoy_kmh")
    """Of its convoy, stops included."""
    handover_h: Hours = default("aid_handover_h")
    """From the arrival until command can send its crews: registered, told where things stand, given a task area."""
    assumed: Annotated[YesNo, ReadBy(PAGES)] = False

    @property
    def coming_h(self) -> float:
        """Hours from the grant until its crews can be sent."""
        return self.gathering_h + self.drive_h + self.handover_h

    @property
    def drive_h(self) -> float:
        """Hours on the road."""
        return self.distance_km / self.speed_kmh


KINDS = (Kind("partner", role="command", noun=noun("partner", "partners")),)
"""Kinds of things of this module, for `kinds.register`."""
