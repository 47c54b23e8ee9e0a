"""The search panel: words in, moments of the whole project out, best first.

Shows what :class:`tpwng_studio.live.search.Search` found and sends a person there; keeps no
state of its own but the words in the field. Placed by the main window.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent, QStandardItemModel
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from tpwng_studio import theme
from tpwng_studio.live.search import Search
from tpwng_studio.state.session import Session
from tpwng_studio.views.search.results import ResultsTree
from tpwng_studio.views.search.saved import SavedButton

_HINT = "a person climbs a fence"
_IDLE = (
    "Type what you look for and press Enter.\n\nAny words will do: “flames and black smoke”, "
    "“two people fighting”. Every video of the project is searched."
)
_NO_FEATURES = (
    "Nothing to search in yet.\n\nExtract the features first (Run › Extract, train and score): "
    "words are compared with features, not with videos."
)
_ASKING = "Searching…\n\nThe first search loads the text model, which takes some seconds."
_PLAIN, _LEARNED = 0, 1
# Measured by scripts/measure_search.py: average precision over captions of rendered events.
_WAYS_TIP = (
    "Plain CLIP: words as it knows them, without training. It found events better where that was"
    " measured, on rendered videos (average precision .39 against .19).\n"
    "Learned prompts: words go through the context and projection that training learned, as the"
    " categories do."
)
_NO_MODEL_TIP = "Learned prompts need a trained checkpoint; this project has none"


class WordField(QLineEdit):
    """A line for words.

    Signals:
        left_below: the arrow down was pressed.
    """

    left_below = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Down leads to the results."""
        if event.key() == Qt.Key.Key_Down:
            self.left_below.emit()
        else:
            super().keyPressEvent(event)


class SearchView(QWidget):
    """Field, way of reading the words, results.

    Args:
        session: whose project is searched.
        search: asks and keeps the answer.
    """

    def __init__(self, session: Session, search: Search, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("search")
        self._session = session
        self._search = search
        self._shown: object = None
        self.field = WordField()
        self.field.setPlaceholderText(_HINT)
        self.field.setAccessibleName("Words to look for")
        self.field.setClearButtonEnabled(True)
        self.way = QComboBox()
        self.way.setAccessibleName("How the words are read")
        self.way.addItem("plain CLIP", False)
        self.way.addItem("learned prompts", True)
        self.saved = SavedButton(session, self.field.text)
        self.unknown, self.summary, self.note = QLabel(), QLabel(), QLabel()
        self.tree = ResultsTree()
        self._place()
        self._connect()
        self._on_project()

    def _place(self) -> None:
        row = QHBoxLayout()
        self.way.setMinimumContentsLength(8)
        row.addWidget(self.way, 1)
        row.addWidget(self.saved)
        for label in (self.unknown, self.summary, self.note):
            label.setWordWrap(True)
        self.unknown.setAccessibleName("Words the CLIP never saw")
        self.summary.setForegroundRole(self.palette().ColorRole.PlaceholderText)
        self.note.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.note.setMargin(12)
        head = QVBoxLayout()
        head.setContentsMargins(8, 6, 8, 0)
        head.addWidget(self.field)
        head.addLayout(row)
        head.addWidget(self.unknown)
        head.addWidget(self.summary)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(head)
        column.addWidget(self.tree, 1)
        column.addWidget(self.note, 1)

    def _connect(self) -> None:
        session, search = self._session, self._search
        self.field.returnPressed.connect(self.ask)
        self.field.textChanged.connect(self._on_text)
        self.field.textEdited.connect(search.prepare)
        self.field.left_below.connect(self._enter_results)
        self.way.activated.connect(self.ask)
        self.saved.asked.connect(self.look_for)
        self.tree.wanted.connect(search.go_to)
        search.changed.connect(self.refresh)
        session.project_changed.connect(self._on_project)
        session.videos_changed.connect(self.refresh)

    # What a person wants

    def ask(self) -> None:
        """Look for the words in the field."""
        self._search.ask(self.field.text(), is_learned=bool(self.way.currentData()))

    def look_for(self, words: str) -> None:
        """Put words into the field and look for them."""
        self.field.setText(words)
        self.ask()

    def focus_field(self) -> None:
        """Be ready for words."""
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.field.selectAll()
        self._search.prepare()

    def copy_command(self) -> None:
        """Put the line that finds the same on the clipboard."""
        command = self._search.command()
        if command:
            QGuiApplication.clipboard().setText(command + "\n")
            self._session.message.emit("info", "Copied the command that finds the same")
        else:
            self._session.message.emit("info", "Search for something first")

    # What is shown

    def refresh(self) -> None:
        """Show what was found, or why nothing is shown."""
        search = self._search
        if self._shown is not search.answer:
            self._shown = search.answer
            query = self._session.query
            extent = (0.0, 1.0) if query is None else query.extent
            with QSignalBlocker(self.tree):
                self.tree.results.show(search.answer.found, extent)
        has_results = bool(search.answer.found) and search.state != "failed"
        self.tree.setVisible(has_results)
        self.note.setVisible(not has_results)
        self.note.setText(self._words())
        self.summary.setText(self._summary())
        self.summary.setVisible(bool(self.summary.text()))
        self._show_unknown()
        self.field.setEnabled(search.has_features)

    def _words(self) -> str:
        search = self._search
        if not search.has_features:
            return _NO_FEATURES
        if search.state == "failed":
            return f"Not searched.\n\n{search.error}"
        if search.state == "asking":
            return _ASKING
        return "Nothing found." if search.state == "found" else _IDLE

    def _summary(self) -> str:
        search, answer = self._search, self._search.answer
        if search.state == "asking" and answer.found:
            return "searching…"
        if search.state != "found":
            return ""
        num = len(answer.found)
        videos = f"{answer.num_videos:,} video{'' if answer.num_videos == 1 else 's'}"
        found = f"{num} moment{'' if num == 1 else 's'} of {videos}"
        return f"{found} · {answer.took_s:.2f} s"

    def _show_unknown(self) -> None:
        words = self._search.answer.unknown_words if self._search.state == "found" else ()
        self.unknown.setText(f"⚠ The loaded CLIP never saw: {', '.join(words)}" if words else "")
        self.unknown.setToolTip("It cannot know what these words look like: do not trust the rank")
        self.unknown.setVisible(bool(words))
        palette = self.unknown.palette()
        palette.setColor(self.unknown.foregroundRole(), theme.current().warning)
        self.unknown.setPalette(palette)

    # What happens

    def _on_project(self) -> None:
        """Learned prompts can be chosen where there are any."""
        can_learn = self._search.can_learn
        model = self.way.model()
        assert isinstance(model, QStandardItemModel)
        model.item(_LEARNED).setEnabled(can_learn)
        self.way.setToolTip(_WAYS_TIP if can_learn else _NO_MODEL_TIP)
        if not self._search.text:
            self.way.setCurrentIndex(_PLAIN)
            self.field.clear()
        elif not can_learn:
            self.way.setCurrentIndex(_PLAIN)
        self.refresh()

    def _on_text(self, text: str) -> None:
        if not text and self._search.text:
            self._search.clear()

    def _enter_results(self) -> None:
        if self.tree.isVisible():
            self.tree.choose_first()

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's name
        """Colours changed."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "unknown"):
            self._show_unknown()
