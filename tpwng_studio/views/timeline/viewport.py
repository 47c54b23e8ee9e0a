"""The part of a video that is on screen, and how its frames lie across the plot.

Frames in, pixels out, and back; zooming and panning give new viewports. Every row of the
timeline goes through this one mapping, so that they cannot drift apart. No Qt.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

_FEWEST_FRAMES = 10.0  # the closest zoom


@dataclass(frozen=True, kw_only=True)
class Viewport:
    """Visible frames [start, end) of a video; both may lie between two frames.

    Args:
        num_frames: length of the video; 0 where there is none.
        start: left border, at least 0.
        end: right border, above ``start``, at most ``num_frames``.
        width_px: width of the plot, logical pixels, above 0.
    """

    num_frames: int = 0
    start: float = 0.0
    end: float = 1.0
    width_px: float = 1.0

    @classmethod
    def whole(cls, num_frames: int, width_px: float) -> Viewport:
        """All of a video."""
        return cls(num_frames=num_frames, end=float(max(num_frames, 1)), width_px=width_px)

    @property
    def span(self) -> float:
        """How many frames are visible."""
        return self.end - self.start

    @property
    def frames(self) -> tuple[int, int]:
        """The frames [start, end) of which anything is visible."""
        return math.floor(self.start), min(math.ceil(self.end), self.num_frames)

    @property
    def is_whole(self) -> bool:
        """Whether all of the video is visible."""
        return self.span >= self.num_frames

    @property
    def px_per_frame(self) -> float:
        """Width of a frame."""
        return self.width_px / self.span

    def x_of(self, frame: float) -> float:
        """Pixel of a border between frames, from the left of the plot."""
        return (frame - self.start) * self.px_per_frame

    def centre_of(self, frame: int) -> float:
        """Pixel in the middle of a frame."""
        return self.x_of(frame + 0.5)

    def place_at(self, x: float) -> float:
        """Place at a pixel, in frames, between frames too; outside the plot it goes on."""
        return self.start + x / self.px_per_frame

    def frame_at(self, x: float) -> int:
        """The frame under a pixel, of those that exist."""
        return min(max(math.floor(self.place_at(x)), 0), max(self.num_frames - 1, 0))

    def border_at(self, x: float) -> int:
        """The border between frames that is closest to a pixel, in [0, num_frames]."""
        return min(max(round(self.place_at(x)), 0), self.num_frames)

    def shows(self, frame: int) -> bool:
        """Whether the middle of a frame is visible."""
        return self.start <= frame + 0.5 <= self.end

    def resized(self, width_px: float) -> Viewport:
        """The same frames on another width."""
        return replace(self, width_px=max(width_px, 1.0))

    def zoomed(self, factor: float, at: float) -> Viewport:
        """Closer for a factor above 1; ``at`` keeps its pixel unless an end of the video is near.

        Args:
            factor: above 0.
            at: place in frames.
        """
        span = min(max(self.span / factor, _FEWEST_FRAMES), float(max(self.num_frames, 1)))
        share = (at - self.start) / self.span
        return self._placed(at - share * span, span)

    def panned(self, frames: float) -> Viewport:
        """Moved towards the end by a number of frames, as far as the video goes."""
        return self._placed(self.start + frames, self.span)

    def centred(self, at: float) -> Viewport:
        """The same number of frames around a place."""
        return self._placed(at - self.span / 2, self.span)

    def around(self, start: float, end: float, margin: float = 0.15) -> Viewport:
        """Zoomed to [start, end) with a margin on both sides, a share of its length."""
        span = max((end - start) * (1 + 2 * margin), _FEWEST_FRAMES)
        span = min(span, float(max(self.num_frames, 1)))
        return self._placed((start + end - span) / 2, span)

    def followed(self, before: int, frame: int, jump: float) -> Viewport:
        """What to show once the playhead moved.

        A playhead that walks out of the picture takes it along; one that jumps is brought into
        the middle; one that somebody panned away from is left alone while it merely walks.

        Args:
            before: frame it came from.
            frame: frame it is at.
            jump: moves of more frames than this are jumps.
        """
        if self.shows(frame):
            return self
        if abs(frame - before) > jump:
            return self.centred(frame + 0.5)
        if not self.shows(before):
            return self
        lead = 0.05 if frame > before else 0.95
        return self._placed(frame - lead * self.span, self.span)

    def _placed(self, start: float, span: float) -> Viewport:
        start = min(max(start, 0.0), max(self.num_frames - span, 0.0))
        return replace(self, start=start, end=start + span)
