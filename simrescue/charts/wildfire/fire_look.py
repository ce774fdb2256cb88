"""The colours and shapes of a fire in its charts and the replay: ground, line, water, villages, gathering places."""

from __future__ import annotations

from simrescue.charts.shared.symbols import DRY

BURNED = ("#4a0c1b", "#8c1c24", "#c2402a", "#e0702f", "#f0a04b", "#f7c873", "#fbe6b0")
"""Colours of the bands of hours in which ground burned, first to last."""
CROWN_SHADE = 0.7
"""Times the colour of its band: ground whose crowns burned too is darker."""
SPOT = ("o", "#ffe14d", 22.0)
"""Shape, fill and area (points squared) of where an ember lit."""
LINE, MOPPED_LINE, OPEN_LINE, LOST_LINE, WETTED = "#111111", "#1f8a5b", "#7a3fd1", "#c9b8ee", "#2c8fd6"
"""Line that holds, that is mopped up, that a crew is at, that burned; wetted ground."""
WIDTHS_M = (5.0, 20.0)
"""Where narrow line ends and wide line begins: hands keep below, machines and burning out go beyond."""
WIDTH_SHARES = (0.55, 0.78, 1.0)
"""Part of the side of its cell that line is drawn with: narrow, middle, wide."""
DANGER_MARKS = {
    "safety zone": ("P", "#37b26c", 70.0),
    "fled": ("^", "#ffb347", 60.0),
    "cut off": ("^", "#d9480f", 90.0),
    "entrapped": ("D", "#ff8cc0", 70.0),
    "overrun": ("X", "#ff2f92", 130.0),
}
"""Shape, fill and area (points squared) of where something of `metrics.wildfire.line_cells.DANGERS` came to a crew."""
FIRE_VILLAGES = {
    "caught": ("#c0157f", "X", 120.0),
    "moved in time": ("#2c6fbb", "o", 80.0),
    "smoke": ("#8a8f98", "v", 70.0),
    "not reached": (DRY, "o", 26.0),
}
"""Colour, shape and area (points squared) of a village by what the fire did to it."""
GATHERING = ("s", "#2f9e6e", 120.0)
"""Shape, fill and area (points squared) of where crews gather for a fire."""
CELL_COLOURS = {
    "burning": "#f5781eeb",
    "crowns": "#e5123beb",
    "spot": "#ffe14dff",
    "burned": "#561e1cbe",
    "line": f"{LINE}ff",
    "line open": f"{OPEN_LINE}ff",
    "line mopped": f"{MOPPED_LINE}ff",
    "line lost": f"{LOST_LINE}ff",
    "wetted": f"{WETTED}ff",
}
"""What the replay draws a cell of the landscape in, as #rrggbbaa."""
