"""What people write is read, what they leave out is refused, and what is written can be read again."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, TypeAdapter, ValidationError

from simrescue import units
from simrescue.units import (
    DISTANCE,
    DURATION,
    FLOW_SPEED,
    HEADER_UNITS,
    HEIGHT,
    LENGTH,
    MASS,
    RATE,
    SPEED,
    HourOfDay,
    Hours,
    Id,
    Kilometres,
    KilometresPerHour,
    Latitude,
    Longitude,
    Metres,
    MetresLong,
    MetresPerSecond,
    Moment,
    NameList,
    Number,
    Persons,
    Share,
    Tonnes,
    TonnesPerHour,
    Whole,
    YesNo,
)

START = datetime.fromisoformat("2023-07-29T00:00+08:00")


def read(kind, value, from_file=True):
    return TypeAdapter(kind).validate_python(value, context={"from_file": from_file, "start": START})


def refusal(kind, value, from_file=True):
    with pytest.raises(ValidationError) as caught:
        read(kind, value, from_file)
    return caught.value.errors()[0]["msg"]


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        (Hours, "45 min", 0.75),
        (Hours, "1 h 20 min", 4 / 3),
        (Hours, "2 d", 48),
        (Hours, "45 s", 0.0125),
        (Hours, "2小时30分钟", 2.5),
        (Hours, "３０ 分钟", 0.5),
        (Hours, "1.5H", 1.5),
        (Kilometres, "1 km 200 m", 1.2),
        (Kilometres, "12.5公里", 12.5),
        (KilometresPerHour, "90 km/h", 90),
        (KilometresPerHour, "10 m/s", 36),
        (KilometresPerHour, "100 kn", 185.2),
        (Metres, "-1.5 m", -1.5),
        (MetresLong, "15 km", 15_000.0),
        (Metres, "30 厘米", 0.3),
        (MetresPerSecond, "36 km/h", 10),
        (Tonnes, "3.5 t", 3.5),
        (Tonnes, "1,250 kg", 1.25),
        (Tonnes, "2吨500公斤", 2.5),
        (TonnesPerHour, "8 t/h", 8),
        (Persons, "86,000", 86_000),
        (Persons, "8.6万", 86_000),
        (Persons, "120 人", 120),
        (Persons, 300, 300),
        (Share, "90 %", 0.9),
        (Share, "０.５", 0.5),
        (Share, 0.25, 0.25),
        (Moment, "36 h", 36),
        (Moment, "-3 h", -3),
        (Moment, "-1 h 30 min", -1.5),
        (Moment, "2023-07-31T05:44+08:00", 53 + 44 / 60),
        (Moment, "2023-07-28T16:00:00Z", 0),
        (Moment, START + timedelta(hours=5), 5),
        (Moment, "2023-07-31T05:44", 53 + 44 / 60),
        (Moment, "2023-07-31 05:44:00", 53 + 44 / 60),
        (Moment, "2023/7/31 5:44", 53 + 44 / 60),
        (Moment, "2023.7.31 5:44:00", 53 + 44 / 60),
        (Moment, "２０２３年７月３１日 ５：４４", 53 + 44 / 60),
        (Moment, "2023年7月31日5时44分", 53 + 44 / 60),
        (Moment, "2023/7/30 21:44Z", 53 + 44 / 60),
        (Moment, "2023/7/31 7:44 +10:00", 53 + 44 / 60),
        (Number, "２０００", 2000.0),
        (Number, "12,000.5", 12000.5),
        (Number, "0.2 万", 2000.0),
        (Number, "1.2e3", 1200.0),
        (Whole, "２，０００", 2000),
        (Whole, "0.2万", 2000),
        (Whole, 7, 7),
        (Persons, "8.6 万人", 86000),
        (Longitude, "１１５．９", 115.9),
        *((YesNo, text, True) for text in ("是", "有", "对", "√", "yes", "Y", "TRUE", "1", True, 1)),
        *((YesNo, text, False) for text in ("否", "无", "×", "no", "N", "False", "0", False, 0)),
        (Latitude, "39.5", 39.5),
        (Longitude, 115.9, 115.9),
        (Id, "fire-boats_1", "fire-boats_1"),
        (Id, 7, "7"),
        (NameList, "rescue; evacuate；relief", ("rescue", "evacuate", "relief")),
        (NameList, ["rescue"], ("rescue",)),
    ],
)
def test_reads(kind, text, value):
    assert read(kind, text) == pytest.approx(value) if isinstance(value, float) else read(kind, text) == value


@pytest.mark.parametrize(
    "kind", [Hours, Kilometres, KilometresPerHour, Metres, MetresLong, MetresPerSecond, Tonnes, TonnesPerHour]
)
@pytest.mark.parametrize("bare", [45, 45.0, "45", " 4.5 "])
def test_a_file_must_write_the_unit(kind, bare):
    assert "write a unit, e.g. " in refusal(kind, bare)


def test_numbers_from_python_are_inside_units():
    assert read(Hours, 1.5, from_file=False) == 1.5
    assert read(Moment, 12, from_file=False) == 12
    assert TypeAdapter(Kilometres).validate_python(3) == 3


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (Hours, "20 min 1 h"),
        (Hours, "1 h 1 h"),
        (Hours, "45 m"),
        (Hours, "1:30"),
        (Hours, ""),
        (Hours, "min"),
        (Hours, "-5 min"),
        (Hours, "1,2 h"),
        (Hours, "99999999 h"),
        (Hours, "１ lightyear"),
        (Hours, True),
        (Hours, None),
        (KilometresPerHour, "3 m/s 5 km/h"),
        (Metres, "10 km"),
        (MetresLong, "-1 m"),
        (MetresLong, "30 km"),
        (Persons, -5),
        (Persons, 2.5),
        (Persons, "many"),
        (Persons, True),
        (Share, 1.1),
        (Share, "101 %"),
        (Moment, "2023-07-31"),
        (Moment, "7/31/2023 5:44"),
        (Moment, "2023/2/30 5:44"),
        (Moment, "2023/7/31 25:00"),
        (Moment, "2023-07-31 05:44+99:00"),
        (Moment, "45138.239"),
        (Moment, START.replace(tzinfo=None)),
        (Moment, "yesterday"),
        *(
            (kind, text)
            for kind in (Number, Whole)
            for text in ("", "x", "1_000", "1,5", "1 2", "inf", "nan", "9" * 400)
        ),
        (Number, True),
        (Whole, "2.5"),
        (Whole, False),
        *((YesNo, value) for value in ("maybe", "", 2, 0.5, None, "是否")),
        (Latitude, 91),
        (Longitude, "180.5"),
        (Longitude, "east"),
        (Id, "a.b"),
        (Id, "../x"),
        (Id, "村"),
        (Id, "x" * 65),
        (Id, True),
        (NameList, "a;a"),
        (NameList, [1]),
    ],
)
def test_refuses(kind, value):
    assert refusal(kind, value).startswith("expected ")


@pytest.mark.parametrize("number", [float("nan"), float("inf"), -float("inf")])
@pytest.mark.parametrize("kind", [Hours, Kilometres, Metres, Tonnes, Persons, Share, Moment, Latitude])
def test_refuses_what_is_no_number(kind, number):
    for value in (number, str(number), f"{number} h"):
        assert refusal(kind, value, from_file=False).startswith("expected ")


def test_a_moment_needs_to_know_the_start():
    with pytest.raises(ValidationError):
        TypeAdapter(Moment).validate_python("2023-07-31T05:44+08:00")


@pytest.mark.parametrize("kind", [DURATION, DISTANCE, HEIGHT, LENGTH, SPEED, FLOW_SPEED, MASS, RATE])
def test_every_unit_is_read_and_one_is_the_inside_unit(kind):
    assert all(units.parse(kind, f"2 {unit}") == pytest.approx(2 * factor) for unit, factor in kind.factors.items())
    assert any(factor == pytest.approx(1.0) for factor in kind.factors.values())


def test_an_hour_of_the_clock_is_read_as_clocks_show_it():
    for written in ("8 h", "08:00", "8:00", "08:00:00", "８：００", "8时"):
        assert read(HourOfDay, written) == 8.0
    assert read(HourOfDay, "24:00") == 24.0
    for wrong in ("25:00", "25 h", "8", "8:60", "-1 h"):
        assert refusal(HourOfDay, wrong, from_file=True).startswith("expected an hour of the clock")


def test_units_of_table_headers_can_stand_in_a_column_name():
    assert {"min", "h", "km", "m", "kmh", "ms", "t", "kg"} <= HEADER_UNITS
    assert all(unit.isidentifier() for unit in HEADER_UNITS)


@given(st.floats(0, 80_000))
def test_hours_survive_writing(hours):
    assert read(Hours, units.write_hours(hours)) == pytest.approx(hours, abs=0.51 / 60)


@given(st.floats(0, 20_000))
def test_kilometres_survive_writing(km):
    assert read(Kilometres, units.write_km(km)) == pytest.approx(km, abs=0.051)


@given(st.floats(-400, 8_999))
def test_metres_survive_writing(metres):
    assert read(Metres, units.write_metres(metres)) == pytest.approx(metres, abs=0.0051)


@given(st.floats(0, 1e5))
def test_tonnes_survive_writing(tonnes):
    assert read(Tonnes, units.write_tonnes(tonnes)) == pytest.approx(tonnes, abs=0.051)


@given(st.floats(0, 1_000))
def test_speeds_survive_writing(speed):
    assert read(KilometresPerHour, units.write_kmh(speed)) == pytest.approx(speed, abs=0.051)
    assert read(MetresPerSecond, units.write_ms(speed / 10)) == pytest.approx(speed / 10, abs=0.051)


@given(st.integers(0, 10**9))
def test_persons_survive_writing(persons):
    assert read(Persons, units.write_persons(persons)) == persons


@given(st.floats(0, 1))
def test_shares_survive_writing(share):
    assert read(Share, units.write_share(share)) == pytest.approx(share, abs=0.00051)


@given(st.text(max_size=30))
def test_any_text_is_read_or_refused(text):
    for kind in (Hours, Persons, Share, Moment, Id, NameList):
        try:
            read(kind, text)
        except ValidationError as error:
            assert error.errors()[0]["type"] == "unreadable"  # noqa: PT017


@pytest.mark.parametrize(
    ("written", "text"),
    [
        (units.write_hours(1.3333), "1 h 20 min"),
        (units.write_hours(27), "27 h"),
        (units.write_hours(0), "0 s"),
        (units.write_hours(-1.5), "-1 h 30 min"),
        (units.write_hours(float("inf")), "never"),
        (units.write_hours(float("nan")), "-"),
        (units.write_km(0.85), "850 m"),
        (units.write_km(12.34), "12.3 km"),
        (units.write_tonnes(0.35), "350 kg"),
        (units.write_persons(133_912.6), "133,913"),
        (units.write_persons(float("nan")), "-"),
        (units.write_share(0.9), "90 %"),
        (units.write_share(0.925), "92.5 %"),
        (units.write_metres(float("nan")), "- m"),
        (units.write_moment(53.75, START), "2023-07-31 05:45"),
        (units.write_moment(float("inf"), START), "never"),
    ],
)
def test_writes(written, text):
    assert written == text


def test_the_schema_tells_editors_what_a_quantity_looks_like():
    class Trip(BaseModel):
        lasts: Hours
        carries: Persons
        of: Share

    properties = Trip.model_json_schema()["properties"]
    assert properties["lasts"]["type"] == "string"
    assert properties["lasts"]["examples"] == ["45 min"]
    assert {"type": "integer", "minimum": 0} in properties["carries"]["anyOf"]
    assert {"type": "number", "minimum": 0, "maximum": 1} in properties["of"]["anyOf"]


@pytest.mark.parametrize("name", ["my-county", "云禾 县", "v1.2", "console", "com10", "𠮷县"])
def test_names_that_every_system_takes(name: str) -> None:
    assert units.is_file_name(name)


@pytest.mark.parametrize(
    "name", ["", "CON", "nul", "aux.csv", "Com1", "lpt9.tar.gz", "a.", "a ", "a:b", "a?", "a\\b", "县" * 80]
)
def test_names_that_windows_keeps_or_refuses(name: str) -> None:
    assert not units.is_file_name(name)
