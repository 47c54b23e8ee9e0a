"""The data set: what each video shows, what it is for, what is missing; then prepare and train.

A session and the jobs in; the project's manifest and one chain of jobs out. Opened by the window
without blocking it; deletes itself when it closes.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QPushButton,
    QSpinBox,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from tpwng_core.config import PRESETS, read_preset
from tpwng_core.datasets import LEAST_TO_CHOOSE_BY, Split
from tpwng_core.errors import TpwngError
from tpwng_studio import theme
from tpwng_studio.jobs import errands
from tpwng_studio.jobs.dataset_plan import SPLITS, Plan
from tpwng_studio.jobs.errands import DEFAULT_CLIP, DEFAULT_STRIDE, TrainingWish, plan_of
from tpwng_studio.jobs.jobs import Job, Jobs
from tpwng_studio.state.session import Session
from tpwng_studio.widgets.plan_model import PlanModel

_CLIPS = (DEFAULT_CLIP, "ViT-B-32-quickgelu:openai", "ViT-L-14-quickgelu:openai", "demo")
_DEFAULT_TEST = 30  # percent
_VALIDATION_TIP = (
    "Of the videos that are not for testing: held out in training to choose the epoch by"
    " (validation.share), unless rows above say val"
)


class DatasetDialog(QDialog):
    """A table of videos and the ways to fill it.

    Args:
        session: whose videos.
        jobs: where the work goes.
        wish: how the training panel would train; None where nobody has used it.
    """

    def __init__(
        self,
        session: Session,
        jobs: Jobs,
        wish: TrainingWish | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("dataset")
        self.setWindowTitle("Data set")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(900, 620)
        self._session = session
        self._jobs = jobs
        pin = session.video.id if session.video else ""
        self._begun_with = wish or TrainingWish(preset=self._known_preset(), pin=pin)
        self._make()
        self._lay_out()
        self._connect()
        self.model.set_plan(plan_of(session))
        self._show_share()
        self._show()

    @property
    def plan(self) -> Plan:
        """What is on screen."""
        return self.model.plan

    @property
    def wish(self) -> TrainingWish:
        """How it would be trained: as the training panel says, as far as this page does not."""
        wish = self._begun_with.under(self.preset.currentText())
        own = {"validation.every": 1, "validation.share": self.val_share.value() / 100}
        clip = self.clip.currentText() if self.plan.to_extract else ""
        return replace(wish, overrides={**wish.overrides, **own}, clip=clip)

    def go_to_split(self) -> None:
        """Put the focus where videos are dealt out to training and test."""
        self.test_share.setFocus(Qt.FocusReason.OtherFocusReason)
        self.test_share.selectAll()

    # Making

    def _make(self) -> None:
        self.model = PlanModel(self)
        self.table = QTableView()
        self.table.setAccessibleName("Videos of the data set")
        self.table.setModel(self.model)
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.setAlternatingRowColors(True)
        self.table.setShowGrid(False)
        self.table.verticalHeader().hide()
        header = self.table.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        header.setMinimumSectionSize(90)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setHighlightSections(False)
        self.from_names = _button("From names", "UCF-Crime, XD-Violence, folder or first word")
        self.from_csv = _button("From CSV…", "video,label[,split], or a benchmark's list")
        self.label = QComboBox(editable=True)
        self.label.setAccessibleName("Category for the selected videos")
        self.label.setMinimumWidth(150)
        self.set_label = _button("Set category", "Of the selected videos")
        self.set_splits = {
            split: _button(split, f"The selected videos are for: {split}") for split in SPLITS
        }
        self.test_share, self.val_share = _share(_DEFAULT_TEST), _share(0)
        self.val_share.setToolTip(_VALIDATION_TIP)
        self.deal = _button("Split anew", "Deal them out anew, category by category")
        self.preset = QComboBox()
        self.preset.addItems(list(PRESETS))
        self.preset.setCurrentText(self._begun_with.preset)
        self.clip = QComboBox(editable=True)
        self.clip.addItems(list(_CLIPS))
        self.clip.setCurrentText(errands.clip_to_offer(self._session, self._jobs))
        self.clip.setToolTip("NAME:PRETRAINED, NAME:FILE with local weights, or demo")
        self.training = QLabel(wordWrap=True, textFormat=Qt.TextFormat.PlainText)
        self.training.setAccessibleName("How it is trained")
        self.counts = QLabel(wordWrap=True, textFormat=Qt.TextFormat.PlainText)
        self.missing = QLabel(wordWrap=True, textFormat=Qt.TextFormat.PlainText)
        roles = QDialogButtonBox.ButtonRole
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        self.save = self.buttons.addButton("Save", roles.ActionRole)
        self.go = self.buttons.addButton("Prepare and train", roles.AcceptRole)
        self.go.setToolTip("Extract what is missing, train, then score and label every video")

    def _lay_out(self) -> None:
        fill = QHBoxLayout()
        for widget in (self.from_names, self.from_csv):
            fill.addWidget(widget)
        fill.addSpacing(16)
        fill.addWidget(self.label, 1)
        fill.addWidget(self.set_label)
        fill.addSpacing(16)
        for button in self.set_splits.values():
            fill.addWidget(button)
        deal = QHBoxLayout()
        for text, box in (("Test", self.test_share), ("Validation", self.val_share)):
            deal.addWidget(_named(text, box))
            deal.addWidget(box)
        deal.addWidget(self.deal)
        deal.addStretch(1)
        form = QFormLayout()
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        form.addRow("Preset", self.preset)
        form.addRow("CLIP", self.clip)
        form.addRow("Training", self.training)
        layout = QVBoxLayout(self)
        layout.addLayout(fill)
        layout.addWidget(self.table, 1)
        layout.addLayout(deal)
        layout.addWidget(self.counts)
        layout.addWidget(self.missing)
        layout.addLayout(form)
        layout.addWidget(self.buttons)

    def _connect(self) -> None:
        self.model.plan_changed.connect(self._show)
        self.from_names.clicked.connect(self._from_names)
        self.from_csv.clicked.connect(self._ask_csv)
        self.set_label.clicked.connect(self._set_label)
        for split, button in self.set_splits.items():
            button.clicked.connect(lambda _=False, name=split: self._set_rows(split=name))
        self.deal.clicked.connect(self._deal)
        self.preset.currentTextChanged.connect(lambda _: self._show_share())
        self.val_share.valueChanged.connect(lambda _: self._show())
        self.table.selectionModel().selectionChanged.connect(lambda *_: self._show())
        self.save.clicked.connect(self.save_manifest)
        self.go.clicked.connect(self.prepare_and_train)
        self.buttons.rejected.connect(self.reject)

    # What a person does

    def read_csv(self, path: Path) -> None:
        """Take labels and splits from a file."""
        try:
            plan, count = self.plan.with_manifest(path)
        except TpwngError as error:
            self._session.message.emit("error", str(error))
            self.missing.setText(str(error))
            return
        self.model.set_plan(plan)
        text = f"{path.name} names {count} of {len(plan.rows)} videos"
        self._session.message.emit("info", text)

    def save_manifest(self) -> bool:
        """Write the manifest and make it the project's; False where it cannot be written."""
        project = self._session.project
        if project is None or project.is_read_only:
            return False
        try:
            others = self._session.records_set_aside
            project.link(manifest=self.plan.write(project.folder, others))
        except TpwngError as error:
            self._session.message.emit("error", str(error))
            return False
        self._session.reload_project()
        return True

    def prepare_and_train(self) -> list[Job]:
        """Save, queue the whole way, and close; nothing where it cannot begin."""
        if not self.go.isEnabled() or not self.save_manifest():
            return []
        model = self._session.model
        stride = model.stride if model else DEFAULT_STRIDE
        session, files = self._session, self.plan.to_extract
        chain = errands.prepare_and_train(session, self._jobs, self.wish, files, stride)
        self.accept()
        return chain

    def _from_names(self) -> None:
        preset = read_preset(self.preset.currentText()).get("categories", {})
        self.model.set_plan(self.plan.with_names([*self._session.categories, *preset]))

    def _ask_csv(self) -> None:
        dialog = QFileDialog(self, "Categories of the videos", str(self._folder()))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setNameFilters(["Lists (*.csv *.txt *.gz)", "All files (*)"])
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(lambda name: self.read_csv(Path(name)))
        dialog.open()

    def _set_label(self) -> None:
        self._set_rows(label=self.label.currentText())

    def _set_rows(self, *, label: str | None = None, split: str | None = None) -> None:
        places = [index.row() for index in self.table.selectionModel().selectedRows()]
        self.model.set_plan(self.plan.with_rows(places, label=label, split=split))

    def _deal(self) -> None:
        boxes: dict[Split, QSpinBox] = {"test": self.test_share, "val": self.val_share}
        shares = {split: box.value() / 100 for split, box in boxes.items()}
        self.model.set_plan(self.plan.with_split(shares))

    # What is shown

    def _show_share(self) -> None:
        """Show the share for validation of the rows, else of the preset."""
        dealt = [row.split for row in self.plan.rows if row.split != "test"]
        preset = self.preset.currentText()
        given = read_preset(preset)["validation"]["share"]
        share = float(self._begun_with.under(preset).overrides.get("validation.share", given))
        if "val" in dealt:
            share = dealt.count("val") / len(dealt)
        self.val_share.setValue(round(100 * share))
        self._show()

    def _show(self) -> None:
        plan = self.plan
        self._offer_labels()
        self.counts.setText(f"{plan.words}  ·  {self._validation_words()}")
        problems = [*plan.missing, *self._preset_problem()]
        self.missing.setText(
            "Missing: " + "; ".join(problems) if problems else "Nothing is missing."
        )
        colour = theme.current().warning if problems else theme.current().muted
        palette = self.missing.palette()
        palette.setColor(self.missing.foregroundRole(), colour)
        self.missing.setPalette(palette)
        self._show_training()
        has_rows = self.table.selectionModel().hasSelection()
        for button in (self.set_label, *self.set_splits.values()):
            button.setEnabled(has_rows)
        is_free = not self._session.is_read_only
        self.save.setEnabled(is_free)
        self.go.setEnabled(is_free and plan.can_train and not self._preset_problem())
        self.clip.setEnabled(bool(plan.to_extract))

    def _show_training(self) -> None:
        wish = self.wish
        origin = (
            f"set in the Training panel: {wish.words}" if wish.words else "as the preset has it"
        )
        self.training.setText(f"{wish.length}  ·  {origin}")
        self.go.setText(f"Prepare and train {wish.length}")

    def _validation_words(self) -> str:
        """How many videos a training will hold out, or why none."""
        num = len(self.plan.held_out(self.val_share.value() / 100))
        if num:
            return f"{num} choose the epoch"
        is_meant = self.val_share.value() or any(row.split == "val" for row in self.plan.rows)
        few = f": it takes {LEAST_TO_CHOOSE_BY} with an event and {LEAST_TO_CHOOSE_BY} normal ones"
        return f"no videos choose the epoch{few if is_meant else ''}"

    def _preset_problem(self) -> list[str]:
        name = self.preset.currentText()
        known = read_preset(name).get("categories", {})
        unknown = self.plan.unknown_to(known)
        return [f"preset {name} does not know {', '.join(unknown)}"] if unknown else []

    def _offer_labels(self) -> None:
        names = ["normal", *self._session.categories, *self.plan.categories]
        wanted = list(dict.fromkeys(names))
        if wanted != [self.label.itemText(place) for place in range(self.label.count())]:
            text = self.label.currentText()
            self.label.clear()
            self.label.addItems(wanted)
            self.label.setEditText(text or wanted[0])

    def _known_preset(self) -> str:
        project = self._session.project
        return project.preset if project else "custom"

    def _folder(self) -> Path:
        project = self._session.project
        return project.folder if project else Path.home()


def _button(text: str, tip: str) -> QPushButton:
    button = QPushButton(text)
    button.setToolTip(tip)
    button.setAutoDefault(False)
    return button


def _share(percent: int) -> QSpinBox:
    box = QSpinBox(minimum=0, maximum=90, singleStep=5, suffix=" %")
    box.setValue(percent)
    return box


def _named(text: str, box: QSpinBox) -> QLabel:
    label = QLabel(text)
    label.setBuddy(box)
    box.setAccessibleName(f"{text} share")
    return label
