"""What a crew is sent to do: one class for each type of request."""

from __future__ import annotations

from typing import Any

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

__all__ = ["MISSIONS", "Mission"]

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
