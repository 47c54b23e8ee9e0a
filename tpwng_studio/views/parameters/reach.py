"""What R means for the open video, in words: how far attention reaches, and what R changed.

Curves and the worker's summary in, sentences out. Part of the parameters panel.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from tpwng_core.pseudocurves import PseudoCurves
from tpwng_studio.state.span_reach import INERT_WEIGHT, farthest, smallest_weight, span_reach
from tpwng_studio.timecode import seconds_text


class ReachWords:
    """Says how far attention reaches; keeps what only another video or R changes."""

    def __init__(self) -> None:
        self._curves: PseudoCurves | None = None
        self._softness = 0.0
        self._floor = 1.0
        self._stride = 0.0
        self._ends = farthest(0)
        self._looks_back = False

    def of(
        self,
        curves: PseudoCurves,
        softness: float,
        frame: int,
        fps: float,
        *,
        looks_back: bool = False,
    ) -> str:
        """The reach at a frame.

        Args:
            curves: of the video, with spans.
            softness: R in snippets.
            frame: the playhead.
            fps: frames per second.
            looks_back: the model sees nothing behind a snippet.
        """
        self._keep(curves, softness, looks_back)
        snippet = max(int(np.searchsorted(curves.snippet_start, frame, side="right")) - 1, 0)
        reach = span_reach(curves.span, softness, snippet, looks_back=looks_back)
        end, snippet_s = int(self._ends[snippet]), self._stride / fps
        places = {"full to": reach.full, "half at": reach.half, "none from": reach.zero}
        inside = {name: value for name, value in places.items() if value < end}
        far = [name.split()[0] for name in places if name not in inside]
        parts = [f"{name} {_far(value, snippet_s)}" for name, value in inside.items()]
        if far:
            parts.append(f"{' and '.join(far)} beyond the video")
        words = ", ".join(parts)
        low, high = round(reach.full_low), round(reach.full_high)
        heads = f" (heads {low} to {high})" if low != high else ""
        verdict = "little effect on this video" if self._floor >= INERT_WEIGHT else "R masks here"
        floor = f"Smallest weight anywhere: {self._floor:.2f}, {verdict}."
        back = " back" if looks_back else ""
        return f"Weight of attention at the playhead, in snippets{back}: {words}{heads}. {floor}"

    def _keep(self, curves: PseudoCurves, softness: float, looks_back: bool) -> None:
        """Work out what the playhead does not change."""
        starts = curves.snippet_start
        is_other = curves is not self._curves or looks_back != self._looks_back
        if is_other:
            self._ends = farthest(len(starts), looks_back=looks_back)
            self._stride = float(np.median(np.diff(starts))) if len(starts) > 1 else 0.0
        if is_other or softness != self._softness:
            self._floor = smallest_weight(curves.span, softness, looks_back=looks_back)
        self._curves, self._softness, self._looks_back = curves, softness, looks_back


def answer_words(summary: Mapping[str, Any]) -> str:
    """What the worker measured: how far attention really goes, and what R changed."""
    trained, softness = summary.get("trained_r"), summary.get("r")
    if summary.get("change") is None or trained is None or softness is None:
        return "Scored again; this model has no attention span."
    reached = f"Measured: attention goes {summary['effective_span']:.0f} snippets far on average."
    if float(softness) == float(trained):
        return reached
    change, flipped = summary["change"], summary["flipped"]
    return (
        f"{reached} Against R = {trained:g} the score changes by {change:.3f},"
        f" and {flipped:.1%} of the snippets flip at 0.5."
    )


def _far(snippets: float, snippet_s: float) -> str:
    return f"{snippets:.0f} ({seconds_text(snippets * snippet_s)})"
