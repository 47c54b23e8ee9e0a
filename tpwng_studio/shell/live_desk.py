"""The watch of the window and its panel, wired to the rest: layout, project, toasts, closing.

A window whose other parts are made in; the watch, its panel, and what is said of it elsewhere out.
Made by the main window, which asks it before it closes.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from tpwng_studio.live.watch import Watch
from tpwng_studio.live.watch_records import SeenAlarm
from tpwng_studio.live.watch_words import place_words, source_words
from tpwng_studio.shell.layouts import TITLES

if TYPE_CHECKING:
    from tpwng_studio.shell.main_window import MainWindow

LAYOUT = "live"


class LiveDesk(QObject):
    """One per window.

    Attributes:
        watch: the watch.
    """

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._session = window.session
        self.watch = Watch(parent=self)
        self._folder: Path | None = None
        self.watch.changed.connect(self._show_state)
        self.watch.alarm_began.connect(self._tell_alarm)
        window.session.project_changed.connect(self._on_project)
        window.settings.changed.connect(self._on_setting)
        self._on_setting("device")

    @property
    def titles(self) -> list[str]:
        """What runs, for the question before the window closes."""
        return [f"Watch {source_words(self.watch)}"] if self.watch.is_running else []

    def show(self) -> None:
        """Bring the panel up, ready for a source."""
        self._window.choose_layout(LAYOUT)
        self._window.layouts.bring_up(LAYOUT)
        self._window.panels.live.set_up()

    def _show_state(self) -> None:
        """The tab tells an alarm where another panel lies in front."""
        title = TITLES[LAYOUT]
        if self.watch.open_alarm is not None:
            title = f"{title}: ALARM"
        elif self.watch.state in ("lost", "failed"):
            title = f"{title}: {self.watch.state}"
        elif self.watch.is_running:
            title = f"{title}: on"
        dock = self._window.layouts.docks[LAYOUT]
        if dock.windowTitle() != title:
            dock.setWindowTitle(title)
            if self.watch.state == "failed":
                self._session.message.emit("warning", f"The watch failed: {self.watch.reason}")

    def _tell_alarm(self, alarm: SeenAlarm) -> None:
        began = place_words(alarm.start_ms, is_clock=self.watch.is_clock)
        words = f"Alarm at {began}: {source_words(self.watch)}"
        self._session.message.emit("info", words)

    def _on_setting(self, name: str) -> None:
        if name == "device":
            self.watch.device = self._window.settings.device

    def propose_training(self) -> None:
        """A model that looks back only is wanted."""
        self._window.panels.training.form.look_back.setChecked(True)
        self._window.choose_layout("train")

    def _on_project(self) -> None:
        """Nothing goes on that cannot be seen: with its project a watch ends, and that is said."""
        project = self._session.project
        folder = None if project is None else project.folder
        if folder != self._folder and self.watch.is_running:
            words = f"The watch of {source_words(self.watch)} ended with its project"
            self._session.message.emit("warning", words)
            self.watch.stop()
        self._folder = folder
