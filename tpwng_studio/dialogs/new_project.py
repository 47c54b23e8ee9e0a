"""A new project: where the videos lie, where the project shall lie, and what is known already.

In: a folder of videos. Out: ``created`` with what :meth:`Project.create` needs. Opened by the
window when a folder is dropped or "New project" is chosen.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QLabel,
    QVBoxLayout,
    QWidget,
)

from tpwng_studio import theme
from tpwng_studio.widgets.drop_zone import is_project
from tpwng_studio.widgets.path_field import PathField

_LINKS = (
    ("manifest", "Manifest", "video,label[,split] as CSV; or say it later"),
    ("ground_truth", "Annotations", "events with their frames, to measure against"),
    ("checkpoint", "Trained model", "checkpoint.safetensors"),
)


@dataclass(frozen=True, kw_only=True)
class NewProject:
    """What the user asked for; the paths of ``links`` exist."""

    folder: Path
    videos: Path
    links: dict[str, Path]


class NewProjectDialog(QDialog):
    """Two folders, and three files that may be given.

    Signals:
        created: a :class:`NewProject`; nothing is written yet.
    """

    created = Signal(object)

    def __init__(self, videos: Path | None, data_dir: Path, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("new_project")
        self.setWindowTitle("New project")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumWidth(620)
        self._data_dir = data_dir
        self.videos = PathField("", is_folder=True)
        self.folder = PathField("", is_folder=True)
        self.links = {name: PathField(hint, is_folder=False) for name, _, hint in _LINKS}
        self.note = QLabel(wordWrap=True)
        buttons = QDialogButtonBox.StandardButton
        self.buttons = QDialogButtonBox(buttons.Ok | buttons.Cancel)
        self.buttons.button(buttons.Ok).setText("Create")
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        self._lay_out()
        for field in (self.videos, self.folder, *self.links.values()):
            field.line.textChanged.connect(self._check)
        self.videos.line.textChanged.connect(self._propose)
        self.videos.line.setText(str(videos or ""))
        self._check()

    def accept(self) -> None:
        """Say what is wanted and close."""
        links = {name: field.path for name, field in self.links.items() if field.line.text()}
        wanted = NewProject(folder=self.folder.path, videos=self.videos.path, links=links)
        super().accept()
        self.created.emit(wanted)

    def _lay_out(self) -> None:
        form = QFormLayout()
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        form.addRow("Videos", self.videos)
        form.addRow("Project folder", self.folder)
        head = QLabel("<b>Already there?</b> (all of it can be left out)")
        head.setContentsMargins(0, 12, 0, 4)
        form.addRow(head)
        for name, title, _ in _LINKS:
            form.addRow(title, self.links[name])
        layout = QVBoxLayout(self)
        layout.addLayout(form)
        layout.addWidget(self.note)
        layout.addStretch(1)
        layout.addWidget(self.buttons)

    def _propose(self, text: str) -> None:
        """A project beside the videos; in the user's data where one cannot write there."""
        if not text:
            return
        videos = Path(text).expanduser().absolute()
        beside = videos.parent if os.access(videos.parent, os.W_OK) else self._data_dir
        self.folder.line.setText(str(beside / f"{videos.name} project"))

    def _check(self) -> None:
        problem = self._problem()
        self.buttons.button(QDialogButtonBox.StandardButton.Ok).setEnabled(not problem)
        told = problem if self.videos.line.text() else ""
        self.note.setText(told or "Videos are never copied or changed.")
        colour = theme.current().warning if told else theme.current().muted
        self.note.setStyleSheet(f"color: {colour.name()};")

    def _problem(self) -> str:
        if not self.videos.path.is_dir() or not self.videos.line.text():
            return f"There is no folder {self.videos.line.text()}."
        if not self.folder.line.text():
            return "Say where the project shall lie."
        if is_project(self.folder.path):
            return "A project lies there already: open it, or choose another folder."
        gone = [field.line.text() for field in self.links.values() if field.is_wrong]
        return f"There is no file {gone[0]}." if gone else ""
