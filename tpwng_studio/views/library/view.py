"""The library panel: filter, list, footer, and what can be done with a video.

In: the session's videos. Out: its intents (open, category, reviewed). The window puts it into the
dock "Project".
"""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import (
    QEvent,
    QItemSelectionModel,
    QModelIndex,
    QPoint,
    Qt,
    QTimer,
    QUrl,
    Signal,
)
from PySide6.QtGui import QDesktopServices, QGuiApplication, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QLabel,
    QLineEdit,
    QMenu,
    QStackedWidget,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from tpwng_studio.state.session import Session, VideoItem
from tpwng_studio.views.library.delegate import LibraryDelegate
from tpwng_studio.views.library.model import ITEM_ROLE, Column, LibraryFilter, LibraryModel

# Holding an arrow key runs along the list; only where one rests is opened.
_REST_MS = 120
_STATE_PX, _GAP_PX = 26, 14
_MAX_NAME = 24  # digits; of longer names the middle is left out, however wide the panel


class LibraryView(QWidget):
    """The videos of the project.

    Signals:
        chosen: somebody opened a video by a click or Enter and is done with the list; whoever
            walks through it by arrow keys is not.
    """

    chosen = Signal()

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("library")
        # Wide enough for names of a benchmark.
        self.setMinimumWidth(self.fontMetrics().horizontalAdvance("0" * 20))
        self._session = session
        self._model = LibraryModel(self)
        self._shown = LibraryFilter(self)
        self._shown.setSourceModel(self._model)
        self._rest = QTimer(self, singleShot=True, interval=_REST_MS)
        self.filter = QLineEdit(placeholderText="Filter: name, category, state")
        self.filter.setToolTip("Words of the name or category; corrupt, missing, reviewed …")
        self.filter.setAccessibleName("Filter videos")
        self.filter.setClearButtonEnabled(True)
        self.table = _table(self._shown)
        self.empty = QLabel(alignment=Qt.AlignmentFlag.AlignCenter, wordWrap=True)
        self.empty.setForegroundRole(self.empty.palette().ColorRole.PlaceholderText)
        self.footer = QLabel(wordWrap=True)  # in the narrowest panel it needs two lines
        self.footer.setContentsMargins(6, 2, 6, 2)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.table)
        self._stack.addWidget(self.empty)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(4, 4, 4, 2)
        layout.setSpacing(4)
        layout.addWidget(self.filter)
        layout.addWidget(self._stack, 1)
        layout.addWidget(self.footer)
        self._connect()
        self._refresh()

    def _connect(self) -> None:
        self._session.videos_changed.connect(self._refresh)
        self._session.video_changed.connect(self._follow)
        self.filter.textChanged.connect(self._filter)
        self.filter.returnPressed.connect(self._open_first)
        self.table.selectionModel().currentRowChanged.connect(self._rest_there)
        self.table.activated.connect(self._choose)
        self.table.clicked.connect(self._choose)
        self.table.customContextMenuRequested.connect(self._show_menu)
        self._rest.timeout.connect(lambda: self._open(self.table.currentIndex()))

    def step(self, step: int) -> None:
        """Open the next (1) or previous (-1) video in the order and selection on screen."""
        rows = self._shown.rowCount()
        row = self._shown_index(self._opened).row()
        if rows:
            self._open(self._shown.index(min(max(row + step, 0), rows - 1), 0))

    def take_out(self, video: str = "") -> None:
        """Take a video out of the project; the open one goes on with its neighbour on screen.

        Args:
            video: id; "" for the row somebody runs by just now, else the open video.
        """
        if not video and self._rest.isActive():
            self._open(self.table.currentIndex())
        video = video or self._opened
        self._session.take_out(video, self._neighbour(video))

    def focus_filter(self) -> None:
        """Let the user type a name."""
        self.filter.setFocus()
        self.filter.selectAll()

    def menu_for(self, item: VideoItem) -> QMenu:
        """What can be done with ``item``; it is opened first, so that one sees what happens."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction("Open", lambda: self._session.open_video(item.id))
        menu.addSeparator()
        reviewed = menu.addAction("Reviewed", lambda: self._toggle_reviewed(item))
        reviewed.setCheckable(True)
        reviewed.setChecked(item.reviewed)
        categories = menu.addMenu("Category")
        for text, category in self._choices():
            action = categories.addAction(text, partial(self._give, item, category))
            action.setCheckable(True)
            action.setChecked(not item.is_assumed and item.category == (category or ""))
        menu.addSeparator()
        out = menu.addAction("Take out of the project", lambda: self.take_out(item.id))
        for changing in (reviewed, categories.menuAction(), out):
            changing.setEnabled(not self._session.is_read_only)
        menu.addSeparator()
        menu.addAction("Show in folder", lambda: _show_in_folder(item))
        menu.addAction("Copy name", lambda: QGuiApplication.clipboard().setText(item.id))
        return menu

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's name
        """Draw again in the colours of another theme."""
        if event.type() == QEvent.Type.PaletteChange:
            self.table.viewport().update()
        super().changeEvent(event)

    def _choices(self) -> list[tuple[str, str | None]]:
        known: list[tuple[str, str | None]] = [
            (f"{name}  –  {text}" if text.lower() != name.lower() else name, name)
            for name, text in self._session.categories.items()
        ]
        return [*known, ("normal", "normal"), ("nobody said", None)]

    def _give(self, item: VideoItem, category: str | None) -> None:
        self._session.open_video(item.id)
        self._session.set_video_category(category)

    def _toggle_reviewed(self, item: VideoItem) -> None:
        self._session.open_video(item.id)
        self._session.toggle_reviewed()

    def _refresh(self) -> None:
        videos = self._session.videos
        self._model.show_items(videos)
        reviewed = sum(item.reviewed for item in videos)
        faults = sum(item.badge in ("corrupt", "missing") for item in videos)
        bad = f"  ·  {faults} unreadable" if faults else ""
        self.footer.setText(f"{reviewed}/{len(videos)} reviewed{bad}")
        longest = max((item.id for item in videos), key=len, default="")
        self.table.set_wanted(longest, has_progress=any(item.progress for item in videos))
        self._show_emptiness()
        # News of a file must not take somebody back who is running along the list.
        if not self._rest.isActive():
            self._follow()

    def _filter(self, text: str) -> None:
        self._shown.set_text(text)
        self._show_emptiness()
        self._follow()

    def _show_emptiness(self) -> None:
        typed = self.filter.text().strip()
        if not self._session.videos:
            self.empty.setText(
                "No videos yet.\nDrop a folder of videos on the window, or choose File, Add videos."
            )
        elif typed:
            self.empty.setText(f"No video fits “{typed}”.")
        is_empty = self._shown.rowCount() == 0
        self._stack.setCurrentWidget(self.empty if is_empty else self.table)

    @property
    def _opened(self) -> str:
        """Id of the open video; "" for none."""
        video = self._session.video
        return "" if video is None else video.id

    def _shown_index(self, video: str) -> QModelIndex:
        """The row of a video on screen; invalid where it is not listed, or filtered away."""
        return self._shown.mapFromSource(self._model.index(self._model.row_of(video), 0))

    def _neighbour(self, video: str) -> str:
        """The video below in the list on screen, else the one above; "" where there is none."""
        row = self._shown_index(video).row()
        index = self._shown.index(row + 1 if row + 1 < self._shown.rowCount() else row - 1, 0)
        return index.data(ITEM_ROLE).id if row >= 0 and index.isValid() else ""

    def _follow(self) -> None:
        """Let the current row be the open video, without opening it again."""
        index = self._shown_index(self._opened)
        selection = self.table.selectionModel()
        if index.isValid() and index.row() != selection.currentIndex().row():
            flags = QItemSelectionModel.SelectionFlag
            selection.setCurrentIndex(index, flags.ClearAndSelect | flags.Rows)
            self.table.scrollTo(index)
        self._rest.stop()

    def _rest_there(self, current: QModelIndex) -> None:
        if current.isValid():
            self._rest.start()

    def _open(self, index: QModelIndex) -> None:
        self._rest.stop()
        if index.isValid():
            item: VideoItem = index.data(ITEM_ROLE)
            self._session.open_video(item.id)

    def _choose(self, index: QModelIndex) -> None:
        self._open(index)
        self.chosen.emit()

    def _open_first(self) -> None:
        if self._shown.rowCount():
            self._choose(self._shown.index(0, 0))

    def _show_menu(self, place: QPoint) -> None:
        index = self.table.indexAt(place)
        if index.isValid():
            self.menu_for(index.data(ITEM_ROLE)).popup(self.table.viewport().mapToGlobal(place))


class _Table(QTableView):
    """Gives the category its own column only where there is room; else it follows the name."""

    def __init__(self) -> None:
        super().__init__()
        self._longest = ""
        self._has_progress = False

    def moveCursor(  # noqa: N802 - Qt's name
        self, action: QAbstractItemView.CursorAction, modifiers: Qt.KeyboardModifier
    ) -> QModelIndex:
        """Home and End go to the first and the last video; Qt would stay in the row."""
        if action in (self.CursorAction.MoveHome, self.CursorAction.MoveEnd):
            modifiers |= Qt.KeyboardModifier.ControlModifier
        return super().moveCursor(action, modifiers)

    def set_wanted(self, longest: str, has_progress: bool) -> None:
        """What there shall be room for.

        Args:
            longest: the longest name.
            has_progress: anybody labelled anything.
        """
        self._longest, self._has_progress = longest, has_progress
        self._share_room()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Share the room."""
        self._share_room()
        super().resizeEvent(event)

    def _share_room(self) -> None:
        """Names go before categories, and both before progress, which the sign tells too."""
        width_of, room = self.fontMetrics().horizontalAdvance, self.viewport().width()
        is_narrow = room < width_of("x" * 42)
        if self.isColumnHidden(Column.CATEGORY) != is_narrow:
            self.setColumnHidden(Column.CATEGORY, is_narrow)
            self.itemDelegate().setProperty("is_narrow", is_narrow)
        name = min(width_of(self._longest), width_of("0" * _MAX_NAME)) + _GAP_PX
        others = _STATE_PX + _category_px(self) + _progress_px(self)
        is_shown = self._has_progress and name + others <= room
        self.setColumnHidden(Column.PROGRESS, not is_shown)


