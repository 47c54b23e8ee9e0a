"""The window: makes the parts, connects them, and closes them in order. Wiring only.

In: settings. Out: the window that ``app`` shows. Every part is made here and handed to those that
need it; there is no global.
"""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import (
    QCloseEvent,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDropEvent,
    QGuiApplication,
    QKeySequence,
)
from PySide6.QtWidgets import QApplication, QMainWindow, QMenu

from tpwng_studio import theme
from tpwng_studio.actions.action_set import ActionSet
from tpwng_studio.actions.actions import BY_ID
from tpwng_studio.actions.key_guard import KeyGuard
from tpwng_studio.garbage import Garbage
from tpwng_studio.icons import app_icon
from tpwng_studio.jobs.job_follower import JobFollower
from tpwng_studio.jobs.jobs import Jobs
from tpwng_studio.jobs.retraining import Retraining
from tpwng_studio.jobs.window_words import in_window_words
from tpwng_studio.live.attention import Attention
from tpwng_studio.live.heat import HeatMaps
from tpwng_studio.live.rescoring import QueryRescoring
from tpwng_studio.playing.playback import Playback
from tpwng_studio.playing.thumbnails import Thumbnails
from tpwng_studio.settings import Settings
from tpwng_studio.shell.available import EDITING, title_of, video_meant, what_is_there
from tpwng_studio.shell.bindings import handlers_of
from tpwng_studio.shell.device_meter import DeviceMeter
from tpwng_studio.shell.dialog_opener import DialogOpener
from tpwng_studio.shell.focus_home import FocusHome
from tpwng_studio.shell.layouts import LAYOUTS, Layouts, focus_next
from tpwng_studio.shell.leaving import Leaving
from tpwng_studio.shell.live_desk import LiveDesk
from tpwng_studio.shell.panels import Panels
from tpwng_studio.shell.project_opener import ProjectOpener
from tpwng_studio.shell.stage import BottomBar, Stage
from tpwng_studio.shell.top_bar import TopBar
from tpwng_studio.state.session import Session
from tpwng_studio.views.jobs import JobsView
from tpwng_studio.views.player import PlayerView
from tpwng_studio.views.timeline import TimelineView
from tpwng_studio.widgets.drop_zone import dropped_paths

_DEFAULT_SIZE = (1280, 800)


