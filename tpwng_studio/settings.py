"""What the user chose, kept between sessions; the only room that touches ``QSettings``.

In and out: typed properties, checked when read, so that a damaged or newer settings file can do
no harm. ``app`` makes the one :class:`Settings` and passes it on; tests pass one of their own.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import cast, get_args

from PySide6.QtCore import QByteArray, QObject, QSettings, Signal

from tpwng_studio.theme import SCHEMES, Scheme
from tpwng_studio.widgets.picture_canvas import Veil

VEILS: tuple[Veil, ...] = get_args(Veil)

DEVICES = ("auto", "cpu", "cuda", "mps")
MAX_RECENT = 10


class Settings(QObject):
    """Typed settings over one ``QSettings``.

    Signals:
        changed: the name of the property that has a new value.
    """

    changed = Signal(str)

    def __init__(self, store: QSettings | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._store = store or QSettings("tpwng-studio", "tpwng-studio")

    @classmethod
    def in_file(cls, path: Path) -> Settings:
        """Settings in a file of one's own (tests, ``--self-test``)."""
        return cls(QSettings(str(path), QSettings.Format.IniFormat))

    @property
    def scheme(self) -> Scheme:
        """``system``, ``light`` or ``dark``."""
        return cast(Scheme, self._choice("scheme", SCHEMES))

    @scheme.setter
    def scheme(self, value: Scheme) -> None:
        self._set("scheme", value)

    @property
    def device(self) -> str:
        """Where jobs compute: ``auto`` takes a GPU where there is one."""
        return self._choice("device", DEVICES)

    @device.setter
    def device(self, value: str) -> None:
        self._set("device", value)

    @property
    def autosave_s(self) -> int:
        """Seconds from an edit to the label files, 1 to 600; the journal has it at once."""
        return self._number("autosave_s", 2, (1, 600))

    @autosave_s.setter
    def autosave_s(self, value: int) -> None:
        self._set("autosave_s", value)

    @property
    def frame_cache_mb(self) -> int:
        """Memory for decoded frames, 64 to 8192 MB."""
        return self._number("frame_cache_mb", 512, (64, 8192))

    @frame_cache_mb.setter
    def frame_cache_mb(self, value: int) -> None:
        self._set("frame_cache_mb", value)

    @property
    def author(self) -> str:
        """Name written into the labels this user makes; may be empty."""
        return str(self._store.value("author", ""))

    @author.setter
    def author(self, value: str) -> None:
        self._set("author", value.strip())

    @property
    def keys(self) -> dict[str, tuple[str, ...]]:
        """Keys the user gave to actions, by action id; actions not named keep their own."""
        try:
            content = json.loads(str(self._store.value("keys", "{}")))
        except json.JSONDecodeError:
            return {}
        if not isinstance(content, dict):
            return {}
        return {
            str(name): tuple(str(key) for key in keys)
            for name, keys in content.items()
            if isinstance(keys, list)
        }

    @keys.setter
    def keys(self, value: Mapping[str, Sequence[str]]) -> None:
        self._set("keys", json.dumps({name: list(keys) for name, keys in value.items()}))

    @property
    def recent(self) -> list[Path]:
        """Projects opened last, newest first; those that are gone are left out."""
        try:
            content = json.loads(str(self._store.value("recent", "[]")))
        except json.JSONDecodeError:
            return []
        paths = [Path(item) for item in content if isinstance(item, str)]
        return [path for path in paths if path.is_dir()]

    def add_recent(self, project: Path) -> None:
        """Put ``project`` first among the recent ones."""
        project = project.resolve()
        others = [path for path in self.recent if path != project]
        self._set("recent", json.dumps([str(path) for path in [project, *others][:MAX_RECENT]]))

    def forget_recent(self) -> None:
        """Empty the list of recent projects."""
        self._set("recent", "[]")

    def state(self, name: str) -> QByteArray:
        """Geometry or dock layout kept under ``name``; empty when there is none."""
        value = self._store.value(f"state/{name}")
        return value if isinstance(value, QByteArray) else QByteArray()

    def set_state(self, name: str, value: QByteArray) -> None:
        """Keep a geometry or a dock layout."""
        self._store.setValue(f"state/{name}", value)

    @property
    def layout_name(self) -> str:
        """The layout that was on screen last."""
        return str(self._store.value("layout", "review"))

    @layout_name.setter
    def layout_name(self, value: str) -> None:
        self._set("layout", value)

    @property
    def veil(self) -> Veil:
        """How pictures are shown; who looks at violence all day need not see it sharp."""
        return cast(Veil, self._choice("veil", VEILS))

    @veil.setter
    def veil(self, value: Veil) -> None:
        self._set("veil", value)

    @property
    def hidden_rows(self) -> tuple[str, ...]:
        """Rows of the timeline that are not shown."""
        return tuple(filter(None, str(self._store.value("hidden_rows", "")).split(" ")))

    @hidden_rows.setter
    def hidden_rows(self, value: Iterable[str]) -> None:
        self._set("hidden_rows", " ".join(sorted(value)))

    def sync(self) -> None:
        """Write to disk now."""
        self._store.sync()

    def _set(self, name: str, value: object) -> None:
        if self._store.value(name) != value:
            self._store.setValue(name, value)
            self.changed.emit(name)

    def _choice(self, name: str, choices: Sequence[str]) -> str:
        value = str(self._store.value(name, choices[0]))
        return value if value in choices else choices[0]

    def _number(self, name: str, default: int, bounds: tuple[int, int]) -> int:
        try:
            value = int(str(self._store.value(name, default)))
        except ValueError:
            return default
        return min(max(value, bounds[0]), bounds[1])
