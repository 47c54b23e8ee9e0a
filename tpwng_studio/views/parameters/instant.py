"""What acts at once: alpha, theta, cleaning of segments, and what that does to this video.

Two-way with the session's tuning: sliders, boxes, presets and the theta lines in the plots show
one value. Part of the parameters panel.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from PySide6.QtCore import QEvent, QSignalBlocker, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QComboBox,
    QGridLayout,
    QGroupBox,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from tpwng_core.config import read_preset
from tpwng_studio.exchange.label_command import LabelCommand
from tpwng_studio.state.session import Session
from tpwng_studio.throttle import Throttle
from tpwng_studio.timecode import seconds_text
from tpwng_studio.views.parameters.badge import Badge
from tpwng_studio.views.parameters.effect import effect_lines
from tpwng_studio.widgets.narrow import let_shrink
from tpwng_studio.widgets.number_control import NumberControl, Scale

_SHARE = Scale(low=0.0, high=1.0, step=0.01, decimals=2)
_THETA = Scale(low=0.01, high=1.0, step=0.01, decimals=2)
_TIPS = {
    "alpha": (
        "Weight of the normal text in psi. 0 asks only how much a snippet looks like the category;"
        " 1 asks only how little it looks normal. The paper uses 0.2."
    ),
    "theta": (
        "Snippets whose psi reaches theta are pseudo-labelled abnormal."
        " The paper uses 0.55 for UCF-Crime and 0.35 for XD-Violence."
    ),
}
_COUNTS = {
    "min_duration": ("min duration", 0, "Abnormal segments shorter than this many snippets go."),
    "merge_gap": ("merge gap", 0, "Gaps of at most this many snippets between segments close."),
    "smoothing": ("smoothing", 1, "psi is averaged over this many snippets; 1 leaves it as it is."),
}
_SELDOM_MS = 80
_PRESETS = (("UCF-Crime (paper)", "ucf-crime"), ("XD-Violence (paper)", "xd-violence"))
_AS_LABELLED = "As labelled"
_CUSTOM = "Custom"
_NORMAL = "normal video: no psi"
_NORMAL_TIP = (
    "This video is said to be normal, so every frame is normal and psi is not used (Eq. 6)."
    " Give it a category above the picture to see psi."
)


class InstantGroup(QGroupBox):
    """Sliders that act while they move.

    Args:
        session: whose tuning they are.
    """

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__("Instant", parent)
        self._session = session
        self._edges: object = None
        self._snippet_frames = 0.0
        self._presets = {name: _settings(preset) for name, preset in _PRESETS}
        self.preset = QComboBox()
        self.preset.setAccessibleName("Preset of alpha and theta")
        self.preset.setToolTip("Sets alpha and theta together")
        self.preset.setSizeAdjustPolicy(
            QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        self.preset.setMinimumContentsLength(8)
        self.alpha = NumberControl("alpha", _SHARE, _TIPS["alpha"], self)
        self.theta = NumberControl("theta", _THETA, _TIPS["theta"], self)
        self.counts = {name: _count_box(name) for name in _COUNTS}
        self._seconds = {name: QLabel() for name in _COUNTS}
        self.badge = Badge(_NORMAL, _NORMAL_TIP, kind="normal")
        self.effect = QLabel()
        self.effect.setWordWrap(True)
        self.effect.setTextFormat(Qt.TextFormat.RichText)
        self.ghost_button = QPushButton("Keep A")
        self.ghost_button.setToolTip(
            "Keep these curves as a pale ghost (A) behind the next settings (B)"
        )
        self.drop_button = QPushButton("Drop A")
        self.drop_button.setToolTip("Remove the ghost curves")
        self.copy_button = QPushButton("Copy line")
        self.copy_button.setToolTip("Copy the tpwng-core line that makes these pseudo-labels")
        self._place()
        self._connect()
        self._show()

    def _place(self) -> None:
        grid = QGridLayout()
        grid.setColumnStretch(1, 1)
        grid.setVerticalSpacing(3)
        grid.addWidget(QLabel("preset"), 0, 0)
        grid.addWidget(self.preset, 0, 1, 1, 2)
        for row, control in enumerate((self.alpha, self.theta), start=1):
            control.place_in(grid, row)
        for row, (name, box) in enumerate(self.counts.items(), start=3):
            label = QLabel(_COUNTS[name][0])
            label.setBuddy(box)
            label.setToolTip(box.toolTip())
            grid.addWidget(label, row, 0)
            grid.addWidget(self._seconds[name], row, 1, Qt.AlignmentFlag.AlignRight)
            grid.addWidget(box, row, 2)
        sides = QHBoxLayout()
        sides.setSpacing(4)
        for button in (self.ghost_button, self.drop_button, self.copy_button):
            let_shrink(button)
            sides.addWidget(button, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 6, 8, 8)
        column.addWidget(self.badge)
        column.addLayout(grid)
        column.addWidget(self.effect)
        column.addLayout(sides)

    def _connect(self) -> None:
        session = self._session
        self.alpha.changed.connect(lambda value: session.set_tuning(alpha=value))
        self.theta.changed.connect(lambda value: session.set_tuning(theta=value))
        for control in (self.alpha, self.theta):
            control.held.connect(session.hold_tuning)
        for name, box in self.counts.items():
            box.valueChanged.connect(lambda value, name=name: session.set_tuning(**{name: value}))
        self.preset.activated.connect(self._on_preset)
        self.ghost_button.clicked.connect(session.keep_ghost)
        self.drop_button.clicked.connect(session.drop_ghost)
        self.copy_button.clicked.connect(self.copy_command)
        session.tuning_changed.connect(self._show_tuning)
        for signal in (session.curves_changed, session.labels_changed, session.project_changed):
            signal.connect(self._show)
        session.derived_changed.connect(self._enable_ghosts)
        self._throttle = Throttle(self._show_effect, _SELDOM_MS, self)
        for signal in (session.derived_changed, session.agreement_changed):
            signal.connect(self._throttle.ask)

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's name
        """Write the effect again in the new colours."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._show_effect()

    def copy_command(self) -> None:
        """Put the line that makes these pseudo-labels on the clipboard."""
        command = self.command()
        if command is not None:
            QGuiApplication.clipboard().setText(command.text(self._session.tuning))
            self._session.message.emit("info", "Copied the command that makes these pseudo-labels")

    def command(self) -> LabelCommand | None:
        """The command; None without a video or a checkpoint."""
        session = self._session
        project, video = session.project, session.video
        if project is None or video is None or project.checkpoint is None:
            return None
        return LabelCommand(
            source=video.path,
            checkpoint=project.checkpoint,
            features=project.features_dir,
            out=project.folder / "exports" / "pseudo",  # never over what the window shows
            manifest=project.manifest,
            categories=None if self._is_guessed() else session.used_categories,
            query="" if session.saved_query is None else session.saved_query.words,
        )

    def _is_guessed(self) -> bool:
        video = self._session.video
        return video is None or not video.category or video.is_assumed

    def _on_preset(self, place: int) -> None:
        settings = self.preset.itemData(place)
        if settings:
            self._session.set_tuning(**settings)

    def _show(self) -> None:
        derived = self._session.derived
        is_normal = derived is not None and derived.is_normal
        self.badge.setVisible(is_normal)
        for control in (self.alpha, self.theta):
            control.set_enabled(not is_normal)
        for box in self.counts.values():
            box.setEnabled(not is_normal)
        self.copy_button.setEnabled(self.command() is not None)
        self._show_tuning()
        self._throttle.now()

    def _show_tuning(self) -> None:
        tuning = self._session.tuning
        self.alpha.set_value(tuning.alpha)
        self.theta.set_value(tuning.theta)
        for name, box in self.counts.items():
            with QSignalBlocker(box):
                box.setValue(getattr(tuning, name))
            self._seconds[name].setText(self._in_seconds(name))
        self._show_preset()

    def _show_preset(self) -> None:
        curves, tuning = self._session.curves, self._session.tuning
        choices = dict(self._presets)
        if curves is not None and {"alpha", "theta"} <= curves.meta.keys():
            on_disk = {name: float(curves.meta[name]) for name in ("alpha", "theta")}
            choices = {_AS_LABELLED: on_disk, **choices}
        now = {"alpha": tuning.alpha, "theta": tuning.theta}
        name = next((name for name, settings in choices.items() if settings == now), _CUSTOM)
        shown = [*choices, *([_CUSTOM] if name == _CUSTOM else [])]
        if shown != [self.preset.itemText(i) for i in range(self.preset.count())]:
            self.preset.clear()
            for text in shown:
                self.preset.addItem(text, choices.get(text))
        self.preset.setCurrentText(name)

    def refresh_words(self) -> None:
        """Say now what holds; else it is said a few times a second while sliders move."""
        self._throttle.now()

    def _show_effect(self) -> None:
        self._enable_ghosts()
        self.effect.setText("<br>".join(effect_lines(self._session)))

    def _enable_ghosts(self) -> None:
        """At once: who keeps curves may drop them with the next click."""
        self.ghost_button.setEnabled(self._session.derived is not None)
        self.drop_button.setEnabled(self._session.ghost is not None)

    def _in_seconds(self, name: str) -> str:
        derived, num_snippets = self._session.derived, getattr(self._session.tuning, name)
        if num_snippets == _COUNTS[name][1]:
            return "off"
        if derived is None or len(derived.edges) < 2:
            return ""
        if derived.edges is not self._edges:
            self._edges = derived.edges
            self._snippet_frames = float(np.median(np.diff(derived.edges)))
        return seconds_text(num_snippets * self._snippet_frames / float(self._session.fps))


def _settings(preset: str) -> Mapping[str, float]:
    table = read_preset(preset)["pseudolabels"]
    return {"alpha": float(table["alpha"]), "theta": float(table["theta"])}


def _count_box(name: str) -> QSpinBox:
    title, low, tip = _COUNTS[name]
    box = QSpinBox()
    box.setRange(low, 999)
    box.setAlignment(Qt.AlignmentFlag.AlignRight)
    box.setKeyboardTracking(False)
    box.setToolTip(tip)
    box.setAccessibleName(f"{title} in snippets")
    return box
