"""The section of scenario.yaml for forest fires."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from simrescue.hazards.wildfire.tactics_policies import TACTICS_POLICIES
from simrescue.parameters import default
from simrescue.records import FIRE, PAGES, Needs, ReadBy, Record
from simrescue.responders import LevelOfGovernment, LevelOfResponse, TeamKind
from simrescue.units import (
    HourOfDay,
    Hours,
    Kilometres,
    KilometresPerHour,
    MetresLong,
    MetresPerSecond,
    Number,
    Persons,
    Share,
    Whole,
    YesNo,
)


class FireUncertainty(Record):
    """How the weather of a fire differs between replications; drawn once a replication from its own stream."""

    only = (FIRE,)

    wind: Share = default("fire_wind_sd")
    """Standard deviation of the logarithm of the wind speed."""
    direction_deg: Number = default("fire_direction_sd_deg")
    """Standard deviation of the wind direction, degrees."""
    humidity: Share = default("fire_humidity_sd")
    """Standard deviation of the relative humidity (share)."""
    shift_h: Hours = default("fire_weather_shift_sd_h")
    """Standard deviation of the time at which the weather changes."""


class Layers(Record):
    """Files of the landscape, in the scenario folder: ESRI ASCII grids (.asc) or GeoTIFF (.tif), all on one grid."""

    only = (FIRE,)

    fuel: str = "fuel.asc"
    """Numbers of fuel models: Anderson 1 to 13, Scott & Burgan 101 to 204, not burnable 91 to 99."""
    elevation: str = "elevation.asc"
    """Height of the ground, metres."""
    canopy_cover: str = ""
    """Share (0 to 1) of the ground under trees; empty: none."""
    canopy_height: str = ""
    """Metres; empty: 10 m where there is canopy."""
    canopy_base: str = ""
    """Height at which crowns begin, metres; empty or no data: by species, else by `canopy_base_share`."""
    canopy_density: str = ""
    """Bulk density of the crowns, kg/m3 (0: they carry no fire); empty or no data: by species, else
    `canopy_density_kg_m3`."""
    species: str = ""
    """Numbers of kinds of stand (data/stands.csv); empty or no data: broadleaves over fuel 9, 182, 186 and 189, else
    conifers."""
    arrival: str = ""
    """Hours from the first ignition to the front, from another fire model: stands in for our own growth and
    embers, and then nothing that responders do slows the fire. Empty: the fire grows by itself."""


class Danger(Record):
    """What the days before the scenario leave behind, for the fire danger of its days."""

    only = (FIRE,)

    ffmc: Annotated[Number, ReadBy(PAGES)] = Field(default=85, ge=0, le=101)
    """Fine fuel moisture code of the day before; the default stands for the first dry days of a season."""
    dmc: Annotated[Number, ReadBy(PAGES)] = Field(default=6, ge=0, le=1000)
    """Duff moisture code of the day before."""
    dc: Annotated[Number, ReadBy(PAGES)] = Field(default=15, ge=0, le=2000)
    """Drought code of the day before."""
    dry_days: Annotated[Whole, Needs("danger_stages")] = Field(default=0, ge=0, le=1000)
    """Days in a row without rain before the first day."""
    green: Annotated[Number, Needs("danger_stages")] = Field(default=0, ge=0, le=100)
    """Points taken off the grade for green plants."""


class Stage(Record):
    """A step of the response to a fire: what is wanted on it once it is so large or has burned so long."""

    only = (FIRE,)

    area_ha: Number = Field(default=0, ge=0, le=10_000_000)
    after_h: Hours = 0.0
    """Since the report, or since it burns anew after it was out, when it is still not contained."""
    danger: Whole = Field(default=0, ge=0, le=5)
    """Wanted with the report on a day of this grade of fire danger (1 to 5) or a higher one; 0: not by danger."""
    persons: Persons = 0
    """Hands wanted on the line in all, trained or not; those who are there the soonest count first."""
    helicopters: Whole = Field(default=0, ge=0, le=1000)
    """Aircraft that drop water wanted in all."""
    tiers: tuple[LevelOfGovernment, ...] = ()
    """Levels of government whose teams go to the line from this stage on, with those of stages before; empty: all."""
    kinds: tuple[TeamKind, ...] = ()
    """Kinds of teams that go to the line from this stage on, the same."""
    uses_reserve: YesNo = False
    """Whether the reserve may be sent to fires from this stage on."""
    level: Literal["", LevelOfResponse] = ""
    """Response level that is declared with it; empty: none."""

    def calls(self, level: str, kind: str) -> bool:
        """Whether it calls a team of a level of government and a kind."""
        return (not self.tiers or level in self.tiers) and (not self.kinds or kind in self.kinds)


class Reserve(Record):
    """What is kept back for the next fire while one is fought, on a day of so much fire danger."""

    only = (FIRE,)

    danger: Whole = Field(default=0, ge=0, le=5)
    """Grade of fire danger (1 to 5) from which it is kept; of several the highest reached counts. 0: always."""
    persons: Share = 0.0
    """Share of the people for the line who are there; whole crews, as many as fit in."""
    helicopters: Whole = Field(default=0, ge=0, le=1000)
    """Aircraft that drop water."""


class WorkRule(Record):
    """When crews may not work on the line, or only in part of it; of two rules that hold the narrower counts."""

    only = (FIRE,)

    who: Literal["all", "untrained"] = "all"
    """Whom it binds; untrained: teams that are neither `forest_fire`, `semi_professional`, `mobile`,
    `fire` nor `military`."""
    from_h: HourOfDay = Field(default=0.0, le=24)
    """Hour of the clock from which it holds."""
    to_h: HourOfDay = Field(default=24.0, le=24)
    """Hour of the clock to which it holds; before `from`: of the next day."""
    night: YesNo = False
    """Whether it holds in darkness only."""
    wind_ms: MetresPerSecond = Field(default=0.0, ge=0, le=100)
    """Wind (10 m above open ground) from which it holds; 0: in any."""
    slope: Number | None = Field(default=None, ge=0, le=10)
    """They work only where the ground is no steeper (rise over run); empty, as `flame`: nowhere."""
    flame_m: MetresLong | None = Field(default=None, le=100)
    """They work only where flames are no longer; empty, as `slope`: nowhere."""


class Wildfire(Record):
    """The forest fire: landscape, how sure the weather is, and how it is fought."""

    only = (FIRE,)

    kind: Literal["wildfire"]
    layers: Layers = Layers()
    step_h: Hours = default("fire_step_h")
    """How often the line, the crews on it and the sites near it are looked at."""
    uncertainty: FireUncertainty = FireUncertainty()
    live_herb: Number = default("live_herb_moisture")
    """Moisture of grass and herbs, share of dry weight."""
    live_woody: Number = default("live_woody_moisture")
    crown: Annotated[Literal["cruz", "rothermel", "off"], Needs("growth")] = "cruz"
    """Rate of crown fire: of Cruz et al. 2005, or of Rothermel 1991; off: crowns never burn."""
    foliar_moisture: Annotated[Number, Needs("growth", "crowns")] = default("foliar_moisture")
    """Moisture of needles, share of dry weight."""
    embers: Annotated[Literal["torching", "flames"], Needs("growth")] = "torching"
    """What throws embers: crowns that burn (as far as published, by wind, trees and dryness), or long flames with the
    chance `spotting`."""
    spotting: Annotated[Share, Needs("growth")] = default("spotting_chance")
    """With `embers: flames` the chance that a cell with flames above `spotting_flame_m` throws an ember that takes
    hold. 0: never an ember, whatever throws them."""
    burn_out_h: Hours = default("burn_out_h")
    """How long flames stand in one place."""
    danger: Danger = Danger()
    stages: tuple[Stage, ...] = ()
    """What the plan sends, first dispatch first; empty: everybody who may be sent goes."""
    reserve: Annotated[tuple[Reserve, ...], Needs("detectors")] = ()
    """Kept back for the next fire, by the danger of the day; empty: nobody."""
    walk_kmh: Annotated[KilometresPerHour, Needs("detectors", "line_crews")] = default("line_walk_kmh")
    """From the road end to the line, on flat ground."""
    retreat_h: Annotated[Hours, Needs("detectors", "line_crews")] = default("escape_margin_h")
    """Crews leave when the front may reach them within their way out and this."""
    leaders: Annotated[Literal["cautious", "standard", "bold"], Needs("detectors", "line_crews")] = "standard"
    """How much of `retreat` leaders keep in hand when they take their crews off: a multiple for `cautious`, all of it,
    or a part for `bold`."""
    rules: Annotated[tuple[WorkRule, ...], Needs("detectors", "line_crews")] = ()
    """Who may work on the line when and where; empty: all always, wherever their tools master the flames."""
    lookouts: Annotated[YesNo, Needs("detectors", "line_crews")] = True
    """Whether lookouts watch the fire for the crews: they see it run from wherever it does, and word takes
    `warning_h`. Without them a crew sees as far as `crew_sight_m`."""
    tactics: Annotated[str, Needs("detectors", "line_crews")] = Field(
        default="anchor", json_schema_extra=lambda schema: schema.update(enum=list(TACTICS_POLICIES))
    )
    """What crews are ordered to do where fire_orders.csv says nothing."""
    relief_stay_h: Annotated[Hours, Needs("detectors", "line_crews")] = default("relief_stay_h")
    """Most time that crews stay on the line over the end of their shift until their relief is at work, which is asked
    for ahead; 0: nobody waits, and others are sent when they have gone."""
    relief_overlap_h: Annotated[Hours, Needs("detectors", "line_crews", "relief")] = default("relief_overlap_h")
    """Time that those who relieve and those relieved are on the line together."""
    reports_h: Hours = default("fire_report_h")
    """How often the fire's size is told to command and written down."""
    order_lead_h: Hours = default("fire_order_lead_h")
    """Villages are ordered out when the front is expected within this time."""
    order_within_km: Kilometres = default("fire_order_within_km")
    """Villages are ordered out when the front is nearer than this, whatever the wind."""
