"""The training panel: how to train, live charts, the pinned video, and the runs compared."""

from tpwng_studio.views.training.view import TrainingView

__all__ = ["TrainingView"]
