"""``tpwng-studio``: words in, a window, an exit code out.

Nothing of Qt is imported before the words are understood, so ``--help`` answers at once. What the
program needs of the outside (environment, signals, the log) is set here and nowhere else.
"""

from __future__ import annotations

import argparse
import logging
import os
import signal
import socket
import sys
from collections.abc import Sequence
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

import tpwng_core
from tpwng_core.errors import InputError

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

    from tpwng_studio.settings import Settings
    from tpwng_studio.shell.main_window import MainWindow

_LOG = logging.getLogger("tpwng_studio")
_LOG_BYTES = 1_000_000
_PLUGIN_PATHS = ("QT_QPA_PLATFORM_PLUGIN_PATH", "QT_QPA_FONTDIR")


def main(argv: Sequence[str] | None = None) -> int:
    """Run the studio.

    Args:
        argv: the words after the program's name; ``sys.argv`` when None.

    Returns:
        0; 2 for wrong words, 3 for a path that is not there; what ``--self-test`` found.
    """
    options = _parser().parse_args(argv)
    path: Path | None = options.path
    if path is not None and not path.exists():
        error = InputError(f"there is no project or folder {path}", "check the path")
        print(f"tpwng-studio: {error}", file=sys.stderr)
        return error.exit_code
    drop_plugins_of_opencv()
    if options.self_test:
        from tpwng_studio.self_test import self_test

        return self_test(make_app(), options.self_test_pictures)
    return run(path, with_demo=options.demo)


def run(path: Path | None, *, with_demo: bool = False) -> int:
    """Show the window until it is closed.

    Args:
        path: a project or a folder of videos to open; None for the first-run card.
        with_demo: open the demo.
    """
    app = make_app()
    from tpwng_studio.settings import Settings
    from tpwng_studio.shell.dialog_opener import data_dir

    log = _start_log(data_dir())
    window = make_window(app, Settings())
    sys.excepthook = _Reporter(window, log)
    signals = _Signals(window)
    window.show()
    if path is not None:
        window.projects.open(path.absolute())
    elif with_demo:
        window.projects.open_demo()
    code = app.exec()
    signals.close()
    return code


def make_app() -> QApplication:
    """The one application: names, and numbers with a decimal point whatever the desktop's language.

    Returns:
        The application there is, or a new one.
    """
    from PySide6.QtCore import QLocale
    from PySide6.QtWidgets import QApplication

    numbers = QLocale.c()
    numbers.setNumberOptions(QLocale.NumberOption.OmitGroupSeparator)
    QLocale.setDefault(numbers)
    existing = QApplication.instance()
    app = existing if isinstance(existing, QApplication) else QApplication(["tpwng-studio"])
    app.setApplicationName("tpwng-studio")
    app.setApplicationDisplayName("TPWNG Studio")
    app.setApplicationVersion(tpwng_core.__version__)
    app.setDesktopFileName("tpwng-studio")
    return app


def make_window(app: QApplication, settings: Settings) -> MainWindow:
    """The window, dressed as the settings say; not shown yet."""
    from tpwng_studio import theme
    from tpwng_studio.shell.main_window import MainWindow

    theme.apply(app, settings.scheme)
    return MainWindow(settings)


def drop_plugins_of_opencv() -> None:
    """Forget the plugin folders that ``import cv2`` may have set: they hold OpenCV's own Qt.

    They are inherited from a parent process; with them our Qt would not start.
    """
    for name in _PLUGIN_PATHS:
        if "cv2" in Path(os.environ.get(name, "")).parts:
            del os.environ[name]


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="tpwng-studio",
        description="The analyst's window: watch, tune, correct, train and export.",
        epilog="The same without a window: tpwng-core --help",
    )
    parser.add_argument(
        "path",
        nargs="?",
        type=Path,
        metavar="PROJECT|FOLDER",
        help="a project to open, or a folder of videos to make one of",
    )
    parser.add_argument(
        "--demo", action="store_true", help="open the demo, a small finished project"
    )
    parser.add_argument(
        "--self-test",
        action="store_true",
        help="exercise the window on a temporary copy of the demo; exit 0 if all is well",
    )
    parser.add_argument(
        "--self-test-pictures",
        type=Path,
        metavar="DIR",
        help="with --self-test: keep a picture of the window after each step",
    )
    parser.add_argument(
        "--version", action="version", version=f"tpwng-studio {tpwng_core.__version__}"
    )
    return parser


def _start_log(folder: Path) -> Path:
    """Warnings of all rooms go to a file that stays small; to stderr where it cannot be written."""
    path = folder / "studio.log"
    handler: logging.Handler
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handler = RotatingFileHandler(
            path, maxBytes=_LOG_BYTES, backupCount=1, encoding="utf-8", delay=True
        )
    except OSError:
        handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logging.getLogger().addHandler(handler)
    return path


class _Reporter:
    """What no code expected: kept in the log, told in the window; the work goes on."""

    def __init__(self, window: MainWindow, log: Path) -> None:
        self._window = window
        self._log = log

    def __call__(
        self,
        kind: type[BaseException],
        error: BaseException,
        trace: TracebackType | None,
    ) -> None:
        if issubclass(kind, KeyboardInterrupt):
            self._window.close()
            return
        _LOG.error("unexpected", exc_info=(kind, error, trace))
        sys.__excepthook__(kind, error, trace)
        text = (
            f"Unexpected {kind.__name__}: {error}. Your labels are safe; details are in {self._log}"
        )
        self._window.session.message.emit("error", text)


class _Signals:
    """Lets Ctrl+C and a session's end close the window as its button does, with everything saved.

    Python runs its handlers only between byte codes, and Qt's loop runs none: the signal's number
    is written to a socket that Qt listens to. Must live as long as the window: a socket that is
    forgotten is closed, and the other end would take that for a signal.
    """

    def __init__(self, window: MainWindow) -> None:
        from PySide6.QtCore import QSocketNotifier

        self._window = window
        self._ours, self._theirs = socket.socketpair()
        for end in (self._ours, self._theirs):
            end.setblocking(False)
        signal.set_wakeup_fd(self._theirs.fileno(), warn_on_full_buffer=False)
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: None)
        self._notifier = QSocketNotifier(self._ours.fileno(), QSocketNotifier.Type.Read)
        self._notifier.activated.connect(self._hear)

    def close(self) -> None:
        """Hear no more."""
        self._notifier.setEnabled(False)
        signal.set_wakeup_fd(-1)
        for end in (self._ours, self._theirs):
            end.close()

    def _hear(self) -> None:
        if self._ours.recv(64):
            self._window.close()
