"""The review queue: its rows, their painting, and the view that judges them."""

from tpwng_studio.views.review.view import ReviewView

__all__ = ["ReviewView"]
