"""What is said of fires that ran off the landscape: nothing is known of them beyond it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from simrescue.wording import Words, bilingual

if TYPE_CHECKING:
    import pandas as pd


def off_map(fires: pd.DataFrame, replications: int) -> Iterator[Words]:
    """In how many of the replications a fire ran off the landscape, and how that counts; nothing where none did.

    Args:
        fires: one row a fire and replication (`fires.parquet`); stored runs of before the column tell nothing.
        replications: all of the run.
    """
    if "off_map_h" not in fires:
        return
    number = fires.loc[np.isfinite(fires["off_map_h"]), "replication"].nunique()
    if number:
        yield bilingual(
            "In {number} of {total} replications a fire runs off the landscape: there it counts as never contained, and"
            " its area is what burned on the landscape, the least that it can be.",
            number=number, total=replications,
        )  # fmt: skip
