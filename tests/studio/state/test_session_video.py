"""Opening, moving and linking: the session reads the project again and tells everybody."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from tpwng_core.errors import ArtifactError, InputError
from tpwng_core.files import asset
from tpwng_core.video import index_video
from tpwng_studio.project.project import Project
from tpwng_studio.state.session import Session


def test_videos_are_walked_through_to_both_ends(session: Session) -> None:
    ids = [item.id for item in session.videos]
    session.next_video(-100)
    assert session.video is not None
    for wanted in ids[1:]:
        session.next_video(1)
        assert session.video.id == wanted
    session.next_video(1)
    assert session.video.id == ids[-1]


def test_the_index_of_the_open_video_sets_the_clock(session: Session, qtbot: QtBot) -> None:
    assert session.video is not None
    with qtbot.waitSignals([session.index_changed, session.derived_changed]):
        session.set_index(index_video(session.video.path))
    assert session.index is not None
    assert session.num_frames == 233
    np.testing.assert_allclose(session.times_s, session.index.times_s)
    assert session.stale == ""
    other = index_video(asset("demo/miniature/videos/test_fire_001.mp4"))
    session.set_index(other)
    assert session.index is not other


def test_a_file_of_another_length_makes_the_curves_stale(session: Session) -> None:
    assert session.video is not None
    shutil.copy(asset("demo/miniature/videos/test_fire_001.mp4"), session.video.path)
    session.set_index(index_video(session.video.path))
    assert session.num_frames == 224
    assert session.derived is not None
    assert session.derived.runs.num_frames == 224
    assert session.effective.num_frames == 224
    assert "the video has 224" in session.stale


def test_relinked_videos_are_opened_anew(session: Session, qtbot: QtBot) -> None:
    assert session.project is not None
    session.paint(0, 9, "normal")
    folder = session.project.folder
    session.seek(50)
    (folder / "videos").rename(folder / "moved")
    with qtbot.waitSignal(session.video_changed):
        assert session.relink(folder / "videos", folder / "moved") == 8
    assert session.video is not None
    assert session.video.id == "test_fighting_000"
    assert session.video.path.is_file()
    assert session.labels.segments
    session.undo()
    assert not session.labels.segments
    with pytest.raises(InputError):
        session.relink(folder, folder / "nowhere")


def test_videos_are_added_and_can_be_edited(session: Session, tmp_path: Path) -> None:
    clip = tmp_path / "clips/new one.mp4"
    clip.parent.mkdir()
    shutil.copy(asset("demo/miniature/videos/test_fire_001.mp4"), clip)
    assert session.add_videos([clip.parent]) == 1
    assert session.add_videos([clip.parent]) == 0
    assert session.videos[-1].id == "new one"
    assert session.video is not None
    assert session.video.id == "test_fighting_000"
    session.open_video("new one")
    assert session.curves is None
    assert session.derived is None
    session.set_index(index_video(clip))
    session.paint(0, 9, "normal")
    session.undo()
    assert session.redo_text


def test_new_files_of_a_job_are_shown(session: Session, qtbot: QtBot) -> None:
    assert session.project is not None
    path = session.project.pseudo_dir / "test_fighting_000.pseudo.npz"
    kept = path.read_bytes()
    path.unlink()
    session.reload_curves()
    assert session.curves is None
    assert session.derived is None
    assert session.video is not None
    assert not session.video.has_pseudo
    path.write_bytes(kept)
    with qtbot.waitSignals([session.curves_changed, session.derived_changed]):
        session.reload_curves()
    assert session.derived is not None


def test_damaged_files_are_told_and_the_rest_is_shown(session: Session) -> None:
    assert session.project is not None
    (session.project.pseudo_dir / "test_fire_001.pseudo.npz").write_bytes(b"torn")
    heard: list[str] = []
    session.message.connect(lambda _, text: heard.append(text))
    session.open_video("test_fire_001")
    assert "is damaged" in heard[0]
    assert session.curves is None
    assert session.scores is not None
    assert session.num_frames == 224
    session.paint(0, 9, "normal")
    assert session.labels.segments


def test_a_broken_manifest_costs_categories_only(demo_project: Project, qtbot: QtBot) -> None:
    (demo_project.folder / "manifest.csv").write_text("video,label\n")
    (demo_project.folder / "annotations.txt").write_text("nonsense\n")
    session = Session()
    heard: list[str] = []
    session.message.connect(lambda _, text: heard.append(text))
    session.open_project(demo_project)
    assert "manifest.csv" in heard[0]
    assert "annotations.txt" in heard[1]
    session.open_video("test_fire_001")
    assert session.derived is not None
    assert session.video is not None
    assert session.video.is_assumed
    assert session.truth is None
    session.shutdown()


def test_a_project_that_cannot_be_opened_leaves_the_one_before(
    session: Session, tmp_path: Path
) -> None:
    with pytest.raises(ArtifactError):
        session.open_project(tmp_path)
    assert session.video is not None
    session.close_project()
    session.close_project()
    assert session.video is None
    assert session.videos == ()
    assert session.num_frames == 0
    assert session.truth is None
    assert session.is_read_only


def test_keys_one_to_nine_have_their_categories(session: Session) -> None:
    assert [*session.categories] == [
        "fighting",
        "fire",
        "explosion",
        "accident",
        "robbery",
        "vandalism",
    ]
    assert session.categories["accident"] == "road accident"


def test_whoever_hears_of_anything_finds_everything_fitting(session: Session) -> None:
    """At every signal curves, labels and clock are of one length, also while lengths change."""
    lengths: list[set[int]] = []

    def look(*_: object) -> None:
        found = {session.effective.num_frames, session.labels.num_frames, session.num_frames}
        lengths.append(found | {session.pseudo_runs.num_frames})
        assert len(list(session.segments)) >= 0

    names = ("project", "videos", "video", "index", "curves", "derived", "labels", "selection")
    for name in (*names, "playhead", "agreement", "review", "mark", "tuning"):
        getattr(session, f"{name}_changed").connect(look)
    assert session.video is not None
    assert session.project is not None
    shutil.copy(asset("demo/miniature/videos/test_fire_001.mp4"), session.video.path)
    session.set_index(index_video(session.video.path))
    (session.project.pseudo_dir / "test_fighting_000.pseudo.npz").unlink()
    (session.project.scores_dir / "test_fighting_000.scores.npz").unlink()
    session.reload_curves()
    session.paint(0, 9, "normal")
    session.set_tuning(theta=0.3)
    session.set_video_category("fire")
    session.open_video("test_fire_001")
    folder = session.project.folder
    session.close_project()
    session.open_project(folder)
    session.close_project()
    assert len(lengths) > 30
    assert all(len(found) == 1 for found in lengths)


def test_the_open_project_can_be_opened_again(session: Session) -> None:
    assert session.project is not None
    session.paint(0, 9, "normal")
    for place in (session.project.folder, session.project.folder / "project.toml"):
        session.open_project(place)
        assert not session.is_read_only
        assert session.video is not None
        assert session.video.id == "test_fighting_000"
        assert session.labels.segments
