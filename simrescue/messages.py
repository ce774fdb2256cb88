"""Messages: who tells whom what. Every report, call-out, order and request goes as one through `Contact.send`."""

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
    """One post tells another, or a crew, what to do."""
    REQUEST = 6
    """One post asks another for help."""
    ANSWER = 7
    """What came is answered: understood, granted, refused."""


class Message(NamedTuple):
    """One message from one place to another; places by their index in the table of things."""

    kind: MessageKind
    sender: int
    """Index of the place that sends; that of command for command."""
    receiver: int
    """Index of the place that is to hear it, in the same way."""
    cause: int = -1
    """Row of the log that it tells of."""
