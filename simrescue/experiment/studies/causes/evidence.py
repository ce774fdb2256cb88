"""What tests of causes and those who tell of them have in common; kept apart, since telling needs no simulation."""

from __future__ import annotations

CONFIRMED = 8
"""Pairs of the strongest causes, planned beforehand: with fewer there is no interval."""
CONFIDENCE = 0.99
"""Of each interval for itself: the strongest of many causes is looked at, and chance helps some of them."""
ALL = "all"
"""Id of all causes lifted together."""
