"""``tpwng-studio --self-test``: does the window live on this machine?

A copy of the demo in a temporary folder is opened, looked at, tuned, edited, undone and exported,
by the same calls as the keys make; one line a step, exit code 0, or 1 at the first step that does
not do what it should. Called by ``app``.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QApplication, QDialog, QPlainTextEdit

from tpwng_studio import theme
from tpwng_studio.app import make_window
from tpwng_studio.project.project import Project
from tpwng_studio.settings import Settings
from tpwng_studio.shell.main_window import MainWindow

_POLL_MS = 20
_PATIENCE_S = 30.0
_BUDGET = ("torch", "open_clip", "cv2")


@dataclass(frozen=True, kw_only=True)
class Step:
    """What is done, and what must be true soon after."""

    name: str
    do: Callable[[], object]
    holds: Callable[[], bool] = field(default=lambda: True)


def self_test(app: QApplication, pictures: Path | None = None) -> int:
    """Run all steps.

    Args:
        app: the application.
        pictures: folder for a picture of the window after each step; None keeps none.

    Returns:
        0, or 1 and a reason on stderr.
    """
    with tempfile.TemporaryDirectory(prefix="tpwng-studio-") as folder:
        settings = Settings.in_file(Path(folder) / "settings.ini")
        window = make_window(app, settings)
        runner = _Runner(window, steps_of(window, Path(folder)), pictures)
        hook, sys.excepthook = sys.excepthook, runner.hear_exception
        QTimer.singleShot(0, runner.next)
        app.exec()
        sys.excepthook = hook
    if runner.problem:
        print(f"self-test failed: {runner.problem}", file=sys.stderr)
        return 1
    print(f"self-test passed: {runner.num_done} steps")
    return 0


def steps_of(window: MainWindow, folder: Path) -> Iterator[Step]:
    """The steps, in order; a later one may look at what an earlier one made."""
    yield Step(name="show the window", do=window.show, holds=window.isVisible)
    yield Step(name="without torch, open_clip, OpenCV", do=_nothing, holds=_is_lean)
    yield from _watching(window, folder)
    yield from _tuning_and_correcting(window)
    yield from _looking(window)
    yield Step(name="close", do=window.close, holds=lambda: not window.isVisible())


def _watching(window: MainWindow, folder: Path) -> Iterator[Step]:
    session, playback = window.session, window.playback

    def is_open() -> bool:
        return session.index is not None and session.derived is not None and is_exact()

    def is_exact() -> bool:
        shown = playback.shown
        return shown is not None and not shown.is_approximate and shown.frame == session.playhead

    def open_demo() -> None:
        session.open_project(Project.create_demo(folder / "demo"))

    yield Step(name="open the demo", do=open_demo, holds=is_open)
    for video in [item.id for item in session.videos]:
        yield Step(name=f"open {video}", do=lambda v=video: session.open_video(v), holds=is_open)  # type: ignore[misc]
    for share in (0.9, 0.1, 0.5):
        frame = round(share * (session.num_frames - 1))
        yield Step(name=f"seek {frame}", do=lambda f=frame: session.seek(f), holds=is_exact)  # type: ignore[misc]
    begun = session.playhead
    yield Step(name="play", do=playback.play, holds=lambda: session.playhead > begun + 3)
    yield Step(name="pause", do=playback.pause, holds=lambda: not playback.is_playing)


def _tuning_and_correcting(window: MainWindow) -> Iterator[Step]:
    session, actions = window.session, window.actions_by_id
    session.open_video(next(item.id for item in session.videos if item.category != "normal"))
    before = session.derived
    yield Step(
        name="theta",
        do=lambda: session.set_tuning(theta=0.3),
        holds=lambda: session.derived is not before,
    )
    labels = session.labels
    yield Step(
        name="select a segment",
        do=actions["segment.next"].trigger,
        holds=lambda: session.selected is not None,
    )
    for name, is_edited in (("state.normal", True), ("edit.undo", False), ("edit.redo", True)):
        yield Step(
            name=name,
            do=actions[name].trigger,
            holds=lambda wanted=is_edited: (session.labels != labels) == wanted,  # type: ignore[misc]
        )
    yield Step(name="save", do=actions["file.save"].trigger, holds=lambda: session.num_unsaved == 0)


def _looking(window: MainWindow) -> Iterator[Step]:
    actions = window.actions_by_id
    for name in ("tune", "train", "review"):
        yield Step(
            name=f"layout {name}",
            do=actions[f"layout.{name}"].trigger,
            holds=lambda name=name: window.layouts.name == name,  # type: ignore[misc]
        )
    for is_dark in (not theme.current().is_dark, theme.current().is_dark):
        yield Step(
            name="dark" if is_dark else "light",
            do=actions["view.theme"].trigger,
            holds=lambda wanted=is_dark: theme.current().is_dark == wanted,  # type: ignore[misc]
        )
    for name, kind, holds in (
        ("app.palette", "palette", lambda: _dialog(window, "palette") is not None),
        ("file.export", "export", lambda: _has_preview(window)),
    ):
        yield Step(name=kind, do=actions[name].trigger, holds=holds)
        yield Step(
            name=f"close {kind}",
            do=lambda kind=kind: _close(window, kind),  # type: ignore[misc]
            holds=lambda kind=kind: _dialog(window, kind) is None,  # type: ignore[misc]
        )


def _dialog(window: MainWindow, name: str) -> QDialog | None:
    found = window.findChild(QDialog, name)
    return found if isinstance(found, QDialog) else None


def _has_preview(window: MainWindow) -> bool:
    """Whether the export dialog shows the first lines of what it would write."""
    dialog = _dialog(window, "export")
    texts = dialog.findChildren(QPlainTextEdit) if dialog is not None else []
    return any(text.toPlainText().count("\n") > 1 for text in texts)


def _close(window: MainWindow, name: str) -> None:
    dialog = _dialog(window, name)
    if dialog is not None:
        dialog.close()


def _nothing() -> None:
    """Only look."""


def _is_lean() -> bool:
    return not any(name in sys.modules for name in _BUDGET)


class _Runner(QObject):
    """Does a step, waits until it holds, does the next."""

    def __init__(self, window: MainWindow, steps: Iterator[Step], pictures: Path | None) -> None:
        super().__init__()
        self.problem = ""
        self.num_done = 0
        self._window = window
        self._steps = steps
        self._pictures = pictures
        self._step: Step | None = None
        self._begun = 0.0
        self._timer = QTimer(self, interval=_POLL_MS)
        self._timer.timeout.connect(self._look)
        window.session.message.connect(self._hear)

    def next(self) -> None:
        """Do the next step; after the last one the application ends."""
        self._step = next(self._steps, None)
        if self._step is None:
            self._end()
            return
        self._begun = time.monotonic()
        self._step.do()
        self._timer.start()

    def hear_exception(
        self, kind: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> None:
        """An exception in any slot is a failure."""
        sys.__excepthook__(kind, error, trace)
        self._fail(f"{kind.__name__}: {error}")

    def _hear(self, level: str, text: str) -> None:
        if level == "error":
            self._fail(text)

    def _look(self) -> None:
        step = self._step
        if step is None:
            return
        seconds = time.monotonic() - self._begun
        if step.holds():
            self._timer.stop()
            self.num_done += 1
            print(f"  {step.name}: {seconds * 1000:.0f} ms", flush=True)
            self._keep_picture(step.name)
            QTimer.singleShot(0, self.next)
        elif seconds > _PATIENCE_S:
            self._fail(f"{step.name!r} did not happen within {_PATIENCE_S:.0f} s")

    def _keep_picture(self, name: str) -> None:
        if self._pictures is not None and self._window.isVisible():
            self._pictures.mkdir(parents=True, exist_ok=True)
            words = "".join(letter if letter.isalnum() else "_" for letter in name)
            path = self._pictures / f"{self.num_done:02}_{words}.png"
            self._window.grab().save(str(path))

    def _fail(self, problem: str) -> None:
        if not self.problem:
            self.problem = f"{self._step.name}: {problem}" if self._step else problem
            self._end()

    def _end(self) -> None:
        self._step = None
        self._timer.stop()
        self._window.close()
        QApplication.quit()
