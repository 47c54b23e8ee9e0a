"""What to watch: source, model, when to ring, where the log goes.

Gives a :class:`WatchWish` when a person starts it; says beside each field what is wrong and what to
do about it. Part of the live panel.
"""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QEvent, Signal
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QDoubleSpinBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from tpwng_studio import theme
from tpwng_studio.live.watch_records import WatchWish
from tpwng_studio.live.watch_setup import (
    Problem,
    address_of,
    log_problem,
    model_problem,
    source_hint,
    source_problem,
)
from tpwng_studio.widgets.path_field import PathField

_RELEASE_SHARE = 0.8


class WatchForm(QWidget):
    """The fields.

    Signals:
        started: a :class:`WatchWish` that can be begun.
        training_asked: a model that looks back only shall be trained.
    """

    started = Signal(object)
    training_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.source = PathField("camera:0, rtsp://HOST/PATH, or a file", is_folder=False)
        self.model = PathField("checkpoint.safetensors", is_folder=False)
        self.log = PathField("alarms.jsonl", is_folder=False, is_new=True)
        self.threshold = _share_box("Score that begins an alarm", 0.50)
        self.release = _share_box("Score below which an alarm ends", 0.40)
        self.hold = QSpinBox(minimum=1, maximum=1000, value=2, suffix=" snippets")
        self.patience = QDoubleSpinBox(minimum=1, maximum=600, value=10, suffix=" s", decimals=0)
        self.train = QPushButton("Train one…")
        self.start = QPushButton("Start watching")
        self.start.setDefault(True)
        self.notes = {name: QLabel(wordWrap=True) for name in ("source", "model", "log")}
        self._name()
        self._lay_out()
        self._connect()
        self.check()

    @property
    def wish(self) -> WatchWish:
        """What is wanted."""
        return WatchWish(
            source=address_of(self.source.line.text()),
            checkpoint=self.model.path,
            log=self.log.path,
            threshold=round(self.threshold.value(), 2),
            release=round(self.release.value(), 2),
            hold=self.hold.value(),
            patience_s=self.patience.value(),
        )

    def set_defaults(self, model: Path | None, log: Path) -> None:
        """Begin with the project's."""
        self.model.line.setText(str(model or ""))
        self.log.line.setText(str(log))

    def check(self, *_: object) -> None:
        """Say what lacks; only what can be begun can be started."""
        model = _path_of(self.model)
        problems = [
            source_problem(self.source.line.text()),
            model_problem(model),
            log_problem(_path_of(self.log)),
        ]
        found: dict[str, Problem] = {p.field: p for p in problems if p is not None}
        quiet = {
            "source": source_hint(self.source.line.text()),
            "model": "It looks back only: it can score what is live.",
            "log": "One line an alarm, appended; small pictures lie beside it.",
        }
        for name, note in self.notes.items():
            _show(note, found.get(name), quiet[name])
        self.train.setVisible("model" in found)
        self.start.setEnabled(not found)

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's name
        """Say it in the colours of another theme."""
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "notes"):
            self.check()
        super().changeEvent(event)

    def _name(self) -> None:
        for field, name in (
            (self.source, "Live source"),
            (self.model, "Model that looks back only"),
            (self.log, "Log of alarms"),
        ):
            field.line.setAccessibleName(name)
            field.button.setAccessibleName(f"Choose: {name}")
            field.button.setToolTip(f"Choose: {name}")
        self.hold.setAccessibleName("Low snippets in a row that end an alarm")
        self.hold.setToolTip("So many snippets in a row below the lower threshold end an alarm")
        self.patience.setAccessibleName("Seconds without data before the source counts as lost")
        self.patience.setToolTip(
            "Without data for so long, a stream is opened again and a file has ended"
        )
        self.start.setToolTip("Watch until you stop it, or until the source ends (Return)")
        self.train.setToolTip("Go to the training panel with “Look back only” set")

    def _lay_out(self) -> None:
        form = QFormLayout()
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.DontWrapRows)
        form.setHorizontalSpacing(12)
        form.setVerticalSpacing(10)
        form.addRow("Source", _over(self.source, self.notes["source"]))
        form.addRow("Model", _over(self.model, _with_button(self.notes["model"], self.train)))
        form.addRow("Alarm from", self.threshold)
        form.addRow("ends below", _row(self.release, QLabel("for"), self.hold))
        form.addRow("Lost after", self.patience)
        form.addRow("Log", _over(self.log, self.notes["log"]))
        head = QLabel("<b>Watch a camera, a stream or a growing file</b>")
        head.setWordWrap(True)
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(self.start)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 12, 12, 12)
        column.setSpacing(10)
        column.addWidget(head)
        column.addLayout(form)
        column.addLayout(foot)
        column.addStretch(1)

    def _connect(self) -> None:
        for field in (self.source, self.model, self.log):
            field.line.textChanged.connect(self.check)
            field.line.returnPressed.connect(self._start)
        self.threshold.valueChanged.connect(self._follow)
        self.release.setRange(0.0, self.threshold.value())
        self.start.clicked.connect(self._start)
        self.train.clicked.connect(self.training_asked)

    def _follow(self, threshold: float) -> None:
        """The lower threshold stays below the upper one, in proportion."""
        self.release.setMaximum(threshold)
        self.release.setValue(_RELEASE_SHARE * threshold)

    def _start(self) -> None:
        self.check()
        if self.start.isEnabled():
            self.started.emit(self.wish)


def _path_of(field: PathField) -> Path | None:
    return field.path if field.line.text().strip() else None


def _show(note: QLabel, problem: Problem | None, quiet: str) -> None:
    is_wrong = problem is not None and bool(problem.text)
    note.setText(problem.text if is_wrong and problem is not None else quiet)
    colour = theme.current().warning if is_wrong else theme.current().muted
    note.setStyleSheet(f"color: {colour.name()};")


def _share_box(name: str, value: float) -> QDoubleSpinBox:
    box = QDoubleSpinBox(minimum=0.01, maximum=1.0, singleStep=0.05, decimals=2, value=value)
    box.setAccessibleName(name)
    box.setToolTip(name)
    box.setStepType(QAbstractSpinBox.StepType.DefaultStepType)
    return box


def _row(*parts: QWidget) -> QWidget:
    row = QWidget()
    line = QHBoxLayout(row)
    line.setContentsMargins(0, 0, 0, 0)
    for part in parts:
        line.addWidget(part, 0 if isinstance(part, QLabel) else 1)
    return row


def _over(field: QWidget, note: QWidget) -> QWidget:
    """A field with what is said of it close below."""
    box = QWidget()
    column = QVBoxLayout(box)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(3)
    column.addWidget(field)
    column.addWidget(note)
    return box


def _with_button(note: QLabel, button: QPushButton) -> QWidget:
    box = QWidget()
    line = QHBoxLayout(box)
    line.setContentsMargins(0, 0, 0, 0)
    line.addWidget(note, 1)
    line.addWidget(button)
    return box
