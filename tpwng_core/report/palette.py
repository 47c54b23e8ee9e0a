"""The colours of every figure and page, light and dark.

Figures are drawn in the light colours; a page replaces them by CSS variables of the same
names, so that one drawing serves light, dark and paper. Read by the figures and ``html``.
"""

from __future__ import annotations

INK = "#1b1f24"
MUTED = "#57606a"
RULE = "#d3d9df"
PAPER = "#ffffff"
ABNORMAL = "#d55e00"
NORMAL = "#0072b2"
UNKNOWN = "#7f7f7f"
PSI = "#7a3e9d"
GREEN = "#007d5b"
AMBER = "#946200"

# Colour is never alone: abnormal and unknown carry a hatch, normal has none.
ABNORMAL_HATCH = "/////"
UNKNOWN_HATCH = "....."

LIGHT = {
    "ink": INK,
    "muted": MUTED,
    "rule": RULE,
    "paper": PAPER,
    "abnormal": ABNORMAL,
    "normal": NORMAL,
    "unknown": UNKNOWN,
    "psi": PSI,
    "green": GREEN,
    "amber": AMBER,
}
DARK = {
    "ink": "#e6e9ec",
    "muted": "#a2abb5",
    "rule": "#3a424b",
    "paper": "#14181d",
    "abnormal": "#f0802a",
    "normal": "#4fa8e0",
    "unknown": "#9a9a9a",
    "psi": "#c08be0",
    "green": "#35b58d",
    "amber": "#d09a2c",
}

# Series of compared methods: dash pattern and marker differ everywhere, colour in the first six.
SERIES = (
    (INK, "-", "o"),
    (NORMAL, (0, (5, 1.5)), "s"),
    (GREEN, (0, (1.2, 1.2)), "^"),
    (PSI, (0, (6, 1.5, 1.2, 1.5)), "D"),
    (AMBER, (0, (3, 1)), "v"),
    (UNKNOWN, (0, (6, 1, 1, 1, 1, 1)), "P"),
    (NORMAL, (0, (1, 2.5)), "<"),
    (GREEN, (0, (8, 2)), ">"),
)
