"""The button of saved queries: keep the words, look for them again, make them a category.

The session and the search in; a menu that is built when it opens. Used by the search panel.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QInputDialog, QMenu, QToolButton, QWidget

from tpwng_core.errors import ConfigError
from tpwng_studio.project.saved_queries import SavedQuery
from tpwng_studio.state.session import Session


class SavedButton(QToolButton):
    """Saved queries of the project.

    Signals:
        asked: words to look for.

    Args:
        session: keeps them.
        words: says what stands in the field.
    """

    asked = Signal(str)

    def __init__(
        self, session: Session, words: Callable[[], str], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._words = words
        self.setText("Saved")
        self.setAccessibleName("Saved queries")
        self.setToolTip("Keep these words in the project, as a category of their own")
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(self)
        menu.aboutToShow.connect(self.fill)
        self.setMenu(menu)

    def fill(self) -> None:
        """Build the menu anew."""
        menu, session = self.menu(), self._session
        menu.clear()
        words = " ".join(self._words().split())
        is_writable = not session.is_read_only
        save = menu.addAction(f"Save “{words}”" if words else "Save the query")
        save.setEnabled(bool(words) and is_writable)
        save.triggered.connect(partial(self._try, self._save, words))
        menu.addSeparator()
        if not session.queries:
            menu.addAction("No saved queries yet").setEnabled(False)
        for query in session.queries.values():
            self._add(menu.addMenu(query.name), query, is_writable)

    def _add(self, menu: QMenu, query: SavedQuery, is_writable: bool) -> None:
        session = self._session
        menu.addAction("Look for it", partial(self.asked.emit, query.words))
        use = menu.addAction("Make it the video's category")
        use.setEnabled(is_writable and session.video is not None)
        use.triggered.connect(partial(session.set_video_category, query.id))
        menu.addSeparator()
        rename = menu.addAction("Rename…", partial(self._rename, query))
        delete = menu.addAction("Delete", partial(self._try, session.delete_query, query.id))
        for action in (rename, delete):
            action.setEnabled(is_writable)

    def _save(self, words: str) -> None:
        query = self._session.save_query(words)
        text = f"Saved: “{query.words}” can be chosen as a video's category"
        self._session.message.emit("info", text)

    def _rename(self, query: SavedQuery) -> None:
        dialog = QInputDialog(self)
        dialog.setWindowTitle("Rename the saved query")
        dialog.setLabelText(f"Name for “{query.words}”\n(labels and exports keep {query.id})")
        dialog.setTextValue(query.name)
        rename = partial(self._session.rename_query, query.id)
        dialog.textValueSelected.connect(lambda name: self._try(rename, name))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _try(self, act: Callable[[str], object], word: str) -> None:
        try:
            act(word)
        except ConfigError as error:
            self._session.message.emit("warning", str(error))
