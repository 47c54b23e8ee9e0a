"""The panel of a round of corrections: what it learns from, how it goes, what it changed."""

from tpwng_studio.views.retraining.view import RetrainView

__all__ = ["RetrainView"]
