"""Correcting: every intent does what it says, is one undoable step, and says why when it cannot."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tpwng_core.labels import ABNORMAL, NORMAL, UNSET, LabelSegment, VideoLabels
from tpwng_studio.state.session import Segment, Session


def said(session: Session) -> list[tuple[int, int, str]]:
    return [(item.start, item.end, item.state) for item in session.labels.segments]


@pytest.fixture
def pseudo(session: Session) -> Segment:
    """The first pseudo segment, selected."""
    segment = next(item for item in session.segments if item.source == "pseudo")
    session.select(segment)
    return segment


def test_marks_make_a_segment_of_the_videos_category(session: Session) -> None:
    session.seek(20)
    session.mark_in()
    session.seek(29)
    session.mark_out()
    assert list(session.mark) == [20, 30]
    session.create_segment()
    assert said(session) == [(20, 30, "abnormal")]
    assert session.labels.segments[0].category == "fighting"
    assert list(session.mark) == [None, None]
    assert session.selected is not None
    assert session.selected.start == 20


def test_a_segment_made_beside_another_is_meant_alone(session: Session) -> None:
    session.paint(0, 20, "normal")
    session.set_mark(20, 30)
    session.create_segment("normal")
    assert said(session) == [(0, 30, "normal")]
    assert session.selected is not None
    assert (session.selected.start, session.selected.end) == (20, 30)
    session.say("unknown")
    assert said(session) == [(0, 20, "normal"), (20, 30, "unknown")]


def test_a_segment_made_inside_another_is_meant_alone(session: Session) -> None:
    session.paint(0, 60, "normal")
    session.set_mark(20, 30)
    session.create_segment("normal")
    session.delete_selected()
    assert said(session) == [(0, 20, "normal"), (30, 60, "normal")]


def test_it_is_meant_alone_also_after_a_job_made_new_files(session: Session) -> None:
    session.paint(0, 20, "normal")
    session.paint(20, 30, "normal")
    session.reload_curves()
    session.reload_project()
    session.say("unknown")
    assert said(session) == [(0, 20, "normal"), (20, 30, "unknown")]


def test_the_whole_row_is_meant_once_it_is_another(session: Session) -> None:
    session.paint(0, 20, "normal")
    session.paint(20, 30, "normal")
    session.erase(0, 10)
    assert session.selected is not None
    assert (session.selected.start, session.selected.end) == (10, 30)


def test_what_was_made_beside_another_merges_with_both(session: Session) -> None:
    session.paint(40, 50, "normal")
    session.paint(0, 20, "normal")
    session.paint(20, 30, "normal")
    session.merge_selected()
    assert said(session) == [(0, 50, "normal")]


def test_a_mark_that_runs_backwards_begins_anew(session: Session) -> None:
    session.seek(50)
    session.mark_in()
    session.seek(10)
    session.mark_out()
    assert list(session.mark) == [None, 11]
    session.seek(30)
    session.mark_in()
    assert list(session.mark) == [30, None]
    said_before: list[str] = []
    session.message.connect(lambda _, text: said_before.append(text))
    session.create_segment()
    assert "Mark the segment first" in said_before[0]
    assert said(session) == []


def test_states_and_categories_make_a_pseudo_segment_human(
    session: Session, pseudo: Segment
) -> None:
    session.set_selected_state("normal")
    assert said(session) == [(pseudo.start, pseudo.end, "normal")]
    assert session.selected is not None
    assert session.selected.source == "human"
    session.set_selected_category("fire")
    assert session.labels.segments[0].category == "fire"
    assert said(session) == [(pseudo.start, pseudo.end, "abnormal")]
    session.undo()
    session.undo()
    assert said(session) == []
    assert session.redo_text


def test_edges_move_to_the_playhead_and_by_frames(session: Session, pseudo: Segment) -> None:
    session.seek(pseudo.start + 2)
    session.edge_to_playhead("start")
    session.seek(pseudo.end - 3)
    session.edge_to_playhead("end")
    assert session.selected is not None
    assert (session.selected.start, session.selected.end) == (pseudo.start + 2, pseudo.end - 2)
    assert said(session)[0] == (pseudo.start, pseudo.start + 2, "normal")
    session.nudge_selected(1)
    assert session.selected.end == pseudo.end - 1
    assert session.playhead == pseudo.end - 2
    session.nudge_selected(-3)
    assert session.selected.end == pseudo.end - 4
    session.move_edge("end", -100)
    assert session.selected.num_frames == 1


def test_split_and_merge_are_inverse(session: Session, pseudo: Segment) -> None:
    middle = (pseudo.start + pseudo.end) // 2
    session.seek(middle)
    session.split_selected()
    assert [item[:2] for item in said(session)] == [(pseudo.start, middle), (middle, pseudo.end)]
    session.select(session.segments[0])
    session.merge_selected()
    assert [item[:2] for item in said(session)] == [(pseudo.start, pseudo.end)]


def test_nothing_to_merge_with_is_said(session: Session, pseudo: Segment) -> None:
    session.set_selected_state("unknown")
    heard: list[str] = []
    session.message.connect(lambda _, text: heard.append(text))
    session.merge_selected()
    assert heard == ["No unknown segment follows to merge with"]


def test_deleting_follows_the_hand_and_erasing_gives_the_pseudo_label_back(
    session: Session, pseudo: Segment
) -> None:
    session.delete_selected()
    effective = session.effective.as_array()
    assert (effective[pseudo.start : pseudo.end] == NORMAL).all()
    session.erase(0, session.num_frames)
    assert said(session) == []
    assert (session.effective.as_array()[pseudo.start : pseudo.end] == ABNORMAL).all()


def test_without_a_selection_the_segment_at_the_playhead_is_meant(
    session: Session, pseudo: Segment
) -> None:
    session.select(None)
    session.seek(pseudo.start + 1)
    session.delete_selected()
    assert said(session) == [(pseudo.start, pseudo.end, "normal")]
    session.select(None)
    session.seek(0)
    heard: list[str] = []
    session.message.connect(lambda _, text: heard.append(text))
    session.delete_selected()
    assert heard == ["Select a segment first"]
    session.set_selected_state("unknown")
    assert said(session)[0] == (0, 1, "unknown")


def test_several_segments_are_one_step(session: Session) -> None:
    rows = list(session.segments)
    session.paint(0, 3, "unknown")
    session.label_segments(rows, "normal")
    assert len(said(session)) == len(rows) + 1
    session.undo()
    assert said(session) == [(0, 3, "unknown")]
    session.label_segments(list(session.segments))
    assert session.labels.segments[0].state == "unknown"
    assert len(said(session)) == len(rows) + 1


def test_accepting_all_says_something_of_every_frame_and_is_reviewed(session: Session) -> None:
    before = session.effective.as_array()
    session.accept_pseudo_labels()
    assert (session.labels.as_array() != UNSET).all()
    np.testing.assert_array_equal(session.effective.as_array(), before)
    assert session.labels.reviewed
    assert session.video is not None
    assert session.video.progress == 1
    session.set_tuning(theta=0.05)
    np.testing.assert_array_equal(session.effective.as_array(), before)
    session.undo()
    assert session.tuning.theta == 0.55
    session.undo()
    assert said(session) == []
    assert not session.labels.reviewed


def test_sliders_never_destroy_what_people_said(session: Session, pseudo: Segment) -> None:
    session.paint(0, 40, "unknown")
    before = session.labels
    for theta in (0.05, 0.5, 1.0):
        session.set_tuning(theta=theta)
        session.settle()
        assert session.labels == before
        assert (session.effective.as_array()[:40] == -1).all()


def test_the_selection_follows_a_segment_and_goes_with_it(
    session: Session, pseudo: Segment
) -> None:
    session.set_tuning(theta=0.5)
    session.settle()
    assert session.selected in list(session.segments)
    session.set_tuning(theta=1.0, min_duration=50)
    session.settle()
    assert session.selected is None


def test_up_and_down_walk_over_segments_from_the_playhead(session: Session) -> None:
    rows = list(session.segments)
    session.seek(0)
    session.select_next(1)
    assert session.selected == rows[0]
    session.select_next(-1)
    assert session.selected == rows[0]
    for row in rows[1:]:
        session.select_next(1)
        assert session.selected == row
        assert session.playhead == row.start


def test_an_import_is_laid_over_and_undone_as_one(session: Session) -> None:
    session.paint(0, 20, "normal")
    segment = LabelSegment(start=10, end=30, state="abnormal", provenance="imported")
    imported = VideoLabels(
        video="test_fire_001",
        num_frames=9999,
        fps=session.fps,
        category="fire",
        segments=(segment,),
    )
    unknown = VideoLabels(video="nobody", num_frames=9, fps=session.fps)
    heard: list[str] = []
    session.message.connect(lambda _, text: heard.append(text))
    session.import_labels([imported, unknown])
    assert heard == ["The project has no video nobody"]
    assert session.video is not None
    assert session.video.id == "test_fighting_000"
    session.open_video("test_fire_001")
    assert session.video.category == "fire"
    assert [item.source for item in session.segments if item.start == 10] == ["imported"]
    session.undo()
    assert said(session) == []
    session.open_video("test_fighting_000")
    assert said(session) == [(0, 20, "normal")]


def test_undo_takes_back_the_newest_edit_of_whichever_video(session: Session) -> None:
    heard: list[str] = []
    session.message.connect(lambda _, text: heard.append(text))
    session.paint(100, 120, "normal")
    session.open_video("test_fire_001")
    session.paint(0, 9, "normal")
    session.open_video("test_accident_003")
    session.undo()
    assert session.labels.video == "test_fire_001"
    assert said(session) == []
    assert session.undo_text == "Mark normal in test_fighting_000"
    session.undo()
    assert (session.labels.video, session.playhead) == ("test_fighting_000", 100)
    assert said(session) == []
    session.undo()
    session.redo()
    assert said(session) == [(100, 120, "normal")]
    assert heard == [
        "Undone in test_fire_001: Mark normal",
        "Undone in test_fighting_000: Mark normal",
        "Redone: Mark normal",
    ]


def test_without_a_video_nothing_is_edited(qapp: object, tmp_path: Path) -> None:
    session = Session()
    heard: list[str] = []
    session.message.connect(lambda _, text: heard.append(text))
    session.erase(0, 5)
    session.toggle_reviewed()
    session.set_video_category("fire")
    session.next_review(1)
    session.next_video(1)
    session.seek(5)
    session.undo()
    assert session.save() is False
    assert heard[0] == "Open a project first"
    assert session.playhead == 0
    assert list(session.segments) == []
    session.shutdown()


def test_imports_of_many_videos_open_none_and_are_saved(session: Session) -> None:
    opened: list[int] = []
    session.video_changed.connect(lambda: opened.append(1))
    segment = LabelSegment(start=10, end=30, state="abnormal", provenance="imported")
    session.import_labels(
        [
            VideoLabels(video=item.id, num_frames=100, fps=session.fps, segments=(segment,))
            for item in session.videos
        ]
    )
    assert not opened
    assert session.num_unsaved == len(session.videos)
    assert session.save()
    for item in reversed(session.videos):
        session.open_video(item.id)
        assert said(session) == [(10, 30, "abnormal")]
        assert session.labels.num_frames == session.num_frames
        session.undo()
        assert session.labels.video == item.id
        assert said(session) == []
