"""A made-up world of features for testing methods where no real features can be had.

In go a preset's name and a seed, out come feature arrays with exact intervals, and the text
targets a text tower is fitted to. NumPy only; ``run/synth.py`` writes the result as files.
"""

from tpwng_core.synthetic.presets import (
    FPS,
    PRESETS,
    STRIDE_FRAMES,
    Category,
    Counts,
    Preset,
    get_preset,
)
from tpwng_core.synthetic.videos import (
    SyntheticVideo,
    VideoPlan,
    make_video,
    plan_script,
    plan_videos,
)
from tpwng_core.synthetic.world import World, make_world

__all__ = [
    "FPS",
    "PRESETS",
    "STRIDE_FRAMES",
    "Category",
    "Counts",
    "Preset",
    "SyntheticVideo",
    "VideoPlan",
    "World",
    "get_preset",
    "make_video",
    "make_world",
    "plan_script",
    "plan_videos",
]
