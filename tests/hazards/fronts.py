"""Fronts on uniform ground for tests, and what geometry says of them."""

from __future__ import annotations

import math

import numpy as np

from simrescue.hazards.wildfire.behaviour.rothermel import Spread
from simrescue.hazards.wildfire.spread.front import Burn, Front

CELL_M = 60.0


def uniform(n_cells: int, head_m_min: float, towards_deg: float, length_to_width: float) -> Spread:
    e = math.sqrt(length_to_width**2 - 1) / length_to_width
    towards = math.radians(towards_deg) % math.tau
    return Spread(*(np.full(n_cells, figure) for figure in (head_m_min, towards, e, 1000.0)))


def uneven(n_cells: int, head_m_min: float, towards_deg: float, length_to_width: float, seed: int = 5) -> Spread:
    """Rates that jump from cell to cell, as fuel and slope make them do."""
    draws = np.random.default_rng(seed)
    even = uniform(n_cells, head_m_min, towards_deg, length_to_width)
    head = even.head_m_min * np.exp(draws.normal(0, 0.4, n_cells))
    towards = (even.towards_rad + draws.normal(0, 0.3, n_cells)) % math.tau
    return Spread(head, towards, even.eccentricity * draws.uniform(0.8, 1, n_cells), even.intensity_kw_m)


def front(size: int, fuel: np.ndarray | None = None, cell_x_m: float = CELL_M, cell_y_m: float = CELL_M) -> Front:
    return Front(size, size, cell_x_m, cell_y_m, np.ones(size * size, dtype=bool) if fuel is None else fuel)


def middle(size: int) -> int:
    return (size // 2) * size + size // 2


def run(fire: Front, until_h: float, step_h: float = 0.25) -> list[Burn]:
    burns = []
    while fire.now < until_h - 1e-9:
        burns += fire.advance(min(fire.now + step_h, until_h))
    return burns


def ellipse_perimeter(a: float, b: float) -> float:
    t = np.linspace(0, 2 * np.pi, 20_001)
    return float(np.hypot(np.diff(a * np.cos(t)), np.diff(b * np.sin(t))).sum())


def contour(fire: Front, level_h: float) -> tuple[float, float]:
    """Area (m2) and length (m) of the line that the front has reached, by the arrivals as they are known."""
    from contourpy import contour_generator

    ground = fire.ground
    hours = np.minimum(fire.past_h(), 1e3).reshape(ground.rows, ground.columns)
    x = np.arange(ground.columns) * ground.cell_x_m
    y = np.arange(ground.rows) * ground.cell_y_m
    area = length = 0.0
    for line in contour_generator(x=x, y=y, z=hours).lines(level_h):
        px, py = line[:, 0], line[:, 1]
        area += abs(float(np.sum(px[:-1] * py[1:] - px[1:] * py[:-1]))) / 2
        length += float(np.hypot(np.diff(px), np.diff(py)).sum())
    return area, length
