"""Named random streams from one seed, so that a change in one thing leaves every other draw as it was.

A stream is keyed by (seed, replication, name, id): two plans meet the same flood, and one more helicopter
leaves the luck of all others unchanged (common random numbers).
"""

from __future__ import annotations

from hashlib import blake2b
from random import Random

import numpy as np


def key(seed: int, replication: int, name: str, thing: str = "") -> int:
    """The 128-bit key of one stream."""
    text = f"{seed}\x1f{replication}\x1f{name}\x1f{thing}"
    return int.from_bytes(blake2b(text.encode(), digest_size=16).digest(), "big")


def stream(seed: int, replication: int, name: str, thing: str = "") -> Random:
    """A scalar stream (cheap to make, 0.1 us a draw) for processes."""
    return Random(key(seed, replication, name, thing))


def delay_h(luck: Random, mean_h: float) -> float:
    """An exponential delay with this mean, hours; none at all (and no draw) where the mean is 0."""
    return luck.expovariate(1 / mean_h) if mean_h else 0.0


def array_stream(seed: int, replication: int, name: str, thing: str = "") -> np.random.Generator:
    """A stream that draws arrays, for hazards."""
    return np.random.Generator(np.random.PCG64(key(seed, replication, name, thing)))