class MainWindow(QMainWindow):
    """One window, one session, at most one project."""

    def __init__(self, settings: Settings) -> None:
        super().__init__()
        self.setObjectName("main_window")
        self.setWindowIcon(app_icon())
        self.setAcceptDrops(True)
        self.settings = settings
        self.session = Session(self, author=settings.author)
        self.jobs = Jobs(self)
        self.follower = JobFollower(self.session, self.jobs, self)
        self.retraining = Retraining(self.session, self.jobs, self)
        self._query_rescoring = QueryRescoring(self.session, self.jobs, self)
        self.playback = Playback(
            self.session, cache_bytes=settings.frame_cache_mb << 20, parent=self
        )
        self.heat = HeatMaps(self.session, self.jobs, self)
        self.attention = Attention(self.session, self.jobs, self)
        self.thumbnails = Thumbnails(self)
        self.meter = DeviceMeter(parent=self)
        self.dialogs = DialogOpener(self)
        self.leaving = Leaving(self)
        self.projects = ProjectOpener(
            self.session, self.dialogs, self._show_message, self.leaving.when_kept
        )
        self._is_over = False
        self._guard = KeyGuard(_application(), self)
        self._make_views()
        self.actions_by_id = ActionSet(self, handlers_of(self), settings.keys, self._show_message)
        self._make_bars()
        self._connect()
        self._restore()
        self._show_project()
        self._garbage = Garbage(self)

    # Making

    def _make_views(self) -> None:
        session = self.session
        self.player = PlayerView(session, self.playback, self.heat)
        self.timeline = TimelineView(session, self.thumbnails, self.attention)
        self.focus_home = FocusHome(_application(), self.timeline, self)
        self.live = LiveDesk(self)
        self.panels = Panels(self)
        self.stage = Stage(self.player, self.timeline, self.player.canvas)
        self.setCentralWidget(self.stage)
        strip = JobsView(self.jobs)
        self.setStatusBar(BottomBar(strip))
        for part in (self.player, strip):  # panels are calmed as they are made
            self.focus_home.calm(part)
        self.layouts = Layouts(self, self.panels.make, self.settings)

    def _make_bars(self) -> None:
        menus = self.actions_by_id.fill(self.menuBar())
        self._recent = QMenu("Open recent", self)
        self._recent.aboutToShow.connect(self._list_recent)
        menus["File"].insertMenu(self.actions_by_id["file.demo"], self._recent)
        panels = menus["View"].addMenu("Panels")
        for dock in self.layouts.docks.values():
            panels.addAction(dock.toggleViewAction())
        self.top_bar = TopBar(self.actions_by_id, self.session, self.meter)
        self.addToolBar(self.top_bar)

    def _connect(self) -> None:
        session, welcome = self.session, self.stage.welcome
        session.message.connect(self._show_message)
        session.video_changed.connect(self._forget_messages)
        session.project_leaving.connect(self.stage.messages.clear)
        session.project_changed.connect(self._show_project)
        session.recovery_changed.connect(self._show_available)
        for signal in (session.undo_changed, session.selection_changed, session.saved):
            signal.connect(self._show_available)
        session.labels_changed.connect(self._show_title)
        welcome.folder_asked.connect(self.dialogs.choose_videos)
        welcome.project_asked.connect(self.dialogs.open_project)
        welcome.demo_asked.connect(self.projects.open_demo)
        welcome.recent_asked.connect(self.projects.open)
        self.player.fullscreen_wanted.connect(self.toggle_fullscreen)
        self.settings.changed.connect(self._apply_setting)
        self.jobs.job_changed.connect(self.leaving.close_when_idle)
        self.live.watch.changed.connect(self.leaving.close_when_idle)
        self._guard.left.connect(self._say_why_off)
        QGuiApplication.styleHints().colorSchemeChanged.connect(self._follow_system)

    def _restore(self) -> None:
        for name in ("autosave_s", "device"):
            self._apply_setting(name)
        self.resize(*_DEFAULT_SIZE)
        self.restoreGeometry(self.settings.state("window"))
        self.stage.restore_state(self.settings.state("stage"))
        self.player.set_veil(self.settings.veil)
        for row in self.settings.hidden_rows:
            self.timeline.set_row_visible(row, False)
        self.meter.start()

    # Projects

    def _show_project(self) -> None:
        """Another project, or none."""
        project = self.session.project
        if project is None:
            self.layouts.hide()
            self.stage.welcome.show_recent(self.settings.recent)
            self.stage.show_editor(False)
        else:
            self.settings.add_recent(project.folder)
            self.actions_by_id.set_category_names(list(self.session.categories))
            is_new = not self.layouts.is_shown  # else the same one was read again
            self.layouts.show()
            self.stage.show_editor(True)
            if is_new:
                self.timeline.setFocus()  # keys mean the video; a list would keep many of them
        writable = project is not None and not project.is_read_only
        self.jobs.open(project.jobs_dir if project is not None and writable else None)
        self._show_layout()
        self._show_available()
        if self.session.recovery is not None:
            self.dialogs.recovery()

    def _list_recent(self) -> None:
        self._recent.clear()
        for path in self.settings.recent:
            self._recent.addAction(str(path), partial(self.projects.open, path))
        self._recent.addSeparator()
        self._recent.addAction("Forget these", self.settings.forget_recent)

    # What the actions call

    def choose_layout(self, name: str) -> None:
        """Review, Tune, Train or Live."""
        self.layouts.choose(name)
        self._show_layout()

    def propose_training(self, softness: float) -> None:
        """Somebody wants a model that makes use of another R."""
        self.panels.training.propose_softness(softness)
        self.choose_layout("train")

    def teach(self) -> None:
        """A round of corrections: what it would learn from, or what the last one changed."""
        self.layouts.bring_up("retrain")
        self.panels.retrain.focus_start()

    def find_video(self) -> None:
        """Type a part of a video's name."""
        self.layouts.bring_up("library")
        self.panels.library.focus_filter()

    def find_moment(self) -> None:
        """Type what is looked for in all videos."""
        self.layouts.bring_up("search")
        self.panels.search.focus_field()

    def focus_panel(self, step: int) -> None:
        """Move the focus to the next (1) or previous (-1) panel on screen."""
        focus_next([self.timeline, *self.layouts.shown_panels()], step)

    def toggle_theme(self) -> None:
        """Light becomes dark and dark light, from now on."""
        self.settings.scheme = "light" if theme.current().is_dark else "dark"

    def toggle_fullscreen(self) -> None:
        """Full screen or not."""
        self.setWindowState(self.windowState() ^ Qt.WindowState.WindowFullScreen)
        self.actions_by_id["view.fullscreen"].setChecked(self.isFullScreen())

    # What is shown

    def _show_available(self) -> None:
        session = self.session
        there = what_is_there(session)
        self.actions_by_id.set_available(there)
        for name, text in (("edit.undo", session.undo_text), ("edit.redo", session.redo_text)):
            action = self.actions_by_id[name]
            action.setEnabled(bool(text))
            action.setText(f"{BY_ID[name].text} {text}".strip())
        self._show_title()

    def _show_title(self) -> None:
        session = self.session
        self.setWindowTitle(title_of(session))
        is_kept = session.is_read_only or (session.are_sliders_kept and not session.num_unsaved)
        self.setWindowModified(not is_kept)

    def _show_layout(self) -> None:
        for name in LAYOUTS:
            action = self.actions_by_id[f"layout.{name}"]
            action.setChecked(self.layouts.is_shown and self.layouts.name == name)

    def _show_message(self, level: str, text: str) -> None:
        if level == "info":
            self.stage.toast.say(text)
        else:
            words = in_window_words(text)
            self.stage.messages.show_message(level, words, video_meant(self.session, text))

    def _say_why_off(self, key: QKeySequence) -> None:
        """A key that edits does nothing where nothing can be edited, but not without a word."""
        is_ours = self.isActiveWindow() and self.session.project is not None
        if is_ours and self.actions_by_id.is_off(key, EDITING):
            self.session.check_editable()

    def _forget_messages(self) -> None:
        """An error about a video goes when another one is opened."""
        video = self.session.video
        self.stage.messages.keep_about("" if video is None else video.id)

    def _apply_setting(self, name: str) -> None:
        settings = self.settings
        if name == "scheme":
            self._follow_system()
        elif name == "keys":
            self.actions_by_id.set_keys(settings.keys)
            self.top_bar.refresh()
        elif name == "author":
            self.session.set_author(settings.author)
        elif name == "autosave_s":
            self.session.set_autosave(settings.autosave_s)
        elif name == "device":
            self.jobs.device = settings.device

    def _follow_system(self) -> None:
        before = theme.current()
        if theme.apply(_application(), self.settings.scheme) is not before:
            self.actions_by_id.refresh_icons()

    # Qt speaks

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:  # noqa: N802 - Qt's name
        """A project, a folder or videos may be dropped anywhere."""
        if dropped_paths(event.mimeData()):
            event.acceptProposedAction()
            self.stage.welcome.zone.set_hot(True)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:  # noqa: N802 - Qt's name
        """It went away."""
        self.stage.welcome.zone.set_hot(False)

    def dropEvent(self, event: QDropEvent) -> None:  # noqa: N802 - Qt's name
        """It was dropped."""
        self.stage.welcome.zone.set_hot(False)
        paths = dropped_paths(event.mimeData())
        if paths:
            event.acceptProposedAction()
            self.projects.take(paths)

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802 - Qt's name
        """Ask where something would go; else end threads, save, let go, the base class last."""
        if not self.leaving.may_close():
            event.ignore()
            return
        if not self._is_over:
            self._is_over = True
            self._remember()
            self._shut_down()
        super().closeEvent(event)

    def _remember(self) -> None:
        settings = self.settings
        self.layouts.remember()
        settings.set_state("window", self.saveGeometry())
        settings.set_state("stage", self.stage.save_state())
        settings.veil = self.player.canvas.veil
        settings.hidden_rows = self.timeline.hidden_rows
        settings.sync()

    def _shut_down(self) -> None:
        """Threads and processes end, labels are saved, floating panels go with the window."""
        self.layouts.hide()
        self.meter.stop()
        for part in (self.playback, self.thumbnails, self.jobs, self.live.watch, self.session):
            part.shutdown()
        self.focus_home.stop()
        self._guard.stop()
        self._garbage.stop()


def _application() -> QApplication:
    """The one application; a window cannot be without it."""
    app = QApplication.instance()
    if not isinstance(app, QApplication):
        raise RuntimeError("a window needs a QApplication")
    return app
