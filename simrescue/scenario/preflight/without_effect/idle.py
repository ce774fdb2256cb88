"""Settings and parameters that change nothing in a scenario although it reads them, from its other settings and rows.

What each needs to count stands beside it: in the mark `Needs` of a field, in the column `needs` of the table of
parameters. `CONDITIONS` says what these names mean. A parameter that is the default of fields counts where one of these
is left out and counts itself, and where it needs something of its own: then it is read besides.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from typing import Any, NamedTuple, get_args

from simrescue.communication.posts import Partner
from simrescue.hazards.flood.houses import Province
from simrescue.hazards.flood.settings import Flood
from simrescue.hazards.kinds import hazard_named, is_foreseen, no_forecast
from simrescue.hazards.wildfire.suppression.line.held_lines import road_lines
from simrescue.kinds import kind_of
from simrescue.parameters import Parameters, default_of, table
from simrescue.places import NEEDS, Institution, Road
from simrescue.records import MOVES, Needs, Record
from simrescue.responders import RESPONSE_LEVELS
from simrescue.scenario.files.faults import keys
from simrescue.scenario.preflight.findings import Finding
from simrescue.scenario.records import TABLES, Scenario
from simrescue.wording import ITEMS, Words, bilingual, bilingual_counted, listed


class Condition(NamedTuple):
    """Something that must be there for a setting or a parameter to count."""

    holds: Callable[[Scenario], bool]
    why: Words
    """What is so where it does not hold."""


def crews(scenario: Scenario, *tasks: str, moves: Collection[str] = MOVES) -> list[Any]:
    """Responders that move so and have one of the tasks (any, if none is named); rows of none left out."""
    rows: tuple[Any, ...] = scenario.responders
    return [
        row for row in rows if row.count and kind_of(row).moves in moves and (not tasks or set(tasks) & set(row.tasks))
    ]


def _on_line(scenario: Scenario) -> list[Any]:
    """Crews whose hands count on the fire line."""
    return [row for row in crews(scenario, "suppression") if "suppression" in kind_of(row).tasks]


def _any_with(field: str, rows: list[Any]) -> bool:
    return any(getattr(row, field, 0) for row in rows)


def _by(vehicle: str, rows: list[Any]) -> bool:
    return any(getattr(row, "vehicle", "") == vehicle for row in rows)


def _takes_on(row: Any) -> bool:
    return getattr(row, "vehicle", "") not in ("foot", "boat") and getattr(row, "seats", 0) > 0


def _damages(scenario: Scenario) -> bool:
    flood = scenario.settings.hazards.get("flood")
    return isinstance(flood, Flood) and bool(flood.road_damage or flood.bridge_damage)


def _varies(scenario: Scenario) -> bool:
    spread = scenario.settings.flood.uncertainty
    return bool(spread.arrival_h or spread.level_m or spread.duration)


def _crowns(scenario: Scenario) -> bool:
    stand = scenario.landscape.stand
    return scenario.settings.wildfire.crown != "off" and stand is not None and bool(stand.density_kg_m3.any())


def _run_over_fuel(scenario: Scenario, kind: str) -> bool:
    """Whether a fire meets a road of a kind that is as wide as its kind is."""
    roads = [road for road in scenario.roads if road.kind == kind and road.width_m is None]
    numbers = scenario.parameters.model_copy(update={f"road_width_{kind}_m": 1.0})  # a width of 0 holds nothing
    lines = road_lines(scenario.landscape, scenario.places, roads, numbers)
    return any(len(line.cells) for line in lines)


def _stated(setting: str) -> Words:
    return bilingual("{setting} is stated", setting=setting)


def _no_rows(table_name: str) -> Words:
    return bilingual("{file} has no rows", file=f"{table_name}.csv")


def _no_crew(task: str) -> Words:
    return bilingual("no responder has the task {task}", task=task)


def _no_flyer(task: str) -> Words:
    return bilingual("no helicopter has the task {task}", task=task)


def partners_with_crews(scenario: Scenario) -> list[Partner]:
    """Partners of a `scenario` that have crews to send, which no hour of the record brings."""
    named = {row.partner for row in scenario.responders if row.count and row.available is None}
    return [partner for partner in scenario.partners if partner.id in named]


def _has_channel(scenario: Scenario, kind: str) -> bool:
    return any(channel.kind == kind for channel in scenario.channels)


def _names_hospitals(scenario: Scenario) -> bool:
    return any(row.free_beds for row in scenario.institutions)


CONDITIONS: dict[str, Condition] = {
    # warning
    "forecast_left_out": Condition(lambda s: s.settings.warning.forecast is None, _stated("warning.forecast")),
    "order_left_out": Condition(lambda s: s.settings.warning.order is None, _stated("warning.order")),
    "call_out_left_out": Condition(lambda s: s.settings.warning.call_out is None, _stated("warning.call_out")),
    "foreseen": Condition(
        lambda s: is_foreseen(s.settings.hazards), bilingual("nobody foresees what happens, so nobody is called out")
    ),
    "forecast": Condition(
        lambda s: is_foreseen(s.settings.hazards) or s.settings.warning.forecast is not None,
        bilingual("there is no forecast that the order could follow"),
    ),
    "false_alarms": Condition(
        lambda s: any(
            (s.settings.warning.false_alarms if village.false_alarms is None else village.false_alarms) > 0
            for village in s.villages
        ),
        bilingual("there has been no false alarm ({setting} is 0)", setting="false_alarms"),
    ),
    "alarmed_together": Condition(
        lambda s: any(village.false_alarms is None for village in s.villages),
        bilingual("every village has a {setting} of its own", setting="false_alarms"),
    ),
    "speakers": Condition(
        lambda s: s.settings.warning.speaker_rounds >= 0.5 and any(village.speakers for village in s.villages),
        bilingual("no village is called by loudspeaker ({rounds} and {share})",
                  rounds="warning.speaker_rounds", share="speakers"),
    ),
    "ordered": Condition(
        lambda s: any(village.ordered for village in s.villages), bilingual("no village is under an order")
    ),
    "ordered_together": Condition(
        lambda s: any(village.ordered and village.order is None for village in s.villages),
        bilingual("no village follows the common order ({ordered} without an {order} of its own)",
                  ordered="ordered", order="order"),
    ),
    "called_together": Condition(
        lambda s: any(village.call_out is None for village in s.villages),
        bilingual("every village has a {setting} of its own", setting="call_out"),
    ),
    "triggers": Condition(
        lambda s: bool(s.triggers) and not s.settings.command.levels,
        bilingual("no response level is declared by {file} ({setting} states hours, or the table has no rows)",
                  file="triggers.csv", setting="command.levels"),
    ),
    "posts_above": Condition(
        lambda s: any(post.command and post.upper for post in s.posts), bilingual("no post stands above command's own")
    ),
    "approvals": Condition(
        lambda s: any(s.settings.response.of(number).approval_h for number in RESPONSE_LEVELS.values()),
        bilingual("no response level needs the approval of the post above ({setting} is 0)", setting="approval"),
    ),
    "watched": Condition(
        lambda s: (bool(s.triggers) and not s.settings.command.levels)
        or any(partner.asked_after_h is not None for partner in partners_with_crews(s)),
        bilingual("no response level and no request for aid waits for it"),
    ),
    "silence": Condition(
        lambda s: bool(s.channels) or s.settings.command.contact_loss > 0, bilingual("no village ever falls silent")
    ),
    "alone": Condition(lambda s: s.settings.warning.alone_after_h is not None,
        bilingual("no village acts by its own page of rules ({setting} is left out)", setting="warning.alone_after"),
    ),
    "officers": Condition(
        lambda s: any(village.officers is not None for village in s.villages),
        bilingual("somebody answers in every village ({setting} is left out)", setting="officers"),
    ),
    "told_early": Condition(
        lambda s: any(village.officers is not None for village in s.villages)
        and not (s.settings.warning.forecast_told_h is None and s.settings.warning.nowcast_lead_h is None),
        bilingual("no officer is told before the call-out ({settings} are left out)",
                  settings="warning.forecast_told, warning.nowcast_lead"),
    ),
    "guides": Condition(
        lambda s: any(village.guides for village in s.villages),
        bilingual("no village has guides ({setting} is left out)", setting="guides"),
    ),
    # roads
    "bridges": Condition(
        lambda s: any(road.bridge for road in s.roads), bilingual("{file} has no bridge", file="roads.csv")
    ),
    "plain_roads": Condition(lambda s: not all(road.bridge for road in s.roads), bilingual("every road is a bridge")),
    "damaged_roads": Condition(_damages, bilingual("no road is ever damaged")),
    "unmeasured_roads": Condition(
        lambda s: any(road.length_km is None for road in s.roads), bilingual("every road states its length")
    ),
    **{
        f"{kind}_roads": Condition(
            lambda s, kind=kind: any(road.kind == kind for road in s.roads),  # type: ignore[misc]
            bilingual("no road is of kind {kind}", kind=kind),
        )
        for kind in get_args(Road.model_fields["kind"].annotation)
    },
    **{
        f"{kind}_on_fuel": Condition(
            lambda s, kind=kind: _run_over_fuel(s, kind),  # type: ignore[misc]
            bilingual("no road of kind {kind} without a {setting} of its own runs over fuel",
                      kind=kind, setting="width"),
        )
        for kind in get_args(Road.model_fields["kind"].annotation)
    },
    # flood
    "uncertain_flood": Condition(_varies, bilingual("the flood is the same in all replications")),
    # fire
    "growth": Condition(lambda s: s.arrival_h is None, bilingual("{setting} is given", setting="layers.arrival")),
    "embers": Condition(
        lambda s: s.settings.wildfire.spotting > 0,
        bilingual("no ember ever starts a fire ({setting} is 0)", setting="hazard.spotting"),
    ),
    "ember_chance": Condition(
        lambda s: s.settings.wildfire.embers == "flames",
        bilingual("burning crowns throw the embers ({setting} is {value})", setting="hazard.embers", value="torching"),
    ),
    "torching": Condition(
        lambda s: s.settings.wildfire.embers == "torching" and s.settings.wildfire.spotting > 0 and _crowns(s),
        bilingual("no burning crowns throw embers"),
    ),
    "crowns": Condition(_crowns, bilingual("no crowns can burn")),
    "rain": Condition(
        lambda s: any(row.rain_mm for row in s.weather), bilingual("it does not rain in {file}", file="weather.csv")
    ),
    "weather": Condition(lambda s: bool(s.weather), _no_rows("weather")),
    "detectors": Condition(
        lambda s: bool(s.detectors), bilingual("no fire is found ({file} has no rows)", file="detectors.csv")
    ),
    "false_fires": Condition(
        lambda s: any(detector.false_per_day for detector in s.detectors),
        bilingual("no detector gives a false alarm"),
    ),
    "danger_stages": Condition(
        lambda s: any(stage.danger for stage in s.settings.wildfire.stages),
        bilingual("no stage of the response goes by the fire danger"),
    ),
    "semi_professionals": Condition(
        lambda s: any(row.kind == "semi_professional" and row.line_rate is None for row in s.teams),
        bilingual("no semi-professional team is without a {setting} of its own", setting="line_rate"),
    ),
    "military_teams": Condition(
        lambda s: any(row.kind == "military" and row.request_h is None for row in s.teams),
        bilingual("no army team is without a {setting} of its own", setting="request"),
    ),
    "repair_crews": Condition(lambda s: bool(crews(s, "repair")), _no_crew("repair")),
    "line_crews": Condition(lambda s: bool(_on_line(s)), _no_crew("suppression")),
    "relief": Condition(
        lambda s: s.settings.wildfire.relief_stay_h > 0,
        bilingual("nobody waits for relief ({setting} is 0)", setting="hazard.relief_stay"),
    ),
    "pumps": Condition(
        lambda s: _any_with("pumps", _on_line(s)), bilingual("no team on the line has pumps")
    ),
    "dozers": Condition(
        lambda s: _any_with("dozers", _on_line(s)), bilingual("no team on the line has bulldozers")
    ),
    "excavators": Condition(
        lambda s: _any_with("excavators", _on_line(s)), bilingual("no team on the line has excavators")
    ),
    "holding": Condition(
        lambda s: s.settings.wildfire.tactics == "villages"
        or any(row.tactic in ("hold", "protect") for row in s.fire_orders),
        bilingual("no crew is ordered to hold a line or to protect a place"),
    ),
    "protecting": Condition(
        lambda s: s.settings.wildfire.tactics == "villages",
        bilingual("{setting} is not {value}", setting="hazard.tactics", value="villages"),
    ),
    "cautious_leaders": Condition(
        lambda s: s.settings.wildfire.leaders == "cautious",
        bilingual("{setting} is not {value}", setting="hazard.leaders", value="cautious"),
    ),
    "bold_leaders": Condition(
        lambda s: s.settings.wildfire.leaders == "bold",
        bilingual("{setting} is not {value}", setting="hazard.leaders", value="bold"),
    ),
    "no_lookouts": Condition(
        lambda s: not s.settings.wildfire.lookouts,
        bilingual("{setting} is not {value}", setting="hazard.lookouts", value="no"),
    ),
    "evacuating_aircraft": Condition(lambda s: bool(crews(s, "evacuate", moves=("air",))), _no_flyer("evacuate")),
    "buckets": Condition(
        lambda s: _any_with("bucket_t", crews(s, "water_drop")), bilingual("no helicopter drops water")
    ),
    "unstated_houses": Condition(
        lambda s: any(village.houses is None for village in s.villages), bilingual("every village states its houses")
    ),
    "unstated_crops": Condition(
        lambda s: any(village.crop_ha is None for village in s.villages), bilingual("every village states its fields")
    ),
    "crops": Condition(
        lambda s: any(
            s.parameters.crop_ha_per_person if village.crop_ha is None else village.crop_ha for village in s.villages
        ),
        bilingual("no village has fields"),
    ),
    "stated_by_no_village": Condition(
        lambda s: any(village.single_storey is None and village.upper_floor is None for village in s.villages),
        bilingual("every village states its houses"),
    ),
    "towns": Condition(lambda s: any(village.town for village in s.villages), bilingual("no village is a town")),
    "no_province": Condition(
        lambda s: not s.settings.jurisdiction.province, _stated("jurisdiction.province")
    ),
    **{
        f"in_{province}": Condition(
            lambda s, province=province: s.settings.jurisdiction.province == province,  # type: ignore[misc]
            bilingual("{setting} is another", setting="jurisdiction.province"),
        )
        for province in get_args(Province) if province
    },
    # people and relief
    "lost_contact": Condition(
        lambda s: s.settings.command.contact_loss > 0,
        bilingual("contact is never lost ({setting} is 0)", setting="command.contact_loss"),
    ),
    "channels": Condition(lambda s: bool(s.channels), _no_rows("channels")),
    "runners": Condition(lambda s: _has_channel(s, "runner"), bilingual("nobody walks with word")),
    "satellite_phones": Condition(
        lambda s: _has_channel(s, "satellite") and _any_with("satellite_phones", list(s.villages)),
        bilingual("no village has a satellite phone that is in use"),
    ),
    "stations": Condition(lambda s: bool(s.channels and s.stations), _no_rows("stations")),
    "power": Condition(lambda s: bool(s.channels and s.power), _no_rows("power")),
    "forecast_dangers": Condition(
        lambda s: any(hazard_named(name).forecast is not no_forecast for name in s.settings.hazards),
        bilingual("no forecast tells command what to expect of a silent village"),
    ),
    "cars": Condition(lambda s: any(village.cars for village in s.villages), bilingual("no village has cars")),
    "two_wheelers": Condition(
        lambda s: any(village.two_wheelers for village in s.villages), bilingual("no village has two-wheelers")
    ),
    "traffic": Condition(
        lambda s: any(village.cars or village.two_wheelers for village in s.villages)
        or bool(crews(s, moves=("road", "water"))),
        bilingual("nobody drives"),
    ),
    "injured": Condition(lambda s: s.settings.health.injured > 0, bilingual("nobody is injured")),
    "unstated_beds": Condition(lambda s: s.settings.health.beds is None, _stated("health.beds")),
    "named_hospitals": Condition(_names_hospitals, bilingual("no hospital with free beds is named")),
    "no_named_hospital": Condition(
        lambda s: not _names_hospitals(s),
        bilingual("hospitals with free beds are named ({file})", file="institutions.csv"),
    ),
    "depots": Condition(lambda s: bool(s.depots), bilingual("there is no depot")),
    "pushed": Condition(lambda s: s.settings.relief.pushed > 0, bilingual("no first rations are sent ahead")),
    "lorries": Condition(
        lambda s: any(set(row.tasks) == {"relief"} for row in crews(s, "relief", moves=("road",))),
        bilingual("no lorry brings goods alone"),
    ),
    **{
        f"tracked_{need}": Condition(
            lambda s, need=need: need in s.settings.relief.tracked,  # type: ignore[misc]
            bilingual("{need} is not tracked", need=need),
        )
        for need in NEEDS
    },
    "institutions": Condition(lambda s: bool(s.institutions), _no_rows("institutions")),
    "care_in_the_dark": Condition(
        lambda s: any(row.staff_night is None for row in s.institutions),
        bilingual("every institution states its staff by night"),
    ),
    "day_schools": Condition(
        lambda s: any(row.kind == "school" and not row.boarding for row in s.institutions),
        bilingual("there is no day school"),
    ),
    "upper_floors": Condition(
        lambda s: any(row.storeys > 1 for row in s.institutions),
        bilingual("every institution has one storey"),
    ),
    **{
        f"unstated_{kind}": Condition(
            lambda s, kind=kind: any(  # type: ignore[misc]
                row.kind == kind and row.helpless is None for row in s.institutions
            ),
            bilingual("no institution of kind {kind} leaves out {setting}", kind=kind, setting="helpless"),
        )
        for kind in get_args(Institution.model_fields["kind"].annotation)
    },
    # responders
    "responders": Condition(lambda s: bool(crews(s)), bilingual("there are no responders")),
    "boats": Condition(lambda s: bool(crews(s, moves=("water",))), bilingual("there are no boats")),
    "anything_afloat": Condition(
        lambda s: bool(crews(s, moves=("water",))) or _by("boat", crews(s)), bilingual("there are no boats")
    ),
    "aircraft": Condition(lambda s: bool(crews(s, moves=("air",))), bilingual("there are no helicopters")),
    "looking_aircraft": Condition(
        lambda s: bool(crews(s, "reconnaissance", moves=("air",))), _no_flyer("reconnaissance")
    ),
    "seats_by_road": Condition(
        lambda s: _any_with("seats", crews(s, moves=("road",))), bilingual("nobody carries people by road")
    ),
    "seats_by_land_or_water": Condition(
        lambda s: _any_with("seats", crews(s, moves=("road", "water"))),
        bilingual("nobody carries people by road or boat"),
    ),
    "takers_on": Condition(
        lambda s: any(_takes_on(row) for row in crews(s, "evacuate", moves=("road",))),
        bilingual("no vehicle takes people on from the water's edge"),
    ),
    "unstated_craft": Condition(
        lambda s: any(village.craft is None for village in s.villages), bilingual("every village states its craft")
    ),
    "craft": Condition(
        lambda s: any(
            s.parameters.neighbour_craft if village.craft is None else village.craft for village in s.villages
        ),
        bilingual("neighbours have neither loaders nor boats"),
    ),
    "buses": Condition(lambda s: _by("bus", crews(s)), bilingual("nobody drives a bus")),
    "medical_crews": Condition(lambda s: bool(crews(s, "medical")), _no_crew("medical")),
    "relief_crews": Condition(lambda s: bool(crews(s, "relief")), _no_crew("relief")),
}  # fmt: skip
"""What `needs` of fields and parameters name -> what it means in a scenario."""


def needs_of(record: type[Record], name: str) -> tuple[str, ...]:
    """The conditions that a field needs to count; `name` is the Python name."""
    marks = [mark for mark in record.model_fields[name].metadata if isinstance(mark, Needs)]
    return tuple(condition for mark in marks for condition in mark if condition)


def without_effect(scenario: Scenario) -> dict[str, Words]:
    """Every setting and parameter, by its path in scenario.yaml, that changes nothing here, and why.

    Those that are for another hazard are left out: `unread` and `check` tell of them.
    """
    reasons = {}
    for path, needs in _needs(scenario):
        condition = next((CONDITIONS[name] for name in needs if not CONDITIONS[name].holds(scenario)), None)
        if condition:
            reasons[path] = condition.why
    return reasons | dict(_idle_defaults(scenario, reasons))


def _needs(scenario: Scenario) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Paths of all settings and parameters that are for this hazard, with what they need to count."""
    for path, section in sections(scenario.settings):
        for key, name in keys(type(section)).items():
            yield f"{path}.{key}", needs_of(type(section), name)
    for row in table().values():
        if row.hazard in ("all", *scenario.settings.hazards):
            yield f"parameters.{row.name}", row.needs


