"""The table of segments: model, table and the view that ties them to the session."""

from tpwng_studio.views.segments.view import SegmentsView

__all__ = ["SegmentsView"]
