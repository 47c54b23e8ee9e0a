"""A line for a path and a button that asks for one.

A hint and what kind of path in; the path as typed or chosen out. Used by dialogs and panels.
"""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLineEdit, QToolButton, QWidget

from tpwng_studio.icons import icon


class PathField(QWidget):
    """A line and a button.

    Args:
        hint: shown while the line is empty.
        is_folder: a folder is asked for, else a file.
        is_new: the file need not be there.
    """

    def __init__(self, hint: str, *, is_folder: bool, is_new: bool = False) -> None:
        super().__init__()
        self._is_folder = is_folder
        self._is_new = is_new
        self.line = QLineEdit(placeholderText=hint)
        self.button = QToolButton()
        self.button.setToolTip("Choose")
        self.button.setAccessibleName("Choose a folder" if is_folder else "Choose a file")
        self.button.clicked.connect(self._ask)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.line, 1)
        layout.addWidget(self.button)
        self._dress()

    @property
    def path(self) -> Path:
        """What the line says, absolute."""
        return Path(self.line.text()).expanduser().absolute()

    @property
    def is_wrong(self) -> bool:
        """Whether it names something that is not there."""
        return bool(self.line.text()) and not self.path.exists()

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's name
        """Draw the icon in the colours of another theme."""
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "button"):
            self._dress()
        super().changeEvent(event)

    def _dress(self) -> None:
        self.button.setIcon(icon("folder"))

    def _ask(self) -> None:
        dialog = QFileDialog(self, "Choose", self._start())
        mode = QFileDialog.FileMode
        if self._is_folder:
            dialog.setFileMode(mode.Directory)
        else:
            dialog.setFileMode(mode.AnyFile if self._is_new else mode.ExistingFile)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(self.line.setText)
        dialog.open()

    def _start(self) -> str:
        """Where to look first: what is named, else the nearest folder of it that is there."""
        if not self.line.text():
            return str(Path.home())
        path = self.path
        there = next((one for one in (path, *path.parents) if one.exists()), Path.home())
        return str(there)
