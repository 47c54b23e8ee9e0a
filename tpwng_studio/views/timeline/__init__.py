"""The timeline: rows of curves and labels of one video over one axis of time.

``view`` listens, ``content`` pulls, ``surface`` draws: ``layer`` what seldom changes, ``overlay``
what moves. ``viewport`` is the one mapping of frames to pixels, ``gestures`` are the drags.
"""

from tpwng_studio.views.timeline.view import TimelineView

__all__ = ["TimelineView"]
