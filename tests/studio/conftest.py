"""Fixtures of the studio's tests: offscreen, own settings, nothing left behind, a demo project."""

from __future__ import annotations

import gc
import os
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

# Before any import of Qt; .ci/run sets xcb to run the same tests under Xvfb.
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import pytest
from PySide6.QtCore import QObject, QProcess, QSettings, QThread, QThreadPool, QTimer
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from tests.studio.asking import AskedJobs
from tpwng_core.files import asset
from tpwng_studio.garbage import Garbage
from tpwng_studio.project.project import Project
from tpwng_studio.settings import Settings
from tpwng_studio.state.session import Session

if TYPE_CHECKING:
    from tpwng_studio.shell.main_window import MainWindow

_PATIENCE_S = 3.0
_WAIT_MS = 30_000


class PatientBot(QtBot):
    """Waits longer than pytest-qt's five seconds, which a busy machine can take to decode a frame.

    Only a test that fails takes longer for it.
    """

    def waitUntil(  # noqa: N802 - Qt's name
        self, callback: Callable[[], bool | None], *, timeout: int = _WAIT_MS
    ) -> None:
        super().waitUntil(callback, timeout=timeout)

    def waitExposed(  # noqa: N802 - Qt's name
        self, widget: QWidget, *, timeout: int = _WAIT_MS
    ) -> Any:
        return super().waitExposed(widget, timeout=timeout)

    def waitSignal(  # noqa: N802 - Qt's name
        self, signal: Any, *, timeout: int = _WAIT_MS, **more: Any
    ) -> Any:
        return super().waitSignal(signal, timeout=timeout, **more)


@pytest.fixture
def qtbot(qapp: QApplication, request: pytest.FixtureRequest) -> QtBot:
    """The bot of pytest-qt with more patience."""
    return PatientBot(request)


@pytest.fixture(autouse=True)
def own_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Settings of a test lie in its own folder."""
    folder = tmp_path / "settings"
    monkeypatch.setenv("XDG_CONFIG_HOME", str(folder))
    for kind in (QSettings.Format.NativeFormat, QSettings.Format.IniFormat):
        QSettings.setPath(kind, QSettings.Scope.UserScope, str(folder))


@pytest.fixture(scope="session", autouse=True)
def garbage_as_in_the_window(qapp: QApplication) -> Iterator[None]:
    """Tests without a main window have threads too, and none of them may destroy objects of Qt.

    Without this a scanner's thread was seen to collect, to hold one of Qt's locks while it waited
    for Python's, and never to go on.
    """
    garbage = Garbage()
    yield
    garbage.stop()


@pytest.fixture(autouse=True)
def nothing_left(qapp: QApplication) -> Iterator[None]:
    """Fail a test that leaves a thread, a pool task, a timer, a process or a window.

    Its cycles are collected with it: left to whoever collects next, what goes wrong in destroying
    them would be laid at another test's door.
    """
    before = {id(item) for item in _alive()}
    threads = set(threading.enumerate())
    yield
    deadline = time.monotonic() + _PATIENCE_S
    while left := _left(before, threads):
        if time.monotonic() > deadline:
            pytest.fail(f"the test left behind: {', '.join(left)}")
        qapp.processEvents()
        gc.collect()
        time.sleep(0.01)
    gc.collect()


@pytest.fixture
def demo_project(tmp_path: Path) -> Iterator[Project]:
    """A project made of the packaged miniature: eight videos, trained and scored."""
    project = Project.create_demo(tmp_path / "demo")
    yield project
    project.close()


@pytest.fixture
def clips_and_a_broken_one(tmp_path: Path) -> Path:
    """A folder of two videos of the demo and a file that is none."""
    folder = tmp_path / "clips"
    folder.mkdir()
    for name in ("test_fire_001", "test_normal_000"):
        shutil.copy(asset(f"demo/miniature/videos/{name}.mp4"), folder)
    (folder / "broken.mp4").write_bytes(b"no video" * 1000)
    return folder


@pytest.fixture
def jobs(qapp: QApplication) -> Iterator[AskedJobs]:
    """A warm worker that keeps what it is asked; tests that need another make their own."""
    made = AskedJobs()
    yield made
    made.shutdown()


@pytest.fixture
def session(qapp: QApplication, demo_project: Project) -> Iterator[Session]:
    """A session on the demo project, its first abnormal video open."""
    session = Session()
    session.open_project(demo_project)
    session.open_video("test_fighting_000")
    yield session
    session.shutdown()


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Settings of one's own."""
    return Settings.in_file(tmp_path / "settings.ini")


@pytest.fixture
def window(settings: Settings, qtbot: QtBot) -> Iterator[MainWindow]:
    """The window, shown, without a project."""
    from tpwng_studio.shell.main_window import MainWindow

    made = MainWindow(settings)
    made.jobs.device = "cpu"
    with qtbot.waitExposed(made):
        made.show()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    yield made
    for job in made.jobs.running:
        made.jobs.cancel(job)
    made.live.watch.stop()
    qtbot.waitUntil(lambda: not made.jobs.running and not made.live.watch.is_running)
    made.close()
    made.deleteLater()


@pytest.fixture
def demo(window: MainWindow, demo_project: Project, qtbot: QtBot) -> MainWindow:
    """The window with the demo open at its burning bin, the focus on the timeline."""
    window.session.open_project(demo_project)
    window.session.open_video("test_fire_001")
    qtbot.waitUntil(lambda: window.session.index is not None)
    window.timeline.setFocus()
    qtbot.waitUntil(lambda: window.isActiveWindow() and window.timeline.hasFocus())
    return window


def _alive() -> list[QObject]:
    """Timers that run, threads that run, processes that run."""
    found: list[QObject] = []
    for item in gc.get_objects():
        # By type, not isinstance: that asks every object's __class__, which some of torch's, where
        # other tests loaded it, answer with a warning.
        if not issubclass(type(item), QObject) or not isValid(item):
            continue
        is_timer = isinstance(item, QTimer) and item.isActive()
        is_thread = isinstance(item, QThread) and item.isRunning()
        is_process = isinstance(item, QProcess) and item.state() != QProcess.ProcessState.NotRunning
        if is_timer or is_thread or is_process:
            found.append(item)
    return found


def _left(before: set[int], threads: set[threading.Thread]) -> list[str]:
    found = [repr(item) for item in _alive() if id(item) not in before]
    # A thread of Qt's pool that asked Python for its name; the pool itself is looked at below.
    found += [
        repr(item)
        for item in threading.enumerate()
        if item not in threads and not isinstance(item, threading._DummyThread)
    ]
    if QThreadPool.globalInstance().activeThreadCount():
        found.append("tasks in the thread pool")
    found += [f"window {item!r}" for item in QApplication.topLevelWidgets() if item.isVisible()]
    return found
