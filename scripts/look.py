"""Picture the whole window in every dress, so that a person can look at it after a change.

    python scripts/look.py OUT [--scales 1 2] [--only demo dialogs ...]

Light and dark, at one and two pixels a point, small and large windows, in each state a project can
be in, and the dialogs; as PNG files in OUT, on an X server without a screen (needs xvfb-run). What
is kept is the screen itself, menus and dialogs included. Nothing is compared: open them and judge.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

    from tpwng_studio.project.project import Project
    from tpwng_studio.shell.main_window import MainWindow

SIZES = ((1280, 800), (2560, 1440))
SCHEMES = ("light", "dark")
PATIENCE_S = 120.0
NUM_MANY = 300
VIDEO = "test_fire_001"


def main() -> None:
    """Start one X server for each scale, and in it this script again."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("out", type=Path, help="folder for the pictures")
    parser.add_argument("--scales", type=int, nargs="+", default=[1, 2], choices=[1, 2])
    parser.add_argument("--only", nargs="+", default=[*STATES, "dialogs"], metavar="STATE")
    parser.add_argument("--inside", type=int, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.inside:
        picture_all(options.out, options.inside, options.only)
        return
    if shutil.which("xvfb-run") is None:
        raise SystemExit("look.py needs xvfb-run: apt-get install xvfb")
    options.out.mkdir(parents=True, exist_ok=True)
    for scale in options.scales:
        width, height = (side * scale for side in SIZES[-1])
        words = ["xvfb-run", "-a", "-s", f"-screen 0 {width}x{height}x24", sys.executable]
        words += [__file__, str(options.out), "--inside", str(scale), "--only", *options.only]
        environment = {"QT_QPA_PLATFORM": "xcb", "QT_SCALE_FACTOR": str(scale)}
        subprocess.run(words, env=os.environ | environment, check=True)


def picture_all(out: Path, scale: int, only: list[str]) -> None:
    """Every state and dialog at one scale; the screen is one of its own."""
    from tpwng_studio.app import make_app

    app = make_app()
    for state in [name for name in STATES if name in only]:
        with shown(app, STATES[state]) as window:
            for size, scheme in product(SIZES, SCHEMES):
                dress(window, size, scheme)
                keep(out / f"{state}_{size[0]}_{scheme}_{scale}x.png", window)
    if "dialogs" in only:
        with shown(app, with_demo) as window:
            for (name, open_dialog), scheme in product(DIALOGS.items(), SCHEMES):
                dress(window, SIZES[0], scheme)
                opened = open_dialog(window)
                settle(2.5)
                keep(out / f"dialog_{name}_{scheme}_{scale}x.png", window)
                if opened is not None:
                    opened()
                close_dialogs(window)


@contextmanager
def shown(app: QApplication, fill: Callable[[MainWindow, Path], object]) -> Iterator[MainWindow]:
    """A window in a state of its own, closed in the end."""
    from tpwng_studio.app import make_window
    from tpwng_studio.settings import Settings

    with tempfile.TemporaryDirectory() as temporary:
        settings = Settings.in_file(Path(temporary) / "settings.ini")
        window = make_window(app, settings)
        window.meter.stop()
        window.top_bar.device.clear()  # how busy this machine is says nothing
        window.move(0, 0)
        window.show()
        fill(window, Path(temporary))
        yield window
        window.close()
        window.deleteLater()
        settle(0.2)


def dress(window: MainWindow, size: tuple[int, int], scheme: str) -> None:
    """Another size and colours, as if the window had been opened so."""
    window.settings.scheme = scheme  # type: ignore[assignment]
    window.resize(*size)
    settle(0.3)
    if window.session.project is not None:
        window.layouts.reset()
    window.timeline.fit()
    settle(1.5)


# States of a project


def with_card(window: MainWindow, folder: Path) -> None:
    """The first-run card."""


def with_nothing(window: MainWindow, folder: Path) -> None:
    """A project without videos."""
    from tpwng_studio.project.project import Project

    window.session.open_project(Project.create(folder / "empty", []))


def with_videos(window: MainWindow, folder: Path) -> None:
    """A project as it is after a folder was dropped: videos, and nothing known of them."""
    from tpwng_core.files import asset
    from tpwng_studio.project.project import Project

    shutil.copytree(asset("demo/miniature/videos"), folder / "fresh/videos")
    open_there(window, Project.create(folder / "fresh", [folder / "fresh/videos"]))


def with_demo(window: MainWindow, folder: Path) -> None:
    """The demo, a segment selected."""
    from tpwng_studio.project.project import Project

    open_there(window, Project.create_demo(folder / "demo"))


def with_tuning(window: MainWindow, folder: Path) -> None:
    """The demo in the layout Tune, with ghost curves and a label of every kind."""
    with_demo(window, folder)
    session = window.session
    session.keep_ghost()
    session.set_tuning(theta=0.35, alpha=0.5)
    session.paint(20, 60, "normal")
    session.paint(60, 90, "unknown")
    session.paint(90, 130, "abnormal")
    window.choose_layout("tune")


def with_training(window: MainWindow, folder: Path) -> None:
    """The demo in the layout Train, after a run of one's own."""
    from tpwng_studio.project.project import Project

    project = Project.create_demo(folder / "demo")
    manifest = project.folder / "manifest.csv"
    text = manifest.read_text(encoding="utf-8")
    manifest.write_text(text.replace(",test", ",train"), encoding="utf-8")  # something to learn of
    open_there(window, project)
    window.choose_layout("train")
    window.panels.training.form.numbers["training.epochs"].setValue(6)
    job = window.panels.training.start()
    wait(lambda: job is None or not job.is_open)


def with_many(window: MainWindow, folder: Path) -> None:
    """The demo's videos many times over."""
    from tpwng_studio.project.project import Project

    demo = Project.create_demo(folder / "many")
    demo.close()
    (folder / "many/project.toml").unlink()
    multiply(folder / "many")
    links = {
        "checkpoint": folder / "many/runs/demo/checkpoint.safetensors",
        "manifest": folder / "many/manifest.csv",
    }
    open_there(window, Project.create(folder / "many", [folder / "many/videos"], **links))


def multiply(folder: Path) -> None:
    """Copies of the demo's videos and of what is known of them, under names of their own."""
    rows = (folder / "manifest.csv").read_text(encoding="utf-8").splitlines()
    videos = sorted(path.stem for path in (folder / "videos").iterdir())
    for number in range(len(videos), NUM_MANY):
        source = videos[number % len(videos)]
        name = f"{source}_camera_{number // len(videos):02}"
        for path in folder.glob(f"*/{source}.*"):
            os.link(path, path.with_name(path.name.replace(source, name, 1)))
        rows += [
            row.replace(source, name, 1) for row in rows if Path(row.split(",")[0]).stem == source
        ]
    (folder / "manifest.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")


def open_there(window: MainWindow, project: Project) -> None:
    """Open a project at a video, a segment and a frame."""
    session, playback = window.session, window.playback
    session.open_project(project)
    ids = [item.id for item in session.videos]
    session.open_video(VIDEO if VIDEO in ids else ids[0])
    wait(lambda: session.index is not None)
    session.select_next(1)
    session.step(4)
    wait(lambda: playback.shown is not None and playback.shown.frame == session.playhead)


STATES: dict[str, Callable[[MainWindow, Path], object]] = {
    "card": with_card,
    "empty": with_nothing,
    "fresh": with_videos,
    "demo": with_demo,
    "tune": with_tuning,
    "train": with_training,
    "many": with_many,
}


# Dialogs; each gives what puts the window back, if anything does


def figure_of_a_part(window: MainWindow) -> None:
    """The figure page of the export dialog, zoomed in."""
    from tpwng_studio.dialogs.export import ExportDialog

    window.timeline.zoom(3)
    window.dialogs.export()
    dialog = window.findChildren(ExportDialog)[-1]
    dialog.tabs.setCurrentIndex(1)
    wait(lambda: dialog.figure_page.picture.has_picture)  # however busy the machine is


def import_of_labels(window: MainWindow) -> None:
    """The import dialog with a file of somebody else."""
    from tpwng_studio.dialogs.import_labels import ImportDialog

    project = window.session.project
    assert project is not None
    path = project.folder / "theirs.csv"
    header = "video,start_frame,end_frame,state,class"
    path.write_text(f"{header}\n{VIDEO},10,40,abnormal,fire\nsomewhere,1,2,normal,\n")
    ImportDialog(window.session, [path], window).open()


def layout_train(window: MainWindow) -> Callable[[], object]:
    """The training view before any run."""
    window.choose_layout("train")
    return lambda: window.choose_layout("review")


DIALOGS: dict[str, Callable[[MainWindow], Callable[[], object] | None]] = {
    "export": lambda window: window.dialogs.export(),
    "figure": figure_of_a_part,
    "import": import_of_labels,
    "dataset": lambda window: window.dialogs.dataset(),
    "settings": lambda window: window.dialogs.settings(),
    "keys": lambda window: window.dialogs.keys(),
    "new_project": lambda window: window.dialogs.new_project(),
    "relink": lambda window: window.dialogs.relink(),
    "goto": lambda window: window.dialogs.goto(),
    "about": lambda window: window.dialogs.about(),
    "help": lambda window: window.dialogs.help(),
    "palette": lambda window: window.dialogs.palette(),
    "train": layout_train,
}


def close_dialogs(window: MainWindow) -> None:
    """Close what was opened over the window."""
    from PySide6.QtWidgets import QApplication, QWidget

    over = [item for item in QApplication.topLevelWidgets() if item is not window]
    over += window.findChildren(QWidget, "help")
    for item in over:
        if item.isVisible():
            item.close()
    settle(0.3)


def keep(path: Path, window: MainWindow) -> None:
    """Keep the part of the screen that the window covers."""
    screen, area = window.screen(), window.frameGeometry()
    screen.grabWindow(0, area.x(), area.y(), area.width(), area.height()).save(str(path))
    print(path, flush=True)


def wait(holds: Callable[[], bool]) -> None:
    """Let the window work until ``holds``."""
    from PySide6.QtWidgets import QApplication

    end = time.monotonic() + PATIENCE_S
    while not holds():
        if time.monotonic() > end:
            raise SystemExit("the window did not come so far")
        QApplication.processEvents()
        time.sleep(0.01)


def settle(seconds: float) -> None:
    """Let thumbnails, surveys and layouts come to rest."""
    end = time.monotonic() + seconds
    wait(lambda: time.monotonic() > end)


if __name__ == "__main__":
    main()
