"""Settings and parameters that change nothing in a scenario although it reads them, from its other settings and rows.

`USES` says of each what must be there for it to count. A parameter that is the default of fields counts where one of
these is left out and counts itself.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from typing import Any, NamedTuple

from simrescue.hazards.flood.settings import Flood
from simrescue.hazards.kinds import is_foreseen
from simrescue.kinds import kind_of
from simrescue.parameters import Parameters, default_of, table
from simrescue.places import NEEDS
from simrescue.records import MOVES, Record
from simrescue.scenario.files.faults import keys
from simrescue.scenario.preflight.findings import Finding
from simrescue.scenario.records import TABLES, Scenario

READ_BESIDES = frozenset({"boat_speed_kmh", "truck_payload_t"})
"""Parameters that are defaults of fields and are read by themselves besides."""
SPEED_OF_KIND = {name: name.split("_")[1] for name in table() if name.startswith("speed_")}


class Use(NamedTuple):
    """What some settings (`hazard.spotting`) and parameters (`parameters.ember_delay_h`) count for."""

    names: tuple[str, ...]
    counts: Callable[[Scenario], bool]
    """Whether what they count for is there."""
    why: str
    """What is not there where they do not count."""
    why_zh: str


class Why(NamedTuple):
    """Why something changes nothing."""

    en: str
    zh: str


def crews(scenario: Scenario, *tasks: str, moves: Collection[str] = MOVES) -> list[Any]:
    """Responders that move so and have one of the tasks (any, if none is named); rows of none left out."""
    rows: tuple[Any, ...] = scenario.responders
    return [
        row for row in rows if row.count and kind_of(row).moves in moves and (not tasks or set(tasks) & set(row.tasks))
    ]


def _parameters(*names: str) -> tuple[str, ...]:
    return tuple(f"parameters.{name}" for name in names)


def _ordered_by_plan(scenario: Scenario) -> bool:
    return any(village.ordered and village.order is None for village in scenario.villages)


def _delays_order(scenario: Scenario) -> bool:
    warning = scenario.settings.warning
    foreseen = is_foreseen(scenario.settings.hazards) or warning.forecast is not None
    return warning.order is None and _ordered_by_plan(scenario) and foreseen


def _called_by_plan(scenario: Scenario) -> bool:
    return is_foreseen(scenario.settings.hazards) and any(village.call_out is None for village in scenario.villages)


def _damages(scenario: Scenario) -> bool:
    flood = scenario.settings.hazards.get("flood")
    return isinstance(flood, Flood) and bool(flood.road_damage or flood.bridge_damage)


def _varies(scenario: Scenario) -> bool:
    spread = scenario.settings.flood.uncertainty
    return bool(spread.arrival_h or spread.level_m or spread.duration)


def _fights(scenario: Scenario) -> bool:
    return bool(scenario.detectors and crews(scenario, "suppression"))


def _spots(scenario: Scenario) -> bool:
    return scenario.arrival_h is None and scenario.settings.wildfire.spotting > 0


def _any_with(field: str, rows: list[Any]) -> bool:
    return any(getattr(row, field, 0) for row in rows)


def _carries(scenario: Scenario, *vehicles: str) -> bool:
    return any(getattr(row, "vehicle", "") in vehicles for row in crews(scenario))


SPOTTING = _parameters("spotting_flame_m", "ember_flight_s", "ember_aside_deg", "ember_delay_h")
BY_LINE = (
    "hazard.walk", "hazard.retreat",
    *_parameters(
        "post_retry_h", "post_patience_h", "way_out_h", "line_fatigue_from_h", "line_fatigue_per_h",
        "line_fatigue_least",
        "line_slope_factor", "line_anchor_detour_m", "line_crew_hands", "line_crews_together", "indirect_flame_limit_m",
        "walk_in_detour", "walk_climb_m_per_h",
    ),
)  # fmt: skip
MOPPING_UP = _parameters("mop_up_persons_per_km", "watch_persons_per_km", "mop_up_h_m", "fire_watch_h")
BY_AIR = _parameters(
    "bucket_kmh", "bucket_pattern_h", "bucket_depth_m", "air_flame_limit_m", "drop_belt_m_t", "drop_holds_h",
    "approach_km", "smoke_wait_h",
)  # fmt: skip

USES: tuple[Use, ...] = (
    Use(("warning.forecast_lead",), lambda s: s.settings.warning.forecast is None,
        "warning.forecast is stated", "已给出 warning.forecast"),
    Use(("warning.order",), _ordered_by_plan,
        "no village under the order follows it (`ordered` without an `order` of its own)",
        "没有村庄按此命令转移（ordered 且未单独给出 order）"),
    Use(("warning.order_delay",), _delays_order,
        "the order is stated, no village waits for it, or there is no forecast that it could follow",
        "命令时间已给出、没有村庄等待该命令，或没有可依据的预报"),
    Use(("warning.call_out",), _called_by_plan,
        "every village has a call_out of its own, or the event is a fire",
        "各村均单独给出 call_out，或事件为火灾"),
    Use(("warning.call_out_lead",), lambda s: s.settings.warning.call_out is None and _called_by_plan(s),
        "the call-out is stated", "叫应时间已给出"),
    Use(("hazard.bridge_damage",), lambda s: any(road.bridge for road in s.roads),
        "roads.csv has no bridge", "roads.csv 中没有桥梁"),
    Use(("hazard.road_damage",), lambda s: not all(road.bridge for road in s.roads),
        "every road is a bridge", "所有道路均为桥梁"),
    Use(("hazard.road_repair",), _damages, "no road is ever damaged", "道路不会损毁"),
    Use(("hazard.uncertainty.common",), _varies, "the flood is the same in all replications", "各次重复的洪水相同"),
    Use(("hazard.spotting",), lambda s: s.arrival_h is None, "layers.arrival is given", "已给出 layers.arrival"),
    Use(_parameters("fire_wet_fuel_moisture", "fire_wetting_rain_mm"), lambda s: any(row.rain_mm for row in s.weather),
        "it does not rain in weather.csv", "weather.csv 中无降雨"),
    Use(SPOTTING, _spots, "no ember ever starts a fire (hazard.spotting is 0, or layers.arrival is given)",
        "不产生飞火（hazard.spotting 为 0，或已给出 layers.arrival）"),
    Use((*BY_LINE, *_parameters("rekindle_per_km_h")), _fights,
        "no fire is found (detectors.csv has no rows), or no responder has the task suppression",
        "火情不会被发现（detectors.csv 无数据），或没有承担 suppression（扑火）任务的力量"),
    Use(MOPPING_UP, lambda s: _fights(s) and s.arrival_h is None,
        "no line is ever closed round a fire (layers.arrival is given, there are no detectors, or nobody fights)",
        "不会合围（已给出 layers.arrival、没有监测手段或无人扑救）"),
    Use(_parameters("pump_flame_limit_m", "hose_line_m_h"),
        lambda s: _fights(s) and _any_with("pumps", crews(s, "suppression")),
        "no team on the line has pumps", "扑火队伍均无水泵"),
    Use(_parameters("insertion_walk_h", "insertion_wait_h"),
        lambda s: _fights(s) and bool(crews(s, "evacuate", moves=("air",))),
        "no helicopter has the task evacuate and can set crews down", "没有承担 evacuate 任务、可机降队伍的直升机"),
    Use(BY_AIR, lambda s: _any_with("bucket_t", crews(s, "water_drop")),
        "no helicopter drops water", "没有直升机吊桶洒水"),
    Use(_parameters("persons_per_house"), lambda s: any(village.houses is None for village in s.villages),
        "every village states its houses", "各村均已给出 houses"),
    Use(_parameters("haze_visibility_km"), lambda s: bool(s.detectors and s.weather),
        "there are no detectors, or no weather", "没有监测手段或天气数据"),
    Use(("command.contact_restore", "command.silence"), lambda s: s.settings.command.contact_loss > 0,
        "contact is never lost (command.contact_loss is 0)", "通信不会中断（command.contact_loss 为 0）"),
    Use(("evacuation.car_speed", *_parameters("car_speed_factor")), lambda s: any(v.cars for v in s.villages),
        "no village has cars", "各村均无汽车"),
    Use(("relief.fetch_within", "relief.fetch_load"), lambda s: bool(s.depots),
        "there is no depot", "没有储备库"),
    *(Use((f"relief.{need}",), lambda s, need=need: need in s.settings.relief.tracked,  # type: ignore[misc]
          f"{need} is not tracked", f"relief.tracked 不含 {need}") for need in NEEDS),
    Use(_parameters("boarding_h_per_person"), lambda s: bool(crews(s, moves=("water",))),
        "there are no boats", "没有舟艇"),
    Use(_parameters("boat_speed_kmh"), lambda s: bool(crews(s, moves=("water",))) or _carries(s, "boat"),
        "there are no boats", "没有舟艇"),
    Use(_parameters("boarding_h_per_vehicle"), lambda s: _any_with("seats", crews(s, moves=("road",))),
        "nobody carries people by road", "没有经道路运送人员的力量"),
    Use(_parameters("carried_per_driver"), lambda s: _carries(s, "bus"), "nobody drives a bus", "没有使用客车的力量"),
    Use(_parameters("carried_per_member", "stowed_t_per_member"), lambda s: bool(crews(s)),
        "there are no responders", "没有救援力量"),
    Use(_parameters("treatment_h"), lambda s: bool(crews(s, "medical")) and s.settings.health.injured > 0,
        "no responder has the task medical, or nobody is injured", "没有承担 medical（医疗）任务的力量，或无人受伤"),
    Use(_parameters("truck_payload_t"), lambda s: bool(s.depots and crews(s, "relief")),
        "there is no depot, or no responder with the task relief", "没有储备库，或没有承担 relief（物资）任务的力量"),
    Use(_parameters("heli_fuel_reserve_h"), lambda s: bool(crews(s, moves=("air",))),
        "there are no helicopters", "没有直升机"),
    Use(_parameters("reconnaissance_radius_km"),
        lambda s: bool(crews(s, "reconnaissance", moves=("air",))),
        "no helicopter has the task reconnaissance", "没有承担 reconnaissance（侦察）任务的直升机"),
    Use(_parameters("road_length_factor"), lambda s: any(road.length_km is None for road in s.roads),
        "every road states its length", "所有道路均已给出长度"),
    *(Use(_parameters(name), lambda s, kind=kind: any(road.kind == kind for road in s.roads),  # type: ignore[misc]
          f"no road is of kind {kind}", f"没有 {kind} 类道路") for name, kind in SPEED_OF_KIND.items()),
)  # fmt: skip


def without_effect(scenario: Scenario) -> dict[str, Why]:
    """Every setting and parameter, by its path in scenario.yaml, that changes nothing here, and why.

    Those that are for another hazard are left out: `unread` and `check` tell of them.
    """
    found, known = dict[str, Why](), frozenset(_known(scenario))
    for use in USES:
        names = known & set(use.names)
        if names and not use.counts(scenario):
            found |= dict.fromkeys(names, Why(use.why, use.why_zh))
    return found | dict(_idle_defaults(scenario, found))


def _known(scenario: Scenario) -> Iterator[str]:
    """Paths of all settings and parameters that are for this hazard."""
    kinds = scenario.settings.hazards
    for path, section in sections(scenario.settings):
        yield from (f"{path}.{key}" for key in keys(type(section)))
    yield from _parameters(*(row.name for row in table().values() if row.hazard in ("all", *kinds)))


def idle(scenario: Scenario) -> Iterator[Finding]:
    """A note for each reason, with what the scenario sets in vain."""
    told, found = dict[Why, list[str]](), without_effect(scenario)
    for name in written(scenario):
        if name in found:
            told.setdefault(found[name], []).append(name)
    for why, names in told.items():
        listed = ", ".join(names)
        verb = "changes" if len(names) == 1 else "change"
        subject = names[0].removeprefix("parameters.") if len(names) == 1 else ""
        message, message_zh = f"{listed} {verb} nothing here: {why.en}", f"{listed} 在此不起作用：{why.zh}"
        yield Finding("note", "parameter", subject, message, message_zh, {})


def written(scenario: Scenario) -> Iterator[str]:
    """Paths of all settings and parameters that the scenario states."""
    for path, section in sections(scenario.settings):
        for key, name in keys(type(section)).items():
            if name in section.model_fields_set:
                yield f"{path}.{key}"
    yield from _parameters(*scenario.parameters.changed())


def sections(record: Record, path: str = "") -> Iterator[tuple[str, Record]]:
    """The sections of the settings and those in them, each with its keys from the top; lists count as one section."""
    for key, name in keys(type(record)).items():
        value, below = getattr(record, name), f"{path}.{key}".lstrip(".")
        for one in value if isinstance(value, tuple) else (value,):
            if isinstance(one, Record) and not isinstance(one, Parameters):
                yield below, one
                yield from sections(one, below)


class _Field(NamedTuple):
    """A field that a parameter is the default of."""

    parameter: str
    counts: bool
    """Whether it is left out somewhere where it counts."""
    why: Why | None
    """Why it does not count, where that is not because it is written out."""


def _defaults(scenario: Scenario, idle: dict[str, Why]) -> Iterator[_Field]:
    for path, section in sections(scenario.settings):
        for key, name in keys(type(section)).items():
            why = idle.get(f"{path}.{key}")
            left_out = name not in section.model_fields_set
            yield _Field(default_of(type(section).model_fields[name]), left_out and why is None, why)
    for table_name, record in TABLES.items():
        rows = scenario.table(table_name)
        why = None if rows else Why(f"{table_name}.csv has no rows", f"{table_name}.csv 无数据")
        for name, info in record.model_fields.items():
            yield _Field(default_of(info), any(name not in row.model_fields_set for row in rows), why)


def _idle_defaults(scenario: Scenario, idle: dict[str, Why]) -> Iterator[tuple[str, Why]]:
    """Parameters that are the default of fields none of which counts."""
    fields = list(_defaults(scenario, idle))
    counting = {field.parameter for field in fields if field.counts} | {""}
    for parameter in sorted({field.parameter for field in fields} - counting):
        path = f"parameters.{parameter}"
        if path in idle or parameter not in READ_BESIDES:
            whys = dict.fromkeys(field.why for field in fields if field.parameter == parameter)
            yield path, _joined([*whys])


def _joined(whys: list[Why | None]) -> Why:
    told = [why for why in whys if why]
    if None in whys:
        told.append(Why("every field that it is the default of is written out", "以其为默认值的字段均已填写"))
    return Why("; ".join(why.en for why in told), "；".join(why.zh for why in told))
