"""What hazards read of a scenario: its records as far as they bear on how a hazard runs."""

from __future__ import annotations

from typing import Any, Protocol

from simrescue.parameters import Parameters
from simrescue.places import Ignition, Institution, Place, Road, Village


class Scenario(Protocol):
    """A checked scenario (`scenario.records.Scenario`), seen from the floor of the hazards."""

    @property
    def settings(self) -> Any:
        """The sections of scenario.yaml."""

    @property
    def parameters(self) -> Parameters:
        """The default numbers."""

    @property
    def places(self) -> tuple[Place, ...]:
        """All places, in the order of the table of things."""

    @property
    def villages(self) -> tuple[Village, ...]:
        """The villages among them."""

    @property
    def settlements(self) -> tuple[Village | Institution, ...]:
        """The villages and institutions among them, which come first."""

    @property
    def roads(self) -> tuple[Road, ...]:
        """All roads."""

    @property
    def levels(self) -> tuple[Any, ...]:
        """Water levels by zone."""

    @property
    def depths(self) -> tuple[Any, ...]:
        """Water depths by site."""

    @property
    def weather(self) -> tuple[Any, ...]:
        """Points of the weather."""

    @property
    def fire_danger(self) -> tuple[Any, ...]:
        """Classes of the table of fire danger; none: those of the program."""

    @property
    def ignition_rates(self) -> tuple[Any, ...]:
        """How often fires of each cause start by chance."""

    @property
    def fire_lines(self) -> tuple[Any, ...]:
        """Points of lines on the ground."""

    @property
    def ignitions(self) -> tuple[Ignition, ...]:
        """Where fires begin."""

    @property
    def landscape(self) -> Any:
        """Rasters of fuel and height; None without them."""

    @property
    def arrival_h(self) -> Any:
        """A front that is given as a raster; None without one."""
