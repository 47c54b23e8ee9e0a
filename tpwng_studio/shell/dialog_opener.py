"""Opens the dialogs of one window and gives them what they need; nothing here is modal.

Called by the actions. Dialogs delete themselves when they close; each is imported when it is first
opened, for the window's start does not wait for what few will open.
"""

from __future__ import annotations

import platform
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QStandardPaths, Qt, qVersion
from PySide6.QtWidgets import QDialog, QFileDialog, QMessageBox

import tpwng_core

if TYPE_CHECKING:
    from tpwng_studio.dialogs.dataset import DatasetDialog
    from tpwng_studio.exchange.figure import Shown
    from tpwng_studio.shell.main_window import MainWindow

_ABOUT = """<h3>TPWNG Studio {version}</h3>
<p>Find rare events in video: text prompts with normality guidance (TPWNG, CVPR 2024).</p>
<p>Python {python}, Qt {qt}. MIT licence.</p>"""


class DialogOpener:
    """One per window."""

    def __init__(self, window: MainWindow) -> None:
        self._window = window
        self._session = window.session

    def palette(self) -> None:
        """Find a command or a video."""
        from tpwng_studio.dialogs.palette import Palette, entries_of

        window = self._window
        videos = [item.id for item in self._session.videos]
        entries = entries_of(window.actions_by_id, videos, self._session.open_video)
        Palette(entries, window).show_over(window)

    def help(self) -> None:
        """Keys at a glance."""
        from tpwng_studio.dialogs.help import HelpOverlay

        HelpOverlay(self._window.actions_by_id.keys, self._window).show_over()

    def keys(self) -> None:
        """Change keys."""
        from tpwng_studio.dialogs.keys import KeysDialog

        KeysDialog(self._window.settings, self._window).open()

    def settings(self) -> None:
        """Settings."""
        from tpwng_studio.dialogs.settings import SettingsDialog

        dialog = SettingsDialog(self._window.settings, self._window)
        dialog.keys_asked.connect(self.keys)
        dialog.open()

    def goto(self) -> None:
        """Go to a frame or a time."""
        from tpwng_studio.dialogs.goto import GoToDialog

        GoToDialog(self._session, self._window).open()

    def relink(self) -> None:
        """Find moved videos."""
        from tpwng_studio.dialogs.relink import RelinkDialog

        RelinkDialog(self._session, self._window).open()

    def recovery(self) -> None:
        """What a crash left unsaved, if it left something."""
        from tpwng_studio.dialogs.recovery import RecoveryDialog

        if (recovery := self._session.recovery) is not None:
            RecoveryDialog(self._session, recovery, self._window).open()

    def new_project(self, videos: Path | None = None) -> None:
        """Make a project of a folder of videos."""
        from tpwng_studio.dialogs.new_project import NewProjectDialog

        dialog = NewProjectDialog(videos, data_dir(), self._window)
        dialog.created.connect(self._window.projects.create)
        dialog.open()

    def choose_videos(self) -> None:
        """Choose the folder of a new project."""
        self._ask_folder("Folder of videos", self.new_project)

    def add_videos(self) -> None:
        """Choose a folder whose videos come into the project."""
        self._ask_folder("Folder of videos", lambda path: self._window.projects.add([path]))

    def open_project(self) -> None:
        """Choose a project."""
        self._ask_folder("Project folder", self._window.projects.open)

    def export(self) -> None:
        """Export labels and scores."""
        from tpwng_studio.dialogs.export import ExportDialog

        ExportDialog(self._session, self._shown, self._window).open()

    def import_labels(self) -> None:
        """Choose files with labels, then look at what they say."""
        dialog = QFileDialog(self._window, "Files with labels", str(self._folder()))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
        dialog.filesSelected.connect(lambda names: self._show_import([Path(n) for n in names]))
        _open(dialog)

    def closing(self, titles: Sequence[str]) -> None:
        """Ask what shall become of running jobs."""
        from tpwng_studio.dialogs.closing import ClosingDialog

        window = self._window
        dialog = ClosingDialog(titles, window)
        dialog.stop_asked.connect(lambda: window.leaving.close_after_jobs(window.jobs.stop))
        dialog.cancel_asked.connect(lambda: window.leaving.close_after_jobs(window.jobs.cancel))
        dialog.open()

    def unkept(self, leave: Callable[[], object]) -> None:
        """Ask what shall become of sliders that cannot be written, before ``leave`` loses them."""
        from tpwng_studio.dialogs.unkept import UnkeptDialog

        window, project = self._window, self._session.project
        assert project is not None, "without a project there are no sliders to keep"
        dialog = UnkeptDialog(project.folder, window)
        dialog.again_asked.connect(lambda: window.leaving.when_kept(leave))
        dialog.loss_asked.connect(leave)
        dialog.open()

    def dataset(self) -> None:
        """Videos, categories and split."""
        self._dataset().open()

    def split(self) -> None:
        """The same, where the videos are dealt out."""
        dialog = self._dataset()
        dialog.open()
        dialog.go_to_split()

    def about(self) -> None:
        """Versions and licence."""
        text = _ABOUT.format(
            version=tpwng_core.__version__, python=platform.python_version(), qt=qVersion()
        )
        box = QMessageBox(self._window)
        box.setWindowTitle("About TPWNG Studio")
        box.setIconPixmap(self._window.windowIcon().pixmap(64, 64))
        box.setText(text)
        _open(box)

    def _dataset(self) -> DatasetDialog:
        from tpwng_studio.dialogs.dataset import DatasetDialog

        window = self._window
        return DatasetDialog(self._session, window.jobs, window.panels.training_wish, window)

    def _shown(self) -> Shown:
        """What of the open video the timeline shows."""
        from tpwng_studio.exchange.figure import Shown

        timeline = self._window.timeline
        hidden = frozenset({*timeline.hidden_rows, *timeline.absent_rows})
        return Shown(frames=timeline.viewport.frames, hidden=hidden)

    def _show_import(self, paths: list[Path]) -> None:
        from tpwng_studio.dialogs.import_labels import ImportDialog

        ImportDialog(self._session, paths, self._window).open()

    def _ask_folder(self, title: str, then: Callable[[Path], object]) -> None:
        dialog = QFileDialog(self._window, title, str(self._folder()))
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.fileSelected.connect(lambda name: then(Path(name)))
        _open(dialog)

    def _folder(self) -> Path:
        """Where a question for a file begins: beside the project, else at home."""
        project = self._session.project
        return project.folder if project is not None else Path.home()


def data_dir() -> Path:
    """The user's folder for projects that have no better place, and for the log."""
    location = QStandardPaths.StandardLocation.AppDataLocation
    return Path(QStandardPaths.writableLocation(location))


def _open(dialog: QDialog) -> None:
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.open()
