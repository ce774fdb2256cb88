"""Amounts in words: a mean of few is not none."""

from __future__ import annotations

import pytest

from simrescue.metrics.amounts import amount_text, mean_text, needed_amount


@pytest.mark.parametrize(
    ("number", "text"),
    [(0.0, "0"), (0.001, "< 0.01"), (0.3, "0.3"), (0.275, "0.28"), (4.0, "4"), (9.96, "10"), (1234.4, "1,234")],
)  # fmt: skip
def test_a_mean_of_few_is_never_none(number: float, text: str) -> None:
    assert mean_text(number) == text


def test_a_ratio_is_told_as_one() -> None:
    assert amount_text("ratio", 3.563) == ("3.56 : 1", "3.56:1")
    assert needed_amount("ratio", "at_least", 1) == ("needed 1 : 1", "要求1:1")
