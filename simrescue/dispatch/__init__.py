"""Dispatch policies: who is sent where. A new policy is one file here, and is registered below."""

from simrescue.dispatch.base import (
    POLICIES,
    Assignment,
    Candidate,
    Policy,
    Request,
    View,
    forget,
    in_order,
    register,
    registered,
)
from simrescue.dispatch.nearest import NEAREST
from simrescue.dispatch.optimal import OPTIMAL
from simrescue.dispatch.priority import PRIORITY

for _policy in (NEAREST, PRIORITY, OPTIMAL):
    register(_policy)

__all__ = [
    "POLICIES",
    "Assignment",
    "Candidate",
    "Policy",
    "Request",
    "View",
    "forget",
    "in_order",
    "register",
    "registered",
]
