"""Looks at every video of a project in the background, anew whenever the sliders rest.

Errands in, a signal per video out. Owned by the session; a new round ends the one before.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject, QRunnable, Qt, QThreadPool, Signal

from tpwng_studio.survey import Errand, Survey, survey_video
from tpwng_studio.tuning import Tuning


class Surveyor(QObject):
    """Runs :func:`survey_video` over a project in a pool of one thread.

    Signals:
        surveyed: the :class:`Survey` of a video.
        finished: all videos were looked at.

    Args:
        parent: the owner.
    """

    surveyed = Signal(object)
    finished = Signal()
    _answered = Signal(int, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(1)
        self._round = 0
        self._answered.connect(self._on_answered, Qt.ConnectionType.QueuedConnection)

    def start(
        self, errands: Sequence[Errand], columns: Sequence[str], scale: float, tuning: Tuning
    ) -> None:
        """Look at all videos; a round under way ends.

        Args:
            errands: one a video.
            columns: category of each similarity column, normal last.
            scale: similarity scale of the checkpoint.
            tuning: the sliders.
        """
        self.stop()
        number = self._round

        def look() -> None:
            for errand in errands:
                if number != self._round:
                    return
                survey = survey_video(errand, columns, scale, tuning)
                if survey is not None:
                    self._answered.emit(number, survey)
            self._answered.emit(number, None)

        self._pool.start(QRunnable.create(look))

    def stop(self) -> None:
        """End the round under way after the video it is at."""
        self._round += 1
        self._pool.clear()

    def wait(self) -> None:
        """End the round and wait for its thread, before the program ends."""
        self.stop()
        self._pool.waitForDone()

    def _on_answered(self, number: int, survey: Survey | None) -> None:
        if number != self._round:
            return
        if survey is None:
            self.finished.emit()
        else:
            self.surveyed.emit(survey)
