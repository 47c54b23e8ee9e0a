"""Find moved videos: where a folder lies now, asked once for all videos in it.

In: the project's videos that are not where they were. Out: ``session.relink``. Opened by the
window.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from tpwng_core.errors import TpwngError
from tpwng_studio.counting import count
from tpwng_studio.state.session import Session

_FOLDER = Qt.ItemDataRole.UserRole


class RelinkDialog(QDialog):
    """Folders whose videos are gone; choosing a new place for one finds all of its videos."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("relink")
        self.setWindowTitle("Find moved videos")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._session = session
        self.head = QLabel(wordWrap=True)
        self.list = QListWidget()
        self.list.setAccessibleName("Folders whose videos are gone")
        self.list.itemDoubleClicked.connect(self._ask)
        self.choose = QPushButton("Where are they now…")
        self.choose.clicked.connect(self._ask)
        self.answer = QLabel(wordWrap=True)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        for widget in (self.head, self.list, self.choose, self.answer):
            layout.addWidget(widget, int(widget is self.list))
        layout.addStretch()
        layout.addWidget(buttons)
        self._show_missing()
        # A list needs room; that nothing is missing is one line.
        self.resize(620, 300 if self.list.count() else self.sizeHint().height())

    def relink(self, old: Path, new: Path) -> None:
        """The videos gone from ``old`` lie below ``new`` now; says how many were found there."""
        try:
            found = self._session.relink(old, new)
        except TpwngError as error:
            self.answer.setText(str(error))
            return
        lost = missing_folders(self._session).total()
        is_are = "is" if lost == 1 else "are"
        self.answer.setText(
            f"{count(found, 'video')} found in {new}; {lost} of the project {is_are} still gone."
        )
        self._show_missing()

    def _show_missing(self) -> None:
        folders = missing_folders(self._session)
        self.list.clear()
        for folder, number in folders.items():
            item = QListWidgetItem(f"{folder}   ({count(number, 'video')})", self.list)
            item.setData(_FOLDER, folder)
        if folders:
            self.head.setText(
                "Videos are gone from these folders. Choose one, and say where its videos are now:"
                " they are known by their names, else by their content."
            )
            self.list.setCurrentRow(0)
        else:
            self.head.setText("All videos of the project are where they should be.")
        self.list.setVisible(bool(folders))
        self.choose.setVisible(bool(folders))

    def _ask(self) -> None:
        item = self.list.currentItem()
        if item is None:
            return
        old: Path = item.data(_FOLDER)
        dialog = QFileDialog(self, f"Where are the videos of {old.name} now?", str(_nearest(old)))
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(lambda chosen: self.relink(old, Path(chosen)))
        dialog.open()


def missing_folders(session: Session) -> Counter[Path]:
    """Number of videos that are gone, by the folder they were in."""
    return Counter(item.path.parent for item in session.videos if not item.path.is_file())


def _nearest(folder: Path) -> Path:
    """The nearest folder above that is still there."""
    return next((path for path in folder.parents if path.is_dir()), Path.home())
