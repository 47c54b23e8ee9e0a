"""Files are examined one after the other beside the window, and only when they changed."""

from __future__ import annotations

import shutil
import threading
from dataclasses import replace
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from tests.core.drawn import labels_of
from tpwng_core.files import asset
from tpwng_core.video import fingerprint
from tpwng_studio.project.project import Project
from tpwng_studio.project.scanner import Scanner
from tpwng_studio.project.scanning import VideoScan, read_scans, scan_video
from tpwng_studio.state.session import Session

VIDEO = asset("demo/miniature/videos/test_fire_001.mp4")


@pytest.fixture
def odd_project(tmp_path: Path) -> Project:
    """A plain video, a copy of it, one that is no video and one that is gone."""
    (tmp_path / "clips").mkdir()
    for name in ("a.mp4", "b.mp4", "gone.mp4"):
        shutil.copy(VIDEO, tmp_path / "clips" / name)
    (tmp_path / "clips/bad.mp4").write_bytes(b"nothing of a video" * 99)
    project = Project.create(tmp_path / "work", [tmp_path / "clips"])
    (tmp_path / "clips/gone.mp4").unlink()
    return project


def test_badges_appear_while_everything_else_works(odd_project: Project, qtbot: QtBot) -> None:
    session = Session()
    session.open_project(odd_project)
    assert [item.badge for item in session.videos] == [""] * 4
    qtbot.waitUntil(
        lambda: [item.badge for item in session.videos] == ["", "duplicate", "corrupt", "missing"],
        timeout=20_000,
    )
    notes = {item.id: item.note for item in session.videos}
    assert notes["b"] == "same content as a"
    assert "bad.mp4" in notes["bad"]
    session.open_video("a")
    assert session.num_frames == 224
    session.paint(0, 9, "abnormal")
    assert session.labels.segments
    session.open_video("bad")
    heard: list[str] = []
    session.message.connect(lambda _, text: heard.append(text))
    session.paint(0, 9, "abnormal")
    assert not session.labels.segments
    session.toggle_reviewed()
    assert heard == ["The video cannot be read: there are no frames to label"]
    session.shutdown()


def test_opening_a_video_tells_that_it_went_or_came_back(
    odd_project: Project, qtbot: QtBot
) -> None:
    session = Session()
    session.open_project(odd_project)
    qtbot.waitUntil(lambda: session.videos[3].badge == "missing", timeout=20_000)
    first = odd_project.videos[0].path
    away = first.rename(first.with_suffix(".away"))
    assert session.videos[0].badge == ""
    session.open_video("b")
    session.open_video("a")
    qtbot.waitUntil(lambda: session.videos[0].badge == "missing")
    away.rename(first)
    session.open_video("b")
    session.open_video("a")
    qtbot.waitUntil(lambda: session.videos[0].badge == "")
    session.shutdown()


def test_the_length_of_the_open_video_arrives_with_its_scan(
    odd_project: Project, qtbot: QtBot
) -> None:
    session = Session()
    session.open_project(odd_project)
    assert session.num_frames == 0
    with qtbot.waitSignal(session.index_changed):
        pass
    assert session.num_frames == 224
    assert session.labels.num_frames == 224
    session.shutdown()


def test_what_was_examined_is_not_examined_again(odd_project: Project, qtbot: QtBot) -> None:
    seen: list[str] = []

    def scan(path: Path) -> VideoScan:
        seen.append(path.stem)
        return scan_video(path)

    for wanted in (["a", "b", "bad", "gone"], ["gone"]):
        seen.clear()
        scanner = Scanner(scan=scan)
        with qtbot.waitSignal(scanner.finished):
            scanner.start(odd_project)
        assert seen == wanted
        scanner.wait()
    odd_project.close()


def test_nothing_is_examined_twice_where_a_video_goes_meanwhile(
    odd_project: Project, qtbot: QtBot
) -> None:
    seen: list[str] = []
    may_go_on = threading.Event()

    def scan(path: Path) -> VideoScan:
        seen.append(path.stem)
        if path.stem == "bad":
            may_go_on.wait()
        return scan_video(path)

    scanner = Scanner(scan=scan)
    answered: list[str] = []
    scanner.scanned.connect(lambda video, *_: answered.append(video))
    scanner.start(odd_project)
    qtbot.waitUntil(lambda: answered == ["a", "b"])
    odd_project.take_out("a")
    scanner.start(odd_project)
    may_go_on.set()
    with qtbot.waitSignal(scanner.finished):
        pass
    assert seen.count("a") == seen.count("b") == 1
    known = read_scans(odd_project.folder)
    assert known["a"].fingerprint == known["b"].fingerprint == fingerprint(VIDEO)
    scanner.wait()
    odd_project.close()


def test_what_a_file_was_is_kept_while_it_is_gone(odd_project: Project, qtbot: QtBot) -> None:
    first = odd_project.videos[0]
    away = first.path.with_suffix(".away")
    for _ in range(2):
        scanner = Scanner()
        with qtbot.waitSignal(scanner.finished):
            scanner.start(odd_project)
        scanner.wait()
        if first.path.exists():
            first.path.rename(away)
    assert read_scans(odd_project.folder)[first.id].fingerprint == fingerprint(away)
    odd_project.close()


def test_a_scan_under_way_is_not_heard_after_stop(odd_project: Project, qtbot: QtBot) -> None:
    started, go = threading.Event(), threading.Event()

    def scan(path: Path) -> VideoScan:
        started.set()
        go.wait(10)
        return VideoScan()

    scanner, heard = Scanner(scan=scan), list[str]()
    scanner.scanned.connect(lambda video, *_: heard.append(video))
    scanner.start(odd_project)
    assert started.wait(10)
    assert scanner.is_busy
    scanner.stop()
    assert not scanner.is_busy
    go.set()
    scanner.wait()
    qtbot.wait(20)
    assert heard == []
    odd_project.close()


def test_labels_of_a_video_of_unknown_length_are_not_imported(
    odd_project: Project, qtbot: QtBot
) -> None:
    session = Session()
    heard: list[str] = []
    session.message.connect(lambda _, text: heard.append(text))
    session.open_project(odd_project)
    imported = labels_of(50, (0, 10, "abnormal"))
    session.import_labels([replace(imported, video="a"), replace(imported, video="bad")])
    assert [text.split(":")[0] for text in heard] == [
        "The length of a is not known yet",
        "The length of bad is not known yet",
    ]
    qtbot.waitUntil(lambda: session.videos[0].num_frames == 224)
    session.import_labels([replace(imported, video="a")])
    assert session.labels.num_frames == 224
    assert len(session.labels.segments) == 1
    session.shutdown()
