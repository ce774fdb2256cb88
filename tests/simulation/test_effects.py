"""What effects of hazards do, and what several of them do to one place or road."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path
from typing import get_args

import pytest

from simrescue import load
from simrescue.communication.channels import Channel, PowerArea
from simrescue.events import EventKind as Kind
from simrescue.hazards.base import (
    Effect,
    Flames,
    LineLost,
    PlaceLost,
    PowerLost,
    RoadClosed,
    Smoke,
    WaterDepth,
)
from simrescue.hazards.kinds import HAZARDS
from simrescue.network.closures import DAMAGE
from simrescue.simulation.hazards import effects, hazard
from simrescue.simulation.run import simulate
from simrescue.simulation.state import Simulation
from simrescue.simulation.world import compile_world
from tests.factories import at
from tests.simulation.story import NOBODY, by_hand, dry_row, so_far

SCENARIOS = Path(__file__).parents[2] / "scenarios"
DEEP, BURNS = WaterDepth(0, 1.5, 0.0, 4), Flames(0, arrive=True)


def village(*found: Effect) -> Simulation:
    """A dry row of villages, with nobody to help, after some effects, all at once."""
    sim = by_hand(dry_row(**NOBODY))
    for effect in found:
        effects.apply(sim, effect)
    return sim


def test_every_effect_has_a_handler_at_places_and_on_roads() -> None:
    assert set(effects.AT_PLACES) == set(effects.ON_ROADS) == set(get_args(Effect))


def test_an_effect_without_a_handler_is_told_before_anything_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(effects.AT_PLACES, WaterDepth)
    with pytest.raises(TypeError, match=r"flood has effects without a handler: WaterDepth; known: Flames"):
        by_hand(dry_row())
    flood = replace(HAZARDS["flood"], effects=(Flames, int))  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="int"):
        hazard.check_effects(flood)


@pytest.mark.parametrize("place", [0, "depot"])
@pytest.mark.parametrize("first", ["water", "flames"])
def test_a_place_is_as_dangerous_as_the_worst_makes_it(place: int | str, first: str) -> None:
    sim = village()
    site = sim.world.ids.index(place) if isinstance(place, str) else place
    comes: dict[str, Effect] = {"water": WaterDepth(site, 0.5, 0.0, 2), "flames": Flames(site, arrive=True)}
    goes: dict[str, Effect] = {"water": WaterDepth(site, 0.0, 0.0, 0), "flames": Flames(site, arrive=False)}
    other = "flames" if first == "water" else "water"
    for effect in (comes[first], comes[other]):
        effects.apply(sim, effect)
    assert sim.danger[site] == 4
    effects.apply(sim, goes["flames"])
    assert sim.danger[site] == 2
    effects.apply(sim, goes["water"])
    assert site not in sim.unsafe


def test_water_that_leaves_puts_out_no_fire() -> None:
    sim = village(DEEP, BURNS, WaterDepth(0, 0.0, 0.0, 0))
    assert 0 in sim.unsafe
    story = so_far(sim)
    assert not story.rows(Kind.FREED)
    assert story.one(Kind.WATER_LEAVES).subject == 0
    effects.apply(sim, Flames(0, arrive=False))
    assert so_far(sim).rows(Kind.FREED)


def test_a_lost_place_stays_lost_whatever_else_goes() -> None:
    sim = village(PlaceLost(0), DEEP, WaterDepth(0, 0.0, 0.0, 0), PlaceLost(0))
    assert 0 in sim.unsafe
    assert len(so_far(sim).rows(Kind.PLACE_LOST)) == 1
    people = sim.villages[0]
    assert people.trapped == people.record.population
    assert not any(houses.exposure for houses in people.ground.groups), (
        "of deaths in a slide there is no function that we could use"
    )


def test_a_lost_line_is_back_after_its_hours() -> None:
    sim = village(LineLost(0, 2.0), LineLost(1, float("inf")))
    sim.env.run(until=20.0)
    story = so_far(sim)
    assert [row.subject for row in story.rows(Kind.CONTACT_LOST)] == [0, 1]
    back = story.rows(Kind.CONTACT_RESTORED)
    assert [(row.subject, row.time_h) for row in back] == [(0, 2.0)]


@pytest.mark.parametrize(
    ("first_h", "second_h", "back_h"), [(5.0, 2.0, 5.0), (2.0, 5.0, 6.0), (float("inf"), 2.0, None)]
)
def test_of_two_losses_of_one_line_the_later_end_counts(first_h: float, second_h: float, back_h: float | None) -> None:
    """By telephone alone, and by channels without stations."""
    for sim in (village(), by_hand(dry_row(channels=(Channel(id="telephone", kind="public"),), **NOBODY))):
        effects.apply(sim, LineLost(0, first_h))
        sim.env.run(until=1.0)
        effects.apply(sim, LineLost(0, second_h))
        sim.env.run(until=20.0)
        assert so_far(sim).times(Kind.CONTACT_RESTORED) == ([] if back_h is None else [back_h])


@pytest.mark.parametrize(("first_h", "second_h", "back_h"), [(5.0, 2.0, 5.0), (2.0, 5.0, 6.0), (0.5, 2.0, 3.0)])
def test_of_two_cuts_of_one_power_area_the_later_end_counts(first_h: float, second_h: float, back_h: float) -> None:
    room = PowerArea(id="room", elevation_m=30.0, **at(1, 0))
    sim = by_hand(dry_row(channels=(Channel(id="telephone", kind="public"),), power=(room,), **NOBODY))
    place = sim.world.ids.index("room")
    effects.apply(sim, PowerLost(place, first_h))
    sim.env.run(until=1.0)
    effects.apply(sim, PowerLost(place, second_h))
    sim.env.run(until=20.0)
    back = [row.time_h for row in so_far(sim).rows(Kind.POWER_BACK, subject="room")]
    assert back[-1] == back_h
    assert len(back) == 1 + (first_h < 1.0)


def test_a_road_is_closed_as_long_as_any_cause_is_on_it() -> None:
    sim = village()
    road = sim.world.n_places
    for effect in (WaterDepth(road, 1.0, 0.0, 3), RoadClosed(road, DAMAGE), Flames(road, arrive=True)):
        effects.apply(sim, effect)
    effects.apply(sim, WaterDepth(road, 0.0, 0.0, 0))
    assert 0 in sim.roads.blocked["foot"]
    effects.apply(sim, Flames(road, arrive=False))
    assert 0 not in sim.roads.blocked["foot"]
    assert 0 in sim.roads.blocked["truck"]


def test_smoke_and_water_slow_together() -> None:
    sim = village()
    road, path = sim.world.n_places, (0,)
    effects.apply(sim, WaterDepth(road, 0.2, 0.0, 1))
    [wet] = sim.roads.leg_hours("truck", path, 8.0)
    effects.apply(sim, Smoke(road, thick=True))
    assert sim.roads.leg_hours("truck", path, 8.0) == pytest.approx([wet * sim.parameters.smoke_slows_driving])


@pytest.mark.parametrize("effect", [RoadClosed(0, DAMAGE), PlaceLost(-1), LineLost(-1, 1.0)])
def test_an_effect_that_fits_no_such_site_is_an_error(effect: Effect) -> None:
    sim = village()
    if effect.site < 0:
        effect = effect._replace(site=sim.world.n_places)
    with pytest.raises(TypeError, match="no effect on"):
        effects.apply(sim, effect)


def both(folder: Path) -> Path:
    """The small fire, with a river that floods its village besides."""
    shutil.copytree(SCENARIOS / "tiny-fire", folder)
    file = folder / "scenario.yaml"
    head, _, rest = file.read_text("utf-8").partition("\nhazard:\n")
    section, _, after = rest.partition("\n\n")
    fire = "  - " + "\n    ".join(line.removeprefix("  ") for line in section.splitlines())
    flood = "  - {kind: flood, source: depths}"
    file.write_text(f"{head}\nhazard:\n{flood}\n{fire}\n\n{after}", encoding="utf-8")
    village = load(SCENARIOS / "tiny-fire").villages[0].id
    rows = [f"{village},{time} h,{depth}" for time, depth in ((0, 0), (1, 1.0), (3, 0))]
    (folder / "depths.csv").write_text("\n".join(["subject,time,depth_m", *rows, ""]), encoding="utf-8")
    return folder


def test_a_flood_and_a_fire_run_on_one_clock_each_as_by_itself(tmp_path: Path) -> None:
    scenario = load(both(tmp_path / "both"))
    assert list(scenario.settings.hazards) == ["flood", "wildfire"]
    log, alone = simulate(compile_world(scenario)), simulate(load(SCENARIOS / "tiny-fire"))
    assert log.where(Kind.WATER_ARRIVES).size
    assert log.where(Kind.IGNITES).size
    first = [one.time_h[one.where(Kind.IGNITES)].tolist() for one in (log, alone)]
    assert first[0] == first[1]
    cells = [one.amount[one.where(Kind.BURNS)].tolist() for one in (log, alone)]
    both_burn = min(map(len, cells))  # crews whom the water keeps come at another hour
    assert both_burn > 5
    assert cells[0][:both_burn] == cells[1][:both_burn], "the fire draws what it drew alone"
