"""A point of an experiment: one scenario as it is to be simulated, without being loaded yet."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from hashlib import blake2b
from pathlib import Path
from typing import Any, NamedTuple

from simrescue.scenario.load import drafted, load
from simrescue.scenario.records import Scenario


class Point(NamedTuple):
    """A scenario folder, one of its variants, and single changes; equal points have equal replications."""

    scenario: str
    """Folder of the scenario."""
    variant: str = ""
    sets: tuple[tuple[str, Any], ...] = ()
    """Changes path -> value in order, as `--set` takes them; see `simrescue.scenario.files.overrides`."""

    def load(self) -> Scenario:
        """The scenario of this point. Raises ScenarioError."""
        return load(self.scenario, self.variant, dict(self.sets))


def point(scenario: str | Path, variant: str = "", sets: Mapping[str, Any] | None = None) -> Point:
    """A point from a folder, a variant and path -> value."""
    return Point(str(scenario), variant, tuple((sets or {}).items()))


class Keys:
    """Keys of points: 16 hexadecimal digits over the files of the scenario, the variant and the changes.

    Each scenario folder is read once for all its points.
    """

    def __init__(self) -> None:
        self._digest = cache(lambda folder: drafted(Path(folder)).digest)

    def __call__(self, one: Point) -> str:
        """The key of a point."""
        text = json.dumps([self._digest(one.scenario), one.variant, one.sets], ensure_ascii=False, default=str)
        return blake2b(text.encode(), digest_size=8).hexdigest()
