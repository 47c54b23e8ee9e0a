"""What a round learns from, and what to do where there is nothing."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from tests.studio.rounds import for_training, without_training
from tpwng_core.datasets import VideoRecord
from tpwng_core.labels import LabelSegment, VideoLabels
from tpwng_studio.project.project import Project
from tpwng_studio.state.corrections import (
    corrections_in,
    corrections_of,
    needs_split,
    training_videos,
    what_is_missing,
)
from tpwng_studio.state.session import Session

SPLITS = st.sampled_from(["train", "val", "test", None])


def labels_of(video: str, num_frames: int) -> VideoLabels:
    segments = (LabelSegment(start=0, end=num_frames, state="normal"),) if num_frames else ()
    return VideoLabels(video=video, num_frames=100, fps=Fraction(25), segments=segments)


@given(st.lists(st.tuples(SPLITS, st.booleans(), st.integers(0, 100)), max_size=8))
def test_only_training_videos_are_learned_from(rows: list[tuple[str | None, bool, int]]) -> None:
    videos = [f"v{at}" for at in range(len(rows))]
    records = {
        video: VideoRecord(video=video, labels=("fire",), split=split)  # type: ignore[arg-type]
        for video, (split, _, _) in zip(videos, rows, strict=True)
    }
    features = {video for video, row in zip(videos, rows, strict=True) if row[1]}
    labels = {video: labels_of(video, row[2]) for video, row in zip(videos, rows, strict=True)}
    found = corrections_of(labels, records, features, {})
    for video, (split, has_features, count) in zip(videos, rows, strict=True):
        trains = split in ("train", None) and has_features
        assert found.used.get(video, 0) == (count if trains else 0)
        assert found.idle.get(video, 0) == (0 if trains else count)


def test_unknown_frames_are_told_apart() -> None:
    unknown = LabelSegment(start=60, end=70, state="unknown")
    labels = {"v": labels_of("v", 50).paint(unknown)}
    records = {"v": VideoRecord(video="v", labels=("fire",), split="train")}
    found = corrections_of(labels, records, {"v"}, {})
    assert (found.used, found.num_unknown) == ({"v": 60}, 10)
    assert found.words == (
        "60 frames in 1 video will be learned from, 10 of them unknown and left out."
    )


def test_videos_drawn_to_choose_the_epoch_do_not_train() -> None:
    names = [f"v{at}" for at in range(20)]
    labels = [("fire",), ()]
    records = {
        name: VideoRecord(video=name, labels=labels[at % 2], split="train")
        for at, name in enumerate(names)
    }
    config = {"validation": {"share": 0.5}, "training": {"seed": 1}}
    assert len(training_videos(records, names, config)) == 10
    few = {"validation": {"share": 0.3}}
    assert training_videos(records, names, few) == names, "three of a kind choose nothing"
    assert training_videos(records, names, {}) == names


def test_the_remedy_says_what_to_do_next(session: Session) -> None:
    assert "training video first" in what_is_missing(session)
    assert not needs_split(what_is_missing(session))
    without_training(session)
    session.paint(0, 40, "normal")
    assert "split train" in what_is_missing(session)
    assert needs_split(what_is_missing(session))
    assert corrections_in(session).idle == {"test_fighting_000": 40}
    for_training(session)
    assert what_is_missing(session) == ""
    assert "40 frames in 1 video will be learned from" in corrections_in(session).words
    session.open_video("test_fire_001")
    session.paint(5, 6, "unknown")
    assert "1 frame in 1 video will not" in corrections_in(session).words


def test_a_correction_of_the_demos_first_video_can_be_learned_from(session: Session) -> None:
    session.open_video(session.videos[0].id)
    session.paint(0, 10, "normal")
    assert what_is_missing(session) == ""


def test_without_a_model_or_a_manifest_it_says_so(session: Session, tmp_path: Path) -> None:
    project = session.project
    assert project is not None
    session.paint(0, 40, "normal")
    project.link(manifest=None)
    session.reload_project()
    assert "what the videos are" in what_is_missing(session)
    assert needs_split(what_is_missing(session))
    project.link(checkpoint=None)
    session.reload_project()
    assert "no model" in what_is_missing(session)
    session.close_project()
    assert what_is_missing(session) == "Open a project first."


def test_a_project_of_another_window_cannot_be_taught(session: Session) -> None:
    project = session.project
    assert project is not None
    other = Session()
    other.open_project(Project.open(project.folder))
    assert "another window" in what_is_missing(other)
    other.shutdown()
