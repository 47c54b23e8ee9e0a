"""The export dialog: one page for data in any format of the core, one for the figure.

Opened by the main window, never modal. The pages do the work; closing stops what still runs.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QCloseEvent, QKeyEvent
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QTabWidget, QVBoxLayout, QWidget

from tpwng_studio.dialogs.export.data_page import DataPage
from tpwng_studio.dialogs.export.figure_page import FigurePage
from tpwng_studio.exchange.figure import Shown
from tpwng_studio.state.session import Session


class ExportDialog(QDialog):
    """Everything that leaves the studio.

    Args:
        session: what is open; labels are saved before anything is read.
        shown: tells what of the open video is on screen.
    """

    def __init__(
        self,
        session: Session,
        shown: Callable[[], Shown] | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("export")
        self.setWindowTitle("Export")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.data_page = DataPage(session)
        self.figure_page = FigurePage(session, shown)
        self.tabs = QTabWidget()
        self.tabs.setAccessibleName("What to export")
        self.tabs.addTab(self.data_page, "Labels and curves")
        self.tabs.addTab(self.figure_page, "Figure")
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.close)
        column = QVBoxLayout(self)
        column.addWidget(self.tabs, 1)
        column.addWidget(buttons)
        self.resize(920, 620)
        self.data_page.choices.formats.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Escape closes; Return never closes by surprise."""
        if event.key() == Qt.Key.Key_Escape:
            self.close()

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802 - Qt's name
        """Stop what still runs; what is written is whole or not there."""
        self.data_page.stop()
        self.figure_page.stop()
        super().closeEvent(event)
