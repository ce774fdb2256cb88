"""Messages: who tells whom what. Every report, call-out, order, call and request goes as one through `Contact`."""

from __future__ import annotations

from enum import IntEnum, unique
from typing import NamedTuple


@unique
class MessageKind(IntEnum):
    """What a message is about; the number stands in logs."""

    REPORT = 0
    """How people are at a place."""
    GOODS = 1
    """What goods are short at a place."""
    SIGHTING = 2
    """That there is water at a place."""
    CALL_OUT = 3
    """The officers of a village are called, with or without an order to leave."""
    ROADSIDE = 4
    """People are caught on the road."""
    ORDER = 5
    """One post tells another, or a crew, what to do, or to leave off."""
    REQUEST = 6
    """One post asks another for help."""
    ANSWER = 7
    """What came is answered: understood, granted, refused."""
    CALL = 8
    """Somebody rings for help (110, 119, 120)."""
    COUNT = 9
    """How many people are still at a place."""
    NOTICE = 10
    """The officers of a village are told of the forecast or of a short-term warning, before any call-out."""
    ONWARD = 11
    """Command passes the first report of a place on to the posts above it."""


ANSWERED_KINDS = (MessageKind.CALL_OUT, MessageKind.NOTICE, MessageKind.ORDER, MessageKind.REQUEST)
"""Messages of which whoever sends them is told that they have come."""


class Message(NamedTuple):
    """One message from one place or crew to another; both by their index in the table of things."""

    kind: MessageKind
    sender: int
    """Index of the place that sends; that of command for command."""
    receiver: int
    """Index of the place that is to hear it, in the same way."""
    cause: int = -1
    """Row of the log that it tells of."""


class VillageWord(NamedTuple):
    """How things stand in a village at a moment, as whoever is there sees it."""

    time_h: float
    there: int
    """People who are still in it."""
    danger: int
    """Class of its danger."""
    needs: tuple[tuple[int, int, int], ...]
    """As of `VillageState.needs`."""
    fed_until_h: float
    """Hour until which those who can be brought goods live on what is there; infinite: nobody has to yet."""
