"""A small rendered world seen by surveillance cameras: videos with known events, captions.

NumPy and Pillow only. ``make_dataset(seed)`` plans videos, ``render_frames(plan)`` draws them,
``plan.intervals`` and ``plan.regions(frame)`` are the ground truth, ``render_caption_pair`` is
what the demo's CLIP was trained on. Called by the demo and by ``scripts/train_demo_clip.py``.
"""

from tpwng_core.world.act import FPS
from tpwng_core.world.captions import caption_words, phrases, render_caption_pair, seen_intervals
from tpwng_core.world.dataset import DatasetCounts, PlannedVideo, make_dataset, pair_generator
from tpwng_core.world.kinds import CATEGORIES, EVENTS
from tpwng_core.world.plan import VideoPlan, plan_video
from tpwng_core.world.render import render_frame, render_frames, render_some_frames

__all__ = [
    "CATEGORIES",
    "EVENTS",
    "FPS",
    "DatasetCounts",
    "PlannedVideo",
    "VideoPlan",
    "caption_words",
    "make_dataset",
    "pair_generator",
    "phrases",
    "plan_video",
    "render_caption_pair",
    "render_frame",
    "render_frames",
    "render_some_frames",
    "seen_intervals",
]
