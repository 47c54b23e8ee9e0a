"""The row above the picture: which video, its category and who says so, its frame rate.

The session in; the intent to name the category out. Used by the player.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QSizePolicy, QWidget

from tpwng_core.errors import ConfigError
from tpwng_core.similarity import category_evidence
from tpwng_studio import theme
from tpwng_studio.state.session import Session

NORMAL = "normal"


class Tag(QLabel):
    """A word in a rounded frame; hidden while it has none."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setMargin(0)
        self.setContentsMargins(7, 1, 7, 1)
        self._is_warning = False
        self.hide()

    def say(self, text: str, tip: str = "", *, is_warning: bool = False) -> None:
        """Show ``text``; "" hides the tag."""
        self.setText(text)
        self.setToolTip(tip)
        self._is_warning = is_warning
        self.setVisible(bool(text))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """The frame, then the word."""
        colours = theme.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(colours.warning if self._is_warning else colours.border)
        box = self.rect().adjusted(0, 0, -1, -1)
        painter.drawRoundedRect(box, box.height() / 3, box.height() / 3)
        painter.setPen(colours.warning if self._is_warning else colours.muted)
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self.text())
        painter.end()


class Name(QLabel):
    """A name that gives way from its middle where there is no room."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name = ""
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        font = self.font()
        font.setBold(True)
        self.setFont(font)

    def show_name(self, name: str, tip: str) -> None:
        """Show a name; the tip tells all of it."""
        self._name = name
        self.setToolTip(tip)
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Shorten it to the new room."""
        super().resizeEvent(event)
        self._fit()

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Some letters stay."""
        return QSize(QFontMetrics(self.font()).averageCharWidth() * 8, super().sizeHint().height())

    def _fit(self) -> None:
        metrics = QFontMetrics(self.font())
        self.setText(metrics.elidedText(self._name, Qt.TextElideMode.ElideMiddle, self.width()))


class VideoHeader(QWidget):
    """Says what the video is.

    Args:
        session: what is open; told the category.
        parent: the owner.
    """

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("video_header")
        self._session = session
        self._name = Name(self)
        self.category = QComboBox(self)
        self.category.setObjectName("category")
        self.category.setAccessibleName("Category of the video")
        self.category.setToolTip("What the video shows: psi is worked out for it")
        self.category.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.category.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        policy = self.category.sizePolicy()
        policy.setRetainSizeWhenHidden(True)  # the picture below must not move
        self.category.setSizePolicy(policy)
        self.category.activated.connect(self._choose)
        self._assumed, self._rate, self._uneven = Tag(self), Tag(self), Tag(self)
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 4, 8, 4)
        row.setSpacing(6)
        row.addWidget(self._name, 1)
        for widget in (self.category, self._assumed, self._rate, self._uneven):
            row.addWidget(widget)
        for signal in (
            session.video_changed,
            session.videos_changed,
            session.index_changed,
            session.labels_changed,
            session.curves_changed,
            session.queries_changed,
        ):
            signal.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Say it again."""
        item, index = self._session.video, self._session.index
        self.category.setEnabled(item is not None and not self._session.is_read_only)
        self.category.setVisible(item is not None)
        if item is None:
            self._name.show_name("No video open", "")
            self.category.clear()
            for tag in (self._assumed, self._rate, self._uneven):
                tag.say("")
            return
        self._name.show_name(item.id, str(item.path))
        self._fill(item.category, is_assumed=item.is_assumed)
        is_assumed = item.is_assumed
        tip = "Nobody named the category: it is the one whose text fits best. Choose it to confirm"
        word = "assumed category" if is_assumed else ""
        if (query := self._session.saved_query) is not None:
            tip = f"psi is that of the words “{query.words}”, on which nothing was trained"
            word = "saved query"
        self._assumed.say(word, tip, is_warning=True)
        fps = item.fps or (index.fps if index else None)
        self._rate.say(f"{float(fps):.4g} fps" if fps else "", "Frames a second, on average")
        is_uneven = index is not None and index.vfr
        tip = "Frames are not evenly spaced: a frame's time is not its number over the rate"
        self._uneven.say("VFR" if is_uneven else "", tip, is_warning=True)

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's name
        """Paint the tags in the colours of the new theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self.update()

    def _fill(self, category: str, *, is_assumed: bool) -> None:
        """The choices: what was found, normal, the categories, and what else is said now."""
        said = self._session.labels.category
        choices: list[tuple[str, str | None]] = [(self._found(category, is_assumed), None)]
        names = {NORMAL: NORMAL, **self._session.category_texts}
        if said and said not in names:
            names[said] = said.replace("|", " + ")
        choices += [(text, name) for name, text in names.items()]
        before = [(self.category.itemText(n), self.category.itemData(n))
                  for n in range(self.category.count())]  # fmt: skip
        if before != choices:
            self.category.clear()
            for text, name in choices:
                self.category.addItem(text, name)
        self.category.setCurrentIndex(max(self.category.findData(said), 0) if said else 0)

    def _found(self, category: str, is_assumed: bool) -> str:
        """What the first choice says, which takes back what a person said."""
        if self._session.labels.category is not None:
            return "as found"
        text = {NORMAL: NORMAL, **self._session.category_texts}.get(
            category, category or "not known"
        )
        if not is_assumed:
            return text
        curves = self._session.curves
        if curves is None or not len(curves.similarity):
            return f"auto: {text}"
        return f"auto: {text} ({category_evidence(curves.similarity).max():.2f})"

    def _choose(self, place: int) -> None:
        name = self.category.itemData(place)
        if name == self._session.labels.category:
            return
        try:
            self._session.set_video_category(name)
        except ConfigError as error:
            self._session.message.emit("warning", str(error))
