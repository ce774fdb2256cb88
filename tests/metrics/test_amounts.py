"""Amounts in words: a mean of few is not none."""

from __future__ import annotations

import pytest

from simrescue.metrics.amounts import mean_text


@pytest.mark.parametrize(
    ("number", "text"),
    [(0.0, "0"), (0.001, "< 0.01"), (0.3, "0.3"), (0.275, "0.28"), (4.0, "4"), (9.96, "10"), (1234.4, "1,234")],
)  # fmt: skip
def test_a_mean_of_few_is_never_none(number: float, text: str) -> None:
    assert mean_text(number) == text
