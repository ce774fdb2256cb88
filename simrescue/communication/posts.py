"""Through whose hands news, orders and requests go: posts with staff, and partners outside who send crews when asked.

Without a row of posts.csv there is one ideal post, which handles everything at once. Crews of a partner are rows of the
tables of responders that name it (`partner`); they are not there before.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Annotated, Literal, get_args

from pydantic import Field

from simrescue.communication.messages import MessageKind
from simrescue.parameters import default
from simrescue.records import PAGES, Kind, ReadBy, Record
from simrescue.responders import LevelOfResponse
from simrescue.units import HourOfDay, Hours, Id, Kilometres, KilometresPerHour, Metres, NameList, Share, Whole, YesNo
from simrescue.wording import noun

PostLevel = Literal["village", "township", "scene", "county", "city", "province", "national"]
POST_LEVELS: tuple[PostLevel, ...] = get_args(PostLevel)
"""Levels of posts, lowest first; the place is the number in logs."""


class StaffedPost(Record):
    """A duty room, office or headquarters that passes on reports, orders and requests: so many at once, in turn."""

    id: Id
    name: Annotated[str, ReadBy(PAGES)] = Field(default="", max_length=200)
    name_zh: Annotated[str, ReadBy(PAGES)] = Field(default="", max_length=200)
    level: PostLevel = "county"
    """What it is: of a village, a township, on scene, of the county, the city, the province, the nation."""
    upper: str = Field(default="", max_length=64)
    """Id of the post that it reports to and takes orders from; empty: none above it."""
    command: YesNo = False
    """Whether it is the one at which command sits, which keeps the requests and sends the crews; exactly one is."""
    serves: NameList = ()
    """Places whose word goes through it first, and to which it passes orders: ids, or names of townships. Who is in no
    list turns to command's own post."""
    staff: Annotated[Whole, Field(ge=1, le=1000)] = default("post_staff")
    """Messages that are handled at once; a fused township post has the staff of both of its rooms."""
    report_h: Hours = default("post_report_h")
    """Mean time to take, check and pass on a report."""
    order_h: Hours = default("post_order_h")
    """The same for an order or a call-out."""
    request_h: Hours = default("post_request_h")
    """The same for a request to those above, or to a partner."""
    from_h: HourOfDay = Field(default=0.0, le=24)
    """Hour of the clock from which it is manned; outside its hours messages wait."""
    to_h: HourOfDay = Field(default=24.0, le=24)
    """Hour of the clock to which it is manned; before `from`: of the next day."""
    withheld: Share = 0.0
    """Share of the dead of whom it hears that it does not pass on to those above, whose count is wrong by so much
    (Zhengzhou 2021, of 380: townships 15, county 49, city 75)."""
    place: str = Field(default="", max_length=64)
    """Id of the place in whose building it sits; empty: nowhere that water or a power cut comes to."""
    depth_limit_m: Metres = default("post_depth_m")
    """Water in that place from which its rooms and papers are lost: nothing is handled until it has moved."""
    move_h: Hours = default("post_move_h")
    """Mean time from then until it, or whoever replaces it, works elsewhere."""
    battery_h: Hours = default("post_battery_h")
    """Hours that it works without mains; then it waits for them."""
    assumed: Annotated[YesNo, ReadBy(PAGES)] = False

    @property
    def mans_whole_day(self) -> bool:
        """Whether it is manned by day and by night."""
        return (self.to_h - self.from_h) % 24 == 0

    def closed_h(self, clock_h: float) -> float:
        """Hours from an hour of the clock until it is manned; 0 while it is."""
        manned = self.mans_whole_day or (clock_h - self.from_h) % 24 < (self.to_h - self.from_h) % 24
        return 0.0 if manned else (self.from_h - clock_h) % 24

    def handling_h(self, kind: MessageKind) -> float:
        """Mean hours for a message of a kind."""
        if kind in (MessageKind.CALL_OUT, MessageKind.NOTICE, MessageKind.ORDER):
            return self.order_h
        return self.request_h if kind is MessageKind.REQUEST else self.report_h


def ways_up(posts: Iterable[StaffedPost]) -> dict[str, tuple[StaffedPost, ...]]:
    """Each post by id -> itself and all above it, the lowest first; a way that comes back to itself ends there."""
    by_id = {post.id: post for post in posts}
    ways = {}
    for post in by_id.values():
        way = [post]
        while (above := by_id.get(way[-1].upper)) and above not in way:
            way.append(above)
        ways[post.id] = tuple(way)
    return ways


def erlang_wait_h(per_h: float, handling_h: float, staff: int) -> float:
    """Mean hours in the queue of a post to which messages come at random, each handled in an exponential time.

    Erlang's delay formula of 1917 (M/M/c).

    Args:
        per_h: messages an hour.
        handling_h: mean hours for one.
        staff: handled at once.

    Returns:
        The mean over all messages; infinite where more comes than can be handled.
    """
    load = per_h * handling_h
    if load >= staff:
        return math.inf
    blocked = 1.0  # Erlang B by its recursion, which does not overflow
    for number in range(1, staff + 1):
        blocked = load * blocked / (number + load * blocked)
    waits = blocked * staff / (staff - load * (1 - blocked))
    return waits * handling_h / (staff - load)


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
    """Asked when a request that its crews could serve has waited so long, and is more than own crews and aid that is
    coming already cover; empty: not for that reason."""
    asked_through: str = Field(default="", max_length=64)
    """Id of the highest post that a request to it goes through: command's own or one above it; empty: command's own."""
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
    unasked: YesNo = False
    """Whether it comes by itself when it hears of the level or the wait for which others are asked: no request passes
    any post, and `grant` is the chance that it comes."""
    registered_by: str = Field(default="", max_length=64)
    """Id of the post at which its crews are registered when they have come, before they are handed over; they wait
    while its staff are busy or its rooms are lost. Empty: at none."""
    assumed: Annotated[YesNo, ReadBy(PAGES)] = False

    @property
    def coming_h(self) -> float:
        """Hours from the grant until its crews can be sent."""
        return self.gathering_h + self.drive_h + self.handover_h

    @property
    def drive_h(self) -> float:
        """Hours on the road."""
        return self.distance_km / self.speed_kmh


KINDS = (
    Kind("partner", role="command", noun=noun("partner", "partners")),
    Kind("post", role="command", noun=noun("post", "posts")),
)
"""Kinds of things of this module, for `kinds.register`."""
