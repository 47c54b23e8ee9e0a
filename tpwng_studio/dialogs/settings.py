"""The settings dialog: everything acts at once and is kept; there is nothing to confirm.

In and out: :class:`tpwng_studio.settings.Settings`, to whose ``changed`` the window listens.
"""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from tpwng_studio.settings import DEVICES, Settings
from tpwng_studio.theme import SCHEMES

_SCHEME_WORDS = {"system": "As the system", "light": "Light", "dark": "Dark"}
_DEVICE_WORDS = {
    "auto": "GPU where there is one",
    "cpu": "CPU",
    "cuda": "NVIDIA GPU (CUDA)",
    "mps": "Apple GPU (MPS)",
}


class SettingsDialog(QDialog):
    """A form over the settings.

    Signals:
        keys_asked: the user wants the key editor.
    """

    keys_asked = Signal()

    def __init__(self, settings: Settings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("settings")
        self.setWindowTitle("Settings")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._settings = settings
        self.scheme = QComboBox()
        for scheme in SCHEMES:
            self.scheme.addItem(_SCHEME_WORDS[scheme], scheme)
        self.device = QComboBox()
        for device in DEVICES:
            self.device.addItem(_DEVICE_WORDS[device], device)
        self.autosave = _number(1, 600, " s")
        self.frame_cache = _number(64, 8192, " MB")
        self.frame_cache.setSingleStep(64)
        self.author = QLineEdit(placeholderText="written into your labels")
        self._lay_out()
        self._read()
        self._connect()

    def _lay_out(self) -> None:
        form = QFormLayout()
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        form.addRow("Look", self.scheme)
        form.addRow("Compute on", self.device)
        form.addRow("Save after", self.autosave)
        form.addRow("", _note("Every edit is in the journal at once, whatever this says."))
        form.addRow("Memory for frames", self.frame_cache)
        form.addRow("", _note("Used from the next start on."))
        form.addRow("Your name", self.author)
        keys = QPushButton("Change keys…")
        keys.setAutoDefault(False)
        keys.clicked.connect(self.keys_asked)
        form.addRow("Keys", keys)
        form.addRow("", _note("Numbers have a decimal point and dates are ISO 8601 everywhere."))
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.addLayout(form)
        layout.addStretch(1)
        layout.addWidget(buttons)

    def _read(self) -> None:
        self.scheme.setCurrentIndex(self.scheme.findData(self._settings.scheme))
        self.device.setCurrentIndex(self.device.findData(self._settings.device))
        self.autosave.setValue(self._settings.autosave_s)
        self.frame_cache.setValue(self._settings.frame_cache_mb)
        self.author.setText(self._settings.author)

    def _connect(self) -> None:
        settings = self._settings
        self.scheme.currentIndexChanged.connect(
            lambda: setattr(settings, "scheme", self.scheme.currentData())
        )
        self.device.currentIndexChanged.connect(
            lambda: setattr(settings, "device", self.device.currentData())
        )
        self.autosave.valueChanged.connect(lambda value: setattr(settings, "autosave_s", value))
        self.frame_cache.valueChanged.connect(
            lambda value: setattr(settings, "frame_cache_mb", value)
        )
        self.author.editingFinished.connect(lambda: setattr(settings, "author", self.author.text()))


def _number(low: int, high: int, unit: str) -> QSpinBox:
    box = QSpinBox()
    box.setRange(low, high)
    box.setSuffix(unit)
    # A half-typed number is not a setting yet.
    box.setKeyboardTracking(False)
    return box


def _note(text: str) -> QLabel:
    label = QLabel(text, wordWrap=True)
    label.setForegroundRole(label.palette().ColorRole.PlaceholderText)
    label.setAlignment(Qt.AlignmentFlag.AlignTop)
    return label
