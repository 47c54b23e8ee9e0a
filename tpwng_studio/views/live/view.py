"""The live panel: a form until a source is watched, then what is seen of it.

A window's :class:`Watch` and session in. Starts and stops the watch; keeps no state of its own but
what stands in the form. Placed by the main window.
"""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from tpwng_studio.live.watch import Watch
from tpwng_studio.live.watch_records import WatchWish
from tpwng_studio.live.watch_setup import default_log, default_model
from tpwng_studio.state.session import Session
from tpwng_studio.views.live.form import WatchForm
from tpwng_studio.views.live.monitor import Monitor
from tpwng_studio.widgets.picture_canvas import Veil
from tpwng_studio.widgets.scrolled import fill_scrolled


class LiveView(QWidget):
    """Form and monitor.

    Signals:
        training_asked: a model that looks back only shall be trained.

    Args:
        session: whose project gives the model and takes the log.
        watch: of the window.
    """

    training_asked = Signal()

    def __init__(self, session: Session, watch: Watch, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("live")
        self._session = session
        self._watch = watch
        self._known: tuple[object, object] | None = None
        self.form = WatchForm()
        self.monitor = Monitor(watch)
        page = QWidget()
        fill_scrolled(page, self.form)
        self._page = page
        self._pages = QStackedWidget()
        self._pages.addWidget(page)
        self._pages.addWidget(self.monitor)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._pages)
        self.form.started.connect(self.begin)
        self.form.training_asked.connect(self.training_asked)
        self.monitor.again_asked.connect(self.set_up)
        session.project_changed.connect(self._on_project)
        self._on_project()

    @property
    def is_setting_up(self) -> bool:
        """Whether the form is on screen."""
        return self._pages.currentWidget() is self._page

    def set_up(self) -> None:
        """Show the form, ready for a source; a watch that runs stays on screen."""
        if self._watch.is_running:
            self.monitor.stop.setFocus(Qt.FocusReason.ShortcutFocusReason)
            return
        self.form.check()  # a model may have been trained since
        self._pages.setCurrentWidget(self._page)
        self.form.source.line.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.form.source.line.selectAll()

    def begin(self, wish: WatchWish) -> None:
        """Watch."""
        self._watch.start(wish)
        self.monitor.forget()
        self._pages.setCurrentWidget(self.monitor)
        self.monitor.stop.setFocus(Qt.FocusReason.OtherFocusReason)

    def set_veil(self, veil: Veil) -> None:
        """Show pictures as the player shows them."""
        self.monitor.picture.set_veil(veil)

    def _on_project(self) -> None:
        """Another project, or another model of it: the form begins with what it has."""
        project = self._session.project
        if project is None:
            self._known = None
            return
        known = project.folder, project.checkpoint
        if known != self._known:
            self._known = known
            self.form.set_defaults(default_model(project), default_log(project))
            if not self._watch.is_running:
                self._pages.setCurrentWidget(self._page)