def idle(scenario: Scenario) -> Iterator[Finding]:
    """A note for each reason, with what the scenario sets in vain."""
    in_vain, reasons = dict[Words, list[str]](), without_effect(scenario)
    for path in written(scenario):
        if path in reasons:
            in_vain.setdefault(reasons[path], []).append(path)
    for why, paths in in_vain.items():
        message = bilingual_counted(
            "{settings} changes nothing here: {why}",
            "{settings} change nothing here: {why}",
            len(paths),
            settings=", ".join(paths),
            why=why,
        )
        subject = paths[0].removeprefix("parameters.") if len(paths) == 1 else ""
        yield Finding("note", "parameter", subject, *message, {})


def written(scenario: Scenario) -> Iterator[str]:
    """Paths of all settings and parameters that the scenario states."""
    for path, section in sections(scenario.settings):
        for key, name in keys(type(section)).items():
            if name in section.model_fields_set:
                yield f"{path}.{key}"
    yield from (f"parameters.{name}" for name in scenario.parameters.changed())


def sections(record: Record, path: str = "") -> Iterator[tuple[str, Record]]:
    """The sections of the settings and those in them, each with its keys from the top; lists count as one section."""
    for key, name in keys(type(record)).items():
        value, below = getattr(record, name), f"{path}.{key}".lstrip(".")
        for section in value if isinstance(value, tuple) else (value,):
            if isinstance(section, Record) and not isinstance(section, Parameters):
                yield below, section
                yield from sections(section, below)


