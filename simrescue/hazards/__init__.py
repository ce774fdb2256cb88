"""Hazards: what happens to the place, and when. The kinds of the program itself are registered here."""

from simrescue.hazards.flood.kind import FLOOD
from simrescue.hazards.kinds import register
from simrescue.hazards.wildfire.kind import WILDFIRE

for _kind in (FLOOD, WILDFIRE):
    register(_kind)
