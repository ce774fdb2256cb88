"""Dispatch policies: who is sent where. A new policy is one file here and one line in `POLICIES`."""

from simrescue.dispatch.base import Assignment, Candidate, Policy, Request, View, in_order
from simrescue.dispatch.nearest import NEAREST
from simrescue.dispatch.optimal import OPTIMAL
from simrescue.dispatch.priority import PRIORITY

POLICIES: dict[str, Policy] = {"nearest": NEAREST, "priority": PRIORITY, "optimal": OPTIMAL}
"""The policies that a scenario can name."""

__all__ = ["POLICIES", "Assignment", "Candidate", "Policy", "Request", "View", "in_order"]
