"""Make assets/screenshots: what the README shows.

    python scripts/make_screenshots.py studio            the window, light and dark
    python scripts/make_screenshots.py retrain           the panel of a round of corrections
    python scripts/make_screenshots.py live              a live source being watched (ffmpeg, Linux)
    tpwng-core demo --out demo
    python scripts/make_screenshots.py figure demo       the figure of a video of a finished demo

The window is drawn without a screen (Qt's offscreen platform), so the pictures are the same
everywhere but for the fonts.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from tpwng_core.files import asset

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

    from tpwng_studio.shell.main_window import MainWindow
    from tpwng_studio.state.session import Session

SIZE_PX = (1440, 900)
SMALL_PX = (1280, 760)
PATIENCE_S = 180.0
ROUND_S = 120.0
# The first abnormal video whose event is over before its end, so that both sides are to be seen.
VIDEO = "test_fire_001"
TAUGHT = "test_fighting_000"
LIVE_VIDEOS = tuple(f"test_{n}.mp4" for n in ("normal_000", "fire_001", "fighting_000"))
PICTURES = (("studio_dark.png", "dark", "review"), ("studio_light.png", "light", "tune"))
SEARCH = "search_light.png"
WORDS = "flames and black smoke"


def main() -> None:
    """Draw what is asked for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    commands = parser.add_subparsers(required=True)
    figure = commands.add_parser("figure", help="of the first abnormal test video of a demo")
    figure.add_argument("demo", type=Path, help="a finished demo")
    figure.set_defaults(run=lambda options: make_figure(options.demo))
    commands.add_parser("studio", help="the window").set_defaults(run=lambda _: make_studio())
    commands.add_parser("retrain", help="a round").set_defaults(run=lambda _: make_retrain())
    commands.add_parser("live", help="a watch").set_defaults(run=lambda _: make_live())
    options = parser.parse_args()
    options.run(options)


def make_figure(root: Path) -> None:
    """Draw the first abnormal test video; nobody picks it."""
    from tpwng_core.groundtruth import read_ground_truth
    from tpwng_core.report.canvas import save
    from tpwng_core.report.video_figure import video_figure
    from tpwng_core.run.demo_report import curves_of
    from tpwng_core.scores import read_score_folder

    truth = read_ground_truth(root / "annotations.txt")
    scores = read_score_folder(root / "scores")
    video = next(name for name, intervals in truth.items() if intervals)
    target = folder() / "video.png"
    save(video_figure(curves_of(root, video, scores[video].score, truth[video])), target)
    print(target)


def make_studio() -> None:
    """Draw the window, dark and light."""
    from tpwng_studio.theme import apply

    with demo_window(SIZE_PX) as (app, window):
        session, playback = window.session, window.playback
        session.open_video(VIDEO)
        wait(lambda: session.index is not None)
        session.select_next(1)
        session.step(4)
        wait(lambda: playback.shown is not None and playback.shown.frame == session.playhead)
        for name, scheme, layout in PICTURES:
            window.settings.scheme = scheme  # type: ignore[assignment]
            apply(app, window.settings.scheme)
            window.choose_layout(layout)
            settle()
            save(window, name)
        make_search(window)


def make_search(window: MainWindow) -> None:
    """Draw a search, where in the frame of its best moment it matches, and attention there."""
    session, search = window.session, window.panels.search
    window.choose_layout("review")
    session.select(None)
    window.find_moment()
    for words in ("a person running", WORDS):  # the first one waits for the text model
        search.look_for(words)
        wait(partial(has_found, session, words))
    search.tree.choose_first()
    wait(lambda: session.playhead != 0 and session.query_line is not None)
    window.heat.look_for(WORDS)
    window.heat.toggle()
    window.attention.toggle()
    wait(lambda: window.player.canvas.has_heat and window.attention.found is not None)
    settle()
    save(window, SEARCH)


def has_found(session: Session, words: str) -> bool:
    """Whether these words were looked for."""
    return session.query is not None and session.query.text == words


def make_retrain() -> None:
    """Draw what a round of corrections changed; a real worker runs it."""
    with demo_window(SMALL_PX) as (_, window):
        session = window.session
        window.choose_layout("train")
        session.open_video(TAUGHT)
        wait(lambda: session.index is not None)
        for interval in session.truth or ():  # as the analyst would see it
            session.paint(0, interval.start, "normal")
            session.paint(interval.start, interval.end, "abnormal")
        session.select(None)
        window.teach()
        settle(0.5)
        retrain = window.panels.retrain
        changed = retrain.outcome.list
        retrain.form.start.click()
        wait(lambda: bool(changed.changes.rows), ROUND_S)
        retrain.focus_start()
        changed.setCurrentIndex(changed.changes.index(0))
        retrain.go_to(changed.changes.rows[0])
        settle(5)  # until the message that tells of the round is gone
        save(window, "retrain_light.png")


def make_live() -> None:
    """Watch drawn videos as a stream, and picture the third alarm while it rings."""
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
    from scripts.live_stage import served, train_looking_back

    with tempfile.TemporaryDirectory() as temporary, demo_window(SIZE_PX) as (_, window):
        checkpoint = train_looking_back(Path(temporary))
        window.session.open_video(VIDEO)
        wait(lambda: window.session.index is not None)
        window.actions_by_id["run.watch"].trigger()
        form, watch = window.panels.live.form, window.live.watch
        with served(LIVE_VIDEOS, Path(temporary)) as address:
            form.model.line.setText(str(checkpoint))
            form.source.line.setText(address)
            form.start.click()
            wait(lambda: len(watch.alarms) >= 3 and watch.open_alarm is not None, ROUND_S)
            settle(4.0)  # it rings for some seconds
            save(window, "live_light.png")
            watch.stop()
            wait(lambda: not watch.is_running)


@contextmanager
def demo_window(size_px: tuple[int, int]) -> Iterator[tuple[QApplication, MainWindow]]:
    """The window, light, on a fresh copy of the packaged demo."""
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    from tpwng_studio.app import make_app, make_window
    from tpwng_studio.project.project import Project
    from tpwng_studio.settings import Settings
    from tpwng_studio.theme import apply

    app = make_app()
    with tempfile.TemporaryDirectory() as temporary:
        settings = Settings.in_file(Path(temporary) / "settings.ini")
        settings.scheme = "light"
        apply(app, settings.scheme)
        window = make_window(app, settings)
        window.meter.stop()
        window.top_bar.device.clear()  # how busy this machine is says nothing
        window.resize(*size_px)
        window.show()
        window.session.open_project(Project.create_demo(Path(temporary) / "demo"))
        yield app, window
        window.close()


def save(window: MainWindow, name: str) -> None:
    """Keep a picture of the window."""
    window.grab().save(str(folder() / name))
    print(folder() / name)


def wait(holds: Callable[[], bool], patience_s: float = PATIENCE_S) -> None:
    """Let the window work until ``holds``."""
    end = time.monotonic() + patience_s
    while not holds():
        if time.monotonic() > end:
            raise SystemExit("the window did not come so far")
        pump()


def settle(seconds: float = 1.5) -> None:
    """Let thumbnails, surveys and layouts come to rest."""
    end = time.monotonic() + seconds
    wait(lambda: time.monotonic() > end)


def pump() -> None:
    """One round of Qt's loop; only a script may do this."""
    from PySide6.QtWidgets import QApplication

    QApplication.processEvents()
    time.sleep(0.01)


def folder() -> Path:
    """Where the pictures lie."""
    return asset("demo").parent / "screenshots"


if __name__ == "__main__":
    main()