class _Field(NamedTuple):
    """A field that a parameter is the default of."""

    parameter: str
    counts: bool
    """Whether it is left out somewhere where it counts."""
    why: Words | None
    """Why it does not count, where that is not because it is written out."""


def _defaults(scenario: Scenario, reasons: dict[str, Words]) -> Iterator[_Field]:
    for path, section in sections(scenario.settings):
        for key, name in keys(type(section)).items():
            why = reasons.get(f"{path}.{key}")
            left_out = name not in section.model_fields_set
            yield _Field(default_of(type(section).model_fields[name]), left_out and why is None, why)
    for table_name, record in TABLES.items():
        rows = scenario.table(table_name)
        why = None if rows else _no_rows(table_name)
        for name, info in record.model_fields.items():
            yield _Field(default_of(info), any(name not in row.model_fields_set for row in rows), why)


def _idle_defaults(scenario: Scenario, reasons: dict[str, Words]) -> Iterator[tuple[str, Words]]:
    """Parameters that are the default of fields none of which counts."""
    fields = list(_defaults(scenario, reasons))
    counting = {field.parameter for field in fields if field.counts} | {""}
    for parameter in sorted({field.parameter for field in fields} - counting):
        path = f"parameters.{parameter}"
        if path in reasons or not table()[parameter].needs:
            whys = dict.fromkeys(field.why for field in fields if field.parameter == parameter)
            yield path, _joined([*whys])


def _joined(whys: list[Words | None]) -> Words:
    reasons = [why for why in whys if why]
    if None in whys:
        reasons.append(bilingual("every field that it is the default of is written out"))
    return listed(reasons, ITEMS)
