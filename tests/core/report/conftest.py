"""Videos to draw: a small one with everything, and ways to change it."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from tpwng_core.report.curves import Thumbnail, VideoCurves


def make_curves(num_snippets: int = 20, **changes: Any) -> VideoCurves:
    """A video of 16 frames a snippet whose middle is abnormal, pictures of noise."""
    rng = np.random.default_rng(7)
    num_frames = 16 * num_snippets - 3
    start, end = num_frames // 3, 2 * num_frames // 3
    snippet_start = 16 * np.arange(num_snippets)
    abnormal = (snippet_start >= start) & (snippet_start < end)
    curve = np.clip(0.2 + 0.6 * abnormal + rng.normal(0, 0.05, num_snippets), 0, 1)
    noise = rng.integers(0, 255, (45, 60, 3), dtype=np.uint8)
    parts: dict[str, Any] = {
        "video": "Arson001_x264",
        "categories": ("arson",),
        "num_frames": num_frames,
        "fps": Fraction(30000, 1001),
        "snippet_start": snippet_start,
        "s_normal": 1 - curve,
        "s_abnormal": curve,
        "psi": curve,
        "theta": 0.55,
        "pseudo_label": abnormal.astype(np.int8),
        "score": np.repeat(curve, 16)[:num_frames],
        "ground_truth": ((start, end),),
        "thumbnails": tuple(Thumbnail(frame=f, rgb=noise) for f in (0, start + 1, end + 1)),
    }
    return VideoCurves(**{**parts, **changes})


@pytest.fixture(name="curves")
def _curves() -> VideoCurves:
    return make_curves()


@pytest.fixture(name="make")
def _make() -> Callable[..., VideoCurves]:
    return make_curves