def _category_px(table: QTableView) -> int:
    return table.fontMetrics().horizontalAdvance("explosion?") + 12


def _progress_px(table: QTableView) -> int:
    return table.fontMetrics().horizontalAdvance("100%") + 14


def _table(model: LibraryFilter) -> _Table:
    table = _Table()
    table.setModel(model)
    table.setItemDelegate(LibraryDelegate(table))
    table.setAccessibleName("Videos")
    table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
    table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    table.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
    table.setShowGrid(False)
    table.setWordWrap(False)
    table.setTabKeyNavigation(False)
    table.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    rows = table.verticalHeader()
    rows.hide()
    # One fixed height: 2,000 rows need not be measured.
    rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
    rows.setDefaultSectionSize(table.fontMetrics().height() + 10)
    columns = table.horizontalHeader()
    columns.setHighlightSections(False)
    columns.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
    columns.setMinimumSectionSize(24)
    columns.setSectionResizeMode(Column.VIDEO, QHeaderView.ResizeMode.Stretch)
    columns.resizeSection(Column.STATE, _STATE_PX)
    columns.resizeSection(Column.CATEGORY, _category_px(table))
    columns.resizeSection(Column.PROGRESS, _progress_px(table))
    table.setSortingEnabled(True)
    # As the project lists them, until a header is clicked.
    table.sortByColumn(-1, Qt.SortOrder.AscendingOrder)
    return table


def _show_in_folder(item: VideoItem) -> None:
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(item.path.parent)))
