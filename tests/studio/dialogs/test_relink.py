"""Videos that were moved are found by saying once where their folder is."""

from __future__ import annotations

from pathlib import Path

from pytestqt.qtbot import QtBot

from tpwng_studio.dialogs.relink import RelinkDialog, missing_folders
from tpwng_studio.project.project import Project
from tpwng_studio.state.session import Session


def test_one_answer_finds_all_videos_of_a_folder(
    session: Session, demo_project: Project, qtbot: QtBot
) -> None:
    videos = demo_project.folder / "videos"
    moved = demo_project.folder / "elsewhere"
    videos.rename(moved)
    dialog = RelinkDialog(session)
    qtbot.addWidget(dialog)
    assert dialog.list.count() == 1
    assert "8 videos" in dialog.list.item(0).text()
    dialog.relink(videos, moved)
    assert missing_folders(session).total() == 0
    assert "0 of the project are still gone" in dialog.answer.text()
    assert dialog.choose.isHidden()


def test_a_wrong_answer_is_said_and_changes_nothing(
    session: Session, demo_project: Project, qtbot: QtBot, tmp_path: Path
) -> None:
    videos = demo_project.folder / "videos"
    videos.rename(demo_project.folder / "elsewhere")
    dialog = RelinkDialog(session)
    qtbot.addWidget(dialog)
    dialog.relink(videos, tmp_path)
    assert dialog.answer.text().startswith("0 videos found")
    dialog.relink(videos, tmp_path / "nowhere")
    assert "nowhere" in dialog.answer.text()
    assert missing_folders(session) == {videos: 8}


def test_with_nothing_missing_it_says_so(session: Session, qtbot: QtBot) -> None:
    dialog = RelinkDialog(session)
    qtbot.addWidget(dialog)
    assert dialog.head.text().startswith("All videos")
