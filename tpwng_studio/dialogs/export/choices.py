"""The choices of an export as a form: format, which videos, what of them, what of unknown frames.

Controls in, an ``ExportOptions`` and a list of ids out. Part of the export dialog.
"""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFormLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)

from tpwng_core.formats import FORMATS, GROUPS, ExportOptions, Format
from tpwng_studio.state.session import Session, VideoItem

_SOURCES = (
    ("effective", "What holds: people, else the model"),
    ("human", "Only what people said"),
    ("pseudo", "Only the model's pseudo-labels"),
    ("truth", "Ground truth"),
)
_UNKNOWN = (
    ("error", "Keep; refuse if it cannot"),
    ("omit", "Leave out"),
    ("normal", "Write as normal"),
)
_SLOTS = (
    ("refuse", "Refuse more than two segments"),
    ("widen", "Widen the line"),
    ("merge", "Merge the nearest"),
)
_SCOPES = ("video", "all", "reviewed")
_FIRST = "segments-csv"
_UNREADABLE = ("corrupt", "missing")
_BENCHMARKS = ("ucf-crime", "xd-violence")


class Choices(QWidget):
    """Left side of the data page.

    Signals:
        changed: any choice.
    """

    changed = Signal()

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.formats = _format_list()
        self.about = QLabel()
        self.about.setWordWrap(True)
        self.scope = _box("Which videos", [])
        self.scope.setToolTip("Left out is what cannot be read, or has not been read yet")
        self.source = _box("What is written", _SOURCES)
        self.unknown = _box("Segments that a person called unknown", _UNKNOWN)
        self.slots = _box("More than two segments in a video", _SLOTS)
        self.inclusive = QCheckBox("the last frame belongs to a segment")
        self.inclusive.setToolTip("Some readers of benchmark files take ends as inclusive")
        self._place()
        self.refresh()
        self.formats.currentItemChanged.connect(self._on_format)
        for box in (self.scope, self.source, self.unknown, self.slots):
            box.currentIndexChanged.connect(self.changed)
        self.inclusive.toggled.connect(self.changed)
        self._on_format()

    def _place(self) -> None:
        form = QFormLayout()
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapLongRows)
        form.addRow("Videos", self.scope)
        form.addRow("Source", self.source)
        form.addRow("Unknown", self.unknown)
        form.addRow("Segments", self.slots)
        form.addRow("Ends", self.inclusive)
        self._form = form
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(QLabel("Format"))
        column.addWidget(self.formats, 1)
        column.addWidget(self.about)
        column.addLayout(form)

    @property
    def format(self) -> Format:
        """The chosen format."""
        item = self.formats.currentItem()
        return FORMATS[item.data(Qt.ItemDataRole.UserRole)]

    @property
    def options(self) -> ExportOptions:
        """The chosen options."""
        return ExportOptions(
            source=self.source.currentData(),
            unknown=self.unknown.currentData(),
            reviewed_only=self.scope.currentData() == "reviewed",
            slots=self.slots.currentData(),
            inclusive_end=self.inclusive.isChecked() and not self.inclusive.isHidden(),
        )

    @property
    def videos(self) -> tuple[str, ...]:
        """Ids of the chosen videos; those nobody reviewed are left out later."""
        session = self._session
        if self.scope.currentData() == "video":
            return () if session.video is None else (session.video.id,)
        return tuple(video.id for video in self._writable())

    def choose(self, name: str) -> None:
        """Choose a format by its name."""
        for row in range(self.formats.count()):
            if self.formats.item(row).data(Qt.ItemDataRole.UserRole) == name:
                self.formats.setCurrentRow(row)

    def refresh(self) -> None:
        """Count the videos again."""
        session = self._session
        writable = self._writable()
        num_reviewed = sum(video.reviewed for video in writable)
        num_others = len(session.videos) - len(writable)
        others = f"; {num_others} left out" if num_others else ""
        name = session.video.id if session.video else "none open"
        texts = (
            f"This video ({name})",
            f"All videos ({len(writable)}{others})",
            f"Reviewed only ({num_reviewed})",
        )
        place = max(self.scope.currentIndex(), 0)
        self.scope.blockSignals(True)
        self.scope.clear()
        for value, text in zip(_SCOPES, texts, strict=True):
            self.scope.addItem(text, value)
        self.scope.setCurrentIndex(place)
        self.scope.blockSignals(False)

    def _on_format(self) -> None:
        chosen = self.format
        self.about.setText(_facts(chosen))
        self.refresh()  # some can be made of fewer videos
        self._form.setRowVisible(self.slots, chosen.name == "ucf-crime")
        self._form.setRowVisible(self.inclusive, chosen.name in _BENCHMARKS)
        self.changed.emit()

    def _writable(self) -> list[VideoItem]:
        """Videos of which the chosen format can say something: one that cannot be read must not
        keep the others from being written."""
        session = self._session
        if self.format.needs_video:
            return [video for video in session.videos if video.badge not in _UNREADABLE]
        said = session.all_labels
        return [video for video in session.videos if _has_length(video) or video.id in said]


def _has_length(video: VideoItem) -> bool:
    """Whether its length is known: of its file, or of what was made of it."""
    return bool(video.num_frames or video.has_pseudo or video.has_scores)


def _facts(chosen: Format) -> str:
    """What numbers in the file mean, in words."""
    files = "a file for each video" if chosen.per_video else "one file for all"
    if not chosen.can_read and chosen.lines is None:  # pictures, pages: no numbers to explain
        return f"{chosen.extension}, {files}"
    if chosen.unit != "frames":
        return f"{chosen.extension}, {files}; times in {chosen.unit}"
    end = "is the frame behind the last" if chosen.end == "exclusive" else "is the last frame"
    return f"{chosen.extension}, {files}; frames from {chosen.base}, an end {end}"


def _format_list() -> QListWidget:
    """Formats by group, in each by title; a group's name can be neither chosen nor reached."""
    view = QListWidget()
    view.setAccessibleName("Format")
    for group in GROUPS:
        members = [item for item in FORMATS.values() if item.can_write and item.group == group]
        if members:
            view.addItem(_group_item(group, view))
        for chosen in sorted(members, key=lambda item: item.title.casefold()):
            item = QListWidgetItem(chosen.title)
            item.setData(Qt.ItemDataRole.UserRole, chosen.name)
            item.setToolTip(f"{chosen.name}: {_facts(chosen)}")
            view.addItem(item)
            if chosen.name == _FIRST:
                view.setCurrentItem(item)
    return view


def _group_item(name: str, view: QListWidget) -> QListWidgetItem:
    item = QListWidgetItem(name)
    item.setFlags(Qt.ItemFlag.NoItemFlags)
    font = view.font()
    font.setBold(True)
    item.setFont(font)
    return item


def _box(name: str, choices: tuple[tuple[str, str], ...] | list[tuple[str, str]]) -> QComboBox:
    box = QComboBox()
    box.setAccessibleName(name)
    box.setToolTip(name)
    box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    box.setMinimumContentsLength(14)
    for value, text in choices:
        box.addItem(text, value)
    return box
