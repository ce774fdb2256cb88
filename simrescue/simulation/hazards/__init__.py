"""Hazards as processes: what they change at places and on roads, and how fires are found."""

from simrescue.hazards.kinds import extend
from simrescue.simulation.hazards.fire_watch import FireWatch

extend("wildfire", watch=FireWatch)
