"""Named random streams from one seed, so that a change in one thing leaves every other draw as it was.

A stream is keyed by (seed, replication, name, id): two plans meet the same flood, and one more helicopter
leaves the draws of all others unchanged (common random numbers).
"""

from __future__ import annotations

import math
from hashlib import blake2b
from random import Random

import numpy as np
from numpy.typing import NDArray

_GOLDEN, _FIRST, _SECOND = (np.uint64(n) for n in (0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9, 0x94D049BB133111EB))


def key(seed: int, replication: int, name: str, thing: str = "") -> int:
    """The 128-bit key of one stream."""
    text = f"{seed}\x1f{replication}\x1f{name}\x1f{thing}"
    return int.from_bytes(blake2b(text.encode(), digest_size=16).digest(), "big")


def stream(seed: int, replication: int, name: str, thing: str = "") -> Random:
    """A scalar stream (cheap to make, 0.1 us a draw) for processes."""
    return Random(key(seed, replication, name, thing))


def exponential(uniform: float) -> float:
    """The quantile of the exponential law with mean 1, at a uniform draw in 0..1."""
    return -math.log1p(-uniform)


def delay_h(rng: Random, mean_h: float) -> float:
    """An exponential delay with this mean, hours; none at all (and no draw) where the mean is 0."""
    return rng.expovariate(1 / mean_h) if mean_h else 0.0


def cell_stream(seed: int, replication: int, name: str, shape: tuple[int, int]) -> NDArray[np.float64]:
    """One draw from 0..1 (both excluded) for each cell of R x C, in the order of their numbers, shape (R * C,).

    Each hangs on the row and the column of its cell alone, never on how many cells there are: a hash of the two by
    splitmix64 (Steele, Lea and Flood 2014).
    """
    first = np.uint64(key(seed, replication, name) & (2**64 - 1))
    rows, columns = (np.arange(n, dtype=np.uint64) for n in shape)
    mixed = ((rows[:, None] << np.uint64(32)) | columns).ravel() * _GOLDEN + first
    mixed = (mixed ^ (mixed >> np.uint64(30))) * _FIRST
    mixed = (mixed ^ (mixed >> np.uint64(27))) * _SECOND
    mixed ^= mixed >> np.uint64(31)
    return ((mixed >> np.uint64(11)).astype(np.float64) + 0.5) * 2.0**-53


def array_stream(seed: int, replication: int, name: str, thing: str = "") -> np.random.Generator:
    """A stream that draws arrays, for hazards."""
    return np.random.Generator(np.random.PCG64(key(seed, replication, name, thing)))


def binomial(rng: Random, n: int, p: float) -> int:
    """How many of n meet a chance p each: exact for small n, by the normal limit for large n p (1 - p)."""
    if n <= 0 or p <= 0:
        return 0
    if p >= 1:
        return n
    spread = n * p * (1 - p)
    if spread > 100:
        return min(n, max(0, round(rng.gauss(n * p, math.sqrt(spread)))))
    if n > 50:
        return _skip_count(rng, n, p)
    draw = rng.random
    return [draw() < p for _ in range(n)].count(True)


def _skip_count(rng: Random, n: int, p: float) -> int:
    """Count successes by jumping from one to the next (geometric gaps): cheap where they are rare."""
    count, at, scale = 0, 0, math.log1p(-p)
    while True:
        at += int(math.log(1 - rng.random()) / scale) + 1
        if at > n:
            return count
        count += 1
