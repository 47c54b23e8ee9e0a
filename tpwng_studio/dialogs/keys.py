"""The key editor: find an action, press the new key, and see at once whom it would be taken from.

In: the user's keys from the settings. Out: ``Settings.keys`` with only what differs from the
table; the window listens to ``changed``. No key can end up with two actions.
"""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QHeaderView,
    QKeySequenceEdit,
    QLabel,
    QLineEdit,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from tpwng_studio import theme
from tpwng_studio.actions.actions import ACTIONS, BY_ID, effective_keys, portable, shown
from tpwng_studio.settings import Settings

_ID = Qt.ItemDataRole.UserRole


class KeysDialog(QDialog):
    """A list of actions, and a box that takes a key for the chosen one."""

    def __init__(self, settings: Settings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("keys")
        self.setWindowTitle("Change keys")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(560, 600)
        self._settings = settings
        self._keys = effective_keys(settings.keys)
        self._groups: dict[str, QTreeWidgetItem] = {}
        self._items: dict[str, QTreeWidgetItem] = {}
        self.filter = QLineEdit(placeholderText="Find an action or a key")
        self.filter.setAccessibleName("Find an action or a key")
        self.filter.setClearButtonEnabled(True)
        self.filter.textChanged.connect(self._filter)
        self.tree = _tree()
        self.tree.currentItemChanged.connect(self._choose)
        self.field = QKeySequenceEdit()
        self.field.setMaximumSequenceLength(1)
        self.field.setAccessibleName("New key")
        self.field.keySequenceChanged.connect(self._check)
        self.warning = QLabel(wordWrap=True)
        self.add = QPushButton("Add key")
        self.add.clicked.connect(self._add)
        self.clear = QPushButton("No key")
        self.clear.clicked.connect(lambda: self._set(self._chosen, ()))
        self.reset = QPushButton("Reset")
        self.reset.setToolTip("Give this action its own key back")
        self.reset.clicked.connect(lambda: self._reset(self._chosen))
        self._lay_out()
        self._fill()

    @property
    def _chosen(self) -> str:
        item = self.tree.currentItem()
        return str(item.data(0, _ID) or "") if item else ""

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.addWidget(QLabel("New key"))
        row.addWidget(self.field, 1)
        for button in (self.add, self.clear, self.reset):
            button.setAutoDefault(False)
            row.addWidget(button)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        everything = buttons.addButton("Reset all", QDialogButtonBox.ButtonRole.ResetRole)
        everything.clicked.connect(self._reset_all)
        for button in (everything, buttons.button(QDialogButtonBox.StandardButton.Close)):
            button.setAutoDefault(False)  # Return in the filter resets and closes nothing
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.addWidget(self.filter)
        layout.addWidget(self.tree, 1)
        layout.addLayout(row)
        layout.addWidget(self.warning)
        layout.addWidget(buttons)

    def _fill(self) -> None:
        for action in ACTIONS:
            if action.group not in self._groups:
                self._groups[action.group] = QTreeWidgetItem(self.tree, [action.group])
                self._groups[action.group].setFlags(Qt.ItemFlag.ItemIsEnabled)
            item = QTreeWidgetItem(self._groups[action.group], [action.text.rstrip("…"), ""])
            item.setData(0, _ID, action.id)
            self._items[action.id] = item
        self.tree.expandAll()
        self._show_keys()
        self.choose_action(ACTIONS[0].id)

    def choose_action(self, name: str) -> None:
        """Make an action the one that gets the key."""
        self.tree.setCurrentItem(self._items[name])

    def _show_keys(self) -> None:
        for name, item in self._items.items():
            item.setText(1, shown(self._keys[name]))
            font = item.font(1)
            font.setBold(self._keys[name] != BY_ID[name].keys)
            item.setFont(1, font)

    def _filter(self, text: str) -> None:
        words = text.lower().split()
        shown_groups = set()
        for name, item in self._items.items():
            content = f"{BY_ID[name].group} {item.text(0)} {item.text(1)}".lower()
            fits = all(word in content for word in words)
            item.setHidden(not fits)
            if fits:
                shown_groups.add(BY_ID[name].group)
        for group, top in self._groups.items():
            top.setHidden(group not in shown_groups)

    def _choose(self) -> None:
        self.field.clear()
        chosen = self._chosen
        self.reset.setEnabled(bool(chosen) and self._keys[chosen] != BY_ID[chosen].keys)
        self.clear.setEnabled(bool(chosen) and bool(self._keys[chosen]))
        self._check(QKeySequence())

    def _owner(self, key: str) -> str:
        """Another action that has ``key``; "" when it is free."""
        owners = (name for name, keys in self._keys.items() if key in map(portable, keys))
        return next((name for name in owners if name != self._chosen), "")

    def _check(self, sequence: QKeySequence) -> None:
        key = sequence.toString(QKeySequence.SequenceFormat.PortableText)
        owner = self._owner(key) if key else ""
        taken = f"{shown([key])} belongs to “{BY_ID[owner].text.rstrip('…')}”" if owner else ""
        self.warning.setText(f"⚠ {taken}: it would be taken from there." if owner else " ")
        self.warning.setStyleSheet(f"color: {theme.current().warning.name()};")
        self.add.setText("Take it" if owner else "Add key")
        self.add.setEnabled(bool(key and self._chosen))

    def _add(self) -> None:
        key = self.field.keySequence().toString(QKeySequence.SequenceFormat.PortableText)
        if owner := self._owner(key):
            self._keys[owner] = tuple(k for k in self._keys[owner] if portable(k) != key)
        own = [k for k in self._keys[self._chosen] if portable(k) != key]
        self._set(self._chosen, (*own, key))

    def _reset(self, name: str) -> None:
        """Give ``name`` its own keys back, but for those another action was given meanwhile."""
        free = tuple(key for key in BY_ID[name].keys if not self._owner(portable(key)))
        self._set(name, free)

    def _reset_all(self) -> None:
        self._keys = effective_keys({})
        self._store()

    def _set(self, name: str, keys: tuple[str, ...]) -> None:
        if name:
            self._keys[name] = keys
            self._store()

    def _store(self) -> None:
        self._settings.keys = {
            name: keys for name, keys in self._keys.items() if keys != BY_ID[name].keys
        }
        self._show_keys()
        self._choose()


def _tree() -> QTreeWidget:
    tree = QTreeWidget()
    tree.setHeaderLabels(["Action", "Keys"])
    tree.setRootIsDecorated(False)
    tree.setIndentation(14)
    tree.setUniformRowHeights(True)
    tree.header().setStretchLastSection(False)
    tree.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
    tree.header().setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
    tree.setAccessibleName("Actions")
    return tree
