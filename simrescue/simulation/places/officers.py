"""The officers of a village (A, B and so on), who are called in turn until somebody answers.

Each may be away for the whole event, and may miss any single call. All are called once in a round, one after the other;
rounds follow each other until somebody is at the telephone. Where all are away, or none has been reached, it is left
to the people of the village: they ring by themselves when they need help, later than officers would, and whoever brings
such news is told the warning: a second way round officers who are away, asleep or busy.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Generator
from typing import TYPE_CHECKING, Any, Protocol

from simrescue.events import EventKind as Kind
from simrescue.places import OFFICERS
from simrescue.streams import delay_h

if TYPE_CHECKING:
    from simrescue.simulation.protocols import VillageState
    from simrescue.simulation.state import Simulation

SOMEBODY_ELSE = len(OFFICERS)
"""Number in logs of somebody of the village who is no officer."""


class Tells(Protocol):
    """Passes a step of the warning to somebody at the telephone."""

    def __call__(self, step: Kind, cause: int, officer: int = -1, in_round: int = 0, /) -> None:
        """`step`: which; `cause`: row that tells of it; `officer`: number of who it is; `in_round`: of the calls."""


class Officers:
    """Those of one village in one replication, each with draws of his own: one more changes nothing of others."""

    def __init__(self, sim: Simulation, village: VillageState, tell: Tells) -> None:
        self.sim, self.village, self.tell = sim, village, tell
        self.streams = [
            sim.stream(f"officer {letter}", village.index) for letter in OFFICERS[: village.record.officers]
        ]
        self.is_away = [rng.random() < sim.parameters.officer_away_share for rng in self.streams]
        self.unanswered: dict[Kind, int] = {}
        """Steps of the warning that nobody has been told yet, each with the row that tells of it."""
        self.is_calling = False
        self.is_alert = False
        """Whether they have answered an earlier step of the warning."""

    def call(self, step: Kind, cause: int) -> None:
        """A step of the warning is to be passed on; whoever is at the telephone is told all that wait.

        Args:
            step: the order or the call-out.
            cause: row of the log that tells of it.
        """
        self.unanswered[step] = cause
        if not self.is_calling:
            self.is_calling = True
            self.sim.env.process(self._call_in_turn())

    def _call_in_turn(self) -> Generator[Any, Any, None]:
        parameters, missed = self.sim.parameters, set[int]()
        in_round = 0
        while self.unanswered:
            in_round, begun_h = in_round + 1, self.sim.env.now
            # All draw in each round, whoever is called, so that one more officer changes nothing of the others.
            draws = [rng.random() for rng in self.streams]
            for officer, draw in enumerate(draws):
                if self.village.index in self.sim.contact.dark:
                    self._pass_on()  # no telephone rings: it goes by what stands, or waits
                elif not self.is_away[officer] and draw >= self._missed_share():
                    self._pass_on(officer, in_round)
                if not self.unanswered:
                    break
                if officer not in missed:
                    # One row for each, however many rounds he misses: where nobody hears they go on all night.
                    missed.add(officer)
                    self._miss(officer, in_round)
                yield self.sim.env.timeout(parameters.officer_next_h)
            if not self.unanswered or all(self.is_away):
                break  # where nobody will ever answer, the people of the village may call
            yield self.sim.env.timeout(max(0.0, begun_h + parameters.officer_again_h - self.sim.env.now))
        self.is_calling = False

    def _missed_share(self) -> float:
        """Chance that an officer who is there does not hear the call now."""
        # Light begins and ends in turn, the first a beginning: after an odd number of them it is day.
        is_light = bisect_right(self.sim.world.sky.light_changes[self.village.index], self.sim.env.now) % 2
        parameters = self.sim.parameters
        missed = parameters.officer_missed_share if is_light else parameters.officer_missed_night_share
        return float(missed * parameters.officer_alert_factor if self.is_alert else missed)

    def is_told(self) -> None:
        """Somebody has come with all that waits: nobody is called for it any more."""
        self.unanswered = {}

    def _miss(self, officer: int, in_round: int) -> None:
        place, cause = self.village.index, next(iter(self.unanswered.values()))
        self.sim.log(Kind.UNREACHED, place, place, cause, item=officer, amount=in_round)

    def _pass_on(self, officer: int = -1, in_round: int = 0) -> None:
        waiting, self.unanswered = self.unanswered, {}
        for step, cause in waiting.items():
            self.tell(step, cause, officer, in_round)

    # ---- news out of the village

    @property
    def are_out_of_reach(self) -> bool:
        """Whether all of them are away, or none has been at the telephone yet when called."""
        return all(self.is_away) or bool(self.unanswered)

    def until_public_calls_h(self) -> float:
        """How much later than by officers news comes from the village; 0 while one of them is within reach."""
        rng = self.village.rng("public calls")
        return delay_h(rng, self.sim.parameters.public_call_h) if self.are_out_of_reach else 0.0

    def heard_from(self, cause: int) -> int:
        """News has come from the village: whoever brings it is told what no officer has answered.

        Args:
            cause: row that the news tells of.

        Returns:
            The row that tells who brought it; the same where officers did.
        """
        teller = SOMEBODY_ELSE
        if self.are_out_of_reach:
            cause = self.sim.log(Kind.PUBLIC_CALLS, self.village.index, self.village.index, cause)
        else:
            teller = self.is_away.index(False)
        self._pass_on(teller)
        return cause
