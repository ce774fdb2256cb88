"""Policies of tactics: what crews are ordered to do where the planner's own orders say nothing.

A new policy is one function and one `register`, as that of dispatch.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from functools import partial
from typing import NamedTuple

from simrescue.hazards.base import AS_FOUND, Order, Tactic
from simrescue.records import for_a_while, lacks_as_policy
from simrescue.wording import Words, bilingual


class Threatened(NamedTuple):
    """A village that command expects a fire at."""

    place: int
    """Index in the table of things."""
    expected_h: float
    """Hours until the front is there, as at the last report."""
    hands: int
    """People who are ordered to protect it."""


class TacticsView(NamedTuple):
    """What command sees when a crew asks what to do at a fire."""

    villages: Sequence[Threatened] = ()
    """Those that the fire is expected at within `hazard.order_lead`, the soonest first; none where the policy does not
    ask for them."""
    protect_hands: float = 0.0
    """People wanted to protect each."""


class TacticsPolicy(NamedTuple):
    """A way of ordering. Pure: the same view gives the same order."""

    name: str
    """As a scenario names it in `hazard.tactics`."""
    words: Words
    """What pages and tables call it."""
    choose: Callable[[TacticsView], Order]
    sees_villages: bool = False
    """Whether it asks for the villages that a fire is expected at."""


TACTICS_POLICIES: dict[str, TacticsPolicy] = {}
"""The policies that a scenario can name, filled by `register`."""


def register(policy: TacticsPolicy) -> TacticsPolicy:
    """Let scenarios name a policy; answers it.

    Raises:
        ValueError: where it is half a policy, with all that is missing, or where its name is taken.
    """
    if lacks := list(_lacks(policy)):
        raise ValueError(f"policy of tactics {policy.name or '(no name)'} is half-registered: {'; '.join(lacks)}")
    TACTICS_POLICIES[policy.name] = policy
    return policy


def forget(name: str) -> None:
    """Undo `register`. Raises KeyError where no policy has the name."""
    del TACTICS_POLICIES[name]


def registered(*policies: TacticsPolicy) -> AbstractContextManager[None]:
    """Have policies registered until the end of a block, as in a test. Raises ValueError as `register`."""
    return for_a_while(policies, register, forget)


def _lacks(policy: TacticsPolicy) -> Iterator[str]:
    yield from lacks_as_policy(policy.name, policy.words, TACTICS_POLICIES)
    yield from ("a function choose" for part in (policy.choose,) if not callable(part))


def villages_first(view: TacticsView) -> Order:
    """Protect the village that the fire is expected at soonest and that lacks hands; else as crews see fit."""
    lacking = (village.place for village in view.villages if village.hands < view.protect_hands)
    place = next(lacking, None)
    return AS_FOUND if place is None else Order(Tactic.PROTECT, place=place)


def _always(order: Order, _: TacticsView) -> Order:
    return order


for _tactic, _words in (
    (Tactic.ANCHOR, bilingual("crews begin where they are anchored best")),
    (Tactic.REAR, bilingual("crews begin at the rear")),
    (Tactic.FLANK, bilingual("crews begin on the flanks")),
    (Tactic.HEAD, bilingual("crews begin at the head")),
    (Tactic.PARALLEL, bilingual("crews build line close in front of the edge")),
    (Tactic.INDIRECT, bilingual("crews build line far in front of the edge")),
):
    register(TacticsPolicy(_tactic.name.lower(), _words, partial(_always, Order(_tactic))))
register(
    TacticsPolicy(
        "villages", bilingual("crews keep the flames from villages first"), villages_first, sees_villages=True
    )
)
