"""Whether the window, or a project, may be left now, and what is asked where something would go.

In: a wish to leave. Out: it is granted at once, or once a person has answered. Jobs that run are
asked about, and sliders that cannot be written; edits of labels are in the journal by then and come
back. Called by the window, its actions and whatever opens a project.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer

from tpwng_studio.jobs.jobs import Job

if TYPE_CHECKING:
    from tpwng_studio.shell.main_window import MainWindow


class Leaving:
    """One per window."""

    def __init__(self, window: MainWindow) -> None:
        self._window = window
        self._is_closing = False
        self._may_lose = False

    def may_close(self) -> bool:
        """Whether the window may close now; where not, a person is asked and may close it then."""
        window = self._window
        running = [*(job.title for job in window.jobs.running), *window.live.titles]
        if running and not self._is_closing:
            window.dialogs.closing(running)
            return False
        if self._may_lose or window.session.keep_sliders():
            return True
        self._is_closing = False  # who stays goes on working
        window.dialogs.unkept(self._close_and_lose)
        return False

    def when_kept(self, go: Callable[[], object]) -> None:
        """Leave a project by ``go``, once nothing is lost by it or a person lets it go."""
        if self._window.session.keep_sliders():
            go()
        else:
            self._window.dialogs.unkept(go)

    def close_after_jobs(self, end: Callable[[Job], object]) -> None:
        """End each running job by ``end`` (stop or cancel), and the watch; then close."""
        self._is_closing = True
        for job in self._window.jobs.running:
            end(job)
        self._window.live.watch.stop()
        self.close_when_idle()

    def close_when_idle(self) -> None:
        """Close, if that waited for the jobs and none runs any more."""
        window = self._window
        if self._is_closing and not window.jobs.running and not window.live.titles:
            QTimer.singleShot(0, window.close)

    def _close_and_lose(self) -> None:
        self._may_lose = True
        self._window.close()
        self._may_lose = False  # a window that stays, as jobs run, asks again of later sliders
