"""YAML is data with line numbers; what only programs need of it is refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simrescue.scenario.files.yaml_lines import MAX_BYTES, read


def test_words_stay_words_and_numbers_are_numbers():
    text = "a: no\nb: on\nc: 12:30\nd: 2023-07-29\ne: 1e3\nf: 0.5\ng: -7\nh: true\ni: ~\nj: '5'\nk: 010\nl: .nan\n"
    expected = {"a": "no", "b": "on", "c": "12:30", "d": "2023-07-29", "e": 1000.0, "f": 0.5, "g": -7, "h": True}
    assert read(text, "x").data == {**expected, "i": None, "j": "5", "k": 10, "l": ".nan"}


def test_every_value_knows_its_line_and_every_path_the_line_above_it():
    lines = read("# 注释\na:\n  - b: 1\n    c: 2\n\nd: {e: 3}\n", "x")
    assert lines.line(("a", 0, "c")) == 4
    assert lines.line(("d", "e")) == 6
    assert lines.line(("a", 0, "missing", "deep")) == 3
    assert lines.line(("nothing",)) == 2


BOMB = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "\n".join(
    f"{new}: &{new} [{', '.join([f'*{old}'] * 9)}]" for old, new in zip("abcdefgh", "bcdefghi", strict=True)
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (BOMB, "not an anchor"),
        ("a: &a [*a]", "not an anchor"),
        ("a: *nobody", "not an anchor"),
        ("a: !!python/object/apply:os.system [echo]", "without a tag"),
        ("a: !mine {b: 1}", "without a tag"),
        ("[" * 100_000, "at most 20 levels"),
        ("a: " + "[" * 3000, "at most 20 levels"),
        ("村: [{b: " + "[" * 3000, "at most 20 levels"),
        ("a: " + "{" * 3000, "a word as key"),
        ("- " * 5000, "at most 20 levels"),
        ("\n".join(" " * i + "a:" for i in range(1500)), "at most 20 levels"),
        ('a: "' + "[" * 3000, "YAML that can be read ("),
        ("a: \ud800", "characters that Unicode has"),
        ("a: 1\n---\nb: 2", "one document"),
        ("? [a]\n: 1", "a word as key"),
        ("a: [1", "YAML that can be read ("),
        ("a: \x00", "YAML that can be read ("),
        ("a: 1\nb: 2\na: 3", "each key once"),
        ("x" * (MAX_BYTES + 1), "at most 2 MB"),
    ],
)
def test_refuses(text, expected):
    found = read(text, "scenario.yaml").faults
    assert len(found) == 1
    assert expected in str(found[0])
    assert found[0].where.startswith("line ")


def test_a_key_written_twice_is_told_at_its_second_line():
    assert read("a: 1\nb:\n  c: 1\n  c: 2\n", "x").faults[0].where == "line 4"


@given(st.text(alphabet=st.sampled_from("ab:-[]{}?&*!|>'\"#%@ \n\t1,村"), max_size=60))
def test_never_raises(text):
    lines = read(text, "x")
    assert lines.faults or lines.lines or lines.data is None
