"""What a crew is sent to do: one class for each type of request."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any, cast

from simrescue.responders import CALL_TASKS, TASKS
from simrescue.simulation.missions.base import Mission
from simrescue.simulation.missions.call import AnswerCall, CheckFalseAlarm
from simrescue.simulation.missions.evacuate import Evacuate
from simrescue.simulation.missions.medical import Medical
from simrescue.simulation.missions.reconnaissance import FireReconnaissance, Reconnaissance
from simrescue.simulation.missions.relief_delivery import DeliverRelief, Replenish
from simrescue.simulation.missions.repair import Repair
from simrescue.simulation.missions.rescue import Rescue
from simrescue.simulation.missions.roadside_rescue import RoadsideRescue
from simrescue.simulation.missions.transfer import Transfer
from simrescue.simulation.missions.wildfire.helitack import Helitack
from simrescue.simulation.missions.wildfire.line import BuildLine
from simrescue.simulation.missions.wildfire.water_drop import WaterDrop
from simrescue.simulation.requests import (
    CallRequest,
    EvacuationRequest,
    FalseAlarmRequest,
    FireReconnaissanceRequest,
    LiftRequest,
    MedicalRequest,
    OpenRequest,
    ReconnaissanceRequest,
    ReliefRequest,
    RepairRequest,
    ReplenishmentRequest,
    RescueRequest,
    RoadsideRequest,
    SuppressionRequest,
    TransferRequest,
    WaterDropRequest,
)

__all__ = ["CALL_MISSIONS", "MISSIONS", "Mission", "mission_of", "register", "registered"]

MISSIONS: dict[type[OpenRequest], type[Mission[Any]]] = {
    RescueRequest: Rescue,
    RoadsideRequest: RoadsideRescue,
    EvacuationRequest: Evacuate,
    TransferRequest: Transfer,
    MedicalRequest: Medical,
    ReliefRequest: DeliverRelief,
    ReplenishmentRequest: Replenish,
    ReconnaissanceRequest: Reconnaissance,
    CallRequest: AnswerCall,
    FalseAlarmRequest: CheckFalseAlarm,
    SuppressionRequest: BuildLine,
    WaterDropRequest: WaterDrop,
    FireReconnaissanceRequest: FireReconnaissance,
    LiftRequest: Helitack,
    RepairRequest: Repair,
}
"""Type of request -> the mission that serves it."""
CALL_MISSIONS: dict[str, type[AnswerCall]] = {}
"""Task -> the mission that serves calls for it, where it is more than time on scene."""


def mission_of(request: OpenRequest) -> type[Mission[Any]]:
    """The mission that serves a request. Raises KeyError for a type that has none (see `check_served`)."""
    # The very type: a false alarm is a call too, and has a mission of its own whatever its task.
    if CALL_MISSIONS and type(request) is CallRequest and (own := CALL_MISSIONS.get(TASKS[request.task])):
        return own
    return MISSIONS[type(request)]


def register(serves: type[OpenRequest] | str, mission: type[Mission[Any]]) -> None:
    """Have a mission serve a type of request, or the calls for a task.

    Args:
        serves: the type; or the name of a task that is `by_call`.
        mission: a subclass of `Mission`; for calls, of `AnswerCall`.

    Raises:
        ValueError: for what has a mission already, is no request or task, or gets no mission.
    """
    if wrong := list(_faults(serves, mission)):
        name = getattr(mission, "__name__", mission)
        raise ValueError(f"the mission {name} is not fully registered: " + "; ".join(wrong))
    if isinstance(serves, str):
        CALL_MISSIONS[serves] = cast("type[AnswerCall]", mission)
    else:
        MISSIONS[serves] = mission


def forget(serves: type[OpenRequest] | str) -> None:
    """Undo `register`. Raises KeyError for what has no mission."""
    if isinstance(serves, str):
        del CALL_MISSIONS[serves]
    else:
        del MISSIONS[serves]


@contextmanager
def registered(serves: type[OpenRequest] | str, mission: type[Mission[Any]]) -> Iterator[None]:
    """Have a mission registered for a while, as in a test."""
    register(serves, mission)
    try:
        yield
    finally:
        forget(serves)


def check_served() -> None:
    """See that every type of request has its mission, and every task its request.

    Raises ValueError that tells all that is missing; a base that others are made from needs no mission of its own.
    """
    served = {task for request in MISSIONS for task in request.of_tasks}
    wrong = [
        f"the request {request.__name__} has no mission: missions.register({request.__name__}, ...)"
        for request in _made_from(OpenRequest)
        if request not in MISSIONS and not request.__subclasses__()
    ]
    wrong += [
        f"the task {task!r} is asked for by nobody: by_call, or `of_tasks` of a type of request with a mission"
        for task in TASKS
        if task not in served and task not in CALL_TASKS
    ]
    if wrong:
        raise ValueError("\n".join(wrong))


def _made_from(request: type[OpenRequest]) -> Iterable[type[OpenRequest]]:
    for child in request.__subclasses__():
        yield child
        yield from _made_from(child)


def _faults(serves: Any, mission: type[Mission[Any]]) -> Iterator[str]:
    base: type[Mission[Any]] = AnswerCall if isinstance(serves, str) else Mission
    if not (isinstance(mission, type) and issubclass(mission, base)):
        yield f"a subclass of {base.__name__}"
    elif missing := ", ".join(sorted(mission.__abstractmethods__)):
        yield f"with the methods {missing}"
    if isinstance(serves, str):
        if serves not in CALL_TASKS:
            yield f"for a task that calls can ask for, of {', '.join(CALL_TASKS)}, not {serves!r}"
        if serves in CALL_MISSIONS:
            yield f"for another task than {serves!r}, which has one"
    elif not (isinstance(serves, type) and issubclass(serves, OpenRequest)):
        yield "for a subclass of requests.OpenRequest"
    elif serves in MISSIONS:
        yield f"for another request than {serves.__name__}, which has one"
